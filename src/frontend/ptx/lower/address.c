/* SPDX-License-Identifier: Apache-2.0 */
/*
 * address.c: state spaces and addresses (PTX ISA, "State Spaces", "Addresses as Operands", "cvta", "isspacep").
 *
 * Every access goes through a generic pointer, as in what clang makes of CUDA C++. Only a shared address is not that pointer's
 * bits but its distance from the beginning of the block's shared memory, cw.shared.window; an address in the shared memory of the
 * cluster is the target's own, cw.cluster.address.
 */
#include "frontend/ptx/lower/state.h"

bool cw_ptx_is_shared(enum cw_ptx_word space) {
    return space == CW_PTX_SHARED || space == CW_PTX_SHARED_CTA || space == CW_PTX_SHARED_CLUSTER;
}

static LLVMValueRef window(struct cw_ptx_lowering *l) {
    return cw_ptx_word_call(l, CW_INTRINSIC_SHARED_WINDOW, NULL, 0);
}

static LLVMValueRef advance(struct cw_ptx_lowering *l, LLVMValueRef pointer, LLVMValueRef bytes) {
    return LLVMBuildGEP2(l->builder, l->i8, pointer, &bytes, 1, "");
}

LLVMValueRef cw_ptx_symbol_pointer(struct cw_ptx_lowering *l, const struct cw_ptx_symbol *symbol) {
    LLVMValueRef value = cw_ptx_bound(l, symbol);
    if (!value) value = LLVMGetNamedGlobal(l->llvm, symbol->name);
    if (!value) value = LLVMGetNamedFunction(l->llvm, symbol->name);
    if (!value) {
        cw_ptx_refuse(l, symbol->span, "'%s' is not defined in this module", symbol->name);
        return LLVMConstNull(l->pointer);
    }
    if (LLVMTypeOf(value) == l->pointer) return value;
    return LLVMBuildAddrSpaceCast(l->builder, value, l->pointer, "");
}

static unsigned pointer_bits(struct cw_ptx_lowering *l) {
    return LLVMGetIntTypeWidth(l->size);
}

LLVMValueRef cw_ptx_from_pointer(struct cw_ptx_lowering *l, LLVMValueRef pointer, enum cw_ptx_word space) {
    if (space == CW_PTX_SHARED_CLUSTER) return cw_ptx_word_call(l, CW_INTRINSIC_CLUSTER_ADDRESS, &pointer, 1);
    LLVMValueRef address = LLVMBuildPtrToInt(l->builder, pointer, l->size, "");
    if (!cw_ptx_is_shared(space)) return address;
    return LLVMBuildSub(l->builder, address, LLVMBuildPtrToInt(l->builder, window(l), l->size, ""), "");
}

LLVMValueRef cw_ptx_to_pointer(struct cw_ptx_lowering *l, LLVMValueRef address, enum cw_ptx_word space) {
    address = cw_ptx_resize(l, address, pointer_bits(l), false);
    if (space == CW_PTX_SHARED_CLUSTER) return cw_ptx_word_call(l, CW_INTRINSIC_CLUSTER_POINTER, &address, 1);
    if (cw_ptx_is_shared(space)) return advance(l, window(l), address);
    return LLVMBuildIntToPtr(l->builder, address, l->pointer, "");
}

LLVMValueRef cw_ptx_symbol_address(struct cw_ptx_lowering *l, const struct cw_ptx_symbol *symbol, int64_t offset, unsigned bits) {
    LLVMValueRef pointer = cw_ptx_symbol_pointer(l, symbol);
    if (offset) pointer = advance(l, pointer, LLVMConstInt(l->i64, (unsigned long long)offset, 1));
    LLVMValueRef global = cw_ptx_bound(l, symbol);
    if (!global) global = LLVMGetNamedGlobal(l->llvm, symbol->name);
    bool is_shared = global && LLVMGetPointerAddressSpace(LLVMTypeOf(global)) == CW_SPACE_SHARED;
    enum cw_ptx_word space = is_shared ? CW_PTX_SHARED : CW_PTX_NONE;
    return cw_ptx_resize(l, cw_ptx_from_pointer(l, pointer, space), bits, false);
}

LLVMValueRef cw_ptx_pointer(struct cw_ptx_lowering *l, const struct cw_ptx_operand *operand, enum cw_ptx_word space) {
    const struct cw_ptx_operand *base = operand->kind == CW_PTX_OPERAND_ADDRESS ? &operand->items[0] : operand;
    int64_t offset = operand->kind == CW_PTX_OPERAND_ADDRESS || operand->kind == CW_PTX_OPERAND_SYMBOL ? operand->offset : 0;
    LLVMValueRef pointer;
    if (base->kind == CW_PTX_OPERAND_SYMBOL) {
        pointer = cw_ptx_symbol_pointer(l, base->symbol);
    } else {
        LLVMValueRef address = base->kind == CW_PTX_OPERAND_REGISTER
                                   ? cw_ptx_read_as(l, base, cw_ptx_integer(l, cw_ptx_type_bits(base->reg->symbol->type)))
                                   : cw_ptx_read_as(l, base, l->size);
        pointer = cw_ptx_to_pointer(l, address, space);
    }
    return offset ? advance(l, pointer, LLVMConstInt(l->i64, (unsigned long long)offset, 1)) : pointer;
}

/* ---- cvta, isspacep ---- */

/* cvta.space a: to generic. cvta.to.space: from generic. */
void cw_ptx_lower_cvta(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    enum cw_ptx_word space = cw_ptx_modifier(i, CW_PTX_SLOT_SPACE), type = i->types[0];
    unsigned bits = cw_ptx_type_bits(type);
    const struct cw_ptx_operand *source = &i->operands[1];
    LLVMValueRef result;
    if (cw_ptx_has(i, CW_PTX_TO)) {
        result = cw_ptx_from_pointer(l, cw_ptx_to_pointer(l, cw_ptx_read(l, source, type), CW_PTX_NONE), space);
    } else if (source->kind == CW_PTX_OPERAND_SYMBOL || source->kind == CW_PTX_OPERAND_ADDRESS) {
        result = LLVMBuildPtrToInt(l->builder, cw_ptx_pointer(l, source, space), l->size, "");
    } else {
        result = LLVMBuildPtrToInt(l->builder, cw_ptx_to_pointer(l, cw_ptx_read(l, source, type), space), l->size, "");
    }
    cw_ptx_write(l, &i->operands[0], cw_ptx_resize(l, result, bits, false), false);
}

void cw_ptx_lower_isspacep(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    enum cw_intrinsic question;
    switch (cw_ptx_modifier(i, CW_PTX_SLOT_SPACE)) {
    case CW_PTX_GLOBAL: question = CW_INTRINSIC_IS_GLOBAL; break;
    case CW_PTX_LOCAL: question = CW_INTRINSIC_IS_LOCAL; break;
    case CW_PTX_CONST: question = CW_INTRINSIC_IS_CONSTANT; break;
    case CW_PTX_SHARED:
    case CW_PTX_SHARED_CTA: question = CW_INTRINSIC_IS_SHARED; break;
    case CW_PTX_SHARED_CLUSTER: question = CW_INTRINSIC_IS_CLUSTER_SHARED; break;
    default: cw_ptx_write(l, &i->operands[0], LLVMConstNull(l->i1), false); return; /* .param: parameters are in no memory of their own */
    }
    LLVMValueRef pointer = cw_ptx_pointer(l, &i->operands[1], CW_PTX_NONE);
    LLVMValueRef answer = cw_ptx_word_call(l, question, &pointer, 1);
    cw_ptx_write(l, &i->operands[0], LLVMBuildICmp(l->builder, LLVMIntNE, answer, LLVMConstNull(l->i32), ""), false);
}

/* mapa and getctarank (PTX ISA 9.7.9.23, .24): of generic addresses, or of those in the cluster's shared memory. */
void cw_ptx_lower_mapa(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    enum cw_ptx_word space = cw_ptx_modifier(i, CW_PTX_SLOT_SPACE);
    LLVMValueRef pointer = cw_ptx_pointer(l, &i->operands[1], space), result;
    if (i->form == CW_PTX_FORM_GETCTARANK) {
        cw_ptx_write(l, &i->operands[0], cw_ptx_word_call(l, CW_INTRINSIC_CLUSTER_RANK_OF, &pointer, 1), false);
        return;
    }
    LLVMValueRef rank = cw_ptx_read(l, &i->operands[2], CW_PTX_U32);
    if (space == CW_PTX_NONE) {
        LLVMValueRef arguments[] = {pointer, rank};
        result = LLVMBuildPtrToInt(l->builder, cw_ptx_word_call(l, CW_INTRINSIC_CLUSTER_MAP, arguments, 2), l->size, "");
    } else {
        LLVMValueRef arguments[] = {cw_ptx_from_pointer(l, pointer, space), rank};
        result = cw_ptx_word_call(l, CW_INTRINSIC_CLUSTER_MAP_ADDRESS, arguments, 2);
    }
    cw_ptx_write(l, &i->operands[0], cw_ptx_resize(l, result, cw_ptx_type_bits(i->types[0]), false), false);
}

void cw_ptx_lower_prefetch(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    (void)l, (void)i; /* it changes no value; a fault of a prefetch is none */
}
