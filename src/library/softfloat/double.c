/* SPDX-License-Identifier: Apache-2.0 */
/*
 * double.c: IEEE 754 binary64 in integer operations, for targets without doubles (WGSL). Compiled to LLVM IR at build time; the
 * target links it after its optimisations and calls functions by name. Rounding is to nearest, ties to even, results are
 * exact as IEEE 754-2019 wants (5.4.1); there are no flags. A NaN that comes out is the quiet one of NANS.
 *
 * Significands are worked on with their leading bit at bit 62: 10 bits below the last place, the lowest of them sticky.
 */
#include <stdbool.h>
#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))
#define SLOW __attribute__((noinline))
#define SIGN 0x8000000000000000ull
#define INFINITE 0x7ff0000000000000ull
#define NANS 0x7ff8000000000000ull
#define FRACTION 0x000fffffffffffffull

struct parts {
    int32_t exponent; /* biased; of a subnormal number below 1 */
    uint64_t significand;
};

INLINE bool is_nan(uint64_t a) {
    return (a & ~SIGN) > INFINITE;
}

INLINE bool is_infinite(uint64_t a) {
    return (a & ~SIGN) == INFINITE;
}

INLINE bool is_zero(uint64_t a) {
    return (a & ~SIGN) == 0;
}

INLINE uint64_t shift_right_sticky(uint64_t a, uint32_t amount) {
    if (amount == 0) return a;
    if (amount > 63) return a != 0;
    return (a >> amount) | ((a << (64 - amount)) != 0);
}

/* Of a finite number that isn't 0. */
INLINE struct parts unpack(uint64_t a) {
    struct parts p = {(int32_t)(a >> 52) & 0x7ff, a & FRACTION};
    if (p.exponent == 0) {
        int32_t shift = __builtin_clzll(p.significand) - 11;
        p.significand <<= shift;
        p.exponent = 1 - shift;
    } else {
        p.significand |= FRACTION + 1;
    }
    p.significand <<= 10;
    return p;
}

uint64_t SLOW cw_f64_pack(uint64_t sign, int32_t exponent, uint64_t significand);
uint64_t SLOW cw_f64_pack(uint64_t sign, int32_t exponent, uint64_t significand) {
    if (exponent >= 0x7ff) return sign | INFINITE;
    if (exponent < 1) {
        significand = shift_right_sticky(significand, (uint32_t)(1 - exponent));
        exponent = 1;
    }
    uint64_t rest = significand & 0x3ff;
    significand = (significand + 0x200) >> 10;
    if (rest == 0x200) significand &= ~1ull;
    /* A subnormal number has no bit 52; a carry into it is right, too. */
    return sign | (((uint64_t)(exponent - 1) << 52) + significand);
}

INLINE uint64_t normalised(uint64_t sign, int32_t exponent, uint64_t significand) {
    int32_t shift = __builtin_clzll(significand) - 1;
    return cw_f64_pack(sign, exponent - shift, significand << shift);
}

/* ---- Sums ------------------------------------------------------------------------------------------------------- */

SLOW uint64_t cw_f64_add(uint64_t a, uint64_t b);
SLOW uint64_t cw_f64_add(uint64_t a, uint64_t b) {
    if (is_nan(a) || is_nan(b)) return NANS;
    if (is_infinite(a)) return is_infinite(b) && a != b ? NANS : a;
    if (is_infinite(b)) return b;
    if (is_zero(b)) return is_zero(a) ? a & b : a;
    if (is_zero(a)) return b;
    /* The larger magnitude first. */
    if ((a & ~SIGN) < (b & ~SIGN)) {
        uint64_t other = a;
        a = b;
        b = other;
    }
    struct parts x = unpack(a), y = unpack(b);
    uint64_t sign = a & SIGN;
    y.significand = shift_right_sticky(y.significand, (uint32_t)(x.exponent - y.exponent));
    if ((a ^ b) & SIGN) {
        uint64_t rest = x.significand - y.significand;
        return rest == 0 ? 0 : normalised(sign, x.exponent, rest);
    }
    uint64_t sum = x.significand + y.significand;
    if (sum >> 63) return cw_f64_pack(sign, x.exponent + 1, (sum >> 1) | (sum & 1));
    return cw_f64_pack(sign, x.exponent, sum);
}

uint64_t cw_f64_sub(uint64_t a, uint64_t b);
uint64_t cw_f64_sub(uint64_t a, uint64_t b) {
    return cw_f64_add(a, b ^ SIGN);
}

/* ---- Products --------------------------------------------------------------------------------------------------- */

struct wide {
    uint64_t high, low;
};

INLINE struct wide multiply(uint64_t a, uint64_t b) {
    uint64_t a0 = a & 0xffffffffu, a1 = a >> 32, b0 = b & 0xffffffffu, b1 = b >> 32;
    uint64_t low = a0 * b0, middle = a1 * b0 + (low >> 32), other = a0 * b1 + (middle & 0xffffffffu);
    return (struct wide){a1 * b1 + (middle >> 32) + (other >> 32), (other << 32) | (low & 0xffffffffu)};
}

SLOW uint64_t cw_f64_mul(uint64_t a, uint64_t b);
SLOW uint64_t cw_f64_mul(uint64_t a, uint64_t b) {
    uint64_t sign = (a ^ b) & SIGN;
    if (is_nan(a) || is_nan(b)) return NANS;
    if (is_infinite(a) || is_infinite(b)) return is_zero(a) || is_zero(b) ? NANS : sign | INFINITE;
    if (is_zero(a) || is_zero(b)) return sign;
    struct parts x = unpack(a), y = unpack(b);
    struct wide product = multiply(x.significand << 1, y.significand << 1);
    uint64_t significand = product.high | (product.low != 0);
    int32_t exponent = x.exponent + y.exponent - 1023;
    if (significand >> 63) return cw_f64_pack(sign, exponent + 1, (significand >> 1) | (significand & 1));
    return cw_f64_pack(sign, exponent, significand);
}

SLOW uint64_t cw_f64_div(uint64_t a, uint64_t b);
SLOW uint64_t cw_f64_div(uint64_t a, uint64_t b) {
    uint64_t sign = (a ^ b) & SIGN;
    if (is_nan(a) || is_nan(b)) return NANS;
    if (is_infinite(a)) return is_infinite(b) ? NANS : sign | INFINITE;
    if (is_infinite(b)) return sign;
    if (is_zero(b)) return is_zero(a) ? NANS : sign | INFINITE;
    if (is_zero(a)) return sign;
    struct parts x = unpack(a), y = unpack(b);
    int32_t exponent = x.exponent - y.exponent + 1023;
    uint64_t rest = x.significand, quotient = 0;
    if (rest < y.significand) {
        rest <<= 1;
        exponent--;
    }
    for (int i = 0; i < 56; i++) {
        quotient <<= 1;
        if (rest >= y.significand) {
            rest -= y.significand;
            quotient |= 1;
        }
        rest <<= 1;
    }
    return cw_f64_pack(sign, exponent, (quotient << 7) | (rest != 0));
}

/* The remainder of truncated division, exact (C, 7.12.10.1 "fmod"). */
SLOW uint64_t cw_f64_rem(uint64_t a, uint64_t b);
SLOW uint64_t cw_f64_rem(uint64_t a, uint64_t b) {
    if (is_nan(a) || is_nan(b) || is_infinite(a) || is_zero(b)) return NANS;
    if (is_infinite(b) || (a & ~SIGN) < (b & ~SIGN)) return a;
    struct parts x = unpack(a), y = unpack(b);
    uint64_t rest = x.significand;
    for (int32_t exponent = x.exponent;; exponent--) {
        if (rest >= y.significand) rest -= y.significand;
        if (rest == 0) return a & SIGN;
        if (exponent == y.exponent) break;
        rest <<= 1;
    }
    return normalised(a & SIGN, y.exponent, rest);
}

INLINE struct wide wide_shift_sticky(struct wide a, uint32_t amount) {
    if (amount == 0) return a;
    if (amount > 127) return (struct wide){0, (a.high | a.low) != 0};
    if (amount > 63) {
        uint64_t lost = a.low | (amount > 64 ? a.high << (128 - amount) : 0);
        return (struct wide){0, (amount > 64 ? a.high >> (amount - 64) : a.high) | (lost != 0)};
    }
    uint64_t lost = a.low << (64 - amount);
    return (struct wide){a.high >> amount, (a.high << (64 - amount)) | (a.low >> amount) | (lost != 0)};
}

SLOW uint64_t cw_f64_fma(uint64_t a, uint64_t b, uint64_t c);
SLOW uint64_t cw_f64_fma(uint64_t a, uint64_t b, uint64_t c) {
    uint64_t sign = (a ^ b) & SIGN;
    if (is_nan(a) || is_nan(b) || is_nan(c)) return NANS;
    if (is_infinite(a) || is_infinite(b)) {
        if (is_zero(a) || is_zero(b) || (is_infinite(c) && (c & SIGN) != sign)) return NANS;
        return sign | INFINITE;
    }
    if (is_infinite(c)) return c;
    if (is_zero(a) || is_zero(b)) return is_zero(c) ? sign & c : c;
    struct parts x = unpack(a), y = unpack(b);
    /* Both with their leading bit at 126 or, of the product, one below. */
    struct wide sum = multiply(x.significand << 1, y.significand);
    int32_t exponent = x.exponent + y.exponent - 1022;
    if (!is_zero(c)) {
        struct parts z = unpack(c);
        struct wide added = {z.significand, 0};
        if (exponent > z.exponent) {
            added = wide_shift_sticky(added, (uint32_t)(exponent - z.exponent));
        } else {
            sum = wide_shift_sticky(sum, (uint32_t)(z.exponent - exponent));
            exponent = z.exponent;
        }
        if ((c & SIGN) == sign) {
            uint64_t low = sum.low + added.low;
            sum.high += added.high + (low < sum.low);
            sum.low = low;
        } else {
            bool less = sum.high < added.high || (sum.high == added.high && sum.low < added.low);
            struct wide larger = less ? added : sum, smaller = less ? sum : added;
            if (less) sign ^= SIGN;
            sum = (struct wide){larger.high - smaller.high - (larger.low < smaller.low), larger.low - smaller.low};
            if ((sum.high | sum.low) == 0) return 0;
        }
    }
    if (sum.high >> 63) {
        sum = wide_shift_sticky(sum, 1);
        exponent++;
    } else {
        int32_t shift = sum.high ? __builtin_clzll(sum.high) - 1 : 63 + __builtin_clzll(sum.low);
        exponent -= shift;
        if (shift > 63) {
            sum = (struct wide){sum.low << (shift - 64), 0};
        } else if (shift > 0) {
            sum = (struct wide){(sum.high << shift) | (sum.low >> (64 - shift)), sum.low << shift};
        }
    }
    return cw_f64_pack(sign, exponent, sum.high | (sum.low != 0));
}

/* Two bits of the number and one of the root a turn. */
SLOW uint64_t cw_f64_sqrt(uint64_t a);
SLOW uint64_t cw_f64_sqrt(uint64_t a) {
    if (is_nan(a)) return NANS;
    if (is_zero(a)) return a;
    if (a & SIGN) return NANS;
    if (is_infinite(a)) return a;
    struct parts x = unpack(a);
    int32_t exponent = x.exponent - 1023;
    uint64_t number = x.significand >> 10, root = 0, rest = 0;
    if (exponent & 1) {
        number <<= 1;
        exponent--;
    }
    for (int i = 26; i >= -28; i--) {
        rest = (rest << 2) | (i >= 0 ? (number >> (2 * i)) & 3 : 0);
        uint64_t trial = (root << 2) | 1;
        root <<= 1;
        if (rest >= trial) {
            rest -= trial;
            root |= 1;
        }
    }
    return cw_f64_pack(0, exponent / 2 + 1023, (root << 8) | (rest != 0));
}

/* ---- Comparisons ------------------------------------------------------------------------------------------------ */

INLINE int64_t ordered(uint64_t a) {
    return a & SIGN ? -(int64_t)(a & ~SIGN) : (int64_t)a;
}

bool cw_f64_eq(uint64_t a, uint64_t b);
bool cw_f64_eq(uint64_t a, uint64_t b) {
    return !is_nan(a) && !is_nan(b) && ordered(a) == ordered(b);
}

bool cw_f64_lt(uint64_t a, uint64_t b);
bool cw_f64_lt(uint64_t a, uint64_t b) {
    return !is_nan(a) && !is_nan(b) && ordered(a) < ordered(b);
}

bool cw_f64_le(uint64_t a, uint64_t b);
bool cw_f64_le(uint64_t a, uint64_t b) {
    return !is_nan(a) && !is_nan(b) && ordered(a) <= ordered(b);
}

uint64_t cw_f64_min(uint64_t a, uint64_t b);
uint64_t cw_f64_min(uint64_t a, uint64_t b) {
    if (is_nan(a)) return is_nan(b) ? NANS : b;
    if (is_nan(b)) return a;
    if (is_zero(a) && is_zero(b)) return a | b;
    return ordered(a) < ordered(b) ? a : b;
}

uint64_t cw_f64_max(uint64_t a, uint64_t b);
uint64_t cw_f64_max(uint64_t a, uint64_t b) {
    if (is_nan(a)) return is_nan(b) ? NANS : b;
    if (is_nan(b)) return a;
    if (is_zero(a) && is_zero(b)) return a & b;
    return ordered(a) > ordered(b) ? a : b;
}

uint64_t cw_f64_minimum(uint64_t a, uint64_t b);
uint64_t cw_f64_minimum(uint64_t a, uint64_t b) {
    return is_nan(a) || is_nan(b) ? NANS : cw_f64_min(a, b);
}

uint64_t cw_f64_maximum(uint64_t a, uint64_t b);
uint64_t cw_f64_maximum(uint64_t a, uint64_t b) {
    return is_nan(a) || is_nan(b) ? NANS : cw_f64_max(a, b);
}

/* ---- Whole numbers ---------------------------------------------------------------------------------------------- */

enum rounding { TO_ZERO, TO_EVEN, AWAY, DOWN, UP };

INLINE uint64_t whole(uint64_t a, enum rounding rounding) {
    const uint64_t one = 0x3ff0000000000000ull;
    int32_t exponent = ((int32_t)(a >> 52) & 0x7ff) - 1023;
    uint64_t size = a & ~SIGN, sign = a & SIGN;
    if (exponent >= 52) return is_nan(a) ? NANS : a;
    if (exponent < 0) {
        bool up = false;
        if (rounding == TO_EVEN) up = size > 0x3fe0000000000000ull;
        if (rounding == AWAY) up = size >= 0x3fe0000000000000ull;
        if (rounding == DOWN) up = sign && size;
        if (rounding == UP) up = !sign && size;
        return up ? sign | one : sign;
    }
    uint64_t unit = 1ull << (52 - exponent), below = unit - 1, rest = a & below;
    uint64_t result = a & ~below;
    bool up = false;
    if (rounding == TO_EVEN) up = rest > unit / 2 || (rest == unit / 2 && (a & unit));
    if (rounding == AWAY) up = rest >= unit / 2 && rest;
    if (rounding == DOWN) up = sign && rest;
    if (rounding == UP) up = !sign && rest;
    return up ? result + unit : result; /* a carry goes on into the exponent */
}

uint64_t cw_f64_trunc(uint64_t a);
uint64_t cw_f64_trunc(uint64_t a) {
    return whole(a, TO_ZERO);
}
uint64_t cw_f64_rint(uint64_t a);
uint64_t cw_f64_rint(uint64_t a) {
    return whole(a, TO_EVEN);
}
uint64_t cw_f64_round(uint64_t a);
uint64_t cw_f64_round(uint64_t a) {
    return whole(a, AWAY);
}
uint64_t cw_f64_floor(uint64_t a);
uint64_t cw_f64_floor(uint64_t a) {
    return whole(a, DOWN);
}
uint64_t cw_f64_ceil(uint64_t a);
uint64_t cw_f64_ceil(uint64_t a) {
    return whole(a, UP);
}

/* ---- Conversions ------------------------------------------------------------------------------------------------ */

uint64_t cw_f64_from_u64(uint64_t a);
uint64_t cw_f64_from_u64(uint64_t a) {
    if (a == 0) return 0;
    if (a >> 63) return cw_f64_pack(0, 1023 + 63, (a >> 1) | (a & 1));
    return normalised(0, 1023 + 62, a);
}

uint64_t cw_f64_from_i64(uint64_t a);
uint64_t cw_f64_from_i64(uint64_t a) {
    return a & SIGN ? SIGN | cw_f64_from_u64(0 - a) : cw_f64_from_u64(a);
}

uint64_t cw_f64_from_u32(uint32_t a);
uint64_t cw_f64_from_u32(uint32_t a) {
    if (a == 0) return 0;
    int32_t shift = __builtin_clz(a);
    return ((uint64_t)(1023 + 31 - shift - 1) << 52) + ((uint64_t)a << (21 + shift));
}

uint64_t cw_f64_from_i32(uint32_t a);
uint64_t cw_f64_from_i32(uint32_t a) {
    return a >> 31 ? SIGN | cw_f64_from_u32(0 - a) : cw_f64_from_u32(a);
}

uint64_t cw_f64_from_f32(float x);
uint64_t cw_f64_from_f32(float x) {
    uint32_t a = __builtin_bit_cast(uint32_t, x), size = a & 0x7fffffffu;
    uint64_t sign = (uint64_t)(a >> 31) << 63;
    if (size > 0x7f800000u) return NANS | sign;
    if (size == 0x7f800000u) return sign | INFINITE;
    if (size < 0x800000u) {
        if (size == 0) return sign;
        int32_t shift = __builtin_clz(size) - 8;
        return sign | (((uint64_t)(1023 - 127 - shift) << 52) + ((uint64_t)(size << shift) << 29));
    }
    return sign | (((uint64_t)size << 29) + ((uint64_t)(1023 - 127) << 52));
}

/* The number with `bits` bits of significand, its least exponent (biased as a double's) `least`, in float's format. Numbers with
 * fewer bits than float are floats. `most`: the first size, as float bits, that is infinite. */
INLINE float narrowed(uint64_t a, uint32_t bits, int32_t least, uint32_t most) {
    uint32_t sign = (uint32_t)(a >> 32) & 0x80000000u;
    if (is_nan(a)) return __builtin_bit_cast(float, 0x7fc00000u | sign);
    if (is_infinite(a)) return __builtin_bit_cast(float, sign | 0x7f800000u);
    if (is_zero(a)) return __builtin_bit_cast(float, sign);
    struct parts x = unpack(a);
    uint64_t significand = x.significand;
    int32_t exponent = x.exponent;
    /* Below the least exponent fewer bits are left. */
    uint32_t drop = 63 - bits;
    if (exponent < least) {
        drop += (uint32_t)(least - exponent) < 64 ? (uint32_t)(least - exponent) : 64;
    }
    if (drop > 63) return __builtin_bit_cast(float, sign);
    uint64_t unit = 1ull << drop, rest = significand & (unit - 1);
    significand &= ~(unit - 1);
    if (rest > unit / 2 || (rest == unit / 2 && (significand & unit))) significand += unit;
    if (significand == 0) return __builtin_bit_cast(float, sign);
    if (significand >> 63) {
        significand >>= 1;
        exponent++;
    }
    int32_t field = exponent - 1023 + 127;
    uint32_t size;
    if (field >= 255) size = 0x7f800000u;
    else if (field > 0) size = ((uint32_t)(field - 1) << 23) + (uint32_t)(significand >> 39);
    else size = (uint32_t)(significand >> (40 - field));
    if (size >= most) size = 0x7f800000u;
    return __builtin_bit_cast(float, sign | size);
}

SLOW float cw_f32_from_f64(uint64_t a);
SLOW float cw_f32_from_f64(uint64_t a) {
    return narrowed(a, 24, 1023 - 126, 0x7f800000u);
}
SLOW float cw_half_from_f64(uint64_t a);
SLOW float cw_half_from_f64(uint64_t a) {
    return narrowed(a, 11, 1023 - 14, 0x47800000u);
}
SLOW float cw_bfloat_from_f64(uint64_t a);
SLOW float cw_bfloat_from_f64(uint64_t a) {
    return narrowed(a, 8, 1023 - 126, 0x7f800000u);
}

/* Towards zero, the nearest there is for what is out of range; 0 for NaN. */
INLINE uint64_t size_of(uint64_t a) {
    int32_t exponent = ((int32_t)(a >> 52) & 0x7ff) - 1023;
    uint64_t significand = (a & FRACTION) | (FRACTION + 1);
    if (exponent < 0) return 0;
    return exponent > 52 ? significand << (exponent - 52) : significand >> (52 - exponent);
}

uint64_t cw_f64_to_u64(uint64_t a);
uint64_t cw_f64_to_u64(uint64_t a) {
    if (is_nan(a) || a & SIGN) return 0;
    if (a >= 0x43f0000000000000ull) return ~0ull;
    return size_of(a);
}

uint64_t cw_f64_to_i64(uint64_t a);
uint64_t cw_f64_to_i64(uint64_t a) {
    if (is_nan(a)) return 0;
    if ((a & ~SIGN) >= 0x43e0000000000000ull) return a & SIGN ? SIGN : SIGN - 1;
    uint64_t size = size_of(a & ~SIGN);
    return a & SIGN ? 0 - size : size;
}

uint32_t cw_f64_to_u32(uint64_t a);
uint32_t cw_f64_to_u32(uint64_t a) {
    uint64_t value = cw_f64_to_u64(a);
    return value > 0xffffffffu ? 0xffffffffu : (uint32_t)value;
}

uint32_t cw_f64_to_i32(uint64_t a);
uint32_t cw_f64_to_i32(uint64_t a) {
    int64_t value = (int64_t)cw_f64_to_i64(a);
    if (value > 0x7fffffff) return 0x7fffffffu;
    if (value < -0x7fffffffll - 1) return 0x80000000u;
    return (uint32_t)value;
}
