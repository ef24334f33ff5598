// SPDX-License-Identifier: Apache-2.0
// Thrust is not here: the error says where it is.
// EXPECT-COMPILE-ERROR: refuse_thrust\.cu:%LINE(include):\d+: fatal error: 'thrust/no_such_vector\.h' file not found(?s:.*)note: Thrust and CUB are NVIDIA's CCCL
// NVCC: skip words of our own
#include <cstdio>
#include <thrust/no_such_vector.h> // include
int main() {}
