/* SPDX-License-Identifier: Apache-2.0 */
/* bench_suite.c: the kernels of the suite, in the order in which they are reported. */
#include "tool/bench.h"

#define K ((size_t)1 << 10)
#define M ((size_t)1 << 20)
#define STREAMS CW_BENCH_STREAMS
#define UPDATES CW_BENCH_UPDATES
#define READS CW_BENCH_READS

/* Sizes are such that arrays don't fit the last cache of usual machines, or that the work takes some milliseconds. */
const struct cw_bench_kernel cw_bench_kernels[] = {
    {"vector_add", 32 * M, 100003, STREAMS, "c = a + b"},
    {"saxpy", 32 * M, 100003, UPDATES, "y = a x + y"},
    {"dot", 32 * M, 100003, READS, "dot product, tree in shared memory"},
    {"reduction", 32 * M, 100003, READS, "sum, warp shuffles"},
    {"scan", 32 * M, 100003, STREAMS, "prefix sums, reduce then scan"},
    {"matmul_naive", 1024, 96, STREAMS, "matrix product, straight from memory"},
    {"matmul_tiled", 1024, 96, STREAMS, "matrix product, tiles in shared memory"},
    {"transpose", 4 * K, 160, STREAMS, "matrix transpose through shared memory"},
    {"convolution_2d", 4 * K, 150, STREAMS, "filter of 7 by 7, constant and shared memory"},
    {"stencil_3d", 320, 50, STREAMS, "7-point stencil, columns along z"},
    {"nbody", 16 * K, 512, STREAMS, "all pairs of bodies, tiles in shared memory"},
    {"black_scholes", 8 * M, 10007, STREAMS, "option prices: exp, log, sqrt"},
    {"mandelbrot", 2 * K, 96, STREAMS, "escape times: loops of different lengths"},
    {"monte_carlo", 4 * M, 20011, STREAMS, "option prices from random paths, Philox"},
    {"spmv", 256 * K, 1009, READS, "sparse matrix times vector, a warp a row"},
    {"histogram", 64 * M, 100004, READS, "256 bins, atomics in shared memory"},
    {"bitonic_sort", 1 * M, 4096, STREAMS, "sorting network"},
    {"softmax", 24 * K, 50, STREAMS, "rows of 1024, a block a row"},
    {"layer_norm", 32 * K, 50, STREAMS, "rows of 768, a warp a row"},
    {"attention", 1 * K, 128, STREAMS, "8 heads of width 64, one pass over the keys"},
};
const size_t cw_bench_kernel_count = sizeof cw_bench_kernels / sizeof cw_bench_kernels[0];

#define X(name, peer, text) peer,
const char *const cw_bench_form_peer[CW_BENCH_FORM_COUNT] = {CW_BENCH_FORM_LIST(X)};
#undef X
#define X(name, peer, text) text,
const char *const cw_bench_form_text[CW_BENCH_FORM_COUNT] = {CW_BENCH_FORM_LIST(X)};
#undef X
