// SPDX-License-Identifier: Apache-2.0
// Loops that nvcc unrolled (kernels.ptx, nvcc 13.0 -ptx -arch=sm_80 -fmad=false) give bit for bit what their source gives, for many counts.
// RUN: --fmad=false
// NVCC: -fmad=false -lcuda
// EXPECT: 17 kernels, 0 differ
#include "../ptx_compare.h"
#include "kernels.h"

COMPARED_MAIN(1, 5, 31, 32, 33, 64, 95, 96, 127, 129, 160, 255, 512, 1000)
