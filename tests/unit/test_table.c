/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the kernel table as bytes. The input is copied into an allocation of exactly its size before it is read, so
 * that a build with the address sanitizer sees every read beyond it. */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "module/module.h"

static struct cw_parameter params[] = {{0, 8, 8}, {8, 4, 4}, {16, 24, 16}};

static struct cw_kernel kernels[] = {
    {.name = "_Z3addPfS_i",
     .source = "dir/add.cu",
     .line = 12,
     .features = CW_FEATURE_BARRIER | CW_FEATURE_SHARED,
     .static_shared = 4096,
     .shared_align = 16,
     .max_threads = 256,
     .min_blocks = 2,
     .param_count = 3,
     .param_bytes = 48,
     .params = params,
     .cluster = {4, 2, 1},
     .cluster_max = 8,
     .cluster_needed = 1},
    {.name = "empty", .source = "", .shared_align = 1},
    {.name = "one", .source = "a", .shared_align = 1, .param_count = 1, .param_bytes = 8, .params = params},
};

static struct cw_variable variables[] = {
    {"counter", 4, 4, 0, 1, CW_REFERENCE_NONE},
    {"table", (uint64_t)5 << 32, 256, 1, 0, CW_REFERENCE_TEXTURE},
};

static void write_example(struct cw_text *out) {
    const struct cw_table table = {kernels, 3, variables, 2, NULL};
    cw_table_write(out, &table);
}

/* Reads a copy that is gone before the table is looked at: a table borrows nothing. */
static cw_status read_copy(const char *bytes, size_t size, struct cw_table *table) {
    char *copy = malloc(size == 0 ? 1 : size);
    memcpy(copy, bytes, size);
    cw_status status = cw_table_read(copy, size, table);
    memset(copy, 0xee, size);
    free(copy);
    return status;
}

/* Touches everything, and checks what the runtime relies on. */
static void assert_sound(const struct cw_table *table) {
    size_t length = 0;
    for (uint32_t i = 0; i < table->kernel_count; i++) {
        const struct cw_kernel *kernel = &table->kernels[i];
        length += strlen(kernel->name) + strlen(kernel->source);
        cr_assert_gt(kernel->shared_align, 0);
        for (uint32_t p = 0; p < kernel->param_count; p++) {
            cr_assert_leq((uint64_t)kernel->params[p].offset + kernel->params[p].size, kernel->param_bytes);
            cr_assert_gt(kernel->params[p].align, 0);
        }
    }
    for (uint32_t i = 0; i < table->variable_count; i++) {
        length += strlen(table->variables[i].name);
        cr_assert_gt(table->variables[i].align, 0);
    }
    cr_assert_lt(length, 10000);
}

Test(table, round_trip) {
    struct cw_text out = {0};
    struct cw_table table;
    write_example(&out);
    cr_assert_eq(read_copy(out.data, out.size, &table), CW_OK);
    cr_assert_eq(table.kernel_count, 3);
    cr_assert_eq(table.variable_count, 2);
    const struct cw_kernel *kernel = &table.kernels[0];
    cr_assert_str_eq(kernel->name, "_Z3addPfS_i");
    cr_assert_str_eq(kernel->source, "dir/add.cu");
    cr_assert_eq(kernel->line, 12);
    cr_assert_eq(kernel->features, CW_FEATURE_BARRIER | CW_FEATURE_SHARED);
    cr_assert_eq(kernel->static_shared, 4096);
    cr_assert_eq(kernel->shared_align, 16);
    cr_assert_eq(kernel->max_threads, 256);
    cr_assert_eq(kernel->min_blocks, 2);
    cr_assert_eq(kernel->cluster.x, 4);
    cr_assert_eq(kernel->cluster.y, 2);
    cr_assert_eq(kernel->cluster.z, 1);
    cr_assert_eq(kernel->cluster_max, 8);
    cr_assert_eq(kernel->cluster_needed, 1);
    cr_assert_eq(kernel->param_count, 3);
    cr_assert_eq(kernel->param_bytes, 48);
    cr_assert_eq(memcmp(kernel->params, params, sizeof(params)), 0);
    cr_assert_str_eq(table.kernels[1].name, "empty");
    cr_assert_eq(table.kernels[1].param_count, 0);
    cr_assert_eq(table.kernels[2].params[0].size, 8);
    cr_assert_str_eq(table.variables[0].name, "counter");
    cr_assert_eq(table.variables[1].size, (uint64_t)5 << 32);
    cr_assert_eq(table.variables[1].align, 256);
    cr_assert_eq(table.variables[0].managed, 1);
    cr_assert_eq(table.variables[1].constant, 1);
    cr_assert_eq(table.variables[1].managed, 0);
    assert_sound(&table);

    struct cw_text again = {0};
    cw_table_write(&again, &table);
    cr_assert_eq(again.size, out.size);
    cr_assert_eq(memcmp(again.data, out.data, out.size), 0);
    cw_text_fini(&again);
    cw_table_fini(&table);
    cr_assert_null(table.kernels);
    cw_table_fini(&table);
    cw_text_fini(&out);
}

Test(table, empty) {
    struct cw_text out = {0};
    struct cw_table table = {0};
    cw_table_write(&out, &table);
    cr_assert_eq(read_copy(out.data, out.size, &table), CW_OK);
    cr_assert_eq(table.kernel_count, 0);
    cr_assert_eq(table.variable_count, 0);
    cw_table_fini(&table);
    cw_text_fini(&out);
}

Test(table, every_truncation_is_refused) {
    struct cw_text out = {0};
    write_example(&out);
    for (size_t size = 0; size < out.size; size++) {
        struct cw_table table;
        cr_assert_eq(read_copy(out.data, size, &table), CW_ERROR_BAD_MODULE, "%zu bytes", size);
        cr_assert_null(table.storage);
        cw_table_fini(&table);
    }
    cw_text_add(&out, "x");
    struct cw_table table;
    cr_assert_eq(read_copy(out.data, out.size, &table), CW_ERROR_BAD_MODULE);
    cw_text_fini(&out);
}

/* A table alone has no hash: a changed byte is refused or gives another sound table. */
Test(table, every_changed_byte_is_harmless) {
    struct cw_text out = {0};
    write_example(&out);
    for (size_t at = 0; at < out.size; at++) {
        char old = out.data[at];
        for (unsigned value = 0; value < 256; value++) {
            struct cw_table table;
            out.data[at] = (char)(uint8_t)value;
            cw_status status = read_copy(out.data, out.size, &table);
            cr_assert(status == CW_OK || status == CW_ERROR_BAD_MODULE);
            assert_sound(&table);
            cw_table_fini(&table);
        }
        out.data[at] = old;
    }
    cw_text_fini(&out);
}

static cw_status read_kernel_with(struct cw_kernel kernel) {
    struct cw_text out = {0};
    const struct cw_table written = {&kernel, 1, NULL, 0, NULL};
    struct cw_table table;
    cw_table_write(&out, &written);
    cw_status status = read_copy(out.data, out.size, &table);
    cw_table_fini(&table);
    cw_text_fini(&out);
    return status;
}

Test(table, parameters_beyond_their_buffer_are_refused) {
    struct cw_kernel kernel = kernels[0];
    cr_assert_eq(read_kernel_with(kernel), CW_OK);
    kernel.param_bytes = 40;
    cr_assert_eq(read_kernel_with(kernel), CW_OK);
    kernel.param_bytes = 39;
    cr_assert_eq(read_kernel_with(kernel), CW_ERROR_BAD_MODULE);
    struct cw_parameter wrapping[] = {{0xfffffff0u, 0x20, 4}};
    kernel = kernels[2];
    kernel.params = wrapping;
    cr_assert_eq(read_kernel_with(kernel), CW_ERROR_BAD_MODULE);
    struct cw_parameter overlapping[] = {{0, 8, 8}, {4, 4, 4}};
    kernel.params = overlapping;
    kernel.param_count = 2;
    cr_assert_eq(read_kernel_with(kernel), CW_ERROR_BAD_MODULE);
}
