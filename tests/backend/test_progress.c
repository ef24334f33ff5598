/* SPDX-License-Identifier: Apache-2.0 */
/* Forward progress: active masks, lockstep before volatile accesses, polling between threads and between blocks. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

static void ask_in_branches(void *data, const struct cw_cpu_block *block, uint32_t index) {
    uint32_t *masks = data;
    (void)block;
    if (index % 3 == 0) {
        masks[index] = cw.activemask();
        __asm__ volatile("" ::: "memory"); /* keeps the compiler from making one call of the two */
    } else if (index % 3 == 1) {
        cw.warp_sync(0x92492492u); /* lanes 1, 4, 7, ... */
        masks[index] = cw.activemask();
    }
}

Test(progress, active_masks_hold_the_lanes_at_one_call) {
    struct bench bench;
    bench_open(&bench, 1);
    for (uint32_t threads = 1; threads <= 32; threads++) {
        uint32_t masks[64] = {0};
        uint32_t by_class[3] = {0};
        for (uint32_t i = 0; i < threads; i++) {
            by_class[i % 3] |= 1u << i;
        }
        cr_assert_eq(bench_launch(&bench, (struct launch_shape){.grid = 1, .block = threads}, ask_in_branches, masks), CW_OK);
        for (uint32_t i = 0; i < threads; i++) {
            cr_assert_eq(masks[i], i % 3 == 2 ? 0 : by_class[i % 3], "lane %u of %u: %x", i, threads, masks[i]);
        }
    }
    bench_close(&bench);
}

/* Lanes that leave a loop one after the other: every mask is the set of those still in it. */
static void ask_in_loop(void *data, const struct cw_cpu_block *block, uint32_t index) {
    uint32_t *wrong = data;
    uint32_t in_warp = block->thread_count - index / 32 * 32;
    uint32_t exist = in_warp >= 32 ? UINT32_MAX : (1u << in_warp) - 1;
    for (uint32_t i = 0; i <= index % 32; i++) {
        *wrong += cw.activemask() != (exist & ~((1u << i) - 1));
    }
}

Test(progress, active_masks_shrink_with_a_loop) {
    struct bench bench;
    bench_open(&bench, 1);
    uint32_t wrong = 0;
    cr_assert_eq(bench_launch(&bench, (struct launch_shape){.grid = 2, .block = 75}, ask_in_loop, &wrong), CW_OK);
    cr_assert_eq(wrong, 0);
    bench_close(&bench);
}

/* The reduction of old CUDA samples: no barrier in the last warp, but volatile accesses. */
static void reduce_warp(void *data, const struct cw_cpu_block *block, uint32_t index) {
    uint32_t *out = data;
    volatile uint32_t *shared = (volatile uint32_t *)(void *)block->shared;
    shared[index] = index * index + block->block_idx[0];
    cw.barrier(0, 0);
    for (uint32_t half = block->thread_count / 2; half > 32; half /= 2) {
        if (index < half) {
            shared[index] += shared[index + half];
        }
        cw.barrier(0, 0);
    }
    if (index < 32) {
        for (uint32_t half = 32; half > 0; half /= 2) {
            cw.yield();
            uint32_t a = shared[index];
            cw.yield();
            uint32_t b = shared[index + half];
            cw.yield();
            shared[index] = a + b;
        }
    }
    if (index == 0) {
        out[block->block_idx[0]] = shared[0];
    }
}

Test(progress, volatile_accesses_run_in_lockstep) {
    struct bench bench;
    bench_open(&bench, 2);
    for (uint32_t threads = 64; threads <= 512; threads *= 2) {
        uint32_t out[20];
        struct launch_shape shape = {.grid = 20, .block = threads, .shared = threads * 4 + 128};
        cr_assert_eq(bench_launch(&bench, shape, reduce_warp, out), CW_OK);
        for (uint32_t i = 0; i < 20; i++) {
            uint32_t sum = threads * i;
            for (uint32_t j = 0; j < threads; j++) {
                sum += j * j;
            }
            cr_assert_eq(out[i], sum, "%u threads, block %u: %u, not %u", threads, i, out[i], sum);
        }
    }
    bench_close(&bench);
}

/* A thread waits for one that has not started, and for one of another warp, by yields alone. */
static void yield_for_others(void *data, const struct cw_cpu_block *block, uint32_t index) {
    volatile uint32_t *flags = data;
    if (index == 0) {
        while (!flags[block->thread_count - 1]) {
            cw.yield();
        }
    }
    flags[index] = 1;
    if (index == block->thread_count - 1) {
        while (!flags[0]) {
            cw.yield();
        }
    }
}

Test(progress, yields_reach_the_whole_block) {
    struct bench bench;
    bench_open(&bench, 1);
    uint32_t flags[200] = {0};
    cr_assert_eq(bench_launch(&bench, (struct launch_shape){.grid = 1, .block = 200}, yield_for_others, flags), CW_OK);
    bench_close(&bench);
}

struct chain {
    uint32_t turn;
    uint32_t passed;
};

/* Each thread waits for the one above it: the last to start goes first. */
static void poll_backwards(void *data, const struct cw_cpu_block *block, uint32_t index) {
    struct chain *chain = data;
    uint32_t position = block->thread_count - 1 - index;
    while (__atomic_load_n(&chain->turn, __ATOMIC_ACQUIRE) != position) {
        cw.poll();
    }
    chain->passed++;
    __atomic_store_n(&chain->turn, position + 1, __ATOMIC_RELEASE);
}

Test(progress, threads_may_poll_for_later_threads) {
    struct bench bench;
    bench_open(&bench, 1);
    for (uint32_t threads = 2; threads <= 1024; threads = threads * 2 + 1) {
        struct chain chain = {0};
        cr_assert_eq(bench_launch(&bench, (struct launch_shape){.grid = 1, .block = threads}, poll_backwards, &chain), CW_OK);
        cr_assert_eq(chain.passed, threads);
    }
    bench_close(&bench);
}

struct lock {
    uint32_t taken;
    uint32_t counter;
};

static void count_under_lock(void *data, const struct cw_cpu_block *block, uint32_t index) {
    struct lock *lock = data;
    (void)block, (void)index;
    while (__atomic_exchange_n(&lock->taken, 1, __ATOMIC_ACQUIRE)) {
        cw.poll();
    }
    lock->counter++;
    cw.poll(); /* invites trouble: others run while the lock is held */
    lock->counter++;
    __atomic_store_n(&lock->taken, 0, __ATOMIC_RELEASE);
}

Test(progress, spin_locks_are_handed_on) {
    struct bench bench;
    bench_open(&bench, 3);
    struct lock lock = {0};
    cr_assert_eq(bench_launch(&bench, (struct launch_shape){.grid = 60, .block = 70}, count_under_lock, &lock), CW_OK);
    cr_assert_eq(lock.counter, 2 * 60 * 70);
    bench_close(&bench);
}

struct grid_barrier {
    uint32_t arrived;
    uint32_t generation;
    uint32_t wrong;
    uint32_t reached[8];
};

static void meet_in_grid(void *data, const struct cw_cpu_block *block, uint32_t index) {
    struct grid_barrier *barrier = data;
    for (uint32_t i = 0; i < 8; i++) {
        if (index == 0) {
            __atomic_fetch_add(&barrier->reached[i], 1, __ATOMIC_RELAXED);
        }
        cw.barrier(0, 0);
        if (index == 0) {
            uint32_t generation = __atomic_load_n(&barrier->generation, __ATOMIC_ACQUIRE);
            if (__atomic_add_fetch(&barrier->arrived, 1, __ATOMIC_ACQ_REL) == block->grid_dim[0]) {
                barrier->arrived = 0;
                __atomic_store_n(&barrier->generation, generation + 1, __ATOMIC_RELEASE);
            } else {
                while (__atomic_load_n(&barrier->generation, __ATOMIC_ACQUIRE) == generation) {
                    cw.poll();
                }
            }
        }
        cw.barrier(0, 0);
        if (__atomic_load_n(&barrier->reached[i], __ATOMIC_RELAXED) != block->grid_dim[0]) {
            __atomic_fetch_add(&barrier->wrong, 1, __ATOMIC_RELAXED);
        }
    }
}

Test(progress, blocks_may_wait_for_blocks) {
    for (uint32_t workers = 1; workers <= 3; workers++) {
        struct bench bench;
        bench_open(&bench, workers);
        for (uint32_t blocks = 1; blocks <= 64; blocks = blocks * 3 + 1) {
            struct grid_barrier barrier = {0};
            cr_assert_eq(bench_launch(&bench, (struct launch_shape){.grid = blocks, .block = 12}, meet_in_grid, &barrier), CW_OK);
            cr_assert_eq(barrier.wrong, 0);
        }
        struct grid_barrier barrier = {0};
        struct launch_shape large = {.grid = 100, .block = 5, .cooperative = 1};
        cr_assert_eq(bench_launch(&bench, large, meet_in_grid, &barrier), CW_OK);
        cr_assert_eq(barrier.wrong, 0);
        bench_close(&bench);
    }
}

/* Decoupled look-back: each block waits for its predecessor. */
static void add_prefix(void *data, const struct cw_cpu_block *block, uint32_t index) {
    uint32_t *sums = data;
    if (index == 0) {
        uint32_t before = 1;
        if (block->block_idx[0]) {
            while ((before = __atomic_load_n(&sums[block->block_idx[0] - 1], __ATOMIC_ACQUIRE)) == 0) {
                cw.poll();
            }
        }
        __atomic_store_n(&sums[block->block_idx[0]], before + block->block_idx[0], __ATOMIC_RELEASE);
    }
}

Test(progress, blocks_may_wait_for_earlier_blocks) {
    struct bench bench;
    bench_open(&bench, 4);
    for (int i = 0; i < 10; i++) {
        uint32_t *sums = calloc(2000, sizeof *sums);
        cr_assert_eq(bench_launch(&bench, (struct launch_shape){.grid = 2000, .block = 4}, add_prefix, sums), CW_OK);
        for (uint32_t j = 0; j < 2000; j++) {
            cr_assert_eq(sums[j], 1 + j * (j + 1) / 2);
        }
        free(sums);
    }
    bench_close(&bench);
}

/* One block faults while others poll for it: the launch must end. */
static void poll_for_the_dead(void *data, const struct cw_cpu_block *block, uint32_t index) {
    uint32_t *flag = data;
    (void)index;
    if (block->block_idx[0] == 5) {
        cw.trap();
    }
    while (!__atomic_load_n(flag, __ATOMIC_ACQUIRE)) {
        cw.poll();
    }
}

Test(progress, a_fault_ends_blocks_that_poll) {
    struct bench bench;
    bench_open(&bench, 3);
    uint32_t flag = 0;
    cr_assert_eq(bench_launch(&bench, (struct launch_shape){.grid = 20, .block = 40}, poll_for_the_dead, &flag), CW_ERROR_FAULT);
    cr_assert_eq(bench.fault.kind, CW_FAULT_TRAP);
    cr_assert_eq(bench.fault.block.x, 5);
    bench_close(&bench);
}
