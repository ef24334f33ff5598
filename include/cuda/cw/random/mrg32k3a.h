/* SPDX-License-Identifier: Apache-2.0 */
/*
 * random/mrg32k3a.h: MRG32k3a: L'Ecuyer, "Good parameters and implementations for combined multiple recursive random
 * number generators", 1999. Sequences are 2^127 and subsequences 2^76 numbers apart, as in L'Ecuyer, Simard, Chen and
 * Kelton, "An object-oriented random-number package with many long streams and substreams", 2002.
 *
 * cuRAND's documentation does not say how a seed becomes a state. Here seed 0 is the state that the papers start from,
 * 12345 six times; any other seed fills it with the words of splitmix64.
 */
#ifndef CW_CUDA_RANDOM_MRG32K3A_H
#define CW_CUDA_RANDOM_MRG32K3A_H

#include "define.h"
#include "jumps.h"
#include "state.h"

#define MRG32K3A_MOD1 4294967087u
#define MRG32K3A_MOD2 4294944443u
#define CW_MRG_SUBSEQUENCE_LOG2 76
#define CW_MRG_SEQUENCE_LOG2 127

static __forceinline__ __device__ unsigned int __cw_mrg_step1(unsigned int *s) {
    unsigned long long next = 1403580ull * s[1] + 810728ull * (MRG32K3A_MOD1 - s[0]);
    s[0] = s[1];
    s[1] = s[2];
    return s[2] = (unsigned int)(next % MRG32K3A_MOD1);
}
static __forceinline__ __device__ unsigned int __cw_mrg_step2(unsigned int *s) {
    unsigned long long next = 527612ull * s[2] + 1370589ull * (MRG32K3A_MOD2 - s[0]);
    s[0] = s[1];
    s[1] = s[2];
    return s[2] = (unsigned int)(next % MRG32K3A_MOD2);
}

/* The paper's integer, 1 to 4294967087. */
static __forceinline__ __device__ unsigned int __cw_mrg_next(curandStateMRG32k3a_t *state) {
    unsigned int first = __cw_mrg_step1(state->s1), second = __cw_mrg_step2(state->s2);
    return first > second ? first - second : first - second + MRG32K3A_MOD1;
}

/* All 32 bits vary: the integer as a fraction of the modulus, times 2^32. */
QUALIFIERS unsigned int curand(curandStateMRG32k3a_t *state) {
    return (unsigned int)(((unsigned long long)(__cw_mrg_next(state) - 1u) << 32) / MRG32K3A_MOD1);
}

/* The polynomial of one power of two, evaluated at one recurrence. */
static __forceinline__ __device__ unsigned int __cw_mrg_combine(const unsigned int *polynomial, unsigned int a,
                                                                unsigned int b, unsigned int c, unsigned int modulus) {
    unsigned long long sum = (unsigned long long)polynomial[0] * a % modulus;
    sum += (unsigned long long)polynomial[1] * b % modulus;
    sum += (unsigned long long)polynomial[2] * c % modulus;
    return (unsigned int)(sum % modulus);
}

CW_RANDOM_LONG void __cw_mrg_jump(curandStateMRG32k3a_t *state, unsigned long long count, int first_power) {
    for (int power = first_power; count != 0; power++, count >>= 1) {
        if (!(count & 1)) continue;
        unsigned int *s[2] = {state->s1, state->s2};
        for (int which = 0; which < 2; which++) {
            const unsigned int *polynomial = __cw_mrg32k3a_jumps[power] + 3 * which;
            unsigned int modulus = which == 0 ? MRG32K3A_MOD1 : MRG32K3A_MOD2, run[5];
            for (int i = 0; i < 3; i++)
                run[i] = s[which][i];
            for (int i = 3; i < 5; i++)
                run[i] = which == 0 ? __cw_mrg_step1(s[0]) : __cw_mrg_step2(s[1]);
            for (int i = 0; i < 3; i++)
                s[which][i] = __cw_mrg_combine(polynomial, run[i], run[i + 1], run[i + 2], modulus);
        }
    }
}

QUALIFIERS void skipahead(unsigned long long n, curandStateMRG32k3a_t *state) { __cw_mrg_jump(state, n, 0); }
QUALIFIERS void skipahead_subsequence(unsigned long long n, curandStateMRG32k3a_t *state) {
    __cw_mrg_jump(state, n, CW_MRG_SUBSEQUENCE_LOG2);
}
QUALIFIERS void skipahead_sequence(unsigned long long n, curandStateMRG32k3a_t *state) {
    __cw_mrg_jump(state, n, CW_MRG_SEQUENCE_LOG2);
}

QUALIFIERS void curand_init(unsigned long long seed, unsigned long long subsequence, unsigned long long offset,
                            curandStateMRG32k3a_t *state) {
    unsigned long long mixed = seed;
    for (int i = 0; i < 3; i++) {
        state->s1[i] = seed == 0 ? 12345u : 1u + (unsigned int)(__cw_seed_next(&mixed) % (MRG32K3A_MOD1 - 1u));
        state->s2[i] = seed == 0 ? 12345u : 1u + (unsigned int)(__cw_seed_next(&mixed) % (MRG32K3A_MOD2 - 1u));
    }
    state->has_normal = state->has_normal_double = 0;
    state->normal = 0.0f;
    state->normal_double = 0.0;
    skipahead_subsequence(subsequence, state);
    skipahead(offset, state);
}

#endif
