/* SPDX-License-Identifier: Apache-2.0 */
#include "monte_carlo.h"

enum { BLOCK = 256 };

static inline float payoff(float normal) {
    const float end = MC_PRICE * expf(MC_DRIFT + MC_SPREAD * normal) - MC_STRIKE;
    return end > 0 ? end : 0;
}

/* The payoffs of `count` calls of the generator. One function of the library in a loop: compilers vectorise that. */
static float block(uint32_t first, uint32_t count) {
    float radius[2 * BLOCK], angle[2 * BLOCK], cosine[2 * BLOCK], sine[2 * BLOCK], sum = 0;
#pragma omp simd
    for (uint32_t i = 0; i < count; i++) {
        uint32_t x[4];
        philox(first + i, x);
        radius[i] = philox_uniform(x[0]);
        radius[count + i] = philox_uniform(x[2]);
        angle[i] = 6.2831853f * philox_uniform(x[1]);
        angle[count + i] = 6.2831853f * philox_uniform(x[3]);
    }
#pragma omp simd
    for (uint32_t i = 0; i < 2 * count; i++) {
        radius[i] = sqrtf(-2.0f * logf(radius[i]));
    }
#pragma omp simd
    for (uint32_t i = 0; i < 2 * count; i++) {
        cosine[i] = cosf(angle[i]);
    }
#pragma omp simd
    for (uint32_t i = 0; i < 2 * count; i++) {
        sine[i] = sinf(angle[i]);
    }
#pragma omp simd reduction(+ : sum)
    for (uint32_t i = 0; i < 2 * count; i++) {
        sum += payoff(radius[i] * cosine[i]) + payoff(radius[i] * sine[i]);
    }
    return sum;
}

static void run(void *context) {
    struct monte_carlo *p = context;
    const size_t n = p->n;
    double total = 0;
#pragma omp parallel for reduction(+ : total)
    for (size_t start = 0; start < n; start += BLOCK) {
        total += (double)block((uint32_t)start, (uint32_t)(n - start < BLOCK ? n - start : BLOCK));
    }
    p->sum = total;
}

int main(int argc, char **argv) {
    struct bench bench;
    bench_start(&bench, argc, argv);
    struct monte_carlo p = {bench.size, 0};
    bench_measure(&bench, NULL, run, &p);
    return monte_carlo_finish(&bench, &p);
}
