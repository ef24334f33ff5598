// SPDX-License-Identifier: Apache-2.0
// A kernel that synchronises its grid takes the address of its launch's barrier behind the source's parameters.
// RUN: --to ptx --arch sm_80
// CHECK: .visible .global .align 1 .u8 __cw_grid__Z5syncsPii
// CHECK: .visible .entry _Z5syncsPii(
// CHECK: _Z5syncsPii_param_2
// CHECK: fence.sc.gpu
// CHECK: atom.{{.*}}add
// CHECK: ld.acquire.gpu
#include <cooperative_groups.h>
__global__ void syncs(int *out, int n) {
    out[blockIdx.x] = n;
    cooperative_groups::this_grid().sync();
    out[blockIdx.x] += out[gridDim.x - 1 - blockIdx.x];
}
