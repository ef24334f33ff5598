// SPDX-License-Identifier: Apache-2.0
// Every processor that is listed, with atomics of each scope and math.
// RUN: --to amdgcn --arch gfx906
// RUN: --to amdgcn --arch gfx908
// RUN: --to amdgcn --arch gfx90a
// RUN: --to amdgcn --arch gfx942
// RUN: --to amdgcn --arch gfx1030
// RUN: --to amdgcn --arch gfx1100
// RUN: --to amdgcn --arch gfx1201
// CHECK: global_atomic_
// CHECK: .kernarg_segment_align: 8
// CHECK: .symbol: _Z3allPiPf.kd
__global__ void all(int *i, float *f) {
    atomicAdd(i, 1);
    atomicAdd_block(i + 1, 2);
    __threadfence();
    f[threadIdx.x] = expf(f[threadIdx.x]) + sqrtf(f[1]);
}
