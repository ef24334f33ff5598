// SPDX-License-Identifier: Apache-2.0
// cvt in its forms against models: integers, floats, halves and the formats of 8 bits: PTX ISA 9.7.9.21, 9.7.9.22.
// EXPECT: 72 cases, 0 wrong
// NVCC: skip it compares with models, which were written from the ISA
#include <algorithm>
#include <cfenv>
#include <cmath>

#include "ptx_check.h"

typedef const Operands &O;

template <class To, class From> static To in_mode(int mode, From value) {
    volatile From x = value;
    std::fesetround(mode);
    volatile To result = (To)x;
    std::fesetround(FE_TONEAREST);
    return result;
}
static double whole(int mode, double x) {
    return mode == FE_DOWNWARD ? std::floor(x) : mode == FE_UPWARD ? std::ceil(x) : mode == FE_TOWARDZERO ? std::trunc(x) : std::nearbyint(x);
}
/* Clamped to [low, high]; what a NaN becomes is the caller's. */
static uint64_t to_integer(int mode, double x, long double low, long double high, uint64_t of_nan) {
    if (x != x) return of_nan;
    long double y = whole(mode, x);
    y = y < low ? low : y > high ? high : y;
    return y < 0 ? (uint64_t)(int64_t)y : (uint64_t)y;
}
static uint64_t s32(int mode, double x, uint64_t of_nan) { return (uint32_t)to_integer(mode, x, -0x1p31L, 0x1p31L - 1, of_nan); }
static uint64_t u32(int mode, double x, uint64_t of_nan) { return to_integer(mode, x, 0, 0x1p32L - 1, of_nan); }
static uint64_t s64(int mode, double x) { return to_integer(mode, x, -0x1p63L, 0x1p63L - 1, 1ull << 63); }
static uint64_t u64(int mode, double x) { return to_integer(mode, x, 0, 0x1p64L - 1, 1ull << 63); }
static float ftz(float x) { return std::fabs(x) < 0x1p-126f ? std::copysign(0.0f, x) : x; }
static double sat(double x) { return x > 0 ? (x < 1 ? x : 1.0) : 0.0; }

/* Numbers of a small format, by their codes without sign, and rounding by looking for the neighbours. */
struct Format {
    int mantissa, bias;
    uint32_t infinity; /* the code after the largest number */
};
static const Format half_format = {10, 15, 0x7c00}, bfloat_format = {7, 127, 0x7f80}, e4m3 = {3, 7, 0x7f}, e5m2 = {2, 15, 0x7c};
static long double decode(uint32_t code, Format f) {
    int e = (int)(code >> f.mantissa), m = (int)(code & ((1u << f.mantissa) - 1));
    return e ? std::ldexp((long double)(m | 1 << f.mantissa), e - f.bias - f.mantissa) : std::ldexp((long double)m, 1 - f.bias - f.mantissa);
}
static uint32_t encode(long double v, Format f, int mode, bool finite, bool *overflows = nullptr) {
    bool negative = std::signbit(v);
    v = std::fabs(v);
    uint32_t low = 0, high = f.infinity;
    while (low + 1 < high) {
        uint32_t middle = (low + high) / 2;
        (decode(middle, f) <= v ? low : high) = middle;
    }
    long double below = decode(low, f), above = decode(low + 1, f);
    bool exact = v == below, is_infinite = v > 1e300L * 1e300L;
    bool up = mode == FE_TONEAREST ? v - below > above - v || (v - below == above - v && (low & 1))
              : mode == FE_UPWARD  ? !exact && !negative
              : mode == FE_DOWNWARD ? !exact && negative
                                    : false;
    uint32_t code = is_infinite ? f.infinity : low + up;
    if (v >= above && !is_infinite) code = up ? f.infinity : low; /* beyond the largest number */
    if (finite && code == f.infinity) code--;
    (void)overflows;
    return code;
}
static uint64_t to_half(double v, int mode, bool relu = false, bool finite = false) {
    if (v != v) return 0x7fff;
    uint32_t code = encode(v, half_format, mode, finite);
    return relu && std::signbit(v) ? 0 : code | (std::signbit(v) ? 0x8000u : 0);
}
static uint64_t to_bfloat(long double v, int mode, bool relu = false) {
    if (v != v) return 0x7fff;
    uint32_t code = encode(v, bfloat_format, mode, false);
    return relu && std::signbit(v) ? 0 : code | (std::signbit(v) ? 0x8000u : 0);
}
static uint64_t to_narrow(double v, Format f, uint32_t nan, bool relu = false) {
    if (v != v) return nan;
    if (relu && std::signbit(v)) return 0;
    return encode(v, f, FE_TONEAREST, true) | (std::signbit(v) ? 0x80u : 0);
}
static float from_half(uint16_t h) {
    if ((h & 0x7fff) > 0x7c00) return NAN;
    float v = (h & 0x7fff) == 0x7c00 ? INFINITY : (float)decode(h & 0x7fffu, half_format);
    return h & 0x8000 ? -v : v;
}
static float from_bfloat(uint16_t h) { return as_float((uint32_t)h << 16); }
static uint64_t half_of_e4m3(uint32_t c) {
    if ((c & 0x7f) == 0x7f) return 0x7fff;
    double v = (double)decode(c & 0x7f, e4m3);
    return to_half(c & 0x80 ? -v : v, FE_TONEAREST);
}
static uint32_t tf32(float v) { /* to nearest, ties away from zero */
    uint32_t x = (uint32_t)of(v);
    if ((x & 0x7fffffff) > 0x7f800000) return x & ~0x1fffu; /* the hardware's: the ISA says nothing of NaN */
    return (x + 0x1000) & ~0x1fffu;
}
static int64_t clamp(int64_t x, int64_t low, int64_t high) { return x < low ? low : x > high ? high : x; }

#define N FE_TONEAREST
#define Z FE_TOWARDZERO
#define M FE_DOWNWARD
#define P FE_UPWARD

/* 10 bits of mantissa, to nearest even or cut. */
static uint64_t tf32_in(int mode, float v, bool relu) {
    uint32_t x = (uint32_t)of(v);
    if (v != v) return of((float)NAN);
    if (relu && x >> 31) return 0;
    return mode == Z || std::isinf(v) ? x & ~0x1fffu : (x + 0xfff + (x >> 13 & 1)) & ~0x1fffu;
}

static const Case cases[] = {
    {"cvt.s64.s32 %D, %a;", LONG, [](O o) -> uint64_t { return (uint64_t)(int64_t)(int32_t)o.a; }},
    {"cvt.s32.s8 %d, %a;", WORD, [](O o) -> uint64_t { return (uint32_t)(int32_t)(int8_t)o.a; }},
    {"cvt.u32.u8 %d, %a;", WORD, [](O o) -> uint64_t { return o.a & 255; }},
    {"cvt.u16.u32 %hd, %a;", HALFWORD, [](O o) -> uint64_t { return o.ha; }},
    {"cvt.s8.s32 %d, %a;", WORD, [](O o) -> uint64_t { return (uint32_t)(int32_t)(int8_t)o.a; }},
    {"cvt.sat.s8.s32 %d, %a;", WORD, [](O o) -> uint64_t { return (uint32_t)clamp((int32_t)o.a, -128, 127); }},
    {"cvt.sat.u8.s32 %d, %a;", WORD, [](O o) -> uint64_t { return (uint32_t)clamp((int32_t)o.a, 0, 255); }},
    {"cvt.sat.s16.u32 %d, %a;", WORD, [](O o) -> uint64_t { return (uint32_t)clamp(o.a, 0, 32767); }},
    {"cvt.sat.u32.s64 %d, %A;", WORD, [](O o) -> uint64_t { return (uint64_t)clamp((int64_t)o.A, 0, 0xffffffffll); }},
    {"cvt.sat.s32.u64 %d, %A;", WORD, [](O o) -> uint64_t { return o.A > 0x7fffffff ? 0x7fffffff : o.A; }},
    {"cvt.sat.u64.s32 %D, %a;", LONG, [](O o) -> uint64_t { return (int32_t)o.a < 0 ? 0 : o.a; }},
    {"cvt.rn.f32.s32 %fd, %a;", FLOAT, [](O o) -> uint64_t { return of(in_mode<float>(N, (int32_t)o.a)); }},
    {"cvt.rz.f32.u32 %fd, %a;", FLOAT, [](O o) -> uint64_t { return of(in_mode<float>(Z, o.a)); }},
    {"cvt.rm.f32.s64 %fd, %A;", FLOAT, [](O o) -> uint64_t { return of(in_mode<float>(M, (int64_t)o.A)); }},
    {"cvt.rp.f32.u64 %fd, %A;", FLOAT, [](O o) -> uint64_t { return of(in_mode<float>(P, o.A)); }},
    {"cvt.rn.f64.s32 %dd, %a;", DOUBLE, [](O o) -> uint64_t { return of((double)(int32_t)o.a); }},
    {"cvt.rn.f64.u64 %dd, %A;", DOUBLE, [](O o) -> uint64_t { return of(in_mode<double>(N, o.A)); }},
    {"cvt.rz.f64.s64 %dd, %A;", DOUBLE, [](O o) -> uint64_t { return of(in_mode<double>(Z, (int64_t)o.A)); }},
    {"cvt.rn.f32.s16 %fd, %ha;", FLOAT, [](O o) -> uint64_t { return of((float)(int16_t)o.ha); }},
    {"cvt.rn.f16.s32 %hd, %a;", HALFWORD, [](O o) -> uint64_t { return to_half((int32_t)o.a, N); }},
    {"cvt.rz.f16.u64 %hd, %A;", HALFWORD, [](O o) -> uint64_t { return encode((long double)o.A, half_format, Z, false); }},
    {"cvt.rn.bf16.s64 %hd, %A;", HALFWORD, [](O o) -> uint64_t { return to_bfloat((long double)(int64_t)o.A, N); }},
    {"cvt.rni.s32.f32 %d, %fa;", WORD, [](O o) -> uint64_t { return s32(N, o.fa, 0); }},
    {"cvt.rzi.s32.f32 %d, %fa;", WORD, [](O o) -> uint64_t { return s32(Z, o.fa, 0); }},
    {"cvt.rmi.u32.f32 %d, %fa;", WORD, [](O o) -> uint64_t { return u32(M, o.fa, 0); }},
    {"cvt.rpi.u32.f32 %d, %fa;", WORD, [](O o) -> uint64_t { return u32(P, o.fa, 0); }},
    {"cvt.rzi.s64.f32 %D, %fa;", LONG, [](O o) -> uint64_t { return s64(Z, o.fa); }},
    {"cvt.rni.u64.f32 %D, %fa;", LONG, [](O o) -> uint64_t { return u64(N, o.fa); }},
    {"cvt.rzi.s32.f64 %d, %da;", WORD, [](O o) -> uint64_t { return s32(Z, o.da, 0x80000000); }},
    {"cvt.rni.u32.f64 %d, %da;", WORD, [](O o) -> uint64_t { return u32(N, o.da, 0x80000000); }},
    {"cvt.rmi.s64.f64 %D, %da;", LONG, [](O o) -> uint64_t { return s64(M, o.da); }},
    {"cvt.rpi.u64.f64 %D, %da;", LONG, [](O o) -> uint64_t { return u64(P, o.da); }},
    {"cvt.rzi.s16.f32 %hd, %fa;", HALFWORD, [](O o) -> uint64_t { return (uint16_t)to_integer(Z, o.fa, -32768, 32767, 0); }},
    {"cvt.rni.u8.f32 %d, %fa;", WORD, [](O o) -> uint64_t { return to_integer(N, o.fa, 0, 255, 0); }},
    {"cvt.rni.s8.f32 %d, %fa;", WORD, [](O o) -> uint64_t { return (uint32_t)to_integer(N, o.fa, -128, 127, 0); }},
    {"cvt.rzi.ftz.s32.f32 %d, %fa;", WORD, [](O o) -> uint64_t { return s32(Z, ftz(o.fa), 0); }},
    {"cvt.rpi.ftz.s32.f32 %d, %fa;", WORD, [](O o) -> uint64_t { return s32(P, ftz(o.fa), 0); }},
    {"cvt.rzi.s32.f16 %d, %ha;", WORD, [](O o) -> uint64_t { return s32(Z, from_half(o.ha), 0); }},
    {"cvt.rni.f32.f32 %fd, %fa;", FLOAT, [](O o) -> uint64_t { return of((float)whole(N, o.fa)); }},
    {"cvt.rmi.f64.f64 %dd, %da;", DOUBLE, [](O o) -> uint64_t { return of(whole(M, o.da)); }},
    {"cvt.sat.f32.f32 %fd, %fa;", FLOAT, [](O o) -> uint64_t { return of((float)sat(o.fa)); }},
    {"cvt.ftz.f32.f32 %fd, %fa;", FLOAT, [](O o) -> uint64_t { return of(ftz(o.fa)); }},
    {"cvt.f64.f32 %dd, %fa;", DOUBLE, [](O o) -> uint64_t { return of((double)o.fa); }},
    {"cvt.rn.f32.f64 %fd, %da;", FLOAT, [](O o) -> uint64_t { return of(in_mode<float>(N, o.da)); }},
    {"cvt.rz.f32.f64 %fd, %da;", FLOAT, [](O o) -> uint64_t { return of(in_mode<float>(Z, o.da)); }},
    {"cvt.rm.f32.f64 %fd, %da;", FLOAT, [](O o) -> uint64_t { return of(in_mode<float>(M, o.da)); }},
    {"cvt.rp.ftz.f32.f64 %fd, %da;", FLOAT, [](O o) -> uint64_t { return of(ftz(in_mode<float>(P, o.da))); }},
    {"cvt.f32.f16 %fd, %ha;", FLOAT, [](O o) -> uint64_t { return of(from_half(o.ha)); }},
    {"cvt.f64.f16 %dd, %ha;", DOUBLE, [](O o) -> uint64_t { return of((double)from_half(o.ha)); }},
    {"cvt.f32.bf16 %fd, %ha;", FLOAT, [](O o) -> uint64_t { return of(from_bfloat(o.ha)); }},
    {"cvt.rn.f16.f32 %hd, %fa;", HALFWORD, [](O o) -> uint64_t { return to_half(o.fa, N); }},
    {"cvt.rz.f16.f32 %hd, %fa;", HALFWORD, [](O o) -> uint64_t { return to_half(o.fa, Z); }},
    {"cvt.rm.f16.f32 %hd, %fa;", HALFWORD, [](O o) -> uint64_t { return to_half(o.fa, M); }},
    {"cvt.rp.f16.f32 %hd, %fa;", HALFWORD, [](O o) -> uint64_t { return to_half(o.fa, P); }},
    {"cvt.rn.f16.f64 %hd, %da;", HALFWORD, /* a NaN's bits are the hardware's */
     [](O o) -> uint64_t { return o.da != o.da ? (o.A >> 63 << 15 | 0x7e00 | (o.A & 0xfffffffffffffull) >> 42) : to_half(o.da, N); }},
    {"cvt.rn.relu.f16.f32 %hd, %fa;", HALFWORD, [](O o) -> uint64_t { return to_half(o.fa, N, true); }},
    {"cvt.rn.bf16.f32 %hd, %fa;", HALFWORD, [](O o) -> uint64_t { return to_bfloat(o.fa, N); }},
    {"cvt.rz.bf16.f32 %hd, %fa;", HALFWORD, [](O o) -> uint64_t { return to_bfloat(o.fa, Z); }},
    {"cvt.rn.f16x2.f32 %d, %fa, %fb;", WORD, [](O o) -> uint64_t { return to_half(o.fa, N) << 16 | to_half(o.fb, N); }},
    {"cvt.rn.relu.bf16x2.f32 %d, %fa, %fb;", WORD, [](O o) -> uint64_t { return to_bfloat(o.fa, N, true) << 16 | to_bfloat(o.fb, N, true); }},
    {"cvt.rna.tf32.f32 %d, %fa;", WORD, [](O o) -> uint64_t { return tf32(o.fa); }},
    {"cvt.rn.satfinite.e4m3x2.f32 %hd, %fa, %fb;", HALFWORD, [](O o) -> uint64_t { return to_narrow(o.fa, e4m3, 0x7f) << 8 | to_narrow(o.fb, e4m3, 0x7f); }},
    {"cvt.rn.satfinite.relu.e5m2x2.f32 %hd, %fa, %fb;", HALFWORD,
     [](O o) -> uint64_t { return to_narrow(o.fa, e5m2, 0x7f, true) << 8 | to_narrow(o.fb, e5m2, 0x7f, true); }},
    {"cvt.rn.satfinite.e4m3x2.f16x2 %hd, %a;", HALFWORD,
     [](O o) -> uint64_t { return to_narrow(from_half((uint16_t)(o.a >> 16)), e4m3, 0x7f) << 8 | to_narrow(from_half(o.ha), e4m3, 0x7f); }},
    {"cvt.rn.satfinite.relu.e5m2x2.f16x2 %hd, %a;", HALFWORD,
     [](O o) -> uint64_t { return to_narrow(from_half((uint16_t)(o.a >> 16)), e5m2, 0x7f, true) << 8 | to_narrow(from_half(o.ha), e5m2, 0x7f, true); }},
    {"cvt.rn.tf32.f32 %d, %fa; mov.b32 %fd, %d;", FLOAT, [](O o) -> uint64_t { return tf32_in(N, o.fa, false); }},
    {"cvt.rz.tf32.f32 %d, %fa; mov.b32 %fd, %d;", FLOAT, [](O o) -> uint64_t { return tf32_in(Z, o.fa, false); }},
    {"cvt.rn.relu.tf32.f32 %d, %fa; mov.b32 %fd, %d;", FLOAT, [](O o) -> uint64_t { return tf32_in(N, o.fa, true); }},
    {"cvt.rn.f16x2.e4m3x2 %d, %ha;", WORD, [](O o) -> uint64_t { return half_of_e4m3(o.ha >> 8) << 16 | half_of_e4m3(o.ha & 255); }},
    {"cvt.pack.sat.s16.s32 %d, %a, %b;", WORD,
     [](O o) -> uint64_t { return (uint32_t)clamp((int32_t)o.a, -32768, 32767) << 16 | (uint16_t)clamp((int32_t)o.b, -32768, 32767); }},
    {"cvt.pack.sat.u8.s32.b32 %d, %a, %b, %c;", WORD,
     [](O o) -> uint64_t { return (o.c << 16) | (uint32_t)clamp((int32_t)o.a, 0, 255) << 8 | (uint32_t)clamp((int32_t)o.b, 0, 255); }},
    {"mov.b32 {%ha, %hb}, %c; mov.b32 %d, {%hb, %ha};", WORD, [](O o) -> uint64_t { return o.c << 16 | o.c >> 16; }},
};

CASES_MAIN(cases)
