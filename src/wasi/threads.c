/* SPDX-License-Identifier: Apache-2.0 */
/*
 * threads.c: threads are workers of JavaScript (web/src/threads.js). Each is an instance of the program's module with the memory
 * in common and a stack and thread-local memory of its own; it calls cw_thread_serve, which waits for a thread to run, runs it,
 * and waits for the next. They are started before the program, because a browser starts no worker while the one that asks
 * for it is busy; where more can be started later (Node), cw_more does it. Only in the form with threads (thread.h).
 *
 * A trap in a kernel ends the launch, not the program: kernels are called through JavaScript (cw_guard), which catches it.
 * A trap of host code, and exit in a thread that isn't the program's first, end the program: the first thread sees that where it
 * waits (cw_threads_end); where it computes, JavaScript ends the process.
 */
#include "wasi/threads.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <wasi/api.h>

#include "wasi/thread.h"

#define STACK_ALIGN 128u
#define FIRST_NUMBER 2u /* of pthread_t; 1 is the program's first thread */

enum state { IDLE, TAKEN, STARTED, ENDED };

struct slot {
    uint32_t state; /* atomic enum state; who changes it wakes */
    uint32_t detached;
    void *(*start)(void *);
    void *argument;
    void *result;
};

uint32_t cw_wasi_workers;
static uint32_t processors = 1;
static struct slot slots[CW_WASI_THREADS_MAX];
/* For threads that end the program: the word that the first thread waits for, and 1 + the exit status. */
static uint32_t *first_waits_for;
static uint32_t end_status;

uint32_t cw_wasi_processors(void) {
    return cw_wasi_alone() ? 1 : processors;
}

/* ---- Waiting ---- */

static void end_if_told(void) {
    uint32_t status = __atomic_load_n(&end_status, __ATOMIC_SEQ_CST);
    if (status) {
        __wasi_proc_exit(status - 1);
    }
}

void cw_wasi_wait(uint32_t *word, uint32_t seen, int64_t ns) {
    bool first = cw_wasi_thread_number == 1;
    if (first) {
        __atomic_store_n(&first_waits_for, word, __ATOMIC_SEQ_CST);
        end_if_told();
    }
    __builtin_wasm_memory_atomic_wait32((int *)word, (int)seen, ns);
    if (first) {
        __atomic_store_n(&first_waits_for, NULL, __ATOMIC_SEQ_CST);
        end_if_told();
    }
}

void cw_wasi_wake(uint32_t *word, uint32_t count) {
    __builtin_wasm_memory_atomic_notify((int *)word, count);
}

void cw_threads_end(uint32_t status) {
    __atomic_store_n(&end_status, status + 1, __ATOMIC_SEQ_CST);
    uint32_t *word = __atomic_load_n(&first_waits_for, __ATOMIC_SEQ_CST);
    if (word) {
        cw_wasi_wake(word, UINT32_MAX);
    }
}

/* ---- Workers ---- */

void cw_threads_begin(uint32_t workers, uint32_t processor_count) {
    cw_wasi_workers = workers < CW_WASI_THREADS_MAX ? workers : CW_WASI_THREADS_MAX;
    processors = processor_count ? processor_count : 1;
}

/* The stack grows down from the address, thread-local memory lies above it. */
void *cw_thread_stack(void) {
    size_t align = __builtin_wasm_tls_align() > STACK_ALIGN ? __builtin_wasm_tls_align() : STACK_ALIGN;
    size_t size = CW_WASI_STACK_BYTES + (__builtin_wasm_tls_size() + align - 1) / align * align;
    char *memory = aligned_alloc(align, (size + align - 1) / align * align);
    return memory ? memory + CW_WASI_STACK_BYTES : NULL;
}

static void set_state(struct slot *slot, enum state state) {
    __atomic_store_n(&slot->state, state, __ATOMIC_SEQ_CST);
    cw_wasi_wake(&slot->state, UINT32_MAX);
}

void cw_thread_serve(uint32_t index) {
    struct slot *slot = &slots[index];
    char here; /* near the top of the stack, which is aligned */
    cw_wasi_stack_limit = ((uintptr_t)&here | (STACK_ALIGN - 1)) + 1 - CW_WASI_STACK_BYTES + CW_WASI_STACK_SLACK;
    cw_wasi_thread_number = FIRST_NUMBER + index;
    for (;;) {
        uint32_t state = __atomic_load_n(&slot->state, __ATOMIC_SEQ_CST);
        if (state != STARTED) {
            cw_wasi_wait(&slot->state, state, -1);
            continue;
        }
        slot->result = slot->start(slot->argument);
        cw_wasi_thread_ended();
        set_state(slot, __atomic_exchange_n(&slot->detached, 2, __ATOMIC_SEQ_CST) == 1 ? IDLE : ENDED);
    }
}

static struct slot *find_idle(uint32_t *index) {
    uint32_t count = __atomic_load_n(&cw_wasi_workers, __ATOMIC_SEQ_CST);
    for (*index = 0; *index < count; ++*index) {
        uint32_t expected = IDLE;
        if (__atomic_compare_exchange_n(&slots[*index].state, &expected, TAKEN, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) {
            return &slots[*index];
        }
    }
    return NULL;
}

static struct slot *add_worker(uint32_t *index) {
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    struct slot *slot = NULL;
    pthread_mutex_lock(&lock);
    *index = cw_wasi_workers;
    if (*index < CW_WASI_THREADS_MAX) {
        slots[*index].state = TAKEN;
        if (cw_wasi_more(*index)) {
            slot = &slots[*index];
            __atomic_store_n(&cw_wasi_workers, *index + 1, __ATOMIC_SEQ_CST);
        }
    }
    pthread_mutex_unlock(&lock);
    return slot;
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument) {
    uint32_t index;
    if (cw_wasi_alone()) {
        return EAGAIN;
    }
    struct slot *slot = find_idle(&index);
    slot = slot ? slot : add_worker(&index);
    if (!slot) {
        return EAGAIN;
    }
    slot->detached = attributes ? attributes->detached == PTHREAD_CREATE_DETACHED : 0;
    slot->start = start;
    slot->argument = argument;
    *thread = FIRST_NUMBER + index;
    set_state(slot, STARTED);
    return 0;
}

int pthread_join(pthread_t thread, void **result) {
    if (thread < FIRST_NUMBER || thread - FIRST_NUMBER >= CW_WASI_THREADS_MAX) {
        return ESRCH;
    }
    struct slot *slot = &slots[thread - FIRST_NUMBER];
    for (uint32_t state; (state = __atomic_load_n(&slot->state, __ATOMIC_SEQ_CST)) != ENDED;) {
        cw_wasi_wait(&slot->state, state, -1);
    }
    if (result) {
        *result = slot->result;
    }
    set_state(slot, IDLE);
    return 0;
}

/* `detached` is 0, 1, or 2 once the thread has ended: whoever comes second gives the slot back. */
int pthread_detach(pthread_t thread) {
    if (thread < FIRST_NUMBER || thread - FIRST_NUMBER >= CW_WASI_THREADS_MAX) {
        return ESRCH;
    }
    struct slot *slot = &slots[thread - FIRST_NUMBER];
    if (__atomic_exchange_n(&slot->detached, 1, __ATOMIC_SEQ_CST) == 2) {
        for (uint32_t state; (state = __atomic_load_n(&slot->state, __ATOMIC_SEQ_CST)) != ENDED;) {
            cw_wasi_wait(&slot->state, state, -1);
        }
        set_state(slot, IDLE);
    }
    return 0;
}
