/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wmma/native.h: products of matrices by a device's own units. `what` of the intrinsic cw.matrix says which instruction (PTX ISA
 * "Warp Level Matrix Load/Store/Multiply-Accumulate Instructions"); a device that has none for it answers 0, and the code
 * here does the work. Fragments of such a device lie in the first registers' worth of ours, which are never smaller: which elements
 * a lane holds, and how often, is nobody's business (CUDA C++ Programming Guide, "Warp Matrix Functions").
 *
 * The numbers are src/target/ptx/matrix.c's, too, and those of src/library/ptx/matrix.h.
 */
#ifndef CW_CUDA_WMMA_NATIVE_H
#define CW_CUDA_WMMA_NATIVE_H

#include "fragment.h"

namespace nvcuda {
namespace wmma {
namespace details {

enum { load_a = 0, load_b = 1, load_c = 2, store_d = 3, multiply = 4, saturate = 1 << 16, bits_and = 1 << 17 };

template <class T> struct code;
#define CW_CODE(type, number)                                                                                          \
    template <> struct code<type> {                                                                                    \
        static const int value = number;                                                                               \
    };
CW_CODE(__half, 0)
CW_CODE(__nv_bfloat16, 1)
CW_CODE(precision::tf32, 2)
CW_CODE(double, 3)
CW_CODE(signed char, 4)
CW_CODE(unsigned char, 5)
CW_CODE(experimental::precision::s4, 6)
CW_CODE(experimental::precision::u4, 7)
CW_CODE(experimental::precision::b1, 8)
#undef CW_CODE

/* Of accumulators. */
template <class T> struct sum_code {
    static const int value = code<T>::value; /* half and double have 0 and 3 in both */
};
template <> struct sum_code<float> {
    static const int value = 1;
};
template <> struct sum_code<int> {
    static const int value = 2;
};

template <class Layout> struct columns {
    static const int value = 0;
};
template <> struct columns<col_major> {
    static const int value = 1;
};

template <int m, int n, int k> struct shape {
    static const int number = k == 8 ? 3 : k == 4 ? 4 : k == 32 ? 5 : k == 128 ? 6 : m == 16 ? 0 : m == 32 ? 1 : 2;
};

template <int m, int n, int k, class T> struct operation {
    static const int value = shape<m, n, k>::number << 5 | code<T>::value << 8;
};

template <class Fragment, class T>
static __device__ __forceinline__ bool native_load(int what, Fragment &f, const T *p, unsigned int ldm) {
    return __cw_matrix(what, f.x, (void *)p, 0, 0, (int)ldm) != 0;
}

/* Accumulators don't name the factors' type; the shape says enough. */
template <int m, int n, int k, class T> struct sum_operation {
    static const int value = shape<m, n, k>::number << 5 | sum_code<T>::value << 12 | sum_code<T>::value << 14;
};

} // namespace details
} // namespace wmma
} // namespace nvcuda

#endif
