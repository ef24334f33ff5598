/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host_defines.h: CUDA's function and variable qualifiers as clang's attributes.
 *
 * When a compiler that knows no CUDA reads this (a plain host source, or C), the qualifiers vanish. `__noinline__` is
 * left alone: clang knows it as a keyword in CUDA mode, and libstdc++ writes __attribute__((__noinline__)).
 */
#ifndef __HOST_DEFINES_H__
#define __HOST_DEFINES_H__

#if defined(__CUDA__)
#define __host__ __attribute__((host))
#define __device__ __attribute__((device))
#define __global__ __attribute__((global))
#define __shared__ __attribute__((shared))
#define __constant__ __attribute__((constant))
#define __launch_bounds__(...) __attribute__((launch_bounds(__VA_ARGS__)))
#define __grid_constant__ __attribute__((grid_constant))
/* Blocks of a cluster along x, y and z. An annotation tells the device pass, see src/module/ir/annotations.c. */
#define __cluster_dims__(...) __attribute__((annotate("cw.cluster_dims", __VA_ARGS__)))
#define __block_size__(...)                                                                                            \
    _Pragma("GCC error \"__block_size__: launches whose grid counts clusters (<<<clusters>>>) are not supported; use __cluster_dims__ and a grid of blocks\"")
/* clang has no managed variables in CUDA: the annotation tells the device pass, see src/module/ir/annotations.c. */
#define __managed__ __attribute__((device, annotate("cw.managed")))
/* A register budget has no meaning off NVIDIA hardware. */
#define __maxnreg__(count)
#else
#define __host__
#define __device__
#define __global__
#define __shared__
#define __constant__
#define __managed__
#define __grid_constant__
#define __launch_bounds__(...)
#define __cluster_dims__(...)
#define __block_size__(...)
#define __maxnreg__(count)
#endif

#ifndef __forceinline__
#define __forceinline__ __inline__ __attribute__((always_inline))
#endif
#define __align__(n) __attribute__((aligned(n)))
#define __builtin_align__(n) __align__(n)
#define __nv_pure__ __attribute__((pure))

#define __no_return__ __attribute__((noreturn))
#define __thread__ __thread
#define __import__
#define __export__
#define __cdecl
#define __annotate__(a) __attribute__((a))
#define __location__(a) __annotate__(a)
#define CUDARTAPI
#define CUDARTAPI_CDECL
#define CUDART_CB
#define __device_builtin__
#define __cudart_builtin__
#define __device_builtin_texture_type__
#define __device_builtin_surface_type__

#if defined(__cplusplus)
#define CW_EXTERN_C_BEGIN extern "C" {
#define CW_EXTERN_C_END }
/* A default argument where C++ offers one. */
#define __dv(value) = value
#else
#define CW_EXTERN_C_BEGIN
#define CW_EXTERN_C_END
#define __dv(value)
#endif

/* What the runtime library exports. */
#define CW_CUDA_API extern __host__ __attribute__((visibility("default")))

#endif
