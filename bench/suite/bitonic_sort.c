/* SPDX-License-Identifier: Apache-2.0 */
/* Steps whose partners lie within a part that fits the first cache run part by part; the others sweep all keys. */
#include "bitonic_sort.h"

enum { PART = 4096 };

/* One step on keys[0 .. count), which stand at `base`. */
static inline void step(uint32_t *restrict keys, size_t base, size_t count, size_t size, size_t stride) {
    for (size_t i = 0; i < count; i += 2 * stride) {
        uint32_t *restrict low = keys + i, *restrict high = keys + i + stride;
        if (((base + i) & size) == 0) {
#pragma omp simd
            for (size_t j = 0; j < stride; j++) {
                const uint32_t a = low[j], b = high[j];
                low[j] = a < b ? a : b;
                high[j] = a < b ? b : a;
            }
        } else {
#pragma omp simd
            for (size_t j = 0; j < stride; j++) {
                const uint32_t a = low[j], b = high[j];
                low[j] = a < b ? b : a;
                high[j] = a < b ? a : b;
            }
        }
    }
}

/* All steps of a size with strides below 8 on 16 keys, in registers: selects instead of short loops. */
static inline void short_steps(uint32_t *restrict keys, size_t base, size_t count, size_t size, size_t first) {
    for (size_t i = 0; i < count; i += 16) {
        uint32_t a[16], b[16];
        memcpy(a, keys + i, sizeof a);
        for (size_t stride = first; stride > 0; stride /= 2) {
#pragma GCC unroll 16
            for (size_t j = 0; j < 16; j++) {
                b[j] = a[j ^ stride];
            }
#pragma omp simd
            for (size_t j = 0; j < 16; j++) {
                const int lower = (j & stride) == 0, ascending = ((base + i + j) & size) == 0;
                const uint32_t least = a[j] < b[j] ? a[j] : b[j], most = a[j] < b[j] ? b[j] : a[j];
                a[j] = lower == ascending ? least : most;
            }
        }
        memcpy(keys + i, a, sizeof a);
    }
}

static void steps_within(uint32_t *keys, size_t base, size_t count, size_t size, size_t stride) {
    for (; stride >= 8; stride /= 2) {
        step(keys, base, count, size, stride);
    }
    short_steps(keys, base, count, size, stride);
}

static void prepare(void *context) {
    const struct bitonic_sort *p = context;
    memcpy(p->out, p->in, p->n * sizeof *p->in);
}

static void run(void *context) {
    const struct bitonic_sort *p = context;
    const size_t n = p->n, part = n < PART ? n : PART;
#pragma omp parallel
    {
#pragma omp for
        for (size_t base = 0; base < n; base += part) {
            for (size_t size = 2; size <= part; size *= 2) {
                steps_within(p->out + base, base, part, size, size / 2);
            }
        }
        for (size_t size = 2 * part; size <= n; size *= 2) {
            for (size_t stride = size / 2; stride >= part; stride /= 2) {
                /* A piece of 1024 pairs, whose partners are `stride` away. */
#pragma omp for
                for (size_t pair = 0; pair < n / 2; pair += 1024) {
                    const size_t i = pair / stride * 2 * stride + pair % stride;
                    uint32_t *restrict low = p->out + i, *restrict high = p->out + i + stride;
                    const int ascending = (i & size) == 0;
#pragma omp simd
                    for (size_t j = 0; j < 1024; j++) {
                        const uint32_t a = low[j], b = high[j];
                        const uint32_t least = a < b ? a : b, most = a < b ? b : a;
                        low[j] = ascending ? least : most;
                        high[j] = ascending ? most : least;
                    }
                }
            }
#pragma omp for
            for (size_t base = 0; base < n; base += part) {
                steps_within(p->out + base, base, part, size, part / 2);
            }
        }
    }
}

int main(int argc, char **argv) {
    struct bench bench;
    bench_start(&bench, argc, argv);
    struct bitonic_sort p = bitonic_sort_make(bench.size);
    bench_measure(&bench, prepare, run, &p);
    return bitonic_sort_finish(&bench, &p);
}
