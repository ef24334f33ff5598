/* SPDX-License-Identifier: Apache-2.0 */
/* context.c: see context.h. */
#include "runtime/context.h"

#include <pthread.h>
#include <stdlib.h>

#include "runtime/event.h"
#include "runtime/loading.h"
#include "runtime/memory.h"
#include "runtime/stream.h"

#define CONTEXT_VERSION 3020u /* what cuCtxGetApiVersion says of contexts since CUDA 3.2 */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct CUctx_st primaries[CW_RT_DEVICES_MAX];
static struct CUctx_st *created;                     /* all there ever were */
static _Atomic uint64_t last_id = CW_RT_DEVICES_MAX; /* the primaries have the ids from 1 on */

/* ---- The thread's stack -------------------------------------------------------------------------------------- */

static void note_top(struct cw_rt_thread *thread) {
    thread->context = thread->context_count > 0 ? thread->contexts[thread->context_count - 1] : NULL;
    if (thread->context) {
        thread->device = thread->context->device->ordinal;
    }
}

bool cw_rt_context_push(struct CUctx_st *context) {
    struct cw_rt_thread *thread = cw_rt_thread();
    if (thread->context_count == thread->context_capacity) {
        size_t capacity = thread->context_capacity ? 2 * thread->context_capacity : 4;
        struct CUctx_st **grown = realloc(thread->contexts, capacity * sizeof *grown);
        if (!grown) {
            return false;
        }
        thread->contexts = grown;
        thread->context_capacity = capacity;
        cw_rt_thread_watch(); /* the stack is freed when the thread ends */
    }
    thread->contexts[thread->context_count++] = context;
    note_top(thread);
    return true;
}

struct CUctx_st *cw_rt_context_pop(void) {
    struct cw_rt_thread *thread = cw_rt_thread();
    struct CUctx_st *top = thread->context;
    if (top) {
        thread->context_count--;
        note_top(thread);
    }
    return top;
}

cudaError_t cw_rt_context_select(struct CUctx_st *context) {
    struct cw_rt_thread *thread = cw_rt_thread();
    if (thread->context == context) {
        return cudaSuccess;
    }
    if (!context) {
        cw_rt_context_pop();
        return cudaSuccess;
    }
    if (thread->context_count == 0) {
        return cw_rt_context_push(context) ? cudaSuccess
                                           : cw_rt_fail(cudaErrorMemoryAllocation, "no memory for a stack of contexts");
    }
    thread->contexts[thread->context_count - 1] = context;
    note_top(thread);
    return cudaSuccess;
}

/* ---- Primary contexts ---------------------------------------------------------------------------------------- */

struct CUctx_st *cw_rt_context_primary(struct cw_rt_device *device) {
    struct CUctx_st *primary = &primaries[device->ordinal];
    pthread_mutex_lock(&lock);
    if (!primary->device) {
        primary->id = (uint64_t)device->ordinal + 1;
        primary->primary = true;
        primary->version = CONTEXT_VERSION;
        primary->device = device;
    }
    pthread_mutex_unlock(&lock);
    return primary;
}

/* The runtime API takes hold of the primary context once, for as long as it lives. */
static void enter_primary(struct CUctx_st *primary) {
    pthread_mutex_lock(&lock);
    if (!primary->runtime) {
        primary->runtime = true;
        primary->retains++;
    }
    atomic_store_explicit(&primary->live, true, memory_order_release);
    pthread_mutex_unlock(&lock);
}

cudaError_t cw_rt_context_enter(struct cw_rt_device *device) {
    struct CUctx_st *context = cw_rt_thread()->context;
    if (!context) {
        context = cw_rt_context_primary(device);
        cudaError_t error = cw_rt_context_select(context);
        if (error != cudaSuccess) {
            return error;
        }
    }
    if (atomic_load_explicit(&context->live, memory_order_acquire)) {
        return cudaSuccess;
    }
    if (!context->primary) {
        return cw_rt_fail(cudaErrorContextIsDestroyed, "the thread's current context was destroyed");
    }
    enter_primary(context);
    return cudaSuccess;
}

struct CUctx_st *cw_rt_context_retain(struct cw_rt_device *device) {
    struct CUctx_st *primary = cw_rt_context_primary(device);
    pthread_mutex_lock(&lock);
    primary->retains++;
    atomic_store_explicit(&primary->live, true, memory_order_release);
    pthread_mutex_unlock(&lock);
    return primary;
}

cudaError_t cw_rt_context_release(struct cw_rt_device *device) {
    struct CUctx_st *primary = cw_rt_context_primary(device);
    pthread_mutex_lock(&lock);
    bool held = primary->retains > 0;
    bool last = held && --primary->retains == 0;
    pthread_mutex_unlock(&lock);
    if (!held) {
        return cw_rt_fail(cudaErrorDeviceUninitialized, "device %d's primary context is not retained", device->ordinal);
    }
    return last ? cw_rt_context_destroy(primary) : cudaSuccess;
}

/* ---- Created contexts ---------------------------------------------------------------------------------------- */

struct CUctx_st *cw_rt_context_create(struct cw_rt_device *device, unsigned flags, unsigned processors) {
    struct CUctx_st *context = calloc(1, sizeof *context);
    if (!context) {
        return NULL;
    }
    context->device = device;
    context->id = atomic_fetch_add(&last_id, 1) + 1;
    context->flags = flags;
    context->processors = processors;
    context->version = CONTEXT_VERSION;
    context->attaches = 1;
    context->live = true;
    pthread_mutex_lock(&lock);
    context->next = created;
    created = context;
    pthread_mutex_unlock(&lock);
    return context;
}

bool cw_rt_context_known(const struct CUctx_st *context) {
    bool known = false;
    pthread_mutex_lock(&lock);
    for (unsigned i = 0; i < CW_RT_DEVICES_MAX && !known; i++) {
        known = context == &primaries[i] && context->device;
    }
    for (const struct CUctx_st *one = created; one && !known; one = one->next) {
        known = one == context;
    }
    pthread_mutex_unlock(&lock);
    return known;
}

struct CUctx_st *cw_rt_context_by_id(uint64_t id) {
    pthread_mutex_lock(&lock);
    struct CUctx_st *context = created;
    if (id >= 1 && id <= CW_RT_DEVICES_MAX) {
        context = primaries[id - 1].device ? &primaries[id - 1] : NULL;
    }
    while (context && context->id != id) {
        context = context->next;
    }
    pthread_mutex_unlock(&lock);
    return context;
}

/* True if a context of the device other than this one lives. */
static bool others_live(const struct CUctx_st *context) {
    const struct CUctx_st *primary = &primaries[context->device->ordinal];
    bool others = primary != context && atomic_load(&primary->live);
    pthread_mutex_lock(&lock);
    for (const struct CUctx_st *one = created; one && !others; one = one->next) {
        others = one != context && one->device == context->device && atomic_load(&one->live);
    }
    pthread_mutex_unlock(&lock);
    return others;
}

/* What belongs to the context goes; nothing of the device runs. Pools and what is allocated from them are the device's. */
static void give_back(struct CUctx_st *context) {
    const unsigned kinds = 1u << CW_RT_MEMORY_DEVICE | 1u << CW_RT_MEMORY_MANAGED | 1u << CW_RT_MEMORY_HOST |
                           1u << CW_RT_MEMORY_REGISTERED;
    struct cw_rt_device *device = context->device;
    const struct cw_backend *backend;
    struct cw_rt_range range;
    cw_rt_streams_close_context(device, context->id);
    cw_rt_events_close_context(device, context->id);
    cw_rt_modules_close(device, context->id);
    if (cw_rt_backend(&backend) == cudaSuccess) {
        while (cw_rt_allocations_take_one(&device->allocations, context->id, kinds, &range)) {
            cw_rt_memory_release(device, backend, &range);
        }
    }
}

cudaError_t cw_rt_context_destroy(struct CUctx_st *context) {
    struct cw_rt_device *device = context->device;
    if (!others_live(context)) {
        return cw_rt_device_reset(device);
    }
    if (atomic_load_explicit(&device->opened, memory_order_acquire)) {
        cw_rt_device_synchronize(device);
        cw_rt_device_flush(device);
        give_back(context);
    }
    atomic_store_explicit(&context->live, false, memory_order_release);
    return cudaSuccess;
}

void cw_rt_contexts_reset(struct cw_rt_device *device) {
    struct CUctx_st *primary = &primaries[device->ordinal];
    pthread_mutex_lock(&lock);
    primary->retains = 0;
    primary->runtime = false;
    atomic_store_explicit(&primary->live, false, memory_order_release);
    for (struct CUctx_st *one = created; one; one = one->next) {
        if (one->device == device) {
            atomic_store_explicit(&one->live, false, memory_order_release);
        }
    }
    pthread_mutex_unlock(&lock);
}
