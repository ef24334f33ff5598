/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reference.h: texture and surface references (CUDA Driver API, "Texture Reference Management"; CUDA Runtime API 11, "Texture
 * Reference Management"): variables of device code that hold the number of the object that is bound to them.
 *
 * A binding is what launches after it read, so it reaches the device at a launch: cw_rt_references_settle makes an object of
 * what changed since the last one, waits until the device is idle, since earlier launches still read the old number,
 * and writes the new one. The fields of the structure that the host sees are looked at then, too.
 *
 * References are slots (slots.h), so that a stale handle is recognised. One lock guards them all.
 */
#ifndef CW_RUNTIME_REFERENCE_H
#define CW_RUNTIME_REFERENCE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "cuda/cw/api_reference.h"
#include "cuda/texture_types.h"

struct cw_rt_device;

/* What CUtexref and CUsurfref point to. */
struct cw_rt_reference {
    struct cw_rt_reference *next; /* of the list of those in use */
    bool live;
    bool is_surface;
    bool bound;
    bool changed;                /* since it was last brought to the device */
    struct cw_rt_device *device;
    void *variable;              /* on the device; NULL: no kernel reads it (cuTexRefCreate) */
    const void *host;            /* the runtime API's structure; NULL: the driver API's, which has no such */
    size_t offset;               /* what was taken off the address for its alignment, bytes */
    struct cudaResourceDesc resource;
    struct cudaTextureDesc texture;
    struct cudaChannelFormatDesc format; /* of linear memory, as cuTexRefSetFormat says; all 0: nothing was said */
    uint64_t number; /* of the object that the variable names; 0: none */
};

/* How many references are bound: launches look no further while there is none. */
extern _Atomic unsigned cw_rt_references_bound;

cudaError_t cw_rt_references_write(struct cw_rt_device *device);

/* Before a launch on the device. */
static inline cudaError_t cw_rt_references_settle(struct cw_rt_device *device) {
    bool none = atomic_load_explicit(&cw_rt_references_bound, memory_order_acquire) == 0;
    return none ? cudaSuccess : cw_rt_references_write(device);
}

/* The reference whose variable lies at `variable` (NULL: always a new one), made when there is none yet; `to_float`: its
 * reads normalise. */
cudaError_t cw_rt_reference_at(struct cw_rt_device *device, void *variable, const void *host, bool is_surface,
                               bool to_float, struct cw_rt_reference **reference);
/* cudaErrorInvalidResourceHandle unless it is a live reference of that sort. */
cudaError_t cw_rt_reference_check(const struct cw_rt_reference *reference, bool is_surface);
/* Its own copy of what it reads, changed by `change` with the lock held. `context` is the caller's. */
cudaError_t cw_rt_reference_change(struct cw_rt_reference *reference,
                                   cudaError_t (*change)(struct cw_rt_reference *reference, void *context), void *context);
/* Linear memory at `pointer`, shortened to what is allocated there; `offset` (may be NULL where there is none) gets what was
 * taken off. */
cudaError_t cw_rt_reference_linear(struct cw_rt_reference *reference, const void *pointer,
                                   const struct cudaChannelFormatDesc *desc, size_t size, size_t *offset);
cudaError_t cw_rt_reference_pitched(struct cw_rt_reference *reference, const void *pointer,
                                    const struct cudaChannelFormatDesc *desc, size_t width, size_t height, size_t pitch,
                                    size_t *offset);
/* A resource of which an object can be made, `taken` bytes before what was asked for. */
cudaError_t cw_rt_reference_bind(struct cw_rt_reference *reference, const struct cudaResourceDesc *resource, size_t taken,
                                 size_t *offset);
/* Nothing is bound any more. The caller of the last four holds the lock: they are for cw_rt_reference_change. */
void cw_rt_reference_unbind(struct cw_rt_reference *reference);

/* Forgets one, its object too. */
void cw_rt_reference_destroy(struct cw_rt_reference *reference);
/* Forgets the reference at a variable that goes away. */
void cw_rt_references_forget(const void *variable);
/* Forgets every reference of the device. Before its textures are closed. */
void cw_rt_references_close(struct cw_rt_device *device);

#endif
