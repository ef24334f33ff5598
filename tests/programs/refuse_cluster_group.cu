// SPDX-License-Identifier: Apache-2.0
// Thread block clusters need compute capability 9.0, and are refused by that name.
// EXPECT-COMPILE-ERROR: refuse_cluster_group\.cu:%LINE(cluster):\d+: error: 'this_cluster' is unavailable: thread block clusters need compute capability 9\.0
#include <cooperative_groups.h>
#include <cstdio>

__global__ void kernel() {
    auto cluster = cooperative_groups::this_cluster(); // cluster
    cluster.sync();
}

int main() {
    std::printf("must not run\n");
    return 0;
}
