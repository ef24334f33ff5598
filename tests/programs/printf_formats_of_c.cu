// SPDX-License-Identifier: Apache-2.0
// Device printf: what C has beyond CUDA (CUDA C++ Programming Guide, "Format Specifiers"): the size hh, widths and precisions from the
// arguments.
// EXPECT: hhd 3
// EXPECT: [    7] [2.50] [7    ]
// NVCC: skip NVIDIA's driver takes neither
#include "check.h"

__global__ void formats() {
    printf("hhd %hhd\n", (char)3);
    printf("[%*d] [%.*f] [%-*d]\n", 5, 7, 2, 2.5, 5, 7);
}

int main() {
    formats<<<1, 1>>>();
    CHECK_LAUNCH();
    return 0;
}
