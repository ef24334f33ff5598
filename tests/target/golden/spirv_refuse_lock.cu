// SPDX-License-Identifier: Apache-2.0
// RUN: --to spirv
// REFUSED: a lock that threads wait for, since Vulkan promises no progress to lanes of one warp
__global__ void locked(int *lock, int *count) {
    while (atomicCAS(lock, 0, 1) != 0)
        ;
    *count += 1;
    __threadfence();
    atomicExch(lock, 0);
}
