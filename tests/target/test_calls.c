/* SPDX-License-Identifier: Apache-2.0 */
/* Recursion, function pointers, virtual functions, and services below calls. */
#include <string.h>

#include <criterion/criterion.h>

#include "each.h"

static const struct shape block_of_24 = {{6, 2, 2}, {1, 1, 1}, {0, 0, 0}, 0};
static int32_t out[64];

static void clear(void) {
    memset(out, 0xee, sizeof out);
}

static int fibonacci(int n) {
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

static void check_recursion(const struct record *record) {
    (void)record;
    for (int i = 0; i < 24; i++) cr_assert_eq(out[i], fibonacci(i % 15) * 2 + (i % 2 == 0), "thread %d: %d", i, out[i]);
}

static void check_pointers(const struct record *record) {
    (void)record;
    for (int i = 0; i < 24; i++) cr_assert_eq(out[i], i & 1 ? i * i + i : 2 * i + i / 6 % 2, "thread %d: %d", i, out[i]);
}

static void check_virtual(const struct record *record) {
    (void)record;
    for (int i = 0; i < 24; i++) cr_assert_eq(out[i], i & 1 ? (i * i + i % 6) * 100 + 1 : 2 + 6, "thread %d: %d", i, out[i]);
}

static void check_barrier(const struct record *record) {
    cr_assert_eq(record->barriers, 48);
    for (int i = 0; i < 24; i++) cr_assert_eq(out[i], (i + 1) % 24 * 10, "thread %d: %d", i, out[i]);
}

static void check_address(const struct record *record) {
    cr_assert_eq(record->prints, 24);
    for (int i = 0; i < 24; i++) cr_assert_eq(out[i], 6);
}

static void check_services(const struct record *record) {
    (void)record;
    for (int i = 0; i < 24; i++) cr_assert_eq(out[i], i + 1);
}

static void calls(const struct machine *machine) {
    int32_t *params = out;
    run_both(machine, "recursion", &params, &block_of_24, clear, check_recursion);
    run_both(machine, "pointers", &params, &block_of_24, clear, check_pointers);
    run_both(machine, "virtual_calls", &params, &block_of_24, clear, check_virtual);
    run_both(machine, "barrier_below", &params, &block_of_24, clear, check_barrier);
    run_both(machine, "service_address", &params, &block_of_24, clear, check_address);
    run_both(machine, "services", &params, &block_of_24, clear, check_services);
}

Test(calls, results) {
    for_each_artifact("calls", calls);
}

/* A trap ends the block where it stands: threads before it have run, those behind it have not. */
static void trap(const struct machine *machine) {
    int32_t *params = out;
    clear();
    struct record record = run_block(find_kernel(machine, "traps"), &params, &block_of_24, ENTRY_RUN);
    cr_assert(record.trapped);
    cr_assert_eq(record.exits, 3);
    for (int i = 0; i < 24; i++) cr_assert_eq(out[i] == 1, i <= 3);
}

Test(calls, trap) {
    for_each_artifact("calls", trap);
}
