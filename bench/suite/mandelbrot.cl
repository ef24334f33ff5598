/* SPDX-License-Identifier: Apache-2.0 */
__kernel void mandelbrot(__global int *counts, int n, float left, float bottom, float step, int limit) {
    int column = get_global_id(0), row = get_global_id(1);
    if (column >= n || row >= n)
        return;
    float cx = left + column * step, cy = bottom + row * step;
    float x = 0.0f, y = 0.0f;
    int count = 0;
    while (count < limit && x * x + y * y <= 4.0f) {
        float next = x * x - y * y + cx;
        y = 2.0f * x * y + cy;
        x = next;
        count++;
    }
    counts[row * n + column] = count;
}
