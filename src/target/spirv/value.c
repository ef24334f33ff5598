/* SPDX-License-Identifier: Apache-2.0 */
/* value.c: LLVM's values as ids of SPIR-V: components, constants, and the variables of what is used out of scope. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target/spirv/spirv.h"

void spv_refuse(struct spv_module *module, LLVMValueRef where, const char *format, ...) {
    if (module->status != CW_OK) {
        return; /* the first reason is the reason */
    }
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    cw_diagnose(module->compiler, where, "kernel '%s' can't become SPIR-V: %s", module->row->name, text);
    module->status = CW_ERROR_UNSUPPORTED;
}

/* ---- Types ---------------------------------------------------------------------------------------------------- */

bool spv_is_pointer_offset(LLVMTypeRef type) {
    if (LLVMGetTypeKind(type) != LLVMPointerTypeKind) {
        return false;
    }
    unsigned space = LLVMGetPointerAddressSpace(type);
    return space == CW_SPACE_SHARED || space == CW_SPACE_LOCAL || space == CW_SHADER_SPACE_PARAMS;
}

bool spv_is_float(LLVMTypeRef type) {
    LLVMTypeKind kind = LLVMGetTypeKind(type);
    return kind == LLVMHalfTypeKind || kind == LLVMFloatTypeKind || kind == LLVMDoubleTypeKind;
}

unsigned spv_bits(struct spv_module *module, LLVMTypeRef type) {
    switch (LLVMGetTypeKind(type)) {
    case LLVMIntegerTypeKind: {
        unsigned bits = LLVMGetIntTypeWidth(type);
        if (bits > 64) {
            module->status = CW_ERROR_UNSUPPORTED;
            cw_diagnose(module->compiler, module->function, "kernel '%s' can't become SPIR-V: it uses %u-bit integers", module->row->name, bits);
            return 64;
        }
        return bits == 1 ? 1 : bits <= 8 ? 8 : bits <= 16 ? 16 : bits <= 32 ? 32 : 64;
    }
    case LLVMHalfTypeKind:
    case LLVMBFloatTypeKind: return 16;
    case LLVMFloatTypeKind: return 32;
    case LLVMPointerTypeKind: return spv_is_pointer_offset(type) ? 32 : 64;
    default: return 64;
    }
}

uint32_t spv_scalar_type(struct spv_module *module, LLVMTypeRef type) {
    unsigned bits = spv_bits(module, type);
    if (spv_is_float(type)) {
        return spv_float(module, bits);
    }
    return bits == 1 ? spv_bool(module) : spv_int(module, bits);
}

static bool is_aggregate(LLVMTypeRef type) {
    LLVMTypeKind kind = LLVMGetTypeKind(type);
    return kind == LLVMStructTypeKind || kind == LLVMArrayTypeKind;
}

uint32_t spv_component_count(struct spv_module *module, LLVMTypeRef type) {
    switch (LLVMGetTypeKind(type)) {
    case LLVMVoidTypeKind: return 0;
    case LLVMVectorTypeKind: return LLVMGetVectorSize(type);
    case LLVMStructTypeKind: {
        uint32_t count = 0;
        for (unsigned i = 0; i < LLVMCountStructElementTypes(type); i++) {
            count += spv_component_count(module, LLVMStructGetTypeAtIndex(type, i));
        }
        return count;
    }
    case LLVMArrayTypeKind: return (uint32_t)LLVMGetArrayLength2(type) * spv_component_count(module, LLVMGetElementType(type));
    default: return 1;
    }
}

LLVMTypeRef spv_component_type(struct spv_module *module, LLVMTypeRef type, uint32_t index) {
    switch (LLVMGetTypeKind(type)) {
    case LLVMVectorTypeKind: return LLVMGetElementType(type);
    case LLVMStructTypeKind:
        for (unsigned i = 0; i < LLVMCountStructElementTypes(type); i++) {
            LLVMTypeRef element = LLVMStructGetTypeAtIndex(type, i);
            uint32_t count = spv_component_count(module, element);
            if (index < count) {
                return spv_component_type(module, element, index);
            }
            index -= count;
        }
        return type;
    case LLVMArrayTypeKind: {
        LLVMTypeRef element = LLVMGetElementType(type);
        return spv_component_type(module, element, index % spv_component_count(module, element));
    }
    default: return type;
    }
}

/* ---- A table by value ----------------------------------------------------------------------------------------- */

static size_t slot_for(const struct spv_value *table, size_t capacity, LLVMValueRef value) {
    uintptr_t hash = ((uintptr_t)value >> 4) * UINT64_C(0x9e3779b97f4a7c15);
    size_t slot = (size_t)(hash >> 20) & (capacity - 1);
    while (table[slot].value && table[slot].value != value) {
        slot = (slot + 1) & (capacity - 1);
    }
    return slot;
}

static struct spv_value *find_or_add(struct spv_value **table, size_t *count, size_t *capacity, LLVMValueRef value, bool add) {
    if (add && 2 * (*count + 1) > *capacity) {
        size_t wider = *capacity ? 2 * *capacity : 256;
        struct spv_value *fresh = cw_alloc_array(wider, sizeof *fresh);
        for (size_t i = 0; i < *capacity; i++) {
            if ((*table)[i].value) {
                fresh[slot_for(fresh, wider, (*table)[i].value)] = (*table)[i];
            }
        }
        free(*table);
        *table = fresh;
        *capacity = wider;
    }
    if (!*capacity) {
        return NULL;
    }
    struct spv_value *row = &(*table)[slot_for(*table, *capacity, value)];
    if (!row->value) {
        if (!add) {
            return NULL;
        }
        row->value = value;
        ++*count;
    }
    return row;
}

static struct spv_value *value_row(struct spv_module *module, LLVMValueRef value, bool add) {
    return find_or_add(&module->values, &module->value_count, &module->value_capacity, value, add);
}

const struct spv_value *spv_place(struct spv_module *module, LLVMValueRef value) {
    return find_or_add(&module->places, &module->place_count, &module->place_capacity, value, false);
}

void spv_tables_fini(struct spv_module *module) {
    free(module->values);
    free(module->places);
    free(module->components.items);
    free(module->path_variables);
    free(module->written);
    free(module->region_variables);
}

/* ---- Constants ------------------------------------------------------------------------------------------------ */

static uint64_t float_pattern(LLVMValueRef value, LLVMTypeRef type) {
    LLVMBool lost;
    double number = LLVMConstRealGetDouble(value, &lost);
    uint64_t pattern;
    memcpy(&pattern, &number, sizeof pattern);
    if (LLVMGetTypeKind(type) == LLVMDoubleTypeKind) {
        return pattern;
    }
    /* NaN payloads don't matter; everything else converts exactly. */
    float single = (float)number;
    uint32_t bits;
    memcpy(&bits, &single, sizeof bits);
    if (LLVMGetTypeKind(type) == LLVMFloatTypeKind) {
        return bits;
    }
    _Float16 half = (_Float16)number;
    uint16_t narrow;
    memcpy(&narrow, &half, sizeof narrow);
    return narrow;
}

static uint64_t zero_extended(LLVMValueRef value) {
    unsigned bits = LLVMGetIntTypeWidth(LLVMTypeOf(value));
    uint64_t number = LLVMConstIntGetZExtValue(value);
    return bits < 64 ? number & ((UINT64_C(1) << bits) - 1) : number;
}

static uint32_t zero_of(struct spv_module *module, LLVMTypeRef type) {
    unsigned bits = spv_bits(module, type);
    if (spv_is_float(type)) {
        return spv_float_constant(module, bits, 0);
    }
    return bits == 1 ? spv_bool_constant(module, false) : spv_constant(module, bits, 0);
}

static uint32_t scalar_constant(struct spv_module *module, LLVMValueRef value) {
    LLVMTypeRef type = LLVMTypeOf(value);
    if (LLVMIsUndef(value) || LLVMIsPoison(value) || LLVMIsNull(value)) {
        return zero_of(module, type);
    }
    if (LLVMIsAConstantInt(value)) {
        unsigned bits = spv_bits(module, type);
        return bits == 1 ? spv_bool_constant(module, zero_extended(value) != 0) : spv_constant(module, bits, zero_extended(value));
    }
    if (LLVMIsAConstantFP(value) && spv_is_float(type)) {
        return spv_float_constant(module, spv_bits(module, type), float_pattern(value, type));
    }
    return spv_constant_address(module, value);
}

/* Component `index` of the constant. */
static uint32_t constant_component(struct spv_module *module, LLVMValueRef value, uint32_t index) {
    LLVMTypeRef type = LLVMTypeOf(value);
    if (spv_component_count(module, type) == 1 && !is_aggregate(type) && LLVMGetTypeKind(type) != LLVMVectorTypeKind) {
        return scalar_constant(module, value);
    }
    if (LLVMIsUndef(value) || LLVMIsPoison(value) || LLVMIsNull(value)) {
        return zero_of(module, spv_component_type(module, type, index));
    }
    for (unsigned i = 0;; i++) {
        LLVMValueRef element = LLVMGetAggregateElement(value, i);
        if (!element) {
            spv_refuse(module, module->function, "a constant of this form is not known");
            return zero_of(module, spv_component_type(module, type, index));
        }
        uint32_t count = spv_component_count(module, LLVMTypeOf(element));
        if (index < count) {
            return constant_component(module, element, index);
        }
        index -= count;
    }
}

/* ---- Uses and definitions ------------------------------------------------------------------------------------- */

uint32_t spv_component(struct spv_module *module, LLVMValueRef value, uint32_t index) {
    if (!LLVMIsAInstruction(value)) {
        return constant_component(module, value, index);
    }
    const struct spv_value *row = value_row(module, value, false);
    uint32_t here = cw_function_flow_node(&module->flow, LLVMGetInstructionParent(value));
    const struct spv_value *place = spv_place(module, value);
    /* `current_node` is where the tree walk is. */
    if (place && !(row && row->count && cw_tree_in_scope(&module->tree, here, module->current_node))) {
        LLVMTypeRef type = spv_component_type(module, LLVMTypeOf(value), index);
        return SPV_RESULT(module, SPV_Load, spv_scalar_type(module, type), module->components.items[place->first + index]);
    }
    if (!row || index >= row->count) {
        char *text = LLVMPrintValueToString(value);
        spv_refuse(module, value, "internal: a value is used before it is made: %s", text);
        LLVMDisposeMessage(text);
        return zero_of(module, spv_component_type(module, LLVMTypeOf(value), index));
    }
    return module->components.items[row->first + index];
}

uint32_t spv_use(struct spv_module *module, LLVMValueRef value) {
    return spv_component(module, value, 0);
}

void spv_define(struct spv_module *module, LLVMValueRef instruction, const uint32_t *components, uint32_t count) {
    struct spv_value *row = value_row(module, instruction, true);
    row->first = (uint32_t)module->components.count;
    row->count = count;
    for (uint32_t i = 0; i < count; i++) {
        spv_word(&module->components, components[i]);
    }
    const struct spv_value *place = spv_place(module, instruction);
    for (uint32_t i = 0; place && !LLVMIsAPHINode(instruction) && i < count; i++) {
        SPV_EMIT(&module->body, SPV_Store, module->components.items[place->first + i], components[i]);
    }
}

void spv_define_one(struct spv_module *module, LLVMValueRef instruction, uint32_t id) {
    spv_define(module, instruction, &id, 1);
}

/* ---- Variables ------------------------------------------------------------------------------------------------ */

static void make_place(struct spv_module *module, LLVMValueRef value) {
    struct spv_value *row = find_or_add(&module->places, &module->place_count, &module->place_capacity, value, true);
    LLVMTypeRef type = LLVMTypeOf(value);
    row->count = spv_component_count(module, type);
    uint32_t *ids = cw_alloc_array(row->count + 1u, sizeof *ids);
    for (uint32_t i = 0; i < row->count; i++) {
        ids[i] = spv_function_variable(module, spv_scalar_type(module, spv_component_type(module, type, i)));
    }
    row->first = (uint32_t)module->components.count;
    for (uint32_t i = 0; i < row->count; i++) {
        spv_word(&module->components, ids[i]);
    }
    free(ids);
}

/* The node where a use reads the value: a phi's, where the edge comes from. */
static uint32_t using_node(struct spv_module *module, LLVMValueRef user, LLVMValueRef value, uint32_t definition) {
    if (!LLVMIsAPHINode(user)) {
        return cw_function_flow_node(&module->flow, LLVMGetInstructionParent(user));
    }
    for (unsigned i = 0; i < LLVMCountIncoming(user); i++) {
        uint32_t node = cw_function_flow_node(&module->flow, LLVMGetIncomingBlock(user, i));
        bool reached = node != CW_TREE_NONE && module->tree.list_of[node] != CW_TREE_NONE;
        if (LLVMGetIncomingValue(user, i) == value && reached && !cw_tree_in_scope(&module->tree, definition, node)) {
            return node;
        }
    }
    return definition;
}

static bool needs_place(struct spv_module *module, LLVMValueRef value, uint32_t node) {
    if (LLVMIsAPHINode(value)) {
        return true;
    }
    for (LLVMUseRef use = LLVMGetFirstUse(value); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        uint32_t where = LLVMIsAInstruction(user) ? using_node(module, user, value, node) : node;
        bool reached = where != CW_TREE_NONE && module->tree.list_of[where] != CW_TREE_NONE;
        if (reached && !cw_tree_in_scope(&module->tree, node, where)) {
            return true;
        }
    }
    return false;
}

void spv_make_places(struct spv_module *module) {
    for (uint32_t n = 0; n < module->flow.flow.count; n++) {
        if (module->tree.list_of[n] == CW_TREE_NONE) {
            continue;
        }
        for (LLVMValueRef i = LLVMGetFirstInstruction(module->flow.blocks[n]); i; i = LLVMGetNextInstruction(i)) {
            LLVMTypeKind kind = LLVMGetTypeKind(LLVMTypeOf(i));
            if (kind != LLVMVoidTypeKind && kind != LLVMTokenTypeKind && !LLVMIsAAllocaInst(i) && needs_place(module, i, n)) {
                make_place(module, i);
            }
        }
    }
}
