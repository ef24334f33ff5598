/* SPDX-License-Identifier: Apache-2.0 */
/*
 * random/xorwow.h: Marsaglia's xorwow: "Xorshift RNGs", Journal of Statistical Software 8 (14), 2003, section 3.
 *
 * cuRAND's documentation says that sequences are 2^67 numbers apart but not how a seed becomes a state. Here seed 0 is
 * the state that the paper starts from, and any other seed fills the state with the words of splitmix64. So programs get
 * other numbers than on NVIDIA's library for the same seed, of the same generator.
 */
#ifndef CW_CUDA_RANDOM_XORWOW_H
#define CW_CUDA_RANDOM_XORWOW_H

#include "define.h"
#include "jumps.h"
#include "state.h"

#define CW_XORWOW_COUNTER_STEP 362437u
#define CW_XORWOW_SEQUENCE_LOG2 67

static __forceinline__ __device__ void __cw_xorwow_step(unsigned int *v) {
    unsigned int t = v[0] ^ (v[0] >> 2);
    v[0] = v[1];
    v[1] = v[2];
    v[2] = v[3];
    v[3] = v[4];
    v[4] = (v[4] ^ (v[4] << 4)) ^ (t ^ (t << 1));
}

QUALIFIERS unsigned int curand(curandStateXORWOW_t *state) {
    __cw_xorwow_step(state->v);
    state->d += CW_XORWOW_COUNTER_STEP;
    return state->d + state->v[4];
}

/* count * 2^first_power steps of the shift register: for every bit of count the polynomial of its power. */
CW_RANDOM_LONG void __cw_xorwow_jump(unsigned int *v, unsigned long long count, int first_power) {
    for (int power = first_power; count != 0; power++, count >>= 1) {
        if (!(count & 1)) continue;
        unsigned int sum[5] = {0, 0, 0, 0, 0};
        for (int i = 0; i < 160; i++) {
            unsigned int take = 0u - ((__cw_xorwow_jumps[power][i >> 5] >> (i & 31)) & 1u);
            for (int k = 0; k < 5; k++)
                sum[k] ^= v[k] & take;
            __cw_xorwow_step(v);
        }
        for (int k = 0; k < 5; k++)
            v[k] = sum[k];
    }
}

QUALIFIERS void skipahead(unsigned long long n, curandStateXORWOW_t *state) {
    __cw_xorwow_jump(state->v, n, 0);
    state->d += CW_XORWOW_COUNTER_STEP * (unsigned int)n;
}

/* The counter comes back to itself in 2^32 steps, so in a whole sequence too. */
QUALIFIERS void skipahead_sequence(unsigned long long n, curandStateXORWOW_t *state) {
    __cw_xorwow_jump(state->v, n, CW_XORWOW_SEQUENCE_LOG2);
}

QUALIFIERS void curand_init(unsigned long long seed, unsigned long long sequence, unsigned long long offset,
                            curandStateXORWOW_t *state) {
    state->v[0] = 123456789u;
    state->v[1] = 362436069u;
    state->v[2] = 521288629u;
    state->v[3] = 88675123u;
    state->v[4] = 5783321u;
    state->d = 6615241u;
    if (seed != 0) {
        unsigned long long mixed = seed;
        for (int k = 0; k < 5; k++)
            state->v[k] += (unsigned int)__cw_seed_next(&mixed);
        state->d += (unsigned int)__cw_seed_next(&mixed);
        /* The one state that the shift register never leaves. */
        if ((state->v[0] | state->v[1] | state->v[2] | state->v[3] | state->v[4]) == 0) state->v[0] = 1;
    }
    state->has_normal = state->has_normal_double = 0;
    state->normal = 0.0f;
    state->normal_double = 0.0;
    skipahead_sequence(sequence, state);
    skipahead(offset, state);
}

#endif
