// SPDX-License-Identifier: Apache-2.0
// Each block counts in shared memory with atomics, then adds its counts to the result.
#include "bench_cuda.h"
#include "histogram.h"

constexpr int threads = 256;

__global__ void histogram(const unsigned *in, unsigned *bins, int words) {
    __shared__ unsigned counts[BINS];
    counts[threadIdx.x] = 0;
    __syncthreads();
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < words; i += blockDim.x * gridDim.x) {
        unsigned four = in[i];
        atomicAdd(&counts[four & 0xff], 1u);
        atomicAdd(&counts[four >> 8 & 0xff], 1u);
        atomicAdd(&counts[four >> 16 & 0xff], 1u);
        atomicAdd(&counts[four >> 24], 1u);
    }
    __syncthreads();
    atomicAdd(&bins[threadIdx.x], counts[threadIdx.x]);
}

struct device {
    int words;
    const unsigned *in;
    unsigned *bins;
};

static void run(void *context) {
    device *d = static_cast<device *>(context);
    CUDA_CHECK(cudaMemsetAsync(d->bins, 0, BINS * sizeof(unsigned)));
    histogram<<<min(512, divide_up(d->words, threads)), threads>>>(d->in, d->bins, d->words);
    finish_launches();
}

int main(int argc, char **argv) {
    bench bench;
    bench_start(&bench, argc, argv);
    struct histogram p = histogram_make(bench.size);
    device d = {int(p.n / 4), reinterpret_cast<unsigned *>(to_device(p.in, p.n)), device_array<unsigned>(BINS)};
    bench_measure(&bench, nullptr, run, &d);
    to_host(p.bins, d.bins, BINS);
    return histogram_finish(&bench, &p);
}
