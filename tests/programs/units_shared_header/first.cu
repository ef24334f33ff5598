// SPDX-License-Identifier: Apache-2.0
// The unit "first": the same static names as in main.cu, with other values behind them.
#include "../check.h"
#include "shared.h"

static __device__ int counter = 0;
static __constant__ int factor = 10;

static __device__ int scale_one(int value) { return value * factor; }

static __global__ void scale(int *values) {
    values[threadIdx.x] = scale_one(values[threadIdx.x]);
    if (threadIdx.x == 0)
        counter += 10;
}

void scale_in_first(int *values) {
    scale<<<1, 3>>>(values);
    CHECK_LAUNCH();
}

int counter_of_first() {
    int value;
    CHECK(cudaMemcpyFromSymbol(&value, counter, sizeof value));
    return value;
}

int value_seen_by_first() { return Settings::value(); }
