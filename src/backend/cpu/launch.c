/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch.c: running a grid. The launching thread takes blocks itself from the start; helpers join when enough work seems
 * to be left to pay for waking them: by what the kernel took in earlier launches, else by what its first blocks take.
 *
 * A block whose threads all poll is set aside after some patience, and its worker starts another block or goes on with
 * one that it had set aside. So blocks that wait for other blocks of the grid make progress, as long as a worker has to
 * keep no more than RESIDENT_MAX blocks at once, or fewer where stacks take much of the memory (stack.h); a cooperative launch
 * has no such limit.
 *
 * The blocks of a cooperative launch meet at a barrier (grid.h), and each stays with the worker that started it. So every
 * worker starts its share, and more only when others leave theirs for too long.
 *
 * Pieces of work are clusters (cluster.h). Whoever has one starts all its blocks before it goes on with any.
 */
#include "backend/cpu/launch.h"

#include <sched.h>
#include <stdio.h>
#include <time.h>

#include "backend/cpu/block.h"
#include "backend/cpu/child.h"
#include "backend/cpu/cluster.h"
#include "backend/cpu/deadlock.h"
#include "backend/cpu/device.h"
#include "backend/cpu/family.h"
#include "backend/cpu/grid.h"
#include "backend/cpu/module.h"
#include "backend/cpu/pool.h"
#include "backend/cpu/stack.h"
#include "backend/cpu/stream.h"
#include "backend/cpu/worker.h"

#define RESIDENT_MAX 64u
#define PATIENCE_ROUNDS 8u        /* of polling, before another block is started beside a polling one */
#define FAMILY_CHECK_NS 10000000u
#define SHARE_PATIENCE_NS 500000u /* before a worker starts blocks of a cooperative launch beyond its share */
#define OFFER_NS 20000u           /* work that is worth a helper */
#define OFFER_AT_ONCE_NS 100000u  /* the same, before it is known how long blocks take this time */
#define CHECK_NS 5000u            /* how often the launching thread looks at the clock before it has helpers */
#define UNKNOWN_THREADS_MIN 65536u /* a grid of a kernel never seen before gets helpers at once from this size */

struct launch {
    struct cw_cpu_job job; /* first */
    struct cw_cpu_grid grid;
    struct cw_cpu_grid_barrier barrier; /* of a cooperative launch */
    cw_cpu_run *entry;
    struct cw_cpu_pool *pool;
    uint64_t blocks; /* of the grid; the job's pieces are clusters */
    uint32_t resident_max;
    uint32_t sharers;
    uint32_t faulted; /* atomic: one worker reports */
    struct cw_fault *fault;
};

/* One thread's part in a launch. */
struct part {
    struct launch *launch;
    struct cw_cpu_worker *worker;
    struct cw_cpu_state *free;  /* a block state at hand, or NULL */
    struct cw_cpu_state *first; /* blocks set aside, the one that has waited longest first */
    struct cw_cpu_state **last;
    uint32_t aside;       /* how many they are */
    uint32_t idle_turns;  /* turns of such blocks since one finished or started */
    struct cw_cpu_state *meeting_first; /* blocks that wait for their grid, in the order in which they came to */
    struct cw_cpu_state **meeting_last;
    uint64_t share; /* blocks to start before the others have had the time to start theirs */
    uint64_t next, count; /* blocks: claimed, not started */
    struct cw_cpu_cluster *cluster; /* of several blocks, some of which are not started; of a kernel that never waits: for all */
    uint64_t done;
    /* Of the launching thread, until it has helpers. */
    bool watching;
    uint64_t start_ns;
    uint64_t check_at; /* blocks done */
    uint64_t block_ps; /* what one took, 0 while not measured */
};

static uint64_t now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* ---- Faults ------------------------------------------------------------------------------------------------------- */

static void report(struct launch *launch, struct cw_cpu_worker *worker, struct cw_cpu_state *state) {
    cw_cpu_fault_report(worker, state, launch->fault);
    enum cw_fault_kind kind = launch->fault->kind;
    if (state->entry == launch->grid.kernel->run || !launch->grid.kernel->run || kind == CW_FAULT_RESOURCES) {
        return;
    }
    /* run_all and run_lanes do not know their threads; run does. Should the fault not come again, the first report stays. */
    cw_cpu_block_abandon(state);
    worker->replaying = true;
    if (cw_cpu_block_start(state, state->index, 1, launch->grid.kernel->run) == CW_CPU_FAULTED) {
        struct cw_fault again;
        cw_cpu_fault_report(worker, state, &again);
        if (again.kind == kind) {
            *launch->fault = again;
        }
    }
    worker->replaying = false;
}

static void fail(struct launch *launch, struct cw_cpu_worker *worker, struct cw_cpu_state *state) {
    cw_cpu_job_stop(&launch->job);
    if (__atomic_exchange_n(&launch->faulted, 1, __ATOMIC_RELAXED) == 0) {
        report(launch, worker, state);
    }
    if (launch->grid.barrier) {
        cw_cpu_grid_barrier_wake(launch->grid.barrier);
    }
    cw_cpu_block_abandon(state);
}

static void fail_without_memory(struct launch *launch) {
    cw_cpu_job_stop(&launch->job);
    if (__atomic_exchange_n(&launch->faulted, 1, __ATOMIC_RELAXED) == 0) {
        *launch->fault = (struct cw_fault){.kind = CW_FAULT_RESOURCES};
        snprintf(launch->fault->message, sizeof launch->fault->message,
                 "kernel `%.300s` could not be launched: there is no memory for the state and the %u bytes of shared memory of a block",
                 launch->grid.kernel->name, launch->grid.shared_bytes);
    }
}

/* ---- One thread's part -------------------------------------------------------------------------------------------- */

static void offer(struct part *part) {
    struct launch *launch = part->launch;
    uint64_t left = launch->blocks - part->done - 1;
    part->watching = false;
    cw_cpu_pool_offer(launch->pool, &launch->job, left < launch->sharers ? (uint32_t)left : launch->sharers - 1);
}

/* What a block took on average, in picoseconds, since the start. */
static uint64_t block_time_ps(const struct part *part, uint64_t elapsed_ns) {
    return (elapsed_ns > UINT64_MAX / 1000 ? UINT64_MAX : elapsed_ns * 1000) / part->done + 1;
}

/* Looks whether helpers would pay by now. The first blocks are slow (nothing is in a cache), so a few nanoseconds tell nothing. */
static void watch(struct part *part) {
    uint64_t left = part->launch->blocks - part->done, elapsed = now_ns() - part->start_ns;
    uint64_t block_ps = block_time_ps(part, elapsed);
    if (elapsed < CHECK_NS) {
        part->check_at = 2 * part->done;
        return;
    }
    if (left > 1 && (double)block_ps * (double)left > OFFER_NS * 1000.0) {
        part->block_ps = block_ps; /* later times would have the waking of helpers in them */
        offer(part);
        return;
    }
    part->check_at = part->done + CHECK_NS * 1000u / block_ps + 1;
}

/* The next block to start. False when there is none, or when other jobs need this helper more. */
static bool next_block(struct part *part, uint64_t *index) {
    struct launch *launch = part->launch;
    if (part->count == 0) {
        bool helper = part->start_ns == 0;
        if (helper && part->done != 0 && part->aside == 0 && !part->meeting_first && cw_cpu_pool_crowded(launch->pool)) {
            return false;
        }
        if (!cw_cpu_job_claim(&launch->job, launch->sharers, &part->next, &part->count)) {
            return false;
        }
        part->next *= launch->grid.cluster_size;
        part->count *= launch->grid.cluster_size;
    } else if (__atomic_load_n(&launch->job.stop, __ATOMIC_RELAXED)) {
        part->count = 0;
        return false;
    }
    *index = part->next++;
    part->count--;
    return true;
}

static bool wants_new_block(const struct part *part) {
    if (part->count % part->launch->grid.cluster_size != 0) {
        return true; /* the others of its cluster run */
    }
    if (part->share == 0 && part->launch->grid.barrier) {
        return false;
    }
    return part->aside == 0 || (part->aside < part->launch->resident_max && part->first->rounds >= PATIENCE_ROUNDS);
}

static void set_aside(struct part *part, struct cw_cpu_state *state) {
    state->rounds++;
    state->next = NULL;
    *part->last = state;
    part->last = &state->next;
    part->aside++;
}

static struct cw_cpu_state *take_aside(struct part *part) {
    struct cw_cpu_state *state = part->first;
    part->first = state->next;
    if (!part->first) {
        part->last = &part->first;
    }
    part->aside--;
    /* When nobody here gets on, whoever they wait for may need this CPU. */
    if (part->idle_turns++ > part->aside) {
        part->idle_turns = 0;
        if (part->launch->grid.node) {
            cw_cpu_family_assist(part->launch->grid.node, part->worker);
        }
        sched_yield();
    }
    return state;
}

static bool never_waits(const struct launch *launch) {
    const struct cw_cpu_kernel *kernel = launch->grid.kernel;
    return launch->entry == kernel->run_all || (launch->entry == kernel->run_lanes && !kernel->lanes_suspend);
}

/* Makes the state ready for block `index` of a grid of clusters. Blocks that never wait run one after another in one cluster's memory. False
 * when out of memory. */
static bool enter_cluster(struct part *part, struct cw_cpu_state *state, uint64_t index) {
    const struct cw_cpu_grid *grid = &part->launch->grid;
    uint32_t rank = (uint32_t)(index % grid->cluster_size);
    bool whole = never_waits(part->launch);
    if (!part->cluster) {
        part->cluster = cw_cpu_cluster_take(part->worker, grid);
    }
    if (!part->cluster) {
        return false;
    }
    if (whole) {
        state->block.cluster_shared = part->cluster->shared;
        return true;
    }
    cw_cpu_cluster_join(part->cluster, state, rank);
    if (rank + 1 == grid->cluster_size) {
        part->cluster = NULL; /* its blocks keep it */
    }
    return true;
}

static void keep(struct part *part, struct cw_cpu_state *state) {
    if (part->free) {
        cw_cpu_state_give(state);
    } else {
        part->free = state;
    }
}

/* ---- Cooperative launches ------------------------------------------------------------------------------------------ */

static void set_meeting(struct part *part, struct cw_cpu_state *state) {
    state->next = NULL;
    *part->meeting_last = state;
    part->meeting_last = &state->next;
}

/* The block that has waited longest for the grid, if it need not wait any more or `anyway`; of blocks in clusters the one that has
 * waited longest of those which need not. */
static struct cw_cpu_state *take_meeting(struct part *part, bool anyway) {
    struct cw_cpu_state **place = &part->meeting_first;
    while (*place && !(anyway || cw_cpu_block_met(*place))) {
        if (part->launch->grid.cluster_size == 1) {
            return NULL;
        }
        place = &(*place)->next;
    }
    struct cw_cpu_state *state = *place;
    if (state) {
        *place = state->next;
        if (!state->next) {
            part->meeting_last = place;
        }
    }
    return state;
}

/* Of the blocks that wait the first that waits for the grid; NULL when there is none. The others are counted. */
static struct cw_cpu_state *first_for_grid(const struct part *part, int64_t *others) {
    struct cw_cpu_state *first = NULL;
    *others = 0;
    for (struct cw_cpu_state *state = part->meeting_first; state; state = state->next) {
        bool waits = state->grid_waiter != CW_CPU_UNSTARTED;
        first = first || !waits ? first : state;
        *others += !waits;
    }
    return first;
}

/* Has one of the blocks whose threads don't all wait for their cluster, if there is any, be the first that waits: it tells why the others
 * wait in vain. */
static void bring_culprit_forward(struct part *part) {
    for (struct cw_cpu_state **place = &part->meeting_first; *place; place = &(*place)->next) {
        struct cw_cpu_state *state = *place;
        if (state->cluster_waiters == state->live) {
            continue;
        }
        *place = state->next;
        if (!state->next) {
            part->meeting_last = place;
        }
        state->next = part->meeting_first;
        part->meeting_first = state;
        if (!state->next) {
            part->meeting_last = &state->next;
        }
        return;
    }
}

/* The blocks that wait can wait for ever. True when there were any. */
static bool end_meeting(struct part *part) {
    struct launch *launch = part->launch;
    if (launch->grid.cluster_size > 1) {
        bring_culprit_forward(part);
    }
    struct cw_cpu_state *state = take_meeting(part, true);
    if (!state) {
        return false;
    }
    if (__atomic_load_n(&launch->job.stop, __ATOMIC_RELAXED)) {
        cw_cpu_block_abandon(state);
    } else if (state->grid_waiter == CW_CPU_UNSTARTED) {
        cw_cpu_deadlock_record(state);
        fail(launch, part->worker, state);
    } else {
        struct cw_cpu_fault_record *fault = &part->worker->fault;
        pthread_mutex_lock(&launch->barrier.lock);
        uint64_t ended = launch->barrier.ended;
        pthread_mutex_unlock(&launch->barrier.lock);
        *fault = (struct cw_cpu_fault_record){.kind = CW_FAULT_DEADLOCK};
        snprintf(fault->text, sizeof fault->text, "deadlocked");
        snprintf(fault->detail, sizeof fault->detail,
                 "it waits for its grid, of whose %llu blocks %llu ended without synchronising it",
                 (unsigned long long)launch->blocks, (unsigned long long)ended);
        fail(launch, part->worker, state);
    }
    keep(part, state);
    return true;
}

/* All blocks of this worker wait for the grid or are done. True when something may have changed. */
static bool wait_for_grid(struct part *part) {
    struct launch *launch = part->launch;
    int64_t stuck;
    struct cw_cpu_state *first = first_for_grid(part, &stuck);
    bool may_start_more = part->share == 0 && __atomic_load_n(&launch->job.next, __ATOMIC_RELAXED) < launch->job.total;
    if (first) {
        /* A family that fails elsewhere stops the launch without waking anybody. */
        uint64_t patience = launch->grid.node ? FAMILY_CHECK_NS : 0;
        if (stuck) {
            cw_cpu_grid_barrier_stick(launch->grid.barrier, stuck);
        }
        cw_cpu_grid_barrier_sleep(launch->grid.barrier, first->grid_token, may_start_more ? SHARE_PATIENCE_NS : patience);
        if (stuck) {
            cw_cpu_grid_barrier_stick(launch->grid.barrier, -stuck);
        }
    }
    if (may_start_more) {
        part->share = launch->blocks;
        return true;
    }
    return first ? true : end_meeting(part);
}

/* How many blocks go in one turn that starts with a block just taken: of a kernel that never waits all that were claimed, or
 * as many as run until the next look at the clock, which saves two switches of stacks a block. */
static uint64_t blocks_a_turn(struct part *part) {
    if (!never_waits(part->launch)) {
        return 1;
    }
    uint64_t more = part->count;
    if (part->watching) {
        uint64_t until_check = part->check_at > part->done + 1 ? part->check_at - part->done - 1 : 0;
        more = more < until_check ? more : until_check;
    }
    part->next += more;
    part->count -= more;
    return 1 + more;
}

/* Takes one turn. False when the part is over. */
static bool take_turn(struct part *part) {
    struct launch *launch = part->launch;
    struct cw_cpu_state *state;
    enum cw_cpu_outcome outcome;
    uint64_t index, count = 1;
    if (part->meeting_first && ((launch->grid.barrier && cw_cpu_grid_barrier_broken(launch->grid.barrier)) ||
                                __atomic_load_n(&launch->job.stop, __ATOMIC_RELAXED))) {
        return end_meeting(part);
    }
    state = take_meeting(part, false);
    if (state) {
        outcome = cw_cpu_block_resume(state);
    } else if (wants_new_block(part) && next_block(part, &index)) {
        part->share -= part->share != 0;
        state = part->free ? part->free : cw_cpu_state_take(part->worker, &launch->grid);
        part->free = NULL;
        part->idle_turns = 0;
        if (!state || (launch->grid.cluster_size > 1 && !enter_cluster(part, state, index))) {
            fail_without_memory(launch);
            if (state) {
                keep(part, state);
            }
            return true;
        }
        count = blocks_a_turn(part);
        outcome = cw_cpu_block_start(state, index, count, launch->entry);
    } else if (part->aside) {
        state = take_aside(part);
        if (__atomic_load_n(&launch->job.stop, __ATOMIC_RELAXED)) {
            cw_cpu_block_abandon(state);
            keep(part, state);
            return true;
        }
        outcome = cw_cpu_block_resume(state);
    } else {
        return launch->grid.barrier ? wait_for_grid(part) : end_meeting(part);
    }
    switch (outcome) {
    case CW_CPU_FINISHED:
        if (launch->grid.streamed) {
            cw_cpu_stream_fence();
        }
        part->done += count;
        part->idle_turns = 0;
        if (launch->grid.node) {
            cw_cpu_child_end(state);
        }
        cw_cpu_cluster_leave(state);
        keep(part, state);
        if (launch->grid.barrier) {
            cw_cpu_grid_barrier_leave(launch->grid.barrier);
        }
        if (launch->grid.node) {
            cw_cpu_family_relieve(launch->grid.node, part->worker);
        }
        break;
    case CW_CPU_MEETING: set_meeting(part, state); break;
    case CW_CPU_POLLING: set_aside(part, state); break;
    case CW_CPU_FAULTED:
        fail(launch, part->worker, state);
        keep(part, state);
        break;
    }
    return true;
}

static void take_part(struct part *part) {
    part->last = &part->first;
    part->meeting_last = &part->meeting_first;
    part->share = part->launch->blocks / part->launch->sharers + 1;
    while (take_turn(part)) {
        if (part->watching && part->done >= part->check_at) {
            watch(part);
        }
    }
    if (part->free) {
        cw_cpu_state_give(part->free);
    }
    if (part->cluster) {
        cw_cpu_cluster_give(part->worker, part->cluster);
    }
}

static void participate(struct cw_cpu_job *job, struct cw_cpu_worker *worker) {
    struct part part = {.launch = (struct launch *)job, .worker = worker};
    take_part(&part);
}

/* ---- The launch --------------------------------------------------------------------------------------------------- */

/* Runs a grid of several blocks on a device of several processors. */
static void share(struct launch *launch, struct cw_cpu_worker *worker, struct cw_backend_kernel *kernel) {
    uint64_t total = launch->blocks;
    uint64_t threads = launch->grid.thread_count;
    struct part part = {.launch = launch, .worker = worker, .watching = true, .check_at = 1, .start_ns = now_ns()};
    uint64_t thread_ps = __atomic_load_n(&kernel->thread_ps, __ATOMIC_RELAXED);
    if (launch->grid.barrier) {
        offer(&part);
    } else if (thread_ps ? (double)thread_ps * (double)threads * (double)total > OFFER_AT_ONCE_NS * 1000.0
                  : (double)threads * (double)total >= UNKNOWN_THREADS_MIN) {
        offer(&part);
        part.start_ns = now_ns();
    }
    take_part(&part);
    if (part.done && part.block_ps == 0) {
        part.block_ps = block_time_ps(&part, now_ns() - part.start_ns);
    }
    if (part.block_ps) {
        __atomic_store_n(&kernel->thread_ps, part.block_ps / threads + 1, __ATOMIC_RELAXED);
    }
    if (!part.watching) {
        cw_cpu_pool_withdraw(launch->pool, &launch->job);
    }
}

static bool fits(uint32_t blocks, uint32_t threads, uint32_t scale) {
    return (uint64_t)blocks * (threads > scale ? threads : scale) + (1u << 16) <= (uint64_t)1 << 31;
}

static bool frames_fit(const struct cw_cpu_kernel *code, const struct cw_dim3 *block) {
    uint64_t row = (block->x + code->lanes - 1) / code->lanes;
    return row * block->y * block->z * code->frame_bytes <= CW_CPU_FRAMES_MAX;
}

/* The fastest entry point that may run the grid; see artifact.h. */
static cw_cpu_run *choose_entry(const struct cw_cpu_kernel *code, const struct cw_launch *request) {
    bool lanes = code->run_lanes && frames_fit(code, &request->block) &&
                 fits(request->grid.x, request->block.x, code->block_scale[0]) &&
                 fits(request->grid.y, request->block.y, code->block_scale[1]) &&
                 fits(request->grid.z, request->block.z, code->block_scale[2]);
    return lanes ? code->run_lanes : code->run_all ? code->run_all : code->run;
}

/* The least power of two, as its logarithm, that is room for so many bytes and keeps their alignment. */
static uint32_t shift_for(uint32_t bytes) {
    uint32_t shift = 0;
    while (((uint32_t)1 << shift) < bytes || ((uint32_t)1 << shift) < CW_CPU_SHARED_ALIGN) {
        shift++;
    }
    return shift;
}

/* What the launch says, else what the kernel does: grids that kernels launch say nothing. */
static struct cw_dim3 cluster_of(const struct cw_cpu_kernel *code, const struct cw_launch *request) {
    if (request->cluster.x) {
        return request->cluster;
    }
    return code->cluster[0] ? (struct cw_dim3){code->cluster[0], code->cluster[1], code->cluster[2]} : (struct cw_dim3){1, 1, 1};
}

cw_status cw_cpu_grid_run(struct cw_backend_device *device, struct cw_cpu_worker *worker, const struct cw_launch *request,
                          struct cw_cpu_node *node, struct cw_fault *fault) {
    struct cw_backend_kernel *kernel = request->kernel;
    const struct cw_cpu_kernel *code = cw_cpu_kernel_code(kernel, &request->block);
    uint64_t threads = (uint64_t)request->block.x * request->block.y * request->block.z;
    uint64_t rows = (uint64_t)request->grid.y * request->grid.z;
    uint64_t shared = request->dynamic_shared ? (uint64_t)code->dynamic_offset + request->dynamic_shared
                                              : code->static_shared;
    if (threads == 0 || threads > CW_CPU_THREADS_MAX || shared > CW_CPU_SHARED_MAX || rows == 0 ||
        request->grid.x == 0 || rows > UINT64_MAX / 2 / request->grid.x) {
        return CW_ERROR_LAUNCH;
    }
    struct cw_dim3 cluster = cluster_of(code, request);
    uint64_t cluster_size = (uint64_t)cluster.x * cluster.y * cluster.z;
    if (cluster_size == 0 || cluster_size > CW_CPU_CLUSTER_MAX || request->grid.x % cluster.x || request->grid.y % cluster.y ||
        request->grid.z % cluster.z) {
        return CW_ERROR_LAUNCH;
    }
    struct launch launch;
    cw_cpu_job_init(&launch.job, rows * request->grid.x / cluster_size, participate);
    launch.blocks = rows * request->grid.x;
    launch.grid = (struct cw_cpu_grid){
        .kernel = code,
        .grid = request->grid,
        .block = request->block,
        .thread_count = (uint32_t)threads,
        .dynamic_shared = request->dynamic_shared,
        .shared_bytes = (uint32_t)shared,
        .shared_shift = shift_for((uint32_t)shared),
        .cluster = cluster,
        .cluster_size = (uint32_t)cluster_size,
        .cluster_explicit = request->cluster.x != 0 || code->cluster[0] != 0,
        .params = request->params,
        .module = kernel->module,
        .node = node,
    };
    launch.entry = choose_entry(code, request);
    if (!launch.entry) {
        *fault = (struct cw_fault){.kind = CW_FAULT_RESOURCES};
        snprintf(fault->message, sizeof fault->message,
                 "kernel `%.300s` can't run such a launch in WebAssembly: an axis of its grid has 2^31 threads or more, or its blocks "
                 "keep more than %u bytes across barriers",
                 code->name, CW_CPU_FRAMES_MAX);
        return CW_ERROR_FAULT;
    }
    if (code->streamed && launch.entry == code->run_lanes) {
        uint64_t thread_ps = __atomic_load_n(&kernel->thread_ps, __ATOMIC_RELAXED);
        launch.grid.streamed = cw_cpu_streamed(device, code, request->params, threads * launch.blocks, thread_ps);
    }
    launch.pool = &device->pool;
    launch.resident_max = request->cooperative ? UINT32_MAX : RESIDENT_MAX;
    launch.sharers = request->processors && request->processors < device->processors ? request->processors : device->processors;
    if (launch.entry != code->run_all) {
        uint32_t stacks = launch.entry == code->run ? (uint32_t)threads : (uint32_t)threads / code->lanes + 1;
        uint32_t workers = cw_cpu_stack_workers_max(stacks * (uint32_t)cluster_size);
        launch.sharers = workers < launch.sharers ? workers : launch.sharers;
        uint32_t blocks = cw_cpu_stack_blocks_max(stacks, launch.sharers);
        launch.resident_max = request->cooperative || blocks > launch.resident_max ? launch.resident_max : blocks;
    }
    launch.faulted = 0;
    launch.fault = fault;
    if (request->cooperative) {
        launch.job.chunk_max = 1;
        launch.grid.barrier = &launch.barrier;
    }
    if (request->cooperative) {
        cw_cpu_grid_barrier_init(&launch.barrier, launch.blocks);
    }
    if (node) {
        cw_cpu_node_set_job(node, &launch.job);
    }
    if (launch.job.total > 1 && launch.sharers > 1) {
        share(&launch, worker, kernel);
    } else {
        struct part part = {.launch = &launch, .worker = worker, .start_ns = 1};
        take_part(&part);
    }
    if (node) {
        cw_cpu_node_set_job(node, NULL);
    }
    if (request->cooperative) {
        cw_cpu_grid_barrier_fini(&launch.barrier);
    }
    return launch.faulted ? CW_ERROR_FAULT : CW_OK;
}

cw_status cw_cpu_launch(struct cw_backend_device *device, const struct cw_launch *request, struct cw_fault *fault) {
    struct cw_cpu_worker *worker = cw_cpu_worker_acquire(device);
    if (!worker) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    cw_status status = request->kernel->launches ? cw_cpu_family_run(device, worker, request, fault)
                                                 : cw_cpu_grid_run(device, worker, request, NULL, fault);
    cw_cpu_worker_release(worker);
    return status;
}
