/* SPDX-License-Identifier: Apache-2.0 */
/*
 * globals.c: the module's variables as one block of device memory, and its contents before the first launch.
 *
 * A variable's initialiser may hold addresses of other variables; they are written as offsets, and listed, and the loader adds
 * where the block lies. Addresses of functions and of shared variables can't be had.
 */
#include <stdlib.h>
#include <string.h>

#include "target/spirv/spirv.h"

#define ALIGN_LEAST 16u

static bool is_placed(LLVMValueRef variable) {
    unsigned space = LLVMGetPointerAddressSpace(LLVMTypeOf(variable));
    bool device = space == CW_SPACE_GLOBAL || space == CW_SPACE_CONSTANT || space == CW_SPACE_GENERIC;
    return device && !cw_is_declaration(variable) && strncmp(cw_value_name(variable), "llvm.", 5) != 0;
}

/* Those of constant memory, or all others. */
static void place_all(struct spv_globals *globals, LLVMModuleRef llvm, size_t *capacity, bool constant) {
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(llvm);
    for (LLVMValueRef g = LLVMGetFirstGlobal(llvm); g; g = LLVMGetNextGlobal(g)) {
        if (!is_placed(g) || (LLVMGetPointerAddressSpace(LLVMTypeOf(g)) == CW_SPACE_CONSTANT) != constant) {
            continue;
        }
        uint64_t size = LLVMABISizeOfType(layout, LLVMGlobalGetValueType(g)), align = LLVMGetAlignment(g);
        align = align < ALIGN_LEAST ? ALIGN_LEAST : align;
        globals->size = (globals->size + align - 1) / align * align;
        globals->items = cw_grow(globals->items, globals->count, capacity, sizeof *globals->items);
        globals->items[globals->count++] = (struct spv_global){g, globals->size, size};
        globals->size += size;
    }
}

void spv_globals_build(struct spv_globals *globals, LLVMModuleRef llvm) {
    size_t capacity = 0;
    *globals = (struct spv_globals){0};
    place_all(globals, llvm, &capacity, true);
    globals->constant_size = (globals->size + ALIGN_LEAST - 1) / ALIGN_LEAST * ALIGN_LEAST;
    globals->size = globals->constant_size;
    place_all(globals, llvm, &capacity, false);
}

uint64_t spv_global_offset(const struct spv_globals *globals, LLVMValueRef variable) {
    for (size_t i = 0; i < globals->count; i++) {
        if (globals->items[i].variable == variable) {
            return globals->items[i].offset;
        }
    }
    return UINT64_MAX;
}

struct writer {
    struct cw_compiler *compiler;
    const struct spv_globals *globals;
    LLVMTargetDataRef layout;
    uint8_t *image;
    struct spv_words *relocations;
    cw_status status;
    LLVMValueRef variable;
};

/* A constant that is a variable's address plus a number. */
static bool address_of(const struct writer *writer, LLVMValueRef value, uint64_t *offset) {
    if (LLVMIsAGlobalVariable(value)) {
        *offset = spv_global_offset(writer->globals, value);
        return *offset != UINT64_MAX;
    }
    if (!LLVMIsAConstantExpr(value)) {
        return false;
    }
    LLVMValueRef operand = LLVMGetOperand(value, 0);
    switch (LLVMGetConstOpcode(value)) {
    case LLVMAddrSpaceCast:
    case LLVMPtrToInt:
    case LLVMIntToPtr: return address_of(writer, operand, offset);
    case LLVMGetElementPtr: {
        if (!address_of(writer, operand, offset)) {
            return false;
        }
        LLVMTypeRef type = LLVMGetGEPSourceElementType(value);
        for (int i = 1; i < LLVMGetNumOperands(value); i++) {
            LLVMValueRef index = LLVMGetOperand(value, (unsigned)i);
            if (!LLVMIsAConstantInt(index)) {
                return false;
            }
            if (i > 1 && LLVMGetTypeKind(type) == LLVMStructTypeKind) {
                unsigned element = (unsigned)LLVMConstIntGetZExtValue(index);
                *offset += LLVMOffsetOfElement(writer->layout, type, element);
                type = LLVMStructGetTypeAtIndex(type, element);
                continue;
            }
            type = i > 1 ? LLVMGetElementType(type) : type;
            *offset += (uint64_t)LLVMConstIntGetSExtValue(index) * LLVMABISizeOfType(writer->layout, type);
        }
        return true;
    }
    default: return false;
    }
}

static void write_number(uint8_t *place, uint64_t number, uint64_t bytes) {
    for (uint64_t i = 0; i < bytes && i < 8; i++) {
        place[i] = (uint8_t)(number >> 8 * i);
    }
}

static uint64_t float_bits(LLVMValueRef value, LLVMTypeKind kind) {
    LLVMBool lost;
    double number = LLVMConstRealGetDouble(value, &lost);
    uint64_t wide;
    memcpy(&wide, &number, sizeof wide);
    if (kind == LLVMDoubleTypeKind) {
        return wide;
    }
    float single = (float)number;
    uint32_t bits;
    memcpy(&bits, &single, sizeof bits);
    if (kind == LLVMFloatTypeKind) {
        return bits;
    }
    if (kind == LLVMBFloatTypeKind) {
        return bits >> 16;
    }
    _Float16 half = (_Float16)number;
    uint16_t narrow;
    memcpy(&narrow, &half, sizeof narrow);
    return narrow;
}

static void write_constant(struct writer *writer, LLVMValueRef value, uint64_t at) {
    LLVMTypeRef type = LLVMTypeOf(value);
    uint64_t offset, size = LLVMABISizeOfType(writer->layout, type);
    if (LLVMIsNull(value) || LLVMIsUndef(value) || LLVMIsPoison(value)) {
        return;
    }
    if (LLVMIsAConstantInt(value)) {
        write_number(writer->image + at, LLVMConstIntGetZExtValue(value), size);
        return;
    }
    if (LLVMIsAConstantFP(value)) {
        write_number(writer->image + at, float_bits(value, LLVMGetTypeKind(type)), size);
        return;
    }
    if (address_of(writer, value, &offset)) {
        write_number(writer->image + at, offset, 8);
        spv_word(writer->relocations, (uint32_t)at);
        return;
    }
    LLVMTypeKind kind = LLVMGetTypeKind(type);
    bool is_struct = kind == LLVMStructTypeKind;
    if (is_struct || kind == LLVMArrayTypeKind || kind == LLVMVectorTypeKind) {
        for (unsigned i = 0;; i++) {
            LLVMValueRef element = LLVMGetAggregateElement(value, i);
            if (!element) {
                return;
            }
            uint64_t stride = is_struct ? 0 : LLVMABISizeOfType(writer->layout, LLVMGetElementType(type));
            write_constant(writer, element, at + (is_struct ? LLVMOffsetOfElement(writer->layout, type, i) : i * stride));
        }
    }
    /* A table of functions: its variable may be unused, as those of classes are whose virtual calls were resolved. Null then. */
}

cw_status spv_globals_image(struct cw_compiler *compiler, const struct spv_globals *globals, LLVMModuleRef llvm, uint8_t *image,
                            struct spv_words *relocations) {
    struct writer writer = {compiler, globals, LLVMGetModuleDataLayout(llvm), image, relocations, CW_OK, NULL};
    for (size_t i = 0; i < globals->count; i++) {
        LLVMValueRef initializer = LLVMGetInitializer(globals->items[i].variable);
        writer.variable = globals->items[i].variable;
        if (initializer) {
            write_constant(&writer, initializer, globals->items[i].offset);
        }
    }
    return writer.status;
}
