/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graph_memory.c: memory of allocation nodes (CUDA C++ Programming Guide, "Graph Memory Nodes"). An allocation node's
 * address is fixed when the node is made, so its memory is had then, and pages that nobody has touched cost nothing; it
 * counts as used while the order of execution has it allocated, and as reserved from its first use until it is trimmed.
 * A later allocation of the same graph takes the place of one that was freed before it on every path.
 */
#include <stdlib.h>
#include <string.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/device.h"
#include "runtime/graph.h"
#include "runtime/memory.h"
#include "runtime/thread.h"

#define GRAIN ((size_t)2 << 20) /* CUDA's granularity of device memory */

static struct cw_rt_graph_block *blocks;

/* The four attributes of a device, in bytes. */
static struct accounts {
    uint64_t used, used_high, reserved, reserved_high;
} accounts[CW_RT_DEVICES_MAX];

static size_t rounded(size_t size) {
    return (size + GRAIN - 1) / GRAIN * GRAIN;
}

static void raise_high(uint64_t *high, uint64_t value) {
    if (value > *high) {
        *high = value;
    }
}

struct cw_rt_graph_block *cw_rt_graph_block_find(const void *pointer) {
    struct cw_rt_graph_block *block = blocks;
    while (block && block->base != pointer) {
        block = block->next;
    }
    return block;
}

/* ---- Having and giving back ---------------------------------------------------------------------------------- */

/* A block of this graph whose last use ended before the new node. */
static struct cw_rt_graph_block *find_ended(const struct CUgraphNode_st *node, size_t size,
                                            const struct cw_rt_edge *dependencies, size_t count) {
    uint64_t mark = cw_rt_graph_mark(dependencies, count);
    for (size_t i = 0; i < node->graph->count; i++) {
        const struct CUgraphNode_st *other = node->graph->nodes[i];
        if (other->type != cudaGraphNodeTypeMemFree || other->mark != mark) {
            continue;
        }
        struct cw_rt_graph_block *block = other->of.free;
        bool own = false; /* allocated by this graph, too: another graph's frees say nothing of its next launch */
        for (size_t k = 0; k < node->graph->count && !own; k++) {
            own = node->graph->nodes[k]->type == cudaGraphNodeTypeMemAlloc &&
                  node->graph->nodes[k]->of.alloc.block == block;
        }
        if (own && block->freed_by == other && block->device == node->device && block->size >= size) {
            return block;
        }
    }
    return NULL;
}

static cudaError_t new_block(struct CUgraphNode_st *node, size_t size, struct cw_rt_graph_block **result) {
    struct cw_rt_graph_block *block = calloc(1, sizeof *block);
    if (!block) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory for an allocation node");
    }
    cudaError_t error = cw_rt_memory_alloc(node->device, size, CW_RT_MEMORY_GRAPH, 0, &block->base);
    if (error != cudaSuccess) {
        free(block);
        return error;
    }
    block->device = node->device;
    block->size = size;
    block->next = blocks;
    blocks = block;
    *result = block;
    return cudaSuccess;
}

cudaError_t cw_rt_graph_alloc(struct CUgraphNode_st *node, const struct cw_rt_edge *dependencies, size_t count) {
    size_t size = node->of.alloc.params.bytesize;
    struct cw_rt_graph_block *block = find_ended(node, size, dependencies, count);
    if (!block) {
        cudaError_t error = new_block(node, size, &block);
        if (error != cudaSuccess) {
            return error;
        }
    }
    block->freed_by = NULL;
    block->refs++;
    node->of.alloc.block = block;
    node->of.alloc.params.dptr = block->base;
    return cudaSuccess;
}

static void count_out(struct cw_rt_graph_block *block) {
    struct accounts *account = &accounts[block->device->ordinal];
    if (block->running_live) {
        account->used -= rounded(block->size);
        block->running_live = false;
    }
}

/* What no node refers to goes, unless the program still has to free it. */
static void collect(struct cw_rt_graph_block *block) {
    if (block->refs > 0 || block->live) {
        return;
    }
    struct cw_rt_graph_block **link = &blocks;
    while (*link != block) {
        link = &(*link)->next;
    }
    *link = block->next;
    count_out(block);
    if (block->resident) {
        accounts[block->device->ordinal].reserved -= rounded(block->size);
    }
    cw_rt_memory_discard(block->device, block->base, CW_RT_MEMORY_GRAPH);
    free(block);
}

void cw_rt_graph_block_release(struct cw_rt_graph_block *block) {
    block->refs--;
    collect(block);
}

bool cw_rt_graph_memory_free(void *pointer) {
    pthread_mutex_lock(&cw_rt_graph_lock);
    struct cw_rt_graph_block *block = cw_rt_graph_block_find(pointer);
    bool live = block && block->live;
    if (live) {
        block->live = false;
        count_out(block);
        collect(block);
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return live;
}

static cudaError_t run_free_behind(struct cw_rt_device *device, void *payload) {
    struct cw_rt_graph_block *block = *(struct cw_rt_graph_block **)payload;
    (void)device;
    pthread_mutex_lock(&cw_rt_graph_lock);
    /* A launch since may have allocated it again. */
    if (!block->live) {
        count_out(block);
    }
    cw_rt_graph_block_release(block);
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return cudaSuccess;
}

cudaError_t cw_rt_graph_memory_free_behind(void *pointer, struct CUstream_st *stream) {
    struct cw_rt_operation *operation = cw_rt_operation_take(sizeof(struct cw_rt_graph_block *));
    if (!operation) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory to queue an operation");
    }
    pthread_mutex_lock(&cw_rt_graph_lock);
    struct cw_rt_graph_block *block = cw_rt_graph_block_find(pointer);
    bool live = block && block->live;
    if (live) {
        block->live = false;
        block->refs++;
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    if (!live) {
        cw_rt_operation_give(operation);
        return cw_rt_fail(cudaErrorInvalidValue, "%p is memory of a graph, and not allocated now", pointer);
    }
    *(struct cw_rt_graph_block **)operation->payload = block;
    operation->execute = run_free_behind;
    operation->flags = CW_RT_EVEN_AFTER_FAULT;
    return cw_rt_submit(stream, operation, CW_RT_INLINE, NULL);
}

/* A reset device has no memory: what refers to it is of no use any more, and says so by its device. */
void cw_rt_graph_memory_close(struct cw_rt_device *device) {
    pthread_mutex_lock(&cw_rt_graph_lock);
    for (struct cw_rt_graph_block *block = blocks; block; block = block->next) {
        if (block->device == device) {
            block->live = block->running_live = block->resident = false;
        }
    }
    accounts[device->ordinal] = (struct accounts){0};
    pthread_mutex_unlock(&cw_rt_graph_lock);
}

/* ---- Running ------------------------------------------------------------------------------------------------- */

cudaError_t cw_rt_graph_run_alloc(struct cw_rt_device *device, void *payload) {
    struct cw_rt_graph_block *block = payload;
    struct accounts *account = &accounts[device->ordinal];
    pthread_mutex_lock(&cw_rt_graph_lock);
    if (!block->running_live) {
        block->running_live = true;
        account->used += rounded(block->size);
        raise_high(&account->used_high, account->used);
    }
    if (!block->resident) {
        block->resident = true;
        account->reserved += rounded(block->size);
        raise_high(&account->reserved_high, account->reserved);
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return cudaSuccess;
}

cudaError_t cw_rt_graph_run_free(struct cw_rt_device *device, void *payload) {
    (void)device;
    pthread_mutex_lock(&cw_rt_graph_lock);
    count_out(payload);
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return cudaSuccess;
}

/* ---- Attributes ---------------------------------------------------------------------------------------------- */

static cudaError_t mem_trim(int ordinal) {
    struct cw_rt_device *device;
    const struct cw_backend *backend;
    cudaError_t error = cw_rt_device_at(ordinal, &device);
    if (error == cudaSuccess) {
        error = cw_rt_backend(&backend);
    }
    if (error != cudaSuccess) {
        return error;
    }
    pthread_mutex_lock(&cw_rt_graph_lock);
    for (struct cw_rt_graph_block *block = blocks; block; block = block->next) {
        if (block->device == device && block->resident && !block->live && !block->running_live) {
            block->resident = false;
            accounts[ordinal].reserved -= rounded(block->size);
            if (backend->memory_forget) {
                backend->memory_forget(device->backend, block->base, block->size);
            }
        }
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return cudaSuccess;
}

cudaError_t cudaDeviceGraphMemTrim(int device) {
    return cw_rt_record(mem_trim(device));
}

static cudaError_t mem_attribute(int ordinal, enum cudaGraphMemAttributeType attribute, void *value, bool set) {
    struct cw_rt_device *device;
    uint64_t wanted;
    cudaError_t error = cw_rt_device_at(ordinal, &device);
    if (error != cudaSuccess) {
        return error;
    }
    if (!value) {
        return cw_rt_fail(cudaErrorInvalidValue, "the value is NULL");
    }
    struct accounts *account = &accounts[ordinal];
    uint64_t *const all[] = {&account->used, &account->used_high, &account->reserved, &account->reserved_high};
    if ((unsigned)attribute > cudaGraphMemAttrReservedMemHigh) {
        return cw_rt_fail(cudaErrorInvalidValue, "there is no graph memory attribute %d", (int)attribute);
    }
    memcpy(&wanted, value, sizeof wanted);
    bool high = attribute == cudaGraphMemAttrUsedMemHigh || attribute == cudaGraphMemAttrReservedMemHigh;
    if (set && (!high || wanted != 0)) {
        return cw_rt_fail(cudaErrorInvalidValue, "only high-water marks can be set, and only to 0");
    }
    pthread_mutex_lock(&cw_rt_graph_lock);
    if (set) {
        *all[attribute] = *all[attribute - 1];
    } else {
        memcpy(value, all[attribute], sizeof wanted);
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return cudaSuccess;
}

cudaError_t cudaDeviceGetGraphMemAttribute(int device, enum cudaGraphMemAttributeType attribute, void *value) {
    return cw_rt_record(mem_attribute(device, attribute, value, false));
}

cudaError_t cudaDeviceSetGraphMemAttribute(int device, enum cudaGraphMemAttributeType attribute, void *value) {
    return cw_rt_record(mem_attribute(device, attribute, value, true));
}
