/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine.c: who runs what, when.
 *
 * Dispatchers are threads that take a ready stream and run its operations. At most one idle dispatcher spins, for some
 * tens of microseconds after the last activity, so that a launch in a busy phase needs no wake; the others sleep. A
 * dispatcher that takes a stream while more are ready passes the call on. Their number follows the streams that are
 * ready at the same time, since an operation may take for ever and must not keep another stream from running.
 */
#include "runtime/engine.h"

#include <signal.h>
#include <stdlib.h>

#include "runtime/device.h"
#include "runtime/native.h"
#include "runtime/wait.h"

#define DISPATCHERS_MAX 512u
/* A spinning dispatcher leaves fresh work alone that long: a thread that launches and then waits runs it itself, without
 * a transfer between processors. Work that nobody waits for starts this much later. */
#define GRACE_NS 2000u

struct cw_rt_engine cw_rt_engine = {
    .lock = PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP,
    .streams = {.slot_size = sizeof(struct CUstream_st)},
    .events = {.slot_size = sizeof(struct CUevent_st)},
};

static void *dispatch(void *unused);

static void spawn_dispatcher(void) {
    /* Signals of the program are the program's own threads' business; those of faults must come through. */
    sigset_t blocked, before;
    sigfillset(&blocked);
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS};
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        sigdelset(&blocked, faults[i]);
    }
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_sigmask(SIG_SETMASK, &blocked, &before);
    pthread_t thread;
    int failure = pthread_create(&thread, &attributes, dispatch, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    if (failure != 0) {
        pthread_mutex_lock(&cw_rt_engine.lock);
        cw_rt_engine.dispatchers--;
        pthread_mutex_unlock(&cw_rt_engine.lock);
        cw_rt_without_thread();
    }
}

void cw_rt_engine_lock(void) {
    pthread_mutex_lock(&cw_rt_engine.lock);
}

void cw_rt_engine_unlock(void) {
    uint32_t wakes = cw_rt_engine.wakes_due;
    uint32_t spawns = cw_rt_engine.spawns_due;
    cw_rt_engine.wakes_due = 0;
    cw_rt_engine.spawns_due = 0;
    pthread_mutex_unlock(&cw_rt_engine.lock);
    while (wakes-- > 0) {
        cw_rt_word_wake(&cw_rt_engine.sleep_word, false);
    }
    while (spawns-- > 0) {
        spawn_dispatcher();
    }
}

bool cw_rt_operation_runnable(const struct cw_rt_operation *operation) {
    for (uint32_t i = 0; i < operation->dependency_count; i++) {
        const struct cw_rt_dependency *dependency = &operation->dependencies[i];
        if (atomic_load_explicit(&dependency->stream->completed, memory_order_acquire) < dependency->number) {
            return false;
        }
    }
    return true;
}

/* ---- Lists --------------------------------------------------------------------------------------------------- */

static void ready_add(struct CUstream_st *stream) {
    struct cw_rt_engine *engine = &cw_rt_engine;
    stream->ready = true;
    stream->ready_next = NULL;
    stream->ready_previous = engine->ready_last;
    if (engine->ready_last) {
        engine->ready_last->ready_next = stream;
    } else {
        engine->ready_first = stream;
    }
    engine->ready_last = stream;
    atomic_fetch_add_explicit(&engine->ready_count, 1, memory_order_relaxed);
}

static void ready_remove(struct CUstream_st *stream) {
    struct cw_rt_engine *engine = &cw_rt_engine;
    if (stream->ready_previous) {
        stream->ready_previous->ready_next = stream->ready_next;
    } else {
        engine->ready_first = stream->ready_next;
    }
    if (stream->ready_next) {
        stream->ready_next->ready_previous = stream->ready_previous;
    } else {
        engine->ready_last = stream->ready_previous;
    }
    stream->ready = false;
    atomic_fetch_sub_explicit(&engine->ready_count, 1, memory_order_relaxed);
}

static void blocked_add(struct CUstream_st *stream) {
    stream->blocked = true;
    stream->blocked_next = cw_rt_engine.blocked;
    cw_rt_engine.blocked = stream;
}

static void blocked_remove(struct CUstream_st *stream) {
    struct CUstream_st **link = &cw_rt_engine.blocked;
    while (*link != stream) {
        link = &(*link)->blocked_next;
    }
    *link = stream->blocked_next;
    stream->blocked = false;
}

static void busy_add(struct CUstream_st *stream) {
    stream->busy = true;
    stream->busy_previous = NULL;
    stream->busy_next = cw_rt_engine.busy;
    if (stream->busy_next) {
        stream->busy_next->busy_previous = stream;
    }
    cw_rt_engine.busy = stream;
}

static void busy_remove(struct CUstream_st *stream) {
    if (stream->busy_previous) {
        stream->busy_previous->busy_next = stream->busy_next;
    } else {
        cw_rt_engine.busy = stream->busy_next;
    }
    if (stream->busy_next) {
        stream->busy_next->busy_previous = stream->busy_previous;
    }
    stream->busy = false;
}

void cw_rt_engine_rest(struct CUstream_st *stream) {
    if (stream->busy && !stream->head && !stream->running && !cw_rt_native_pending(stream)) {
        busy_remove(stream);
    }
}

void cw_rt_engine_append(struct CUstream_st *stream, struct cw_rt_operation *operation) {
    operation->next = NULL;
    if (stream->tail) {
        stream->tail->next = operation;
    } else {
        stream->head = operation;
    }
    stream->tail = operation;
    if (!stream->busy) {
        busy_add(stream);
    }
    atomic_fetch_add_explicit(&cw_rt_engine.activity, 1, memory_order_relaxed);
}

/* Has one dispatcher look at the ready list. */
static void call_dispatcher(void) {
    struct cw_rt_engine *engine = &cw_rt_engine;
    if (engine->spinners > 0) {
        return;
    }
    if (engine->sleepers > 0) {
        engine->sleepers--;
        engine->tokens++;
        atomic_fetch_add_explicit(&engine->sleep_word, 1, memory_order_relaxed);
        engine->wakes_due++;
    } else if (engine->dispatchers < DISPATCHERS_MAX) {
        engine->dispatchers++;
        engine->spawns_due++;
    }
}

void cw_rt_engine_offer(struct CUstream_st *stream) {
    if (stream->running || stream->ready || !stream->head) {
        return;
    }
    if (!cw_rt_operation_runnable(stream->head)) {
        if (!stream->blocked) {
            blocked_add(stream);
        }
        return;
    }
    if (stream->blocked) {
        blocked_remove(stream);
    }
    ready_add(stream);
    call_dispatcher();
}

void cw_rt_engine_claim(struct CUstream_st *stream) {
    if (stream->ready) {
        ready_remove(stream);
    }
    if (stream->blocked) {
        blocked_remove(stream);
    }
    stream->running = true;
}

void cw_rt_engine_reap(struct CUstream_st *stream) {
    if (stream->state == CW_RT_STREAM_CLOSING && !stream->head && !stream->running && !cw_rt_native_pending(stream)) {
        stream->state = CW_RT_STREAM_FREE;
        cw_rt_slots_give(&cw_rt_engine.streams, stream);
    }
}

/* ---- Running ------------------------------------------------------------------------------------------------- */

/* A stream made progress: others may have waited for that. */
static void offer_blocked(void) {
    struct CUstream_st *stream = cw_rt_engine.blocked;
    while (stream) {
        struct CUstream_st *next = stream->blocked_next;
        if (cw_rt_operation_runnable(stream->head)) {
            cw_rt_engine_offer(stream);
        }
        stream = next;
    }
}

/* Books the completion of an operation. True if sleepers must be woken. */
static bool complete(struct CUstream_st *stream, struct cw_rt_operation *operation, uint64_t now) {
    if (operation->event && operation->event->record == operation->record) {
        operation->event->time_ns = now;
    }
    atomic_store_explicit(&stream->completed, operation->number, memory_order_release);
    operation->next = cw_rt_engine.free_operations;
    cw_rt_engine.free_operations = operation;
    if (cw_rt_engine.blocked) {
        offer_blocked();
    }
    if (operation->number < stream->wake_at) {
        return false;
    }
    stream->wake_at = UINT64_MAX;
    atomic_fetch_add_explicit(&stream->word, 1, memory_order_relaxed);
    return true;
}

static void execute(struct CUstream_st *stream, struct cw_rt_operation *operation) {
    struct cw_rt_device *device = stream->device;
    if (cw_rt_device_failure(device) != cudaSuccess && !(operation->flags & CW_RT_EVEN_AFTER_FAULT)) {
        return;
    }
    cudaError_t error = device->native ? cw_rt_native_execute(stream, operation)
                                       : operation->execute(device, operation->payload);
    if (error != cudaSuccess) {
        cw_rt_device_fail(device, error, NULL);
    }
}

void cw_rt_engine_run(struct CUstream_st *stream, uint64_t number, bool dispatcher) {
    while (stream->head && cw_rt_operation_runnable(stream->head)) {
        struct cw_rt_operation *operation = stream->head;
        bool own = dispatcher || !(operation->flags & CW_RT_DISPATCHER_ONLY);
        if (!own || (!dispatcher && atomic_load_explicit(&stream->completed, memory_order_relaxed) >= number)) {
            break;
        }
        stream->head = operation->next;
        if (!stream->head) {
            stream->tail = NULL;
        }
        uint64_t now = 0;
        if (operation->execute || stream->device->native) {
            cw_rt_engine_unlock();
            execute(stream, operation);
            if (operation->event) {
                now = cw_rt_now_ns();
            }
            cw_rt_engine_lock();
        } else if (operation->event) {
            now = cw_rt_now_ns();
        }
        if (complete(stream, operation, now)) {
            cw_rt_engine_unlock();
            cw_rt_word_wake(&stream->word, true);
            cw_rt_engine_lock();
        }
    }
    stream->running = false;
    cw_rt_engine_rest(stream);
    cw_rt_engine_offer(stream);
    cw_rt_engine_reap(stream);
}

bool cw_rt_engine_help(void) {
    cw_rt_engine_lock();
    struct CUstream_st *stream = cw_rt_engine.ready_first;
    if (stream) {
        cw_rt_engine_claim(stream);
        cw_rt_engine_run(stream, 0, true);
    }
    cw_rt_engine_unlock();
    return stream != NULL;
}

/* ---- Dispatchers --------------------------------------------------------------------------------------------- */

static bool anything_ready(void) {
    return atomic_load_explicit(&cw_rt_engine.ready_count, memory_order_relaxed) > 0;
}

/* Spins for `patience` ns, or until something is ready, or, with `gone`, until nothing is. */
static void spin(uint64_t patience, bool gone) {
    uint64_t begin = cw_rt_now_ns();
    do {
        for (int i = 0; i < 16 && anything_ready() == gone; i++) {
            cw_rt_pause();
        }
        cw_rt_yield();
    } while (anything_ready() == gone && cw_rt_now_ns() - begin < patience);
}

/* Spins while there was activity lately. True if something is ready. Called without the lock. */
static bool spin_for_work(void) {
    for (;;) {
        uint32_t seen = atomic_load_explicit(&cw_rt_engine.activity, memory_order_relaxed);
        spin(cw_rt_spin_ns(), false);
        if (anything_ready()) {
            spin(GRACE_NS, true);
            if (anything_ready()) {
                return true;
            }
        }
        if (atomic_load_explicit(&cw_rt_engine.activity, memory_order_relaxed) == seen) {
            return false;
        }
    }
}

static void sleep_for_work(void) {
    struct cw_rt_engine *engine = &cw_rt_engine;
    engine->sleepers++;
    for (;;) {
        uint32_t word = atomic_load_explicit(&engine->sleep_word, memory_order_relaxed);
        cw_rt_engine_unlock();
        cw_rt_word_wait(&engine->sleep_word, word);
        cw_rt_engine_lock();
        if (engine->tokens > 0) {
            engine->tokens--; /* whoever gave the token has taken this sleeper off the count */
            return;
        }
    }
}

static void *dispatch(void *unused) {
    struct cw_rt_engine *engine = &cw_rt_engine;
    (void)unused;
    cw_rt_engine_lock();
    for (;;) {
        struct CUstream_st *stream = engine->ready_first;
        if (stream) {
            cw_rt_engine_claim(stream);
            if (engine->ready_first) {
                call_dispatcher();
            }
            cw_rt_engine_run(stream, 0, true);
            continue;
        }
        if (engine->spinners == 0 && cw_rt_spin_ns() > 0) {
            engine->spinners++;
            cw_rt_engine_unlock();
            bool ready = spin_for_work();
            cw_rt_engine_lock();
            engine->spinners--;
            if (ready || engine->ready_first) {
                continue;
            }
        }
        sleep_for_work();
    }
    return NULL;
}
