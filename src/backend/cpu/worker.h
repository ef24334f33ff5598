/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worker.h: what an OS thread needs to run blocks: thread stacks, block states, the place to return to, and the record
 * of a fault. Threads that launch borrow a worker for the launch; the pool's threads keep theirs.
 */
#ifndef CW_BACKEND_CPU_WORKER_H
#define CW_BACKEND_CPU_WORKER_H

#include <stdbool.h>
#include <stdint.h>

#include "backend/cpu/block.h"
#include "backend/cpu/fault.h"
#include "backend/cpu/stack.h"

struct cw_cpu_worker {
    struct cw_cpu_worker *next; /* in the device's list of idle workers */
    struct cw_backend_device *device;
    uint32_t processor; /* cw.smid */
    bool replaying;     /* a block runs again only to find the thread that faulted: it prints nothing */
    uint32_t relieving; /* grids that run on this worker between blocks of another one (family.h) */
    enum cw_cpu_outcome outcome;
    struct cw_cpu_state *running; /* the block that runs now; NULL while the OS thread is on its own stack */
    void *host;                   /* the OS thread's own context meanwhile */
    struct cw_cpu_fiber host_fiber;
    struct cw_cpu_stacks stacks;
    struct cw_cpu_state *spare;
    struct cw_cpu_cluster *spare_clusters;
    struct cw_cpu_fault_record fault;
};

/* Borrows a worker for the calling OS thread and makes the thread ready for faults. NULL when out of memory. */
struct cw_cpu_worker *cw_cpu_worker_acquire(struct cw_backend_device *device);
void cw_cpu_worker_release(struct cw_cpu_worker *worker);
/* Frees a list of idle workers. */
void cw_cpu_workers_free(struct cw_cpu_worker *list);

/* The calling OS thread's worker, or NULL. Async-signal-safe. */
struct cw_cpu_worker *cw_cpu_worker_current(void);

#endif
