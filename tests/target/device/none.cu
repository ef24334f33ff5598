// SPDX-License-Identifier: Apache-2.0
// A module without kernels, with a variable for the host.
#include "device.h"

__device__ int lonely = 3;
__device__ int helper(int x) { return x + lonely; }
