/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spirv.c: the SPIR-V target: one module a kernel, together an artifact (backend/vulkan/artifact.h).
 *
 * What a device has is told by words in the options' features, which the Vulkan backend gives ("warp32", "float32-add", ...);
 * without them code is made that every device with buffer addresses and 64-bit integers takes.
 */
#include "target/spirv/spirv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/vulkan/artifact.h"
#include "target/heap.h"
#include "target/image.h"

/* A kernel that uses one of these is refused by its name. */
#define REFUSED_FEATURES                                                                                               \
    (CW_FEATURE_RECURSION | CW_FEATURE_INDIRECT_CALL | CW_FEATURE_CHILD_LAUNCH | CW_FEATURE_POLLING | CW_FEATURE_ATOMIC128 | CW_FEATURE_CLUSTER)

static const struct {
    const char *word;
    enum spv_ability ability;
} ability_words[] = {
    {"warp32", SPV_ABILITY_WARP},
    {"float32-add", SPV_ABILITY_FLOAT32_ADD},
    {"float64-add", SPV_ABILITY_FLOAT64_ADD},
    {"constants", SPV_ABILITY_CONSTANTS},
    {"clock", SPV_ABILITY_CLOCK},
    {"turns", SPV_ABILITY_TURNS},
    {"fused", SPV_ABILITY_FUSED},
    {"exp2", SPV_ABILITY_EXP2},
    {"plain-model", SPV_ABILITY_PLAIN_MODEL},
};

static uint32_t abilities_of(const struct cw_lower_options *options) {
    uint32_t abilities = 0;
    for (size_t i = 0; i < sizeof ability_words / sizeof ability_words[0]; i++) {
        abilities |= cw_shader_has_word(options, ability_words[i].word) ? (uint32_t)ability_words[i].ability : 0;
    }
    return abilities;
}

static cw_status lower(struct cw_compiler *compiler, const struct cw_module *module, LLVMModuleRef llvm,
                       const struct cw_lower_options *options) {
    uint32_t abilities = abilities_of(options);
    const struct cw_shader_options shader = {
        .refused_features = REFUSED_FEATURES,
        .float32_add = (abilities & SPV_ABILITY_FLOAT32_ADD) != 0,
        .float64_add = (abilities & SPV_ABILITY_FLOAT64_ADD) != 0,
        .fused = (abilities & SPV_ABILITY_FUSED) != 0,
        .exp2 = (abilities & SPV_ABILITY_EXP2) != 0,
        .opt_level = options->opt_level,
    };
    cw_status status = cw_link_images(compiler, llvm, NULL);
    if (status == CW_OK) {
        status = cw_link_heap(compiler, llvm);
    }
    return status == CW_OK ? cw_shader_prepare(compiler, module, llvm, &shader) : status;
}

/* ---- One kernel ----------------------------------------------------------------------------------------------- */

static void begin_module(struct spv_module *module) {
    static const enum spv_capability capabilities[] = {SPV_CAP_SHADER, SPV_CAP_PHYSICAL, SPV_CAP_MEMORY_MODEL, SPV_CAP_INT64};
    module->next_id = 1;
    for (size_t i = 0; i < sizeof capabilities / sizeof capabilities[0]; i++) {
        spv_need(module, capabilities[i]);
    }
    module->glsl = spv_id(module);
    uint32_t word = spv_int(module, 32), size = spv_id(module), vector = spv_vector(module, word, 3);
    uint32_t sides[3];
    for (uint32_t i = 0; i < 3; i++) {
        sides[i] = module->block_size[i] = spv_spec_constant(module, SPV_SPEC_BLOCK_X + i, 1);
    }
    SPV_EMIT(&module->types, SPV_SpecConstantComposite, vector, size, sides[0], sides[1], sides[2]);
    if (module->abilities & SPV_ABILITY_WARP && module->row->features & CW_FEATURE_WARP) {
        module->kernel_flags |= CW_VK_WARP | CW_VK_FLAT;
        for (uint32_t i = 0; i < 3; i++) {
            module->block_size[i] = spv_spec_constant(module, SPV_SPEC_FLAT_X + i, 1);
        }
    }
    spv_decorate(module, size, SPV_DECORATION_BUILTIN, 25); /* WorkgroupSize */
    module->dynamic_shared = spv_spec_constant(module, SPV_SPEC_DYNAMIC_SHARED, 0);
    uint32_t words = spv_array(module, word, spv_constant(module, 32, SPV_PUSH_BYTES / 4), 4), block = spv_id(module);
    SPV_EMIT(&module->types, SPV_TypeStruct, block, words);
    spv_decorate(module, block, SPV_DECORATION_BLOCK, 0);
    SPV_EMIT(&module->decorations, SPV_MemberDecorate, block, 0, SPV_DECORATION_OFFSET, 0);
    module->push = spv_global_variable(module, SPV_PUSH, block);
    spv_name(module, module->push, "launch");
}

static void end_module(struct spv_module *module) {
    spv_tables_fini(module);
    cw_regions_fini(&module->regions);
    cw_tree_fini(&module->tree);
    if (module->flow.blocks) {
        cw_function_flow_fini(&module->flow);
    }
    spv_module_fini(module);
}

struct kernel_code {
    struct spv_words code;
    struct cw_vk_kernel row;
    char *refusal;
};

static uint64_t region_bytes(const struct cw_regions *regions, unsigned space) {
    uint64_t bytes = 0;
    for (size_t i = 0; i < regions->region_count; i++) {
        bytes += regions->regions[i].space == space ? regions->regions[i].size : 0;
    }
    return bytes;
}

/* The compiler's diagnostics from `start` on become the kernel's refusal. */
static char *take_refusal(struct cw_compiler *compiler, size_t start, uint32_t errors) {
    const char *text = cw_text_string(&compiler->log) + start;
    size_t length = strcspn(text, "\n");
    char *refusal = cw_strndup(text, length);
    compiler->errors = errors;
    return refusal;
}

static char *feature_refusal(LLVMValueRef function, const struct cw_kernel *row) {
    LLVMAttributeRef attribute = LLVMGetStringAttributeAtIndex(function, CW_FUNCTION_INDEX, CW_SHADER_REFUSED, sizeof CW_SHADER_REFUSED - 1);
    if (!attribute) {
        return NULL;
    }
    unsigned length;
    const char *text = LLVMGetStringAttributeValue(attribute, &length);
    return cw_format("%s:%u: error: kernel '%s' can't become SPIR-V: it uses %.*s", row->source, row->line, row->name, (int)length, text);
}

static cw_status emit_kernel(struct cw_compiler *compiler, LLVMModuleRef llvm, const struct cw_kernel *row, LLVMValueRef function,
                             const struct spv_globals *globals, uint32_t abilities, struct kernel_code *out) {
    struct spv_module module = {.compiler = compiler, .llvm = llvm, .row = row, .function = function, .globals = globals};
    size_t start = compiler->log.size;
    uint32_t errors = compiler->errors;
    *out = (struct kernel_code){.row = {.param_bytes = row->param_bytes, .max_threads = row->max_threads}};
    out->refusal = feature_refusal(function, row);
    if (out->refusal) {
        return CW_ERROR_UNSUPPORTED;
    }
    module.layout = LLVMGetModuleDataLayout(llvm);
    module.abilities = abilities;
    begin_module(&module);
    uint32_t id = spv_emit_function(&module);
    out->row.flags = module.kernel_flags;
    out->row.static_shared = (uint32_t)region_bytes(&module.regions, CW_SPACE_SHARED) + module.exchange_bytes;
    out->row.local_bytes = (uint32_t)region_bytes(&module.regions, CW_SPACE_LOCAL);
    spv_name(&module, id, row->name);
    if (module.status == CW_OK) {
        spv_finish(&module, "main", id, &out->code);
    } else {
        out->refusal = take_refusal(compiler, start, errors);
    }
    end_module(&module);
    return module.status;
}

/* ---- All of them ---------------------------------------------------------------------------------------------- */

struct named_row {
    struct cw_kernel row;
    char source[1024];
};

static uint32_t add_bytes(struct cw_text *bytes, const void *data, size_t size) {
    static const char zeros[16];
    cw_text_append(bytes, zeros, (16 - bytes->size % 16) % 16);
    uint32_t at = (uint32_t)bytes->size;
    cw_text_append(bytes, data, size);
    return at;
}

static uint32_t add_string(struct cw_text *bytes, const char *text) {
    return text ? add_bytes(bytes, text, strlen(text) + 1) : 0;
}

static void write_artifact(struct cw_bytes *out, const struct named_row *rows, struct kernel_code *kernels, size_t count,
                           const struct spv_globals *globals, const uint8_t *image, const struct spv_words *relocations) {
    struct cw_text bytes = {0};
    struct cw_vk_header header = {.kernel_count = (uint32_t)count, .variable_count = (uint32_t)globals->count};
    struct cw_vk_kernel *table = cw_alloc_array(count + 1, sizeof *table);
    struct cw_vk_variable *variables = cw_alloc_array(globals->count + 1, sizeof *variables);
    memcpy(header.magic, CW_VK_MAGIC, sizeof header.magic);
    header.relocation_count = (uint32_t)relocations->count;
    header.image_size = (uint32_t)globals->size;
    header.constant_size = (uint32_t)globals->constant_size;
    add_bytes(&bytes, &header, sizeof header);
    header.kernels = add_bytes(&bytes, table, count * sizeof *table);
    header.variables = add_bytes(&bytes, variables, globals->count * sizeof *variables);
    header.relocations = add_bytes(&bytes, relocations->items ? (const void *)relocations->items : "", relocations->count * sizeof(uint32_t));
    header.image = add_bytes(&bytes, image, globals->size);
    for (size_t i = 0; i < count; i++) {
        table[i] = kernels[i].row;
        table[i].name = add_string(&bytes, rows[i].row.name);
        table[i].refusal = add_string(&bytes, kernels[i].refusal);
        table[i].code_size = (uint32_t)(kernels[i].code.count * sizeof(uint32_t));
        table[i].code = table[i].code_size ? add_bytes(&bytes, kernels[i].code.items, table[i].code_size) : 0;
    }
    for (size_t i = 0; i < globals->count; i++) {
        variables[i] = (struct cw_vk_variable){add_string(&bytes, cw_value_name(globals->items[i].variable)), (uint32_t)globals->items[i].offset,
                                               globals->items[i].size};
    }
    header.size = (uint32_t)bytes.size;
    memcpy(bytes.data, &header, sizeof header);
    memcpy(bytes.data + header.kernels, table, count * sizeof *table);
    memcpy(bytes.data + header.variables, variables, globals->count * sizeof *variables);
    cw_bytes_set(out, bytes.data, bytes.size);
    cw_text_fini(&bytes);
    free(table);
    free(variables);
}

/* Kernels as text, one after another. */
static void write_text(struct cw_bytes *out, const struct named_row *rows, const struct kernel_code *kernels, size_t count) {
    struct cw_text text = {0};
    for (size_t i = 0; i < count; i++) {
        cw_text_printf(&text, "%s; kernel %s\n", i ? "\n" : "", rows[i].row.name);
        spv_print(&text, kernels[i].code.items, kernels[i].code.count);
    }
    cw_bytes_set(out, cw_text_string(&text), text.size);
    cw_text_fini(&text);
}

/* How each kernel runs, for people. */
static void write_notes(struct cw_bytes *out, const struct named_row *rows, const struct kernel_code *kernels, size_t count) {
    struct cw_text text = {0};
    for (size_t i = 0; i < count; i++) {
        const struct cw_vk_kernel *row = &kernels[i].row;
        const char *refusal = kernels[i].refusal ? strstr(kernels[i].refusal, "can't become SPIR-V: ") : NULL;
        cw_text_printf(&text, "kernel %s: ", rows[i].row.name);
        if (kernels[i].refusal) {
            cw_text_printf(&text, "refused: %s\n", refusal ? refusal + sizeof "can't become SPIR-V: " - 1 : kernels[i].refusal);
            continue;
        }
        bool warps = rows[i].row.features & CW_FEATURE_WARP;
        cw_text_printf(&text, "%zu bytes of SPIR-V, pointers are device addresses; parameters %s%s%s%s\n", kernels[i].code.count * sizeof(uint32_t),
                       row->param_bytes <= CW_VK_PUSH_PARAMS_MAX ? "in push constants" : "in memory",
                       row->flags & CW_VK_CONSTANTS ? ", constant variables in a uniform buffer" : "",
                       !warps ? "" : row->flags & CW_VK_WARP ? ", warps are subgroups of 32" : ", warp collectives through shared memory",
                       row->flags & CW_VK_SERVICE ? ", with a record for what it reports to the host" : "");
    }
    cw_bytes_set(out, cw_text_string(&text), text.size);
    cw_text_fini(&text);
}

static cw_status emit(struct cw_compiler *compiler, LLVMModuleRef llvm, const struct cw_lower_options *options,
                      enum cw_emit_form form, struct cw_bytes *out) {
    uint32_t count = 0, refused = 0, room = 0;
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        room++;
    }
    struct kernel_code *kernels = cw_alloc_array(room + 1u, sizeof *kernels);
    struct named_row *rows = cw_alloc_array(room + 1u, sizeof *rows);
    struct spv_globals globals;
    struct spv_words relocations = {0};
    cw_status status = CW_OK;
    spv_globals_build(&globals, llvm);
    for (LLVMValueRef function = LLVMGetFirstFunction(llvm); function; function = LLVMGetNextFunction(function)) {
        if (!cw_shader_row(function, &rows[count].row, rows[count].source, sizeof rows[count].source)) {
            continue;
        }
        cw_status one = emit_kernel(compiler, llvm, &rows[count].row, function, &globals, abilities_of(options), &kernels[count]);
        if (one != CW_OK && one != CW_ERROR_UNSUPPORTED) {
            status = one;
        }
        refused += kernels[count].refusal != NULL;
        count++;
    }
    /* What people ask for is there or refused; what is loaded may lack kernels that nothing launches. */
    if (status == CW_OK && refused && form != CW_EMIT_NOTES && (form != CW_EMIT_ARTIFACT || refused == count)) {
        status = CW_ERROR_UNSUPPORTED;
        for (uint32_t i = 0; i < count; i++) {
            if (kernels[i].refusal && !strstr(cw_text_string(&compiler->log), kernels[i].refusal)) {
                cw_text_printf(&compiler->log, "%s\n", kernels[i].refusal);
            }
        }
    }
    uint8_t *image = cw_alloc(globals.size + 1);
    if (status == CW_OK) {
        status = spv_globals_image(compiler, &globals, llvm, image, &relocations);
    }
    if (status == CW_OK && form == CW_EMIT_ASSEMBLY) {
        write_text(out, rows, kernels, count);
    } else if (status == CW_OK && form == CW_EMIT_NOTES) {
        write_notes(out, rows, kernels, count);
    } else if (status == CW_OK) {
        write_artifact(out, rows, kernels, count, &globals, image, &relocations);
    }
    for (uint32_t i = 0; i < count; i++) {
        free(kernels[i].code.items);
        free(kernels[i].refusal);
    }
    free(kernels);
    free(rows);
    free(globals.items);
    free(relocations.items);
    free(image);
    return status;
}

static const char *const refusals[] = {
    "barriers of some of a block's threads",
    "locks that threads of a warp wait for, and warps that talk through volatile shared memory without __syncwarp()",
    "collectives that join lanes of two loops",
    "warp collectives that not all threads of the block come to, on devices whose subgroups can't have 32 lanes",
    "128-bit integers, and arithmetic of bfloat that LLVM keeps as such",
    "64-bit atomics of shared memory that is accessed in other widths too",
    "cooperative launches of more blocks than the driver tells of processors, 1 where it tells of none",
    "clock() on devices without VK_KHR_shader_clock; the nanosecond timer",
    NULL,
};

static const char *const deviations[] = {
    "division and square root of floats are corrected to be exact with a fused operation, but for subnormal results; where the driver's Fma is not fused "
    "they, fma() and the math library are off in the last places",
    "denormal floats are kept where the device can (shaderDenormPreserve), else they may be flushed",
    "warp collectives join the lanes that are at the same place of the code, where CUDA joins those of the mask wherever they are: where lanes of the "
    "mask may be elsewhere the kernel looks, and the launch ends with a failed assertion that names the line",
    "atomics and fences of system scope have the device's",
    "an illegal address loses the device, and is reported as cudaErrorIllegalAddress without its place",
    "__nanosleep() returns at once",
    NULL,
};

const struct cw_target cw_target_spirv = {
    .name = "spirv",
    .cpu = "vulkan",
    .features = (1u << CW_FEATURE_COUNT) - 1u,
    .refused = REFUSED_FEATURES,
    .refusals = refusals,
    .deviations = deviations,
    .tells = true,
    .lower = lower,
    .emit = emit,
};
