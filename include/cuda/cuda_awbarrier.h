/* SPDX-License-Identifier: Apache-2.0 */
/* cuda_awbarrier.h: the class that came before cuda::barrier: nvcuda::experimental::awbarrier, on the primitives. */
#ifndef _CUDA_AWBARRIER_H_
#define _CUDA_AWBARRIER_H_

#include "cuda_awbarrier_primitives.h"

#if defined(__CUDA__) && defined(__cplusplus)

namespace nvcuda {
namespace experimental {

class awbarrier {
  public:
    class arrival_token {
      public:
        arrival_token() = default;
        __device__ unsigned int pending_count() const { return __mbarrier_token_pending_count(token); }

      private:
        friend class awbarrier;
        __device__ explicit arrival_token(__mbarrier_token_t from) : token(from) {}
        __mbarrier_token_t token;
    };

    awbarrier() = default;
    awbarrier(const awbarrier &) = delete;
    awbarrier &operator=(const awbarrier &) = delete;
    __device__ static constexpr unsigned int max() { return (1u << 20) - 1u; }

    __device__ arrival_token arrive() { return arrival_token(__mbarrier_arrive(&word)); }
    __device__ arrival_token arrive_and_drop() { return arrival_token(__mbarrier_arrive_and_drop(&word)); }
    __device__ bool timed_wait(arrival_token token, unsigned int hint_cycles) {
        return __mbarrier_try_wait(&word, token.token, hint_cycles);
    }
    __device__ bool timed_wait_parity(bool phase, unsigned int hint_cycles) {
        return __mbarrier_try_wait_parity(&word, phase, hint_cycles);
    }
    __device__ void wait(arrival_token token) {
        while (!__mbarrier_test_wait(&word, token.token)) {}
    }
    __device__ void arrive_and_wait() { wait(arrive()); }

  private:
    __mbarrier_t word;
    friend __device__ void init(awbarrier *barrier, unsigned int expected_count);
    friend __device__ void inval(awbarrier *barrier);
    friend class pipeline;
};

__device__ inline void init(awbarrier *barrier, unsigned int expected_count) {
    __mbarrier_init(&barrier->word, expected_count);
}
__device__ inline void inval(awbarrier *barrier) { __mbarrier_inval(&barrier->word); }

} // namespace experimental
} // namespace nvcuda

#endif
#endif
