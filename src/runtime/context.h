/* SPDX-License-Identifier: Apache-2.0 */
/*
 * context.h: CUDA's contexts (Driver API reference, "Context Management" and "Primary Context Management").
 *
 * Each device has one primary context, which the runtime API uses; the driver API may create more. Contexts of a device
 * share its state: its default stream, limits, memory and, other than on NVIDIA's hardware, a kernel's fault. What is
 * created while a context is current belongs to it (memory, streams, events, modules carry its id) and goes with it.
 *
 * A thread has a stack of contexts; its top is current and says what the current device is. A function of the runtime
 * API that finds no current context makes the primary one of the thread's device current.
 *
 * Contexts are never freed, so that a stale handle can be looked at; there are few. One lock guards all of them.
 */
#ifndef CW_RUNTIME_CONTEXT_H
#define CW_RUNTIME_CONTEXT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "cuda/driver_types.h"
#include "runtime/device.h"
#include "runtime/thread.h"

struct CUctx_st {
    struct CUctx_st *next;
    struct cw_rt_device *device;
    uint64_t id; /* never used again; 0 is none's */
    bool primary;
    _Atomic bool live;
    unsigned flags;   /* of a created one; the primary's are the device's */
    unsigned version; /* of the API that it was created with */
    unsigned retains; /* of the primary one */
    unsigned attaches;
    bool runtime; /* the runtime API retains the primary one */
    unsigned processors;        /* that its kernels may use; 0: all. Never changes */
    struct CUgreenCtx_st *green; /* that it is the context of; NULL */
    _Atomic(struct CUstream_st *) hub; /* where what all its streams do meets (driver/green.c); NULL: never did */
};

/* How many processors kernels may use that the calling thread launches now into a default stream, or puts into a graph; 0: all. */
static inline unsigned cw_rt_context_processors(void) {
    const struct CUctx_st *context = cw_rt_thread()->context;
    return context ? context->processors : 0;
}

/* The id of the calling thread's current context, 0 when it has none. */
static inline uint64_t cw_rt_context_id(void) {
    const struct CUctx_st *context = cw_rt_thread()->context;
    return context ? context->id : 0;
}

/* How nearly every function begins: makes the primary context of `device` current if the thread has none.
 * cudaErrorContextIsDestroyed when the current one was destroyed. */
cudaError_t cw_rt_context_enter(struct cw_rt_device *device);

/* The device's primary context, live or not. */
struct CUctx_st *cw_rt_context_primary(struct cw_rt_device *device);
/* Replaces the current context of the thread, as cuCtxSetCurrent does; NULL takes the current one off the stack. */
cudaError_t cw_rt_context_select(struct CUctx_st *context);
/* False when out of memory. */
bool cw_rt_context_push(struct CUctx_st *context);
/* Takes the current context off the stack; NULL when there is none. */
struct CUctx_st *cw_rt_context_pop(void);

/* A new context that is not current yet. NULL when out of memory. */
struct CUctx_st *cw_rt_context_create(struct cw_rt_device *device, unsigned flags, unsigned processors);
/* Retains the primary context and makes it live. */
struct CUctx_st *cw_rt_context_retain(struct cw_rt_device *device);
/* cudaErrorDeviceUninitialized when it is not retained. The last release resets the device unless other contexts live. */
cudaError_t cw_rt_context_release(struct cw_rt_device *device);
/* Waits for the device, then gives back all that belongs to the context. */
cudaError_t cw_rt_context_destroy(struct CUctx_st *context);
/* True if it is one, destroyed or not. */
bool cw_rt_context_known(const struct CUctx_st *context);
/* The context with this id; NULL when there is none. */
struct CUctx_st *cw_rt_context_by_id(uint64_t id);
/* The device was reset: none of its contexts lives. Called with the device's lock held. */
void cw_rt_contexts_reset(struct cw_rt_device *device);

#endif
