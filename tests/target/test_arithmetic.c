/* SPDX-License-Identifier: Apache-2.0 */
/* Arithmetic that must not trap or depend on the processor. */
#include <limits.h>
#include <math.h>
#include <string.h>

#include <criterion/criterion.h>

#include "each.h"

static const struct shape one = {{1, 1, 1}, {1, 1, 1}, {0, 0, 0}, 0};
static const struct shape block_of_40 = {{40, 1, 1}, {1, 1, 1}, {0, 0, 0}, 0};
static int32_t out[8];
static int64_t wide_out[8];

struct division {
    int32_t *out;
    int32_t a, b;
    int64_t c, d;
};

static void run_division(const struct machine *machine, int32_t a, int32_t b, int64_t c, int64_t d, enum entry entry) {
    struct division params = {out, a, b, c, d};
    memset(out, 0xee, sizeof out);
    run_block(find_kernel(machine, "divide"), &params, &one, entry);
}

/* A zero divisor gives what it gives, but never a trap; the lowest dividend by -1 wraps. */
static void division(const struct machine *machine) {
    const enum entry entries[] = {ENTRY_RUN, machine->scalar ? ENTRY_ALL : ENTRY_LANES};
    for (int way = 0; way < 2; way++) {
        enum entry entry = entries[way];
        run_division(machine, 17, -5, -1000, 7, entry);
        cr_assert_eq(out[0], -3);
        cr_assert_eq(out[1], 2);
        cr_assert_eq(out[2], 0);
        cr_assert_eq(out[3], -142);
        cr_assert_eq(out[4], -6);
        cr_assert_eq(out[5], -142);
        run_division(machine, INT_MIN, -1, INT64_MIN, -1, entry);
        cr_assert_eq(out[0], INT_MIN);
        cr_assert_eq(out[1], 0);
        cr_assert_eq(out[3], 0);
        cr_assert_eq(out[4], 0);
        cr_assert_eq(out[5], 0);
        run_division(machine, 5, 0, 5, 0, entry);
    }
}

Test(arithmetic, division) {
    for_each_artifact("arithmetic", division);
}

static void run_conversion(const struct machine *machine, float f, double d) {
    struct {
        int64_t *out;
        float f;
        double d;
    } params = {wide_out, f, d};
    run_block(find_kernel(machine, "convert"), &params, &one, ENTRY_RUN);
}

static void conversion(const struct machine *machine) {
    run_conversion(machine, -3.99f, 3.99);
    cr_assert_eq(wide_out[0], -3);
    cr_assert_eq(wide_out[1], 0);
    cr_assert_eq(wide_out[2], -3);
    cr_assert_eq(wide_out[3], 3);
    cr_assert_eq(wide_out[5], -3);
    cr_assert_eq(wide_out[6], 3);
    run_conversion(machine, 1e20f, -1e20);
    cr_assert_eq(wide_out[0], INT_MAX);
    cr_assert_eq(wide_out[1], UINT_MAX);
    cr_assert_eq(wide_out[2], INT64_MAX);
    cr_assert_eq(wide_out[3], 0);
    cr_assert_eq(wide_out[4], INT_MIN);
    cr_assert_eq(wide_out[5], -1);
    run_conversion(machine, NAN, NAN);
    /* PTX ISA "cvt": 0 from a float to at most 32 bits, else the highest bit alone. */
    static const int64_t of_nan[7] = {0, 0, INT64_MIN, INT64_MIN, INT_MIN, 0, 0};
    for (int i = 0; i < 7; i++) cr_assert_eq(wide_out[i], of_nan[i], "conversion %d of NaN", i);
    run_conversion(machine, 300.0f, 70000.0);
    cr_assert_eq(wide_out[5], 300 - 256);
    cr_assert_eq(wide_out[6], 70000 - 65536);
}

Test(arithmetic, conversion) {
    for_each_artifact("arithmetic", conversion);
}

static float in[40];
static uint16_t half_out[40];
static float float_out[40];

static void check_halves(const struct record *record) {
    (void)record;
    cr_assert_eq(half_out[0], 0x0000);
    cr_assert_eq(half_out[1], 0x4000); /* 2 */
    cr_assert_eq(half_out[2], 0x4400); /* 4 */
    cr_assert_eq(half_out[3], 0x7c00); /* 80000 becomes infinity */
    cr_assert_eq(half_out[39], 0x54e0); /* 78 */
}

static void check_sines(const struct record *record) {
    (void)record;
    for (int i = 0; i < 40; i++) {
        float expected = sinf(in[i]) + (2 * in[i] + 1);
        cr_assert_lt(fabsf(float_out[i] - expected), 1e-5f * (1 + fabsf(expected)), "%g", (double)in[i]);
    }
}

static void floats(const struct machine *machine) {
    struct {
        void *out;
        float *in;
    } halves = {half_out, in}, sines = {float_out, in};
    for (int i = 0; i < 40; i++) in[i] = (float)i;
    in[3] = 40000;
    run_both(machine, "halves", &halves, &block_of_40, NULL, check_halves);
    run_both(machine, "sines", &sines, &block_of_40, NULL, check_sines);
}

/* On a processor without half or fused arithmetic these are calls of helpers and of libm. */
Test(arithmetic, halves_and_math) {
    for_each_artifact("arithmetic", floats);
}

static void check_wide(const struct record *record) {
    (void)record;
    __int128 product = (__int128)INT64_C(-1234567890123456789) * INT64_C(987654321987654321);
    cr_assert_eq((uint64_t)wide_out[0], (uint64_t)product);
    cr_assert_eq((uint64_t)wide_out[1], (uint64_t)(product >> 64));
    cr_assert_eq((uint64_t)wide_out[2], (uint64_t)(product / 1000000007));
}

static void wide(const struct machine *machine) {
    struct {
        int64_t *out;
        int64_t a, b;
    } params = {wide_out, INT64_C(-1234567890123456789), INT64_C(987654321987654321)};
    run_both(machine, "wide", &params, &one, NULL, check_wide);
}

Test(arithmetic, integers_of_128_bits) {
    for_each_artifact("arithmetic", wide);
}
