// SPDX-License-Identifier: Apache-2.0
// EXPECT: float2 4096, float3 4096, float4 4096, mixed 4096, partial 4096
// Structures of equal members that neighbouring threads load and store: all members, in any order, some of them, with other
// accesses between them, in whole blocks and in blocks at the end of the data.
#include <cstdio>
#include <cuda_runtime.h>

struct three {
    float x, y, z;
};

__global__ void twos(const float2 *in, float2 *out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n)
        out[i] = make_float2(in[i].y + 1, in[i].x - 1);
}

__global__ void threes(const three *in, three *out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n)
        return;
    three value = in[i];
    out[i].z = value.x;
    out[i].x = value.y;
    out[i].y = value.z;
}

__global__ void fours(const float4 *in, float4 *out, int n) {
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
        float4 value = in[i];
        out[i] = make_float4(value.w, value.z, value.y, value.x);
    }
}

// The array is read and written in place, so members may not be moved past each other.
__global__ void mixed(float4 *data, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n)
        return;
    float first = data[i].x;
    data[i].x = data[i].y;
    data[i].y = data[i].z + data[i].x;
    data[i].z = data[i].w + data[i].y;
    data[i].w = first;
}

__global__ void partial(const float4 *in, float4 *out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n)
        return;
    out[i].x = in[i].x * 2;
    out[i].z = in[i].z * 2;
    if (in[i].y > 8)
        out[i].y = in[i].y * 2, out[i].w = in[i].w * 2, out[i].x += 1, out[i].z += 1;
}

constexpr int n = 4096, tail = 37;
static float in[4 * n], out[4 * n], *device_in, *device_out;

static void upload() {
    for (int k = 0; k < 4 * n; k++)
        in[k] = float(k % 31), out[k] = -1;
    cudaMemcpy(device_in, in, sizeof in, cudaMemcpyHostToDevice);
    cudaMemcpy(device_out, out, sizeof out, cudaMemcpyHostToDevice);
}

template <class Expected> static int count(float *from, Expected expected, int members, int used) {
    int right = 0;
    cudaMemcpy(out, from, sizeof out, cudaMemcpyDeviceToHost);
    for (int i = 0; i < n; i++) {
        bool same = true;
        for (int k = 0; k < members; k++)
            same &= out[members * i + k] == (i < used ? expected(in + members * i, k) : -1);
        right += same;
    }
    return right;
}

int main() {
    cudaMalloc(&device_in, sizeof in);
    cudaMalloc(&device_out, sizeof out);
    int used = n - tail, blocks = n / 128;
    upload();
    twos<<<blocks, 128>>>(reinterpret_cast<float2 *>(device_in), reinterpret_cast<float2 *>(device_out), used);
    std::printf("float2 %d", count(device_out, [](const float *v, int k) { return k ? v[0] - 1 : v[1] + 1; }, 2, used));
    upload();
    threes<<<blocks, 128>>>(reinterpret_cast<three *>(device_in), reinterpret_cast<three *>(device_out), used);
    std::printf(", float3 %d", count(device_out, [](const float *v, int k) { return v[(k + 1) % 3]; }, 3, used));
    upload();
    fours<<<5, 96>>>(reinterpret_cast<float4 *>(device_in), reinterpret_cast<float4 *>(device_out), used);
    std::printf(", float4 %d", count(device_out, [](const float *v, int k) { return v[3 - k]; }, 4, used));
    upload();
    mixed<<<blocks, 128>>>(reinterpret_cast<float4 *>(device_in), n);
    auto moved = [](const float *v, int k) {
        float y = v[2] + v[1], z = v[3] + y;
        return k == 0 ? v[1] : k == 1 ? y : k == 2 ? z : v[0];
    };
    std::printf(", mixed %d", count(device_in, moved, 4, n));
    upload();
    partial<<<blocks, 128>>>(reinterpret_cast<float4 *>(device_in), reinterpret_cast<float4 *>(device_out), used);
    auto some = [](const float *v, int k) {
        bool all = v[1] > 8;
        return k % 2 == 0 ? v[k] * 2 + all : all ? v[k] * 2 : -1;
    };
    std::printf(", partial %d\n", count(device_out, some, 4, used));
    return cudaGetLastError() != cudaSuccess;
}
