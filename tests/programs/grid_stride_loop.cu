// SPDX-License-Identifier: Apache-2.0
// Grid-stride loops: any grid does any amount of work, also amounts that fit no block.
// EXPECT: 1 element, grid 1 x 32: ok
// EXPECT: 200 elements, grid 3 x 64: ok
// EXPECT: 255 elements, grid 2 x 255: ok
// EXPECT: 1000003 elements, grid 7 x 96: ok
// EXPECT: 65537 elements, grid 1024 x 1: ok
#include "check.h"

__global__ void saxpy(float a, const float *x, float *y, size_t count) {
    for (size_t i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x)
        y[i] = a * x[i] + y[i];
}

static void run(size_t count, int blocks, int threads) {
    std::vector<float> x(count), y(count), want(count);
    for (size_t i = 0; i < count; i++) {
        x[i] = static_cast<float>(i % 1000);
        y[i] = static_cast<float>(i % 77);
        want[i] = 3.0f * x[i] + y[i];
    }
    Array<float> device_x(x), device_y(y);
    saxpy<<<blocks, threads>>>(3.0f, device_x, device_y, count);
    CHECK_LAUNCH();
    char name[80];
    std::snprintf(name, sizeof name, "%zu element%s, grid %d x %d", count, count == 1 ? "" : "s", blocks, threads);
    same(name, device_y.host(), want);
}

int main() {
    run(1, 1, 32);
    run(200, 3, 64);
    run(255, 2, 255);
    run(1000003, 7, 96);
    run(65537, 1024, 1);
    return 0;
}
