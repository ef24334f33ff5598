// SPDX-License-Identifier: Apache-2.0
// Three translation units with a shared header: kernels in each, launched from the others through host functions; static
// kernels, device functions and device variables of the same name in each stay apart.
// EXPECT: scaled in main: 2 4 6
// EXPECT: scaled in first: 20 40 60
// EXPECT: scaled in second: 200 400 600
// EXPECT: counters: 1 10 100
// EXPECT: class static in a header: 7 7 7
// EXPECT: launch of another unit's kernel: 99
#include "../check.h"
#include "shared.h"

static __device__ int counter = 0;
static __constant__ int factor = 2;

static __device__ int scale_one(int value) { return value * factor; }

static __global__ void scale(int *values) {
    values[threadIdx.x] = scale_one(values[threadIdx.x]);
    if (threadIdx.x == 0)
        counter += 1;
}

static int read_main_counter() {
    int value;
    CHECK(cudaMemcpyFromSymbol(&value, counter, sizeof value));
    return value;
}

static void show(const char *where, int *device) {
    int v[3];
    CHECK(cudaMemcpy(v, device, sizeof v, cudaMemcpyDeviceToHost));
    std::printf("scaled in %s: %d %d %d\n", where, v[0], v[1], v[2]);
}

int main() {
    Array<int> values(std::vector<int>{1, 2, 3});
    scale<<<1, 3>>>(values);
    show("main", values);
    scale_in_first(values);
    show("first", values);
    scale_in_second(values);
    show("second", values);
    std::printf("counters: %d %d %d\n", read_main_counter(), counter_of_first(), counter_of_second());
    std::printf("class static in a header: %d %d %d\n", Settings::value(), value_seen_by_first(), value_seen_by_second());
    exported_kernel<<<1, 1>>>(values);
    CHECK_LAUNCH();
    std::printf("launch of another unit's kernel: %d\n", values.host()[0]);
    return 0;
}
