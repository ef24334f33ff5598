// SPDX-License-Identifier: Apache-2.0
// Shared memory, parameters and the kernel descriptor as HIP expects them; warps of 32 on waves of 64 and of 32.
// RUN: --to amdgcn --arch gfx90a
// RUN: PREFIX=NARROW --to amdgcn --arch gfx1100
// CHECK: .amdgcn_target "amdgcn-amd-amdhsa--gfx90a"
// CHECK: .amdhsa_code_object_version 5
// CHECK: s_barrier
// CHECK: ds_bpermute_b32
// CHECK: .amdhsa_group_segment_fixed_size 1024
// CHECK: .amdhsa_kernarg_size
// CHECK: .offset: 0
// CHECK-NEXT: .size: 8
// CHECK: .offset: 8
// CHECK-NEXT: .size: 12
// CHECK: .offset: 20
// CHECK-NEXT: .size: 4
// CHECK: .offset: 24
// CHECK-NEXT: .size: 8
// CHECK: .group_segment_fixed_size: 1024
// CHECK: .max_flat_workgroup_size: 256
// CHECK: .name: _Z5wavesPf6Tripleid
// CHECK: .wavefront_size: 64
// NARROW: .amdhsa_wavefront_size32 1
// NARROW: .wavefront_size: 32
struct Triple {
    float x, y, z;
};
__global__ void __launch_bounds__(256) waves(float *out, Triple t, int n, double d) {
    __shared__ float tile[256];
    unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
    tile[threadIdx.x] = t.x + static_cast<float>(d) + n;
    __syncthreads();
    out[i] = __shfl_down_sync(0xffffffffu, tile[255 - threadIdx.x], 4) + __popc(__ballot_sync(0xffffffffu, i & 1));
}
