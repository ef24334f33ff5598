/* SPDX-License-Identifier: Apache-2.0 */
/*
 * words.h: words of memory that are written and waited for in order (Driver API reference, "Stream Memory Operations"): in
 * streams, where driver/stream_memory.c queues them, and in graphs, as nodes. The runtime API has no name for them, so the
 * driver API's types stand for them here too.
 */
#ifndef CW_RUNTIME_WORDS_H
#define CW_RUNTIME_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "cuda/cuda.h"
#include "cuda/driver_types.h"

struct cw_rt_device;
struct CUstream_st;

#define CW_RT_WORDS_MAX 256u /* operations in a batch */

struct cw_rt_words {
    unsigned count;
    CUstreamBatchMemOpParams operations[];
};

/* The parameters of a node in its general form lie where the driver API's struct has them. */
CUDA_BATCH_MEM_OP_NODE_PARAMS_v2 cw_rt_words_params(const struct cudaGraphNodeParams *params);

/* Checks a batch: kinds, flags, and addresses of aligned words. */
cudaError_t cw_rt_words_check(const CUstreamBatchMemOpParams *operations, size_t count, unsigned flags);
/* A copy of them, malloc'd; NULL when out of memory. */
struct cw_rt_words *cw_rt_words_copy(const CUstreamBatchMemOpParams *operations, unsigned count);
/* Does what a struct cw_rt_words says, waiting where it says so: for operations' and steps' `execute`. */
cudaError_t cw_rt_words_run(struct cw_rt_device *device, void *words);
/* Queues a checked batch; in a capture it becomes a node. */
cudaError_t cw_rt_words_submit(struct CUstream_st *stream, const CUstreamBatchMemOpParams *operations, unsigned count);

#endif
