/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signal.c: the signal handlers. A fault of kernel code is recorded and the interrupted thread's OS thread goes on where
 * its worker waits for the block; every other fault goes to whoever handled it before us. Handlers run on alternative
 * stacks: the thread stack may be what has overflowed.
 */
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "backend/cpu/block.h"
#include "backend/cpu/fault.h"
#include "backend/cpu/switch.h"
#include "backend/cpu/worker.h"

#define STACK_BYTES ((size_t)64 << 10) /* room for the largest register files and for sanitizers */
#define STACK_BYTES_ENOUGH ((size_t)16 << 10)

static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
#define SIGNAL_COUNT (sizeof signals / sizeof signals[0])

static struct sigaction previous[SIGNAL_COUNT];

static const struct sigaction *previous_of(int signal) {
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        if (signals[i] == signal) {
            return &previous[i];
        }
    }
    return NULL;
}

/* Does what would have happened without us. */
static void pass_on(int signal, siginfo_t *info, void *context) {
    const struct sigaction *action = previous_of(signal);
    if (action->sa_flags & SA_SIGINFO) {
        action->sa_sigaction(signal, info, context);
    } else if (action->sa_handler == SIG_DFL || (action->sa_handler == SIG_IGN && info->si_code > 0)) {
        struct sigaction standard = {.sa_handler = SIG_DFL};
        sigaction(signal, &standard, NULL);
        if (info->si_code <= 0) {
            raise(signal); /* somebody sent it: it would not come again by itself */
        }
    } else if (action->sa_handler != SIG_IGN) {
        action->sa_handler(signal);
    }
}

static void handle(int signal, siginfo_t *info, void *context) {
    struct cw_cpu_worker *worker = cw_cpu_worker_current();
    struct cw_cpu_state *state = worker ? __atomic_load_n(&worker->running, __ATOMIC_RELAXED) : NULL;
    if (!state || info->si_code <= 0) {
        pass_on(signal, info, context);
        return;
    }
    struct cw_cpu_fault_record *fault = &worker->fault;
    fault->kind = CW_FAULT_NONE; /* fault.c tells from the signal */
    fault->in_thread = false;
    fault->signal = signal;
    fault->code = info->si_code;
    fault->write = cw_cpu_signal_write(context);
    fault->pc = cw_cpu_signal_pc(context);
    fault->sp = cw_cpu_signal_sp(context);
    fault->address = signal == SIGSEGV || signal == SIGBUS ? (uintptr_t)info->si_addr : 0;
    fault->text[0] = '\0';
    fault->detail[0] = '\0';
    cw_cpu_signal_redirect(context, cw_cpu_block_leave_from_signal(state, fault->sp));
}

static pthread_key_t stack_key;

static void free_stack(void *stack) {
    stack_t off = {.ss_flags = SS_DISABLE};
    sigaltstack(&off, NULL);
    munmap(stack, STACK_BYTES);
}

static void install(void) {
    pthread_key_create(&stack_key, free_stack);
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK};
        sigemptyset(&action.sa_mask);
        sigaction(signals[i], &action, &previous[i]);
    }
}

void cw_cpu_fault_prepare(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    static _Thread_local bool ready;
    if (ready) {
        return;
    }
    ready = true;
    pthread_once(&once, install);
    stack_t current;
    if (sigaltstack(NULL, &current) == 0 && !(current.ss_flags & SS_DISABLE) && current.ss_size >= STACK_BYTES_ENOUGH) {
        return; /* the program, or a sanitizer, has given the thread one */
    }
    void *memory = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (memory == MAP_FAILED) {
        return; /* a stack overflow would then end the process; all else works */
    }
    stack_t stack = {.ss_sp = memory, .ss_size = STACK_BYTES};
    sigaltstack(&stack, NULL);
    pthread_setspecific(stack_key, memory);
}
