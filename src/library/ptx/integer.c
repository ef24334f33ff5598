/* SPDX-License-Identifier: Apache-2.0 */
/*
 * integer.c: integer instructions that are more than a few LLVM instructions: PTX ISA, "Integer Arithmetic Instructions",
 * "Data Movement: prmt", "Scalar Video Instructions", "SIMD Video Instructions". Each function follows the section's own
 * description step by step.
 */
#include "library/ptx/integer.h"
#include "library/ptx/device.h"

/* ---- Bit fields ------------------------------------------------------------------------------------------------ */

/* Positions and lengths are restricted to 0 to 255, which the instructions of 32 bits enforce. Those of 64 bits don't where the ISA leaves
 * it open; seen on an H200. */
#define EXTRACT(name, type, unsigned_type, width, restricted)                                                          \
    EXPORT type __cw_ptx_integer_bfe_##name(type a, uint32_t position, uint32_t length) {                              \
        uint32_t p = position & restricted, n = length & restricted;                                                   \
        bool is_signed = (type)-1 < 0;                                                                                 \
        uint32_t left = p < width ? width - p : 0, kept = n < left ? n : left;                                         \
        uint32_t top = n < left ? p + n - 1u : width - 1u;                                                             \
        if (n == 0) return 0;                                                                                          \
        bool sign = is_signed && ((unsigned_type)a >> top & 1u);                                                       \
        unsigned_type field = p < width ? (unsigned_type)a >> p : 0;                                                   \
        unsigned_type mask = kept >= width ? (unsigned_type)-1 : ((unsigned_type)1 << kept) - 1u;                      \
        return (type)((field & mask) | (sign ? (unsigned_type)~mask : 0));                                             \
    }
EXTRACT(u32, uint32_t, uint32_t, 32u, 255u)
EXTRACT(s32, int32_t, uint32_t, 32u, 255u)
EXTRACT(u64, uint64_t, uint64_t, 64u, UINT32_MAX)
EXTRACT(s64, int64_t, uint64_t, 64u, UINT32_MAX)

#define INSERT(name, type, width, restricted)                                                                          \
    EXPORT type __cw_ptx_integer_bfi_##name(type a, type b, uint32_t position, uint32_t length) {                      \
        uint32_t p = position & restricted, n = length & restricted;                                                   \
        if (p >= width || n == 0) return b;                                                                            \
        type mask = (n >= width ? (type)-1 : ((type)1 << n) - 1u) << p;                                                \
        return (a << p & mask) | (b & ~mask);                                                                          \
    }
INSERT(b32, uint32_t, 32u, 255u)
INSERT(b64, uint64_t, 64u, UINT32_MAX)

/* The most significant bit that is not a sign bit; -1 if there is none. */
EXPORT uint32_t __cw_ptx_integer_bfind(uint64_t a, uint32_t width, uint32_t shift_amount) {
    if (a == 0) return 0xffffffffu;
    uint32_t place = 63u - (uint32_t)__builtin_clzll(a);
    return shift_amount ? width - 1u - place : place;
}

/* The offset-th bit that is set, counted from `base` upwards or, where the offset is negative, downwards. */
EXPORT uint32_t __cw_ptx_integer_fns(uint32_t mask, uint32_t base, int32_t offset) {
    if (base > 31) return 0xffffffffu;
    if (offset == 0) return mask >> base & 1u ? base : 0xffffffffu;
    int32_t step = offset > 0 ? 1 : -1, left = offset > 0 ? offset : -offset;
    for (int32_t at = (int32_t)base; at >= 0 && at < 32; at += step) {
        if (mask >> at & 1u && --left == 0) return (uint32_t)at;
    }
    return 0xffffffffu;
}

EXPORT uint32_t __cw_ptx_integer_bmsk(uint32_t a, uint32_t b, uint32_t wrap) {
    uint64_t from = wrap ? a & 31u : a, count = wrap ? b & 31u : b;
    if (from > 31u || count == 0) return 0;
    uint64_t end = from + (count > 32u ? 32u : count);
    uint64_t upper = end >= 32u ? 0xffffffffu : (UINT64_C(1) << end) - 1u;
    return (uint32_t)(upper & ~((UINT64_C(1) << from) - 1u));
}

EXPORT uint32_t __cw_ptx_integer_szext(uint32_t a, uint32_t b, uint32_t wrap, uint32_t is_signed) {
    uint32_t count = wrap ? b & 31u : b;
    if (count == 0) return 0;
    if (count > 31u) return a;
    uint32_t low = a & ((1u << count) - 1u), sign = a >> (count - 1u) & 1u;
    return is_signed && sign ? low | ~((1u << count) - 1u) : low;
}

EXPORT uint32_t __cw_ptx_integer_dp4a(uint32_t a, uint32_t b, uint32_t c, uint32_t a_signed, uint32_t b_signed) {
    for (int i = 0; i < 4; i++) {
        int x = (int)(a >> 8 * i & 255u), y = (int)(b >> 8 * i & 255u);
        if (a_signed) x = (int8_t)x;
        if (b_signed) y = (int8_t)y;
        c += (uint32_t)(x * y);
    }
    return c;
}

EXPORT uint32_t __cw_ptx_integer_dp2a(uint32_t a, uint32_t b, uint32_t c, uint32_t a_signed, uint32_t b_signed, uint32_t high) {
    for (int i = 0; i < 2; i++) {
        int x = (int)(a >> 16 * i & 65535u), y = (int)(b >> (8 * i + (high ? 16 : 0)) & 255u);
        if (a_signed) x = (int16_t)x;
        if (b_signed) y = (int8_t)y;
        c += (uint32_t)(x * y);
    }
    return c;
}

/* ---- prmt ------------------------------------------------------------------------------------------------------ */

/* Which byte of {b, a} the modes take for byte i of the result. */
INLINE uint32_t prmt_selector(uint32_t mode, uint32_t c, uint32_t i) {
    uint32_t n = c & 3u;
    switch (mode) {
    case CW_PTX_PRMT_F4E: return n + i;
    case CW_PTX_PRMT_B4E: return (n + 8u - i) & 7u;
    case CW_PTX_PRMT_RC8: return n;
    case CW_PTX_PRMT_ECL: return i > n ? i : n;
    case CW_PTX_PRMT_ECR: return i < n ? i : n;
    case CW_PTX_PRMT_RC16: return (n & 1u) * 2u + (i & 1u);
    default: return c >> 4 * i & 15u;
    }
}

EXPORT uint32_t __cw_ptx_integer_prmt(uint32_t a, uint32_t b, uint32_t c, uint32_t mode) {
    uint64_t bytes = (uint64_t)b << 32 | a;
    uint32_t result = 0;
    for (uint32_t i = 0; i < 4; i++) {
        uint32_t selector = prmt_selector(mode, c, i);
        uint32_t byte = (uint32_t)(bytes >> 8 * (selector & 7u)) & 255u;
        if (mode == CW_PTX_PRMT && selector & 8u) byte = byte & 128u ? 255u : 0u;
        result |= byte << 8 * i;
    }
    return result;
}

/* ---- Scalar video instructions ---------------------------------------------------------------------------------- */

INLINE int64_t part(uint32_t word, uint32_t which, bool is_signed) {
    if (which == CW_PTX_PART_WHOLE) return is_signed ? (int64_t)(int32_t)word : (int64_t)word;
    if (which >= CW_PTX_PART_H0) {
        uint32_t half = word >> 16 * (which - CW_PTX_PART_H0) & 0xffffu;
        return is_signed ? (int64_t)(int16_t)half : (int64_t)half;
    }
    uint32_t byte = word >> 8 * which & 255u;
    return is_signed ? (int64_t)(int8_t)byte : (int64_t)byte;
}

INLINE int64_t operate(uint32_t operation, int64_t a, int64_t b) {
    switch (operation) {
    case CW_PTX_VIDEO_ADD: return a + b;
    case CW_PTX_VIDEO_SUB: return a - b;
    case CW_PTX_VIDEO_ABSDIFF: return a > b ? a - b : b - a;
    case CW_PTX_VIDEO_MIN: return a < b ? a : b;
    case CW_PTX_VIDEO_MAX: return a > b ? a : b;
    case CW_PTX_VIDEO_SHL_CLAMP: return (int64_t)((uint64_t)a << (b > 32 ? 32 : b));
    case CW_PTX_VIDEO_SHL_WRAP: return (int64_t)((uint64_t)a << (b & 31));
    case CW_PTX_VIDEO_SHR_CLAMP: return a >> (b > 32 ? 32 : b);
    case CW_PTX_VIDEO_SHR_WRAP: return a >> (b & 31);
    case CW_PTX_VIDEO_AVERAGE: return (a + b + (a + b >= 0)) >> 1;
    case CW_PTX_VIDEO_EQ: return a == b;
    case CW_PTX_VIDEO_NE: return a != b;
    case CW_PTX_VIDEO_LT: return a < b;
    case CW_PTX_VIDEO_LE: return a <= b;
    case CW_PTX_VIDEO_GT: return a > b;
    default: return a >= b;
    }
}

INLINE int64_t clamp(int64_t value, int64_t low, int64_t high) {
    return value < low ? low : value > high ? high : value;
}

INLINE int64_t saturated(int64_t value, uint32_t bits, bool is_signed) {
    return is_signed ? clamp(value, -(INT64_C(1) << (bits - 1u)), (INT64_C(1) << (bits - 1u)) - 1)
                     : clamp(value, 0, (INT64_C(1) << bits) - 1);
}

INLINE uint32_t part_bits(uint32_t which) {
    return which == CW_PTX_PART_WHOLE ? 32u : which >= CW_PTX_PART_H0 ? 16u : 8u;
}

INLINE uint32_t second(uint32_t value, uint32_t c, uint32_t what, uint32_t place, bool is_signed) {
    uint32_t shift = place >= CW_PTX_PART_H0 ? 16u * (place - CW_PTX_PART_H0) : 8u * place;
    uint32_t mask = place == CW_PTX_PART_WHOLE ? 0xffffffffu : place >= CW_PTX_PART_H0 ? 0xffffu << shift : 255u << shift;
    bool less = is_signed ? (int32_t)value < (int32_t)c : value < c;
    switch (what) {
    case CW_PTX_SECOND_ADD: return value + c;
    case CW_PTX_SECOND_MIN: return less ? value : c;
    case CW_PTX_SECOND_MAX: return less ? c : value;
    case CW_PTX_SECOND_MERGE: return place == CW_PTX_PART_WHOLE ? value : (value << shift & mask) | (c & ~mask);
    default: return value;
    }
}

EXPORT uint32_t __cw_ptx_integer_video(uint32_t a, uint32_t b, uint32_t c, uint32_t operation, uint32_t facts, uint32_t part_a,
                                       uint32_t part_b, uint32_t place, uint32_t what) {
    int64_t x = part(a, part_a, facts & CW_PTX_VIDEO_A_SIGNED), y = part(b, part_b, facts & CW_PTX_VIDEO_B_SIGNED);
    bool is_signed = facts & CW_PTX_VIDEO_D_SIGNED;
    int64_t value = operate(operation, x, y);
    if (facts & CW_PTX_VIDEO_SATURATE) value = saturated(value, part_bits(place), is_signed);
    return second((uint32_t)value, c, what, place, is_signed);
}

EXPORT uint32_t __cw_ptx_integer_vmad(uint32_t a, uint32_t b, uint32_t c, uint32_t facts, uint32_t part_a, uint32_t part_b,
                                      uint32_t scale) {
    bool product_negated = (facts & CW_PTX_VIDEO_A_NEGATED) != 0;
    product_negated ^= (facts & CW_PTX_VIDEO_B_NEGATED) != 0;
    bool c_negated = facts & CW_PTX_VIDEO_C_NEGATED;
    bool is_signed = facts & (CW_PTX_VIDEO_A_SIGNED | CW_PTX_VIDEO_B_SIGNED) || product_negated || c_negated;
    __int128 product = (__int128)part(a, part_a, facts & CW_PTX_VIDEO_A_SIGNED) * part(b, part_b, facts & CW_PTX_VIDEO_B_SIGNED);
    __int128 addend = is_signed ? (__int128)(int32_t)c : (__int128)c;
    int last = 0;
    if (facts & CW_PTX_VIDEO_PLUS_ONE) {
        last = 1;
    } else if (product_negated) {
        product = ~product;
        last = 1;
    } else if (c_negated) {
        addend = ~addend;
        last = 1;
    }
    int64_t value = (int64_t)((product + addend + last) >> scale);
    if (facts & CW_PTX_VIDEO_SATURATE) {
        if (!is_signed && value < 0) return 0xffffffffu; /* 2^63 and more, and never negative */
        value = saturated(value, 32, is_signed);
    }
    return (uint32_t)value;
}

/* ---- SIMD video instructions ------------------------------------------------------------------------------------ */

/* `count` elements of {b, a}; a digit of 4 bits of select_a and select_b names each, lowest element first; bit i of `mask` says that
 * element i of the result is wanted. */
EXPORT uint32_t __cw_ptx_integer_simd(uint32_t a, uint32_t b, uint32_t c, uint32_t operation, uint32_t facts, uint32_t count,
                                      uint32_t select_a, uint32_t select_b, uint32_t mask) {
    uint64_t words = (uint64_t)b << 32 | a;
    uint32_t width = 32u / count, result = facts & CW_PTX_VIDEO_ACCUMULATE ? c : 0;
    uint32_t element_mask = width == 16u ? 0xffffu : 255u;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t first = (uint32_t)(words >> width * (select_a >> 4 * i & 7u)) & element_mask;
        uint32_t other = (uint32_t)(words >> width * (select_b >> 4 * i & 7u)) & element_mask;
        uint32_t whole = width == 16u ? CW_PTX_PART_H0 : CW_PTX_PART_B0;
        int64_t value = operate(operation, part(first, whole, facts & CW_PTX_VIDEO_A_SIGNED), part(other, whole, facts & CW_PTX_VIDEO_B_SIGNED));
        if (facts & CW_PTX_VIDEO_SATURATE) value = saturated(value, width, facts & CW_PTX_VIDEO_D_SIGNED);
        if (facts & CW_PTX_VIDEO_ACCUMULATE) {
            if (mask >> i & 1u) result += (uint32_t)value;
        } else {
            uint32_t place = element_mask << width * i;
            result |= mask >> i & 1u ? (uint32_t)value << width * i & place : c & place;
        }
    }
    return result;
}
