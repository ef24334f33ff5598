// SPDX-License-Identifier: Apache-2.0
// RUN: --to spirv
// REFUSED: kernel '_Z5namedPi' can't become SPIR-V: a barrier of some of the block's threads
__global__ void named(int *out) {
    __cw_barrier(1, 64);
    *out = 1;
}
