// SPDX-License-Identifier: Apache-2.0
// Arguments and the exit status pass through `cuda-wasm run`, and macros from -D reach host and device code.
// RUN: -DFACTOR=7 -O2 -std=c++17
// NVCC: -DFACTOR=7
// ARGS: 6 "two words" -x
// EXPECT: 3 arguments: [6] [two words] [-x]
// EXPECT: device: 42
// EXPECT-EXIT: 42
#include "check.h"

__global__ void multiply(int *value) { *value *= FACTOR; }

int main(int argc, char **argv) {
    std::printf("%d arguments:", argc - 1);
    for (int i = 1; i < argc; i++)
        std::printf(" [%s]", argv[i]);
    std::printf("\n");
    Array<int> value(std::vector<int>{std::atoi(argv[1])});
    multiply<<<1, 1>>>(value);
    CHECK_LAUNCH();
    int result = value.host()[0];
    std::printf("device: %d\n", result);
    return result;
}
