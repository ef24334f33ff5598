/* SPDX-License-Identifier: Apache-2.0 */
/* cuda_pipeline.h: the pipeline primitives. */
#ifndef _CUDA_PIPELINE_H_
#define _CUDA_PIPELINE_H_

#include "cuda_pipeline_primitives.h"

#endif
