/* SPDX-License-Identifier: Apache-2.0 */
/*
 * standard/define.h: what the headers of `cuda::` and `cuda::std::` share. They are our own, for both sides: types that
 * the host's library makes usable on the device by constexpr alone (traits, limits, ratios, durations) are that
 * library's; everything else is written here, because its functions would be the host's alone.
 *
 * Inside namespace cuda, `std` means cuda::std; the host's library is `::std`.
 */
#ifndef CW_CUDA_STANDARD_DEFINE_H
#define CW_CUDA_STANDARD_DEFINE_H

#if !defined(__cplusplus)
#error "the headers of namespace cuda are for C++"
#endif

#include "../../cuda_runtime.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <type_traits>
#include <utility>

#define CW_API __host__ __device__ inline
#define CW_API_CONSTEXPR __host__ __device__ constexpr

/* The version of libcu++ whose interface this is. */
#ifndef _LIBCUDACXX_CUDA_API_VERSION
#define _LIBCUDACXX_CUDA_API_VERSION 2008000
#define CCCL_VERSION 2008000
#define CCCL_MAJOR_VERSION 2
#define CCCL_MINOR_VERSION 8
#define CCCL_PATCH_VERSION 0
#endif

/* What a header decides when a check fails at run time: there are no exceptions on the device. */
#if defined(__CUDA_ARCH__)
#define CW_STANDARD_FAIL() __trap()
#else
#define CW_STANDARD_FAIL() __builtin_trap()
#endif

namespace cuda {
namespace std {
using ::std::ptrdiff_t;
using ::std::size_t;
} // namespace std
} // namespace cuda

#endif
