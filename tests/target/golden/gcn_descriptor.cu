// SPDX-License-Identifier: Apache-2.0
// On every listed processor: the code object's version, shared memory, the arguments' places, the hidden ones that sizes of blocks and grids come
// from, registers for the block's number, and the width of a wave, as HIP's loader reads them.
// RUN: PREFIX=WIDE --to amdgcn --arch gfx906
// RUN: PREFIX=WIDE --to amdgcn --arch gfx908
// RUN: PREFIX=WIDE --to amdgcn --arch gfx90a
// RUN: PREFIX=WIDE --to amdgcn --arch gfx942
// RUN: PREFIX=NARROW --to amdgcn --arch gfx1030
// RUN: PREFIX=NARROW --to amdgcn --arch gfx1100
// RUN: PREFIX=NARROW --to amdgcn --arch gfx1201
// WIDE: .amdhsa_code_object_version 5
// WIDE: .amdhsa_group_segment_fixed_size 2056
// WIDE: .amdhsa_kernarg_size 304
// WIDE: .amdhsa_system_sgpr_workgroup_id_x 1
// WIDE: .offset: 0
// WIDE-NEXT: .size: 8
// WIDE: .offset: 8
// WIDE-NEXT: .size: 24
// WIDE: .offset: 32
// WIDE-NEXT: .size: 1
// WIDE: .offset: 40
// WIDE-NEXT: .size: 8
// WIDE: .value_kind: hidden_block_count_x
// WIDE: .value_kind: hidden_group_size_x
// WIDE: .group_segment_fixed_size: 2056
// WIDE: .kernarg_segment_align: 8
// WIDE: .kernarg_segment_size: 304
// WIDE: .max_flat_workgroup_size: 128
// WIDE: .symbol: _Z10descriptorPd4Paircl.kd
// WIDE: .wavefront_size: 64
// NARROW: .amdhsa_code_object_version 5
// NARROW: .amdhsa_group_segment_fixed_size 2056
// NARROW: .amdhsa_kernarg_size 304
// NARROW: .amdhsa_wavefront_size32 1
// NARROW: .offset: 0
// NARROW-NEXT: .size: 8
// NARROW: .offset: 8
// NARROW-NEXT: .size: 24
// NARROW: .offset: 32
// NARROW-NEXT: .size: 1
// NARROW: .offset: 40
// NARROW-NEXT: .size: 8
// NARROW: .value_kind: hidden_block_count_x
// NARROW: .value_kind: hidden_group_size_x
// NARROW: .group_segment_fixed_size: 2056
// NARROW: .kernarg_segment_align: 8
// NARROW: .kernarg_segment_size: 304
// NARROW: .max_flat_workgroup_size: 128
// NARROW: .symbol: _Z10descriptorPd4Paircl.kd
// NARROW: .wavefront_size: 32
struct Pair {
    double a[2];
    int n;
};
__global__ void __launch_bounds__(128) descriptor(double *out, Pair pair, char c, long n) {
    __shared__ double tile[256];
    __shared__ int count;
    tile[threadIdx.x] = pair.a[threadIdx.x & 1] + c;
    if (threadIdx.x == 0) count = pair.n + gridDim.x;
    __syncthreads();
    out[blockIdx.x * blockDim.x + threadIdx.x] = tile[127 - threadIdx.x] + count + n;
}
