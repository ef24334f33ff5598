/* SPDX-License-Identifier: Apache-2.0 */
/* cuda_pipeline.h: the pipeline primitives, and the class that came before cuda::pipeline. */
#ifndef _CUDA_PIPELINE_H_
#define _CUDA_PIPELINE_H_

#include "cuda_awbarrier.h"
#include "cuda_pipeline_primitives.h"

#if defined(__CUDA__) && defined(__cplusplus)

namespace nvcuda {
namespace experimental {

/* A thread's copies in batches; each is complete when it is issued. */
class pipeline {
  public:
    __device__ pipeline() : batch(0) {}
    pipeline(const pipeline &) = delete;
    pipeline &operator=(const pipeline &) = delete;
    __device__ size_t commit() { return batch++; }
    __device__ void commit_and_wait() { commit(); }
    __device__ void wait(size_t) {}
    template <unsigned int N> __device__ void wait_prior() {}
    __device__ void arrive_on(awbarrier &) {}

  private:
    size_t batch;
};

template <class T> __device__ inline void memcpy_async(T &to, const T &from, pipeline &) { to = from; }
template <class T, size_t ToLayout, size_t FromLayout>
__device__ inline void memcpy_async(T (&to)[ToLayout], const T (&from)[FromLayout], pipeline &) {
    for (size_t i = 0; i < ToLayout; i++)
        to[i] = i < FromLayout ? from[i] : T();
}

} // namespace experimental
} // namespace nvcuda

#endif
#endif
