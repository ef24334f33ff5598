/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stack_limit.c: how far down a thread's C stack may grow, in the form with threads. Every function that takes room of the stack
 * calls cw_stack_set instead of setting the stack pointer (frontend/cuda/wasm_stack.h). Functions that call nothing may use
 * LLVM's red zone of 128 bytes below the pointer without setting it: limits leave that much.
 *
 * A kernel that reaches the limit traps, and its launch ends with cudaErrorLaunchFailure or a stack's error as any trap does (switch.c).
 * Host code has nobody who could go on for it: the program ends, with a message.
 */
#include <stdio.h>
#include <stdlib.h>

#include "backend/cpu/block.h"
#include "wasi/switch.h"
#include "wasi/threads.h"

_Thread_local uintptr_t cw_wasi_stack_limit;
_Thread_local bool cw_wasi_stack_overflowed;

static __attribute__((noinline)) _Noreturn void overflowed(void) {
    static char emergency[16 << 10]; /* there is no more room on the stack that it is about */
    cw_wasi_stack_limit = 0;
    if (cw_cpu_current) {
        cw_wasi_stack_overflowed = true;
        __builtin_trap();
    }
    cw_wasi_set_sp((uintptr_t)(emergency + sizeof emergency) & ~(uintptr_t)63);
    fprintf(stderr, "cuda-wasm: a thread overflowed its stack of %u KiB (runaway recursion or too many local variables)\n",
            (unsigned)(CW_WASI_STACK_BYTES >> 10));
    abort();
}

void cw_stack_set(uintptr_t pointer) {
    if (pointer < cw_wasi_stack_limit) {
        overflowed();
    }
    cw_wasi_set_sp(pointer);
}
