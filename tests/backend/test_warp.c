/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Warp collectives against a model that is written from CUDA's and PTX's text, over random masks: the lanes of each warp
 * are split into groups that go through steps of their own, some lanes exit first, and the last warp is ragged.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "harness.h"

#define STEPS 12
#define THREADS_MAX 100

enum operation {
    IDX, UP, DOWN, XOR, IDX64, UP64, DOWN64, XOR64,
    ALL, ANY, UNI, BALLOT,
    MATCH_ANY, MATCH_ALL, MATCH_ANY64, MATCH_ALL64,
    ADD, MIN, MAX, UMIN, UMAX, AND, OR, REDUCE_XOR,
    SYNC, OPERATIONS
};

struct step {
    enum operation operation[4]; /* by group */
    uint32_t width[4];
    uint64_t value[THREADS_MAX];
    uint32_t operand[THREADS_MAX];
    uint64_t result[THREADS_MAX];
};

struct trial {
    uint32_t threads;
    uint32_t group[128]; /* also of lanes that the block does not have */
    bool exits[128];
    uint32_t mask[4][4]; /* by warp and group */
    struct step steps[STEPS];
};

static uint64_t do_operation(enum operation operation, uint32_t mask, uint64_t value, uint32_t operand, uint32_t width) {
    uint32_t low = (uint32_t)value;
    switch (operation) {
    case IDX: return cw.shfl_idx(mask, low, operand, width);
    case UP: return cw.shfl_up(mask, low, operand, width);
    case DOWN: return cw.shfl_down(mask, low, operand, width);
    case XOR: return cw.shfl_xor(mask, low, operand, width);
    case IDX64: return cw.shfl_idx_b64(mask, value, operand, width);
    case UP64: return cw.shfl_up_b64(mask, value, operand, width);
    case DOWN64: return cw.shfl_down_b64(mask, value, operand, width);
    case XOR64: return cw.shfl_xor_b64(mask, value, operand, width);
    case ALL: return cw.vote_all(mask, low);
    case ANY: return cw.vote_any(mask, low);
    case UNI: return cw.vote_uni(mask, low);
    case BALLOT: return cw.vote_ballot(mask, low);
    case MATCH_ANY: return cw.match_any(mask, low);
    case MATCH_ALL: return cw.match_all(mask, low);
    case MATCH_ANY64: return cw.match_any_b64(mask, value);
    case MATCH_ALL64: return cw.match_all_b64(mask, value);
    case ADD: return cw.redux_add(mask, low);
    case MIN: return cw.redux_min(mask, low);
    case MAX: return cw.redux_max(mask, low);
    case UMIN: return cw.redux_umin(mask, low);
    case UMAX: return cw.redux_umax(mask, low);
    case AND: return cw.redux_and(mask, low);
    case OR: return cw.redux_or(mask, low);
    case REDUCE_XOR: return cw.redux_xor(mask, low);
    default: cw.warp_sync(mask); return 0;
    }
}

static void go_through_steps(void *data, const struct cw_cpu_block *block, uint32_t index) {
    struct trial *trial = data;
    (void)block;
    if (trial->exits[index]) {
        return;
    }
    uint32_t group = trial->group[index];
    for (int i = 0; i < STEPS; i++) {
        struct step *step = &trial->steps[i];
        step->result[index] = do_operation(step->operation[group], trial->mask[index / 32][group], step->value[index],
                                           step->operand[index], step->width[group]);
    }
}

/* ---- The model ----------------------------------------------------------------------------------------------------- */

/* __shfl_*_sync as the CUDA guide describes them: the lane read, or -1 for "its own". Operands count modulo 32. */
static int source_lane(enum operation operation, int lane, int operand, int width) {
    int begin = lane / width * width, end = begin + width;
    operand %= 32;
    switch (operation) {
    case IDX:
    case IDX64: return begin + operand % width;
    case UP:
    case UP64: return lane - operand >= begin ? lane - operand : -1;
    case DOWN:
    case DOWN64: return lane + operand < end ? lane + operand : -1;
    default: return (lane ^ operand) < end ? lane ^ operand : -1;
    }
}

static uint64_t model_reduce(enum operation operation, const struct step *step, uint32_t first, uint32_t lanes) {
    uint32_t sum = 0, low = UINT32_MAX, high = 0, all = UINT32_MAX, any = 0, odd = 0;
    int32_t least = INT32_MAX, most = INT32_MIN;
    for (uint32_t i = 0; i < 32; i++) {
        if (lanes >> i & 1) {
            uint32_t value = (uint32_t)step->value[first + i];
            sum += value;
            low = value < low ? value : low;
            high = value > high ? value : high;
            least = (int32_t)value < least ? (int32_t)value : least;
            most = (int32_t)value > most ? (int32_t)value : most;
            all &= value;
            any |= value;
            odd ^= value;
        }
    }
    switch (operation) {
    case ADD: return sum;
    case MIN: return (uint32_t)least;
    case MAX: return (uint32_t)most;
    case UMIN: return low;
    case UMAX: return high;
    case AND: return all;
    case OR: return any;
    default: return odd;
    }
}

static uint64_t model(const struct trial *trial, const struct step *step, uint32_t index, uint32_t live) {
    uint32_t first = index / 32 * 32, lane = index % 32, group = trial->group[index];
    uint32_t lanes = trial->mask[index / 32][group] & live;
    enum operation operation = step->operation[group];
    bool wide = (operation >= IDX64 && operation <= XOR64) || operation == MATCH_ANY64 || operation == MATCH_ALL64;
    uint64_t own = wide ? step->value[index] : (uint32_t)step->value[index];
    if (operation <= XOR64) {
        int source = source_lane(operation, (int)lane, (int)step->operand[index], (int)step->width[group]);
        if (source < 0 || !(lanes >> source & 1)) {
            return own;
        }
        uint64_t value = step->value[first + (uint32_t)source];
        return wide ? value : (uint32_t)value;
    }
    uint32_t ballot = 0, equal = 0;
    for (uint32_t i = 0; i < 32; i++) {
        if (lanes >> i & 1) {
            uint64_t value = wide ? step->value[first + i] : (uint32_t)step->value[first + i];
            ballot |= (uint32_t)(value != 0) << i;
            equal |= (uint32_t)(value == own) << i;
        }
    }
    switch (operation) {
    case ALL: return ballot == lanes;
    case ANY: return ballot != 0;
    case UNI: return ballot == lanes || ballot == 0;
    case BALLOT: return ballot;
    case MATCH_ANY:
    case MATCH_ANY64: return equal;
    case MATCH_ALL:
    case MATCH_ALL64: return equal == lanes ? lanes : 0;
    case SYNC: return 0;
    default: return model_reduce(operation, step, first, lanes);
    }
}

static void make_trial(struct trial *trial, uint64_t *seed, uint32_t groups) {
    memset(trial, 0, sizeof *trial);
    trial->threads = 1 + random_next(seed) % THREADS_MAX;
    for (uint32_t i = 0; i < 128; i++) {
        trial->group[i] = random_next(seed) % groups;
        trial->exits[i] = random_next(seed) % 8 == 0;
        trial->mask[i / 32][trial->group[i]] |= 1u << i % 32;
    }
    for (int i = 0; i < STEPS; i++) {
        struct step *step = &trial->steps[i];
        uint32_t values = 1 + random_next(seed) % 4; /* few, so that matches and unanimous votes happen */
        for (uint32_t g = 0; g < 4; g++) {
            step->operation[g] = (enum operation)(random_next(seed) % OPERATIONS);
            step->width[g] = 1u << random_next(seed) % 6;
        }
        for (uint32_t j = 0; j < THREADS_MAX; j++) {
            uint64_t value = random_next(seed) % values;
            step->value[j] = random_next(seed) % 4 ? value : value << 32 | random_next(seed) << 30;
            step->operand[j] = random_next(seed) % 40;
        }
    }
}

Test(warp, collectives_match_the_model) {
    struct bench bench;
    bench_open(&bench, 1);
    static struct trial trial;
    uint64_t seed = 42;
    for (uint32_t round = 0; round < 1500; round++) {
        make_trial(&trial, &seed, 1 + round % 4);
        cr_assert_eq(bench_launch(&bench, (struct launch_shape){.grid = 1, .block = trial.threads}, go_through_steps, &trial),
                     CW_OK, "%s", bench.fault.message);
        for (uint32_t i = 0; i < trial.threads; i++) {
            uint32_t live = 0;
            for (uint32_t j = i / 32 * 32; j < trial.threads && j < i / 32 * 32 + 32; j++) {
                live |= (uint32_t)!trial.exits[j] << j % 32;
            }
            for (int s = 0; s < STEPS && !trial.exits[i]; s++) {
                uint64_t expected = model(&trial, &trial.steps[s], i, live);
                cr_assert_eq(trial.steps[s].result[i], expected, "round %u thread %u step %d operation %d: %llx, not %llx",
                             round, i, s, (int)trial.steps[s].operation[trial.group[i]],
                             (unsigned long long)trial.steps[s].result[i], (unsigned long long)expected);
            }
        }
    }
    bench_close(&bench);
}

/* Lanes exit while others already wait for them. */
static void exit_late(void *data, const struct cw_cpu_block *block, uint32_t index) {
    uint32_t *results = data;
    (void)block;
    if (index % 3 == 1) {
        cw.warp_sync(0x92492492u); /* lanes 1, 4, 7, ... */
        return;
    }
    results[index] = cw.redux_add(0xffffffff, index);
}

Test(warp, exited_lanes_count_as_arrived) {
    struct bench bench;
    bench_open(&bench, 1);
    uint32_t results[32] = {0}, sum = 0;
    for (uint32_t i = 0; i < 32; i++) {
        sum += i % 3 != 1 ? i : 0;
    }
    cr_assert_eq(bench_launch(&bench, (struct launch_shape){.grid = 1, .block = 32}, exit_late, results), CW_OK, "%s",
                 bench.fault.message);
    for (uint32_t i = 0; i < 32; i++) {
        cr_assert_eq(results[i], i % 3 != 1 ? sum : 0);
    }
    bench_close(&bench);
}

static void shuffle_unnamed(void *data, const struct cw_cpu_block *block, uint32_t index) {
    uint32_t *results = data;
    (void)block;
    results[index] = cw.shfl_down(0xffff, index, 1, 32);
}

Test(warp, lanes_outside_their_own_mask_go_on) {
    struct bench bench;
    bench_open(&bench, 1);
    uint32_t results[32];
    cr_assert_eq(bench_launch(&bench, (struct launch_shape){.grid = 1, .block = 32}, shuffle_unnamed, results), CW_OK);
    for (uint32_t i = 0; i < 32; i++) {
        cr_assert_eq(results[i], i < 15 ? i + 1 : i);
    }
    bench_close(&bench);
}

/* A faster lane must not disturb what slower lanes read: a long chain without any other meeting. */
static void rotate_long(void *data, const struct cw_cpu_block *block, uint32_t index) {
    uint32_t *results = data;
    uint32_t value = index, width = block->thread_count;
    for (uint32_t i = 0; i < 1000; i++) {
        value = cw.shfl_idx(0xffffffff, value, index % 32 + 1, 32);
    }
    results[index] = value;
    (void)width;
}

Test(warp, values_survive_faster_lanes) {
    struct bench bench;
    bench_open(&bench, 1);
    uint32_t results[128];
    cr_assert_eq(bench_launch(&bench, (struct launch_shape){.grid = 1, .block = 128}, rotate_long, results), CW_OK);
    for (uint32_t i = 0; i < 128; i++) {
        cr_assert_eq(results[i], i / 32 * 32 + (i + 1000) % 32);
    }
    bench_close(&bench);
}
