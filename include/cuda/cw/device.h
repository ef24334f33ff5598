/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device.h: all that device code may use without naming a header, in the one order that works.
 *
 * clang overloads functions by side. Its own headers declare the math functions for the device first, so that
 * libstdc++'s constexpr ones do not become both sides', then the host's <cmath> follows, then the device's definitions.
 * Both passes read all of it: the host pass must parse kernels.
 */
#ifndef CW_CUDA_DEVICE_H
#define CW_CUDA_DEVICE_H

#if defined(__CUDACC_RTC__)
#include "rtc.h" /* NVRTC: the same without the host's headers */
#else

#if !defined(__clang__) || !defined(__CUDA__) || !defined(__cplusplus)
#error "cw/device.h is for CUDA C++ compiled by clang"
#endif

/* libstdc++ asks this before it uses __float128, which device code lacks. */
#ifndef __CUDACC__
#define __CUDACC__
#endif
/* clang's headers ask the version of the toolkit that they would otherwise adapt to. */
#ifndef CUDA_VERSION
#define CUDA_VERSION 12090
#endif

#include "../host_defines.h"

/* nvcc's questions about closure types. Here a lambda's type is its own on both sides: none is nvcc's wrapper. */
#define __nv_is_extended_device_lambda_closure_type(...) false
#define __nv_is_extended_host_device_lambda_closure_type(...) false
#define __nv_is_extended_device_lambda_with_preserved_return_type(...) false

#include <__clang_cuda_math_forward_declares.h>
#include "device/libc.h" /* <new> calls the device's malloc, and libstdc++ may include <new> from anywhere */

#include <climits>
#include <cmath>
#include <cstdlib>
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <new>

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

#include <__clang_cuda_math.h>
#include <__clang_cuda_cmath.h>
#include <__clang_cuda_complex_builtins.h>

#include "host/math.h"
#include "device/math.h"

#endif

#endif
