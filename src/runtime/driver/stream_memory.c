/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream_memory.c: streams that write words of memory and wait for them (Driver API reference, "Stream Memory Operations").
 *
 * A stream that waits keeps a dispatcher polling; the engine has another one for every stream that may run. Only devices
 * that share the host's memory have these functions.
 */
#include <stdlib.h>
#include <string.h>

#include "runtime/driver/driver.h"
#include "runtime/memory.h"
#include "runtime/stream.h"
#include "runtime/wait.h"

#define SPINS_BEFORE_SLEEP 2000
#define SLEEP_NS 50000 /* how long a wait that lasts sleeps between two looks */

struct memory_operation {
    CUstreamBatchMemOpType type;
    CUdeviceptr address;
    cuuint64_t value;
    unsigned flags;
};

struct batch {
    unsigned count;
    struct memory_operation operations[];
};

static uint64_t load(const struct memory_operation *operation) {
    void *address = cw_driver_pointer(operation->address);
    return operation->type == CU_STREAM_MEM_OP_WAIT_VALUE_64
               ? atomic_load_explicit((_Atomic uint64_t *)address, memory_order_acquire)
               : atomic_load_explicit((_Atomic uint32_t *)address, memory_order_acquire);
}

/* The comparison is of the word's width; "greater or equal" is cyclic, as CUDA defines it. */
static bool holds(const struct memory_operation *operation) {
    bool wide = operation->type == CU_STREAM_MEM_OP_WAIT_VALUE_64;
    uint64_t value = load(operation);
    uint64_t mask = wide ? UINT64_MAX : UINT32_MAX;
    switch (operation->flags & 3) {
    case CU_STREAM_WAIT_VALUE_GEQ:
        return wide ? (int64_t)(value - operation->value) >= 0
                    : (int32_t)((uint32_t)value - (uint32_t)operation->value) >= 0;
    case CU_STREAM_WAIT_VALUE_EQ:
        return value == (operation->value & mask);
    case CU_STREAM_WAIT_VALUE_AND:
        return (value & operation->value & mask) != 0;
    default:
        return (~(value | operation->value) & mask) != 0;
    }
}

static void wait_for(struct cw_rt_device *device, const struct memory_operation *operation) {
    struct timespec pause = {0, SLEEP_NS};
    for (unsigned looks = 0; !holds(operation) && cw_rt_device_failure(device) == cudaSuccess; looks++) {
        if (looks < SPINS_BEFORE_SLEEP) {
            cw_rt_pause();
        } else {
            nanosleep(&pause, NULL);
        }
    }
}

static cudaError_t run_batch(struct cw_rt_device *device, void *payload) {
    const struct batch *batch = payload;
    for (unsigned i = 0; i < batch->count; i++) {
        const struct memory_operation *operation = &batch->operations[i];
        void *address = cw_driver_pointer(operation->address);
        switch (operation->type) {
        case CU_STREAM_MEM_OP_WAIT_VALUE_32:
        case CU_STREAM_MEM_OP_WAIT_VALUE_64:
            wait_for(device, operation);
            break;
        case CU_STREAM_MEM_OP_WRITE_VALUE_32:
            atomic_store_explicit((_Atomic uint32_t *)address, (uint32_t)operation->value, memory_order_release);
            break;
        case CU_STREAM_MEM_OP_WRITE_VALUE_64:
            atomic_store_explicit((_Atomic uint64_t *)address, operation->value, memory_order_release);
            break;
        case CU_STREAM_MEM_OP_BARRIER:
        case CU_STREAM_MEM_OP_FLUSH_REMOTE_WRITES:
            atomic_thread_fence(memory_order_seq_cst);
            break;
        }
    }
    return cudaSuccess;
}

/* ---- Checking and queueing --------------------------------------------------------------------------------------- */

static cudaError_t check_address(const struct memory_operation *operation, size_t size) {
    struct cw_rt_device *owner;
    void *pointer = cw_driver_pointer(operation->address);
    struct cw_rt_range range = cw_rt_memory_find(pointer, &owner);
    if (!owner || operation->address % size != 0 || size > range.size - ((uintptr_t)pointer - range.base)) {
        return cw_rt_fail(cudaErrorInvalidValue, "%p is no aligned word of memory that the device knows", pointer);
    }
    return cudaSuccess;
}

static cudaError_t check(const struct memory_operation *operation) {
    const unsigned wait_flags = 3u | CU_STREAM_WAIT_VALUE_FLUSH;
    unsigned known = 0;
    size_t size = 0;
    switch (operation->type) {
    case CU_STREAM_MEM_OP_WAIT_VALUE_32:
    case CU_STREAM_MEM_OP_WAIT_VALUE_64:
        known = wait_flags;
        size = operation->type == CU_STREAM_MEM_OP_WAIT_VALUE_64 ? 8 : 4;
        break;
    case CU_STREAM_MEM_OP_WRITE_VALUE_32:
    case CU_STREAM_MEM_OP_WRITE_VALUE_64:
        known = CU_STREAM_WRITE_VALUE_NO_MEMORY_BARRIER;
        size = operation->type == CU_STREAM_MEM_OP_WRITE_VALUE_64 ? 8 : 4;
        break;
    case CU_STREAM_MEM_OP_BARRIER:
        known = CU_STREAM_MEMORY_BARRIER_TYPE_GPU;
        break;
    case CU_STREAM_MEM_OP_FLUSH_REMOTE_WRITES:
        break;
    default:
        return cw_rt_fail(cudaErrorInvalidValue, "there is no memory operation %d", (int)operation->type);
    }
    if (operation->flags & ~known) {
        return cw_rt_fail(cudaErrorInvalidValue, "unknown flags 0x%x of a memory operation", operation->flags);
    }
    return size ? check_address(operation, size) : cudaSuccess;
}

static cudaError_t queue(CUstream handle, const struct memory_operation *operations, unsigned count) {
    struct cw_rt_device *device;
    struct CUstream_st *stream;
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_stream_resolve(device, handle, &stream);
    }
    if (error == cudaSuccess && !device->facts.unified_memory) {
        error =
            cw_rt_fail(cudaErrorNotSupported, "the device %s has no memory operations in streams", device->facts.name);
    }
    for (unsigned i = 0; error == cudaSuccess && i < count; i++) {
        error = check(&operations[i]);
    }
    if (error != cudaSuccess) {
        return error;
    }
    size_t size = count * sizeof *operations;
    struct cw_rt_operation *operation = cw_rt_operation_take(sizeof(struct batch) + size);
    if (!operation) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory to queue an operation");
    }
    struct batch *batch = operation->payload;
    batch->count = count;
    memcpy(batch->operations, operations, size);
    operation->execute = run_batch;
    /* A thread that waits for this stream must not be the one that polls: what it polls for may be its own to write. */
    operation->flags = CW_RT_DISPATCHER_ONLY;
    return cw_rt_submit(stream, operation, CW_RT_ASYNC, NULL);
}

static cudaError_t queue_one(CUstream stream, CUstreamBatchMemOpType type, CUdeviceptr address, cuuint64_t value,
                             unsigned flags) {
    struct memory_operation operation = {type, address, value, flags};
    return queue(stream, &operation, 1);
}

CUresult cuStreamWaitValue32(CUstream stream, CUdeviceptr address, cuuint32_t value, unsigned flags) {
    return CW_DRIVER(queue_one(stream, CU_STREAM_MEM_OP_WAIT_VALUE_32, address, value, flags));
}

CUresult cuStreamWaitValue64(CUstream stream, CUdeviceptr address, cuuint64_t value, unsigned flags) {
    return CW_DRIVER(queue_one(stream, CU_STREAM_MEM_OP_WAIT_VALUE_64, address, value, flags));
}

CUresult cuStreamWriteValue32(CUstream stream, CUdeviceptr address, cuuint32_t value, unsigned flags) {
    return CW_DRIVER(queue_one(stream, CU_STREAM_MEM_OP_WRITE_VALUE_32, address, value, flags));
}

CUresult cuStreamWriteValue64(CUstream stream, CUdeviceptr address, cuuint64_t value, unsigned flags) {
    return CW_DRIVER(queue_one(stream, CU_STREAM_MEM_OP_WRITE_VALUE_64, address, value, flags));
}

static struct memory_operation read_params(const CUstreamBatchMemOpParams *params) {
    struct memory_operation operation = {.type = params->operation};
    switch (params->operation) {
    case CU_STREAM_MEM_OP_WAIT_VALUE_32:
    case CU_STREAM_MEM_OP_WAIT_VALUE_64:
    case CU_STREAM_MEM_OP_WRITE_VALUE_32:
    case CU_STREAM_MEM_OP_WRITE_VALUE_64: /* both structs have one layout */
        operation.address = params->waitValue.address;
        operation.value =
            params->operation == CU_STREAM_MEM_OP_WAIT_VALUE_32 || params->operation == CU_STREAM_MEM_OP_WRITE_VALUE_32
                ? params->waitValue.value
                : params->waitValue.value64;
        operation.flags = params->waitValue.flags;
        break;
    default:
        operation.flags = params->memoryBarrier.flags;
        break;
    }
    return operation;
}

static cudaError_t queue_batch(CUstream stream, unsigned count, const CUstreamBatchMemOpParams *params,
                               unsigned flags) {
    if (!params || count == 0 || count > 256 || flags != 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "a batch of %u operations with flags 0x%x: 1 to 256 and none", count,
                          flags);
    }
    struct memory_operation *operations = malloc(count * sizeof *operations);
    if (!operations) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory to queue an operation");
    }
    for (unsigned i = 0; i < count; i++) {
        operations[i] = read_params(&params[i]);
    }
    cudaError_t error = queue(stream, operations, count);
    free(operations);
    return error;
}

CUresult cuStreamBatchMemOp(CUstream stream, unsigned count, CUstreamBatchMemOpParams *params, unsigned flags) {
    return CW_DRIVER(queue_batch(stream, count, params, flags));
}
