// SPDX-License-Identifier: Apache-2.0
// Tiles with a border, loaded by loops that start at threadIdx.x and threadIdx.y, in blocks of many shapes: as wide as a group of lanes,
// wider, narrower, and odd.
// EXPECT: 8 shapes, 3 sizes: 24 right
#include <cstdio>
#include <vector>

#include "check.h"

constexpr int radius = 3, widest = 64 + 2 * radius, highest = 32 + 2 * radius;

__global__ void box(const int *in, int *out, int width, int height) {
    __shared__ int part[highest][widest];
    int x0 = blockIdx.x * blockDim.x - radius, y0 = blockIdx.y * blockDim.y - radius;
    for (int y = threadIdx.y; y < int(blockDim.y) + 2 * radius; y += blockDim.y)
        for (int x = threadIdx.x; x < int(blockDim.x) + 2 * radius; x += blockDim.x) {
            bool inside = x0 + x >= 0 && x0 + x < width && y0 + y >= 0 && y0 + y < height;
            part[y][x] = inside ? in[(y0 + y) * width + x0 + x] : 1;
        }
    __syncthreads();
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= width || y >= height)
        return;
    int sum = 0;
    for (int dy = 0; dy <= 2 * radius; dy++)
        for (int dx = 0; dx <= 2 * radius; dx++)
            sum += (dy * 7 + dx) * part[threadIdx.y + dy][threadIdx.x + dx];
    out[y * width + x] = sum;
}

// The same with the block's shape a constant, as most such kernels have it.
__global__ void box_32_8(const int *in, int *out, int width, int height) {
    __shared__ int part[8 + 2 * radius][32 + 2 * radius];
    int x0 = blockIdx.x * 32 - radius, y0 = blockIdx.y * 8 - radius;
    for (int y = threadIdx.y; y < 8 + 2 * radius; y += 8)
        for (int x = threadIdx.x; x < 32 + 2 * radius; x += 32) {
            bool inside = x0 + x >= 0 && x0 + x < width && y0 + y >= 0 && y0 + y < height;
            part[y][x] = inside ? in[(y0 + y) * width + x0 + x] : 1;
        }
    __syncthreads();
    int x = blockIdx.x * 32 + threadIdx.x, y = blockIdx.y * 8 + threadIdx.y;
    if (x >= width || y >= height)
        return;
    int sum = 0;
#pragma unroll
    for (int dy = 0; dy <= 2 * radius; dy++)
#pragma unroll
        for (int dx = 0; dx <= 2 * radius; dx++)
            sum += (dy * 7 + dx) * part[threadIdx.y + dy][threadIdx.x + dx];
    out[y * width + x] = sum;
}

static int expected(const std::vector<int> &in, int width, int height, int x, int y) {
    int sum = 0;
    for (int dy = 0; dy <= 2 * radius; dy++)
        for (int dx = 0; dx <= 2 * radius; dx++) {
            int u = x + dx - radius, v = y + dy - radius;
            bool inside = u >= 0 && u < width && v >= 0 && v < height;
            sum += (dy * 7 + dx) * (inside ? in[v * width + u] : 1);
        }
    return sum;
}

int main() {
    const dim3 shapes[] = {dim3(32, 8), dim3(32, 32), dim3(16, 16), dim3(64, 4), dim3(8, 8), dim3(48, 5), dim3(7, 9), dim3(32, 3)};
    const int sizes[][2] = {{128, 96}, {131, 67}, {32, 8}};
    int right = 0;
    for (dim3 shape : shapes)
        for (auto &size : sizes) {
            int width = size[0], height = size[1];
            std::vector<int> in(width * height), out(in.size());
            for (size_t k = 0; k < in.size(); k++)
                in[k] = int(k * 2654435761u >> 20);
            int *d_in, *d_out;
            bool same = true;
            CHECK(cudaMalloc(&d_in, in.size() * sizeof(int)));
            CHECK(cudaMalloc(&d_out, in.size() * sizeof(int)));
            CHECK(cudaMemcpy(d_in, in.data(), in.size() * sizeof(int), cudaMemcpyHostToDevice));
            for (int form = 0; form < 2; form++) {
                if (form == 1 && (shape.x != 32 || shape.y != 8))
                    continue;
                dim3 blocks((width + shape.x - 1) / shape.x, (height + shape.y - 1) / shape.y);
                if (form == 0)
                    box<<<blocks, shape>>>(d_in, d_out, width, height);
                else
                    box_32_8<<<blocks, shape>>>(d_in, d_out, width, height);
                CHECK(cudaMemcpy(out.data(), d_out, out.size() * sizeof(int), cudaMemcpyDeviceToHost));
                for (int y = 0; y < height; y++)
                    for (int x = 0; x < width; x++)
                        same = same && out[y * width + x] == expected(in, width, height, x, y);
            }
            CHECK(cudaFree(d_in));
            CHECK(cudaFree(d_out));
            right += same;
        }
    printf("8 shapes, 3 sizes: %d right\n", right);
}
