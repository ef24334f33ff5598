// SPDX-License-Identifier: Apache-2.0
override block_dim_x: u32 = 256u;
override block_dim_y: u32 = 1u;
override block_dim_z: u32 = 1u;

struct Params {
    count: i32,
}

@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> sum: array<f32>;
@group(0) @binding(3) var<uniform> params: Params;

@compute @workgroup_size(block_dim_x, block_dim_y, block_dim_z)
fn vector_add(@builtin(local_invocation_id) thread_id: vec3<u32>,
    @builtin(workgroup_id) block_id: vec3<u32>) {
    let i = i32(block_dim_x * block_id.x + thread_id.x);
    if (i < params.count) {
        sum[i] = a[i] + b[i];
    }
}
