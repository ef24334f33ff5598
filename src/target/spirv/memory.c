/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory.c: loads and stores.
 *
 * Device memory is read and written as what the program reads and writes, vectors of up to four included; regions and
 * parameters as their elements. An access that is smaller than an element of a shared region is two atomics on the word,
 * since other threads may write the word's other bytes. Accesses to memory that other threads see are "non-private", so
 * that barriers and fences order them (SPIR-V Specification, "Memory Model").
 */
#include <stdlib.h>

#include "backend/vulkan/artifact.h"
#include "target/spirv/address.h"

/* ---- Layout of what is accessed ------------------------------------------------------------------------------- */

/* Bits that a component has in memory. */
static unsigned memory_bits(struct spv_module *module, LLVMTypeRef type) {
    if (LLVMGetTypeKind(type) == LLVMPointerTypeKind) {
        return 64;
    }
    unsigned bits = spv_bits(module, type);
    return bits == 1 ? 8 : bits;
}

static uint64_t component_offset(struct spv_module *module, LLVMTypeRef type, uint32_t index) {
    switch (LLVMGetTypeKind(type)) {
    case LLVMVectorTypeKind: return index * (memory_bits(module, LLVMGetElementType(type)) / 8);
    case LLVMArrayTypeKind: {
        LLVMTypeRef element = LLVMGetElementType(type);
        uint32_t count = spv_component_count(module, element);
        return index / count * LLVMABISizeOfType(module->layout, element) + component_offset(module, element, index % count);
    }
    case LLVMStructTypeKind:
        for (unsigned i = 0; i < LLVMCountStructElementTypes(type); i++) {
            LLVMTypeRef element = LLVMStructGetTypeAtIndex(type, i);
            uint32_t count = spv_component_count(module, element);
            if (index < count) {
                return LLVMOffsetOfElement(module->layout, type, i) + component_offset(module, element, index);
            }
            index -= count;
        }
        return 0;
    default: return 0;
    }
}

struct access {
    LLVMTypeRef type;
    uint32_t count;          /* components */
    uint32_t align;
    bool is_volatile;
    LLVMAtomicOrdering ordering;
    const uint32_t *values;  /* of a store: as memory holds them, integers */
};

/* Accesses that other threads take part in are relaxed atomics, or what their ordering says, where there are such: that makes the one
 * location coherent. What the memory model has for others (MakePointerVisible) is a barrier to some drivers: lavapipe suspends the
 * subgroup there, and drops it when another one of its block has ended. */
static bool is_atomic_width(const struct access *access, unsigned bits, uint32_t align) {
    return access->is_volatile && (bits == 32 || bits == 64) && align * 8 >= bits;
}

/* Scope and semantics of such an access. */
static void atomic_operands(struct spv_module *module, unsigned bits, enum spv_scope scope, LLVMAtomicOrdering ordering, bool is_store,
                            uint32_t operands[2]) {
    if (bits == 64) {
        spv_need(module, SPV_CAP_INT64_ATOMICS);
    }
    if (scope == SPV_SCOPE_DEVICE) {
        spv_need(module, SPV_CAP_MEMORY_MODEL_DEVICE);
    }
    operands[0] = spv_constant(module, 32, scope);
    operands[1] = spv_constant(module, 32, spv_access_semantics(module, ordering, is_store));
}

/* ---- Device memory -------------------------------------------------------------------------------------------- */

static uint32_t memory_operands(struct spv_module *module, uint32_t align, bool is_volatile, bool is_store, uint32_t *operands) {
    uint32_t count = 0;
    bool plain = module->abilities & SPV_ABILITY_PLAIN_MODEL;
    uint32_t make = plain ? 0u : is_store ? SPV_MAKE_POINTER_AVAILABLE : SPV_MAKE_POINTER_VISIBLE;
    operands[count++] = SPV_ALIGNED | spv_non_private(module) | (is_volatile ? SPV_VOLATILE | make : 0u);
    operands[count++] = align;
    if (is_volatile && !plain) {
        spv_need(module, SPV_CAP_MEMORY_MODEL_DEVICE);
        operands[count++] = spv_constant(module, 32, SPV_SCOPE_DEVICE);
    }
    return count;
}

static void need_storage(struct spv_module *module, unsigned bits) {
    if (bits == 8) {
        spv_need(module, SPV_CAP_STORAGE_8);
    } else if (bits == 16) {
        spv_need(module, SPV_CAP_STORAGE_16);
    }
}

static uint32_t physical_pointer(struct spv_module *module, uint32_t address, uint64_t offset, uint32_t type) {
    if (offset) {
        address = SPV_RESULT(module, SPV_IAdd, spv_int(module, 64), address, spv_constant(module, 64, offset));
    }
    return SPV_RESULT(module, SPV_ConvertUToPtr, spv_pointer(module, SPV_PHYSICAL, type), address);
}

uint32_t spv_load_physical(struct spv_module *module, uint32_t address, uint32_t type, uint32_t align) {
    uint32_t pointer = physical_pointer(module, address, 0, type);
    return SPV_RESULT(module, SPV_Load, type, pointer, SPV_ALIGNED | spv_non_private(module), align);
}

void spv_store_physical(struct spv_module *module, uint32_t address, uint32_t type, uint32_t value, uint32_t align) {
    uint32_t pointer = physical_pointer(module, address, 0, type);
    SPV_EMIT(&module->body, SPV_Store, pointer, value, SPV_ALIGNED | spv_non_private(module), align);
}

/* The largest power of two that divides both. */
static uint32_t align_at(uint32_t align, uint64_t offset) {
    while (offset % align) {
        align /= 2;
    }
    return align;
}

/* How many components from `first` on are one access: 1, 2 or 4 of a vector, as far as alignment goes. */
static uint32_t group_size(struct spv_module *module, const struct access *access, uint32_t first) {
    if (LLVMGetTypeKind(access->type) != LLVMVectorTypeKind) {
        return 1;
    }
    uint32_t bytes = memory_bits(module, LLVMGetElementType(access->type)) / 8, left = access->count - first;
    uint32_t align = align_at(access->align, (uint64_t)first * bytes);
    for (uint32_t size = 4; size > 1; size /= 2) {
        if (size <= left && align >= size * bytes) {
            return size;
        }
    }
    return 1;
}

/* A component that isn't aligned to its size, byte by byte. */
static uint32_t load_bytes(struct spv_module *module, uint32_t address, uint64_t offset, unsigned bits, uint32_t piece) {
    uint32_t type = spv_int(module, bits), part_type = spv_int(module, piece * 8), sum = 0;
    need_storage(module, piece * 8);
    for (uint32_t at = 0; at < bits / 8; at += piece) {
        uint32_t pointer = physical_pointer(module, address, offset + at, part_type);
        uint32_t part = SPV_RESULT(module, SPV_Load, part_type, pointer, SPV_ALIGNED | spv_non_private(module), piece);
        part = spv_resize(module, part, piece * 8, bits, false);
        part = at ? SPV_RESULT(module, SPV_ShiftLeftLogical, type, part, spv_constant(module, bits, at * 8)) : part;
        sum = sum ? SPV_RESULT(module, SPV_BitwiseOr, type, sum, part) : part;
    }
    return sum;
}

static void store_bytes(struct spv_module *module, uint32_t address, uint64_t offset, unsigned bits, uint32_t piece, uint32_t value) {
    uint32_t type = spv_int(module, bits), part_type = spv_int(module, piece * 8);
    need_storage(module, piece * 8);
    for (uint32_t at = 0; at < bits / 8; at += piece) {
        uint32_t part = at ? SPV_RESULT(module, SPV_ShiftRightLogical, type, value, spv_constant(module, bits, at * 8)) : value;
        part = spv_resize(module, part, bits, piece * 8, false);
        uint32_t pointer = physical_pointer(module, address, offset + at, part_type);
        SPV_EMIT(&module->body, SPV_Store, pointer, part, SPV_ALIGNED | spv_non_private(module), piece);
    }
}

static void load_device(struct spv_module *module, const struct access *access, uint32_t address, uint32_t *results) {
    uint32_t operands[4];
    for (uint32_t c = 0; c < access->count;) {
        unsigned bits = memory_bits(module, spv_component_type(module, access->type, c));
        uint64_t offset = component_offset(module, access->type, c);
        uint32_t align = align_at(access->align, offset), size = group_size(module, access, c);
        uint32_t scalar = spv_int(module, bits), type = size > 1 ? spv_vector(module, scalar, size) : scalar;
        if (align * 8 < bits) {
            results[c++] = load_bytes(module, address, offset, bits, align);
            continue;
        }
        if (is_atomic_width(access, bits, align)) {
            atomic_operands(module, bits, SPV_SCOPE_DEVICE, access->ordering, false, operands);
            results[c++] = SPV_RESULT(module, SPV_AtomicLoad, scalar, physical_pointer(module, address, offset, scalar), operands[0], operands[1]);
            continue;
        }
        need_storage(module, bits);
        uint32_t pointer = physical_pointer(module, address, offset, type);
        uint32_t count = memory_operands(module, align < 16 ? align : 16, access->is_volatile, false, operands);
        uint32_t all[6] = {pointer};
        for (uint32_t k = 0; k < count; k++) {
            all[1 + k] = operands[k];
        }
        uint32_t loaded = spv_result(module, SPV_Load, type, all, count + 1);
        for (uint32_t k = 0; k < size; k++) {
            results[c + k] = size > 1 ? SPV_RESULT(module, SPV_CompositeExtract, scalar, loaded, k) : loaded;
        }
        c += size;
    }
}

static void store_device(struct spv_module *module, const struct access *access, uint32_t address) {
    uint32_t operands[4];
    for (uint32_t c = 0; c < access->count;) {
        unsigned bits = memory_bits(module, spv_component_type(module, access->type, c));
        uint64_t offset = component_offset(module, access->type, c);
        uint32_t align = align_at(access->align, offset), size = group_size(module, access, c);
        uint32_t scalar = spv_int(module, bits), type = size > 1 ? spv_vector(module, scalar, size) : scalar;
        if (align * 8 < bits) {
            store_bytes(module, address, offset, bits, align, access->values[c++]);
            continue;
        }
        if (is_atomic_width(access, bits, align)) {
            atomic_operands(module, bits, SPV_SCOPE_DEVICE, access->ordering, true, operands);
            SPV_EMIT(&module->body, SPV_AtomicStore, physical_pointer(module, address, offset, scalar), operands[0], operands[1], access->values[c++]);
            continue;
        }
        need_storage(module, bits);
        uint32_t value = size > 1 ? spv_result(module, SPV_CompositeConstruct, type, access->values + c, size) : access->values[c];
        uint32_t pointer = physical_pointer(module, address, offset, type);
        uint32_t count = memory_operands(module, align < 16 ? align : 16, access->is_volatile, true, operands);
        uint32_t all[6] = {pointer, value};
        for (uint32_t k = 0; k < count; k++) {
            all[2 + k] = operands[k];
        }
        spv_emit(&module->body, SPV_Store, all, count + 2);
        c += size;
    }
}

/* ---- Words, of which others are composed ---------------------------------------------------------------------- */

uint32_t spv_push_word(struct spv_module *module, uint32_t offset, unsigned bits) {
    uint32_t word = spv_int(module, 32), pointer_type = spv_pointer(module, SPV_PUSH, word), ids[2];
    for (uint32_t i = 0; i < bits / 32; i++) {
        uint32_t pointer = SPV_RESULT(module, SPV_AccessChain, pointer_type, module->push, spv_constant(module, 32, 0),
                                      spv_constant(module, 32, offset / 4 + i));
        ids[i] = SPV_RESULT(module, SPV_Load, word, pointer);
    }
    if (bits == 32) {
        return ids[0];
    }
    uint32_t pair = spv_result(module, SPV_CompositeConstruct, spv_vector(module, word, 2), ids, 2);
    return SPV_RESULT(module, SPV_Bitcast, spv_int(module, 64), pair);
}

static bool params_are_pushed(const struct spv_module *module) {
    return module->row->param_bytes <= SPV_PUSH_PARAMS_MAX;
}

/* The constant variables: one array of words, which hardware reads through its constant cache. */
static uint32_t constants(struct spv_module *module) {
    if (!module->constants) {
        uint32_t word = spv_int(module, 32), length = spv_constant(module, 32, (module->globals->constant_size + 3) / 4);
        uint32_t words = spv_array(module, word, length, 4), block = spv_id(module);
        SPV_EMIT(&module->types, SPV_TypeStruct, block, words);
        spv_decorate(module, block, SPV_DECORATION_BLOCK, 0);
        SPV_EMIT(&module->decorations, SPV_MemberDecorate, block, 0, SPV_DECORATION_OFFSET, 0);
        module->constants = spv_global_variable(module, SPV_UNIFORM, block);
        spv_decorate(module, module->constants, SPV_DECORATION_SET, 0);
        spv_decorate(module, module->constants, SPV_DECORATION_BINDING, 0);
        spv_name(module, module->constants, "constants");
        module->kernel_flags |= CW_VK_CONSTANTS;
    }
    return module->constants;
}

bool spv_has_constants(const struct spv_module *module) {
    uint64_t size = module->globals->constant_size;
    return module->abilities & SPV_ABILITY_CONSTANTS && size && size <= CW_VK_CONSTANTS_MAX;
}

static bool is_private(const struct spv_module *module, const struct spv_where *where) {
    return where->params || where->constants || module->regions.regions[where->region].space != CW_SPACE_SHARED;
}

/* A pointer to the element that holds byte `bytes` behind the place. */
static uint32_t element_at(struct spv_module *module, const struct spv_where *where, uint32_t bytes) {
    if (where->constants) {
        uint32_t index = spv_offset_index(module, &where->offset, bytes, 32), type = spv_pointer(module, SPV_UNIFORM, spv_int(module, 32));
        return SPV_RESULT(module, SPV_AccessChain, type, constants(module), spv_constant(module, 32, 0), index);
    }
    if (!where->params) {
        return spv_element(module, where->region, &where->offset, bytes);
    }
    uint32_t index = spv_offset_index(module, &where->offset, bytes + SPV_PUSH_PARAMS, 32);
    uint32_t type = spv_pointer(module, SPV_PUSH, spv_int(module, 32));
    return SPV_RESULT(module, SPV_AccessChain, type, module->push, spv_constant(module, 32, 0), index);
}

/* Volatile accesses to shared memory reach it, since threads of a warp may talk so, and are seen by the block. */
static uint32_t shared_operands(struct spv_module *module, bool is_store, uint32_t *operands) {
    bool plain = module->abilities & SPV_ABILITY_PLAIN_MODEL;
    uint32_t make = plain ? 0u : is_store ? SPV_MAKE_POINTER_AVAILABLE : SPV_MAKE_POINTER_VISIBLE;
    operands[0] = spv_non_private(module) | (module->access_is_volatile ? SPV_VOLATILE | make : 0u);
    if (!module->access_is_volatile || plain) {
        return 1;
    }
    operands[1] = spv_constant(module, 32, SPV_SCOPE_WORKGROUP);
    return 2;
}

/* An element of a shared array that an atomic can be of. */
static bool is_atomic_element(const struct spv_module *module, const struct spv_where *where, unsigned bits) {
    return module->access_is_volatile && bits == 32 && spv_region_lanes(&module->regions.regions[where->region]) == 1;
}

static uint32_t load_element(struct spv_module *module, const struct spv_where *where, uint32_t bytes) {
    unsigned bits = where->params || where->constants ? 32 : module->regions.regions[where->region].bits;
    uint32_t pointer = element_at(module, where, bytes), type = spv_int(module, bits);
    if (is_private(module, where)) {
        return SPV_RESULT(module, SPV_Load, type, pointer);
    }
    uint32_t operands[3] = {pointer};
    if (is_atomic_element(module, where, bits)) {
        atomic_operands(module, bits, SPV_SCOPE_WORKGROUP, module->access_ordering, false, operands + 1);
        return SPV_RESULT(module, SPV_AtomicLoad, type, pointer, operands[1], operands[2]);
    }
    return spv_result(module, SPV_Load, type, operands, 1 + shared_operands(module, false, operands + 1));
}

static void store_element(struct spv_module *module, const struct spv_where *where, uint32_t bytes, uint32_t value) {
    uint32_t pointer = element_at(module, where, bytes);
    unsigned bits = where->params || where->constants ? 32 : module->regions.regions[where->region].bits;
    if (is_private(module, where)) {
        SPV_EMIT(&module->body, SPV_Store, pointer, value);
    } else if (is_atomic_element(module, where, bits)) {
        uint32_t operands[2];
        atomic_operands(module, bits, SPV_SCOPE_WORKGROUP, module->access_ordering, true, operands);
        SPV_EMIT(&module->body, SPV_AtomicStore, pointer, operands[0], operands[1], value);
    } else {
        uint32_t operands[4] = {pointer, value};
        spv_emit(&module->body, SPV_Store, operands, 2 + shared_operands(module, true, operands + 2));
    }
}

/* Bits that the byte at `bytes` lies above its word's lowest. */
static uint32_t shift_at(struct spv_module *module, const struct spv_where *where, uint32_t bytes) {
    uint32_t type = spv_int(module, 32), id = spv_offset_id(module, &where->offset, bytes);
    id = SPV_RESULT(module, SPV_BitwiseAnd, type, id, spv_constant(module, 32, 3));
    return SPV_RESULT(module, SPV_ShiftLeftLogical, type, id, spv_constant(module, 32, 3));
}

/* `bits` at byte `bytes`, whose alignment is at least `align`; elements are 32-bit words. */
static uint32_t load_composed(struct spv_module *module, const struct spv_where *where, uint32_t bytes, unsigned bits, uint32_t align) {
    uint32_t word = spv_int(module, 32);
    uint32_t piece = align * 8 < bits ? align * 8 : bits;
    if (piece < bits && piece < 32) {
        uint32_t type = spv_int(module, bits), sum = 0;
        for (uint32_t at = 0; at < bits; at += piece) {
            uint32_t part = spv_resize(module, load_composed(module, where, bytes + at / 8, piece, align), piece, bits, false);
            part = at ? SPV_RESULT(module, SPV_ShiftLeftLogical, type, part, spv_constant(module, bits, at)) : part;
            sum = sum ? SPV_RESULT(module, SPV_BitwiseOr, type, sum, part) : part;
        }
        return sum;
    }
    if (bits == 64) {
        uint32_t ids[2] = {load_element(module, where, bytes), load_element(module, where, bytes + 4)};
        uint32_t pair = spv_result(module, SPV_CompositeConstruct, spv_vector(module, word, 2), ids, 2);
        return SPV_RESULT(module, SPV_Bitcast, spv_int(module, 64), pair);
    }
    uint32_t loaded = load_element(module, where, bytes);
    if (bits == 32) {
        return loaded;
    }
    loaded = SPV_RESULT(module, SPV_ShiftRightLogical, word, loaded, shift_at(module, where, bytes));
    return spv_resize(module, loaded, 32, bits, false);
}

/* Part of a word. */
static void store_part(struct spv_module *module, const struct spv_where *where, uint32_t bytes, unsigned bits, uint32_t value) {
    uint32_t word = spv_int(module, 32), shift = shift_at(module, where, bytes);
    uint32_t ones = spv_constant(module, 32, (UINT64_C(1) << bits) - 1);
    uint32_t keep = SPV_RESULT(module, SPV_Not, word, SPV_RESULT(module, SPV_ShiftLeftLogical, word, ones, shift));
    value = SPV_RESULT(module, SPV_ShiftLeftLogical, word, spv_resize(module, value, bits, 32, false), shift);
    if (is_private(module, where)) {
        uint32_t old = SPV_RESULT(module, SPV_BitwiseAnd, word, load_element(module, where, bytes), keep);
        store_element(module, where, bytes, SPV_RESULT(module, SPV_BitwiseOr, word, old, value));
        return;
    }
    uint32_t pointer = element_at(module, where, bytes), scope = spv_constant(module, 32, SPV_SCOPE_WORKGROUP);
    uint32_t relaxed = spv_constant(module, 32, 0);
    (void)SPV_RESULT(module, SPV_AtomicAnd, word, pointer, scope, relaxed, keep);
    (void)SPV_RESULT(module, SPV_AtomicOr, word, pointer, scope, relaxed, value);
}

static void store_composed(struct spv_module *module, const struct spv_where *where, uint32_t bytes, unsigned bits, uint32_t align,
                           uint32_t value) {
    uint32_t piece = align * 8 < bits ? align * 8 : bits;
    if (piece < 32 && piece < bits) {
        uint32_t type = spv_int(module, bits);
        for (uint32_t at = 0; at < bits; at += piece) {
            uint32_t part = at ? SPV_RESULT(module, SPV_ShiftRightLogical, type, value, spv_constant(module, bits, at)) : value;
            store_composed(module, where, bytes + at / 8, piece, align, spv_resize(module, part, bits, piece, false));
        }
    } else if (bits == 64) {
        uint32_t word = spv_int(module, 32), pair = SPV_RESULT(module, SPV_Bitcast, spv_vector(module, word, 2), value);
        store_element(module, where, bytes, SPV_RESULT(module, SPV_CompositeExtract, word, pair, 0));
        store_element(module, where, bytes + 4, SPV_RESULT(module, SPV_CompositeExtract, word, pair, 1));
    } else if (bits == 32) {
        store_element(module, where, bytes, value);
    } else {
        store_part(module, where, bytes, bits, value);
    }
}

/* True if the component is one element of the region. */
static bool is_element(const struct spv_module *module, const struct spv_where *where, unsigned bits) {
    return !where->params && !where->constants && module->regions.regions[where->region].bits == bits && !module->regions.regions[where->region].composed;
}

/* ---- Vectors of shared arrays --------------------------------------------------------------------------------- */

/* The region's lanes if the access is whole vectors of them; else 0. */
static uint32_t vector_lanes(struct spv_module *module, const struct spv_where *where, const struct access *access) {
    if (where->params || where->constants || access->is_volatile || LLVMGetTypeKind(access->type) != LLVMVectorTypeKind) {
        return 0;
    }
    uint32_t lanes = spv_region_lanes(&module->regions.regions[where->region]);
    bool fits = memory_bits(module, LLVMGetElementType(access->type)) == 32 && access->count % lanes == 0 && access->align % (4 * lanes) == 0;
    return lanes > 1 && fits ? lanes : 0;
}

static void load_vector(struct spv_module *module, const struct spv_where *where, uint32_t lanes, uint32_t bytes, uint32_t *results) {
    uint32_t word = spv_int(module, 32), pointer = spv_element_vector(module, where->region, &where->offset, bytes);
    uint32_t loaded = SPV_RESULT(module, SPV_Load, spv_vector(module, word, lanes), pointer, spv_non_private(module));
    for (uint32_t i = 0; i < lanes; i++) {
        results[i] = SPV_RESULT(module, SPV_CompositeExtract, word, loaded, i);
    }
}

static void store_vector(struct spv_module *module, const struct spv_where *where, uint32_t lanes, uint32_t bytes, const uint32_t *values) {
    uint32_t value = spv_result(module, SPV_CompositeConstruct, spv_vector(module, spv_int(module, 32), lanes), values, lanes);
    uint32_t pointer = spv_element_vector(module, where->region, &where->offset, bytes);
    SPV_EMIT(&module->body, SPV_Store, pointer, value, spv_non_private(module));
}

/* ---- Actions -------------------------------------------------------------------------------------------------- */

static void load_at(struct spv_module *module, const struct spv_where *where, void *context, uint32_t *results) {
    const struct access *access = context;
    module->access_is_volatile = access->is_volatile;
    module->access_ordering = access->ordering;
    if (where->params && !params_are_pushed(module)) {
        uint32_t base = spv_push_word(module, SPV_PUSH_PARAMS, 64);
        uint32_t offset = spv_resize(module, spv_offset_id(module, &where->offset, 0), 32, 64, false);
        load_device(module, access, SPV_RESULT(module, SPV_IAdd, spv_int(module, 64), base, offset), results);
        return;
    }
    if (where->region == CW_REGION_NONE && !where->params && !where->constants) {
        load_device(module, access, where->address, results);
        return;
    }
    uint32_t lanes = vector_lanes(module, where, access);
    for (uint32_t c = 0; lanes && c < access->count; c += lanes) {
        load_vector(module, where, lanes, (uint32_t)component_offset(module, access->type, c), results + c);
    }
    for (uint32_t c = 0; !lanes && c < access->count; c++) {
        unsigned bits = memory_bits(module, spv_component_type(module, access->type, c));
        uint32_t bytes = (uint32_t)component_offset(module, access->type, c);
        results[c] = is_element(module, where, bits) ? load_element(module, where, bytes)
                                                     : load_composed(module, where, bytes, bits, align_at(access->align, bytes));
    }
}

static void store_at(struct spv_module *module, const struct spv_where *where, void *context, uint32_t *results) {
    const struct access *access = context;
    (void)results;
    module->access_is_volatile = access->is_volatile;
    module->access_ordering = access->ordering;
    if (where->region == CW_REGION_NONE) {
        store_device(module, access, where->address);
        return;
    }
    uint32_t lanes = vector_lanes(module, where, access);
    for (uint32_t c = 0; lanes && c < access->count; c += lanes) {
        store_vector(module, where, lanes, (uint32_t)component_offset(module, access->type, c), access->values + c);
    }
    for (uint32_t c = 0; !lanes && c < access->count; c++) {
        unsigned bits = memory_bits(module, spv_component_type(module, access->type, c));
        uint32_t bytes = (uint32_t)component_offset(module, access->type, c);
        if (is_element(module, where, bits)) {
            store_element(module, where, bytes, access->values[c]);
        } else {
            store_composed(module, where, bytes, bits, align_at(access->align, bytes), access->values[c]);
        }
    }
}

/* A component from the integer that memory holds, and back. */
static uint32_t from_memory(struct spv_module *module, LLVMTypeRef type, uint32_t id) {
    unsigned bits = spv_bits(module, type), stored = memory_bits(module, type);
    if (spv_is_float(type)) {
        return SPV_RESULT(module, SPV_Bitcast, spv_float(module, bits), id);
    }
    return spv_resize(module, id, stored, bits, false);
}

static uint32_t to_memory(struct spv_module *module, LLVMTypeRef type, uint32_t id) {
    unsigned bits = spv_bits(module, type), stored = memory_bits(module, type);
    if (spv_is_float(type)) {
        return SPV_RESULT(module, SPV_Bitcast, spv_int(module, bits), id);
    }
    return spv_resize(module, id, bits, stored, false);
}

static bool check_widths(struct spv_module *module, LLVMValueRef i, LLVMTypeRef type) {
    uint32_t count = spv_component_count(module, type);
    for (uint32_t c = 0; c < count; c++) {
        LLVMTypeRef scalar = spv_component_type(module, type, c);
        bool is_int = LLVMGetTypeKind(scalar) == LLVMIntegerTypeKind;
        unsigned width = is_int ? LLVMGetIntTypeWidth(scalar) : 32;
        if (is_int && width != 1 && width != spv_bits(module, scalar)) {
            spv_refuse(module, i, "an access of a %u-bit integer", width);
            return false;
        }
    }
    return true;
}

static void emit_load(struct spv_module *module, LLVMValueRef i, struct access access) {
    LLVMTypeRef type = access.type;
    access.count = spv_component_count(module, type);
    uint32_t *ids = cw_alloc_array(access.count + 1u, sizeof *ids), *types = cw_alloc_array(access.count + 1u, sizeof *types);
    for (uint32_t c = 0; c < access.count; c++) {
        types[c] = spv_int(module, memory_bits(module, spv_component_type(module, type, c)));
    }
    if (check_widths(module, i, type)) {
        spv_for_where(module, LLVMGetOperand(i, 0), load_at, &access, types, access.count, ids);
    }
    for (uint32_t c = 0; c < access.count && module->status == CW_OK; c++) {
        ids[c] = from_memory(module, spv_component_type(module, type, c), ids[c]);
    }
    spv_define(module, i, ids, access.count);
    free(ids);
    free(types);
}

void spv_emit_load(struct spv_module *module, LLVMValueRef i) {
    struct access access = {.type = LLVMTypeOf(i), .align = LLVMGetAlignment(i)};
    access.is_volatile = LLVMGetVolatile(i) || LLVMGetOrdering(i) != LLVMAtomicOrderingNotAtomic;
    access.ordering = LLVMGetOrdering(i);
    emit_load(module, i, access);
}

/* LLVM joins neighbouring loads across gaps; the whole vector is aligned then, so it lies in memory that is there. What the mask
 * leaves out nobody looks at. */
bool spv_emit_masked_load(struct spv_module *module, LLVMValueRef call) {
    struct access access = {.type = LLVMTypeOf(call)};
    LLVMAttributeRef align = LLVMGetCallSiteEnumAttribute(call, 1, cw_attribute_kind("align"));
    access.align = align ? (uint32_t)LLVMGetEnumAttributeValue(align) : 1;
    if (access.align < LLVMABISizeOfType(module->layout, access.type)) {
        return false;
    }
    emit_load(module, call, access);
    return true;
}

void spv_read_words(struct spv_module *module, LLVMValueRef pointer, uint32_t count, uint32_t *ids) {
    LLVMTypeRef word = LLVMInt32TypeInContext(LLVMGetModuleContext(module->llvm));
    struct access access = {.type = LLVMArrayType2(word, count), .count = count, .align = 8};
    spv_for_where(module, pointer, load_at, &access, NULL, count, ids);
}

void spv_emit_store(struct spv_module *module, LLVMValueRef i) {
    LLVMValueRef value = LLVMGetOperand(i, 0);
    LLVMTypeRef type = LLVMTypeOf(value);
    if (LLVMIsUndef(value) || LLVMIsPoison(value)) {
        return;
    }
    struct access access = {.type = type, .count = spv_component_count(module, type), .align = LLVMGetAlignment(i)};
    access.is_volatile = LLVMGetVolatile(i) || LLVMGetOrdering(i) != LLVMAtomicOrderingNotAtomic;
    access.ordering = LLVMGetOrdering(i);
    uint32_t *ids = cw_alloc_array(access.count + 1u, sizeof *ids);
    for (uint32_t c = 0; c < access.count; c++) {
        ids[c] = to_memory(module, spv_component_type(module, type, c), spv_component(module, value, c));
    }
    access.values = ids;
    if (check_widths(module, i, type)) {
        spv_for_where(module, LLVMGetOperand(i, 1), store_at, &access, NULL, 0, NULL);
    }
    free(ids);
}

/* ---- Regions -------------------------------------------------------------------------------------------------- */

/* Elements: those of static objects, and what the launch adds of dynamic shared memory. */
static uint32_t region_length(struct spv_module *module, const struct cw_region *row) {
    uint32_t size = row->bits / 8 * spv_region_lanes(row), fixed = spv_constant(module, 32, row->size / size ? row->size / size : 1);
    if (!row->dynamic) {
        return fixed;
    }
    uint32_t type = spv_int(module, 32), quotient = spv_id(module), sum = spv_id(module);
    uint32_t divisor = spv_constant(module, 32, size);
    SPV_EMIT(&module->types, SPV_SpecConstantOp, type, quotient, SPV_UDiv, module->dynamic_shared, divisor);
    /* At least one element, so that the array is one; dynamic memory is rounded up. */
    SPV_EMIT(&module->types, SPV_SpecConstantOp, type, sum, SPV_IAdd, quotient, fixed);
    return sum;
}

void spv_make_regions(struct spv_module *module) {
    cw_regions_build(&module->regions, module->function);
    module->region_variables = cw_alloc_array(module->regions.region_count + 1, sizeof *module->region_variables);
    for (size_t i = 0; i < module->regions.region_count; i++) {
        const struct cw_region *row = &module->regions.regions[i];
        uint32_t element = spv_int(module, row->bits), lanes = spv_region_lanes(row);
        element = lanes > 1 ? spv_vector(module, element, lanes) : element;
        uint32_t type = spv_array(module, element, region_length(module, row), 0);
        bool shared = row->space == CW_SPACE_SHARED;
        module->region_variables[i] = shared ? spv_global_variable(module, SPV_WORKGROUP, type) : spv_function_variable(module, type);
    }
}
