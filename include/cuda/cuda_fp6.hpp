/* SPDX-License-Identifier: Apache-2.0 */
/* cuda_fp6.hpp: what cuda_fp6.h defines; programs include it by name. */
#ifndef CW_SHIM_CUDA_FP6_HPP
#define CW_SHIM_CUDA_FP6_HPP

#include "cuda_fp6.h"

#endif
