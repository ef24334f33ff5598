// SPDX-License-Identifier: Apache-2.0
// An error inside a kernel template names the line of the error and the line of the launch that instantiated it.
// EXPECT-COMPILE-ERROR: refuse_template_error\.cu:%LINE(inside):\d+: error: 
// EXPECT-COMPILE-ERROR: refuse_template_error\.cu:%LINE(launch):\d+: note: .*instantiation
#include <cstdio>

template <typename T> __global__ void kernel(T *out) {
    out->missing = 1; // inside
}

int main() {
    struct Nothing {};
    kernel<<<1, 1>>>(static_cast<Nothing *>(nullptr)); // launch
    std::printf("must not run\n");
    return 0;
}
