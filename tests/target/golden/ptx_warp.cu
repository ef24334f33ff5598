// SPDX-License-Identifier: Apache-2.0
// Warp collectives are single instructions; reductions before sm_80 are shuffles.
// RUN: --to ptx --arch sm_80
// RUN: PREFIX=OLD --to ptx --arch sm_70
// CHECK: shfl.sync.down.b32 {{.*}}, 31, -1;
// CHECK: vote.sync.ballot.b32
// CHECK: match.any.sync.b32
// CHECK: redux.sync.add.s32
// CHECK: bar.warp.sync
// CHECK: bar.sync {{.*}}0;
// CHECK: barrier.red.or.pred
// OLD-NOT: redux
// OLD: shfl.sync.idx.b32
__global__ void collectives(unsigned *out, unsigned mask) {
    unsigned v = out[threadIdx.x];
    v += __shfl_down_sync(0xffffffffu, v, 3);
    v += __ballot_sync(mask, v & 1);
    v += __match_any_sync(mask, v);
    v += __reduce_add_sync(mask, v);
    __syncwarp(mask);
    out[threadIdx.x] = v;
    __syncthreads();
    out[threadIdx.x] += __syncthreads_or(v == 7);
}
