/* SPDX-License-Identifier: Apache-2.0 */
/*
 * progress.c: forward progress: the end of a thread, lanes that come together, lockstep before volatile accesses, and
 * loops that poll for another thread's store.
 */
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "backend/cpu/barrier.h"
#include "backend/cpu/block.h"
#include "backend/cpu/services.h"
#include "backend/cpu/warp.h"

/* Which call of cw.activemask in the kernel this is. */
#if defined(__wasm__)
#define CALL_SITE (cw_cpu_self()->site)
#else
#define CALL_SITE ((uint64_t)(uintptr_t)__builtin_return_address(0))
#endif

#define POLLS_A_TURN 16u   /* calls of cw.poll in a block before the caller steps back */
#define YIELDS_A_TURN 256u /* turns within warps before another warp gets one */
#define SLEEP_NS_MAX 1000000u

void cw_cpu_thread_exit(void) {
    struct cw_cpu_thread *thread = cw_cpu_self();
    struct cw_cpu_state *state = cw_cpu_state_of(thread);
    uint32_t warp = thread->index / CW_CPU_WARP;
    state->warps[warp].live &= ~(1u << thread->index % CW_CPU_WARP);
    state->live--;
    if (state->warps[warp].collecting) {
        cw_cpu_warp_settle(state, warp);
    }
    if (state->open_barriers[0] | state->open_barriers[1]) {
        cw_cpu_barriers_settle(state, thread->index);
    }
    if (state->cluster->open) {
        cw_cpu_cluster_settle(state, thread->index);
    }
}

/* ---- cw.activemask ------------------------------------------------------------------------------------------------ */

/* Lanes are held until no lane of the warp can run: those that stand at the same call then are the ones that hardware
 * would find converged. */
__attribute__((noinline)) uint32_t cw_cpu_activemask(void) {
    struct cw_cpu_thread *thread = cw_cpu_self();
    struct cw_cpu_state *state = cw_cpu_state_of(thread);
    uint32_t index = thread->index;
    uint32_t warp = index / CW_CPU_WARP;
    state->lanes[index].value = CALL_SITE;
    state->warps[warp].asking |= 1u << index % CW_CPU_WARP;
    state->asking_warps |= 1u << warp;
    cw_cpu_wait(state, index);
    return (uint32_t)state->lanes[index].value;
}

void cw_cpu_activemask_answer(struct cw_cpu_state *state, uint32_t warp) {
    struct cw_cpu_lane *lanes = &state->lanes[warp * CW_CPU_WARP];
    uint32_t asking = state->warps[warp].asking;
    for (uint32_t left = asking; left;) {
        uint64_t site = lanes[__builtin_ctz(left)].value;
        uint32_t together = 0;
        for (uint32_t rest = left; rest; rest &= rest - 1) {
            uint32_t lane = (uint32_t)__builtin_ctz(rest);
            together |= (uint32_t)(lanes[lane].value == site) << lane;
        }
        for (uint32_t rest = together; rest; rest &= rest - 1) {
            lanes[__builtin_ctz(rest)].value = together;
        }
        left &= ~together;
    }
    state->warps[warp].asking = 0;
    state->asking_warps &= ~(1u << warp);
    cw_cpu_make_runnable(state, warp, asking);
}

/* ---- cw.yield ----------------------------------------------------------------------------------------------------- */

/* Lets one polling thread, each in its turn, look again. Not all of them: lanes that yield in their polling loops would
 * then keep each other runnable for ever, and the block would never be found to be waiting as a whole. */
static bool yield_to_poller(struct cw_cpu_state *state, uint32_t index) {
    if (state->polling_warps == 0) {
        return false;
    }
    uint32_t warp = cw_cpu_next_lane(state->polling_warps, index / CW_CPU_WARP);
    uint32_t lane = cw_cpu_next_lane(state->warps[warp].polling, state->warps[warp].last);
    state->warps[warp].polling &= ~(1u << lane);
    if (state->warps[warp].polling == 0) {
        state->polling_warps &= ~(1u << warp);
    }
    cw_cpu_make_runnable(state, warp, 1u << lane);
    cw_cpu_step_aside(state, index, warp * CW_CPU_WARP + lane);
    return true;
}

/* Gives a turn to the rest of the block, should the warp's lanes yield to each other while they wait for it. True if
 * somebody took it. The lanes' order is kept, and with it their lockstep. */
static bool yield_to_block(struct cw_cpu_state *state, uint32_t index) {
    if (state->block.next_thread < state->block.thread_count) {
        cw_cpu_step_aside(state, index, CW_CPU_UNSTARTED);
        return true;
    }
    uint32_t warp = index / CW_CPU_WARP;
    for (uint32_t warps = state->ready_warps & ~(1u << warp); warps;) {
        uint32_t other = cw_cpu_next_lane(warps, warp);
        uint32_t runnable = state->warps[other].runnable;
        if (runnable) {
            cw_cpu_step_aside(state, index,
                              other * CW_CPU_WARP + cw_cpu_next_lane(runnable, state->warps[other].last));
            return true;
        }
        warps &= ~(1u << other);
    }
    if (state->warps[warp].asking) {
        cw_cpu_activemask_answer(state, warp);
    }
    return yield_to_poller(state, index);
}

void cw_cpu_yield(void) {
    struct cw_cpu_thread *thread = cw_cpu_self();
    struct cw_cpu_state *state = cw_cpu_state_of(thread);
    uint32_t index = thread->index;
    uint32_t warp = index / CW_CPU_WARP;
    if (cw_cpu_warp_unstarted(state, warp)) {
        cw_cpu_step_aside(state, index, CW_CPU_UNSTARTED);
        return;
    }
    if (++state->yields % YIELDS_A_TURN == 0 && yield_to_block(state, index)) {
        return;
    }
    uint32_t runnable = state->warps[warp].runnable;
    if (runnable) {
        cw_cpu_step_aside(state, index, index - index % CW_CPU_WARP + cw_cpu_next_lane(runnable, index % CW_CPU_WARP));
    }
}

/* ---- cw.poll ------------------------------------------------------------------------------------------------------ */

static void step_back(struct cw_cpu_state *state, uint32_t index) {
    uint32_t warp = index / CW_CPU_WARP;
    state->warps[warp].polling |= 1u << index % CW_CPU_WARP;
    state->polling_warps |= 1u << warp;
    cw_cpu_wait(state, index);
}

void cw_cpu_poll(void) {
    struct cw_cpu_thread *thread = cw_cpu_self();
    struct cw_cpu_state *state = cw_cpu_state_of(thread);
    if (++state->polls % POLLS_A_TURN == 0) {
        step_back(state, thread->index);
    }
}

static uint64_t now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

void cw_cpu_nanosleep(uint32_t nanoseconds) {
    struct cw_cpu_thread *thread = cw_cpu_self();
    struct cw_cpu_state *state = cw_cpu_state_of(thread);
    uint64_t end = now_ns() + (nanoseconds < SLEEP_NS_MAX ? nanoseconds : SLEEP_NS_MAX);
    do {
        step_back(state, thread->index);
    } while (now_ns() < end);
}
