/* SPDX-License-Identifier: Apache-2.0 */
#define RADIUS 3
#define TAPS 7
#define WIDTH 32
#define HEIGHT 8

__kernel __attribute__((reqd_work_group_size(WIDTH, HEIGHT, 1))) void
convolution_2d(__global const float *in, __global float *out, __constant float *filter, int n) {
    __local float part[HEIGHT + 2 * RADIUS][WIDTH + 2 * RADIUS];
    int lx = get_local_id(0), ly = get_local_id(1);
    int x0 = get_group_id(0) * WIDTH - RADIUS, y0 = get_group_id(1) * HEIGHT - RADIUS;
    for (int y = ly; y < HEIGHT + 2 * RADIUS; y += HEIGHT) {
        for (int x = lx; x < WIDTH + 2 * RADIUS; x += WIDTH) {
            bool inside = x0 + x >= 0 && x0 + x < n && y0 + y >= 0 && y0 + y < n;
            part[y][x] = inside ? in[(y0 + y) * n + x0 + x] : 0.0f;
        }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    int x = get_global_id(0), y = get_global_id(1);
    if (x < n && y < n) {
        float sum = 0.0f;
#pragma unroll
        for (int dy = 0; dy < TAPS; dy++)
#pragma unroll
            for (int dx = 0; dx < TAPS; dx++)
                sum += filter[dy * TAPS + dx] * part[ly + dy][lx + dx];
        out[y * n + x] = sum;
    }
}
