/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graph_node.c: what nodes hold: parameters checked as the stream functions check theirs, and copied. A *draft* is a node
 * outside of any graph, which is filled without the lock, since finding a kernel may compile it.
 */
#include <stdlib.h>
#include <string.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/context.h"
#include "runtime/event.h"
#include "runtime/graph.h"
#include "runtime/loading.h"
#include "runtime/thread.h"
#include "runtime/words.h"

static cudaError_t no_memory(void) {
    return cw_rt_fail(cudaErrorMemoryAllocation, "no memory for a node of a graph");
}

/* ---- Kernels ------------------------------------------------------------------------------------------------- */

/* Points into the arguments of the node's own launch. */
static bool point(struct CUgraphNode_st *node) {
    const struct cw_kernel *row = node->of.kernel.request.kernel->row;
    node->of.kernel.pointers = malloc((row->param_count + 1) * sizeof(void *));
    if (!node->of.kernel.pointers) {
        return false;
    }
    for (uint32_t i = 0; i < row->param_count; i++) {
        node->of.kernel.pointers[i] = node->of.kernel.launch->params + row->params[i].offset;
    }
    node->of.kernel.pointers[row->param_count] = NULL;
    return true;
}

static cudaError_t prepare_kernel(struct CUgraphNode_st *draft, const struct cudaKernelNodeParamsV2 *params) {
    struct cw_rt_request request = {.grid = params->gridDim,
                                    .block = params->blockDim,
                                    .args = params->kernelParams,
                                    .extra = params->extra,
                                    .shared = params->sharedMemBytes,
                                    .cooperative = draft->of.kernel.request.cooperative,
                                    .cluster = draft->of.kernel.request.cluster,
                                    .processors = cw_rt_context_processors()};
    size_t bytes = 0;
    cudaError_t error = cw_rt_kernel_find(draft->device, params->func, &request.kernel);
    if (error == cudaSuccess) {
        error = cw_rt_launch_check(&request, &bytes);
    }
    if (error != cudaSuccess) {
        return error;
    }
    draft->of.kernel.func = params->func;
    draft->of.kernel.bytes = bytes;
    draft->of.kernel.launch = calloc(1, bytes);
    if (!draft->of.kernel.launch) {
        return no_memory();
    }
    error = cw_rt_launch_fill(&request, draft->of.kernel.launch);
    request.args = request.extra = NULL;
    draft->of.kernel.request = request;
    return error == cudaSuccess && !point(draft) ? no_memory() : error;
}

/* ---- Copies and fills ---------------------------------------------------------------------------------------- */

struct cudaMemcpy3DParms cw_rt_copy_params(const void *dst, const void *src, size_t count, enum cudaMemcpyKind kind) {
    return (struct cudaMemcpy3DParms){
        .srcPtr = {(void *)(uintptr_t)src, count, count, 1},
        .dstPtr = {(void *)(uintptr_t)dst, count, count, 1},
        .extent = {count, 1, 1},
        .kind = kind,
    };
}

static cudaError_t prepare_copy(struct CUgraphNode_st *draft, const struct cudaMemcpy3DParms *params) {
    struct cw_rt_side dst, src;
    struct cw_rt_box box = {0};
    cudaError_t error = cw_rt_copy_sides(params, &dst, &src, &box);
    if (error == cudaSuccess && (box.width == 0 || box.height == 0 || box.depth == 0)) {
        error = cw_rt_fail(cudaErrorInvalidValue, "a copy node of %zu x %zu x %zu", box.width, box.height, box.depth);
    }
    if (error == cudaSuccess) {
        error = cw_rt_copy_check(draft->device, dst, src, box, params->kind, &draft->of.copy.plan);
    }
    draft->of.copy.params = *params;
    return error;
}

static cudaError_t prepare_fill(struct CUgraphNode_st *draft, const struct cudaMemsetParamsV2 *params) {
    size_t width;
    unsigned size = params->elementSize;
    if ((size != 1 && size != 2 && size != 4) || (size < 4 && params->value >> (8 * size))) {
        return cw_rt_fail(cudaErrorInvalidValue, "a value of 0x%x for elements of %u bytes", params->value, size);
    }
    if (params->width == 0 || params->height == 0 || __builtin_mul_overflow(params->width, (size_t)size, &width)) {
        return cw_rt_fail(cudaErrorInvalidValue, "a fill node of %zu x %zu elements", params->width, params->height);
    }
    if ((uintptr_t)params->dst % size || (params->height > 1 && (params->pitch < width || params->pitch % size))) {
        return cw_rt_fail(cudaErrorInvalidValue, "a fill at %p with a pitch of %zu does not fit elements of %u bytes",
                          params->dst, params->pitch, size);
    }
    draft->of.fill.params =
        (struct cudaMemsetParams){params->dst, params->pitch, params->value, size, params->width, params->height};
    return cw_rt_fill_check((struct cw_rt_side){params->dst, params->pitch, 0},
                            (struct cw_rt_box){width, params->height, 1}, params->value, size, &draft->of.fill.filling,
                            &draft->of.fill.memory);
}

/* ---- The others ---------------------------------------------------------------------------------------------- */

static cudaError_t check_child(struct CUgraph_st *graph, enum cudaGraphChildGraphNodeOwnership ownership) {
    cudaError_t error = cw_rt_graph_check(graph);
    if (error != cudaSuccess) {
        return error;
    }
    if (ownership != cudaGraphChildGraphOwnershipClone && ownership != cudaGraphChildGraphOwnershipMove) {
        return cw_rt_fail(cudaErrorInvalidValue, "there is no ownership %d of child graphs", (int)ownership);
    }
    bool memory = cw_rt_graph_has(graph, cudaGraphNodeTypeMemAlloc, true) ||
                  cw_rt_graph_has(graph, cudaGraphNodeTypeMemFree, true);
    if (cw_rt_graph_has(graph, cudaGraphNodeTypeConditional, true) ||
        (memory && ownership == cudaGraphChildGraphOwnershipClone)) {
        return cw_rt_fail(cudaErrorInvalidValue, "a child graph with %s nodes", memory ? "memory" : "conditional");
    }
    if (ownership == cudaGraphChildGraphOwnershipMove && (graph->role != CW_RT_GRAPH_PLAIN || graph->executables)) {
        return cw_rt_fail(cudaErrorInvalidValue, "a graph that %s can't be moved",
                          graph->executables ? "was instantiated" : "another one owns");
    }
    return cudaSuccess;
}

static cudaError_t prepare_child(struct CUgraphNode_st *draft, const struct cudaChildGraphNodeParams *params) {
    pthread_mutex_lock(&cw_rt_graph_lock);
    cudaError_t error = check_child(params->graph, params->ownership);
    if (error == cudaSuccess && params->ownership == cudaGraphChildGraphOwnershipMove) {
        draft->of.child.graph = params->graph;
        params->graph->role = CW_RT_GRAPH_CHILD;
    } else if (error == cudaSuccess) {
        draft->of.child.graph = cw_rt_graph_clone(params->graph, CW_RT_GRAPH_CHILD, NULL);
        error = draft->of.child.graph ? cudaSuccess : no_memory();
    }
    draft->of.child.ownership = params->ownership;
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error;
}

static cudaError_t prepare_alloc(struct CUgraphNode_st *draft, const struct cudaMemAllocNodeParamsV2 *params) {
    struct cw_rt_device *device;
    const struct cudaMemPoolProps *props = &params->poolProps;
    if (params->bytesize == 0 || props->allocType != cudaMemAllocationTypePinned ||
        props->location.type != cudaMemLocationTypeDevice || props->handleTypes != cudaMemHandleTypeNone) {
        return cw_rt_fail(cudaErrorInvalidValue,
                          "an allocation node needs a size and a pool of pinned memory of a device, without handles");
    }
    if (params->accessDescCount > 0 && !params->accessDescs) {
        return cw_rt_fail(cudaErrorInvalidValue, "%zu access descriptions at NULL", params->accessDescCount);
    }
    cudaError_t error = cw_rt_device_at(props->location.id, &device);
    for (size_t i = 0; error == cudaSuccess && i < params->accessDescCount; i++) {
        const struct cudaMemAccessDesc *access = &params->accessDescs[i];
        if (access->location.type != cudaMemLocationTypeDevice || access->flags != cudaMemAccessFlagsProtReadWrite) {
            return cw_rt_fail(cudaErrorInvalidValue, "access description %zu is not read and write for a device", i);
        }
        struct cw_rt_device *peer;
        error = cw_rt_device_at(access->location.id, &peer);
    }
    if (error == cudaSuccess) {
        error = cw_rt_device_open(device);
    }
    if (error != cudaSuccess) {
        return error;
    }
    draft->device = device;
    draft->of.alloc.params =
        (struct cudaMemAllocNodeParams){*props, NULL, params->accessDescCount, params->bytesize, NULL};
    if (params->accessDescCount > 0) {
        size_t bytes = params->accessDescCount * sizeof *params->accessDescs;
        draft->of.alloc.access = malloc(bytes);
        if (!draft->of.alloc.access) {
            return no_memory();
        }
        memcpy(draft->of.alloc.access, params->accessDescs, bytes);
        draft->of.alloc.params.accessDescs = draft->of.alloc.access;
    }
    return cudaSuccess;
}

static cudaError_t prepare_free(struct CUgraphNode_st *draft, const void *pointer) {
    pthread_mutex_lock(&cw_rt_graph_lock);
    struct cw_rt_graph_block *block = cw_rt_graph_block_find(pointer);
    if (block && !block->freed_by) {
        block->refs++;
        draft->of.free = block;
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    if (draft->of.free) {
        return cudaSuccess;
    }
    return cw_rt_fail(cudaErrorInvalidValue, "%p was not allocated by a node, or another node frees it", pointer);
}

static cudaError_t prepare_event(struct CUgraphNode_st *draft, cudaEvent_t event) {
    draft->of.event = event;
    return event ? cw_rt_event_check(event) : cw_rt_fail(cudaErrorInvalidValue, "the node's event is NULL");
}

static cudaError_t prepare_words(struct CUgraphNode_st *draft, const struct cudaGraphNodeParams *params) {
    CUDA_BATCH_MEM_OP_NODE_PARAMS_v2 batch = cw_rt_words_params(params);
    cudaError_t error = cw_rt_words_check(batch.paramArray, batch.count, batch.flags);
    if (error == cudaSuccess) {
        draft->of.words = cw_rt_words_copy(batch.paramArray, batch.count);
        error = draft->of.words ? cudaSuccess : no_memory();
    }
    return error;
}

cudaError_t cw_rt_node_prepare(struct CUgraphNode_st *draft, const struct cudaGraphNodeParams *params) {
    cudaError_t error = cw_rt_device_current(&draft->device);
    if (error != cudaSuccess) {
        return error;
    }
    draft->type = params->type;
    switch ((int)params->type) {
    case cudaGraphNodeTypeKernel:
        return prepare_kernel(draft, &params->kernel);
    case cudaGraphNodeTypeMemcpy:
        return prepare_copy(draft, &params->memcpy.copyParams);
    case cudaGraphNodeTypeMemset:
        return prepare_fill(draft, &params->memset);
    case cudaGraphNodeTypeHost:
        draft->of.host = (struct cudaHostNodeParams){params->host.fn, params->host.userData};
        return params->host.fn ? cudaSuccess : cw_rt_fail(cudaErrorInvalidValue, "the function is NULL");
    case cudaGraphNodeTypeGraph:
        return prepare_child(draft, &params->graph);
    case cudaGraphNodeTypeEmpty:
        return cudaSuccess;
    case cudaGraphNodeTypeWaitEvent:
        return prepare_event(draft, params->eventWait.event);
    case cudaGraphNodeTypeEventRecord:
        return prepare_event(draft, params->eventRecord.event);
    case cudaGraphNodeTypeMemAlloc:
        return prepare_alloc(draft, &params->alloc);
    case cudaGraphNodeTypeMemFree:
        return prepare_free(draft, params->free.dptr);
    case CW_RT_NODE_WORDS:
        return prepare_words(draft, params);
    case cudaGraphNodeTypeExtSemaphoreSignal:
    case cudaGraphNodeTypeExtSemaphoreWait:
        return cw_rt_fail(cudaErrorInvalidResourceHandle,
                          "there is no external semaphore: this device can't import any");
    default:
        return cw_rt_fail(cudaErrorInvalidValue, "there is no node of type %d", (int)params->type);
    }
}

/* ---- Moving, copying, freeing -------------------------------------------------------------------------------- */

void cw_rt_node_release(struct CUgraphNode_st *node) {
    switch ((int)node->type) {
    case cudaGraphNodeTypeKernel:
        free(node->of.kernel.launch);
        free(node->of.kernel.pointers);
        free(node->of.kernel.attributes);
        break;
    case cudaGraphNodeTypeGraph:
        if (node->of.child.graph) {
            cw_rt_graph_destroy(node->of.child.graph);
        }
        break;
    case CW_RT_NODE_WORDS:
        free(node->of.words);
        break;
    case cudaGraphNodeTypeMemAlloc:
        free(node->of.alloc.access);
        if (node->of.alloc.block) {
            cw_rt_graph_block_release(node->of.alloc.block);
        }
        break;
    case cudaGraphNodeTypeMemFree:
        if (node->of.free) {
            if (node->of.free->freed_by == node) {
                node->of.free->freed_by = NULL;
            }
            cw_rt_graph_block_release(node->of.free);
        }
        break;
    case cudaGraphNodeTypeConditional:
        for (unsigned i = 0; i < node->of.conditional.size && node->of.conditional.bodies; i++) {
            if (node->of.conditional.bodies[i]) {
                cw_rt_graph_destroy(node->of.conditional.bodies[i]);
            }
        }
        free(node->of.conditional.bodies);
        if (node->of.conditional.condition) {
            cw_rt_condition_release(node->of.conditional.condition);
        }
        break;
    default:
        break;
    }
    memset(&node->of, 0, sizeof node->of);
    node->type = cudaGraphNodeTypeEmpty;
}

static void take_over(struct CUgraphNode_st *node, struct CUgraphNode_st *draft) {
    node->type = draft->type;
    node->device = draft->device;
    node->of = draft->of;
    draft->type = cudaGraphNodeTypeEmpty;
    if (node->type == cudaGraphNodeTypeGraph) {
        node->of.child.graph->owner = node;
    } else if (node->type == cudaGraphNodeTypeConditional) {
        for (unsigned i = 0; i < node->of.conditional.size; i++) {
            node->of.conditional.bodies[i]->owner = node;
        }
    }
}

cudaError_t cw_rt_node_add(struct CUgraph_st *graph, const struct cw_rt_edge *dependencies, size_t count,
                           struct CUgraphNode_st *draft, struct CUgraphNode_st **node) {
    bool memory = draft->type == cudaGraphNodeTypeMemAlloc || draft->type == cudaGraphNodeTypeMemFree;
    if (memory && (graph->role == CW_RT_GRAPH_CHILD || graph->role == CW_RT_GRAPH_BODY)) {
        return cw_rt_fail(cudaErrorInvalidValue, "a graph that belongs to a node can't be given memory nodes");
    }
    if (graph->role == CW_RT_GRAPH_BODY && draft->type >= cudaGraphNodeTypeWaitEvent &&
        draft->type != cudaGraphNodeTypeConditional) {
        return cw_rt_fail(cudaErrorInvalidValue,
                          "the body of a conditional node can't have a node of type %d: kernels, copies, fills, empty "
                          "nodes, child graphs and conditional nodes only",
                          (int)draft->type);
    }
    if (graph->role == CW_RT_GRAPH_BODY && draft->type == cudaGraphNodeTypeHost) {
        return cw_rt_fail(cudaErrorInvalidValue, "the body of a conditional node can't have host nodes");
    }
    struct CUgraphNode_st *made = cw_rt_node_create(graph, dependencies, count);
    if (!made) {
        return no_memory();
    }
    take_over(made, draft);
    if (made->type == cudaGraphNodeTypeMemAlloc) {
        cudaError_t error = cw_rt_graph_alloc(made, dependencies, count);
        if (error != cudaSuccess) {
            cw_rt_node_destroy(made);
            return error;
        }
    } else if (made->type == cudaGraphNodeTypeMemFree) {
        made->of.free->freed_by = made;
    }
    *node = made;
    return cudaSuccess;
}

void cw_rt_node_inherit(struct CUgraphNode_st *draft, const struct CUgraphNode_st *node) {
    if (node->type == cudaGraphNodeTypeKernel) {
        draft->of.kernel.request.cooperative = node->of.kernel.request.cooperative;
        draft->of.kernel.request.cluster = node->of.kernel.request.cluster;
    }
}

void cw_rt_node_replace(struct CUgraphNode_st *node, struct CUgraphNode_st *draft) {
    struct cw_rt_attributes *attributes = NULL;
    if (node->type == cudaGraphNodeTypeKernel) {
        attributes = node->of.kernel.attributes;
        node->of.kernel.attributes = NULL;
    }
    cw_rt_node_release(node);
    take_over(node, draft);
    if (attributes) {
        node->of.kernel.attributes = attributes;
    }
}

static void *duplicate(const void *bytes, size_t size) {
    void *copy = malloc(size);
    return copy ? memcpy(copy, bytes, size) : NULL;
}

static bool copy_kernel(struct CUgraphNode_st *to, const struct CUgraphNode_st *from) {
    to->of.kernel.pointers = NULL;
    to->of.kernel.attributes = NULL;
    to->of.kernel.launch = duplicate(from->of.kernel.launch, from->of.kernel.bytes);
    if (!to->of.kernel.launch) {
        return false;
    }
    to->of.kernel.launch->backend.params = to->of.kernel.launch->params;
    if (from->of.kernel.attributes) {
        to->of.kernel.attributes = duplicate(from->of.kernel.attributes, sizeof *from->of.kernel.attributes);
        if (!to->of.kernel.attributes) {
            return false;
        }
    }
    return point(to);
}

static bool copy_bodies(struct CUgraphNode_st *to, const struct CUgraphNode_st *from) {
    to->of.conditional.condition->refs++;
    to->of.conditional.bodies = calloc(from->of.conditional.size, sizeof *to->of.conditional.bodies);
    for (unsigned i = 0; to->of.conditional.bodies && i < from->of.conditional.size; i++) {
        to->of.conditional.bodies[i] = cw_rt_graph_clone(from->of.conditional.bodies[i], CW_RT_GRAPH_BODY, to);
        if (!to->of.conditional.bodies[i]) {
            return false;
        }
    }
    return to->of.conditional.bodies != NULL;
}

bool cw_rt_node_copy(struct CUgraphNode_st *to, const struct CUgraphNode_st *from) {
    to->type = from->type;
    to->device = from->device;
    to->enabled = from->enabled;
    to->of = from->of;
    switch ((int)from->type) {
    case cudaGraphNodeTypeKernel:
        return copy_kernel(to, from);
    case cudaGraphNodeTypeGraph:
        to->of.child.graph = cw_rt_graph_clone(from->of.child.graph, CW_RT_GRAPH_CHILD, to);
        return to->of.child.graph != NULL;
    case cudaGraphNodeTypeMemAlloc:
        to->of.alloc.access = NULL;
        to->of.alloc.params.accessDescs = NULL;
        to->of.alloc.params.accessDescCount = 0;
        to->of.alloc.block->refs++;
        return true;
    case cudaGraphNodeTypeMemFree:
        to->of.free->refs++;
        return true;
    case CW_RT_NODE_WORDS:
        to->of.words = cw_rt_words_copy(from->of.words->operations, from->of.words->count);
        return to->of.words != NULL;
    case cudaGraphNodeTypeConditional:
        return copy_bodies(to, from);
    default:
        return true;
    }
}

/* ---- Giving parameters back ---------------------------------------------------------------------------------- */

void cw_rt_node_params(const struct CUgraphNode_st *node, struct cudaGraphNodeParams *params) {
    memset(params, 0, sizeof *params);
    params->type = node->type;
    switch ((int)node->type) {
    case cudaGraphNodeTypeKernel: {
        const struct cw_rt_request *request = &node->of.kernel.request;
        params->kernel = (struct cudaKernelNodeParamsV2){.func = (void *)(uintptr_t)node->of.kernel.func,
                                                         .gridDim = request->grid,
                                                         .blockDim = request->block,
                                                         .sharedMemBytes = (unsigned)request->shared,
                                                         .kernelParams = node->of.kernel.pointers};
        break;
    }
    case cudaGraphNodeTypeMemcpy:
        params->memcpy.copyParams = node->of.copy.params;
        break;
    case cudaGraphNodeTypeMemset: {
        const struct cudaMemsetParams *fill = &node->of.fill.params;
        params->memset = (struct cudaMemsetParamsV2){fill->dst,         fill->pitch, fill->value,
                                                     fill->elementSize, fill->width, fill->height};
        break;
    }
    case cudaGraphNodeTypeHost:
        params->host = (struct cudaHostNodeParamsV2){node->of.host.fn, node->of.host.userData};
        break;
    case cudaGraphNodeTypeGraph:
        params->graph = (struct cudaChildGraphNodeParams){node->of.child.graph, cudaGraphChildGraphOwnershipInvalid};
        break;
    case cudaGraphNodeTypeWaitEvent:
        params->eventWait.event = node->of.event;
        break;
    case cudaGraphNodeTypeEventRecord:
        params->eventRecord.event = node->of.event;
        break;
    case cudaGraphNodeTypeMemAlloc: {
        const struct cudaMemAllocNodeParams *alloc = &node->of.alloc.params;
        params->alloc = (struct cudaMemAllocNodeParamsV2){alloc->poolProps, alloc->accessDescs, alloc->accessDescCount,
                                                          alloc->bytesize, alloc->dptr};
        break;
    }
    case cudaGraphNodeTypeMemFree:
        params->free.dptr = node->of.free->base;
        break;
    case CW_RT_NODE_WORDS: {
        CUDA_BATCH_MEM_OP_NODE_PARAMS_v2 batch = {.count = node->of.words->count,
                                                  .paramArray = node->of.words->operations};
        memcpy(params->reserved1, &batch, sizeof batch);
        break;
    }
    case cudaGraphNodeTypeConditional:
        params->conditional = (struct cudaConditionalNodeParams){
            (cudaGraphConditionalHandle)(uintptr_t)node->of.conditional.condition->cell, node->of.conditional.type,
            node->of.conditional.size, node->of.conditional.bodies};
        break;
    default:
        break;
    }
}
