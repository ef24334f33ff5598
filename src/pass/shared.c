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
 * arrays start at the same address).
 */
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

static void place_all(struct layout *layout, LLVMModuleRef llvm, uint32_t *dynamic_offset) {
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
        for (size_t k = 0; k < n; k++)
            if (layout->kernels[k]) ends[k] = end;
        if (end > highest) highest = end;
        placement->offset = offset;
    }
    *dynamic_offset = align_up(highest, dynamic_align);
    for (size_t i = 0; i < layout->count; i++)
        if (LLVMIsDeclaration(layout->placements[i].variable)) layout->placements[i].offset = *dynamic_offset;
    free(layout->kernels);
    free(ends);
}

struct rewriter {
    const struct layout *layout;
    LLVMModuleRef llvm;
    LLVMBuilderRef builder;
    LLVMValueRef base; /* the function's shared base, NULL until needed */
    LLVMValueRef function;
};

static bool is_shared_global(LLVMValueRef value) {
    return LLVMIsAGlobalVariable(value) && LLVMGetPointerAddressSpace(LLVMTypeOf(value)) == CW_SPACE_SHARED;
}

static bool depends_on_shared(LLVMValueRef value) {
    if (is_shared_global(value)) return true;
    if (!LLVMIsAConstantExpr(value) && !LLVMIsAConstantVector(value)) return false;
    int operands = LLVMGetNumOperands(value);
    for (int i = 0; i < operands; i++)
        if (depends_on_shared(LLVMGetOperand(value, (unsigned)i))) return true;
    return false;
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

/* The instructions, at the builder's place, that compute what the constant `value` stands for. */
static LLVMValueRef expand(struct rewriter *rewriter, LLVMValueRef value) {
    LLVMBuilderRef builder = rewriter->builder;
    if (is_shared_global(value)) {
        uint64_t offset = 0;
        for (size_t i = 0; i < rewriter->layout->count; i++)
            if (rewriter->layout->placements[i].variable == value) offset = rewriter->layout->placements[i].offset;
        LLVMContextRef context = LLVMGetModuleContext(rewriter->llvm);
        LLVMValueRef index = LLVMConstInt(LLVMInt64TypeInContext(context), offset, 0);
        return LLVMBuildInBoundsGEP2(builder, LLVMInt8TypeInContext(context), shared_base(rewriter), &index, 1, "");
    }
    if (!depends_on_shared(value)) return value;
    LLVMOpcode opcode = LLVMGetConstOpcode(value);
    int operands = LLVMGetNumOperands(value);
    LLVMValueRef *parts = cw_alloc_array((size_t)operands, sizeof *parts);
    for (int i = 0; i < operands; i++) parts[i] = expand(rewriter, LLVMGetOperand(value, (unsigned)i));
    LLVMValueRef result;
    switch (opcode) {
    case LLVMAddrSpaceCast:
    case LLVMBitCast: result = parts[0]; break;
    case LLVMGetElementPtr:
        result = LLVMBuildGEP2(builder, LLVMGetGEPSourceElementType(value), parts[0], parts + 1, (unsigned)operands - 1, "");
        LLVMSetIsInBounds(result, LLVMIsInBounds(value));
        break;
    case LLVMPtrToInt:
    case LLVMIntToPtr:
    case LLVMTrunc: result = LLVMBuildCast(builder, opcode, parts[0], LLVMTypeOf(value), ""); break;
    default: result = LLVMBuildBinOp(builder, opcode, parts[0], parts[1], ""); break;
    }
    free(parts);
    return result;
}

static bool rewrite_instruction(struct rewriter *rewriter, LLVMValueRef instruction) {
    bool progress = false;
    int operands = LLVMGetNumOperands(instruction);
    for (int i = 0; i < operands; i++) {
        LLVMValueRef operand = LLVMGetOperand(instruction, (unsigned)i);
        if (!LLVMIsAConstant(operand) || !depends_on_shared(operand)) continue;
        if (LLVMIsAPHINode(instruction))
            LLVMPositionBuilderBefore(rewriter->builder, LLVMGetBasicBlockTerminator(LLVMGetIncomingBlock(instruction, (unsigned)i)));
        else
            LLVMPositionBuilderBefore(rewriter->builder, instruction);
        LLVMSetOperand(instruction, (unsigned)i, expand(rewriter, operand));
        progress = true;
    }
    return progress;
}

bool cw_pass_shared(LLVMModuleRef llvm, struct cw_shared_layout *result) {
    struct cw_reach reach;
    cw_reach_build(&reach, llvm);
    struct layout layout = {.reach = &reach};
    place_all(&layout, llvm, &result->dynamic_offset);

    bool progress = false;
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(LLVMGetModuleContext(llvm));
    for (size_t i = 0; i < reach.count; i++) {
        struct rewriter rewriter = {.layout = &layout, .llvm = llvm, .builder = builder, .function = reach.functions[i]};
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(reach.functions[i]); block; block = LLVMGetNextBasicBlock(block)) {
            for (LLVMValueRef instruction = LLVMGetFirstInstruction(block), next; instruction; instruction = next) {
                next = LLVMGetNextInstruction(instruction);
                progress |= rewrite_instruction(&rewriter, instruction);
                /* A cast of the variable itself is now a cast from the generic space to itself. */
                if (LLVMIsAAddrSpaceCastInst(instruction) && LLVMTypeOf(instruction) == LLVMTypeOf(LLVMGetOperand(instruction, 0))) {
                    LLVMReplaceAllUsesWith(instruction, LLVMGetOperand(instruction, 0));
                    LLVMInstructionEraseFromParent(instruction);
                }
            }
        }
    }
    for (size_t i = 0; i < layout.count; i++)
        if (!LLVMGetFirstUse(layout.placements[i].variable)) LLVMDeleteGlobal(layout.placements[i].variable);
    LLVMDisposeBuilder(builder);
    free(layout.placements);
    cw_reach_fini(&reach);
    return progress;
}
