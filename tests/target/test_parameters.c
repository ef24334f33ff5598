/* SPDX-License-Identifier: Apache-2.0 */
/* Kernel parameters of every shape, packed by the source's layout. */
#include <string.h>

#include <criterion/criterion.h>

#include "each.h"

static const struct shape block_of_7 = {{7, 1, 1}, {1, 1, 1}, {0, 0, 0}, 0};

static int64_t wide_out[70];
static int32_t out[64];

static void clear(void) {
    memset(wide_out, 0xee, sizeof wide_out);
    memset(out, 0xee, sizeof out);
}

static void check_scalars(const struct record *record) {
    (void)record;
    for (int t = 0; t < 7; t++) {
        static const int64_t expected[8] = {1, -5, 65000, -123456, 3, -7, INT64_C(-5000000000), 42};
        for (int i = 0; i < 8; i++) cr_assert_eq(wide_out[10 * t + i], expected[i], "thread %d, parameter %d", t, i);
    }
}

static void scalars(const struct machine *machine) {
    int pointed = 42;
    struct {
        int64_t *out;
        bool b;
        int8_t c;
        uint16_t s;
        int32_t i;
        float f;
        double d;
        int64_t l;
        int *p;
    } params = {wide_out, true, -5, 65000, -123456, 1.5f, -1.75, INT64_C(-5000000000), &pointed};
    run_both(machine, "scalars", &params, &block_of_7, clear, check_scalars);
}

Test(parameters, scalars) {
    for_each_artifact("parameters", scalars);
}

static void check_classes(const struct record *record) {
    (void)record;
    for (int t = 0; t < 7; t++) {
        static const int32_t expected[7] = {9, -3, 'x', 10, 77, 88, 99};
        for (int i = 0; i < 7; i++) cr_assert_eq(out[8 * t + i], expected[i], "thread %d, parameter %d", t, i);
    }
}

static void classes(const struct machine *machine) {
    struct {
        int32_t *out;
        struct {
            float a;
            int32_t b;
            char c;
        } small;
        char empty;
        _Alignas(16) float four[4];
        struct {
            _Alignas(64) int32_t first;
            char rest[60];
        } wide;
        int32_t last;
    } params = {out, {9.5f, -3, 'x'}, 0, {1, 2, 3, 4}, {77, {0}}, 99};
    params.wide.rest[59] = 88;
    run_both(machine, "classes", &params, &block_of_7, clear, check_classes);
}

Test(parameters, classes) {
    for_each_artifact("parameters", classes);
}

static void check_modified(const struct record *record) {
    (void)record;
    for (int t = 0; t < 7; t++) cr_assert_eq(out[t], 36 + 2 + 3 + 3 * (100 + t) + 1, "thread %d", t);
}

static void modified(const struct machine *machine) {
    struct {
        int32_t *out;
        struct {
            int32_t value[8];
            int32_t index;
        } counter;
        int32_t n;
    } params = {out, {{1, 2, 3, 4, 5, 6, 7, 8}, 2}, 100};
    run_both(machine, "modified", &params, &block_of_7, clear, check_modified);
}

/* Each thread has its own copy of a class, though the block has one parameter buffer. */
Test(parameters, modified_copies) {
    for_each_artifact("parameters", modified);
}

static struct {
    int32_t *out;
    int32_t values[1000];
    int32_t last;
} big_params;

static void check_big(const struct record *record) {
    (void)record;
    for (int t = 0; t < 7; t++) cr_assert_eq(out[t], t * 7 * 3 + 5);
}

static void big(const struct machine *machine) {
    big_params.out = out;
    for (int i = 0; i < 1000; i++) big_params.values[i] = 3 * i;
    big_params.last = 5;
    cr_assert_eq(find_kernel(machine, "big")->param_bytes, 8 + 4000 + 4);
    run_both(machine, "big", &big_params, &block_of_7, clear, check_big);
}

Test(parameters, four_kilobytes) {
    for_each_artifact("parameters", big);
}

static float floats[3];

static void check_vectors(const struct record *record) {
    (void)record;
    cr_assert_eq(floats[0], 5.0f);
    cr_assert_eq(floats[1], 13.0f);
    cr_assert_eq(floats[2], -2.0f);
}

static void vectors(const struct machine *machine) {
    static const struct shape one = {{1, 1, 1}, {1, 1, 1}, {0, 0, 0}, 0};
    struct {
        float *out;
        _Alignas(16) float a[4];
        _Alignas(16) float b[4];
        _Alignas(16) int64_t big[2];
    } params = {floats, {1, 2, 3, 4}, {5, 6, 7, 0}, {0, -2}};
    run_both(machine, "vectors", &params, &one, NULL, check_vectors);
}

Test(parameters, vectors_and_128_bits) {
    for_each_artifact("parameters", vectors);
}

static void check_nothing(const struct record *record) {
    cr_assert_eq(record->stacks, 1);
}

static void nothing(const struct machine *machine) {
    cr_assert_eq(find_kernel(machine, "nothing")->param_bytes, 0);
    run_both(machine, "nothing", NULL, &block_of_7, NULL, check_nothing);
}

Test(parameters, none) {
    for_each_artifact("parameters", nothing);
}
