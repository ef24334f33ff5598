// SPDX-License-Identifier: Apache-2.0
// Variables that the host reads and writes between launches.
#include "device.h"

__constant__ float coefficients[4] = {1, 2, 3, 4};
__device__ int counter = 7;
__device__ double never_used;
static __device__ int hidden = 11;
static __device__ int hidden_unused = 12;
__device__ int *pointer_to_counter = &counter;
__device__ const int fixed = 5;

extern "C" __global__ void reads(float *out) {
    unsigned i = linear();
    out[i] = coefficients[i & 3] + (float)counter + (float)hidden + (float)*pointer_to_counter + (float)fixed;
}
extern "C" __global__ void writes(int x) {
    counter = x;
    hidden += x;
}
__device__ NOINLINE int spaces(const void *pointer) { return is_constant(pointer) + 2 * is_global(pointer); }
extern "C" __global__ void predicates(int *out) {
    out[0] = spaces(coefficients);
    out[1] = spaces((const char *)(coefficients + 4) - 1);
    out[2] = spaces(coefficients + 4) & 1;
    out[3] = spaces(&counter);
    out[4] = is_constant(&coefficients[tid_x()]) + 2 * is_global(out);
}
// Static variables belong to the host as well where host code names them, as cudaMemcpyToSymbol(hidden, ...) does.
const void *const host_table[] = {&hidden, &hidden_unused};
