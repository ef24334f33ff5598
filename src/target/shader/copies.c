/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copies.c: memcpy, memmove and memset as loads and stores.
 *
 * Short ones become pieces as wide as alignment allows, all loaded before the first is stored, which is what memmove asks
 * and memcpy allows. Long ones, and those whose length is known at run time only, become calls of a loop made for
 * their address spaces and piece size, which is inlined later.
 */
#include <stdlib.h>
#include <string.h>

#include "target/shader/shader.h"

/* Pieces of a copy without a loop. */
#define PIECES_MAX 16u

struct copier {
    LLVMModuleRef llvm;
    LLVMContextRef context;
    LLVMBuilderRef builder;
    LLVMTypeRef i8, i64;
};

enum copy_kind { NO_COPY, COPY, MOVE, FILL };

static enum copy_kind kind_of(LLVMValueRef instruction) {
    LLVMValueRef callee = LLVMIsACallInst(instruction) ? cw_called_function(instruction) : NULL;
    const char *name = callee ? cw_value_name(callee) : "";
    if (strncmp(name, "llvm.memcpy.", 12) == 0) {
        return COPY;
    }
    if (strncmp(name, "llvm.memmove.", 13) == 0) {
        return MOVE;
    }
    return strncmp(name, "llvm.memset.", 12) == 0 ? FILL : NO_COPY;
}

static uint64_t alignment_of(LLVMValueRef call, unsigned operand) {
    LLVMAttributeRef attribute = LLVMGetCallSiteEnumAttribute(call, operand + 1, cw_attribute_kind("align"));
    return attribute ? LLVMGetEnumAttributeValue(attribute) : 1;
}

/* Bytes of a piece: what both sides are aligned to, 8 at most, so that no piece is split. */
static uint64_t piece_size(LLVMValueRef call, enum copy_kind kind, uint64_t length_multiple) {
    uint64_t size = alignment_of(call, 0);
    uint64_t other = kind == FILL ? 8 : alignment_of(call, 1);
    size = other < size ? other : size;
    size = size > 8 ? 8 : size;
    while (length_multiple % size) {
        size /= 2;
    }
    return size;
}

static LLVMValueRef offset_pointer(const struct copier *copier, LLVMValueRef pointer, LLVMValueRef offset) {
    return LLVMBuildInBoundsGEP2(copier->builder, copier->i8, pointer, &offset, 1, "");
}

/* The byte `value` in every byte of `type`. */
static LLVMValueRef repeat_byte(const struct copier *copier, LLVMValueRef value, LLVMTypeRef type) {
    LLVMValueRef wide = LLVMBuildZExt(copier->builder, value, type, "");
    return LLVMBuildMul(copier->builder, wide, LLVMConstInt(type, 0x0101010101010101u, 0), "");
}

static void copy_pieces(const struct copier *copier, LLVMValueRef call, enum copy_kind kind, uint64_t length) {
    LLVMValueRef pieces[PIECES_MAX];
    uint64_t size = piece_size(call, kind, length);
    LLVMTypeRef type = LLVMIntTypeInContext(copier->context, (unsigned)size * 8);
    uint64_t count = length / size;
    LLVMValueRef byte = kind == FILL ? LLVMGetOperand(call, 1) : NULL;
    for (uint64_t i = 0; i < count; i++) {
        LLVMValueRef offset = LLVMConstInt(copier->i64, i * size, 0);
        if (byte) {
            pieces[i] = repeat_byte(copier, byte, type);
            continue;
        }
        pieces[i] = LLVMBuildLoad2(copier->builder, type, offset_pointer(copier, LLVMGetOperand(call, 1), offset), "");
        LLVMSetAlignment(pieces[i], (unsigned)size);
    }
    for (uint64_t i = 0; i < count; i++) {
        LLVMValueRef offset = LLVMConstInt(copier->i64, i * size, 0);
        LLVMValueRef store = LLVMBuildStore(copier->builder, pieces[i], offset_pointer(copier, LLVMGetOperand(call, 0), offset));
        LLVMSetAlignment(store, (unsigned)size);
    }
}

/* ---- Loops ---------------------------------------------------------------------------------------------------- */

/* One turn: the piece at index `index`. */
static void build_turn(const struct copier *copier, LLVMValueRef function, LLVMTypeRef type, LLVMValueRef index, bool fill) {
    LLVMBuilderRef b = copier->builder;
    LLVMValueRef to = LLVMGetParam(function, 0), from = LLVMGetParam(function, 1), value = from;
    unsigned size = LLVMGetIntTypeWidth(type) / 8;
    if (fill) {
        value = repeat_byte(copier, from, type);
    } else {
        value = LLVMBuildLoad2(b, type, LLVMBuildInBoundsGEP2(b, type, from, &index, 1, ""), "");
        LLVMSetAlignment(value, size);
    }
    LLVMValueRef store = LLVMBuildStore(b, value, LLVMBuildInBoundsGEP2(b, type, to, &index, 1, ""));
    LLVMSetAlignment(store, size);
}

/* for (i = 0; i < count; i++), or downwards. Begins at the builder's block and ends in a new one. */
static void build_loop(const struct copier *copier, LLVMValueRef function, LLVMTypeRef type, bool fill, bool down) {
    LLVMBuilderRef b = copier->builder;
    LLVMValueRef zero = LLVMConstNull(copier->i64), one = LLVMConstInt(copier->i64, 1, 0), count = LLVMGetParam(function, 2);
    LLVMBasicBlockRef before = LLVMGetInsertBlock(b);
    LLVMBasicBlockRef head = LLVMAppendBasicBlockInContext(copier->context, function, "head");
    LLVMBasicBlockRef body = LLVMAppendBasicBlockInContext(copier->context, function, "body");
    LLVMBasicBlockRef done = LLVMAppendBasicBlockInContext(copier->context, function, "done");
    LLVMBuildBr(b, head);
    LLVMPositionBuilderAtEnd(b, head);
    LLVMValueRef turn = LLVMBuildPhi(b, copier->i64, "");
    LLVMBuildCondBr(b, LLVMBuildICmp(b, LLVMIntULT, turn, count, ""), body, done);
    LLVMPositionBuilderAtEnd(b, body);
    LLVMValueRef next = LLVMBuildAdd(b, turn, one, "");
    LLVMValueRef index = down ? LLVMBuildSub(b, count, next, "") : turn;
    build_turn(copier, function, type, index, fill);
    LLVMBuildBr(b, head);
    LLVMValueRef values[2] = {zero, next};
    LLVMBasicBlockRef blocks[2] = {before, body};
    LLVMAddIncoming(turn, values, blocks, 2);
    LLVMPositionBuilderAtEnd(b, done);
}

/* memmove goes down where the destination lies above the source. Pointers into different spaces never overlap. */
static void build_body(const struct copier *copier, LLVMValueRef function, LLVMTypeRef type, enum copy_kind kind) {
    LLVMBuilderRef b = copier->builder;
    LLVMPositionBuilderAtEnd(b, LLVMAppendBasicBlockInContext(copier->context, function, "entry"));
    LLVMValueRef to = LLVMGetParam(function, 0), from = LLVMGetParam(function, 1);
    if (kind == MOVE && LLVMTypeOf(to) == LLVMTypeOf(from)) {
        LLVMBasicBlockRef up = LLVMAppendBasicBlockInContext(copier->context, function, "up");
        LLVMBasicBlockRef down = LLVMAppendBasicBlockInContext(copier->context, function, "down");
        LLVMValueRef above = LLVMBuildICmp(b, LLVMIntUGT, LLVMBuildPtrToInt(b, to, copier->i64, ""), LLVMBuildPtrToInt(b, from, copier->i64, ""), "");
        LLVMBuildCondBr(b, above, down, up);
        LLVMPositionBuilderAtEnd(b, down);
        build_loop(copier, function, type, false, true);
        LLVMBuildRetVoid(b);
        LLVMPositionBuilderAtEnd(b, up);
    }
    build_loop(copier, function, type, kind == FILL, false);
    LLVMBuildRetVoid(b);
}

static LLVMValueRef loop_function(const struct copier *copier, LLVMValueRef call, enum copy_kind kind, uint64_t size) {
    static const char *const words[] = {[COPY] = "copy", [MOVE] = "move", [FILL] = "fill"};
    LLVMTypeRef to = LLVMTypeOf(LLVMGetOperand(call, 0)), from = LLVMTypeOf(LLVMGetOperand(call, 1));
    unsigned from_space = kind == FILL ? 0 : LLVMGetPointerAddressSpace(from);
    char *name = cw_format("cw.%s.%u.%u.%u", words[kind], LLVMGetPointerAddressSpace(to), from_space, (unsigned)size);
    LLVMValueRef function = LLVMGetNamedFunction(copier->llvm, name);
    if (!function) {
        LLVMTypeRef types[3] = {to, from, copier->i64};
        function = LLVMAddFunction(copier->llvm, name, LLVMFunctionType(LLVMVoidTypeInContext(copier->context), types, 3, 0));
        LLVMSetLinkage(function, LLVMInternalLinkage);
        cw_add_attribute(function, "alwaysinline", 0);
        cw_add_attribute(function, "nounwind", 0);
        build_body(copier, function, LLVMIntTypeInContext(copier->context, (unsigned)size * 8), kind);
    }
    free(name);
    return function;
}

static void copy_loop(const struct copier *copier, LLVMValueRef call, enum copy_kind kind, LLVMValueRef length) {
    uint64_t multiple = LLVMIsAConstantInt(length) ? LLVMConstIntGetZExtValue(length) : 1;
    uint64_t size = piece_size(call, kind, multiple);
    LLVMValueRef function = loop_function(copier, call, kind, size);
    LLVMPositionBuilderBefore(copier->builder, call);
    LLVMValueRef wide = LLVMBuildZExtOrBitCast(copier->builder, length, copier->i64, "");
    LLVMValueRef count = LLVMBuildUDiv(copier->builder, wide, LLVMConstInt(copier->i64, size, 0), "");
    LLVMValueRef arguments[3] = {LLVMGetOperand(call, 0), LLVMGetOperand(call, 1), count};
    LLVMBuildCall2(copier->builder, LLVMGlobalGetValueType(function), function, arguments, 3, "");
}

static void replace(const struct copier *copier, LLVMValueRef call, enum copy_kind kind) {
    LLVMValueRef length = LLVMGetOperand(call, 2);
    uint64_t known = LLVMIsAConstantInt(length) ? LLVMConstIntGetZExtValue(length) : UINT64_MAX;
    LLVMPositionBuilderBefore(copier->builder, call);
    if (known != UINT64_MAX && (known == 0 || known / piece_size(call, kind, known) <= PIECES_MAX)) {
        if (known) {
            copy_pieces(copier, call, kind, known);
        }
    } else {
        copy_loop(copier, call, kind, length);
    }
    LLVMInstructionEraseFromParent(call);
}

bool cw_shader_copies(LLVMModuleRef llvm) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    struct copier copier = {.llvm = llvm, .context = context, .builder = LLVMCreateBuilderInContext(context)};
    copier.i8 = LLVMInt8TypeInContext(context);
    copier.i64 = LLVMInt64TypeInContext(context);
    bool progress = false;
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block; block = LLVMGetNextBasicBlock(block)) {
            for (LLVMValueRef i = LLVMGetFirstInstruction(block), next; i; i = next) {
                next = LLVMGetNextInstruction(i);
                enum copy_kind kind = kind_of(i);
                if (kind != NO_COPY) {
                    replace(&copier, i, kind);
                    progress = true;
                }
            }
        }
    }
    LLVMDisposeBuilder(copier.builder);
    return progress;
}
