/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cuda_pipeline_primitives.h: copies from global to shared memory: CUDA C++ Programming Guide, "Asynchronous Data
 * Copies, Pipeline Primitives Interface". A copy is complete when it is issued, so that commits and waits have
 * nothing to do.
 */
#ifndef _CUDA_PIPELINE_PRIMITIVES_H_
#define _CUDA_PIPELINE_PRIMITIVES_H_

#include "cuda_awbarrier_primitives.h"

#if defined(__CUDA__)

#include "cuda_runtime.h"

/* Copies size bytes, of which the last `zfill` are zeros instead. */
static __inline__ __device__ void __pipeline_memcpy_async(void *__restrict__ to, const void *__restrict__ from,
                                                          size_t size, size_t zfill = 0) {
    memcpy(to, from, size - zfill);
    if (zfill != 0) memset((char *)to + (size - zfill), 0, zfill);
}
static __inline__ __device__ void __pipeline_commit(void) {}
static __inline__ __device__ void __pipeline_wait_prior(size_t) {}
/* The barrier's phase would wait for the copies, which are complete. */
static __inline__ __device__ void __pipeline_arrive_on(__mbarrier_t *) {}

#endif

#endif
