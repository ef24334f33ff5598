/* SPDX-License-Identifier: Apache-2.0 */
/* stream.c: streams as objects, submitting to them and waiting for them. See stream.h for the model. */
#include "runtime/stream.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "runtime/capture.h"
#include "runtime/context.h"
#include "runtime/device.h"
#include "runtime/engine.h"
#include "runtime/native.h"
#include "runtime/thread.h"
#include "runtime/wait.h"

#define DEPENDENCY_CHAIN_MAX 64

/* ---- Operations ---------------------------------------------------------------------------------------------- */

struct cw_rt_operation *cw_rt_operation_take(size_t size) {
    cw_rt_engine_lock();
    struct cw_rt_operation *operation = cw_rt_engine.free_operations;
    if (operation) {
        cw_rt_engine.free_operations = operation->next;
    }
    cw_rt_engine_unlock();
    if (!operation) {
        operation = calloc(1, sizeof *operation);
        if (!operation) {
            return NULL;
        }
    }
    if (operation->payload_capacity < size) {
        size_t capacity = size < 256 ? 256 : size;
        void *payload = malloc(capacity);
        if (!payload) {
            cw_rt_operation_give(operation);
            return NULL;
        }
        free(operation->payload);
        operation->payload = payload;
        operation->payload_capacity = capacity;
    }
    operation->execute = NULL;
    operation->flags = 0;
    operation->dependency_count = 0;
    operation->event = NULL;
    return operation;
}

void cw_rt_operation_give(struct cw_rt_operation *operation) {
    cw_rt_engine_lock();
    operation->next = cw_rt_engine.free_operations;
    cw_rt_engine.free_operations = operation;
    cw_rt_engine_unlock();
}

bool cw_rt_operation_depend(struct cw_rt_operation *operation, struct CUstream_st *stream, uint64_t number) {
    return cw_rt_operation_depend_on(operation, &(struct cw_rt_dependency){.stream = stream, .number = number});
}

bool cw_rt_operation_depend_on(struct cw_rt_operation *operation, const struct cw_rt_dependency *what) {
    if (operation->dependency_count == operation->dependency_capacity) {
        uint32_t capacity = operation->dependency_capacity ? 2 * operation->dependency_capacity : 4;
        void *grown = realloc(operation->dependencies, capacity * sizeof *operation->dependencies);
        if (!grown) {
            return false;
        }
        operation->dependencies = grown;
        operation->dependency_capacity = capacity;
    }
    operation->dependencies[operation->dependency_count++] = *what;
    return true;
}

/* ---- Creating and finding ------------------------------------------------------------------------------------ */

static struct CUstream_st *create_locked(struct cw_rt_device *device, unsigned flags, int priority) {
    struct CUstream_st *stream = cw_rt_slots_take(&cw_rt_engine.streams);
    if (!stream) {
        return NULL;
    }
    stream->state = CW_RT_STREAM_LIVE;
    stream->device = device;
    stream->identity = ++cw_rt_engine.next_identity;
    stream->context = cw_rt_context_id();
    stream->processors = cw_rt_context_processors();
    stream->flags = flags;
    stream->priority = priority;
    memset(&stream->hints, 0, sizeof stream->hints);
    memset(stream->followed, 0, sizeof stream->followed);
    stream->legacy = false;
    stream->per_thread = false;
    stream->wake_at = UINT64_MAX;
    return stream;
}

cudaError_t cw_rt_stream_create(struct cw_rt_device *device, unsigned flags, int priority,
                                struct CUstream_st **stream) {
    cw_rt_native_poll(device);
    cw_rt_engine_lock();
    *stream = create_locked(device, flags, priority);
    cw_rt_engine_unlock();
    return *stream ? cudaSuccess : cw_rt_fail(cudaErrorMemoryAllocation, "no memory for another stream");
}

void cw_rt_stream_destroy(struct CUstream_st *stream) {
    cw_rt_capture_forget_stream(stream);
    cw_rt_engine_lock();
    stream->state = CW_RT_STREAM_CLOSING;
    cw_rt_engine_reap(stream);
    cw_rt_engine_unlock();
}

void cw_rt_streams_close(struct cw_rt_device *device) {
    cw_rt_engine_lock();
    struct CUstream_st *stream;
    for (size_t i = 0; (stream = cw_rt_slots_at(&cw_rt_engine.streams, i)); i++) {
        if (stream->device != device || stream->state != CW_RT_STREAM_LIVE) {
            continue;
        }
        stream->state = CW_RT_STREAM_CLOSING;
        cw_rt_engine_reap(stream);
    }
    cw_rt_engine_unlock();
    cw_rt_native_close_streams(device);
}

void cw_rt_streams_close_context(struct cw_rt_device *device, uint64_t context) {
    cw_rt_engine_lock();
    struct CUstream_st *stream;
    for (size_t i = 0; (stream = cw_rt_slots_at(&cw_rt_engine.streams, i)); i++) {
        if (stream->device == device && stream->context == context && stream->state == CW_RT_STREAM_LIVE &&
            !stream->legacy && !stream->per_thread) {
            stream->state = CW_RT_STREAM_CLOSING;
            cw_rt_engine_reap(stream);
        }
    }
    cw_rt_engine_unlock();
}

struct CUstream_st **cw_rt_streams_of_context(const struct cw_rt_device *device, uint64_t context, size_t *count) {
    struct CUstream_st **found = NULL, *stream;
    size_t capacity = 16;
    *count = 0;
    cw_rt_engine_lock();
    for (size_t i = 0; (stream = cw_rt_slots_at(&cw_rt_engine.streams, i)); i++) {
        if (stream->device != device || stream->context != context || stream->state != CW_RT_STREAM_LIVE ||
            stream->legacy || stream->per_thread) {
            continue;
        }
        if (!found || *count == capacity) {
            capacity *= 2;
            struct CUstream_st **grown = realloc(found, capacity * sizeof *found);
            if (!grown) {
                free(found);
                cw_rt_engine_unlock();
                return NULL;
            }
            found = grown;
        }
        found[(*count)++] = stream;
    }
    cw_rt_engine_unlock();
    return found ? found : malloc(1);
}

static cudaError_t resolve_per_thread(struct cw_rt_device *device, struct CUstream_st **stream) {
    struct cw_rt_thread *thread = cw_rt_thread();
    struct CUstream_st **slot = &thread->streams[device->ordinal];
    uint64_t *identity = &thread->stream_identities[device->ordinal];
    cw_rt_engine_lock();
    if (!*slot || (*slot)->identity != *identity || (*slot)->state != CW_RT_STREAM_LIVE) {
        *slot = create_locked(device, cudaStreamDefault, 0);
        if (*slot) {
            (*slot)->per_thread = true;
            *identity = (*slot)->identity;
        }
    }
    *stream = *slot;
    cw_rt_engine_unlock();
    if (!*stream) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory for a per-thread default stream");
    }
    cw_rt_thread_watch();
    return cudaSuccess;
}

void cw_rt_streams_thread_ended(struct cw_rt_thread *thread) {
    for (size_t i = 0; i < CW_RT_DEVICES_MAX; i++) {
        struct CUstream_st *stream = thread->streams[i];
        if (stream && stream->identity == thread->stream_identities[i]) {
            cw_rt_capture_forget_stream(stream);
        }
    }
    cw_rt_engine_lock();
    for (size_t i = 0; i < CW_RT_DEVICES_MAX; i++) {
        struct CUstream_st *stream = thread->streams[i];
        if (!stream || stream->identity != thread->stream_identities[i] || stream->state != CW_RT_STREAM_LIVE) {
            continue;
        }
        stream->state = CW_RT_STREAM_CLOSING;
        cw_rt_engine_reap(stream);
        thread->streams[i] = NULL;
    }
    cw_rt_engine_unlock();
}

cudaError_t cw_rt_stream_resolve(struct cw_rt_device *device, cudaStream_t handle, struct CUstream_st **stream) {
    if (handle == cudaStreamPerThread || (!handle && cw_rt_thread()->per_thread)) {
        return resolve_per_thread(device, stream);
    }
    if (!handle || handle == cudaStreamLegacy) {
        *stream = device->legacy_stream;
        return cudaSuccess;
    }
    cw_rt_engine_lock();
    bool valid = cw_rt_slots_owns(&cw_rt_engine.streams, handle) && handle->state == CW_RT_STREAM_LIVE;
    cw_rt_engine_unlock();
    if (!valid) {
        return cw_rt_fail(cudaErrorInvalidResourceHandle, "the stream was destroyed or never was one");
    }
    *stream = handle;
    return cudaSuccess;
}

/* ---- Submitting ---------------------------------------------------------------------------------------------- */

/* With the lock held: a stream other than `stream` on whose work an operation submitted to it now would depend. */
static struct CUstream_st *next_before(const struct CUstream_st *stream, struct CUstream_st *from) {
    for (; from && stream->legacy; from = from->busy_next) {
        if (from != stream && from->device == stream->device && !(from->flags & cudaStreamNonBlocking)) {
            return from;
        }
    }
    return NULL;
}

/* Adds what the legacy default stream's rules ask for. */
static bool order(struct CUstream_st *stream, struct cw_rt_operation *operation) {
    if (stream->flags & cudaStreamNonBlocking) {
        return true;
    }
    if (!stream->legacy) {
        struct CUstream_st *legacy = stream->device->legacy_stream;
        return !legacy->busy || cw_rt_operation_depend(operation, legacy, legacy->submitted);
    }
    struct CUstream_st *other = next_before(stream, cw_rt_engine.busy);
    for (; other; other = next_before(stream, other->busy_next)) {
        if (!cw_rt_operation_depend(operation, other, other->submitted)) {
            return false;
        }
    }
    return true;
}

static void note_record(struct cw_rt_operation *operation) {
    struct CUevent_st *event = operation->event;
    event->stream = operation->stream;
    event->number = operation->number;
    operation->record = ++event->record;
}

/* What reaches this place in a capture can't become a node. */
static cudaError_t check_captures(struct CUstream_st *stream) {
    if (atomic_load_explicit(&cw_rt_captures, memory_order_acquire) == 0) {
        return cudaSuccess;
    }
    return cw_rt_stream_capturing(stream) ? cw_rt_capture_refuse(stream, "this operation is not possible")
                                          : cw_rt_capture_check_legacy(stream, true);
}

cudaError_t cw_rt_submit(struct CUstream_st *stream, struct cw_rt_operation *operation, enum cw_rt_submit_mode mode,
                         uint64_t *number) {
    cudaError_t error = check_captures(stream);
    if (error != cudaSuccess) {
        cw_rt_operation_give(operation);
        return error;
    }
    return cw_rt_queue(stream, operation, mode, number);
}

cudaError_t cw_rt_queue(struct CUstream_st *stream, struct cw_rt_operation *operation, enum cw_rt_submit_mode mode,
                        uint64_t *number) {
    cw_rt_engine_lock();
    if (stream->state != CW_RT_STREAM_LIVE || !order(stream, operation)) {
        bool live = stream->state == CW_RT_STREAM_LIVE;
        cw_rt_engine_unlock();
        cw_rt_operation_give(operation);
        return live ? cw_rt_fail(cudaErrorMemoryAllocation, "no memory for an operation's dependencies")
                    : cw_rt_fail(cudaErrorInvalidResourceHandle, "the stream was destroyed");
    }
    uint64_t own = ++stream->submitted;
    operation->stream = stream;
    operation->number = own;
    if (operation->event) {
        note_record(operation);
    }
    bool quick = !operation->execute || ((operation->flags & CW_RT_ISSUES) && stream->device->native);
    if (mode == CW_RT_ASYNC && quick) {
        mode = CW_RT_INLINE;
    }
    cw_rt_engine_append(stream, operation);
    if (mode == CW_RT_INLINE && stream->head == operation && !stream->running && cw_rt_operation_runnable(operation)) {
        cw_rt_engine_claim(stream);
        cw_rt_engine_run(stream, own, false);
    } else if (mode != CW_RT_WAIT) {
        cw_rt_engine_offer(stream);
    }
    struct cw_rt_device *device = stream->device;
    cw_rt_engine_unlock();
    if (number) {
        *number = own;
    }
    if (mode != CW_RT_WAIT) {
        return cudaSuccess;
    }
    cw_rt_stream_wait(stream, own);
    return cw_rt_device_check(device);
}

/* ---- Waiting ------------------------------------------------------------------------------------------------- */

static bool reached(struct CUstream_st *stream, uint64_t number) {
    return atomic_load_explicit(&stream->completed, memory_order_acquire) >= number;
}

bool cw_rt_stream_idle(struct CUstream_st *stream) {
    cw_rt_native_poll(stream->device);
    cw_rt_engine_lock();
    bool idle = reached(stream, stream->submitted) && !cw_rt_native_pending(stream) &&
                !next_before(stream, cw_rt_engine.busy);
    cw_rt_engine_unlock();
    return idle;
}

/* What a thread that waits for (stream, number) can run itself: the head of the stream, or of the stream that it waits
 * for, and so on. False if others are at it. */
static bool find_work(struct cw_rt_dependency *work) {
    for (int depth = 0; depth < DEPENDENCY_CHAIN_MAX; depth++) {
        struct CUstream_st *stream = work->stream;
        struct cw_rt_operation *head = stream->head;
        if (stream->running || !head) {
            return false;
        }
        if (cw_rt_operation_runnable(head)) {
            return !(head->flags & CW_RT_DISPATCHER_ONLY);
        }
        for (uint32_t i = 0; i < head->dependency_count; i++) {
            *work = head->dependencies[i];
            if (!reached(work->stream, work->number)) {
                break;
            }
        }
    }
    return false;
}

static void spin_until(struct CUstream_st *stream, uint64_t number) {
    uint64_t patience = cw_rt_spin_ns();
    uint64_t begin = cw_rt_now_ns();
    while (cw_rt_now_ns() - begin < patience) {
        for (int i = 0; i < 32; i++) {
            if (reached(stream, number)) {
                return;
            }
            cw_rt_pause();
        }
        cw_rt_yield();
    }
}

/* Called with the lock, returns without. */
static void sleep_until(struct CUstream_st *stream, uint64_t number) {
    if (number < stream->wake_at) {
        stream->wake_at = number;
    }
    uint32_t word = atomic_load_explicit(&stream->word, memory_order_relaxed);
    cw_rt_engine_unlock();
    if (!reached(stream, number)) {
        cw_rt_word_wait(&stream->word, word);
    }
}

void cw_rt_stream_wait(struct CUstream_st *stream, uint64_t number) {
    cw_rt_stream_wait_issued(stream, number);
    cw_rt_native_wait(stream);
}

void cw_rt_stream_wait_issued(struct CUstream_st *stream, uint64_t number) {
    bool spun = false;
    while (!reached(stream, number)) {
        cw_rt_engine_lock();
        struct cw_rt_dependency work = {.stream = stream, .number = number};
        if (reached(stream, number)) {
            cw_rt_engine_unlock();
        } else if (find_work(&work)) {
            cw_rt_engine_claim(work.stream);
            cw_rt_engine_run(work.stream, work.number, false);
            cw_rt_engine_unlock();
            spun = false;
        } else {
            /* This thread may not be here when the head becomes runnable: a dispatcher must know of it. */
            cw_rt_engine_offer(stream);
            if (spun) {
                sleep_until(stream, number);
            } else {
                cw_rt_engine_unlock();
                spin_until(stream, number);
                spun = true;
            }
        }
    }
}

uint64_t cw_rt_stream_mark(struct CUstream_st *stream) {
    cw_rt_engine_lock();
    uint64_t number = stream->submitted;
    bool alone = !next_before(stream, cw_rt_engine.busy);
    cw_rt_engine_unlock();
    struct cw_rt_operation *marker = alone ? NULL : cw_rt_operation_take(0);
    if (marker) {
        (void)cw_rt_queue(stream, marker, CW_RT_ASYNC, &number);
    }
    return number;
}

void cw_rt_stream_follow(struct CUstream_st *stream, struct CUstream_st *other, uint64_t number) {
    cw_rt_engine_lock();
    uint32_t at = stream->followed_next;
    for (uint32_t i = 0; i < CW_RT_FOLLOWED_MAX; i++) {
        at = stream->followed[i].stream == other ? i : at;
    }
    if (at == stream->followed_next) {
        stream->followed_next = (at + 1) % CW_RT_FOLLOWED_MAX;
    }
    stream->followed[at] = (struct cw_rt_dependency){.stream = other, .number = number};
    cw_rt_engine_unlock();
}

bool cw_rt_stream_follows(const struct CUstream_st *stream, const struct CUstream_st *other, uint64_t number) {
    bool follows = false;
    cw_rt_engine_lock();
    for (uint32_t i = 0; i < CW_RT_FOLLOWED_MAX && !follows; i++) {
        follows = stream->followed[i].stream == other && stream->followed[i].number >= number;
    }
    cw_rt_engine_unlock();
    return follows;
}

void cw_rt_stream_synchronize(struct CUstream_st *stream) {
    cw_rt_engine_lock();
    uint64_t number = stream->submitted;
    bool alone = !next_before(stream, cw_rt_engine.busy);
    cw_rt_engine_unlock();
    struct cw_rt_operation *marker = alone ? NULL : cw_rt_operation_take(0);
    if (marker) {
        (void)cw_rt_submit(stream, marker, CW_RT_WAIT, NULL);
    } else {
        cw_rt_stream_wait(stream, number);
    }
}

void cw_rt_device_synchronize(struct cw_rt_device *device) {
    /* An operation that is never submitted holds the list: its arrays are there already. */
    struct cw_rt_operation *list = cw_rt_operation_take(0);
    bool complete = false;
    while (!complete) {
        if (list) {
            list->dependency_count = 0;
        }
        struct cw_rt_dependency one = {0};
        complete = true;
        cw_rt_engine_lock();
        for (struct CUstream_st *stream = cw_rt_engine.busy; stream && complete; stream = stream->busy_next) {
            if (stream->device != device) {
                continue;
            }
            one = (struct cw_rt_dependency){.stream = stream, .number = stream->submitted};
            complete = list && cw_rt_operation_depend(list, one.stream, one.number);
        }
        cw_rt_engine_unlock();
        for (uint32_t i = 0; list && i < list->dependency_count; i++) {
            cw_rt_stream_wait(list->dependencies[i].stream, list->dependencies[i].number);
        }
        /* Without memory for the list: one stream after the other. */
        if (!complete) {
            cw_rt_stream_wait(one.stream, one.number);
        }
    }
    if (list) {
        cw_rt_operation_give(list);
    }
}

/* True if nothing is pending on the device; `progress` changes with every completion. */
static bool measure_progress(struct cw_rt_device *device, uint64_t *progress) {
    bool idle = true;
    *progress = 0;
    cw_rt_engine_lock();
    for (struct CUstream_st *stream = cw_rt_engine.busy; stream; stream = stream->busy_next) {
        if (stream->device != device) {
            continue;
        }
        idle = false;
        *progress += atomic_load_explicit(&stream->completed, memory_order_acquire) + 1;
        *progress += atomic_load_explicit(&stream->settled, memory_order_relaxed);
    }
    cw_rt_engine_unlock();
    return idle;
}

bool cw_rt_device_drain(struct cw_rt_device *device, uint64_t patience_ns) {
    uint64_t seen, progress;
    uint64_t begin = cw_rt_now_ns();
    cw_rt_native_poll(device);
    if (measure_progress(device, &seen)) {
        return true;
    }
    for (;;) {
        cw_rt_native_poll(device);
        if (measure_progress(device, &progress)) {
            return true;
        }
        uint64_t now = cw_rt_now_ns();
        if (progress != seen) {
            seen = progress;
            begin = now;
        }
        if (now - begin > patience_ns) {
            return false;
        }
        nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
    }
}
