/* SPDX-License-Identifier: Apache-2.0 */
/*
 * array.h: CUDA arrays, kept as linear memory: rows behind each other, slices (depth, layers or faces) behind each other,
 * no padding. A mipmapped array is one allocation whose levels are arrays of their own.
 *
 * Handles are slots (slots.h), so a stale one is recognised. One lock, in array.c, guards the slots of both kinds.
 */
#ifndef CW_RUNTIME_ARRAY_H
#define CW_RUNTIME_ARRAY_H

#include "cuda/driver_types.h"
#include "runtime/copy.h"
#include "runtime/format.h"

struct cw_rt_device;

struct cudaArray {
    bool live;
    struct cw_rt_device *device;
    struct cudaChannelFormatDesc desc;
    struct cudaExtent extent; /* as asked for: 0 in height or depth means fewer dimensions */
    unsigned flags;
    struct cw_rt_format format;
    size_t rows, slices;
    void *base;
    struct cudaMipmappedArray *owner; /* of a level; NULL for an array of its own */
};

struct cudaMipmappedArray {
    bool live;
    struct cw_rt_device *device;
    void *base;
    unsigned level_count;
    struct cudaArray *levels[CW_IMAGE_LEVELS];
};

/* cudaErrorInvalidResourceHandle when `array` is none. */
cudaError_t cw_rt_array_check(cudaArray_const_t array);
cudaError_t cw_rt_mipmap_check(cudaMipmappedArray_const_t mipmap);
/* Bytes of an element. */
cudaError_t cw_rt_array_element(cudaArray_const_t array, size_t *bytes);
/* The side of a copy of `box` that begins at the element `pos`. */
cudaError_t cw_rt_array_side(cudaArray_const_t array, const struct cudaPos *pos, struct cw_rt_box box,
                             struct cw_rt_side *side);
/* The same with the position along the row in bytes. */
cudaError_t cw_rt_array_bytes(cudaArray_const_t array, size_t x, size_t y, size_t z, struct cw_rt_box box,
                              struct cw_rt_side *side);
/* Forgets every array of the device; their memory goes with its allocations. */
void cw_rt_arrays_close(struct cw_rt_device *device);

#endif
