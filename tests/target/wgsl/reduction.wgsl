// SPDX-License-Identifier: Apache-2.0
override block_dim_x: u32 = 256u;
override block_dim_y: u32 = 1u;
override block_dim_z: u32 = 1u;

struct Params {
    n: i32,
}

@group(0) @binding(0) var<storage, read> values: array<f32>;
@group(0) @binding(1) var<storage, read_write> sums: array<f32>;
@group(0) @binding(2) var<uniform> params: Params;
var<workgroup> partial: array<f32, 256>;

@compute @workgroup_size(block_dim_x, block_dim_y, block_dim_z)
fn reduce(@builtin(local_invocation_id) thread_id: vec3<u32>,
    @builtin(workgroup_id) block_id: vec3<u32>) {
    var t: f32;
    let i = i32(block_dim_x * block_id.x + thread_id.x);
    if (i < params.n) {
        t = values[i];
    } else {
        t = 0.0;
    }
    partial[thread_id.x] = t;
    workgroupBarrier();
    var half_: u32 = block_dim_x;
    loop {
        let half_1 = half_ >> 1u;
        if (half_1 == 0u) {
            break;
        }
        if (thread_id.x < half_1) {
            partial[thread_id.x] = partial[half_1 + thread_id.x] + partial[thread_id.x];
        }
        workgroupBarrier();
        half_ = half_1;
    }
    if (thread_id.x == 0u) {
        sums[block_id.x] = partial[0];
    }
}
