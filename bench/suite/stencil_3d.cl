/* SPDX-License-Identifier: Apache-2.0 */
__kernel void stencil_3d(__global const float *in, __global float *out, int n, float centre_factor,
                         float side_factor) {
    int x = get_global_id(0), y = get_global_id(1);
    if (x < 1 || x >= n - 1 || y < 1 || y >= n - 1)
        return;
    int plane = n * n;
    int i = y * n + x;
    float below = in[i], centre = in[i + plane];
    for (int z = 1; z < n - 1; z++) {
        i += plane;
        float above = in[i + plane];
        out[i] = centre_factor * centre +
                 side_factor * (in[i - 1] + in[i + 1] + in[i - n] + in[i + n] + below + above);
        below = centre;
        centre = above;
    }
}
