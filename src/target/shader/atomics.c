/* SPDX-License-Identifier: Apache-2.0 */
/*
 * atomics.c: atomics as loops around compare-and-exchange of 32 or 64 bits, which every target has.
 *
 * One function for each operation, type and address space does so; it is inlined. An atomic of 8 or 16 bits is one of the
 * word around it. What is kept: additions, bit operations, exchange, minima and maxima of 32- and 64-bit integers,
 * compare-and-exchange of those, and float additions in global memory where the target has them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target/shader/shader.h"

struct expander {
    LLVMModuleRef llvm;
    LLVMContextRef context;
    LLVMBuilderRef builder;
    LLVMTypeRef i32, i64;
    const struct cw_shader_options *options;
};

static unsigned bits_of(LLVMTypeRef type) {
    switch (LLVMGetTypeKind(type)) {
    case LLVMIntegerTypeKind: return LLVMGetIntTypeWidth(type);
    case LLVMHalfTypeKind:
    case LLVMBFloatTypeKind: return 16;
    case LLVMFloatTypeKind: return 32;
    default: return 64;
    }
}

static bool is_integer_operation(LLVMAtomicRMWBinOp operation) {
    switch (operation) {
    case LLVMAtomicRMWBinOpXchg:
    case LLVMAtomicRMWBinOpAdd:
    case LLVMAtomicRMWBinOpSub:
    case LLVMAtomicRMWBinOpAnd:
    case LLVMAtomicRMWBinOpOr:
    case LLVMAtomicRMWBinOpXor:
    case LLVMAtomicRMWBinOpMax:
    case LLVMAtomicRMWBinOpMin:
    case LLVMAtomicRMWBinOpUMax:
    case LLVMAtomicRMWBinOpUMin: return true;
    default: return false;
    }
}

static bool is_kept(const struct expander *expander, LLVMValueRef atomic) {
    bool is_rmw = LLVMIsAAtomicRMWInst(atomic) != NULL;
    LLVMTypeRef type = LLVMTypeOf(LLVMGetOperand(atomic, is_rmw ? 1 : 2));
    unsigned bits = bits_of(type), space = LLVMGetPointerAddressSpace(LLVMTypeOf(LLVMGetOperand(atomic, 0)));
    if (bits < 32) {
        return false;
    }
    if (!is_rmw || is_integer_operation(LLVMGetAtomicRMWBinOp(atomic))) {
        return true;
    }
    if (LLVMGetAtomicRMWBinOp(atomic) != LLVMAtomicRMWBinOpFAdd || space != CW_SPACE_GLOBAL) {
        return false;
    }
    LLVMTypeKind kind = LLVMGetTypeKind(type);
    return (kind == LLVMFloatTypeKind && expander->options->float32_add) || (kind == LLVMDoubleTypeKind && expander->options->float64_add);
}

/* ---- One step ------------------------------------------------------------------------------------------------- */

static LLVMValueRef choose(LLVMBuilderRef b, LLVMValueRef test, LLVMValueRef yes, LLVMValueRef no) {
    return LLVMBuildSelect(b, test, yes, no, "");
}

static LLVMValueRef call_float(const struct expander *expander, const char *name, LLVMValueRef x, LLVMValueRef y) {
    LLVMTypeRef type = LLVMTypeOf(x);
    LLVMValueRef function = LLVMGetIntrinsicDeclaration(expander->llvm, LLVMLookupIntrinsicID(name, strlen(name)), &type, 1);
    LLVMValueRef arguments[2] = {x, y};
    return LLVMBuildCall2(expander->builder, LLVMGlobalGetValueType(function), function, arguments, 2, "");
}

/* What is stored: PTX ISA "atom" for inc and dec. NULL for an operation that is not known. */
static LLVMValueRef apply(const struct expander *expander, LLVMAtomicRMWBinOp operation, LLVMValueRef old, LLVMValueRef value) {
    LLVMBuilderRef b = expander->builder;
    LLVMValueRef zero = LLVMConstNull(LLVMTypeOf(value));
    switch (operation) {
    case LLVMAtomicRMWBinOpXchg: return value;
    case LLVMAtomicRMWBinOpAdd: return LLVMBuildAdd(b, old, value, "");
    case LLVMAtomicRMWBinOpSub: return LLVMBuildSub(b, old, value, "");
    case LLVMAtomicRMWBinOpAnd: return LLVMBuildAnd(b, old, value, "");
    case LLVMAtomicRMWBinOpNand: return LLVMBuildNot(b, LLVMBuildAnd(b, old, value, ""), "");
    case LLVMAtomicRMWBinOpOr: return LLVMBuildOr(b, old, value, "");
    case LLVMAtomicRMWBinOpXor: return LLVMBuildXor(b, old, value, "");
    case LLVMAtomicRMWBinOpMax: return choose(b, LLVMBuildICmp(b, LLVMIntSGT, old, value, ""), old, value);
    case LLVMAtomicRMWBinOpMin: return choose(b, LLVMBuildICmp(b, LLVMIntSLT, old, value, ""), old, value);
    case LLVMAtomicRMWBinOpUMax: return choose(b, LLVMBuildICmp(b, LLVMIntUGT, old, value, ""), old, value);
    case LLVMAtomicRMWBinOpUMin: return choose(b, LLVMBuildICmp(b, LLVMIntULT, old, value, ""), old, value);
    case LLVMAtomicRMWBinOpFAdd: return LLVMBuildFAdd(b, old, value, "");
    case LLVMAtomicRMWBinOpFSub: return LLVMBuildFSub(b, old, value, "");
    case LLVMAtomicRMWBinOpFMax: return call_float(expander, "llvm.maxnum", old, value);
    case LLVMAtomicRMWBinOpFMin: return call_float(expander, "llvm.minnum", old, value);
    case LLVMAtomicRMWBinOpUIncWrap: {
        LLVMValueRef next = LLVMBuildAdd(b, old, LLVMConstInt(LLVMTypeOf(value), 1, 0), "");
        return choose(b, LLVMBuildICmp(b, LLVMIntUGE, old, value, ""), zero, next);
    }
    case LLVMAtomicRMWBinOpUDecWrap: {
        LLVMValueRef next = LLVMBuildSub(b, old, LLVMConstInt(LLVMTypeOf(value), 1, 0), "");
        LLVMValueRef wraps = LLVMBuildOr(b, LLVMBuildICmp(b, LLVMIntEQ, old, zero, ""), LLVMBuildICmp(b, LLVMIntUGT, old, value, ""), "");
        return choose(b, wraps, value, next);
    }
    default: return NULL;
    }
}

/* ---- Places: a word, or part of one --------------------------------------------------------------------------- */

struct place {
    LLVMTypeRef type, word, whole; /* the value's; the integer of its size; the integer that is exchanged */
    LLVMValueRef pointer;
    LLVMValueRef shift, hole;      /* NULL where the value is the whole word */
};

static struct place make_place(const struct expander *expander, LLVMValueRef pointer, LLVMTypeRef type) {
    LLVMBuilderRef b = expander->builder;
    unsigned bits = bits_of(type);
    struct place place = {.type = type, .word = LLVMIntTypeInContext(expander->context, bits), .pointer = pointer};
    place.whole = bits < 32 ? expander->i32 : place.word;
    if (bits >= 32) {
        return place;
    }
    /* The word's address by subtracting, so that the pointer's object stays in sight. */
    LLVMValueRef address = LLVMBuildPtrToInt(b, pointer, expander->i64, "");
    LLVMValueRef low = LLVMBuildAnd(b, address, LLVMConstInt(expander->i64, 3, 0), "");
    LLVMValueRef back = LLVMBuildNeg(b, low, "");
    place.pointer = LLVMBuildGEP2(b, LLVMInt8TypeInContext(expander->context), pointer, &back, 1, "");
    place.shift = LLVMBuildShl(b, LLVMBuildTrunc(b, low, expander->i32, ""), LLVMConstInt(expander->i32, 3, 0), "");
    LLVMValueRef ones = LLVMConstInt(expander->i32, (UINT64_C(1) << bits) - 1, 0);
    place.hole = LLVMBuildNot(b, LLVMBuildShl(b, ones, place.shift, ""), "");
    return place;
}

static LLVMValueRef take(const struct expander *expander, const struct place *place, LLVMValueRef whole) {
    LLVMBuilderRef b = expander->builder;
    if (place->shift) {
        whole = LLVMBuildTrunc(b, LLVMBuildLShr(b, whole, place->shift, ""), place->word, "");
    }
    return place->type == place->word ? whole : LLVMBuildBitCast(b, whole, place->type, "");
}

static LLVMValueRef put(const struct expander *expander, const struct place *place, LLVMValueRef whole, LLVMValueRef value) {
    LLVMBuilderRef b = expander->builder;
    value = place->type == place->word ? value : LLVMBuildBitCast(b, value, place->word, "");
    if (!place->shift) {
        return value;
    }
    value = LLVMBuildShl(b, LLVMBuildZExt(b, value, place->whole, ""), place->shift, "");
    return LLVMBuildOr(b, LLVMBuildAnd(b, whole, place->hole, ""), value, "");
}

static LLVMValueRef exchange(const struct expander *expander, const struct place *place, LLVMValueRef expected, LLVMValueRef fresh) {
    return LLVMBuildAtomicCmpXchg(expander->builder, place->pointer, expected, fresh, LLVMAtomicOrderingMonotonic,
                                  LLVMAtomicOrderingMonotonic, 0);
}

static LLVMValueRef load_first(const struct expander *expander, const struct place *place) {
    LLVMValueRef load = LLVMBuildLoad2(expander->builder, place->whole, place->pointer, "");
    LLVMSetAlignment(load, bits_of(place->whole) / 8);
    return load;
}

/* ---- Functions ------------------------------------------------------------------------------------------------ */

/* old = *p; do { seen = old; old = exchange(p, seen, apply(seen)); } while (old != seen); return seen. */
static bool build_rmw(const struct expander *expander, LLVMValueRef function, LLVMAtomicRMWBinOp operation, LLVMTypeRef type) {
    LLVMBuilderRef b = expander->builder;
    LLVMBasicBlockRef entry = LLVMAppendBasicBlockInContext(expander->context, function, "entry");
    LLVMBasicBlockRef turn = LLVMAppendBasicBlockInContext(expander->context, function, "turn");
    LLVMBasicBlockRef done = LLVMAppendBasicBlockInContext(expander->context, function, "done");
    LLVMPositionBuilderAtEnd(b, entry);
    struct place place = make_place(expander, LLVMGetParam(function, 0), type);
    LLVMValueRef first = load_first(expander, &place);
    LLVMBuildBr(b, turn);
    LLVMPositionBuilderAtEnd(b, turn);
    LLVMValueRef whole = LLVMBuildPhi(b, place.whole, "");
    LLVMValueRef old = take(expander, &place, whole), fresh = apply(expander, operation, old, LLVMGetParam(function, 1));
    if (!fresh) {
        return false;
    }
    LLVMValueRef pair = exchange(expander, &place, whole, put(expander, &place, whole, fresh));
    LLVMValueRef seen = LLVMBuildExtractValue(b, pair, 0, "");
    LLVMBuildCondBr(b, LLVMBuildExtractValue(b, pair, 1, ""), done, turn);
    LLVMValueRef values[2] = {first, seen};
    LLVMBasicBlockRef blocks[2] = {entry, turn};
    LLVMAddIncoming(whole, values, blocks, 2);
    LLVMPositionBuilderAtEnd(b, done);
    LLVMBuildRet(b, old);
    return true;
}

/* Of part of a word: again while only the word's rest has changed. Gives {old value, success}. */
static void build_compare(const struct expander *expander, LLVMValueRef function, LLVMTypeRef type) {
    LLVMBuilderRef b = expander->builder;
    LLVMBasicBlockRef entry = LLVMAppendBasicBlockInContext(expander->context, function, "entry");
    LLVMBasicBlockRef turn = LLVMAppendBasicBlockInContext(expander->context, function, "turn");
    LLVMBasicBlockRef try = LLVMAppendBasicBlockInContext(expander->context, function, "try");
    LLVMBasicBlockRef done = LLVMAppendBasicBlockInContext(expander->context, function, "done");
    LLVMPositionBuilderAtEnd(b, entry);
    struct place place = make_place(expander, LLVMGetParam(function, 0), type);
    LLVMValueRef first = load_first(expander, &place);
    LLVMBuildBr(b, turn);
    LLVMPositionBuilderAtEnd(b, turn);
    LLVMValueRef whole = LLVMBuildPhi(b, place.whole, "");
    LLVMValueRef old = take(expander, &place, whole);
    LLVMValueRef same = LLVMBuildICmp(b, LLVMIntEQ, old, LLVMGetParam(function, 1), "");
    LLVMBuildCondBr(b, same, try, done);
    LLVMPositionBuilderAtEnd(b, try);
    LLVMValueRef pair = exchange(expander, &place, whole, put(expander, &place, whole, LLVMGetParam(function, 2)));
    LLVMValueRef seen = LLVMBuildExtractValue(b, pair, 0, "");
    LLVMBuildCondBr(b, LLVMBuildExtractValue(b, pair, 1, ""), done, turn);
    LLVMValueRef values[2] = {first, seen};
    LLVMBasicBlockRef blocks[2] = {entry, try};
    LLVMAddIncoming(whole, values, blocks, 2);
    LLVMPositionBuilderAtEnd(b, done);
    LLVMValueRef result = LLVMGetPoison(LLVMGetReturnType(LLVMGlobalGetValueType(function)));
    result = LLVMBuildInsertValue(b, result, old, 0, "");
    LLVMBuildRet(b, LLVMBuildInsertValue(b, result, same, 1, ""));
}

static LLVMValueRef add_function(const struct expander *expander, const char *name, LLVMTypeRef result, LLVMTypeRef *types, unsigned count) {
    LLVMValueRef function = LLVMAddFunction(expander->llvm, name, LLVMFunctionType(result, types, count, 0));
    LLVMSetLinkage(function, LLVMInternalLinkage);
    cw_add_attribute(function, "alwaysinline", 0);
    cw_add_attribute(function, "nounwind", 0);
    return function;
}

static void replace(const struct expander *expander, LLVMValueRef atomic) {
    LLVMBuilderRef b = expander->builder;
    bool is_rmw = LLVMIsAAtomicRMWInst(atomic) != NULL;
    LLVMValueRef arguments[3] = {LLVMGetOperand(atomic, 0), LLVMGetOperand(atomic, 1), is_rmw ? NULL : LLVMGetOperand(atomic, 2)};
    LLVMTypeRef types[3] = {LLVMTypeOf(arguments[0]), LLVMTypeOf(arguments[1]), LLVMTypeOf(arguments[1])};
    unsigned operation = is_rmw ? (unsigned)LLVMGetAtomicRMWBinOp(atomic) : 1000;
    char name[96];
    snprintf(name, sizeof name, "cw.atomic.%u.%u.%u.%u", operation, LLVMGetPointerAddressSpace(types[0]), (unsigned)LLVMGetTypeKind(types[1]),
             bits_of(types[1]));
    LLVMValueRef function = LLVMGetNamedFunction(expander->llvm, name);
    if (!function) {
        function = add_function(expander, name, LLVMTypeOf(atomic), types, is_rmw ? 2 : 3);
        if (is_rmw && !build_rmw(expander, function, LLVMGetAtomicRMWBinOp(atomic), types[1])) {
            return; /* an operation that CUDA has not: the target refuses what is left */
        }
        if (!is_rmw) {
            build_compare(expander, function, types[1]);
        }
    }
    LLVMPositionBuilderBefore(b, atomic);
    LLVMValueRef call = LLVMBuildCall2(b, LLVMGlobalGetValueType(function), function, arguments, is_rmw ? 2 : 3, "");
    LLVMReplaceAllUsesWith(atomic, call);
    LLVMInstructionEraseFromParent(atomic);
}

void cw_shader_atomics(LLVMModuleRef llvm, const struct cw_shader_options *options) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    struct expander expander = {.llvm = llvm, .context = context, .builder = LLVMCreateBuilderInContext(context), .options = options};
    expander.i32 = LLVMInt32TypeInContext(context);
    expander.i64 = LLVMInt64TypeInContext(context);
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block; block = LLVMGetNextBasicBlock(block)) {
            for (LLVMValueRef i = LLVMGetFirstInstruction(block), next; i; i = next) {
                next = LLVMGetNextInstruction(i);
                if ((LLVMIsAAtomicRMWInst(i) || LLVMIsAAtomicCmpXchgInst(i)) && !is_kept(&expander, i)) {
                    replace(&expander, i);
                }
            }
        }
    }
    LLVMDisposeBuilder(expander.builder);
}
