/* SPDX-License-Identifier: Apache-2.0 */
/* launch.c: the driver API's launches, in the runtime's terms. */
#include <assert.h>

#include <stdlib.h>

#include "runtime/driver/driver.h"
#include "runtime/launch.h"

/* Attributes are handed over as they are. */
static_assert(sizeof(CUlaunchAttribute) == sizeof(cudaLaunchAttribute), "both APIs' attributes are the same");
static_assert((int)CU_LAUNCH_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT ==
                  (int)cudaLaunchAttributePreferredSharedMemoryCarveout,
              "both APIs number the attributes alike");

cudaLaunchConfig_t cw_driver_config(const CUlaunchConfig *config) {
    return (cudaLaunchConfig_t){
        .gridDim = {config->gridDimX, config->gridDimY, config->gridDimZ},
        .blockDim = {config->blockDimX, config->blockDimY, config->blockDimZ},
        .dynamicSmemBytes = config->sharedMemBytes,
        .stream = config->hStream,
        .attrs = (cudaLaunchAttribute *)config->attrs,
        .numAttrs = config->numAttrs,
    };
}

static cudaError_t launch(const CUlaunchConfig *config, CUfunction function, void **params, void **extra) {
    if (!config) {
        return cw_rt_fail(cudaErrorInvalidValue, "the configuration is NULL");
    }
    cudaLaunchConfig_t same = cw_driver_config(config);
    return cw_rt_launch_configured(&same, function, params, extra);
}

CUresult cuLaunchKernel(CUfunction function, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x,
                        unsigned block_y, unsigned block_z, unsigned shared, CUstream stream, void **params,
                        void **extra) {
    CUlaunchConfig config = {grid_x, grid_y, grid_z, block_x, block_y, block_z, shared, stream, NULL, 0};
    return CW_DRIVER(launch(&config, function, params, extra));
}

CUresult cuLaunchKernelEx(const CUlaunchConfig *config, CUfunction function, void **params, void **extra) {
    return CW_DRIVER(launch(config, function, params, extra));
}

CUresult cuLaunchCooperativeKernel(CUfunction function, unsigned grid_x, unsigned grid_y, unsigned grid_z,
                                   unsigned block_x, unsigned block_y, unsigned block_z, unsigned shared,
                                   CUstream stream, void **params) {
    CUlaunchAttribute cooperative = {.id = CU_LAUNCH_ATTRIBUTE_COOPERATIVE, .value = {.cooperative = 1}};
    CUlaunchConfig config = {grid_x, grid_y, grid_z, block_x, block_y, block_z, shared, stream, &cooperative, 1};
    return CW_DRIVER(launch(&config, function, params, NULL));
}

static cudaError_t launch_on_devices(const CUDA_LAUNCH_PARAMS *list, unsigned count, unsigned flags) {
    if (!list || count == 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "the list of launches is %s", list ? "empty" : "NULL");
    }
    struct cudaLaunchParams *launches = malloc(count * sizeof *launches);
    if (!launches) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory for %u launches", count);
    }
    for (unsigned i = 0; i < count; i++) {
        const CUDA_LAUNCH_PARAMS *from = &list[i];
        launches[i] = (struct cudaLaunchParams){.func = from->function,
                                                .gridDim = {from->gridDimX, from->gridDimY, from->gridDimZ},
                                                .blockDim = {from->blockDimX, from->blockDimY, from->blockDimZ},
                                                .args = from->kernelParams,
                                                .sharedMem = from->sharedMemBytes,
                                                .stream = from->hStream};
    }
    cudaError_t error = cudaLaunchCooperativeKernelMultiDevice(launches, count, flags);
    free(launches);
    return error;
}

CUresult cuLaunchCooperativeKernelMultiDevice(CUDA_LAUNCH_PARAMS *list, unsigned count, unsigned flags) {
    return CW_DRIVER(launch_on_devices(list, count, flags));
}
