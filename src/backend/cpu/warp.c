/* SPDX-License-Identifier: Apache-2.0 */
/*
 * warp.c: warp collectives. A lane leaves its value, mask and kind, and waits. Whoever completes the group - the last
 * lane to arrive, or a lane that exits - computes the results of all its lanes from a copy of the values, so that
 * nobody can read what a faster lane has brought to the next collective.
 *
 * A group is complete when every live lane of the mask waits with this mask at this kind: lanes that have exited, or
 * that the block doesn't have, count as arrived. A caller that its own mask doesn't name (undefined in CUDA, and seen in
 * programs) makes a group of its own and goes on: its value is its own.
 */
#include "backend/cpu/warp.h"

#include <stdbool.h>
#include <string.h>

#include "backend/cpu/block.h"
#include "backend/cpu/services.h"

const char *cw_cpu_collective_name(enum cw_cpu_collective kind) {
    static const char *const names[CW_CPU_COLLECTIVE_COUNT] = {
#define X(kind, name) [CW_CPU_##kind] = name,
        CW_CPU_COLLECTIVES(X)
#undef X
    };
    return names[kind];
}

/* ---- Results ------------------------------------------------------------------------------------------------------ */

/* The lane that a shuffle reads: PTX "shfl.sync", whose operand c has the segment mask and a clamp of 31, or 0 for
 * "up". */
static uint32_t shuffle_source(const struct cw_cpu_lane *own, uint32_t lane) {
    uint32_t segment = own->segment;
    uint32_t low = lane & segment;
    uint32_t high = low | (31u & ~segment);
    uint32_t source;
    switch ((enum cw_cpu_collective)own->category) {
    case CW_CPU_SHFL_UP:
    case CW_CPU_SHFL_UP_B64:
        return lane >= low + own->operand ? lane - own->operand : lane;
    case CW_CPU_SHFL_DOWN:
    case CW_CPU_SHFL_DOWN_B64:
        source = lane + own->operand;
        break;
    case CW_CPU_SHFL_XOR:
    case CW_CPU_SHFL_XOR_B64:
        source = lane ^ own->operand;
        break;
    default:
        source = low | (own->operand & ~segment);
        break;
    }
    return source <= high ? source : lane;
}

static uint32_t reduce(enum cw_cpu_collective kind, uint32_t a, uint32_t b) {
    switch (kind) {
    case CW_CPU_REDUX_ADD: return a + b;
    case CW_CPU_REDUX_MIN: return (int32_t)a < (int32_t)b ? a : b;
    case CW_CPU_REDUX_MAX: return (int32_t)a > (int32_t)b ? a : b;
    case CW_CPU_REDUX_UMIN: return a < b ? a : b;
    case CW_CPU_REDUX_UMAX: return a > b ? a : b;
    case CW_CPU_REDUX_AND: return a & b;
    case CW_CPU_REDUX_OR: return a | b;
    default: return a ^ b;
    }
}

/* The one result that all lanes of the group get. */
static uint32_t common_result(enum cw_cpu_collective kind, uint32_t group, const uint64_t values[CW_CPU_WARP]) {
    uint32_t ballot = 0, same = group;
    uint32_t first = (uint32_t)__builtin_ctz(group);
    uint32_t reduced = (uint32_t)values[first];
    for (uint32_t rest = group; rest; rest &= rest - 1) {
        uint32_t lane = (uint32_t)__builtin_ctz(rest);
        ballot |= (uint32_t)(values[lane] != 0) << lane;
        same = values[lane] == values[first] ? same : 0;
        if (kind >= CW_CPU_REDUX_ADD && lane != first) {
            reduced = reduce(kind, reduced, (uint32_t)values[lane]);
        }
    }
    switch (kind) {
    case CW_CPU_VOTE_ALL: return ballot == group;
    case CW_CPU_VOTE_ANY: return ballot != 0;
    case CW_CPU_VOTE_UNI: return ballot == group || ballot == 0;
    case CW_CPU_VOTE_BALLOT: return ballot;
    case CW_CPU_MATCH_ALL:
    case CW_CPU_MATCH_ALL_B64: return same;
    default: return reduced;
    }
}

static void compute_matches(struct cw_cpu_lane *lanes, uint32_t group, const uint64_t values[CW_CPU_WARP]) {
    for (uint32_t left = group; left;) {
        uint64_t value = values[__builtin_ctz(left)];
        uint32_t equal = 0;
        for (uint32_t rest = left; rest; rest &= rest - 1) {
            uint32_t lane = (uint32_t)__builtin_ctz(rest);
            equal |= (uint32_t)(values[lane] == value) << lane;
        }
        for (uint32_t rest = equal; rest; rest &= rest - 1) {
            lanes[__builtin_ctz(rest)].value = equal;
        }
        left &= ~equal;
    }
}

static void compute(struct cw_cpu_lane *lanes, uint32_t group) {
    uint32_t first = (uint32_t)__builtin_ctz(group);
    enum cw_cpu_collective kind = (enum cw_cpu_collective)lanes[first].category;
    if (kind == CW_CPU_WARP_SYNC) {
        return;
    }
    uint64_t values[CW_CPU_WARP];
    for (uint32_t i = 0; i < CW_CPU_WARP; i++) {
        values[i] = lanes[i].value;
    }
    if (kind <= CW_CPU_SHFL_XOR_B64) {
        for (uint32_t rest = group; rest; rest &= rest - 1) {
            uint32_t lane = (uint32_t)__builtin_ctz(rest);
            uint32_t source = shuffle_source(&lanes[lane], lane);
            lanes[lane].value = values[group >> source & 1 ? source : lane];
        }
    } else if (kind == CW_CPU_MATCH_ANY || kind == CW_CPU_MATCH_ANY_B64) {
        compute_matches(lanes, group, values);
    } else {
        uint32_t result = common_result(kind, group, values);
        for (uint32_t rest = group; rest; rest &= rest - 1) {
            lanes[__builtin_ctz(rest)].value = result;
        }
    }
}

/* ---- Meeting ------------------------------------------------------------------------------------------------------ */

/* True if all lanes of `group` came with what `model` has. */
static bool alike(const struct cw_cpu_lane *lanes, uint32_t group, const struct cw_cpu_lane *model) {
    for (; group; group &= group - 1) {
        const struct cw_cpu_lane *lane = &lanes[__builtin_ctz(group)];
        if (lane->mask != model->mask || lane->category != model->category) {
            return false;
        }
    }
    return true;
}

static inline uint64_t collect(enum cw_cpu_collective kind, uint32_t mask, uint64_t value, uint32_t operand,
                               uint32_t width) {
    struct cw_cpu_thread *thread = cw_cpu_self();
    struct cw_cpu_state *state = cw_cpu_state_of(thread);
    uint32_t index = thread->index;
    uint32_t lane = index % CW_CPU_WARP;
    struct cw_cpu_warp *warp = &state->warps[index / CW_CPU_WARP];
    struct cw_cpu_lane *lanes = &state->lanes[index - lane];
    struct cw_cpu_lane *own = &lanes[lane];

    own->value = value;
    own->mask = mask;
    own->category = (uint8_t)kind;
    own->operand = operand & 31;
    own->segment = (CW_CPU_WARP - width) & 31;
    uint32_t group = mask & 1u << lane ? mask & warp->live : 1u << lane;
    uint32_t here = warp->collecting | 1u << lane;
    if ((here & group) != group || !alike(lanes, group, own)) {
        warp->collecting = here;
        cw_cpu_wait(state, index);
        return own->value;
    }
    compute(lanes, group);
    uint32_t others = group & ~(1u << lane);
    if (others) {
        warp->collecting &= ~others;
        cw_cpu_make_runnable(state, index / CW_CPU_WARP, others);
        cw_cpu_go_first(state, index, index - lane + (uint32_t)__builtin_ctz(others));
    }
    return own->value;
}

void cw_cpu_warp_settle(struct cw_cpu_state *state, uint32_t index) {
    struct cw_cpu_warp *warp = &state->warps[index];
    struct cw_cpu_lane *lanes = &state->lanes[index * CW_CPU_WARP];
    for (uint32_t left = warp->collecting; left;) {
        const struct cw_cpu_lane *model = &lanes[__builtin_ctz(left)];
        uint32_t group = model->mask & warp->live;
        if ((warp->collecting & group) == group && alike(lanes, group, model)) {
            compute(lanes, group);
            warp->collecting &= ~group;
            cw_cpu_make_runnable(state, index, group);
            left &= ~group;
        } else {
            left &= left - 1;
        }
    }
}

/* ---- Services ----------------------------------------------------------------------------------------------------- */

void cw_cpu_warp_sync(uint32_t mask) {
    (void)collect(CW_CPU_WARP_SYNC, mask, 0, 0, CW_CPU_WARP);
}

#define SHUFFLE(service, kind, type)                                                                                   \
    type service(uint32_t mask, type value, uint32_t operand, uint32_t width) {                                        \
        return (type)collect(CW_CPU_##kind, mask, value, operand, width);                                              \
    }
SHUFFLE(cw_cpu_shfl_idx, SHFL_IDX, uint32_t)
SHUFFLE(cw_cpu_shfl_up, SHFL_UP, uint32_t)
SHUFFLE(cw_cpu_shfl_down, SHFL_DOWN, uint32_t)
SHUFFLE(cw_cpu_shfl_xor, SHFL_XOR, uint32_t)
SHUFFLE(cw_cpu_shfl_idx_b64, SHFL_IDX_B64, uint64_t)
SHUFFLE(cw_cpu_shfl_up_b64, SHFL_UP_B64, uint64_t)
SHUFFLE(cw_cpu_shfl_down_b64, SHFL_DOWN_B64, uint64_t)
SHUFFLE(cw_cpu_shfl_xor_b64, SHFL_XOR_B64, uint64_t)

#define COLLECT(service, kind, type)                                                                                   \
    uint32_t service(uint32_t mask, type value) {                                                                      \
        return (uint32_t)collect(CW_CPU_##kind, mask, value, 0, CW_CPU_WARP);                                          \
    }
COLLECT(cw_cpu_vote_all, VOTE_ALL, uint32_t)
COLLECT(cw_cpu_vote_any, VOTE_ANY, uint32_t)
COLLECT(cw_cpu_vote_uni, VOTE_UNI, uint32_t)
COLLECT(cw_cpu_vote_ballot, VOTE_BALLOT, uint32_t)
COLLECT(cw_cpu_match_any, MATCH_ANY, uint32_t)
COLLECT(cw_cpu_match_all, MATCH_ALL, uint32_t)
COLLECT(cw_cpu_match_any_b64, MATCH_ANY_B64, uint64_t)
COLLECT(cw_cpu_match_all_b64, MATCH_ALL_B64, uint64_t)
COLLECT(cw_cpu_redux_add, REDUX_ADD, uint32_t)
COLLECT(cw_cpu_redux_min, REDUX_MIN, uint32_t)
COLLECT(cw_cpu_redux_max, REDUX_MAX, uint32_t)
COLLECT(cw_cpu_redux_umin, REDUX_UMIN, uint32_t)
COLLECT(cw_cpu_redux_umax, REDUX_UMAX, uint32_t)
COLLECT(cw_cpu_redux_and, REDUX_AND, uint32_t)
COLLECT(cw_cpu_redux_or, REDUX_OR, uint32_t)
COLLECT(cw_cpu_redux_xor, REDUX_XOR, uint32_t)
