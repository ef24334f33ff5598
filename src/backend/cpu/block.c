/* SPDX-License-Identifier: Apache-2.0 */
/* block.c: see block.h. Runs blocks and decides which thread goes on. */
#include "backend/cpu/block.h"

#include <stdlib.h>
#include <string.h>

#include "backend/cpu/child.h"
#include "backend/cpu/deadlock.h"
#include "backend/cpu/fault.h"
#include "backend/cpu/grid.h"
#include "backend/cpu/sanitizer.h"
#include "backend/cpu/stack.h"
#include "backend/cpu/switch.h"
#include "backend/cpu/worker.h"

#define NOBODY (UINT32_MAX - 1) /* back to the worker, whose outcome says why */

/* ---- Block states --------------------------------------------------------------------------------------------- */

struct cw_cpu_state *cw_cpu_state_take(struct cw_cpu_worker *worker, const struct cw_cpu_grid *grid) {
    struct cw_cpu_state *state = worker->spare;
    if (state) {
        worker->spare = state->next;
    } else {
        state = calloc(1, sizeof *state);
        if (!state) {
            return NULL;
        }
        state->worker = worker;
    }
    size_t size = (size_t)1 << grid->shared_shift;
    if (state->shared_size < size && grid->cluster_size == 1) {
        free(state->own_shared);
        state->own_shared = aligned_alloc(CW_CPU_SHARED_ALIGN, size);
        state->shared_size = state->own_shared ? size : 0;
        if (!state->own_shared) {
            cw_cpu_state_give(state);
            return NULL;
        }
    }
    struct cw_cpu_block *block = &state->block;
    state->next = NULL;
    state->grid = grid;
    memcpy(block->block_dim, &grid->block, sizeof block->block_dim);
    memcpy(block->grid_dim, &grid->grid, sizeof block->grid_dim);
    block->thread_count = grid->thread_count;
    block->dynamic_shared = grid->dynamic_shared;
    block->processor = worker->processor;
    block->params = grid->params;
    block->streamed = grid->streamed;
    block->shared = block->cluster_shared = state->own_shared;
    memcpy(block->cluster_dim, &grid->cluster, sizeof block->cluster_dim);
    block->cluster_explicit = grid->cluster_explicit;
    block->cluster_shift = grid->shared_shift;
    memset(block->cluster_idx, 0, sizeof block->cluster_idx);
    block->cluster_rank = 0;
    cw_cpu_cluster_alone(state);
    return state;
}

void cw_cpu_state_give(struct cw_cpu_state *state) {
    state->next = state->worker->spare;
    state->worker->spare = state;
}

void cw_cpu_states_free(struct cw_cpu_state *list) {
    while (list) {
        struct cw_cpu_state *next = list->next;
        free(list->own_shared);
        free(list->errors);
        free(list);
        list = next;
    }
}

/* ---- Choosing the next thread --------------------------------------------------------------------------------- */

static uint32_t take_lane(struct cw_cpu_state *state, uint32_t warp, uint32_t lane) {
    state->warps[warp].runnable &= ~(1u << lane);
    return warp * CW_CPU_WARP + lane;
}

static uint32_t take_poller(struct cw_cpu_state *state, uint32_t warp, uint32_t lane) {
    state->warps[warp].polling &= ~(1u << lane);
    if (state->warps[warp].polling == 0) {
        state->polling_warps &= ~(1u << warp);
    }
    return warp * CW_CPU_WARP + lane;
}

/* The poller after thread `index`. When they have all had their turn, the worker may do something else first. */
static uint32_t pick_poller(struct cw_cpu_state *state, uint32_t index) {
    uint32_t warp = index / CW_CPU_WARP;
    uint32_t above = state->warps[warp].polling & (~1u << index % CW_CPU_WARP);
    if (above) {
        return take_poller(state, warp, (uint32_t)__builtin_ctz(above));
    }
    uint32_t later = state->polling_warps & (~1u << warp);
    if (later) {
        warp = (uint32_t)__builtin_ctz(later);
        return take_poller(state, warp, (uint32_t)__builtin_ctz(state->warps[warp].polling));
    }
    warp = (uint32_t)__builtin_ctz(state->polling_warps);
    state->resume = take_poller(state, warp, (uint32_t)__builtin_ctz(state->warps[warp].polling));
    state->worker->outcome = CW_CPU_POLLING;
    return NOBODY;
}

static uint32_t pick_elsewhere(struct cw_cpu_state *state, uint32_t index) {
    uint32_t warp = index / CW_CPU_WARP;
    if (state->block.next_thread < state->block.thread_count) {
        return CW_CPU_UNSTARTED;
    }
    while (state->ready_warps) {
        uint32_t other = cw_cpu_next_lane(state->ready_warps, warp);
        uint32_t runnable = state->warps[other].runnable;
        if (runnable) {
            return take_lane(state, other, cw_cpu_next_lane(runnable, state->warps[other].last));
        }
        state->ready_warps &= ~(1u << other);
    }
    if (state->asking_warps) {
        uint32_t other = (uint32_t)__builtin_ctz(state->asking_warps);
        cw_cpu_activemask_answer(state, other);
        return take_lane(state, other, (uint32_t)__builtin_ctz(state->warps[other].runnable));
    }
    uint32_t waiter = state->grid_waiter;
    if (waiter != CW_CPU_UNSTARTED && cw_cpu_grid_barrier_passed(state->grid->barrier, state->grid_token)) {
        return waiter;
    }
    if (state->polling_warps) {
        return pick_poller(state, index);
    }
    if (waiter != CW_CPU_UNSTARTED || (state->cluster_waiters && state->cluster->size > 1)) {
        state->resume = CW_CPU_UNSTARTED;
        state->worker->outcome = CW_CPU_MEETING;
        return NOBODY;
    }
    state->worker->outcome = CW_CPU_FINISHED;
    if (state->live != 0) {
        cw_cpu_deadlock_record(state);
        state->worker->outcome = CW_CPU_FAULTED;
    }
    return NOBODY;
}

static inline uint32_t pick(struct cw_cpu_state *state, uint32_t index) {
    uint32_t warp = index / CW_CPU_WARP;
    uint32_t runnable = state->warps[warp].runnable;
    if (__builtin_expect(runnable == 0, 0)) {
        if (state->warps[warp].asking == 0) {
            return pick_elsewhere(state, index);
        }
        if (cw_cpu_warp_unstarted(state, warp)) {
            return CW_CPU_UNSTARTED;
        }
        cw_cpu_activemask_answer(state, warp);
        runnable = state->warps[warp].runnable;
    }
    return take_lane(state, warp, cw_cpu_next_lane(runnable, index % CW_CPU_WARP));
}

/* ---- Switching ------------------------------------------------------------------------------------------------- */

CW_CPU_UNRECORDED static void thread_main(void);

static void *fresh_context(struct cw_cpu_state *state, struct cw_cpu_thread *stack) {
    stack->block = &state->block;
    stack->index = 0;
#ifdef CW_CPU_SANITIZED
    cw_cpu_stack_fiber(stack)->fake_stack = NULL;
#endif
    return cw_cpu_switch_prepare(stack, thread_main);
}

/* The context of `next`, which is what `pick` gave. */
static inline void *context_of(struct cw_cpu_state *state, uint32_t next) {
    if (__builtin_expect(next < CW_CPU_THREADS_MAX, 1)) {
        return state->contexts[next];
    }
    if (next == NOBODY) {
        return state->worker->host;
    }
    struct cw_cpu_thread *stack = cw_cpu_stack_take(&state->worker->stacks);
    if (!stack) {
        cw_cpu_fault_raise_block(state, CW_FAULT_RESOURCES,
                                 "needs more thread stacks than the system gives (%zu are in use; the limits are memory "
                                 "and the sysctl vm.max_map_count)",
                                 state->worker->stacks.count);
    }
    return fresh_context(state, stack);
}

static inline const struct cw_cpu_fiber *fiber_of(struct cw_cpu_state *state, uint32_t next, void *context) {
#ifdef CW_CPU_SANITIZED
    return next == NOBODY ? &state->worker->host_fiber : cw_cpu_stack_fiber(cw_cpu_context_thread(context));
#else
    (void)state, (void)next, (void)context;
    return NULL;
#endif
}

static inline void switch_to(struct cw_cpu_state *state, uint32_t index, uint32_t next) {
    void *context = context_of(state, next);
    struct cw_cpu_fiber *self = cw_cpu_stack_fiber(cw_cpu_self());
    cw_cpu_fiber_leave(self, fiber_of(state, next, context));
    cw_cpu_switch(&state->contexts[index], context);
    cw_cpu_fiber_arrive(self);
}

void cw_cpu_wait(struct cw_cpu_state *state, uint32_t index) {
    state->warps[index / CW_CPU_WARP].last = index % CW_CPU_WARP;
    uint32_t next = pick(state, index);
    if (next != index) {
        switch_to(state, index, next);
    }
}

void cw_cpu_step_aside(struct cw_cpu_state *state, uint32_t index, uint32_t next) {
    uint32_t warp = index / CW_CPU_WARP;
    state->warps[warp].last = index % CW_CPU_WARP;
    cw_cpu_make_runnable(state, warp, 1u << index % CW_CPU_WARP);
    if (next != CW_CPU_UNSTARTED) {
        take_lane(state, next / CW_CPU_WARP, next % CW_CPU_WARP);
    }
    switch_to(state, index, next);
}

/* Blocks of a grid of clusters are counted cluster by cluster, and in each by rank. */
static void locate_in_cluster(struct cw_cpu_block *block, const struct cw_cpu_grid *grid, uint64_t index) {
    uint32_t rank = (uint32_t)(index % grid->cluster_size), width = grid->grid.x / grid->cluster.x;
    uint64_t cluster = index / grid->cluster_size, row = cluster / width;
    uint32_t height = grid->grid.y / grid->cluster.y;
    block->cluster_rank = rank;
    block->cluster_idx[0] = rank % grid->cluster.x;
    block->cluster_idx[1] = rank / grid->cluster.x % grid->cluster.y;
    block->cluster_idx[2] = rank / grid->cluster.x / grid->cluster.y;
    block->block_idx[0] = (uint32_t)(cluster % width) * grid->cluster.x + block->cluster_idx[0];
    block->block_idx[1] = (uint32_t)(row % height) * grid->cluster.y + block->cluster_idx[1];
    block->block_idx[2] = (uint32_t)(row / height) * grid->cluster.z + block->cluster_idx[2];
    block->shared = block->cluster_shared + ((size_t)rank << grid->shared_shift);
}

static void locate(struct cw_cpu_block *block, const struct cw_cpu_grid *grid, uint64_t index) {
    if (__builtin_expect(grid->cluster_size > 1, 0)) {
        locate_in_cluster(block, grid, index);
        return;
    }
    if (index < grid->grid.x) {
        block->block_idx[0] = (uint32_t)index;
        block->block_idx[1] = 0;
        block->block_idx[2] = 0;
        return;
    }
    uint64_t row = index / grid->grid.x;
    block->block_idx[0] = (uint32_t)(index % grid->grid.x);
    block->block_idx[1] = (uint32_t)(row % grid->grid.y);
    block->block_idx[2] = (uint32_t)(row / grid->grid.y);
}

/* The bottom of every thread stack: runs threads until the block has none to start, then lets another one go on. */
CW_CPU_UNRECORDED static void thread_main(void) {
    struct cw_cpu_thread *thread = cw_cpu_self();
    cw_cpu_fiber_arrive(cw_cpu_stack_fiber(thread));
    struct cw_cpu_state *state = cw_cpu_state_of(thread);
    state->entry(state->block.params, &state->block);
    while (state->index + 1 < state->end) {
        locate(&state->block, state->grid, ++state->index);
        state->entry(state->block.params, &state->block);
    }

    uint32_t next = NOBODY;
    if (state->live == 0) {
        state->worker->outcome = CW_CPU_FINISHED;
    } else {
        next = pick(state, thread->index % CW_CPU_THREADS_MAX);
    }
    cw_cpu_stack_give(&state->worker->stacks, thread);
    void *context = context_of(state, next);
    cw_cpu_fiber_leave(NULL, fiber_of(state, next, context));
    cw_cpu_switch_end(context);
}

_Noreturn void cw_cpu_block_leave(struct cw_cpu_state *state) {
    state->fault_stack = cw_cpu_self();
    state->worker->outcome = CW_CPU_FAULTED;
    cw_cpu_fiber_leave(NULL, &state->worker->host_fiber);
    cw_cpu_switch_final(state->worker->host);
}

void *cw_cpu_block_leave_from_signal(struct cw_cpu_state *state, uintptr_t sp) {
    struct cw_cpu_worker *worker = state->worker;
    state->fault_stack = cw_cpu_stacks_own(&worker->stacks, sp) ? cw_cpu_thread_of(sp) : NULL;
    worker->outcome = CW_CPU_FAULTED;
    return worker->host;
}

/* ---- Running ---------------------------------------------------------------------------------------------------- */

static enum cw_cpu_outcome enter(struct cw_cpu_state *state, void *context) {
    struct cw_cpu_worker *worker = state->worker;
    worker->fault.signal = 0;
    cw_cpu_fiber_leave(&worker->host_fiber, fiber_of(state, 0, context));
    __atomic_store_n(&worker->running, state, __ATOMIC_RELAXED);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    cw_cpu_switch_in(&worker->host, context);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    __atomic_store_n(&worker->running, NULL, __ATOMIC_RELAXED);
    if (worker->outcome == CW_CPU_FAULTED && worker->fault.signal != 0) {
        cw_cpu_fiber_leave(NULL, &worker->host_fiber); /* the signal handler could not say so */
    }
    cw_cpu_fiber_arrive(&worker->host_fiber);
    return worker->outcome;
}

/* Whether `entry` takes threads or groups of lanes from the block's queue, and so may suspend. */
static bool takes_from_queue(const struct cw_cpu_kernel *kernel, cw_cpu_run *entry) {
    return entry == kernel->run || (entry == kernel->run_lanes && kernel->lanes_suspend);
}

static void forget_barriers(struct cw_cpu_state *state) {
    memset(state->open_barriers, 0, sizeof state->open_barriers);
    memset(state->barriers, 0, sizeof state->barriers);
}

static void begin_threads(struct cw_cpu_state *state) {
    const struct cw_cpu_kernel *kernel = state->grid->kernel;
    state->group = state->entry == kernel->run ? 1 : kernel->lanes;
    uint32_t threads = (state->grid->thread_count + state->group - 1) / state->group;
    state->block.thread_count = threads;
    state->warp_count = (threads + CW_CPU_WARP - 1) / CW_CPU_WARP;
    state->live = threads;
    state->ready_warps = 0;
    state->asking_warps = 0;
    state->polling_warps = 0;
    state->polls = 0;
    state->yields = 0;
    state->grid_waiter = CW_CPU_UNSTARTED;
    if (state->grid->node) {
        cw_cpu_child_begin(state);
    }
    for (uint32_t i = 0; i < state->warp_count; i++) {
        uint32_t rest = threads - i * CW_CPU_WARP;
        state->warps[i] = (struct cw_cpu_warp){.live = rest >= CW_CPU_WARP ? UINT32_MAX : (1u << rest) - 1};
    }
    memset(state->contexts, 0, threads * sizeof state->contexts[0]);
    if (state->open_barriers[0] | state->open_barriers[1]) { /* the block before arrived somewhere and never waited */
        forget_barriers(state);
    }
}

enum cw_cpu_outcome cw_cpu_block_start(struct cw_cpu_state *state, uint64_t index, uint64_t count, cw_cpu_run *entry) {
    locate(&state->block, state->grid, index);
    state->block.next_thread = 0;
    state->entry = entry;
    state->index = index;
    state->end = index + count;
    state->rounds = 0;
    state->live = 0;
    if (takes_from_queue(state->grid->kernel, entry)) {
        begin_threads(state);
    }
    struct cw_cpu_thread *stack = cw_cpu_stack_take(&state->worker->stacks);
    if (!stack) {
        state->live = 0;
        state->fault_stack = NULL;
        state->worker->fault = (struct cw_cpu_fault_record){
            .kind = CW_FAULT_RESOURCES, .text = "could not get a thread stack: memory or mappings have run out"};
        return CW_CPU_FAULTED;
    }
    return enter(state, fresh_context(state, stack));
}

bool cw_cpu_block_met(const struct cw_cpu_state *state) {
    if (state->grid_waiter != CW_CPU_UNSTARTED && cw_cpu_grid_barrier_passed(state->grid->barrier, state->grid_token)) {
        return true;
    }
    for (uint32_t warps = state->ready_warps; warps; warps &= warps - 1) {
        if (state->warps[__builtin_ctz(warps)].runnable) {
            return true;
        }
    }
    return false;
}

enum cw_cpu_outcome cw_cpu_block_resume(struct cw_cpu_state *state) {
    uint32_t next = state->resume;
    if (next == CW_CPU_UNSTARTED) {
        next = pick_elsewhere(state, CW_CPU_THREADS_MAX - 1);
        if (next == NOBODY) {
            return state->worker->outcome;
        }
    }
    return enter(state, state->contexts[next]);
}

static bool is_free(const struct cw_cpu_stacks *stacks, const struct cw_cpu_thread *stack) {
    for (size_t i = 0; i < stacks->free_count; i++) {
        if (stacks->free[i] == stack) {
            return true;
        }
    }
    return false;
}

void cw_cpu_block_abandon(struct cw_cpu_state *state) {
    struct cw_cpu_stacks *stacks = &state->worker->stacks;
    struct cw_cpu_thread *fault_stack = state->fault_stack;
    /* A wild stack pointer may name a stack that nobody uses. */
    if (fault_stack && !is_free(stacks, fault_stack)) {
        cw_cpu_stack_abandon(stacks, fault_stack);
    }
    uint32_t started = state->live ? state->block.next_thread : 0;
    for (uint32_t i = 0; i < started && i < state->block.thread_count; i++) {
        if (!(state->warps[i / CW_CPU_WARP].live >> i % CW_CPU_WARP & 1) || !state->contexts[i]) {
            continue;
        }
        struct cw_cpu_thread *stack = cw_cpu_context_thread(state->contexts[i]);
        if (stack != fault_stack) {
            cw_cpu_stack_abandon(stacks, stack);
        }
    }
    state->fault_stack = NULL;
    if (state->grid->node) {
        cw_cpu_child_end(state);
    }
    forget_barriers(state);
    cw_cpu_cluster_leave(state);
}
