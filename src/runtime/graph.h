/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graph.h: CUDA graphs inside the runtime (CUDA C++ Programming Guide, "CUDA Graphs").
 *
 * A graph is a list of nodes with edges in both directions. A node holds its parameters as CUDA's functions give them
 * back, and the checked form that runs (launch.h, copy.h). Instantiating clones the graph into the executable graph's
 * own *template* and compiles that into a *plan*: an array of steps in an order that keeps every edge. Updates change
 * the template; the next launch compiles a new plan, so that launches that are pending keep theirs.
 *
 * A launch is one operation of its stream, which runs the plan from front to back; where the plan records events or
 * waits for some it is cut there into several operations. Steps that no edge orders still run one after the other: a
 * kernel fills all processors by itself, and CUDA promises no concurrency.
 *
 * Graphs, nodes, executable graphs and user objects are slots (slots.h), so that stale handles are recognised. One lock,
 * cw_rt_graph_lock, guards all of it and all captures; it is taken after the lock of loading kernels was given back and
 * before those of allocations and of the engine. Nothing runs while it is held.
 */
#ifndef CW_RUNTIME_GRAPH_H
#define CW_RUNTIME_GRAPH_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cuda/driver_types.h"
#include "runtime/copy.h"
#include "runtime/launch.h"
#include "runtime/slots.h"
#include "runtime/stream.h"

struct cw_rt_device;
struct cw_rt_user_object;
struct cw_rt_words;

/* Memory operations (words.h), which only the driver API has a name for. */
#define CW_RT_NODE_WORDS ((enum cudaGraphNodeType)12)

#define CW_RT_GRAPH_ATTRIBUTES 16u

struct cw_rt_edge {
    struct CUgraphNode_st *node;
    cudaGraphEdgeData data;
};

/* A kernel node's attributes that were set: bit `id` of `set`. */
struct cw_rt_attributes {
    uint32_t set;
    cudaLaunchAttributeValue values[CW_RT_GRAPH_ATTRIBUTES];
};

/* Memory of allocation nodes: has one address while any node refers to it (graph_memory.c). */
struct cw_rt_graph_block {
    struct cw_rt_graph_block *next;
    struct cw_rt_device *device;
    void *base;
    size_t size;
    uint32_t refs;                   /* nodes that refer to it */
    bool live;                       /* allocated, as the order of launches and frees has it */
    bool running_live;               /* the same as execution has got to; counted as used */
    bool resident;                   /* counted as reserved */
    struct CUgraphNode_st *freed_by; /* the free node of the graph being built that ended its last use */
};

/* A conditional handle: its number is the address of `cell`, a word of device memory. */
struct cw_rt_condition {
    struct cw_rt_condition *next;
    struct cw_rt_device *device;
    void *cell;
    unsigned default_value;
    bool assign;   /* at each launch */
    bool used;     /* by a node */
    uint32_t refs; /* the graph that it was made for, and nodes */
};

struct CUgraphNode_st {
    bool live;
    enum cudaGraphNodeType type;
    struct CUgraph_st *graph;
    size_t index;      /* in the graph's nodes */
    uint64_t identity; /* never given twice */
    uint64_t origin;   /* the identity of the node that this one is a clone of; 0 */
    struct cw_rt_device *device;
    struct cw_rt_edges dependencies, dependents;
    uint64_t mark; /* of the traversal that met it last */
    bool enabled;  /* in templates */
    union {
        struct {
            struct cw_rt_request request; /* without arguments */
            const void *func;
            struct cw_rt_launch *launch;
            size_t bytes;                        /* of `launch` */
            void **pointers;                     /* to the arguments in `launch` */
            struct cw_rt_attributes *attributes; /* NULL: none was set */
        } kernel;
        struct {
            struct cudaMemcpy3DParms params;
            struct cw_rt_copy_plan plan;
        } copy;
        struct {
            struct cudaMemsetParams params;
            struct cw_rt_filling filling;
            enum cw_rt_memory memory;
        } fill;
        struct cudaHostNodeParams host;
        struct {
            struct CUgraph_st *graph;
            enum cudaGraphChildGraphNodeOwnership ownership;
        } child;
        cudaEvent_t event;
        struct {
            struct cudaMemAllocNodeParams params;
            struct cudaMemAccessDesc *access;
            struct cw_rt_graph_block *block;
        } alloc;
        struct cw_rt_graph_block *free;
        struct cw_rt_words *words;
        struct {
            struct cw_rt_condition *condition;
            enum cudaGraphConditionalNodeType type;
            unsigned size;
            cudaGraph_t *bodies;
        } conditional;
    } of;
};

enum cw_rt_graph_role {
    CW_RT_GRAPH_PLAIN,
    CW_RT_GRAPH_CHILD,    /* belongs to a child graph node */
    CW_RT_GRAPH_BODY,     /* belongs to a conditional node */
    CW_RT_GRAPH_TEMPLATE, /* belongs to an executable graph */
};

struct cw_rt_held_object {
    struct cw_rt_held_object *next;
    cudaUserObject_t object;
    unsigned count;
};

struct CUgraph_st {
    bool live;
    enum cw_rt_graph_role role;
    uint64_t identity;
    struct CUgraphNode_st *owner; /* of a child or a body */
    struct CUgraphNode_st **nodes;
    size_t count, capacity;
    struct cw_rt_condition *conditions;
    struct cw_rt_held_object *objects;
    unsigned executables; /* that were made of it and are there still */
    bool capturing;       /* a capture adds to it */
};

extern pthread_mutex_t cw_rt_graph_lock;

/* ---- graph.c: graphs, nodes and edges. All with the lock held. ---- */

cudaError_t cw_rt_graph_check(cudaGraph_t graph);
cudaError_t cw_rt_node_check(cudaGraphNode_t node);
/* The same, and that it is of this type. */
cudaError_t cw_rt_node_check_type(cudaGraphNode_t node, enum cudaGraphNodeType type);
struct CUgraph_st *cw_rt_graph_create(enum cw_rt_graph_role role, struct CUgraphNode_st *owner);
void cw_rt_graph_destroy(struct CUgraph_st *graph);
/* Destroys those of the program's own that have a node of the device. */
void cw_rt_graph_destroy_all(const struct cw_rt_device *device);
/* A copy with `origin` set in every node, children and bodies too. NULL when out of memory. */
struct CUgraph_st *cw_rt_graph_clone(const struct CUgraph_st *graph, enum cw_rt_graph_role role,
                                     struct CUgraphNode_st *owner);
/* The clone in `graph`, its children and bodies, of the node that had this identity; NULL. */
struct CUgraphNode_st *cw_rt_graph_find_clone(struct CUgraph_st *graph, const struct CUgraphNode_st *original,
                                              bool nested);
/* True if a node of that type is in the graph or, with `nested`, in its children and bodies. */
bool cw_rt_graph_has(const struct CUgraph_st *graph, enum cudaGraphNodeType type, bool nested);
/* An empty node behind `dependencies`, which were checked. NULL when out of memory. */
struct CUgraphNode_st *cw_rt_node_create(struct CUgraph_st *graph, const struct cw_rt_edge *dependencies, size_t count);
void cw_rt_node_destroy(struct CUgraphNode_st *node);
/* The nodes in an order that keeps every edge, in which nodes made first come first; malloc'd. NULL when out of memory. */
struct CUgraphNode_st **cw_rt_graph_sort(struct CUgraph_st *graph);
/* Marks `node` and everything before it; what is marked has the number that is returned. */
uint64_t cw_rt_graph_mark(const struct cw_rt_edge *from, size_t count);
bool cw_rt_edges_add(struct cw_rt_edges *edges, struct CUgraphNode_st *node, cudaGraphEdgeData data);
bool cw_rt_edges_set(struct cw_rt_edges *edges, const struct cw_rt_edge *items, size_t count);
void cw_rt_edges_fini(struct cw_rt_edges *edges);
uint64_t cw_rt_graph_identity(void);

/* ---- graph_node.c: what is in a node ---- */

/* Checks parameters and brings them into the form that a node keeps, without the lock, in a node that belongs to no
 * graph. */
cudaError_t cw_rt_node_prepare(struct CUgraphNode_st *draft, const struct cudaGraphNodeParams *params);
/* Frees what a node or a draft holds. */
void cw_rt_node_release(struct CUgraphNode_st *node);
/* Makes a draft's contents those of a new node; the draft is empty then. With the lock held. */
cudaError_t cw_rt_node_add(struct CUgraph_st *graph, const struct cw_rt_edge *dependencies, size_t count,
                           struct CUgraphNode_st *draft, struct CUgraphNode_st **node);
/* What a node's attributes say of its launches holds for what a draft will be filled with, too. With the lock held. */
void cw_rt_node_inherit(struct CUgraphNode_st *draft, const struct CUgraphNode_st *node);
/* Makes a draft's contents those of `node`, which is of the same type. With the lock held. */
void cw_rt_node_replace(struct CUgraphNode_st *node, struct CUgraphNode_st *draft);
/* Copies the contents of `from` into a new node. False when out of memory. With the lock held. */
bool cw_rt_node_copy(struct CUgraphNode_st *to, const struct CUgraphNode_st *from);
/* The contents as CUDA's struct; pointers in it are the node's. */
void cw_rt_node_params(const struct CUgraphNode_st *node, struct cudaGraphNodeParams *params);
/* The same of a handle, which must be of this type, for a caller with a `place` for them: without the lock. */
cudaError_t cw_rt_node_get(cudaGraphNode_t node, enum cudaGraphNodeType type, const void *place,
                           struct cudaGraphNodeParams *params);
/* CUDA's general form of a copy along one row. */
struct cudaMemcpy3DParms cw_rt_copy_params(const void *dst, const void *src, size_t count, enum cudaMemcpyKind kind);

/* ---- graph_memory.c; with the lock held ---- */

/* Fills in an allocation node's block behind `dependencies`. */
cudaError_t cw_rt_graph_alloc(struct CUgraphNode_st *node, const struct cw_rt_edge *dependencies, size_t count);
struct cw_rt_graph_block *cw_rt_graph_block_find(const void *pointer);
void cw_rt_graph_block_release(struct cw_rt_graph_block *block);
/* cudaFree of memory that an allocation node made: without the lock. False when it is none. */
bool cw_rt_graph_memory_free(void *pointer);
/* cudaFreeAsync of it. */
cudaError_t cw_rt_graph_memory_free_behind(void *pointer, struct CUstream_st *stream);
cudaError_t cw_rt_graph_run_alloc(struct cw_rt_device *device, void *block);
cudaError_t cw_rt_graph_run_free(struct cw_rt_device *device, void *block);
void cw_rt_graph_memory_close(struct cw_rt_device *device);

/* ---- graph_conditional.c ---- */

void cw_rt_condition_release(struct cw_rt_condition *condition);
/* Checks a conditional node's parameters and makes its bodies. With the lock held. */
cudaError_t cw_rt_conditional_prepare(struct CUgraphNode_st *draft, const struct CUgraph_st *graph,
                                      const struct cudaConditionalNodeParams *params);
cudaError_t cw_rt_condition_write(const struct cw_rt_condition *condition, unsigned value);
cudaError_t cw_rt_condition_read(const struct cw_rt_condition *condition, unsigned *value);

/* ---- graph_plan.c ---- */

struct cw_rt_step {
    /* NULL for events. */
    cudaError_t (*execute)(struct cw_rt_device *device, void *payload);
    struct cw_rt_device *device;
    void *payload;
    enum cudaGraphNodeType type;
    bool owned; /* the payload is freed with the plan */
};

/* What a plan does to a block of memory. */
struct cw_rt_plan_block {
    struct cw_rt_graph_block *block;
    bool live_before; /* it must be allocated when the plan starts, or else must not be */
    bool live_after;
};

struct cw_rt_plan {
    _Atomic uint32_t refs;
    bool waits;      /* user code runs in it, or it polls: not inside a thread that waits for it */
    size_t events;   /* steps that are events */
    size_t count, capacity;
    struct cw_rt_step *steps;
    size_t block_count, block_capacity;
    struct cw_rt_plan_block *blocks;
};

/* All but running with the lock held. */
cudaError_t cw_rt_plan_compile(struct CUgraph_st *graph, struct cw_rt_plan **plan);
void cw_rt_plan_release(struct cw_rt_plan *plan);
/* Runs the steps [from, to), none of which is an event. */
cudaError_t cw_rt_plan_run(const struct cw_rt_plan *plan, size_t from, size_t to);

/* ---- graph_exec.c ---- */

struct CUgraphExec_st {
    bool live;
    _Atomic uint32_t refs; /* the handle, and launches that are pending */
    struct cw_rt_device *device;
    unsigned long long flags;
    struct CUgraph_st *template;
    struct CUgraph_st *source; /* the graph it was made of, and that one's identity */
    uint64_t source_identity;
    struct cw_rt_plan *plan;         /* NULL: the template has changed */
    struct CUstream_st *last_stream; /* of the last launch */
    uint64_t last_number;
    bool uploaded;  /* kernels may launch it */
    bool in_flight; /* a kernel has launched it, and it is not complete; graph_device.c's, as the next one */
    bool again;     /* a kernel of its own has launched it into its tail */
};

/* The device is reset: executable graphs of it, and graphs with nodes of it, are no more. Nothing is pending. */
void cw_rt_graphs_close(const struct cw_rt_device *device);
/* With the lock held, as all that follow. */
cudaError_t cw_rt_exec_check(cudaGraphExec_t exec);
/* Forgets the plan: the template has changed. */
void cw_rt_exec_changed(struct CUgraphExec_st *exec);
/* For launches by kernels, without the lock: a reference to the graph, which must be for them and uploaded, and to its plan;
 * and back. Nothing is recorded. */
cudaError_t cw_rt_exec_take(struct CUgraphExec_st *exec, struct cw_rt_plan **plan);
void cw_rt_exec_give_back(struct CUgraphExec_st *exec, struct cw_rt_plan *plan);
/* The template's node for a node of the source graph. */
cudaError_t cw_rt_exec_node(struct CUgraphExec_st *exec, cudaGraphNode_t node, struct CUgraphNode_st **found);

/* ---- user_object.c; with the lock held ---- */

cudaError_t cw_rt_graph_objects_clone(struct CUgraph_st *to, const struct CUgraph_st *from);
void cw_rt_graph_objects_release(struct CUgraph_st *graph);

#endif
