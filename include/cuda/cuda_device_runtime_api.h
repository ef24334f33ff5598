/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cuda_device_runtime_api.h: the runtime API as device code sees it. Launching kernels from kernels is not offered by
 * this device (it reports cudaDevAttr values accordingly), so nothing is declared for device code here.
 */
#ifndef __CUDA_DEVICE_RUNTIME_API_H__
#define __CUDA_DEVICE_RUNTIME_API_H__

#include "driver_types.h"

#endif
