// SPDX-License-Identifier: Apache-2.0
override block_dim_x: u32 = 256u;
override block_dim_y: u32 = 1u;
override block_dim_z: u32 = 1u;

struct Params {
    n: i32,
}

@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> c: array<f32>;
@group(0) @binding(3) var<uniform> params: Params;
var<workgroup> tile_a: array<f32, 256>;
var<workgroup> tile_b: array<f32, 256>;

@compute @workgroup_size(block_dim_x, block_dim_y, block_dim_z)
fn matmul(@builtin(local_invocation_id) thread_id: vec3<u32>,
    @builtin(workgroup_id) block_id: vec3<u32>) {
    let row = i32(block_id.y * 16u + thread_id.y);
    let column = i32(block_id.x * 16u + thread_id.x);
    var sum: f32 = 0.0;
    for (var t: i32 = 0; t < params.n / 16; t++) {
        let t1 = t * 16;
        tile_a[thread_id.y * 16u + thread_id.x] = a[i32(thread_id.x) + row * params.n + t1];
        tile_b[thread_id.y * 16u + thread_id.x] = b[(t1 + i32(thread_id.y)) * params.n + column];
        workgroupBarrier();
        for (var k: i32 = 0; k < 16; k++) {
            sum = sum + tile_a[thread_id.y * 16u + u32(k)] * tile_b[u32(k * 16) + thread_id.x];
        }
        workgroupBarrier();
    }
    c[column + row * params.n] = sum;
}
