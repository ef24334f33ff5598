/* SPDX-License-Identifier: Apache-2.0 */
/* words.c: the sections of a SPIR-V module (SPIR-V Specification, section 2.4, "Logical Layout of a Module"). Types and
 * constants are found again by what they are, as the specification asks of types. */
#include <stdlib.h>
#include <string.h>

#include "target/spirv/spirv.h"

#define SPIRV_1_5 0x00010500u
#define MAGIC 0x07230203u

void spv_word(struct spv_words *words, uint32_t word) {
    words->items = cw_grow(words->items, words->count, &words->capacity, sizeof *words->items);
    words->items[words->count++] = word;
}

void spv_emit(struct spv_words *words, enum spv_op op, const uint32_t *operands, uint32_t count) {
    spv_word(words, (count + 1) << 16 | (uint32_t)op);
    for (uint32_t i = 0; i < count; i++) {
        spv_word(words, operands[i]);
    }
}

uint32_t spv_id(struct spv_module *module) {
    return module->next_id++;
}

uint32_t spv_result(struct spv_module *module, enum spv_op op, uint32_t type, const uint32_t *operands, uint32_t count) {
    uint32_t id = spv_id(module);
    spv_word(&module->body, (count + 3) << 16 | (uint32_t)op);
    spv_word(&module->body, type);
    spv_word(&module->body, id);
    for (uint32_t i = 0; i < count; i++) {
        spv_word(&module->body, operands[i]);
    }
    return id;
}

uint32_t spv_glsl(struct spv_module *module, uint32_t number, uint32_t type, const uint32_t *operands, uint32_t count) {
    uint32_t all[8] = {module->glsl, number};
    memcpy(all + 2, operands, count * sizeof *operands);
    return spv_result(module, SPV_ExtInst, type, all, count + 2);
}

uint32_t spv_non_private(const struct spv_module *module) {
    return module->abilities & SPV_ABILITY_PLAIN_MODEL ? 0 : SPV_NON_PRIVATE;
}

uint32_t spv_semantics(const struct spv_module *module, uint32_t semantics) {
    bool plain = module->abilities & SPV_ABILITY_PLAIN_MODEL;
    return plain ? semantics & ~(uint32_t)(SPV_MAKE_AVAILABLE | SPV_MAKE_VISIBLE) : semantics;
}

void spv_need(struct spv_module *module, enum spv_capability capability) {
    bool of_model = capability == SPV_CAP_MEMORY_MODEL || capability == SPV_CAP_MEMORY_MODEL_DEVICE;
    if (of_model && module->abilities & SPV_ABILITY_PLAIN_MODEL) {
        return;
    }
    for (uint32_t i = 0; i < module->capability_count; i++) {
        if (module->capabilities[i] == (uint32_t)capability) {
            return;
        }
    }
    module->capabilities[module->capability_count++] = (uint32_t)capability;
}

uint32_t spv_text(uint32_t *out, const char *text) {
    size_t length = strlen(text) + 1, words = (length + 3) / 4;
    memset(out, 0, words * sizeof *out);
    memcpy(out, text, length);
    return (uint32_t)words;
}

void spv_name(struct spv_module *module, uint32_t id, const char *name) {
    size_t room = strlen(name) / 4 + 2;
    uint32_t *operands = cw_alloc_array(room + 1, sizeof *operands);
    operands[0] = id;
    spv_emit(&module->names, SPV_Name, operands, 1 + spv_text(operands + 1, name));
    free(operands);
}

void spv_decorate(struct spv_module *module, uint32_t id, enum spv_decoration decoration, uint32_t operand) {
    if (decoration == SPV_DECORATION_BLOCK || decoration == SPV_DECORATION_NO_CONTRACTION) {
        SPV_EMIT(&module->decorations, SPV_Decorate, id, (uint32_t)decoration);
    } else {
        SPV_EMIT(&module->decorations, SPV_Decorate, id, (uint32_t)decoration, operand);
    }
}

/* ---- Things made once ----------------------------------------------------------------------------------------- */

/* The id of what `key` describes; *made tells that it is new, and to be written. */
static uint32_t known(struct spv_module *module, const uint32_t key[6], bool *made) {
    for (size_t i = 0; i < module->known_count; i++) {
        if (memcmp(module->known[i].key, key, sizeof module->known[i].key) == 0) {
            *made = false;
            return module->known[i].id;
        }
    }
    module->known = cw_grow(module->known, module->known_count, &module->known_capacity, sizeof *module->known);
    struct spv_known *row = &module->known[module->known_count++];
    memcpy(row->key, key, sizeof row->key);
    row->id = spv_id(module);
    *made = true;
    return row->id;
}

static uint32_t make_type(struct spv_module *module, enum spv_op op, const uint32_t *operands, uint32_t count) {
    uint32_t key[6] = {(uint32_t)op};
    for (uint32_t i = 0; i < count; i++) {
        key[1 + i] = operands[i];
    }
    bool made;
    uint32_t id = known(module, key, &made);
    if (made) {
        uint32_t words[6] = {id};
        for (uint32_t i = 0; i < count; i++) {
            words[1 + i] = operands[i];
        }
        spv_emit(&module->types, op, words, count + 1);
    }
    return id;
}

uint32_t spv_void(struct spv_module *module) {
    return make_type(module, SPV_TypeVoid, NULL, 0);
}

uint32_t spv_bool(struct spv_module *module) {
    return make_type(module, SPV_TypeBool, NULL, 0);
}

uint32_t spv_int(struct spv_module *module, unsigned bits) {
    if (bits != 32) {
        spv_need(module, bits == 8 ? SPV_CAP_INT8 : bits == 16 ? SPV_CAP_INT16 : SPV_CAP_INT64);
    }
    return make_type(module, SPV_TypeInt, (const uint32_t[]){bits, 0}, 2);
}

uint32_t spv_float(struct spv_module *module, unsigned bits) {
    if (bits != 32) {
        spv_need(module, bits == 16 ? SPV_CAP_FLOAT16 : SPV_CAP_FLOAT64);
    }
    return make_type(module, SPV_TypeFloat, (const uint32_t[]){bits}, 1);
}

uint32_t spv_vector(struct spv_module *module, uint32_t element, uint32_t count) {
    return make_type(module, SPV_TypeVector, (const uint32_t[]){element, count}, 2);
}

uint32_t spv_pair_type(struct spv_module *module, const uint32_t elements[2]) {
    return make_type(module, SPV_TypeStruct, elements, 2);
}

uint32_t spv_pointer(struct spv_module *module, enum spv_storage storage, uint32_t type) {
    return make_type(module, SPV_TypePointer, (const uint32_t[]){(uint32_t)storage, type}, 2);
}

/* Arrays in memory that has a layout have a stride, others none: they are different types. */
uint32_t spv_array(struct spv_module *module, uint32_t element, uint32_t length_id, uint32_t stride) {
    const uint32_t key[6] = {SPV_TypeArray, element, length_id, stride};
    bool made;
    uint32_t id = known(module, key, &made);
    if (made) {
        SPV_EMIT(&module->types, SPV_TypeArray, id, element, length_id);
        if (stride) {
            spv_decorate(module, id, SPV_DECORATION_ARRAY_STRIDE, stride);
        }
    }
    return id;
}

static uint32_t make_constant(struct spv_module *module, uint32_t type, unsigned bits, uint64_t pattern) {
    const uint32_t key[6] = {SPV_Constant, type, (uint32_t)pattern, (uint32_t)(pattern >> 32)};
    bool made;
    uint32_t id = known(module, key, &made);
    if (made && bits == 64) {
        SPV_EMIT(&module->types, SPV_Constant, type, id, (uint32_t)pattern, (uint32_t)(pattern >> 32));
    } else if (made) {
        SPV_EMIT(&module->types, SPV_Constant, type, id, (uint32_t)pattern);
    }
    return id;
}

uint32_t spv_constant(struct spv_module *module, unsigned bits, uint64_t value) {
    if (bits < 64) {
        value &= (UINT64_C(1) << bits) - 1;
    }
    return make_constant(module, spv_int(module, bits), bits, value);
}

uint32_t spv_float_constant(struct spv_module *module, unsigned bits, uint64_t pattern) {
    return make_constant(module, spv_float(module, bits), bits, pattern);
}

uint32_t spv_bool_constant(struct spv_module *module, bool value) {
    const uint32_t key[6] = {value ? SPV_ConstantTrue : SPV_ConstantFalse};
    bool made;
    uint32_t id = known(module, key, &made);
    if (made) {
        SPV_EMIT(&module->types, value ? SPV_ConstantTrue : SPV_ConstantFalse, spv_bool(module), id);
    }
    return id;
}

uint32_t spv_spec_constant(struct spv_module *module, uint32_t number, uint32_t value) {
    uint32_t type = spv_int(module, 32), id = spv_id(module);
    SPV_EMIT(&module->types, SPV_SpecConstant, type, id, value);
    spv_decorate(module, id, SPV_DECORATION_SPEC_ID, number);
    return id;
}

uint32_t spv_global_variable(struct spv_module *module, enum spv_storage storage, uint32_t type) {
    uint32_t pointer = spv_pointer(module, storage, type), id = spv_id(module);
    SPV_EMIT(&module->types, SPV_Variable, pointer, id, (uint32_t)storage);
    spv_word(&module->interface, id);
    return id;
}

uint32_t spv_builtin(struct spv_module *module, uint32_t number, uint32_t type) {
    uint32_t id = spv_global_variable(module, SPV_INPUT, type);
    spv_decorate(module, id, SPV_DECORATION_BUILTIN, number);
    return id;
}

/* Variables of a function stand in front of its first block: spv_finish puts them there. */
uint32_t spv_function_variable(struct spv_module *module, uint32_t type) {
    uint32_t pointer = spv_pointer(module, SPV_FUNCTION, type), id = spv_id(module);
    SPV_EMIT(&module->variables, SPV_Variable, pointer, id, SPV_FUNCTION);
    return id;
}

/* ---- The whole ------------------------------------------------------------------------------------------------ */

static void append(struct spv_words *out, const struct spv_words *part) {
    for (size_t i = 0; i < part->count; i++) {
        spv_word(out, part->items[i]);
    }
}

static void add_text(struct spv_words *out, enum spv_op op, const uint32_t *before, uint32_t count, const char *text,
                     const struct spv_words *behind) {
    uint32_t *operands = cw_alloc_array(count + strlen(text) / 4 + 2 + (behind ? behind->count : 0), sizeof *operands);
    if (count) {
        memcpy(operands, before, count * sizeof *operands);
    }
    uint32_t size = count + spv_text(operands + count, text);
    for (size_t i = 0; behind && i < behind->count; i++) {
        operands[size++] = behind->items[i];
    }
    spv_emit(out, op, operands, size);
    free(operands);
}

void spv_finish(struct spv_module *module, const char *entry_name, uint32_t function, struct spv_words *out) {
    static const uint32_t local_size_id = 38, compute = 5;
    const uint32_t header[5] = {MAGIC, SPIRV_1_5, 0, module->next_id, 0};
    for (size_t i = 0; i < 5; i++) {
        spv_word(out, header[i]);
    }
    for (uint32_t i = 0; i < module->capability_count; i++) {
        SPV_EMIT(out, SPV_Capability, module->capabilities[i]);
    }
    add_text(out, SPV_Extension, NULL, 0, "SPV_KHR_physical_storage_buffer", NULL);
    add_text(out, SPV_Extension, NULL, 0, "SPV_KHR_vulkan_memory_model", NULL);
    if (module->uses_clock) {
        add_text(out, SPV_Extension, NULL, 0, "SPV_KHR_shader_clock", NULL);
    }
    if (module->uses_float_atomics) {
        add_text(out, SPV_Extension, NULL, 0, "SPV_EXT_shader_atomic_float_add", NULL);
    }
    add_text(out, SPV_ExtInstImport, &module->glsl, 1, "GLSL.std.450", NULL);
    /* PhysicalStorageBuffer64; GLSL450 or Vulkan. */
    SPV_EMIT(out, SPV_MemoryModel, SPV_PHYSICAL - 1, module->abilities & SPV_ABILITY_PLAIN_MODEL ? 1 : 3);
    const uint32_t entry[2] = {compute, function};
    add_text(out, SPV_EntryPoint, entry, 2, entry_name, &module->interface);
    (void)local_size_id;
    /* LocalSize is overridden by the constant that has the built-in WorkgroupSize. */
    SPV_EMIT(out, SPV_ExecutionMode, function, 17, 1, 1, 1);
    append(out, &module->names);
    append(out, &module->decorations);
    append(out, &module->types);
    append(out, &module->body);
}

void spv_module_fini(struct spv_module *module) {
    struct spv_words *sections[] = {&module->names, &module->decorations, &module->types, &module->variables, &module->body,
                                    &module->interface};
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        free(sections[i]->items);
    }
    free(module->known);
}
