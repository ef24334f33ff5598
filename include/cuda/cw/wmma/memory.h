/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wmma/memory.h: loads and stores of fragments. As documented, they wait until all lanes of the warp have arrived, and
 * `ldm` is the distance of rows or columns in elements.
 */
#ifndef CW_CUDA_WMMA_MEMORY_H
#define CW_CUDA_WMMA_MEMORY_H

#include "fragment.h"

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
} // namespace details

template <int m, int n, int k, class T, class Layout>
static __device__ __forceinline__ void load_matrix_sync(fragment<matrix_a, m, n, k, T, Layout> &a,
                                                        const typename details::storage<T>::type *p, unsigned int ldm) {
    static_assert(details::storage<T>::packed == 1, "packed elements are loaded by way of a void pointer");
    __syncwarp();
    const bool by_rows = details::is_row_major<Layout>::value;
    int row = details::place<m, n>::row();
#pragma unroll 4
    for (int i = 0; i < k; i++)
        a.x[i] = by_rows ? p[(size_t)row * ldm + (size_t)i] : p[(size_t)i * ldm + (size_t)row];
}
template <int m, int n, int k, class T, class Layout>
static __device__ __forceinline__ void load_matrix_sync(fragment<matrix_b, m, n, k, T, Layout> &b,
                                                        const typename details::storage<T>::type *p, unsigned int ldm) {
    static_assert(details::storage<T>::packed == 1, "packed elements are loaded by way of a void pointer");
    __syncwarp();
    const bool by_rows = details::is_row_major<Layout>::value;
    const int width = details::place<m, n>::width;
    int column = details::place<m, n>::column();
    if (by_rows) {
#pragma unroll 1
        for (int i = 0; i < k; i++)
            for (int j = 0; j < width; j++)
                b.x[i * width + j] = p[(size_t)i * ldm + (size_t)(column + j)];
    } else {
#pragma unroll 1
        for (int j = 0; j < width; j++)
            for (int i = 0; i < k; i++)
                b.x[i * width + j] = p[(size_t)(column + j) * ldm + (size_t)i];
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
