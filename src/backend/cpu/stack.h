/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stack.h: the thread stacks of one worker: regions as artifact.h lays them out, each with guard pages at its bottom.
 * They are mapped by the slab when first needed and kept until the worker ends, so that a block finds its stacks warm.
 * Used by one OS thread at a time. The free list is not kept in the stacks: a kernel that overruns its local memory
 * can't damage it.
 */
#ifndef CW_BACKEND_CPU_STACK_H
#define CW_BACKEND_CPU_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "backend/cpu/artifact.h"
#include "backend/cpu/sanitizer.h"

struct cw_cpu_slab;

/* Zero-initialised is empty and valid. */
struct cw_cpu_stacks {
    struct cw_cpu_thread **free; /* array of `free_count`, room for every stack there is */
    size_t free_count;
    struct cw_cpu_slab *slabs;
    size_t count; /* stacks made so far */
};

/* The sanitizers' record of a stack: lives in the service words of its thread. */
static inline struct cw_cpu_fiber *cw_cpu_stack_fiber(struct cw_cpu_thread *thread) {
    return (struct cw_cpu_fiber *)(void *)thread->service;
}
_Static_assert(sizeof(struct cw_cpu_fiber) <= sizeof(((struct cw_cpu_thread *)0)->service), "must fit");

/* Makes a few more stacks. False when the system gives no more mappings or memory. */
bool cw_cpu_stacks_grow(struct cw_cpu_stacks *stacks);

/* A stack, or NULL when there is none to be had. */
static inline struct cw_cpu_thread *cw_cpu_stack_take(struct cw_cpu_stacks *stacks) {
    if (stacks->free_count == 0 && !cw_cpu_stacks_grow(stacks)) {
        return NULL;
    }
    return stacks->free[--stacks->free_count];
}

static inline void cw_cpu_stack_give(struct cw_cpu_stacks *stacks, struct cw_cpu_thread *thread) {
    stacks->free[stacks->free_count++] = thread;
}

/* Gives back a stack whose frames were abandoned: the sanitizers forget them. */
void cw_cpu_stack_abandon(struct cw_cpu_stacks *stacks, struct cw_cpu_thread *thread);

/* True if `pointer` is an address of the thread's own stack. */
static inline bool cw_cpu_stack_holds(const struct cw_cpu_thread *thread, const void *pointer) {
#if defined(__wasm__)
    /* The linker's name for where the worker's own stack ends, which begins at 0: kernels that never wait run on it. */
    extern char __stack_high;
    return (uintptr_t)thread - (uintptr_t)pointer <= CW_CPU_STACK_SIZE || (uintptr_t)pointer < (uintptr_t)&__stack_high;
#else
    return cw_cpu_thread_of((uintptr_t)pointer) == thread;
#endif
}

/* True if `address` lies in one of the stacks' regions. Async-signal-safe. */
bool cw_cpu_stacks_own(const struct cw_cpu_stacks *stacks, uintptr_t address);

/* How many workers may run blocks of `threads` threads that wait, so that the guards of their stacks stay within the
 * process's mappings; at least 1. On machines of many cores this can be less than there are cores. */
uint32_t cw_cpu_stack_workers_max(uint32_t threads);

/* How many blocks of `threads` threads that wait each of `workers` workers may keep at once, so that their stacks leave memory to the
 * program; at least 1, which is enough for blocks that wait for blocks before them. */
uint32_t cw_cpu_stack_blocks_max(uint32_t threads, uint32_t workers);

/* Bytes at the bottom of each region that can't be touched. */
size_t cw_cpu_stack_guard(void);

void cw_cpu_stacks_fini(struct cw_cpu_stacks *stacks);

#endif
