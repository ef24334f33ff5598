// SPDX-License-Identifier: Apache-2.0
// The filter in constant memory, a block's part of the image with its border in shared memory.
#include "bench_cuda.h"
#include "convolution_2d.h"

constexpr int width = 32, height = 8;

__constant__ float filter[TAPS * TAPS];

__global__ void convolution_2d(const float *in, float *out, int n) {
    __shared__ float part[height + 2 * RADIUS][width + 2 * RADIUS];
    int x0 = blockIdx.x * width - RADIUS, y0 = blockIdx.y * height - RADIUS;
    for (int y = threadIdx.y; y < height + 2 * RADIUS; y += height) {
        for (int x = threadIdx.x; x < width + 2 * RADIUS; x += width) {
            bool inside = x0 + x >= 0 && x0 + x < n && y0 + y >= 0 && y0 + y < n;
            part[y][x] = inside ? in[(y0 + y) * n + x0 + x] : 0.0f;
        }
    }
    __syncthreads();
    int x = blockIdx.x * width + threadIdx.x, y = blockIdx.y * height + threadIdx.y;
    if (x >= n || y >= n)
        return;
    float sum = 0.0f;
#pragma unroll
    for (int dy = 0; dy < TAPS; dy++)
#pragma unroll
        for (int dx = 0; dx < TAPS; dx++)
            sum += filter[dy * TAPS + dx] * part[threadIdx.y + dy][threadIdx.x + dx];
    out[y * n + x] = sum;
}

struct device {
    int n;
    float *in, *out;
};

static void run(void *context) {
    device *d = static_cast<device *>(context);
    dim3 blocks(divide_up(d->n, width), divide_up(d->n, height));
    convolution_2d<<<blocks, dim3(width, height)>>>(d->in, d->out, d->n);
    finish_launches();
}

int main(int argc, char **argv) {
    bench bench;
    bench_start(&bench, argc, argv);
    struct convolution_2d p = convolution_2d_make(bench.size);
    device d = {int(p.n), to_device(p.in, p.n * p.n), device_array<float>(p.n * p.n)};
    CUDA_CHECK(cudaMemcpyToSymbol(filter, p.filter, sizeof filter));
    bench_measure(&bench, nullptr, run, &d);
    to_host(p.out, d.out, p.n * p.n);
    return convolution_2d_finish(&bench, &p);
}
