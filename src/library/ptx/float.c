/* SPDX-License-Identifier: Apache-2.0 */
/*
 * float.c: conversions to and from the formats below 32 bits, and arithmetic in them: PTX ISA, "cvt", "Half Precision
 * Floating Point Instructions"; OCP 8-bit Floating Point Specification and OCP Microscaling Formats Specification.
 *
 * Everything rounds once. Where there are two steps, the first rounds to odd, so that the second sees whether anything was
 * lost (Boldo and Melquiond, "Emulation of FMA and Correctly Rounded Sums: Proved Algorithms Using Rounding to Odd", 2008).
 */
#include "library/ptx/float.h"
#include "library/ptx/device.h"

/* ---- Rounding to odd --------------------------------------------------------------------------------------------- */

INLINE float to_odd(double value) {
    float near = (float)value;
    double back = (double)near;
    if (back == value || value != value) return near;
    uint32_t bits = bits_of(near);
    bool away = __builtin_fabs(back) > __builtin_fabs(value);
    return float_of((away ? bits - 1u : bits) | 1u);
}

/* a * b + c, rounded to odd: the product of two floats is exact in double. */
INLINE float fma_odd(float a, float b, float c) {
    double product = (double)a * (double)b, addend = (double)c, sum = product + addend, back = sum - product;
    double lost = (product - (sum - back)) + (addend - back);
    uint64_t bits = bits_of_double(sum);
    if ((lost < 0.0 || lost > 0.0) && !(bits & 1u)) bits = (lost > 0.0) == (sum > 0.0) ? bits + 1u : bits - 1u;
    return to_odd(double_of(bits));
}

/* ---- To 16 bits ------------------------------------------------------------------------------------------------ */

INLINE uint32_t round_up(uint32_t kept, uint32_t rest, uint32_t half, bool negative, uint32_t mode) {
    if (rest == 0) return 0;
    switch (mode) {
    case CW_PTX_ROUND_NEAREST: return rest > half || (rest == half && (kept & 1u));
    case CW_PTX_ROUND_AWAY: return rest >= half;
    case CW_PTX_ROUND_UP: return !negative;
    case CW_PTX_ROUND_DOWN: return negative;
    default: return 0;
    }
}

INLINE uint16_t finish_16(uint32_t bits, uint32_t infinity, uint32_t flags) {
    uint32_t magnitude = bits & 0x7fffu;
    if (flags & CW_PTX_FLAG_FINITE && magnitude == infinity) bits--;
    if (flags & CW_PTX_FLAG_RELU && (bits & 0x8000u) && magnitude <= infinity) return 0;
    return (uint16_t)bits;
}

INLINE uint16_t half_of(float value, uint32_t mode, uint32_t flags) {
    uint32_t bits = bits_of(value), sign = bits >> 16 & 0x8000u, magnitude = bits & 0x7fffffffu;
    if (magnitude > 0x7f800000u) return 0x7fff;
    if (mode == CW_PTX_ROUND_NEAREST && !flags) return __builtin_bit_cast(uint16_t, (_Float16)value);
    if (magnitude == 0x7f800000u) return finish_16(sign | 0x7c00u, 0x7c00u, flags);
    if (magnitude >= 0x47800000u) { /* 65536 and more */
        uint32_t up = round_up(1, 2, 1, sign != 0, mode);
        return finish_16(sign | (up ? 0x7c00u : 0x7bffu), 0x7c00u, flags);
    }
    uint32_t kept, rest, half;
    if (magnitude >= 0x38800000u) {
        kept = (magnitude - 0x38000000u) >> 13;
        rest = magnitude & 0x1fffu;
        half = 0x1000u;
    } else {
        uint32_t exponent = magnitude >> 23, shift = 126u - exponent;
        uint32_t mantissa = exponent ? (magnitude & 0x7fffffu) | 0x800000u : magnitude & 0x7fffffu;
        if (shift > 25u) {
            kept = 0;
            rest = magnitude != 0;
            half = 2;
        } else {
            kept = mantissa >> shift;
            rest = mantissa & ((1u << shift) - 1u);
            half = 1u << (shift - 1u);
        }
    }
    return finish_16(sign | (kept + round_up(kept, rest, half, sign != 0, mode)), 0x7c00u, flags);
}

INLINE uint16_t bfloat_of(float value, uint32_t mode, uint32_t flags) {
    uint32_t bits = bits_of(value);
    if ((bits & 0x7fffffffu) > 0x7f800000u) return 0x7fff;
    return finish_16((bits >> 16) + round_up(bits >> 16, bits & 0xffffu, 0x8000u, bits >> 31, mode), 0x7f80u, flags);
}

INLINE float from_half(uint16_t bits) {
    return (float)__builtin_bit_cast(_Float16, bits);
}

INLINE float from_bfloat(uint16_t bits) {
    return float_of((uint32_t)bits << 16);
}

EXPORT uint16_t __cw_ptx_float_to_half(float value, uint32_t mode, uint32_t flags) {
    return half_of(value, mode, flags);
}

EXPORT uint16_t __cw_ptx_float_to_bfloat(float value, uint32_t mode, uint32_t flags) {
    return bfloat_of(value, mode, flags);
}

/* The hardware keeps the sign and the upper bits of a NaN when it comes from double, where the ISA says nothing of it; seen on an H200. */
INLINE uint16_t nan_of_double(double value, uint32_t quiet, uint32_t drop) {
    uint64_t bits = bits_of_double(value);
    return (uint16_t)((uint32_t)(bits >> 63) << 15 | quiet | (uint32_t)((bits & UINT64_C(0xfffffffffffff)) >> drop));
}

/* Only rounding to nearest is defined by way of double. */
EXPORT uint16_t __cw_ptx_float_double_to_half(double value, uint32_t mode) {
    return value != value ? nan_of_double(value, 0x7e00u, 42) : half_of(to_odd(value), mode, 0);
}

EXPORT uint16_t __cw_ptx_float_double_to_bfloat(double value, uint32_t mode) {
    return value != value ? nan_of_double(value, 0x7fc0u, 45) : bfloat_of(to_odd(value), mode, 0);
}

/* An integer to odd: what does not fit 24 bits leaves its trace in the last one. */
INLINE float integer_odd(uint64_t magnitude, bool negative) {
    uint32_t zeros = magnitude ? (uint32_t)__builtin_clzll(magnitude) : 0;
    uint32_t drop = magnitude && zeros < 40u ? 40u - zeros : 0;
    uint64_t kept = magnitude >> drop;
    if (kept << drop != magnitude) kept |= 1u;
    float value = (float)(uint32_t)kept * float_of((127u + drop) << 23);
    return negative ? -value : value;
}

EXPORT uint16_t __cw_ptx_float_integer_to_half(int64_t value, uint32_t is_signed, uint32_t mode) {
    bool negative = is_signed && value < 0;
    return half_of(integer_odd(negative ? 0 - (uint64_t)value : (uint64_t)value, negative), mode, 0);
}

EXPORT uint16_t __cw_ptx_float_integer_to_bfloat(int64_t value, uint32_t is_signed, uint32_t mode) {
    bool negative = is_signed && value < 0;
    return bfloat_of(integer_odd(negative ? 0 - (uint64_t)value : (uint64_t)value, negative), mode, 0);
}

/* ---- tf32 ------------------------------------------------------------------------------------------------------ */

EXPORT uint32_t __cw_ptx_float_to_tf32(float value, uint32_t mode, uint32_t flags) {
    uint32_t bits = bits_of(value), magnitude = bits & 0x7fffffffu;
    /* A NaN's bits, of which the ISA says nothing; seen on an H200: .rna drops those that tf32 has no room for, of all a NaN may have. */
    if (magnitude > 0x7f800000u) return mode == CW_PTX_ROUND_AWAY ? bits & ~0x1fffu : 0x7fffe000u;
    bits = (bits + (round_up(bits >> 13, bits & 0x1fffu, 0x1000u, bits >> 31, mode) << 13)) & ~0x1fffu;
    if (flags & CW_PTX_FLAG_FINITE && (bits & 0x7fffffffu) >= 0x7f800000u) bits = (bits & 0x80000000u) | 0x7f7fe000u;
    if (flags & CW_PTX_FLAG_RELU && bits >> 31) return 0;
    return bits;
}

/* ---- 8 bits and less -------------------------------------------------------------------------------------------- */

struct format {
    uint32_t width, mantissa_bits, bias, largest, nan;
};

INLINE struct format format_of(uint32_t which) {
    switch (which) {
    case CW_PTX_FORMAT_E4M3: return (struct format){8, 3, 7, 0x7e, 0x7f};
    case CW_PTX_FORMAT_E5M2: return (struct format){8, 2, 15, 0x7b, 0x7f};
    case CW_PTX_FORMAT_E2M3: return (struct format){6, 3, 1, 0x1f, 0x1f};
    case CW_PTX_FORMAT_E3M2: return (struct format){6, 2, 3, 0x1f, 0x1f};
    default: return (struct format){4, 1, 1, 0x7, 0x7};
    }
}

/* PTX has only .rn and .satfinite for these: what is too large becomes the largest number. */
EXPORT uint32_t __cw_ptx_float_to_narrow(float value, uint32_t which, uint32_t flags) {
    struct format format = format_of(which);
    uint64_t bits = bits_of_double((double)value), magnitude = bits & UINT64_C(0x7fffffffffffffff);
    uint32_t sign = (uint32_t)(bits >> 63) << (format.width - 1u);
    if (magnitude > UINT64_C(0x7ff0000000000000)) return format.nan;
    if (flags & CW_PTX_FLAG_RELU && sign) return 0;
    int exponent = (int)(magnitude >> 52) - 1023, least = 1 - (int)format.bias;
    int place = exponent > least ? exponent : least;
    int shift = 52 - (int)format.mantissa_bits + (place - exponent);
    uint32_t code = 0;
    if (shift < 64) {
        uint64_t mantissa = (magnitude & UINT64_C(0xfffffffffffff)) | UINT64_C(0x10000000000000);
        uint64_t kept = mantissa >> shift, rest = mantissa & ((UINT64_C(1) << shift) - 1u), half = UINT64_C(1) << (shift - 1);
        kept += rest > half || (rest == half && (kept & 1u));
        uint64_t full = kept + ((uint64_t)(place + (int)format.bias - 1) << format.mantissa_bits);
        code = full > format.largest ? format.largest : (uint32_t)full;
    }
    return sign | code;
}

EXPORT uint16_t __cw_ptx_float_narrow_to_half(uint32_t code, uint32_t which, uint32_t flags) {
    struct format format = format_of(which);
    uint32_t sign = code >> (format.width - 1u) & 1u, magnitude = code & ((1u << (format.width - 1u)) - 1u);
    if (which == CW_PTX_FORMAT_E4M3 && magnitude == 0x7fu) return 0x7fff;
    if (which == CW_PTX_FORMAT_E5M2 && magnitude > 0x7cu) return 0x7fff;
    if (flags & CW_PTX_FLAG_RELU && sign) return 0;
    if (which == CW_PTX_FORMAT_E5M2) return (uint16_t)(code << 8);
    uint32_t exponent = magnitude >> format.mantissa_bits, mantissa = magnitude & ((1u << format.mantissa_bits) - 1u);
    float value = exponent == 0 ? (float)mantissa * float_of((128u - format.bias - format.mantissa_bits) << 23)
                                : float_of((exponent + 127u - format.bias) << 23 | mantissa << (23u - format.mantissa_bits));
    return half_of(sign ? -value : value, CW_PTX_ROUND_NEAREST, 0);
}

/* ---- Arithmetic of 16 bits ---------------------------------------------------------------------------------------- */

EXPORT uint16_t __cw_ptx_float_fma_half(uint16_t a, uint16_t b, uint16_t c) {
    return half_of(fma_odd(from_half(a), from_half(b), from_half(c)), CW_PTX_ROUND_NEAREST, 0);
}

EXPORT uint16_t __cw_ptx_float_fma_bfloat(uint16_t a, uint16_t b, uint16_t c) {
    return bfloat_of(fma_odd(from_bfloat(a), from_bfloat(b), from_bfloat(c)), CW_PTX_ROUND_NEAREST, 0);
}

/* ---- ex2.approx.ftz ---------------------------------------------------------------------------------------------- */

/* 2^x where subnormal results are 0 (PTX ISA, "ex2"), so that the exponent is added once. The polynomial is (2^r - 1)/r to 2^-29 on
 * |r| <= 1/2, as in the math library's exp2f; x = 128 is infinity exactly. */
EXPORT float __cw_ptx_float_ex2_ftz(float x) {
#pragma clang fp contract(on)
    float above = x < -126.0f ? -126.0f : x, t = above > 128.0f ? 128.0f : above;
    float shifted = t + 0x1.8p23f, r = t - (shifted - 0x1.8p23f);
    float p = 0x1.41fb2ep-13f * r + 0x1.5f3f3p-10f;
    p = p * r + 0x1.3b2d5p-7f;
    p = p * r + 0x1.c6aee6p-5f;
    p = p * r + 0x1.ebfbdcp-3f;
    p = p * r + 0x1.62e43p-1f;
    p = p * r + 1.0f;
    float power = float_of(bits_of(p) + (bits_of(shifted) << 23));
    return x < -126.0f ? 0.0f : x != x ? x : power;
}
