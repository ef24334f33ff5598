/* SPDX-License-Identifier: Apache-2.0 */
/* cuda_device_runtime_api.h: the runtime API as device code sees it. cuda_runtime.h has it all. */
#ifndef __CUDA_DEVICE_RUNTIME_API_H__
#define __CUDA_DEVICE_RUNTIME_API_H__

#include "cuda_runtime.h"

#endif
