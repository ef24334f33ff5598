/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rtc.h: included before every source that NVRTC compiles, in place of prelude.h: device code's functions and types, and
 * nothing of the host's, for there are no host headers then (NVRTC documentation, "Language").
 */
#ifndef CW_CUDA_RTC_H
#define CW_CUDA_RTC_H

#define __CUDACC_RTC__ 1
#define __NVRTC__ 1
#define __CUDACC__ 1
#define __CUDACC_VER_MAJOR__ 12
#define __CUDACC_VER_MINOR__ 9
#define __CUDACC_VER_BUILD__ 86
#define __CUDACC_RELAXED_CONSTEXPR__ 1
#define __CUDACC_EXTENDED_LAMBDA__ 1
#define CUDA_VERSION 12090
#ifndef __CUDA_ARCH_LIST__
#define __CUDA_ARCH_LIST__ __CUDA_ARCH__
#endif

#include <stddef.h>

#include "../host_defines.h"

#include <__clang_cuda_math_forward_declares.h>
#include "device/libc.h"

#include "../vector_types.h"
#include "device/index.h"
#include "device/sync.h"
#include "device/warp.h"
#include "device/atomic.h"
#include "device/memory.h"
#include "device/cluster.h"
#include "device/integer.h"
#include "device/simd.h"
#include "device/extremes.h"
#include "device/arithmetic.h"
#include "device/convert.h"
#include "device/texture.h"
#include "device/surface.h"

/* What the C library's <math.h> defines. */
#define FP_NAN 0
#define FP_INFINITE 1
#define FP_ZERO 2
#define FP_SUBNORMAL 3
#define FP_NORMAL 4
#define HUGE_VAL (__builtin_huge_val())
#define HUGE_VALF (__builtin_huge_valf())
#define INFINITY (__builtin_inff())
#define NAN (__builtin_nanf(""))

#include <__clang_cuda_math.h>
#include "rtc/math.h"
#include "device/math.h"

#include "../builtin_types.h"
#include "../vector_functions.h"
#include "device/graph.h"
#include "device/runtime.h"

/* What the C library's <assert.h> gives. */
#if defined(NDEBUG)
#define assert(condition) ((void)0)
#else
#define assert(condition)                                                                                              \
    (__builtin_expect(!(condition), 0) ? __assert_fail(#condition, __FILE__, __LINE__, __PRETTY_FUNCTION__) : (void)0)
#endif

#endif
