// SPDX-License-Identifier: Apache-2.0
// RUN: --to hsaco --arch gfx90a
// REFUSED: kernel '_Z4readyPf' uses textures and surfaces, which target 'gcn' can't express
__global__ void read(cudaTextureObject_t texture, float *out) { *out = tex2D<float>(texture, 0.5f, 0.5f); }
