/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shared.c: shared variables become offsets into the block's shared memory.
 *
 * While a shared variable is still a global, no module-level optimisation may run for a flat-memory target: it would see
 * a variable that one function owns. After this pass there is only arithmetic on the value of "cw.shared_base".
 *
 * Layout: variables are placed first-fit in module order; a variable's offset is the largest end among the kernels that
 * reach it, so that variables of different kernels overlap and a kernel pays only for what it uses. `extern __shared__`
 * arrays all begin at one offset behind every kernel's static part (CUDA C++ Programming Guide "__shared__": all such
 * arrays start at the same address). cw.shared.window, from which shared addresses count, is the base itself.
 *
 * A local variable that begins with addresses of shared variables (`float *buffers[2] = {a, b}`) is copied from a private
 * constant by clang. No constant can hold what differs from block to block, so each function that uses one gets a
 * local variable in its stead, filled on entry.
 */
#include "pass/expand.h"
#include "pass/pass.h"

#include <stdlib.h>
#include <string.h>
#include <llvm-c/Target.h>

struct placement {
    LLVMValueRef variable;
    uint64_t offset;
};

struct layout {
    struct placement *placements;
    size_t count, capacity;
    const struct cw_reach *reach;
    bool *kernels; /* scratch: which functions are kernels that reach the variable at hand */
};

static uint32_t align_up(uint32_t value, uint32_t align) {
    return (value + align - 1) / align * align;
}

static void note_kernels(LLVMValueRef function, void *context) {
    struct layout *layout = context;
    const struct cw_reach *reach = layout->reach;
    size_t user = cw_reach_index(reach, function);
    for (size_t k = 0; k < reach->count && user != (size_t)-1; k++)
        if (cw_is_kernel(reach->functions[k]) && reach->reached[k * reach->count + user]) layout->kernels[k] = true;
}

static void place_all(struct layout *layout, LLVMModuleRef llvm, struct cw_shared_layout *result) {
    size_t n = layout->reach->count;
    LLVMTargetDataRef data = LLVMGetModuleDataLayout(llvm);
    uint32_t *ends = cw_alloc_array(n + 1, sizeof *ends);
    uint32_t highest = 0, dynamic_align = 16;
    layout->kernels = cw_alloc_array(n + 1, sizeof *layout->kernels);
    for (LLVMValueRef g = LLVMGetFirstGlobal(llvm); g; g = LLVMGetNextGlobal(g)) {
        if (LLVMGetPointerAddressSpace(LLVMTypeOf(g)) != CW_SPACE_SHARED) continue;
        uint32_t align = LLVMGetAlignment(g) ? LLVMGetAlignment(g) : 16;
        layout->placements = cw_grow(layout->placements, layout->count, &layout->capacity, sizeof *layout->placements);
        struct placement *placement = &layout->placements[layout->count++];
        *placement = (struct placement){g, 0};
        if (LLVMIsDeclaration(g)) {
            if (align > dynamic_align) dynamic_align = align;
            continue;
        }
        memset(layout->kernels, 0, n * sizeof *layout->kernels);
        cw_for_each_using_function(g, note_kernels, layout);
        uint32_t offset = 0;
        for (size_t k = 0; k < n; k++)
            if (layout->kernels[k] && ends[k] > offset) offset = ends[k];
        offset = align_up(offset, align);
        uint32_t end = offset + (uint32_t)LLVMABISizeOfType(data, LLVMGlobalGetValueType(g));
        for (size_t k = 0; k < n; k++) {
            if (!layout->kernels[k]) continue;
            ends[k] = end;
            if (end > highest) highest = end;
        }
        placement->offset = offset;
    }
    result->dynamic_offset = align_up(highest, dynamic_align);
    for (size_t i = 0; i < layout->count; i++)
        if (LLVMIsDeclaration(layout->placements[i].variable)) layout->placements[i].offset = result->dynamic_offset;
    result->kernel_count = 0;
    result->kernel_ends = cw_alloc_array(n + 1, sizeof *result->kernel_ends);
    for (size_t k = 0; k < n; k++)
        if (cw_is_kernel(layout->reach->functions[k])) result->kernel_ends[result->kernel_count++] = ends[k];
    free(layout->kernels);
    free(ends);
}

struct rewriter {
    const struct layout *layout;
    LLVMModuleRef llvm;
    struct cw_expansion expansion;
    LLVMValueRef function;
    LLVMValueRef base; /* the function's shared base, NULL until needed */
    /* Local stand-ins of private constants, as pairs of constant and variable. */
    LLVMValueRef (*tables)[2];
    size_t table_count, table_capacity;
};

static bool is_shared_global(LLVMValueRef value) {
    return LLVMGetPointerAddressSpace(LLVMTypeOf(value)) == CW_SPACE_SHARED;
}

static bool is_replaced(void *context, LLVMValueRef variable) {
    const struct rewriter *rewriter = context;
    if (is_shared_global(variable)) return true;
    return cw_is_shared_table(variable) && LLVMGetInitializer(variable) && cw_is_expanded(&rewriter->expansion, LLVMGetInitializer(variable));
}

static LLVMValueRef shared_base(struct rewriter *rewriter) {
    if (rewriter->base) return rewriter->base;
    LLVMContextRef context = LLVMGetModuleContext(rewriter->llvm);
    LLVMTypeRef type = LLVMFunctionType(LLVMPointerTypeInContext(context, 0), NULL, 0, 0);
    LLVMValueRef getter = LLVMGetNamedFunction(rewriter->llvm, CW_SHARED_BASE);
    if (!getter) {
        getter = LLVMAddFunction(rewriter->llvm, CW_SHARED_BASE, type);
        static const char *const attributes[] = {"nounwind", "willreturn", "speculatable", "nosync", "memory"};
        for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++) cw_add_attribute(getter, attributes[i], 0);
    }
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(context);
    LLVMPositionBuilderBefore(builder, LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(rewriter->function)));
    rewriter->base = LLVMBuildCall2(builder, type, getter, NULL, 0, "shared");
    LLVMDisposeBuilder(builder);
    return rewriter->base;
}

static LLVMValueRef variable_address(struct rewriter *rewriter, LLVMValueRef variable) {
    uint64_t offset = 0;
    for (size_t i = 0; i < rewriter->layout->count; i++)
        if (rewriter->layout->placements[i].variable == variable) offset = rewriter->layout->placements[i].offset;
    LLVMContextRef context = LLVMGetModuleContext(rewriter->llvm);
    LLVMValueRef index = LLVMConstInt(LLVMInt64TypeInContext(context), offset, 0);
    return LLVMBuildInBoundsGEP2(rewriter->expansion.builder, LLVMInt8TypeInContext(context), shared_base(rewriter), &index, 1, "");
}

/* The local variable of the function at hand that stands for the private constant `table`. */
static LLVMValueRef local_table(struct rewriter *rewriter, LLVMValueRef table) {
    for (size_t i = 0; i < rewriter->table_count; i++)
        if (rewriter->tables[i][0] == table) return rewriter->tables[i][1];
    LLVMBuilderRef outer = rewriter->expansion.builder;
    LLVMValueRef base = shared_base(rewriter);
    rewriter->expansion.builder = LLVMCreateBuilderInContext(LLVMGetModuleContext(rewriter->llvm));
    LLVMPositionBuilderBefore(rewriter->expansion.builder, LLVMGetNextInstruction(base));
    LLVMValueRef local = LLVMBuildAlloca(rewriter->expansion.builder, LLVMGlobalGetValueType(table), "");
    LLVMSetAlignment(local, LLVMGetAlignment(table) ? LLVMGetAlignment(table) : 16);
    LLVMBuildStore(rewriter->expansion.builder, cw_expand(&rewriter->expansion, LLVMGetInitializer(table)), local);
    LLVMDisposeBuilder(rewriter->expansion.builder);
    rewriter->expansion.builder = outer;
    rewriter->tables = cw_grow(rewriter->tables, rewriter->table_count, &rewriter->table_capacity, sizeof *rewriter->tables);
    rewriter->tables[rewriter->table_count][0] = table;
    rewriter->tables[rewriter->table_count++][1] = local;
    return local;
}

static LLVMValueRef address(void *context, LLVMValueRef variable) {
    return is_shared_global(variable) ? variable_address(context, variable) : local_table(context, variable);
}

/* cw.shared.window is the base. */
static bool replace_windows(struct rewriter *rewriter) {
    bool progress = false;
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(rewriter->function); block; block = LLVMGetNextBasicBlock(block)) {
        for (LLVMValueRef i = LLVMGetFirstInstruction(block), next; i; i = next) {
            next = LLVMGetNextInstruction(i);
            if (!LLVMIsACallInst(i) || cw_called_intrinsic(i) != CW_INTRINSIC_SHARED_WINDOW) continue;
            LLVMReplaceAllUsesWith(i, shared_base(rewriter));
            LLVMInstructionEraseFromParent(i);
            progress = true;
        }
    }
    return progress;
}

/* A generic pointer that was cast to the shared space and back is itself. */
static void fold_casts(LLVMValueRef function) {
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block; block = LLVMGetNextBasicBlock(block)) {
        for (LLVMValueRef i = LLVMGetFirstInstruction(block), next; i; i = next) {
            next = LLVMGetNextInstruction(i);
            if (!LLVMIsAAddrSpaceCastInst(i)) continue;
            LLVMValueRef source = LLVMGetOperand(i, 0);
            if (LLVMIsAAddrSpaceCastInst(source)) source = LLVMGetOperand(source, 0);
            if (LLVMTypeOf(source) == LLVMTypeOf(i)) LLVMReplaceAllUsesWith(i, source);
        }
    }
    for (LLVMBasicBlockRef block = LLVMGetLastBasicBlock(function); block; block = LLVMGetPreviousBasicBlock(block)) {
        for (LLVMValueRef i = LLVMGetLastInstruction(block), previous; i; i = previous) {
            previous = LLVMGetPreviousInstruction(i);
            if (LLVMIsAAddrSpaceCastInst(i) && !LLVMGetFirstUse(i)) LLVMInstructionEraseFromParent(i);
        }
    }
}

void cw_shared_layout_fini(struct cw_shared_layout *layout) {
    free(layout->kernel_ends);
    *layout = (struct cw_shared_layout){0};
}

bool cw_pass_shared(LLVMModuleRef llvm, struct cw_shared_layout *result) {
    struct cw_reach reach;
    cw_reach_build(&reach, llvm);
    struct layout layout = {.reach = &reach};
    place_all(&layout, llvm, result);

    bool progress = false;
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(LLVMGetModuleContext(llvm));
    for (size_t i = 0; i < reach.count; i++) {
        struct rewriter rewriter = {.layout = &layout, .llvm = llvm, .function = reach.functions[i]};
        rewriter.expansion = (struct cw_expansion){builder, is_replaced, address, &rewriter};
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(reach.functions[i]); block; block = LLVMGetNextBasicBlock(block))
            for (LLVMValueRef instruction = LLVMGetFirstInstruction(block); instruction; instruction = LLVMGetNextInstruction(instruction))
                progress |= cw_expand_operands(&rewriter.expansion, instruction);
        progress |= replace_windows(&rewriter);
        fold_casts(reach.functions[i]);
        free(rewriter.tables);
    }
    for (size_t i = 0; i < layout.count; i++) {
        LLVMValueRef variable = layout.placements[i].variable;
        if (!LLVMGetFirstUse(variable)) LLVMDeleteGlobal(variable);
        else if (!LLVMIsDeclaration(variable)) LLVMSetLinkage(variable, LLVMInternalLinkage); /* held by constants that nothing uses */
    }
    LLVMDisposeBuilder(builder);
    free(layout.placements);
    cw_reach_fini(&reach);
    return progress;
}
