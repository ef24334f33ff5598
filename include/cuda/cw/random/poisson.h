/* SPDX-License-Identifier: Apache-2.0 */
/*
 * random/poisson.h: Poisson and other discrete numbers: cuRAND documentation, "Device API Overview, Distributions".
 *
 * cuRAND does not document its methods, apart from the normal approximation for means above 4000. Here pseudorandom
 * generators multiply uniform numbers for small means (Knuth, "The Art of Computer Programming" 2, 3.4.1) and reject by
 * Hörmann's method PTRS ("The transformed rejection method for generating Poisson random variables", 1993) for others.
 * Sobol's sequences and MTGP32, of which each number must take exactly one point, search the distribution function.
 */
#ifndef CW_CUDA_RANDOM_POISSON_H
#define CW_CUDA_RANDOM_POISSON_H

#include "normal.h"

#define CW_POISSON_KNUTH_BELOW 12.0
#define CW_POISSON_NORMAL_ABOVE 4000.0

static __forceinline__ __device__ unsigned int __cw_poisson_rounded(double lambda, double normal) {
    double value = floor(lambda + sqrt(lambda) * normal + 0.5);
    return value < 0.0 ? 0u : (unsigned int)value;
}

/* The first number whose distribution function reaches u. Starts where the probability before is below rounding. */
CW_RANDOM_LONG unsigned int __cw_poisson_inverse(double lambda, double u) {
    if (lambda > CW_POISSON_NORMAL_ABOVE) return __cw_poisson_rounded(lambda, normcdfinv(u));
    double start = floor(lambda - 10.0 * sqrt(lambda) - 10.0);
    double k = start > 0.0 ? start : 0.0;
    double probability = exp(k * log(lambda) - lambda - lgamma(k + 1.0)), sum = probability;
    double last = lambda + 12.0 * sqrt(lambda) + 40.0;
    while (sum < u && k < last) {
        k += 1.0;
        probability *= lambda / k;
        sum += probability;
    }
    return (unsigned int)k;
}

template <class State>
static __device__ __attribute__((noinline)) unsigned int __cw_poisson_reject(State *state, double lambda) {
    if (lambda > CW_POISSON_NORMAL_ABOVE) return __cw_poisson_rounded(lambda, curand_normal_double(state));
    if (lambda < CW_POISSON_KNUTH_BELOW) {
        double limit = exp(-lambda), product = curand_uniform_double(state);
        unsigned int count = 0;
        for (; product > limit; count++)
            product *= curand_uniform_double(state);
        return count;
    }
    double b = 0.931 + 2.53 * sqrt(lambda), a = -0.059 + 0.02483 * b, over_alpha = 1.1239 + 1.1328 / (b - 3.4);
    double v_r = 0.9277 - 3.6224 / (b - 2.0), log_lambda = log(lambda);
    for (;;) {
        double u = curand_uniform_double(state) - 0.5, v = curand_uniform_double(state);
        double us = 0.5 - fabs(u), k = floor((2.0 * a / us + b) * u + lambda + 0.43);
        if (us >= 0.07 && v <= v_r) return (unsigned int)k;
        if (k < 0.0 || (us < 0.013 && v > us)) continue;
        if (log(v * over_alpha / (a / (us * us) + b)) <= k * log_lambda - lambda - lgamma(k + 1.0))
            return (unsigned int)k;
    }
}

/* The position of u among the cumulative probabilities. */
static __device__ __forceinline__ unsigned int __cw_discrete(double u, curandDiscreteDistribution_t distribution) {
    unsigned int low = 0, high = distribution->count - 1;
    while (low < high) {
        unsigned int middle = low + (high - low) / 2;
        if (distribution->cumulative[middle] < u)
            low = middle + 1;
        else
            high = middle;
    }
    return distribution->low + low;
}

#define CW_DISCRETE(state_type, poisson)                                                                               \
    QUALIFIERS unsigned int curand_poisson(state_type *state, double lambda) { return poisson; }                       \
    QUALIFIERS unsigned int curand_discrete(state_type *state, curandDiscreteDistribution_t distribution) {            \
        return __cw_discrete(curand_uniform_double(state), distribution);                                              \
    }
CW_DISCRETE(curandStateXORWOW_t, __cw_poisson_reject(state, lambda))
CW_DISCRETE(curandStateMRG32k3a_t, __cw_poisson_reject(state, lambda))
CW_DISCRETE(curandStatePhilox4_32_10_t, __cw_poisson_reject(state, lambda))
CW_DISCRETE(curandStateMtgp32_t, __cw_poisson_inverse(lambda, curand_uniform_double(state)))
CW_DISCRETE(curandStateSobol32_t, __cw_poisson_inverse(lambda, curand_uniform_double(state)))
CW_DISCRETE(curandStateScrambledSobol32_t, __cw_poisson_inverse(lambda, curand_uniform_double(state)))
CW_DISCRETE(curandStateSobol64_t, __cw_poisson_inverse(lambda, curand_uniform_double(state)))
CW_DISCRETE(curandStateScrambledSobol64_t, __cw_poisson_inverse(lambda, curand_uniform_double(state)))
#undef CW_DISCRETE

QUALIFIERS uint4 curand_poisson4(curandStatePhilox4_32_10_t *state, double lambda) {
    unsigned int x = curand_poisson(state, lambda), y = curand_poisson(state, lambda);
    unsigned int z = curand_poisson(state, lambda), w = curand_poisson(state, lambda);
    return make_uint4(x, y, z, w);
}
QUALIFIERS uint4 curand_discrete4(curandStatePhilox4_32_10_t *state, curandDiscreteDistribution_t distribution) {
    uint4 x = curand4(state);
    return make_uint4(
        __cw_discrete(__cw_uniform_32(x.x), distribution), __cw_discrete(__cw_uniform_32(x.y), distribution),
        __cw_discrete(__cw_uniform_32(x.z), distribution), __cw_discrete(__cw_uniform_32(x.w), distribution));
}

#undef CW_POISSON_KNUTH_BELOW
#undef CW_POISSON_NORMAL_ABOVE

#endif
