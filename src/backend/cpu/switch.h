/* SPDX-License-Identifier: Apache-2.0 */
/*
 * switch.h: everything that depends on the processor's registers: switching from one stack to another, making the
 * first frame of a fresh stack, and reading and redirecting the context that a signal interrupted.
 *
 * A saved context is the stack pointer of a stack on which cw_cpu_switch has pushed the registers that a callee must
 * keep. Signal masks and floating-point modes are not part of it: no kernel changes them.
 */
#ifndef CW_BACKEND_CPU_SWITCH_H
#define CW_BACKEND_CPU_SWITCH_H

#include <stdbool.h>
#include <stdint.h>

#include "backend/cpu/artifact.h"

/* Saves the running context and stores it to `*save`; goes on at `to`. Returns when somebody switches to `*save`. */
void cw_cpu_switch(void **save, void *to);

/* The same for a worker's own stack, which no thread of a kernel is on. */
#if defined(__wasm__)
void cw_cpu_switch_in(void **save, void *to); /* apart, so that host code is not made one that can be left: src/wasi/fibers.c */
#else
static inline void cw_cpu_switch_in(void **save, void *to) {
    cw_cpu_switch(save, to);
}
#endif

/* Goes on at `to`; the running context is lost. */
_Noreturn void cw_cpu_switch_final(void *to);

/* The last thing that the entry of a context does. */
#if defined(__wasm__)
void cw_cpu_switch_end(void *to); /* returns, and then the entry does: see src/wasi/switch.c */
#else
static inline void cw_cpu_switch_end(void *to) {
    cw_cpu_switch_final(to);
}
#endif

/* A context that calls `entry`, which must end with cw_cpu_switch_end, on the stack that ends at `top` (64-byte aligned). */
void *cw_cpu_switch_prepare(void *top, void (*entry)(void));

/* The thread on whose stack the saved context `context` lies. */
static inline struct cw_cpu_thread *cw_cpu_context_thread(void *context) {
#if defined(__wasm__)
    return context;
#else
    return cw_cpu_thread_of((uintptr_t)context);
#endif
}

/* Of the `ucontext_t` that a signal handler got: program counter, stack pointer, and whether the access that faulted
 * was a write (1), a read (0) or can't be told (-1). */
uintptr_t cw_cpu_signal_pc(const void *context);
uintptr_t cw_cpu_signal_sp(const void *context);
int cw_cpu_signal_write(const void *context);

/* Makes the return from the signal handler go on at the saved context `to`, as if the interrupted code had called
 * cw_cpu_switch_final. */
void cw_cpu_signal_redirect(void *context, void *to);

/* Tells the processor that this thread only waits for another one. */
static inline void cw_cpu_relax(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield" ::: "memory");
#elif defined(__riscv)
    __asm__ volatile(".4byte 0x0100000f" ::: "memory"); /* pause, a hint that old processors ignore */
#endif
}

#endif
