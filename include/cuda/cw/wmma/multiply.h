/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wmma/multiply.h: d = a * b + c of fragments.
 *
 * Integers are exact and wrap around, or with `satf` stop at the ends of int. half, bfloat16 and tf32 are multiplied and
 * added up in float by fused operations from k = 0 on, beginning with c: an element is within k units in the last place of
 * the largest partial sum of magnitudes, |c| + sum |a b|, of the exact one. A half accumulator is rounded once, at the end.
 * double likewise in double.
 */
#ifndef CW_CUDA_WMMA_MULTIPLY_H
#define CW_CUDA_WMMA_MULTIPLY_H

#include "native.h"

namespace nvcuda {
namespace wmma {

namespace details {

/* The number that a stored element of a factor is, in the type that products are made in. */
static __device__ __forceinline__ float number(__half x) { return __half2float(x); }
static __device__ __forceinline__ float number(__nv_bfloat16 x) { return __bfloat162float(x); }
static __device__ __forceinline__ double number(double x) { return x; }
/* The unit reads 19 bits of a tf32 element. */
static __device__ __forceinline__ float number(float x) { return __uint_as_float(__float_as_uint(x) & ~0x1fffu); }

static __device__ __forceinline__ float fused(float a, float b, float c) { return __fmaf_rn(a, b, c); }
static __device__ __forceinline__ double fused(double a, double b, double c) { return __fma_rn(a, b, c); }

/* With satf infinities become the largest numbers, NaN becomes 0. */
static __device__ __forceinline__ double finished(double x, bool, double *) { return x; }
static __device__ __forceinline__ float finished(float x, bool satf, float *) {
    if (!satf) return x;
    return x != x ? 0.0f : fminf(fmaxf(x, -3.402823466e38f), 3.402823466e38f);
}
static __device__ __forceinline__ __half finished(float x, bool satf, __half *) {
    if (satf) x = x != x ? 0.0f : fminf(fmaxf(x, -65504.0f), 65504.0f);
    return __float2half(x);
}
static __device__ __forceinline__ float starting(float x) { return x; }
static __device__ __forceinline__ float starting(__half x) { return __half2float(x); }
static __device__ __forceinline__ double starting(double x) { return x; }
static __device__ __forceinline__ int finished(long long x, bool satf) {
    if (!satf) return (int)x;
    return x > 2147483647ll ? 2147483647 : x < -2147483648ll ? (int)-2147483648ll : (int)x;
}

/* Element i of a packed word. */
static __device__ __forceinline__ int nibble(unsigned int word, int i) { return (int)((word >> (4 * i)) & 15u); }
static __device__ __forceinline__ int nibble(int word, int i) {
    return (int)((unsigned int)word << (28 - 4 * i)) >> 28;
}

template <class Sum, int k, int width, class A, class B, class C, class D>
static __device__ __forceinline__ void multiply_floating(D &d, const A &a, const B &b, const C &c, bool satf) {
    Sum sum[width];
    for (int j = 0; j < width; j++)
        sum[j] = starting(c.x[j]);
#pragma unroll 4
    for (int i = 0; i < k; i++) {
        Sum left = number(a.x[i]);
        for (int j = 0; j < width; j++)
            sum[j] = fused(left, number(b.x[i * width + j]), sum[j]);
    }
    for (int j = 0; j < width; j++)
        d.x[j] = finished(sum[j], satf, (typename D::storage_element_type *)0);
}
template <int k, int width, class A, class B, class C>
static __device__ __forceinline__ void multiply_integer(C &d, const A &a, const B &b, const C &c, bool satf) {
    int sum[width] = {}; /* k products of bytes fit */
#pragma unroll 4
    for (int i = 0; i < k; i++)
        for (int j = 0; j < width; j++)
            sum[j] += (int)a.x[i] * (int)b.x[i * width + j];
    for (int j = 0; j < width; j++)
        d.x[j] = finished((long long)c.x[j] + sum[j], satf);
}
template <int k, int width, class A, class B, class C>
static __device__ __forceinline__ void multiply_nibbles(C &d, const A &a, const B &b, const C &c, bool satf) {
    for (int j = 0; j < width; j++) {
        int sum = 0;
        for (int i = 0; i < k; i++)
            sum += nibble(a.x[i / 8], i % 8) * nibble(b.x[j * (k / 8) + i / 8], i % 8);
        d.x[j] = finished((long long)c.x[j] + sum, satf);
    }
}

template <class D, class A, class B, class C>
static __device__ __forceinline__ bool native_multiply(int what, D &d, const A &a, const B &b, const C &c) {
    return __cw_matrix(what, d.x, (void *)a.x, (void *)b.x, (void *)c.x, 0) != 0;
}

/* Units saturate integers; elements of floats are done one by one, wherever they lie. */
template <class A, class B, class C, class D>
static __device__ __forceinline__ bool multiplied(int what, D &d, const A &a, const B &b, const C &c, bool satf) {
    if (!native_multiply(what, d, a, b, c)) return false;
    for (int i = 0; satf && i < d.num_elements; i++)
        d.x[i] = finished(starting(d.x[i]), true, (typename D::storage_element_type *)0);
    return true;
}
template <class A, class B, int m, int n, int k>
static __device__ __forceinline__ bool multiplied(int what, fragment<accumulator, m, n, k, int> &d, const A &a, const B &b,
                                                  const fragment<accumulator, m, n, k, int> &c, bool satf) {
    return satf ? native_multiply(what | saturate, d, a, b, c) : native_multiply(what, d, a, b, c);
}

} // namespace details

/* One mma_sync a combination of types. */
#define CW_MMA(type, d_type, c_type, function, ...)                                                                    \
    template <int m, int n, int k, class LayoutA, class LayoutB>                                                       \
    static __device__ __forceinline__ void mma_sync(                                                                   \
        fragment<accumulator, m, n, k, d_type> &d, const fragment<matrix_a, m, n, k, type, LayoutA> &a,                \
        const fragment<matrix_b, m, n, k, type, LayoutB> &b, const fragment<accumulator, m, n, k, c_type> &c,          \
        bool satf = false) {                                                                                           \
        const int what = details::multiply | details::columns<LayoutA>::value << 3 | details::columns<LayoutB>::value << 4 |     \
                         details::operation<m, n, k, type>::value | details::sum_code<c_type>::value << 12 |                     \
                         details::sum_code<d_type>::value << 14;                                                       \
        if (details::multiplied(what, d, a, b, c, satf)) return;                                                       \
        details::function<__VA_ARGS__ k, details::place<m, n>::width>(d, a, b, c, satf);                               \
    }
#define CW_SUM_IN(type) type,
CW_MMA(__half, float, float, multiply_floating, CW_SUM_IN(float))
CW_MMA(__half, __half, __half, multiply_floating, CW_SUM_IN(float))
CW_MMA(__half, __half, float, multiply_floating, CW_SUM_IN(float))
CW_MMA(__half, float, __half, multiply_floating, CW_SUM_IN(float))
CW_MMA(__nv_bfloat16, float, float, multiply_floating, CW_SUM_IN(float))
CW_MMA(precision::tf32, float, float, multiply_floating, CW_SUM_IN(float))
CW_MMA(double, double, double, multiply_floating, CW_SUM_IN(double))
CW_MMA(signed char, int, int, multiply_integer, )
CW_MMA(unsigned char, int, int, multiply_integer, )
CW_MMA(experimental::precision::s4, int, int, multiply_nibbles, )
CW_MMA(experimental::precision::u4, int, int, multiply_nibbles, )
#undef CW_MMA
#undef CW_SUM_IN

/* Bits: how many are set in the exclusive or, or in the intersection, of a row and a column. */
template <int m, int n, int k>
static __device__ __forceinline__ void
bmma_sync(fragment<accumulator, m, n, k, int> &d,
          const fragment<matrix_a, m, n, k, experimental::precision::b1, row_major> &a,
          const fragment<matrix_b, m, n, k, experimental::precision::b1, col_major> &b,
          const fragment<accumulator, m, n, k, int> &c, experimental::bmmaBitOp op = experimental::bmmaBitOpXOR,
          experimental::bmmaAccumulateOp = experimental::bmmaAccumulateOpPOPC) {
    const int what = details::multiply | 1 << 4 | details::operation<m, n, k, experimental::precision::b1>::value |
                     details::sum_code<int>::value << 12 | details::sum_code<int>::value << 14;
    if (op == experimental::bmmaBitOpAND ? details::native_multiply(what | details::bits_and, d, a, b, c)
                                         : details::native_multiply(what, d, a, b, c))
        return;
    for (int j = 0; j < details::place<m, n>::width; j++) {
        unsigned int sum = 0;
        for (int i = 0; i < k / 32; i++) {
            unsigned int x = a.x[i], y = b.x[j * (k / 32) + i];
            sum += (unsigned int)__popc(op == experimental::bmmaBitOpAND ? x & y : x ^ y);
        }
        d.x[j] = (int)((unsigned int)c.x[j] + sum);
    }
}

} // namespace wmma
} // namespace nvcuda

#endif
