/* SPDX-License-Identifier: Apache-2.0 */
/* cuda_bf16.hpp: what cuda_bf16.h defines; programs include it by name. */
#ifndef CW_SHIM_CUDA_BF16_HPP
#define CW_SHIM_CUDA_BF16_HPP

#include "cuda_bf16.h"

#endif
