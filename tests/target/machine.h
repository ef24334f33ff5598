/* SPDX-License-Identifier: Apache-2.0 */
/*
 * machine.h: a test double for the CPU backend: loads an artifact, fills its import slots with simple services, and runs
 * one block at a time on stacks laid out as backend/cpu/artifact.h says. Barriers wait for all threads of the block; there
 * are no warps. Failures of the harness itself end the test.
 */
#ifndef CW_TESTS_TARGET_MACHINE_H
#define CW_TESTS_TARGET_MACHINE_H

#include <stdbool.h>

#include "backend/cpu/artifact.h"
#include "cudawasm/cw.h"

struct machine {
    void *library;
    bool scalar; /* made without vector forms */
    const struct cw_cpu_artifact *artifact;
};

struct machine load_artifact(const struct cw_bytes *bytes);
void unload_artifact(struct machine *machine);

const struct cw_cpu_kernel *find_kernel(const struct machine *machine, const char *name);
/* Address of a device variable; the test ends when there is none or its size differs. */
void *find_variable(const struct machine *machine, const char *name, uint64_t size);
bool has_variable(const struct machine *machine, const char *name);

struct shape {
    struct cw_dim3 block, grid, block_index;
    uint32_t dynamic_shared;
};

/* What happened while a block ran. */
struct record {
    uint32_t stacks;   /* how many it took */
    uint32_t exits;    /* threads that said they were done */
    uint32_t barriers; /* calls of cw.barrier */
    uint32_t polls;
    uint32_t prints;
    bool trapped;
};

/* The entry point to use. */
enum entry { ENTRY_RUN, ENTRY_ALL, ENTRY_LANES };

/* Runs every thread of one block by an entry point, which must be there. `params` holds param_bytes, any alignment. Under
 * ENTRY_LANES the record counts groups of lanes, not threads. */
struct record run_block(const struct cw_cpu_kernel *kernel, const void *params, const struct shape *shape, enum entry entry);

#endif
