// SPDX-License-Identifier: Apache-2.0
// Host code that calls a device function is refused by the function's name.
// EXPECT-COMPILE-ERROR: refuse_device_call\.cu:%LINE(call):\d+: error: .*'on_the_device'
#include <cstdio>

__device__ int on_the_device(int value) { return value + 1; }

int main() {
    std::printf("must not run %d\n", on_the_device(1)); // call
    return 0;
}
