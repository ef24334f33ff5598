/* SPDX-License-Identifier: Apache-2.0 */
/* Two passes over chunks that fit the caches of the cores: sums of the chunks, then scans that start with what stands
 * before them. */
#include "scan.h"

#define CHUNK ((size_t)1 << 15)
#define BATCH ((size_t)1 << 10) /* chunks */

static void run(void *context) {
    const struct scan *p = context;
    const size_t n = p->n;
    static uint32_t before[BATCH + 1];
    uint32_t base = 0;
    for (size_t start = 0; start < n; start += BATCH * CHUNK) {
        const size_t left = n - start, chunks = left < BATCH * CHUNK ? (left + CHUNK - 1) / CHUNK : BATCH;
        const uint32_t *restrict in = p->in + start;
        uint32_t *restrict out = p->out + start;
#pragma omp parallel
        {
#pragma omp for schedule(static)
            for (size_t c = 0; c < chunks; c++) {
                const size_t end = (c + 1) * CHUNK < left ? (c + 1) * CHUNK : left;
                uint32_t sum = 0;
#pragma omp simd reduction(+ : sum)
                for (size_t i = c * CHUNK; i < end; i++) {
                    sum += in[i];
                }
                before[c + 1] = sum;
            }
#pragma omp single
            {
                before[0] = base;
                for (size_t c = 0; c < chunks; c++) {
                    before[c + 1] += before[c];
                }
                base = before[chunks];
            }
#pragma omp for schedule(static)
            for (size_t c = 0; c < chunks; c++) {
                const size_t end = (c + 1) * CHUNK < left ? (c + 1) * CHUNK : left;
                uint32_t sum = before[c];
#pragma omp simd reduction(inscan, + : sum)
                for (size_t i = c * CHUNK; i < end; i++) {
                    sum += in[i];
#pragma omp scan inclusive(sum)
                    out[i] = sum;
                }
            }
        }
    }
}

int main(int argc, char **argv) {
    struct bench bench;
    bench_start(&bench, argc, argv);
    struct scan p = scan_make(bench.size);
    bench_measure(&bench, NULL, run, &p);
    return scan_finish(&bench, &p);
}
