// SPDX-License-Identifier: Apache-2.0
// One if, no loop; parameters from push constants, addresses as 64-bit integers.
// RUN: --to spirv
// CHECK: OpMemoryModel 5348 3
// CHECK: OpSLessThan
// CHECK-NEXT: OpSelectionMerge
// CHECK: OpConvertUToPtr
// CHECK: OpFAdd
// CHECK-NOT: OpLoopMerge
// CHECK: OpReturn
__global__ void add(const float *a, const float *b, float *c, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n)
        c[i] = a[i] + b[i];
}
