// SPDX-License-Identifier: Apache-2.0
// Atomics are single instructions; scopes of exchanges and fences are those of the source (PTX ISA, "Scope").
// RUN: --to ptx --arch sm_90
// CHECK: atom.global.add.u32
// CHECK: atom.global.add.f32
// CHECK: atom.relaxed.gpu.global.cas.b32
// CHECK: fence.sc.gpu
// CHECK: fence.sc.cta
// CHECK: fence.sc.sys
__global__ void atomics(unsigned *u, float *f, unsigned *out) {
    out[0] = atomicAdd(u, 1u);
    f[1] = atomicAdd(f, 1.0f);
    out[3] = atomicCAS(u, 4u, 5u);
    __threadfence();
    __threadfence_block();
    __threadfence_system();
}
