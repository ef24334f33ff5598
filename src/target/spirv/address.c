/* SPDX-License-Identifier: Apache-2.0 */
/* address.c: see address.h; and address arithmetic as values. */
#include "target/spirv/address.h"

#include <stdlib.h>
#include <string.h>

/* ---- What a getelementptr adds -------------------------------------------------------------------------------- */

typedef void (*add_index)(struct spv_module *module, void *sum, LLVMValueRef index, uint64_t scale);

/* Calls `add` for each index that is not constant; gives the constant part. */
static uint64_t walk_indices(struct spv_module *module, LLVMValueRef gep, add_index add, void *sum) {
    LLVMTypeRef type = LLVMGetGEPSourceElementType(gep);
    uint64_t constant = 0;
    int count = LLVMGetNumOperands(gep);
    for (int i = 1; i < count; i++) {
        LLVMValueRef index = LLVMGetOperand(gep, (unsigned)i);
        uint64_t scale;
        if (i > 1 && LLVMGetTypeKind(type) == LLVMStructTypeKind) {
            unsigned element = (unsigned)LLVMConstIntGetZExtValue(index);
            constant += LLVMOffsetOfElement(module->layout, type, element);
            type = LLVMStructGetTypeAtIndex(type, element);
            continue;
        }
        if (i > 1) {
            type = LLVMGetElementType(type);
        }
        scale = LLVMABISizeOfType(module->layout, type);
        if (LLVMIsAConstantInt(index)) {
            constant += (uint64_t)LLVMConstIntGetSExtValue(index) * scale;
        } else {
            add(module, sum, index, scale);
        }
    }
    return constant;
}

/* ---- Offsets -------------------------------------------------------------------------------------------------- */

static bool is_here(struct spv_module *module, LLVMValueRef value) {
    return LLVMIsAInstruction(value) && LLVMGetInstructionParent(value) == module->flow.blocks[module->current_node];
}

static void add_term(struct spv_module *module, struct spv_offset *offset, uint32_t id, uint32_t scale) {
    if (offset->count == SPV_TERMS_MAX) {
        uint32_t sum = spv_offset_id(module, offset, 0);
        *offset = (struct spv_offset){.count = 1, .terms = {{sum, 1}}};
    }
    offset->terms[offset->count].id = id;
    offset->terms[offset->count++].scale = scale;
}

static void add_offset_index(struct spv_module *module, void *sum, LLVMValueRef index, uint64_t scale) {
    /* Only the low 32 bits count, so an extension made here is not needed. */
    if (is_here(module, index)) {
        LLVMOpcode opcode = LLVMGetInstructionOpcode(index);
        bool extends = opcode == LLVMSExt || opcode == LLVMZExt;
        if (extends && spv_bits(module, LLVMTypeOf(LLVMGetOperand(index, 0))) == 32) {
            index = LLVMGetOperand(index, 0);
        }
    }
    unsigned bits = spv_bits(module, LLVMTypeOf(index));
    uint32_t id = spv_use(module, index);
    add_term(module, sum, spv_resize(module, id, bits, 32, true), (uint32_t)scale);
}

/* A pointer to constant memory: a variable, or an address, from which the block's own is subtracted. */
static void add_constant(struct spv_module *module, struct spv_offset *offset, LLVMValueRef pointer) {
    uint64_t place = LLVMIsAGlobalVariable(pointer) ? spv_global_offset(module->globals, pointer) : UINT64_MAX;
    if (place != UINT64_MAX) {
        offset->constant += (uint32_t)place;
        return;
    }
    if (LLVMIsAConstant(pointer) && !LLVMIsAConstantExpr(pointer)) {
        return; /* null, undefined */
    }
    uint32_t address = spv_resize(module, spv_use(module, pointer), 64, 32, false);
    uint32_t base = spv_push_word(module, SPV_PUSH_GLOBALS, 32);
    add_term(module, offset, SPV_RESULT(module, SPV_ISub, spv_int(module, 32), address, base), 1);
}

static void add_pointer(struct spv_module *module, struct spv_offset *offset, LLVMValueRef pointer) {
    bool is_gep = LLVMIsAConstantExpr(pointer) && LLVMGetConstOpcode(pointer) == LLVMGetElementPtr;
    is_gep |= LLVMIsAGetElementPtrInst(pointer) && is_here(module, pointer);
    if (is_gep) {
        add_pointer(module, offset, LLVMGetOperand(pointer, 0));
        offset->constant += (uint32_t)walk_indices(module, pointer, add_offset_index, offset);
        return;
    }
    LLVMValueRef object = LLVMIsAAddrSpaceCastInst(pointer) ? LLVMGetOperand(pointer, 0) : pointer;
    const struct cw_region_object *row = cw_regions_object(&module->regions, object);
    if (row) {
        offset->constant += (uint32_t)row->offset;
    } else if (LLVMIsAGlobalVariable(pointer) && LLVMGetPointerAddressSpace(LLVMTypeOf(pointer)) == CW_SHADER_SPACE_PARAMS) {
        return;
    } else if (LLVMGetPointerAddressSpace(LLVMTypeOf(pointer)) == CW_SPACE_CONSTANT) {
        add_constant(module, offset, pointer);
    } else if (LLVMIsAConstant(pointer)) {
        return; /* null, undefined */
    } else {
        add_term(module, offset, spv_use(module, pointer), 1);
    }
}

struct spv_offset spv_offset_of(struct spv_module *module, LLVMValueRef pointer) {
    struct spv_offset offset = {0};
    add_pointer(module, &offset, pointer);
    return offset;
}

static uint32_t sum_of(struct spv_module *module, const struct spv_offset *offset, uint32_t constant, uint32_t divisor) {
    uint32_t type = spv_int(module, 32), sum = 0;
    for (uint32_t i = 0; i < offset->count; i++) {
        uint32_t scale = offset->terms[i].scale / divisor, id = offset->terms[i].id;
        if (scale != 1) {
            id = SPV_RESULT(module, SPV_IMul, type, id, spv_constant(module, 32, scale));
        }
        sum = sum ? SPV_RESULT(module, SPV_IAdd, type, sum, id) : id;
    }
    if (!sum) {
        return spv_constant(module, 32, constant);
    }
    return constant ? SPV_RESULT(module, SPV_IAdd, type, sum, spv_constant(module, 32, constant)) : sum;
}

uint32_t spv_offset_id(struct spv_module *module, const struct spv_offset *offset, uint32_t bytes) {
    return sum_of(module, offset, offset->constant + bytes, 1);
}

uint32_t spv_offset_index(struct spv_module *module, const struct spv_offset *offset, uint32_t bytes, unsigned element_bits) {
    uint32_t size = element_bits / 8, constant = offset->constant + bytes;
    bool divides = constant % size == 0;
    for (uint32_t i = 0; i < offset->count; i++) {
        divides &= offset->terms[i].scale % size == 0;
    }
    if (divides) {
        /* The constant may be negative. */
        return sum_of(module, offset, (uint32_t)((int32_t)constant / (int32_t)size), size);
    }
    uint32_t shift = size == 1 ? 0 : size == 2 ? 1 : size == 4 ? 2 : size == 8 ? 3 : 4;
    uint32_t id = spv_offset_id(module, offset, bytes);
    return SPV_RESULT(module, SPV_ShiftRightLogical, spv_int(module, 32), id, spv_constant(module, 32, shift));
}

/* ---- Pointers as values --------------------------------------------------------------------------------------- */

static void add_address_index(struct spv_module *module, void *sum, LLVMValueRef index, uint64_t scale) {
    uint32_t type = spv_int(module, 64), *total = sum;
    unsigned bits = spv_bits(module, LLVMTypeOf(index));
    uint32_t id = spv_resize(module, spv_use(module, index), bits, 64, true);
    if (scale & (scale - 1)) {
        id = SPV_RESULT(module, SPV_IMul, type, id, spv_constant(module, 64, scale));
    } else if (scale > 1) {
        uint32_t shift = 0;
        while (scale >> shift > 1) {
            shift++;
        }
        id = SPV_RESULT(module, SPV_ShiftLeftLogical, type, id, spv_constant(module, 64, shift));
    }
    *total = SPV_RESULT(module, SPV_IAdd, type, *total, id);
}

void spv_emit_gep(struct spv_module *module, LLVMValueRef i) {
    if (spv_is_pointer_offset(LLVMTypeOf(i))) {
        struct spv_offset offset = spv_offset_of(module, i);
        spv_define_one(module, i, spv_offset_id(module, &offset, 0));
        return;
    }
    uint32_t sum = spv_use(module, LLVMGetOperand(i, 0));
    uint64_t constant = walk_indices(module, i, add_address_index, &sum);
    if (constant) {
        sum = SPV_RESULT(module, SPV_IAdd, spv_int(module, 64), sum, spv_constant(module, 64, constant));
    }
    spv_define_one(module, i, sum);
}

static uint32_t tag_of(unsigned space) {
    return space == CW_SPACE_SHARED ? SPV_TAG_SHARED : SPV_TAG_LOCAL;
}

void spv_emit_space_cast(struct spv_module *module, LLVMValueRef i) {
    LLVMValueRef operand = LLVMGetOperand(i, 0);
    LLVMTypeRef from = LLVMTypeOf(operand), to = LLVMTypeOf(i);
    if (LLVMIsAAllocaInst(operand)) {
        const struct cw_region_object *row = cw_regions_object(&module->regions, operand);
        spv_define_one(module, i, spv_constant(module, 32, row ? row->offset : 0));
        return;
    }
    uint32_t id = spv_use(module, operand);
    if (spv_is_pointer_offset(from) && !spv_is_pointer_offset(to)) {
        if (LLVMGetPointerAddressSpace(from) == CW_SHADER_SPACE_PARAMS) {
            spv_refuse(module, i, "a parameter's address is kept");
        }
        uint32_t tag = spv_constant(module, 64, (uint64_t)tag_of(LLVMGetPointerAddressSpace(from)) << 32);
        id = SPV_RESULT(module, SPV_BitwiseOr, spv_int(module, 64), spv_resize(module, id, 32, 64, false), tag);
    } else {
        id = spv_resize(module, id, spv_bits(module, from), spv_bits(module, to), false);
    }
    spv_define_one(module, i, id);
}

static uint32_t variable_address(struct spv_module *module, LLVMValueRef variable, uint64_t addend) {
    uint64_t offset = spv_global_offset(module->globals, variable);
    if (offset == UINT64_MAX) {
        spv_refuse(module, module->function, "the address of '%s'", cw_value_name(variable));
        return spv_constant(module, 64, 0);
    }
    uint32_t base = spv_push_word(module, SPV_PUSH_GLOBALS, 64);
    return offset + addend ? SPV_RESULT(module, SPV_IAdd, spv_int(module, 64), base, spv_constant(module, 64, offset + addend)) : base;
}

static void refuse_index(struct spv_module *module, void *sum, LLVMValueRef index, uint64_t scale) {
    (void)sum, (void)index, (void)scale;
    spv_refuse(module, module->function, "a constant address with an index that is not a number");
}

uint32_t spv_constant_address(struct spv_module *module, LLVMValueRef value) {
    LLVMTypeRef type = LLVMTypeOf(value);
    if (LLVMGetTypeKind(type) == LLVMPointerTypeKind && spv_is_pointer_offset(type)) {
        struct spv_offset offset = spv_offset_of(module, value);
        return spv_offset_id(module, &offset, 0);
    }
    if (LLVMIsAGlobalVariable(value)) {
        return variable_address(module, value, 0);
    }
    if (!LLVMIsAConstantExpr(value)) {
        spv_refuse(module, module->function, LLVMIsAFunction(value) ? "the address of function '%s'" : "the constant '%s'", cw_value_name(value));
        return spv_constant(module, spv_bits(module, type), 0);
    }
    LLVMValueRef operand = LLVMGetOperand(value, 0);
    unsigned bits = spv_bits(module, type);
    switch (LLVMGetConstOpcode(value)) {
    case LLVMGetElementPtr: {
        uint64_t constant = walk_indices(module, value, refuse_index, NULL);
        uint32_t base = spv_use(module, operand);
        return constant ? SPV_RESULT(module, SPV_IAdd, spv_int(module, 64), base, spv_constant(module, 64, constant)) : base;
    }
    case LLVMAddrSpaceCast: {
        LLVMTypeRef from = LLVMTypeOf(operand);
        uint32_t id = spv_use(module, operand);
        if (!spv_is_pointer_offset(from)) {
            return id;
        }
        uint32_t tag = spv_constant(module, 64, (uint64_t)tag_of(LLVMGetPointerAddressSpace(from)) << 32);
        return SPV_RESULT(module, SPV_BitwiseOr, spv_int(module, 64), spv_resize(module, id, 32, 64, false), tag);
    }
    case LLVMPtrToInt:
    case LLVMIntToPtr:
    case LLVMTrunc: return spv_resize(module, spv_use(module, operand), spv_bits(module, LLVMTypeOf(operand)), bits, false);
    case LLVMAdd: return SPV_RESULT(module, SPV_IAdd, spv_int(module, bits), spv_use(module, operand), spv_use(module, LLVMGetOperand(value, 1)));
    case LLVMSub: return SPV_RESULT(module, SPV_ISub, spv_int(module, bits), spv_use(module, operand), spv_use(module, LLVMGetOperand(value, 1)));
    default: {
        char *text = LLVMPrintValueToString(value);
        spv_refuse(module, module->function, "the constant %s", text);
        LLVMDisposeMessage(text);
        return spv_constant(module, bits, 0);
    }
    }
}

/* ---- Where a pointer goes ------------------------------------------------------------------------------------- */

struct dispatch {
    struct spv_module *module;
    spv_action act;
    void *context;
    const uint32_t *types;
    uint32_t count, address, high;
};

/* Region `region` if the upper half of the address is its tag, else what `spaces` says of the rest. */
static void dispatch_space(const struct dispatch *d, const unsigned *spaces, uint32_t *results) {
    struct spv_module *module = d->module;
    uint32_t region = CW_REGION_NONE;
    while (*spaces && (region = cw_regions_escaped(&module->regions, *spaces)) == CW_REGION_NONE) {
        spaces++;
    }
    struct spv_where where = {.region = region, .address = d->address};
    if (region == CW_REGION_NONE) {
        d->act(module, &where, d->context, results);
        return;
    }
    uint32_t ids[2][32];
    uint32_t tag = spv_constant(module, 32, tag_of(*spaces));
    uint32_t test = SPV_RESULT(module, SPV_IEqual, spv_bool(module), d->high, tag);
    uint32_t inside = spv_id(module), outside = spv_id(module), merge = spv_id(module);
    SPV_EMIT(&module->body, SPV_SelectionMerge, merge, 0);
    SPV_EMIT(&module->body, SPV_BranchConditional, test, inside, outside);
    spv_open(module, inside);
    where.offset = (struct spv_offset){.count = 1, .terms = {{spv_resize(module, d->address, 64, 32, false), 1}}};
    d->act(module, &where, d->context, ids[0]);
    uint32_t inside_end = module->current;
    SPV_EMIT(&module->body, SPV_Branch, merge);
    spv_open(module, outside);
    dispatch_space(d, spaces + 1, ids[1]);
    uint32_t outside_end = module->current;
    SPV_EMIT(&module->body, SPV_Branch, merge);
    spv_open(module, merge);
    for (uint32_t i = 0; i < d->count; i++) {
        results[i] = SPV_RESULT(module, SPV_Phi, d->types[i], ids[0][i], inside_end, ids[1][i], outside_end);
    }
}

void spv_for_where(struct spv_module *module, LLVMValueRef pointer, spv_action act, void *context, const uint32_t *types,
                   uint32_t count, uint32_t *results) {
    static const unsigned spaces[] = {CW_SPACE_SHARED, CW_SPACE_LOCAL, 0};
    unsigned space = LLVMGetPointerAddressSpace(LLVMTypeOf(pointer));
    struct spv_where where = {.region = CW_REGION_NONE};
    if (space == CW_SPACE_SHARED || space == CW_SPACE_LOCAL) {
        where.region = cw_regions_of(&module->regions, pointer);
        where.offset = spv_offset_of(module, pointer);
        if (where.region == CW_REGION_NONE) {
            where.address = spv_constant(module, 64, 0); /* it points nowhere: null */
        }
        act(module, &where, context, results);
        return;
    }
    if (space == CW_SHADER_SPACE_PARAMS || (space == CW_SPACE_CONSTANT && spv_has_constants(module))) {
        where.params = space == CW_SHADER_SPACE_PARAMS;
        where.constants = !where.params;
        where.offset = spv_offset_of(module, pointer);
        act(module, &where, context, results);
        return;
    }
    where.address = spv_use(module, pointer);
    if (space != CW_SPACE_GENERIC || count > 32) {
        act(module, &where, context, results);
        return;
    }
    struct dispatch dispatch = {module, act, context, types, count, where.address, 0};
    if (cw_regions_escaped(&module->regions, CW_SPACE_SHARED) != CW_REGION_NONE ||
        cw_regions_escaped(&module->regions, CW_SPACE_LOCAL) != CW_REGION_NONE) {
        uint32_t shifted = SPV_RESULT(module, SPV_ShiftRightLogical, spv_int(module, 64), where.address, spv_constant(module, 64, 32));
        dispatch.high = spv_resize(module, shifted, 64, 32, false);
    }
    dispatch_space(&dispatch, spaces, results);
}

static enum spv_storage storage_of(const struct cw_region *row) {
    return row->space == CW_SPACE_SHARED ? SPV_WORKGROUP : SPV_FUNCTION;
}

/* Where elements are those of vectors: which vector, and which of its lanes. */
static void split_index(struct spv_module *module, const struct spv_offset *offset, uint32_t bytes, unsigned lanes, uint32_t *vector, uint32_t *lane) {
    uint32_t size = 4 * lanes, constant = offset->constant + bytes, type = spv_int(module, 32);
    bool divides = true;
    for (uint32_t i = 0; i < offset->count; i++) {
        divides &= offset->terms[i].scale % size == 0;
    }
    if (divides) {
        *lane = spv_constant(module, 32, constant % size / 4);
        *vector = sum_of(module, offset, (uint32_t)((int32_t)(constant / size * size) / (int32_t)size), size);
        return;
    }
    uint32_t index = spv_offset_index(module, offset, bytes, 32);
    *vector = SPV_RESULT(module, SPV_ShiftRightLogical, type, index, spv_constant(module, 32, lanes / 2));
    *lane = SPV_RESULT(module, SPV_BitwiseAnd, type, index, spv_constant(module, 32, lanes - 1));
}

uint32_t spv_element(struct spv_module *module, uint32_t region, const struct spv_offset *offset, uint32_t bytes) {
    const struct cw_region *row = &module->regions.regions[region];
    uint32_t type = spv_pointer(module, storage_of(row), spv_int(module, row->bits)), vector, lane;
    if (spv_region_lanes(row) == 1) {
        return SPV_RESULT(module, SPV_AccessChain, type, module->region_variables[region], spv_offset_index(module, offset, bytes, row->bits));
    }
    split_index(module, offset, bytes, row->lanes, &vector, &lane);
    return SPV_RESULT(module, SPV_AccessChain, type, module->region_variables[region], vector, lane);
}

uint32_t spv_element_vector(struct spv_module *module, uint32_t region, const struct spv_offset *offset, uint32_t bytes) {
    const struct cw_region *row = &module->regions.regions[region];
    uint32_t type = spv_pointer(module, storage_of(row), spv_vector(module, spv_int(module, row->bits), row->lanes));
    return SPV_RESULT(module, SPV_AccessChain, type, module->region_variables[region],
                      spv_offset_index(module, offset, bytes, row->bits * row->lanes));
}

unsigned spv_region_lanes(const struct cw_region *row) {
    return row->space == CW_SPACE_SHARED ? row->lanes : 1;
}
