/* SPDX-License-Identifier: Apache-2.0 */
#define THREADS 256

__kernel __attribute__((reqd_work_group_size(THREADS, 1, 1))) void
nbody(__global const float4 *bodies, __global float4 *forces, int n, float softening_squared) {
    __local float4 tile[THREADS];
    int i = get_global_id(0), lane = get_local_id(0);
    float4 mine = bodies[i];
    float fx = 0.0f, fy = 0.0f, fz = 0.0f;
    for (int start = 0; start < n; start += THREADS) {
        tile[lane] = bodies[start + lane];
        barrier(CLK_LOCAL_MEM_FENCE);
        for (int j = 0; j < THREADS; j++) {
            float4 other = tile[j];
            float dx = other.x - mine.x, dy = other.y - mine.y, dz = other.z - mine.z;
            float inverse = rsqrt(dx * dx + dy * dy + dz * dz + softening_squared);
            float factor = other.w * (inverse * inverse * inverse);
            fx += dx * factor;
            fy += dy * factor;
            fz += dz * factor;
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    forces[i] = (float4)(fx, fy, fz, 0.0f);
}
