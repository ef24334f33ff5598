/* SPDX-License-Identifier: Apache-2.0 */
/* entry.c: cuInit, versions, error codes, and how every function of the driver API begins and ends. */
#include <stdatomic.h>
#include <stddef.h>

#include "runtime/driver/driver.h"

static _Atomic bool initialised;

/* Of the call that is running. */
static _Thread_local cudaError_t last_error_before;
static _Thread_local CUresult refusal;

/* ---- Beginning and ending ---------------------------------------------------------------------------------------- */

void cw_driver_initialise(void) {
    atomic_store_explicit(&initialised, true, memory_order_release);
}

/* The runtime API initialises the driver too: then a context is current. */
static CUresult check(enum cw_driver_need need) {
    const struct cw_rt_thread *thread = cw_rt_thread();
    if (need == CW_DRIVER_NOTHING) {
        return CUDA_SUCCESS;
    }
    if (!thread->context && !atomic_load_explicit(&initialised, memory_order_acquire)) {
        return CUDA_ERROR_NOT_INITIALIZED;
    }
    if (thread->in_callback) {
        return CUDA_ERROR_NOT_PERMITTED;
    }
    if (need == CW_DRIVER_INITIALISED) {
        return CUDA_SUCCESS;
    }
    if (!thread->context) {
        return CUDA_ERROR_INVALID_CONTEXT;
    }
    return atomic_load_explicit(&thread->context->live, memory_order_acquire) ? CUDA_SUCCESS
                                                                              : CUDA_ERROR_CONTEXT_IS_DESTROYED;
}

bool cw_driver_enter(enum cw_driver_need need) {
    last_error_before = cw_rt_thread()->last_error;
    refusal = check(need);
    return refusal == CUDA_SUCCESS;
}

CUresult cw_driver_leave(cudaError_t error) {
    struct cw_rt_thread *thread = cw_rt_thread();
    if (refusal != CUDA_SUCCESS) {
        return refusal;
    }
    if (error != cudaSuccess && thread->detail_fresh) {
        cw_rt_record(error);
    }
    thread->last_error = last_error_before;
    return cw_driver_result(error);
}

CUresult cw_driver_result(cudaError_t error) {
    switch ((int)error) {
    case cudaErrorInvalidConfiguration:
    case cudaErrorInvalidPitchValue:
    case cudaErrorInvalidHostPointer:
    case cudaErrorInvalidDevicePointer:
    case cudaErrorInvalidChannelDescriptor:
    case cudaErrorInvalidMemcpyDirection:
    case cudaErrorMissingConfiguration:
    case cudaErrorInvalidFilterSetting:
    case cudaErrorInvalidNormSetting:
        return CUDA_ERROR_INVALID_VALUE;
    case cudaErrorInvalidSymbol:
        return CUDA_ERROR_NOT_FOUND;
    case cudaErrorInvalidDeviceFunction:
    case cudaErrorInvalidTexture:
    case cudaErrorInvalidSurface:
        return CUDA_ERROR_INVALID_HANDLE;
    default:
        break;
    }
    const char *name;
    return cuGetErrorName((CUresult)error, &name) == CUDA_SUCCESS ? (CUresult)error : CUDA_ERROR_UNKNOWN;
}

/* ---- Start and version ------------------------------------------------------------------------------------------- */

static cudaError_t init(unsigned flags) {
    int count;
    if (flags != 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "cuInit takes no flags, and got 0x%x", flags);
    }
    cudaError_t error = cw_rt_device_count(&count);
    if (error == cudaSuccess) {
        cw_driver_initialise();
    }
    return error;
}

CUresult cuInit(unsigned flags) {
    return CW_DRIVER_ALWAYS(init(flags));
}

CUresult cuDriverGetVersion(int *version) {
    if (!version) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    *version = CW_RT_CUDA_VERSION;
    return CUDA_SUCCESS;
}

/* ---- Errors ------------------------------------------------------------------------------------------------------ */

static const char *name_of(CUresult result) {
    switch (result) {
#define CW_DRIVER_ERROR(name)                                                                                          \
    case name:                                                                                                         \
        return #name;
#include "runtime/driver/errors.def"
    }
    return NULL;
}

CUresult cuGetErrorName(CUresult result, const char **text) {
    if (!text) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    *text = name_of(result);
    return *text ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

CUresult cuGetErrorString(CUresult result, const char **text) {
    CUresult known = cuGetErrorName(result, text);
    if (known == CUDA_SUCCESS) {
        /* Two codes have no counterpart in the runtime API. */
        *text = result == CUDA_ERROR_CONTEXT_ALREADY_CURRENT ? "context already current"
                : result == CUDA_ERROR_KEY_ROTATION          ? "the key is being rotated"
                                                             : cudaGetErrorString((cudaError_t)result);
    }
    return known;
}

/* ---- Profiler ---------------------------------------------------------------------------------------------------- */

CUresult cuProfilerStart(void) {
    return CW_DRIVER(cudaProfilerStart());
}

CUresult cuProfilerStop(void) {
    return CW_DRIVER(cudaProfilerStop());
}
