// SPDX-License-Identifier: Apache-2.0
override block_dim_x: u32 = 256u;
override block_dim_y: u32 = 1u;
override block_dim_z: u32 = 1u;

struct Params {
    n: i32,
}

@group(0) @binding(0) var<storage, read> data: array<u32>;
@group(0) @binding(1) var<storage, read_write> bins: array<atomic<u32>>;
@group(0) @binding(2) var<uniform> params: Params;
var<workgroup> local: array<atomic<u32>, 256>;

@compute @workgroup_size(block_dim_x, block_dim_y, block_dim_z)
fn histogram(@builtin(local_invocation_id) thread_id: vec3<u32>,
    @builtin(workgroup_id) block_id: vec3<u32>,
    @builtin(num_workgroups) grid_dim: vec3<u32>) {
    atomicStore(&local[thread_id.x], 0u);
    workgroupBarrier();
    for (var i: i32 = i32(block_dim_x * block_id.x + thread_id.x); i < params.n; i += i32(grid_dim.x * block_dim_x)) {
        atomicAdd(&local[byte_of(data[u32(i) >> 2u], u32(i))], 1u);
    }
    workgroupBarrier();
    atomicAdd(&bins[thread_id.x], atomicLoad(&local[thread_id.x]));
}

fn byte_of(word: u32, address: u32) -> u32 {
    return (word >> ((address & 3u) * 8u)) & 0xffu;
}
