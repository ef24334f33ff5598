// SPDX-License-Identifier: Apache-2.0
// Stencils load neighbours before they know that they stand at the border. Loads shortly outside of an allocation are
// harmless on hardware, and so they are here; a store there is still reported.
// EXPECT: interior 1
// EXPECT: cudaErrorIllegalAddress
// EXPECT-ERROR: spill
// EXPECT-ERROR: reads_near_allocations\.cu:%LINE(fault)
// NVCC: skip a store behind an allocation need not fault on hardware
// NVIDIA: interior 1
// NVIDIA: cudaSuccess
#include "check.h"

__global__ void neighbours(const float *in, float *out, int rows, int columns) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y;
    float north = in[(y - 1) * columns + x], south = in[(y + 1) * columns + x];
    if (y == 0)
        north = in[x];
    if (y == rows - 1)
        south = in[y * columns + x];
    out[y * columns + x] = north + south;
}

__global__ void spill(float *out, size_t count) {
    out[count + threadIdx.x] = 1; // fault
}

int main() {
    const int rows = 64, columns = 4096; // 1 MiB, whole pages
    float *in, *out;
    CHECK(cudaMalloc(&in, sizeof(float) * rows * columns));
    CHECK(cudaMalloc(&out, sizeof(float) * rows * columns));
    CHECK(cudaMemset(in, 0, sizeof(float) * rows * columns));
    neighbours<<<dim3(columns / 256, rows), 256>>>(in, out, rows, columns);
    std::vector<float> host(rows * columns, 1);
    CHECK(cudaMemcpy(host.data(), out, sizeof(float) * rows * columns, cudaMemcpyDeviceToHost));
    bool interior = true;
    for (float value : host)
        interior = interior && value == 0;
    std::printf("interior %d\n", interior);
    spill<<<1, 32>>>(out, size_t(rows) * columns);
    std::printf("%s\n", cudaGetErrorName(cudaDeviceSynchronize()));
    return 0;
}
