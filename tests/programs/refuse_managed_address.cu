// SPDX-License-Identifier: Apache-2.0
// The address of a managed variable is known only when the program runs, so no device variable may begin with it, and no
// managed variable with any address (CUDA C++ Programming Guide, "__managed__ Memory Space Specifier").
// EXPECT-COMPILE-ERROR: variable 'points_to_it' is initialised with the address of the managed variable 'counter'
#include <cstdio>

__managed__ int counter = 5;
__device__ int *points_to_it = &counter;

__global__ void kernel() { ++*points_to_it; }

int main() {
    kernel<<<1, 1>>>();
    std::printf("must not run %d\n", counter);
    return 0;
}
