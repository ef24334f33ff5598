// SPDX-License-Identifier: Apache-2.0
// Neighbouring words of shared memory, which targets may load and store together: two, three and four of them, aligned and not, with
// gaps, as floats and as integers, in arrays with and without bytes and atomics beside them.
// EXPECT: structures 660000, rows 130560, odd 6050, mixed 2944, dynamic 9888
#include <cstdio>

struct part {
    float a, b, c, d;
};

__global__ void structures(float *out, int n) {
    __shared__ part s[64];
    __shared__ unsigned char bytes[64];
    s[threadIdx.x] = part{float(threadIdx.x), 2, 3, 4};
    bytes[threadIdx.x] = threadIdx.x;
    __syncthreads();
    const part &v = s[(threadIdx.x + 1) % 64];
    out[threadIdx.x * 3] = v.a + v.b;
    out[threadIdx.x * 3 + 1] = v.a - v.d + bytes[63 - threadIdx.x];
    out[threadIdx.x * 3 + 2] = v.b * n;
}

__global__ void rows(float *out, int n) {
    __shared__ int tile[16][16];
    for (int i = threadIdx.x; i < 256; i += blockDim.x)
        tile[i / 16][i % 16] = i;
    __syncthreads();
    int sum = 0;
#pragma unroll
    for (int i = 0; i < 16; i++)
        sum += tile[threadIdx.x % 16][i] * n;
    out[threadIdx.x] = sum;
}

__global__ void odd(float *out, int) {
    __shared__ float line[70];
    line[threadIdx.x] = threadIdx.x;
    if (threadIdx.x < 6)
        line[64 + threadIdx.x] = 1;
    __syncthreads();
    out[threadIdx.x] = line[threadIdx.x] + line[threadIdx.x + 1] + line[threadIdx.x + 2];
    __syncthreads();
    line[threadIdx.x] = line[5] + line[6] + line[7] + line[8] + line[9];
    out[64 + threadIdx.x] = line[threadIdx.x] - out[threadIdx.x] / 3;
}

__global__ void mixed(float *out, int) {
    __shared__ unsigned words[64];
    words[threadIdx.x] = threadIdx.x;
    __syncthreads();
    atomicAdd(&words[4 * (threadIdx.x / 16)], 1u);
    __syncthreads();
    unsigned row = 4 * (threadIdx.x / 16);
    out[threadIdx.x] = words[row] + words[row + 1] + words[row + 2] + words[row + 3];
}

__global__ void dynamic(float *out, int) {
    extern __shared__ float4 fours[];
    fours[threadIdx.x] = make_float4(threadIdx.x, 1, 2, 3);
    __syncthreads();
    float4 v = fours[threadIdx.x ^ 1];
    out[threadIdx.x] = v.x + v.y * v.w;
    out[64 + threadIdx.x] = reinterpret_cast<float *>(fours)[4 * threadIdx.x + 2] * 60;
}

static float sum_of(void (*kernel)(float *, int), int n, int count, bool weighted, size_t shared) {
    float *out, host[192], sum = 0;
    cudaMalloc(&out, sizeof host);
    kernel<<<1, 64, shared>>>(out, n);
    cudaMemcpy(host, out, sizeof host, cudaMemcpyDeviceToHost);
    cudaFree(out);
    for (int i = 0; i < count; i++)
        sum += host[i] * (weighted ? i + 1 : 1);
    return sum;
}

int main() {
    float a = sum_of(structures, 3, 192, true, 0), b = sum_of(rows, 1, 64, false, 0), c = sum_of(odd, 0, 64, false, 0);
    float d = sum_of(mixed, 0, 64, false, 0), e = sum_of(dynamic, 0, 128, false, 64 * 16);
    std::printf("structures %g, rows %g, odd %g, mixed %g, dynamic %g\n", a, b, c, d, e);
    return cudaGetLastError() != cudaSuccess;
}
