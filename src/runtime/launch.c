/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch.c: kernel launches. The arguments are packed as the kernel table says, at once, so that the caller's variables
 * are free when the call returns; the launch itself is an operation of its stream.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/device.h"
#include "runtime/loading.h"
#include "runtime/stream.h"
#include "runtime/thread.h"

#define PARAMETER_BYTES_MAX 32764u

struct launch {
    struct cw_launch backend;
    _Alignas(16) char params[];
};

static cudaError_t fault_error(enum cw_fault_kind kind) {
    switch (kind) {
    case CW_FAULT_ILLEGAL_ADDRESS:
        return cudaErrorIllegalAddress;
    case CW_FAULT_ASSERT:
        return cudaErrorAssert;
    case CW_FAULT_STACK_OVERFLOW:
        return cudaErrorHardwareStackError;
    case CW_FAULT_DEADLOCK:
        return cudaErrorLaunchTimeout;
    case CW_FAULT_ILLEGAL_INSTRUCTION:
        return cudaErrorIllegalInstruction;
    case CW_FAULT_MISALIGNED:
        return cudaErrorMisalignedAddress;
    case CW_FAULT_RESOURCES:
        return cudaErrorLaunchOutOfResources;
    case CW_FAULT_NONE:
    case CW_FAULT_TRAP:
        break;
    }
    return cudaErrorLaunchFailure;
}

static cudaError_t run_launch(struct cw_rt_device *device, void *payload) {
    const struct launch *launch = payload;
    const struct cw_backend *backend;
    struct cw_fault fault;
    cudaError_t error = cw_rt_backend(&backend);
    if (error != cudaSuccess) {
        return error;
    }
    fault.kind = CW_FAULT_NONE;
    fault.message[0] = '\0';
    cw_status status = backend->launch(device->backend, &launch->backend, &fault);
    if (status == CW_OK) {
        return cudaSuccess;
    }
    if (!fault.message[0]) {
        snprintf(fault.message, sizeof fault.message, "the backend %s could not run a kernel: %s", backend->name,
                 cw_status_text(status));
    }
    error = status == CW_ERROR_OUT_OF_MEMORY ? cudaErrorLaunchOutOfResources : fault_error(fault.kind);
    cw_rt_device_fail(device, error, fault.message);
    return cudaSuccess;
}

/* ---- Checking ------------------------------------------------------------------------------------------------ */

static cudaError_t check_shape(const struct CUfunc_st *kernel, dim3 grid, dim3 block) {
    const char *name = kernel->row->name;
    if (grid.x == 0 || grid.y == 0 || grid.z == 0 || block.x == 0 || block.y == 0 || block.z == 0) {
        return cw_rt_fail(cudaErrorInvalidConfiguration,
                          "%s: grid (%u, %u, %u), block (%u, %u, %u): no dimension may be 0", name, grid.x, grid.y,
                          grid.z, block.x, block.y, block.z);
    }
    if (grid.x > CW_RT_MAX_GRID_X || grid.y > CW_RT_MAX_GRID_YZ || grid.z > CW_RT_MAX_GRID_YZ) {
        return cw_rt_fail(cudaErrorInvalidConfiguration, "%s: a grid of (%u, %u, %u) exceeds (%d, %d, %d)", name,
                          grid.x, grid.y, grid.z, CW_RT_MAX_GRID_X, CW_RT_MAX_GRID_YZ, CW_RT_MAX_GRID_YZ);
    }
    uint64_t threads_max = CW_RT_MAX_THREADS_PER_BLOCK;
    uint32_t device_max = kernel->device->facts.max_threads_per_block;
    if (device_max && device_max < threads_max) {
        threads_max = device_max;
    }
    if (block.x > threads_max || block.y > threads_max || block.z > CW_RT_MAX_BLOCK_Z ||
        (uint64_t)block.x * block.y * block.z > threads_max) {
        return cw_rt_fail(cudaErrorInvalidConfiguration, "%s: a block of (%u, %u, %u) exceeds %u threads, or %d in z",
                          name, block.x, block.y, block.z, (unsigned)threads_max, CW_RT_MAX_BLOCK_Z);
    }
    uint32_t bound = kernel->row->max_threads;
    if (kernel->facts.max_threads && (!bound || kernel->facts.max_threads < bound)) {
        bound = kernel->facts.max_threads;
    }
    if (bound && block.x * block.y * block.z > bound) {
        return cw_rt_fail(cudaErrorLaunchOutOfResources,
                          "%s: %u threads a block exceed the %u that the kernel was built for "
                          "(__launch_bounds__)",
                          name, block.x * block.y * block.z, bound);
    }
    return cudaSuccess;
}

static cudaError_t check_shared(const struct CUfunc_st *kernel, size_t shared) {
    size_t max = (size_t)kernel->dynamic_shared_max;
    uint64_t device_max = kernel->device->facts.shared_per_block;
    uint64_t own = kernel->row->static_shared;
    if (shared > max) {
        return cw_rt_fail(cudaErrorInvalidValue,
                          "%s: %zu bytes of dynamic shared memory exceed %zu; cudaFuncSetAttribute("
                          "cudaFuncAttributeMaxDynamicSharedMemorySize) allows more",
                          kernel->row->name, shared, max);
    }
    if (device_max && own + shared > device_max) {
        return cw_rt_fail(cudaErrorInvalidValue, "%s: %zu bytes of shared memory exceed the device's %zu",
                          kernel->row->name, (size_t)own + shared, (size_t)device_max);
    }
    return cudaSuccess;
}

static cudaError_t check_cooperative(const struct CUfunc_st *kernel, dim3 grid) {
    if (grid.x == 1 && grid.y == 1 && grid.z == 1) {
        return cudaSuccess;
    }
    return cw_rt_fail(cudaErrorNotSupported, "%s: cooperative launches of more than one block are not supported",
                      kernel->row->name);
}

/* ---- Launching ----------------------------------------------------------------------------------------------- */

struct request {
    const void *func;
    dim3 grid, block;
    void **args;
    size_t shared;
    cudaStream_t stream;
    bool cooperative;
};

static cudaError_t pack(const struct cw_kernel *row, void **args, char *params) {
    for (uint32_t i = 0; i < row->param_count; i++) {
        if (!args || !args[i]) {
            return cw_rt_fail(cudaErrorInvalidValue, "%s: argument %u is missing", row->name, i);
        }
        memcpy(params + row->params[i].offset, args[i], row->params[i].size);
    }
    return cudaSuccess;
}

/* CUDA_LAUNCH_BLOCKING=1: launches return when their kernel is done, so that a fault names its launch. */
static bool blocking_launches(void) {
    static _Atomic int known; /* 0: not asked yet; 1: no; 2: yes */
    int answer = atomic_load_explicit(&known, memory_order_relaxed);
    if (answer == 0) {
        const char *value = getenv("CUDA_LAUNCH_BLOCKING");
        answer = value && strcmp(value, "1") == 0 ? 2 : 1;
        atomic_store_explicit(&known, answer, memory_order_relaxed);
    }
    return answer == 2;
}

static cudaError_t launch(const struct request *request) {
    struct cw_rt_device *device;
    struct CUfunc_st *kernel;
    struct CUstream_st *stream;
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_kernel_find(device, request->func, &kernel);
    }
    if (error == cudaSuccess) {
        error = cw_rt_stream_resolve(device, request->stream, &stream);
    }
    if (error == cudaSuccess && stream->device != device) {
        error = cw_rt_fail(cudaErrorInvalidResourceHandle, "%s: the stream belongs to device %d, the current one is %d",
                           kernel->row->name, stream->device->ordinal, device->ordinal);
    }
    if (error == cudaSuccess) {
        error = check_shape(kernel, request->grid, request->block);
    }
    if (error == cudaSuccess) {
        error = check_shared(kernel, request->shared);
    }
    if (error == cudaSuccess && request->cooperative) {
        error = check_cooperative(kernel, request->grid);
    }
    if (error != cudaSuccess) {
        return error;
    }
    size_t param_bytes = kernel->row->param_bytes;
    if (kernel->facts.param_bytes > param_bytes) {
        param_bytes = kernel->facts.param_bytes;
    }
    if (param_bytes > PARAMETER_BYTES_MAX) {
        return cw_rt_fail(cudaErrorLaunchOutOfResources, "%s: %zu bytes of arguments exceed %u", kernel->row->name,
                          param_bytes, PARAMETER_BYTES_MAX);
    }
    struct cw_rt_operation *operation = cw_rt_operation_take(sizeof(struct launch) + param_bytes);
    if (!operation) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory to queue an operation");
    }
    struct launch *made = operation->payload;
    error = pack(kernel->row, request->args, made->params);
    if (error != cudaSuccess) {
        cw_rt_operation_give(operation);
        return error;
    }
    made->backend = (struct cw_launch){
        .kernel = kernel->backend,
        .grid = {request->grid.x, request->grid.y, request->grid.z},
        .block = {request->block.x, request->block.y, request->block.z},
        .dynamic_shared = (uint32_t)request->shared,
        .cooperative = request->cooperative,
        .params = made->params,
    };
    operation->execute = run_launch;
    return cw_rt_submit(stream, operation, blocking_launches() ? CW_RT_WAIT : CW_RT_ASYNC, NULL);
}

cudaError_t cudaLaunchKernel(const void *func, dim3 grid, dim3 block, void **args, size_t shared, cudaStream_t stream) {
    return cw_rt_record(launch(&(struct request){func, grid, block, args, shared, stream, false}));
}

cudaError_t cudaLaunchCooperativeKernel(const void *func, dim3 grid, dim3 block, void **args, size_t shared,
                                        cudaStream_t stream) {
    return cw_rt_record(launch(&(struct request){func, grid, block, args, shared, stream, true}));
}

/* Attributes that only tune speed are accepted: they promise nothing. The others are refused by number. */
static cudaError_t read_attributes(const cudaLaunchConfig_t *config, struct request *request) {
    if (config->numAttrs > 0 && !config->attrs) {
        return cw_rt_fail(cudaErrorInvalidValue, "%u launch attributes at NULL", config->numAttrs);
    }
    for (unsigned i = 0; i < config->numAttrs; i++) {
        const cudaLaunchAttribute *attribute = &config->attrs[i];
        switch (attribute->id) {
        case cudaLaunchAttributeIgnore:
        case cudaLaunchAttributeAccessPolicyWindow:
        case cudaLaunchAttributeSynchronizationPolicy:
        case cudaLaunchAttributePriority:
        case cudaLaunchAttributeMemSyncDomainMap:
        case cudaLaunchAttributeMemSyncDomain:
        case cudaLaunchAttributePreferredSharedMemoryCarveout:
            break;
        case cudaLaunchAttributeCooperative:
            request->cooperative = attribute->val.cooperative != 0;
            break;
        case cudaLaunchAttributeProgrammaticStreamSerialization:
            /* It allows overlap, it does not demand it. */
            break;
        case cudaLaunchAttributeClusterDimension:
            if (attribute->val.clusterDim.x == 1 && attribute->val.clusterDim.y == 1 &&
                attribute->val.clusterDim.z == 1) {
                break;
            }
            return cw_rt_fail(cudaErrorInvalidClusterSize, "thread block clusters need compute capability 9.0");
        default:
            return cw_rt_fail(cudaErrorNotSupported, "launch attribute %d", (int)attribute->id);
        }
    }
    return cudaSuccess;
}

static cudaError_t launch_configured(const cudaLaunchConfig_t *config, const void *func, void **args) {
    if (!config) {
        return cw_rt_fail(cudaErrorInvalidValue, "the configuration is NULL");
    }
    struct request request = {func, config->gridDim, config->blockDim, args, config->dynamicSmemBytes, config->stream,
                              false};
    cudaError_t error = read_attributes(config, &request);
    return error != cudaSuccess ? error : launch(&request);
}

cudaError_t cudaLaunchKernelExC(const cudaLaunchConfig_t *config, const void *func, void **args) {
    return cw_rt_record(launch_configured(config, func, args));
}
