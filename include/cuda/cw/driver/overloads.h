/* SPDX-License-Identifier: Apache-2.0 */
/*
 * driver/overloads.h: for C++, the parameters that CUDA 13 gave to functions that go by the same name in CUDA 12. Part of
 * cuda.h.
 */
#ifndef CW_CUDA_DRIVER_OVERLOADS_H
#define CW_CUDA_DRIVER_OVERLOADS_H

#if defined(__cplusplus)

static inline CUresult cuCtxCreate(CUcontext *pctx, CUctxCreateParams *ctxCreateParams, unsigned int flags,
                                   CUdevice dev) {
    return cuCtxCreate_v4(pctx, ctxCreateParams, flags, dev);
}

static inline CUresult cuCtxCreate(CUcontext *pctx, CUexecAffinityParam *paramsArray, int numParams, unsigned int flags,
                                   CUdevice dev) {
    return cuCtxCreate_v3(pctx, paramsArray, numParams, flags, dev);
}

static inline CUresult cuMemPrefetchAsync(CUdeviceptr devPtr, size_t count, CUmemLocation location, unsigned int flags,
                                          CUstream hStream) {
    return cuMemPrefetchAsync_v2(devPtr, count, location, flags, hStream);
}

static inline CUresult cuMemAdvise(CUdeviceptr devPtr, size_t count, CUmem_advise advice, CUmemLocation location) {
    return cuMemAdvise_v2(devPtr, count, advice, location);
}

#endif

#endif
