// SPDX-License-Identifier: Apache-2.0
// Transaction counts of barriers are refused by name.
// EXPECT-COMPILE-ERROR: unavailable: transaction counts of barriers need compute capability 9\.0; this device has 8\.0
#include <cuda/barrier>

__global__ void kernel() {
    __shared__ cuda::barrier<cuda::thread_scope_block> barrier;
    if (threadIdx.x == 0)
        init(&barrier, 1);
    (void)cuda::device::barrier_arrive_tx(barrier, 1, 16);
}

int main() {
    kernel<<<1, 1>>>();
    return 0;
}
