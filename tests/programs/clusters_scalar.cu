// SPDX-License-Identifier: Apache-2.0
// clusters.cu, thread by thread.
// ENV: CUDA_WASM_VECTOR=0
// EXPECT: neighbours 0 wrong
// EXPECT: indices 0 wrong
// EXPECT: split barrier 0 wrong
// EXPECT: early exits 0 wrong
// EXPECT: polling 0 wrong
// EXPECT: histogram of clusters of 1, 2, 4, 8, 16 blocks 0 0 0 0 0 wrong
// EXPECT: cooperative 0 wrong
// EXPECT: graph 0 wrong
// EXPECT: template 0 wrong
// EXPECT: plain launch 0 wrong
// EXPECT: no barrier 0 wrong
// NVCC: -arch=sm_90
#include "clusters.cu"
