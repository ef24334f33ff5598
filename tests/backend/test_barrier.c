/* SPDX-License-Identifier: Apache-2.0 */
/* Barriers: phases, predicates, named counts, exited threads, and blocks that can never meet. */
#include <criterion/criterion.h>
#include <string.h>

#include "harness.h"

struct phases {
    uint32_t reached[64];
    uint32_t wrong;
    uint32_t rounds;
};

static void go_through_phases(void *data, const struct cw_cpu_block *block, uint32_t index) {
    struct phases *phases = data;
    for (uint32_t i = 0; i < phases->rounds; i++) {
        phases->reached[i]++;
        cw.barrier(0, 0);
        phases->wrong += phases->reached[i] != block->thread_count;
    }
    (void)index;
}

Test(barrier, holds_every_thread_in_each_phase) {
    struct bench bench;
    bench_open(&bench, 1);
    for (uint32_t threads = 1; threads <= 1024; threads += threads < 70 ? 1 : 119) {
        struct phases phases = {.rounds = 5};
        cr_assert_eq(bench_launch(&bench, (struct launch_shape){.grid = 1, .block = threads}, go_through_phases, &phases), CW_OK);
        cr_assert_eq(phases.wrong, 0);
    }
    bench_close(&bench);
}

struct predicates {
    uint32_t wrong;
};

static void vote_in_block(void *data, const struct cw_cpu_block *block, uint32_t index) {
    struct predicates *result = data;
    for (uint32_t i = 0; i < 20; i++) {
        uint32_t limit = block->thread_count * i / 19;
        result->wrong += cw.barrier_popc(index < limit ? 7 : 0) != limit;
        result->wrong += cw.barrier_and(index < limit) != (limit == block->thread_count);
        result->wrong += cw.barrier_or(index < limit) != (limit != 0);
    }
}

Test(barrier, counts_predicates) {
    struct bench bench;
    bench_open(&bench, 1);
    for (uint32_t threads = 1; threads <= 1024; threads = threads * 5 + 3) {
        struct predicates result = {0};
        cr_assert_eq(bench_launch(&bench, (struct launch_shape){.grid = 2, .block = threads}, vote_in_block, &result), CW_OK);
        cr_assert_eq(result.wrong, 0);
    }
    bench_close(&bench);
}

/* The lower half produces, the upper half consumes, by two named barriers, as in PTX's manual. */
static void produce_and_consume(void *data, const struct cw_cpu_block *block, uint32_t index) {
    uint32_t *wrong = data;
    uint32_t *shared = (uint32_t *)(void *)block->shared;
    uint32_t half = block->thread_count / 2;
    for (uint32_t i = 0; i < 10; i++) {
        if (index < half) {
            shared[index] = i * 1000 + index;
        }
        cw.barrier(1, block->thread_count);
        if (index >= half) {
            *wrong += shared[block->thread_count - 1 - index] != i * 1000 + block->thread_count - 1 - index;
            cw.barrier(3, half);
        } else {
            cw.barrier(4, half);
        }
        cw.barrier(127, block->thread_count);
    }
}

Test(barrier, serves_named_counts) {
    struct bench bench;
    bench_open(&bench, 1);
    uint32_t wrong = 0;
    struct launch_shape shape = {.grid = 3, .block = 256, .shared = 1024};
    cr_assert_eq(bench_launch(&bench, shape, produce_and_consume, &wrong), CW_OK);
    cr_assert_eq(wrong, 0);
    bench_close(&bench);
}

static void leave_early(void *data, const struct cw_cpu_block *block, uint32_t index) {
    uint32_t *passed = data;
    uint64_t seed = index * 77 + block->block_idx[0];
    uint32_t rounds = random_next(&seed) % 8;
    for (uint32_t i = 0; i < rounds; i++) {
        cw.barrier(0, 0);
        (*passed)++;
    }
}

static void meet_by_warps(void *data, const struct cw_cpu_block *block, uint32_t index) {
    uint32_t *passed = data;
    if (index % 32 < 8 || index == 63) { /* the other lanes exit, before or after these have arrived */
        cw.barrier(2, block->thread_count);
        (*passed)++;
    }
}

Test(barrier, counts_exited_threads_as_arrived) {
    struct bench bench;
    bench_open(&bench, 1);
    uint32_t passed = 0, expected = 0;
    for (uint32_t i = 0; i < 64; i++) {
        uint64_t seed = i * 77;
        expected += random_next(&seed) % 8;
    }
    cr_assert_eq(bench_launch(&bench, (struct launch_shape){.grid = 1, .block = 64}, leave_early, &passed), CW_OK,
                 "%s", bench.fault.message);
    cr_assert_eq(passed, expected);
    passed = 0;
    cr_assert_eq(bench_launch(&bench, (struct launch_shape){.grid = 1, .block = 64}, meet_by_warps, &passed), CW_OK,
                 "%s", bench.fault.message);
    cr_assert_eq(passed, 17);
    bench_close(&bench);
}

static void never_meet(void *data, const struct cw_cpu_block *block, uint32_t index) {
    (void)data;
    if (block->block_idx[0] == 2) {
        if (index < 10) {
            cw.barrier(5, 64);
        } else if (index == 10) {
            (void)cw.shfl_down(0xffffffff, index, 1, 32);
        } else if (index < 40) {
            cw.barrier(0, 0);
        }
    }
}

Test(barrier, reports_threads_that_never_meet) {
    struct bench bench;
    bench_open(&bench, 2);
    for (int i = 0; i < 3; i++) {
        struct launch_shape shape = {.grid = 4, .block = 64};
        cr_assert_eq(bench_launch(&bench, shape, never_meet, NULL), CW_ERROR_FAULT);
        cr_assert_eq(bench.fault.kind, CW_FAULT_DEADLOCK);
        cr_assert_eq(bench.fault.block.x, 2);
        const char *parts[] = {"`thread(void*)` deadlocked, block (2,0,0)", "29 threads wait at __syncthreads, barrier 0 for 40",
                               "10 threads wait at barrier 5 for 64",
                               "1 thread waits in __shfl_down_sync with mask 0xffffffff (warp 0, lanes 0x00000400)",
                               "never meet"};
        for (size_t j = 0; j < sizeof parts / sizeof parts[0]; j++) {
            cr_assert(strstr(bench.fault.message, parts[j]), "`%s` not in: %s", parts[j], bench.fault.message);
        }
        struct phases phases = {.rounds = 3};
        cr_assert_eq(bench_launch(&bench, (struct launch_shape){.grid = 1, .block = 64}, go_through_phases, &phases), CW_OK);
        cr_assert_eq(phases.wrong, 0);
    }
    bench_close(&bench);
}

static void use_barrier_128(void *data, const struct cw_cpu_block *block, uint32_t index) {
    (void)data, (void)block, (void)index;
    cw.barrier(128, 0);
}

Test(barrier, refuses_ids_that_do_not_exist) {
    struct bench bench;
    bench_open(&bench, 1);
    cr_assert_eq(bench_launch(&bench, (struct launch_shape){.grid = 1, .block = 1}, use_barrier_128, NULL), CW_ERROR_FAULT);
    cr_assert_eq(bench.fault.kind, CW_FAULT_ILLEGAL_INSTRUCTION);
    cr_assert(strstr(bench.fault.message, "barrier 128"), "%s", bench.fault.message);
    bench_close(&bench);
}
