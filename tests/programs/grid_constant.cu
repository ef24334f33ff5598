// SPDX-License-Identifier: Apache-2.0
// __grid_constant__ parameters: read-only, one copy for the whole grid, so that every thread sees one address.
// EXPECT: sum 2016 wrong 0
// EXPECT: one address: 1
#include <cstdio>
#include "check.h"

struct Table {
    int values[64];
};

__device__ int sum(const Table *table) {
    int total = 0;
    for (int i = 0; i < 64; i++)
        total += table->values[i];
    return total;
}

__global__ void kernel(const __grid_constant__ Table table, __grid_constant__ const int expected, const void **addresses,
                       int *wrong, int *total) {
    const Table *pointer = &table;
    addresses[blockIdx.x * blockDim.x + threadIdx.x] = pointer;
    *total = sum(pointer);
    const int *also = (const int *)__cvta_grid_constant_to_generic(__cvta_generic_to_grid_constant(&expected));
    if (*total != *also) atomicAdd(wrong, 1);
}

int main() {
    Table table;
    for (int i = 0; i < 64; i++)
        table.values[i] = i;
    const void **addresses;
    int *results;
    CHECK(cudaMallocManaged(&addresses, 128 * sizeof *addresses));
    CHECK(cudaMallocManaged(&results, 2 * sizeof *results));
    results[0] = 0;
    kernel<<<4, 32>>>(table, 2016, addresses, results, results + 1);
    CHECK_LAUNCH();
    bool one = true;
    for (int i = 0; i < 128; i++)
        one &= addresses[i] == addresses[0];
    std::printf("sum %d wrong %d\none address: %d\n", results[1], results[0], one);
    return 0;
}
