/* SPDX-License-Identifier: Apache-2.0 */
/* regions.c: see regions.h. */
#include "target/shader/regions.h"

#include <llvm-c/Target.h>
#include <stdlib.h>

#include "target/shader/shader.h"

/* A pointer value, or a space's escape, and its class. */
struct cw_region_slot {
    LLVMValueRef value; /* NULL: the escape of a space */
    unsigned space;
    uint32_t parent;    /* of union and find */
    uint32_t region;    /* of a class's representative, at the end */
    unsigned bits;      /* of accesses so far; 0: none; 1: of several widths */
    unsigned lanes;     /* of the widest aligned vector so far */
    bool composed, object, escape, atomic;
};

static uint32_t find(struct cw_regions *regions, uint32_t slot) {
    while (regions->slots[slot].parent != slot) {
        slot = regions->slots[slot].parent = regions->slots[regions->slots[slot].parent].parent;
    }
    return slot;
}

static void unite(struct cw_regions *regions, uint32_t a, uint32_t b) {
    a = find(regions, a);
    b = find(regions, b);
    if (a != b) {
        regions->slots[a < b ? b : a].parent = a < b ? a : b;
    }
}

static uint32_t add_slot(struct cw_regions *regions, LLVMValueRef value, unsigned space) {
    regions->slots = cw_grow(regions->slots, regions->slot_count, &regions->slot_capacity, sizeof *regions->slots);
    uint32_t slot = (uint32_t)regions->slot_count++;
    regions->slots[slot] = (struct cw_region_slot){.value = value, .space = space, .parent = slot, .region = CW_REGION_NONE};
    return slot;
}

static bool is_tracked(LLVMTypeRef type) {
    if (LLVMGetTypeKind(type) != LLVMPointerTypeKind) {
        return false;
    }
    unsigned space = LLVMGetPointerAddressSpace(type);
    return space == CW_SPACE_SHARED || space == CW_SPACE_LOCAL;
}

static uint32_t escape_slot(unsigned space) {
    return space == CW_SPACE_SHARED ? 0 : 1;
}

/* Slots are found by looking through all: functions have few pointers of these spaces, and a table is not worth it. */
static uint32_t lookup(const struct cw_regions *regions, LLVMValueRef value) {
    for (uint32_t i = 2; i < regions->slot_count; i++) {
        if (regions->slots[i].value == value) {
            return i;
        }
    }
    return CW_REGION_NONE;
}

static uint32_t slot_of(struct cw_regions *regions, LLVMValueRef pointer);

static uint32_t object_slot(struct cw_regions *regions, LLVMValueRef object, unsigned space) {
    uint32_t slot = lookup(regions, object);
    if (slot == CW_REGION_NONE) {
        slot = add_slot(regions, object, space);
        regions->slots[slot].object = true;
    }
    return slot;
}

/* The slot that a pointer's comes from: what it is computed from. */
static uint32_t source_slot(struct cw_regions *regions, LLVMValueRef pointer, unsigned space) {
    if (LLVMIsAInstruction(pointer)) {
        switch (LLVMGetInstructionOpcode(pointer)) {
        case LLVMGetElementPtr: return slot_of(regions, LLVMGetOperand(pointer, 0));
        case LLVMAddrSpaceCast:
            if (LLVMIsAAllocaInst(LLVMGetOperand(pointer, 0))) {
                return object_slot(regions, LLVMGetOperand(pointer, 0), space);
            }
            return escape_slot(space);
        case LLVMPHI:
        case LLVMSelect: return CW_REGION_NONE;
        default: return escape_slot(space);
        }
    }
    LLVMValueRef base = cw_constant_base(pointer);
    if (base && LLVMIsAGlobalVariable(base) && LLVMGetPointerAddressSpace(LLVMTypeOf(base)) == space) {
        return object_slot(regions, base, space);
    }
    return CW_REGION_NONE; /* null, undefined */
}

static uint32_t slot_of(struct cw_regions *regions, LLVMValueRef pointer) {
    uint32_t slot = lookup(regions, pointer);
    if (slot != CW_REGION_NONE) {
        return slot;
    }
    unsigned space = LLVMGetPointerAddressSpace(LLVMTypeOf(pointer));
    uint32_t source = source_slot(regions, pointer, space);
    slot = lookup(regions, pointer); /* a global variable is its own source */
    if (slot == CW_REGION_NONE) {
        slot = add_slot(regions, pointer, space);
    }
    if (source != CW_REGION_NONE) {
        unite(regions, slot, source);
    }
    return slot;
}

static void escape(struct cw_regions *regions, LLVMValueRef pointer) {
    unite(regions, slot_of(regions, pointer), escape_slot(LLVMGetPointerAddressSpace(LLVMTypeOf(pointer))));
}

/* ---- Accesses ------------------------------------------------------------------------------------------------- */

static unsigned width_of(LLVMTargetDataRef layout, LLVMTypeRef type) {
    LLVMTypeKind kind = LLVMGetTypeKind(type);
    if (kind == LLVMVectorTypeKind || kind == LLVMArrayTypeKind) {
        return width_of(layout, LLVMGetElementType(type));
    }
    if (kind == LLVMStructTypeKind) {
        return LLVMCountStructElementTypes(type) ? width_of(layout, LLVMStructGetTypeAtIndex(type, 0)) : 32;
    }
    unsigned long long bytes = LLVMABISizeOfType(layout, type);
    return bytes >= 8 ? 64 : bytes > 2 ? 32 : (unsigned)bytes * 8;
}

/* Elements of an access that can be one of a vector of 32-bit elements. */
static unsigned lanes_of(LLVMTargetDataRef layout, LLVMTypeRef type, unsigned align) {
    if (LLVMGetTypeKind(type) != LLVMVectorTypeKind || width_of(layout, type) != 32) {
        return 1;
    }
    unsigned count = LLVMGetVectorSize(type);
    return count % 4 == 0 && align % 16 == 0 ? 4 : count % 2 == 0 && align % 8 == 0 ? 2 : 1;
}

static void note_access(struct cw_regions *regions, LLVMTargetDataRef layout, LLVMValueRef pointer, LLVMTypeRef type, unsigned align) {
    if (!is_tracked(LLVMTypeOf(pointer))) {
        return;
    }
    uint32_t slot = slot_of(regions, pointer);
    unsigned bits = width_of(layout, type), lanes = lanes_of(layout, type, align);
    if (lanes > regions->slots[slot].lanes) {
        regions->slots[slot].lanes = lanes;
    }
    if (align * 8 < bits) {
        bits = align * 8;
        regions->slots[slot].composed = true;
    }
    unsigned *noted = &regions->slots[slot].bits;
    *noted = *noted == 0 || *noted == bits ? bits : 1;
}

static void visit(struct cw_regions *regions, LLVMTargetDataRef layout, LLVMValueRef i) {
    switch (LLVMGetInstructionOpcode(i)) {
    case LLVMLoad: note_access(regions, layout, LLVMGetOperand(i, 0), LLVMTypeOf(i), LLVMGetAlignment(i)); break;
    case LLVMStore:
        note_access(regions, layout, LLVMGetOperand(i, 1), LLVMTypeOf(LLVMGetOperand(i, 0)), LLVMGetAlignment(i));
        if (is_tracked(LLVMTypeOf(LLVMGetOperand(i, 0)))) {
            escape(regions, LLVMGetOperand(i, 0));
        }
        break;
    case LLVMAtomicRMW:
    case LLVMAtomicCmpXchg:
        note_access(regions, layout, LLVMGetOperand(i, 0), LLVMTypeOf(LLVMGetOperand(i, 1)), 16);
        if (is_tracked(LLVMTypeOf(LLVMGetOperand(i, 0)))) {
            regions->slots[slot_of(regions, LLVMGetOperand(i, 0))].atomic = true;
        }
        break;
    case LLVMPHI:
        for (unsigned k = 0; is_tracked(LLVMTypeOf(i)) && k < LLVMCountIncoming(i); k++) {
            unite(regions, slot_of(regions, i), slot_of(regions, LLVMGetIncomingValue(i, k)));
        }
        break;
    case LLVMSelect:
        if (is_tracked(LLVMTypeOf(i))) {
            unite(regions, slot_of(regions, i), slot_of(regions, LLVMGetOperand(i, 1)));
            unite(regions, slot_of(regions, i), slot_of(regions, LLVMGetOperand(i, 2)));
        }
        break;
    case LLVMICmp:
        if (is_tracked(LLVMTypeOf(LLVMGetOperand(i, 0)))) {
            unite(regions, slot_of(regions, LLVMGetOperand(i, 0)), slot_of(regions, LLVMGetOperand(i, 1)));
        }
        break;
    case LLVMGetElementPtr: break;
    default:
        for (int k = 0; k < LLVMGetNumOperands(i); k++) {
            LLVMValueRef operand = LLVMGetOperand(i, (unsigned)k);
            if (is_tracked(LLVMTypeOf(operand))) {
                escape(regions, operand);
            } else if (LLVMIsAConstantExpr(operand) && cw_constant_base(operand) && is_tracked(LLVMTypeOf(cw_constant_base(operand)))) {
                escape(regions, cw_constant_base(operand));
            }
        }
        break;
    }
    if (is_tracked(LLVMTypeOf(i))) {
        (void)slot_of(regions, i);
    }
    /* Generic constants that are shared addresses, wherever they stand. */
    for (int k = 0; k < LLVMGetNumOperands(i); k++) {
        LLVMValueRef operand = LLVMGetOperand(i, (unsigned)k);
        LLVMValueRef base = LLVMIsAConstantExpr(operand) && !is_tracked(LLVMTypeOf(operand)) ? cw_constant_base(operand) : NULL;
        if (base && is_tracked(LLVMTypeOf(base))) {
            escape(regions, base);
        }
    }
}

/* ---- Regions -------------------------------------------------------------------------------------------------- */

static void gather(struct cw_regions *regions) {
    for (uint32_t i = 0; i < regions->slot_count; i++) {
        struct cw_region_slot *slot = &regions->slots[i], *head = &regions->slots[find(regions, i)];
        if (slot == head) {
            continue;
        }
        head->composed |= slot->composed;
        head->atomic |= slot->atomic;
        head->lanes = slot->lanes > head->lanes ? slot->lanes : head->lanes;
        head->bits = head->bits == 0 ? slot->bits : slot->bits == 0 || slot->bits == head->bits ? head->bits : 1;
        head->object |= slot->object;
    }
    for (uint32_t i = 0; i < regions->slot_count; i++) {
        struct cw_region_slot *slot = &regions->slots[i];
        if (slot->parent != i || !slot->object) {
            continue;
        }
        regions->regions = cw_grow(regions->regions, regions->region_count, &regions->region_capacity, sizeof *regions->regions);
        slot->region = (uint32_t)regions->region_count;
        bool mixed = slot->bits == 1 || slot->composed || i < 2;
        bool one_width = !slot->composed && slot->bits > 1;
        regions->regions[regions->region_count++] = (struct cw_region){
            .space = slot->space,
            .bits = one_width ? slot->bits : 32,
            .composed = mixed && !one_width,
            .lanes = one_width && slot->bits == 32 && slot->lanes > 1 && !slot->atomic ? slot->lanes : 1,
            .escaped = i < 2,
        };
    }
}

static uint64_t object_size(LLVMTargetDataRef layout, LLVMValueRef object, uint64_t *align) {
    bool variable = LLVMIsAGlobalVariable(object) != NULL;
    LLVMTypeRef type = variable ? LLVMGlobalGetValueType(object) : LLVMGetAllocatedType(object);
    uint64_t size = LLVMABISizeOfType(layout, type);
    if (!variable && LLVMIsAConstantInt(LLVMGetOperand(object, 0))) {
        size *= LLVMConstIntGetZExtValue(LLVMGetOperand(object, 0));
    }
    *align = LLVMGetAlignment(object) ? LLVMGetAlignment(object) : LLVMABIAlignmentOfType(layout, type);
    return size;
}

static bool is_dynamic(LLVMValueRef object) {
    return LLVMIsAGlobalVariable(object) && cw_is_declaration(object);
}

/* Objects one after another; dynamic shared memory, which all extern arrays are the same of, at the end. */
static void lay_out(struct cw_regions *regions, LLVMTargetDataRef layout) {
    for (uint32_t i = 2; i < regions->slot_count; i++) {
        if (!regions->slots[i].object || !regions->slots[i].value || !(LLVMIsAGlobalVariable(regions->slots[i].value) || LLVMIsAAllocaInst(regions->slots[i].value))) {
            continue;
        }
        LLVMValueRef object = regions->slots[i].value;
        uint32_t region = regions->slots[find(regions, i)].region;
        struct cw_region *row = &regions->regions[region];
        uint64_t align, size = object_size(layout, object, &align), offset = 0;
        if (is_dynamic(object)) {
            row->dynamic = true;
        } else {
            offset = (row->size + align - 1) / align * align;
            row->size = offset + size;
        }
        regions->objects = cw_grow(regions->objects, regions->object_count, &regions->object_capacity, sizeof *regions->objects);
        regions->objects[regions->object_count++] = (struct cw_region_object){object, region, offset};
    }
    for (size_t i = 0; i < regions->region_count; i++) {
        regions->regions[i].size = (regions->regions[i].size + 15) / 16 * 16;
    }
    for (size_t i = 0; i < regions->object_count; i++) {
        if (is_dynamic(regions->objects[i].object)) {
            regions->objects[i].offset = regions->regions[regions->objects[i].region].size;
        }
    }
}

/* All dynamic shared arrays begin at the same place. */
static void unite_dynamic(struct cw_regions *regions) {
    uint32_t first = CW_REGION_NONE;
    for (uint32_t i = 2; i < regions->slot_count; i++) {
        if (!regions->slots[i].object || !regions->slots[i].value || !is_dynamic(regions->slots[i].value)) {
            continue;
        }
        if (first != CW_REGION_NONE) {
            unite(regions, first, i);
        }
        first = i;
    }
}

void cw_regions_build(struct cw_regions *regions, LLVMValueRef function) {
    *regions = (struct cw_regions){0};
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(LLVMGetGlobalParent(function));
    (void)add_slot(regions, NULL, CW_SPACE_SHARED);
    (void)add_slot(regions, NULL, CW_SPACE_LOCAL);
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block; block = LLVMGetNextBasicBlock(block)) {
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
            if (LLVMIsAAllocaInst(i) || (LLVMIsAAddrSpaceCastInst(i) && LLVMIsAAllocaInst(LLVMGetOperand(i, 0)))) {
                continue; /* its uses show it */
            }
            visit(regions, layout, i);
        }
    }
    unite_dynamic(regions);
    gather(regions);
    lay_out(regions, layout);
}

void cw_regions_fini(struct cw_regions *regions) {
    free(regions->regions);
    free(regions->objects);
    free(regions->slots);
    *regions = (struct cw_regions){0};
}

uint32_t cw_regions_of(const struct cw_regions *regions, LLVMValueRef pointer) {
    uint32_t slot = lookup(regions, pointer);
    if (slot == CW_REGION_NONE) {
        LLVMValueRef base = cw_constant_base(pointer);
        slot = base ? lookup(regions, base) : CW_REGION_NONE;
    }
    if (slot == CW_REGION_NONE && LLVMIsAInstruction(pointer) && LLVMIsAAddrSpaceCastInst(pointer)) {
        slot = lookup(regions, LLVMGetOperand(pointer, 0));
    }
    if (slot == CW_REGION_NONE) {
        return CW_REGION_NONE;
    }
    while (regions->slots[slot].parent != slot) {
        slot = regions->slots[slot].parent;
    }
    return regions->slots[slot].region;
}

const struct cw_region_object *cw_regions_object(const struct cw_regions *regions, LLVMValueRef object) {
    for (size_t i = 0; i < regions->object_count; i++) {
        if (regions->objects[i].object == object) {
            return &regions->objects[i];
        }
    }
    return NULL;
}

uint32_t cw_regions_escaped(const struct cw_regions *regions, unsigned space) {
    for (uint32_t i = 0; i < regions->region_count; i++) {
        if (regions->regions[i].escaped && regions->regions[i].space == space) {
            return i;
        }
    }
    return CW_REGION_NONE;
}
