/* SPDX-License-Identifier: Apache-2.0 */
/* Device variables: what the host writes, kernels read, and the other way round. */
#include <criterion/criterion.h>

#include "each.h"

static const struct shape block_of_8 = {{8, 1, 1}, {1, 1, 1}, {0, 0, 0}, 0};
static const struct shape one = {{1, 1, 1}, {1, 1, 1}, {0, 0, 0}, 0};
static float out[8];
static float base;
static const float *coefficients;

static void check_reads(const struct record *record) {
    (void)record;
    for (int i = 0; i < 8; i++) cr_assert_eq(out[i], coefficients[i & 3] + base, "thread %d: %f", i, (double)out[i]);
}

static void variables(const struct machine *machine) {
    float *constants = find_variable(machine, "coefficients", 16), *params = out;
    int32_t *counter = find_variable(machine, "counter", 4), *hidden = find_variable(machine, "_ZL6hidden", 4);
    int32_t **pointer = find_variable(machine, "pointer_to_counter", 8);
    coefficients = constants;
    cr_assert_eq(*pointer, counter);
    cr_assert_eq(*(double *)find_variable(machine, "never_used", 8), 0.0);

    base = 7 + 11 + 7 + 5;
    run_both(machine, "reads", &params, &block_of_8, NULL, check_reads);
    for (int i = 0; i < 4; i++) constants[i] = (float)(10 * i);
    *counter = 100;
    base = 100 + 11 + 100 + 5;
    run_both(machine, "reads", &params, &block_of_8, NULL, check_reads);

    int32_t x = 5;
    run_block(find_kernel(machine, "writes"), &x, &one, false);
    cr_assert_eq(*counter, 5);
    cr_assert_eq(*hidden, 16);
    base = 5 + 16 + 5 + 5;
    run_both(machine, "reads", &params, &block_of_8, NULL, check_reads);
}

Test(variables, host_and_device) {
    for_each_artifact("variables", variables);
}

static int32_t spaces[5];

static void check_predicates(const struct record *record) {
    (void)record;
    static const int32_t expected[5] = {1, 1, 0, 2, 1 + 2};
    for (int i = 0; i < 5; i++) cr_assert_eq(spaces[i], expected[i], "predicate %d: %d", i, spaces[i]);
}

static void predicates(const struct machine *machine) {
    int32_t *params = spaces;
    run_both(machine, "predicates", &params, &one, NULL, check_predicates);
}

/* __isConstant and __isGlobal: only the artifact knows where its constant memory is. */
Test(variables, address_space_predicates) {
    for_each_artifact("variables", predicates);
}

/* The artifact has every variable that the table promises. */
Test(variables, all_of_the_table) {
    struct session session = open_session("variables");
    struct cw_bytes bytes = emit_cpu(&session, NULL, 2, CW_EMIT_ARTIFACT);
    struct machine machine = load_artifact(&bytes);
    cr_assert_gt(session.api->variable_count(session.module), 5);
    for (uint32_t i = 0; i < session.api->variable_count(session.module); i++) {
        const struct cw_variable *row = session.api->variable(session.module, i);
        cr_assert_eq((uintptr_t)find_variable(&machine, row->name, row->size) % row->align, 0);
    }
    close_session(&session);
}
