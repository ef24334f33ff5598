/* SPDX-License-Identifier: Apache-2.0 */
/* Shared memory: its size is what the kernel says, between guards that run_block checks. */
#include <string.h>

#include <criterion/criterion.h>

#include "each.h"

static const struct shape block_of_32 = {{32, 1, 1}, {1, 1, 1}, {0, 0, 0}, 0};
static int32_t out[64], in[64];
static uint64_t words[64];

static void clear(void) {
    memset(out, 0xee, sizeof out);
    memset(words, 0xee, sizeof words);
    for (int i = 0; i < 64; i++) in[i] = 100 + i;
}

static void check_reverse(const struct record *record) {
    (void)record;
    for (int i = 0; i < 32; i++) cr_assert_eq(out[i], 100 + 31 - i);
}

static void check_gaps(const struct record *record) {
    (void)record;
    cr_assert_eq(words[2], 11);
    cr_assert_neq(words[0], words[1]);
}

static void check_fills(const struct record *record) {
    (void)record;
    for (int i = 1; i < 32; i++) cr_assert_eq(words[i], words[0] + 8 * (uint64_t)i);
    cr_assert_eq(words[0] % 8, 0);
}

static int rounds;

static void check_table(const struct record *record) {
    (void)record;
    for (int i = 0; i < 32; i++) cr_assert_eq(out[i], (i + rounds) % 32 + rounds, "thread %d: %d", i, out[i]);
}

static void check_dynamic(const struct record *record) {
    (void)record;
    for (int i = 0; i < 32; i++) cr_assert_eq(out[i], 2 * (31 - i) + 1);
}

static void check_pointer(const struct record *record) {
    (void)record;
    for (int i = 0; i < 32; i++) cr_assert_eq(out[i], 1000 + 31 * 32 / 2);
}

static void static_shared(const struct machine *machine) {
    struct {
        void *out, *in;
    } params = {out, in};
    run_both(machine, "reverse", &params, &block_of_32, clear, check_reverse);
    run_both(machine, "passes_pointer", &params, &block_of_32, clear, check_pointer);
    uint64_t *wide = words;
    run_both(machine, "gaps", &wide, &block_of_32, clear, check_gaps);
    run_both(machine, "fills", &wide, &block_of_32, clear, check_fills);
}

Test(shared, static_variables) {
    for_each_artifact("shared", static_shared);
}

static void tables(const struct machine *machine) {
    struct {
        int32_t *out;
        int32_t rounds;
    } params = {out, 0};
    for (rounds = 0; rounds < 4; rounds++) {
        params.rounds = rounds;
        run_both(machine, "table", &params, &block_of_32, clear, check_table);
    }
}

/* `int *buffers[2] = {a, b}` of shared arrays. */
Test(shared, tables_of_addresses) {
    for_each_artifact("shared", tables);
}

static void dynamic_shared(const struct machine *machine) {
    struct shape shape = block_of_32;
    shape.dynamic_shared = 4 * 32;
    int32_t *params = out;
    run_both(machine, "uses_dynamic", &params, &shape, clear, check_dynamic);
}

Test(shared, dynamic_arrays) {
    for_each_artifact("shared", dynamic_shared);
}

/* What the table promises to CUDA's users is the sum of the kernel's own variables, not the layout's extent. */
Test(shared, table_of_sizes) {
    struct session session = open_session("shared");
    for (uint32_t i = 0; i < session.api->kernel_count(session.module); i++) {
        const struct cw_kernel *kernel = session.api->kernel(session.module, i);
        if (strcmp(kernel->name, "reverse") == 0) cr_assert_eq(kernel->static_shared, 256);
        if (strcmp(kernel->name, "gaps") == 0) cr_assert_eq(kernel->static_shared, 257);
        if (strcmp(kernel->name, "fills") == 0) cr_assert_eq(kernel->static_shared, 4256);
        if (strcmp(kernel->name, "table") == 0) cr_assert_eq(kernel->static_shared, 256);
        if (strcmp(kernel->name, "uses_dynamic") == 0) cr_assert(kernel->features & CW_FEATURE_DYNAMIC_SHARED);
    }
    close_session(&session);
}
