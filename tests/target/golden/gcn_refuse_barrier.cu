// SPDX-License-Identifier: Apache-2.0
// RUN: --to hsaco --arch gfx90a
// REFUSED: barriers of some threads of a block, or other barriers than 0, are not supported on AMD devices
__global__ void named(int *out) {
    __cw_barrier(1, 64);
    *out = 1;
}
