/* SPDX-License-Identifier: Apache-2.0 */
/*
 * words.c: see words.h. A stream that waits keeps a dispatcher polling; the engine has another one for every stream that
 * may run. Only devices that share the host's memory have these operations.
 */
#include "runtime/words.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "runtime/capture.h"
#include "runtime/device.h"
#include "runtime/memory.h"
#include "runtime/stream.h"
#include "runtime/thread.h"
#include "runtime/wait.h"

#define SPINS_BEFORE_SLEEP 2000
#define SLEEP_NS 50000 /* how long a wait that lasts sleeps between two looks */

static_assert(sizeof(CUDA_BATCH_MEM_OP_NODE_PARAMS_v2) <= sizeof(((struct cudaGraphNodeParams *)0)->reserved1),
              "the general parameters of a node have room for a batch");

/* Waits and writes have one layout. */
static void *address_of(const CUstreamBatchMemOpParams *operation) {
    return (void *)(uintptr_t)operation->waitValue.address;
}

static bool is_wide(const CUstreamBatchMemOpParams *operation) {
    return operation->operation == CU_STREAM_MEM_OP_WAIT_VALUE_64 ||
           operation->operation == CU_STREAM_MEM_OP_WRITE_VALUE_64;
}

/* ---- Running ------------------------------------------------------------------------------------------------- */

/* The comparison is of the word's width; "greater or equal" is cyclic, as CUDA defines it. */
static bool holds(const CUstreamBatchMemOpParams *operation) {
    bool wide = is_wide(operation);
    void *address = address_of(operation);
    uint64_t mask = wide ? UINT64_MAX : UINT32_MAX;
    uint64_t wanted = wide ? operation->waitValue.value64 : operation->waitValue.value;
    uint64_t value = wide ? atomic_load_explicit((_Atomic uint64_t *)address, memory_order_acquire)
                          : atomic_load_explicit((_Atomic uint32_t *)address, memory_order_acquire);
    switch (operation->waitValue.flags & 3) {
    case CU_STREAM_WAIT_VALUE_GEQ:
        return wide ? (int64_t)(value - wanted) >= 0 : (int32_t)((uint32_t)value - (uint32_t)wanted) >= 0;
    case CU_STREAM_WAIT_VALUE_EQ:
        return value == wanted;
    case CU_STREAM_WAIT_VALUE_AND:
        return (value & wanted) != 0;
    default:
        return (~(value | wanted) & mask) != 0;
    }
}

static void wait_for(struct cw_rt_device *device, const CUstreamBatchMemOpParams *operation) {
    struct timespec pause = {0, SLEEP_NS};
    for (unsigned looks = 0; !holds(operation) && cw_rt_device_failure(device) == cudaSuccess; looks++) {
        if (looks < SPINS_BEFORE_SLEEP) {
            cw_rt_pause();
        } else {
            nanosleep(&pause, NULL);
        }
    }
}

cudaError_t cw_rt_words_run(struct cw_rt_device *device, void *payload) {
    const struct cw_rt_words *words = payload;
    for (unsigned i = 0; i < words->count; i++) {
        const CUstreamBatchMemOpParams *operation = &words->operations[i];
        void *address = address_of(operation);
        switch (operation->operation) {
        case CU_STREAM_MEM_OP_WAIT_VALUE_32:
        case CU_STREAM_MEM_OP_WAIT_VALUE_64:
            wait_for(device, operation);
            break;
        case CU_STREAM_MEM_OP_WRITE_VALUE_32:
            atomic_store_explicit((_Atomic uint32_t *)address, operation->writeValue.value, memory_order_release);
            break;
        case CU_STREAM_MEM_OP_WRITE_VALUE_64:
            atomic_store_explicit((_Atomic uint64_t *)address, operation->writeValue.value64, memory_order_release);
            break;
        case CU_STREAM_MEM_OP_BARRIER:
        case CU_STREAM_MEM_OP_FLUSH_REMOTE_WRITES:
            atomic_thread_fence(memory_order_seq_cst);
            break;
        }
    }
    return cudaSuccess;
}

/* ---- Checking ------------------------------------------------------------------------------------------------ */

static cudaError_t check_address(const CUstreamBatchMemOpParams *operation) {
    struct cw_rt_device *owner;
    size_t size = is_wide(operation) ? 8 : 4;
    void *pointer = address_of(operation);
    struct cw_rt_range range = cw_rt_memory_find(pointer, &owner);
    if (!owner || (uintptr_t)pointer % size != 0 || size > range.size - ((uintptr_t)pointer - range.base)) {
        return cw_rt_fail(cudaErrorInvalidValue, "%p is no aligned word of memory that the device knows", pointer);
    }
    return cudaSuccess;
}

static cudaError_t check(const CUstreamBatchMemOpParams *operation) {
    unsigned known = 0, flags = operation->memoryBarrier.flags;
    bool word = false;
    switch (operation->operation) {
    case CU_STREAM_MEM_OP_WAIT_VALUE_32:
    case CU_STREAM_MEM_OP_WAIT_VALUE_64:
        known = 3u | CU_STREAM_WAIT_VALUE_FLUSH;
        flags = operation->waitValue.flags;
        word = true;
        break;
    case CU_STREAM_MEM_OP_WRITE_VALUE_32:
    case CU_STREAM_MEM_OP_WRITE_VALUE_64:
        known = CU_STREAM_WRITE_VALUE_NO_MEMORY_BARRIER;
        flags = operation->writeValue.flags;
        word = true;
        break;
    case CU_STREAM_MEM_OP_BARRIER:
        known = CU_STREAM_MEMORY_BARRIER_TYPE_GPU;
        break;
    case CU_STREAM_MEM_OP_FLUSH_REMOTE_WRITES:
        break;
    default:
        return cw_rt_fail(cudaErrorInvalidValue, "there is no memory operation %d", (int)operation->operation);
    }
    if (flags & ~known) {
        return cw_rt_fail(cudaErrorInvalidValue, "unknown flags 0x%x of a memory operation", flags);
    }
    return word ? check_address(operation) : cudaSuccess;
}

cudaError_t cw_rt_words_check(const struct cw_rt_device *device, const CUstreamBatchMemOpParams *operations,
                              size_t count, unsigned flags) {
    if (!operations || count == 0 || count > CW_RT_WORDS_MAX || flags != 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "a batch of %zu operations at %p with flags 0x%x: 1 to %u and none",
                          count, (const void *)operations, flags, CW_RT_WORDS_MAX);
    }
    cudaError_t error = device->facts.unified_memory
                            ? cudaSuccess
                            : cw_rt_fail(cudaErrorNotSupported, "the device %s has no memory operations in streams",
                                         device->facts.name);
    for (size_t i = 0; error == cudaSuccess && i < count; i++) {
        error = check(&operations[i]);
    }
    return error;
}

/* ---- Keeping and queueing ------------------------------------------------------------------------------------ */

CUDA_BATCH_MEM_OP_NODE_PARAMS_v2 cw_rt_words_params(const struct cudaGraphNodeParams *params) {
    CUDA_BATCH_MEM_OP_NODE_PARAMS_v2 batch;
    memcpy(&batch, params->reserved1, sizeof batch);
    return batch;
}

static void fill(struct cw_rt_words *words, const CUstreamBatchMemOpParams *operations, unsigned count) {
    words->count = count;
    memcpy(words->operations, operations, count * sizeof *operations);
}

struct cw_rt_words *cw_rt_words_copy(const CUstreamBatchMemOpParams *operations, unsigned count) {
    struct cw_rt_words *words = malloc(sizeof *words + count * sizeof *operations);
    if (words) {
        fill(words, operations, count);
    }
    return words;
}

cudaError_t cw_rt_words_submit(struct CUstream_st *stream, const CUstreamBatchMemOpParams *operations, unsigned count) {
    if (cw_rt_stream_capturing(stream)) {
        CUDA_BATCH_MEM_OP_NODE_PARAMS_v2 batch = {.count = count,
                                                  .paramArray = (CUstreamBatchMemOpParams *)(uintptr_t)operations};
        struct cudaGraphNodeParams params = {.type = CW_RT_NODE_WORDS};
        memcpy(params.reserved1, &batch, sizeof batch);
        return cw_rt_capture_add(stream, &params);
    }
    struct cw_rt_operation *operation =
        cw_rt_operation_take(sizeof(struct cw_rt_words) + count * sizeof *operations);
    if (!operation) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory to queue an operation");
    }
    fill(operation->payload, operations, count);
    operation->execute = cw_rt_words_run;
    /* A thread that waits for this stream must not be the one that polls: what it polls for may be its own to write. */
    operation->flags = CW_RT_DISPATCHER_ONLY;
    return cw_rt_submit(stream, operation, CW_RT_ASYNC, NULL);
}
