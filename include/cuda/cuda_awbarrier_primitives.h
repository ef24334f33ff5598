/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cuda_awbarrier_primitives.h: barriers as functions on a 64-bit word in shared memory: CUDA C++ Programming Guide,
 * "Asynchronous Barrier, Memory Barrier Primitives Interface".
 *
 * The word: arrivals that the phase lacks (20 bits), arrivals that a phase begins with (20 bits), the phase's number.
 */
#ifndef _CUDA_AWBARRIER_PRIMITIVES_H_
#define _CUDA_AWBARRIER_PRIMITIVES_H_

#include "cuda_runtime.h"

typedef unsigned long long __mbarrier_t;
typedef unsigned long long __mbarrier_token_t;

#if defined(__CUDA__)

#define CW_MBARRIER_BITS 20
#define CW_MBARRIER_MASK ((1ull << CW_MBARRIER_BITS) - 1ull)

static __inline__ __device__ unsigned int __mbarrier_maximum_count(void) { return (unsigned int)CW_MBARRIER_MASK; }
static __inline__ __device__ void __mbarrier_init(__mbarrier_t *barrier, unsigned int expected_count) {
    unsigned long long word = expected_count | (unsigned long long)expected_count << CW_MBARRIER_BITS;
    __scoped_atomic_store_n(barrier, word, __ATOMIC_RELEASE, __MEMORY_SCOPE_WRKGRP);
}
static __inline__ __device__ void __mbarrier_inval(__mbarrier_t *barrier) {
    __scoped_atomic_store_n(barrier, 0ull, __ATOMIC_RELEASE, __MEMORY_SCOPE_WRKGRP);
}

/* One arrival, after which phases begin with `dropped` less; whoever is last begins the next phase. */
static __inline__ __device__ __mbarrier_token_t __cw_mbarrier_take(__mbarrier_t *barrier, unsigned int dropped) {
    unsigned long long old = __scoped_atomic_load_n(barrier, __ATOMIC_RELAXED, __MEMORY_SCOPE_WRKGRP), next;
    do {
        unsigned long long expected = ((old >> CW_MBARRIER_BITS) & CW_MBARRIER_MASK) - dropped;
        unsigned long long missing = (old & CW_MBARRIER_MASK) - 1ull, phase = old >> 2 * CW_MBARRIER_BITS;
        if (missing == 0) {
            missing = expected;
            phase++;
        }
        next = missing | expected << CW_MBARRIER_BITS | phase << 2 * CW_MBARRIER_BITS;
    } while (!__scoped_atomic_compare_exchange_n(barrier, &old, next, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED,
                                                 __MEMORY_SCOPE_WRKGRP));
    return old;
}
static __inline__ __device__ __mbarrier_token_t __mbarrier_arrive(__mbarrier_t *barrier) {
    return __cw_mbarrier_take(barrier, 0);
}
static __inline__ __device__ __mbarrier_token_t __mbarrier_arrive_and_drop(__mbarrier_t *barrier) {
    return __cw_mbarrier_take(barrier, 1);
}
/* Arrivals that the token's phase lacked when it was given. */
static __inline__ __device__ unsigned int __mbarrier_token_pending_count(__mbarrier_token_t token) {
    return (unsigned int)(token & CW_MBARRIER_MASK);
}
/* Whether the token's phase is over. */
static __inline__ __device__ bool __mbarrier_test_wait(__mbarrier_t *barrier, __mbarrier_token_t token) {
    unsigned long long now = __scoped_atomic_load_n(barrier, __ATOMIC_ACQUIRE, __MEMORY_SCOPE_WRKGRP);
    return now >> 2 * CW_MBARRIER_BITS != token >> 2 * CW_MBARRIER_BITS;
}
/* Whether a phase of this parity is over; the first phase's is 0. */
static __inline__ __device__ bool __mbarrier_test_wait_parity(__mbarrier_t *barrier, bool phase_parity) {
    unsigned long long now = __scoped_atomic_load_n(barrier, __ATOMIC_ACQUIRE, __MEMORY_SCOPE_WRKGRP);
    return ((now >> 2 * CW_MBARRIER_BITS) & 1ull) != (unsigned long long)phase_parity;
}
/* Waits at most about so many nanoseconds. */
static __inline__ __device__ bool __mbarrier_try_wait(__mbarrier_t *barrier, __mbarrier_token_t token,
                                                      unsigned int max_sleep_nanosec) {
    long long end = __cw_globaltimer() + max_sleep_nanosec;
    bool over = __mbarrier_test_wait(barrier, token);
    while (!over && __cw_globaltimer() < end) {
        __cw_poll();
        over = __mbarrier_test_wait(barrier, token);
    }
    return over;
}
static __inline__ __device__ bool __mbarrier_try_wait_parity(__mbarrier_t *barrier, bool phase_parity,
                                                             unsigned int max_sleep_nanosec) {
    long long end = __cw_globaltimer() + max_sleep_nanosec;
    bool over = __mbarrier_test_wait_parity(barrier, phase_parity);
    while (!over && __cw_globaltimer() < end) {
        __cw_poll();
        over = __mbarrier_test_wait_parity(barrier, phase_parity);
    }
    return over;
}

#endif
#endif
