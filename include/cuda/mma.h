/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mma.h: warp matrix functions, nvcuda::wmma: CUDA C++ Programming Guide, "Warp Matrix Functions", with every shape and type
 * of compute capability 8.0.
 */
#ifndef _CUDA_MMA_H_
#define _CUDA_MMA_H_

#include "cuda_bf16.h"
#include "cuda_fp16.h"

#if defined(__CUDA__) && defined(__cplusplus)
#include "cw/wmma/fragment.h"
#include "cw/wmma/memory.h"
#include "cw/wmma/multiply.h"
#endif

#endif
