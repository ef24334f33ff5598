/* SPDX-License-Identifier: Apache-2.0 */
/* function.c: the driver API's functions (kernels on a device): attributes and names, and how many blocks fit. The handles
 * are symbols in the registry (loading.h), so the runtime's functions take them as they are. */
#include "runtime/driver/driver.h"
#include "runtime/loading.h"

/* The kernel on the current device that a CUfunction, or a CUkernel in its place, stands for. */
static cudaError_t find(CUfunction function, struct CUfunc_st **kernel) {
    struct cw_rt_device *device;
    cudaError_t error = cw_rt_device_current(&device);
    return error != cudaSuccess ? error : cw_rt_kernel_find(device, function, kernel);
}

/* ---- Attributes -------------------------------------------------------------------------------------------------- */

static cudaError_t read_attribute(int *value, CUfunction_attribute attribute, const struct cudaFuncAttributes *all) {
    switch ((int)attribute) {
    case CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK:
        *value = all->maxThreadsPerBlock;
        break;
    case CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES:
        *value = (int)all->sharedSizeBytes;
        break;
    case CU_FUNC_ATTRIBUTE_CONST_SIZE_BYTES:
        *value = (int)all->constSizeBytes;
        break;
    case CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES:
        *value = (int)all->localSizeBytes;
        break;
    case CU_FUNC_ATTRIBUTE_NUM_REGS:
        *value = all->numRegs;
        break;
    case CU_FUNC_ATTRIBUTE_PTX_VERSION:
        *value = all->ptxVersion;
        break;
    case CU_FUNC_ATTRIBUTE_BINARY_VERSION:
        *value = all->binaryVersion;
        break;
    case CU_FUNC_ATTRIBUTE_CACHE_MODE_CA:
        *value = all->cacheModeCA;
        break;
    case CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES:
        *value = all->maxDynamicSharedSizeBytes;
        break;
    case CU_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT:
        *value = all->preferredShmemCarveout;
        break;
    case CU_FUNC_ATTRIBUTE_CLUSTER_SIZE_MUST_BE_SET:
        *value = all->clusterDimMustBeSet;
        break;
    case CU_FUNC_ATTRIBUTE_REQUIRED_CLUSTER_WIDTH:
        *value = all->requiredClusterWidth;
        break;
    case CU_FUNC_ATTRIBUTE_REQUIRED_CLUSTER_HEIGHT:
        *value = all->requiredClusterHeight;
        break;
    case CU_FUNC_ATTRIBUTE_REQUIRED_CLUSTER_DEPTH:
        *value = all->requiredClusterDepth;
        break;
    case CU_FUNC_ATTRIBUTE_NON_PORTABLE_CLUSTER_SIZE_ALLOWED:
        *value = all->nonPortableClusterSizeAllowed;
        break;
    case CU_FUNC_ATTRIBUTE_CLUSTER_SCHEDULING_POLICY_PREFERENCE:
        *value = all->clusterSchedulingPolicyPreference;
        break;
    default:
        return cw_rt_fail(cudaErrorInvalidValue, "there is no attribute %d of functions", (int)attribute);
    }
    return cudaSuccess;
}

static cudaError_t get_attribute(int *value, CUfunction_attribute attribute, const void *function) {
    struct cudaFuncAttributes all;
    cudaError_t error = cw_driver_place(value, "value");
    if (error == cudaSuccess) {
        error = cudaFuncGetAttributes(&all, function);
    }
    return error != cudaSuccess ? error : read_attribute(value, attribute, &all);
}

CUresult cuFuncGetAttribute(int *value, CUfunction_attribute attribute, CUfunction function) {
    return CW_DRIVER(get_attribute(value, attribute, function));
}

CUresult cuFuncSetAttribute(CUfunction function, CUfunction_attribute attribute, int value) {
    return CW_DRIVER(cudaFuncSetAttribute(function, (enum cudaFuncAttribute)attribute, value));
}

CUresult cuFuncSetCacheConfig(CUfunction function, CUfunc_cache config) {
    return CW_DRIVER(cudaFuncSetCacheConfig(function, (enum cudaFuncCache)config));
}

CUresult cuFuncSetSharedMemConfig(CUfunction function, CUsharedconfig config) {
    return CW_DRIVER(cudaFuncSetSharedMemConfig(function, (enum cudaSharedMemConfig)config));
}

/* The functions of kernels name a device: the work is done with its primary context for the moment. */
static cudaError_t on_device(CUdevice ordinal, struct CUctx_st **before) {
    struct cw_rt_device *device;
    *before = cw_rt_thread()->context;
    cudaError_t error = cw_rt_device_at(ordinal, &device);
    if (error == cudaSuccess) {
        error = cw_rt_device_open(device);
    }
    if (error == cudaSuccess && (!*before || (*before)->device != device)) {
        if (!cw_rt_context_push(cw_rt_context_primary(device))) {
            error = cw_rt_fail(cudaErrorMemoryAllocation, "no memory for a stack of contexts");
        }
    }
    return error;
}

static void back(struct CUctx_st *before) {
    if (cw_rt_thread()->context != before) {
        cw_rt_context_pop();
    }
}

static cudaError_t kernel_get(int *value, CUfunction_attribute attribute, CUkernel kernel, CUdevice device) {
    struct CUctx_st *before;
    cudaError_t error = on_device(device, &before);
    if (error == cudaSuccess) {
        error = get_attribute(value, attribute, kernel);
        back(before);
    }
    return error;
}

CUresult cuKernelGetAttribute(int *value, CUfunction_attribute attribute, CUkernel kernel, CUdevice device) {
    return CW_DRIVER_PLAIN(kernel_get(value, attribute, kernel, device));
}

static cudaError_t kernel_set(CUfunction_attribute attribute, int value, CUkernel kernel, CUdevice device) {
    struct CUctx_st *before;
    cudaError_t error = on_device(device, &before);
    if (error == cudaSuccess) {
        error = cudaFuncSetAttribute(kernel, (enum cudaFuncAttribute)attribute, value);
        back(before);
    }
    return error;
}

CUresult cuKernelSetAttribute(CUfunction_attribute attribute, int value, CUkernel kernel, CUdevice device) {
    return CW_DRIVER_PLAIN(kernel_set(attribute, value, kernel, device));
}

static cudaError_t kernel_cache(CUkernel kernel, CUfunc_cache config, CUdevice device) {
    struct CUctx_st *before;
    cudaError_t error = on_device(device, &before);
    if (error == cudaSuccess) {
        error = cudaFuncSetCacheConfig(kernel, (enum cudaFuncCache)config);
        back(before);
    }
    return error;
}

CUresult cuKernelSetCacheConfig(CUkernel kernel, CUfunc_cache config, CUdevice device) {
    return CW_DRIVER_PLAIN(kernel_cache(kernel, config, device));
}

/* ---- Names and parameters ---------------------------------------------------------------------------------------- */

static cudaError_t get_module(CUmodule *place, CUfunction function) {
    struct CUfunc_st *kernel = NULL;
    cudaError_t error = cw_driver_place(place, "module");
    if (error == cudaSuccess) {
        error = find(function, &kernel);
    }
    if (error == cudaSuccess) {
        *place = (CUmodule)kernel->loaded;
    }
    return error;
}

CUresult cuFuncGetModule(CUmodule *module, CUfunction function) {
    return CW_DRIVER(get_module(module, function));
}

CUresult cuFuncGetName(const char **name, CUfunction function) {
    return CW_DRIVER(cudaFuncGetName(name, function));
}

CUresult cuFuncGetParamInfo(CUfunction function, size_t index, size_t *offset, size_t *size) {
    return CW_DRIVER(cudaFuncGetParamInfo(function, index, offset, size));
}

/* Modules are loaded whole, so a function that is found is loaded. */
static cudaError_t is_loaded(CUfunctionLoadingState *state, CUfunction function) {
    struct CUfunc_st *kernel;
    cudaError_t error = cw_driver_place(state, "state");
    if (error == cudaSuccess) {
        error = find(function, &kernel);
    }
    if (error == cudaSuccess) {
        *state = CU_FUNCTION_LOADING_STATE_LOADED;
    }
    return error;
}

CUresult cuFuncIsLoaded(CUfunctionLoadingState *state, CUfunction function) {
    return CW_DRIVER(is_loaded(state, function));
}

CUresult cuFuncLoad(CUfunction function) {
    struct CUfunc_st *kernel;
    return CW_DRIVER(find(function, &kernel));
}

/* ---- Occupancy --------------------------------------------------------------------------------------------------- */

CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, CUfunction function, int block_size, size_t shared) {
    return CW_DRIVER(cudaOccupancyMaxActiveBlocksPerMultiprocessor(blocks, function, block_size, shared));
}

CUresult cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int *blocks, CUfunction function, int block_size,
                                                              size_t shared, unsigned flags) {
    return CW_DRIVER(
        cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(blocks, function, block_size, shared, flags));
}

CUresult cuOccupancyAvailableDynamicSMemPerBlock(size_t *bytes, CUfunction function, int blocks, int block_size) {
    return CW_DRIVER(cudaOccupancyAvailableDynamicSMemPerBlock(bytes, function, blocks, block_size));
}

/* The block size with the most resident threads, the largest of several: what CUDA's own search maximises. */
static cudaError_t best_block(int *grid_size, int *block_size, CUfunction function, CUoccupancyB2DSize shared_of,
                              size_t shared, int limit, unsigned flags) {
    struct CUfunc_st *kernel = NULL;
    struct cudaFuncAttributes attributes;
    if (!grid_size || !block_size || limit < 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "places for grid and block size, and no negative limit, are wanted");
    }
    cudaError_t error = find(function, &kernel);
    if (error == cudaSuccess) {
        error = cudaFuncGetAttributes(&attributes, function);
    }
    if (error != cudaSuccess) {
        return error;
    }
    int most = attributes.maxThreadsPerBlock;
    int best = 0, best_threads = 0, best_blocks = 0;
    most = limit > 0 && limit < most ? limit : most;
    for (int size = most; size > 0; size = (size - 1) / CW_RT_WARP_SIZE * CW_RT_WARP_SIZE) {
        int blocks = 0;
        error = cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(&blocks, function, size,
                                                                       shared_of ? shared_of(size) : shared, flags);
        if (error != cudaSuccess) {
            return error;
        }
        if (blocks * size > best_threads) {
            best = size;
            best_blocks = blocks;
            best_threads = blocks * size;
        }
    }
    uint32_t processors = kernel->device->facts.processors;
    *grid_size = best_blocks * (int)(processors ? processors : 1);
    *block_size = best;
    return cudaSuccess;
}

CUresult cuOccupancyMaxPotentialBlockSize(int *grid_size, int *block_size, CUfunction function,
                                          CUoccupancyB2DSize shared_of, size_t shared, int limit) {
    return CW_DRIVER(best_block(grid_size, block_size, function, shared_of, shared, limit, CU_OCCUPANCY_DEFAULT));
}

CUresult cuOccupancyMaxPotentialBlockSizeWithFlags(int *grid_size, int *block_size, CUfunction function,
                                                   CUoccupancyB2DSize shared_of, size_t shared, int limit,
                                                   unsigned flags) {
    return CW_DRIVER(best_block(grid_size, block_size, function, shared_of, shared, limit, flags));
}

static cudaError_t clusters(int *place, CUfunction function, const CUlaunchConfig *config,
                            cudaError_t (*ask)(int *place, const void *func, const cudaLaunchConfig_t *config)) {
    struct CUfunc_st *kernel;
    cudaError_t error = config ? cw_driver_place(place, "answer") : cw_driver_place(NULL, "configuration");
    if (error == cudaSuccess) {
        error = find(function, &kernel);
    }
    if (error == cudaSuccess) {
        cudaLaunchConfig_t same = cw_driver_config(config);
        error = ask(place, function, &same);
    }
    return error;
}

CUresult cuOccupancyMaxActiveClusters(int *count, CUfunction function, const CUlaunchConfig *config) {
    return CW_DRIVER(clusters(count, function, config, cudaOccupancyMaxActiveClusters));
}

CUresult cuOccupancyMaxPotentialClusterSize(int *size, CUfunction function, const CUlaunchConfig *config) {
    return CW_DRIVER(clusters(size, function, config, cudaOccupancyMaxPotentialClusterSize));
}
