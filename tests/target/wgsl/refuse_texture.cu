// SPDX-License-Identifier: Apache-2.0
// REFUSED: refuse_texture.cu:5:\d+: error: kernel '_Z4readyPf' uses cw.texture.fetch, which target 'wgsl' can't express
// Texts for people have no device that describes textures to them. The WebGPU backend has: tests/programs/surfaces.cu.
__global__ void read(cudaTextureObject_t texture, float *out) {
    out[threadIdx.x] = tex1Dfetch<float>(texture, threadIdx.x);
}
