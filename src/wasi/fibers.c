/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fibers.c: leaving a stack of calls in the middle and coming back, by Binaryen's Asyncify ("Pause and Resume WebAssembly with
 * Binaryen's Asyncify", and the comment of its Asyncify.cpp). `wasm-opt --asyncify` gives the functions that may be on a
 * fiber's stack a prologue and code behind their calls: while unwinding they save their locals and return, while rewinding
 * they restore them and go straight to the call that they were left in. It supplies the four functions imported here.
 *
 * Which functions: those from which cw_wasi_suspend is reached by direct calls, kernels' whose names end in
 * CW_CPU_SUSPENDS_SUFFIX, and the entry of a fiber, which calls kernels by pointer (frontend/cuda/link.c names both). The
 * functions here and switch.c's loop are not among them: Asyncify leaves alone what calls it.
 *
 * The linker brings this file only to programs with an artifact that asks for CW_CPU_FIBERS_SYMBOL.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "backend/cpu/block.h"
#include "wasi/switch.h"
#include "wasi/threads.h"

#define IMPORT(name) __attribute__((import_module("asyncify"), import_name(name)))
IMPORT("start_unwind") void cw_wasi_start_unwind(struct cw_wasi_fiber *fiber);
IMPORT("stop_unwind") void cw_wasi_stop_unwind(void);
IMPORT("start_rewind") void cw_wasi_start_rewind(struct cw_wasi_fiber *fiber);
IMPORT("stop_rewind") void cw_wasi_stop_rewind(void);

const int32_t cw_wasi_fibers = 1;

static _Thread_local bool rewinding;

static _Noreturn void overflow(void) {
    static char emergency[16 << 10]; /* there is no more room on the stack that it is about */
    const struct cw_cpu_state *state = cw_cpu_state_of(cw_cpu_current);
#ifdef __wasm_atomics__
    cw_wasi_stack_limit = 0;
#endif
    cw_wasi_set_sp((uintptr_t)(emergency + sizeof emergency) & ~(uintptr_t)63);
    fflush(stdout);
    fprintf(stderr, "cuda-wasm: kernel `%s` overflowed a thread's stack of %u KiB (runaway recursion or too much local memory)\n",
            state->grid->kernel->name, (unsigned)(CW_CPU_STACK_SIZE >> 10));
    abort();
}

__attribute__((noinline)) void cw_wasi_suspend(struct cw_cpu_thread *thread) {
    struct cw_wasi_fiber *fiber = cw_wasi_fiber_of(thread);
    if (rewinding) {
        rewinding = false;
        cw_wasi_stop_rewind();
        return;
    }
    char *bottom = cw_wasi_fiber_bottom(thread);
    fiber->saved = bottom;
    fiber->saved_end = (char *)thread;
    if (cw_cpu_state_of(thread)->live != 0) {
        fiber->saved_end = (char *)cw_wasi_sp();
        if ((uintptr_t)fiber->saved_end - (uintptr_t)bottom > CW_CPU_STACK_SIZE) {
            overflow();
        }
    }
    fiber->suspended = true;
    cw_wasi_start_unwind(fiber);
}

__attribute__((noinline)) void cw_wasi_resume(struct cw_wasi_fiber *fiber) {
    rewinding = true;
    cw_wasi_start_rewind(fiber);
}

__attribute__((noinline)) void cw_wasi_left(void) {
    cw_wasi_stop_unwind();
}
