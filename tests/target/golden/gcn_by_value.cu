// SPDX-License-Identifier: Apache-2.0
// What a function gets by value and changes is a copy of its own, in private memory.
// RUN: --to amdgcn --arch gfx90a
// RUN: --to amdgcn --arch gfx1100
// CHECK: .symbol: _Z6changePfi.kd
struct Row {
    float x[6];
};
__device__ float changed(Row row, int i) {
    row.x[i] += 1;
    float sum = 0;
    for (int k = 0; k < 6; k++) sum += row.x[k] * k;
    return sum;
}
__global__ void change(float *out, int i) {
    Row row;
    for (int k = 0; k < 6; k++) row.x[k] = out[k];
    out[6] = changed(row, i) + row.x[i];
}
