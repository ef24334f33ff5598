/* SPDX-License-Identifier: Apache-2.0 */
/* function.c: CUDA's function attributes, and how many blocks fit on a processor (capability 8.0's rules). */
#include <string.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/cluster.h"
#include "runtime/device.h"
#include "runtime/loading.h"
#include "runtime/thread.h"

/* What a thread is said to use: occupancy then depends on threads and shared memory alone. */
#define REGISTERS_PER_THREAD 32

static cudaError_t find(const void *func, const void *place, struct CUfunc_st **kernel) {
    struct cw_rt_device *device;
    if (!place) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the answer is NULL");
    }
    cudaError_t error = cw_rt_device_current(&device);
    return error != cudaSuccess ? error : cw_rt_kernel_find(device, func, kernel);
}

static int max_threads(const struct CUfunc_st *kernel) {
    uint32_t most = CW_RT_MAX_THREADS_PER_BLOCK;
    if (kernel->row->max_threads && kernel->row->max_threads < most) {
        most = kernel->row->max_threads;
    }
    if (kernel->facts.max_threads && kernel->facts.max_threads < most) {
        most = kernel->facts.max_threads;
    }
    return (int)most;
}

/* The most shared memory that a block can be given by opting in. */
static size_t shared_limit(const struct cw_rt_device *device) {
    uint64_t limit = device->facts.shared_per_block;
    bool own = device->facts.capability != 0; /* what it has, it has under CUDA too */
    return limit && (own || limit < CW_RT_SHARED_PER_BLOCK_OPTIN) ? (size_t)limit : CW_RT_SHARED_PER_BLOCK_OPTIN;
}

static cudaError_t get_attributes(struct cudaFuncAttributes *attributes, const void *func) {
    struct CUfunc_st *kernel;
    cudaError_t error = find(func, attributes, &kernel);
    if (error != cudaSuccess) {
        return error;
    }
    memset(attributes, 0, sizeof *attributes);
    attributes->sharedSizeBytes = kernel->row->static_shared;
    attributes->localSizeBytes = kernel->facts.local_bytes;
    attributes->maxThreadsPerBlock = max_threads(kernel);
    attributes->numRegs = REGISTERS_PER_THREAD;
    attributes->ptxVersion = CW_RT_CAPABILITY_MAJOR * 10 + CW_RT_CAPABILITY_MINOR;
    attributes->binaryVersion = CW_RT_CAPABILITY_MAJOR * 10 + CW_RT_CAPABILITY_MINOR;
    attributes->maxDynamicSharedSizeBytes = kernel->dynamic_shared_max;
    attributes->preferredShmemCarveout = kernel->carveout;
    cw_rt_cluster_describe(kernel, attributes);
    return cudaSuccess;
}

cudaError_t cudaFuncGetAttributes(struct cudaFuncAttributes *attributes, const void *func) {
    return cw_rt_record(get_attributes(attributes, func));
}

static cudaError_t set_attribute(struct CUfunc_st *kernel, enum cudaFuncAttribute attribute, int value) {
    switch (attribute) {
    case cudaFuncAttributeMaxDynamicSharedMemorySize:
        if (value < 0 || (size_t)value + kernel->row->static_shared > shared_limit(kernel->device)) {
            return cw_rt_fail(cudaErrorInvalidValue,
                              "%s: %d bytes of dynamic beside %u of static shared memory exceed %zu", kernel->row->name,
                              value, kernel->row->static_shared, shared_limit(kernel->device));
        }
        kernel->dynamic_shared_max = value;
        return cudaSuccess;
    case cudaFuncAttributePreferredSharedMemoryCarveout:
        if (value < cudaSharedmemCarveoutDefault || value > cudaSharedmemCarveoutMaxShared) {
            return cw_rt_fail(cudaErrorInvalidValue, "a carveout of %d%%", value);
        }
        kernel->carveout = value;
        return cudaSuccess;
    case cudaFuncAttributeClusterDimMustBeSet:
    case cudaFuncAttributeRequiredClusterWidth:
    case cudaFuncAttributeRequiredClusterHeight:
    case cudaFuncAttributeRequiredClusterDepth:
    case cudaFuncAttributeNonPortableClusterSizeAllowed:
    case cudaFuncAttributeClusterSchedulingPolicyPreference:
        return cw_rt_cluster_set(kernel, attribute, value);
    case cudaFuncAttributeMax:
        break;
    }
    return cw_rt_fail(cudaErrorInvalidValue, "there is no function attribute %d that can be set", (int)attribute);
}

static cudaError_t set_current(const void *func, enum cudaFuncAttribute attribute, int value) {
    struct CUfunc_st *kernel;
    cudaError_t error = find(func, func, &kernel);
    if (error != cudaSuccess) {
        return func ? error : cw_rt_fail(cudaErrorInvalidDeviceFunction, "the kernel is NULL");
    }
    return set_attribute(kernel, attribute, value);
}

cudaError_t cudaFuncSetAttribute(const void *func, enum cudaFuncAttribute attribute, int value) {
    return cw_rt_record(set_current(func, attribute, value));
}

static cudaError_t set_for_device(const void *func, enum cudaFuncAttribute attribute, int value, int ordinal) {
    struct cw_rt_device *device;
    struct CUfunc_st *kernel;
    cudaError_t error = cw_rt_device_at(ordinal, &device);
    if (error == cudaSuccess) {
        error = cw_rt_device_open(device);
    }
    if (error == cudaSuccess) {
        error = cw_rt_kernel_find(device, func, &kernel);
    }
    return error != cudaSuccess ? error : set_attribute(kernel, attribute, value);
}

cudaError_t cudaKernelSetAttributeForDevice(cudaKernel_t kernel, enum cudaFuncAttribute attribute, int value,
                                            int device) {
    return cw_rt_record(set_for_device(kernel, attribute, value, device));
}

/* Preferences: checked, and then there is nothing that they could prefer. */
cudaError_t cudaFuncSetCacheConfig(const void *func, enum cudaFuncCache config) {
    struct CUfunc_st *kernel = NULL;
    if ((int)config < cudaFuncCachePreferNone || config > cudaFuncCachePreferEqual) {
        return cw_rt_record(cw_rt_fail(cudaErrorInvalidValue, "there is no cache configuration %d", (int)config));
    }
    return cw_rt_record(find(func, &kernel, &kernel));
}

cudaError_t cudaFuncSetSharedMemConfig(const void *func, enum cudaSharedMemConfig config) {
    struct CUfunc_st *kernel = NULL;
    if ((int)config < cudaSharedMemBankSizeDefault || config > cudaSharedMemBankSizeEightByte) {
        return cw_rt_record(cw_rt_fail(cudaErrorInvalidValue, "there is no bank configuration %d", (int)config));
    }
    return cw_rt_record(find(func, &kernel, &kernel));
}

cudaError_t cudaFuncGetName(const char **name, const void *func) {
    struct CUfunc_st *kernel;
    cudaError_t error = find(func, name, &kernel);
    if (error == cudaSuccess) {
        *name = kernel->row->name;
    }
    return cw_rt_record(error);
}

static cudaError_t get_param_info(const void *func, size_t index, size_t *offset, size_t *size) {
    struct CUfunc_st *kernel;
    cudaError_t error = find(func, offset, &kernel);
    if (error != cudaSuccess) {
        return error;
    }
    if (index >= kernel->row->param_count) {
        return cw_rt_fail(cudaErrorInvalidValue, "%s has %u parameters", kernel->row->name, kernel->row->param_count);
    }
    *offset = kernel->row->params[index].offset;
    if (size) {
        *size = kernel->row->params[index].size;
    }
    return cudaSuccess;
}

cudaError_t cudaFuncGetParamInfo(const void *func, size_t index, size_t *offset, size_t *size) {
    return cw_rt_record(get_param_info(func, index, offset, size));
}

cudaError_t cudaGetFuncBySymbol(cudaFunction_t *function, const void *symbol) {
    return cw_rt_record(find(symbol, function, function));
}

/* ---- Occupancy ----------------------------------------------------------------------------------------------- */

static size_t at_most(size_t blocks, size_t room, size_t each) {
    size_t fit = each ? room / each : blocks;
    return fit < blocks ? fit : blocks;
}

uint32_t cw_rt_kernel_active_blocks(const struct CUfunc_st *kernel, uint32_t block_size, size_t dynamic_shared) {
    const struct cw_backend *backend;
    size_t shared = kernel->row->static_shared + dynamic_shared;
    if (cw_rt_backend(&backend) == cudaSuccess && backend->kernel_active_blocks && kernel->backend) {
        return backend->kernel_active_blocks(kernel->backend, block_size, dynamic_shared);
    }
    if (block_size > (uint32_t)max_threads(kernel) || shared > shared_limit(kernel->device)) {
        return 0;
    }
    size_t warps = ((size_t)block_size + CW_RT_WARP_SIZE - 1) / CW_RT_WARP_SIZE;
    size_t fit = CW_RT_MAX_BLOCKS_PER_PROCESSOR;
    fit = at_most(fit, CW_RT_MAX_THREADS_PER_PROCESSOR / CW_RT_WARP_SIZE, warps);
    fit = at_most(fit, CW_RT_SHARED_PER_PROCESSOR, shared + CW_RT_SHARED_RESERVED);
    return (uint32_t)at_most(fit, CW_RT_REGISTERS, warps * CW_RT_WARP_SIZE * REGISTERS_PER_THREAD);
}

static cudaError_t active_blocks(int *blocks, const void *func, int block_size, size_t dynamic_shared, unsigned flags) {
    struct CUfunc_st *kernel;
    cudaError_t error = find(func, blocks, &kernel);
    if (error != cudaSuccess) {
        return error;
    }
    if (block_size <= 0 || (flags & ~(unsigned)cudaOccupancyDisableCachingOverride)) {
        return cw_rt_fail(cudaErrorInvalidValue, "blocks of %d threads, flags 0x%x", block_size, flags);
    }
    *blocks = (int)cw_rt_kernel_active_blocks(kernel, (uint32_t)block_size, dynamic_shared);
    return cudaSuccess;
}

cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, const void *func, int block_size,
                                                          size_t dynamic_shared) {
    return cw_rt_record(active_blocks(blocks, func, block_size, dynamic_shared, cudaOccupancyDefault));
}

cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int *blocks, const void *func, int block_size,
                                                                   size_t dynamic_shared, unsigned flags) {
    return cw_rt_record(active_blocks(blocks, func, block_size, dynamic_shared, flags));
}

static cudaError_t available_shared(size_t *bytes, const void *func, int blocks, int block_size) {
    struct CUfunc_st *kernel;
    int possible = 0;
    cudaError_t error = find(func, bytes, &kernel);
    if (error == cudaSuccess) {
        error = active_blocks(&possible, func, block_size, 0, cudaOccupancyDefault);
    }
    if (error != cudaSuccess) {
        return error;
    }
    if (blocks <= 0 || blocks > possible) {
        return cw_rt_fail(cudaErrorInvalidValue, "%s: %d blocks of %d threads don't fit", kernel->row->name, blocks,
                          block_size);
    }
    size_t each = CW_RT_SHARED_PER_PROCESSOR / (size_t)blocks - CW_RT_SHARED_RESERVED - kernel->row->static_shared;
    size_t limit = shared_limit(kernel->device) - kernel->row->static_shared;
    *bytes = each < limit ? each : limit;
    return cudaSuccess;
}

cudaError_t cudaOccupancyAvailableDynamicSMemPerBlock(size_t *bytes, const void *func, int blocks, int block_size) {
    return cw_rt_record(available_shared(bytes, func, blocks, block_size));
}

/* ---- Deprecated: devices without doubles are gone -------------------------------------------------------------- */

cudaError_t cudaSetDoubleForDevice(double *value) {
    return cw_rt_record(value ? cudaSuccess : cw_rt_fail(cudaErrorInvalidValue, "the number is NULL"));
}

cudaError_t cudaSetDoubleForHost(double *value) {
    return cw_rt_record(value ? cudaSuccess : cw_rt_fail(cudaErrorInvalidValue, "the number is NULL"));
}
