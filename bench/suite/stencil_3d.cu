// SPDX-License-Identifier: Apache-2.0
// A thread walks a column along z and keeps the three points of the column in registers.
#include "bench_cuda.h"
#include "stencil_3d.h"

__global__ void stencil_3d(const float *in, float *out, int n) {
    int x = blockIdx.x * blockDim.x + threadIdx.x;
    int y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x < 1 || x >= n - 1 || y < 1 || y >= n - 1)
        return;
    int plane = n * n;
    int i = y * n + x;
    float below = in[i], centre = in[i + plane];
    for (int z = 1; z < n - 1; z++) {
        i += plane;
        float above = in[i + plane];
        out[i] = STENCIL_CENTRE * centre +
                 STENCIL_SIDE * (in[i - 1] + in[i + 1] + in[i - n] + in[i + n] + below + above);
        below = centre;
        centre = above;
    }
}

struct device {
    int n;
    float *in, *out;
};

static void run(void *context) {
    device *d = static_cast<device *>(context);
    stencil_3d<<<dim3(divide_up(d->n, 32), divide_up(d->n, 8)), dim3(32, 8)>>>(d->in, d->out, d->n);
    finish_launches();
}

int main(int argc, char **argv) {
    bench bench;
    bench_start(&bench, argc, argv);
    struct stencil_3d p = stencil_3d_make(bench.size);
    size_t points = p.n * p.n * p.n;
    device d = {int(p.n), to_device(p.in, points), to_device(p.out, points)};
    bench_measure(&bench, nullptr, run, &d);
    to_host(p.out, d.out, points);
    return stencil_3d_finish(&bench, &p);
}
