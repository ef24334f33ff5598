// SPDX-License-Identifier: Apache-2.0
// A warp a row (Bell and Garland 2008: "CSR vector"): lanes load consecutive elements, shuffles add up.
#include "bench_cuda.h"
#include "spmv.h"

__global__ void spmv(const int *starts, const int *columns, const float *values, const float *x, float *y, int rows) {
    int row = (blockIdx.x * blockDim.x + threadIdx.x) / 32;
    int lane = threadIdx.x % 32;
    if (row >= rows)
        return;
    float sum = 0.0f;
    for (int k = starts[row] + lane; k < starts[row + 1]; k += 32)
        sum += values[k] * x[columns[k]];
    for (int offset = 16; offset > 0; offset /= 2)
        sum += __shfl_down_sync(0xffffffff, sum, offset);
    if (lane == 0)
        y[row] = sum;
}

struct device {
    int rows;
    int *starts, *columns;
    float *values, *x, *y;
};

static void run(void *context) {
    device *d = static_cast<device *>(context);
    spmv<<<divide_up(d->rows, 256 / 32), 256>>>(d->starts, d->columns, d->values, d->x, d->y, d->rows);
    finish_launches();
}

int main(int argc, char **argv) {
    bench bench;
    bench_start(&bench, argc, argv);
    struct spmv p = spmv_make(bench.size);
    device d = {int(p.n),
                to_device(p.starts, p.n + 1),
                to_device(p.columns, p.elements),
                to_device(p.values, p.elements),
                to_device(p.x, p.n),
                device_array<float>(p.n)};
    bench_measure(&bench, nullptr, run, &d);
    to_host(p.y, d.y, p.n);
    return spmv_finish(&bench, &p);
}
