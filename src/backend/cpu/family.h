/* SPDX-License-Identifier: Apache-2.0 */
/*
 * family.h: a grid that the host launched and all that its threads launch, directly or not: CUDA C++ Programming Guide, "CUDA
 * Dynamic Parallelism".
 *
 * What a kernel launches becomes a *node* of a tree: a grid, a copy, a fill, or nothing but a point in a stream. A node is
 * complete when its own work has ended, everything that it launched is complete, and then, one after another, what it
 * launched into its tail. A node waits for those before it in its stream, and for events; one that waits for nothing
 * is ready, and is taken by whoever has time: helpers of the pool, the thread that launched the family when its own grid
 * is done, and workers of a family that has launched more than may be pending.
 *
 * A kernel that waits for what it launched, as the first version of dynamic parallelism allows, polls; see
 * cw_cpu_family_assist.
 */
#ifndef CW_BACKEND_CPU_FAMILY_H
#define CW_BACKEND_CPU_FAMILY_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "backend/cpu/pool.h"
#include "cudawasm/cw_backend.h"

#define CW_CPU_DEPTH_MAX 24u    /* CUDA's: grids below a grid below ... the one that the host launched */
/* Bytes that a kernel may hand to the one it launches: CUDA's 4096, and what src/library/ptx/launch.c keeps behind them. */
#define CW_CPU_PARAMS_MAX (4096u + 64u)
#define CW_CPU_STREAM_MAGIC 0x6d61657274732077u
#define CW_CPU_EVENT_MAGIC 0x746e657665207763u

struct cw_cpu_family;
struct cw_cpu_node;
struct cw_cpu_worker;

enum cw_cpu_node_kind { CW_CPU_NODE_POINT, CW_CPU_NODE_GRID, CW_CPU_NODE_COPY, CW_CPU_NODE_FILL };

/* A box of bytes, rows `pitch` and layers `slice` bytes apart. */
struct cw_cpu_copy {
    char *to;
    const char *from; /* not of a fill */
    size_t to_pitch, to_slice, from_pitch, from_slice;
    size_t width, height, depth;
    uint32_t value; /* of a fill: the byte */
};

/* A stream that a kernel made, or the one without a name that each block has. */
struct cw_cpu_stream {
    uint64_t magic;                        /* CW_CPU_STREAM_MAGIC */
    struct cw_cpu_node *last;              /* the last node launched into it, if not complete yet */
    bool closed;                           /* goes when its last node is complete */
    struct cw_cpu_stream *previous, *next; /* of the family */
};

/* Where a kernel's event was recorded last. */
struct cw_cpu_event {
    uint64_t magic;           /* CW_CPU_EVENT_MAGIC */
    struct cw_cpu_node *node; /* NULL: complete, or never recorded */
    struct cw_cpu_event *previous_on_node, *next_on_node;
    struct cw_cpu_event *previous, *next; /* of the family */
};

/* How much of what a block launched is not complete: cudaDeviceSynchronize of the first version of dynamic parallelism. */
struct cw_cpu_block_work {
    uint64_t pending; /* atomic, written under the family's lock */
    bool closed;      /* the block has ended: goes with the last of it */
};

struct cw_cpu_node {
    enum cw_cpu_node_kind kind;
    struct cw_cpu_family *family;
    struct cw_cpu_node *parent;                    /* NULL of the host's grid */
    struct cw_cpu_node *next, *previous;           /* in the list of ready nodes; `next` also in its parent's tail */
    struct cw_cpu_node *previous_made, *next_made; /* all nodes of the family */
    struct cw_cpu_stream *stream;
    struct cw_cpu_event *recorded;        /* events that stand for it */
    struct cw_cpu_block_work *block_work; /* of the block that launched it; NULL: nobody counts it */
    struct cw_cpu_job *job;               /* while its grid runs */
    uint32_t depth;
    bool ended;          /* its own work */
    uint64_t waits;      /* nodes that it waits for */
    uint64_t unfinished; /* nodes that it launched, but into its tail, and that aren't complete */
    struct cw_cpu_node *tail_first, **tail_last;
    struct cw_cpu_node **waiters; /* nodes that wait for it */
    uint32_t waiter_count, waiter_capacity;
    union {
        struct cw_launch grid; /* CW_CPU_NODE_GRID */
        struct cw_cpu_copy copy;
    } work;
    _Alignas(64) char params[];
};

/* Runs what the host launched, and all that comes of it. */
cw_status cw_cpu_family_run(struct cw_backend_device *device, struct cw_cpu_worker *worker,
                            const struct cw_launch *launch, struct cw_fault *fault);

/* ---- For services ------------------------------------------------------------------------------------------------ */

/* A node with room for `size` bytes of parameters, not launched yet; NULL when out of memory. */
struct cw_cpu_node *cw_cpu_node_make(struct cw_cpu_node *parent, enum cw_cpu_node_kind kind, size_t size);
void cw_cpu_node_drop(struct cw_cpu_node *node);

/* How a node is launched: behind what `stream` has, if not NULL; behind what `event` stands for, if not NULL; into its
 * parent's tail. */
struct cw_cpu_place {
    struct cw_cpu_stream *stream;
    struct cw_cpu_event *event;
    bool tail;
    struct cw_cpu_block_work *block_work;
};

enum cw_cpu_launched { CW_CPU_LAUNCHED, CW_CPU_LAUNCH_FULL, CW_CPU_LAUNCH_NO_MEMORY };

/* Launches the node. Unless it succeeds, because too many grids are pending or memory has run out, the node is dropped. */
enum cw_cpu_launched cw_cpu_node_launch(struct cw_cpu_node *node, const struct cw_cpu_place *place);

/* What is not closed goes with the family. NULL when out of memory. */
struct cw_cpu_stream *cw_cpu_stream_make(struct cw_cpu_family *family);
void cw_cpu_stream_close(struct cw_cpu_family *family, struct cw_cpu_stream *stream);
struct cw_cpu_block_work *cw_cpu_block_work_make(void);
void cw_cpu_block_work_close(struct cw_cpu_family *family, struct cw_cpu_block_work *work);
struct cw_cpu_event *cw_cpu_event_make(struct cw_cpu_family *family);
void cw_cpu_event_close(struct cw_cpu_family *family, struct cw_cpu_event *event);
void cw_cpu_event_record(struct cw_cpu_family *family, struct cw_cpu_event *event, struct cw_cpu_stream *stream);

/* True once something of the family has failed: nothing more of it will begin, or end. */
bool cw_cpu_family_stopped(const struct cw_cpu_family *family);

/* ---- For workers ------------------------------------------------------------------------------------------------- */

/* The node's grid begins to run as that job; NULL: it has ended. */
void cw_cpu_node_set_job(struct cw_cpu_node *node, struct cw_cpu_job *job);
/* Between blocks of the node's grid: runs others of the family while more are pending than the half of what may be. */
void cw_cpu_family_relieve(struct cw_cpu_node *node, struct cw_cpu_worker *worker);
/* While all the worker's blocks poll: runs one that came of this grid, whose stores they may wait for. Only such a one: it is
 * deeper in the tree, so that grids which wait for what they launched nest on the OS thread's stack no deeper than the
 * tree is. */
void cw_cpu_family_assist(struct cw_cpu_node *node, struct cw_cpu_worker *worker);

#endif
