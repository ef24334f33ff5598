// SPDX-License-Identifier: Apache-2.0
// What import refuses, each with its line.
#include "device.h"

__device__ int elsewhere(int);
extern __device__ int outside;
extern "C" __global__ void refused(int *out) {
    asm volatile("bar.sync 0;");
    out[0] = elsewhere(1);
    out[1] = outside;
}
