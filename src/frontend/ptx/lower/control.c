/* SPDX-License-Identifier: Apache-2.0 */
/* control.c: branches, calls and ends (PTX ISA 9.7.12, 9.7.19). Guards are dealt with before (function.c). */
#include <stdlib.h>

#include "frontend/ptx/lower/state.h"

void cw_ptx_lower_bra(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMBuildBr(l->builder, cw_ptx_label(l, i->operands[0].symbol));
}

/* An index beyond the list is undefined; it goes to the last label. */
void cw_ptx_lower_brx(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    const struct cw_ptx_symbol *list = i->operands[1].symbol;
    LLVMValueRef index = cw_ptx_read(l, &i->operands[0], CW_PTX_U32);
    LLVMBasicBlockRef last = cw_ptx_label(l, list->targets[list->target_count - 1]);
    LLVMValueRef jump = LLVMBuildSwitch(l->builder, index, last, list->target_count);
    for (uint32_t n = 0; n + 1 < list->target_count; n++) LLVMAddCase(jump, cw_ptx_i32(l, n), cw_ptx_label(l, list->targets[n]));
}

void cw_ptx_lower_trap(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    (void)i;
    cw_ptx_word_call(l, CW_INTRINSIC_TRAP, NULL, 0);
    LLVMBuildUnreachable(l->builder);
}

void cw_ptx_lower_brkpt(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    (void)i;
    cw_ptx_word_call(l, CW_INTRINSIC_BREAKPOINT, NULL, 0);
}

void cw_ptx_lower_nanosleep(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef duration = cw_ptx_read(l, &i->operands[0], CW_PTX_U32);
    cw_ptx_word_call(l, CW_INTRINSIC_NANOSLEEP, &duration, 1);
}

/* stacksave, stackrestore, alloca (9.7.17): addresses in .local are the pointers' bits. */
void cw_ptx_lower_stack(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMBuilderRef b = l->builder;
    enum cw_ptx_word type = i->types[0];
    unsigned bits = cw_ptx_type_bits(type);
    if (i->opcode == CW_PTX_OP_STACKRESTORE) {
        LLVMValueRef top = LLVMBuildIntToPtr(b, cw_ptx_resize(l, cw_ptx_read(l, &i->operands[0], type), LLVMGetIntTypeWidth(l->size), false), l->pointer, "");
        cw_ptx_llvm(l, "llvm.stackrestore", l->pointer, &top, 1);
        return;
    }
    LLVMValueRef place;
    if (i->opcode == CW_PTX_OP_STACKSAVE) {
        place = cw_ptx_llvm(l, "llvm.stacksave", l->pointer, NULL, 0);
    } else {
        place = LLVMBuildArrayAlloca(b, l->i8, cw_ptx_read(l, &i->operands[1], type), "");
        bool aligned = i->operands[2].kind == CW_PTX_OPERAND_INTEGER;
        LLVMSetAlignment(place, aligned && i->operands[2].bits < 4096 ? (unsigned)i->operands[2].bits : aligned ? 4096 : 8);
    }
    cw_ptx_write(l, &i->operands[0], cw_ptx_resize(l, LLVMBuildPtrToInt(b, place, l->size, ""), bits, false), false);
}

/* Counters and hints for NVIDIA's hardware, without an effect on values. griddepcontrol is one: the grids of a stream follow one
 * another, whatever a launch says of overlapping them. */
void cw_ptx_lower_nothing(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    for (unsigned n = 0; n < i->operand_count && n < 1; n++)
        if (i->opcode == CW_PTX_OP_CREATEPOLICY) cw_ptx_write(l, &i->operands[0], LLVMConstNull(l->i64), false);
}

/* ---- call ---- */

struct callee {
    LLVMValueRef code; /* function or pointer */
    LLVMTypeRef type;
};

static struct callee callee_of(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    const struct cw_ptx_operand *target = &i->operands[1];
    struct callee callee = {NULL, NULL};
    if (target->kind == CW_PTX_OPERAND_SYMBOL) {
        callee.code = cw_ptx_bound(l, target->symbol);
        if (!callee.code) callee.code = LLVMGetNamedFunction(l->llvm, target->symbol->name);
        if (!callee.code) cw_ptx_refuse(l, target->span, "'%s' is not a function of this module", target->symbol->name);
        else callee.type = LLVMGlobalGetValueType(callee.code);
        return callee;
    }
    const struct cw_ptx_function *prototype = i->targets->calls ? i->targets->targets[0]->function : i->targets->function;
    callee.type = cw_ptx_function_type(l, prototype);
    callee.code = cw_ptx_to_pointer(l, cw_ptx_read_as(l, target, l->size), CW_PTX_NONE);
    return callee;
}

static bool is_param(const struct cw_ptx_operand *operand) {
    return operand->kind == CW_PTX_OPERAND_SYMBOL && operand->symbol->kind == CW_PTX_SYMBOL_VARIABLE && operand->symbol->space == CW_PTX_PARAM;
}

static LLVMValueRef argument(struct cw_ptx_lowering *l, const struct cw_ptx_operand *operand, LLVMTypeRef type) {
    if (is_param(operand)) return LLVMBuildLoad2(l->builder, type, cw_ptx_symbol_pointer(l, operand->symbol), "");
    return cw_ptx_read_as(l, operand, type);
}

static void take_result(struct cw_ptx_lowering *l, const struct cw_ptx_operand *operand, LLVMValueRef value) {
    if (is_param(operand)) LLVMBuildStore(l->builder, value, cw_ptx_symbol_pointer(l, operand->symbol));
    else cw_ptx_write(l, operand, value, false);
}

void cw_ptx_lower_call(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    const struct cw_ptx_operand *results = &i->operands[0], *arguments = &i->operands[2];
    struct callee callee = callee_of(l, i);
    if (!callee.code) return;
    unsigned count = LLVMCountParamTypes(callee.type), given = arguments->kind == CW_PTX_OPERAND_LIST ? arguments->count : 0;
    unsigned taken = results->kind == CW_PTX_OPERAND_LIST ? results->count : 0;
    if (count != given) {
        cw_ptx_refuse(l, i->span, "a call with %u arguments of a function that has %u parameters", given, count);
        return;
    }
    LLVMTypeRef *types = cw_alloc_array(count + 1, sizeof *types);
    LLVMValueRef *values = cw_alloc_array(count + 1, sizeof *values);
    LLVMGetParamTypes(callee.type, types);
    for (unsigned n = 0; n < count; n++) values[n] = argument(l, &arguments->items[n], types[n]);
    LLVMValueRef result = LLVMBuildCall2(l->builder, callee.type, callee.code, values, count, "");
    LLVMAddCallSiteAttribute(result, CW_FUNCTION_INDEX, LLVMCreateEnumAttribute(l->context, cw_attribute_kind("convergent"), 0));
    if (LLVMGetReturnType(callee.type) != l->nothing) {
        if (taken == 1) take_result(l, &results->items[0], result);
        for (unsigned n = 0; n < taken && taken > 1; n++) take_result(l, &results->items[n], LLVMBuildExtractValue(l->builder, result, n, ""));
    }
    free(types);
    free(values);
}
