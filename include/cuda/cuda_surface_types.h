/* SPDX-License-Identifier: Apache-2.0 */
/* cuda_surface_types.h: what it had comes with cuda_runtime.h; programs include it by name. */
#ifndef __CUDA_SURFACE_TYPES_H__
#define __CUDA_SURFACE_TYPES_H__

#include "cuda_runtime.h"

#endif
