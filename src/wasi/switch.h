/* SPDX-License-Identifier: Apache-2.0 */
/*
 * switch.h: what switch.c, which every program has, and fibers.c, which only programs have whose kernels may wait, know of
 * each other. fibers.c's functions are weak here: without it they are NULL.
 */
#ifndef CW_WASI_SWITCH_H
#define CW_WASI_SWITCH_H

#include <stdbool.h>
#include <stdint.h>

#include "backend/cpu/artifact.h"

/* In the service words of a thread. The first two are what Asyncify knows. */
struct cw_wasi_fiber {
    char *saved;     /* end of what has been saved, from the region's bottom up */
    char *saved_end; /* it must not grow beyond */
    uintptr_t sp;    /* of the C stack, while the fiber does not run */
    void (*entry)(void);
    bool started;
    bool suspended; /* it returns because it was suspended, not because it has ended */
};

static inline struct cw_wasi_fiber *cw_wasi_fiber_of(struct cw_cpu_thread *thread) {
    return (struct cw_wasi_fiber *)(void *)thread->service;
}

static inline char *cw_wasi_fiber_bottom(const struct cw_cpu_thread *thread) {
    return (char *)thread + sizeof *thread - CW_CPU_STACK_SIZE;
}

/* The C stack pointer. */
static inline uintptr_t cw_wasi_sp(void) {
    uintptr_t sp;
    __asm__ volatile(".globaltype __stack_pointer, i32\n global.get __stack_pointer\n local.set %0" : "=r"(sp));
    return sp;
}

static inline void cw_wasi_set_sp(uintptr_t sp) {
    __asm__ volatile(".globaltype __stack_pointer, i32\n local.get %0\n global.set __stack_pointer" ::"r"(sp));
}

/* fibers.c: leaves all functions of the running fiber; comes back when the fiber is resumed. */
__attribute__((weak)) void cw_wasi_suspend(struct cw_cpu_thread *thread);
/* For the loop that runs fibers: the next call of the fiber's entry goes on where it was left; a fiber has been left. */
__attribute__((weak)) void cw_wasi_resume(struct cw_wasi_fiber *fiber);
__attribute__((weak)) void cw_wasi_left(void);

#endif
