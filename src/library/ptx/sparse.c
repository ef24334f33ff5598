/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sparse.c: mma.sp: PTX ISA, "Matrix multiply-accumulate operation using mma.sp instruction with sparse matrix A".
 *
 * Half of A is stored: of each chunk of a row (4 elements, 2 of tf32, 8 of 4 bits) those that the metadata name. With e elements in a
 * register the registers of A are laid out as those of a dense A of half as many columns, B's as ever (matrix.c): so the word of A that
 * holds a chunk, and the register of B that a chunk meets, are the same in every lane, and only the lane that is asked for differs.
 *
 * A chunk's nibble of metadata holds two indices of 2 bits, the lower first; of tf32 they are one of halves of an element, so that
 * bit 1 is the element; of 4 bits they are of pairs. Of elements of 16 and 32 bits a lane's word has 4 chunks of row g and, in its upper
 * half, those of row g + 8; the selector says which lane of four it is, or which pair of lanes where rows have 8 chunks. Of smaller elements
 * a word has 8 chunks of one row: lane 0 of four, or of the pair that is selected, has row g, lane 1 row g + 8, and so on for the next 8.
 */
#include "library/ptx/element.h"
#include "library/ptx/matrix.h"

enum { HALF, BFLOAT, TF32, BYTE };

#define METADATA_MAX 2 /* words of a row */

/* The metadata of row g (`row` 0) or g + 8: words with its chunks, 8 in each or, of elements that are not small, 4. */
INLINE void fetch_indices(uint32_t to[METADATA_MAX], uint32_t metadata, uint32_t selector, int chunks, int row, bool small) {
    int quad = cw_laneid() & ~3;
    UNROLL for (int word = 0; word < METADATA_MAX; word++) {
        if (word * (small ? 8 : 4) >= chunks) continue;
        int lane = small ? 2 * word + row : word;
        if (chunks <= 8) lane += (chunks == 8 ? 2 : 1) * (int)selector;
        to[word] = take(metadata, quad + lane) >> (small ? 0 : 16 * row);
    }
}

INLINE uint32_t nibble_of(const uint32_t words[METADATA_MAX], int chunk, bool small) {
    return small ? words[chunk >> 3] >> 4 * (chunk & 7) & 15u : words[chunk >> 2] >> 4 * (chunk & 3) & 15u;
}

/* The words of a chunk of B, one or two, of columns 2t and 2t + 1. */
INLINE void fetch_chunk(uint32_t to[2][2], const uint32_t *b, int first, int each, int wide) {
    int column = (cw_laneid() & 3) * 8;
    UNROLL for (int n = 0; n < 2; n++)
        UNROLL for (int part = 0; part < (wide > each ? 2 : 1); part++)
            to[n][part] = take(b[first / (4 * each)], column + 4 * n + (first / each + part) % 4);
}

/* ---- Floating point ----------------------------------------------------------------------------------------------- */

INLINE float element(uint32_t word, int i, int type, bool e5m2) {
    switch (type) {
    case HALF: return half_at(word, i);
    case BFLOAT: return bfloat_at(word, i);
    case TF32: return float_of(word & ~0x1fffu);
    default: return byte_float(word, i, e5m2);
    }
}

/* sum[2 * row + column] += rows g and g + 8 of A times columns 2t and 2t + 1 of B. */
INLINE void multiply(float sum[4], const uint32_t *a, const uint32_t *b, uint32_t metadata, uint32_t selector, int chunks, int type, uint32_t flags) {
    int quad = cw_laneid() & ~3, each = type == TF32 ? 1 : type == BYTE ? 4 : 2; /* elements in a register */
    int stored = type == TF32 ? 1 : 2, wide = 2 * stored;                        /* of a chunk in A and in B */
    uint32_t named[2][METADATA_MAX] = {{0}};
    UNROLL for (int row = 0; row < 2; row++) fetch_indices(named[row], metadata, selector, chunks, row, type == BYTE);
    UNROLL for (int chunk = 0; chunk < chunks; chunk++) {
        int slot = chunk * stored, first = chunk * wide; /* the first element in A's row, as it is stored, and in B's column */
        uint32_t others[2][2] = {{0}};
        fetch_chunk(others, b, first, each, wide);
        UNROLL for (int row = 0; row < 2; row++) {
            uint32_t word = take(a[2 * (slot / (4 * each)) + row], quad + slot / each % 4), nibble = nibble_of(named[row], chunk, type == BYTE);
            UNROLL for (int i = 0; i < stored; i++) {
                int place = type == TF32 ? (int)(nibble >> 1 & 1u) : (int)(nibble >> 2 * i & 3u);
                float x = element(word, (slot + i) % each, type, flags & CW_PTX_MMA_A_E5M2);
                UNROLL for (int n = 0; n < 2; n++) {
                    uint32_t other = wide > each && place / each ? others[n][1] : others[n][0];
                    float y = element(other, type == BYTE ? place : place % each, type, flags & CW_PTX_MMA_B_E5M2);
                    sum[2 * row + n] = __builtin_fmaf(x, y, sum[2 * row + n]);
                }
            }
        }
    }
}

#define ARGUMENTS uint32_t *d, const uint32_t *a, const uint32_t *b, const uint32_t *c, uint32_t flags, uint32_t metadata, uint32_t selector

#define TO_FLOAT(name, chunks, type)                                                                                   \
    EXPORT void __cw_ptx_sparse_##name(ARGUMENTS) {                                                                    \
        float sum[4] = {float_of(c[0]), float_of(c[1]), float_of(c[2]), float_of(c[3])};                               \
        multiply(sum, a, b, metadata, selector, chunks, type, flags);                                                  \
        UNROLL for (int i = 0; i < 4; i++) d[i] = bits_of(sum[i]);                                                     \
    }
#define TO_HALF(name, chunks, type)                                                                                    \
    EXPORT void __cw_ptx_sparse_##name(ARGUMENTS) {                                                                    \
        float sum[4] = {half_at(c[0], 0), half_at(c[0], 1), half_at(c[1], 0), half_at(c[1], 1)};                       \
        multiply(sum, a, b, metadata, selector, chunks, type, flags);                                                  \
        d[0] = half_bits(sum[0]) | half_bits(sum[1]) << 16;                                                            \
        d[1] = half_bits(sum[2]) | half_bits(sum[3]) << 16;                                                            \
    }
TO_FLOAT(m16n8k16_f16_f32, 4, HALF)
TO_FLOAT(m16n8k32_f16_f32, 8, HALF)
TO_HALF(m16n8k16_f16_f16, 4, HALF)
TO_HALF(m16n8k32_f16_f16, 8, HALF)
TO_FLOAT(m16n8k16_bf16_f32, 4, BFLOAT)
TO_FLOAT(m16n8k32_bf16_f32, 8, BFLOAT)
TO_FLOAT(m16n8k8_tf32_f32, 4, TF32)
TO_FLOAT(m16n8k16_tf32_f32, 8, TF32)
TO_FLOAT(m16n8k64_f8_f32, 16, BYTE)
TO_HALF(m16n8k64_f8_f16, 16, BYTE)

/* ---- Integers ------------------------------------------------------------------------------------------------------- */

INLINE int integer(uint32_t word, int i, int bits, bool is_signed) {
    uint32_t left = word << (32 - bits * (i + 1));
    return is_signed ? (int)left >> (32 - bits) : (int)(left >> (32 - bits));
}

INLINE void multiply_integer(ARGUMENTS, int chunks, int bits) {
    int quad = cw_laneid() & ~3, sum[4] = {0, 0, 0, 0};
    int each = 32 / bits, stored = bits == 4 ? 4 : 2, wide = 2 * stored; /* a chunk of B is one word */
    uint32_t named[2][METADATA_MAX] = {{0}};
    UNROLL for (int row = 0; row < 2; row++) fetch_indices(named[row], metadata, selector, chunks, row, true);
    UNROLL for (int chunk = 0; chunk < chunks; chunk++) {
        int slot = chunk * stored;
        uint32_t others[2][2] = {{0}};
        fetch_chunk(others, b, chunk * wide, each, wide);
        UNROLL for (int row = 0; row < 2; row++) {
            uint32_t word = take(a[2 * (slot / (4 * each)) + row], quad + slot / each % 4), nibble = nibble_of(named[row], chunk, true);
            UNROLL for (int i = 0; i < stored; i++) {
                int index = (int)(nibble >> 2 * (bits == 4 ? i / 2 : i) & 3u), place = bits == 4 ? 2 * index + i % 2 : index;
                int x = integer(word, (slot + i) % each, bits, flags & CW_PTX_MMA_A_SIGNED);
                UNROLL for (int n = 0; n < 2; n++) sum[2 * row + n] += x * integer(others[n][0], place, bits, flags & CW_PTX_MMA_B_SIGNED);
            }
        }
    }
    UNROLL for (int i = 0; i < 4; i++) {
        int64_t exact = (int64_t)sum[i] + (int32_t)c[i];
        bool clamp = flags & CW_PTX_MMA_SATURATE;
        d[i] = (uint32_t)(clamp && exact > INT32_MAX ? INT32_MAX : clamp && exact < INT32_MIN ? INT32_MIN : exact);
    }
}

#define TO_INTEGER(name, chunks, bits)                                                                                 \
    EXPORT void __cw_ptx_sparse_##name(ARGUMENTS) {                                                                    \
        multiply_integer(d, a, b, c, flags, metadata, selector, chunks, bits);                                         \
    }
TO_INTEGER(m16n8k32_b8_s32, 8, 8)
TO_INTEGER(m16n8k64_b8_s32, 16, 8)
TO_INTEGER(m16n8k64_b4_s32, 8, 4)
TO_INTEGER(m16n8k128_b4_s32, 16, 4)
