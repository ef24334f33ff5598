/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks and grids: every thread runs once, with its own index; shared memory; several workers and launches. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "backend/cpu/backend.h"
#include "harness.h"

static void count_thread(void *data, const struct cw_cpu_block *block, uint32_t index) {
    uint32_t *counts = data;
    uint32_t linear = block->block_idx[0] + block->grid_dim[0] * (block->block_idx[1] + block->grid_dim[1] * block->block_idx[2]);
    __atomic_fetch_add(&counts[linear * block->thread_count + index], 1, __ATOMIC_RELAXED);
}

static void check_counts(uint32_t workers, struct cw_dim3 grid, struct cw_dim3 block, bool all) {
    struct bench bench;
    bench_open(&bench, workers);
    size_t threads = (size_t)grid.x * grid.y * grid.z * block.x * block.y * block.z;
    uint32_t *counts = calloc(threads, sizeof *counts);
    for (uint32_t pass = 1; pass <= 3; pass++) {
        cr_assert_eq(bench_launch_dim(&bench, grid, block, all, count_thread, counts), CW_OK);
        for (size_t i = 0; i < threads; i++) {
            cr_assert_eq(counts[i], pass);
        }
    }
    free(counts);
    bench_close(&bench);
}

Test(block, runs_each_thread_once) {
    for (int all = 0; all < 2; all++) {
        check_counts(1, (struct cw_dim3){1, 1, 1}, (struct cw_dim3){1, 1, 1}, all);
        check_counts(1, (struct cw_dim3){3, 2, 2}, (struct cw_dim3){7, 3, 2}, all);
        check_counts(4, (struct cw_dim3){1000, 1, 1}, (struct cw_dim3){33, 1, 1}, all);
        check_counts(4, (struct cw_dim3){5, 70, 3}, (struct cw_dim3){1, 1, 64}, all);
        check_counts(3, (struct cw_dim3){100, 1, 1}, (struct cw_dim3){1024, 1, 1}, all);
    }
}

static void reverse_shared(void *data, const struct cw_cpu_block *block, uint32_t index) {
    uint32_t *out = data;
    uint32_t *shared = (uint32_t *)(void *)block->shared;
    shared[index] = block->block_idx[0] * 10000 + index;
    cw.barrier(0, 0);
    out[block->block_idx[0] * block->thread_count + index] = shared[block->thread_count - 1 - index];
}

Test(block, shares_memory_across_a_barrier) {
    struct bench bench;
    bench_open(&bench, 3);
    static uint32_t out[50 * 1024];
    for (uint32_t threads = 1; threads <= 1024; threads = threads * 3 + 1) {
        struct launch_shape shape = {.grid = 50, .block = threads, .shared = threads * 4};
        cr_assert_eq(bench_launch(&bench, shape, reverse_shared, out), CW_OK);
        for (uint32_t i = 0; i < 50 * threads; i++) {
            cr_assert_eq(out[i], i / threads * 10000 + threads - 1 - i % threads);
        }
    }
    bench_close(&bench);
}

static void fill_shared(void *data, const struct cw_cpu_block *block, uint32_t index) {
    (void)data;
    for (uint32_t i = index; i < block->dynamic_shared; i += block->thread_count) {
        block->shared[i] = (char)i;
    }
    cr_assert_eq((uintptr_t)block->shared % 1024, 0);
}

Test(block, has_all_of_its_shared_memory) {
    struct bench bench;
    bench_open(&bench, 2);
    struct launch_shape shape = {.grid = 8, .block = 64, .shared = 227 << 10};
    cr_assert_eq(bench_launch(&bench, shape, fill_shared, NULL), CW_OK);
    shape.shared++;
    cr_assert_eq(bench_launch(&bench, shape, fill_shared, NULL), CW_ERROR_LAUNCH);
    bench_close(&bench);
}

struct stream {
    struct bench *bench;
    uint32_t *counts;
    uint32_t failures;
};

static void *launch_many(void *argument) {
    struct stream *stream = argument;
    for (int i = 0; i < 40; i++) {
        struct bench own = *stream->bench;
        struct launch_shape shape = {.grid = 200, .block = 64, .all = i & 1};
        stream->failures += bench_launch(&own, shape, count_thread, stream->counts) != CW_OK;
    }
    return NULL;
}

Test(block, serves_several_launches_at_once) {
    struct bench bench;
    bench_open(&bench, 4);
    static uint32_t counts[4][200 * 64];
    struct stream streams[4];
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        streams[i] = (struct stream){.bench = &bench, .counts = counts[i]};
        pthread_create(&threads[i], NULL, launch_many, &streams[i]);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        cr_assert_eq(streams[i].failures, 0);
        for (int j = 0; j < 200 * 64; j++) {
            cr_assert_eq(counts[i][j], 40);
        }
    }
    bench_close(&bench);
}

static void look_around(void *data, const struct cw_cpu_block *block, uint32_t index) {
    uint32_t *answers = data;
    static int global;
    /* An address on the stack in every build: the address sanitizer moves variables elsewhere. */
    char *local = __builtin_frame_address(0);
    answers[0] += cw.is_shared(block->shared) && cw.is_shared(block->shared + 15) && !cw.is_shared(block->shared + 16);
    answers[1] += cw.is_local(local) && !cw.is_local(&global) && !cw.is_local(block->shared);
    answers[2] += cw.is_global(&global) && !cw.is_global(local) && !cw.is_global(block->shared);
    uint64_t clock = cw.clock64(), timer = cw.globaltimer();
    cw.nanosleep(2000);
    answers[3] += cw.clock64() > clock && cw.globaltimer() >= timer + 2000;
    cw.breakpoint();
    (void)index;
}

Test(block, answers_queries) {
    struct bench bench;
    bench_open(&bench, 1);
    uint32_t answers[4] = {0};
    cr_assert_eq(bench_launch(&bench, (struct launch_shape){.grid = 2, .block = 40, .shared = 16}, look_around, answers),
                 CW_OK);
    for (int i = 0; i < 4; i++) {
        cr_assert_eq(answers[i], 80, "query %d: %u", i, answers[i]);
    }
    bench_close(&bench);
}
