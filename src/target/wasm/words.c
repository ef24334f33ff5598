/* SPDX-License-Identifier: Apache-2.0 */
#include "target/wasm/words.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* ---- What is known ---- */

void cw_words_init(struct cw_words *words, LLVMModuleRef llvm) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    LLVMTypeRef i32 = LLVMInt32TypeInContext(context);
    *words = (struct cw_words){
        .llvm = llvm,
        .context = context,
        .builder = LLVMCreateBuilderInContext(context),
        .layout = LLVMGetModuleDataLayout(llvm),
        .i32 = i32,
        .words = LLVMVectorType(i32, CW_WORDS_LANES),
    };
}

void cw_words_forget(struct cw_words *words) {
    for (size_t i = 0; i < words->room; i++) free(words->table[i]);
    free(words->table);
    words->table = NULL;
    words->used = words->room = words->phi_count = 0;
}

void cw_words_fini(struct cw_words *words) {
    cw_words_forget(words);
    free(words->phis);
    LLVMDisposeBuilder(words->builder);
}

static size_t place_of(const struct cw_words *words, LLVMValueRef value) {
    size_t at = ((uintptr_t)value >> 4) * 0x9e3779b1u & (words->room - 1);
    while (words->table[at] && words->table[at]->value != value) at = (at + 1) & (words->room - 1);
    return at;
}

struct cw_pieces *cw_words_find(const struct cw_words *words, LLVMValueRef value) {
    return words->room ? words->table[place_of(words, value)] : NULL;
}

static void grow(struct cw_words *words) {
    struct cw_pieces **old = words->table;
    size_t room = words->room;
    words->room = room ? 2 * room : 256;
    words->table = cw_realloc_array(NULL, words->room, sizeof(struct cw_pieces *));
    memset(words->table, 0, words->room * sizeof(struct cw_pieces *));
    for (size_t i = 0; i < room; i++)
        if (old[i]) words->table[place_of(words, old[i]->value)] = old[i];
    free(old);
}

struct cw_pieces *cw_words_add(struct cw_words *words, LLVMValueRef value, unsigned count) {
    if (2 * (words->used + 1) > words->room) grow(words);
    struct cw_pieces *row = cw_realloc_array(NULL, 1, sizeof *row);
    *row = (struct cw_pieces){.value = value, .count = count};
    words->table[place_of(words, value)] = row;
    words->used++;
    return row;
}

bool cw_words_is_mask(LLVMTypeRef type) {
    if (LLVMGetTypeKind(type) != LLVMVectorTypeKind) return false;
    LLVMTypeRef lane = LLVMGetElementType(type);
    unsigned count = LLVMGetVectorSize(type);
    return LLVMGetTypeKind(lane) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(lane) == 1 && count % CW_WORDS_LANES == 0 &&
           count / CW_WORDS_LANES <= CW_WORDS_PIECES_MAX;
}

/* ---- Parts of vectors ---- */

static LLVMValueRef shuffle(struct cw_words *words, LLVMValueRef a, LLVMValueRef b, unsigned first, unsigned count) {
    LLVMValueRef lanes[CW_WORDS_LANES * CW_WORDS_PIECES_MAX];
    for (unsigned i = 0; i < count; i++) lanes[i] = LLVMConstInt(words->i32, first + i, 0);
    return LLVMBuildShuffleVector(words->builder, a, b, LLVMConstVector(lanes, count), "");
}

LLVMValueRef cw_words_part(struct cw_words *words, LLVMValueRef value, unsigned k) {
    if (LLVMGetVectorSize(LLVMTypeOf(value)) == CW_WORDS_LANES) return value;
    const struct cw_pieces *known = cw_words_find(words, value);
    return known ? known->piece[k] : shuffle(words, value, LLVMGetPoison(LLVMTypeOf(value)), k * CW_WORDS_LANES, CW_WORDS_LANES);
}

LLVMValueRef cw_words_join(struct cw_words *words, const LLVMValueRef *parts, unsigned count) {
    LLVMValueRef all[CW_WORDS_PIECES_MAX];
    memcpy(all, parts, count * sizeof all[0]);
    unsigned lanes = CW_WORDS_LANES, left = count;
    for (; left > 1; left = (left + 1) / 2, lanes *= 2) {
        for (unsigned i = 0; i < left; i += 2)
            all[i / 2] = shuffle(words, all[i], i + 1 < left ? all[i + 1] : LLVMGetPoison(LLVMTypeOf(all[i])), 0, 2 * lanes);
    }
    LLVMValueRef result = all[0];
    if (lanes != count * CW_WORDS_LANES) /* not a power of two */
        result = shuffle(words, result, LLVMGetPoison(LLVMTypeOf(result)), 0, count * CW_WORDS_LANES);
    if (count > 1 && !LLVMIsConstant(result)) memcpy(cw_words_add(words, result, count)->piece, parts, count * sizeof parts[0]);
    return result;
}

/* ---- Operations on four lanes ---- */

LLVMValueRef cw_words_call(struct cw_words *words, const char *name, LLVMTypeRef result, LLVMValueRef *arguments, unsigned count) {
    LLVMTypeRef types[3];
    for (unsigned i = 0; i < count; i++) types[i] = LLVMTypeOf(arguments[i]);
    LLVMTypeRef type = LLVMFunctionType(result, types, count, 0);
    LLVMValueRef function = LLVMGetNamedFunction(words->llvm, name);
    if (!function) function = LLVMAddFunction(words->llvm, name, type);
    return LLVMBuildCall2(words->builder, type, function, arguments, count, "");
}

static bool is_none(LLVMValueRef piece) {
    return LLVMIsNull(piece);
}

static bool is_every(const struct cw_words *words, LLVMValueRef piece) {
    return piece == LLVMConstAllOnes(words->words);
}

LLVMValueRef cw_words_select(struct cw_words *words, LLVMValueRef mask, LLVMValueRef yes, LLVMValueRef no) {
    if (is_every(words, mask) || yes == no || LLVMIsUndef(no)) return yes;
    if (is_none(mask) || LLVMIsUndef(yes)) return no;
    LLVMValueRef arguments[] = {yes, no, mask};
    return cw_words_call(words, "llvm.wasm.bitselect.v4i32", words->words, arguments, 3);
}

/* i32x4.bitmask is two instructions of a processor with its test, v128.any_true and i32x4.all_true are up to five. */
static LLVMValueRef test(struct cw_words *words, LLVMValueRef piece, LLVMIntPredicate predicate, unsigned bits) {
    if (LLVMIsNull(piece) || is_every(words, piece)) return LLVMConstInt(LLVMInt1TypeInContext(words->context), !LLVMIsNull(piece), 0);
    LLVMValueRef result = cw_words_call(words, "llvm.wasm.bitmask.v4i32", words->i32, &piece, 1);
    return LLVMBuildICmp(words->builder, predicate, result, LLVMConstInt(words->i32, bits, 0), "");
}

LLVMValueRef cw_words_any(struct cw_words *words, LLVMValueRef piece) {
    return test(words, piece, LLVMIntNE, 0);
}

LLVMValueRef cw_words_every(struct cw_words *words, LLVMValueRef piece) {
    return test(words, piece, LLVMIntEQ, (1u << CW_WORDS_LANES) - 1);
}

LLVMValueRef cw_words_integers(struct cw_words *words, LLVMValueRef value) {
    LLVMTypeRef type = LLVMTypeOf(value), lane = LLVMGetElementType(type);
    if (LLVMGetTypeKind(lane) == LLVMIntegerTypeKind) return value;
    LLVMTypeRef to = LLVMVectorType(LLVMIntTypeInContext(words->context, (unsigned)LLVMSizeOfTypeInBits(words->layout, lane)), LLVMGetVectorSize(type));
    return LLVMGetTypeKind(lane) == LLVMPointerTypeKind ? LLVMBuildPtrToInt(words->builder, value, to, "")
                                                        : LLVMBuildBitCast(words->builder, value, to, "");
}

LLVMValueRef cw_words_back(struct cw_words *words, LLVMValueRef value, LLVMTypeRef type) {
    if (LLVMTypeOf(value) == type) return value;
    return LLVMGetTypeKind(LLVMGetElementType(type)) == LLVMPointerTypeKind ? LLVMBuildIntToPtr(words->builder, value, type, "")
                                                                            : LLVMBuildBitCast(words->builder, value, type, "");
}

/* Eight bytes a lane: each word of the mask is two, and each half is a vector. */
static LLVMValueRef blend_wide(struct cw_words *words, LLVMValueRef mask, LLVMValueRef yes, LLVMValueRef no) {
    LLVMTypeRef type = LLVMTypeOf(yes), two = LLVMVectorType(LLVMInt64TypeInContext(words->context), 2);
    LLVMValueRef half[2];
    yes = cw_words_integers(words, yes);
    no = cw_words_integers(words, no);
    for (unsigned h = 0; h < 2; h++) {
        const unsigned at[] = {2 * h, 2 * h, 2 * h + 1, 2 * h + 1};
        LLVMValueRef lanes[4], part[2];
        for (unsigned i = 0; i < 4; i++) lanes[i] = LLVMConstInt(words->i32, at[i], 0);
        LLVMValueRef twice = LLVMBuildShuffleVector(words->builder, mask, LLVMGetPoison(words->words), LLVMConstVector(lanes, 4), "");
        part[0] = LLVMBuildBitCast(words->builder, shuffle(words, yes, LLVMGetPoison(LLVMTypeOf(yes)), 2 * h, 2), words->words, "");
        part[1] = LLVMBuildBitCast(words->builder, shuffle(words, no, LLVMGetPoison(LLVMTypeOf(no)), 2 * h, 2), words->words, "");
        half[h] = LLVMBuildBitCast(words->builder, cw_words_select(words, twice, part[0], part[1]), two, "");
    }
    return cw_words_back(words, shuffle(words, half[0], half[1], 0, 4), type);
}

LLVMValueRef cw_words_blend(struct cw_words *words, LLVMValueRef mask, LLVMValueRef yes, LLVMValueRef no) {
    LLVMTypeRef type = LLVMTypeOf(yes);
    if (is_every(words, mask) || yes == no || LLVMIsUndef(no)) return yes;
    if (is_none(mask) || LLVMIsUndef(yes)) return no;
    switch (LLVMSizeOfTypeInBits(words->layout, LLVMGetElementType(type))) {
    case 32: return cw_words_back(words, cw_words_select(words, mask, cw_words_integers(words, yes), cw_words_integers(words, no)), type);
    case 64: return blend_wide(words, mask, yes, no);
    default: {
        LLVMValueRef bits = LLVMBuildICmp(words->builder, LLVMIntSLT, mask, LLVMConstNull(words->words), "");
        return LLVMBuildSelect(words->builder, bits, yes, no, "");
    }
    }
}
