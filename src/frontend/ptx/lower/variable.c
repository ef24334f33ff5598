/* SPDX-License-Identifier: Apache-2.0 */
/*
 * variable.c: variables in .global, .const and .shared with their initial values (PTX ISA, "Variables").
 *
 * They become what clang makes of __device__, __constant__ and __shared__ variables. The host may see those of a module by
 * name, whether or not they are .visible. A variable in .local or in a body's .param space is one of the thread's own.
 */
#include <stdlib.h>
#include <string.h>

#include "frontend/ptx/lower/state.h"

static unsigned space_number(enum cw_ptx_word space) {
    if (cw_ptx_is_shared(space)) return CW_SPACE_SHARED;
    return space == CW_PTX_CONST ? CW_SPACE_CONSTANT : CW_SPACE_GLOBAL;
}

/* ---- Initial values ---- */

struct initialiser {
    struct cw_ptx_lowering *l;
    const struct cw_ptx_symbol *symbol;
    LLVMTypeRef element;
    uint32_t element_bytes;
    LLVMValueRef *parts;
    size_t count, capacity;
};

static void add_part(struct initialiser *in, LLVMValueRef part) {
    in->parts = cw_grow(in->parts, in->count, &in->capacity, sizeof *in->parts);
    in->parts[in->count++] = part;
}

static void add_zeros(struct initialiser *in, uint64_t count) {
    if (count) add_part(in, LLVMConstNull(LLVMArrayType2(in->element, count)));
}

static LLVMValueRef number(struct initialiser *in, const struct cw_ptx_initial *initial) {
    LLVMValueRef bits = LLVMConstInt(cw_ptx_integer(in->l, in->element_bytes * 8u), initial->bits, 0);
    return LLVMTypeOf(bits) == in->element ? bits : LLVMConstBitCast(bits, in->element);
}

/* The address as a generic pointer; NULL, diagnosed, where its value is not known before the program runs. */
static LLVMValueRef address(struct initialiser *in, const struct cw_ptx_initial *initial) {
    struct cw_ptx_lowering *l = in->l;
    LLVMValueRef global = cw_ptx_bound(l, initial->symbol);
    if (!global) {
        cw_ptx_refuse(l, initial->span, "'%s' is not defined in this module", initial->symbol->name);
        return NULL;
    }
    if (LLVMGetPointerAddressSpace(LLVMTypeOf(global)) == CW_SPACE_SHARED) {
        cw_ptx_refuse(l, initial->span, "'%s' is initialised with the address of the shared variable '%s', which differs from block to block",
                      in->symbol->name, initial->symbol->name);
        return NULL;
    }
    LLVMValueRef pointer = LLVMTypeOf(global) == l->pointer ? global : LLVMConstAddrSpaceCast(global, l->pointer);
    LLVMValueRef offset = LLVMConstInt(l->i64, initial->bits, 1);
    return initial->bits ? LLVMConstGEP2(l->i8, pointer, &offset, 1) : pointer;
}

/* Eight bytes that are the bytes of one address in order: {mask(x, 0), mask(x, 8), ...}. */
static bool is_spelled_out(const struct cw_ptx_symbol *symbol, uint32_t at) {
    if (at + 8 > symbol->initial_count) return false;
    const struct cw_ptx_initial *first = &symbol->initials[at];
    for (uint32_t i = 0; i < 8; i++) {
        const struct cw_ptx_initial *byte = first + i;
        if (byte->kind != CW_PTX_INITIAL_ADDRESS || !byte->masked || byte->mask != 8 * i || byte->symbol != first->symbol ||
            byte->index != first->index + i || byte->bits != first->bits)
            return false;
    }
    return true;
}

static LLVMValueRef initial_value(struct cw_ptx_lowering *l, const struct cw_ptx_symbol *symbol, LLVMTypeRef element, uint64_t count) {
    struct initialiser in = {.l = l, .symbol = symbol, .element = element, .element_bytes = cw_ptx_type_bits(symbol->type) / 8u};
    uint64_t next = 0;
    for (uint32_t i = 0; i < symbol->initial_count; i++) {
        const struct cw_ptx_initial *initial = &symbol->initials[i];
        add_zeros(&in, initial->index - next);
        next = initial->index + 1;
        if (initial->kind != CW_PTX_INITIAL_ADDRESS) {
            add_part(&in, number(&in, initial));
            continue;
        }
        bool bytes = in.element_bytes == 1 && is_spelled_out(symbol, i);
        if (!bytes && (initial->masked || in.element_bytes != 8u)) {
            cw_ptx_refuse(l, initial->span, "part of an address as an initial value; all 8 bytes of it, in order, can be one");
            break;
        }
        LLVMValueRef pointer = address(&in, initial);
        if (!pointer) break;
        add_part(&in, pointer);
        if (bytes) {
            next += 7;
            i += 7;
        }
    }
    if (next < count) add_zeros(&in, count - next);
    LLVMValueRef value = LLVMConstStructInContext(l->context, in.parts, (unsigned)in.count, 1);
    free(in.parts);
    return value;
}

/* An array of numbers is one for LLVM, too; anything with addresses is a packed structure. */
static LLVMValueRef plain_value(struct cw_ptx_lowering *l, const struct cw_ptx_symbol *symbol, LLVMTypeRef element, uint64_t count) {
    struct initialiser in = {.l = l, .symbol = symbol, .element = element, .element_bytes = cw_ptx_type_bits(symbol->type) / 8u};
    LLVMValueRef *values = cw_alloc_array((size_t)count, sizeof *values);
    for (uint64_t i = 0; i < count; i++) values[i] = LLVMConstNull(element);
    for (uint32_t i = 0; i < symbol->initial_count; i++)
        if (symbol->initials[i].index < count) values[symbol->initials[i].index] = number(&in, &symbol->initials[i]);
    LLVMValueRef value = LLVMConstArray2(element, values, count);
    free(values);
    return value;
}

/* ---- Variables of the module ---- */

#define PLAIN_MAX (UINT64_C(1) << 20) /* longer arrays with few initial values are structures with zeros between them */

static bool has_addresses(const struct cw_ptx_symbol *symbol) {
    for (uint32_t i = 0; i < symbol->initial_count; i++)
        if (symbol->initials[i].kind == CW_PTX_INITIAL_ADDRESS) return true;
    return false;
}

static LLVMTypeRef scalar_type(struct cw_ptx_lowering *l, const struct cw_ptx_symbol *symbol) {
    return cw_ptx_type_kind(symbol->type) == CW_PTX_KIND_FLOAT ? cw_ptx_type(l, symbol->type)
                                                              : cw_ptx_integer(l, cw_ptx_type_bits(symbol->type));
}

static uint64_t scalar_count(const struct cw_ptx_symbol *symbol) {
    uint64_t bytes = cw_ptx_type_bits(symbol->type) / 8u;
    return bytes ? symbol->size / bytes : 0;
}

/* A shape that holds addresses: elements and pointers in turn. Its type must be known before its value can be, since values may
 * refer to one another. */
static LLVMTypeRef structure_type(struct cw_ptx_lowering *l, const struct cw_ptx_symbol *symbol) {
    LLVMTypeRef element = scalar_type(l, symbol);
    uint64_t count = scalar_count(symbol), next = 0;
    LLVMTypeRef *types = NULL;
    size_t used = 0, capacity = 0;
    for (uint32_t i = 0; i < symbol->initial_count; i++) {
        const struct cw_ptx_initial *initial = &symbol->initials[i];
        types = cw_grow(types, used + 1, &capacity, sizeof *types);
        if (initial->index > next) types[used++] = LLVMArrayType2(element, initial->index - next);
        next = initial->index + 1;
        bool is_address = initial->kind == CW_PTX_INITIAL_ADDRESS;
        types[used++] = is_address ? l->pointer : element;
        if (is_address && cw_ptx_type_bits(symbol->type) == 8 && is_spelled_out(symbol, i)) {
            next += 7;
            i += 7;
        }
    }
    types = cw_grow(types, used, &capacity, sizeof *types);
    if (next < count) types[used++] = LLVMArrayType2(element, count - next);
    LLVMTypeRef type = LLVMStructTypeInContext(l->context, types, (unsigned)used, 1);
    free(types);
    return type;
}

static LLVMTypeRef variable_type(struct cw_ptx_lowering *l, const struct cw_ptx_symbol *symbol) {
    if (has_addresses(symbol) || (symbol->initial_count && scalar_count(symbol) > PLAIN_MAX)) return structure_type(l, symbol);
    LLVMTypeRef element = scalar_type(l, symbol);
    bool is_array = symbol->dimension_count || symbol->vector > 1;
    return is_array ? LLVMArrayType2(element, scalar_count(symbol)) : element;
}

static LLVMLinkage linkage_of(const struct cw_ptx_symbol *symbol) {
    switch (symbol->linkage) {
    case CW_PTX_LINKAGE_LOCAL: return LLVMInternalLinkage;
    case CW_PTX_LINKAGE_WEAK: return LLVMWeakODRLinkage;
    case CW_PTX_LINKAGE_COMMON: return LLVMWeakAnyLinkage;
    default: return LLVMExternalLinkage;
    }
}

void cw_ptx_declare_variable(struct cw_ptx_lowering *l, const struct cw_ptx_symbol *symbol) {
    bool opaque = cw_ptx_type_kind(symbol->type) == CW_PTX_KIND_OPAQUE;
    bool reference = opaque || symbol->space == CW_PTX_TEX;
    if (symbol->unified || symbol->type == CW_PTX_SAMPLERREF || symbol->settings || (opaque && symbol->space == CW_PTX_PARAM)) {
        cw_ptx_refuse(l, symbol->span,
                      symbol->unified                      ? "'%s': variables that several devices share at one address"
                      : symbol->type == CW_PTX_SAMPLERREF  ? "'%s': samplers of their own, which CUDA has no functions for"
                      : symbol->space == CW_PTX_PARAM      ? "'%s': a texture or surface reference as a parameter, which CUDA has no functions for"
                                                           : "'%s': a texture or surface reference with settings; cuTexRefSet... gives it them",
                      symbol->name);
        return;
    }
    /* A variable that the text declares, then defines, is one. */
    LLVMValueRef old = l->function ? NULL : LLVMGetNamedGlobal(l->llvm, symbol->name);
    if (old && symbol->linkage == CW_PTX_LINKAGE_EXTERN) {
        cw_ptx_bind(l, symbol, old);
        return;
    }
    char *name = l->function ? cw_format("%s.%s", l->function->symbol->name, symbol->name) : cw_strdup(symbol->name);
    LLVMValueRef global = LLVMAddGlobalInAddressSpace(l->llvm, reference ? l->i64 : variable_type(l, symbol), name, space_number(symbol->space));
    free(name);
    bool dynamic = symbol->unsized && symbol->initial_count == 0;
    bool external = symbol->linkage == CW_PTX_LINKAGE_EXTERN || dynamic;
    LLVMSetLinkage(global, external ? LLVMExternalLinkage : l->function ? LLVMInternalLinkage : linkage_of(symbol));
    LLVMSetAlignment(global, reference ? 8 : symbol->align ? symbol->align : 1);
    LLVMSetGlobalConstant(global, symbol->space == CW_PTX_CONST);
    if (cw_ptx_is_shared(symbol->space)) {
        if (!external) LLVMSetInitializer(global, LLVMGetUndef(LLVMGlobalGetValueType(global)));
        if (!external) LLVMSetLinkage(global, LLVMInternalLinkage);
    } else {
        if (!external) LLVMSetInitializer(global, LLVMConstNull(LLVMGlobalGetValueType(global)));
        LLVMSetExternallyInitialized(global, 1);
        if (symbol->managed) LLVMSetSection(global, CW_MANAGED_SECTION);
        /* A reference holds the number of the object that is bound to it. */
        if (reference) cw_reference_note(l->llvm, global, symbol->type == CW_PTX_SURFREF ? CW_REFERENCE_SURFACE : CW_REFERENCE_TEXTURE);
    }
    if (old) {
        LLVMReplaceAllUsesWith(old, global);
        LLVMDeleteGlobal(old);
        LLVMSetValueName2(global, symbol->name, strlen(symbol->name));
    }
    cw_ptx_bind(l, symbol, global);
}

void cw_ptx_define_variable(struct cw_ptx_lowering *l, const struct cw_ptx_symbol *symbol) {
    LLVMValueRef global = cw_ptx_bound(l, symbol);
    if (!global || !symbol->initial_count || symbol->linkage == CW_PTX_LINKAGE_EXTERN) return;
    LLVMTypeRef type = LLVMGlobalGetValueType(global), element = scalar_type(l, symbol);
    LLVMValueRef value;
    if (LLVMGetTypeKind(type) == LLVMStructTypeKind) {
        value = initial_value(l, symbol, element, scalar_count(symbol));
    } else if (LLVMGetTypeKind(type) == LLVMArrayTypeKind) {
        value = plain_value(l, symbol, element, scalar_count(symbol));
    } else {
        struct initialiser in = {.l = l, .symbol = symbol, .element = element, .element_bytes = cw_ptx_type_bits(symbol->type) / 8u};
        value = number(&in, &symbol->initials[0]);
    }
    if (!l->failed) LLVMSetInitializer(global, value);
}
