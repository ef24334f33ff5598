// SPDX-License-Identifier: Apache-2.0
// REFUSED: refuse_malloc.cu:5:\d+: error: kernel '_Z4keepPPii' uses malloc, which target 'wgsl' can't express
// Nobody makes a heap where texts for people go. The WebGPU backend does: tests/programs/device_malloc.cu.
__global__ void keep(int **out, int n) {
    out[threadIdx.x] = static_cast<int *>(malloc(n));
}
