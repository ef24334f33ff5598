// SPDX-License-Identifier: Apache-2.0
// mma.sync, ldmatrix, movmatrix, cp.async and mbarrier by inline PTX: products of small whole numbers, which are exact in every type.
// EXPECT: f16: ok
// EXPECT: f16 to f16: ok
// EXPECT: bf16: ok
// EXPECT: tf32: ok
// EXPECT: f64: ok
// EXPECT: s8: ok
// EXPECT: u4: ok
// EXPECT: b1: ok
// EXPECT: ldmatrix: ok
// EXPECT: movmatrix: ok
// EXPECT: cp.async: ok
// EXPECT: mbarrier: ok
#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include "check.h"

typedef unsigned Word;

/* Element (row, column) of the factors: small, of both signs where the type has them. */
__host__ __device__ static int a_at(int row, int k) { return (row * 3 + k * 5) % 7 - 3; }
__host__ __device__ static int b_at(int k, int column) { return (k * 2 + column * 3) % 5 - 2; }
__host__ __device__ static int c_at(int row, int column) { return row - 2 * column; }

__device__ static Word halves(int low, int high) {
    return __half_as_ushort(__float2half((float)low)) | (Word)__half_as_ushort(__float2half((float)high)) << 16;
}
__device__ static Word bfloats(int low, int high) {
    return __bfloat16_as_ushort(__float2bfloat16((float)low)) | (Word)__bfloat16_as_ushort(__float2bfloat16((float)high)) << 16;
}

#define LANE int g = (int)threadIdx.x / 4, t = (int)threadIdx.x % 4
#define STORE4(type)                                                                                                   \
    out[g * 8 + 2 * t] = d[0], out[g * 8 + 2 * t + 1] = d[1], out[(g + 8) * 8 + 2 * t] = d[2], out[(g + 8) * 8 + 2 * t + 1] = d[3]

__global__ void half_product(float *out) {
    LANE;
    Word a[4], b[2];
    for (int i = 0; i < 4; i++) a[i] = halves(a_at(g + 8 * (i & 1), 2 * t + 8 * (i >> 1)), a_at(g + 8 * (i & 1), 2 * t + 1 + 8 * (i >> 1)));
    for (int i = 0; i < 2; i++) b[i] = halves(b_at(2 * t + 8 * i, g), b_at(2 * t + 1 + 8 * i, g));
    float d[4] = {(float)c_at(g, 2 * t), (float)c_at(g, 2 * t + 1), (float)c_at(g + 8, 2 * t), (float)c_at(g + 8, 2 * t + 1)};
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                 : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
    STORE4(float);
}
__global__ void half_to_half(float *out) {
    LANE;
    Word a0 = halves(a_at(g, 2 * t), a_at(g, 2 * t + 1)), a1 = halves(a_at(g + 8, 2 * t), a_at(g + 8, 2 * t + 1)), b = halves(b_at(2 * t, g), b_at(2 * t + 1, g));
    Word c0 = halves(c_at(g, 2 * t), c_at(g, 2 * t + 1)), c1 = halves(c_at(g + 8, 2 * t), c_at(g + 8, 2 * t + 1)), d0, d1;
    asm volatile("mma.sync.aligned.m16n8k8.row.col.f16.f16.f16.f16 {%0,%1}, {%2,%3}, {%4}, {%5,%6};" : "=r"(d0), "=r"(d1) : "r"(a0), "r"(a1), "r"(b), "r"(c0), "r"(c1));
    float d[4] = {__half2float(__ushort_as_half((unsigned short)d0)), __half2float(__ushort_as_half((unsigned short)(d0 >> 16))),
                  __half2float(__ushort_as_half((unsigned short)d1)), __half2float(__ushort_as_half((unsigned short)(d1 >> 16)))};
    STORE4(float);
}
__global__ void bfloat_product(float *out) {
    LANE;
    Word a0 = bfloats(a_at(g, 2 * t), a_at(g, 2 * t + 1)), a1 = bfloats(a_at(g + 8, 2 * t), a_at(g + 8, 2 * t + 1)), b = bfloats(b_at(2 * t, g), b_at(2 * t + 1, g));
    float d[4] = {(float)c_at(g, 2 * t), (float)c_at(g, 2 * t + 1), (float)c_at(g + 8, 2 * t), (float)c_at(g + 8, 2 * t + 1)};
    asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5}, {%6}, {%0,%1,%2,%3};"
                 : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]) : "r"(a0), "r"(a1), "r"(b));
    STORE4(float);
}
__global__ void tf32_product(float *out) {
    LANE;
    Word a[4], b[2];
    for (int i = 0; i < 4; i++) a[i] = __float_as_uint((float)a_at(g + 8 * (i & 1), t + 4 * (i >> 1)));
    for (int i = 0; i < 2; i++) b[i] = __float_as_uint((float)b_at(t + 4 * i, g));
    float d[4] = {(float)c_at(g, 2 * t), (float)c_at(g, 2 * t + 1), (float)c_at(g + 8, 2 * t), (float)c_at(g + 8, 2 * t + 1)};
    asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                 : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
    STORE4(float);
}
__global__ void double_product(float *out) {
    LANE;
    double d0 = c_at(g, 2 * t), d1 = c_at(g, 2 * t + 1);
    asm volatile("mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64 {%0,%1}, {%2}, {%3}, {%0,%1};" : "+d"(d0), "+d"(d1) : "d"((double)a_at(g, t)), "d"((double)b_at(t, g)));
    out[g * 8 + 2 * t] = (float)d0, out[g * 8 + 2 * t + 1] = (float)d1;
}
__global__ void byte_product(float *out) {
    LANE;
    Word a[4] = {}, b[2] = {};
    for (int e = 0; e < 4; e++) {
        for (int i = 0; i < 4; i++) a[i] |= (Word)(unsigned char)a_at(g + 8 * (i & 1), 4 * t + e + 16 * (i >> 1)) << 8 * e;
        for (int i = 0; i < 2; i++) b[i] |= (Word)(unsigned char)b_at(4 * t + e + 16 * i, g) << 8 * e;
    }
    int d[4] = {c_at(g, 2 * t), c_at(g, 2 * t + 1), c_at(g + 8, 2 * t), c_at(g + 8, 2 * t + 1)};
    asm volatile("mma.sync.aligned.m16n8k32.row.col.satfinite.s32.s8.s8.s32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                 : "+r"(d[0]), "+r"(d[1]), "+r"(d[2]), "+r"(d[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
    STORE4(float);
}
/* Unsigned: the factors are moved up to be positive. */
__global__ void nibble_product(float *out) {
    LANE;
    Word a = 0, b = 0;
    for (int e = 0; e < 8; e++) a |= (Word)(a_at(g, 8 * t + e) + 3) << 4 * e, b |= (Word)(b_at(8 * t + e, g) + 2) << 4 * e;
    int d0 = c_at(g, 2 * t), d1 = c_at(g, 2 * t + 1);
    asm volatile("mma.sync.aligned.m8n8k32.row.col.s32.u4.u4.s32 {%0,%1}, {%2}, {%3}, {%0,%1};" : "+r"(d0), "+r"(d1) : "r"(a), "r"(b));
    out[g * 8 + 2 * t] = (float)d0, out[g * 8 + 2 * t + 1] = (float)d1;
}
__global__ void bit_product(float *out) {
    LANE;
    Word a = 0, b = 0;
    for (int e = 0; e < 32; e++) a |= (Word)(a_at(g, 32 * t + e) & 1) << e, b |= (Word)(b_at(32 * t + e, g) & 1) << e;
    int d0 = c_at(g, 2 * t), d1 = c_at(g, 2 * t + 1);
    asm volatile("mma.sync.aligned.m8n8k128.row.col.s32.b1.b1.s32.and.popc {%0,%1}, {%2}, {%3}, {%0,%1};" : "+r"(d0), "+r"(d1) : "r"(a), "r"(b));
    out[g * 8 + 2 * t] = (float)d0, out[g * 8 + 2 * t + 1] = (float)d1;
}

__device__ static int wrong;
#define WANT(condition)                                                                                                \
    if (!(condition)) atomicExch(&wrong, __LINE__)

__global__ void load_matrices() {
    __shared__ __align__(16) unsigned short tile[32][8];
    LANE;
    for (int i = 0; i < 8; i++) tile[threadIdx.x][i] = (unsigned short)(threadIdx.x * 100 + i);
    __syncwarp();
    Word at = (Word)__cvta_generic_to_shared(&tile[threadIdx.x][0]), d[4], r[2];
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];" : "=r"(d[0]), "=r"(d[1]), "=r"(d[2]), "=r"(d[3]) : "r"(at) : "memory");
    for (int i = 0; i < 4; i++) WANT(d[i] == (Word)((8 * i + g) * 100 + 2 * t) + ((Word)((8 * i + g) * 100 + 2 * t + 1) << 16));
    asm volatile("ldmatrix.sync.aligned.m8n8.x2.trans.shared.b16 {%0,%1}, [%2];" : "=r"(r[0]), "=r"(r[1]) : "r"(at) : "memory");
    for (int i = 0; i < 2; i++) WANT(r[i] == (Word)((8 * i + 2 * t) * 100 + g) + ((Word)((8 * i + 2 * t + 1) * 100 + g) << 16));
}
__global__ void move_matrix() {
    LANE;
    Word value = (Word)(g * 8 + 2 * t) | (Word)(g * 8 + 2 * t + 1) << 16, d;
    asm volatile("movmatrix.sync.aligned.m8n8.trans.b16 %0, %1;" : "=r"(d) : "r"(value));
    WANT(d == ((Word)(2 * t * 8 + g) | (Word)((2 * t + 1) * 8 + g) << 16));
}
__global__ void copy(const int *from) {
    __shared__ __align__(16) int to[128];
    Word at = (Word)__cvta_generic_to_shared(&to[4 * threadIdx.x]);
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(at), "l"(from + 4 * threadIdx.x) : "memory");
    asm volatile("cp.async.commit_group;\n\tcp.async.wait_group 0;" ::: "memory");
    __syncthreads();
    WANT(to[127 - threadIdx.x] == 127 - (int)threadIdx.x);
    __syncthreads();
    asm volatile("cp.async.ca.shared.global [%0], [%1], 8, 4;\n\tcp.async.wait_all;" ::"r"(at), "l"(from + 4 * threadIdx.x) : "memory");
    WANT(to[4 * threadIdx.x] == 4 * (int)threadIdx.x && to[4 * threadIdx.x + 1] == 0);
}
__global__ void arrive_and_wait() {
    __shared__ unsigned long long barrier;
    __shared__ int value[64];
    Word at = (Word)__cvta_generic_to_shared(&barrier);
    if (threadIdx.x == 0) asm volatile("mbarrier.init.shared.b64 [%0], %1;" ::"r"(at), "r"(64) : "memory");
    __syncthreads();
    for (int round = 0; round < 3; round++) {
        unsigned long long state;
        value[threadIdx.x] = round * 100 + (int)threadIdx.x;
        asm volatile("mbarrier.arrive.shared.b64 %0, [%1];" : "=l"(state) : "r"(at) : "memory");
        int done = 0;
        while (!done)
            asm volatile("{ .reg .pred p; mbarrier.test_wait.shared.b64 p, [%1], %2; selp.u32 %0, 1, 0, p; }" : "=r"(done) : "r"(at), "l"(state) : "memory");
        WANT(value[63 - threadIdx.x] == round * 100 + 63 - (int)threadIdx.x);
        __syncthreads();
    }
}

template <class Kernel> static void product(const char *name, Kernel kernel, int rows, int k, int a_offset, int b_offset, bool bits) {
    float *out;
    bool fine = true;
    CHECK(cudaMallocManaged(&out, 128 * sizeof *out));
    kernel<<<1, 32>>>(out);
    CHECK(cudaDeviceSynchronize());
    for (int row = 0; row < rows; row++)
        for (int column = 0; column < 8; column++) {
            int sum = c_at(row, column);
            for (int i = 0; i < k; i++)
                sum += bits ? (a_at(row, i) & b_at(i, column) & 1) : (a_at(row, i) + a_offset) * (b_at(i, column) + b_offset);
            fine = fine && out[row * 8 + column] == (float)sum;
        }
    std::printf("%s: %s\n", name, fine ? "ok" : "wrong");
}
static void say(const char *name) {
    int line = 0, none = 0;
    CHECK(cudaDeviceSynchronize());
    CHECK(cudaMemcpyFromSymbol(&line, wrong, sizeof line));
    CHECK(cudaMemcpyToSymbol(wrong, &none, sizeof none));
    if (line) std::printf("%s: wrong at line %d\n", name, line);
    else std::printf("%s: ok\n", name);
}

int main() {
    product("f16", half_product, 16, 16, 0, 0, false);
    product("f16 to f16", half_to_half, 16, 8, 0, 0, false);
    product("bf16", bfloat_product, 16, 8, 0, 0, false);
    product("tf32", tf32_product, 16, 8, 0, 0, false);
    product("f64", double_product, 8, 4, 0, 0, false);
    product("s8", byte_product, 16, 32, 0, 0, false);
    product("u4", nibble_product, 8, 32, 3, 2, false);
    product("b1", bit_product, 8, 128, 0, 0, true);
    load_matrices<<<1, 32>>>();
    say("ldmatrix");
    move_matrix<<<1, 32>>>();
    say("movmatrix");
    int *from;
    CHECK(cudaMallocManaged(&from, 128 * sizeof *from));
    for (int i = 0; i < 128; i++) from[i] = i;
    copy<<<1, 32>>>(from);
    say("cp.async");
    arrive_and_wait<<<1, 64>>>();
    say("mbarrier");
    return 0;
}
