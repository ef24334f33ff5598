/* SPDX-License-Identifier: Apache-2.0 */
/*
 * switch.c: backend/cpu/switch.h on WebAssembly, which has one stack of calls and no way to leave it but to return. A
 * context is a thread's struct cw_cpu_thread, or HOST, the worker's own stack. Whoever switches from HOST runs a loop which
 * calls the entry of one fiber after another: a fiber that switches to another one names it and returns to the loop, with
 * its functions saved by Asyncify (fibers.c), or for good.
 *
 * The C stack in linear memory is switched by its pointer. A kernel that never waits stays on the worker's: it has the room
 * that its frames may take (artifact.h).
 */
#include "backend/cpu/switch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/cpu/block.h"
#include "backend/cpu/worker.h"
#include "wasi/switch.h"
#include "wasi/threads.h"

/* CUDA's numbers (cudaError_t), which cw_wasi_guard gives. */
#define ILLEGAL_ADDRESS 700u
#define STACK_ERROR 714u
#define HOST ((void *)1)

_Thread_local struct cw_cpu_thread *cw_cpu_current;
static _Thread_local void *next; /* the context to go on with */
#ifdef __wasm_atomics__
static _Thread_local bool leaving; /* the trap is give_up's: what happened is recorded */
#endif

void *cw_cpu_switch_prepare(void *top, void (*entry)(void)) {
    struct cw_cpu_thread *thread = top;
    *cw_wasi_fiber_of(thread) = (struct cw_wasi_fiber){.sp = (uintptr_t)thread & ~(uintptr_t)63, .entry = entry};
    return thread;
}

/* The stack goes on at `sp`, and must stay above `limit`. */
static inline void use_stack(uintptr_t sp, uintptr_t limit) {
#ifdef __wasm_atomics__
    cw_wasi_stack_limit = 0;
    cw_wasi_set_sp(sp);
    cw_wasi_stack_limit = limit;
#else
    (void)limit;
    cw_wasi_set_sp(sp);
#endif
}

static inline uintptr_t stack_limit(void) {
#ifdef __wasm_atomics__
    return cw_wasi_stack_limit;
#else
    return 0;
#endif
}

static __attribute__((noinline)) void run_fibers(void *context) {
    uintptr_t own = cw_wasi_sp(), limit = stack_limit();
    while (context != HOST) {
        struct cw_cpu_thread *thread = context;
        struct cw_wasi_fiber *fiber = cw_wasi_fiber_of(thread);
        bool waits = cw_cpu_state_of(thread)->live != 0;
        cw_cpu_current = thread;
        if (waits) {
            use_stack(fiber->sp, (uintptr_t)cw_wasi_fiber_bottom(thread) + CW_WASI_STACK_SLACK);
        }
        if (fiber->started) {
            cw_wasi_resume(fiber);
        }
        fiber->started = true;
        fiber->suspended = false;
        fiber->entry();
        uintptr_t left = cw_wasi_sp();
        use_stack(own, limit);
        if (fiber->suspended) {
            fiber->sp = left;
            cw_wasi_left();
        }
        context = next;
    }
    cw_cpu_current = NULL;
}

/* A program whose kernels never wait can still find that it must leave one. Where a trap is caught, that leaves it. */
static _Noreturn void give_up(void) {
    const struct cw_cpu_state *state = cw_cpu_state_of(cw_cpu_current);
#ifdef __wasm_atomics__
    leaving = true;
    __builtin_trap();
#endif
    fflush(stdout);
    fprintf(stderr, "cuda-wasm: kernel `%s` %s\n", state->grid->kernel->name, state->worker->fault.text);
    abort();
}

#ifdef __wasm_atomics__
/* A trap has left all functions of the block, whoever's stack they were on. What is undone here is what they would have done. */
static void note_trap(uint32_t error, const char *text) {
    struct cw_cpu_state *state = cw_cpu_state_of(cw_cpu_current);
    struct cw_cpu_worker *worker = state->worker;
    worker->fault = (struct cw_cpu_fault_record){
        .kind = error == ILLEGAL_ADDRESS ? CW_FAULT_ILLEGAL_ADDRESS : error == STACK_ERROR ? CW_FAULT_STACK_OVERFLOW : CW_FAULT_TRAP,
        .in_thread = state->live != 0};
    const struct cw_wasi_fiber *fiber = cw_wasi_fiber_of(cw_cpu_current);
    bool no_room = fiber->saved > fiber->saved_end; /* that was the trap of Asyncify, which found none for what it had to save */
    if (no_room || cw_wasi_stack_overflowed) {
        cw_wasi_stack_overflowed = false;
        worker->fault.kind = CW_FAULT_STACK_OVERFLOW;
        snprintf(worker->fault.text, sizeof worker->fault.text,
                 "overflowed a thread's stack of %u KiB (runaway recursion or too much local memory)",
                 (unsigned)((no_room || state->live != 0 ? CW_CPU_STACK_SIZE : CW_WASI_STACK_BYTES) >> 10));
    } else {
        snprintf(worker->fault.text, sizeof worker->fault.text, "%s", text);
    }
    state->fault_stack = cw_cpu_current;
    worker->outcome = CW_CPU_FAULTED;
}

static void run_guarded(void *context) {
    char text[sizeof((struct cw_cpu_fault_record *)NULL)->text];
    uintptr_t limit = stack_limit();
    uint32_t error = cw_wasi_guard(run_fibers, context, text, sizeof text);
    cw_wasi_stack_limit = limit;
    if (error != 0 && !leaving) {
        note_trap(error, text);
    }
    leaving = false;
    cw_cpu_current = NULL;
}
#else
static void run_guarded(void *context) {
    run_fibers(context); /* a trap ends the program: nobody here could catch it */
}
#endif

/* ---- Null pointers: address 0 and those after it are memory like any other, the far end of the stack. Kernels' own accesses there trap
 * (target/wasm/null.c); what functions store that kernels call is seen by a pattern in the first words. ---- */

#define NULL_WORDS 32u
#define PATTERN 0xa5c39e6bd1f0784eu

static uint64_t *null_words(void) {
    uint64_t *words = NULL;
    __asm__("" : "+r"(words)); /* clang takes what a null pointer leads to for unreachable */
    return words;
}

static void fill_null_words(void) {
    for (uint32_t i = 0; i < NULL_WORDS; i++) {
        null_words()[i] = PATTERN;
    }
}

__attribute__((constructor)) static void prepare_null_words(void) {
    fill_null_words();
}

static void note_null_store(struct cw_cpu_state *state) {
    struct cw_cpu_worker *worker = state->worker;
    const uint64_t pattern = PATTERN;
    uint32_t byte = 0;
    while (((const char *)null_words())[byte] == ((const char *)&pattern)[byte % sizeof pattern]) {
        byte++;
    }
    fill_null_words();
    if (worker->outcome != CW_CPU_FAULTED) {
        worker->fault = (struct cw_cpu_fault_record){.kind = CW_FAULT_ILLEGAL_ADDRESS, .address = byte};
        snprintf(worker->fault.text, sizeof worker->fault.text, "wrote an illegal address 0x%x", (unsigned)byte);
        state->fault_stack = NULL;
        worker->outcome = CW_CPU_FAULTED;
    }
}

void cw_cpu_switch_in(void **save, void *to) {
    struct cw_cpu_state *state = cw_cpu_state_of(to);
    uint64_t differs = 0;
    *save = HOST;
    run_guarded(to);
    for (uint32_t i = 0; i < NULL_WORDS; i++) {
        differs |= null_words()[i] ^ PATTERN;
    }
    if (differs) {
        note_null_store(state);
    }
}

/* What the runtime found wrong is no trap that says where it was; the calls are still there that led to it. */
static void note_line(void) {
#ifdef __wasm_atomics__
    struct cw_cpu_worker *worker = cw_cpu_state_of(cw_cpu_current)->worker;
    char line[200];
    size_t length = strlen(worker->fault.text);
    if (worker->fault.in_thread && cw_wasi_where(line, sizeof line) != 0) {
        snprintf(worker->fault.text + length, sizeof worker->fault.text - length, " at %s", line);
    }
#endif
}

void cw_cpu_switch(void **save, void *to) {
    struct cw_cpu_thread *self = cw_cpu_current;
    if (!cw_wasi_suspend) {
        give_up();
    }
    *save = self;
    next = to;
    cw_wasi_suspend(self);
}

_Noreturn void cw_cpu_switch_final(void *to) {
    note_line();
    if (!cw_wasi_suspend) {
        give_up();
    }
    next = to;
    cw_wasi_suspend(cw_cpu_current);
    __builtin_unreachable(); /* Asyncify returns here, and to all callers */
}

void cw_cpu_switch_end(void *to) {
    next = to;
}
