/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shader.c: a kernel's declarations and entry point.
 *
 * Bindings, all in group 0. Typed: one storage buffer for each pointer parameter and variable, in the order of their first
 * mention, then the uniform `params`. Heap mode: 0 the heap, 1 `params` (the packed parameters as CUDA lays them out), 2
 * `launch` (what the grid is, and where in the heap the module's variables lie).
 *
 * Block shapes are pipeline constants, so that a compiler sees them as numbers. In heap mode a grid with more blocks along
 * an axis than WebGPU allows (65,535) is folded: blocks are numbered along x and y of the dispatch, and find their own
 * coordinates.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target/shader/shader.h"
#include "target/wgsl/wgsl.h"

#include <llvm-c/Target.h>

void wgsl_refuse(struct wgsl_shader *shader, LLVMValueRef where, const char *format, ...) {
    if (shader->failed) return;
    shader->failed = true;
    struct cw_text text = {0};
    va_list arguments;
    va_start(arguments, format);
    cw_text_vprintf(&text, format, arguments);
    va_end(arguments);
    /* The session's log knows how to name places; the caller decides whether this is an error. */
    size_t before = shader->compiler->log.size;
    uint32_t errors = shader->compiler->errors;
    cw_diagnose(shader->compiler, where && LLVMIsAInstruction(where) ? where : NULL, "kernel '%s' uses %s, which target 'wgsl' can't express", shader->row->name, cw_text_string(&text));
    cw_text_clear(&shader->reason);
    cw_text_add(&shader->reason, cw_text_string(&shader->compiler->log) + before);
    if (!where || !LLVMIsAInstruction(where)) {
        /* At least the kernel's place. */
        cw_text_clear(&shader->reason);
        cw_text_printf(&shader->reason, "%s:%u: error: kernel '%s' uses %s, which target 'wgsl' can't express\n", shader->row->source, shader->row->line, shader->row->name,
                       cw_text_string(&text));
    }
    shader->compiler->log.size = before;
    if (shader->compiler->log.data) shader->compiler->log.data[before] = 0;
    shader->compiler->errors = errors;
    cw_text_fini(&text);
}

const char *wgsl_parameter_name(const struct wgsl_shader *shader, uint32_t offset, uint32_t *rest) {
    const struct cw_kernel *row = shader->row;
    LLVMValueRef function = LLVMGetNamedFunction(shader->module->llvm, row->name);
    for (uint32_t p = row->param_count; function && p-- > 0;)
        if (row->params[p].offset <= offset) {
            *rest = offset - row->params[p].offset;
            return p < LLVMCountParams(function) ? cw_value_name(LLVMGetParam(function, p)) : "";
        }
    *rest = offset;
    return "";
}

const char *wgsl_generic_name(struct wgsl_shader *shader, const char *what) {
    const char *heap = shader->objects[shader->heap].name;
    char *name = cw_format("generic%s_%s", heap + 4, what);
    const char *copy = cw_arena_strdup(&shader->arena, name);
    free(name);
    return copy;
}

/* ---- Declarations ---------------------------------------------------------------------------------------------------- */

static int compare_fields(const void *a, const void *b) {
    const struct wgsl_field *left = a, *right = b;
    return (left->offset > right->offset) - (left->offset < right->offset);
}

static uint32_t field_size(const struct wgsl_field *field) {
    return field->type == WGSL_U64 ? 8 : 4;
}

/* struct Params: fields lie where CUDA puts them; for people without gaps. */
static void write_params(struct wgsl_shader *shader, const char *structure, struct cw_text *out) {
    cw_text_printf(out, "\nstruct %s {\n", structure);
    if (shader->words) {
        cw_text_printf(out, "    words: array<vec4<u32>, %uu>,\n", (shader->row->param_bytes + 15) / 16);
    } else {
        qsort(shader->fields, shader->field_count, sizeof *shader->fields, compare_fields);
        uint32_t at = 0, pads = 0;
        for (size_t i = 0; i < shader->field_count; i++) {
            struct wgsl_field *field = &shader->fields[i];
            uint32_t size = field_size(field);
            field->source = field->offset;
            if (shader->options.reading) {
                at = (at + size - 1) & ~(size - 1);
                field->offset = at;
            }
            for (; at + 4 <= field->offset; at += 4) cw_text_printf(out, "    pad%u: u32,\n", pads++);
            cw_text_printf(out, "    %s: %s,\n", field->name, wgsl_type_name(field->type));
            at += size;
        }
    }
    cw_text_add(out, "}\n");
}

static const char *element_text(const struct wgsl_object *object) {
    return object->atomic ? "atomic<u32>" : wgsl_type_name(object->element);
}

static void write_storage(struct wgsl_object *object, uint32_t binding, struct cw_text *out) {
    bool writes = object->written || object->atomic;
    object->binding = binding;
    cw_text_printf(out, "@group(0) @binding(%u) var<storage, %s> %s: array<%s>;\n", binding, writes ? "read_write" : "read", object->name, element_text(object));
}

static uint32_t write_bindings(struct wgsl_shader *shader, struct cw_text *out) {
    uint32_t binding = 0;
    cw_text_add(out, "\n");
    if (shader->options.heap) {
        if (shader->objects[shader->heap].used) write_storage(&shader->objects[shader->heap], 0, out);
        return 1;
    }
    for (uint32_t o = 0; o < shader->object_count; o++) {
        struct wgsl_object *object = &shader->objects[o];
        if (object->used && (object->kind == WGSL_OBJECT_PARAMETER || object->kind == WGSL_OBJECT_GLOBAL)) write_storage(object, binding++, out);
    }
    return binding;
}

static void write_shared(struct wgsl_shader *shader, struct cw_text *out) {
    for (uint32_t o = 0; o < shader->object_count; o++) {
        struct wgsl_object *object = &shader->objects[o];
        if (!object->used) continue;
        if (wgsl_in_fours(object))
            cw_text_printf(out, "var<workgroup> %s: array<vec4<%s>, %llu>;\n", object->name, element_text(object), (unsigned long long)(object->words + 3) / 4);
        else if (object->kind == WGSL_OBJECT_SHARED && object->words)
            cw_text_printf(out, "var<workgroup> %s: array<%s, %llu>;\n", object->name, element_text(object), (unsigned long long)object->words);
        if (object->kind == WGSL_OBJECT_SHARED && !object->words) {
            shader->uses_dynamic = true;
            cw_text_printf(out, "var<workgroup> %s: array<%s, dynamic_shared_words>;\n", object->name, element_text(object));
        }
        if (object->kind == WGSL_OBJECT_SHARED_ALL) {
            bool dynamic = false;
            for (uint32_t d = 0; d < shader->object_count; d++) dynamic = dynamic || (shader->objects[d].kind == WGSL_OBJECT_SHARED && !shader->objects[d].words);
            shader->uses_dynamic = shader->uses_dynamic || dynamic;
            if (dynamic) cw_text_printf(out, "override shared_words: u32 = %llu + dynamic_shared_words;\nvar<workgroup> %s: array<%s, shared_words>;\n", (unsigned long long)object->words, object->name, element_text(object));
            else cw_text_printf(out, "var<workgroup> %s: array<%s, %llu>;\n", object->name, element_text(object), (unsigned long long)(object->words ? object->words : 1));
        }
        if (object->kind == WGSL_OBJECT_PRIVATE_ALL)
            cw_text_printf(out, "var<private> %s: array<u32, %llu>;\n", object->name, (unsigned long long)(object->words ? object->words : 1));
    }
}

/* Accesses through pointers that may point into any memory: the heap ends below the windows of the other two. */
static void write_generic(struct wgsl_shader *shader, struct cw_text *out) {
    const struct wgsl_object *heap = &shader->objects[shader->heap], *shared = &shader->objects[shader->shared_all], *local = &shader->objects[shader->private_all];
    const char *load = wgsl_generic_name(shader, "load"), *store = wgsl_generic_name(shader, "store");
    cw_text_printf(out, "\nfn %s(address: u32) -> u32 {\n", load);
    if (shared->used)
        cw_text_printf(out, shared->atomic ? "    if (address >= 0xffff0000u) { return atomicLoad(&%s[(address - 0xffff0000u) >> 2u]); }\n" : "    if (address >= 0xffff0000u) { return %s[(address - 0xffff0000u) >> 2u]; }\n", shared->name);
    if (local->used) cw_text_printf(out, "    if (address >= 0xfffe0000u) { return %s[(address - 0xfffe0000u) >> 2u]; }\n", local->name);
    cw_text_printf(out, heap->atomic ? "    return atomicLoad(&%s[address >> 2u]);\n}\n" : "    return %s[address >> 2u];\n}\n", heap->name);
    if (!heap->written && !heap->atomic) return;
    cw_text_printf(out, "\nfn %s(address: u32, value: u32) {\n", store);
    if (shared->used)
        cw_text_printf(out, shared->atomic ? "    if (address >= 0xffff0000u) { atomicStore(&%s[(address - 0xffff0000u) >> 2u], value); return; }\n" : "    if (address >= 0xffff0000u) { %s[(address - 0xffff0000u) >> 2u] = value; return; }\n", shared->name);
    if (local->used) cw_text_printf(out, "    if (address >= 0xfffe0000u) { %s[(address - 0xfffe0000u) >> 2u] = value; return; }\n", local->name);
    cw_text_printf(out, heap->atomic ? "    atomicStore(&%s[address >> 2u], value);\n}\n" : "    %s[address >> 2u] = value;\n}\n", heap->name);
    for (unsigned size = 1; size <= 2 && heap->atomic; size++) {
        const char *word = size == 1 ? "byte" : "short";
        char helper[120];
        cw_text_printf(out, "\nfn %s_%s(address: u32, value: u32) {\n", store, word);
        if (shared->used) {
            snprintf(helper, sizeof helper, "store_%s@%s", word, shared->name);
            cw_text_printf(out, "    if (address >= 0xffff0000u) { %s(address - 0xffff0000u, value); return; }\n", wgsl_helper(shader, helper));
        }
        snprintf(helper, sizeof helper, "with_%s", word);
        if (local->used)
            cw_text_printf(out, "    if (address >= 0xfffe0000u) { let i = (address - 0xfffe0000u) >> 2u; %s[i] = %s(%s[i], address, value); return; }\n", local->name, wgsl_helper(shader, helper), local->name);
        snprintf(helper, sizeof helper, "store_%s@%s", word, heap->name);
        cw_text_printf(out, "    %s(address, value);\n}\n", wgsl_helper(shader, helper));
    }
}

/* ---- The entry point ------------------------------------------------------------------------------------------------- */

static void write_private(struct wgsl_shader *shader, struct cw_text *out) {
    for (uint32_t o = 0; o < shader->object_count; o++) {
        const struct wgsl_object *object = &shader->objects[o];
        if (object->used && object->kind == WGSL_OBJECT_PRIVATE)
            cw_text_printf(out, "    var %s: array<%s, %llu>;\n", object->name, wgsl_type_name(object->element), (unsigned long long)(object->words ? object->words : 1));
    }
}

static void add_builtin(struct cw_text *out, bool *first, const char *text) {
    cw_text_printf(out, "%s%s", *first ? "" : ",\n    ", text);
    *first = false;
}

static void write_entry(struct wgsl_shader *shader, const char *name, const struct cw_text *body, struct cw_text *out) {
    bool first = true;
    cw_text_printf(out, "\n@compute @workgroup_size(block_dim_x, block_dim_y, block_dim_z)\nfn %s(", name);
    if (shader->uses_thread_id) add_builtin(out, &first, "@builtin(local_invocation_id) thread_id: vec3<u32>");
    if (shader->uses_linear) add_builtin(out, &first, "@builtin(local_invocation_index) thread_index: u32");
    if (shader->options.heap) {
        add_builtin(out, &first, "@builtin(workgroup_id) group: vec3<u32>");
        if (shader->uses_keep) add_builtin(out, &first, "@builtin(num_workgroups) groups: vec3<u32>");
    } else {
        if (shader->uses_block_id) add_builtin(out, &first, "@builtin(workgroup_id) block_id: vec3<u32>");
        if (shader->uses_grid || shader->uses_keep) add_builtin(out, &first, "@builtin(num_workgroups) grid_dim: vec3<u32>");
    }
    if (shader->uses_subgroup) add_builtin(out, &first, "@builtin(subgroup_invocation_id) subgroup_lane: u32");
    cw_text_add(out, ") {\n");
    if (shader->uses_subgroup) cw_text_add(out, "    lane = subgroup_lane;\n");
    /* There are never that many groups, which compilers don't know. */
    if (shader->uses_keep) cw_text_printf(out, "    opaque_zero = %s.x >> 31u;\n", shader->options.heap ? "groups" : "grid_dim");
    if (shader->options.heap) {
        /* Folded dispatches have more groups than the grid has blocks. */
        cw_text_add(out, "    var block_id = group;\n    let grid_dim = launch.grid;\n"
                         "    if (launch.folded != 0u) {\n        let index = group.x + group.y * launch.folded;\n"
                         "        block_id = vec3<u32>(index, 0u, 0u);\n"
                         "        if (grid_dim.y * grid_dim.z != 1u) {\n"
                         "            block_id = vec3<u32>(index % grid_dim.x, index / grid_dim.x % grid_dim.y, index / grid_dim.x / grid_dim.y);\n        }\n"
                         "        if (block_id.x >= grid_dim.x || block_id.z >= grid_dim.z) { return; }\n    }\n");
    }
    if (shader->uses_sizes) cw_text_printf(out, "    var block_size = vec4<u32>(block_dim_x, block_dim_y, block_dim_z, %s);\n", shader->uses_dynamic ? "dynamic_shared_bytes" : "0u");
    write_private(shader, out);
    cw_text_append(out, body->data, body->size);
    cw_text_add(out, "}\n");
}

/* ---- JSON ------------------------------------------------------------------------------------------------------------ */

static uint32_t params_bytes(const struct wgsl_shader *shader) {
    uint32_t end = shader->words ? (shader->row->param_bytes + 15) / 16 * 16 : 0;
    for (size_t i = 0; i < shader->field_count; i++) {
        uint32_t after = shader->fields[i].offset + field_size(&shader->fields[i]);
        end = after > end ? after : end;
    }
    return end;
}

/* What a number is in the packed parameters; structures are bytes. */
static const char *parameter_type(const struct wgsl_shader *shader, uint32_t p) {
    LLVMValueRef function = LLVMGetNamedFunction(shader->module->llvm, shader->row->name);
    if (!function || p >= LLVMCountParams(function)) return "bytes";
    LLVMTypeRef type = LLVMTypeOf(LLVMGetParam(function, p));
    switch (LLVMGetTypeKind(type)) {
    case LLVMFloatTypeKind: return "f32";
    case LLVMDoubleTypeKind: return "f64";
    case LLVMPointerTypeKind: return LLVMGetEnumAttributeAtIndex(function, p + 1, cw_attribute_kind("byval")) ? "bytes" : "pointer";
    case LLVMIntegerTypeKind:
        switch (LLVMGetIntTypeWidth(type)) {
        case 64: return "i64";
        case 32: return "i32";
        case 16: return "i16";
        case 8: case 1: return "i8";
        default: return "bytes";
        }
    default: return "bytes";
    }
}

/* A variable's first value as words, unless it is zero. */
static void write_initial(struct wgsl_shader *shader, const struct wgsl_object *object, struct cw_text *out) {
    LLVMValueRef value = LLVMGetInitializer(object->value);
    uint64_t size = object->words * 4;
    if (!value || LLVMIsNull(value) || LLVMIsUndef(value) || !size || size > 1u << 20) return;
    struct cw_text relocations = {0};
    uint32_t *words = cw_alloc(size + 8);
    if (wgsl_constant_bytes(shader, value, (unsigned char *)words, &relocations) && !relocations.size) {
        cw_text_add(out, ", \"initial\": [");
        for (uint64_t w = 0; w < object->words; w++) cw_text_printf(out, "%s%u", w ? ", " : "", words[w]);
        cw_text_add(out, "]");
    }
    cw_text_fini(&relocations);
    free(words);
}

static void write_record(struct wgsl_shader *shader, const char *name, uint32_t params_binding, struct cw_text *out) {
    const struct cw_kernel *row = shader->row;
    cw_text_printf(out, "    {\n      \"entry\": \"%s\",\n      \"kernel\": \"%s\",\n      \"mode\": \"%s\",\n      \"source\": \"%s\",\n      \"line\": %u,\n", name, row->name,
                   shader->options.heap ? "heap" : "typed", row->source, row->line);
    if (row->max_threads) cw_text_printf(out, "      \"maxThreads\": %u,\n", row->max_threads);
    cw_text_add(out, "      \"bindings\": [");
    bool first = true;
    for (uint32_t o = 0; o < shader->object_count; o++) {
        const struct wgsl_object *object = &shader->objects[o];
        bool binding = object->kind == WGSL_OBJECT_PARAMETER || object->kind == WGSL_OBJECT_GLOBAL || object->kind == WGSL_OBJECT_HEAP;
        if (!binding || !object->used) continue;
        cw_text_printf(out, "%s\n        {\"binding\": %u, \"name\": \"%s\", \"type\": \"%s\", \"access\": \"%s\"", first ? "" : ",", object->binding, object->name,
                       object->atomic ? "u32" : wgsl_type_name(object->element), object->written || object->atomic ? "read_write" : "read");
        if (object->kind == WGSL_OBJECT_GLOBAL) {
            cw_text_printf(out, ", \"variable\": \"%s\", \"bytes\": %llu", cw_value_name(object->value), (unsigned long long)object->words * 4);
            write_initial(shader, object, out);
        }
        cw_text_add(out, "}");
        first = false;
    }
    cw_text_add(out, first ? "],\n" : "\n      ],\n");
    if (shader->field_count || shader->words) cw_text_printf(out, "      \"paramsBinding\": %u,\n      \"paramsBytes\": %u,\n", params_binding, params_bytes(shader));
    if (shader->words) cw_text_add(out, "      \"paramsWords\": true,\n");
    if (shader->uses_globals) cw_text_add(out, "      \"globals\": true,\n");
    cw_text_add(out, "      \"parameters\": [");
    for (uint32_t p = 0; p < row->param_count; p++) {
        uint32_t rest;
        cw_text_printf(out, "%s\n        {\"name\": \"%s\", \"type\": \"%s\", \"offset\": %u, \"size\": %u", p ? "," : "", wgsl_parameter_name(shader, row->params[p].offset, &rest),
                       parameter_type(shader, p), row->params[p].offset, row->params[p].size);
        for (uint32_t o = 0; o < shader->object_count; o++)
            if (shader->objects[o].kind == WGSL_OBJECT_PARAMETER && shader->objects[o].base == row->params[p].offset && shader->objects[o].used)
                cw_text_printf(out, ", \"buffer\": %u", shader->objects[o].binding);
        cw_text_add(out, "}");
    }
    cw_text_add(out, row->param_count ? "\n      ],\n" : "],\n");
    cw_text_add(out, "      \"fields\": [");
    for (size_t i = 0; i < shader->field_count; i++)
        cw_text_printf(out, "%s\n        {\"name\": \"%s\", \"type\": \"%s\", \"offset\": %u, \"source\": %u}", i ? "," : "", shader->fields[i].name, wgsl_type_name(shader->fields[i].type), shader->fields[i].offset,
                       shader->fields[i].source);
    cw_text_add(out, shader->field_count ? "\n      ],\n" : "],\n");
    uint64_t shared = 0;
    for (uint32_t o = 0; o < shader->object_count; o++)
        if ((shader->objects[o].kind == WGSL_OBJECT_SHARED && !shader->shared_merged) || shader->objects[o].kind == WGSL_OBJECT_SHARED_ALL)
            if (shader->objects[o].used) shared += shader->objects[o].words * 4;
    cw_text_printf(out, "      \"overrides\": [\"block_dim_x\", \"block_dim_y\", \"block_dim_z\"%s],\n", shader->uses_dynamic ? ", \"dynamic_shared_words\"" : "");
    if (shader->uses_subgroup) cw_text_add(out, "      \"subgroupSize\": 32,\n");
    cw_text_printf(out, "      \"features\": [%s],\n      \"workgroupStorage\": %llu\n    }", shader->uses_subgroup ? "\"subgroups\"" : "", (unsigned long long)shared);
}

/* ---- One kernel ------------------------------------------------------------------------------------------------------ */

/* Texts of several kernels in heap mode have an array each, since they may want other element types. */
static const char *shared_name(struct wgsl_shader *shader, const char *name) {
    return shader->options.heap && !shader->options.reading ? name : wgsl_name(shader, name);
}

static void start_kernel(struct wgsl_shader *shader, const struct cw_kernel *row) {
    shader->row = row;
    shader->kernel = LLVMGetNamedFunction(shader->llvm, row->name);
    shader->object_count = shader->field_count = 0;
    wgsl_map_fini(&shader->object_of);
    shader->object_of = (struct wgsl_map){0};
    shader->shared_merged = shader->private_merged = shader->failed = shader->words = false;
    shader->untyped = NULL;
    shader->uses_grid = shader->uses_block_id = shader->uses_thread_id = shader->uses_linear = shader->uses_subgroup = shader->uses_keep = shader->uses_sizes = false;
    cw_text_clear(&shader->reason);
    shader->heap = wgsl_object_add(shader, WGSL_OBJECT_HEAP, NULL, shared_name(shader, "heap"));
    shader->generic = wgsl_object_add(shader, WGSL_OBJECT_GENERIC, NULL, "generic");
    shader->shared_all = wgsl_object_add(shader, WGSL_OBJECT_SHARED_ALL, NULL, shared_name(shader, "shared_memory"));
    shader->private_all = wgsl_object_add(shader, WGSL_OBJECT_PRIVATE_ALL, NULL, shared_name(shader, "private_memory"));
    shader->parameters = wgsl_object_add(shader, WGSL_OBJECT_PARAMETERS, NULL, "params");
    shader->params_name = wgsl_name(shader, shader->options.heap ? "arguments" : "params_");
    if (!shader->options.heap) {
        /* The reserved word is ours here. */
        size_t length = strlen(shader->params_name);
        char *plain = cw_format("params%s", length > 7 ? shader->params_name + 7 : "");
        shader->params_name = cw_arena_strdup(&shader->arena, plain);
        free(plain);
    }
}

/* True if a parameter is read at a place that is not constant: then all are an array. */
static bool reads_by_index(struct wgsl_shader *shader) {
    LLVMValueRef params = LLVMGetNamedGlobal(shader->llvm, "cw.params");
    if (!params) return false;
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(shader->kernel); block; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
            if (!LLVMIsAGetElementPtrInst(i) || LLVMGetPointerAddressSpace(LLVMTypeOf(i)) != WGSL_SPACE_PARAMETERS) continue;
            for (unsigned k = 1; k < (unsigned)LLVMGetNumOperands(i); k++)
                if (!LLVMIsAConstantInt(LLVMGetOperand(i, k))) return true;
        }
    return false;
}

bool wgsl_kernel_write(struct wgsl_shader *shader, const struct cw_kernel *row, struct cw_text *out, struct cw_text *record) {
    struct cw_text body = {0};
    size_t start = out->size;
    start_kernel(shader, row);
    shader->words = reads_by_index(shader);
    unsigned length;
    LLVMAttributeRef refused = LLVMGetStringAttributeAtIndex(shader->kernel, CW_FUNCTION_INDEX, CW_SHADER_REFUSED, sizeof CW_SHADER_REFUSED - 1);
    if (refused) wgsl_refuse(shader, NULL, "%s", LLVMGetStringAttributeValue(refused, &length));
    else wgsl_function_write(shader, shader->kernel, true, &body);
    if (!shader->failed && !(shader->untyped && !shader->options.heap)) {
        const char *name = shader->options.reading ? wgsl_name(shader, row->name) : "main";
        uint32_t binding = write_bindings(shader, out);
        uint32_t params_binding = binding;
        if (shader->field_count || shader->words) {
            struct cw_text structure = {0};
            struct cw_text declared = {0};
            cw_text_add(&structure, wgsl_name(shader, "Params"));
            cw_text_append(&declared, out->data ? out->data + start : "", out->size - start);
            out->size = start;
            write_params(shader, cw_text_string(&structure), out);
            cw_text_append(out, declared.data, declared.size);
            cw_text_printf(out, "@group(0) @binding(%u) var<uniform> %s: %s;\n", binding, shader->params_name, cw_text_string(&structure));
            cw_text_fini(&structure);
            cw_text_fini(&declared);
        }
        if (shader->options.heap && !shader->launch_declared)
            cw_text_add(out, "\nstruct Launch {\n    grid: vec3<u32>,\n    folded: u32,\n    globals: u32,\n    heap_high: u32,\n}\n@group(0) @binding(2) var<uniform> launch: Launch;\n");
        shader->launch_declared = shader->launch_declared || shader->options.heap;
        write_shared(shader, out);
        if (shader->objects[shader->generic].used) write_generic(shader, out);
        write_entry(shader, name, &body, out);
        write_record(shader, name, params_binding, record);
    }
    cw_text_fini(&body);
    bool good = !shader->failed && (shader->options.heap || !shader->untyped);
    if (!good) {
        out->size = start;
        if (out->data) out->data[start] = 0;
    }
    return good;
}

void wgsl_shader_finish(struct wgsl_shader *shader, struct cw_text *out) {
    struct cw_text functions = {0};
    for (size_t i = 0; i < shader->functions.count; i++) {
        const char *full = shader->functions.items[i];
        LLVMValueRef function = LLVMGetNamedFunction(shader->llvm, full);
        if (!function || cw_is_declaration(function)) continue;
        struct cw_text body = {0};
        const char *name = strncmp(full, "cw_", 3) == 0 ? full + 3 : full;
        cw_text_printf(&functions, "\nfn %s(", strncmp(name, "_Z", 2) == 0 ? wgsl_clean(&shader->arena, name) : name);
        wgsl_function_write(shader, function, false, &body);
        cw_text_append(&functions, body.data, body.size);
        cw_text_add(&functions, "}\n");
        cw_text_fini(&body);
    }
    wgsl_helpers_write(shader, out);
    cw_text_append(out, functions.data, functions.size);
    cw_text_fini(&functions);
}

void wgsl_shader_fini(struct wgsl_shader *shader) {
    free(shader->objects);
    free(shader->fields);
    wgsl_map_fini(&shader->object_of);
    wgsl_map_fini(&shader->names);
    wgsl_map_fini(&shader->globals_offset);
    cw_strings_fini(&shader->taken);
    cw_strings_fini(&shader->functions);
    cw_text_fini(&shader->reason);
    cw_text_fini(&shader->entry_text);
    cw_arena_fini(&shader->arena);
}
