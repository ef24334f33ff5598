/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loops.c: the loop nest, and dispatchers in front of loops with several entries.
 *
 * A strongly connected component of the graph is a loop. Its header is the one node through which it is entered; with the
 * header taken out, the components of the rest are the loops inside. A component with several entries gets a dispatcher
 * for a header, so the rest is smaller by nothing, but its entries are no entries any more: edges to them come from the
 * dispatcher alone, which is outside of the rest. So it ends, after at most as many steps as there are nodes.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "pass/structure/build.h"

struct search {
    struct cw_structure_graph *graph;
    uint32_t *region;    /* by node: the number of the region that it is in now */
    size_t region_capacity;
    uint32_t region_count;
    uint32_t *order, *low; /* by node, of Tarjan's algorithm; 0: not seen */
    uint32_t clock;
    uint32_t *stack;     /* nodes of open components */
    uint32_t stack_count;
    bool *open;
};

/* A component: nodes that the caller frees. */
struct component {
    uint32_t *nodes;
    uint32_t count;
};

struct components {
    struct component *items;
    size_t count, capacity;
};

bool cw_structure_in_loop(const struct cw_structure_graph *graph, uint32_t loop, uint32_t inside) {
    while (inside != CW_TREE_NONE && inside != loop) {
        inside = graph->loops[inside].parent;
    }
    return inside == loop;
}

static uint32_t add_node(struct search *search, uint32_t edges) {
    struct cw_structure_graph *graph = search->graph;
    graph->nodes = cw_grow(graph->nodes, graph->count, &graph->capacity, sizeof *graph->nodes);
    uint32_t node = (uint32_t)graph->count++;
    graph->nodes[node] = (struct cw_structure_node){
        .count = edges,
        .edges = edges ? cw_alloc_array(edges, sizeof(struct cw_structure_edge)) : NULL,
        .dispatches = CW_TREE_NONE,
        .loop = CW_TREE_NONE,
    };
    size_t capacity = graph->capacity;
    if (capacity > search->region_capacity) {
        search->region = cw_realloc_array(search->region, capacity, sizeof *search->region);
        search->order = cw_realloc_array(search->order, capacity, sizeof *search->order);
        search->low = cw_realloc_array(search->low, capacity, sizeof *search->low);
        search->stack = cw_realloc_array(search->stack, capacity, sizeof *search->stack);
        search->open = cw_realloc_array(search->open, capacity, sizeof *search->open);
        search->region_capacity = capacity;
    }
    search->region[node] = 0;
    search->order[node] = 0;
    search->open[node] = false;
    return node;
}

/* ---- Strongly connected components of a region: Tarjan's algorithm with a stack of its own -------------------- */

struct visit {
    uint32_t node, edge;
};

static void close_component(struct search *search, struct components *found, uint32_t root) {
    uint32_t first = search->stack_count;
    do {
        first--;
        search->open[search->stack[first]] = false;
    } while (search->stack[first] != root);
    struct component component = {.count = search->stack_count - first};
    component.nodes = cw_alloc_array(component.count, sizeof *component.nodes);
    memcpy(component.nodes, search->stack + first, component.count * sizeof *component.nodes);
    search->stack_count = first;
    found->items = cw_grow(found->items, found->count, &found->capacity, sizeof *found->items);
    found->items[found->count++] = component;
}

static void search_from(struct search *search, uint32_t start, uint32_t region, struct components *found) {
    struct cw_structure_graph *graph = search->graph;
    struct visit *visits = NULL;
    size_t count = 0, capacity = 0;
    visits = cw_grow(visits, count, &capacity, sizeof *visits);
    visits[count++] = (struct visit){start, 0};
    while (count) {
        struct visit *visit = &visits[count - 1];
        uint32_t node = visit->node;
        if (visit->edge == 0) {
            search->order[node] = search->low[node] = ++search->clock;
            search->stack[search->stack_count++] = node;
            search->open[node] = true;
        }
        if (visit->edge < graph->nodes[node].count) {
            uint32_t target = graph->nodes[node].edges[visit->edge++].target;
            if (search->region[target] != region) {
                continue;
            }
            if (!search->order[target]) {
                visits = cw_grow(visits, count, &capacity, sizeof *visits);
                visits[count++] = (struct visit){target, 0};
            } else if (search->open[target] && search->order[target] < search->low[node]) {
                search->low[node] = search->order[target];
            }
            continue;
        }
        if (search->low[node] == search->order[node]) {
            close_component(search, found, node);
        }
        count--;
        if (count && search->low[node] < search->low[visits[count - 1].node]) {
            search->low[visits[count - 1].node] = search->low[node];
        }
    }
    free(visits);
}

/* The components of the nodes `nodes`, which are what is in `region`. */
static struct components find_components(struct search *search, const uint32_t *nodes, uint32_t count, uint32_t region) {
    struct components found = {0};
    for (uint32_t i = 0; i < count; i++) {
        search->order[nodes[i]] = 0;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!search->order[nodes[i]]) {
            search_from(search, nodes[i], region, &found);
        }
    }
    return found;
}

/* ---- Loops ---------------------------------------------------------------------------------------------------- */

static bool has_own_edge(const struct cw_structure_graph *graph, uint32_t node) {
    for (uint32_t i = 0; i < graph->nodes[node].count; i++) {
        if (graph->nodes[node].edges[i].target == node) {
            return true;
        }
    }
    return false;
}

/* Marks in `is_entry` (by node) where edges from outside come in; gives their number. */
static uint32_t find_entries(struct search *search, uint32_t region, bool *is_entry) {
    const struct cw_structure_graph *graph = search->graph;
    uint32_t count = 0;
    for (uint32_t n = 0; n < graph->count; n++) {
        if (!graph->nodes[n].reached || search->region[n] == region) {
            continue;
        }
        for (uint32_t i = 0; i < graph->nodes[n].count; i++) {
            uint32_t target = graph->nodes[n].edges[i].target;
            if (search->region[target] == region && !is_entry[target]) {
                is_entry[target] = true;
                count++;
            }
        }
    }
    return count;
}

/* All edges to the entries go through a new node. */
static uint32_t add_dispatcher(struct search *search, const bool *is_entry, uint32_t old_count, uint32_t entries) {
    uint32_t dispatcher = add_node(search, entries);
    struct cw_structure_graph *graph = search->graph;
    struct cw_structure_node *node = &graph->nodes[dispatcher];
    node->reached = true;
    node->is_switch = entries > 2;
    node->dispatches = graph->variable_count++;
    uint32_t *number = cw_alloc_array(old_count, sizeof *number);
    uint32_t next = 0;
    for (uint32_t n = 0; n < old_count; n++) {
        if (is_entry[n]) {
            number[n] = next;
            node->edges[next++] = (struct cw_structure_edge){n, CW_TREE_NONE, 0, false};
        }
    }
    for (uint32_t n = 0; n < old_count; n++) {
        for (uint32_t i = 0; i < graph->nodes[n].count; i++) {
            struct cw_structure_edge *edge = &graph->nodes[n].edges[i];
            if (is_entry[edge->target]) {
                *edge = (struct cw_structure_edge){dispatcher, node->dispatches, number[edge->target], edge->moves};
            }
        }
    }
    free(number);
    return dispatcher;
}

static void find_loops(struct search *search, const uint32_t *nodes, uint32_t count, uint32_t region, uint32_t parent);

static void make_loop(struct search *search, const struct component *component, uint32_t parent) {
    struct cw_structure_graph *graph = search->graph;
    uint32_t region = ++search->region_count;
    for (uint32_t i = 0; i < component->count; i++) {
        search->region[component->nodes[i]] = region;
    }
    uint32_t old_count = (uint32_t)graph->count;
    bool *is_entry = cw_alloc_array(old_count, sizeof *is_entry);
    uint32_t entries = find_entries(search, region, is_entry);
    uint32_t header = CW_TREE_NONE;
    for (uint32_t n = 0; n < old_count && entries == 1; n++) {
        if (is_entry[n]) {
            header = n;
        }
    }
    if (entries > 1) {
        header = add_dispatcher(search, is_entry, old_count, entries);
    }
    free(is_entry);
    graph->loops = cw_grow(graph->loops, graph->loop_count, &graph->loop_capacity, sizeof *graph->loops);
    uint32_t loop = (uint32_t)graph->loop_count++;
    graph->loops[loop] = (struct cw_structure_loop){header, parent};
    graph->nodes[header].loop = loop;
    search->region[header] = 0;
    uint32_t *rest = cw_alloc_array(component->count, sizeof *rest);
    uint32_t rest_count = 0;
    for (uint32_t i = 0; i < component->count; i++) {
        graph->nodes[component->nodes[i]].loop = loop;
        if (component->nodes[i] != header) {
            rest[rest_count++] = component->nodes[i];
        }
    }
    find_loops(search, rest, rest_count, region, loop);
    free(rest);
}

static void find_loops(struct search *search, const uint32_t *nodes, uint32_t count, uint32_t region, uint32_t parent) {
    struct components found = find_components(search, nodes, count, region);
    for (size_t i = 0; i < found.count; i++) {
        const struct component *component = &found.items[i];
        if (component->count > 1 || has_own_edge(search->graph, component->nodes[0])) {
            make_loop(search, component, parent);
        }
        free(component->nodes);
    }
    free(found.items);
}

/* ---- The whole ------------------------------------------------------------------------------------------------ */

static void copy_nodes(struct search *search, const struct cw_flow *flow) {
    for (uint32_t n = 0; n < flow->count; n++) {
        uint32_t node = add_node(search, flow->nodes[n].count);
        struct cw_structure_node *copy = &search->graph->nodes[node];
        copy->is_switch = flow->nodes[n].is_switch;
        for (uint32_t i = 0; i < copy->count; i++) {
            uint32_t target = flow->nodes[n].targets[i];
            copy->edges[i] = (struct cw_structure_edge){target, CW_TREE_NONE, 0, flow->nodes[target].phis};
        }
    }
    /* The entry may be in a loop with several entries: then the function starts by choosing. So one more node, which nothing
     * jumps to, starts the function; it has no block. */
    uint32_t start = add_node(search, 1);
    search->graph->nodes[start].edges[0] = (struct cw_structure_edge){0, CW_TREE_NONE, 0, false};
}

static void mark_reached(struct cw_structure_graph *graph, uint32_t start) {
    uint32_t *stack = cw_alloc_array(graph->count, sizeof *stack);
    uint32_t count = 0;
    graph->nodes[start].reached = true;
    stack[count++] = start;
    while (count) {
        const struct cw_structure_node *node = &graph->nodes[stack[--count]];
        for (uint32_t i = 0; i < node->count; i++) {
            uint32_t target = node->edges[i].target;
            if (!graph->nodes[target].reached) {
                graph->nodes[target].reached = true;
                stack[count++] = target;
            }
        }
    }
    free(stack);
}

/* The one node with an edge to `target`; CW_TREE_NONE when there are several edges. */
void cw_structure_loops(struct cw_structure_graph *graph, const struct cw_flow *flow) {
    struct search search = {.graph = graph};
    *graph = (struct cw_structure_graph){0};
    copy_nodes(&search, flow);
    mark_reached(graph, flow->count);
    uint32_t *nodes = cw_alloc_array(graph->count, sizeof *nodes);
    uint32_t count = 0;
    uint32_t region = ++search.region_count;
    for (uint32_t n = 0; n < graph->count; n++) {
        if (graph->nodes[n].reached) {
            search.region[n] = region;
            nodes[count++] = n;
        }
    }
    find_loops(&search, nodes, count, region, CW_TREE_NONE);
    free(nodes);
    free(search.region);
    free(search.order);
    free(search.low);
    free(search.stack);
    free(search.open);
}

void cw_structure_graph_fini(struct cw_structure_graph *graph) {
    for (size_t i = 0; i < graph->count; i++) {
        free(graph->nodes[i].edges);
    }
    free(graph->nodes);
    free(graph->loops);
    *graph = (struct cw_structure_graph){0};
}
