// SPDX-License-Identifier: Apache-2.0
// A type error in a kernel is shown with file and line.
// EXPECT-COMPILE-ERROR: refuse_type_error\.cu:%LINE(device):\d+: error: .*'Point'
#include <cstdio>

struct Point {
    int x, y;
};

__global__ void kernel(Point *out) {
    float value = *out; // device
    out->x = static_cast<int>(value);
}

int main() {
    std::printf("must not run\n");
    return 0;
}
