// SPDX-License-Identifier: Apache-2.0
override block_dim_x: u32 = 256u;
override block_dim_y: u32 = 1u;
override block_dim_z: u32 = 1u;

struct Params {
    n: i32,
    alpha: f32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<uniform> params: Params;

@compute @workgroup_size(block_dim_x, block_dim_y, block_dim_z)
fn saxpy(@builtin(local_invocation_id) thread_id: vec3<u32>,
    @builtin(workgroup_id) block_id: vec3<u32>,
    @builtin(num_workgroups) grid_dim: vec3<u32>) {
    for (var i: i32 = i32(block_dim_x * block_id.x + thread_id.x); i < params.n; i += i32(grid_dim.x * block_dim_x)) {
        y[i] = params.alpha * x[i] + y[i];
    }
}
