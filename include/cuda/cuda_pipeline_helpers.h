/* SPDX-License-Identifier: Apache-2.0 */
/* cuda_pipeline_helpers.h: a part of cuda_pipeline.h; programs include it by name. */
#ifndef CW_SHIM_CUDA_PIPELINE_HELPERS_H
#define CW_SHIM_CUDA_PIPELINE_HELPERS_H

#include "cuda_pipeline.h"

#endif
