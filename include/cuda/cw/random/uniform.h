/* SPDX-License-Identifier: Apache-2.0 */
/*
 * random/uniform.h: uniform numbers above 0 and up to 1: cuRAND documentation, "Device API Overview, Distributions".
 *
 * n bits give the middle of one of 2^n equal parts, rounded, so 0 can't come out and 1 can. As documented, a double
 * takes 53 bits from two words of XORWOW and from Sobol's 64 bits, and 32 bits from one word of the others.
 */
#ifndef CW_CUDA_RANDOM_UNIFORM_H
#define CW_CUDA_RANDOM_UNIFORM_H

#include "mrg32k3a.h"
#include "mtgp32.h"
#include "philox.h"
#include "sobol.h"
#include "xorwow.h"

static __forceinline__ __device__ float __cw_uniform(unsigned int x) { return __fmaf_rn((float)x, 0x1p-32f, 0x1p-33f); }
static __forceinline__ __device__ double __cw_uniform_32(unsigned int x) { return ((double)x + 0.5) * 0x1p-32; }
static __forceinline__ __device__ double __cw_uniform_53(unsigned long long x) {
    return ((double)(x >> 11) + 0.5) * 0x1p-53;
}
static __forceinline__ __device__ unsigned long long __cw_two_words(unsigned int low, unsigned int high) {
    return ((unsigned long long)high << 32) | low;
}

#define CW_UNIFORM(state_type, single, wide)                                                                           \
    QUALIFIERS float curand_uniform(state_type *state) { return single; }                                              \
    QUALIFIERS double curand_uniform_double(state_type *state) { return wide; }

static __forceinline__ __device__ double __cw_uniform_from_two(curandStateXORWOW_t *state) {
    unsigned int low = curand(state), high = curand(state);
    return __cw_uniform_53(__cw_two_words(low, high));
}
CW_UNIFORM(curandStateXORWOW_t, __cw_uniform(curand(state)), __cw_uniform_from_two(state))
/* The paper's: its integers times 1 / (modulus + 1). */
CW_UNIFORM(curandStateMRG32k3a_t, (float)(__cw_mrg_next(state) * 2.328306549295727688e-10),
           __cw_mrg_next(state) * 2.328306549295727688e-10)
CW_UNIFORM(curandStatePhilox4_32_10_t, __cw_uniform(curand(state)), __cw_uniform_32(curand(state)))
CW_UNIFORM(curandStateMtgp32_t, __cw_uniform(curand(state)), __cw_uniform_32(curand(state)))
CW_UNIFORM(curandStateSobol32_t, __cw_uniform(curand(state)), __cw_uniform_32(curand(state)))
CW_UNIFORM(curandStateScrambledSobol32_t, __cw_uniform(curand(state)), __cw_uniform_32(curand(state)))
CW_UNIFORM(curandStateSobol64_t, __cw_uniform((unsigned int)(curand(state) >> 32)), __cw_uniform_53(curand(state)))
CW_UNIFORM(curandStateScrambledSobol64_t, __cw_uniform((unsigned int)(curand(state) >> 32)),
           __cw_uniform_53(curand(state)))
#undef CW_UNIFORM

QUALIFIERS float4 curand_uniform4(curandStatePhilox4_32_10_t *state) {
    uint4 x = curand4(state);
    return make_float4(__cw_uniform(x.x), __cw_uniform(x.y), __cw_uniform(x.z), __cw_uniform(x.w));
}
QUALIFIERS double2 curand_uniform2_double(curandStatePhilox4_32_10_t *state) {
    uint4 x = curand4(state);
    return make_double2(__cw_uniform_53(__cw_two_words(x.x, x.y)), __cw_uniform_53(__cw_two_words(x.z, x.w)));
}
QUALIFIERS double4 curand_uniform4_double(curandStatePhilox4_32_10_t *state) {
    double2 first = curand_uniform2_double(state), second = curand_uniform2_double(state);
    return make_double4(first.x, first.y, second.x, second.y);
}

#endif
