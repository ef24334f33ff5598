/* SPDX-License-Identifier: Apache-2.0 */
/* nvtx3/nvToolsExtCuda.h: names for the driver API's devices, contexts, streams and events. */
#ifndef NVTOOLSEXT_CUDA_H_
#define NVTOOLSEXT_CUDA_H_

#include "nvToolsExt.h"

#include "../cuda.h"

#if defined(__cplusplus)
extern "C" {
#endif

NVTX_DECLSPEC void nvtxNameCuDeviceA(CUdevice device, const char *name);
NVTX_DECLSPEC void nvtxNameCuDeviceW(CUdevice device, const wchar_t *name);
NVTX_DECLSPEC void nvtxNameCuContextA(CUcontext context, const char *name);
NVTX_DECLSPEC void nvtxNameCuContextW(CUcontext context, const wchar_t *name);
NVTX_DECLSPEC void nvtxNameCuStreamA(CUstream stream, const char *name);
NVTX_DECLSPEC void nvtxNameCuStreamW(CUstream stream, const wchar_t *name);
NVTX_DECLSPEC void nvtxNameCuEventA(CUevent event, const char *name);
NVTX_DECLSPEC void nvtxNameCuEventW(CUevent event, const wchar_t *name);

#if defined(UNICODE)
#define nvtxNameCuDevice nvtxNameCuDeviceW
#define nvtxNameCuContext nvtxNameCuContextW
#define nvtxNameCuStream nvtxNameCuStreamW
#define nvtxNameCuEvent nvtxNameCuEventW
#else
#define nvtxNameCuDevice nvtxNameCuDeviceA
#define nvtxNameCuContext nvtxNameCuContextA
#define nvtxNameCuStream nvtxNameCuStreamA
#define nvtxNameCuEvent nvtxNameCuEventA
#endif

#if defined(__cplusplus)
}
#endif

#endif
