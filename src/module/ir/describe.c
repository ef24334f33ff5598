/* SPDX-License-Identifier: Apache-2.0 */
/*
 * describe.c: the kernel table of a module.
 *
 * Parameters are described by the source's layout. In NVPTX's ABI clang passes every scalar parameter of a kernel as
 * one LLVM argument and every class as `byval`, so the layout is the arguments' own: sizes and alignments of the device
 * data layout, packed in order (the order and padding that cuLaunchKernel's parameter buffer has).
 */
#include "module/ir/ir.h"

#include <llvm-c/DebugInfo.h>
#include <llvm-c/Target.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t align_up(uint32_t value, uint32_t align) {
    return (value + align - 1) / align * align;
}

static void describe_parameters(struct cw_kernel *kernel, LLVMValueRef function, LLVMTargetDataRef layout, struct cw_arena *arena) {
    uint32_t count = LLVMCountParams(function), offset = 0;
    struct cw_parameter *params = cw_arena_alloc(arena, (count + 1) * sizeof *params);
    for (uint32_t i = 0; i < count; i++) {
        LLVMTypeRef type = LLVMTypeOf(LLVMGetParam(function, i));
        LLVMAttributeRef byval = LLVMGetEnumAttributeAtIndex(function, i + 1, cw_attribute_kind("byval"));
        LLVMAttributeRef align = LLVMGetEnumAttributeAtIndex(function, i + 1, cw_attribute_kind("align"));
        if (byval) type = LLVMGetTypeAttributeValue(byval);
        params[i].size = (uint32_t)LLVMABISizeOfType(layout, type);
        params[i].align = byval && align ? (uint32_t)LLVMGetEnumAttributeValue(align) : LLVMABIAlignmentOfType(layout, type);
        params[i].offset = offset = align_up(offset, params[i].align);
        offset += params[i].size;
    }
    kernel->params = params;
    kernel->param_count = count;
    kernel->param_bytes = offset;
}

/* The numbers of "256" or "16,16,1"; how many they are, 0 without the attribute. What isn't said is 1. */
static unsigned attribute_numbers(LLVMValueRef function, const char *name, uint32_t numbers[3]) {
    numbers[0] = numbers[1] = numbers[2] = 1;
    LLVMAttributeRef attribute = LLVMGetStringAttributeAtIndex(function, CW_FUNCTION_INDEX, name, (unsigned)strlen(name));
    if (!attribute) return 0;
    unsigned length, count = 0;
    const char *text = LLVMGetStringAttributeValue(attribute, &length);
    for (const char *end = text + length; text < end && count < 3; text++) {
        numbers[count++] = (uint32_t)strtoul(text, (char **)&text, 10);
        if (text >= end || *text != ',') break;
    }
    return count;
}

static uint32_t attribute_product(LLVMValueRef function, const char *name) {
    uint32_t numbers[3];
    return attribute_numbers(function, name, numbers) ? numbers[0] * numbers[1] * numbers[2] : 0;
}

static void describe_cluster(struct cw_kernel *kernel, LLVMValueRef function) {
    uint32_t blocks[3];
    kernel->cluster_max = attribute_product(function, "nvvm.maxclusterrank");
    kernel->cluster_needed = LLVMGetStringAttributeAtIndex(function, CW_FUNCTION_INDEX, CW_CLUSTER_NEEDED, sizeof CW_CLUSTER_NEEDED - 1) != NULL;
    if (!attribute_numbers(function, "nvvm.cluster_dim", blocks)) return;
    kernel->cluster = (struct cw_dim3){blocks[0], blocks[1], blocks[2]};
    if (blocks[0] > 1 || blocks[1] > 1 || blocks[2] > 1) kernel->features |= CW_FEATURE_CLUSTER;
}

struct shared_use {
    const struct cw_reach *reach;
    const char *kernel_row; /* which functions the kernel reaches */
    bool used;
};

static void note_shared_use(LLVMValueRef function, void *context) {
    struct shared_use *use = context;
    size_t index = cw_reach_index(use->reach, function);
    if (index != (size_t)-1 && use->kernel_row[index]) use->used = true;
}

static void describe_shared(struct cw_kernel *kernel, LLVMModuleRef llvm, LLVMTargetDataRef layout, const struct cw_reach *reach,
                            size_t index) {
    kernel->shared_align = 1;
    for (LLVMValueRef g = LLVMGetFirstGlobal(llvm); g; g = LLVMGetNextGlobal(g)) {
        if (LLVMGetPointerAddressSpace(LLVMTypeOf(g)) != CW_SPACE_SHARED) continue;
        struct shared_use use = {reach, (const char *)&reach->reached[index * reach->count], false};
        cw_for_each_using_function(g, note_shared_use, &use);
        if (!use.used) continue;
        uint32_t align = LLVMGetAlignment(g) ? LLVMGetAlignment(g) : 16;
        if (align > kernel->shared_align) kernel->shared_align = align;
        kernel->features |= LLVMIsDeclaration(g) ? CW_FEATURE_DYNAMIC_SHARED : CW_FEATURE_SHARED;
        if (LLVMIsDeclaration(g)) continue;
        kernel->static_shared = align_up(kernel->static_shared, align) + (uint32_t)LLVMABISizeOfType(layout, LLVMGlobalGetValueType(g));
    }
}

static void describe_kernel(struct cw_kernel *kernel, LLVMModuleRef llvm, LLVMValueRef function, LLVMTargetDataRef layout,
                            const struct cw_reach *reach, struct cw_arena *arena) {
    size_t index = cw_reach_index(reach, function);
    kernel->name = cw_arena_strdup(arena, cw_value_name(function));
    kernel->source = "";
    LLVMMetadataRef subprogram = LLVMGetSubprogram(function);
    if (subprogram) {
        unsigned length = 0, directory_length = 0;
        LLVMMetadataRef file = LLVMDIScopeGetFile(subprogram);
        const char *name = file ? LLVMDIFileGetFilename(file, &length) : "";
        const char *directory = file ? LLVMDIFileGetDirectory(file, &directory_length) : "";
        char *path = cw_source_path(directory, directory_length, name, length);
        kernel->source = cw_arena_strdup(arena, path);
        free(path);
        kernel->line = LLVMDISubprogramGetLine(subprogram);
    }
    kernel->features = reach->features[index];
    kernel->max_threads = attribute_product(function, "nvvm.maxntid");
    kernel->min_blocks = attribute_product(function, "nvvm.minctasm");
    describe_cluster(kernel, function);
    describe_parameters(kernel, function, layout, arena);
    describe_shared(kernel, llvm, layout, reach, index);
}

void cw_module_describe(LLVMModuleRef llvm, struct cw_table *table, struct cw_arena *arena) {
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(llvm);
    struct cw_reach reach;
    cw_reach_build(&reach, llvm);

    memset(table, 0, sizeof *table);
    for (size_t i = 0; i < reach.count; i++) table->kernel_count += cw_is_kernel(reach.functions[i]);
    table->kernels = cw_arena_alloc(arena, (table->kernel_count + 1) * sizeof *table->kernels);
    uint32_t row = 0;
    for (size_t i = 0; i < reach.count; i++)
        if (cw_is_kernel(reach.functions[i]))
            describe_kernel(&table->kernels[row++], llvm, reach.functions[i], layout, &reach, arena);

    uint32_t globals = 0;
    for (LLVMValueRef g = LLVMGetFirstGlobal(llvm); g; g = LLVMGetNextGlobal(g)) globals++;
    table->variables = cw_arena_alloc(arena, (globals + 1) * sizeof *table->variables);
    for (LLVMValueRef g = LLVMGetFirstGlobal(llvm); g; g = LLVMGetNextGlobal(g)) {
        /* clang marks the variables that the host may see (__device__ and __constant__) as externally initialised. */
        if (!LLVMIsExternallyInitialized(g) || LLVMIsDeclaration(g)) continue;
        struct cw_variable *variable = &table->variables[table->variable_count++];
        variable->name = cw_arena_strdup(arena, cw_value_name(g));
        variable->size = LLVMABISizeOfType(layout, LLVMGlobalGetValueType(g));
        variable->align = LLVMGetAlignment(g) ? LLVMGetAlignment(g) : 1;
        variable->managed = cw_is_managed(g);
        variable->reference = (uint32_t)cw_reference_of(llvm, g);
        variable->constant = LLVMGetPointerAddressSpace(LLVMTypeOf(g)) == CW_SPACE_CONSTANT;
    }
    cw_reach_fini(&reach);
}
