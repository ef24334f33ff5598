/* SPDX-License-Identifier: Apache-2.0 */
/* cuda_fp4.hpp: what cuda_fp4.h defines; programs include it by name. */
#ifndef CW_SHIM_CUDA_FP4_HPP
#define CW_SHIM_CUDA_FP4_HPP

#include "cuda_fp4.h"

#endif
