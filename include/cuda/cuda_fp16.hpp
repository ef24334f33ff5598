/* SPDX-License-Identifier: Apache-2.0 */
/* cuda_fp16.hpp: what cuda_fp16.h defines; programs include it by name. */
#ifndef CW_SHIM_CUDA_FP16_HPP
#define CW_SHIM_CUDA_FP16_HPP

#include "cuda_fp16.h"

#endif
