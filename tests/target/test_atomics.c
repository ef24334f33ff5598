/* SPDX-License-Identifier: Apache-2.0 */
/* Threads that meet in memory: nothing may be lost, and who waits must let others run. */
#include <string.h>

#include <criterion/criterion.h>

#include "each.h"

#define THREADS 256

static const struct shape block = {{THREADS, 1, 1}, {1, 1, 1}, {0, 0, 0}, 0};
static int32_t cells[THREADS], keys[THREADS], out[THREADS];

static void clear(void) {
    memset(cells, 0, sizeof cells);
    memset(out, 0, sizeof out);
    for (int i = 0; i < THREADS; i++) keys[i] = i % 8 == 7 ? 0 : i % 8;
}

static void check_count(const struct record *record) {
    (void)record;
    cr_assert_eq(cells[0], THREADS);
}

static void check_histogram(const struct record *record) {
    (void)record;
    for (int i = 0; i < 8; i++) cr_assert_eq(cells[i], i == 7 ? 0 : i == 0 ? THREADS / 4 : THREADS / 8, "bin %d: %d", i, cells[i]);
}

static void check_exchange(const struct record *record) {
    (void)record;
    bool seen[THREADS + 1] = {false};
    seen[cells[0]] = true;
    for (int i = 0; i < THREADS; i++) {
        cr_assert(out[i] >= 0 && out[i] <= THREADS && !seen[out[i]], "%d twice", out[i]);
        seen[out[i]] = true;
    }
}

static void check_flags(const struct record *record) {
    (void)record;
    for (int i = 0; i < THREADS; i++) cr_assert_eq(out[i], i + 1);
}

static void counting(const struct machine *machine) {
    struct {
        int32_t *a, *b;
    } histogram = {cells, keys}, exchange = {cells, out};
    run_both(machine, "count_block", &histogram, &block, clear, check_count);
    run_both(machine, "histogram_block", &histogram, &block, clear, check_histogram);
    run_both(machine, "histogram_device", &histogram, &block, clear, check_histogram);
    run_both(machine, "histogram_shared", &histogram, &block, clear, check_histogram);
    run_both(machine, "exchange_block", &exchange, &block, clear, check_exchange);
    run_both(machine, "ordered_flags", &exchange, &block, clear, check_flags);
}

Test(atomics, nothing_is_lost) {
    for_each_artifact("atomics", counting);
}

static void check_lock(const struct record *record) {
    (void)record;
    cr_assert_eq(cells[0], THREADS * (THREADS - 1) / 2);
}

static void check_handover(const struct record *record) {
    cr_assert_gt(record->polls, 0);
    for (int i = 0; i < THREADS; i++) cr_assert_eq(out[i], 1);
}

static void waiting(const struct machine *machine) {
    int32_t *sum = cells;
    cr_assert_null(find_kernel(machine, "lock")->run_all);
    cr_assert_null(find_kernel(machine, "handover")->run_all);
    run_both(machine, "lock", &sum, &block, clear, check_lock);
    struct {
        int32_t *flag, *out;
        int32_t how;
    } params = {cells, out, 0};
    for (params.how = 0; params.how < 4; params.how++) run_both(machine, "handover", &params, &block, clear, check_handover);
}

Test(atomics, who_waits_lets_others_run, .timeout = 120) {
    for_each_artifact("atomics", waiting);
}

/* Loops that end by themselves keep their plain loops over threads. */
static void plain_loops(const struct machine *machine) {
    if (machine->scalar) {
        cr_assert_not_null(find_kernel(machine, "histogram_block")->run_all);
        cr_assert_not_null(find_kernel(machine, "histogram_device")->run_all);
        cr_assert_null(find_kernel(machine, "histogram_shared")->run_all);
    } else {
        cr_assert_eq(find_kernel(machine, "histogram_block")->lanes_suspend, 0);
        cr_assert_eq(find_kernel(machine, "histogram_shared")->lanes_suspend, 0);
    }
}

Test(atomics, histograms_do_not_wait) {
    for_each_artifact("atomics", plain_loops);
}
