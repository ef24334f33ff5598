/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch.c: kernel launches. The arguments are packed as the kernel table says, at once, so that the caller's variables
 * are free when the call returns; the launch itself is an operation of its stream.
 */
#include "runtime/launch.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/capture.h"
#include "runtime/context.h"
#include "runtime/device.h"
#include "runtime/cluster.h"
#include "runtime/elsewhere.h"
#include "runtime/loading.h"
#include "runtime/reference.h"
#include "runtime/stream.h"
#include "runtime/thread.h"

#define PARAMETER_BYTES_MAX 32764u

cudaError_t cw_rt_fault_error(enum cw_fault_kind kind) {
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

cudaError_t cw_rt_launch_run(struct cw_rt_device *device, void *payload) {
    const struct cw_rt_launch *launch = payload;
    const struct cw_backend *backend;
    struct cw_fault fault;
    cudaError_t error = cw_rt_backend(&backend);
    if (error != cudaSuccess) {
        return error;
    }
    fault.kind = CW_FAULT_NONE;
    fault.message[0] = '\0';
    struct cw_backend_stream *native = cw_rt_thread()->native;
    cw_status status = CW_OK;
    if (launch->elsewhere) {
        status = native ? backend->stream_wait(native, &fault) : CW_OK;
        status = status == CW_OK ? cw_rt_elsewhere_run(device, launch, &fault) : status;
    } else if (launch->shaped && !native) {
        uint64_t start = 0;
        struct cw_rt_shape *shape = cw_rt_shape_begin(launch->shaped, &launch->backend, &start);
        status = backend->launch(device->backend, &launch->backend, &fault);
        if (shape && status == CW_OK) {
            cw_rt_shape_end(launch->shaped, shape, start);
        }
    } else {
        status = native ? backend->launch_async(native, &launch->backend, &fault)
                        : backend->launch(device->backend, &launch->backend, &fault);
    }
    if (status == CW_OK) {
        return cudaSuccess;
    }
    if (!fault.message[0]) {
        snprintf(fault.message, sizeof fault.message, "the backend %s could not run a kernel: %s", backend->name,
                 cw_status_text(status));
    }
    error = status == CW_ERROR_OUT_OF_MEMORY ? cudaErrorLaunchOutOfResources : cw_rt_fault_error(fault.kind);
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

/* All blocks of a cooperative launch are resident at once: CUDA C++ Programming Guide, "Grid Synchronization". */
static cudaError_t check_cooperative(const struct CUfunc_st *kernel, dim3 grid, dim3 block, size_t shared,
                                     unsigned limit) {
    uint64_t processors = kernel->device->facts.processors ? kernel->device->facts.processors : 1;
    processors = limit && limit < processors ? limit : processors;
    uint64_t fit = processors * cw_rt_kernel_active_blocks(kernel, block.x * block.y * block.z, shared);
    uint64_t rows = (uint64_t)grid.y * grid.z;
    if (rows <= fit && rows * grid.x <= fit) {
        return cudaSuccess;
    }
    return cw_rt_fail(cudaErrorCooperativeLaunchTooLarge,
                      "%s: a cooperative launch of (%u, %u, %u) blocks, of which this device holds %llu at once "
                      "(cudaOccupancyMaxActiveBlocksPerMultiprocessor times the multiprocessors)",
                      kernel->row->name, grid.x, grid.y, grid.z, (unsigned long long)fit);
}

static size_t param_bytes(const struct CUfunc_st *kernel) {
    size_t bytes = kernel->row->param_bytes;
    return kernel->facts.param_bytes > bytes ? kernel->facts.param_bytes : bytes;
}

cudaError_t cw_rt_launch_check(const struct cw_rt_request *request, size_t *bytes) {
    const struct CUfunc_st *kernel = request->kernel;
    cudaError_t error = check_shape(kernel, request->grid, request->block);
    if (error == cudaSuccess) {
        error = check_shared(kernel, request->shared);
    }
    if (error == cudaSuccess) {
        error = cw_rt_cluster_check(request);
    }
    if (error == cudaSuccess && request->cooperative) {
        error = check_cooperative(kernel, request->grid, request->block, request->shared, request->processors);
    }
    if (error != cudaSuccess) {
        return error;
    }
    if (param_bytes(kernel) > PARAMETER_BYTES_MAX) {
        return cw_rt_fail(cudaErrorLaunchOutOfResources, "%s: %zu bytes of arguments exceed %u", kernel->row->name,
                          param_bytes(kernel), PARAMETER_BYTES_MAX);
    }
    *bytes = sizeof(struct cw_rt_launch) + param_bytes(kernel);
    return cudaSuccess;
}

/* ---- Filling ------------------------------------------------------------------------------------------------- */

/* The words of `extra`: CU_LAUNCH_PARAM_BUFFER_POINTER, ..._SIZE and ..._END. */
enum extra_word { EXTRA_END, EXTRA_POINTER, EXTRA_SIZE };

static cudaError_t pack_extra(const struct cw_kernel *row, void **extra, char *params) {
    const void *buffer = NULL;
    const size_t *size = NULL;
    for (size_t i = 0; extra[i]; i += 2) {
        uintptr_t word = (uintptr_t)extra[i];
        if (word == EXTRA_POINTER) {
            buffer = extra[i + 1];
        } else if (word == EXTRA_SIZE) {
            size = extra[i + 1];
        } else {
            return cw_rt_fail(cudaErrorInvalidValue, "%s: there is no launch parameter %zu", row->name, (size_t)word);
        }
    }
    if (!size || (*size > 0 && !buffer) || *size > row->param_bytes) {
        return cw_rt_fail(cudaErrorInvalidValue, "%s: packed arguments need a buffer and a size of up to %u bytes",
                          row->name, row->param_bytes);
    }
    memcpy(params, buffer, *size);
    return cudaSuccess;
}

cudaError_t cw_rt_launch_pack(const struct cw_rt_request *request, char *params) {
    const struct cw_kernel *row = request->kernel->row;
    if (request->extra && request->args) {
        return cw_rt_fail(cudaErrorInvalidValue, "%s: arguments are given both as addresses and packed", row->name);
    }
    if (request->extra) {
        return pack_extra(row, request->extra, params);
    }
    for (uint32_t i = 0; i < row->param_count; i++) {
        if (!request->args || !request->args[i]) {
            return cw_rt_fail(cudaErrorInvalidValue, "%s: argument %u is missing", row->name, i);
        }
        memcpy(params + row->params[i].offset, request->args[i], row->params[i].size);
    }
    return cudaSuccess;
}

cudaError_t cw_rt_launch_fill(const struct cw_rt_request *request, struct cw_rt_launch *made) {
    made->backend = (struct cw_launch){
        .kernel = request->kernel->backend,
        .grid = {request->grid.x, request->grid.y, request->grid.z},
        .block = {request->block.x, request->block.y, request->block.z},
        .dynamic_shared = (uint32_t)request->shared,
        .cooperative = request->cooperative,
        .processors = request->processors,
        .params = made->params,
        .param_bytes = request->kernel->row->param_bytes,
        .param_count = request->kernel->row->param_count,
        .layout = request->kernel->row->params,
        .cluster = cw_rt_cluster_of(request),
    };
    made->shaped = request->kernel->loaded->shapes ? request->kernel : NULL;
    made->elsewhere = request->kernel->elsewhere ? request->kernel : NULL;
    return cw_rt_launch_pack(request, made->params);
}

/* ---- Launching ----------------------------------------------------------------------------------------------- */

struct call {
    const void *func;
    struct cw_rt_request request;
    cudaStream_t stream;
};

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

static cudaError_t capture_launch(struct CUstream_st *stream, const struct call *call) {
    const struct cw_rt_request *request = &call->request;
    struct cudaGraphNodeParams params = {.type = cudaGraphNodeTypeKernel};
    params.kernel = (struct cudaKernelNodeParamsV2){.func = (void *)(uintptr_t)call->func,
                                                    .gridDim = request->grid,
                                                    .blockDim = request->block,
                                                    .sharedMemBytes = (unsigned)request->shared,
                                                    .kernelParams = request->args,
                                                    .extra = request->extra};
    struct CUgraphNode_st *node;
    cudaError_t error = cw_rt_capture_add_node(stream, &params, &node);
    if (error == cudaSuccess && request->cooperative) {
        cudaLaunchAttributeValue value = {.cooperative = 1};
        error = cudaGraphKernelNodeSetAttribute(node, cudaLaunchAttributeCooperative, &value);
    }
    if (error == cudaSuccess && request->cluster.x) {
        cudaLaunchAttributeValue value = {.clusterDim = {request->cluster.x, request->cluster.y, request->cluster.z}};
        error = cudaGraphKernelNodeSetAttribute(node, cudaLaunchAttributeClusterDimension, &value);
    }
    return error;
}

static cudaError_t launch(struct call *call) {
    struct cw_rt_request *request = &call->request;
    struct cw_rt_device *device;
    struct CUstream_st *stream;
    size_t bytes;
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_kernel_find(device, call->func, &request->kernel);
    }
    if (error == cudaSuccess) {
        error = cw_rt_stream_resolve(device, call->stream, &stream);
    }
    if (error == cudaSuccess && stream->device != device) {
        error = cw_rt_fail(cudaErrorInvalidResourceHandle, "%s: the stream belongs to device %d, the current one is %d",
                           request->kernel->row->name, stream->device->ordinal, device->ordinal);
    }
    if (error == cudaSuccess) {
        bool shared = stream->legacy || stream->per_thread; /* among contexts */
        request->processors = shared ? cw_rt_context_processors() : stream->processors;
        error = cw_rt_launch_check(request, &bytes);
    }
    if (error == cudaSuccess) {
        error = cw_rt_references_settle(device);
    }
    if (error != cudaSuccess) {
        return error;
    }
    if (cw_rt_stream_capturing(stream)) {
        return capture_launch(stream, call);
    }
    struct cw_rt_operation *operation = cw_rt_operation_take(bytes);
    if (!operation) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory to queue an operation");
    }
    error = cw_rt_launch_fill(request, operation->payload);
    if (error != cudaSuccess) {
        cw_rt_operation_give(operation);
        return error;
    }
    operation->execute = cw_rt_launch_run;
    operation->flags = CW_RT_ISSUES;
    return cw_rt_submit(stream, operation, blocking_launches() ? CW_RT_WAIT : CW_RT_ASYNC, NULL);
}

cudaError_t cudaLaunchKernel(const void *func, dim3 grid, dim3 block, void **args, size_t shared, cudaStream_t stream) {
    struct call call = {func, {.grid = grid, .block = block, .args = args, .shared = shared}, stream};
    return cw_rt_record(launch(&call));
}

cudaError_t cudaLaunchCooperativeKernel(const void *func, dim3 grid, dim3 block, void **args, size_t shared,
                                        cudaStream_t stream) {
    struct call call = {
        func, {.grid = grid, .block = block, .args = args, .shared = shared, .cooperative = true}, stream};
    return cw_rt_record(launch(&call));
}

/* Deprecated, and gone from CUDA 13: one cooperative launch a device, each on a device of its own. The launches of several
 * devices would have to be resident together, which nothing here can promise, so there may be one. */
static cudaError_t launch_on_devices(const struct cudaLaunchParams *list, unsigned count, unsigned flags) {
    unsigned known = cudaCooperativeLaunchMultiDeviceNoPreSync | cudaCooperativeLaunchMultiDeviceNoPostSync;
    if (!list || count == 0 || (flags & ~known)) {
        return cw_rt_fail(cudaErrorInvalidValue, "launches of %u devices at %p, flags 0x%x", count, (const void *)list,
                          flags);
    }
    if (count > 1) {
        return cw_rt_fail(cudaErrorNotSupported,
                          "cooperative launches over %u devices (cudaDevAttrCooperativeMultiDeviceLaunch is 0)", count);
    }
    return cudaLaunchCooperativeKernel(list->func, list->gridDim, list->blockDim, list->args, list->sharedMem,
                                       list->stream);
}

cudaError_t cudaLaunchCooperativeKernelMultiDevice(struct cudaLaunchParams *list, unsigned count, unsigned flags) {
    return cw_rt_record(launch_on_devices(list, count, flags));
}

/* Attributes that only tune speed are accepted: they promise nothing. The others are refused by number. */
static cudaError_t read_attributes(const cudaLaunchConfig_t *config, struct cw_rt_request *request) {
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
        case cudaLaunchAttributePreferredClusterDimension:
        case cudaLaunchAttributeClusterSchedulingPolicyPreference: {
            cudaError_t error = cw_rt_cluster_read(attribute, request);
            if (error != cudaSuccess) {
                return error;
            }
            break;
        }
        default:
            return cw_rt_fail(cudaErrorNotSupported, "launch attribute %d", (int)attribute->id);
        }
    }
    return cudaSuccess;
}

cudaError_t cw_rt_launch_configured(const cudaLaunchConfig_t *config, const void *func, void **args, void **extra) {
    if (!config) {
        return cw_rt_fail(cudaErrorInvalidValue, "the configuration is NULL");
    }
    struct call call = {func,
                        {.grid = config->gridDim,
                         .block = config->blockDim,
                         .args = args,
                         .extra = extra,
                         .shared = config->dynamicSmemBytes},
                        config->stream};
    cudaError_t error = read_attributes(config, &call.request);
    return error != cudaSuccess ? error : launch(&call);
}

cudaError_t cudaLaunchKernelExC(const cudaLaunchConfig_t *config, const void *func, void **args) {
    return cw_rt_record(cw_rt_launch_configured(config, func, args, NULL));
}
