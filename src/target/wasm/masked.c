/* SPDX-License-Identifier: Apache-2.0 */
/*
 * masked.c: accesses to memory under a mask, which WebAssembly lacks. LLVM's own lowering tests the bits one by one. Memory here has no
 * pages that can't be read, so loads need no branches: four lanes are loaded whole if any of them is on, for what lies beside
 * a valid word of linear memory can be read, and from a place that is always there (`nothing`) if none is; what was loaded for lanes
 * that are off is dropped. (The last bytes of memory belong to no allocation: dlmalloc keeps its own behind them, web/src/memory.js leaves some.)
 * Stores must not touch what other threads may be writing: four lanes are stored whole if all of them are on, else one by one. That is not a
 * call: engines keep no vector in a register across one, and what a loop keeps would go to memory for it.
 */
#include <string.h>

#include "target/wasm/words.h"

enum { BLOCK_BYTES = 16 };

/* ---- Loads ---- */

/* A block that can be loaded. */
static LLVMValueRef nothing(struct cw_words *words) {
    static const char name[] = "cw.wasm.nothing";
    LLVMValueRef global = LLVMGetNamedGlobal(words->llvm, name);
    if (!global) {
        LLVMTypeRef type = LLVMArrayType2(LLVMInt64TypeInContext(words->context), 4); /* the widest four lanes */
        global = LLVMAddGlobal(words->llvm, type, name);
        LLVMSetInitializer(global, LLVMConstNull(type));
        LLVMSetLinkage(global, LLVMInternalLinkage);
        LLVMSetAlignment(global, BLOCK_BYTES);
    }
    return global;
}

static LLVMValueRef offset(struct cw_words *words, LLVMValueRef pointer, unsigned bytes) {
    LLVMValueRef at = LLVMConstInt(words->i32, bytes, 0);
    return bytes ? LLVMBuildGEP2(words->builder, LLVMInt8TypeInContext(words->context), pointer, &at, 1, "") : pointer;
}

static LLVMValueRef load(struct cw_words *words, LLVMTypeRef type, LLVMValueRef pointer) {
    LLVMValueRef result = LLVMBuildLoad2(words->builder, type, pointer, "");
    LLVMSetAlignment(result, 1);
    return result;
}

static unsigned lane_bits(const struct cw_words *words, LLVMTypeRef vector) {
    return (unsigned)LLVMSizeOfTypeInBits(words->layout, LLVMGetElementType(vector));
}

static LLVMTypeRef integers(const struct cw_words *words, unsigned bits) {
    return LLVMVectorType(LLVMIntTypeInContext(words->context, bits), CW_WORDS_LANES);
}

static LLVMValueRef load_consecutive(struct cw_words *words, LLVMValueRef call, const struct cw_pieces *mask) {
    LLVMTypeRef type = LLVMTypeOf(call), part = LLVMVectorType(LLVMGetElementType(type), CW_WORDS_LANES);
    LLVMValueRef pointer = LLVMGetOperand(call, 0), otherwise = LLVMGetOperand(call, 2), parts[CW_WORDS_PIECES_MAX];
    unsigned bits = lane_bits(words, type);
    for (unsigned k = 0; k < mask->count; k++) {
        LLVMValueRef at = offset(words, pointer, k * CW_WORDS_LANES * bits / 8);
        LLVMValueRef any = cw_words_any(words, mask->piece[k]);
        LLVMValueRef from = LLVMIsAConstantInt(any) && LLVMConstIntGetZExtValue(any) ? at : LLVMBuildSelect(words->builder, any, at, nothing(words), "");
        LLVMValueRef loaded = cw_words_back(words, load(words, integers(words, bits), from), part);
        parts[k] = cw_words_blend(words, mask->piece[k], loaded, cw_words_part(words, otherwise, k));
    }
    return cw_words_join(words, parts, mask->count);
}

/* Four addresses; where lanes are off, `nothing`. */
static LLVMValueRef safe_addresses(struct cw_words *words, LLVMValueRef addresses, LLVMValueRef mask) {
    LLVMValueRef lanes[CW_WORDS_LANES], place = LLVMConstPtrToInt(nothing(words), words->i32);
    for (unsigned i = 0; i < CW_WORDS_LANES; i++) lanes[i] = place;
    return cw_words_select(words, mask, cw_words_integers(words, addresses), LLVMConstVector(lanes, CW_WORDS_LANES));
}

static LLVMValueRef address_of(struct cw_words *words, LLVMValueRef addresses, unsigned lane) {
    LLVMValueRef word = LLVMBuildExtractElement(words->builder, addresses, LLVMConstInt(words->i32, lane, 0), "");
    return LLVMBuildIntToPtr(words->builder, word, LLVMPointerTypeInContext(words->context, 0), "");
}

static LLVMValueRef load_scattered(struct cw_words *words, LLVMValueRef call, const struct cw_pieces *mask) {
    LLVMTypeRef type = LLVMTypeOf(call), part = LLVMVectorType(LLVMGetElementType(type), CW_WORDS_LANES);
    LLVMValueRef pointers = LLVMGetOperand(call, 0), otherwise = LLVMGetOperand(call, 2), parts[CW_WORDS_PIECES_MAX];
    unsigned bits = lane_bits(words, type);
    for (unsigned k = 0; k < mask->count; k++) {
        LLVMValueRef addresses = safe_addresses(words, cw_words_part(words, pointers, k), mask->piece[k]);
        LLVMValueRef loaded = LLVMGetPoison(integers(words, bits));
        for (unsigned i = 0; i < CW_WORDS_LANES; i++) {
            LLVMValueRef one = load(words, LLVMIntTypeInContext(words->context, bits), address_of(words, addresses, i));
            loaded = LLVMBuildInsertElement(words->builder, loaded, one, LLVMConstInt(words->i32, i, 0), "");
        }
        parts[k] = cw_words_blend(words, mask->piece[k], cw_words_back(words, loaded, part), cw_words_part(words, otherwise, k));
    }
    return cw_words_join(words, parts, mask->count);
}

/* ---- Stores: functions of the module that are put in where they are called ---- */

static void set_attribute(struct cw_words *words, LLVMValueRef function, const char *name) {
    unsigned kind = LLVMGetEnumAttributeKindForName(name, strlen(name));
    LLVMAddAttributeAtIndex(function, (LLVMAttributeIndex)LLVMAttributeFunctionIndex, LLVMCreateEnumAttribute(words->context, kind, 0));
}

static void store(struct cw_words *words, LLVMValueRef value, LLVMValueRef pointer) {
    LLVMSetAlignment(LLVMBuildStore(words->builder, value, pointer), 1);
}

static void store_lane(struct cw_words *words, LLVMValueRef value, LLVMValueRef addresses, unsigned lane) {
    LLVMValueRef one = LLVMBuildExtractElement(words->builder, value, LLVMConstInt(words->i32, lane, 0), "");
    store(words, one, address_of(words, addresses, lane));
}

/* Functions of our own have no lines: the builder's is the kernel's that was worked on, and would be inlined into others. */
static void begin(struct cw_words *words, LLVMBasicBlockRef entry) {
    LLVMSetCurrentDebugLocation2(words->builder, NULL);
    LLVMPositionBuilderAtEnd(words->builder, entry);
}

/* Of (addresses, values, mask): stores the lanes that are on, one by one. */
static LLVMValueRef some_function(struct cw_words *words, unsigned bits, LLVMTypeRef *type) {
    const char *name = bits == 8 ? "cw.wasm.store.i8" : bits == 16 ? "cw.wasm.store.i16" : bits == 32 ? "cw.wasm.store.i32" : "cw.wasm.store.i64";
    LLVMTypeRef parameters[] = {words->words, integers(words, bits), words->words};
    *type = LLVMFunctionType(LLVMVoidTypeInContext(words->context), parameters, 3, 0);
    LLVMValueRef function = LLVMGetNamedFunction(words->llvm, name);
    if (function) return function;
    function = LLVMAddFunction(words->llvm, name, *type);
    LLVMSetLinkage(function, LLVMInternalLinkage);
    set_attribute(words, function, "alwaysinline");
    set_attribute(words, function, "nounwind");
    begin(words, LLVMAppendBasicBlockInContext(words->context, function, ""));
    LLVMValueRef mask = LLVMGetParam(function, 2), set = cw_words_call(words, "llvm.wasm.bitmask.v4i32", words->i32, &mask, 1);
    for (unsigned i = 0; i < CW_WORDS_LANES; i++) {
        LLVMBasicBlockRef on = LLVMAppendBasicBlockInContext(words->context, function, ""), next = LLVMAppendBasicBlockInContext(words->context, function, "");
        LLVMValueRef bit = LLVMBuildAnd(words->builder, set, LLVMConstInt(words->i32, 1u << i, 0), "");
        LLVMBuildCondBr(words->builder, LLVMBuildICmp(words->builder, LLVMIntNE, bit, LLVMConstNull(words->i32), ""), on, next);
        LLVMPositionBuilderAtEnd(words->builder, on);
        store_lane(words, LLVMGetParam(function, 1), LLVMGetParam(function, 0), i);
        LLVMBuildBr(words->builder, next);
        LLVMPositionBuilderAtEnd(words->builder, next);
    }
    LLVMBuildRetVoid(words->builder);
    return function;
}

/* Of (first address or addresses, values, mask): what all lanes on need, else the function above. */
static LLVMValueRef store_function(struct cw_words *words, unsigned bits, bool scattered, LLVMTypeRef *type) {
    char name[] = "cw.wasm.store.all.00.row";
    const char digits[] = {(char)('0' + bits / 10), (char)('0' + bits % 10)};
    memcpy(strchr(name, '0'), digits, sizeof digits);
    if (scattered) memcpy(name + sizeof name - 4, "any", 3);
    LLVMTypeRef first = scattered ? words->words : LLVMPointerTypeInContext(words->context, 0), parameters[] = {first, integers(words, bits), words->words};
    *type = LLVMFunctionType(LLVMVoidTypeInContext(words->context), parameters, 3, 0);
    LLVMValueRef function = LLVMGetNamedFunction(words->llvm, name);
    if (function) return function;
    function = LLVMAddFunction(words->llvm, name, *type);
    LLVMSetLinkage(function, LLVMInternalLinkage);
    set_attribute(words, function, "alwaysinline");
    set_attribute(words, function, "nounwind");
    LLVMTypeRef some_type;
    LLVMValueRef some = some_function(words, bits, &some_type);
    LLVMBasicBlockRef entry = LLVMAppendBasicBlockInContext(words->context, function, ""), all = LLVMAppendBasicBlockInContext(words->context, function, ""),
                      few = LLVMAppendBasicBlockInContext(words->context, function, ""), end = LLVMAppendBasicBlockInContext(words->context, function, "");
    LLVMValueRef at = LLVMGetParam(function, 0), value = LLVMGetParam(function, 1), mask = LLVMGetParam(function, 2);
    begin(words, entry);
    LLVMBuildCondBr(words->builder, cw_words_every(words, mask), all, few);
    LLVMPositionBuilderAtEnd(words->builder, all);
    if (scattered) {
        for (unsigned i = 0; i < CW_WORDS_LANES; i++) store_lane(words, value, at, i);
    } else {
        store(words, value, at);
    }
    LLVMBuildBr(words->builder, end);
    LLVMPositionBuilderAtEnd(words->builder, few);
    if (!scattered) {
        LLVMValueRef lanes[CW_WORDS_LANES], zeros = LLVMConstNull(words->words), word = LLVMBuildPtrToInt(words->builder, at, words->i32, "");
        for (unsigned i = 0; i < CW_WORDS_LANES; i++) lanes[i] = LLVMConstInt(words->i32, i * bits / 8, 0);
        at = LLVMBuildInsertElement(words->builder, LLVMGetPoison(words->words), word, LLVMConstNull(words->i32), "");
        at = LLVMBuildShuffleVector(words->builder, at, LLVMGetPoison(words->words), zeros, "");
        at = LLVMBuildAdd(words->builder, at, LLVMConstVector(lanes, CW_WORDS_LANES), "");
    }
    LLVMValueRef arguments[] = {at, value, mask};
    LLVMBuildCall2(words->builder, some_type, some, arguments, 3, "");
    LLVMBuildBr(words->builder, end);
    LLVMPositionBuilderAtEnd(words->builder, end);
    LLVMBuildRetVoid(words->builder);
    return function;
}

static void store_masked(struct cw_words *words, LLVMValueRef call, const struct cw_pieces *mask, bool scattered) {
    LLVMValueRef value = LLVMGetOperand(call, 0), where = LLVMGetOperand(call, 1);
    unsigned bits = lane_bits(words, LLVMTypeOf(value));
    LLVMTypeRef type;
    LLVMValueRef function = store_function(words, bits, scattered, &type);
    LLVMPositionBuilderBefore(words->builder, call);
    for (unsigned k = 0; k < mask->count; k++) {
        if (LLVMIsNull(mask->piece[k])) continue;
        LLVMValueRef at = scattered ? cw_words_integers(words, cw_words_part(words, where, k)) : offset(words, where, k * CW_WORDS_LANES * bits / 8);
        LLVMValueRef arguments[] = {at, cw_words_integers(words, cw_words_part(words, value, k)), mask->piece[k]};
        LLVMBuildCall2(words->builder, type, function, arguments, 3, "");
    }
}

/* ---- Which access ---- */

static bool is_known(const struct cw_words *words, LLVMTypeRef vector) {
    LLVMTypeKind kind = LLVMGetTypeKind(LLVMGetElementType(vector));
    unsigned bits = lane_bits(words, vector);
    bool plain = kind == LLVMIntegerTypeKind || kind == LLVMHalfTypeKind || kind == LLVMBFloatTypeKind || kind == LLVMFloatTypeKind ||
                 kind == LLVMDoubleTypeKind || kind == LLVMPointerTypeKind;
    return plain && (bits == 8 || bits == 16 || bits == 32 || bits == 64);
}

bool cw_words_access(struct cw_words *words, LLVMValueRef call) {
    static const struct {
        const char *name;
        bool loads, scattered;
    } rows[] = {{"llvm.masked.load.", true, false}, {"llvm.masked.gather.", true, true}, {"llvm.masked.store.", false, false}, {"llvm.masked.scatter.", false, true}};
    if (!LLVMIsACallInst(call) || !LLVMIsAFunction(LLVMGetCalledValue(call))) return false;
    size_t length;
    const char *name = LLVMGetValueName2(LLVMGetCalledValue(call), &length);
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        if (strncmp(name, rows[r].name, strlen(rows[r].name)) != 0) continue;
        LLVMTypeRef type = rows[r].loads ? LLVMTypeOf(call) : LLVMTypeOf(LLVMGetOperand(call, 0));
        const struct cw_pieces *mask = cw_words_of(words, LLVMGetOperand(call, rows[r].loads ? 1 : 2));
        if (!mask || !is_known(words, type)) return false;
        LLVMPositionBuilderBefore(words->builder, call);
        if (rows[r].loads) {
            LLVMReplaceAllUsesWith(call, rows[r].scattered ? load_scattered(words, call, mask) : load_consecutive(words, call, mask));
        } else {
            store_masked(words, call, mask, rows[r].scattered);
        }
        LLVMInstructionEraseFromParent(call);
        return true;
    }
    return false;
}
