// SPDX-License-Identifier: Apache-2.0
// RUN: --to ptx --cpu sm_60
// REFUSED: sm_60: NVIDIA GPUs before sm_70 \(Volta\) are not supported
__global__ void nothing() {}
