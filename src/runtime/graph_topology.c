/* SPDX-License-Identifier: Apache-2.0 */
/* graph_topology.c: CUDA's functions on graphs as a whole: creating, cloning, destroying, edges, and what is in them. */
#include <stdlib.h>
#include <string.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/device.h"
#include "runtime/graph.h"
#include "runtime/thread.h"

static const cudaGraphEdgeData plain_edge;

static cudaError_t no_memory(void) {
    return cw_rt_fail(cudaErrorMemoryAllocation, "no memory for a graph");
}

static bool has_memory_nodes(const struct CUgraph_st *graph) {
    return cw_rt_graph_has(graph, cudaGraphNodeTypeMemAlloc, true) ||
           cw_rt_graph_has(graph, cudaGraphNodeTypeMemFree, true);
}

/* ---- Graphs -------------------------------------------------------------------------------------------------- */

static cudaError_t create(cudaGraph_t *result, unsigned flags) {
    struct cw_rt_device *device;
    if (!result || flags != 0) {
        return cw_rt_fail(cudaErrorInvalidValue, result ? "unknown flags 0x%x" : "the place for the graph is NULL",
                          flags);
    }
    cudaError_t error = cw_rt_device_current(&device);
    if (error != cudaSuccess) {
        return error;
    }
    pthread_mutex_lock(&cw_rt_graph_lock);
    *result = cw_rt_graph_create(CW_RT_GRAPH_PLAIN, NULL);
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return *result ? cudaSuccess : no_memory();
}

cudaError_t cudaGraphCreate(cudaGraph_t *graph, unsigned flags) {
    return cw_rt_record(create(graph, flags));
}

static cudaError_t destroy(cudaGraph_t graph) {
    pthread_mutex_lock(&cw_rt_graph_lock);
    cudaError_t error = cw_rt_graph_check(graph);
    if (error == cudaSuccess && graph->role != CW_RT_GRAPH_PLAIN) {
        error = cw_rt_fail(cudaErrorInvalidValue, "the graph belongs to a node and goes with it");
    } else if (error == cudaSuccess && graph->capturing) {
        error = cw_rt_fail(cudaErrorInvalidValue, "a stream is capturing into the graph");
    } else if (error == cudaSuccess) {
        cw_rt_graph_destroy(graph);
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error;
}

cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
    return cw_rt_record(destroy(graph));
}

static cudaError_t clone_graph(cudaGraph_t *result, cudaGraph_t graph) {
    if (!result) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the graph is NULL");
    }
    pthread_mutex_lock(&cw_rt_graph_lock);
    cudaError_t error = cw_rt_graph_check(graph);
    if (error == cudaSuccess &&
        (has_memory_nodes(graph) || cw_rt_graph_has(graph, cudaGraphNodeTypeConditional, true))) {
        error = cw_rt_fail(cudaErrorNotSupported, "a graph with memory or conditional nodes can't be cloned");
    }
    if (error == cudaSuccess) {
        *result = cw_rt_graph_clone(graph, CW_RT_GRAPH_PLAIN, NULL);
        error = *result ? cudaSuccess : no_memory();
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error;
}

cudaError_t cudaGraphClone(cudaGraph_t *clone, cudaGraph_t original) {
    return cw_rt_record(clone_graph(clone, original));
}

static cudaError_t find_in_clone(cudaGraphNode_t *result, cudaGraphNode_t node, cudaGraph_t clone) {
    if (!result) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the node is NULL");
    }
    pthread_mutex_lock(&cw_rt_graph_lock);
    cudaError_t error = cw_rt_node_check(node);
    if (error == cudaSuccess) {
        error = cw_rt_graph_check(clone);
    }
    if (error == cudaSuccess) {
        *result = cw_rt_graph_find_clone(clone, node, false);
        error = *result ? cudaSuccess : cw_rt_fail(cudaErrorInvalidValue, "the graph has no clone of this node");
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error;
}

cudaError_t cudaGraphNodeFindInClone(cudaGraphNode_t *node, cudaGraphNode_t original, cudaGraph_t clone) {
    return cw_rt_record(find_in_clone(node, original, clone));
}

/* ---- Nodes --------------------------------------------------------------------------------------------------- */

static cudaError_t destroy_node(cudaGraphNode_t node) {
    pthread_mutex_lock(&cw_rt_graph_lock);
    cudaError_t error = cw_rt_node_check(node);
    if (error == cudaSuccess && (node->graph->capturing || node->graph->role == CW_RT_GRAPH_TEMPLATE)) {
        error = cw_rt_fail(cudaErrorInvalidValue, "the node's graph is being captured or executed");
    } else if (error == cudaSuccess && has_memory_nodes(node->graph)) {
        error = cw_rt_fail(cudaErrorNotSupported, "nodes of a graph with memory nodes can't be destroyed");
    } else if (error == cudaSuccess) {
        cw_rt_node_destroy(node);
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error;
}

cudaError_t cudaGraphDestroyNode(cudaGraphNode_t node) {
    return cw_rt_record(destroy_node(node));
}

static cudaError_t get_type(cudaGraphNode_t node, enum cudaGraphNodeType *type) {
    if (!type) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the type is NULL");
    }
    pthread_mutex_lock(&cw_rt_graph_lock);
    cudaError_t error = cw_rt_node_check(node);
    if (error == cudaSuccess) {
        *type = node->type;
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error;
}

cudaError_t cudaGraphNodeGetType(cudaGraphNode_t node, enum cudaGraphNodeType *type) {
    return cw_rt_record(get_type(node, type));
}

/* ---- Lists: CUDA's convention: without an array the count is given; a longer array is filled up with NULL ----- */

struct list {
    cudaGraphNode_t *first, *second; /* NULL: not wanted */
    cudaGraphEdgeData *data;
    bool has_data; /* a place for edge data is part of the call */
    size_t room, count;
    bool lossy;
};

static void put(struct list *list, struct CUgraphNode_st *first, struct CUgraphNode_st *second,
                const cudaGraphEdgeData *data) {
    if (list->count < list->room) {
        if (list->first) {
            list->first[list->count] = first;
        }
        if (list->second) {
            list->second[list->count] = second;
        }
        if (list->data && data) {
            list->data[list->count] = *data;
        }
    }
    if (data && !list->has_data && memcmp(data, &plain_edge, sizeof plain_edge) != 0) {
        list->lossy = true;
    }
    list->count++;
}

static cudaError_t finish(struct list *list, size_t *count) {
    if (list->lossy) {
        return cw_rt_fail(cudaErrorLossyQuery, "an edge has data, for which this function has no place");
    }
    for (size_t i = list->count; i < list->room; i++) {
        if (list->first) {
            list->first[i] = NULL;
        }
        if (list->second) {
            list->second[i] = NULL;
        }
        if (list->data) {
            list->data[i] = plain_edge;
        }
    }
    *count = list->room && list->count > list->room ? list->room : list->count;
    return cudaSuccess;
}

static cudaError_t begin_list(struct list *list, const size_t *count) {
    if (!count) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the count is NULL");
    }
    list->room = list->first || list->second || list->data ? *count : 0;
    return cudaSuccess;
}

static cudaError_t list_nodes(cudaGraph_t graph, struct list *list, size_t *count, bool roots) {
    cudaError_t error = begin_list(list, count);
    if (error != cudaSuccess) {
        return error;
    }
    pthread_mutex_lock(&cw_rt_graph_lock);
    error = cw_rt_graph_check(graph);
    for (size_t i = 0; error == cudaSuccess && i < graph->count; i++) {
        if (!roots || graph->nodes[i]->dependencies.count == 0) {
            put(list, graph->nodes[i], NULL, NULL);
        }
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error != cudaSuccess ? error : finish(list, count);
}

cudaError_t cudaGraphGetNodes(cudaGraph_t graph, cudaGraphNode_t *nodes, size_t *count) {
    struct list list = {.first = nodes};
    return cw_rt_record(list_nodes(graph, &list, count, false));
}

cudaError_t cudaGraphGetRootNodes(cudaGraph_t graph, cudaGraphNode_t *nodes, size_t *count) {
    struct list list = {.first = nodes};
    return cw_rt_record(list_nodes(graph, &list, count, true));
}

static cudaError_t list_edges(cudaGraph_t graph, struct list *list, size_t *count) {
    cudaError_t error = begin_list(list, count);
    if (error == cudaSuccess && (list->first != NULL) != (list->second != NULL)) {
        error = cw_rt_fail(cudaErrorInvalidValue, "one of the two arrays is NULL");
    }
    if (error != cudaSuccess) {
        return error;
    }
    pthread_mutex_lock(&cw_rt_graph_lock);
    error = cw_rt_graph_check(graph);
    for (size_t i = 0; error == cudaSuccess && i < graph->count; i++) {
        const struct cw_rt_edges *edges = &graph->nodes[i]->dependencies;
        for (size_t k = 0; k < edges->count; k++) {
            put(list, edges->items[k].node, graph->nodes[i], &edges->items[k].data);
        }
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error != cudaSuccess ? error : finish(list, count);
}

cudaError_t cudaGraphGetEdges(cudaGraph_t graph, cudaGraphNode_t *from, cudaGraphNode_t *to, size_t *count) {
    struct list list = {.first = from, .second = to};
    return cw_rt_record(list_edges(graph, &list, count));
}

cudaError_t cudaGraphGetEdges_v2(cudaGraph_t graph, cudaGraphNode_t *from, cudaGraphNode_t *to, cudaGraphEdgeData *data,
                                 size_t *count) {
    struct list list = {.first = from, .second = to, .data = data, .has_data = data || !from};
    return cw_rt_record(list_edges(graph, &list, count));
}

static cudaError_t list_neighbours(cudaGraphNode_t node, struct list *list, size_t *count, bool before) {
    cudaError_t error = begin_list(list, count);
    if (error != cudaSuccess) {
        return error;
    }
    pthread_mutex_lock(&cw_rt_graph_lock);
    error = cw_rt_node_check(node);
    if (error == cudaSuccess) {
        const struct cw_rt_edges *edges = before ? &node->dependencies : &node->dependents;
        for (size_t i = 0; i < edges->count; i++) {
            put(list, edges->items[i].node, NULL, &edges->items[i].data);
        }
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error != cudaSuccess ? error : finish(list, count);
}

cudaError_t cudaGraphNodeGetDependencies(cudaGraphNode_t node, cudaGraphNode_t *nodes, size_t *count) {
    struct list list = {.first = nodes};
    return cw_rt_record(list_neighbours(node, &list, count, true));
}

cudaError_t cudaGraphNodeGetDependencies_v2(cudaGraphNode_t node, cudaGraphNode_t *nodes, cudaGraphEdgeData *data,
                                            size_t *count) {
    struct list list = {.first = nodes, .data = data, .has_data = data || !nodes};
    return cw_rt_record(list_neighbours(node, &list, count, true));
}

cudaError_t cudaGraphNodeGetDependentNodes(cudaGraphNode_t node, cudaGraphNode_t *nodes, size_t *count) {
    struct list list = {.first = nodes};
    return cw_rt_record(list_neighbours(node, &list, count, false));
}

cudaError_t cudaGraphNodeGetDependentNodes_v2(cudaGraphNode_t node, cudaGraphNode_t *nodes, cudaGraphEdgeData *data,
                                              size_t *count) {
    struct list list = {.first = nodes, .data = data, .has_data = data || !nodes};
    return cw_rt_record(list_neighbours(node, &list, count, false));
}

/* ---- Edges --------------------------------------------------------------------------------------------------- */

static struct cw_rt_edge *find_edge(struct cw_rt_edges *edges, const struct CUgraphNode_st *node) {
    for (size_t i = 0; i < edges->count; i++) {
        if (edges->items[i].node == node) {
            return &edges->items[i];
        }
    }
    return NULL;
}

static cudaError_t check_pair(const struct CUgraph_st *graph, cudaGraphNode_t from, cudaGraphNode_t to) {
    cudaError_t error = cw_rt_node_check(from);
    if (error == cudaSuccess) {
        error = cw_rt_node_check(to);
    }
    if (error == cudaSuccess && (from->graph != graph || to->graph != graph)) {
        error = cw_rt_fail(cudaErrorInvalidValue, "a node of another graph");
    }
    return error;
}

static cudaError_t add_edge(struct CUgraph_st *graph, cudaGraphNode_t from, cudaGraphNode_t to,
                            const cudaGraphEdgeData *data) {
    cudaError_t error = check_pair(graph, from, to);
    if (error != cudaSuccess) {
        return error;
    }
    if (data->type == cudaGraphDependencyTypeProgrammatic && from->type != cudaGraphNodeTypeKernel) {
        return cw_rt_fail(cudaErrorInvalidValue, "a programmatic edge leaves from a kernel node only");
    }
    if (from == to || find_edge(&to->dependencies, from)) {
        return cw_rt_fail(cudaErrorInvalidValue, "the edge is there already, or leads from a node to itself");
    }
    struct cw_rt_edge target = {from, *data};
    uint64_t mark = cw_rt_graph_mark(&target, 1);
    if (to->mark == mark) {
        return cw_rt_fail(cudaErrorInvalidValue, "the edge would close a cycle");
    }
    if (!cw_rt_edges_add(&to->dependencies, from, *data)) {
        return no_memory();
    }
    if (!cw_rt_edges_add(&from->dependents, to, *data)) {
        to->dependencies.count--;
        return no_memory();
    }
    return cudaSuccess;
}

static void drop(struct cw_rt_edges *edges, const struct cw_rt_edge *edge) {
    size_t at = (size_t)(edge - edges->items);
    memmove(&edges->items[at], &edges->items[at + 1], (edges->count - at - 1) * sizeof edges->items[0]);
    edges->count--;
}

static cudaError_t remove_edge(struct CUgraph_st *graph, cudaGraphNode_t from, cudaGraphNode_t to,
                               const cudaGraphEdgeData *data) {
    cudaError_t error = check_pair(graph, from, to);
    if (error != cudaSuccess) {
        return error;
    }
    struct cw_rt_edge *edge = find_edge(&to->dependencies, from);
    if (!edge || memcmp(&edge->data, data, sizeof *data) != 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "there is no such edge");
    }
    if (has_memory_nodes(graph)) {
        return cw_rt_fail(cudaErrorNotSupported, "edges of a graph with memory nodes can't be removed");
    }
    drop(&to->dependencies, edge);
    drop(&from->dependents, find_edge(&from->dependents, to));
    return cudaSuccess;
}

static cudaError_t change_edges(cudaGraph_t graph, const cudaGraphNode_t *from, const cudaGraphNode_t *to,
                                const cudaGraphEdgeData *data, size_t count, bool add) {
    if (count > 0 && (!from || !to)) {
        return cw_rt_fail(cudaErrorInvalidValue, "%zu edges at NULL", count);
    }
    pthread_mutex_lock(&cw_rt_graph_lock);
    cudaError_t error = cw_rt_graph_check(graph);
    for (size_t i = 0; error == cudaSuccess && i < count; i++) {
        const cudaGraphEdgeData *own = data ? &data[i] : &plain_edge;
        error = add ? add_edge(graph, from[i], to[i], own) : remove_edge(graph, from[i], to[i], own);
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error;
}

cudaError_t cudaGraphAddDependencies(cudaGraph_t graph, const cudaGraphNode_t *from, const cudaGraphNode_t *to,
                                     size_t count) {
    return cw_rt_record(change_edges(graph, from, to, NULL, count, true));
}

cudaError_t cudaGraphAddDependencies_v2(cudaGraph_t graph, const cudaGraphNode_t *from, const cudaGraphNode_t *to,
                                        const cudaGraphEdgeData *data, size_t count) {
    return cw_rt_record(change_edges(graph, from, to, data, count, true));
}

cudaError_t cudaGraphRemoveDependencies(cudaGraph_t graph, const cudaGraphNode_t *from, const cudaGraphNode_t *to,
                                        size_t count) {
    return cw_rt_record(change_edges(graph, from, to, NULL, count, false));
}

cudaError_t cudaGraphRemoveDependencies_v2(cudaGraph_t graph, const cudaGraphNode_t *from, const cudaGraphNode_t *to,
                                           const cudaGraphEdgeData *data, size_t count) {
    return cw_rt_record(change_edges(graph, from, to, data, count, false));
}
