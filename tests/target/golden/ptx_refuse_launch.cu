// SPDX-License-Identifier: Apache-2.0
// RUN: --to ptx --arch sm_80
// REFUSED: ptx_refuse_launch.cu:5: kernel '_Z6parentPi' uses kernel launches, which target 'ptx' can't express
__global__ void child(int *out) { *out = 1; }
__global__ void parent(int *out) {
    child<<<1, 1>>>(out);
}
