// SPDX-License-Identifier: Apache-2.0
// Thread block clusters become the hardware's: the dimensions as directives, the barrier, and addresses of other blocks' shared memory.
// RUN: --to ptx --arch sm_90
// CHECK: .explicitcluster
// CHECK: .reqnctapercluster 4, 2, 1
// CHECK: %cluster_ctarank
// CHECK: barrier.cluster.arrive;
// CHECK: barrier.cluster.wait;
// CHECK-DAG: mapa.u64
// CHECK-DAG: mapa.shared::cluster
// CHECK: ld.shared::cluster
#include <cooperative_groups.h>
__global__ void __cluster_dims__(4, 2, 1) neighbours(int *out) {
    __shared__ int cells[64];
    cooperative_groups::cluster_group cluster = cooperative_groups::this_cluster();
    cells[threadIdx.x] = (int)cluster.block_rank();
    cluster.sync();
    unsigned other;
    int value;
    asm("mapa.shared::cluster.u32 %0, %1, 1;" : "=r"(other) : "r"((unsigned)__cvta_generic_to_shared(cells)));
    int mapped = *cluster.map_shared_rank(&cells[threadIdx.x], 3);
    asm volatile("ld.shared::cluster.s32 %0, [%1];" : "=r"(value) : "r"(other));
    out[blockIdx.x * blockDim.x + threadIdx.x] = mapped + value;
    cluster.sync();
}
