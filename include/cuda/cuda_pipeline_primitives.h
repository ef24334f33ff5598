/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cuda_pipeline_primitives.h: copies from global to shared memory: CUDA C++ Programming Guide, "Asynchronous Data
 * Copies, Pipeline Primitives Interface". Where the device has no asynchronous copies, a copy is complete when it is issued, so that
 * commits and waits have nothing to do.
 */
#ifndef _CUDA_PIPELINE_PRIMITIVES_H_
#define _CUDA_PIPELINE_PRIMITIVES_H_

#include "cuda_awbarrier_primitives.h"

#if defined(__CUDA__)

#include "cuda_runtime.h"

/* Copies size bytes, of which the last `zfill` are zeros instead. */
static __inline__ __device__ void __pipeline_memcpy_async(void *__restrict__ to, const void *__restrict__ from,
                                                          size_t size, size_t zfill = 0) {
    int valid = (int)(size - zfill);
    if (size == 16 ? __cw_async(0, to, (void *)from, 16, valid)
        : size == 8 ? __cw_async(0, to, (void *)from, 8, valid)
                    : size == 4 && __cw_async(0, to, (void *)from, 4, valid))
        return;
    memcpy(to, from, size - zfill);
    if (zfill != 0) memset((char *)to + (size - zfill), 0, zfill);
}
static __inline__ __device__ void __pipeline_commit(void) { (void)__cw_async(1, 0, 0, 0, 0); }
/* The count is one of the instruction's own fields; more than eight groups are waited for as eight. */
static __inline__ __device__ void __pipeline_wait_prior(size_t prior) {
    switch (prior) {
    case 0: (void)__cw_async(2, 0, 0, 0, 0); break;
    case 1: (void)__cw_async(2, 0, 0, 1, 0); break;
    case 2: (void)__cw_async(2, 0, 0, 2, 0); break;
    case 3: (void)__cw_async(2, 0, 0, 3, 0); break;
    case 4: (void)__cw_async(2, 0, 0, 4, 0); break;
    case 5: (void)__cw_async(2, 0, 0, 5, 0); break;
    case 6: (void)__cw_async(2, 0, 0, 6, 0); break;
    case 7: (void)__cw_async(2, 0, 0, 7, 0); break;
    default: (void)__cw_async(2, 0, 0, 8, 0); break;
    }
}
/* The barrier's phase would wait for the copies, so these are waited for. */
static __inline__ __device__ void __pipeline_arrive_on(__mbarrier_t *) { (void)__cw_async(3, 0, 0, 0, 0); }

#endif

#endif
