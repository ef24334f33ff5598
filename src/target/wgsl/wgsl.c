/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wgsl.c: the WGSL target. For people (CW_EMIT_ASSEMBLY) all kernels of a module become one text with typed bindings where
 * pointers can be followed, and JSON about it behind a line "//// JSON". For the WebGPU backend each kernel is a shader of its own
 * in heap mode: src/backend/webgpu/artifact.h has the format.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target/target.h"
#include "backend/webgpu/artifact.h"
#include "target/shader/shader.h"
#include "target/wgsl/wgsl.h"

#include <llvm-c/Target.h>

static cw_status lower(struct cw_compiler *compiler, const struct cw_module *module, LLVMModuleRef llvm, const struct cw_lower_options *options) {
    compiler->lowered = module;
    return wgsl_prepare(compiler, module, llvm, options);
}

static void start(struct wgsl_shader *shader, struct cw_compiler *compiler, const struct cw_module *module, LLVMModuleRef llvm) {
    *shader = (struct wgsl_shader){.compiler = compiler, .module = module, .llvm = llvm, .layout = LLVMGetModuleDataLayout(llvm)};
}

static void write_head(const struct wgsl_shader *shader, bool subgroups, struct cw_text *out) {
    if (subgroups) cw_text_add(out, "enable subgroups;\ndiagnostic(off, subgroup_uniformity);\n\n");
    cw_text_add(out, "override block_dim_x: u32 = 256u;\noverride block_dim_y: u32 = 1u;\noverride block_dim_z: u32 = 1u;\n");
    if (shader->uses_dynamic) cw_text_add(out, "override dynamic_shared_words: u32 = 1u;\noverride dynamic_shared_bytes: u32 = 4u * dynamic_shared_words;\n");
    if (subgroups) cw_text_add(out, "\nvar<private> lane: u32;\n");
    if (shader->uses_vote) cw_text_add(out, "\nvar<workgroup> vote: atomic<u32>;\n");
    if (shader->uses_together) cw_text_add(out, "\nvar<workgroup> question: atomic<u32>;\nvar<workgroup> answer: u32;\n");
    if (shader->uses_exchange)
        cw_text_add(out, "\noverride block_threads: u32 = block_dim_x * block_dim_y * block_dim_z;\nvar<workgroup> exchange: array<u32, block_threads>;\n"
                         "var<workgroup> warp_bits: array<atomic<u32>, 32>;\n");
}

/* ---- For people ------------------------------------------------------------------------------------------------------ */

static cw_status emit_text(struct cw_compiler *compiler, const struct cw_module *module, LLVMModuleRef llvm, struct cw_bytes *out) {
    struct wgsl_shader shader;
    struct cw_text body = {0}, record = {0}, text = {0};
    cw_status status = CW_OK;
    bool subgroups = false;
    start(&shader, compiler, module, llvm);
    for (uint32_t k = 0; k < module->table.kernel_count; k++) {
        const struct cw_kernel *row = &module->table.kernels[k];
        if (record.size) cw_text_add(&record, ",\n");
        shader.options = (struct wgsl_options){.heap = false, .reading = true, .subgroups = true};
        size_t helpers = shader.taken.count, functions = shader.functions.count;
        bool good = wgsl_kernel_write(&shader, row, &body, &record);
        if (!good && !shader.failed && shader.untyped) {
            /* What the attempt called is of objects that there are not. */
            while (shader.taken.count > helpers) free(shader.taken.items[--shader.taken.count]);
            while (shader.functions.count > functions) free(shader.functions.items[--shader.functions.count]);
            cw_text_printf(&compiler->notes, "%s:%u: kernel '%s' uses one heap buffer: %s\n", row->source, row->line, row->name, shader.untyped);
            shader.options.heap = true;
            good = wgsl_kernel_write(&shader, row, &body, &record);
        }
        if (!good) {
            cw_text_add(&compiler->log, cw_text_string(&shader.reason));
            compiler->errors++;
            status = CW_ERROR_UNSUPPORTED;
        }
        subgroups = subgroups || shader.uses_subgroup;
    }
    if (status == CW_OK) {
        struct cw_text tail = {0};
        wgsl_shader_finish(&shader, &tail);
        if (shader.failed) {
            cw_text_add(&compiler->log, cw_text_string(&shader.reason));
            compiler->errors++;
            status = CW_ERROR_UNSUPPORTED;
        }
        write_head(&shader, subgroups, &text);
        cw_text_append(&text, body.data, body.size);
        cw_text_append(&text, tail.data, tail.size);
        cw_text_fini(&tail);
        cw_text_printf(&text, "%s{\n  \"version\": 1,\n  \"kernels\": [\n%s\n  ]\n}\n", CW_WGSL_JSON_MARK, cw_text_string(&record));
        out->data = cw_text_take(&text, &out->size);
    }
    cw_text_fini(&body);
    cw_text_fini(&record);
    cw_text_fini(&text);
    wgsl_shader_fini(&shader);
    return status;
}

/* ---- For the backend -------------------------------------------------------------------------------------------------- */

static bool is_device_variable(LLVMValueRef g) {
    unsigned space = LLVMGetPointerAddressSpace(LLVMTypeOf(g));
    return (space == CW_SPACE_GLOBAL || space == CW_SPACE_CONSTANT || space == CW_SPACE_GENERIC) && !cw_is_declaration(g);
}

bool wgsl_is_constant(LLVMValueRef variable) {
    return LLVMGetPointerAddressSpace(LLVMTypeOf(variable)) == CW_SPACE_CONSTANT || LLVMIsGlobalConstant(variable);
}

/* Each variable of the module gets its place in one block; those that no kernel writes come first. */
static uint64_t place_globals(struct wgsl_shader *shader) {
    uint64_t end = 0;
    for (unsigned round = 0; round < 2; round++)
        for (LLVMValueRef g = LLVMGetFirstGlobal(shader->llvm); g; g = LLVMGetNextGlobal(g)) {
            if (!is_device_variable(g) || wgsl_is_constant(g) != (round == 0)) continue;
            uint64_t align = LLVMGetAlignment(g);
            align = align < 16 ? 16 : align;
            end = (end + align - 1) & ~(align - 1);
            wgsl_map_set(&shader->globals_offset, g, (uint32_t)end);
            end += LLVMABISizeOfType(shader->layout, LLVMGlobalGetValueType(g));
        }
    return (end + 15) & ~15ull;
}

/* Writes a constant's bytes; addresses of variables become relocations. False when it holds what has no bytes here. */
static bool write_constant(struct wgsl_shader *shader, LLVMValueRef value, unsigned char *bytes, uint64_t at, struct cw_text *relocations) {
    LLVMTypeRef type = LLVMTypeOf(value);
    uint64_t size = LLVMABISizeOfType(shader->layout, type);
    if (LLVMIsUndef(value) || LLVMIsPoison(value) || LLVMIsNull(value)) return true;
    switch (LLVMGetTypeKind(type)) {
    case LLVMIntegerTypeKind: {
        if (!LLVMIsAConstantInt(value) || LLVMGetIntTypeWidth(type) > 64) return false;
        uint64_t bits = LLVMConstIntGetZExtValue(value);
        memcpy(bytes + at, &bits, size < 8 ? size : 8);
        return true;
    }
    case LLVMFloatTypeKind: case LLVMDoubleTypeKind: case LLVMHalfTypeKind: case LLVMBFloatTypeKind: {
        LLVMTypeRef integer = LLVMIntTypeInContext(shader->compiler->context, (unsigned)size * 8);
        LLVMValueRef bits = LLVMConstBitCast(value, integer);
        return LLVMIsAConstantInt(bits) && write_constant(shader, bits, bytes, at, relocations);
    }
    case LLVMStructTypeKind:
        for (unsigned e = 0; e < LLVMCountStructElementTypes(type); e++)
            if (!write_constant(shader, LLVMGetAggregateElement(value, e), bytes, at + LLVMOffsetOfElement(shader->layout, type, e), relocations)) return false;
        return true;
    case LLVMArrayTypeKind: case LLVMVectorTypeKind: {
        LLVMTypeRef element = LLVMGetElementType(type);
        uint64_t step = LLVMABISizeOfType(shader->layout, element), count = LLVMGetTypeKind(type) == LLVMArrayTypeKind ? LLVMGetArrayLength2(type) : LLVMGetVectorSize(type);
        for (uint64_t e = 0; e < count; e++)
            if (!write_constant(shader, LLVMGetAggregateElement(value, (unsigned)e), bytes, at + e * step, relocations)) return false;
        return true;
    }
    case LLVMPointerTypeKind: {
        int64_t offset = 0;
        while (LLVMIsAConstantExpr(value)) {
            LLVMOpcode opcode = LLVMGetConstOpcode(value);
            if (opcode == LLVMGetElementPtr) {
                LLVMTypeRef source = LLVMGetGEPSourceElementType(value);
                for (unsigned k = 1; k < (unsigned)LLVMGetNumOperands(value); k++) {
                    LLVMValueRef index = LLVMGetOperand(value, k);
                    if (!LLVMIsAConstantInt(index)) return false;
                    int64_t n = LLVMConstIntGetSExtValue(index);
                    if (k > 1 && LLVMGetTypeKind(source) == LLVMStructTypeKind) {
                        offset += (int64_t)LLVMOffsetOfElement(shader->layout, source, (unsigned)n);
                        source = LLVMStructGetTypeAtIndex(source, (unsigned)n);
                        continue;
                    }
                    if (k > 1) source = LLVMGetElementType(source);
                    offset += n * (int64_t)LLVMABISizeOfType(shader->layout, source);
                }
            } else if (opcode != LLVMAddrSpaceCast && opcode != LLVMBitCast) {
                return false;
            }
            value = LLVMGetOperand(value, 0);
        }
        uint32_t target = wgsl_map_get(&shader->globals_offset, value);
        if (target == WGSL_NONE) return false;
        cw_text_printf(relocations, "relocation %llu %llu\n", (unsigned long long)at, (unsigned long long)((int64_t)target + offset));
        return true;
    }
    default: return false;
    }
}

bool wgsl_constant_bytes(struct wgsl_shader *shader, LLVMValueRef value, unsigned char *bytes, struct cw_text *relocations) {
    return write_constant(shader, value, bytes, 0, relocations);
}

static void write_variables(struct wgsl_shader *shader, uint64_t size, struct cw_text *out) {
    unsigned char *bytes = cw_alloc(size + 1);
    struct cw_text relocations = {0};
    for (LLVMValueRef g = LLVMGetFirstGlobal(shader->llvm); g; g = LLVMGetNextGlobal(g)) {
        uint32_t at = wgsl_map_get(&shader->globals_offset, g);
        if (at == WGSL_NONE) continue;
        LLVMValueRef value = LLVMGetInitializer(g);
        if (value && !write_constant(shader, value, bytes, at, &relocations)) {
            cw_text_printf(&relocations, "refused-variable %s\n", cw_value_name(g));
        }
        cw_text_printf(out, "variable %u %llu %s\n", at, (unsigned long long)LLVMABISizeOfType(shader->layout, LLVMGlobalGetValueType(g)), cw_value_name(g));
    }
    cw_text_append(out, relocations.data, relocations.size);
    cw_text_fini(&relocations);
    cw_text_printf(out, "globals %llu\n", (unsigned long long)size);
    cw_text_append(out, bytes, size);
    cw_text_add(out, "\n");
    free(bytes);
}

/* One text of a kernel; false with the reason in the shader. */
static bool write_kernel_text(struct wgsl_shader *shader, const struct cw_kernel *row, struct cw_text *text, struct cw_text *record) {
    struct cw_text body = {0}, tail = {0};
    bool good = wgsl_kernel_write(shader, row, &body, record);
    if (good) {
        wgsl_shader_finish(shader, &tail);
        good = !shader->failed;
    }
    if (good) {
        write_head(shader, shader->uses_subgroup, text);
        cw_text_append(text, body.data, body.size);
        cw_text_append(text, tail.data, tail.size);
    }
    cw_text_fini(&body);
    cw_text_fini(&tail);
    return good;
}

static uint64_t shared_bytes(const struct wgsl_shader *shader) {
    uint64_t bytes = 0;
    for (uint32_t o = 0; o < shader->object_count; o++) {
        const struct wgsl_object *object = &shader->objects[o];
        if (object->used && (object->kind == WGSL_OBJECT_SHARED_ALL || (object->kind == WGSL_OBJECT_SHARED && !shader->shared_merged))) bytes += object->words * 4;
    }
    return bytes;
}

static cw_status emit_artifact(struct cw_compiler *compiler, const struct cw_module *module, LLVMModuleRef llvm, const struct cw_lower_options *options, struct cw_bytes *out) {
    struct cw_text text = {0};
    cw_text_add(&text, CW_WGSL_MAGIC);
    uint64_t globals = 0;
    for (uint32_t k = 0; k < module->table.kernel_count; k++) {
        const struct cw_kernel *row = &module->table.kernels[k];
        cw_text_printf(&text, "kernel %u %u %u %s\n", row->param_bytes, row->static_shared, row->max_threads, row->name);
        bool any = false;
        for (unsigned subgroups = 0; subgroups < 2; subgroups++) {
            struct wgsl_shader shader;
            struct cw_text source = {0}, record = {0};
            start(&shader, compiler, module, llvm);
            globals = place_globals(&shader);
            shader.options = (struct wgsl_options){.heap = true, .subgroups = subgroups != 0, .hardware = cw_shader_has_word(options, "fused")};
            bool good = write_kernel_text(&shader, row, &source, &record);
            bool same = subgroups && any && !shader.uses_subgroup;
            if (good && !same) {
                cw_text_printf(&text, "text %u %u %u %u %llu %zu\n", (unsigned)shader.uses_subgroup, (unsigned)(shader.objects[shader.heap].used), (unsigned)(shader.field_count || shader.words),
                               (unsigned)shader.uses_dynamic, (unsigned long long)shared_bytes(&shader), source.size);
                cw_text_append(&text, source.data, source.size);
                cw_text_add(&text, "\n");
                any = true;
            } else if (!good) {
                cw_text_printf(&text, "refused %u %s", subgroups, cw_text_string(&shader.reason));
                if (!shader.reason.size || shader.reason.data[shader.reason.size - 1] != '\n') cw_text_add(&text, "\n");
            }
            cw_text_fini(&source);
            cw_text_fini(&record);
            wgsl_shader_fini(&shader);
        }
    }
    struct wgsl_shader shader;
    start(&shader, compiler, module, llvm);
    globals = place_globals(&shader);
    write_variables(&shader, globals, &text);
    wgsl_shader_fini(&shader);
    cw_text_add(&text, "end\n");
    out->data = cw_text_take(&text, &out->size);
    return CW_OK;
}

static cw_status emit(struct cw_compiler *compiler, LLVMModuleRef llvm, const struct cw_lower_options *options, enum cw_emit_form form,
                      struct cw_bytes *out) {
    const struct cw_module *module = compiler->lowered;
    cw_status status = wgsl_optimise(compiler, llvm, form != CW_EMIT_ASSEMBLY);
    if (status != CW_OK) return status;
    if (form == CW_EMIT_ASSEMBLY) return emit_text(compiler, module, llvm, out);
    return emit_artifact(compiler, module, llvm, options, out);
}

static const char *const refusals[] = {
    "warps that talk through volatile shared memory without __syncwarp()",
    "barriers of some of a block's threads",
    "printf, assert and traps in texts for people and in libraries for browsers, where nobody reads what they leave in memory, and malloc, textures and surfaces, where nobody makes a heap and descriptions",
    "atomics of 16 or 8 bits, those of 64 that have a result or are neither sums nor bit operations, and through pointers that may point into global or shared memory",
    "calls through pointers, and addresses of functions",
    "parameters of more than 16 KiB, grids of more than 65535 times 65535 blocks, blocks larger than the adapter's limit",
    "memory beyond one storage buffer, at most 4 GiB less 1 MiB",
    NULL,
};

static const char *const deviations[] = {
    "division and square root of floats have up to 2.5 units in the last place (WGSL 15.6.3), unlike CUDA's correctly rounded ones",
    "sums and products of floats may be reassociated and fused (WGSL 15.6.4); where a program subtracts again what it has just added, that is kept",
    "fma() may be two roundings on devices without it",
    "warp collectives join the lanes that are at the same place of the code, where CUDA joins those of the mask wherever they are: where lanes of the "
    "mask may be elsewhere the kernel looks, and the launch ends with a failed assertion that names the line (not in texts for people and for browsers)",
    "denormal floats may be flushed to zero (WGSL 15.6.2)",
    "on GPUs fminf() and fmaxf() are WGSL's min() and max(): of a number and a NaN the number (WGSL 17.5), unless a compiler assumes that there are no NaNs (WGSL 15.6.2)",
    "atomic sums of 64 bits are made word by word: who reads meanwhile may see the one without the other",
    "there is no fence for the device: __threadfence() orders nothing beyond what atomics do",
    "doubles are computed in software, exactly, and slowly; 64-bit integers are pairs of words",
    "pointers in memory have 64 bits of which the device uses the lower 32",
    "an access outside of the heap is dropped or reads another place of it, and is not reported",
    NULL,
};

/* What is refused per kernel is not refused here, so that a module's other kernels run. */
const struct cw_target cw_target_wgsl = {
    .name = "wgsl",
    .features = (1u << CW_FEATURE_COUNT) - 1u,
    .refused = CW_FEATURE_RECURSION | CW_FEATURE_INDIRECT_CALL | CW_FEATURE_POLLING |
               CW_FEATURE_CLOCK | CW_FEATURE_GRID_BARRIER | CW_FEATURE_CHILD_LAUNCH | CW_FEATURE_ATOMIC128 | CW_FEATURE_CLUSTER,
    .refusals = refusals,
    .deviations = deviations,
    .lower = lower,
    .emit = emit,
};
