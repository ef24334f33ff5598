/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fragment.c: wmma.load, wmma.store and wmma.mma (PTX ISA 9.7.14.3 to 9.7.14.5). Which lane and register holds which element is left open
 * there; here it is:
 *
 * A's rows and B's columns are lines of `words` 32-bit words, elements of one line packed in the order of k. The words of all lines,
 * one line behind the other, are dealt out to the lanes in runs of equal length. Half fragments have more registers than that:
 * they hold the run again. Accumulators are dealt out the same way, by elements, row by row.
 *
 * So a lane's accumulators lie in one row, and a product fetches for each word of k one word of A and one word of B a column. Sums are
 * as in matrix.c.
 */
#include "library/ptx/element.h"
#include "library/ptx/matrix.h"

typedef uint32_t __attribute__((may_alias)) word;
typedef uint16_t __attribute__((may_alias)) halfword;
typedef uint8_t __attribute__((may_alias)) byte;
typedef uint64_t __attribute__((may_alias)) doubleword;

#define REGISTERS_MAX 8u /* and of elements that a lane has of an accumulator */

/* ---- Memory ------------------------------------------------------------------------------------------------------- */

/* Word `n` of a line whose elements, of `bits`, lie `stride` apart. */
INLINE uint32_t gather_word(const char *line, uint32_t n, uint64_t stride, uint32_t bits) {
    switch (bits) {
    case 64: return *(const word *)(line + (n >> 1) * stride * 8 + 4 * (n & 1));
    case 32: return *(const word *)(line + n * stride * 4);
    case 16: {
        uint32_t low = *(const halfword *)(line + 2 * n * stride * 2), high = *(const halfword *)(line + (2 * n + 1) * stride * 2);
        return low | high << 16;
    }
    default: {
        uint32_t result = 0;
        UNROLL for (uint32_t i = 0; i < 4; i++) result |= (uint32_t) * (const byte *)(line + (4 * n + i) * stride) << 8 * i;
        return result;
    }
    }
}

/* A fragment of A or B: `lines` of `words`. `together`: a line's elements are neighbours, and `stride` elements lead to the next
 * line; else the other way round. */
EXPORT void __cw_ptx_fragment_load(uint32_t *d, const char *from, uint32_t stride, uint32_t lines, uint32_t words, uint32_t bits,
                                   uint32_t together, uint32_t registers, uint32_t what) {
    if (cw_matrix((int)what, d, from, 0, 0, (int)stride)) return;
    uint32_t run = lines * words / 32, first = (uint32_t)cw_laneid() * run;
    UNROLL for (uint32_t r = 0; r < REGISTERS_MAX; r++) {
        if (r >= registers) continue;
        uint32_t at = first + r % run, line = at / words, n = at % words;
        if (together) d[r] = ((const word *)(from + (uint64_t)line * stride * bits / 8))[n];
        else d[r] = gather_word(from + (uint64_t)line * (bits / 8), n, stride, bits);
    }
    cw_warp_sync(FULL_MASK);
}

/* Where element `index` of an accumulator lies. */
INLINE uint64_t offset_of(uint32_t index, uint32_t columns, uint32_t stride, uint32_t by_rows) {
    uint64_t row = index / columns, column = index % columns;
    return by_rows ? row * stride + column : column * stride + row;
}

EXPORT void __cw_ptx_fragment_load_sum(uint32_t *d, const char *from, uint32_t stride, uint32_t elements, uint32_t columns, uint32_t bits,
                                       uint32_t by_rows, uint32_t what) {
    if (cw_matrix((int)what, d, from, 0, 0, (int)stride)) return;
    uint32_t run = elements / 32, first = (uint32_t)cw_laneid() * run;
    UNROLL for (uint32_t e = 0; e < REGISTERS_MAX; e++) {
        if (e >= run) continue;
        uint64_t at = offset_of(first + e, columns, stride, by_rows);
        if (bits == 64) {
            uint64_t value = ((const doubleword *)from)[at];
            d[2 * e] = (uint32_t)value;
            d[2 * e + 1] = (uint32_t)(value >> 32);
        } else if (bits == 32) {
            d[e] = ((const word *)from)[at];
        } else {
            uint32_t value = ((const halfword *)from)[at];
            d[e / 2] = e % 2 ? d[e / 2] | value << 16 : value;
        }
    }
    cw_warp_sync(FULL_MASK);
}

EXPORT void __cw_ptx_fragment_store_sum(char *to, const uint32_t *s, uint32_t stride, uint32_t elements, uint32_t columns, uint32_t bits,
                                        uint32_t by_rows, uint32_t what) {
    if (cw_matrix((int)what, to, s, 0, 0, (int)stride)) return;
    uint32_t run = elements / 32, first = (uint32_t)cw_laneid() * run;
    UNROLL for (uint32_t e = 0; e < REGISTERS_MAX; e++) {
        if (e >= run) continue;
        uint64_t at = offset_of(first + e, columns, stride, by_rows);
        if (bits == 64) ((doubleword *)to)[at] = (uint64_t)s[2 * e + 1] << 32 | s[2 * e];
        else if (bits == 32) ((word *)to)[at] = s[e];
        else ((halfword *)to)[at] = (uint16_t)(s[e / 2] >> 16 * (e % 2));
    }
    cw_warp_sync(FULL_MASK);
}

/* ---- Products ------------------------------------------------------------------------------------------------------ */

/* Word `k` of line `line` of a fragment; every lane may ask for another line. */
INLINE uint32_t line_word(const uint32_t *fragment, uint32_t lines, uint32_t words, uint32_t line, uint32_t k) {
    uint32_t run = lines * words / 32;
    return take(fragment[k % run], (int)(line * (words / run) + k / run));
}

INLINE float element(uint32_t value, int i, uint32_t type) {
    if (type == CW_PTX_FACTOR_HALF) return (float)__builtin_bit_cast(_Float16, (uint16_t)(value >> 16 * i));
    if (type == CW_PTX_FACTOR_BFLOAT) return float_of(i ? value & 0xffff0000u : value << 16);
    return float_of(value & ~0x1fffu);
}

INLINE float clamped(float value, uint32_t flags) {
    const float most = 0x1.fffffep127f;
    if (!(flags & CW_PTX_MMA_SATURATE)) return value;
    return value != value ? 0.0f : value > most ? most : value < -most ? -most : value;
}

/* `half_c`, `half_d`: accumulators of 16 bits, two a register. */
EXPORT void __cw_ptx_fragment_multiply_float(uint32_t *d, const uint32_t *a, const uint32_t *b, const uint32_t *c, uint32_t m, uint32_t n,
                                             uint32_t type, uint32_t half_c, uint32_t half_d, uint32_t flags, uint32_t what) {
    if (cw_matrix((int)(what & ~CW_MATRIX_SATURATE), d, a, b, c, 0)) {
        UNROLL for (uint32_t e = 0; e < REGISTERS_MAX && (flags & CW_PTX_MMA_SATURATE); e++) {
            if (!half_d) d[e] = bits_of(clamped(float_of(d[e]), flags));
            else if (e < REGISTERS_MAX / 2) d[e] = half_bits(clamped(half_at(d[e], 0), flags)) | half_bits(clamped(half_at(d[e], 1), flags)) << 16;
        }
        return;
    }
    uint32_t run = m * n / 32, first = (uint32_t)cw_laneid() * run, row = first / n, column = first % n;
    float sum[8];
    UNROLL for (uint32_t e = 0; e < REGISTERS_MAX; e++)
        sum[e] = half_c ? (float)__builtin_bit_cast(_Float16, (uint16_t)(c[e / 2] >> 16 * (e % 2))) : float_of(c[e]);
    UNROLL for (uint32_t k = 0; k < 8; k++) {
        uint32_t x = line_word(a, m, 8, row, k);
        UNROLL for (uint32_t e = 0; e < REGISTERS_MAX; e++) {
            uint32_t y = line_word(b, n, 8, column + e, k);
            UNROLL for (int i = 0; i < (type == CW_PTX_FACTOR_TF32 ? 1 : 2); i++)
                sum[e] = __builtin_fmaf(element(x, i, type), element(y, i, type), sum[e]);
        }
    }
    UNROLL for (uint32_t e = 0; e < REGISTERS_MAX; e++) {
        float value = clamped(sum[e], flags);
        if (!half_d) d[e] = bits_of(value);
        else d[e / 2] = e % 2 ? d[e / 2] | half_bits(value) << 16 : half_bits(value);
    }
}

EXPORT void __cw_ptx_fragment_multiply_double(uint32_t *d, const uint32_t *a, const uint32_t *b, const uint32_t *c, uint32_t what) {
    if (cw_matrix((int)what, d, a, b, c, 0)) return;
    uint32_t first = (uint32_t)cw_laneid() * 2, row = first / 8, column = first % 8;
    UNROLL for (uint32_t e = 0; e < 2; e++) {
        double sum = double_of((uint64_t)c[2 * e + 1] << 32 | c[2 * e]);
        UNROLL for (uint32_t k = 0; k < 4; k++) {
            uint64_t x = (uint64_t)line_word(a, 8, 8, row, 2 * k + 1) << 32 | line_word(a, 8, 8, row, 2 * k);
            uint64_t y = (uint64_t)line_word(b, 8, 8, column + e, 2 * k + 1) << 32 | line_word(b, 8, 8, column + e, 2 * k);
            sum = __builtin_fma(double_of(x), double_of(y), sum);
        }
        d[2 * e] = (uint32_t)bits_of_double(sum);
        d[2 * e + 1] = (uint32_t)(bits_of_double(sum) >> 32);
    }
}

/* The sum of products of all elements of two words. Single bits are counted. */
INLINE int dot(uint32_t x, uint32_t y, uint32_t bits, uint32_t flags) {
    if (bits == 1) return __builtin_popcount(flags & CW_PTX_MMA_AND ? x & y : x ^ y);
    int sum = 0;
    for (uint32_t i = 0; i < 32 / bits; i++) {
        uint32_t left = x << (32 - bits * (i + 1)), right = y << (32 - bits * (i + 1));
        int p = flags & CW_PTX_MMA_A_SIGNED ? (int)left >> (32 - bits) : (int)(left >> (32 - bits));
        int q = flags & CW_PTX_MMA_B_SIGNED ? (int)right >> (32 - bits) : (int)(right >> (32 - bits));
        sum += p * q;
    }
    return sum;
}

EXPORT void __cw_ptx_fragment_multiply_integer(uint32_t *d, const uint32_t *a, const uint32_t *b, const uint32_t *c, uint32_t m, uint32_t n,
                                               uint32_t bits, uint32_t flags, uint32_t what) {
    if (cw_matrix((int)what, d, a, b, c, 0)) return;
    uint32_t run = m * n / 32, first = (uint32_t)cw_laneid() * run, row = first / n, column = first % n;
    int sum[8] = {0};
    UNROLL for (uint32_t k = 0; k < 4; k++) {
        uint32_t x = line_word(a, m, 4, row, k);
        UNROLL for (uint32_t e = 0; e < REGISTERS_MAX; e++)
            if (e < run) sum[e] += dot(x, line_word(b, n, 4, column + e, k), bits, flags);
    }
    UNROLL for (uint32_t e = 0; e < REGISTERS_MAX; e++) {
        if (e >= run) continue;
        int64_t exact = (int64_t)sum[e] + (int32_t)c[e];
        bool saturate = flags & CW_PTX_MMA_SATURATE;
        d[e] = !saturate ? (uint32_t)exact : (uint32_t)(exact > INT32_MAX ? INT32_MAX : exact < INT32_MIN ? INT32_MIN : (int32_t)exact);
    }
}
