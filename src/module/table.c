/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table.c: the kernel table as bytes, version 2, little-endian:
 *
 *     magic "CWTABLE2" | u32 kernel count | u32 variable count
 *     a kernel:     string name, string source | u32 line, features, static_shared, shared_align, max_threads,
 *                   min_blocks, cluster x, y, z, cluster_max, cluster_needed, param_count, param_bytes | param_count times: u32 offset, size, align
 *     a variable:   string name | u64 size | u32 align | u32 flags: 1 constant, 2 managed, 4 a texture
 *                   reference, 8 a surface reference
 *     a string:     u32 size without its terminator | bytes | NUL
 *
 * A container's hash guards a table against damage, but tables may also come from elsewhere. So the reader checks what
 * the runtime relies on: counts against the bytes that are left before it allocates, strings' terminators, alignments,
 * and that parameters lie within the parameter buffer.
 */
#include "module/module.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static const char table_magic[8] = {'C', 'W', 'T', 'A', 'B', 'L', 'E', '2'};

/* The fewest bytes that one of each can take. */
#define KERNEL_SIZE_MIN (2u * 5u + 13u * 4u)
#define PARAMETER_SIZE 12u
#define VARIABLE_SIZE_MIN (5u + 8u + 2u * 4u)

#define FLAG_CONSTANT 1u
#define FLAG_MANAGED 2u
#define FLAG_TEXTURE 4u
#define FLAG_SURFACE 8u

/* ---- Writing ------------------------------------------------------------------------------------------------- */

static void add32(struct cw_text *out, uint32_t value) {
    uint8_t bytes[4];
    for (unsigned i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)(value >> (8 * i));
    }
    cw_text_append(out, bytes, sizeof(bytes));
}

static void add64(struct cw_text *out, uint64_t value) {
    add32(out, (uint32_t)value);
    add32(out, (uint32_t)(value >> 32));
}

static void add_string(struct cw_text *out, const char *string) {
    const char *text = string == NULL ? "" : string;
    size_t size = strlen(text);
    add32(out, (uint32_t)size);
    cw_text_append(out, text, size + 1);
}

static void add_kernel(struct cw_text *out, const struct cw_kernel *kernel) {
    add_string(out, kernel->name);
    add_string(out, kernel->source);
    add32(out, kernel->line);
    add32(out, kernel->features);
    add32(out, kernel->static_shared);
    add32(out, kernel->shared_align);
    add32(out, kernel->max_threads);
    add32(out, kernel->min_blocks);
    add32(out, kernel->cluster.x);
    add32(out, kernel->cluster.y);
    add32(out, kernel->cluster.z);
    add32(out, kernel->cluster_max);
    add32(out, kernel->cluster_needed);
    add32(out, kernel->param_count);
    add32(out, kernel->param_bytes);
    for (uint32_t i = 0; i < kernel->param_count; i++) {
        add32(out, kernel->params[i].offset);
        add32(out, kernel->params[i].size);
        add32(out, kernel->params[i].align);
    }
}

static uint32_t variable_flags(const struct cw_variable *variable) {
    return (variable->constant ? FLAG_CONSTANT : 0u) | (variable->managed ? FLAG_MANAGED : 0u) |
           (variable->reference == CW_REFERENCE_TEXTURE ? FLAG_TEXTURE : 0u) |
           (variable->reference == CW_REFERENCE_SURFACE ? FLAG_SURFACE : 0u);
}

void cw_table_write(struct cw_text *out, const struct cw_table *table) {
    cw_text_append(out, table_magic, sizeof(table_magic));
    add32(out, table->kernel_count);
    add32(out, table->variable_count);
    for (uint32_t i = 0; i < table->kernel_count; i++) {
        add_kernel(out, &table->kernels[i]);
    }
    for (uint32_t i = 0; i < table->variable_count; i++) {
        add_string(out, table->variables[i].name);
        add64(out, table->variables[i].size);
        add32(out, table->variables[i].align);
        add32(out, variable_flags(&table->variables[i]));
    }
}

/* ---- Reading ------------------------------------------------------------------------------------------------- */

/* Once `failed`, every further read gives zero or "". */
struct reader {
    const char *at;
    size_t left;
    bool failed;
};

static const char *take(struct reader *reader, size_t size) {
    if (reader->failed || size > reader->left) {
        reader->failed = true;
        return NULL;
    }
    const char *bytes = reader->at;
    reader->at += size;
    reader->left -= size;
    return bytes;
}

static uint32_t read32(struct reader *reader) {
    const char *bytes = take(reader, 4);
    uint32_t value = 0;
    for (unsigned i = 0; bytes != NULL && i < 4; i++) {
        value |= (uint32_t)(uint8_t)bytes[i] << (8 * i);
    }
    return value;
}

static uint64_t read64(struct reader *reader) {
    uint64_t low = read32(reader);
    return low | (uint64_t)read32(reader) << 32;
}

static const char *read_string(struct reader *reader) {
    size_t size = read32(reader);
    const char *bytes = take(reader, size < SIZE_MAX ? size + 1 : size);
    if (bytes == NULL || strnlen(bytes, size + 1) != size) {
        reader->failed = true;
        return "";
    }
    return bytes;
}

/* A count of things that take at least `size` bytes each. */
static uint32_t read_count(struct reader *reader, size_t size) {
    uint32_t count = read32(reader);
    if (count > reader->left / size) {
        reader->failed = true;
        return 0;
    }
    return count;
}

static bool power_of_two(uint32_t value) {
    return value != 0 && (value & (value - 1)) == 0;
}

/* Everything that a table owns: one allocation of arrays, and a copy of the bytes, which the strings point into. */
struct storage {
    char *bytes;
    struct cw_parameter *params;
    struct cw_kernel *kernels;
    struct cw_variable *variables;
};

static void storage_destroy(struct storage *storage) {
    if (storage != NULL) {
        free(storage->bytes);
        free(storage->params);
        free(storage->kernels);
        free(storage->variables);
        free(storage);
    }
}

/* Parameters lie in order and within the buffer, so that packing them can't write beyond it. */
static void read_parameters(struct reader *reader, struct cw_kernel *kernel, struct cw_parameter *params) {
    uint64_t end = 0;
    for (uint32_t i = 0; i < kernel->param_count; i++) {
        params[i].offset = read32(reader);
        params[i].size = read32(reader);
        params[i].align = read32(reader);
        if (params[i].offset < end || !power_of_two(params[i].align)) {
            reader->failed = true;
        }
        end = (uint64_t)params[i].offset + params[i].size;
    }
    if (end > kernel->param_bytes) {
        reader->failed = true;
    }
    kernel->params = params;
}

/* `params` has room for what is left of the bytes: `*used` are taken. */
static void read_kernel(struct reader *reader, struct cw_kernel *kernel, struct cw_parameter *params, size_t *used) {
    kernel->name = read_string(reader);
    kernel->source = read_string(reader);
    kernel->line = read32(reader);
    kernel->features = read32(reader);
    kernel->static_shared = read32(reader);
    kernel->shared_align = read32(reader);
    kernel->max_threads = read32(reader);
    kernel->min_blocks = read32(reader);
    kernel->cluster.x = read32(reader);
    kernel->cluster.y = read32(reader);
    kernel->cluster.z = read32(reader);
    kernel->cluster_max = read32(reader);
    kernel->cluster_needed = read32(reader);
    uint32_t param_count = read32(reader);
    kernel->param_bytes = read32(reader);
    if (param_count > reader->left / PARAMETER_SIZE || !power_of_two(kernel->shared_align)) {
        reader->failed = true;
        return;
    }
    kernel->param_count = param_count;
    read_parameters(reader, kernel, params + *used);
    *used += param_count;
}

static void read_variable(struct reader *reader, struct cw_variable *variable) {
    variable->name = read_string(reader);
    variable->size = read64(reader);
    variable->align = read32(reader);
    uint32_t flags = read32(reader);
    variable->constant = (flags & FLAG_CONSTANT) != 0;
    variable->managed = (flags & FLAG_MANAGED) != 0;
    variable->reference = flags & FLAG_TEXTURE   ? CW_REFERENCE_TEXTURE
                          : flags & FLAG_SURFACE ? CW_REFERENCE_SURFACE
                                                 : CW_REFERENCE_NONE;
    if (!power_of_two(variable->align) || flags > FLAG_SURFACE) {
        reader->failed = true;
    }
}

cw_status cw_table_read(const void *bytes, size_t size, struct cw_table *table) {
    *table = (struct cw_table){0};
    if (size < sizeof(table_magic) || memcmp(bytes, table_magic, sizeof(table_magic)) != 0) {
        return CW_ERROR_BAD_MODULE;
    }
    struct storage *storage = calloc(1, sizeof(*storage));
    if (storage == NULL || (storage->bytes = malloc(size)) == NULL) {
        storage_destroy(storage);
        return CW_ERROR_OUT_OF_MEMORY;
    }
    memcpy(storage->bytes, bytes, size);
    struct reader reader = {storage->bytes + sizeof(table_magic), size - sizeof(table_magic), false};
    uint32_t kernel_count = read_count(&reader, KERNEL_SIZE_MIN);
    uint32_t variable_count = read_count(&reader, VARIABLE_SIZE_MIN);

    /* As many parameters as the bytes could hold, at most: no table is long. */
    storage->params = calloc(reader.left / PARAMETER_SIZE + 1, sizeof(*storage->params));
    storage->kernels = calloc((size_t)kernel_count + 1, sizeof(*storage->kernels));
    storage->variables = calloc((size_t)variable_count + 1, sizeof(*storage->variables));
    if (storage->params == NULL || storage->kernels == NULL || storage->variables == NULL) {
        storage_destroy(storage);
        return CW_ERROR_OUT_OF_MEMORY;
    }
    size_t used = 0;
    for (uint32_t i = 0; i < kernel_count && !reader.failed; i++) {
        read_kernel(&reader, &storage->kernels[i], storage->params, &used);
    }
    for (uint32_t i = 0; i < variable_count && !reader.failed; i++) {
        read_variable(&reader, &storage->variables[i]);
    }
    /* Bytes left over are a table cut from something else, or one of a later version that forgot to say so. */
    if (reader.failed || reader.left != 0) {
        storage_destroy(storage);
        return CW_ERROR_BAD_MODULE;
    }
    *table = (struct cw_table){storage->kernels, kernel_count, storage->variables, variable_count, storage};
    return CW_OK;
}

void cw_table_fini(struct cw_table *table) {
    storage_destroy(table->storage);
    *table = (struct cw_table){0};
}

void cw_table_write_module(struct cw_text *out, const struct cw_compiler_api *api, const struct cw_module *module) {
    struct cw_table table = {.kernel_count = api->kernel_count(module), .variable_count = api->variable_count(module)};
    table.kernels = cw_alloc_array((size_t)table.kernel_count + 1, sizeof(*table.kernels));
    table.variables = cw_alloc_array((size_t)table.variable_count + 1, sizeof(*table.variables));
    for (uint32_t i = 0; i < table.kernel_count; i++) {
        table.kernels[i] = *api->kernel(module, i);
    }
    for (uint32_t i = 0; i < table.variable_count; i++) {
        table.variables[i] = *api->variable(module, i);
    }
    cw_table_write(out, &table);
    free(table.kernels);
    free(table.variables);
}
