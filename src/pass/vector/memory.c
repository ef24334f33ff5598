/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory.c: loads, stores and addresses. An access is one of four kinds, by the shape of its address:
 *   one address for all lanes: a scalar access; of a store, what the last lane stores stays;
 *   neighbours, in the order of the lanes: a vector access, masked where lanes are off;
 *   neighbours unless an index wrapped around: both kinds, chosen by a test;
 *   anything else: a gather or scatter.
 * An access is never made for a lane that is off.
 *
 * Local arrays. Where all accesses to an array are of one size, the same element of all lanes lies together, so that a uniform
 * index gives a vector access and constant indices let SROA keep the array in registers: the byte offset into the array is
 * multiplied by the number of lanes, and lane k's element lies k elements further. Other arrays stand one behind the other.
 */
#include <stdlib.h>
#include <string.h>

#include "pass/vector/state.h"

#define ARRAY_ALIGN 64u
#define FACTOR_DEPTH 4u
#define APART_MAX 4 /* elements from lane to lane, up to which whole vectors are loaded */
#define LOCAL_MAX (384u << 10) /* bytes of local arrays that one stack has room for, all lanes together */

static LLVMTargetDataRef layout_of(struct cw_vector *v) {
    return LLVMGetModuleDataLayout(v->llvm);
}

static uint64_t size_of(struct cw_vector *v, LLVMTypeRef type) {
    return LLVMABISizeOfType(layout_of(v), type);
}

/* ---- Local arrays ---- */

static bool is_ignored_user(LLVMValueRef user) {
    LLVMValueRef callee = LLVMIsACallInst(user) ? cw_called_function(user) : NULL;
    return callee && strncmp(cw_value_name(callee), "llvm.lifetime.", 14) == 0;
}

/* A power of two that the number is a multiple of, 2^30 at most. */
static uint64_t known_factor(LLVMValueRef number, unsigned depth) {
    const uint64_t most = UINT64_C(1) << 30;
    if (LLVMIsAConstantInt(number)) {
        uint64_t value = LLVMConstIntGetZExtValue(number);
        return value == 0 || __builtin_ctzll(value) >= 30 ? most : UINT64_C(1) << __builtin_ctzll(value);
    }
    if (!LLVMIsAInstruction(number) || depth == 0 || LLVMIsAPHINode(number)) return 1;
    uint64_t a = known_factor(LLVMGetOperand(number, 0), depth - 1), b = 1;
    LLVMOpcode opcode = LLVMGetInstructionOpcode(number);
    if (LLVMIsABinaryOperator(number)) b = known_factor(LLVMGetOperand(number, 1), depth - 1);
    switch (opcode) {
    case LLVMAdd:
    case LLVMSub:
    case LLVMOr:
    case LLVMXor: return a < b ? a : b;
    case LLVMAnd: return a > b ? a : b;
    case LLVMMul: a *= b; break;
    case LLVMShl:
        if (!LLVMIsAConstantInt(LLVMGetOperand(number, 1)) || LLVMConstIntGetZExtValue(LLVMGetOperand(number, 1)) > 30) return a;
        a <<= LLVMConstIntGetZExtValue(LLVMGetOperand(number, 1));
        break;
    case LLVMSExt:
    case LLVMZExt: return a;
    default: return 1;
    }
    return a < most ? a : most;
}

/* True if every step of the address computation is a multiple of `size`, a power of two. */
static bool steps_are_multiples(struct cw_vector *v, LLVMValueRef gep, uint64_t size) {
    LLVMTypeRef type = LLVMGetGEPSourceElementType(gep);
    for (int k = 1; k < LLVMGetNumOperands(gep); k++) {
        LLVMValueRef index = LLVMGetOperand(gep, (unsigned)k);
        if (k > 1 && LLVMGetTypeKind(type) == LLVMStructTypeKind) {
            unsigned field = (unsigned)LLVMConstIntGetZExtValue(index);
            if (LLVMOffsetOfElement(layout_of(v), type, field) % size) return false;
            type = LLVMStructGetTypeAtIndex(type, field);
            continue;
        }
        if (k > 1) type = LLVMGetElementType(type);
        uint64_t step = size_of(v, type);
        step *= known_factor(index, FACTOR_DEPTH);
        if (step % size) return false;
    }
    return true;
}

/* True if all uses of `pointer` are addresses and accesses of `*size` bytes; 0 is not known yet. */
static bool one_size(struct cw_vector *v, LLVMValueRef pointer, uint64_t *size, bool check_steps) {
    for (LLVMUseRef use = LLVMGetFirstUse(pointer); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        LLVMTypeRef type = NULL;
        if (is_ignored_user(user)) continue;
        if (LLVMIsAGetElementPtrInst(user)) {
            if (check_steps && !steps_are_multiples(v, user, *size)) return false;
            if (!one_size(v, user, size, check_steps)) return false;
            continue;
        }
        if (LLVMIsALoadInst(user)) type = LLVMTypeOf(user);
        if (LLVMIsAStoreInst(user) && LLVMGetOperand(user, 0) != pointer) type = LLVMTypeOf(LLVMGetOperand(user, 0));
        if (!type || LLVMGetVolatile(user) || LLVMIsAtomic(user) || !cw_vector_type(v, type)) return false;
        uint64_t bytes = size_of(v, type);
        if (*size == 0) *size = bytes;
        if (bytes != *size || bytes > 8 || (bytes & (bytes - 1)) || LLVMSizeOfTypeInBits(layout_of(v), type) != 8 * bytes) return false;
    }
    return true;
}

void cw_vector_place_arrays(struct cw_vector *v) {
    for (size_t k = 0; k < v->value_count; k++) {
        LLVMValueRef array = v->values[k].old;
        uint64_t size = 0;
        if (!LLVMIsAAllocaInst(array) || !LLVMIsAConstantInt(LLVMGetOperand(array, 0))) continue;
        v->values[k].by_lane = one_size(v, array, &size, false) && size != 0 && one_size(v, array, &size, true);
    }
}

bool cw_vector_is_by_lane(struct cw_vector *v, LLVMValueRef pointer) {
    while (LLVMIsAGetElementPtrInst(pointer)) pointer = LLVMGetOperand(pointer, 0);
    return LLVMIsAAllocaInst(pointer) && cw_vector_find(v, pointer)->by_lane;
}

void cw_vector_alloca(struct cw_vector *v, LLVMValueRef instruction) {
    LLVMValueRef count = LLVMGetOperand(instruction, 0);
    if (!LLVMIsAConstantInt(count)) {
        cw_vector_refuse(v, instruction, "a local array's size isn't known at compile time");
        return;
    }
    uint64_t bytes = size_of(v, LLVMGetAllocatedType(instruction)) * LLVMConstIntGetZExtValue(count);
    v->local_bytes += bytes * v->plan->lanes;
    if (v->local_bytes > LOCAL_MAX) {
        cw_vector_refuse(v, instruction, "the local arrays of %u threads don't fit one stack", v->plan->lanes);
        return;
    }
    unsigned align = LLVMGetAlignment(instruction);
    LLVMValueRef array;
    if (v->frame && align <= ARRAY_ALIGN) {
        array = cw_vector_frame_place(v, bytes * v->plan->lanes);
    } else if (v->frame) {
        cw_vector_refuse(v, instruction, "a local array is aligned to more than %u bytes", ARRAY_ALIGN);
        return;
    } else {
        array = LLVMBuildAlloca(v->allocas, LLVMArrayType2(v->i8, bytes * v->plan->lanes), "");
        LLVMSetAlignment(array, align > ARRAY_ALIGN ? align : ARRAY_ALIGN);
    }
    struct cw_vector_value *value = cw_vector_find(v, instruction);
    value->now[value->shape.parts ? v->part : 0] = array;
}

/* ---- Addresses ---- */

/* base + lane-scaled offset, of a place in an array that lies by lane. */
static LLVMValueRef by_lane_address(struct cw_vector *v, LLVMValueRef gep, bool wide) {
    LLVMTypeRef type = LLVMGetGEPSourceElementType(gep), offset_type = wide ? cw_vector_type(v, v->i64) : v->i64;
    LLVMValueRef offset = LLVMConstNull(offset_type);
    for (int k = 1; k < LLVMGetNumOperands(gep); k++) {
        LLVMValueRef index = LLVMGetOperand(gep, (unsigned)k);
        uint64_t step;
        if (k > 1 && LLVMGetTypeKind(type) == LLVMStructTypeKind) {
            unsigned field = (unsigned)LLVMConstIntGetZExtValue(index);
            step = LLVMOffsetOfElement(layout_of(v), type, field);
            type = LLVMStructGetTypeAtIndex(type, field);
            offset = LLVMBuildAdd(v->builder, offset, cw_splat(offset_type, step * v->plan->lanes), "");
            continue;
        }
        if (k > 1) type = LLVMGetElementType(type);
        step = size_of(v, type);
        LLVMValueRef value = wide ? cw_vector_wide(v, index) : cw_vector_scalar(v, index);
        value = LLVMBuildIntCast2(v->builder, value, offset_type, 1, "");
        offset = LLVMBuildAdd(v->builder, offset, LLVMBuildMul(v->builder, value, cw_splat(offset_type, step * v->plan->lanes), ""), "");
    }
    LLVMValueRef base = LLVMGetOperand(gep, 0); /* an address that rises from lane to lane is kept as its first */
    base = !wide || cw_is_uniform(v, base) ? cw_vector_scalar(v, base) : cw_vector_wide(v, base);
    return LLVMBuildGEP2(v->builder, v->i8, base, &offset, 1, "");
}

/* A vector of addresses; operands that are the same in every lane stay scalar, which is what gathers are made of. */
static LLVMValueRef wide_address(struct cw_vector *v, LLVMValueRef gep) {
    LLVMValueRef indices[16];
    int count = LLVMGetNumOperands(gep) - 1;
    if (count > 16) {
        cw_vector_refuse(v, gep, "an address has more than 16 indices");
        return LLVMGetPoison(cw_vector_type(v, v->pointer));
    }
    LLVMValueRef base = LLVMGetOperand(gep, 0);
    base = cw_is_uniform(v, base) ? cw_vector_scalar(v, base) : cw_vector_wide(v, base);
    for (int k = 0; k < count; k++) {
        LLVMValueRef index = LLVMGetOperand(gep, (unsigned)k + 1);
        indices[k] = cw_is_uniform(v, index) ? cw_vector_scalar(v, index) : cw_vector_wide(v, index);
    }
    return LLVMBuildGEP2(v->builder, LLVMGetGEPSourceElementType(gep), base, indices, (unsigned)count, "");
}

void cw_vector_gep(struct cw_vector *v, LLVMValueRef instruction) {
    bool varying = cw_vector_shape(v, instruction).kind == CW_SHAPE_VARYING;
    LLVMValueRef address;
    if (cw_vector_is_by_lane(v, instruction)) address = by_lane_address(v, instruction, varying);
    else address = varying ? wide_address(v, instruction) : cw_vector_copy(v, instruction);
    cw_vector_define(v, instruction, address);
}

/* ---- Vector accesses ---- */

static void set_argument_align(struct cw_vector *v, LLVMValueRef call, unsigned argument, unsigned align) {
    LLVMAddCallSiteAttribute(call, argument + 1, LLVMCreateEnumAttribute(v->context, cw_attribute_kind("align"), align));
}

static LLVMValueRef load_whole(struct cw_vector *v, LLVMTypeRef type, LLVMValueRef address, unsigned align, bool is_volatile) {
    LLVMValueRef load = LLVMBuildLoad2(v->builder, type, address, "");
    LLVMSetAlignment(load, align);
    LLVMSetVolatile(load, is_volatile);
    return load;
}

static LLVMValueRef load_masked(struct cw_vector *v, LLVMTypeRef type, LLVMValueRef address, unsigned align) {
    LLVMTypeRef types[2] = {type, v->pointer};
    LLVMValueRef arguments[3] = {address, v->mask, LLVMGetPoison(type)};
    LLVMValueRef call = cw_vector_call_llvm(v, "llvm.masked.load", types, 2, arguments, 3);
    set_argument_align(v, call, 0, align);
    return call;
}

void cw_vector_branch_on_all(struct cw_vector *v, LLVMValueRef mask, LLVMBasicBlockRef blocks[2]) {
    LLVMValueRef bits = cw_vector_bits(v, mask);
    LLVMValueRef all = LLVMBuildICmp(v->builder, LLVMIntEQ, bits, LLVMConstAllOnes(LLVMTypeOf(bits)), "all");
    blocks[0] = cw_vector_append(v, "whole");
    blocks[1] = cw_vector_append(v, "masked");
    LLVMBuildCondBr(v->builder, all, blocks[0], blocks[1]);
}

/* Masked accesses are several times slower than plain ones on many machines, and most of the time all lanes are on. */
static LLVMValueRef load_neighbours(struct cw_vector *v, LLVMTypeRef type, LLVMValueRef address, unsigned align, bool is_volatile) {
    if (!v->mask) return load_whole(v, type, address, align, is_volatile);
    if (v->masks_matter) return load_masked(v, type, address, align);
    LLVMBasicBlockRef blocks[2], done;
    LLVMValueRef values[2];
    cw_vector_branch_on_all(v, v->mask, blocks);
    done = cw_vector_append(v, "loaded");
    LLVMPositionBuilderAtEnd(v->builder, blocks[0]);
    values[0] = load_whole(v, type, address, align, is_volatile);
    LLVMBuildBr(v->builder, done);
    LLVMPositionBuilderAtEnd(v->builder, blocks[1]);
    values[1] = load_masked(v, type, address, align);
    LLVMBuildBr(v->builder, done);
    LLVMPositionBuilderAtEnd(v->builder, done);
    LLVMValueRef result = LLVMBuildPhi(v->builder, type, "");
    LLVMAddIncoming(result, values, blocks, 2);
    return result;
}

static void store_whole(struct cw_vector *v, LLVMValueRef pointer, LLVMValueRef value, LLVMValueRef address, unsigned align, bool is_volatile) {
    if (!is_volatile) {
        cw_vector_store_whole(v, pointer, value, address, align);
        return;
    }
    LLVMValueRef store = LLVMBuildStore(v->builder, value, address);
    LLVMSetAlignment(store, align);
    LLVMSetVolatile(store, is_volatile);
}

static void store_masked(struct cw_vector *v, LLVMValueRef value, LLVMValueRef address, unsigned align) {
    LLVMTypeRef types[2] = {LLVMTypeOf(value), v->pointer};
    LLVMValueRef arguments[3] = {value, address, v->mask};
    LLVMValueRef call = cw_vector_call_llvm(v, "llvm.masked.store", types, 2, arguments, 3);
    set_argument_align(v, call, 1, align);
}

static void store_neighbours(struct cw_vector *v, LLVMValueRef pointer, LLVMValueRef value, LLVMValueRef address, unsigned align, bool is_volatile) {
    if (!v->mask) {
        store_whole(v, pointer, value, address, align, is_volatile);
        return;
    }
    if (v->masks_matter) {
        store_masked(v, value, address, align);
        return;
    }
    LLVMBasicBlockRef blocks[2], done;
    cw_vector_branch_on_all(v, v->mask, blocks);
    done = cw_vector_append(v, "stored");
    LLVMPositionBuilderAtEnd(v->builder, blocks[0]);
    store_whole(v, pointer, value, address, align, is_volatile);
    LLVMBuildBr(v->builder, done);
    LLVMPositionBuilderAtEnd(v->builder, blocks[1]);
    store_masked(v, value, address, align);
    LLVMBuildBr(v->builder, done);
    LLVMPositionBuilderAtEnd(v->builder, done);
}

static LLVMValueRef gather(struct cw_vector *v, LLVMTypeRef type, LLVMValueRef addresses, unsigned align) {
    LLVMTypeRef types[2] = {type, LLVMTypeOf(addresses)};
    LLVMValueRef arguments[3] = {addresses, cw_vector_mask(v), LLVMGetPoison(type)};
    LLVMValueRef call = cw_vector_call_llvm(v, "llvm.masked.gather", types, 2, arguments, 3);
    set_argument_align(v, call, 0, align);
    return call;
}

/* Of several vectors side by side some may have no lane left, and gathers of nothing take as long as others: they are passed by. */
static LLVMValueRef gather_if_any(struct cw_vector *v, LLVMTypeRef type, LLVMValueRef addresses, unsigned align) {
    if (!v->mask || v->parts == 1) return gather(v, type, addresses, align);
    LLVMBasicBlockRef from = LLVMGetInsertBlock(v->builder), some = cw_vector_append(v, "some"), done = cw_vector_append(v, "gathered");
    LLVMBuildCondBr(v->builder, cw_vector_any(v, v->mask), some, done);
    LLVMPositionBuilderAtEnd(v->builder, some);
    LLVMValueRef values[2] = {LLVMGetPoison(type), gather(v, type, addresses, align)};
    LLVMBasicBlockRef blocks[2] = {from, LLVMGetInsertBlock(v->builder)};
    LLVMBuildBr(v->builder, done);
    LLVMPositionBuilderAtEnd(v->builder, done);
    LLVMValueRef result = LLVMBuildPhi(v->builder, type, "");
    LLVMAddIncoming(result, values, blocks, 2);
    return result;
}

static void scatter(struct cw_vector *v, LLVMValueRef value, LLVMValueRef addresses, unsigned align) {
    LLVMTypeRef types[2] = {LLVMTypeOf(value), LLVMTypeOf(addresses)};
    LLVMValueRef arguments[3] = {value, addresses, cw_vector_mask(v)};
    LLVMValueRef call = cw_vector_call_llvm(v, "llvm.masked.scatter", types, 2, arguments, 3);
    set_argument_align(v, call, 1, align);
}

static unsigned align_of(LLVMValueRef access) {
    unsigned align = LLVMGetAlignment(access);
    return align ? align : 1;
}

/* Lanes that are `apart` elements from each other, a few: whole vectors are loaded, and every apart-th element is taken. Nothing
 * is read before the first lane's element or behind the last one's. */
static LLVMValueRef load_apart(struct cw_vector *v, LLVMTypeRef type, LLVMValueRef address, unsigned apart, unsigned align) {
    unsigned lanes = v->plan->lanes, at = 0;
    LLVMValueRef order[32], result = NULL;
    for (unsigned n = 0; n < apart; n++) {
        LLVMValueRef offset = LLVMConstInt(v->i64, n, 0), part;
        LLVMValueRef from = LLVMBuildGEP2(v->builder, type, address, &offset, 1, ""), mask = v->mask;
        unsigned taken = at;
        if (n + 1 < apart) {
            part = load_whole(v, type, from, align, false);
        } else {
            LLVMValueRef on[32];
            for (unsigned k = 0; k < lanes; k++) on[k] = LLVMConstInt(v->i1, k <= lanes - apart, 0);
            v->mask = LLVMConstVector(on, lanes);
            part = load_masked(v, type, from, align);
            v->mask = mask;
        }
        /* Lanes before `taken` keep what they have; those whose elements are in this vector take them. */
        for (unsigned k = 0; k < lanes; k++) order[k] = LLVMConstInt(v->i32, k, 0);
        for (; at < lanes && at * apart < (n + 1) * lanes; at++) order[at] = LLVMConstInt(v->i32, lanes + at * apart - n * lanes, 0);
        if (taken == at) continue;
        result = LLVMBuildShuffleVector(v->builder, result ? result : LLVMGetPoison(type), part, LLVMConstVector(order, lanes), "");
    }
    return result;
}

/* The same when some lanes may be off: then a gather. */
static LLVMValueRef load_perhaps_apart(struct cw_vector *v, LLVMTypeRef type, LLVMValueRef pointer, unsigned apart, unsigned align) {
    LLVMValueRef address = cw_vector_scalar(v, pointer), addresses = cw_vector_wide(v, pointer), mask = v->mask, values[2];
    if (!mask) return load_apart(v, type, address, apart, align);
    if (v->masks_matter) return gather(v, type, addresses, align);
    LLVMBasicBlockRef blocks[2], done;
    cw_vector_branch_on_all(v, v->mask, blocks);
    done = cw_vector_append(v, "loaded");
    LLVMPositionBuilderAtEnd(v->builder, blocks[0]);
    v->mask = NULL;
    values[0] = load_apart(v, type, address, apart, align);
    v->mask = mask;
    LLVMBuildBr(v->builder, done);
    LLVMPositionBuilderAtEnd(v->builder, blocks[1]);
    values[1] = gather(v, type, addresses, align);
    LLVMBuildBr(v->builder, done);
    LLVMPositionBuilderAtEnd(v->builder, done);
    LLVMValueRef result = LLVMBuildPhi(v->builder, type, "");
    LLVMAddIncoming(result, values, blocks, 2);
    return result;
}

/* How many elements the lanes are apart, if they are a few; else 0. */
static unsigned elements_apart(struct cw_vector *v, LLVMValueRef pointer, LLVMTypeRef type) {
    struct cw_shape shape = cw_vector_shape(v, pointer);
    int64_t size = (int64_t)size_of(v, type);
    if (shape.kind != CW_SHAPE_STRIDED || shape.stride % size || shape.stride < 2 * size || shape.stride > APART_MAX * size) return 0;
    return (unsigned)(shape.stride / size);
}

/* How far apart the lanes' addresses must be to be neighbours. */
static bool are_neighbours(struct cw_vector *v, LLVMValueRef pointer, LLVMTypeRef type) {
    struct cw_shape shape = cw_vector_shape(v, pointer);
    return shape.kind == CW_SHAPE_STRIDED && shape.stride == (int64_t)size_of(v, type);
}

static bool may_be_neighbours(struct cw_vector *v, LLVMValueRef pointer, LLVMTypeRef type) {
    struct cw_shape shape = cw_vector_shape(v, pointer);
    return shape.kind == CW_SHAPE_VARYING && shape.hint && shape.stride == (int64_t)size_of(v, type);
}

/* ---- Loads ---- */

static bool is_plain(struct cw_vector *v, LLVMValueRef access, LLVMTypeRef type) {
    if (LLVMGetOrdering(access) != LLVMAtomicOrderingNotAtomic || !cw_vector_type(v, type)) return false;
    return LLVMSizeOfTypeInBits(layout_of(v), type) == 8 * LLVMStoreSizeOfType(layout_of(v), type) &&
           LLVMGetTypeKind(type) != LLVMStructTypeKind;
}

static LLVMValueRef lane_offsets(struct cw_vector *v, LLVMValueRef pointers, LLVMTypeRef type) {
    LLVMValueRef offsets = cw_vector_iota(v, v->i64, (int64_t)size_of(v, type));
    return LLVMBuildGEP2(v->builder, v->i8, pointers, &offsets, 1, "");
}

static LLVMValueRef load_by_lane(struct cw_vector *v, LLVMValueRef pointer, LLVMTypeRef type) {
    LLVMTypeRef wide = cw_vector_type(v, type);
    uint64_t size = size_of(v, type);
    if (!cw_is_uniform(v, pointer)) return gather(v, wide, lane_offsets(v, cw_vector_wide(v, pointer), type), (unsigned)size);
    LLVMValueRef load = LLVMBuildLoad2(v->builder, wide, cw_vector_scalar(v, pointer), "");
    LLVMSetAlignment(load, (unsigned)size);
    return load;
}

/* Ends the block at the builder's place; returns it. */
static LLVMBasicBlockRef branch_to(struct cw_vector *v, LLVMBasicBlockRef to) {
    LLVMBasicBlockRef from = LLVMGetInsertBlock(v->builder);
    LLVMBuildBr(v->builder, to);
    return from;
}

static LLVMValueRef load_perhaps_neighbours(struct cw_vector *v, LLVMValueRef pointer, LLVMTypeRef type, unsigned align) {
    LLVMTypeRef wide = cw_vector_type(v, type);
    LLVMValueRef base, values[2], together = cw_vector_find_neighbours(v, pointer, &base);
    if (!together) return gather(v, wide, cw_vector_wide(v, pointer), align);
    LLVMBasicBlockRef blocks[2] = {cw_vector_append(v, "together"), cw_vector_append(v, "apart")}, done = cw_vector_append(v, "loaded");
    LLVMBuildCondBr(v->builder, together, blocks[0], blocks[1]);
    LLVMPositionBuilderAtEnd(v->builder, blocks[0]);
    values[0] = load_neighbours(v, wide, base, align, false);
    blocks[0] = branch_to(v, done);
    LLVMPositionBuilderAtEnd(v->builder, blocks[1]);
    bool aside = v->aside;
    v->aside = true;
    values[1] = gather(v, wide, cw_vector_wide_again(v, pointer), align);
    v->aside = aside;
    blocks[1] = branch_to(v, done);
    LLVMPositionBuilderAtEnd(v->builder, done);
    LLVMValueRef result = LLVMBuildPhi(v->builder, wide, "");
    LLVMAddIncoming(result, values, blocks, 2);
    return result;
}

void cw_vector_load(struct cw_vector *v, LLVMValueRef instruction) {
    LLVMValueRef pointer = LLVMGetOperand(instruction, 0), value;
    LLVMTypeRef type = LLVMTypeOf(instruction);
    unsigned align = align_of(instruction);
    if (cw_vector_is_by_lane(v, pointer)) {
        value = load_by_lane(v, pointer, type);
    } else if (cw_is_uniform(v, pointer)) {
        value = cw_vector_copy(v, instruction);
    } else if (!is_plain(v, instruction, type)) {
        cw_vector_by_lane(v, instruction);
        return;
    } else if (are_neighbours(v, pointer, type)) {
        value = load_neighbours(v, cw_vector_type(v, type), cw_vector_scalar(v, pointer), align, LLVMGetVolatile(instruction) != 0);
        cw_vector_fetch_ahead(v, pointer, cw_vector_type(v, type));
    } else if ((value = cw_vector_load_pattern(v, instruction))) {
        /* made */
    } else if (may_be_neighbours(v, pointer, type)) {
        value = load_perhaps_neighbours(v, pointer, type, align);
        cw_vector_fetch_ahead(v, pointer, cw_vector_type(v, type));
    } else if (elements_apart(v, pointer, type) && cw_vector_load_group(v, instruction, elements_apart(v, pointer, type))) {
        return;
    } else if (elements_apart(v, pointer, type)) {
        value = load_perhaps_apart(v, cw_vector_type(v, type), pointer, elements_apart(v, pointer, type), align);
    } else {
        cw_vector_remark(v, instruction, "lanes load from places apart: a gather");
        value = gather_if_any(v, cw_vector_type(v, type), cw_vector_wide(v, pointer), align);
    }
    cw_vector_define(v, instruction, value);
}

/* ---- Stores ---- */

/* Private memory may be read and written back, which SROA understands and a masked store is not. */
static void store_by_lane(struct cw_vector *v, LLVMValueRef pointer, LLVMValueRef value, LLVMTypeRef type) {
    unsigned size = (unsigned)size_of(v, type);
    if (!cw_is_uniform(v, pointer)) {
        scatter(v, value, lane_offsets(v, cw_vector_wide(v, pointer), type), size);
        return;
    }
    LLVMValueRef address = cw_vector_scalar(v, pointer);
    if (v->mask) {
        LLVMValueRef old = LLVMBuildLoad2(v->builder, LLVMTypeOf(value), address, "");
        LLVMSetAlignment(old, size);
        value = LLVMBuildSelect(v->builder, v->mask, value, old, "");
    }
    LLVMSetAlignment(LLVMBuildStore(v->builder, value, address), size);
}

static void store_to_one(struct cw_vector *v, LLVMValueRef instruction) {
    LLVMValueRef value = LLVMGetOperand(instruction, 0);
    LLVMValueRef scalar = cw_is_uniform(v, value) ? cw_vector_scalar(v, value) : cw_vector_last(v, cw_vector_wide(v, value));
    LLVMValueRef copy = LLVMInstructionClone(instruction);
    LLVMSetOperand(copy, 0, scalar);
    LLVMSetOperand(copy, 1, cw_vector_scalar(v, LLVMGetOperand(instruction, 1)));
    LLVMInsertIntoBuilder(v->builder, copy);
}

static void store_perhaps_neighbours(struct cw_vector *v, LLVMValueRef pointer, LLVMValueRef value, unsigned align) {
    LLVMValueRef base, together = cw_vector_find_neighbours(v, pointer, &base);
    if (!together) {
        scatter(v, value, cw_vector_wide(v, pointer), align);
        return;
    }
    LLVMBasicBlockRef blocks[2] = {cw_vector_append(v, "together"), cw_vector_append(v, "apart")}, done = cw_vector_append(v, "stored");
    LLVMBuildCondBr(v->builder, together, blocks[0], blocks[1]);
    LLVMPositionBuilderAtEnd(v->builder, blocks[0]);
    store_neighbours(v, pointer, value, base, align, false);
    LLVMBuildBr(v->builder, done);
    LLVMPositionBuilderAtEnd(v->builder, blocks[1]);
    bool aside = v->aside;
    v->aside = true;
    scatter(v, value, cw_vector_wide_again(v, pointer), align);
    v->aside = aside;
    LLVMBuildBr(v->builder, done);
    LLVMPositionBuilderAtEnd(v->builder, done);
}

void cw_vector_store(struct cw_vector *v, LLVMValueRef instruction) {
    LLVMValueRef old = LLVMGetOperand(instruction, 0), pointer = LLVMGetOperand(instruction, 1);
    LLVMTypeRef type = LLVMTypeOf(old);
    unsigned align = align_of(instruction);
    if (cw_vector_is_by_lane(v, pointer)) {
        store_by_lane(v, pointer, cw_vector_wide(v, old), type);
    } else if (cw_is_uniform(v, pointer) && (cw_is_uniform(v, old) || cw_vector_type(v, type))) {
        store_to_one(v, instruction);
    } else if (!is_plain(v, instruction, type)) {
        cw_vector_by_lane(v, instruction);
    } else if (are_neighbours(v, pointer, type)) {
        store_neighbours(v, pointer, cw_vector_wide(v, old), cw_vector_scalar(v, pointer), align, LLVMGetVolatile(instruction) != 0);
    } else if (cw_vector_store_pattern(v, instruction)) {
        return;
    } else if (may_be_neighbours(v, pointer, type)) {
        store_perhaps_neighbours(v, pointer, cw_vector_wide(v, old), align);
    } else if (elements_apart(v, pointer, type) && cw_vector_store_group(v, instruction, elements_apart(v, pointer, type))) {
        return;
    } else {
        cw_vector_remark(v, instruction, "lanes store to places apart: a scatter");
        scatter(v, cw_vector_wide(v, old), cw_vector_wide(v, pointer), align);
    }
}
