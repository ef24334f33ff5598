// SPDX-License-Identifier: Apache-2.0
// Cooperative groups: inclusive_scan and exclusive_scan over tiles and coalesced groups.
// EXPECT: inclusive sums: ok
// EXPECT: exclusive sums in tiles of 8: ok
// EXPECT: running maximum: ok
// EXPECT: coalesced: ok
#include "check.h"
#include <cooperative_groups.h>
#include <cooperative_groups/scan.h>

namespace cg = cooperative_groups;

__host__ __device__ int value_of(int t) { return t * 37 % 23 - 5; }

__global__ void scans(int kind, int *out) {
    auto warp = cg::tiled_partition<32>(cg::this_thread_block());
    auto eight = cg::tiled_partition<8>(cg::this_thread_block());
    int t = threadIdx.x, value = value_of(t), result = -1;
    if (kind == 0)
        result = cg::inclusive_scan(warp, value, cg::plus<int>());
    else if (kind == 1)
        result = cg::exclusive_scan(eight, value, cg::plus<int>());
    else if (kind == 2)
        result = cg::inclusive_scan(warp, value, cg::greater<int>());
    else if (t % 4 == 2)
        result = cg::exclusive_scan(cg::coalesced_threads(), value, cg::plus<int>());
    out[t] = result;
}

int main() {
    const char *names[] = {"inclusive sums", "exclusive sums in tiles of 8", "running maximum", "coalesced"};
    for (int kind = 0; kind < 4; kind++) {
        Array<int> out(64);
        scans<<<1, 64>>>(kind, out);
        CHECK_LAUNCH();
        std::vector<int> want(64, -1);
        int running = 0;
        for (int t = 0; t < 64; t++) {
            if (t % (kind == 1 ? 8 : 32) == 0)
                running = kind == 2 ? -1000 : 0;
            if (kind == 0)
                want[t] = running += value_of(t);
            if (kind == 2)
                want[t] = running = value_of(t) > running ? value_of(t) : running;
            if (kind == 1 || (kind == 3 && t % 4 == 2)) {
                want[t] = running;
                running += value_of(t);
            }
        }
        same(names[kind], out.host(), want);
    }
    return 0;
}
