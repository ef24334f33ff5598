// SPDX-License-Identifier: Apache-2.0
// Collectives whose lanes may be on both sides of a branch look whether they are; those whose masks can't be the same, or that lanes
// elsewhere come to no more, don't.
// RUN: --to spirv --cpu vulkan+warp32
__global__ void both(int *out) {
    int value = threadIdx.x;
    if (out[threadIdx.x])
        value = __shfl_sync(0xffffffff, value, 1);
    else
        value = __shfl_sync(0xffffffff, value, 2);
    out[threadIdx.x] = value;
}
// CHECK: OpAtomicExchange
// CHECK: OpGroupNonUniformBallot
// CHECK: OpAtomicOr
// CHECK: OpAtomicCompareExchange
// CHECK: OpGroupNonUniformShuffle
// CHECK: OpGroupNonUniformBallot
// CHECK: OpGroupNonUniformShuffle

__global__ void one(int *out) {
    int value = threadIdx.x;
    if (value >= 100)
        return;
    if (out[threadIdx.x])
        value = __shfl_sync(0xffff, value, 1);
    out[threadIdx.x] = __shfl_sync(0xffffffff, value, 2);
}
// CHECK: "_Z3onePi"
// CHECK-NOT: OpAtomic
// CHECK-NOT: OpGroupNonUniformBallot
