/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wmma/fragment.h: fragments, a lane's part of a matrix tile.
 *
 * Which elements a lane holds is unspecified by CUDA; programs may only treat all elements alike. Here a lane computes
 * `width` neighbouring elements of one row of the result, and its fragments of the factors hold all that it needs for them:
 * a row of A and `width` columns of B. So elements of the factors lie in several lanes, a product needs no exchange between
 * lanes, and its inner loop runs over neighbouring columns.
 */
#ifndef CW_CUDA_WMMA_FRAGMENT_H
#define CW_CUDA_WMMA_FRAGMENT_H

#include "../../cuda_bf16.h"
#include "../../cuda_fp16.h"

namespace nvcuda {
namespace wmma {

struct row_major;
struct col_major;
struct matrix_a;
struct matrix_b;
struct accumulator;

enum layout_t { mem_row_major, mem_col_major };

namespace precision {
struct tf32;
}
namespace experimental {
namespace precision {
struct u4;
struct s4;
struct b1;
} // namespace precision
enum bmmaBitOp { bmmaBitOpXOR = 1, bmmaBitOpAND = 2 };
enum bmmaAccumulateOp { bmmaAccumulateOpPOPC = 1 };
} // namespace experimental

namespace details {

/* How an element is stored, and how many share a storage element. */
template <class T> struct storage {
    typedef T type;
    static const int packed = 1;
};
template <> struct storage<precision::tf32> {
    typedef float type;
    static const int packed = 1;
};
template <> struct storage<experimental::precision::u4> {
    typedef unsigned int type;
    static const int packed = 8;
};
template <> struct storage<experimental::precision::s4> {
    typedef int type;
    static const int packed = 8;
};
template <> struct storage<experimental::precision::b1> {
    typedef unsigned int type;
    static const int packed = 32;
};

/* The types and shapes that there are: which accumulators a factor's type has, and whether the shape is one of its. */
template <class T> struct factor {
    static const bool exists = false;
};
#define CW_FACTOR(type, shapes)                                                                                        \
    template <> struct factor<type> {                                                                                  \
        static const bool exists = true;                                                                               \
        static constexpr bool has(int m, int n, int k) { return shapes; }                                              \
    };
#define CW_THREE_SHAPES (k == 16 && ((m == 16 && n == 16) || (m == 32 && n == 8) || (m == 8 && n == 32)))
CW_FACTOR(__half, CW_THREE_SHAPES)
CW_FACTOR(__nv_bfloat16, CW_THREE_SHAPES)
CW_FACTOR(signed char, CW_THREE_SHAPES)
CW_FACTOR(unsigned char, CW_THREE_SHAPES)
CW_FACTOR(precision::tf32, m == 16 && n == 16 && k == 8)
CW_FACTOR(double, m == 8 && n == 8 && k == 4)
CW_FACTOR(experimental::precision::u4, m == 8 && n == 8 && k == 32)
CW_FACTOR(experimental::precision::s4, m == 8 && n == 8 && k == 32)
CW_FACTOR(experimental::precision::b1, m == 8 && n == 8 && k == 128)
#undef CW_FACTOR
#undef CW_THREE_SHAPES

/* The lane's place in a tile of m by n: its row, its first column and how many columns it has. */
template <int m, int n> struct place {
    static const int width = m * n / 32;
    static const int lanes_a_row = n / width;
    static __device__ __forceinline__ int row() { return __cw_laneid() / lanes_a_row; }
    static __device__ __forceinline__ int column() { return __cw_laneid() % lanes_a_row * width; }
};

template <class T, int count> struct elements {
    typedef T element_type;
    typedef typename storage<T>::type storage_element_type;
    static constexpr int num_elements = count;
    static constexpr int num_storage_elements = count / storage<T>::packed;
    storage_element_type x[count / storage<T>::packed];
};

} // namespace details

template <class Use, int m, int n, int k, class T, class Layout = void> class fragment;

/* A row of A, from column 0 on. */
template <int m, int n, int k, class T, class Layout>
class fragment<matrix_a, m, n, k, T, Layout> : public details::elements<T, k> {
    static_assert(details::factor<T>::exists, "wmma has no factors of this type at compute capability 8.0");
    static_assert(details::factor<T>::has(m, n, k), "wmma has no tiles of this shape for this type");
};
/* Columns of B, one row after the other; where elements are packed, one column after the other. */
template <int m, int n, int k, class T, class Layout>
class fragment<matrix_b, m, n, k, T, Layout> : public details::elements<T, k * details::place<m, n>::width> {
    static_assert(details::factor<T>::exists, "wmma has no factors of this type at compute capability 8.0");
    static_assert(details::factor<T>::has(m, n, k), "wmma has no tiles of this shape for this type");
};
/* Neighbours in a row of the result. */
template <int m, int n, int k, class T>
class fragment<accumulator, m, n, k, T, void> : public details::elements<T, details::place<m, n>::width> {};

/* The value that a tf32 element must have: 10 bits of mantissa, rounded to nearest with ties away from zero. */
static __device__ __forceinline__ float __float_to_tf32(float value) {
    unsigned int bits = __float_as_uint(value);
    if ((bits & 0x7f800000u) == 0x7f800000u) return value;
    return __uint_as_float((bits + 0x1000u) & ~0x1fffu);
}

template <class Use, int m, int n, int k, class T, class Layout, class Value>
static __device__ __forceinline__ void fill_fragment(fragment<Use, m, n, k, T, Layout> &f, const Value &value) {
    for (int i = 0; i < f.num_storage_elements; i++)
        f.x[i] = (typename details::storage<T>::type)value;
}

} // namespace wmma
} // namespace nvcuda

#endif
