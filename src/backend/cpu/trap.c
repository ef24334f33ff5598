/* SPDX-License-Identifier: Apache-2.0 */
/* trap.c: kernels that end themselves: assert, __trap, calls of virtual functions that have no body. */
#include <stdio.h>
#include <unistd.h>

#include "backend/cpu/block.h"
#include "backend/cpu/fault.h"
#include "backend/cpu/services.h"
#include "backend/cpu/worker.h"

_Noreturn __attribute__((noinline)) void cw_cpu_trap(void) {
    cw_cpu_fault_raise(cw_cpu_state_of(cw_cpu_self()), CW_FAULT_TRAP, CW_CPU_CALLER, "executed a trap");
}

_Noreturn __attribute__((noinline)) void cw_cpu_pure_virtual(void) {
    cw_cpu_fault_raise(cw_cpu_state_of(cw_cpu_self()), CW_FAULT_TRAP, CW_CPU_CALLER,
                       "called a pure virtual function");
}

_Noreturn __attribute__((noinline)) void cw_cpu_deleted_virtual(void) {
    cw_cpu_fault_raise(cw_cpu_state_of(cw_cpu_self()), CW_FAULT_TRAP, CW_CPU_CALLER,
                       "called a deleted virtual function");
}

/* CUDA's line goes to stderr in one write, so that those of several threads don't mix. Under run_all the thread is not
 * known yet: the block will run again to find it, and print then, where there is a `run` to do it by. */
_Noreturn void cw_cpu_assert_fail(const char *expression, const char *file, uint32_t line, const char *function,
                                  size_t char_size) {
    (void)char_size;
    const struct cw_cpu_thread *thread = cw_cpu_self();
    struct cw_cpu_state *state = cw_cpu_state_of(thread);
    const uint32_t *block = state->block.block_idx;
    if (state->entry == state->grid->kernel->run || !state->grid->kernel->run) {
        char text[2048];
        int length = snprintf(text, sizeof text - 1, "%s:%u: %s: block: [%u,%u,%u], thread: [%u,%u,%u] Assertion `%s` failed.",
                              file, line, function, block[0], block[1], block[2], thread->tid[0], thread->tid[1],
                              thread->tid[2], expression);
        size_t size = length < 0 ? 0 : (size_t)length < sizeof text - 1 ? (size_t)length : sizeof text - 2;
        text[size++] = '\n';
        ssize_t written = write(STDERR_FILENO, text, size);
        (void)written;
    }
    cw_cpu_fault_raise(state, CW_FAULT_ASSERT, NULL, "failed the assertion `%s` at %s:%u", expression, file, line);
}
