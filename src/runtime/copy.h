/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copy.h: one shape for every copy and every fill: `depth` slices of `height` rows of `width` bytes. A plain copy is one
 * row. copy.c checks ranges and directions, decides what runs when, and queues it.
 */
#ifndef CW_RUNTIME_COPY_H
#define CW_RUNTIME_COPY_H

#include <stdbool.h>
#include <stddef.h>

#include "cuda/driver_types.h"

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

cudaError_t cw_rt_copy(struct cw_rt_side dst, struct cw_rt_side src, struct cw_rt_box box, enum cudaMemcpyKind kind,
                       cudaStream_t stream, enum cw_rt_timing timing);
cudaError_t cw_rt_fill(struct cw_rt_side dst, int value, struct cw_rt_box box, cudaStream_t stream,
                       enum cw_rt_timing timing);

#endif
