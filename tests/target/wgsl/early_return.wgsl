// SPDX-License-Identifier: Apache-2.0
override block_dim_x: u32 = 256u;
override block_dim_y: u32 = 1u;
override block_dim_z: u32 = 1u;

var<workgroup> question: atomic<u32>;
var<workgroup> answer: u32;

struct Params {
    n: i32,
}

@group(0) @binding(0) var<storage, read_write> values: array<f32>;
@group(0) @binding(1) var<storage, read> rounds: array<i32>;
@group(0) @binding(2) var<uniform> params: Params;
var<workgroup> row: array<f32, 256>;

@compute @workgroup_size(block_dim_x, block_dim_y, block_dim_z)
fn smooth_(@builtin(local_invocation_id) thread_id: vec3<u32>,
    @builtin(local_invocation_index) thread_index: u32,
    @builtin(workgroup_id) block_id: vec3<u32>) {
    let i = i32(block_dim_x * block_id.x + thread_id.x);
    let inside = (i < params.n);
    if (together(inside, thread_index)) {
        if (inside) {
            row[thread_id.x] = values[i];
        }
        let inside1 = inside && (rounds[block_id.x] > 0);
        if (together(inside1, thread_index)) {
            workgroupBarrier();
            if (inside1) {
                row[thread_id.x] = row[thread_id.x] * 0.5;
            }
        }
        for (var step_: u32 = 1u; step_ < 256u; step_ = step_ * 2u) {
            var t: f32;
            if (inside) {
                t = row[step_ ^ thread_id.x];
            }
            workgroupBarrier();
            if (inside) {
                row[thread_id.x] = t + row[thread_id.x];
            }
            workgroupBarrier();
        }
        if (inside) {
            values[i] = row[thread_id.x];
        }
    }
}

fn together(yes: bool, thread: u32) -> bool {
    if (yes) { atomicOr(&question, 1u); }
    workgroupBarrier();
    if (thread == 0u) { answer = atomicExchange(&question, 0u); }
    return workgroupUniformLoad(&answer) != 0u;
}
