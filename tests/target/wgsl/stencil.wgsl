// SPDX-License-Identifier: Apache-2.0
override block_dim_x: u32 = 256u;
override block_dim_y: u32 = 1u;
override block_dim_z: u32 = 1u;

struct Params {
    width: i32,
    height: i32,
}

@group(0) @binding(0) var<storage, read> in: array<f32>;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;
@group(0) @binding(2) var<uniform> params: Params;

@compute @workgroup_size(block_dim_x, block_dim_y, block_dim_z)
fn stencil(@builtin(local_invocation_id) thread_id: vec3<u32>,
    @builtin(workgroup_id) block_id: vec3<u32>) {
    let x = i32(block_dim_x * block_id.x + thread_id.x);
    let y = i32(block_dim_y * block_id.y + thread_id.y);
    if (!((((x < 1) || (y < 1)) || (x >= params.width - 1)) || (y >= params.height - 1))) {
        let at = y * params.width + x;
        out[at] = in[at] * 0.5 + (in[at - 1] + in[at + 1] + in[at - params.width] + in[at + params.width]) * 0.125;
    }
}
