/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vector.c: from a kernel to its widened forms: a copy of the kernel's body for each form, inlined into a function of its own,
 * which the SIMT-to-SIMD compiler (pass/vector) then widens in place. The kernel itself stays for `run`.
 *
 * Lanes: as many as a register holds of 32 bits; 32, a warp, for kernels with warp collectives or old lockstep code.
 */
#include <llvm-c/Transforms/PassBuilder.h>
#include <stdlib.h>
#include <string.h>

#include "target/cpu/cpu.h"
#include "target/cpu/lines.h"

#define WARP 32u

unsigned cw_cpu_lanes(const struct cw_lower_options *options) {
    static const struct {
        const char *feature, *cpu;
        unsigned lanes;
    } levels[] = {{"+avx512f", "x86-64-v4", 16}, {"+avx2", "x86-64-v3", 8}, {"+v,", "", 8}};
    for (size_t k = 0; k < sizeof levels / sizeof levels[0]; k++)
        if (strstr(options->features, levels[k].feature) || strcmp(options->cpu, levels[k].cpu) == 0) return levels[k].lanes;
    return 4;
}

/* ---- Parameters of class type ---- */

/* True if what `pointer` points to is only read, and its address kept nowhere. */
static bool is_only_read(LLVMValueRef pointer) {
    for (LLVMUseRef use = LLVMGetFirstUse(pointer); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        if (LLVMIsALoadInst(user)) continue;
        if (LLVMIsAGetElementPtrInst(user) && is_only_read(user)) continue;
        LLVMValueRef callee = LLVMIsACallInst(user) ? cw_called_function(user) : NULL;
        bool copies_from = callee && strncmp(cw_value_name(callee), "llvm.memcpy.", 12) == 0 && LLVMGetOperand(user, 1) == pointer &&
                           LLVMGetOperand(user, 0) != pointer;
        if (!copies_from) return false;
    }
    return true;
}

/* True of what the source calls __grid_constant__: the grid has one such object, whose address threads may compare and keep. */
static bool is_grid_constant(LLVMValueRef kernel, unsigned parameter) {
    static const char name[] = "nvvm.grid_constant";
    return LLVMGetStringAttributeAtIndex(kernel, parameter + 1, name, sizeof name - 1) != NULL;
}

/* A class passed by value needs a copy of its own in every thread only where threads write to it. */
static void pass_by_address(LLVMValueRef kernel) {
    LLVMContextRef context = LLVMGetModuleContext(LLVMGetGlobalParent(kernel));
    for (unsigned k = 0; k < LLVMCountParams(kernel); k++) {
        if (!LLVMGetEnumAttributeAtIndex(kernel, k + 1, cw_attribute_kind("byval"))) continue;
        if (!is_grid_constant(kernel, k) && !is_only_read(LLVMGetParam(kernel, k))) continue;
        LLVMRemoveEnumAttributeAtIndex(kernel, k + 1, cw_attribute_kind("byval"));
        LLVMAddAttributeAtIndex(kernel, k + 1, LLVMCreateStringAttribute(context, CW_CPU_BY_ADDRESS, sizeof CW_CPU_BY_ADDRESS - 1, "", 0));
        static const char *const facts[] = {"noalias", "readonly"};
        for (size_t f = 0; f < sizeof facts / sizeof facts[0]; f++)
            LLVMAddAttributeAtIndex(kernel, k + 1, LLVMCreateEnumAttribute(context, cw_attribute_kind(facts[f]), 0));
    }
}

/* ---- One form of one kernel ---- */

/* KERNEL.SUFFIX(the kernel's parameters, first, x, y, z), whose body is the kernel's. */
static LLVMValueRef copy_kernel(LLVMModuleRef llvm, LLVMValueRef kernel, const char *suffix, struct cw_cpu_lines *lines) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(context);
    unsigned count = LLVMCountParams(kernel);
    LLVMTypeRef *types = cw_alloc_array(count + 4, sizeof *types);
    LLVMValueRef *arguments = cw_alloc_array(count + 1, sizeof *arguments);
    for (unsigned k = 0; k < count; k++) types[k] = LLVMTypeOf(LLVMGetParam(kernel, k));
    for (unsigned k = 0; k < 4; k++) types[count + k] = LLVMInt32TypeInContext(context);
    char *name = cw_format("%s.%s", cw_value_name(kernel), suffix);
    LLVMValueRef copy = LLVMAddFunction(llvm, name, LLVMFunctionType(LLVMVoidTypeInContext(context), types, count + 4, 0));
    LLVMSetLinkage(copy, LLVMInternalLinkage);
    cw_add_attribute(copy, "nounwind", 0);
    cw_cpu_lines_begin(lines, kernel, copy, builder);
    LLVMPositionBuilderAtEnd(builder, LLVMAppendBasicBlockInContext(context, copy, "entry"));
    for (unsigned k = 0; k < count; k++) arguments[k] = LLVMGetParam(copy, k);
    LLVMValueRef call = LLVMBuildCall2(builder, LLVMGlobalGetValueType(kernel), kernel, arguments, count, "");
    LLVMSetInstructionCallConv(call, LLVMGetFunctionCallConv(kernel));
    for (unsigned k = 0; k < count; k++) {
        LLVMAttributeRef byval = LLVMGetEnumAttributeAtIndex(kernel, k + 1, cw_attribute_kind("byval"));
        if (byval) LLVMAddCallSiteAttribute(call, k + 1, byval);
        static const char *const facts[] = {"noalias", "readonly"};
        for (size_t f = 0; f < sizeof facts / sizeof facts[0]; f++) {
            LLVMAttributeRef fact = LLVMGetEnumAttributeAtIndex(kernel, k + 1, cw_attribute_kind(facts[f]));
            if (fact) LLVMAddAttributeAtIndex(copy, k + 1, fact);
        }
    }
    LLVMBuildRetVoid(builder);
    LLVMDisposeBuilder(builder);
    free(name);
    free(types);
    free(arguments);
    return copy;
}

/* True if the widened function may wait for other groups. */
static bool waits(LLVMValueRef widened) {
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(widened); block; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
            LLVMValueRef callee = LLVMIsACallInst(i) ? cw_called_function(i) : NULL;
            if (!callee) continue;
            enum cw_intrinsic intrinsic = cw_called_intrinsic(i);
            if (strcmp(cw_value_name(callee), CW_VECTOR_BARRIER_VOTE) == 0) return true;
            if (intrinsic != CW_INTRINSIC_COUNT && cw_intrinsics[intrinsic].effects & CW_EFFECT_SUSPENDS) return true;
        }
    return false;
}

static void merge_needs(struct cw_vector_needs *into, const struct cw_vector_needs *from) {
    for (unsigned k = 0; k < 3; k++)
        if (from->block_scale[k] > into->block_scale[k]) into->block_scale[k] = from->block_scale[k];
}

static void inline_copies(LLVMModuleRef llvm) {
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    LLVMErrorRef error = LLVMRunPasses(llvm, "always-inline", NULL, options);
    LLVMDisposePassBuilderOptions(options);
    if (error) LLVMConsumeError(error);
}

static void report(struct cw_text *notes, const struct cw_cpu_entry *entry, const struct cw_text *reasons) {
    if (entry->rows) cw_text_printf(notes, "kernel %s: %u threads at a time\n", entry->kernel->name, entry->lanes);
    else cw_text_printf(notes, "kernel %s: one thread at a time\n", entry->kernel->name);
    cw_text_add(notes, cw_text_string(reasons));
}

/* Widens both forms, or neither. */
static void widen(LLVMModuleRef llvm, const struct cw_reach *reach, struct cw_cpu_entry *entry, LLVMValueRef copies[2], struct cw_text *notes) {
    struct cw_text reasons = {0}, ignored = {0};
    bool widened = true;
    for (unsigned form = 0; form < 2 && widened; form++) {
        struct cw_vector_plan plan = {form ? CW_VECTOR_LINEAR : CW_VECTOR_ROWS, entry->lanes};
        struct cw_vector_needs needs;
        widened = cw_pass_vectorise(llvm, copies[form], reach, &plan, &needs, form && widened ? &ignored : &reasons);
        if (!widened && form) cw_text_add(&reasons, cw_text_string(&ignored));
        if (widened) merge_needs(&entry->needs, &needs);
    }
    if (widened) {
        entry->rows = copies[0];
        entry->linear = copies[1];
        entry->suspends = waits(copies[0]) || waits(copies[1]);
        for (unsigned form = 0; form < 2; form++) cw_add_attribute(copies[form], "alwaysinline", 0);
    } else {
        for (unsigned form = 0; form < 2; form++) LLVMDeleteFunction(copies[form]);
    }
    report(notes, entry, &reasons);
    cw_text_fini(&reasons);
    cw_text_fini(&ignored);
}

void cw_cpu_vectorise(const struct cw_module *module, LLVMModuleRef llvm, struct cw_cpu_entry *entries, unsigned lanes,
                      struct cw_text *notes) {
    uint32_t count = module->table.kernel_count;
    LLVMValueRef(*copies)[2] = cw_alloc_array(count + 1, sizeof *copies);
    struct cw_cpu_lines lines;
    cw_cpu_lines_init(&lines, llvm, &module->table);
    for (uint32_t i = 0; i < count; i++) {
        LLVMValueRef kernel = LLVMGetNamedFunction(llvm, module->table.kernels[i].name);
        pass_by_address(kernel);
        entries[i].kernel = &module->table.kernels[i];
        entries[i].lanes = cw_vector_needs_warps(kernel) ? WARP : lanes;
        copies[i][0] = copy_kernel(llvm, kernel, "rows", &lines);
        copies[i][1] = copy_kernel(llvm, kernel, "linear", &lines);
        cw_add_attribute(kernel, "alwaysinline", 0);
    }
    cw_cpu_lines_fini(&lines);
    inline_copies(llvm);
    struct cw_reach reach;
    cw_reach_build(&reach, llvm);
    for (uint32_t i = 0; i < count; i++) widen(llvm, &reach, &entries[i], copies[i], notes);
    cw_reach_fini(&reach);
    free(copies);
}
