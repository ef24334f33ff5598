// SPDX-License-Identifier: Apache-2.0
// Jacobi iterations of the heat equation on a ragged 2-D grid until a residual, reduced with atomics, is small.
// EXPECT: converged after the same number of steps as the host: yes
// EXPECT: temperatures: ok
#include "check.h"

const int width = 45, height = 37;

__global__ void step(const float *in, float *out, unsigned *largest_change) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= width || y >= height)
        return;
    int i = y * width + x;
    float value = in[i];
    if (x > 0 && y > 0 && x < width - 1 && y < height - 1)
        value = 0.25f * ((in[i - 1] + in[i + 1]) + (in[i - width] + in[i + width]));
    out[i] = value;
    // Bits of floats that are not negative compare like the floats.
    atomicMax(largest_change, __float_as_uint(fabsf(value - in[i])));
}

int main() {
    std::vector<float> field(width * height, 0.0f), next;
    for (int x = 0; x < width; x++)
        field[x] = 100.0f;
    Array<float> a(field), b(field);
    Array<unsigned> change(1);
    float *in = a, *out = b;
    int steps = 0, host_steps = 0;
    for (float largest = 1.0f; largest > 0.01f; steps++) {
        CHECK(cudaMemset(change, 0, sizeof(unsigned)));
        step<<<dim3((width + 7) / 8, (height + 7) / 8), dim3(8, 8)>>>(in, out, change);
        CHECK(cudaMemcpy(&largest, change, sizeof largest, cudaMemcpyDeviceToHost));
        std::swap(in, out);
    }
    next = field;
    for (float largest = 1.0f; largest > 0.01f; host_steps++) {
        largest = 0.0f;
        for (int y = 1; y < height - 1; y++)
            for (int x = 1; x < width - 1; x++) {
                int i = y * width + x;
                next[i] = 0.25f * ((field[i - 1] + field[i + 1]) + (field[i - width] + field[i + width]));
                float d = next[i] > field[i] ? next[i] - field[i] : field[i] - next[i];
                largest = d > largest ? d : largest;
            }
        field.swap(next);
    }
    std::printf("converged after the same number of steps as the host: %s\n", steps == host_steps ? "yes" : "no");
    same("temperatures", in == a.data ? a.host() : b.host(), field);
    return 0;
}
