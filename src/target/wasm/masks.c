/* SPDX-License-Identifier: Apache-2.0 */
/*
 * masks.c: rewrites the masks of a module, vectors of i1, as words (words.h says why): first what uses a mask and makes something else, for
 * which the words of that mask are made, and of the masks it comes from, behind their definitions; then the phis among them get what
 * comes in; then the masks themselves go. What is not known here, calls of other functions above all, gets a mask made of the words.
 *
 * Integers of a mask (ballots) are made by i8x16.bitmask. LLVM 22 has a combination of its own for `bitcast <N x i1> to iN`, which for 32
 * and 64 lanes takes the compared values for bytes and then can't select the comparison (seen; it ends the process): none is left to it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "target/wasm/wasm.h"
#include "target/wasm/words.h"

static unsigned piece_count(LLVMTypeRef mask) {
    return LLVMGetVectorSize(mask) / CW_WORDS_LANES;
}

static LLVMValueRef none(const struct cw_words *words) {
    return LLVMConstNull(words->words);
}

/* ---- Words of masks, by what makes the mask ---- */

/* In front of the next instruction; behind all phis. */
static void place_behind(struct cw_words *words, LLVMValueRef value) {
    LLVMValueRef next = NULL;
    if (LLVMIsAInstruction(value)) {
        next = LLVMGetNextInstruction(value);
    } else if (LLVMIsAArgument(value)) {
        next = LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(LLVMGetParamParent(value)));
    }
    while (next && LLVMIsAPHINode(next)) next = LLVMGetNextInstruction(next);
    if (next) LLVMPositionBuilderBefore(words->builder, next);
}

/* A bit as a word. */
static LLVMValueRef word_of(struct cw_words *words, LLVMValueRef bit) {
    return LLVMBuildSExt(words->builder, bit, words->i32, "");
}

static void of_constant(struct cw_words *words, struct cw_pieces *row) {
    for (unsigned k = 0; k < row->count; k++) {
        LLVMValueRef lanes[CW_WORDS_LANES];
        for (unsigned i = 0; i < CW_WORDS_LANES; i++) {
            LLVMValueRef bit = LLVMGetAggregateElement(row->value, k * CW_WORDS_LANES + i);
            lanes[i] = bit && LLVMIsAConstantInt(bit) ? LLVMConstInt(words->i32, LLVMConstIntGetZExtValue(bit) ? UINT32_MAX : 0, 0)
                                                      : LLVMGetUndef(words->i32);
        }
        row->piece[k] = LLVMConstVector(lanes, CW_WORDS_LANES);
    }
}

/* Lanes are the bits of an integer, the lowest first. */
static void of_integer(struct cw_words *words, struct cw_pieces *row, LLVMValueRef bits) {
    LLVMTypeRef wide = LLVMInt64TypeInContext(words->context);
    LLVMValueRef lanes[CW_WORDS_LANES], zeros = LLVMConstNull(words->words), i64 = LLVMBuildZExtOrBitCast(words->builder, bits, wide, "");
    for (unsigned i = 0; i < CW_WORDS_LANES; i++) lanes[i] = LLVMConstInt(words->i32, 1u << i, 0);
    LLVMValueRef tests = LLVMConstVector(lanes, CW_WORDS_LANES);
    for (unsigned k = 0; k < row->count; k++) {
        LLVMValueRef part = LLVMBuildTrunc(words->builder, LLVMBuildLShr(words->builder, i64, LLVMConstInt(wide, 4 * k, 0), ""), words->i32, "");
        LLVMValueRef one = LLVMBuildInsertElement(words->builder, LLVMGetPoison(words->words), part, LLVMConstNull(words->i32), "");
        LLVMValueRef all = LLVMBuildShuffleVector(words->builder, one, LLVMGetPoison(words->words), zeros, "");
        LLVMValueRef same = LLVMBuildICmp(words->builder, LLVMIntEQ, LLVMBuildAnd(words->builder, all, tests, ""), tests, "");
        row->piece[k] = LLVMBuildSExt(words->builder, same, words->words, "");
    }
}

/* Lanes from anywhere in two masks. */
static void of_shuffle(struct cw_words *words, struct cw_pieces *row, const struct cw_pieces *a, const struct cw_pieces *b) {
    for (unsigned k = 0; k < row->count; k++) {
        LLVMValueRef result = LLVMGetPoison(words->words);
        for (unsigned i = 0; i < CW_WORDS_LANES; i++) {
            int from = LLVMGetMaskValue(row->value, k * CW_WORDS_LANES + i);
            if (from == LLVMGetUndefMaskElem()) continue;
            const struct cw_pieces *source = (unsigned)from < CW_WORDS_LANES * a->count ? a : b;
            unsigned lane = (unsigned)from - (source == b ? CW_WORDS_LANES * a->count : 0);
            LLVMValueRef lanes[CW_WORDS_LANES];
            for (unsigned j = 0; j < CW_WORDS_LANES; j++)
                lanes[j] = LLVMConstInt(words->i32, j == i ? CW_WORDS_LANES + lane % CW_WORDS_LANES : j, 0);
            result = LLVMBuildShuffleVector(words->builder, result, source->piece[lane / CW_WORDS_LANES], LLVMConstVector(lanes, CW_WORDS_LANES), "");
        }
        row->piece[k] = result;
    }
}

static bool is_call_of(LLVMValueRef i, const char *name) {
    if (!LLVMIsACallInst(i) || !LLVMIsAFunction(LLVMGetCalledValue(i))) return false;
    size_t length;
    return strncmp(LLVMGetValueName2(LLVMGetCalledValue(i), &length), name, strlen(name)) == 0;
}

static void of_comparison(struct cw_words *words, struct cw_pieces *row) {
    LLVMValueRef a = LLVMGetOperand(row->value, 0), b = LLVMGetOperand(row->value, 1);
    for (unsigned k = 0; k < row->count; k++) {
        LLVMValueRef x = cw_words_part(words, a, k), y = cw_words_part(words, b, k);
        LLVMValueRef bits = LLVMIsAICmpInst(row->value) ? LLVMBuildICmp(words->builder, LLVMGetICmpPredicate(row->value), x, y, "")
                                                        : LLVMBuildFCmp(words->builder, LLVMGetFCmpPredicate(row->value), x, y, "");
        row->piece[k] = LLVMBuildSExt(words->builder, bits, words->words, "");
    }
}

static void of_class(struct cw_words *words, struct cw_pieces *row) {
    LLVMTypeRef bits = LLVMVectorType(LLVMInt1TypeInContext(words->context), CW_WORDS_LANES);
    LLVMTypeRef lane = LLVMGetElementType(LLVMTypeOf(LLVMGetOperand(row->value, 0)));
    const char *name = LLVMGetTypeKind(lane) == LLVMDoubleTypeKind ? "llvm.is.fpclass.v4f64" : "llvm.is.fpclass.v4f32";
    for (unsigned k = 0; k < row->count; k++) {
        LLVMValueRef arguments[] = {cw_words_part(words, LLVMGetOperand(row->value, 0), k), LLVMGetOperand(row->value, 1)};
        row->piece[k] = LLVMBuildSExt(words->builder, cw_words_call(words, name, bits, arguments, 2), words->words, "");
    }
}

/* A mask that comes from where words are not known. */
static void of_unknown(struct cw_words *words, struct cw_pieces *row) {
    LLVMTypeRef wide = LLVMVectorType(words->i32, row->count * CW_WORDS_LANES);
    LLVMValueRef all = LLVMBuildSExt(words->builder, row->value, wide, "");
    for (unsigned k = 0; k < row->count; k++) row->piece[k] = cw_words_part(words, all, k);
}

static void of_select(struct cw_words *words, struct cw_pieces *row) {
    LLVMValueRef condition = LLVMGetOperand(row->value, 0);
    const struct cw_pieces *yes = cw_words_of(words, LLVMGetOperand(row->value, 1)), *no = cw_words_of(words, LLVMGetOperand(row->value, 2));
    const struct cw_pieces *mask = cw_words_is_mask(LLVMTypeOf(condition)) ? cw_words_of(words, condition) : NULL;
    place_behind(words, row->value);
    for (unsigned k = 0; k < row->count; k++)
        row->piece[k] = mask ? cw_words_select(words, mask->piece[k], yes->piece[k], no->piece[k])
                             : LLVMBuildSelect(words->builder, condition, yes->piece[k], no->piece[k], "");
}

static void of_logic(struct cw_words *words, struct cw_pieces *row, LLVMOpcode what) {
    const struct cw_pieces *a = cw_words_of(words, LLVMGetOperand(row->value, 0)), *b = cw_words_of(words, LLVMGetOperand(row->value, 1));
    place_behind(words, row->value);
    for (unsigned k = 0; k < row->count; k++) row->piece[k] = LLVMBuildBinOp(words->builder, what, a->piece[k], b->piece[k], "");
}

static void of_insertion(struct cw_words *words, struct cw_pieces *row, unsigned lane) {
    const struct cw_pieces *from = cw_words_of(words, LLVMGetOperand(row->value, 0));
    place_behind(words, row->value);
    memcpy(row->piece, from->piece, sizeof row->piece);
    LLVMValueRef *piece = &row->piece[lane / CW_WORDS_LANES];
    *piece = LLVMBuildInsertElement(words->builder, *piece, word_of(words, LLVMGetOperand(row->value, 1)),
                                    LLVMConstInt(words->i32, lane % CW_WORDS_LANES, 0), "");
}

static void of_instruction(struct cw_words *words, struct cw_pieces *row) {
    LLVMValueRef value = row->value;
    LLVMTypeRef from = LLVMGetNumOperands(value) > 0 ? LLVMTypeOf(LLVMGetOperand(value, 0)) : NULL;
    place_behind(words, value);
    switch (LLVMGetInstructionOpcode(value)) {
    case LLVMICmp:
        if (cw_words_is_mask(from)) break;
        of_comparison(words, row);
        return;
    case LLVMFCmp: of_comparison(words, row); return;
    case LLVMAnd:
    case LLVMOr:
    case LLVMXor: of_logic(words, row, LLVMGetInstructionOpcode(value)); return;
    case LLVMSelect: of_select(words, row); return;
    case LLVMFreeze: {
        const struct cw_pieces *inner = cw_words_of(words, LLVMGetOperand(value, 0));
        place_behind(words, value);
        for (unsigned k = 0; k < row->count; k++) row->piece[k] = LLVMBuildFreeze(words->builder, inner->piece[k], "");
        return;
    }
    case LLVMBitCast:
        if (LLVMGetTypeKind(from) != LLVMIntegerTypeKind) break;
        of_integer(words, row, LLVMGetOperand(value, 0));
        return;
    case LLVMLoad: { /* bits in memory, the lowest first */
        LLVMTypeRef bits = LLVMIntTypeInContext(words->context, row->count == 1 ? 8 : row->count * CW_WORDS_LANES);
        LLVMValueRef integer = LLVMBuildLoad2(words->builder, bits, LLVMGetOperand(value, 0), "");
        LLVMSetAlignment(integer, LLVMGetAlignment(value));
        LLVMSetVolatile(integer, LLVMGetVolatile(value));
        of_integer(words, row, integer);
        return;
    }
    case LLVMShuffleVector: {
        const struct cw_pieces *a = cw_words_of(words, LLVMGetOperand(value, 0)), *b = cw_words_of(words, LLVMGetOperand(value, 1));
        place_behind(words, value);
        if (!a || !b) break;
        of_shuffle(words, row, a, b);
        return;
    }
    case LLVMInsertElement:
        if (!LLVMIsAConstantInt(LLVMGetOperand(value, 2))) break;
        of_insertion(words, row, (unsigned)LLVMConstIntGetZExtValue(LLVMGetOperand(value, 2)));
        return;
    case LLVMCall:
        if (!is_call_of(value, "llvm.is.fpclass.")) break;
        if (LLVMGetTypeKind(LLVMGetElementType(from)) != LLVMFloatTypeKind && LLVMGetTypeKind(LLVMGetElementType(from)) != LLVMDoubleTypeKind) break;
        of_class(words, row);
        return;
    default: break;
    }
    of_unknown(words, row);
}

static void of_phi(struct cw_words *words, struct cw_pieces *row) {
    LLVMPositionBuilderBefore(words->builder, row->value);
    for (unsigned k = 0; k < row->count; k++) row->piece[k] = LLVMBuildPhi(words->builder, words->words, "");
    if (words->phi_count == words->phi_room) {
        words->phi_room = words->phi_room ? 2 * words->phi_room : 64;
        words->phis = cw_realloc_array(words->phis, words->phi_room, sizeof words->phis[0]);
    }
    words->phis[words->phi_count++] = row->value;
}

const struct cw_pieces *cw_words_of(struct cw_words *words, LLVMValueRef mask) {
    if (!cw_words_is_mask(LLVMTypeOf(mask))) return NULL;
    struct cw_pieces *row = cw_words_find(words, mask);
    if (row) return row;
    row = cw_words_add(words, mask, piece_count(LLVMTypeOf(mask)));
    if (LLVMIsConstant(mask)) {
        of_constant(words, row);
    } else if (LLVMIsAPHINode(mask)) {
        of_phi(words, row);
    } else if (LLVMIsAInstruction(mask)) {
        of_instruction(words, row);
    } else {
        place_behind(words, mask);
        of_unknown(words, row);
    }
    return row;
}

static void complete_phis(struct cw_words *words) {
    while (words->phi_count > 0) {
        LLVMValueRef phi = words->phis[--words->phi_count];
        const struct cw_pieces *row = cw_words_find(words, phi);
        for (unsigned i = 0; i < LLVMCountIncoming(phi); i++) {
            LLVMBasicBlockRef block = LLVMGetIncomingBlock(phi, i);
            const struct cw_pieces *in = cw_words_of(words, LLVMGetIncomingValue(phi, i));
            for (unsigned k = 0; k < row->count; k++) {
                LLVMValueRef piece = in->piece[k];
                LLVMAddIncoming(row->piece[k], &piece, &block, 1);
            }
        }
    }
}

/* ---- What uses masks ---- */

/* The words of a mask as one vector of words. */
static LLVMValueRef joined(struct cw_words *words, const struct cw_pieces *mask) {
    return cw_words_join(words, mask->piece, mask->count);
}

static LLVMValueRef fold(struct cw_words *words, const struct cw_pieces *mask, LLVMOpcode what) {
    LLVMValueRef result = mask->piece[0];
    for (unsigned k = 1; k < mask->count; k++) result = LLVMBuildBinOp(words->builder, what, result, mask->piece[k], "");
    return result;
}

/* Sixteen lanes from a piece on as bits of an i32. */
static LLVMValueRef sixteen(struct cw_words *words, const struct cw_pieces *mask, unsigned first) {
    LLVMTypeRef shorts = LLVMVectorType(LLVMInt16TypeInContext(words->context), 8), bytes = LLVMVectorType(LLVMInt8TypeInContext(words->context), 16);
    LLVMValueRef half[2];
    for (unsigned h = 0; h < 2; h++) {
        LLVMValueRef pair[2];
        for (unsigned i = 0; i < 2; i++) pair[i] = first + 2 * h + i < mask->count ? mask->piece[first + 2 * h + i] : none(words);
        half[h] = cw_words_call(words, "llvm.wasm.narrow.signed.v8i16.v4i32", shorts, pair, 2);
    }
    LLVMValueRef all = cw_words_call(words, "llvm.wasm.narrow.signed.v16i8.v8i16", bytes, half, 2);
    return cw_words_call(words, "llvm.wasm.bitmask.v16i8", words->i32, &all, 1);
}

static LLVMValueRef bits_of(struct cw_words *words, const struct cw_pieces *mask, LLVMTypeRef type) {
    LLVMTypeRef wide = LLVMInt64TypeInContext(words->context);
    if (mask->count == 1) {
        LLVMValueRef piece = mask->piece[0];
        LLVMValueRef bits = cw_words_call(words, "llvm.wasm.bitmask.v4i32", words->i32, &piece, 1);
        return LLVMBuildIntCast2(words->builder, bits, type, 0, "");
    }
    LLVMValueRef result = NULL;
    for (unsigned first = 0; first < mask->count; first += 4) {
        LLVMValueRef bits = LLVMBuildZExt(words->builder, sixteen(words, mask, first), wide, "");
        if (first) bits = LLVMBuildShl(words->builder, bits, LLVMConstInt(wide, 4 * first, 0), "");
        result = result ? LLVMBuildOr(words->builder, result, bits, "") : bits;
    }
    return LLVMBuildIntCast2(words->builder, result, type, 0, "");
}

/* Comparisons of a mask's integer with none or all of its bits: whether any lane, or every, is on. */
static void rewrite_tests(struct cw_words *words, LLVMValueRef cast, const struct cw_pieces *mask) {
    for (LLVMUseRef use = LLVMGetFirstUse(cast), next; use; use = next) {
        next = LLVMGetNextUse(use);
        LLVMValueRef user = LLVMGetUser(use);
        if (!LLVMIsAICmpInst(user) || LLVMGetOperand(user, 0) != cast || !LLVMIsAConstantInt(LLVMGetOperand(user, 1))) continue;
        LLVMIntPredicate predicate = LLVMGetICmpPredicate(user);
        LLVMValueRef with = LLVMGetOperand(user, 1);
        bool all = with == LLVMConstAllOnes(LLVMTypeOf(with));
        if ((predicate != LLVMIntEQ && predicate != LLVMIntNE) || (!all && !LLVMIsNull(with))) continue;
        LLVMPositionBuilderBefore(words->builder, user);
        LLVMValueRef result = all ? cw_words_every(words, fold(words, mask, LLVMAnd)) : cw_words_any(words, fold(words, mask, LLVMOr));
        if (all ? predicate == LLVMIntNE : predicate == LLVMIntEQ) result = LLVMBuildNot(words->builder, result, "");
        LLVMReplaceAllUsesWith(user, result);
        LLVMInstructionEraseFromParent(user);
    }
}

static LLVMValueRef rewrite_select(struct cw_words *words, LLVMValueRef i, const struct cw_pieces *mask) {
    LLVMValueRef parts[CW_WORDS_PIECES_MAX], yes = LLVMGetOperand(i, 1), no = LLVMGetOperand(i, 2);
    for (unsigned k = 0; k < mask->count; k++)
        parts[k] = cw_words_blend(words, mask->piece[k], cw_words_part(words, yes, k), cw_words_part(words, no, k));
    return cw_words_join(words, parts, mask->count);
}

static LLVMValueRef rewrite_extension(struct cw_words *words, LLVMValueRef i, const struct cw_pieces *mask, LLVMOpcode what) {
    LLVMTypeRef to = LLVMTypeOf(i), lane = LLVMGetElementType(to);
    bool is_signed = what == LLVMSExt || what == LLVMSIToFP, real = what == LLVMUIToFP || what == LLVMSIToFP;
    LLVMValueRef parts[CW_WORDS_PIECES_MAX];
    LLVMTypeRef part = LLVMVectorType(lane, CW_WORDS_LANES);
    for (unsigned k = 0; k < mask->count; k++) {
        LLVMValueRef value = mask->piece[k];
        if (!is_signed) {
            LLVMValueRef ones[CW_WORDS_LANES];
            for (unsigned j = 0; j < CW_WORDS_LANES; j++) ones[j] = LLVMConstInt(words->i32, 1, 0);
            value = LLVMBuildAnd(words->builder, value, LLVMConstVector(ones, CW_WORDS_LANES), "");
        }
        parts[k] = real ? LLVMBuildSIToFP(words->builder, value, part, "") : LLVMBuildIntCast2(words->builder, value, part, 1, "");
    }
    return cw_words_join(words, parts, mask->count);
}

static LLVMValueRef rewrite_extraction(struct cw_words *words, LLVMValueRef i, const struct cw_pieces *mask) {
    LLVMValueRef index = LLVMGetOperand(i, 1), word;
    if (LLVMIsAConstantInt(index)) {
        unsigned lane = (unsigned)LLVMConstIntGetZExtValue(index);
        word = LLVMBuildExtractElement(words->builder, mask->piece[lane / CW_WORDS_LANES], LLVMConstInt(words->i32, lane % CW_WORDS_LANES, 0), "");
    } else {
        word = LLVMBuildExtractElement(words->builder, joined(words, mask), index, "");
    }
    return LLVMBuildICmp(words->builder, LLVMIntNE, word, LLVMConstNull(words->i32), "");
}

static void store_mask(struct cw_words *words, LLVMValueRef i, const struct cw_pieces *mask) {
    LLVMTypeRef bits = LLVMIntTypeInContext(words->context, mask->count == 1 ? 8 : mask->count * CW_WORDS_LANES);
    LLVMValueRef store = LLVMBuildStore(words->builder, bits_of(words, mask, bits), LLVMGetOperand(i, 1));
    LLVMSetAlignment(store, LLVMGetAlignment(i));
    LLVMSetVolatile(store, LLVMGetVolatile(i));
}

static void replace(LLVMValueRef old, LLVMValueRef with) {
    LLVMReplaceAllUsesWith(old, with);
    LLVMInstructionEraseFromParent(old);
}

/* What no rule is for gets a mask again. */
static void restore(struct cw_words *words, LLVMValueRef i) {
    for (unsigned k = 0; k < (unsigned)LLVMGetNumOperands(i); k++) {
        LLVMValueRef operand = LLVMGetOperand(i, k);
        if (LLVMIsConstant(operand) || !cw_words_is_mask(LLVMTypeOf(operand))) continue;
        const struct cw_pieces *mask = cw_words_of(words, operand);
        LLVMPositionBuilderBefore(words->builder, i);
        LLVMValueRef all = joined(words, mask);
        LLVMSetOperand(i, k, LLVMBuildICmp(words->builder, LLVMIntSLT, all, LLVMConstNull(LLVMTypeOf(all)), ""));
    }
}

/* Rewrites an instruction that uses a mask and makes something else. */
static void rewrite(struct cw_words *words, LLVMValueRef i) {
    LLVMOpcode what = LLVMGetInstructionOpcode(i);
    LLVMTypeRef type = LLVMTypeOf(i);
    const struct cw_pieces *mask = cw_words_of(words, LLVMGetOperand(i, 0));
    LLVMPositionBuilderBefore(words->builder, i);
    if (what == LLVMSelect && mask) {
        replace(i, rewrite_select(words, i, mask));
    } else if (what == LLVMBitCast && LLVMGetTypeKind(type) == LLVMIntegerTypeKind) {
        rewrite_tests(words, i, mask);
        LLVMPositionBuilderBefore(words->builder, i);
        replace(i, LLVMGetFirstUse(i) ? bits_of(words, mask, type) : LLVMGetPoison(type));
    } else if (what == LLVMSExt || what == LLVMZExt || what == LLVMUIToFP || what == LLVMSIToFP) {
        replace(i, rewrite_extension(words, i, mask, what));
    } else if (what == LLVMExtractElement) {
        replace(i, rewrite_extraction(words, i, mask));
    } else if (what == LLVMStore && mask) {
        store_mask(words, i, mask);
        LLVMInstructionEraseFromParent(i);
    } else if (is_call_of(i, "llvm.vector.reduce.or.")) {
        replace(i, cw_words_any(words, fold(words, mask, LLVMOr)));
    } else if (is_call_of(i, "llvm.vector.reduce.and.")) {
        replace(i, cw_words_every(words, fold(words, mask, LLVMAnd)));
    } else if (!cw_words_access(words, i)) {
        restore(words, i);
    }
}

/* ---- A function ---- */

struct list {
    LLVMValueRef *items;
    size_t count, room;
};

static void add(struct list *list, LLVMValueRef item) {
    if (list->count == list->room) {
        list->room = list->room ? 2 * list->room : 256;
        list->items = cw_realloc_array(list->items, list->room, sizeof list->items[0]);
    }
    list->items[list->count++] = item;
}

static bool uses_masks(LLVMValueRef i) {
    for (unsigned k = 0; k < (unsigned)LLVMGetNumOperands(i); k++)
        if (cw_words_is_mask(LLVMTypeOf(LLVMGetOperand(i, k)))) return true;
    return false;
}

static bool lower_function(struct cw_words *words, LLVMValueRef function) {
    struct list makers = {0}, users = {0};
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
            bool makes = cw_words_is_mask(LLVMTypeOf(i));
            if (makes) add(&makers, i);
            /* A call that takes masks and makes one keeps what it takes. */
            if (uses_masks(i) && (!makes || LLVMIsACallInst(i))) add(&users, i);
        }
    for (size_t k = 0; k < users.count; k++) {
        if (cw_words_is_mask(LLVMTypeOf(users.items[k])))
            restore(words, users.items[k]);
        else
            rewrite(words, users.items[k]);
    }
    complete_phis(words);
    /* Masks that only masks use are left; those that something still uses stay. */
    bool changed = makers.count + users.count > 0;
    for (bool again = true; again;) {
        again = false;
        for (size_t k = makers.count; k-- > 0;) {
            if (!makers.items[k] || LLVMGetFirstUse(makers.items[k]) || LLVMIsACallInst(makers.items[k])) continue;
            if (LLVMIsALoadInst(makers.items[k]) && LLVMGetVolatile(makers.items[k])) continue;
            LLVMInstructionEraseFromParent(makers.items[k]);
            makers.items[k] = NULL;
            again = true;
        }
    }
    /* Phis that only keep each other alive. */
    for (size_t k = 0; k < makers.count; k++)
        if (makers.items[k] && LLVMIsAPHINode(makers.items[k])) LLVMReplaceAllUsesWith(makers.items[k], LLVMGetPoison(LLVMTypeOf(makers.items[k])));
    for (size_t k = 0; k < makers.count; k++)
        if (makers.items[k] && LLVMIsAPHINode(makers.items[k])) {
            LLVMInstructionEraseFromParent(makers.items[k]);
            makers.items[k] = NULL;
        }
    free(makers.items);
    free(users.items);
    cw_words_forget(words);
    return changed;
}

bool cw_wasm_lower_masks(LLVMModuleRef llvm) {
    struct cw_words words;
    bool changed = false;
    cw_words_init(&words, llvm);
    /* Functions that are added meanwhile have no masks. */
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f))
        if (LLVMGetFirstBasicBlock(f)) changed |= lower_function(&words, f);
    cw_words_fini(&words);
    return changed;
}
