/* SPDX-License-Identifier: Apache-2.0 */
/*
 * block.h: one block of threads, and the scheduler that runs it on one OS thread.
 *
 * A started thread is in exactly one state: running; runnable; waiting at a barrier, the block's or its cluster's; waiting in a
 * warp collective; waiting in cw.activemask; polling; exited. Threads start in the order of their index, so those from
 * block.next_thread on are the unstarted ones. Nothing of a block lies on the OS thread's own stack: a worker can leave
 * a block whose threads all poll, run another one and come back.
 *
 * Who goes on when a thread waits: the next runnable lane of its warp; then, if lanes of the warp wait in cw.activemask,
 * the warp's unstarted lanes, then those that asked; then the block's next unstarted thread; another warp's runnable
 * lane; other warps' lanes that asked; the one that waits for the grid, if the grid has met; those that poll. When nobody
 * is left and threads still live, the block waits for its grid or its cluster, or they can never meet.
 */
#ifndef CW_BACKEND_CPU_BLOCK_H
#define CW_BACKEND_CPU_BLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "backend/cpu/artifact.h"
#include "backend/cpu/cluster.h"
#include "cudawasm/cw_backend.h"

#define CW_CPU_WARP 32u
#define CW_CPU_THREADS_MAX 1024u
#define CW_CPU_WARPS_MAX (CW_CPU_THREADS_MAX / CW_CPU_WARP)
#define CW_CPU_BARRIERS 128u
#define CW_CPU_UNSTARTED UINT32_MAX /* no thread, or the next one to start */
#define CW_CPU_SHARED_MAX (227u << 10)
#define CW_CPU_SHARED_ALIGN 1024u

struct cw_backend_module;
struct cw_cpu_grid_barrier;
struct cw_cpu_node;
struct cw_cpu_stream;
struct cw_cpu_block_work;
struct cw_cpu_worker;

/* What all blocks of a launch share. */
struct cw_cpu_grid {
    const struct cw_cpu_kernel *kernel;
    struct cw_dim3 grid;
    struct cw_dim3 block;
    uint32_t thread_count;
    uint32_t dynamic_shared; /* bytes */
    uint32_t shared_bytes;   /* static and dynamic */
    uint32_t shared_shift;   /* two to this bytes are room for them, and what lies between blocks of a cluster */
    struct cw_dim3 cluster;  /* blocks of one; 1 without clusters */
    uint32_t cluster_size;   /* their product */
    uint32_t cluster_explicit; /* see artifact.h */
    const void *params;
    uint32_t streamed; /* see artifact.h */
    struct cw_cpu_grid_barrier *barrier; /* of a cooperative launch; else NULL */
    struct cw_backend_module *module;    /* of the kernel */
    struct cw_cpu_node *node;            /* of a grid that may launch others; else NULL */
};

/* Lanes of one warp, as bit sets. */
struct cw_cpu_warp {
    uint32_t live;       /* exist and have not exited */
    uint32_t runnable;   /* could go on at once; never the running one */
    uint32_t collecting; /* wait in a warp collective */
    uint32_t asking;     /* wait in cw.activemask */
    uint32_t polling;    /* wait for somebody's store */
    uint32_t last;       /* the lane that gave up the processor last: the next one above it is next */
};

/* What a lane brought to a collective, then its result. */
struct cw_cpu_lane {
    uint64_t value; /* in cw.activemask: the call site, then the result */
    uint32_t mask;
    uint8_t category; /* enum cw_cpu_collective */
    uint8_t operand;  /* lane, distance or lane mask of a shuffle, modulo 32 */
    uint8_t segment;  /* a shuffle's segment mask: 32 minus width, modulo 32 */
};

struct cw_cpu_barrier {
    uint32_t arrived;
    uint32_t expected;   /* 0: every live thread */
    uint32_t predicates; /* threads that brought a predicate */
    uint32_t positives;  /* of these, those whose predicate was not 0 */
    uint32_t result_predicates; /* the same of the last completed phase */
    uint32_t result_positives;
    uint64_t phase;                   /* how often it was complete */
    uint32_t lanes[CW_CPU_WARPS_MAX]; /* who waits, by warp */
    uint32_t came[CW_CPU_WARPS_MAX];  /* who has arrived without waiting */
};

struct cw_cpu_state {
    struct cw_cpu_block block; /* first: generated code knows it */
    struct cw_cpu_state *next; /* in the worker's list of spare or resident blocks */
    struct cw_cpu_worker *worker;
    const struct cw_cpu_grid *grid;
    cw_cpu_run *entry; /* the kernel's `run`, `run_all` or `run_lanes` */
    uint32_t group;    /* CUDA threads that go by one place in the queue: 1, or the lanes of a vector */
    uint64_t index;    /* of the block in its grid */
    uint64_t end;      /* behind the last block to run in this turn: `run_all` takes several without coming back */
    uint32_t live;     /* threads not yet exited; 0 under run_all, which keeps no account */
    uint32_t warp_count;
    uint32_t ready_warps;   /* warps that may have runnable lanes (a superset) */
    uint32_t asking_warps;  /* warps with lanes in cw.activemask */
    uint32_t polling_warps; /* warps with polling lanes */
    uint32_t polls;  /* calls of cw.poll */
    uint32_t yields; /* turns given away by cw.yield */
    uint32_t resume; /* the thread that goes on when the worker comes back to the block */
    uint32_t grid_waiter; /* the thread that waits for the grid, or CW_CPU_UNSTARTED */
    uint64_t grid_token;  /* and for which phase */
    uint32_t rounds; /* how often the block went back to its worker because all its threads polled */
    struct cw_cpu_thread *fault_stack; /* where the fault happened; NULL when that is not a stack of ours */
    uint64_t open_barriers[CW_CPU_BARRIERS / 64]; /* barriers where somebody has arrived */
    struct cw_cpu_stream *null_stream; /* what the block launched without naming a stream; NULL: nothing yet */
    struct cw_cpu_block_work *block_work; /* what the block launched; NULL: nothing yet */
    uint16_t *errors;                  /* threads' last errors; NULL: none yet */
    char *own_shared; /* of blocks without a cluster */
    size_t shared_size;
    struct cw_cpu_cluster *cluster; /* to which the block belongs */
    struct cw_cpu_cluster alone;    /* that of a block without others */
    uint32_t cluster_arrived;       /* threads that have arrived at the cluster's barrier, in the phase not complete yet */
    uint32_t cluster_waiters;       /* of these, those that wait */
    uint32_t cluster_came[CW_CPU_WARPS_MAX];    /* the same by warp */
    uint32_t cluster_waiting[CW_CPU_WARPS_MAX];
    struct cw_cpu_warp warps[CW_CPU_WARPS_MAX];
    void *contexts[CW_CPU_THREADS_MAX]; /* of started threads that don't run */
    struct cw_cpu_lane lanes[CW_CPU_THREADS_MAX];
    struct cw_cpu_barrier barriers[CW_CPU_BARRIERS];
};

enum cw_cpu_outcome {
    CW_CPU_FINISHED, /* every thread has exited */
    CW_CPU_MEETING,  /* the block waits for its grid or its cluster, and none of its threads can do anything else */
    CW_CPU_POLLING,  /* every live thread waits for a store that no thread of the block can make now, as it seems */
    CW_CPU_FAULTED,  /* the worker's fault record says how */
};

/* ---- For the worker, on its OS thread's own stack ------------------------------------------------------------- */

/* A block state with room for `grid`'s shared memory, or NULL. Reuses the worker's spare ones. */
struct cw_cpu_state *cw_cpu_state_take(struct cw_cpu_worker *worker, const struct cw_cpu_grid *grid);
void cw_cpu_state_give(struct cw_cpu_state *state);
void cw_cpu_states_free(struct cw_cpu_state *list);

/* Runs `count` blocks of the state's grid from block `index` on, each from its start, by `entry`; `run` takes one. */
enum cw_cpu_outcome cw_cpu_block_start(struct cw_cpu_state *state, uint64_t index, uint64_t count, cw_cpu_run *entry);
/* True if a block whose last outcome was CW_CPU_MEETING need not wait any more. */
bool cw_cpu_block_met(const struct cw_cpu_state *state);
/* Goes on with a block whose last outcome was CW_CPU_POLLING, or CW_CPU_MEETING and it has met. */
enum cw_cpu_outcome cw_cpu_block_resume(struct cw_cpu_state *state);
/* Takes all stacks back from a block that polls or has faulted. */
void cw_cpu_block_abandon(struct cw_cpu_state *state);

/* ---- For services, on a thread stack -------------------------------------------------------------------------- */

/* The running thread. */
#if defined(__wasm__)
extern _Thread_local struct cw_cpu_thread *cw_cpu_current; /* CW_CPU_CURRENT_SYMBOL; NULL on the worker's own stack */
static inline struct cw_cpu_thread *cw_cpu_self(void) {
    return cw_cpu_current;
}
#else
static inline __attribute__((always_inline)) struct cw_cpu_thread *cw_cpu_self(void) {
    return cw_cpu_thread_of((uintptr_t)__builtin_frame_address(0));
}
#endif

static inline struct cw_cpu_state *cw_cpu_state_of(const struct cw_cpu_thread *thread) {
    return (struct cw_cpu_state *)thread->block;
}

/* Lets another thread go on; returns when somebody has made thread `index`, the running one, go on again. The caller has
 * noted first what the thread waits for. */
void cw_cpu_wait(struct cw_cpu_state *state, uint32_t index);

/* Lets the running thread `index` step aside for thread `next`, which must be runnable, or for the next unstarted one
 * (CW_CPU_UNSTARTED). It stays runnable. */
void cw_cpu_step_aside(struct cw_cpu_state *state, uint32_t index, uint32_t next);

/* After a meeting that the running thread `index` completed: threads go on in the order of their indices, as programs that
 * print expect, so `first`, the lowest of those released, goes before it. */
static inline void cw_cpu_go_first(struct cw_cpu_state *state, uint32_t index, uint32_t first) {
    if (first < index) {
        cw_cpu_step_aside(state, index, first);
    }
}

static inline void cw_cpu_make_runnable(struct cw_cpu_state *state, uint32_t warp, uint32_t lanes) {
    state->warps[warp].runnable |= lanes;
    state->ready_warps |= 1u << warp;
}

/* The first of the non-empty set `lanes` above `lane`, else its first. */
static inline uint32_t cw_cpu_next_lane(uint32_t lanes, uint32_t lane) {
    uint32_t above = lanes & (~1u << (lane & 31));
    return (uint32_t)__builtin_ctz(above ? above : lanes);
}

/* True while lanes of `warp` have not been started. */
static inline bool cw_cpu_warp_unstarted(const struct cw_cpu_state *state, uint32_t warp) {
    return state->block.next_thread < state->block.thread_count && state->block.next_thread / CW_CPU_WARP == warp;
}

/* Back to the worker for good, with CW_CPU_FAULTED. */
_Noreturn void cw_cpu_block_leave(struct cw_cpu_state *state);

/* Notes the same for a signal handler, which then redirects to the context that this returns. */
void *cw_cpu_block_leave_from_signal(struct cw_cpu_state *state, uintptr_t sp);

/* Makes the lanes of `warp` that wait in cw.activemask runnable, with their answers (progress.c). */
void cw_cpu_activemask_answer(struct cw_cpu_state *state, uint32_t warp);

#endif
