/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gathers.c: gathers and scatters of bytes and 16-bit words, which no instruction set but RISC-V's does, lane by lane.
 *
 * LLVM would do so in the code generator, with a branch a lane where the mask is not known: 16 lanes of a hash function's
 * state are thousands of blocks, and compiling them took a minute. Lanes that are off here access a place of their own on the
 * stack instead, so that there are no branches. Where a function has many such accesses to the threads' own arrays they are
 * calls, which keeps it small; faults can't come from there, so that no line is lost.
 *
 * Of any elements, gathers and scatters of one or two lanes that are known become accesses.
 */
#include <stdio.h>
#include <string.h>

#include "target/cpu/cpu.h"

#define CALLS_FROM 64u /* so many accesses in one function */
#define SPARE_ALIGN 64u
#define FEW_LANES 2

struct access {
    LLVMValueRef call, pointers, mask, value; /* `value`: what a gather has in lanes that are off, or what a scatter stores */
    bool scatter;
    unsigned align;
};

/* True for an access of narrow elements; `call` is NULL for what is no gather or scatter. */
static bool read_access(LLVMValueRef i, struct access *access) {
    LLVMValueRef callee = LLVMIsACallInst(i) ? LLVMGetCalledValue(i) : NULL;
    size_t length;
    const char *name = callee && LLVMIsAFunction(callee) ? LLVMGetValueName2(callee, &length) : "";
    access->call = NULL;
    bool gather = strncmp(name, "llvm.masked.gather.v", 20) == 0;
    access->scatter = strncmp(name, "llvm.masked.scatter.v", 21) == 0;
    if (!gather && !access->scatter) return false;
    access->call = i;
    access->pointers = LLVMGetOperand(i, access->scatter ? 1 : 0);
    access->mask = LLVMGetOperand(i, access->scatter ? 2 : 1);
    access->value = LLVMGetOperand(i, access->scatter ? 0 : 2);
    LLVMTypeRef type = LLVMTypeOf(access->value), element = LLVMGetElementType(type);
    LLVMTypeKind kind = LLVMGetTypeKind(element);
    bool narrow = (kind == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(element) <= 16) || kind == LLVMHalfTypeKind || kind == LLVMBFloatTypeKind;
    access->align = 1;
    return narrow && LLVMGetTypeKind(type) == LLVMVectorTypeKind && !(kind == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(element) < 8);
}

static bool is_all_ones(LLVMValueRef mask) {
    if (!LLVMIsAConstant(mask)) return false;
    for (unsigned lane = 0; lane < LLVMGetVectorSize(LLVMTypeOf(mask)); lane++) {
        LLVMValueRef on = LLVMGetAggregateElement(mask, lane);
        if (!on || !LLVMIsAConstantInt(on) || !LLVMConstIntGetZExtValue(on)) return false;
    }
    return true;
}

/* The thread's own memory: an alloca, perhaps with what lanes add to it. */
static bool is_private(LLVMValueRef pointers) {
    for (;;) {
        if (LLVMIsAGetElementPtrInst(pointers)) pointers = LLVMGetOperand(pointers, 0);
        else return LLVMIsAAllocaInst(pointers) != NULL;
    }
}

/* Builds the access at `builder` and returns a gather's result. `spare` is memory that any lane may access. */
static LLVMValueRef build(LLVMBuilderRef builder, LLVMContextRef context, const struct access *access, LLVMValueRef spare) {
    LLVMTypeRef type = LLVMTypeOf(access->value), element = LLVMGetElementType(type), i32 = LLVMInt32TypeInContext(context);
    LLVMValueRef pointers = access->pointers, result = LLVMGetPoison(type);
    unsigned lanes = LLVMGetVectorSize(type);
    bool whole = is_all_ones(access->mask);
    for (unsigned lane = 0; lane < lanes; lane++) {
        LLVMValueRef index = LLVMConstInt(i32, lane, 0), at = LLVMBuildExtractElement(builder, pointers, index, "");
        if (!whole) at = LLVMBuildSelect(builder, LLVMBuildExtractElement(builder, access->mask, index, ""), at, spare, "");
        if (access->scatter) {
            LLVMSetAlignment(LLVMBuildStore(builder, LLVMBuildExtractElement(builder, access->value, index, ""), at), access->align);
        } else {
            LLVMValueRef load = LLVMBuildLoad2(builder, element, at, "");
            LLVMSetAlignment(load, access->align);
            result = LLVMBuildInsertElement(builder, result, load, index, "");
        }
    }
    bool keeps = !access->scatter && !whole && !LLVMIsUndef(access->value);
    return keeps ? LLVMBuildSelect(builder, access->mask, result, access->value, "") : result;
}

static LLVMValueRef make_spare(LLVMBuilderRef builder, LLVMContextRef context) {
    LLVMValueRef spare = LLVMBuildAlloca(builder, LLVMArrayType2(LLVMInt8TypeInContext(context), SPARE_ALIGN), "");
    LLVMSetAlignment(spare, SPARE_ALIGN);
    return spare;
}

static void copy_attribute(LLVMValueRef to, LLVMValueRef from, const char *name) {
    LLVMAttributeRef attribute = LLVMGetStringAttributeAtIndex(from, (LLVMAttributeIndex)LLVMAttributeFunctionIndex, name, (unsigned)strlen(name));
    if (attribute) LLVMAddAttributeAtIndex(to, (LLVMAttributeIndex)LLVMAttributeFunctionIndex, attribute);
}

/* The function that does accesses of this kind for `caller`, made when there is none. */
static LLVMValueRef function_for(LLVMModuleRef llvm, LLVMValueRef caller, const struct access *access) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    LLVMTypeRef type = LLVMTypeOf(access->value), none = LLVMVoidTypeInContext(context);
    LLVMTypeRef params[3] = {type, LLVMTypeOf(access->pointers), LLVMTypeOf(access->mask)};
    size_t length;
    char name[96];
    snprintf(name, sizeof name, "cw.%s%s", LLVMGetValueName2(LLVMGetCalledValue(access->call), &length) + 5, is_all_ones(access->mask) ? ".whole" : "");
    LLVMValueRef function = LLVMGetNamedFunction(llvm, name);
    if (function) return function;
    function = LLVMAddFunction(llvm, name, LLVMFunctionType(access->scatter ? none : type, params, 3, 0));
    LLVMSetLinkage(function, LLVMInternalLinkage);
    cw_add_attribute(function, "noinline", 0);
    cw_add_attribute(function, "nounwind", 0);
    copy_attribute(function, caller, "target-cpu");
    copy_attribute(function, caller, "target-features");
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(context);
    LLVMPositionBuilderAtEnd(builder, LLVMAppendBasicBlockInContext(context, function, "entry"));
    struct access inside = *access;
    inside.value = LLVMGetParam(function, 0);
    inside.pointers = LLVMGetParam(function, 1);
    if (!is_all_ones(access->mask)) inside.mask = LLVMGetParam(function, 2);
    LLVMValueRef result = build(builder, context, &inside, make_spare(builder, context));
    if (access->scatter) {
        LLVMBuildRetVoid(builder);
    } else {
        LLVMBuildRet(builder, result);
    }
    LLVMDisposeBuilder(builder);
    return function;
}

static unsigned count_accesses(LLVMValueRef function) {
    struct access access;
    unsigned count = 0;
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) count += read_access(i, &access);
    return count;
}

static void replace(LLVMModuleRef llvm, LLVMBuilderRef builder, LLVMValueRef function, const struct access *access, bool many, LLVMValueRef *spare) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    LLVMValueRef result;
    if (many && is_private(access->pointers)) {
        LLVMValueRef callee = function_for(llvm, function, access), arguments[3] = {access->value, access->pointers, access->mask};
        LLVMPositionBuilderBefore(builder, access->call);
        result = LLVMBuildCall2(builder, LLVMGlobalGetValueType(callee), callee, arguments, 3, "");
    } else {
        if (!*spare) {
            LLVMValueRef first = LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(function));
            LLVMPositionBuilderBefore(builder, first);
            *spare = make_spare(builder, context);
        }
        LLVMPositionBuilderBefore(builder, access->call);
        result = build(builder, context, access, *spare);
    }
    if (!access->scatter) LLVMReplaceAllUsesWith(access->call, result);
    LLVMInstructionEraseFromParent(access->call);
}

/* ---- Few lanes ---- */

/* The lanes that are on, bit by bit; false unless that is known and they are few. */
static bool few_lanes(LLVMValueRef mask, uint64_t *lanes) {
    *lanes = 0;
    if (!LLVMIsAConstant(mask) || LLVMGetTypeKind(LLVMTypeOf(mask)) != LLVMVectorTypeKind || LLVMGetVectorSize(LLVMTypeOf(mask)) > 64) return false;
    for (unsigned lane = 0; lane < LLVMGetVectorSize(LLVMTypeOf(mask)); lane++) {
        LLVMValueRef on = LLVMGetAggregateElement(mask, lane);
        if (!on || !LLVMIsAConstantInt(on)) return false;
        *lanes |= LLVMConstIntGetZExtValue(on) << lane;
    }
    return __builtin_popcountll(*lanes) <= FEW_LANES;
}

static unsigned align_of(LLVMValueRef call, unsigned argument) {
    LLVMAttributeRef align = LLVMGetCallSiteEnumAttribute(call, argument + 1, cw_attribute_kind("align"));
    return align ? (unsigned)LLVMGetEnumAttributeValue(align) : 1;
}

/* A scatter or gather of one or two lanes that are known (a warp's first one stores the warp's sum) is as many accesses. */
static bool take_few_lanes(LLVMBuilderRef builder, LLVMValueRef call) {
    struct access access;
    uint64_t on;
    (void)read_access(call, &access);
    if (!access.call || !few_lanes(access.mask, &on)) return false;
    LLVMTypeRef type = LLVMTypeOf(access.value), i32 = LLVMInt32TypeInContext(LLVMGetTypeContext(type));
    LLVMValueRef result = access.value;
    LLVMPositionBuilderBefore(builder, call);
    for (unsigned lane = 0; lane < LLVMGetVectorSize(type); lane++) {
        LLVMValueRef index = LLVMConstInt(i32, lane, 0), at, part;
        if (!(on >> lane & 1)) continue;
        at = LLVMBuildExtractElement(builder, access.pointers, index, "");
        part = access.scatter ? LLVMBuildStore(builder, LLVMBuildExtractElement(builder, access.value, index, ""), at)
                              : LLVMBuildLoad2(builder, LLVMGetElementType(type), at, "");
        LLVMSetAlignment(part, align_of(call, access.scatter ? 1 : 0));
        if (!access.scatter) result = LLVMBuildInsertElement(builder, result, part, index, "");
    }
    if (!access.scatter) LLVMReplaceAllUsesWith(call, result);
    LLVMInstructionEraseFromParent(call);
    return true;
}

static bool take_all_few_lanes(LLVMBuilderRef builder, LLVMValueRef function) {
    bool changed = false;
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block), next; i; i = next) {
            next = LLVMGetNextInstruction(i);
            changed |= take_few_lanes(builder, i);
        }
    return changed;
}

bool cw_cpu_narrow_gathers(LLVMModuleRef llvm) {
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(LLVMGetModuleContext(llvm));
    struct access access;
    bool changed = false;
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        changed |= take_all_few_lanes(builder, f);
        unsigned count = count_accesses(f);
        LLVMValueRef spare = NULL;
        changed |= count > 0;
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); count > 0 && block; block = LLVMGetNextBasicBlock(block))
            for (LLVMValueRef i = LLVMGetFirstInstruction(block), next; i; i = next) {
                next = LLVMGetNextInstruction(i);
                if (read_access(i, &access)) replace(llvm, builder, f, &access, count >= CALLS_FROM, &spare);
            }
    }
    LLVMDisposeBuilder(builder);
    return changed;
}
