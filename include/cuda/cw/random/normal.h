/* SPDX-License-Identifier: Apache-2.0 */
/*
 * random/normal.h: normal and log-normal numbers: cuRAND documentation, "Device API Overview, Distributions".
 *
 * As documented, XORWOW, MRG32k3a and Philox use Box and Muller's method, which makes two numbers of two; where one is
 * asked for, the state keeps the other. Sobol's sequences and MTGP32 use the inverse of the normal distribution function,
 * one number each.
 */
#ifndef CW_CUDA_RANDOM_NORMAL_H
#define CW_CUDA_RANDOM_NORMAL_H

#include "uniform.h"

/* u and v are above 0 and up to 1. */
static __forceinline__ __device__ float2 __cw_box_muller(float u, float v) {
    float radius = sqrtf(-2.0f * logf(u)), s, c;
    sincospif(2.0f * v, &s, &c);
    return make_float2(radius * s, radius * c);
}
static __forceinline__ __device__ double2 __cw_box_muller_double(double u, double v) {
    double radius = sqrt(-2.0 * log(u)), s, c;
    sincospi(2.0 * v, &s, &c);
    return make_double2(radius * s, radius * c);
}

#define CW_NORMAL_PAIRS(state_type)                                                                                    \
    QUALIFIERS float2 curand_normal2(state_type *state) {                                                              \
        float u = curand_uniform(state);                                                                               \
        return __cw_box_muller(u, curand_uniform(state));                                                              \
    }                                                                                                                  \
    QUALIFIERS float curand_normal(state_type *state) {                                                                \
        if (state->has_normal) {                                                                                       \
            state->has_normal = 0;                                                                                     \
            return state->normal;                                                                                      \
        }                                                                                                              \
        float2 pair = curand_normal2(state);                                                                           \
        state->normal = pair.y;                                                                                        \
        state->has_normal = 1;                                                                                         \
        return pair.x;                                                                                                 \
    }                                                                                                                  \
    QUALIFIERS double curand_normal_double(state_type *state) {                                                        \
        if (state->has_normal_double) {                                                                                \
            state->has_normal_double = 0;                                                                              \
            return state->normal_double;                                                                               \
        }                                                                                                              \
        double2 pair = curand_normal2_double(state);                                                                   \
        state->normal_double = pair.y;                                                                                 \
        state->has_normal_double = 1;                                                                                  \
        return pair.x;                                                                                                 \
    }                                                                                                                  \
    QUALIFIERS float2 curand_log_normal2(state_type *state, float mean, float stddev) {                                \
        float2 n = curand_normal2(state);                                                                              \
        return make_float2(expf(mean + stddev * n.x), expf(mean + stddev * n.y));                                      \
    }                                                                                                                  \
    QUALIFIERS double2 curand_log_normal2_double(state_type *state, double mean, double stddev) {                      \
        double2 n = curand_normal2_double(state);                                                                      \
        return make_double2(exp(mean + stddev * n.x), exp(mean + stddev * n.y));                                       \
    }

#define CW_NORMAL2_DOUBLE(state_type)                                                                                  \
    QUALIFIERS double2 curand_normal2_double(state_type *state) {                                                      \
        double u = curand_uniform_double(state);                                                                       \
        return __cw_box_muller_double(u, curand_uniform_double(state));                                                \
    }

#define CW_NORMAL_INVERSE(state_type)                                                                                  \
    QUALIFIERS double curand_normal_double(state_type *state) { return normcdfinv(curand_uniform_double(state)); }

#define CW_NORMAL_INVERSE_32(state_type)                                                                               \
    CW_NORMAL_INVERSE(state_type)                                                                                      \
    QUALIFIERS float curand_normal(state_type *state) { return (float)curand_normal_double(state); }

/* The upper 32 bits, so that the number can't be infinite. */
#define CW_NORMAL_INVERSE_64(state_type)                                                                               \
    CW_NORMAL_INVERSE(state_type)                                                                                      \
    QUALIFIERS float curand_normal(state_type *state) {                                                                \
        return (float)normcdfinv(__cw_uniform_32((unsigned int)(curand(state) >> 32)));                                \
    }

#define CW_LOG_NORMAL(state_type)                                                                                      \
    QUALIFIERS float curand_log_normal(state_type *state, float mean, float stddev) {                                  \
        return expf(mean + stddev * curand_normal(state));                                                             \
    }                                                                                                                  \
    QUALIFIERS double curand_log_normal_double(state_type *state, double mean, double stddev) {                        \
        return exp(mean + stddev * curand_normal_double(state));                                                       \
    }

QUALIFIERS double2 curand_normal2_double(curandStatePhilox4_32_10_t *state) {
    double2 u = curand_uniform2_double(state);
    return __cw_box_muller_double(u.x, u.y);
}
CW_NORMAL2_DOUBLE(curandStateXORWOW_t)
CW_NORMAL2_DOUBLE(curandStateMRG32k3a_t)
CW_NORMAL_PAIRS(curandStateXORWOW_t)
CW_NORMAL_PAIRS(curandStateMRG32k3a_t)
CW_NORMAL_PAIRS(curandStatePhilox4_32_10_t)
CW_NORMAL_INVERSE_32(curandStateMtgp32_t)
CW_NORMAL_INVERSE_32(curandStateSobol32_t)
CW_NORMAL_INVERSE_32(curandStateScrambledSobol32_t)
CW_NORMAL_INVERSE_64(curandStateSobol64_t)
CW_NORMAL_INVERSE_64(curandStateScrambledSobol64_t)
CW_LOG_NORMAL(curandStateXORWOW_t)
CW_LOG_NORMAL(curandStateMRG32k3a_t)
CW_LOG_NORMAL(curandStatePhilox4_32_10_t)
CW_LOG_NORMAL(curandStateMtgp32_t)
CW_LOG_NORMAL(curandStateSobol32_t)
CW_LOG_NORMAL(curandStateScrambledSobol32_t)
CW_LOG_NORMAL(curandStateSobol64_t)
CW_LOG_NORMAL(curandStateScrambledSobol64_t)
#undef CW_NORMAL_PAIRS
#undef CW_NORMAL2_DOUBLE
#undef CW_NORMAL_INVERSE
#undef CW_NORMAL_INVERSE_32
#undef CW_NORMAL_INVERSE_64
#undef CW_LOG_NORMAL

QUALIFIERS float4 curand_normal4(curandStatePhilox4_32_10_t *state) {
    float4 u = curand_uniform4(state);
    float2 first = __cw_box_muller(u.x, u.y), second = __cw_box_muller(u.z, u.w);
    return make_float4(first.x, first.y, second.x, second.y);
}
QUALIFIERS double4 curand_normal4_double(curandStatePhilox4_32_10_t *state) {
    double2 first = curand_normal2_double(state), second = curand_normal2_double(state);
    return make_double4(first.x, first.y, second.x, second.y);
}
QUALIFIERS float4 curand_log_normal4(curandStatePhilox4_32_10_t *state, float mean, float stddev) {
    float4 n = curand_normal4(state);
    return make_float4(expf(mean + stddev * n.x), expf(mean + stddev * n.y), expf(mean + stddev * n.z),
                       expf(mean + stddev * n.w));
}
QUALIFIERS double4 curand_log_normal4_double(curandStatePhilox4_32_10_t *state, double mean, double stddev) {
    double4 n = curand_normal4_double(state);
    return make_double4(exp(mean + stddev * n.x), exp(mean + stddev * n.y), exp(mean + stddev * n.z),
                        exp(mean + stddev * n.w));
}

#endif
