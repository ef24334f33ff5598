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
// EXPECT: wmma f16: ok
// EXPECT: wmma s8: ok
// EXPECT: wmma f64: ok
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

/* wmma says nothing of where elements lie: products go from memory to memory, once row by row and once column by column. */
__global__ void wmma_half(float *out) {
    __shared__ __half a[16 * 24], b[16 * 24];
    __shared__ float c[256], d[16 * 20];
    for (int i = threadIdx.x; i < 256; i += 32) {
        a[i / 16 * 24 + i % 16] = __float2half((float)a_at(i / 16, i % 16));
        b[i / 16 * 24 + i % 16] = __float2half((float)b_at(i / 16, i % 16));
        c[i] = (float)c_at(i % 16, i / 16); /* by columns */
    }
    __syncwarp();
    Word x[8], y[8];
    float s[8];
#define REGISTERS(v, c) "=" c(v[0]), "=" c(v[1]), "=" c(v[2]), "=" c(v[3]), "=" c(v[4]), "=" c(v[5]), "=" c(v[6]), "=" c(v[7])
    asm volatile("wmma.load.a.sync.aligned.row.m16n16k16.f16 {%0,%1,%2,%3,%4,%5,%6,%7}, [%8], 24;" : REGISTERS(x, "r") : "l"(a) : "memory");
    asm volatile("wmma.load.b.sync.aligned.row.m16n16k16.f16 {%0,%1,%2,%3,%4,%5,%6,%7}, [%8], 24;" : REGISTERS(y, "r") : "l"(b) : "memory");
    asm volatile("wmma.load.c.sync.aligned.col.m16n16k16.f32 {%0,%1,%2,%3,%4,%5,%6,%7}, [%8];" : REGISTERS(s, "f") : "l"(c) : "memory");
    asm volatile("wmma.mma.sync.aligned.row.row.m16n16k16.f32.f32 {%0,%1,%2,%3,%4,%5,%6,%7}, {%8,%9,%10,%11,%12,%13,%14,%15}, "
                 "{%16,%17,%18,%19,%20,%21,%22,%23}, {%0,%1,%2,%3,%4,%5,%6,%7};"
                 : "+f"(s[0]), "+f"(s[1]), "+f"(s[2]), "+f"(s[3]), "+f"(s[4]), "+f"(s[5]), "+f"(s[6]), "+f"(s[7])
                 : "r"(x[0]), "r"(x[1]), "r"(x[2]), "r"(x[3]), "r"(x[4]), "r"(x[5]), "r"(x[6]), "r"(x[7]), "r"(y[0]), "r"(y[1]), "r"(y[2]), "r"(y[3]),
                   "r"(y[4]), "r"(y[5]), "r"(y[6]), "r"(y[7]));
    asm volatile("wmma.store.d.sync.aligned.row.m16n16k16.f32 [%0], {%1,%2,%3,%4,%5,%6,%7,%8}, 20;" ::"l"(d), "f"(s[0]), "f"(s[1]), "f"(s[2]),
                 "f"(s[3]), "f"(s[4]), "f"(s[5]), "f"(s[6]), "f"(s[7])
                 : "memory");
    __syncwarp();
    for (int i = threadIdx.x; i < 128; i += 32) out[i] = d[i / 8 * 20 + i % 8];
}
__global__ void wmma_byte(float *out) {
    __shared__ __align__(16) signed char a[32 * 16], b[16 * 8];
    __shared__ int c[256], d[256];
    for (int i = threadIdx.x; i < 512; i += 32) a[i % 32 * 16 + i / 32] = (signed char)a_at(i % 32, i / 32);
    for (int i = threadIdx.x; i < 128; i += 32) b[i / 8 * 8 + i % 8] = (signed char)b_at(i / 8, i % 8);
    for (int i = threadIdx.x; i < 256; i += 32) c[i] = c_at(i / 8, i % 8);
    __syncwarp();
    Word x[4], y;
    int s[8];
    asm volatile("wmma.load.a.sync.aligned.row.m32n8k16.s8 {%0,%1,%2,%3}, [%4], 16;" : "=r"(x[0]), "=r"(x[1]), "=r"(x[2]), "=r"(x[3]) : "l"(a) : "memory");
    asm volatile("wmma.load.b.sync.aligned.row.m32n8k16.s8 {%0}, [%1], 8;" : "=r"(y) : "l"(b) : "memory");
    asm volatile("wmma.load.c.sync.aligned.row.m32n8k16.s32 {%0,%1,%2,%3,%4,%5,%6,%7}, [%8], 8;" : REGISTERS(s, "r") : "l"(c) : "memory");
    asm volatile("wmma.mma.sync.aligned.row.row.m32n8k16.s32.s8.s8.s32.satfinite {%0,%1,%2,%3,%4,%5,%6,%7}, {%8,%9,%10,%11}, {%12}, {%0,%1,%2,%3,%4,%5,%6,%7};"
                 : "+r"(s[0]), "+r"(s[1]), "+r"(s[2]), "+r"(s[3]), "+r"(s[4]), "+r"(s[5]), "+r"(s[6]), "+r"(s[7])
                 : "r"(x[0]), "r"(x[1]), "r"(x[2]), "r"(x[3]), "r"(y));
    asm volatile("wmma.store.d.sync.aligned.col.m32n8k16.s32 [%0], {%1,%2,%3,%4,%5,%6,%7,%8}, 32;" ::"l"(d), "r"(s[0]), "r"(s[1]), "r"(s[2]), "r"(s[3]),
                 "r"(s[4]), "r"(s[5]), "r"(s[6]), "r"(s[7])
                 : "memory");
    __syncwarp();
    for (int i = threadIdx.x; i < 128; i += 32) out[i] = (float)d[i % 8 * 32 + i / 8];
}
__global__ void wmma_double(float *out) {
    __shared__ double a[32], b[32], c[64];
    a[threadIdx.x] = a_at(threadIdx.x / 4, threadIdx.x % 4);
    b[threadIdx.x] = b_at(threadIdx.x % 4, threadIdx.x / 4); /* by columns */
    for (int i = threadIdx.x; i < 64; i += 32) c[i] = c_at(i / 8, i % 8);
    __syncwarp();
    double x, y, s[2];
    asm volatile("wmma.load.a.sync.aligned.row.m8n8k4.f64 {%0}, [%1], 4;" : "=d"(x) : "l"(a) : "memory");
    asm volatile("wmma.load.b.sync.aligned.col.m8n8k4.f64 {%0}, [%1], 4;" : "=d"(y) : "l"(b) : "memory");
    asm volatile("wmma.load.c.sync.aligned.row.m8n8k4.f64 {%0,%1}, [%2], 8;" : "=d"(s[0]), "=d"(s[1]) : "l"(c) : "memory");
    asm volatile("wmma.mma.sync.aligned.row.col.m8n8k4.rn.f64.f64.f64.f64 {%0,%1}, {%2}, {%3}, {%0,%1};" : "+d"(s[0]), "+d"(s[1]) : "d"(x), "d"(y));
    asm volatile("wmma.store.d.sync.aligned.row.m8n8k4.f64 [%0], {%1,%2}, 8;" ::"l"(c), "d"(s[0]), "d"(s[1]) : "memory");
    __syncwarp();
    for (int i = threadIdx.x; i < 64; i += 32) out[i] = (float)c[i];
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
    product("wmma f16", wmma_half, 16, 16, 0, 0, false);
    product("wmma s8", wmma_byte, 16, 16, 0, 0, false);
    product("wmma f64", wmma_double, 8, 4, 0, 0, false);
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
