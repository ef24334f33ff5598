// SPDX-License-Identifier: Apache-2.0
// A device function that is declared and called but defined nowhere is named, with the place.
// EXPECT-COMPILE-ERROR: defined_nowhere
// EXPECT-COMPILE-ERROR: refuse_undefined_device_function\.cu
#include <cstdio>

__device__ int defined_nowhere(int value);

__global__ void kernel(int *out) { *out = defined_nowhere(*out); }

int main() {
    int *out;
    cudaMalloc(&out, sizeof(int));
    kernel<<<1, 1>>>(out);
    std::printf("must not run\n");
    return 0;
}
