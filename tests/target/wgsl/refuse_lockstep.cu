// SPDX-License-Identifier: Apache-2.0
// REFUSED: kernel '_Z3sumPi' uses the lockstep of a warp through volatile shared memory, without __syncwarp.., which target 'wgsl' can't express
__global__ void sum(int *out) {
    __shared__ volatile int v[64];
    v[threadIdx.x] = out[threadIdx.x];
    v[threadIdx.x] += v[threadIdx.x + 16];
    v[threadIdx.x] += v[threadIdx.x + 8];
    out[threadIdx.x] = v[threadIdx.x];
}
