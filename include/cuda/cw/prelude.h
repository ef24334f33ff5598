/* SPDX-License-Identifier: Apache-2.0 */
/*
 * prelude.h: included before every CUDA source, in both passes, as nvcc does with cuda_runtime.h. Defines what nvcc
 * defines and the command line did not.
 */
#ifndef CW_CUDA_PRELUDE_H
#define CW_CUDA_PRELUDE_H

#ifndef __NVCC__
#define __NVCC__ 1
#endif
#ifndef __CUDACC__
#define __CUDACC__ 1
#endif
#ifndef __CUDACC_VER_MAJOR__
#define __CUDACC_VER_MAJOR__ 12
#define __CUDACC_VER_MINOR__ 9
#define __CUDACC_VER_BUILD__ 86
#endif
/* clang compiles constexpr functions and lambdas for both sides without being asked. */
#ifndef __CUDACC_RELAXED_CONSTEXPR__
#define __CUDACC_RELAXED_CONSTEXPR__ 1
#endif
#ifndef __CUDACC_EXTENDED_LAMBDA__
#define __CUDACC_EXTENDED_LAMBDA__ 1
#endif
#ifndef __CUDA_ARCH_LIST__
#if defined(__CUDA_ARCH__)
#define __CUDA_ARCH_LIST__ __CUDA_ARCH__
#else
#define __CUDA_ARCH_LIST__ 800
#endif
#endif

#include "../cuda_runtime.h"
#ifdef __cplusplus
#include <new> /* nvcc's headers bring placement new */
#endif

#endif
