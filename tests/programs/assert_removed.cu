// SPDX-License-Identifier: Apache-2.0
// NDEBUG removes assert, in host and device code.
// RUN: -DNDEBUG
// NVCC: -DNDEBUG
// EXPECT: device went on, host too
#include "check.h"
#include <cassert>

__global__ void kernel(int *out) {
    assert(out == nullptr);
    *out = 1;
}

int main() {
    Array<int> out(1);
    kernel<<<1, 1>>>(out);
    CHECK_LAUNCH();
    assert(out.host()[0] == 77);
    std::printf("device went on, host %s\n", out.host()[0] == 1 ? "too" : "saw nothing");
    return 0;
}
