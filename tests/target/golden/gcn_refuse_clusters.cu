// SPDX-License-Identifier: Apache-2.0
// RUN: --to hsaco --arch gfx90a
// REFUSED: uses clusters of several blocks, which target 'gcn' can't express
__global__ void __cluster_dims__(2, 1, 1) pairs(int *out) { out[blockIdx.x] = (int)__clusterRelativeBlockRank(); }
