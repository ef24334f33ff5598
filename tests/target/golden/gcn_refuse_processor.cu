// SPDX-License-Identifier: Apache-2.0
// RUN: --to hsaco --arch gfx803
// REFUSED: 'gfx803' is no AMD processor that cuda-wasm knows
__global__ void nothing() {}
