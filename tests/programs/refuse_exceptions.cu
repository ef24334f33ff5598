// SPDX-License-Identifier: Apache-2.0
// Exceptions in device code are refused at their line.
// EXPECT-COMPILE-ERROR: refuse_exceptions\.cu:%LINE(thrown):\d+: error: .*(exception|throw)
#include <cstdio>

__global__ void kernel(int *out) {
    if (*out > 3)
        throw 5; // thrown
    *out = 1;
}

int main() {
    std::printf("must not run\n");
    return 0;
}
