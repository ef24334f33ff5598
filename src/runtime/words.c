/* SPDX-License-Identifier: Apache-2.0 */
/*
 * words.c: see words.h. Devices with such operations of their own get them in their queues. Elsewhere a stream that waits keeps a
 * dispatcher polling; the engine has another one for every stream that may run. Words that the host can't reach are copied.
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

/* True if the host reaches the word by its address. */
static bool is_near(const struct cw_rt_device *device, void *address) {
    struct cw_rt_device *owner;
    enum cw_rt_memory kind = cw_rt_memory_find(address, &owner).kind;
    return device->facts.unified_memory || kind == CW_RT_MEMORY_HOST || kind == CW_RT_MEMORY_REGISTERED ||
           kind == CW_RT_MEMORY_MANAGED || kind == CW_RT_MEMORY_MANAGED_VARIABLE;
}

struct word {
    struct cw_rt_device *device;
    const struct cw_backend *backend;
    void *address;
    bool wide, near;
};

static cudaError_t load(const struct word *word, uint64_t *value) {
    if (word->near) {
        *value = word->wide ? atomic_load_explicit((_Atomic uint64_t *)word->address, memory_order_acquire)
                            : atomic_load_explicit((_Atomic uint32_t *)word->address, memory_order_acquire);
        return cudaSuccess;
    }
    uint32_t narrow = 0;
    cw_status status = word->backend->copy(word->device->backend, word->wide ? (void *)value : (void *)&narrow,
                                           word->address, word->wide ? 8 : 4, CW_COPY_DEVICE_TO_HOST);
    if (!word->wide) {
        *value = narrow;
    }
    return cw_rt_status_error(status);
}

static cudaError_t store(const struct word *word, uint64_t value) {
    uint32_t narrow = (uint32_t)value;
    if (!word->near) {
        return cw_rt_status_error(word->backend->copy(word->device->backend, word->address,
                                                      word->wide ? (void *)&value : (void *)&narrow,
                                                      word->wide ? 8 : 4, CW_COPY_HOST_TO_DEVICE));
    }
    if (word->wide) {
        atomic_store_explicit((_Atomic uint64_t *)word->address, value, memory_order_release);
    } else {
        atomic_store_explicit((_Atomic uint32_t *)word->address, narrow, memory_order_release);
    }
    return cudaSuccess;
}

/* The comparison is of the word's width; "greater or equal" is cyclic, as CUDA defines it. */
static bool holds(const CUstreamBatchMemOpParams *operation, uint64_t value) {
    bool wide = is_wide(operation);
    uint64_t mask = wide ? UINT64_MAX : UINT32_MAX;
    uint64_t wanted = wide ? operation->waitValue.value64 : operation->waitValue.value;
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

static cudaError_t wait_for(const struct word *word, const CUstreamBatchMemOpParams *operation) {
    struct timespec pause = {0, SLEEP_NS};
    for (unsigned looks = 0; cw_rt_device_failure(word->device) == cudaSuccess; looks++) {
        uint64_t value;
        cudaError_t error = load(word, &value);
        if (error != cudaSuccess || holds(operation, value)) {
            return error;
        }
        if (word->near && looks < SPINS_BEFORE_SLEEP) {
            cw_rt_pause();
        } else {
            nanosleep(&pause, NULL);
        }
    }
    return cudaSuccess;
}

static cudaError_t run_one(struct cw_rt_device *device, const struct cw_backend *backend,
                           const CUstreamBatchMemOpParams *operation) {
    struct word word = {device, backend, address_of(operation), is_wide(operation), true};
    switch (operation->operation) {
    case CU_STREAM_MEM_OP_WAIT_VALUE_32:
    case CU_STREAM_MEM_OP_WAIT_VALUE_64:
        word.near = is_near(device, word.address);
        return wait_for(&word, operation);
    case CU_STREAM_MEM_OP_WRITE_VALUE_32:
    case CU_STREAM_MEM_OP_WRITE_VALUE_64:
        word.near = is_near(device, word.address);
        return store(&word, word.wide ? operation->writeValue.value64 : operation->writeValue.value);
    case CU_STREAM_MEM_OP_BARRIER:
    case CU_STREAM_MEM_OP_FLUSH_REMOTE_WRITES:
        atomic_thread_fence(memory_order_seq_cst);
        break;
    }
    return cudaSuccess;
}

/* ---- Issuing ------------------------------------------------------------------------------------------------- */

static struct cw_word word_of(const CUstreamBatchMemOpParams *operation) {
    static const uint32_t waits[] = {[CU_STREAM_WAIT_VALUE_GEQ] = CW_WORD_WAIT_GEQ,
                                     [CU_STREAM_WAIT_VALUE_EQ] = CW_WORD_WAIT_EQ,
                                     [CU_STREAM_WAIT_VALUE_AND] = CW_WORD_WAIT_AND,
                                     [CU_STREAM_WAIT_VALUE_NOR] = CW_WORD_WAIT_NOR};
    struct cw_word word = {.bytes = is_wide(operation) ? 8 : 4, .address = address_of(operation)};
    word.value = word.bytes == 8 ? operation->waitValue.value64 : operation->waitValue.value;
    switch (operation->operation) {
    case CU_STREAM_MEM_OP_WAIT_VALUE_32:
    case CU_STREAM_MEM_OP_WAIT_VALUE_64:
        word.kind = waits[operation->waitValue.flags & 3];
        word.flush = (operation->waitValue.flags & CU_STREAM_WAIT_VALUE_FLUSH) != 0;
        break;
    case CU_STREAM_MEM_OP_WRITE_VALUE_32:
    case CU_STREAM_MEM_OP_WRITE_VALUE_64:
        word.kind = CW_WORD_WRITE;
        word.loose = (operation->writeValue.flags & CU_STREAM_WRITE_VALUE_NO_MEMORY_BARRIER) != 0;
        break;
    case CU_STREAM_MEM_OP_BARRIER:
        word = (struct cw_word){.kind = CW_WORD_FENCE};
        break;
    case CU_STREAM_MEM_OP_FLUSH_REMOTE_WRITES:
        word = (struct cw_word){.kind = CW_WORD_FLUSH};
        break;
    }
    return word;
}

cudaError_t cw_rt_words_run(struct cw_rt_device *device, void *payload) {
    const struct cw_rt_words *words = payload;
    struct cw_backend_stream *native = cw_rt_thread()->native;
    const struct cw_backend *backend;
    cudaError_t error = cw_rt_backend(&backend);
    if (error == cudaSuccess && native && backend->words_async) {
        struct cw_word issued[CW_RT_WORDS_MAX];
        for (unsigned i = 0; i < words->count; i++) {
            issued[i] = word_of(&words->operations[i]);
        }
        return cw_rt_status_error(backend->words_async(native, issued, words->count));
    }
    for (unsigned i = 0; error == cudaSuccess && i < words->count; i++) {
        error = run_one(device, backend, &words->operations[i]);
    }
    return error;
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

cudaError_t cw_rt_words_check(const CUstreamBatchMemOpParams *operations, size_t count, unsigned flags) {
    if (!operations || count == 0 || count > CW_RT_WORDS_MAX || flags != 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "a batch of %zu operations at %p with flags 0x%x: 1 to %u and none",
                          count, (const void *)operations, flags, CW_RT_WORDS_MAX);
    }
    cudaError_t error = cudaSuccess;
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

static bool issues(const struct CUstream_st *stream) {
    const struct cw_backend *backend;
    return stream->device->native && cw_rt_backend(&backend) == cudaSuccess && backend->words_async;
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
    operation->flags = issues(stream) ? CW_RT_ISSUES : CW_RT_DISPATCHER_ONLY;
    return cw_rt_submit(stream, operation, CW_RT_ASYNC, NULL);
}
