// SPDX-License-Identifier: Apache-2.0
// Floating-point instructions of PTX against models on the host: every rounding mode, .ftz, .sat, NaN rules: PTX ISA 9.7.3, 9.7.4, 9.7.6.
// EXPECT: 104 cases, 0 wrong
// NVCC: skip it compares with models, which were written from the ISA
#include <algorithm>
#include <cfenv>
#include <cmath>

#include "ptx_check.h"

typedef const Operands &O;

/* The host's arithmetic in a rounding mode; volatile, so that the compiler leaves it to run. */
template <class T, class F> static T in_mode(int mode, F f) {
    std::fesetround(mode);
    volatile T result = f();
    std::fesetround(FE_TONEAREST);
    return result;
}
template <class T> static T plus(int mode, T a, T b) { volatile T x = a, y = b; return in_mode<T>(mode, [&] { return x + y; }); }
template <class T> static T minus(int mode, T a, T b) { volatile T x = a, y = b; return in_mode<T>(mode, [&] { return x - y; }); }
template <class T> static T times(int mode, T a, T b) { volatile T x = a, y = b; return in_mode<T>(mode, [&] { return x * y; }); }
template <class T> static T over(int mode, T a, T b) { volatile T x = a, y = b; return in_mode<T>(mode, [&] { return x / y; }); }
template <class T> static T root(int mode, T a) { volatile T x = a; return in_mode<T>(mode, [&] { return std::sqrt(x); }); }
static float fused(int mode, float a, float b, float c) { volatile float x = a, y = b, z = c; return in_mode<float>(mode, [&] { return std::fma((float)x, (float)y, (float)z); }); }
static double fused(int mode, double a, double b, double c) { volatile double x = a, y = b, z = c; return in_mode<double>(mode, [&] { return std::fma((double)x, (double)y, (double)z); }); }

static float ftz(float x) { return std::fabs(x) < 0x1p-126f ? std::copysign(0.0f, x) : x; }
static float sat(float x) { return x > 0 ? (x < 1 ? x : 1.0f) : 0.0f; }

/* Without NaN if there is a number; -0 is less than +0. */
template <class T> static bool less(T a, T b) { return a < b || (a == b && std::signbit(a) && !std::signbit(b)); }
template <class T> static T least(T a, T b) { return a != a ? b : b != b ? a : less(a, b) ? a : b; }
template <class T> static T most(T a, T b) { return a != a ? b : b != b ? a : less(a, b) ? b : a; }

/* ---- Halves: rounding to nearest even by looking for the nearest number ---- */
static double from_half(uint16_t h) {
    int e = h >> 10 & 31, m = h & 1023;
    double v = e == 31 ? (m ? NAN : INFINITY) : e ? std::ldexp(1024 + m, e - 25) : std::ldexp(m, -24);
    return h & 0x8000 ? -v : v;
}
static double from_bfloat(uint16_t h) { return as_float((uint32_t)h << 16); }
static uint16_t nearest(double v, double (*from)(uint16_t), uint16_t infinity) {
    if (v != v) return 0x7fff;
    uint16_t sign = std::signbit(v) ? 0x8000 : 0;
    v = std::fabs(v);
    uint16_t low = 0, high = infinity; /* the greatest number that is not above v */
    while (low + 1 < high) {
        uint16_t middle = (uint16_t)((low + high) / 2);
        (from(middle) <= v ? low : high) = middle;
    }
    if (v == INFINITY) return sign | infinity;
    double below = from(low), above = low + 1 == infinity ? 2 * from(low) - from((uint16_t)(low - 1)) : from((uint16_t)(low + 1));
    bool up = v - below > above - v || (v - below == above - v && (low & 1));
    return (uint16_t)(sign | (low + up));
}
static uint16_t half(double v) { return nearest(v, from_half, 0x7c00); }
static uint16_t bfloat(double v) { return nearest(v, from_bfloat, 0x7f80); }
static bool half_nan(uint16_t h) { return (h & 0x7fff) > 0x7c00; }
/* A NaN is 0x7fff on this side whatever it was. */
static uint64_t same_nan(uint16_t h) { return half_nan(h) ? 0x7fff : h; }
#define HADD(x, y) same_nan(half(from_half(x) + from_half(y)))
#define HIGH(x) ((uint16_t)((x) >> 16))

static const Case cases[] = {
    {"add.rn.f32 %fd, %fa, %fb;", FLOAT, [](O o) -> uint64_t { return of(plus(FE_TONEAREST, o.fa, o.fb)); }},
    {"add.rz.f32 %fd, %fa, %fb;", FLOAT, [](O o) -> uint64_t { return of(plus(FE_TOWARDZERO, o.fa, o.fb)); }},
    {"add.rm.f32 %fd, %fa, %fb;", FLOAT, [](O o) -> uint64_t { return of(plus(FE_DOWNWARD, o.fa, o.fb)); }},
    {"add.rp.f32 %fd, %fa, %fb;", FLOAT, [](O o) -> uint64_t { return of(plus(FE_UPWARD, o.fa, o.fb)); }},
    {"add.ftz.f32 %fd, %fa, %fb;", FLOAT, [](O o) -> uint64_t { return of(ftz(plus(FE_TONEAREST, ftz(o.fa), ftz(o.fb)))); }},
    {"add.sat.f32 %fd, %fa, %fb;", FLOAT, [](O o) -> uint64_t { return of(sat(plus(FE_TONEAREST, o.fa, o.fb))); }},
    {"sub.f32 %fd, %fa, %fb;", FLOAT, [](O o) -> uint64_t { return of(minus(FE_TONEAREST, o.fa, o.fb)); }},
    {"sub.rm.ftz.sat.f32 %fd, %fa, %fb;", FLOAT, [](O o) -> uint64_t { return of(sat(ftz(minus(FE_DOWNWARD, ftz(o.fa), ftz(o.fb))))); }},
    {"mul.f32 %fd, %fa, %fb;", FLOAT, [](O o) -> uint64_t { return of(times(FE_TONEAREST, o.fa, o.fb)); }},
    {"mul.rz.f32 %fd, %fa, %fb;", FLOAT, [](O o) -> uint64_t { return of(times(FE_TOWARDZERO, o.fa, o.fb)); }},
    {"mul.rm.f32 %fd, %fa, %fb;", FLOAT, [](O o) -> uint64_t { return of(times(FE_DOWNWARD, o.fa, o.fb)); }},
    {"mul.rp.f32 %fd, %fa, %fb;", FLOAT, [](O o) -> uint64_t { return of(times(FE_UPWARD, o.fa, o.fb)); }},
    {"mul.ftz.f32 %fd, %fa, %fb;", FLOAT, [](O o) -> uint64_t { return of(ftz(times(FE_TONEAREST, ftz(o.fa), ftz(o.fb)))); }},
    {"fma.rn.f32 %fd, %fa, %fb, %fc;", FLOAT, [](O o) -> uint64_t { return of(fused(FE_TONEAREST, o.fa, o.fb, o.fc)); }},
    {"fma.rz.f32 %fd, %fa, %fb, %fc;", FLOAT, [](O o) -> uint64_t { return of(fused(FE_TOWARDZERO, o.fa, o.fb, o.fc)); }},
    {"fma.rm.f32 %fd, %fa, %fb, %fc;", FLOAT, [](O o) -> uint64_t { return of(fused(FE_DOWNWARD, o.fa, o.fb, o.fc)); }},
    {"fma.rp.f32 %fd, %fa, %fb, %fc;", FLOAT, [](O o) -> uint64_t { return of(fused(FE_UPWARD, o.fa, o.fb, o.fc)); }},
    {"fma.rn.ftz.sat.f32 %fd, %fa, %fb, %fc;", FLOAT, [](O o) -> uint64_t { return of(sat(ftz(fused(FE_TONEAREST, ftz(o.fa), ftz(o.fb), ftz(o.fc))))); }},
    {"mad.rn.f32 %fd, %fa, %fb, %fc;", FLOAT, [](O o) -> uint64_t { return of(fused(FE_TONEAREST, o.fa, o.fb, o.fc)); }},
    {"div.rn.f32 %fd, %fa, %fb;", FLOAT, [](O o) -> uint64_t { return of(over(FE_TONEAREST, o.fa, o.fb)); }},
    {"div.rz.f32 %fd, %fa, %fb;", FLOAT, [](O o) -> uint64_t { return of(over(FE_TOWARDZERO, o.fa, o.fb)); }},
    {"div.rm.f32 %fd, %fa, %fb;", FLOAT, [](O o) -> uint64_t { return of(over(FE_DOWNWARD, o.fa, o.fb)); }},
    {"div.rp.f32 %fd, %fa, %fb;", FLOAT, [](O o) -> uint64_t { return of(over(FE_UPWARD, o.fa, o.fb)); }},
    {"div.rn.ftz.f32 %fd, %fa, %fb;", FLOAT, [](O o) -> uint64_t { return of(ftz(over(FE_TONEAREST, ftz(o.fa), ftz(o.fb)))); }},
    {"rcp.rn.f32 %fd, %fa;", FLOAT, [](O o) -> uint64_t { return of(over(FE_TONEAREST, 1.0f, o.fa)); }},
    {"rcp.rp.f32 %fd, %fa;", FLOAT, [](O o) -> uint64_t { return of(over(FE_UPWARD, 1.0f, o.fa)); }},
    {"sqrt.rn.f32 %fd, %fa;", FLOAT, [](O o) -> uint64_t { return of(root(FE_TONEAREST, o.fa)); }},
    {"sqrt.rz.f32 %fd, %fa;", FLOAT, [](O o) -> uint64_t { return of(root(FE_TOWARDZERO, o.fa)); }},
    {"sqrt.rm.f32 %fd, %fa;", FLOAT, [](O o) -> uint64_t { return of(root(FE_DOWNWARD, o.fa)); }},
    {"sqrt.rp.f32 %fd, %fa;", FLOAT, [](O o) -> uint64_t { return of(root(FE_UPWARD, o.fa)); }},
    {"abs.ftz.f32 %fd, %fa;", FLOAT, [](O o) -> uint64_t { return of(std::fabs(ftz(o.fa))); }},
    {"neg.f32 %fd, %fa;", FLOAT, [](O o) -> uint64_t { return of(-o.fa); }},
    {"min.f32 %fd, %fa, %fb;", FLOAT, [](O o) -> uint64_t { return of(least(o.fa, o.fb)); }},
    {"max.f32 %fd, %fa, %fb;", FLOAT, [](O o) -> uint64_t { return of(most(o.fa, o.fb)); }},
    {"min.ftz.f32 %fd, %fa, %fb;", FLOAT, [](O o) -> uint64_t { return of(least(ftz(o.fa), ftz(o.fb))); }},
    {"min.NaN.f32 %fd, %fa, %fb;", FLOAT, [](O o) -> uint64_t { return o.fa != o.fa || o.fb != o.fb ? of((float)NAN) : of(least(o.fa, o.fb)); }},
    {"max.NaN.f32 %fd, %fa, %fb;", FLOAT, [](O o) -> uint64_t { return o.fa != o.fa || o.fb != o.fb ? of((float)NAN) : of(most(o.fa, o.fb)); }},
    {"max.xorsign.abs.f32 %fd, %fa, %fb;", FLOAT,
     [](O o) -> uint64_t {
         float r = most(std::fabs(o.fa), std::fabs(o.fb));
         return of(std::signbit(o.fa) != std::signbit(o.fb) ? -r : r);
     }},
    {"copysign.f32 %fd, %fa, %fb;", FLOAT, [](O o) -> uint64_t { return of(std::copysign(o.fb, o.fa)); }},
    {"testp.finite.f32 %pd, %fa;", PREDICATE, [](O o) -> uint64_t { return std::isfinite(o.fa); }},
    {"testp.infinite.f64 %pd, %da;", PREDICATE, [](O o) -> uint64_t { return std::isinf(o.da); }},
    {"testp.number.f32 %pd, %fa;", PREDICATE, [](O o) -> uint64_t { return !std::isnan(o.fa); }},
    {"testp.notanumber.f64 %pd, %da;", PREDICATE, [](O o) -> uint64_t { return std::isnan(o.da); }},
    {"testp.normal.f32 %pd, %fa;", PREDICATE, [](O o) -> uint64_t { return std::isnormal(o.fa) || o.fa == 0; }},
    {"testp.subnormal.f32 %pd, %fa;", PREDICATE, [](O o) -> uint64_t { return std::fpclassify(o.fa) == FP_SUBNORMAL; }},
    /* double */
    {"add.f64 %dd, %da, %db;", DOUBLE, [](O o) -> uint64_t { return of(plus(FE_TONEAREST, o.da, o.db)); }},
    {"add.rz.f64 %dd, %da, %db;", DOUBLE, [](O o) -> uint64_t { return of(plus(FE_TOWARDZERO, o.da, o.db)); }},
    {"sub.rm.f64 %dd, %da, %db;", DOUBLE, [](O o) -> uint64_t { return of(minus(FE_DOWNWARD, o.da, o.db)); }},
    {"mul.rp.f64 %dd, %da, %db;", DOUBLE, [](O o) -> uint64_t { return of(times(FE_UPWARD, o.da, o.db)); }},
    {"mul.rz.f64 %dd, %da, %db;", DOUBLE, [](O o) -> uint64_t { return of(times(FE_TOWARDZERO, o.da, o.db)); }},
    {"fma.rn.f64 %dd, %da, %db, %dc;", DOUBLE, [](O o) -> uint64_t { return of(fused(FE_TONEAREST, o.da, o.db, o.dc)); }},
    {"fma.rm.f64 %dd, %da, %db, %dc;", DOUBLE, [](O o) -> uint64_t { return of(fused(FE_DOWNWARD, o.da, o.db, o.dc)); }},
    {"div.rn.f64 %dd, %da, %db;", DOUBLE, [](O o) -> uint64_t { return of(over(FE_TONEAREST, o.da, o.db)); }},
    {"div.rz.f64 %dd, %da, %db;", DOUBLE, [](O o) -> uint64_t { return of(over(FE_TOWARDZERO, o.da, o.db)); }},
    {"rcp.rm.f64 %dd, %da;", DOUBLE, [](O o) -> uint64_t { return of(over(FE_DOWNWARD, 1.0, o.da)); }},
    {"sqrt.rn.f64 %dd, %da;", DOUBLE, [](O o) -> uint64_t { return of(root(FE_TONEAREST, o.da)); }},
    {"sqrt.rp.f64 %dd, %da;", DOUBLE, [](O o) -> uint64_t { return of(root(FE_UPWARD, o.da)); }},
    {"min.f64 %dd, %da, %db;", DOUBLE, [](O o) -> uint64_t { return of(least(o.da, o.db)); }},
    {"max.f64 %dd, %da, %db;", DOUBLE, [](O o) -> uint64_t { return of(most(o.da, o.db)); }},
    {"abs.f64 %dd, %da;", DOUBLE, [](O o) -> uint64_t { return of(std::fabs(o.da)); }},
    /* comparison and selection */
    {"setp.lt.f32 %pd, %fa, %fb;", PREDICATE, [](O o) -> uint64_t { return o.fa < o.fb; }},
    {"setp.ne.f32 %pd, %fa, %fb;", PREDICATE, [](O o) -> uint64_t { return o.fa < o.fb || o.fa > o.fb; }},
    {"setp.neu.f64 %pd, %da, %db;", PREDICATE, [](O o) -> uint64_t { return !(o.da == o.db); }},
    {"setp.geu.f32 %pd, %fa, %fb;", PREDICATE, [](O o) -> uint64_t { return !(o.fa < o.fb); }},
    {"setp.nan.f32 %pd, %fa, %fb;", PREDICATE, [](O o) -> uint64_t { return o.fa != o.fa || o.fb != o.fb; }},
    {"setp.num.f64 %pd, %da, %db;", PREDICATE, [](O o) -> uint64_t { return o.da == o.da && o.db == o.db; }},
    {"setp.eq.ftz.f32 %pd, %fa, %fb;", PREDICATE, [](O o) -> uint64_t { return ftz(o.fa) == ftz(o.fb); }},
    {"setp.gt.s32 %pd, %a, %b;", PREDICATE, [](O o) -> uint64_t { return (int)o.a > (int)o.b; }},
    {"setp.ls.u64 %pd, %A, %B;", PREDICATE, [](O o) -> uint64_t { return o.A <= o.B; }},
    {"setp.lt.and.u32 %pe|%pd, %a, %b, %q;", PREDICATE, [](O o) -> uint64_t { return !(o.a < o.b) && o.q; }},
    {"setp.lt.xor.u32 %pd|%pe, %a, %b, !%q;", PREDICATE, [](O o) -> uint64_t { return (o.a < o.b) != !o.q; }},
    {"setp.ge.or.f32 %pd, %fa, %fb, %p;", PREDICATE, [](O o) -> uint64_t { return o.fa >= o.fb || o.p; }},
    {"set.lt.u32.f32 %d, %fa, %fb;", WORD, [](O o) -> uint64_t { return o.fa < o.fb ? 0xffffffff : 0; }},
    {"set.ge.f32.s32 %fd, %a, %b;", FLOAT, [](O o) -> uint64_t { return of((int)o.a >= (int)o.b ? 1.0f : 0.0f); }},
    {"set.eq.and.s32.u16 %d, %ha, %hb, %p;", WORD, [](O o) -> uint64_t { return o.ha == o.hb && o.p ? 0xffffffff : 0; }},
    {"selp.f64 %dd, %da, %db, %p;", DOUBLE, [](O o) -> uint64_t { return o.p ? o.A : o.B; }},
    {"slct.u32.s32 %d, %a, %b, %c;", WORD, [](O o) -> uint64_t { return (int)o.c >= 0 ? o.a : o.b; }},
    {"slct.ftz.u32.f32 %d, %a, %b, %fc;", WORD, [](O o) -> uint64_t { return ftz(o.fc) >= 0 ? o.a : o.b; }},
    {"@%p add.f32 %fd, %fa, %fb; @!%p mov.f32 %fd, %fc;", FLOAT, [](O o) -> uint64_t { return of(o.p ? o.fa + o.fb : o.fc); }},
    /* halves */
    {"add.f16 %hd, %ha, %hb;", HALFWORD, [](O o) -> uint64_t { return HADD(o.ha, o.hb); }},
    {"sub.rn.f16 %hd, %ha, %hb;", HALFWORD, [](O o) -> uint64_t { return half(from_half(o.ha) - from_half(o.hb)); }},
    {"mul.f16 %hd, %ha, %hb;", HALFWORD, [](O o) -> uint64_t { return half(from_half(o.ha) * from_half(o.hb)); }},
    {"mul.bf16 %hd, %ha, %hb;", HALFWORD, [](O o) -> uint64_t { return bfloat(from_bfloat(o.ha) * from_bfloat(o.hb)); }},
    {"add.f16x2 %d, %a, %b;", WORD, [](O o) -> uint64_t { return HADD(o.ha, o.hb) | HADD(HIGH(o.a), HIGH(o.b)) << 16; }},
    {"add.ftz.sat.f16 %hd, %ha, %hb;", HALFWORD,
     [](O o) -> uint64_t {
         auto flush = [](uint16_t h) { return (uint16_t)(h & 0x7c00 ? h : h & 0x8000); };
         double r = from_half(flush(half(from_half(flush(o.ha)) + from_half(flush(o.hb)))));
         return half(r > 0 ? (r < 1 ? r : 1) : 0);
     }},
    {"fma.rn.f16 %hd, %ha, %hb, %hc;", HALFWORD,
     [](O o) -> uint64_t { /* exact in 80 bits but for numbers far apart, of which the smaller only breaks ties */
         long double product = (long double)from_half(o.ha) * from_half(o.hb), sum = product + from_half(o.hc);
         return half((double)sum);
     }},
    {"or.b16 %hd, %ha, 0x7ff0; and.b16 %hd, %hd, 0xfff7; fma.rn.oob.f16 %hd, %hd, %hb, %hc;", HALFWORD, /* a NaN, sometimes the one for what is outside */
     [](O o) -> uint64_t { return (o.ha & 7) == 7 || (o.hb & 0x7fff) == 0x7ff7 ? 0 : 0x7fff; }},
    {"fma.rn.relu.f16 %hd, %ha, %hb, %hc;", HALFWORD,
     [](O o) -> uint64_t {
         uint16_t r = half((double)((long double)from_half(o.ha) * from_half(o.hb) + from_half(o.hc)));
         return half_nan(r) ? 0x7fff : from_half(r) <= 0 ? 0 : r;
     }},
    {"min.f16 %hd, %ha, %hb;", HALFWORD, [](O o) -> uint64_t { return half(least(from_half(o.ha), from_half(o.hb))); }},
    {"max.NaN.f16 %hd, %ha, %hb;", HALFWORD,
     [](O o) -> uint64_t { return half_nan(o.ha) || half_nan(o.hb) ? 0x7fff : half(most(from_half(o.ha), from_half(o.hb))); }},
    {"max.bf16x2 %d, %a, %b;", WORD,
     [](O o) -> uint64_t {
         return bfloat(most(from_bfloat(o.ha), from_bfloat(o.hb))) | (uint32_t)bfloat(most(from_bfloat(HIGH(o.a)), from_bfloat(HIGH(o.b)))) << 16;
     }},
    {"neg.f16x2 %d, %a;", WORD,
     [](O o) -> uint64_t {
         auto negated = [](uint16_t h) { return half_nan(h) ? 0x7fffu : h ^ 0x8000u; };
         return negated(o.ha) | negated(HIGH(o.a)) << 16;
     }},
    {"abs.bf16 %hd, %ha;", HALFWORD, [](O o) -> uint64_t { return (o.ha & 0x7fffu) > 0x7f80 ? 0x7fffu : o.ha & 0x7fffu; }},
    {"setp.lt.f16 %pd, %ha, %hb;", PREDICATE, [](O o) -> uint64_t { return from_half(o.ha) < from_half(o.hb); }},
    {"setp.gt.f16x2 %pe|%pd, %a, %b;", PREDICATE, [](O o) -> uint64_t { return from_half(HIGH(o.a)) > from_half(HIGH(o.b)); }},
    {"set.lt.f16x2.f16x2 %d, %a, %b;", WORD,
     [](O o) -> uint64_t {
         return (from_half(o.ha) < from_half(o.hb) ? 0x3c00u : 0) | (from_half(HIGH(o.a)) < from_half(HIGH(o.b)) ? 0x3c000000u : 0);
     }},
    /* approximate forms where the result is exact */
    {"rcp.approx.f32 %fd, 0f40000000; mul.f32 %fd, %fd, %fa;", FLOAT, [](O o) -> uint64_t { return of(0.5f * o.fa); }},
    {"ex2.approx.ftz.f32 %fd, 0f41000000;", FLOAT, [](O o) -> uint64_t { return (void)o, of(256.0f); }},
    {"lg2.approx.f32 %fd, 0f44800000;", FLOAT, [](O o) -> uint64_t { return (void)o, of(10.0f); }},
    {"sqrt.approx.f32 %fd, 0f41800000;", FLOAT, [](O o) -> uint64_t { return (void)o, of(4.0f); }},
    {"rsqrt.approx.f32 %fd, 0f41800000;", FLOAT, [](O o) -> uint64_t { return (void)o, of(0.25f); }},
    {"div.full.f32 %fd, %fa, 0f40000000;", FLOAT, [](O o) -> uint64_t { return of(o.fa / 2); }},
    {"tanh.approx.f32 %fd, 0f42c80000;", FLOAT, [](O o) -> uint64_t { return (void)o, of(1.0f); }},
    {"sin.approx.f32 %fd, 0f00000000; cos.approx.f32 %fc, 0f00000000; add.f32 %fd, %fd, %fc;", FLOAT, [](O o) -> uint64_t { return (void)o, of(1.0f); }},
};

CASES_MAIN(cases)
