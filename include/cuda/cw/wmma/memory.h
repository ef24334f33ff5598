/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wmma/memory.h: loads and stores of fragments. As documented, they wait until all lanes of the warp have arrived, and
 * `ldm` is the distance of rows or columns in elements.
 */
#ifndef CW_CUDA_WMMA_MEMORY_H
#define CW_CUDA_WMMA_MEMORY_H

#include "native.h"

namespace nvcuda {
namespace wmma {

namespace details {
template <class Layout> struct is_row_major;
template <> struct is_row_major<row_major> {
    static const bool value = true;
};
template <> struct is_row_major<col_major> {
    static const bool value = false;
};

/*
 * `count` neighbours in memory to elements `step` apart. Tiles are aligned to 32 bytes and their rows to 16, as CUDA
 * demands, so the neighbours of one lane begin at a multiple of 8. They are loaded by words of 8 bytes, because a CPU's
 * vectors can gather words but neither bytes nor halfwords.
 */
template <int count, int step, class T> static __device__ __forceinline__ void load_neighbours(T *to, const T *from) {
    typedef unsigned long long __attribute__((may_alias)) Word;
    const int a_word = (int)(sizeof(Word) / sizeof(T));
#pragma unroll
    for (int i = 0; i < count / a_word; i++) {
        Word word = ((const Word *)from)[i];
#pragma unroll
        for (int e = 0; e < a_word; e++) {
            Word bits = word >> (e * 8 * (int)sizeof(T));
            __builtin_memcpy(&to[(i * a_word + e) * step], &bits, sizeof(T));
        }
    }
}
} // namespace details

template <int m, int n, int k, class T, class Layout>
static __device__ __forceinline__ void load_matrix_sync(fragment<matrix_a, m, n, k, T, Layout> &a,
                                                        const typename details::storage<T>::type *p, unsigned int ldm) {
    static_assert(details::storage<T>::packed == 1, "packed elements are loaded by way of a void pointer");
    __syncwarp();
    const int what = details::load_a | details::columns<Layout>::value << 3 | details::operation<m, n, k, T>::value;
    if (details::native_load(what, a, p, ldm)) return;
    int row = details::place<m, n>::row();
    if (details::is_row_major<Layout>::value) {
        details::load_neighbours<k, 1>(a.x, p + (size_t)row * ldm);
    } else {
#pragma unroll 1
        for (int i = 0; i < k; i++)
            a.x[i] = p[(size_t)i * ldm + (size_t)row];
    }
}
template <int m, int n, int k, class T, class Layout>
static __device__ __forceinline__ void load_matrix_sync(fragment<matrix_b, m, n, k, T, Layout> &b,
                                                        const typename details::storage<T>::type *p, unsigned int ldm) {
    static_assert(details::storage<T>::packed == 1, "packed elements are loaded by way of a void pointer");
    __syncwarp();
    const int what = details::load_b | details::columns<Layout>::value << 3 | details::operation<m, n, k, T>::value;
    if (details::native_load(what, b, p, ldm)) return;
    const int width = details::place<m, n>::width;
    int column = details::place<m, n>::column();
    if (details::is_row_major<Layout>::value) {
#pragma unroll 1
        for (int i = 0; i < k; i++)
            details::load_neighbours<width, 1>(&b.x[i * width], p + (size_t)i * ldm + (size_t)column);
    } else {
#pragma unroll 1
        for (int j = 0; j < width; j++)
            details::load_neighbours<k, width>(&b.x[j], p + (size_t)(column + j) * ldm);
    }
}

/* Elements of 4 bits and 1 bit: A by rows, B by columns, whole words. */
template <int m, int n, int k, class T>
static __device__ __forceinline__ void load_matrix_sync(fragment<matrix_a, m, n, k, T, row_major> &a, const void *p,
                                                        unsigned int ldm) {
    const int packed = details::storage<T>::packed;
    static_assert(packed > 1, "the pointer must have the elements' type");
    typedef typename details::storage<T>::type Word;
    __syncwarp();
    if (details::native_load(details::load_a | details::operation<m, n, k, T>::value, a, p, ldm)) return;
    const Word *row = (const Word *)p + (size_t)details::place<m, n>::row() * (ldm / (unsigned int)packed);
    for (int i = 0; i < k / packed; i++)
        a.x[i] = row[i];
}
template <int m, int n, int k, class T>
static __device__ __forceinline__ void load_matrix_sync(fragment<matrix_b, m, n, k, T, col_major> &b, const void *p,
                                                        unsigned int ldm) {
    const int packed = details::storage<T>::packed, width = details::place<m, n>::width;
    static_assert(packed > 1, "the pointer must have the elements' type");
    typedef typename details::storage<T>::type Word;
    __syncwarp();
    if (details::native_load(details::load_b | 1 << 3 | details::operation<m, n, k, T>::value, b, p, ldm)) return;
    for (int j = 0; j < width; j++) {
        const Word *column =
            (const Word *)p + (size_t)(details::place<m, n>::column() + j) * (ldm / (unsigned int)packed);
        for (int i = 0; i < k / packed; i++)
            b.x[j * (k / packed) + i] = column[i];
    }
}

template <int m, int n, int k, class T>
static __device__ __forceinline__ void load_matrix_sync(fragment<accumulator, m, n, k, T> &c, const T *p,
                                                        unsigned int ldm, layout_t layout) {
    __syncwarp();
    const int what = details::load_c | details::sum_operation<m, n, k, T>::value;
    if (layout == mem_row_major ? details::native_load(what, c, p, ldm) : details::native_load(what | 1 << 3, c, p, ldm)) return;
    int row = details::place<m, n>::row(), column = details::place<m, n>::column();
    for (int j = 0; j < details::place<m, n>::width; j++)
        c.x[j] = layout == mem_row_major ? p[(size_t)row * ldm + (size_t)(column + j)]
                                         : p[(size_t)(column + j) * ldm + (size_t)row];
}
/* All lanes have stored when the function returns, as they have on hardware that stores for a warp at once. */
template <int m, int n, int k, class T>
static __device__ __forceinline__ void store_matrix_sync(T *p, const fragment<accumulator, m, n, k, T> &c,
                                                         unsigned int ldm, layout_t layout) {
    __syncwarp();
    const int what = details::store_d | details::sum_operation<m, n, k, T>::value;
    if (layout == mem_row_major ? __cw_matrix(what, p, (void *)c.x, 0, 0, (int)ldm)
                                : __cw_matrix(what | 1 << 3, p, (void *)c.x, 0, 0, (int)ldm)) {
        __syncwarp();
        return;
    }
    int row = details::place<m, n>::row(), column = details::place<m, n>::column();
    for (int j = 0; j < details::place<m, n>::width; j++) {
        if (layout == mem_row_major)
            p[(size_t)row * ldm + (size_t)(column + j)] = c.x[j];
        else
            p[(size_t)(column + j) * ldm + (size_t)row] = c.x[j];
    }
    __syncwarp();
}

} // namespace wmma
} // namespace nvcuda

#endif
