// SPDX-License-Identifier: Apache-2.0
// RUN: --to spirv
// REFUSED: kernel '_Z3twoPji' can't become SPIR-V: a collective that joins lanes of two loops
__global__ void two(unsigned *out, int rounds) {
    unsigned mask = 0xffffffffu;
    int i = 0;
    for (; i + 1 <= int(threadIdx.x); i += 2)
        mask = __ballot_sync(mask, i < rounds);
    for (; i <= int(threadIdx.x); i++)
        mask = __ballot_sync(mask, i < rounds + 1);
    out[threadIdx.x] = mask;
}
