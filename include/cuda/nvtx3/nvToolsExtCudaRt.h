/* SPDX-License-Identifier: Apache-2.0 */
/* nvtx3/nvToolsExtCudaRt.h: names for the runtime API's devices, streams and events. */
#ifndef NVTOOLSEXT_CUDART_H_
#define NVTOOLSEXT_CUDART_H_

#include "nvToolsExt.h"

#include "../driver_types.h"

#if defined(__cplusplus)
extern "C" {
#endif

NVTX_DECLSPEC void nvtxNameCudaDeviceA(int device, const char *name);
NVTX_DECLSPEC void nvtxNameCudaDeviceW(int device, const wchar_t *name);
NVTX_DECLSPEC void nvtxNameCudaStreamA(cudaStream_t stream, const char *name);
NVTX_DECLSPEC void nvtxNameCudaStreamW(cudaStream_t stream, const wchar_t *name);
NVTX_DECLSPEC void nvtxNameCudaEventA(cudaEvent_t event, const char *name);
NVTX_DECLSPEC void nvtxNameCudaEventW(cudaEvent_t event, const wchar_t *name);

#if defined(UNICODE)
#define nvtxNameCudaDevice nvtxNameCudaDeviceW
#define nvtxNameCudaStream nvtxNameCudaStreamW
#define nvtxNameCudaEvent nvtxNameCudaEventW
#else
#define nvtxNameCudaDevice nvtxNameCudaDeviceA
#define nvtxNameCudaStream nvtxNameCudaStreamA
#define nvtxNameCudaEvent nvtxNameCudaEventA
#endif

#if defined(__cplusplus)
}
#endif

#endif
