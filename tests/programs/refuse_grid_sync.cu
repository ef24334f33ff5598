// SPDX-License-Identifier: Apache-2.0
// Synchronising a whole grid is refused by name where the device can't do it, rather than hung.
// EXPECT-COMPILE-ERROR: refuse_grid_sync\.cu:%LINE(sync):\d+: error: .*'sync' is unavailable: .*grid
#include <cooperative_groups.h>
#include <cstdio>

__global__ void kernel(int *out) {
    cooperative_groups::grid_group grid = cooperative_groups::this_grid();
    out[grid.thread_rank()] = 1;
    grid.sync(); // sync
}

int main() {
    std::printf("must not run\n");
    return 0;
}
