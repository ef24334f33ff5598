/* SPDX-License-Identifier: Apache-2.0 */
/*
 * matrix.c: mma.sync, ldmatrix, stmatrix and movmatrix: PTX ISA, "Warp-level Matrix Instructions".
 *
 * Fragments of mma are laid out as the ISA draws them. With g = lane / 4, t = lane % 4 and e elements in a register, register r of A
 * holds row g + 8 (r % 2), columns 4e (r / 2) + et on (where m is 8 there is one register a chunk); register r of B holds column g,
 * rows 4er + et on; the accumulators are row g, columns 2t and 2t + 1, then row g + 8. A lane fetches the rows and columns that it
 * needs from the lanes that hold them, and sums up in the order of k: half, bfloat16 and tf32 by fused operations in float, a half
 * result rounded once at the end; integers exactly, with satfinite clamped at the end; double by fused operations in double.
 */
#include "library/ptx/matrix.h"
#include "library/ptx/device.h"
#include "library/ptx/element.h"

/* ---- Floating point ----------------------------------------------------------------------------------------------- */

enum { HALF, BFLOAT, TF32 };

INLINE float element(uint32_t word, int i, int type) {
    return type == HALF ? half_at(word, i) : type == BFLOAT ? bfloat_at(word, i) : float_of(word & ~0x1fffu);
}

/* sum[2 * row + column] += rows g and g + 8 of A times columns 2t and 2t + 1 of B. */
INLINE void multiply(float sum[4], const uint32_t *a, const uint32_t *b, int chunks, int type) {
    int lane = cw_laneid(), row = lane & ~3, column = (lane & 3) * 8, count = type == TF32 ? 1 : 2;
    UNROLL for (int chunk = 0; chunk < chunks; chunk++) {
        UNROLL for (int source = 0; source < 4; source++) {
            uint32_t a0 = take(a[2 * chunk], row + source), a1 = take(a[2 * chunk + 1], row + source);
            uint32_t b0 = take(b[chunk], column + source), b1 = take(b[chunk], column + 4 + source);
            UNROLL for (int i = 0; i < count; i++) {
                float x0 = element(a0, i, type), x1 = element(a1, i, type), y0 = element(b0, i, type), y1 = element(b1, i, type);
                sum[0] = __builtin_fmaf(x0, y0, sum[0]);
                sum[1] = __builtin_fmaf(x0, y1, sum[1]);
                sum[2] = __builtin_fmaf(x1, y0, sum[2]);
                sum[3] = __builtin_fmaf(x1, y1, sum[3]);
            }
        }
    }
}

INLINE void multiply_to_float(uint32_t *d, const uint32_t *a, const uint32_t *b, const uint32_t *c, int chunks, int type) {
    float sum[4] = {float_of(c[0]), float_of(c[1]), float_of(c[2]), float_of(c[3])};
    multiply(sum, a, b, chunks, type);
    UNROLL for (int i = 0; i < 4; i++) d[i] = bits_of(sum[i]);
}

INLINE void multiply_to_half(uint32_t *d, const uint32_t *a, const uint32_t *b, const uint32_t *c, int chunks) {
    float sum[4] = {half_at(c[0], 0), half_at(c[0], 1), half_at(c[1], 0), half_at(c[1], 1)};
    multiply(sum, a, b, chunks, HALF);
    d[0] = half_bits(sum[0]) | half_bits(sum[1]) << 16;
    d[1] = half_bits(sum[2]) | half_bits(sum[3]) << 16;
}

/* True where the device's own unit has done it. */
INLINE bool native(uint32_t product, uint32_t *d, const uint32_t *a, const uint32_t *b, const uint32_t *c, uint32_t flags) {
    return cw_matrix((int)(CW_MATRIX_PRODUCT | product << 3 | flags << 24), d, a, b, c, 0) != 0;
}

#define NATIVE(name)                                                                                                   \
    if (native(CW_MATRIX_ID_##name, d, a, b, c, flags)) return

#define ARGUMENTS uint32_t *d, const uint32_t *a, const uint32_t *b, const uint32_t *c, uint32_t flags

#define TO_FLOAT(name, chunks, type)                                                                                   \
    EXPORT void __cw_ptx_matrix_mma_##name(ARGUMENTS) {                                                                \
        NATIVE(name);                                                                                                  \
        multiply_to_float(d, a, b, c, chunks, type);                                                                   \
    }
#define TO_HALF(name, chunks)                                                                                          \
    EXPORT void __cw_ptx_matrix_mma_##name(ARGUMENTS) {                                                                \
        NATIVE(name);                                                                                                  \
        multiply_to_half(d, a, b, c, chunks);                                                                          \
    }
TO_FLOAT(m16n8k8_f16_f32, 1, HALF)
TO_FLOAT(m16n8k16_f16_f32, 2, HALF)
TO_HALF(m16n8k8_f16_f16, 1)
TO_HALF(m16n8k16_f16_f16, 2)
TO_FLOAT(m16n8k8_bf16_f32, 1, BFLOAT)
TO_FLOAT(m16n8k16_bf16_f32, 2, BFLOAT)
TO_FLOAT(m16n8k4_tf32_f32, 1, TF32)
TO_FLOAT(m16n8k8_tf32_f32, 2, TF32)

/* Floats of 8 bits. */
INLINE void multiply_bytes(float sum[4], const uint32_t *a, const uint32_t *b, int chunks, uint32_t flags) {
    int lane = cw_laneid(), row = lane & ~3, column = (lane & 3) * 8;
    bool wide_a = flags & CW_PTX_MMA_A_E5M2, wide_b = flags & CW_PTX_MMA_B_E5M2;
    UNROLL for (int chunk = 0; chunk < chunks; chunk++) {
        UNROLL for (int source = 0; source < 4; source++) {
            uint32_t a0 = take(a[2 * chunk], row + source), a1 = take(a[2 * chunk + 1], row + source);
            uint32_t b0 = take(b[chunk], column + source), b1 = take(b[chunk], column + 4 + source);
            UNROLL for (int i = 0; i < 4; i++) {
                float x0 = byte_float(a0, i, wide_a), x1 = byte_float(a1, i, wide_a), y0 = byte_float(b0, i, wide_b), y1 = byte_float(b1, i, wide_b);
                sum[0] = __builtin_fmaf(x0, y0, sum[0]);
                sum[1] = __builtin_fmaf(x0, y1, sum[1]);
                sum[2] = __builtin_fmaf(x1, y0, sum[2]);
                sum[3] = __builtin_fmaf(x1, y1, sum[3]);
            }
        }
    }
}

EXPORT void __cw_ptx_matrix_mma_m16n8k32_f8_f32(ARGUMENTS) {
    NATIVE(m16n8k32_f8_f32);
    float sum[4] = {float_of(c[0]), float_of(c[1]), float_of(c[2]), float_of(c[3])};
    multiply_bytes(sum, a, b, 2, flags);
    UNROLL for (int i = 0; i < 4; i++) d[i] = bits_of(sum[i]);
}

EXPORT void __cw_ptx_matrix_mma_m16n8k16_f8_f32(ARGUMENTS) {
    float sum[4] = {float_of(c[0]), float_of(c[1]), float_of(c[2]), float_of(c[3])};
    multiply_bytes(sum, a, b, 1, flags);
    UNROLL for (int i = 0; i < 4; i++) d[i] = bits_of(sum[i]);
}

INLINE void multiply_bytes_to_half(ARGUMENTS, int chunks) {
    float sum[4] = {half_at(c[0], 0), half_at(c[0], 1), half_at(c[1], 0), half_at(c[1], 1)};
    multiply_bytes(sum, a, b, chunks, flags);
    d[0] = half_bits(sum[0]) | half_bits(sum[1]) << 16;
    d[1] = half_bits(sum[2]) | half_bits(sum[3]) << 16;
}

EXPORT void __cw_ptx_matrix_mma_m16n8k32_f8_f16(ARGUMENTS) {
    multiply_bytes_to_half(d, a, b, c, flags, 2);
}

EXPORT void __cw_ptx_matrix_mma_m16n8k16_f8_f16(ARGUMENTS) {
    multiply_bytes_to_half(d, a, b, c, flags, 1);
}

/* ---- double ------------------------------------------------------------------------------------------------------ */

INLINE double take_double(const uint32_t *words, int lane) {
    uint64_t bits = (uint64_t)words[1] << 32 | words[0];
    return double_of((uint64_t)cw_shfl_idx_b64(FULL_MASK, (long long)bits, lane, 32));
}

INLINE double double_at(const uint32_t *words, int i) {
    return double_of((uint64_t)words[2 * i + 1] << 32 | words[2 * i]);
}

INLINE void multiply_double(uint32_t *d, const uint32_t *a, const uint32_t *b, const uint32_t *c, int chunks, int rows) {
    int lane = cw_laneid(), row = lane & ~3, column = (lane & 3) * 8;
    double sum[4];
    UNROLL for (int i = 0; i < 2 * rows; i++) sum[i] = double_at(c, i);
    UNROLL for (int chunk = 0; chunk < chunks; chunk++) {
        UNROLL for (int source = 0; source < 4; source++) {
            double y0 = take_double(b + 2 * chunk, column + source), y1 = take_double(b + 2 * chunk, column + 4 + source);
            UNROLL for (int i = 0; i < rows; i++) {
                double x = take_double(a + 2 * (rows * chunk + i), row + source);
                sum[2 * i] = __builtin_fma(x, y0, sum[2 * i]);
                sum[2 * i + 1] = __builtin_fma(x, y1, sum[2 * i + 1]);
            }
        }
    }
    UNROLL for (int i = 0; i < 2 * rows; i++) {
        d[2 * i] = (uint32_t)bits_of_double(sum[i]);
        d[2 * i + 1] = (uint32_t)(bits_of_double(sum[i]) >> 32);
    }
}

#define TO_DOUBLE(name, chunks, rows)                                                                                  \
    EXPORT void __cw_ptx_matrix_mma_##name(ARGUMENTS) {                                                                \
        NATIVE(name);                                                                                                  \
        multiply_double(d, a, b, c, chunks, rows);                                                                     \
    }
TO_DOUBLE(m8n8k4_f64_f64, 1, 1)
TO_DOUBLE(m16n8k4_f64_f64, 1, 2)
TO_DOUBLE(m16n8k8_f64_f64, 2, 2)
TO_DOUBLE(m16n8k16_f64_f64, 4, 2)

/* ---- Integers ---------------------------------------------------------------------------------------------------- */

/* The sum of products of all elements of two words; `bits` an element. Single bits are counted. */
INLINE int dot(uint32_t x, uint32_t y, int bits, uint32_t flags) {
    if (bits == 1) return __builtin_popcount(flags & CW_PTX_MMA_AND ? x & y : x ^ y);
    int sum = 0;
    UNROLL for (int i = 0; i < 32 / bits; i++) {
        uint32_t left = x << (32 - bits * (i + 1)), right = y << (32 - bits * (i + 1));
        int p = flags & CW_PTX_MMA_A_SIGNED ? (int)left >> (32 - bits) : (int)(left >> (32 - bits));
        int q = flags & CW_PTX_MMA_B_SIGNED ? (int)right >> (32 - bits) : (int)(right >> (32 - bits));
        sum += p * q;
    }
    return sum;
}

INLINE uint32_t finish(int sum, uint32_t c, uint32_t flags) {
    if (!(flags & CW_PTX_MMA_SATURATE)) return (uint32_t)sum + c;
    int64_t exact = (int64_t)sum + (int32_t)c;
    return (uint32_t)(exact > INT32_MAX ? INT32_MAX : exact < INT32_MIN ? INT32_MIN : (int32_t)exact);
}

INLINE void multiply_integer(uint32_t *d, const uint32_t *a, const uint32_t *b, const uint32_t *c, int chunks, int rows, int bits,
                             uint32_t flags) {
    int lane = cw_laneid(), row = lane & ~3, column = (lane & 3) * 8;
    int sum[4] = {0, 0, 0, 0};
    UNROLL for (int chunk = 0; chunk < chunks; chunk++) {
        UNROLL for (int source = 0; source < 4; source++) {
            uint32_t y0 = take(b[chunk], column + source), y1 = take(b[chunk], column + 4 + source);
            UNROLL for (int i = 0; i < rows; i++) {
                uint32_t x = take(a[rows * chunk + i], row + source);
                sum[2 * i] += dot(x, y0, bits, flags);
                sum[2 * i + 1] += dot(x, y1, bits, flags);
            }
        }
    }
    UNROLL for (int i = 0; i < 2 * rows; i++) d[i] = finish(sum[i], c[i], flags);
}

#define TO_INTEGER(name, chunks, rows, bits)                                                                           \
    EXPORT void __cw_ptx_matrix_mma_##name(ARGUMENTS) {                                                                \
        NATIVE(name);                                                                                                  \
        multiply_integer(d, a, b, c, chunks, rows, bits, flags);                                                       \
    }
TO_INTEGER(m8n8k16_b8_s32, 1, 1, 8)
TO_INTEGER(m16n8k16_b8_s32, 1, 2, 8)
TO_INTEGER(m16n8k32_b8_s32, 2, 2, 8)
TO_INTEGER(m8n8k32_b4_s32, 1, 1, 4)
TO_INTEGER(m16n8k32_b4_s32, 1, 2, 4)
TO_INTEGER(m16n8k64_b4_s32, 2, 2, 4)
TO_INTEGER(m8n8k128_b1_s32, 1, 1, 1)
TO_INTEGER(m16n8k128_b1_s32, 1, 2, 1)
TO_INTEGER(m16n8k256_b1_s32, 2, 2, 1)

/* ---- m8n8k4 of half --------------------------------------------------------------------------------------------------- */

/*
 * Four products at once, each by eight lanes: 4q to 4q + 3 and, as its upper half, 16 + 4q to 16 + 4q + 3. Lane i of the eight has row i of
 * A, or where A is laid out by columns, column i % 4 of rows 4 (i / 4) on; B likewise with columns and rows exchanged. Half accumulators
 * are row i; float ones are spread over rows and columns of the lane's half (PTX ISA, "Matrix Fragments for mma.m8n8k4 with .f16").
 */
INLINE int lane_of(int place) {
    return (cw_laneid() & 12) | (place & 3) | (place & 4) << 2;
}

/* Elements of line `line`, of A's rows or B's columns. `together`: a lane has a line; else lane k has element k of four lines. */
INLINE void eight_line(float to[4], const uint32_t *own, int line, bool together) {
    UNROLL for (int k = 0; k < 4; k++) {
        int lane = lane_of(together ? line : (line & 4) | k);
        uint32_t low = 0, high = 0;
        if (!together || k < 2) low = take(own[0], lane);
        if (!together || k >= 2) high = take(own[1], lane);
        to[k] = together ? half_at(k < 2 ? low : high, k & 1) : half_at((line & 2 ? high : low) >> 16 * (line & 1), 0);
    }
}

EXPORT void __cw_ptx_matrix_eight(ARGUMENTS) {
    bool rows = !(flags & CW_PTX_MMA_A_COLUMNS), columns = !(flags & CW_PTX_MMA_B_ROWS), half_c = flags & CW_PTX_MMA_C_HALF, half_d = flags & CW_PTX_MMA_D_HALF;
    int lane = cw_laneid(), upper = lane >> 2 & 4;
    float sum[8];
    UNROLL for (int i = 0; i < 8; i++) sum[i] = half_c ? half_at(c[i >> 1], i & 1) : float_of(c[i]);
    if (half_c != half_d) { /* c is laid out as its own type says: it goes to where d's elements are */
        float own[8];
        UNROLL for (int i = 0; i < 8; i++) own[i] = sum[i];
        UNROLL for (int i = 0; i < 8; i++) {
            int row = half_d ? lane & 3 : (lane & 1) | (i & 2), column = half_d ? i : (i & 4) | (lane & 2) | (i & 1);
            int from = half_c ? row : (row & 1) | (column & 2), n = half_c ? column : (column & 4) | (row & 2) | (column & 1);
            float value = 0;
            UNROLL for (int k = 0; k < 8; k++) {
                float there = float_of(take(bits_of(own[k]), lane_of(upper | from)));
                value = k == n ? there : value;
            }
            sum[i] = value;
        }
    }
    /* A lane's elements lie in one row and eight columns, or in two rows and four columns. */
    float rows_of_a[2][4], columns_of_b[8][4];
    UNROLL for (int i = 0; i < (half_d ? 1 : 2); i++) eight_line(rows_of_a[i], a, upper | (half_d ? lane & 3 : (lane & 1) | 2 * i), rows);
    UNROLL for (int i = 0; i < (half_d ? 8 : 4); i++) eight_line(columns_of_b[i], b, half_d ? i : (i & 2) << 1 | (lane & 2) | (i & 1), columns);
    UNROLL for (int k = 0; k < 4; k++) {
        UNROLL for (int i = 0; i < 8; i++) {
            int row = half_d ? 0 : i >> 1 & 1, column = half_d ? i : (i >> 1 & 2) | (i & 1);
            sum[i] = __builtin_fmaf(rows_of_a[row][k], columns_of_b[column][k], sum[i]);
        }
    }
    UNROLL for (int i = 0; i < 8; i++) {
        if (!half_d) d[i] = bits_of(sum[i]);
        else if (i & 1) d[i >> 1] = half_bits(sum[i - 1]) | half_bits(sum[i]) << 16;
    }
}

/* ---- Moving matrices of 8 by 8 halfwords ---------------------------------------------------------------------------- */

typedef uint32_t __attribute__((may_alias)) word;
typedef uint16_t __attribute__((may_alias)) halfword;

/* Lane 8i + r has the address of row r of matrix i. */
INLINE uintptr_t row_address(const void *own, int matrix, int row) {
    return (uintptr_t)cw_shfl_idx_b64(FULL_MASK, (long long)(uintptr_t)own, 8 * matrix + row, 32);
}

EXPORT void __cw_ptx_matrix_load(uint32_t *d, const void *own, uint32_t count, uint32_t transposed) {
    if (cw_matrix((int)(CW_MATRIX_LOAD_ROWS | (transposed ? CW_MATRIX_COLUMNS_A : 0) | count << 5), d, own, 0, 0, 0)) return;
    int lane = cw_laneid(), g = lane >> 2, t = lane & 3;
    for (int i = 0; i < (int)count; i++) {
        if (!transposed) {
            d[i] = ((const word *)row_address(own, i, g))[t];
            continue;
        }
        uint32_t low = ((const halfword *)row_address(own, i, 2 * t))[g];
        uint32_t high = ((const halfword *)row_address(own, i, 2 * t + 1))[g];
        d[i] = low | high << 16;
    }
}

EXPORT void __cw_ptx_matrix_store(void *own, const uint32_t *s, uint32_t count, uint32_t transposed) {
    if (cw_matrix((int)(CW_MATRIX_STORE_ROWS | (transposed ? CW_MATRIX_COLUMNS_A : 0) | count << 5), own, s, 0, 0, 0)) return;
    int lane = cw_laneid(), g = lane >> 2, t = lane & 3;
    for (int i = 0; i < (int)count; i++) {
        if (!transposed) {
            ((word *)row_address(own, i, g))[t] = s[i];
            continue;
        }
        uintptr_t first = row_address(own, i, 2 * t), other = row_address(own, i, 2 * t + 1);
        ((halfword *)first)[g] = (uint16_t)s[i];
        ((halfword *)other)[g] = (uint16_t)(s[i] >> 16);
    }
    cw_warp_sync(FULL_MASK);
}

EXPORT uint32_t __cw_ptx_matrix_transpose(uint32_t value) {
    int lane = cw_laneid(), g = lane >> 2, t = lane & 3;
    uint32_t low = take(value, 8 * t + (g >> 1)), high = take(value, 8 * t + 4 + (g >> 1));
    return (low >> 16 * (g & 1) & 0xffffu) | high >> 16 * (g & 1) << 16;
}
