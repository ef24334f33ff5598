// SPDX-License-Identifier: Apache-2.0
// Kernels that grow long only when their loops are copied out, or when their loads and stores go lane by lane: what runs side by side
// is bounded then (they took minutes to compile), and every block shape gives the same results.
// EXPECT: tiles: 0 differences
// EXPECT: bytes: 0 differences
// EXPECT: rows of bytes: 0 differences
#include <cmath>
#include <cstdio>
#include <vector>

const int count = 6000, corners = 24, tile = 32;

/* A ray to the right of each point crosses an odd number of edges if the point is inside. */
__host__ __device__ inline bool crosses(float2 p, float2 from, float2 to) {
    return (from.y > p.y) != (to.y > p.y) && p.x < (to.x - from.x) * (p.y - from.y) / (to.y - from.y) + from.x;
}

__global__ void tiles(int *inside, const float2 *points, const float2 *corner) {
    int first = blockIdx.x * blockDim.x * tile + threadIdx.x, odd[tile];
    float2 mine[tile];
#pragma unroll
    for (int t = 0; t < tile; t++) {
        odd[t] = 0;
        if (first + (int)blockDim.x * t < count)
            mine[t] = points[first + blockDim.x * t];
    }
    for (int j = 0, k = corners - 1; j < corners; k = j++)
#pragma unroll
        for (int t = 0; t < tile; t++)
            if (crosses(mine[t], corner[j], corner[k]))
                odd[t] = !odd[t];
#pragma unroll
    for (int t = 0; t < tile; t++)
        if (first + (int)blockDim.x * t < count)
            inside[first + blockDim.x * t] = odd[t];
}

/* Bytes from places that other bytes name, eight a step, by a loop over the grid. */
__global__ void bytes(unsigned char *out, const unsigned char *in, const unsigned short *place, int n) {
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += blockDim.x * gridDim.x)
        for (int c = 0; c < 8; c++) {
            int from = place[i * 8 + c] % n;
            out[(i * 7 % n) * 8 + c] = (unsigned char)(in[from * 8 + c] + in[from * 8 + 7 - c] / 2);
        }
}

__global__ void rows_of_bytes(unsigned char *out, const unsigned char *in, const unsigned short *place, int n) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    int i = y * gridDim.x * blockDim.x + x;
    if (i >= n)
        return;
    for (int c = 0; c < 8; c++) {
        int from = place[i * 8 + c] % n;
        out[(i * 7 % n) * 8 + c] = (unsigned char)(in[from * 8 + c] + in[from * 8 + 7 - c] / 2);
    }
}

static int differences(const std::vector<unsigned char> &in, const std::vector<unsigned short> &place, const unsigned char *device, int n) {
    std::vector<unsigned char> out(8 * n);
    int wrong = 0;
    cudaMemcpy(out.data(), device, out.size(), cudaMemcpyDeviceToHost);
    for (int i = 0; i < n; i++)
        for (int c = 0; c < 8; c++) {
            int from = place[i * 8 + c] % n;
            wrong += out[(i * 7 % n) * 8 + c] != (unsigned char)(in[from * 8 + c] + in[from * 8 + 7 - c] / 2);
        }
    return wrong;
}

int main() {
    std::vector<float2> points(count), corner(corners);
    for (int i = 0; i < count; i++)
        points[i] = make_float2((float)(i * 37 % 2000) / 1000 - 1, (float)(i * 91 % 1999) / 1000 - 1);
    for (int j = 0; j < corners; j++) {
        float radius = j % 2 ? 0.9f : 0.4f, angle = 6.2831853f * (float)j / corners;
        corner[j] = make_float2(radius * std::cos(angle), radius * std::sin(angle));
    }
    float2 *device_points, *device_corner;
    int *device_inside, wrong = 0;
    cudaMalloc(&device_points, count * sizeof(float2));
    cudaMalloc(&device_corner, corners * sizeof(float2));
    cudaMalloc(&device_inside, count * sizeof(int));
    cudaMemcpy(device_points, points.data(), count * sizeof(float2), cudaMemcpyHostToDevice);
    cudaMemcpy(device_corner, corner.data(), corners * sizeof(float2), cudaMemcpyHostToDevice);
    for (int width : {256, 64, 48, 33}) {
        std::vector<int> inside(count);
        cudaMemset(device_inside, 0xff, count * sizeof(int));
        tiles<<<(count + tile * width - 1) / (tile * width), width>>>(device_inside, device_points, device_corner);
        cudaMemcpy(inside.data(), device_inside, count * sizeof(int), cudaMemcpyDeviceToHost);
        for (int i = 0; i < count; i++) {
            int odd = 0;
            for (int j = 0, k = corners - 1; j < corners; k = j++)
                odd ^= crosses(points[i], corner[j], corner[k]);
            wrong += inside[i] != odd;
        }
    }
    std::printf("tiles: %d differences\n", wrong);

    const int n = 4096 + 17;
    std::vector<unsigned char> in(8 * n);
    std::vector<unsigned short> place(8 * n);
    for (int i = 0; i < 8 * n; i++) {
        in[i] = (unsigned char)(i * 13 + i / 7);
        place[i] = (unsigned short)(i * 7919);
    }
    unsigned char *device_in, *device_out;
    unsigned short *device_place;
    cudaMalloc(&device_in, in.size());
    cudaMalloc(&device_out, in.size());
    cudaMalloc(&device_place, place.size() * 2);
    cudaMemcpy(device_in, in.data(), in.size(), cudaMemcpyHostToDevice);
    cudaMemcpy(device_place, place.data(), place.size() * 2, cudaMemcpyHostToDevice);
    wrong = 0;
    for (int width : {256, 96, 20}) {
        cudaMemset(device_out, 0xa5, in.size());
        bytes<<<5, width>>>(device_out, device_in, device_place, n);
        wrong += differences(in, place, device_out, n);
    }
    std::printf("bytes: %d differences\n", wrong);
    wrong = 0;
    for (dim3 shape : {dim3(32, 8), dim3(16, 16), dim3(64, 2), dim3(24, 3)}) {
        dim3 grid(3, (n + 3 * shape.x * shape.y - 1) / (3 * shape.x * shape.y));
        cudaMemset(device_out, 0xa5, in.size());
        rows_of_bytes<<<grid, shape>>>(device_out, device_in, device_place, n);
        wrong += differences(in, place, device_out, n);
    }
    std::printf("rows of bytes: %d differences\n", wrong);
    return cudaGetLastError() != cudaSuccess;
}
