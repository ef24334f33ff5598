// SPDX-License-Identifier: Apache-2.0
// Arrays of variable length have no place in device code.
// EXPECT-COMPILE-ERROR: refuse_variable_length_array\.cu:%LINE(array)
#include <cstdio>

__global__ void kernel(int *out, int count) {
    int values[count]; // array
    for (int i = 0; i < count; i++)
        values[i] = i;
    *out = values[count - 1];
}

int main() {
    std::printf("must not run\n");
    return 0;
}
