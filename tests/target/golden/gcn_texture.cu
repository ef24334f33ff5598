// SPDX-License-Identifier: Apache-2.0
// Textures and surfaces are read in software, from the description whose address the object is.
// RUN: --to amdgcn --arch gfx90a
// RUN: --to amdgcn --arch gfx1100
// CHECK: .symbol: _Z4readyyPf.kd
__global__ void read(cudaTextureObject_t texture, cudaSurfaceObject_t surface, float *out) {
    out[0] = tex2D<float>(texture, 0.5f, 0.5f);
    out[1] = surf2Dread<float>(surface, 4, 1);
}
