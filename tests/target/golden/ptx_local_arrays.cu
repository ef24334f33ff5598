// SPDX-License-Identifier: Apache-2.0
// A local array whose loops have constant bounds becomes registers.
// RUN: --to ptx --arch sm_90
// CHECK-NOT: .local
// CHECK: ret;
__global__ void arrays(const float *in, float *out, int n) {
    float sums[64];
    for (int i = 0; i < 64; i++)
        sums[i] = in[i];
    for (int k = 0; k < n; k++)
        for (int i = 0; i < 64; i++)
            sums[i] = sums[i] * in[k] + 1;
    for (int i = 0; i < 64; i++)
        out[threadIdx.x * 64 + i] = sums[i];
}
