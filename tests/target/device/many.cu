// SPDX-License-Identifier: Apache-2.0
// A module of 100 kernels, each with shared memory of its own.
#include "device.h"

#define ONE(n) extern "C" __global__ void k##n(int *out) { __shared__ int s[n + 1]; s[n] = n; out[0] = s[n]; }
#define TEN(n) ONE(n##0) ONE(n##1) ONE(n##2) ONE(n##3) ONE(n##4) ONE(n##5) ONE(n##6) ONE(n##7) ONE(n##8) ONE(n##9)
TEN(1) TEN(2) TEN(3) TEN(4) TEN(5) TEN(6) TEN(7) TEN(8) TEN(9) TEN(10)
