// SPDX-License-Identifier: Apache-2.0
// RUN: --to spirv
// REFUSED: uses clusters of several blocks
__global__ void __cluster_dims__(2, 1, 1) pairs(int *out) { out[blockIdx.x] = (int)__clusterRelativeBlockRank(); }
