/* SPDX-License-Identifier: Apache-2.0 */
/* array.h: CUDA arrays, kept as linear memory: rows behind each other, slices behind each other, no padding. */
#ifndef CW_RUNTIME_ARRAY_H
#define CW_RUNTIME_ARRAY_H

#include "cuda/driver_types.h"
#include "runtime/copy.h"

struct cw_rt_device;

/* Bytes of an element. cudaErrorInvalidResourceHandle when `array` is none. */
cudaError_t cw_rt_array_element(cudaArray_const_t array, size_t *bytes);
/* The side of a copy of rows of `width` bytes and `height` rows that begins at the element `pos`. */
cudaError_t cw_rt_array_side(cudaArray_const_t array, const struct cudaPos *pos, size_t width, size_t height,
                             struct cw_rt_side *side);
/* Forgets every array of the device; their memory goes with its allocations. */
void cw_rt_arrays_close(struct cw_rt_device *device);

#endif
