// SPDX-License-Identifier: Apache-2.0
// mma.sp in every shape and type, m8n8k4 of halves in every layout, and products of 8-bit floats, against products of small whole
// numbers on the host, which are exact in every type. PTX ISA, "Matrix multiply-accumulate operation using mma.sp", "mma".
// NVCC: -arch=sm_90
// RUN: -arch=sm_90
// ENV: CUDA_WASM_VECTOR=0
// EXPECT: sparse m16n8k16 f16 f32: ok
// EXPECT: sparse m16n8k32 f16 f32: ok
// EXPECT: sparse m16n8k16 f16 f16: ok
// EXPECT: sparse m16n8k32 f16 f16: ok
// EXPECT: sparse m16n8k16 bf16 f32: ok
// EXPECT: sparse m16n8k32 bf16 f32: ok
// EXPECT: sparse m16n8k8 tf32 f32: ok
// EXPECT: sparse m16n8k16 tf32 f32: ok
// EXPECT: sparse m16n8k64 e4m3 f32: ok
// EXPECT: sparse m16n8k64 e5m2 f32: ok
// EXPECT: sparse m16n8k32 s8 s32: ok
// EXPECT: sparse m16n8k64 s8 s32: ok
// EXPECT: sparse m16n8k64 s4 s32: ok
// EXPECT: sparse m16n8k128 s4 s32: ok
// EXPECT: m8n8k4 row col: ok
// EXPECT: m8n8k4 col row: ok
// EXPECT: m8n8k4 row row to f16: ok
// EXPECT: m8n8k4 col col f16 to f32: ok
#include <cstdlib>
#include <cstring>
#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include "check.h"

typedef unsigned Word;
enum Type { F16, BF16, TF32, E4M3, E5M2, S8, S4, F32, S32 };
static const int bits_of[] = {16, 16, 32, 8, 8, 8, 4, 32, 32};

/* The bits of a small whole number. */
static Word code(Type type, int value) {
    float number = (float)value;
    Word word;
    switch (type) {
    case F16: return __half_as_ushort(__float2half(number));
    case BF16: return __bfloat16_as_ushort(__float2bfloat16(number));
    case TF32:
    case F32: std::memcpy(&word, &number, 4); return word;
    case E4M3: { /* -8 to 8 */
        int magnitude = std::abs(value), exponent = 0;
        if (magnitude == 0) return 0;
        while (magnitude >> (exponent + 1)) exponent++;
        return (Word)((value < 0) << 7 | (exponent + 7) << 3 | ((magnitude << 3 >> exponent) & 7));
    }
    case E5M2: return __half_as_ushort(__float2half(number)) >> 8; /* exact up to 4, and 5 to 7 only where even */
    default: return (Word)value & (type == S8 ? 255u : type == S4 ? 15u : ~0u);
    }
}
static int value_of(Type type, Word word) {
    if (type == F16) return (int)__half2float(__ushort_as_half((unsigned short)word));
    if (type == S32) return (int)word;
    float number;
    std::memcpy(&number, &word, 4);
    return (int)number;
}

/* What the lanes hold: registers of A, B, the metadata, the accumulators. */
struct Lanes {
    Word a[32][4], b[32][4], e[32], c[32][8], d[32][8];
};

static void put(Word *registers, int n, int bits, Word element) {
    registers[n * bits / 32] |= element << n * bits % 32;
}

#define A2 "{%4,%5}"
#define A4 "{%4,%5,%6,%7}"
#define B2 "{%8,%9}"
#define B4 "{%8,%9,%10,%11}"
#define SPARSE(name, text, A, B, selector)                                                                                           \
    __global__ void name(Lanes *lanes) {                                                                                             \
        int lane = (int)threadIdx.x;                                                                                                 \
        const Word *a = lanes->a[lane], *b = lanes->b[lane];                                                                         \
        Word *d = lanes->d[lane], d0 = lanes->c[lane][0], d1 = lanes->c[lane][1], d2 = lanes->c[lane][2], d3 = lanes->c[lane][3];    \
        asm volatile("mma.sp.sync.aligned." text " {%0,%1,%2,%3}, " A ", " B ", {%0,%1,%2,%3}, %12, " #selector ";"                  \
                     : "+r"(d0), "+r"(d1), "+r"(d2), "+r"(d3)                                                                        \
                     : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]), "r"(b[2]), "r"(b[3]), "r"(lanes->e[lane])); \
        d[0] = d0, d[1] = d1, d[2] = d2, d[3] = d3;                                                                                  \
    }
#define SPARSE_FLOAT(name, text, A, B, selector)                                                                                     \
    __global__ void name(Lanes *lanes) {                                                                                             \
        int lane = (int)threadIdx.x;                                                                                                 \
        const Word *a = lanes->a[lane], *b = lanes->b[lane];                                                                         \
        Word *d = lanes->d[lane];                                                                                                    \
        float s[4];                                                                                                                  \
        for (int i = 0; i < 4; i++) s[i] = __uint_as_float(lanes->c[lane][i]);                                                       \
        asm volatile("mma.sp.sync.aligned." text " {%0,%1,%2,%3}, " A ", " B ", {%0,%1,%2,%3}, %12, " #selector ";"                  \
                     : "+f"(s[0]), "+f"(s[1]), "+f"(s[2]), "+f"(s[3])                                                                \
                     : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]), "r"(b[2]), "r"(b[3]), "r"(lanes->e[lane])); \
        for (int i = 0; i < 4; i++) d[i] = __float_as_uint(s[i]);                                                                    \
    }
#define SPARSE_HALF(name, text, A, B, selector)                                                                                      \
    __global__ void name(Lanes *lanes) {                                                                                             \
        int lane = (int)threadIdx.x;                                                                                                 \
        const Word *a = lanes->a[lane], *b = lanes->b[lane], *c = lanes->c[lane];                                                    \
        Word *d = lanes->d[lane], d0 = c[0] | c[1] << 16, d1 = c[2] | c[3] << 16;                                                    \
        asm volatile("mma.sp.sync.aligned." text " {%0,%1}, " A ", " B ", {%0,%1}, %12, " #selector ";"                              \
                     : "+r"(d0), "+r"(d1), "+r"(d[2]), "+r"(d[3])                                                                    \
                     : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]), "r"(b[2]), "r"(b[3]), "r"(lanes->e[lane])); \
        d[0] = d0 & 0xffff, d[1] = d0 >> 16, d[2] = d1 & 0xffff, d[3] = d1 >> 16;                                                    \
    }
SPARSE_FLOAT(half_16, "m16n8k16.row.col.f32.f16.f16.f32", A2, B2, 2)
SPARSE_FLOAT(half_32, "m16n8k32.row.col.f32.f16.f16.f32", A4, B4, 1)
SPARSE_HALF(half_16_half, "m16n8k16.row.col.f16.f16.f16.f16", A2, B2, 0)
SPARSE_HALF(half_32_half, "m16n8k32.row.col.f16.f16.f16.f16", A4, B4, 0)
SPARSE_FLOAT(bfloat_16, "m16n8k16.row.col.f32.bf16.bf16.f32", A2, B2, 3)
SPARSE_FLOAT(bfloat_32, "m16n8k32.row.col.f32.bf16.bf16.f32", A4, B4, 0)
SPARSE_FLOAT(tf32_8, "m16n8k8.row.col.f32.tf32.tf32.f32", A2, B2, 1)
SPARSE_FLOAT(tf32_16, "m16n8k16.row.col.f32.tf32.tf32.f32", A4, B4, 1)
SPARSE_FLOAT(e4m3_64, "m16n8k64.row.col.f32.e4m3.e4m3.f32", A4, B4, 0)
SPARSE_FLOAT(e5m2_64, "m16n8k64.row.col.f32.e5m2.e5m2.f32", A4, B4, 0)
SPARSE(s8_32, "m16n8k32.row.col.s32.s8.s8.s32", A2, B2, 1)
SPARSE(s8_64, "m16n8k64.row.col.satfinite.s32.s8.s8.s32", A4, B4, 0)
SPARSE(s4_64, "m16n8k64.row.col.s32.s4.s4.s32", A2, B2, 0)
SPARSE(s4_128, "m16n8k128.row.col.s32.s4.s4.s32", A4, B4, 0)

static int random_number(int below) {
    static unsigned state = 12345;
    state = state * 1664525u + 1013904223u;
    return (int)(state >> 16) % below;
}

/* Where a row's nibble for a chunk lies: PTX ISA, the figures of "Matrix fragments ... with sparse matrix A". */
static void put_nibble(Lanes *lanes, int row, int chunk, int chunks, int selector, bool small, Word nibble) {
    int lane = small ? 2 * (chunk / 8) + row / 8 : chunk / 4, place = small ? chunk % 8 : chunk % 4 + row / 8 * 4;
    lane += chunks == 4 ? selector : chunks == 8 ? 2 * selector : 0;
    lanes->e[row % 8 * 4 + lane] |= nibble << 4 * place;
}

static Lanes *lanes;

static void sparse(const char *name, void (*kernel)(Lanes *), Type type, Type sum, int k, int selector) {
    static int a[16][128], b[128][8], c[16][8];
    int bits = bits_of[type], each = 32 / bits, wide = type == S4 ? 8 : type == TF32 ? 2 : 4, stored = wide / 2, chunks = k / wide;
    std::memset(a, 0, sizeof a);
    std::memset(lanes, 0, sizeof *lanes);
    for (int row = 0; row < 16; row++)
        for (int chunk = 0; chunk < chunks; chunk++) {
            int low = random_number(3), high = low + 1 + random_number(3 - low);
            Word nibble = (Word)(low | high << 2);
            if (type == TF32) low = random_number(2), nibble = low ? 14 : 4;
            put_nibble(lanes, row, chunk, chunks, selector, bits <= 8, nibble);
            for (int i = 0; i < stored; i++) {
                int place = type == TF32 ? low : type == S4 ? 2 * (i / 2 ? high : low) + i % 2 : i ? high : low;
                int value = random_number(7) - 3, slot = chunk * stored + i, lane = row % 8 * 4 + slot / each % 4;
                a[row][chunk * wide + place] = value;
                put(&lanes->a[lane][2 * (slot / (4 * each)) + (row >= 8)], slot % each, bits, code(type, value));
            }
        }
    for (int i = 0; i < k; i++)
        for (int column = 0; column < 8; column++) {
            b[i][column] = random_number(5) - 2;
            put(&lanes->b[column * 4 + i / each % 4][i / (4 * each)], i % each, bits, code(type, b[i][column]));
        }
    for (int row = 0; row < 16; row++)
        for (int column = 0; column < 8; column++) {
            c[row][column] = random_number(100);
            lanes->c[row % 8 * 4 + column / 2][row / 8 * 2 + column % 2] = code(sum, c[row][column]);
        }
    kernel<<<1, 32>>>(lanes);
    CHECK(cudaDeviceSynchronize());
    int wrong = 0;
    for (int row = 0; row < 16; row++)
        for (int column = 0; column < 8; column++) {
            int want = c[row][column];
            for (int i = 0; i < k; i++) want += a[row][i] * b[i][column];
            wrong += value_of(sum, lanes->d[row % 8 * 4 + column / 2][row / 8 * 2 + column % 2]) != want;
        }
    std::printf("sparse %s: %s\n", name, wrong ? "wrong" : "ok");
}

/* ---- m8n8k4: four products, each by lanes 4q to 4q + 3 and 16 + 4q to 16 + 4q + 3 ---- */

#define IN4 "{%8,%9}, {%10,%11}"
__global__ void eight_row_col(Lanes *lanes) {
    int lane = (int)threadIdx.x;
    float s[8];
    for (int i = 0; i < 8; i++) s[i] = __uint_as_float(lanes->c[lane][i]);
    asm volatile("mma.sync.aligned.m8n8k4.row.col.f32.f16.f16.f32 {%0,%1,%2,%3,%4,%5,%6,%7}, " IN4 ", {%0,%1,%2,%3,%4,%5,%6,%7};"
                 : "+f"(s[0]), "+f"(s[1]), "+f"(s[2]), "+f"(s[3]), "+f"(s[4]), "+f"(s[5]), "+f"(s[6]), "+f"(s[7])
                 : "r"(lanes->a[lane][0]), "r"(lanes->a[lane][1]), "r"(lanes->b[lane][0]), "r"(lanes->b[lane][1]));
    for (int i = 0; i < 8; i++) lanes->d[lane][i] = __float_as_uint(s[i]);
}
__global__ void eight_col_row(Lanes *lanes) {
    int lane = (int)threadIdx.x;
    float s[8];
    for (int i = 0; i < 8; i++) s[i] = __uint_as_float(lanes->c[lane][i]);
    asm volatile("mma.sync.aligned.m8n8k4.col.row.f32.f16.f16.f32 {%0,%1,%2,%3,%4,%5,%6,%7}, " IN4 ", {%0,%1,%2,%3,%4,%5,%6,%7};"
                 : "+f"(s[0]), "+f"(s[1]), "+f"(s[2]), "+f"(s[3]), "+f"(s[4]), "+f"(s[5]), "+f"(s[6]), "+f"(s[7])
                 : "r"(lanes->a[lane][0]), "r"(lanes->a[lane][1]), "r"(lanes->b[lane][0]), "r"(lanes->b[lane][1]));
    for (int i = 0; i < 8; i++) lanes->d[lane][i] = __float_as_uint(s[i]);
}
__global__ void eight_row_row(Lanes *lanes) {
    int lane = (int)threadIdx.x;
    Word s[4];
    for (int i = 0; i < 4; i++) s[i] = lanes->c[lane][2 * i] | lanes->c[lane][2 * i + 1] << 16;
    asm volatile("mma.sync.aligned.m8n8k4.row.row.f16.f16.f16.f16 {%0,%1,%2,%3}, {%4,%5}, {%6,%7}, {%0,%1,%2,%3};"
                 : "+r"(s[0]), "+r"(s[1]), "+r"(s[2]), "+r"(s[3])
                 : "r"(lanes->a[lane][0]), "r"(lanes->a[lane][1]), "r"(lanes->b[lane][0]), "r"(lanes->b[lane][1]));
    for (int i = 0; i < 8; i++) lanes->d[lane][i] = s[i / 2] >> 16 * (i % 2) & 0xffff;
}
__global__ void eight_col_col(Lanes *lanes) {
    int lane = (int)threadIdx.x;
    float s[8];
    Word c[4];
    for (int i = 0; i < 4; i++) c[i] = lanes->c[lane][2 * i] | lanes->c[lane][2 * i + 1] << 16;
    asm volatile("mma.sync.aligned.m8n8k4.col.col.f32.f16.f16.f16 {%0,%1,%2,%3,%4,%5,%6,%7}, " IN4 ", {%12,%13,%14,%15};"
                 : "=f"(s[0]), "=f"(s[1]), "=f"(s[2]), "=f"(s[3]), "=f"(s[4]), "=f"(s[5]), "=f"(s[6]), "=f"(s[7])
                 : "r"(lanes->a[lane][0]), "r"(lanes->a[lane][1]), "r"(lanes->b[lane][0]), "r"(lanes->b[lane][1]), "r"(c[0]), "r"(c[1]), "r"(c[2]), "r"(c[3]));
    for (int i = 0; i < 8; i++) lanes->d[lane][i] = __float_as_uint(s[i]);
}

/* Element (row, column) of the accumulators, by their type. */
static Word *accumulator(Word (*registers)[8], int q, int row, int column, Type type) {
    int upper = row >= 4 ? 16 : 0, r = row % 4;
    int lane = type == F16 ? r : (r & 1) | (column & 2), i = type == F16 ? column : (column & 4) | (r & 2) | (column & 1);
    return &registers[upper + 4 * q + lane][i];
}

static void eight(const char *name, void (*kernel)(Lanes *), bool rows, bool columns, Type from, Type to) {
    static int a[4][8][4], b[4][4][8], c[4][8][8];
    std::memset(lanes, 0, sizeof *lanes);
    for (int q = 0; q < 4; q++)
        for (int line = 0; line < 8; line++) {
            int upper = line >= 4 ? 16 : 0;
            for (int k = 0; k < 4; k++) {
                a[q][line][k] = random_number(7) - 3, b[q][k][line] = random_number(5) - 2;
                put(lanes->a[upper + 4 * q + (rows ? line % 4 : k)], rows ? k : line % 4, 16, code(F16, a[q][line][k]));
                put(lanes->b[upper + 4 * q + (columns ? line % 4 : k)], columns ? k : line % 4, 16, code(F16, b[q][k][line]));
            }
            for (int column = 0; column < 8; column++) *accumulator(lanes->c, q, line, column, from) = code(from, c[q][line][column] = random_number(100));
        }
    kernel<<<1, 32>>>(lanes);
    CHECK(cudaDeviceSynchronize());
    int wrong = 0;
    for (int q = 0; q < 4; q++)
        for (int row = 0; row < 8; row++)
            for (int column = 0; column < 8; column++) {
                int want = c[q][row][column];
                for (int k = 0; k < 4; k++) want += a[q][row][k] * b[q][k][column];
                wrong += value_of(to, *accumulator(lanes->d, q, row, column, to)) != want;
            }
    std::printf("m8n8k4 %s: %s\n", name, wrong ? "wrong" : "ok");
}

int main() {
    CHECK(cudaMallocManaged(&lanes, sizeof *lanes));
    sparse("m16n8k16 f16 f32", half_16, F16, F32, 16, 2);
    sparse("m16n8k32 f16 f32", half_32, F16, F32, 32, 1);
    sparse("m16n8k16 f16 f16", half_16_half, F16, F16, 16, 0);
    sparse("m16n8k32 f16 f16", half_32_half, F16, F16, 32, 0);
    sparse("m16n8k16 bf16 f32", bfloat_16, BF16, F32, 16, 3);
    sparse("m16n8k32 bf16 f32", bfloat_32, BF16, F32, 32, 0);
    sparse("m16n8k8 tf32 f32", tf32_8, TF32, F32, 8, 1);
    sparse("m16n8k16 tf32 f32", tf32_16, TF32, F32, 16, 1);
    sparse("m16n8k64 e4m3 f32", e4m3_64, E4M3, F32, 64, 0);
    sparse("m16n8k64 e5m2 f32", e5m2_64, E5M2, F32, 64, 0);
    sparse("m16n8k32 s8 s32", s8_32, S8, S32, 32, 1);
    sparse("m16n8k64 s8 s32", s8_64, S8, S32, 64, 0);
    sparse("m16n8k64 s4 s32", s4_64, S4, S32, 64, 0);
    sparse("m16n8k128 s4 s32", s4_128, S4, S32, 128, 0);
    eight("row col", eight_row_col, true, true, F32, F32);
    eight("col row", eight_col_row, false, false, F32, F32);
    eight("row row to f16", eight_row_row, true, false, F16, F16);
    eight("col col f16 to f32", eight_col_col, false, true, F16, F32);
    return 0;
}
