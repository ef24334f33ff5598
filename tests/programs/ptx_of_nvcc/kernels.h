/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kernels.h: kernels whose PTX nvcc made, too (kernels.ptx): a representative of each thing that its PTX does otherwise than clang's
 * code: unrolled loops with a rest, strength-reduced addresses, depots, predicated code, collectives, half arithmetic, packed
 * vectors, switches, calls, printf's argument buffers. All have the same parameters; `n` is not a multiple of a block.
 */
#ifndef PTX_OF_NVCC_KERNELS_H
#define PTX_OF_NVCC_KERNELS_H

#include <cuda_fp16.h>

#define ENTRY extern "C" __global__ void
#define INDEX int i = (int)(blockIdx.x * blockDim.x + threadIdx.x)

__constant__ float weights[5] = {0.0625f, 0.25f, 0.375f, 0.25f, 0.0625f};

ENTRY scale(const float *in, float *out, int n) {
    INDEX;
    if (i < n) out[i] = 2.5f * in[i] + 1.0f;
}
ENTRY strided(const float *in, float *out, int n) {
    INDEX;
    for (int k = i; k < n; k += (int)(gridDim.x * blockDim.x) / 3) out[k % n] = in[k] - 1.0f;
}
ENTRY stencil(const float *in, float *out, int n) {
    INDEX;
    float sum = 0;
    for (int k = -2; k <= 2; k++)
        if (i + k >= 0 && i + k < n) sum += weights[k + 2] * in[i + k];
    if (i < n) out[i] = sum;
}
ENTRY row_sums(const float *in, float *out, int n) {
    int lane = threadIdx.x % 32, row = (int)(blockIdx.x * blockDim.x + threadIdx.x) / 32;
    float sum = 0;
    for (int k = row + lane; k < n; k += 32) sum += in[k];
    for (int offset = 16; offset > 0; offset /= 2) sum += __shfl_down_sync(0xffffffffu, sum, offset);
    if (lane == 0 && row < n) out[row] = sum;
}
ENTRY tiled(const float *in, float *out, int n) {
    __shared__ float tile[64][3];
    INDEX;
    int side = 32, x = i % side, y = i / side;
    float sum = 0;
    for (int k = 0; k < side; k += 2) {
        __syncthreads();
        if (threadIdx.x < 64) tile[threadIdx.x][k % 3] = in[(threadIdx.x + k) % n];
        __syncthreads();
        sum += tile[(x + y) % 64][k % 3] * in[(k * side + x) % n];
    }
    if (i < n) out[i] = sum;
}
ENTRY bins(const float *in, float *out, int n) {
    __shared__ int count[16];
    INDEX;
    if (threadIdx.x < 16) count[threadIdx.x] = 0;
    __syncthreads();
    if (i < n) atomicAdd(&count[(int)(in[i] * 7.0f) & 15], 1);
    __syncthreads();
    if (threadIdx.x < 16 && blockIdx.x * 16 + threadIdx.x < n) out[blockIdx.x * 16 + threadIdx.x] = (float)count[threadIdx.x];
}
ENTRY local_array(const float *in, float *out, int n) {
    INDEX;
    float history[37];
    for (int k = 0; k < 37; k++) history[k] = in[(i + k) % n];
    float sum = 0;
    for (int k = 0; k < 37; k++) sum += history[(k * k + i) % 37] * (float)(k & 3);
    if (i < n) out[i] = sum;
}
ENTRY large_local_array(const float *in, float *out, int n) {
    INDEX;
    if (i < n) {
        int values[50000];
        for (int k = 0; k < 50000; k++) values[(k * 7 + i) % 50000] = k;
        out[i] = in[i] + (float)(values[0] * 3 + values[i] + values[49999]);
    }
}
ENTRY leave_one_by_one(const float *in, float *out, int n) {
    INDEX;
    int lane = threadIdx.x % 32;
    unsigned mask = 0xffffffffu, last = 0;
    for (int k = 0; k <= lane; k++) {
        mask = __ballot_sync(mask, 1);
        last = mask;
        mask = __ballot_sync(mask, k < lane);
    }
    if (i < n) out[i] = in[i] + (float)__popc(last);
}
ENTRY halves(const float *in, float *out, int n) {
    INDEX;
    __half2 a = __floats2half2_rn(in[i % n], in[(i + 1) % n]), b = __hfma2(a, a, __hmul2(a, __float2half2_rn(0.5f)));
    if (i < n) out[i] = __low2float(b) - __high2float(b);
}
ENTRY vectors(const float *in, float *out, int n) {
    INDEX;
    if (4 * i + 3 < n) {
        float4 v = ((const float4 *)in)[i];
        ((float4 *)out)[i] = make_float4(v.w, v.z * v.x, v.y - v.x, v.x);
    }
}
ENTRY choices(const float *in, float *out, int n) {
    INDEX;
    if (i >= n) return;
    float value = in[i];
    switch (i % 9) {
    case 0: value = sqrtf(value); break;
    case 1: value = 1.0f / (value + 2.0f); break;
    case 2: value = fminf(value, 0.3f); break;
    case 3: value = truncf(value * 10.0f); break;
    case 5: value = (float)(long long)(value * 1e9f); break;
    case 6: value = (float)((double)value * 1.1); break;
    case 7: value = __int_as_float(__float_as_int(value) ^ 0x80000000); break;
    default: value = fabsf(value - 0.5f);
    }
    out[i] = value;
}
__device__ __noinline__ float collatz(unsigned x, int depth) {
    return x <= 1 || depth > 200 ? (float)depth : collatz(x % 2 ? 3 * x + 1 : x / 2, depth + 1);
}
ENTRY recursion(const float *in, float *out, int n) {
    INDEX;
    if (i < n) out[i] = collatz((unsigned)i + (unsigned)in[i], 0);
}
ENTRY bits(const float *in, float *out, int n) {
    INDEX;
    unsigned x = (unsigned)i * 2654435761u;
    unsigned long long wide = (unsigned long long)x * 0x9e3779b97f4a7c15ull;
    x = __funnelshift_l(x, x, 7) ^ __brev(x) ^ (unsigned)__popcll(wide) ^ __byte_perm(x, (unsigned)(wide >> 32), 0x3715);
    if (i < n) out[i] = in[i] + (float)(x & 0xffffu) + (float)__clz((int)x) + (float)(wide % 1000003ull);
}

#define EACH_KERNEL(X)                                                                                                 \
    X(scale) X(strided) X(stencil) X(row_sums) X(tiled) X(bins) X(local_array) X(large_local_array) X(leave_one_by_one) X(halves) X(vectors)   \
    X(choices) X(recursion) X(bits)

#endif
