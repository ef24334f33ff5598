// SPDX-License-Identifier: Apache-2.0
#include "bench_cuda.h"
#include "mandelbrot.h"

__global__ void mandelbrot(int *counts, int n, float left, float bottom, float step) {
    int column = blockIdx.x * blockDim.x + threadIdx.x;
    int row = blockIdx.y * blockDim.y + threadIdx.y;
    if (column >= n || row >= n)
        return;
    float cx = left + column * step, cy = bottom + row * step;
    float x = 0.0f, y = 0.0f;
    int count = 0;
    while (count < MANDELBROT_LIMIT && x * x + y * y <= 4.0f) {
        float next = x * x - y * y + cx;
        y = 2.0f * x * y + cy;
        x = next;
        count++;
    }
    counts[row * n + column] = count;
}

struct device {
    int n;
    int *counts;
};

static void run(void *context) {
    device *d = static_cast<device *>(context);
    dim3 threads(16, 16), blocks(divide_up(d->n, 16), divide_up(d->n, 16));
    mandelbrot<<<blocks, threads>>>(d->counts, d->n, MANDELBROT_LEFT, MANDELBROT_BOTTOM, MANDELBROT_EDGE / d->n);
    finish_launches();
}

int main(int argc, char **argv) {
    bench bench;
    bench_start(&bench, argc, argv);
    struct mandelbrot p = mandelbrot_make(bench.size);
    device d = {int(p.n), device_array<int>(p.n * p.n)};
    bench_measure(&bench, nullptr, run, &d);
    to_host(p.counts, d.counts, p.n * p.n);
    return mandelbrot_finish(&bench, &p);
}
