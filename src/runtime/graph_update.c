/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graph_update.c: changing executable graphs: one node at a time, or all of them after another graph of the same shape
 * (CUDA C++ Programming Guide, "Updating Instantiated Graphs"). Nodes of two graphs correspond by the order in which
 * they were made. What may change is what CUDA allows: the same memory kinds and devices, rows of copies and fills only
 * for one dimension, the same functions' device.
 */
#include <string.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/graph.h"
#include "runtime/graph_params.h"
#include "runtime/thread.h"

/* ---- What may take the place of what -------------------------------------------------------------------------- */

static bool one_dimensional(const struct CUgraphNode_st *node) {
    if (node->type == cudaGraphNodeTypeMemcpy) {
        const struct cudaMemcpy3DParms *copy = &node->of.copy.params;
        return copy->extent.height == 1 && copy->extent.depth == 1 && !copy->srcArray && !copy->dstArray;
    }
    return node->of.fill.params.height == 1;
}

static bool same_shape(const struct CUgraphNode_st *old, const struct CUgraphNode_st *new) {
    if (one_dimensional(old) && one_dimensional(new)) {
        return true;
    }
    if (old->type == cudaGraphNodeTypeMemcpy) {
        return memcmp(&old->of.copy.params.extent, &new->of.copy.params.extent, sizeof(struct cudaExtent)) == 0;
    }
    const struct cudaMemsetParams *a = &old->of.fill.params, *b = &new->of.fill.params;
    return a->width == b->width && a->height == b->height && a->elementSize == b->elementSize;
}

static enum cudaGraphExecUpdateResult compare(const struct CUgraphNode_st *old, const struct CUgraphNode_st *new) {
    if (old->type != new->type) {
        return cudaGraphExecUpdateErrorNodeTypeChanged;
    }
    switch (old->type) {
    case cudaGraphNodeTypeKernel:
        return old->device == new->device ? cudaGraphExecUpdateSuccess
                                          : cudaGraphExecUpdateErrorUnsupportedFunctionChange;
    case cudaGraphNodeTypeMemcpy: {
        const struct cw_rt_copy_plan *a = &old->of.copy.plan, *b = &new->of.copy.plan;
        bool same =
            a->dst_owner == b->dst_owner && a->src_owner == b->src_owner && a->transfer.kind == b->transfer.kind;
        return same && same_shape(old, new) ? cudaGraphExecUpdateSuccess : cudaGraphExecUpdateErrorParametersChanged;
    }
    case cudaGraphNodeTypeMemset: {
        bool same = old->of.fill.filling.owner == new->of.fill.filling.owner;
        return same && same_shape(old, new) ? cudaGraphExecUpdateSuccess : cudaGraphExecUpdateErrorParametersChanged;
    }
    case cudaGraphNodeTypeMemAlloc:
        return old->of.alloc.block == new->of.alloc.block ? cudaGraphExecUpdateSuccess
                                                          : cudaGraphExecUpdateErrorNotSupported;
    case cudaGraphNodeTypeMemFree:
        return old->of.free == new->of.free ? cudaGraphExecUpdateSuccess : cudaGraphExecUpdateErrorNotSupported;
    case cudaGraphNodeTypeConditional:
        return old->of.conditional.condition == new->of.conditional.condition
                   ? cudaGraphExecUpdateSuccess
                   : cudaGraphExecUpdateErrorParametersChanged;
    default:
        return cudaGraphExecUpdateSuccess;
    }
}

/* ---- One node ------------------------------------------------------------------------------------------------ */

static cudaError_t replace(cudaGraphExec_t exec, cudaGraphNode_t node, struct CUgraphNode_st *draft) {
    struct CUgraphNode_st *own;
    cudaError_t error = cw_rt_exec_node(exec, node, &own);
    if (error != cudaSuccess) {
        return error;
    }
    if (compare(own, draft) != cudaGraphExecUpdateSuccess) {
        return cw_rt_fail(cudaErrorInvalidValue,
                          "the new parameters of a node of type %d differ in more than an executable graph can change",
                          (int)own->type);
    }
    cw_rt_node_replace(own, draft);
    cw_rt_exec_changed(exec);
    return cudaSuccess;
}

static cudaError_t set(cudaGraphExec_t exec, cudaGraphNode_t node, const struct cudaGraphNodeParams *params) {
    struct CUgraphNode_st draft = {0}, *own;
    pthread_mutex_lock(&cw_rt_graph_lock);
    cudaError_t error = cw_rt_exec_node(exec, node, &own);
    if (error == cudaSuccess) {
        error = cw_rt_node_check_type(own, params->type);
    }
    if (error == cudaSuccess) {
        cw_rt_node_inherit(&draft, own);
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    if (error == cudaSuccess &&
        (params->type == cudaGraphNodeTypeMemAlloc || params->type == cudaGraphNodeTypeMemFree ||
         params->type == cudaGraphNodeTypeConditional)) {
        error =
            cw_rt_fail(cudaErrorNotSupported, "parameters of a node of type %d can't be changed", (int)params->type);
    }
    if (error == cudaSuccess) {
        error = cw_rt_node_prepare(&draft, params);
    }
    pthread_mutex_lock(&cw_rt_graph_lock);
    if (error == cudaSuccess) {
        error = replace(exec, node, &draft);
    }
    cw_rt_node_release(&draft);
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error;
}

static cudaError_t null_params(void) {
    return cw_rt_record(cw_rt_fail(cudaErrorInvalidValue, "the node's parameters are NULL"));
}

cudaError_t cudaGraphExecKernelNodeSetParams(cudaGraphExec_t exec, cudaGraphNode_t node,
                                             const struct cudaKernelNodeParams *params) {
    if (!params) {
        return null_params();
    }
    struct cudaGraphNodeParams all = cw_rt_params_kernel(params);
    return cw_rt_record(set(exec, node, &all));
}

cudaError_t cudaGraphExecMemcpyNodeSetParams(cudaGraphExec_t exec, cudaGraphNode_t node,
                                             const struct cudaMemcpy3DParms *params) {
    if (!params) {
        return null_params();
    }
    struct cudaGraphNodeParams all = cw_rt_params_copy(params);
    return cw_rt_record(set(exec, node, &all));
}

cudaError_t cudaGraphExecMemcpyNodeSetParams1D(cudaGraphExec_t exec, cudaGraphNode_t node, void *dst, const void *src,
                                               size_t bytes, enum cudaMemcpyKind kind) {
    struct cudaMemcpy3DParms copy = cw_rt_copy_params(dst, src, bytes, kind);
    struct cudaGraphNodeParams all = cw_rt_params_copy(&copy);
    return cw_rt_record(set(exec, node, &all));
}

cudaError_t cudaGraphExecMemcpyNodeSetParamsToSymbol(cudaGraphExec_t exec, cudaGraphNode_t node, const void *symbol,
                                                     const void *src, size_t bytes, size_t offset,
                                                     enum cudaMemcpyKind kind) {
    struct cudaGraphNodeParams all;
    cudaError_t error = cw_rt_params_to_symbol(&all, symbol, src, bytes, offset, kind);
    return cw_rt_record(error != cudaSuccess ? error : set(exec, node, &all));
}

cudaError_t cudaGraphExecMemcpyNodeSetParamsFromSymbol(cudaGraphExec_t exec, cudaGraphNode_t node, void *dst,
                                                       const void *symbol, size_t bytes, size_t offset,
                                                       enum cudaMemcpyKind kind) {
    struct cudaGraphNodeParams all;
    cudaError_t error = cw_rt_params_from_symbol(&all, dst, symbol, bytes, offset, kind);
    return cw_rt_record(error != cudaSuccess ? error : set(exec, node, &all));
}

cudaError_t cudaGraphExecMemsetNodeSetParams(cudaGraphExec_t exec, cudaGraphNode_t node,
                                             const struct cudaMemsetParams *params) {
    if (!params) {
        return null_params();
    }
    struct cudaGraphNodeParams all = cw_rt_params_fill(params);
    return cw_rt_record(set(exec, node, &all));
}

cudaError_t cudaGraphExecHostNodeSetParams(cudaGraphExec_t exec, cudaGraphNode_t node,
                                           const struct cudaHostNodeParams *params) {
    if (!params) {
        return null_params();
    }
    struct cudaGraphNodeParams all = {.type = cudaGraphNodeTypeHost, .host = {params->fn, params->userData}};
    return cw_rt_record(set(exec, node, &all));
}

cudaError_t cudaGraphExecEventRecordNodeSetEvent(cudaGraphExec_t exec, cudaGraphNode_t node, cudaEvent_t event) {
    struct cudaGraphNodeParams all = {.type = cudaGraphNodeTypeEventRecord, .eventRecord = {event}};
    return cw_rt_record(set(exec, node, &all));
}

cudaError_t cudaGraphExecEventWaitNodeSetEvent(cudaGraphExec_t exec, cudaGraphNode_t node, cudaEvent_t event) {
    struct cudaGraphNodeParams all = {.type = cudaGraphNodeTypeWaitEvent, .eventWait = {event}};
    return cw_rt_record(set(exec, node, &all));
}

cudaError_t
cudaGraphExecExternalSemaphoresSignalNodeSetParams(cudaGraphExec_t exec, cudaGraphNode_t node,
                                                   const struct cudaExternalSemaphoreSignalNodeParams *params) {
    struct cudaGraphNodeParams all = {.type = cudaGraphNodeTypeExtSemaphoreSignal};
    return params ? cw_rt_record(set(exec, node, &all)) : null_params();
}

cudaError_t cudaGraphExecExternalSemaphoresWaitNodeSetParams(cudaGraphExec_t exec, cudaGraphNode_t node,
                                                             const struct cudaExternalSemaphoreWaitNodeParams *params) {
    struct cudaGraphNodeParams all = {.type = cudaGraphNodeTypeExtSemaphoreWait};
    return params ? cw_rt_record(set(exec, node, &all)) : null_params();
}

/* ---- Being enabled ------------------------------------------------------------------------------------------- */

static cudaError_t enabled(cudaGraphExec_t exec, cudaGraphNode_t node, const unsigned *wanted, unsigned *now) {
    struct CUgraphNode_st *own;
    if (!wanted && !now) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the answer is NULL");
    }
    pthread_mutex_lock(&cw_rt_graph_lock);
    cudaError_t error = cw_rt_exec_node(exec, node, &own);
    if (error == cudaSuccess && own->type > cudaGraphNodeTypeMemset) {
        error = cw_rt_fail(cudaErrorInvalidValue, "only kernel, copy and fill nodes can be enabled and disabled");
    }
    if (error == cudaSuccess && wanted) {
        own->enabled = *wanted != 0;
        cw_rt_exec_changed(exec);
    } else if (error == cudaSuccess) {
        *now = own->enabled;
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error;
}

cudaError_t cudaGraphNodeSetEnabled(cudaGraphExec_t exec, cudaGraphNode_t node, unsigned wanted) {
    return cw_rt_record(enabled(exec, node, &wanted, NULL));
}

cudaError_t cudaGraphNodeGetEnabled(cudaGraphExec_t exec, cudaGraphNode_t node, unsigned *now) {
    return cw_rt_record(enabled(exec, node, NULL, now));
}

/* ---- The whole graph ----------------------------------------------------------------------------------------- */

static void report(cudaGraphExecUpdateResultInfo *info, enum cudaGraphExecUpdateResult result,
                   struct CUgraphNode_st *node, struct CUgraphNode_st *from) {
    *info = (cudaGraphExecUpdateResultInfo){result, node, from};
}

static bool same_edges(const struct CUgraphNode_st *old, const struct CUgraphNode_st *new,
                       cudaGraphExecUpdateResultInfo *info) {
    const struct cw_rt_edges *a = &old->dependencies, *b = &new->dependencies;
    for (size_t i = 0; a->count == b->count && i < a->count; i++) {
        bool found = false;
        for (size_t k = 0; k < b->count && !found; k++) {
            found = b->items[k].node->index == a->items[i].node->index &&
                    memcmp(&b->items[k].data, &a->items[i].data, sizeof(cudaGraphEdgeData)) == 0;
        }
        if (!found) {
            report(info, cudaGraphExecUpdateErrorTopologyChanged, (struct CUgraphNode_st *)(uintptr_t)new,
                   b->items[i].node);
            return false;
        }
    }
    if (a->count != b->count) {
        report(info, cudaGraphExecUpdateErrorTopologyChanged, (struct CUgraphNode_st *)(uintptr_t)new, NULL);
    }
    return a->count == b->count;
}

/* Whether `new` can take the place of `old`, in all its children. */
static bool check_graphs(const struct CUgraph_st *old, const struct CUgraph_st *new,
                         cudaGraphExecUpdateResultInfo *info) {
    if (old->count != new->count) {
        report(info, cudaGraphExecUpdateErrorTopologyChanged, NULL, NULL);
        return false;
    }
    for (size_t i = 0; i < old->count; i++) {
        struct CUgraphNode_st *from = old->nodes[i], *to = new->nodes[i];
        if (!same_edges(from, to, info)) {
            return false;
        }
        enum cudaGraphExecUpdateResult result = compare(from, to);
        if (result != cudaGraphExecUpdateSuccess) {
            report(info, result, to, NULL);
            return false;
        }
        if (from->type == cudaGraphNodeTypeGraph && !check_graphs(from->of.child.graph, to->of.child.graph, info)) {
            return false;
        }
        for (unsigned k = 0; from->type == cudaGraphNodeTypeConditional && k < from->of.conditional.size; k++) {
            if (!check_graphs(from->of.conditional.bodies[k], to->of.conditional.bodies[k], info)) {
                return false;
            }
        }
    }
    return true;
}

/* The template's nodes take the contents and keep being counterparts of the first graph's nodes, enabled or not. */
static void keep_origins(struct CUgraph_st *to, const struct CUgraph_st *from) {
    for (size_t i = 0; i < to->count; i++) {
        struct CUgraphNode_st *node = to->nodes[i];
        const struct CUgraphNode_st *before = from->nodes[i];
        node->origin = before->origin;
        node->enabled = before->enabled;
        if (node->type == cudaGraphNodeTypeGraph) {
            keep_origins(node->of.child.graph, before->of.child.graph);
        }
        for (unsigned k = 0; node->type == cudaGraphNodeTypeConditional && k < node->of.conditional.size; k++) {
            keep_origins(node->of.conditional.bodies[k], before->of.conditional.bodies[k]);
        }
    }
}

/* With the lock held. */
static cudaError_t update_template(struct CUgraphExec_st *exec, const struct CUgraph_st *graph) {
    struct CUgraph_st *made = cw_rt_graph_clone(graph, CW_RT_GRAPH_TEMPLATE, NULL);
    if (!made) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory to update an executable graph");
    }
    keep_origins(made, exec->template);
    cw_rt_exec_changed(exec);
    cw_rt_graph_destroy(exec->template);
    exec->template = made;
    return cudaSuccess;
}

static cudaError_t update(cudaGraphExec_t exec, cudaGraph_t graph, cudaGraphExecUpdateResultInfo *info) {
    cudaGraphExecUpdateResultInfo unused;
    info = info ? info : &unused;
    report(info, cudaGraphExecUpdateError, NULL, NULL);
    pthread_mutex_lock(&cw_rt_graph_lock);
    cudaError_t error = cw_rt_exec_check(exec);
    if (error == cudaSuccess) {
        error = cw_rt_graph_check(graph);
    }
    if (error == cudaSuccess && !check_graphs(exec->template, graph, info)) {
        error = cw_rt_fail(cudaErrorGraphExecUpdateFailure, "the graph differs in more than can be updated (result %d)",
                           (int)info->result);
    } else if (error == cudaSuccess) {
        error = update_template(exec, graph);
    }
    if (error == cudaSuccess) {
        report(info, cudaGraphExecUpdateSuccess, NULL, NULL);
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error;
}

cudaError_t cudaGraphExecUpdate(cudaGraphExec_t exec, cudaGraph_t graph, cudaGraphExecUpdateResultInfo *info) {
    return cw_rt_record(update(exec, graph, info));
}

static cudaError_t set_child(cudaGraphExec_t exec, cudaGraphNode_t node, cudaGraph_t graph) {
    cudaGraphExecUpdateResultInfo info;
    struct CUgraphNode_st *own;
    pthread_mutex_lock(&cw_rt_graph_lock);
    cudaError_t error = cw_rt_exec_node(exec, node, &own);
    if (error == cudaSuccess) {
        error = cw_rt_node_check_type(own, cudaGraphNodeTypeGraph);
    }
    if (error == cudaSuccess) {
        error = cw_rt_graph_check(graph);
    }
    if (error == cudaSuccess && !check_graphs(own->of.child.graph, graph, &info)) {
        error = cw_rt_fail(cudaErrorInvalidValue, "the child graph differs in more than can be updated (result %d)",
                           (int)info.result);
    }
    struct CUgraph_st *made = error == cudaSuccess ? cw_rt_graph_clone(graph, CW_RT_GRAPH_CHILD, own) : NULL;
    if (made) {
        keep_origins(made, own->of.child.graph);
        cw_rt_graph_destroy(own->of.child.graph);
        own->of.child.graph = made;
        cw_rt_exec_changed(exec);
    } else if (error == cudaSuccess) {
        error = cw_rt_fail(cudaErrorMemoryAllocation, "no memory to update an executable graph");
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error;
}

cudaError_t cudaGraphExecChildGraphNodeSetParams(cudaGraphExec_t exec, cudaGraphNode_t node, cudaGraph_t child) {
    return cw_rt_record(set_child(exec, node, child));
}

cudaError_t cudaGraphExecNodeSetParams(cudaGraphExec_t exec, cudaGraphNode_t node, struct cudaGraphNodeParams *params) {
    if (!params) {
        return null_params();
    }
    return cw_rt_record(params->type == cudaGraphNodeTypeGraph ? set_child(exec, node, params->graph.graph)
                                                               : set(exec, node, params));
}
