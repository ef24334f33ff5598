// SPDX-License-Identifier: Apache-2.0
// A warp a row.
#include "bench_cuda.h"
#include "layer_norm.h"

__device__ float warp_sum(float value) {
    for (int offset = 16; offset > 0; offset /= 2)
        value += __shfl_xor_sync(0xffffffff, value, offset);
    return value;
}

__global__ void layer_norm(const float *in, const float *weight, const float *bias, float *out, int rows,
                           int columns) {
    int lane = threadIdx.x % warpSize;
    int row = (blockIdx.x * blockDim.x + threadIdx.x) / warpSize;
    if (row >= rows)
        return;
    const float *x = in + size_t(row) * columns;
    float *y = out + size_t(row) * columns;
    float sum = 0.0f;
    for (int i = lane; i < columns; i += warpSize)
        sum += x[i];
    float mean = warp_sum(sum) / columns;
    float squares = 0.0f;
    for (int i = lane; i < columns; i += warpSize) {
        float d = x[i] - mean;
        squares += d * d;
    }
    float factor = rsqrtf(warp_sum(squares) / columns + LAYER_NORM_EPSILON);
    for (int i = lane; i < columns; i += warpSize)
        y[i] = (x[i] - mean) * factor * weight[i] + bias[i];
}

struct device {
    int rows;
    float *in, *weight, *bias, *out;
};

static void run(void *context) {
    device *d = static_cast<device *>(context);
    layer_norm<<<divide_up(d->rows, 256 / 32), 256>>>(d->in, d->weight, d->bias, d->out, d->rows, COLUMNS);
    finish_launches();
}

int main(int argc, char **argv) {
    bench bench;
    bench_start(&bench, argc, argv);
    struct layer_norm p = layer_norm_make(bench.size);
    device d = {int(p.n), to_device(p.in, p.n * COLUMNS), to_device(p.weight, COLUMNS), to_device(p.bias, COLUMNS),
                device_array<float>(p.n * COLUMNS)};
    bench_measure(&bench, nullptr, run, &d);
    to_host(p.out, d.out, p.n * COLUMNS);
    return layer_norm_finish(&bench, &p);
}
