// SPDX-License-Identifier: Apache-2.0
// RUN: --to spirv
// REFUSED: kernel '_Z4halfPi' can't become SPIR-V: a warp collective that not all threads of the block come to, on a device without subgroups of 32
__global__ void half(int *out) {
    if (threadIdx.x % 2)
        out[threadIdx.x] = __shfl_xor_sync(0xaaaaaaaau, out[threadIdx.x], 2);
}
