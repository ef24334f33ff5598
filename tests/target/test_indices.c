/* SPDX-License-Identifier: Apache-2.0 */
/* Special registers in three dimensions, for code that is inlined, that stays a call, and that waits. */
#include <string.h>

#include <criterion/criterion.h>

#include "each.h"

#define FIELDS 16

static const struct shape odd = {{5, 3, 4}, {9, 8, 7}, {6, 5, 4}, 0};
static uint32_t out[60 * FIELDS];

static void clear(void) {
    memset(out, 0xee, sizeof out);
}

static void check_fields(const struct record *record) {
    (void)record;
    for (uint32_t t = 0; t < 60; t++) {
        const uint32_t expected[FIELDS] = {t % 5, t / 5 % 3, t / 15, 5, 3, 4, 6, 5, 4, 9, 8, 7, t % 32, t / 32, 5, 0};
        for (int i = 0; i < FIELDS; i++)
            cr_assert_eq(out[FIELDS * t + (uint32_t)i], expected[i], "thread %u, field %d: %u", t, i, out[FIELDS * t + (uint32_t)i]);
    }
}

static void run_kernels(const struct machine *machine) {
    uint32_t *params = out;
    if (machine->scalar) {
        cr_assert_not_null(find_kernel(machine, "inlined")->run_all);
        cr_assert_not_null(find_kernel(machine, "called")->run_all);
        cr_assert_null(find_kernel(machine, "waits")->run_all);
    } else {
        cr_assert_not_null(find_kernel(machine, "inlined")->run_lanes);
        cr_assert_not_null(find_kernel(machine, "called")->run_lanes);
        cr_assert_eq(find_kernel(machine, "called")->lanes_suspend, 0);
        cr_assert_eq(find_kernel(machine, "waits")->lanes_suspend, 0);
        /* All that it needs after a barrier follows from indices and parameters. */
        cr_assert_eq(find_kernel(machine, "waits")->frame_bytes, 0);
    }
    run_both(machine, "inlined", &params, &odd, clear, check_fields);
    run_both(machine, "called", &params, &odd, clear, check_fields);
    run_both(machine, "waits", &params, &odd, clear, check_fields);
}

Test(indices, three_dimensions) {
    for_each_artifact("indices", run_kernels);
}

static void check_stacks(const struct machine *machine, enum entry entry, uint32_t stacks, uint32_t barriers) {
    uint32_t *params = out;
    clear();
    struct record record = run_block(find_kernel(machine, "waits"), &params, &odd, entry);
    cr_assert_eq(record.stacks, stacks);
    cr_assert_eq(record.barriers, barriers);
    check_fields(&record);
}

/* A barrier takes a stack a thread; groups of lanes, which return there, and kernels that never wait take one. */
static void count_stacks(const struct machine *machine) {
    uint32_t *params = out;
    check_stacks(machine, ENTRY_RUN, 60, 120);
    if (!machine->scalar) check_stacks(machine, ENTRY_LANES, 1, 0);
    struct record record = run_block(find_kernel(machine, "called"), &params, &odd, ENTRY_RUN);
    cr_assert_eq(record.stacks, 1);
}

Test(indices, stacks) {
    for_each_artifact("indices", count_stacks);
}
