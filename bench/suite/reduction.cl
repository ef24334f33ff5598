/* SPDX-License-Identifier: Apache-2.0 */
__kernel void reduce(__global const float *in, __global float *out, int n, __local float *shared) {
    int local_id = get_local_id(0);
    float sum = 0.0f;
    for (int i = get_global_id(0); i < n; i += get_global_size(0))
        sum += in[i];
    shared[local_id] = sum;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int half_size = get_local_size(0) / 2; half_size > 0; half_size /= 2) {
        if (local_id < half_size)
            shared[local_id] += shared[local_id + half_size];
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    if (local_id == 0)
        out[get_group_id(0)] = shared[0];
}
