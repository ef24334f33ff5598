/* SPDX-License-Identifier: Apache-2.0 */
/*
 * index.h: threadIdx, blockIdx, blockDim, gridDim and warpSize.
 *
 * The variables are declared and never defined: each member is a property that calls an intrinsic. They convert to uint3
 * and dim3 and can be neither copied, changed nor addressed, as CUDA demands.
 */
#ifndef CW_CUDA_DEVICE_INDEX_H
#define CW_CUDA_DEVICE_INDEX_H

#include "define.h"
#include "../../vector_types.h"

#define CW_INDEX_MEMBER(member, intrinsic)                      \
    __declspec(property(get = cw_get_##member)) unsigned int member; \
    static __device__ __attribute__((always_inline, nodebug)) inline unsigned int cw_get_##member(void) { return (unsigned int)intrinsic(); }

#define CW_INDEX_VARIABLE(type, intrinsic)                                                                        \
    struct type {                                                                                                 \
        CW_INDEX_MEMBER(x, intrinsic##_x)                                                                         \
        CW_INDEX_MEMBER(y, intrinsic##_y)                                                                         \
        CW_INDEX_MEMBER(z, intrinsic##_z)                                                                         \
        __device__ __attribute__((always_inline, nodebug)) inline operator uint3() const {                        \
            uint3 v = {(unsigned int)intrinsic##_x(), (unsigned int)intrinsic##_y(), (unsigned int)intrinsic##_z()}; \
            return v;                                                                                             \
        }                                                                                                         \
        __device__ __attribute__((always_inline, nodebug)) inline operator dim3() const {                         \
            return dim3((unsigned int)intrinsic##_x(), (unsigned int)intrinsic##_y(), (unsigned int)intrinsic##_z()); \
        }                                                                                                         \
                                                                                                                  \
      private:                                                                                                    \
        __device__ type();                                                                                        \
        __device__ type(const type &);                                                                            \
        __device__ void operator=(const type &) const;                                                            \
        __device__ type *operator&() const;                                                                       \
    }

CW_INDEX_VARIABLE(__cw_thread_index, __cw_tid);
CW_INDEX_VARIABLE(__cw_block_index, __cw_ctaid);
CW_INDEX_VARIABLE(__cw_block_dimensions, __cw_ntid);
CW_INDEX_VARIABLE(__cw_grid_dimensions, __cw_nctaid);

#undef CW_INDEX_MEMBER
#undef CW_INDEX_VARIABLE

extern const __device__ __attribute__((weak)) __cw_thread_index threadIdx;
extern const __device__ __attribute__((weak)) __cw_block_index blockIdx;
extern const __device__ __attribute__((weak)) __cw_block_dimensions blockDim;
extern const __device__ __attribute__((weak)) __cw_grid_dimensions gridDim;

/* A constant of CUDA's model, so that it may stand where a constant must. */
__attribute__((device, unused)) const int warpSize = 32;

#endif
