/* SPDX-License-Identifier: Apache-2.0 */
/*
 * half/functions.h: arithmetic, comparison and math of a 16-bit floating-point type and its pair: CUDA Math API,
 * "Half Precision" and "Bfloat16 Precision Intrinsics". Included once for each type, so it has no guard. The
 * includer defines
 *
 *     CW_H, CW_H2                the type and its pair, with members x and y
 *     CW_TO_FLOAT(h)             a float, exactly
 *     CW_FROM_FLOAT(f)           rounded to nearest
 *     CW_FROM_BITS(u), CW_BITS(h)
 *     CW_PRODUCT(x, y)           x * y of floats that hold numbers of the type, fit to be rounded; CW_QUOTIENT likewise
 *     CW_H_NAN                   the bits of the NaN that operations give
 *
 * All arithmetic is done in float, whose precision is more than twice that of either format, so that rounding its
 * result once more gives the correctly rounded one; fma goes through double.
 */

/* ---- Arithmetic of one ---- */

CW_HALF CW_H __hadd(CW_H a, CW_H b) { return CW_FROM_FLOAT(CW_TO_FLOAT(a) + CW_TO_FLOAT(b)); }
CW_HALF CW_H __hsub(CW_H a, CW_H b) { return CW_FROM_FLOAT(CW_TO_FLOAT(a) - CW_TO_FLOAT(b)); }
CW_HALF CW_H __hmul(CW_H a, CW_H b) { return CW_FROM_FLOAT(CW_PRODUCT(CW_TO_FLOAT(a), CW_TO_FLOAT(b))); }
CW_HALF CW_H __hdiv(CW_H a, CW_H b) { return CW_FROM_FLOAT(CW_QUOTIENT(CW_TO_FLOAT(a), CW_TO_FLOAT(b))); }
CW_HALF CW_H __hfma(CW_H a, CW_H b, CW_H c) {
    return CW_FROM_FLOAT(__cw_fma_odd(CW_TO_FLOAT(a), CW_TO_FLOAT(b), CW_TO_FLOAT(c)));
}
CW_HALF CW_H __hneg(CW_H a) { return CW_FROM_BITS((unsigned short)(CW_BITS(a) ^ 0x8000u)); }
CW_HALF CW_H __habs(CW_H a) { return CW_FROM_BITS((unsigned short)(CW_BITS(a) & 0x7fffu)); }
CW_HALF CW_H __hadd_rn(CW_H a, CW_H b) { return __hadd(a, b); }
CW_HALF CW_H __hsub_rn(CW_H a, CW_H b) { return __hsub(a, b); }
CW_HALF CW_H __hmul_rn(CW_H a, CW_H b) { return __hmul(a, b); }

/* Clamped to [0, 1], NaN to 0. */
CW_HALF CW_H __cw_saturate(CW_H a) {
    float x = CW_TO_FLOAT(a);
    return CW_FROM_FLOAT(x > 0.0f ? (x < 1.0f ? x : 1.0f) : 0.0f);
}
CW_HALF CW_H __hadd_sat(CW_H a, CW_H b) { return __cw_saturate(__hadd(a, b)); }
CW_HALF CW_H __hsub_sat(CW_H a, CW_H b) { return __cw_saturate(__hsub(a, b)); }
CW_HALF CW_H __hmul_sat(CW_H a, CW_H b) { return __cw_saturate(__hmul(a, b)); }
CW_HALF CW_H __hfma_sat(CW_H a, CW_H b, CW_H c) { return __cw_saturate(__hfma(a, b, c)); }
CW_HALF CW_H __hfma_relu(CW_H a, CW_H b, CW_H c) {
    CW_H r = __hfma(a, b, c);
    return CW_TO_FLOAT(r) < 0.0f ? CW_FROM_FLOAT(0.0f) : r;
}

/* ---- Comparison: without a letter false on NaN, with `u` true ---- */

CW_HALF bool __hisnan(CW_H a) { return CW_TO_FLOAT(a) != CW_TO_FLOAT(a); }
CW_HALF int __hisinf(CW_H a) {
    float x = CW_TO_FLOAT(a);
    return x == __builtin_inff() ? 1 : x == -__builtin_inff() ? -1 : 0;
}

#define CW_COMPARE(name, operation)                                                                                    \
    CW_HALF bool __h##name(CW_H a, CW_H b) { return CW_TO_FLOAT(a) operation CW_TO_FLOAT(b); }                         \
    CW_HALF bool __h##name##u(CW_H a, CW_H b) { return __hisnan(a) || __hisnan(b) || __h##name(a, b); }                \
    CW_HALF CW_H2 __h##name##2(CW_H2 a, CW_H2 b) {                                                                     \
        return CW_H2(CW_FROM_FLOAT(__h##name(a.x, b.x) ? 1.0f : 0.0f),                                                 \
                     CW_FROM_FLOAT(__h##name(a.y, b.y) ? 1.0f : 0.0f));                                                \
    }                                                                                                                  \
    CW_HALF CW_H2 __h##name##u2(CW_H2 a, CW_H2 b) {                                                                    \
        return CW_H2(CW_FROM_FLOAT(__h##name##u(a.x, b.x) ? 1.0f : 0.0f),                                              \
                     CW_FROM_FLOAT(__h##name##u(a.y, b.y) ? 1.0f : 0.0f));                                             \
    }                                                                                                                  \
    CW_HALF bool __hb##name##2(CW_H2 a, CW_H2 b) { return __h##name(a.x, b.x) && __h##name(a.y, b.y); }                \
    CW_HALF bool __hb##name##u2(CW_H2 a, CW_H2 b) { return __h##name##u(a.x, b.x) && __h##name##u(a.y, b.y); }         \
    CW_HALF unsigned int __h##name##2_mask(CW_H2 a, CW_H2 b) {                                                         \
        return (__h##name(a.x, b.x) ? 0xffffu : 0u) | (__h##name(a.y, b.y) ? 0xffff0000u : 0u);                        \
    }                                                                                                                  \
    CW_HALF unsigned int __h##name##u2_mask(CW_H2 a, CW_H2 b) {                                                        \
        return (__h##name##u(a.x, b.x) ? 0xffffu : 0u) | (__h##name##u(a.y, b.y) ? 0xffff0000u : 0u);                  \
    }
CW_COMPARE(eq, ==)
CW_COMPARE(le, <=)
CW_COMPARE(ge, >=)
CW_COMPARE(lt, <)
CW_COMPARE(gt, >)
#undef CW_COMPARE
CW_HALF bool __hne(CW_H a, CW_H b) { return !__hisnan(a) && !__hisnan(b) && CW_TO_FLOAT(a) != CW_TO_FLOAT(b); }
CW_HALF bool __hneu(CW_H a, CW_H b) { return CW_TO_FLOAT(a) != CW_TO_FLOAT(b); }
CW_HALF CW_H2 __hne2(CW_H2 a, CW_H2 b) {
    return CW_H2(CW_FROM_FLOAT(__hne(a.x, b.x) ? 1.0f : 0.0f), CW_FROM_FLOAT(__hne(a.y, b.y) ? 1.0f : 0.0f));
}
CW_HALF CW_H2 __hneu2(CW_H2 a, CW_H2 b) {
    return CW_H2(CW_FROM_FLOAT(__hneu(a.x, b.x) ? 1.0f : 0.0f), CW_FROM_FLOAT(__hneu(a.y, b.y) ? 1.0f : 0.0f));
}
CW_HALF unsigned int __hne2_mask(CW_H2 a, CW_H2 b) {
    return (__hne(a.x, b.x) ? 0xffffu : 0u) | (__hne(a.y, b.y) ? 0xffff0000u : 0u);
}
CW_HALF unsigned int __hneu2_mask(CW_H2 a, CW_H2 b) {
    return (__hneu(a.x, b.x) ? 0xffffu : 0u) | (__hneu(a.y, b.y) ? 0xffff0000u : 0u);
}
CW_HALF bool __hbne2(CW_H2 a, CW_H2 b) { return __hne(a.x, b.x) && __hne(a.y, b.y); }
CW_HALF bool __hbneu2(CW_H2 a, CW_H2 b) { return __hneu(a.x, b.x) && __hneu(a.y, b.y); }

/* The smaller or larger; a NaN gives way, or with `_nan` prevails. +0 counts as larger than -0. */
CW_HALF CW_H __hmin(CW_H a, CW_H b) {
    float x = CW_TO_FLOAT(a), y = CW_TO_FLOAT(b);
    if (x != x) return y != y ? CW_FROM_BITS(CW_H_NAN) : b;
    return y != y || x < y || (x == y && (CW_BITS(a) & 0x8000u)) ? a : b;
}
CW_HALF CW_H __hmax(CW_H a, CW_H b) {
    float x = CW_TO_FLOAT(a), y = CW_TO_FLOAT(b);
    if (x != x) return y != y ? CW_FROM_BITS(CW_H_NAN) : b;
    return y != y || x > y || (x == y && !(CW_BITS(a) & 0x8000u)) ? a : b;
}
CW_HALF CW_H __hmin_nan(CW_H a, CW_H b) { return __hisnan(a) || __hisnan(b) ? CW_FROM_BITS(CW_H_NAN) : __hmin(a, b); }
CW_HALF CW_H __hmax_nan(CW_H a, CW_H b) { return __hisnan(a) || __hisnan(b) ? CW_FROM_BITS(CW_H_NAN) : __hmax(a, b); }

/* ---- Pairs ---- */

#define CW_PAIR1(name)                                                                                                 \
    CW_HALF CW_H2 __##name##2(CW_H2 a) { return CW_H2(__##name(a.x), __##name(a.y)); }
#define CW_PAIR2(pair, one)                                                                                            \
    CW_HALF CW_H2 pair(CW_H2 a, CW_H2 b) { return CW_H2(one(a.x, b.x), one(a.y, b.y)); }
#define CW_PAIR3(pair, one)                                                                                            \
    CW_HALF CW_H2 pair(CW_H2 a, CW_H2 b, CW_H2 c) { return CW_H2(one(a.x, b.x, c.x), one(a.y, b.y, c.y)); }
CW_PAIR1(hneg)
CW_PAIR1(habs)
CW_PAIR2(__hadd2, __hadd)
CW_PAIR2(__hsub2, __hsub)
CW_PAIR2(__hmul2, __hmul)
CW_PAIR2(__h2div, __hdiv)
CW_PAIR2(__hadd2_rn, __hadd)
CW_PAIR2(__hsub2_rn, __hsub)
CW_PAIR2(__hmul2_rn, __hmul)
CW_PAIR2(__hadd2_sat, __hadd_sat)
CW_PAIR2(__hsub2_sat, __hsub_sat)
CW_PAIR2(__hmul2_sat, __hmul_sat)
CW_PAIR2(__hmin2, __hmin)
CW_PAIR2(__hmax2, __hmax)
CW_PAIR2(__hmin2_nan, __hmin_nan)
CW_PAIR2(__hmax2_nan, __hmax_nan)
CW_PAIR3(__hfma2, __hfma)
CW_PAIR3(__hfma2_sat, __hfma_sat)
CW_PAIR3(__hfma2_relu, __hfma_relu)
#undef CW_PAIR1
#undef CW_PAIR2
#undef CW_PAIR3
CW_HALF CW_H2 __hisnan2(CW_H2 a) {
    return CW_H2(CW_FROM_FLOAT(__hisnan(a.x) ? 1.0f : 0.0f), CW_FROM_FLOAT(__hisnan(a.y) ? 1.0f : 0.0f));
}
/* a * b + c of complex numbers. */
CW_HALF CW_H2 __hcmadd(CW_H2 a, CW_H2 b, CW_H2 c) {
    CW_H real = __hfma(a.x, b.x, c.x), imaginary = __hfma(a.x, b.y, c.y);
    return CW_H2(__hfma(__hneg(a.y), b.y, real), __hfma(a.y, b.x, imaginary));
}

CW_HALF float __low2float(CW_H2 a) { return CW_TO_FLOAT(a.x); }
CW_HALF float __high2float(CW_H2 a) { return CW_TO_FLOAT(a.y); }

/* ---- Operators ---- */

#if !defined(CW_NO_OPERATORS)
CW_HALF CW_H operator+(const CW_H &a, const CW_H &b) { return __hadd(a, b); }
CW_HALF CW_H operator-(const CW_H &a, const CW_H &b) { return __hsub(a, b); }
CW_HALF CW_H operator*(const CW_H &a, const CW_H &b) { return __hmul(a, b); }
CW_HALF CW_H operator/(const CW_H &a, const CW_H &b) { return __hdiv(a, b); }
CW_HALF CW_H operator+(const CW_H &a) { return a; }
CW_HALF CW_H operator-(const CW_H &a) { return __hneg(a); }
CW_HALF CW_H &operator+=(CW_H &a, const CW_H &b) { return a = __hadd(a, b); }
CW_HALF CW_H &operator-=(CW_H &a, const CW_H &b) { return a = __hsub(a, b); }
CW_HALF CW_H &operator*=(CW_H &a, const CW_H &b) { return a = __hmul(a, b); }
CW_HALF CW_H &operator/=(CW_H &a, const CW_H &b) { return a = __hdiv(a, b); }
CW_HALF CW_H &operator++(CW_H &a) { return a = __hadd(a, CW_FROM_FLOAT(1.0f)); }
CW_HALF CW_H &operator--(CW_H &a) { return a = __hsub(a, CW_FROM_FLOAT(1.0f)); }
CW_HALF CW_H operator++(CW_H &a, int) {
    CW_H old = a;
    ++a;
    return old;
}
CW_HALF CW_H operator--(CW_H &a, int) {
    CW_H old = a;
    --a;
    return old;
}
CW_HALF bool operator==(const CW_H &a, const CW_H &b) { return __heq(a, b); }
CW_HALF bool operator!=(const CW_H &a, const CW_H &b) { return __hneu(a, b); }
CW_HALF bool operator>(const CW_H &a, const CW_H &b) { return __hgt(a, b); }
CW_HALF bool operator<(const CW_H &a, const CW_H &b) { return __hlt(a, b); }
CW_HALF bool operator>=(const CW_H &a, const CW_H &b) { return __hge(a, b); }
CW_HALF bool operator<=(const CW_H &a, const CW_H &b) { return __hle(a, b); }

CW_HALF CW_H2 operator+(const CW_H2 &a, const CW_H2 &b) { return __hadd2(a, b); }
CW_HALF CW_H2 operator-(const CW_H2 &a, const CW_H2 &b) { return __hsub2(a, b); }
CW_HALF CW_H2 operator*(const CW_H2 &a, const CW_H2 &b) { return __hmul2(a, b); }
CW_HALF CW_H2 operator/(const CW_H2 &a, const CW_H2 &b) { return __h2div(a, b); }
CW_HALF CW_H2 operator+(const CW_H2 &a) { return a; }
CW_HALF CW_H2 operator-(const CW_H2 &a) { return __hneg2(a); }
CW_HALF CW_H2 &operator+=(CW_H2 &a, const CW_H2 &b) { return a = __hadd2(a, b); }
CW_HALF CW_H2 &operator-=(CW_H2 &a, const CW_H2 &b) { return a = __hsub2(a, b); }
CW_HALF CW_H2 &operator*=(CW_H2 &a, const CW_H2 &b) { return a = __hmul2(a, b); }
CW_HALF CW_H2 &operator/=(CW_H2 &a, const CW_H2 &b) { return a = __h2div(a, b); }
CW_HALF bool operator==(const CW_H2 &a, const CW_H2 &b) { return __hbeq2(a, b); }
CW_HALF bool operator!=(const CW_H2 &a, const CW_H2 &b) { return __hbneu2(a, b); }
CW_HALF bool operator>(const CW_H2 &a, const CW_H2 &b) { return __hbgt2(a, b); }
CW_HALF bool operator<(const CW_H2 &a, const CW_H2 &b) { return __hblt2(a, b); }
CW_HALF bool operator>=(const CW_H2 &a, const CW_H2 &b) { return __hbge2(a, b); }
CW_HALF bool operator<=(const CW_H2 &a, const CW_H2 &b) { return __hble2(a, b); }
#endif

/* ---- Device code alone: math, shuffles, loads, atomics ---- */

#if defined(__CUDA__)
#define CW_MATH(name, expression)                                                                                      \
    CW_HALF_DEVICE CW_H h##name(CW_H a) {                                                                              \
        float x = CW_TO_FLOAT(a);                                                                                      \
        return CW_FROM_FLOAT(expression);                                                                              \
    }                                                                                                                  \
    CW_HALF_DEVICE CW_H2 h2##name(CW_H2 a) { return CW_H2(h##name(a.x), h##name(a.y)); }
CW_MATH(sqrt, sqrtf(x))
CW_MATH(rsqrt, rsqrtf(x))
CW_MATH(rcp, 1.0f / x)
CW_MATH(log, logf(x))
CW_MATH(log2, log2f(x))
CW_MATH(log10, log10f(x))
CW_MATH(exp, expf(x))
CW_MATH(exp2, exp2f(x))
CW_MATH(exp10, exp10f(x))
CW_MATH(sin, sinf(x))
CW_MATH(cos, cosf(x))
CW_MATH(tanh, tanhf(x))
CW_MATH(tanh_approx, tanhf(x))
CW_MATH(floor, floorf(x))
CW_MATH(ceil, ceilf(x))
CW_MATH(trunc, truncf(x))
CW_MATH(rint, rintf(x))
#undef CW_MATH

/* Both types travel through a warp as the lower bits of a word. */
#define CW_SHUFFLE(name, lane_type)                                                                                    \
    CW_HALF_DEVICE CW_H name(unsigned int mask, CW_H value, lane_type lane, int width = 32) {                          \
        return CW_FROM_BITS((unsigned short)name(mask, (unsigned int)CW_BITS(value), lane, width));                    \
    }                                                                                                                  \
    CW_HALF_DEVICE CW_H2 name(unsigned int mask, CW_H2 value, lane_type lane, int width = 32) {                        \
        unsigned int word =                                                                                            \
            name(mask, (unsigned int)CW_BITS(value.x) | (unsigned int)CW_BITS(value.y) << 16, lane, width);            \
        return CW_H2(CW_FROM_BITS((unsigned short)word), CW_FROM_BITS((unsigned short)(word >> 16)));                  \
    }
CW_SHUFFLE(__shfl_sync, int)
CW_SHUFFLE(__shfl_up_sync, unsigned int)
CW_SHUFFLE(__shfl_down_sync, unsigned int)
CW_SHUFFLE(__shfl_xor_sync, int)
#undef CW_SHUFFLE

#define CW_ACCESS(type)                                                                                                \
    CW_HALF_DEVICE type __ldg(const type *from) { return *from; }                                                      \
    CW_HALF_DEVICE type __ldca(const type *from) { return *from; }                                                     \
    CW_HALF_DEVICE type __ldcg(const type *from) { return *from; }                                                     \
    CW_HALF_DEVICE type __ldcs(const type *from) { return *from; }                                                     \
    CW_HALF_DEVICE type __ldlu(const type *from) { return *from; }                                                     \
    CW_HALF_DEVICE type __ldcv(const type *from) { return *from; }                                                     \
    CW_HALF_DEVICE void __stwb(type *to, type value) { *to = value; }                                                  \
    CW_HALF_DEVICE void __stcg(type *to, type value) { *to = value; }                                                  \
    CW_HALF_DEVICE void __stcs(type *to, type value) { *to = value; }                                                  \
    CW_HALF_DEVICE void __stwt(type *to, type value) { *to = value; }
CW_ACCESS(CW_H)
CW_ACCESS(CW_H2)
#undef CW_ACCESS

/* A pair is added element by element: CUDA promises atomicity of each, not of both together. */
CW_HALF_DEVICE CW_H atomicAdd(CW_H *address, CW_H value) {
    unsigned short *bits = (unsigned short *)address;
    unsigned short old = __scoped_atomic_load_n(bits, __ATOMIC_RELAXED, __MEMORY_SCOPE_DEVICE);
    while (!__scoped_atomic_compare_exchange_n(bits, &old, CW_BITS(__hadd(CW_FROM_BITS(old), value)), false,
                                               __ATOMIC_RELAXED, __ATOMIC_RELAXED, __MEMORY_SCOPE_DEVICE)) {}
    return CW_FROM_BITS(old);
}
CW_HALF_DEVICE CW_H2 atomicAdd(CW_H2 *address, CW_H2 value) {
    CW_H x = atomicAdd(&address->x, value.x), y = atomicAdd(&address->y, value.y);
    return CW_H2(x, y);
}
#endif
