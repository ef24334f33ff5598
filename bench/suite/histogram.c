/* SPDX-License-Identifier: Apache-2.0 */
/* Each thread counts in four histograms, so that equal neighbours don't wait for each other's stores. */
#include "histogram.h"

static void run(void *context) {
    struct histogram *p = context;
    uint32_t bins[BINS] = {0};
    const size_t n = p->n;
#pragma omp parallel reduction(+ : bins[ : BINS])
    {
        uint32_t counts[4][BINS] = {{0}};
#pragma omp for
        for (size_t i = 0; i < n; i += 4) {
            counts[0][p->in[i]]++;
            counts[1][p->in[i + 1]]++;
            counts[2][p->in[i + 2]]++;
            counts[3][p->in[i + 3]]++;
        }
#pragma omp simd
        for (size_t b = 0; b < BINS; b++) {
            bins[b] += counts[0][b] + counts[1][b] + counts[2][b] + counts[3][b];
        }
    }
    memcpy(p->bins, bins, sizeof bins);
}

int main(int argc, char **argv) {
    struct bench bench;
    bench_start(&bench, argc, argv);
    struct histogram p = histogram_make(bench.size);
    bench_measure(&bench, NULL, run, &p);
    return histogram_finish(&bench, &p);
}
