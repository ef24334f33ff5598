/* SPDX-License-Identifier: Apache-2.0 */
/*
 * widths.c: how each value of a function is written: as 32 bits where only the low half of 64 is needed, as a signed or an
 * unsigned integer, where it is used or under a name of its own.
 *
 * Indices are 64-bit integers in the module, since device code has 64-bit pointers, while buffers here have at most 4 GiB:
 * of an integer that only reaches addresses through additions, products and bit operations the low half decides (all of
 * these carry upwards only). The analysis is optimistic: every candidate is narrow until a use that needs more is found.
 *
 * LLVM's integers have no sign, WGSL's have. Values that are added, multiplied or merged with each other form a class
 * (union-find), and operations that know a sign vote.
 */
#include <stdlib.h>

#include "target/wgsl/wgsl.h"

struct wgsl_value *wgsl_value_of(const struct wgsl_function *f, LLVMValueRef value) {
    uint32_t index = wgsl_map_get(&f->index, value);
    return index == WGSL_NONE ? NULL : &f->values[index];
}

static bool is_integer(LLVMTypeRef type, unsigned width) {
    return LLVMGetTypeKind(type) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(type) == width;
}

static uint64_t constant_of(LLVMValueRef value) {
    return LLVMIsAConstantInt(value) ? LLVMConstIntGetZExtValue(value) : UINT64_MAX;
}

/* ---- Narrow values ----------------------------------------------------------------------------------------------- */

/* True if the instruction can be computed from low halves. */
static bool can_be_narrow(LLVMValueRef i) {
    if (!is_integer(LLVMTypeOf(i), 64)) return false;
    switch (LLVMGetInstructionOpcode(i)) {
    case LLVMAdd: case LLVMSub: case LLVMMul: case LLVMAnd: case LLVMOr: case LLVMXor: case LLVMPHI: case LLVMSelect:
    case LLVMPtrToInt: case LLVMFreeze:
        return true;
    case LLVMLoad:
        return !LLVMGetVolatile(i) && LLVMGetOrdering(i) == LLVMAtomicOrderingNotAtomic;
    case LLVMZExt: case LLVMSExt:
        return LLVMGetIntTypeWidth(LLVMTypeOf(LLVMGetOperand(i, 0))) <= 32;
    case LLVMShl:
        return constant_of(LLVMGetOperand(i, 1)) < 32;
    default:
        return false;
    }
}

/* True if `user` needs only the low half of its operand `value`. */
static bool needs_low(const struct wgsl_function *f, LLVMValueRef user, LLVMValueRef value) {
    LLVMOpcode opcode = LLVMGetInstructionOpcode(user);
    if (opcode == LLVMGetElementPtr) return LLVMGetOperand(user, 0) != value;
    if (opcode == LLVMTrunc) return LLVMGetIntTypeWidth(LLVMTypeOf(user)) <= 32;
    if (opcode == LLVMIntToPtr) return true;
    if (opcode == LLVMLoad || opcode == LLVMPtrToInt || opcode == LLVMZExt || opcode == LLVMSExt) return false;
    const struct wgsl_value *info = wgsl_value_of(f, user);
    return info && info->narrow;
}

static void find_narrow(struct wgsl_function *f) {
    for (size_t v = 0; v < f->value_count; v++)
        f->values[v].narrow = LLVMIsAInstruction(f->values[v].value) && can_be_narrow(f->values[v].value);
    bool changed = true;
    while (changed) {
        changed = false;
        for (size_t v = 0; v < f->value_count; v++) {
            struct wgsl_value *value = &f->values[v];
            if (!value->narrow) continue;
            for (LLVMUseRef use = LLVMGetFirstUse(value->value); use && value->narrow; use = LLVMGetNextUse(use))
                if (!needs_low(f, LLVMGetUser(use), value->value)) {
                    value->narrow = false;
                    changed = true;
                }
        }
    }
}

/* ---- Types and signs --------------------------------------------------------------------------------------------- */

static bool is_pointer(LLVMValueRef value) {
    return LLVMGetTypeKind(LLVMTypeOf(value)) == LLVMPointerTypeKind;
}

static enum wgsl_type plain_type(LLVMTypeRef type, bool narrow) {
    switch (LLVMGetTypeKind(type)) {
    case LLVMIntegerTypeKind: {
        unsigned width = LLVMGetIntTypeWidth(type);
        return width == 1 ? WGSL_BOOL : width <= 32 || narrow ? WGSL_U32 : WGSL_U64;
    }
    case LLVMFloatTypeKind: case LLVMHalfTypeKind: case LLVMBFloatTypeKind: return WGSL_F32;
    case LLVMDoubleTypeKind: return WGSL_U64;
    case LLVMPointerTypeKind: return WGSL_U32;
    case LLVMVectorTypeKind:
        if (LLVMGetVectorSize(type) != 4) return WGSL_VOID;
        return is_integer(LLVMGetElementType(type), 32) ? WGSL_U32X4 : LLVMGetTypeKind(LLVMGetElementType(type)) == LLVMFloatTypeKind ? WGSL_F32X4 : WGSL_VOID;
    default: return WGSL_VOID;
    }
}

static uint32_t find_class(struct wgsl_function *f, uint32_t v) {
    while (f->values[v].sign != v) v = f->values[v].sign = f->values[f->values[v].sign].sign;
    return v;
}

/* Only full 32-bit integers have a sign in their type. */
static bool has_sign(const struct wgsl_value *value) {
    LLVMTypeRef type = LLVMTypeOf(value->value);
    return LLVMGetTypeKind(type) == LLVMIntegerTypeKind && (LLVMGetIntTypeWidth(type) == 32 || value->narrow);
}

static void unite(struct wgsl_function *f, uint32_t a, LLVMValueRef other) {
    uint32_t b = wgsl_map_get(&f->index, other);
    /* Built-in values are unsigned and have no part in it. */
    if (LLVMIsACallInst(other) && cw_called_intrinsic(other) != CW_INTRINSIC_COUNT) return;
    if (b == WGSL_NONE || !has_sign(&f->values[b])) return;
    a = find_class(f, a);
    b = find_class(f, b);
    if (a == b) return;
    f->values[a].votes += f->values[b].votes;
    f->values[b].sign = a;
}

static void vote(struct wgsl_function *f, LLVMValueRef value, int32_t votes) {
    uint32_t v = wgsl_map_get(&f->index, value);
    if (v == WGSL_NONE || !has_sign(&f->values[v])) return;
    f->values[find_class(f, v)].votes += votes;
}

static void judge(struct wgsl_function *f, uint32_t index) {
    LLVMValueRef i = f->values[index].value;
    if (!LLVMIsAInstruction(i)) return;
    bool own = has_sign(&f->values[index]);
    switch (LLVMGetInstructionOpcode(i)) {
    case LLVMAdd: case LLVMSub: case LLVMMul:
        if (!own) return;
        if (LLVMGetNSW(i)) vote(f, i, 1);
        unite(f, index, LLVMGetOperand(i, 0));
        unite(f, index, LLVMGetOperand(i, 1));
        return;
    case LLVMAnd: case LLVMOr: case LLVMXor:
        if (!own) return;
        unite(f, index, LLVMGetOperand(i, 0));
        unite(f, index, LLVMGetOperand(i, 1));
        return;
    case LLVMShl: case LLVMFreeze:
        if (own) unite(f, index, LLVMGetOperand(i, 0));
        return;
    case LLVMPHI:
        if (own)
            for (unsigned k = 0; k < LLVMCountIncoming(i); k++) unite(f, index, LLVMGetIncomingValue(i, k));
        return;
    case LLVMSelect:
        if (!own) return;
        unite(f, index, LLVMGetOperand(i, 1));
        unite(f, index, LLVMGetOperand(i, 2));
        return;
    case LLVMSDiv: case LLVMSRem: case LLVMAShr:
        vote(f, LLVMGetOperand(i, 0), 4);
        vote(f, i, 4);
        return;
    case LLVMUDiv: case LLVMURem: case LLVMLShr:
        vote(f, LLVMGetOperand(i, 0), -4);
        vote(f, i, -4);
        return;
    case LLVMSExt: case LLVMSIToFP:
        vote(f, LLVMGetOperand(i, 0), 2);
        if (own) unite(f, index, LLVMGetOperand(i, 0));
        return;
    case LLVMZExt: case LLVMUIToFP:
        vote(f, LLVMGetOperand(i, 0), LLVMGetInstructionOpcode(i) == LLVMZExt && LLVMGetNNeg(i) ? 1 : -2);
        if (own) unite(f, index, LLVMGetOperand(i, 0));
        return;
    case LLVMICmp: {
        LLVMIntPredicate p = LLVMGetICmpPredicate(i);
        uint32_t a = wgsl_map_get(&f->index, LLVMGetOperand(i, 0));
        if (a != WGSL_NONE && has_sign(&f->values[a])) unite(f, a, LLVMGetOperand(i, 1));
        if (p == LLVMIntEQ || p == LLVMIntNE) return;
        /* LLVM makes comparisons with constants unsigned where it can. */
        int32_t votes = p >= LLVMIntSGT ? 4 : LLVMIsAConstantInt(LLVMGetOperand(i, 1)) ? 0 : -4;
        vote(f, LLVMGetOperand(i, 0), votes);
        vote(f, LLVMGetOperand(i, 1), votes);
        return;
    }
    default:
        return;
    }
}

static void find_types(struct wgsl_function *f) {
    for (uint32_t v = 0; v < f->value_count; v++) f->values[v].sign = v;
    for (uint32_t v = 0; v < f->value_count; v++) judge(f, v);
    for (uint32_t v = 0; v < f->value_count; v++) {
        struct wgsl_value *value = &f->values[v];
        value->type = plain_type(LLVMTypeOf(value->value), value->narrow);
        if (has_sign(value) && f->values[find_class(f, v)].votes > 0) value->type = WGSL_I32;
        if (value->type == WGSL_U32 && !is_pointer(value->value) && !has_sign(value)) value->type = WGSL_U32;
    }
}

enum wgsl_type wgsl_type_of(const struct wgsl_function *f, LLVMValueRef value) {
    const struct wgsl_value *info = wgsl_value_of(f, value);
    return info ? info->type : plain_type(LLVMTypeOf(value), false);
}

const char *wgsl_type_name(enum wgsl_type type) {
    static const char *const names[] = {"void", "bool", "i32", "u32", "vec2<u32>", "f32", "vec4<f32>", "vec4<u32>"};
    return names[type];
}

/* ---- Folding ------------------------------------------------------------------------------------------------------ */

/* Instructions whose text is as short as their operand's, so that it may be written more than once. */
static bool is_free(const struct wgsl_function *f, LLVMValueRef i) {
    LLVMOpcode opcode = LLVMGetInstructionOpcode(i);
    if (opcode == LLVMGetElementPtr || opcode == LLVMAddrSpaceCast || opcode == LLVMBitCast || opcode == LLVMFreeze) {
        /* Of addresses, or without effect. */
        return is_pointer(i) || opcode == LLVMFreeze;
    }
    const struct wgsl_value *info = wgsl_value_of(f, i);
    if (opcode == LLVMSExt || opcode == LLVMZExt)
        return info->narrow && LLVMGetIntTypeWidth(LLVMTypeOf(LLVMGetOperand(i, 0))) == 32;
    if (opcode == LLVMTrunc) {
        const struct wgsl_value *operand = wgsl_value_of(f, LLVMGetOperand(i, 0));
        return LLVMGetIntTypeWidth(LLVMTypeOf(i)) == 32 && operand;
    }
    if (opcode == LLVMLoad) return LLVMGetPointerAddressSpace(LLVMTypeOf(LLVMGetOperand(i, 0))) == WGSL_SPACE_PARAMETERS;
    if (opcode == LLVMCall) {
        enum cw_intrinsic intrinsic = cw_called_intrinsic(i);
        return intrinsic <= CW_INTRINSIC_NCTAID_Z;
    }
    return opcode == LLVMExtractValue || opcode == LLVMExtractElement;
}

static bool reads_memory(LLVMValueRef i) {
    return LLVMIsALoadInst(i) != NULL;
}

static bool is_statement(LLVMValueRef i) {
    switch (LLVMGetInstructionOpcode(i)) {
    case LLVMStore: case LLVMFence: case LLVMAtomicCmpXchg: case LLVMAtomicRMW: case LLVMAlloca: case LLVMPHI:
        return true;
    case LLVMLoad:
        return LLVMGetVolatile(i) || LLVMGetOrdering(i) != LLVMAtomicOrderingNotAtomic;
    case LLVMCall:
        return !wgsl_call_is_pure(i);
    default:
        return LLVMIsATerminatorInst(i) != NULL;
    }
}

/* The instruction of the same block at which the text of `i` will stand, the terminator if it is used by a phi of a
 * successor; NULL if elsewhere. */
static LLVMValueRef anchor_of(const struct wgsl_function *f, LLVMValueRef i) {
    LLVMBasicBlockRef block = LLVMGetInstructionParent(i);
    for (unsigned guard = 0; guard < 10000; guard++) {
        const struct wgsl_value *info = wgsl_value_of(f, i);
        if (!info || !info->folded) return i;
        LLVMUseRef use = LLVMGetFirstUse(i);
        if (!use || LLVMGetNextUse(use)) return NULL;
        LLVMValueRef user = LLVMGetUser(use);
        if (LLVMIsAPHINode(user)) return LLVMGetBasicBlockTerminator(block);
        if (LLVMGetInstructionParent(user) != block) return NULL;
        i = user;
    }
    return NULL;
}

static bool may_write(LLVMValueRef i) {
    LLVMOpcode opcode = LLVMGetInstructionOpcode(i);
    return opcode == LLVMStore || opcode == LLVMAtomicRMW || opcode == LLVMAtomicCmpXchg || opcode == LLVMFence ||
           (opcode == LLVMCall && !wgsl_call_is_pure(i) && !wgsl_call_is_nothing(i));
}

static bool clobbered_before(struct wgsl_function *f, LLVMValueRef load, LLVMValueRef anchor) {
    uint32_t object = wgsl_root(f, LLVMGetOperand(load, 0));
    for (LLVMValueRef i = LLVMGetNextInstruction(load); i && i != anchor; i = LLVMGetNextInstruction(i)) {
        if (!may_write(i)) continue;
        if (LLVMIsAStoreInst(i) && wgsl_root(f, LLVMGetOperand(i, 1)) != object && object != f->shader->generic) continue;
        return true;
    }
    return false;
}

/* In what drivers get, a value is computed where the kernel computes it: written where it is used, much later, it would keep alive until then all that it is
 * made of, as a sum over an unrolled loop everything that was loaded there. People rather read the whole. */
#define FAR 48u

static bool is_used_far_away(struct wgsl_function *f, const struct wgsl_value *value, LLVMValueRef user) {
    const struct wgsl_value *at = wgsl_value_of(f, user);
    return !f->shader->options.reading && at && !LLVMIsAPHINode(user) && at->block == value->block && at->position > value->position + FAR;
}

static bool folds(struct wgsl_function *f, struct wgsl_value *value) {
    LLVMValueRef i = value->value;
    if (is_statement(i)) return false;
    /* 128 bits only occur within what is cut to 64. */
    if (LLVMGetTypeKind(LLVMTypeOf(i)) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(LLVMTypeOf(i)) > 64) return true;
    if (is_free(f, i)) return true;
    LLVMUseRef use = LLVMGetFirstUse(i);
    if (!use) return true; /* never written */
    if (LLVMGetNextUse(use)) return false;
    LLVMValueRef user = LLVMGetUser(use);
    /* What passes it on and is itself written more than once would write it more than once. */
    for (LLVMValueRef u = user; wgsl_value_of(f, u) && !is_statement(u) && is_free(f, u);) {
        LLVMUseRef next = LLVMGetFirstUse(u);
        if (!next) break;
        if (LLVMGetNextUse(next)) return false;
        u = LLVMGetUser(next);
    }
    if (is_used_far_away(f, value, user)) return false;
    bool same = LLVMGetInstructionParent(user) == value->block;
    if (LLVMIsAPHINode(user)) {
        for (unsigned k = 0; k < LLVMCountIncoming(user); k++)
            if (LLVMGetIncomingValue(user, k) == i) same = LLVMGetIncomingBlock(user, k) == value->block;
        if (!same) return false;
    }
    if (reads_memory(i)) {
        if (!same) return false;
        value->folded = true;
        LLVMValueRef anchor = anchor_of(f, i);
        value->folded = false;
        return anchor && !clobbered_before(f, i, anchor);
    }
    return same;
}

static void find_folded(struct wgsl_function *f) {
    /* Users before what they use, so that anchors are known. */
    for (size_t v = f->value_count; v-- > 0;)
        if (LLVMIsAInstruction(f->values[v].value)) f->values[v].folded = folds(f, &f->values[v]);
}

void wgsl_widths(struct wgsl_function *f) {
    find_narrow(f);
    find_types(f);
    find_folded(f);
}
