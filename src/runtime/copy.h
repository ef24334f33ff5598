/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copy.h: one shape for every copy and every fill: `depth` slices of `height` rows of `width` bytes. A plain copy is one
 * row. copy.c checks ranges and directions, decides what runs when, and queues it.
 */
#ifndef CW_RUNTIME_COPY_H
#define CW_RUNTIME_COPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cuda/driver_types.h"
#include "cudawasm/cw_backend.h"
#include "runtime/allocation.h"

struct cw_rt_device;

/* One side: the first byte, and the bytes from row to row and from slice to slice. */
struct cw_rt_side {
    void *base;
    size_t pitch;
    size_t slice;
};

struct cw_rt_box {
    size_t width; /* bytes */
    size_t height;
    size_t depth;
};

/* When the caller goes on. */
enum cw_rt_timing {
    CW_RT_BLOCKING, /* cudaMemcpy: when it is done */
    CW_RT_STREAMED, /* cudaMemcpyAsync: at once, except for pageable memory */
};

/* One copy that was checked: an operation's payload. */
struct cw_rt_transfer {
    struct cw_rt_device *owner; /* of the device memory in it */
    struct cw_rt_device *from;  /* of the source, when that is another device with memory of its own; else NULL */
    struct cw_rt_side dst, src;
    struct cw_rt_box box;
    enum cw_copy_kind kind;
    bool host_only;
};

/* A copy, and what its sides are. */
struct cw_rt_copy_plan {
    struct cw_rt_transfer transfer;
    enum cw_rt_memory dst_kind, src_kind;
    struct cw_rt_device *dst_owner, *src_owner; /* NULL for memory that the runtime doesn't know */
};

/* One fill that was checked: elements of `pattern_size` bytes (1, 2 or 4); widths are in bytes. */
struct cw_rt_filling {
    struct cw_rt_device *owner;
    struct cw_rt_side dst;
    struct cw_rt_box box;
    uint32_t pattern, pattern_size;
};

/* Checks ranges and direction of a copy that is not empty. `device` is the current one. */
cudaError_t cw_rt_copy_check(struct cw_rt_device *device, struct cw_rt_side dst, struct cw_rt_side src,
                             struct cw_rt_box box, enum cudaMemcpyKind kind, struct cw_rt_copy_plan *plan);
/* Runs a struct cw_rt_transfer, as operations of streams do. */
cudaError_t cw_rt_transfer_run(struct cw_rt_device *device, void *transfer);
/* The same for fills. The memory that is filled goes to `memory`. */
cudaError_t cw_rt_fill_check(struct cw_rt_side dst, struct cw_rt_box box, uint32_t pattern, uint32_t pattern_size,
                             struct cw_rt_filling *filling, enum cw_rt_memory *memory);
cudaError_t cw_rt_filling_run(struct cw_rt_device *device, void *filling);

/* The sides of a copy of CUDA's general form. An extent of 0 gives an empty box and success. */
cudaError_t cw_rt_copy_sides(const struct cudaMemcpy3DParms *params, struct cw_rt_side *dst, struct cw_rt_side *src,
                             struct cw_rt_box *box);

cudaError_t cw_rt_copy(struct cw_rt_side dst, struct cw_rt_side src, struct cw_rt_box box, enum cudaMemcpyKind kind,
                       cudaStream_t stream, enum cw_rt_timing timing);
cudaError_t cw_rt_fill(struct cw_rt_side dst, int value, struct cw_rt_box box, cudaStream_t stream,
                       enum cw_rt_timing timing);
/* With elements of 1, 2 or 4 bytes; widths are in bytes. */
cudaError_t cw_rt_fill_pattern(struct cw_rt_side dst, uint32_t pattern, uint32_t pattern_size, struct cw_rt_box box,
                               cudaStream_t stream, enum cw_rt_timing timing);

#endif
