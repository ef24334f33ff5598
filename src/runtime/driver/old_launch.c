/* SPDX-License-Identifier: Apache-2.0 */
/*
 * old_launch.c: launches as CUDA 3 had them: block shape, shared memory and arguments are set on the function, then it is
 * launched with a grid. NVIDIA's driver still exports them (Driver API reference, "Execution Control [DEPRECATED]").
 */
#include <stdlib.h>
#include <string.h>

#include "runtime/driver/driver.h"
#include "runtime/launch.h"
#include "runtime/loading.h"

#define PARAMETERS_MAX 4096

/* What was set on a function so far; freed with it. */
struct cw_rt_old_launch {
    dim3 block;
    unsigned shared;
    size_t size;
    _Alignas(16) char params[PARAMETERS_MAX];
};

static cudaError_t find(CUfunction function, struct cw_rt_old_launch **old) {
    struct cw_rt_device *device;
    struct CUfunc_st *kernel;
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_kernel_find(device, function, &kernel);
    }
    if (error != cudaSuccess) {
        return error;
    }
    if (!kernel->old_launch) {
        kernel->old_launch = calloc(1, sizeof *kernel->old_launch);
        if (!kernel->old_launch) {
            return cw_rt_fail(cudaErrorMemoryAllocation, "no memory for a function's arguments");
        }
        kernel->old_launch->block = (dim3){1, 1, 1};
    }
    *old = kernel->old_launch;
    return cudaSuccess;
}

static cudaError_t set_block(CUfunction function, int x, int y, int z) {
    struct cw_rt_old_launch *old = NULL;
    if (x <= 0 || y <= 0 || z <= 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "a block of (%d, %d, %d)", x, y, z);
    }
    cudaError_t error = find(function, &old);
    if (error == cudaSuccess) {
        old->block = (dim3){(unsigned)x, (unsigned)y, (unsigned)z};
    }
    return error;
}

CUresult cuFuncSetBlockShape(CUfunction function, int x, int y, int z) {
    return CW_DRIVER(set_block(function, x, y, z));
}

static cudaError_t set_shared(CUfunction function, unsigned bytes) {
    struct cw_rt_old_launch *old = NULL;
    cudaError_t error = find(function, &old);
    if (error == cudaSuccess) {
        old->shared = bytes;
    }
    return error;
}

CUresult cuFuncSetSharedSize(CUfunction function, unsigned bytes) {
    return CW_DRIVER(set_shared(function, bytes));
}

static cudaError_t set_size(CUfunction function, unsigned bytes) {
    struct cw_rt_old_launch *old = NULL;
    if (bytes > PARAMETERS_MAX) {
        return cw_rt_fail(cudaErrorInvalidValue, "%u bytes of arguments exceed %d", bytes, PARAMETERS_MAX);
    }
    cudaError_t error = find(function, &old);
    if (error == cudaSuccess) {
        old->size = bytes;
    }
    return error;
}

CUresult cuParamSetSize(CUfunction function, unsigned bytes) {
    return CW_DRIVER(set_size(function, bytes));
}

static cudaError_t set_param(CUfunction function, int offset, const void *value, unsigned size) {
    struct cw_rt_old_launch *old = NULL;
    if (!value || offset < 0 || size > PARAMETERS_MAX || (unsigned)offset > PARAMETERS_MAX - size) {
        return cw_rt_fail(cudaErrorInvalidValue, "an argument of %u bytes at offset %d", size, offset);
    }
    cudaError_t error = find(function, &old);
    if (error == cudaSuccess) {
        memcpy(old->params + offset, value, size);
    }
    return error;
}

CUresult cuParamSeti(CUfunction function, int offset, unsigned value) {
    return CW_DRIVER(set_param(function, offset, &value, sizeof value));
}

CUresult cuParamSetf(CUfunction function, int offset, float value) {
    return CW_DRIVER(set_param(function, offset, &value, sizeof value));
}

CUresult cuParamSetv(CUfunction function, int offset, void *value, unsigned size) {
    return CW_DRIVER(set_param(function, offset, value, size));
}

static cudaError_t launch_grid(CUfunction function, int width, int height, CUstream stream) {
    struct cw_rt_old_launch *old = NULL;
    if (width <= 0 || height <= 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "a grid of (%d, %d)", width, height);
    }
    cudaError_t error = find(function, &old);
    if (error != cudaSuccess) {
        return error;
    }
    void *extra[] = {CU_LAUNCH_PARAM_BUFFER_POINTER, old->params, CU_LAUNCH_PARAM_BUFFER_SIZE, &old->size,
                     CU_LAUNCH_PARAM_END};
    cudaLaunchConfig_t config = {
        .gridDim = {(unsigned)width, (unsigned)height, 1},
        .blockDim = old->block,
        .dynamicSmemBytes = old->shared,
        .stream = stream,
    };
    return cw_rt_launch_configured(&config, function, NULL, extra);
}

CUresult cuLaunch(CUfunction function) {
    return CW_DRIVER(launch_grid(function, 1, 1, NULL));
}

CUresult cuLaunchGrid(CUfunction function, int width, int height) {
    return CW_DRIVER(launch_grid(function, width, height, NULL));
}

CUresult cuLaunchGridAsync(CUfunction function, int width, int height, CUstream stream) {
    return CW_DRIVER(launch_grid(function, width, height, stream));
}
