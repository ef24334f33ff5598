/* SPDX-License-Identifier: Apache-2.0 */
/* cuda_awbarrier_helpers.h: a part of cuda_awbarrier.h; programs include it by name. */
#ifndef CW_SHIM_CUDA_AWBARRIER_HELPERS_H
#define CW_SHIM_CUDA_AWBARRIER_HELPERS_H

#include "cuda_awbarrier.h"

#endif
