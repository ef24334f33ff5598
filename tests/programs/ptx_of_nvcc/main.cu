// SPDX-License-Identifier: Apache-2.0
// The PTX that nvcc made of kernels.h (kernels.ptx, nvcc 13.0 -ptx -arch=sm_80 -fmad=false) gives bit for bit what its source gives.
// RUN: --fmad=false
// NVCC: -fmad=false -lcuda
// EXPECT: 14 kernels, 0 differ
#include "../ptx_compare.h"
#include "kernels.h"

COMPARED_MAIN(1000)
