// SPDX-License-Identifier: Apache-2.0
// A kernel that calls a host function is refused by the function's name.
// EXPECT-COMPILE-ERROR: refuse_host_call\.cu:%LINE(call):\d+: error: .*'on_the_host'
// EXPECT-COMPILE-ERROR: (reference|call) to __host__ function
#include <cstdio>

int on_the_host(int value) { return value + 1; }

__global__ void kernel(int *out) {
    *out = on_the_host(*out); // call
}

int main() {
    std::printf("must not run\n");
    return 0;
}
