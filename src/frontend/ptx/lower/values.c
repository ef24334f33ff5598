/* SPDX-License-Identifier: Apache-2.0 */
/* values.c: types, registers and operands. */
#include <stdlib.h>
#include <string.h>

#include "frontend/ptx/lower/state.h"

void cw_ptx_refuse(struct cw_ptx_lowering *l, struct cw_ptx_span span, const char *format, ...) {
    struct cw_text message = {0};
    va_list arguments;
    va_start(arguments, format);
    cw_text_vprintf(&message, format, arguments);
    va_end(arguments);
    l->failed = true;
    if (l->place) {
        cw_diagnose(l->compiler, l->place, "%s", cw_text_string(&message));
    } else {
        cw_text_printf(&l->compiler->log, "%s:%u:%u: error: %s\n", l->ptx->name, span.line, span.column, cw_text_string(&message));
        l->compiler->errors++;
    }
    cw_text_fini(&message);
}

/* ---- Symbols ---- */

static size_t slot_of(const struct cw_ptx_lowering *l, const struct cw_ptx_symbol *symbol) {
    size_t at = (size_t)(((uintptr_t)symbol >> 4) * UINT64_C(0x9e3779b97f4a7c15)) & (l->binding_capacity - 1);
    while (l->bindings[at].symbol && l->bindings[at].symbol != symbol) at = (at + 1) & (l->binding_capacity - 1);
    return at;
}

static void grow_bindings(struct cw_ptx_lowering *l) {
    struct cw_ptx_binding *old = l->bindings;
    size_t count = l->binding_capacity;
    l->binding_capacity = count ? count * 2 : 64;
    l->bindings = cw_alloc_array(l->binding_capacity, sizeof *l->bindings);
    for (size_t i = 0; i < count; i++)
        if (old[i].symbol) l->bindings[slot_of(l, old[i].symbol)] = old[i];
    free(old);
}

void cw_ptx_bind(struct cw_ptx_lowering *l, const struct cw_ptx_symbol *symbol, LLVMValueRef value) {
    if (l->binding_count * 2 >= l->binding_capacity) grow_bindings(l);
    struct cw_ptx_binding *binding = &l->bindings[slot_of(l, symbol)];
    if (!binding->symbol) l->binding_count++;
    *binding = (struct cw_ptx_binding){symbol, value};
}

LLVMValueRef cw_ptx_bound(const struct cw_ptx_lowering *l, const struct cw_ptx_symbol *symbol) {
    return l->binding_capacity ? l->bindings[slot_of(l, symbol)].value : NULL;
}

/* ---- Types ---- */

LLVMTypeRef cw_ptx_integer(struct cw_ptx_lowering *l, unsigned bits) {
    return LLVMIntTypeInContext(l->context, bits);
}

bool cw_ptx_is_signed(enum cw_ptx_word type) {
    return cw_ptx_type_kind(type) == CW_PTX_KIND_SIGNED;
}

bool cw_ptx_is_float(enum cw_ptx_word type) {
    return cw_ptx_type_kind(type) == CW_PTX_KIND_FLOAT;
}

LLVMTypeRef cw_ptx_type(struct cw_ptx_lowering *l, enum cw_ptx_word type) {
    switch (type) {
    case CW_PTX_F16: return l->f16;
    case CW_PTX_BF16: return l->bf16;
    case CW_PTX_F32: return l->f32;
    case CW_PTX_F64: return l->f64;
    default: return cw_ptx_integer(l, cw_ptx_type_bits(type));
    }
}

LLVMValueRef cw_ptx_constant(struct cw_ptx_lowering *l, LLVMTypeRef type, uint64_t value) {
    (void)l;
    return LLVMConstInt(type, value, 0);
}

LLVMValueRef cw_ptx_i32(struct cw_ptx_lowering *l, uint32_t value) {
    return LLVMConstInt(l->i32, value, 0);
}

static unsigned bits_of(struct cw_ptx_lowering *l, LLVMTypeRef type) {
    switch (LLVMGetTypeKind(type)) {
    case LLVMIntegerTypeKind: return LLVMGetIntTypeWidth(type);
    case LLVMHalfTypeKind:
    case LLVMBFloatTypeKind: return 16;
    case LLVMFloatTypeKind: return 32;
    case LLVMDoubleTypeKind: return 64;
    default: return LLVMGetIntTypeWidth(l->size);
    }
}

LLVMValueRef cw_ptx_bits(struct cw_ptx_lowering *l, LLVMValueRef value, LLVMTypeRef type) {
    LLVMTypeRef from = LLVMTypeOf(value);
    if (from == type) return value;
    if (from == l->pointer) return LLVMBuildPtrToInt(l->builder, value, type, "");
    if (type == l->pointer) return LLVMBuildIntToPtr(l->builder, value, type, "");
    return LLVMBuildBitCast(l->builder, value, type, "");
}

LLVMValueRef cw_ptx_resize(struct cw_ptx_lowering *l, LLVMValueRef value, unsigned bits, bool is_signed) {
    unsigned own = bits_of(l, LLVMTypeOf(value));
    value = cw_ptx_bits(l, value, cw_ptx_integer(l, own));
    if (own > bits) return LLVMBuildTrunc(l->builder, value, cw_ptx_integer(l, bits), "");
    if (own == bits) return value;
    return is_signed ? LLVMBuildSExt(l->builder, value, cw_ptx_integer(l, bits), "")
                     : LLVMBuildZExt(l->builder, value, cw_ptx_integer(l, bits), "");
}

/* ---- Registers ---- */

LLVMValueRef cw_ptx_variable(struct cw_ptx_lowering *l, LLVMTypeRef type, unsigned align, bool zeroed, const char *name) {
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(l->context);
    LLVMPositionBuilderAtEnd(builder, l->entry);
    LLVMValueRef variable = LLVMBuildAlloca(builder, type, name);
    if (align) LLVMSetAlignment(variable, align);
    if (zeroed) LLVMBuildStore(builder, LLVMConstNull(type), variable);
    LLVMDisposeBuilder(builder);
    return variable;
}

/* Floats are kept as such, everything else as integers. */
static LLVMTypeRef element_type(struct cw_ptx_lowering *l, const struct cw_ptx_symbol *symbol) {
    if (symbol->type == CW_PTX_F32) return l->f32;
    if (symbol->type == CW_PTX_F64) return l->f64;
    return cw_ptx_integer(l, cw_ptx_type_bits(symbol->type));
}

static LLVMTypeRef register_type(struct cw_ptx_lowering *l, const struct cw_ptx_symbol *symbol) {
    LLVMTypeRef type = element_type(l, symbol);
    return symbol->vector > 1 ? LLVMArrayType2(type, symbol->vector) : type;
}

static LLVMValueRef register_variable(struct cw_ptx_lowering *l, const struct cw_ptx_register *reg) {
    LLVMValueRef *place = &l->registers[reg->number];
    if (!*place) *place = cw_ptx_variable(l, register_type(l, reg->symbol), 0, true, reg->name);
    return *place;
}

static LLVMValueRef component_place(struct cw_ptx_lowering *l, const struct cw_ptx_register *reg, uint8_t component) {
    LLVMValueRef place = register_variable(l, reg);
    if (reg->symbol->vector <= 1 || component == CW_PTX_NO_COMPONENT) return place;
    LLVMValueRef indices[2] = {cw_ptx_i32(l, 0), cw_ptx_i32(l, component)};
    return LLVMBuildInBoundsGEP2(l->builder, register_type(l, reg->symbol), place, indices, 2, "");
}

static LLVMValueRef load_component(struct cw_ptx_lowering *l, const struct cw_ptx_register *reg, uint8_t component) {
    return LLVMBuildLoad2(l->builder, element_type(l, reg->symbol), component_place(l, reg, component), "");
}

LLVMValueRef cw_ptx_read_register(struct cw_ptx_lowering *l, const struct cw_ptx_register *reg) {
    return load_component(l, reg, CW_PTX_NO_COMPONENT);
}

static void store_component(struct cw_ptx_lowering *l, const struct cw_ptx_register *reg, uint8_t component, LLVMValueRef value,
                            bool is_signed) {
    LLVMTypeRef type = element_type(l, reg->symbol);
    if (LLVMTypeOf(value) != type) value = cw_ptx_bits(l, cw_ptx_resize(l, value, bits_of(l, type), is_signed), type);
    LLVMValueRef place = component_place(l, reg, component);
    if (l->guard) value = LLVMBuildSelect(l->builder, l->guard, value, LLVMBuildLoad2(l->builder, type, place, ""), "");
    LLVMBuildStore(l->builder, value, place);
}

/* ---- Operands ---- */

const struct cw_ptx_operand *cw_ptx_element(const struct cw_ptx_operand *operand, uint32_t index) {
    return operand->kind == CW_PTX_OPERAND_VECTOR ? &operand->items[index] : operand;
}

uint32_t cw_ptx_element_count(const struct cw_ptx_operand *operand) {
    return operand->kind == CW_PTX_OPERAND_VECTOR ? operand->count : 1;
}

/* The operand's bits in whatever type it has. */
static LLVMValueRef raw(struct cw_ptx_lowering *l, const struct cw_ptx_operand *operand, unsigned bits) {
    switch (operand->kind) {
    case CW_PTX_OPERAND_REGISTER: {
        LLVMValueRef value = load_component(l, operand->reg, operand->component);
        return operand->negated && LLVMTypeOf(value) == l->i1 ? LLVMBuildNot(l->builder, value, "") : value;
    }
    case CW_PTX_OPERAND_SPECIAL: return cw_ptx_special_register(l, operand);
    case CW_PTX_OPERAND_INTEGER: {
        uint64_t words[2] = {operand->bits, !operand->is_unsigned && operand->bits >> 63 ? ~UINT64_C(0) : 0};
        if (bits == 1) return cw_ptx_constant(l, l->i1, operand->bits != 0);
        return LLVMConstIntOfArbitraryPrecision(cw_ptx_integer(l, bits), 2, words);
    }
    case CW_PTX_OPERAND_FLOAT: return cw_ptx_constant(l, cw_ptx_integer(l, bits), operand->bits);
    case CW_PTX_OPERAND_SYMBOL: return cw_ptx_symbol_address(l, operand->symbol, operand->offset, bits > 64 ? 64 : bits);
    default:
        cw_ptx_refuse(l, operand->span, "internal: an operand of kind %u where a value is needed", operand->kind);
        return LLVMConstNull(cw_ptx_integer(l, bits));
    }
}

LLVMValueRef cw_ptx_read_as(struct cw_ptx_lowering *l, const struct cw_ptx_operand *operand, LLVMTypeRef type) {
    unsigned bits = bits_of(l, type);
    LLVMValueRef value = raw(l, operand, bits);
    if (LLVMTypeOf(value) == type) return value;
    return cw_ptx_bits(l, cw_ptx_resize(l, value, bits, false), type);
}

LLVMValueRef cw_ptx_read(struct cw_ptx_lowering *l, const struct cw_ptx_operand *operand, enum cw_ptx_word type) {
    return cw_ptx_read_as(l, operand, cw_ptx_type(l, type));
}

void cw_ptx_write(struct cw_ptx_lowering *l, const struct cw_ptx_operand *operand, LLVMValueRef value, bool is_signed) {
    if (operand->kind == CW_PTX_OPERAND_REGISTER) store_component(l, operand->reg, operand->component, value, is_signed);
}

void cw_ptx_write_second(struct cw_ptx_lowering *l, const struct cw_ptx_operand *operand, LLVMValueRef value) {
    bool has_second = operand->kind == CW_PTX_OPERAND_REGISTER || operand->kind == CW_PTX_OPERAND_SINK || operand->kind == CW_PTX_OPERAND_VECTOR;
    if (has_second && operand->second) store_component(l, operand->second, CW_PTX_NO_COMPONENT, value, false);
}
