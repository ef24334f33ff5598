/* SPDX-License-Identifier: Apache-2.0 */
/*
 * random/philox.h: Philox4x32-10: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011.
 *
 * The key is the seed, the counter's lower half the offset divided by 4, its upper half the subsequence: the arrangement
 * that PyTorch describes as cuRAND's. It has not been compared with NVIDIA's library.
 */
#ifndef CW_CUDA_RANDOM_PHILOX_H
#define CW_CUDA_RANDOM_PHILOX_H

#include "define.h"
#include "state.h"

#define PHILOX_W32_0 0x9E3779B9u
#define PHILOX_W32_1 0xBB67AE85u
#define PHILOX_M4x32_0 0xD2511F53u
#define PHILOX_M4x32_1 0xCD9E8D57u

QUALIFIERS uint4 curand_Philox4x32_10(uint4 counter, uint2 key) {
    for (int round = 0; round < 10; round++) {
        unsigned long long product0 = (unsigned long long)PHILOX_M4x32_0 * counter.x;
        unsigned long long product1 = (unsigned long long)PHILOX_M4x32_1 * counter.z;
        counter = make_uint4((unsigned int)(product1 >> 32) ^ counter.y ^ key.x, (unsigned int)product1,
                             (unsigned int)(product0 >> 32) ^ counter.w ^ key.y, (unsigned int)product0);
        key.x += PHILOX_W32_0;
        key.y += PHILOX_W32_1;
    }
    return counter;
}

/* Adds `low` to the lower half of the counter and `high`, with its carry, to the upper one. */
static __forceinline__ __device__ void __cw_philox_count(curandStatePhilox4_32_10_t *state, unsigned long long low,
                                                         unsigned long long high) {
    unsigned long long lower = ((unsigned long long)state->ctr.y << 32) | state->ctr.x;
    unsigned long long upper = ((unsigned long long)state->ctr.w << 32) | state->ctr.z;
    lower += low;
    upper += high + (lower < low);
    state->ctr =
        make_uint4((unsigned int)lower, (unsigned int)(lower >> 32), (unsigned int)upper, (unsigned int)(upper >> 32));
}

QUALIFIERS unsigned int curand(curandStatePhilox4_32_10_t *state) {
    unsigned int taken = state->STATE++;
    unsigned int word = taken == 0   ? state->output.x
                        : taken == 1 ? state->output.y
                        : taken == 2 ? state->output.z
                                     : state->output.w;
    if (state->STATE == 4) {
        __cw_philox_count(state, 1, 0);
        state->output = curand_Philox4x32_10(state->ctr, state->key);
        state->STATE = 0;
    }
    return word;
}

/* The next four words, whichever word of the output comes first. */
QUALIFIERS uint4 curand4(curandStatePhilox4_32_10_t *state) {
    uint4 now = state->output;
    __cw_philox_count(state, 1, 0);
    uint4 next = state->output = curand_Philox4x32_10(state->ctr, state->key);
    switch (state->STATE) {
    case 0: return now;
    case 1: return make_uint4(now.y, now.z, now.w, next.x);
    case 2: return make_uint4(now.z, now.w, next.x, next.y);
    default: return make_uint4(now.w, next.x, next.y, next.z);
    }
}

QUALIFIERS void skipahead(unsigned long long n, curandStatePhilox4_32_10_t *state) {
    unsigned int words = state->STATE + (unsigned int)(n & 3);
    __cw_philox_count(state, (n >> 2) + (words >> 2), 0);
    state->STATE = words & 3;
    state->output = curand_Philox4x32_10(state->ctr, state->key);
}

QUALIFIERS void skipahead_sequence(unsigned long long n, curandStatePhilox4_32_10_t *state) {
    __cw_philox_count(state, 0, n);
    state->output = curand_Philox4x32_10(state->ctr, state->key);
}

QUALIFIERS void curand_init(unsigned long long seed, unsigned long long subsequence, unsigned long long offset,
                            curandStatePhilox4_32_10_t *state) {
    state->ctr = make_uint4(0, 0, (unsigned int)subsequence, (unsigned int)(subsequence >> 32));
    state->key = make_uint2((unsigned int)seed, (unsigned int)(seed >> 32));
    state->STATE = 0;
    state->has_normal = state->has_normal_double = 0;
    state->normal = 0.0f;
    state->normal_double = 0.0;
    skipahead(offset, state);
}

#endif
