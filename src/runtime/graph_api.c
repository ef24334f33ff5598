/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graph_api.c: CUDA's functions that add nodes to graphs, and that read and set their parameters. All of them bring what
 * they are given into struct cudaGraphNodeParams. Those on executable graphs are in graph_update.c.
 */
#include <stdlib.h>
#include <string.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/device.h"
#include "runtime/graph.h"
#include "runtime/graph_params.h"
#include "runtime/loading.h"
#include "runtime/thread.h"

static const cudaGraphEdgeData plain_edge;

/* ---- Adding -------------------------------------------------------------------------------------------------- */

struct place {
    cudaGraphNode_t *node; /* for the result */
    cudaGraph_t graph;
    const cudaGraphNode_t *dependencies;
    const cudaGraphEdgeData *data;
    size_t count;
};

static cudaError_t check_edge(const struct place *place, size_t i) {
    cudaGraphNode_t from = place->dependencies[i];
    cudaError_t error = cw_rt_node_check(from);
    if (error != cudaSuccess) {
        return error;
    }
    if (from->graph != place->graph) {
        return cw_rt_fail(cudaErrorInvalidValue, "dependency %zu is a node of another graph", i);
    }
    for (size_t k = 0; k < i; k++) {
        if (place->dependencies[k] == from) {
            return cw_rt_fail(cudaErrorInvalidValue, "dependencies %zu and %zu are the same node", k, i);
        }
    }
    if (place->data && place->data[i].type == cudaGraphDependencyTypeProgrammatic &&
        from->type != cudaGraphNodeTypeKernel) {
        return cw_rt_fail(cudaErrorInvalidValue, "a programmatic edge leaves from a kernel node only");
    }
    return cudaSuccess;
}

/* With the lock held. */
static cudaError_t add_locked(const struct place *place, struct CUgraphNode_st *draft,
                              const struct cudaGraphNodeParams *params) {
    struct CUgraphNode_st *node;
    cudaError_t error = cw_rt_graph_check(place->graph);
    struct cw_rt_edge *edges = calloc(place->count ? place->count : 1, sizeof *edges);
    if (error == cudaSuccess && !edges) {
        error = cw_rt_fail(cudaErrorMemoryAllocation, "no memory for a node of a graph");
    }
    for (size_t i = 0; error == cudaSuccess && i < place->count; i++) {
        error = check_edge(place, i);
        edges[i] = (struct cw_rt_edge){place->dependencies[i], place->data ? place->data[i] : plain_edge};
    }
    if (error == cudaSuccess && params->type == cudaGraphNodeTypeConditional) {
        error = cw_rt_conditional_prepare(draft, place->graph, &params->conditional);
    }
    if (error == cudaSuccess) {
        error = cw_rt_node_add(place->graph, edges, place->count, draft, &node);
    }
    if (error == cudaSuccess) {
        *place->node = node;
    }
    free(edges);
    return error;
}

static cudaError_t add(struct place place, const struct cudaGraphNodeParams *params) {
    struct CUgraphNode_st draft = {0};
    if (!place.node || (place.count > 0 && !place.dependencies)) {
        return cw_rt_fail(cudaErrorInvalidValue, "a node needs a place for its handle and for its %zu dependencies",
                          place.count);
    }
    cudaError_t error = params->type == cudaGraphNodeTypeConditional ? cw_rt_device_current(&draft.device)
                                                                     : cw_rt_node_prepare(&draft, params);
    pthread_mutex_lock(&cw_rt_graph_lock);
    if (error == cudaSuccess) {
        error = add_locked(&place, &draft, params);
    }
    cw_rt_node_release(&draft);
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error;
}

static cudaError_t null_params(void) {
    return cw_rt_record(cw_rt_fail(cudaErrorInvalidValue, "the node's parameters are NULL"));
}

cudaError_t cudaGraphAddKernelNode(cudaGraphNode_t *node, cudaGraph_t graph, const cudaGraphNode_t *dependencies,
                                   size_t count, const struct cudaKernelNodeParams *params) {
    if (!params) {
        return null_params();
    }
    struct cudaGraphNodeParams all = cw_rt_params_kernel(params);
    return cw_rt_record(add((struct place){node, graph, dependencies, NULL, count}, &all));
}

cudaError_t cudaGraphAddMemcpyNode(cudaGraphNode_t *node, cudaGraph_t graph, const cudaGraphNode_t *dependencies,
                                   size_t count, const struct cudaMemcpy3DParms *params) {
    if (!params) {
        return null_params();
    }
    struct cudaGraphNodeParams all = cw_rt_params_copy(params);
    return cw_rt_record(add((struct place){node, graph, dependencies, NULL, count}, &all));
}

cudaError_t cudaGraphAddMemcpyNode1D(cudaGraphNode_t *node, cudaGraph_t graph, const cudaGraphNode_t *dependencies,
                                     size_t count, void *dst, const void *src, size_t bytes, enum cudaMemcpyKind kind) {
    struct cudaMemcpy3DParms copy = cw_rt_copy_params(dst, src, bytes, kind);
    struct cudaGraphNodeParams all = cw_rt_params_copy(&copy);
    return cw_rt_record(add((struct place){node, graph, dependencies, NULL, count}, &all));
}

cudaError_t cudaGraphAddMemcpyNodeToSymbol(cudaGraphNode_t *node, cudaGraph_t graph,
                                           const cudaGraphNode_t *dependencies, size_t count, const void *symbol,
                                           const void *src, size_t bytes, size_t offset, enum cudaMemcpyKind kind) {
    struct cudaGraphNodeParams all;
    cudaError_t error = cw_rt_params_to_symbol(&all, symbol, src, bytes, offset, kind);
    return cw_rt_record(error != cudaSuccess ? error
                                             : add((struct place){node, graph, dependencies, NULL, count}, &all));
}

cudaError_t cudaGraphAddMemcpyNodeFromSymbol(cudaGraphNode_t *node, cudaGraph_t graph,
                                             const cudaGraphNode_t *dependencies, size_t count, void *dst,
                                             const void *symbol, size_t bytes, size_t offset,
                                             enum cudaMemcpyKind kind) {
    struct cudaGraphNodeParams all;
    cudaError_t error = cw_rt_params_from_symbol(&all, dst, symbol, bytes, offset, kind);
    return cw_rt_record(error != cudaSuccess ? error
                                             : add((struct place){node, graph, dependencies, NULL, count}, &all));
}

cudaError_t cudaGraphAddMemsetNode(cudaGraphNode_t *node, cudaGraph_t graph, const cudaGraphNode_t *dependencies,
                                   size_t count, const struct cudaMemsetParams *params) {
    if (!params) {
        return null_params();
    }
    struct cudaGraphNodeParams all = cw_rt_params_fill(params);
    return cw_rt_record(add((struct place){node, graph, dependencies, NULL, count}, &all));
}

cudaError_t cudaGraphAddHostNode(cudaGraphNode_t *node, cudaGraph_t graph, const cudaGraphNode_t *dependencies,
                                 size_t count, const struct cudaHostNodeParams *params) {
    if (!params) {
        return null_params();
    }
    struct cudaGraphNodeParams all = {.type = cudaGraphNodeTypeHost, .host = {params->fn, params->userData}};
    return cw_rt_record(add((struct place){node, graph, dependencies, NULL, count}, &all));
}

cudaError_t cudaGraphAddChildGraphNode(cudaGraphNode_t *node, cudaGraph_t graph, const cudaGraphNode_t *dependencies,
                                       size_t count, cudaGraph_t child) {
    struct cudaGraphNodeParams all = {.type = cudaGraphNodeTypeGraph, .graph = {.graph = child}};
    return cw_rt_record(add((struct place){node, graph, dependencies, NULL, count}, &all));
}

cudaError_t cudaGraphAddEmptyNode(cudaGraphNode_t *node, cudaGraph_t graph, const cudaGraphNode_t *dependencies,
                                  size_t count) {
    struct cudaGraphNodeParams all = {.type = cudaGraphNodeTypeEmpty};
    return cw_rt_record(add((struct place){node, graph, dependencies, NULL, count}, &all));
}

cudaError_t cudaGraphAddEventRecordNode(cudaGraphNode_t *node, cudaGraph_t graph, const cudaGraphNode_t *dependencies,
                                        size_t count, cudaEvent_t event) {
    struct cudaGraphNodeParams all = {.type = cudaGraphNodeTypeEventRecord, .eventRecord = {event}};
    return cw_rt_record(add((struct place){node, graph, dependencies, NULL, count}, &all));
}

cudaError_t cudaGraphAddEventWaitNode(cudaGraphNode_t *node, cudaGraph_t graph, const cudaGraphNode_t *dependencies,
                                      size_t count, cudaEvent_t event) {
    struct cudaGraphNodeParams all = {.type = cudaGraphNodeTypeWaitEvent, .eventWait = {event}};
    return cw_rt_record(add((struct place){node, graph, dependencies, NULL, count}, &all));
}

cudaError_t cudaGraphAddExternalSemaphoresSignalNode(cudaGraphNode_t *node, cudaGraph_t graph,
                                                     const cudaGraphNode_t *dependencies, size_t count,
                                                     const struct cudaExternalSemaphoreSignalNodeParams *params) {
    if (!params) {
        return null_params();
    }
    struct cudaGraphNodeParams all = {.type = cudaGraphNodeTypeExtSemaphoreSignal};
    return cw_rt_record(add((struct place){node, graph, dependencies, NULL, count}, &all));
}

cudaError_t cudaGraphAddExternalSemaphoresWaitNode(cudaGraphNode_t *node, cudaGraph_t graph,
                                                   const cudaGraphNode_t *dependencies, size_t count,
                                                   const struct cudaExternalSemaphoreWaitNodeParams *params) {
    if (!params) {
        return null_params();
    }
    struct cudaGraphNodeParams all = {.type = cudaGraphNodeTypeExtSemaphoreWait};
    return cw_rt_record(add((struct place){node, graph, dependencies, NULL, count}, &all));
}

cudaError_t cudaGraphAddMemAllocNode(cudaGraphNode_t *node, cudaGraph_t graph, const cudaGraphNode_t *dependencies,
                                     size_t count, struct cudaMemAllocNodeParams *params) {
    if (!params) {
        return null_params();
    }
    struct cudaGraphNodeParams all = {.type = cudaGraphNodeTypeMemAlloc};
    all.alloc = (struct cudaMemAllocNodeParamsV2){params->poolProps, params->accessDescs, params->accessDescCount,
                                                  params->bytesize, NULL};
    cudaError_t error = add((struct place){node, graph, dependencies, NULL, count}, &all);
    if (error == cudaSuccess) {
        params->dptr = (*node)->of.alloc.params.dptr;
    }
    return cw_rt_record(error);
}

cudaError_t cudaGraphAddMemFreeNode(cudaGraphNode_t *node, cudaGraph_t graph, const cudaGraphNode_t *dependencies,
                                    size_t count, void *pointer) {
    struct cudaGraphNodeParams all = {.type = cudaGraphNodeTypeMemFree, .free = {pointer}};
    return cw_rt_record(add((struct place){node, graph, dependencies, NULL, count}, &all));
}

static cudaError_t add_any(struct place place, struct cudaGraphNodeParams *params) {
    static const int zero[3];
    if (!params) {
        return cw_rt_fail(cudaErrorInvalidValue, "the node's parameters are NULL");
    }
    if (memcmp(params->reserved0, zero, sizeof zero) != 0 || params->reserved2 != 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "reserved parts of the node's parameters are not 0");
    }
    cudaError_t error = add(place, params);
    if (error == cudaSuccess && params->type == cudaGraphNodeTypeMemAlloc) {
        params->alloc.dptr = (*place.node)->of.alloc.params.dptr;
    } else if (error == cudaSuccess && params->type == cudaGraphNodeTypeConditional) {
        params->conditional.phGraph_out = (*place.node)->of.conditional.bodies;
    }
    return error;
}

cudaError_t cudaGraphAddNode(cudaGraphNode_t *node, cudaGraph_t graph, const cudaGraphNode_t *dependencies,
                             size_t count, struct cudaGraphNodeParams *params) {
    return cw_rt_record(add_any((struct place){node, graph, dependencies, NULL, count}, params));
}

cudaError_t cudaGraphAddNode_v2(cudaGraphNode_t *node, cudaGraph_t graph, const cudaGraphNode_t *dependencies,
                                const cudaGraphEdgeData *data, size_t count, struct cudaGraphNodeParams *params) {
    return cw_rt_record(add_any((struct place){node, graph, dependencies, data, count}, params));
}

/* ---- Reading ------------------------------------------------------------------------------------------------- */

cudaError_t cw_rt_node_get(cudaGraphNode_t node, enum cudaGraphNodeType type, const void *place,
                           struct cudaGraphNodeParams *params) {
    if (!place) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the parameters is NULL");
    }
    pthread_mutex_lock(&cw_rt_graph_lock);
    cudaError_t error = cw_rt_node_check_type(node, type);
    if (error == cudaSuccess) {
        cw_rt_node_params(node, params);
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error;
}

cudaError_t cudaGraphKernelNodeGetParams(cudaGraphNode_t node, struct cudaKernelNodeParams *params) {
    struct cudaGraphNodeParams all;
    cudaError_t error = cw_rt_node_get(node, cudaGraphNodeTypeKernel, params, &all);
    if (error == cudaSuccess) {
        *params = (struct cudaKernelNodeParams){all.kernel.func,           all.kernel.gridDim,      all.kernel.blockDim,
                                                all.kernel.sharedMemBytes, all.kernel.kernelParams, NULL};
    }
    return cw_rt_record(error);
}

cudaError_t cudaGraphMemcpyNodeGetParams(cudaGraphNode_t node, struct cudaMemcpy3DParms *params) {
    struct cudaGraphNodeParams all;
    cudaError_t error = cw_rt_node_get(node, cudaGraphNodeTypeMemcpy, params, &all);
    if (error == cudaSuccess) {
        *params = all.memcpy.copyParams;
    }
    return cw_rt_record(error);
}

cudaError_t cudaGraphMemsetNodeGetParams(cudaGraphNode_t node, struct cudaMemsetParams *params) {
    struct cudaGraphNodeParams all;
    cudaError_t error = cw_rt_node_get(node, cudaGraphNodeTypeMemset, params, &all);
    if (error == cudaSuccess) {
        *params = (struct cudaMemsetParams){all.memset.dst,         all.memset.pitch, all.memset.value,
                                            all.memset.elementSize, all.memset.width, all.memset.height};
    }
    return cw_rt_record(error);
}

cudaError_t cudaGraphHostNodeGetParams(cudaGraphNode_t node, struct cudaHostNodeParams *params) {
    struct cudaGraphNodeParams all;
    cudaError_t error = cw_rt_node_get(node, cudaGraphNodeTypeHost, params, &all);
    if (error == cudaSuccess) {
        *params = (struct cudaHostNodeParams){all.host.fn, all.host.userData};
    }
    return cw_rt_record(error);
}

cudaError_t cudaGraphChildGraphNodeGetGraph(cudaGraphNode_t node, cudaGraph_t *graph) {
    struct cudaGraphNodeParams all;
    cudaError_t error = cw_rt_node_get(node, cudaGraphNodeTypeGraph, graph, &all);
    if (error == cudaSuccess) {
        *graph = all.graph.graph;
    }
    return cw_rt_record(error);
}

cudaError_t cudaGraphEventRecordNodeGetEvent(cudaGraphNode_t node, cudaEvent_t *event) {
    struct cudaGraphNodeParams all;
    cudaError_t error = cw_rt_node_get(node, cudaGraphNodeTypeEventRecord, event, &all);
    if (error == cudaSuccess) {
        *event = all.eventRecord.event;
    }
    return cw_rt_record(error);
}

cudaError_t cudaGraphEventWaitNodeGetEvent(cudaGraphNode_t node, cudaEvent_t *event) {
    struct cudaGraphNodeParams all;
    cudaError_t error = cw_rt_node_get(node, cudaGraphNodeTypeWaitEvent, event, &all);
    if (error == cudaSuccess) {
        *event = all.eventWait.event;
    }
    return cw_rt_record(error);
}

cudaError_t cudaGraphMemAllocNodeGetParams(cudaGraphNode_t node, struct cudaMemAllocNodeParams *params) {
    struct cudaGraphNodeParams all;
    cudaError_t error = cw_rt_node_get(node, cudaGraphNodeTypeMemAlloc, params, &all);
    if (error == cudaSuccess) {
        *params = (struct cudaMemAllocNodeParams){all.alloc.poolProps, all.alloc.accessDescs, all.alloc.accessDescCount,
                                                  all.alloc.bytesize, all.alloc.dptr};
    }
    return cw_rt_record(error);
}

cudaError_t cudaGraphMemFreeNodeGetParams(cudaGraphNode_t node, void *pointer) {
    struct cudaGraphNodeParams all;
    cudaError_t error = cw_rt_node_get(node, cudaGraphNodeTypeMemFree, pointer, &all);
    if (error == cudaSuccess) {
        memcpy(pointer, &all.free.dptr, sizeof all.free.dptr);
    }
    return cw_rt_record(error);
}

cudaError_t cudaGraphExternalSemaphoresSignalNodeGetParams(cudaGraphNode_t node,
                                                           struct cudaExternalSemaphoreSignalNodeParams *params) {
    struct cudaGraphNodeParams all;
    return cw_rt_record(cw_rt_node_get(node, cudaGraphNodeTypeExtSemaphoreSignal, params, &all));
}

cudaError_t cudaGraphExternalSemaphoresWaitNodeGetParams(cudaGraphNode_t node,
                                                         struct cudaExternalSemaphoreWaitNodeParams *params) {
    struct cudaGraphNodeParams all;
    return cw_rt_record(cw_rt_node_get(node, cudaGraphNodeTypeExtSemaphoreWait, params, &all));
}

/* ---- Setting ------------------------------------------------------------------------------------------------- */

static cudaError_t set(cudaGraphNode_t node, const struct cudaGraphNodeParams *params) {
    struct CUgraphNode_st draft = {0};
    pthread_mutex_lock(&cw_rt_graph_lock);
    cudaError_t error = cw_rt_node_check_type(node, params->type);
    if (error == cudaSuccess) {
        cw_rt_node_inherit(&draft, node);
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    if (error != cudaSuccess) {
        return error;
    }
    if (params->type == cudaGraphNodeTypeMemAlloc || params->type == cudaGraphNodeTypeMemFree ||
        params->type == cudaGraphNodeTypeConditional || params->type == cudaGraphNodeTypeGraph) {
        return cw_rt_fail(cudaErrorNotSupported, "parameters of a node of type %d can't be changed", (int)params->type);
    }
    error = cw_rt_node_prepare(&draft, params);
    pthread_mutex_lock(&cw_rt_graph_lock);
    if (error == cudaSuccess) {
        error = cw_rt_node_check_type(node, params->type);
    }
    if (error == cudaSuccess) {
        cw_rt_node_replace(node, &draft);
    }
    cw_rt_node_release(&draft);
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error;
}

cudaError_t cudaGraphNodeSetParams(cudaGraphNode_t node, struct cudaGraphNodeParams *params) {
    return params ? cw_rt_record(set(node, params)) : null_params();
}

cudaError_t cudaGraphKernelNodeSetParams(cudaGraphNode_t node, const struct cudaKernelNodeParams *params) {
    if (!params) {
        return null_params();
    }
    struct cudaGraphNodeParams all = cw_rt_params_kernel(params);
    return cw_rt_record(set(node, &all));
}

cudaError_t cudaGraphMemcpyNodeSetParams(cudaGraphNode_t node, const struct cudaMemcpy3DParms *params) {
    if (!params) {
        return null_params();
    }
    struct cudaGraphNodeParams all = cw_rt_params_copy(params);
    return cw_rt_record(set(node, &all));
}

cudaError_t cudaGraphMemcpyNodeSetParams1D(cudaGraphNode_t node, void *dst, const void *src, size_t bytes,
                                           enum cudaMemcpyKind kind) {
    struct cudaMemcpy3DParms copy = cw_rt_copy_params(dst, src, bytes, kind);
    struct cudaGraphNodeParams all = cw_rt_params_copy(&copy);
    return cw_rt_record(set(node, &all));
}

cudaError_t cudaGraphMemcpyNodeSetParamsToSymbol(cudaGraphNode_t node, const void *symbol, const void *src,
                                                 size_t bytes, size_t offset, enum cudaMemcpyKind kind) {
    struct cudaGraphNodeParams all;
    cudaError_t error = cw_rt_params_to_symbol(&all, symbol, src, bytes, offset, kind);
    return cw_rt_record(error != cudaSuccess ? error : set(node, &all));
}

cudaError_t cudaGraphMemcpyNodeSetParamsFromSymbol(cudaGraphNode_t node, void *dst, const void *symbol, size_t bytes,
                                                   size_t offset, enum cudaMemcpyKind kind) {
    struct cudaGraphNodeParams all;
    cudaError_t error = cw_rt_params_from_symbol(&all, dst, symbol, bytes, offset, kind);
    return cw_rt_record(error != cudaSuccess ? error : set(node, &all));
}

cudaError_t cudaGraphMemsetNodeSetParams(cudaGraphNode_t node, const struct cudaMemsetParams *params) {
    if (!params) {
        return null_params();
    }
    struct cudaGraphNodeParams all = cw_rt_params_fill(params);
    return cw_rt_record(set(node, &all));
}

cudaError_t cudaGraphHostNodeSetParams(cudaGraphNode_t node, const struct cudaHostNodeParams *params) {
    if (!params) {
        return null_params();
    }
    struct cudaGraphNodeParams all = {.type = cudaGraphNodeTypeHost, .host = {params->fn, params->userData}};
    return cw_rt_record(set(node, &all));
}

cudaError_t cudaGraphEventRecordNodeSetEvent(cudaGraphNode_t node, cudaEvent_t event) {
    struct cudaGraphNodeParams all = {.type = cudaGraphNodeTypeEventRecord, .eventRecord = {event}};
    return cw_rt_record(set(node, &all));
}

cudaError_t cudaGraphEventWaitNodeSetEvent(cudaGraphNode_t node, cudaEvent_t event) {
    struct cudaGraphNodeParams all = {.type = cudaGraphNodeTypeWaitEvent, .eventWait = {event}};
    return cw_rt_record(set(node, &all));
}

cudaError_t cudaGraphExternalSemaphoresSignalNodeSetParams(cudaGraphNode_t node,
                                                           const struct cudaExternalSemaphoreSignalNodeParams *params) {
    struct cudaGraphNodeParams all = {.type = cudaGraphNodeTypeExtSemaphoreSignal};
    return params ? cw_rt_record(set(node, &all)) : null_params();
}

cudaError_t cudaGraphExternalSemaphoresWaitNodeSetParams(cudaGraphNode_t node,
                                                         const struct cudaExternalSemaphoreWaitNodeParams *params) {
    struct cudaGraphNodeParams all = {.type = cudaGraphNodeTypeExtSemaphoreWait};
    return params ? cw_rt_record(set(node, &all)) : null_params();
}
