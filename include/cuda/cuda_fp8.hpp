/* SPDX-License-Identifier: Apache-2.0 */
/* cuda_fp8.hpp: what cuda_fp8.h defines; programs include it by name. */
#ifndef CW_SHIM_CUDA_FP8_HPP
#define CW_SHIM_CUDA_FP8_HPP

#include "cuda_fp8.h"

#endif
