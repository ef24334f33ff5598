// SPDX-License-Identifier: Apache-2.0
// Tiles of several warps meet at words of shared memory: the hardware has fewer barriers than a block has tiles.
// RUN: --to ptx --arch sm_80
// CHECK: .visible .entry _Z5tilesPj(
// CHECK: st.shared.v4.b32 {{.*}}, {0, 0, 0, 0}
// CHECK: bar.sync {{.*}}0;
// CHECK: bar.warp.sync {{.*}}-1;
// CHECK: fence.acq_rel.cta
// CHECK: atom.shared.add.u32
// CHECK: ld.acquire.cta.shared
// CHECK-NOT: barrier.sync
#include <cooperative_groups.h>
namespace cg = cooperative_groups;
__global__ void tiles(unsigned *out) {
    __shared__ cg::block_tile_memory<128> memory;
    auto block = cg::this_thread_block(memory);
    auto tile = cg::tiled_partition<64>(block);
    out[threadIdx.x] = tile.shfl(threadIdx.x, 40);
}
