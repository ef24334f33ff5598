// SPDX-License-Identifier: Apache-2.0
// Separable convolution: filter weights in constant memory, rows and columns with halos in shared memory, clamped edges.
// EXPECT: rows: ok
// EXPECT: rows then columns: ok
#include "check.h"

const int radius = 5, width = 131, height = 67, tile = 32;
__constant__ float weights[2 * radius + 1];

__device__ __host__ int clamp(int v, int limit) { return v < 0 ? 0 : v >= limit ? limit - 1 : v; }

template <bool Rows> __global__ void convolve(const float *in, float *out) {
    __shared__ float line[4][tile + 2 * radius];
    int along = blockIdx.x * tile + threadIdx.x, across = blockIdx.y * 4 + threadIdx.y;
    int length = Rows ? width : height, lines = Rows ? height : width;
    int safe = clamp(across, lines);
    auto at = [&](int i) { return Rows ? in[safe * width + clamp(i, width)] : in[clamp(i, height) * width + safe]; };
    line[threadIdx.y][threadIdx.x + radius] = at(along);
    if (threadIdx.x < radius) {
        line[threadIdx.y][threadIdx.x] = at(along - radius);
        line[threadIdx.y][threadIdx.x + tile + radius] = at(along + tile);
    }
    __syncthreads();
    if (along >= length || across >= lines)
        return;
    float sum = 0.0f;
#pragma unroll
    for (int k = -radius; k <= radius; k++)
        sum += weights[k + radius] * line[threadIdx.y][threadIdx.x + radius + k];
    out[Rows ? across * width + along : along * width + across] = sum;
}

static std::vector<float> reference(const std::vector<float> &in, const float *w, bool rows) {
    std::vector<float> out(in.size(), 0.0f);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            for (int k = -radius; k <= radius; k++)
                out[y * width + x] += w[k + radius] * (rows ? in[y * width + clamp(x + k, width)] : in[clamp(y + k, height) * width + x]);
    return out;
}

int main() {
    float w[2 * radius + 1];
    for (int k = 0; k <= 2 * radius; k++)
        w[k] = static_cast<float>(1 + (k < radius ? k : 2 * radius - k)); // small integers: every sum is exact
    CHECK(cudaMemcpyToSymbol(weights, w, sizeof w));
    Random random(14);
    std::vector<float> in(width * height);
    for (float &v : in)
        v = static_cast<float>(random.below(50));
    Array<float> a(in), b(in.size()), c(in.size());
    convolve<true><<<dim3((width + tile - 1) / tile, (height + 3) / 4), dim3(tile, 4)>>>(a, b);
    convolve<false><<<dim3((height + tile - 1) / tile, (width + 3) / 4), dim3(tile, 4)>>>(b, c);
    CHECK_LAUNCH();
    std::vector<float> rows = reference(in, w, true);
    same("rows", b.host(), rows);
    same("rows then columns", c.host(), reference(rows, w, false));
    return 0;
}
