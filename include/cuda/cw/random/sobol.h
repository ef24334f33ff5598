/* SPDX-License-Identifier: Apache-2.0 */
/*
 * random/sobol.h: Sobol's low-discrepancy sequences in Gray code order: Antonov and Saleev, "An economic method of
 * computing LP-tau sequences", 1979. Which points they are is up to the caller's direction numbers; a scrambled sequence
 * starts from the caller's scramble constant instead of 0.
 */
#ifndef CW_CUDA_RANDOM_SOBOL_H
#define CW_CUDA_RANDOM_SOBOL_H

#include "define.h"
#include "state.h"

/* Point n is the sum of the direction numbers at the bits of n's Gray code, so the next one differs by the number at
 * the lowest 0 bit of n. */
#define CW_SOBOL(state_type, word, bits, lowest_zero)                                                                  \
    QUALIFIERS word curand(state_type *state) {                                                                        \
        word point = state->x;                                                                                         \
        state->x ^= state->direction_vectors[(lowest_zero) & (bits - 1)];                                              \
        state->i++;                                                                                                    \
        return point;                                                                                                  \
    }                                                                                                                  \
    QUALIFIERS void skipahead(word n, state_type *state) {                                                             \
        state->i += n;                                                                                                 \
        word gray = state->i ^ (state->i >> 1), point = state->c;                                                      \
        for (int k = 0; k < bits; k++)                                                                                 \
            point ^= ((word)0 - ((gray >> k) & 1)) & state->direction_vectors[k];                                      \
        state->x = point;                                                                                              \
    }                                                                                                                  \
    static __forceinline__ __device__ void __cw_sobol_init(const word *direction_vectors, word scramble, word offset,  \
                                                           state_type *state) {                                        \
        for (int k = 0; k < bits; k++)                                                                                 \
            state->direction_vectors[k] = direction_vectors[k];                                                        \
        state->i = 0;                                                                                                  \
        state->c = scramble;                                                                                           \
        skipahead(offset, state);                                                                                      \
    }

CW_SOBOL(curandStateSobol32_t, unsigned int, 32, __ffs((int)~state->i) - 1)
CW_SOBOL(curandStateScrambledSobol32_t, unsigned int, 32, __ffs((int)~state->i) - 1)
CW_SOBOL(curandStateSobol64_t, unsigned long long, 64, __ffsll((long long)~state->i) - 1)
CW_SOBOL(curandStateScrambledSobol64_t, unsigned long long, 64, __ffsll((long long)~state->i) - 1)
#undef CW_SOBOL

/* CUDA takes the table of one dimension as an array or as a pointer to its first number. */
QUALIFIERS void curand_init(curandDirectionVectors32_t direction_vectors, unsigned int offset,
                            curandStateSobol32_t *state) {
    __cw_sobol_init(direction_vectors, 0u, offset, state);
}
QUALIFIERS void curand_init(curandDirectionVectors32_t direction_vectors, unsigned int scramble_c, unsigned int offset,
                            curandStateScrambledSobol32_t *state) {
    __cw_sobol_init(direction_vectors, scramble_c, offset, state);
}
QUALIFIERS void curand_init(curandDirectionVectors64_t direction_vectors, unsigned long long offset,
                            curandStateSobol64_t *state) {
    __cw_sobol_init(direction_vectors, 0ull, offset, state);
}
QUALIFIERS void curand_init(curandDirectionVectors64_t direction_vectors, unsigned long long scramble_c,
                            unsigned long long offset, curandStateScrambledSobol64_t *state) {
    __cw_sobol_init(direction_vectors, scramble_c, offset, state);
}

#endif
