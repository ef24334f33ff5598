// SPDX-License-Identifier: Apache-2.0
// RUN: --to ptx --arch sm_80
// REFUSED: has clusters of several blocks, which sm_80 has not; sm_90 and newer have
__global__ void __cluster_dims__(2, 1, 1) pairs(int *out) { out[blockIdx.x] = (int)__clusterRelativeBlockRank(); }
