/* SPDX-License-Identifier: Apache-2.0 */
/*
 * barrier.c: block barriers. The last thread to arrive releases the others, which go on in the order of their indices.
 *
 * A barrier without a count is complete when every live thread waits at it. A barrier with a count is PTX's "bar.sync a,
 * b", where whole warps take part: a warp whose live lanes have all arrived counts 32, so that lanes that have exited
 * or don't exist count as arrived; of other warps the arrived lanes count.
 *
 * A thread may also arrive and go on ("bar.arrive"), and wait later or never. Each time a barrier is complete a new phase
 * begins, whose number tells a thread that waits later whether it still has to.
 */
#include <stdbool.h>
#include <stdint.h>

#include "backend/cpu/barrier.h"
#include "backend/cpu/block.h"
#include "backend/cpu/fault.h"
#include "backend/cpu/services.h"

static bool complete(const struct cw_cpu_state *state, const struct cw_cpu_barrier *barrier) {
    if (barrier->expected == 0) {
        return barrier->arrived >= state->live;
    }
    if (barrier->arrived * state->group >= barrier->expected) {
        return true;
    }
    if (state->group > 1) {
        return false; /* a group is a warp, and comes as a whole */
    }
    uint32_t total = 0;
    for (uint32_t i = 0; i < state->warp_count; i++) {
        uint32_t lanes = barrier->lanes[i] | barrier->came[i], live = state->warps[i].live;
        bool whole = lanes != 0 && (lanes & live) == live;
        total += whole ? CW_CPU_WARP : (uint32_t)__builtin_popcount(lanes);
    }
    return total >= barrier->expected;
}

/* Makes the waiting threads runnable. The lowest of them, or UINT32_MAX when nobody waited. */
static uint32_t release(struct cw_cpu_state *state, struct cw_cpu_barrier *barrier) {
    uint32_t first = UINT32_MAX;
    for (uint32_t i = 0; i < state->warp_count; i++) {
        if (barrier->lanes[i]) {
            if (first == UINT32_MAX) {
                first = i * CW_CPU_WARP + (uint32_t)__builtin_ctz(barrier->lanes[i]);
            }
            cw_cpu_make_runnable(state, i, barrier->lanes[i]);
            barrier->lanes[i] = 0;
        }
        barrier->came[i] = 0;
    }
    barrier->phase++;
    barrier->result_predicates = barrier->predicates;
    barrier->result_positives = barrier->positives;
    barrier->arrived = 0;
    barrier->predicates = 0;
    barrier->positives = 0;
    uint32_t id = (uint32_t)(barrier - state->barriers);
    state->open_barriers[id / 64] &= ~((uint64_t)1 << id % 64);
    return first;
}

static inline bool is_complete_now(const struct cw_cpu_state *state, const struct cw_cpu_barrier *barrier) {
    return barrier->expected == 0 ? barrier->arrived >= state->live : complete(state, barrier);
}

static inline void open_barrier(struct cw_cpu_state *state, const struct cw_cpu_barrier *barrier) {
    uint32_t id = (uint32_t)(barrier - state->barriers);
    state->open_barriers[id / 64] |= (uint64_t)1 << id % 64;
}

/* Arrives at the barrier and waits for the others. */
static inline void arrive(struct cw_cpu_state *state, struct cw_cpu_barrier *barrier, uint32_t index, uint32_t count) {
    uint32_t bit = 1u << index % CW_CPU_WARP;
    barrier->arrived++;
    barrier->expected = count;
    barrier->lanes[index / CW_CPU_WARP] |= bit;
    if (is_complete_now(state, barrier)) {
        barrier->lanes[index / CW_CPU_WARP] &= ~bit;
        cw_cpu_go_first(state, index, release(state, barrier));
        return;
    }
    open_barrier(state, barrier);
    cw_cpu_wait(state, index);
}

static struct cw_cpu_barrier *barrier_at(struct cw_cpu_state *state, uint32_t id, void *caller) {
    if (id >= CW_CPU_BARRIERS) {
        cw_cpu_fault_raise(state, CW_FAULT_ILLEGAL_INSTRUCTION, caller,
                           "used barrier %u, and only barriers 0 to %u exist,", id, CW_CPU_BARRIERS - 1);
    }
    return &state->barriers[id];
}

void cw_cpu_barrier(uint32_t id, uint32_t count) {
    struct cw_cpu_thread *thread = cw_cpu_self();
    struct cw_cpu_state *state = cw_cpu_state_of(thread);
    arrive(state, barrier_at(state, id, CW_CPU_CALLER), thread->index, count);
}

uint64_t cw_cpu_barrier_arrive(uint32_t id, uint32_t count) {
    struct cw_cpu_thread *thread = cw_cpu_self();
    struct cw_cpu_state *state = cw_cpu_state_of(thread);
    struct cw_cpu_barrier *barrier = barrier_at(state, id, CW_CPU_CALLER);
    uint64_t phase = barrier->phase;
    barrier->arrived++;
    barrier->expected = count;
    barrier->came[thread->index / CW_CPU_WARP] |= 1u << thread->index % CW_CPU_WARP;
    open_barrier(state, barrier);
    if (is_complete_now(state, barrier)) {
        release(state, barrier); /* whoever waited may go on, after this thread */
    }
    return phase;
}

void cw_cpu_barrier_wait(uint32_t id, uint64_t phase) {
    struct cw_cpu_thread *thread = cw_cpu_self();
    struct cw_cpu_state *state = cw_cpu_state_of(thread);
    struct cw_cpu_barrier *barrier = barrier_at(state, id, CW_CPU_CALLER);
    if (barrier->phase == phase) {
        barrier->lanes[thread->index / CW_CPU_WARP] |= 1u << thread->index % CW_CPU_WARP;
        open_barrier(state, barrier);
        cw_cpu_wait(state, thread->index);
    }
}

static struct cw_cpu_barrier *arrive_with(uint32_t positives, uint32_t lanes) {
    struct cw_cpu_thread *thread = cw_cpu_self();
    struct cw_cpu_state *state = cw_cpu_state_of(thread);
    struct cw_cpu_barrier *barrier = &state->barriers[0];
    barrier->predicates += lanes;
    barrier->positives += positives;
    arrive(state, barrier, thread->index, 0);
    return barrier; /* its result stays: the next phase can't end before this thread has arrived again */
}

uint32_t cw_cpu_barrier_popc(uint32_t predicate) {
    return arrive_with(predicate != 0, 1)->result_positives;
}

uint32_t cw_cpu_barrier_and(uint32_t predicate) {
    const struct cw_cpu_barrier *barrier = arrive_with(predicate != 0, 1);
    return barrier->result_positives == barrier->result_predicates;
}

uint32_t cw_cpu_barrier_or(uint32_t predicate) {
    return arrive_with(predicate != 0, 1)->result_positives != 0;
}

uint64_t cw_cpu_barrier_vote(uint32_t positives, uint32_t lanes) {
    const struct cw_cpu_barrier *barrier = arrive_with(positives, lanes);
    return barrier->result_positives | (uint64_t)barrier->result_predicates << 32;
}

void cw_cpu_barriers_settle(struct cw_cpu_state *state, uint32_t index) {
    uint32_t warp = index / CW_CPU_WARP, bit = 1u << index % CW_CPU_WARP;
    for (uint32_t word = 0; word < CW_CPU_BARRIERS / 64; word++) {
        for (uint64_t open = state->open_barriers[word]; open; open &= open - 1) {
            struct cw_cpu_barrier *barrier = &state->barriers[word * 64 + (uint32_t)__builtin_ctzll(open)];
            if (barrier->expected == 0 && barrier->came[warp] & bit) { /* no longer live, so not to be counted twice */
                barrier->came[warp] &= ~bit;
                barrier->arrived--;
            }
            if (complete(state, barrier)) {
                release(state, barrier);
            }
        }
    }
}
