/* SPDX-License-Identifier: Apache-2.0 */
#include "frontend/cuda/wasm_exceptions.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "frontend/cuda/wasm_code.h"

#define HEAD_BYTES 8u /* magic number and version */
#define EXNREF 0x69
#define FUNCTION_TYPE 0x60

/* ---- Modules ---- */

struct module {
    struct cw_wasm_range all;
    struct cw_wasm_range sections[CW_WASM_SECTION_IDS];
    struct cw_wasm_range names; /* of functions: the contents of that part of the name section */
    struct cw_wasm_range *types, *bodies; /* a body with its locals, behind its length */
    uint32_t type_count, body_count;
    struct cw_wasm_range *imports; /* of functions: the two names, with their lengths */
    uint32_t import_count;
};

static void module_fini(struct module *module) {
    free(module->types);
    free(module->bodies);
    free(module->imports);
}

/* How many things a section holds; `range` is then behind that number. An absent section holds none. */
static bool read_count(struct cw_wasm_range *range, uint32_t *count) {
    *count = 0;
    return range->at == NULL || (cw_wasm_read_number(range, count) && *count <= (size_t)(range->end - range->at));
}

static bool read_types(struct module *module) {
    struct cw_wasm_range range = module->sections[CW_WASM_TYPES];
    if (!read_count(&range, &module->type_count)) {
        return false;
    }
    module->types = cw_alloc_array(module->type_count + 1, sizeof *module->types);
    for (uint32_t i = 0; i < module->type_count; i++) {
        const char *form, *values;
        uint32_t count;
        module->types[i].at = range.at;
        if (!cw_wasm_read_bytes(&range, 1, &form) || (uint8_t)*form != FUNCTION_TYPE) {
            return false;
        }
        for (int list = 0; list < 2; list++) { /* parameters, results: a byte each */
            if (!cw_wasm_read_number(&range, &count) || !cw_wasm_read_bytes(&range, count, &values)) {
                return false;
            }
        }
        module->types[i].end = range.at;
    }
    return true;
}

static bool read_imports(struct module *module) {
    struct cw_wasm_range range = module->sections[CW_WASM_IMPORTS];
    struct cw_wasm_import import;
    uint32_t count;
    if (!read_count(&range, &count)) {
        return false;
    }
    module->imports = cw_alloc_array(count + 1, sizeof *module->imports);
    for (; count > 0; count--) {
        if (!cw_wasm_read_import(&range, &import)) {
            return false;
        }
        if (import.kind == 0) {
            module->imports[module->import_count++] = import.names;
        }
    }
    return true;
}

static bool read_bodies(struct module *module) {
    struct cw_wasm_range range = module->sections[CW_WASM_CODE];
    if (!read_count(&range, &module->body_count)) {
        return false;
    }
    module->bodies = cw_alloc_array(module->body_count + 1, sizeof *module->bodies);
    for (uint32_t i = 0; i < module->body_count; i++) {
        uint32_t length;
        if (!cw_wasm_read_number(&range, &length) || !cw_wasm_read_bytes(&range, length, &module->bodies[i].at)) {
            return false;
        }
        module->bodies[i].end = module->bodies[i].at + length;
    }
    return true;
}

/* The name section's part 1, if `section` is that section. */
static void find_names(struct module *module, struct cw_wasm_range section) {
    uint32_t length, id;
    const char *name;
    struct cw_wasm_range part;
    if (!cw_wasm_read_number(&section, &length) || !cw_wasm_read_bytes(&section, length, &name) || length != 4 || memcmp(name, "name", 4) != 0) {
        return;
    }
    while (cw_wasm_read_section(&section, &id, &part)) {
        if (id == 1) {
            module->names = part;
        }
    }
}

static bool module_read(struct module *module, const char *bytes, size_t size) {
    *module = (struct module){.all = {bytes, bytes + size}};
    if (size < HEAD_BYTES || memcmp(bytes, "\0asm", 4) != 0) {
        return false;
    }
    struct cw_wasm_range range = {bytes + HEAD_BYTES, bytes + size}, contents;
    while (range.at < range.end) {
        uint32_t id;
        if (!cw_wasm_read_section(&range, &id, &contents)) {
            return false;
        }
        if (id == CW_WASM_CUSTOM) {
            find_names(module, contents);
        } else if (id < CW_WASM_SECTION_IDS) {
            module->sections[id] = contents;
        }
    }
    return read_types(module) && read_imports(module) && read_bodies(module);
}

/* By index of all functions: their names, empty where there is none. The caller frees them. */
static struct cw_wasm_range *function_names(const struct module *module) {
    uint32_t all = module->import_count + module->body_count, count, index, length;
    struct cw_wasm_range *names = cw_alloc_array(all + 1, sizeof *names), range = module->names;
    for (bool more = range.at && cw_wasm_read_number(&range, &count); more && count > 0; count--) {
        const char *name;
        more = cw_wasm_read_number(&range, &index) && cw_wasm_read_number(&range, &length) && cw_wasm_read_bytes(&range, length, &name);
        if (more && index < all) {
            names[index] = (struct cw_wasm_range){name, name + length};
        }
    }
    return names;
}

static bool same(struct cw_wasm_range a, struct cw_wasm_range b) {
    size_t size = (size_t)(a.end - a.at);
    return size == (size_t)(b.end - b.at) && (size == 0 || memcmp(a.at, b.at, size) == 0);
}

/* Binaryen numbers functions of one name: "release", "release.1". */
static bool same_name(struct cw_wasm_range before, struct cw_wasm_range after) {
    ptrdiff_t size = before.end - before.at, more = (after.end - after.at) - size;
    if (more < 0 || (size > 0 && memcmp(before.at, after.at, (size_t)size) != 0)) {
        return false;
    }
    return more == 0 || after.at[size] == '.';
}

/* ---- Bodies ---- */

/* Steps over the locals. */
static bool skip_locals(struct cw_wasm_range *body, bool *exceptions) {
    uint32_t groups, count;
    const char *type;
    if (!cw_wasm_read_number(body, &groups)) {
        return false;
    }
    for (; groups > 0; groups--) {
        if (!cw_wasm_read_number(body, &count) || !cw_wasm_read_bytes(body, 1, &type)) {
            return false;
        }
        *exceptions |= (uint8_t)*type == EXNREF;
    }
    return true;
}

static bool has_exceptions(struct cw_wasm_range body, bool *result) {
    struct cw_wasm_instruction instruction;
    *result = false;
    if (!skip_locals(&body, result)) {
        return false;
    }
    while (body.at < body.end) {
        if (!cw_wasm_read_instruction(&body, &instruction)) {
            return false;
        }
        *result |= instruction.exception;
    }
    return true;
}

static bool type_has_exceptions(struct cw_wasm_range type) {
    return memchr(type.at, EXNREF, (size_t)(type.end - type.at)) != NULL;
}

/* ---- Writing ---- */

static void write_range(struct cw_text *out, struct cw_wasm_range range) {
    cw_text_append(out, range.at, (size_t)(range.end - range.at));
}

static void write_block(struct cw_text *out, const struct cw_text *contents) {
    cw_wasm_write_number(out, (uint32_t)contents->size);
    cw_text_append(out, contents->data, contents->size);
}

/* `module` with other types and other code. */
static void write_module(struct cw_text *out, const struct module *module, const struct cw_text *types, const struct cw_text *code) {
    struct cw_wasm_range range = {module->all.at + HEAD_BYTES, module->all.end}, contents;
    cw_text_append(out, module->all.at, HEAD_BYTES);
    uint32_t id;
    const char *start = range.at;
    while (range.at < range.end && cw_wasm_read_section(&range, &id, &contents)) {
        if (id == CW_WASM_TYPES || id == CW_WASM_CODE) {
            cw_text_append(out, start, 1);
            write_block(out, id == CW_WASM_TYPES ? types : code);
        } else {
            write_range(out, (struct cw_wasm_range){start, range.at});
        }
        start = range.at;
    }
}

bool cw_wasm_hide_exceptions(const char *bytes, size_t size, struct cw_text *out, struct cw_text *problem) {
    static const char nothing[] = {3, 0, 0, 0x0b}; /* a length; no locals, unreachable, end */
    static const char no_type[] = {FUNCTION_TYPE, 0, 0};
    struct module module;
    struct cw_text types = {0}, code = {0};
    bool well = module_read(&module, bytes, size);
    if (well) {
        cw_wasm_write_number(&types, module.type_count);
        for (uint32_t i = 0; i < module.type_count; i++) {
            if (type_has_exceptions(module.types[i])) {
                cw_text_append(&types, no_type, sizeof no_type); /* only blocks of the bodies below have such types */
            } else {
                write_range(&types, module.types[i]);
            }
        }
        cw_wasm_write_number(&code, module.body_count);
    }
    for (uint32_t i = 0; i < module.body_count && well; i++) {
        bool exceptions;
        well = has_exceptions(module.bodies[i], &exceptions);
        if (exceptions) {
            cw_text_append(&code, nothing, sizeof nothing);
        } else {
            cw_wasm_write_number(&code, (uint32_t)(module.bodies[i].end - module.bodies[i].at));
            write_range(&code, module.bodies[i]);
        }
    }
    if (well) {
        write_module(out, &module, &types, &code);
    } else {
        cw_text_add(problem, "internal: the linked module has instructions that are not known here");
    }
    cw_text_fini(&types);
    cw_text_fini(&code);
    module_fini(&module);
    return well;
}

/* ---- Back into what Binaryen made ---- */

struct restore {
    struct module before, after;
    uint32_t *functions, *types; /* indices before to indices after; UINT32_MAX: not there any more */
    struct cw_text added_types;
    uint32_t type_count;
};

static void map_functions(struct restore *restore) {
    const struct module *before = &restore->before, *after = &restore->after;
    for (uint32_t i = 0; i < before->import_count; i++) {
        restore->functions[i] = UINT32_MAX;
        for (uint32_t k = 0; k < after->import_count; k++) {
            if (same(before->imports[i], after->imports[k])) {
                restore->functions[i] = k;
            }
        }
    }
    for (uint32_t i = 0; i < before->body_count; i++) {
        restore->functions[before->import_count + i] = after->import_count + i;
    }
}

/* Types are told by what they are; those that are gone come back behind the others. */
static void map_types(struct restore *restore) {
    const struct module *before = &restore->before, *after = &restore->after;
    restore->type_count = after->type_count;
    for (uint32_t i = 0; i < before->type_count; i++) {
        restore->types[i] = UINT32_MAX;
        for (uint32_t k = 0; k < after->type_count && restore->types[i] == UINT32_MAX; k++) {
            if (same(before->types[i], after->types[k])) {
                restore->types[i] = k;
            }
        }
        if (restore->types[i] == UINT32_MAX) {
            restore->types[i] = restore->type_count++;
            write_range(&restore->added_types, before->types[i]);
        }
    }
}

/* A block's type is a signed number, other indices are not: with a last byte that is no negative number's this is both. */
static void write_type(struct cw_text *out, uint32_t index) {
    uint8_t byte;
    do {
        byte = index & 0x7f;
        index >>= 7;
        bool more = index || byte & 0x40;
        byte |= more ? 0x80 : 0;
        cw_text_append(out, &byte, 1);
    } while (byte & 0x80);
}

/* The body with the indices that things have now. */
static bool rewrite(const struct restore *restore, struct cw_wasm_range body, struct cw_text *out) {
    struct cw_wasm_instruction instruction;
    const char *from = body.at;
    bool ignored = false;
    if (!skip_locals(&body, &ignored)) {
        return false;
    }
    while (body.at < body.end) {
        if (!cw_wasm_read_instruction(&body, &instruction)) {
            return false;
        }
        if (instruction.reference == CW_WASM_REFERS_TO_NOTHING) {
            continue;
        }
        bool type = instruction.reference == CW_WASM_REFERS_TO_TYPE;
        uint32_t count = type ? restore->before.type_count : restore->before.import_count + restore->before.body_count;
        uint32_t index = instruction.index < count ? (type ? restore->types : restore->functions)[instruction.index] : UINT32_MAX;
        if (index == UINT32_MAX) {
            return false;
        }
        write_range(out, (struct cw_wasm_range){from, instruction.index_bytes.at});
        if (type) {
            write_type(out, index);
        } else {
            cw_wasm_write_number(out, index);
        }
        from = instruction.index_bytes.end;
    }
    write_range(out, (struct cw_wasm_range){from, body.end});
    return true;
}

static bool restore_bodies(const struct restore *restore, struct cw_text *code) {
    const struct module *before = &restore->before, *after = &restore->after;
    struct cw_wasm_range *names = function_names(before), *names_now = function_names(after);
    struct cw_text body = {0};
    bool well = after->body_count >= before->body_count;
    cw_wasm_write_number(code, after->body_count);
    for (uint32_t i = 0; i < after->body_count && well; i++) {
        bool exceptions = false;
        cw_text_clear(&body);
        if (i < before->body_count) {
            well = has_exceptions(before->bodies[i], &exceptions) && same_name(names[before->import_count + i], names_now[after->import_count + i]);
        }
        if (exceptions) {
            well = well && rewrite(restore, before->bodies[i], &body);
        } else {
            write_range(&body, after->bodies[i]);
        }
        write_block(code, &body);
    }
    cw_text_fini(&body);
    free(names);
    free(names_now);
    return well;
}

bool cw_wasm_restore_exceptions(const char *bytes, size_t size, const char *resumable, size_t resumable_size, struct cw_text *out,
                                struct cw_text *problem) {
    struct restore restore = {0};
    struct cw_text types = {0}, code = {0};
    bool well = module_read(&restore.before, bytes, size);
    well = module_read(&restore.after, resumable, resumable_size) && well;
    if (well) {
        restore.functions = cw_alloc_array(restore.before.import_count + restore.before.body_count + 1, sizeof *restore.functions);
        restore.types = cw_alloc_array(restore.before.type_count + 1, sizeof *restore.types);
        map_functions(&restore);
        map_types(&restore);
        cw_wasm_write_number(&types, restore.type_count);
        for (uint32_t i = 0; i < restore.after.type_count; i++) {
            write_range(&types, restore.after.types[i]);
        }
        cw_text_append(&types, restore.added_types.data, restore.added_types.size);
        well = restore_bodies(&restore, &code);
    }
    if (well) {
        write_module(out, &restore.after, &types, &code);
    } else {
        cw_text_add(problem, "internal: Binaryen's wasm-opt has put the module's functions into another order");
    }
    cw_text_fini(&types);
    cw_text_fini(&code);
    cw_text_fini(&restore.added_types);
    free(restore.functions);
    free(restore.types);
    module_fini(&restore.before);
    module_fini(&restore.after);
    return well;
}
