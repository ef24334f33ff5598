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
var<workgroup> tile: array<f32, 1056>;

@compute @workgroup_size(block_dim_x, block_dim_y, block_dim_z)
fn transpose_(@builtin(local_invocation_id) thread_id: vec3<u32>,
    @builtin(workgroup_id) block_id: vec3<u32>) {
    let t = i32(block_id.x * 32u);
    let x = t + i32(thread_id.x);
    let t1 = i32(block_id.y * 32u);
    let y = t1 + i32(thread_id.y);
    for (var i: i32 = 0; i < 32; i += 8) {
        if (x < params.width) {
            let t3 = y + i;
            if (t3 < params.height) {
                tile[u32((i + i32(thread_id.y)) * 33) + thread_id.x] = in[t3 * params.width + x];
            }
        }
    }
    workgroupBarrier();
    let x1 = t1 + i32(thread_id.x);
    let y1 = i32(thread_id.y) + t;
    for (var i28: i32 = 0; i28 < 32; i28 += 8) {
        if (x1 < params.height) {
            let t2 = y1 + i28;
            if (t2 < params.width) {
                out[t2 * params.height + x1] = tile[thread_id.x * 33u + u32(i28 + i32(thread_id.y))];
            }
        }
    }
}
