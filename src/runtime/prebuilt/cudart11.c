/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cudart11.c: functions of the runtime API that had another form in older toolkits, for programs that nvcc of CUDA 11 or 12
 * built: cw_cudart11_NAME is what NAME of libcudart.so.11.0 was, cw_cudart12_NAME that of libcudart.so.12
 * (aliases.cmake). Structs only grew, so an old one is the beginning of today's. Source: driver_types.h and
 * cuda_runtime_api.h of CUDA 11.8 and 12.9.
 */
#include <stddef.h>
#include <string.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/prebuilt/versions.h"
#include "runtime/thread.h"

/* Bytes of the structs that grew, as CUDA 11 knew them. */
#define PROPERTIES_SIZE 728u
#define FUNCTION_SIZE 56u
#define TEXTURE_SIZE 68u

_Static_assert(offsetof(struct cudaDeviceProp, hostRegisterSupported) == PROPERTIES_SIZE, "where CUDA 11's ends");
_Static_assert(offsetof(struct cudaTextureDesc, seamlessCubemap) == TEXTURE_SIZE, "where CUDA 11's ends");

CW_VERSIONED cudaError_t cw_cudart11_cudaGetDeviceProperties(void *properties, int device) {
    struct cudaDeviceProp all;
    cudaError_t error = cudaGetDeviceProperties(&all, device);
    if (error != cudaSuccess) {
        return error;
    }
    if (!properties) {
        return cw_rt_record(cw_rt_fail(cudaErrorInvalidValue, "prop is NULL"));
    }
    memcpy(properties, &all, PROPERTIES_SIZE);
    return cudaSuccess;
}

/* CUDA 12's header gives programs cudaGetDeviceProperties_v2; only objects that an older one compiled ask for this. */
CW_VERSIONED cudaError_t cw_cudart12_cudaGetDeviceProperties(void *properties, int device) {
    return cw_cudart11_cudaGetDeviceProperties(properties, device);
}

CW_VERSIONED cudaError_t cw_cudart11_cudaChooseDevice(int *device, const void *properties) {
    struct cudaDeviceProp wanted = {0};
    if (properties) {
        memcpy(&wanted, properties, PROPERTIES_SIZE);
    }
    return cudaChooseDevice(device, properties ? &wanted : NULL);
}

CW_VERSIONED cudaError_t cw_cudart11_cudaFuncGetAttributes(void *attributes, const void *function) {
    struct cudaFuncAttributes all;
    cudaError_t error = cudaFuncGetAttributes(attributes ? &all : NULL, function);
    if (error == cudaSuccess) {
        memcpy(attributes, &all, FUNCTION_SIZE);
    }
    return error;
}

CW_VERSIONED cudaError_t cw_cudart11_cudaCreateTextureObject(cudaTextureObject_t *texture,
                                                             const struct cudaResourceDesc *resource, const void *desc,
                                                             const struct cudaResourceViewDesc *view) {
    struct cudaTextureDesc all = {0};
    if (desc) {
        memcpy(&all, desc, TEXTURE_SIZE);
    }
    return cudaCreateTextureObject(texture, resource, desc ? &all : NULL, view);
}

CW_VERSIONED cudaError_t cw_cudart11_cudaGetTextureObjectTextureDesc(void *desc, cudaTextureObject_t texture) {
    struct cudaTextureDesc all;
    cudaError_t error = cudaGetTextureObjectTextureDesc(desc ? &all : NULL, texture);
    if (error == cudaSuccess) {
        memcpy(desc, &all, TEXTURE_SIZE);
    }
    return error;
}

/* CUDA 11.8's names of what CUDA 12 has without a suffix. */
CW_VERSIONED cudaError_t cw_cudart11_cudaCreateTextureObject_v2(cudaTextureObject_t *texture,
                                                                const struct cudaResourceDesc *resource,
                                                                const struct cudaTextureDesc *desc,
                                                                const struct cudaResourceViewDesc *view) {
    return cudaCreateTextureObject(texture, resource, desc, view);
}

CW_VERSIONED cudaError_t cw_cudart11_cudaGetTextureObjectTextureDesc_v2(struct cudaTextureDesc *desc,
                                                                        cudaTextureObject_t texture) {
    return cudaGetTextureObjectTextureDesc(desc, texture);
}

CW_VERSIONED cudaError_t cw_cudart11_cudaGetDriverEntryPoint(const char *name, void **place, unsigned long long flags) {
    return cudaGetDriverEntryPoint(name, place, flags, NULL);
}

CW_VERSIONED cudaError_t cw_cudart11_cudaGetDriverEntryPoint_ptsz(const char *name, void **place,
                                                                  unsigned long long flags) {
    unsigned long long meant = flags == cudaEnableDefault ? cudaEnablePerThreadDefaultStream : flags;
    return cudaGetDriverEntryPoint(name, place, meant, NULL);
}

CW_VERSIONED cudaError_t cw_cudart11_cudaGraphInstantiate(cudaGraphExec_t *exec, cudaGraph_t graph,
                                                          cudaGraphNode_t *error_node, char *log, size_t log_size) {
    cudaGraphInstantiateParams params = {0};
    cudaError_t error = cudaGraphInstantiateWithParams(exec, graph, &params);
    if (error_node) {
        *error_node = params.errNode_out;
    }
    if (log && log_size > 0) {
        const char *text = error == cudaSuccess ? "" : cw_last_error_detail();
        size_t length = strnlen(text, log_size - 1);
        memcpy(log, text, length);
        log[length] = '\0';
    }
    return error;
}

CW_VERSIONED cudaError_t cw_cudart11_cudaGraphExecUpdate(cudaGraphExec_t exec, cudaGraph_t graph,
                                                         cudaGraphNode_t *error_node,
                                                         enum cudaGraphExecUpdateResult *result) {
    cudaGraphExecUpdateResultInfo info = {0};
    cudaError_t error = cudaGraphExecUpdate(exec, graph, &info);
    if (error_node) {
        *error_node = info.errorNode;
    }
    if (result) {
        *result = info.result;
    }
    return error;
}

/* The form of CUDA 10; since 11.3 headers name cudaStreamGetCaptureInfo_v2. */
CW_VERSIONED cudaError_t cw_cudart11_cudaStreamGetCaptureInfo(cudaStream_t stream, enum cudaStreamCaptureStatus *status,
                                                              unsigned long long *id) {
    return cudaStreamGetCaptureInfo(stream, status, id, NULL, NULL, NULL);
}
CW_VERSIONED cudaError_t cw_cudart12_cudaStreamGetCaptureInfo(cudaStream_t stream, enum cudaStreamCaptureStatus *status,
                                                              unsigned long long *id) {
    return cudaStreamGetCaptureInfo(stream, status, id, NULL, NULL, NULL);
}
CW_VERSIONED_PTSZ(cudart11, cudaStreamGetCaptureInfo,
                  (cudaStream_t stream, enum cudaStreamCaptureStatus *status, unsigned long long *id),
                  (stream, status, id))
CW_VERSIONED_PTSZ(cudart12, cudaStreamGetCaptureInfo,
                  (cudaStream_t stream, enum cudaStreamCaptureStatus *status, unsigned long long *id),
                  (stream, status, id))

/* A program compares the versions of its runtime and of the driver with the one that it was built with. */
CW_VERSIONED cudaError_t cw_cudart11_cudaRuntimeGetVersion(int *version) {
    return cw_prebuilt_version(version, 11080);
}
