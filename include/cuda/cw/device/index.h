/* SPDX-License-Identifier: Apache-2.0 */
/*
 * index.h: threadIdx, blockIdx, blockDim, gridDim and warpSize.
 *
 * Each member is a property that calls an intrinsic; the variables themselves are empty constants, private to a
 * source, that no code reads. They convert to uint3 and dim3 and can be neither copied, changed nor addressed, as CUDA
 * demands.
 */
#ifndef CW_CUDA_DEVICE_INDEX_H
#define CW_CUDA_DEVICE_INDEX_H

#include "define.h"
#include "../../vector_types.h"

#define CW_INDEX_MEMBER(member, intrinsic)                                                                             \
    __declspec(property(get = cw_get_##member)) unsigned int member;                                                   \
    static __device__ __attribute__((always_inline, nodebug)) inline unsigned int cw_get_##member(void) {              \
        return (unsigned int)intrinsic();                                                                              \
    }

#define CW_INDEX_VARIABLE(type, intrinsic)                                                                             \
    struct type {                                                                                                      \
        CW_INDEX_MEMBER(x, intrinsic##_x)                                                                              \
        CW_INDEX_MEMBER(y, intrinsic##_y)                                                                              \
        CW_INDEX_MEMBER(z, intrinsic##_z)                                                                              \
        __device__ __attribute__((always_inline, nodebug)) inline operator uint3() const {                             \
            uint3 v = {(unsigned int)intrinsic##_x(), (unsigned int)intrinsic##_y(), (unsigned int)intrinsic##_z()};   \
            return v;                                                                                                  \
        }                                                                                                              \
        __device__ __attribute__((always_inline, nodebug)) inline operator dim3() const {                              \
            return dim3((unsigned int)intrinsic##_x(), (unsigned int)intrinsic##_y(), (unsigned int)intrinsic##_z());  \
        }                                                                                                              \
                                                                                                                       \
        __device__ __attribute__((always_inline, nodebug)) constexpr type(decltype(nullptr)) {}                        \
                                                                                                                       \
      private:                                                                                                         \
        type(const type &) = delete;                                                                                   \
        void operator=(const type &) const = delete;                                                                   \
        type *operator&() const = delete;                                                                              \
    }

CW_INDEX_VARIABLE(__cw_thread_index, __cw_tid);
CW_INDEX_VARIABLE(__cw_block_index, __cw_ctaid);
CW_INDEX_VARIABLE(__cw_block_dimensions, __cw_ntid);
CW_INDEX_VARIABLE(__cw_grid_dimensions, __cw_nctaid);

#undef CW_INDEX_MEMBER
#undef CW_INDEX_VARIABLE

static const __device__ __cw_thread_index threadIdx(nullptr);
static const __device__ __cw_block_index blockIdx(nullptr);
static const __device__ __cw_block_dimensions blockDim(nullptr);
static const __device__ __cw_grid_dimensions gridDim(nullptr);

/* A constant of CUDA's model, so that it may stand where a constant must. */
__attribute__((device, unused)) const int warpSize = 32;

#endif
