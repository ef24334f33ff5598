/* SPDX-License-Identifier: Apache-2.0 */
/* graph.c: graphs, nodes and edges as objects: making, cloning, sorting, destroying. See graph.h. */
#include "runtime/graph.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/thread.h"

pthread_mutex_t cw_rt_graph_lock = PTHREAD_MUTEX_INITIALIZER;

static struct cw_rt_slots graphs = {.slot_size = sizeof(struct CUgraph_st)};
static struct cw_rt_slots nodes = {.slot_size = sizeof(struct CUgraphNode_st)};
static uint64_t last_identity;
static uint64_t last_mark;

uint64_t cw_rt_graph_identity(void) {
    return ++last_identity;
}

cudaError_t cw_rt_graph_check(cudaGraph_t graph) {
    return graph && cw_rt_slots_owns(&graphs, graph) && graph->live
               ? cudaSuccess
               : cw_rt_fail(cudaErrorInvalidValue, "the graph was destroyed or never was one");
}

cudaError_t cw_rt_node_check(cudaGraphNode_t node) {
    return node && cw_rt_slots_owns(&nodes, node) && node->live
               ? cudaSuccess
               : cw_rt_fail(cudaErrorInvalidValue, "the node was destroyed or never was one");
}

cudaError_t cw_rt_node_check_type(cudaGraphNode_t node, enum cudaGraphNodeType type) {
    cudaError_t error = cw_rt_node_check(node);
    if (error == cudaSuccess && node->type != type) {
        error = cw_rt_fail(cudaErrorInvalidValue, "the node has type %d, not %d", (int)node->type, (int)type);
    }
    return error;
}

/* ---- Edges --------------------------------------------------------------------------------------------------- */

static bool reserve(struct cw_rt_edges *edges, size_t count) {
    if (count <= edges->capacity) {
        return true;
    }
    size_t capacity = edges->capacity ? 2 * edges->capacity : 2;
    capacity = capacity < count ? count : capacity;
    struct cw_rt_edge *grown = realloc(edges->items, capacity * sizeof *grown);
    if (!grown) {
        return false;
    }
    edges->items = grown;
    edges->capacity = capacity;
    return true;
}

bool cw_rt_edges_add(struct cw_rt_edges *edges, struct CUgraphNode_st *node, cudaGraphEdgeData data) {
    if (!reserve(edges, edges->count + 1)) {
        return false;
    }
    edges->items[edges->count++] = (struct cw_rt_edge){node, data};
    return true;
}

bool cw_rt_edges_set(struct cw_rt_edges *edges, const struct cw_rt_edge *items, size_t count) {
    if (!reserve(edges, count)) {
        return false;
    }
    if (count) {
        memmove(edges->items, items, count * sizeof *items);
    }
    edges->count = count;
    return true;
}

void cw_rt_edges_fini(struct cw_rt_edges *edges) {
    free(edges->items);
    *edges = (struct cw_rt_edges){0};
}

static void remove_edge(struct cw_rt_edges *edges, const struct CUgraphNode_st *node) {
    size_t kept = 0;
    for (size_t i = 0; i < edges->count; i++) {
        if (edges->items[i].node != node) {
            edges->items[kept++] = edges->items[i];
        }
    }
    edges->count = kept;
}

/* ---- Nodes --------------------------------------------------------------------------------------------------- */

static bool list_node(struct CUgraph_st *graph, struct CUgraphNode_st *node) {
    if (graph->count == graph->capacity) {
        size_t capacity = graph->capacity ? 2 * graph->capacity : 16;
        struct CUgraphNode_st **grown = realloc(graph->nodes, capacity * sizeof(struct CUgraphNode_st *));
        if (!grown) {
            return false;
        }
        graph->nodes = grown;
        graph->capacity = capacity;
    }
    node->index = graph->count;
    graph->nodes[graph->count++] = node;
    return true;
}

struct CUgraphNode_st *cw_rt_node_create(struct CUgraph_st *graph, const struct cw_rt_edge *dependencies,
                                         size_t count) {
    struct CUgraphNode_st *node = cw_rt_slots_take(&nodes);
    if (!node) {
        return NULL;
    }
    *node = (struct CUgraphNode_st){.type = cudaGraphNodeTypeEmpty, .enabled = true};
    if (!cw_rt_edges_set(&node->dependencies, dependencies, count) || !list_node(graph, node)) {
        cw_rt_edges_fini(&node->dependencies);
        cw_rt_slots_give(&nodes, node);
        return NULL;
    }
    node->live = true;
    node->graph = graph;
    node->identity = cw_rt_graph_identity();
    for (size_t i = 0; i < count; i++) {
        if (!cw_rt_edges_add(&dependencies[i].node->dependents, node, dependencies[i].data)) {
            cw_rt_node_destroy(node);
            return NULL;
        }
    }
    return node;
}

static void free_node(struct CUgraphNode_st *node) {
    cw_rt_node_release(node);
    cw_rt_edges_fini(&node->dependencies);
    cw_rt_edges_fini(&node->dependents);
    node->live = false;
    cw_rt_slots_give(&nodes, node);
}

void cw_rt_node_destroy(struct CUgraphNode_st *node) {
    struct CUgraph_st *graph = node->graph;
    for (size_t i = 0; i < node->dependencies.count; i++) {
        remove_edge(&node->dependencies.items[i].node->dependents, node);
    }
    for (size_t i = 0; i < node->dependents.count; i++) {
        remove_edge(&node->dependents.items[i].node->dependencies, node);
    }
    for (size_t i = node->index + 1; i < graph->count; i++) {
        graph->nodes[i]->index = i - 1;
        graph->nodes[i - 1] = graph->nodes[i];
    }
    graph->count--;
    free_node(node);
}

/* ---- Graphs -------------------------------------------------------------------------------------------------- */

struct CUgraph_st *cw_rt_graph_create(enum cw_rt_graph_role role, struct CUgraphNode_st *owner) {
    struct CUgraph_st *graph = cw_rt_slots_take(&graphs);
    if (graph) {
        *graph = (struct CUgraph_st){.live = true, .role = role, .identity = cw_rt_graph_identity(), .owner = owner};
    }
    return graph;
}

void cw_rt_graph_destroy(struct CUgraph_st *graph) {
    graph->live = false;
    for (size_t i = 0; i < graph->count; i++) {
        free_node(graph->nodes[i]);
    }
    free(graph->nodes);
    graph->nodes = NULL;
    graph->count = graph->capacity = 0;
    while (graph->conditions) {
        struct cw_rt_condition *condition = graph->conditions;
        graph->conditions = condition->next;
        cw_rt_condition_release(condition);
    }
    cw_rt_graph_objects_release(graph);
    cw_rt_slots_give(&graphs, graph);
}

void cw_rt_graph_destroy_all(const struct cw_rt_device *device) {
    struct CUgraph_st *graph;
    for (size_t i = 0; (graph = cw_rt_slots_at(&graphs, i)); i++) {
        bool concerned = false;
        for (size_t k = 0; graph->live && graph->role == CW_RT_GRAPH_PLAIN && k < graph->count && !concerned; k++) {
            concerned = graph->nodes[k]->device == device;
        }
        if (concerned && !graph->capturing) {
            cw_rt_graph_destroy(graph);
        }
    }
}

static bool clone_into(struct CUgraph_st *clone, const struct CUgraph_st *graph) {
    for (size_t i = 0; i < graph->count; i++) {
        struct CUgraphNode_st *node = cw_rt_node_create(clone, NULL, 0);
        if (!node || !cw_rt_node_copy(node, graph->nodes[i])) {
            return false;
        }
        node->origin = graph->nodes[i]->identity;
    }
    for (size_t i = 0; i < graph->count; i++) {
        const struct cw_rt_edges *edges = &graph->nodes[i]->dependencies;
        for (size_t k = 0; k < edges->count; k++) {
            struct CUgraphNode_st *from = clone->nodes[edges->items[k].node->index];
            if (!cw_rt_edges_add(&clone->nodes[i]->dependencies, from, edges->items[k].data)) {
                return false;
            }
        }
        edges = &graph->nodes[i]->dependents;
        for (size_t k = 0; k < edges->count; k++) {
            struct CUgraphNode_st *to = clone->nodes[edges->items[k].node->index];
            if (!cw_rt_edges_add(&clone->nodes[i]->dependents, to, edges->items[k].data)) {
                return false;
            }
        }
    }
    return cw_rt_graph_objects_clone(clone, graph) == cudaSuccess;
}

struct CUgraph_st *cw_rt_graph_clone(const struct CUgraph_st *graph, enum cw_rt_graph_role role,
                                     struct CUgraphNode_st *owner) {
    struct CUgraph_st *clone = cw_rt_graph_create(role, owner);
    if (clone && !clone_into(clone, graph)) {
        cw_rt_graph_destroy(clone);
        clone = NULL;
    }
    return clone;
}

static struct CUgraphNode_st *find_nested(const struct CUgraphNode_st *node, const struct CUgraphNode_st *original) {
    struct CUgraphNode_st *found = NULL;
    if (node->type == cudaGraphNodeTypeGraph) {
        found = cw_rt_graph_find_clone(node->of.child.graph, original, true);
    } else if (node->type == cudaGraphNodeTypeConditional) {
        for (unsigned i = 0; i < node->of.conditional.size && !found; i++) {
            found = cw_rt_graph_find_clone(node->of.conditional.bodies[i], original, true);
        }
    }
    return found;
}

struct CUgraphNode_st *cw_rt_graph_find_clone(struct CUgraph_st *graph, const struct CUgraphNode_st *original,
                                              bool nested) {
    /* Where it is unless nodes were destroyed since. */
    if (original->index < graph->count && graph->nodes[original->index]->origin == original->identity) {
        return graph->nodes[original->index];
    }
    struct CUgraphNode_st *found = NULL;
    for (size_t i = 0; i < graph->count && !found; i++) {
        if (graph->nodes[i]->origin == original->identity) {
            found = graph->nodes[i];
        } else if (nested) {
            found = find_nested(graph->nodes[i], original);
        }
    }
    return found;
}

bool cw_rt_graph_has(const struct CUgraph_st *graph, enum cudaGraphNodeType type, bool nested) {
    for (size_t i = 0; i < graph->count; i++) {
        const struct CUgraphNode_st *node = graph->nodes[i];
        if (node->type == type) {
            return true;
        }
        if (nested && node->type == cudaGraphNodeTypeGraph && cw_rt_graph_has(node->of.child.graph, type, true)) {
            return true;
        }
        for (unsigned k = 0; nested && node->type == cudaGraphNodeTypeConditional && k < node->of.conditional.size;
             k++) {
            if (cw_rt_graph_has(node->of.conditional.bodies[k], type, true)) {
                return true;
            }
        }
    }
    return false;
}

/* ---- Orders -------------------------------------------------------------------------------------------------- */

/* A heap of node indices, smallest first: among nodes that may come next the one that was made first does. */
static void heap_push(size_t *heap, size_t *count, size_t index) {
    size_t at = (*count)++;
    while (at > 0 && heap[(at - 1) / 2] > index) {
        heap[at] = heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    heap[at] = index;
}

static size_t heap_pop(size_t *heap, size_t *count) {
    size_t top = heap[0], last = heap[--*count], at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child + 1 < *count && heap[child + 1] < heap[child]) {
            child++;
        }
        if (child >= *count || heap[child] >= last) {
            break;
        }
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = last;
    return top;
}

struct CUgraphNode_st **cw_rt_graph_sort(struct CUgraph_st *graph) {
    size_t room = graph->count ? graph->count : 1;
    struct CUgraphNode_st **sorted = malloc(room * sizeof(struct CUgraphNode_st *));
    size_t *heap = malloc(room * sizeof *heap);
    size_t *waiting = malloc(room * sizeof *waiting);
    size_t heap_count = 0, done = 0;
    if (!sorted || !heap || !waiting) {
        free(sorted);
        sorted = NULL;
        goto out;
    }
    for (size_t i = 0; i < graph->count; i++) {
        waiting[i] = graph->nodes[i]->dependencies.count;
        if (waiting[i] == 0) {
            heap_push(heap, &heap_count, i);
        }
    }
    while (heap_count > 0) {
        struct CUgraphNode_st *node = graph->nodes[heap_pop(heap, &heap_count)];
        sorted[done++] = node;
        for (size_t i = 0; i < node->dependents.count; i++) {
            size_t next = node->dependents.items[i].node->index;
            if (--waiting[next] == 0) {
                heap_push(heap, &heap_count, next);
            }
        }
    }
out:
    free(heap);
    free(waiting);
    return sorted;
}

uint64_t cw_rt_graph_mark(const struct cw_rt_edge *from, size_t count) {
    uint64_t mark = ++last_mark;
    struct cw_rt_edges stack = {0};
    for (size_t i = 0; i < count; i++) {
        if (from[i].node->mark != mark) {
            from[i].node->mark = mark;
            (void)cw_rt_edges_add(&stack, from[i].node, from[i].data);
        }
    }
    while (stack.count > 0) {
        const struct cw_rt_edges *before = &stack.items[--stack.count].node->dependencies;
        for (size_t i = 0; i < before->count; i++) {
            if (before->items[i].node->mark != mark) {
                before->items[i].node->mark = mark;
                (void)cw_rt_edges_add(&stack, before->items[i].node, before->items[i].data);
            }
        }
    }
    cw_rt_edges_fini(&stack);
    return mark;
}
