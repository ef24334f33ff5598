/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory.c: loads, stores and atomics.
 *
 * Every object is an array of 32-bit words: of f32 or i32 where all accesses agree, else of u32; of atomic<u32> if any access
 * is atomic, volatile, or a store of less than a word, since WGSL mixes no others with those on one variable, and a store
 * to a part of a word must leave what other threads do to its rest (it is an atomic exclusive or of the bits that change).
 * Float atomics and exchanges of parts are compare-and-exchange loops (helpers, one set an object).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target/wgsl/wgsl.h"

#include <llvm-c/Target.h>

typedef struct wgsl_expression expression;

bool wgsl_is_access(LLVMValueRef i) {
    LLVMOpcode opcode = LLVMGetInstructionOpcode(i);
    return opcode == LLVMLoad || opcode == LLVMStore || opcode == LLVMAtomicRMW || opcode == LLVMAtomicCmpXchg;
}

static LLVMValueRef address_of(LLVMValueRef i) {
    return LLVMGetOperand(i, LLVMIsAStoreInst(i) ? 1 : 0);
}

static LLVMTypeRef accessed_type(LLVMValueRef i) {
    if (LLVMIsALoadInst(i)) return LLVMTypeOf(i);
    return LLVMTypeOf(LLVMGetOperand(i, LLVMIsAStoreInst(i) ? 0 : 1));
}

/* Bytes of a scalar in memory. */
static unsigned size_of(struct wgsl_shader *shader, LLVMTypeRef type) {
    return (unsigned)LLVMStoreSizeOfType(shader->layout, type);
}

static void note(struct wgsl_shader *shader, uint32_t o, enum wgsl_type element, bool atomic, bool reads, bool writes) {
    struct wgsl_object *object = &shader->objects[o];
    object->used = true;
    object->atomic = object->atomic || atomic;
    object->read = object->read || reads;
    object->written = object->written || writes;
    if (!object->element_known) object->element = element;
    else if (object->element != element) object->element = WGSL_U32;
    object->element_known = true;
}

void wgsl_note_access(struct wgsl_function *f, LLVMValueRef i) {
    struct wgsl_shader *shader = f->shader;
    uint32_t root = wgsl_root(f, address_of(i));
    LLVMTypeRef type = accessed_type(i);
    LLVMOpcode opcode = LLVMGetInstructionOpcode(i);
    bool plain = opcode == LLVMLoad || opcode == LLVMStore;
    bool atomic = !plain || LLVMGetVolatile(i) || LLVMGetOrdering(i) != LLVMAtomicOrderingNotAtomic;
    enum wgsl_object_kind kind = shader->objects[root].kind;
    bool private = kind == WGSL_OBJECT_PRIVATE || kind == WGSL_OBJECT_PRIVATE_ALL || kind == WGSL_OBJECT_PARAMETERS;
    unsigned size = size_of(shader, type);
    bool part = size < 4 || (LLVMGetAlignment(i) < 4 && plain);
    if (opcode == LLVMStore && part) atomic = true;
    enum wgsl_type element = wgsl_type_of(f, LLVMIsALoadInst(i) ? i : LLVMGetOperand(i, LLVMIsAStoreInst(i) ? 0 : 1));
    if (element == WGSL_I32 && LLVMIsAStoreInst(i) && LLVMIsConstant(LLVMGetOperand(i, 0))) element = WGSL_I32;
    if (LLVMGetTypeKind(type) == LLVMIntegerTypeKind && element == WGSL_U32 && LLVMIsConstant(LLVMGetOperand(i, LLVMIsALoadInst(i) ? 0 : LLVMIsAStoreInst(i) ? 0 : 1)) &&
        shader->objects[root].element_known)
        element = shader->objects[root].element == WGSL_F32 ? WGSL_U32 : shader->objects[root].element;
    if (element == WGSL_F32X4 || element == WGSL_U32X4) {
        /* Four words, which other accesses say what they are. */
        if (kind == WGSL_OBJECT_SHARED) shader->objects[root].fours = true;
        element = element == WGSL_F32X4 ? WGSL_F32 : WGSL_U32;
    } else if (element == WGSL_U64 || element == WGSL_BOOL || size != 4 || LLVMGetTypeKind(type) == LLVMPointerTypeKind) element = WGSL_U32;
    if (kind == WGSL_OBJECT_HEAP || kind == WGSL_OBJECT_SHARED_ALL || kind == WGSL_OBJECT_PRIVATE_ALL || kind == WGSL_OBJECT_GENERIC) element = WGSL_U32;
    bool reads = opcode != LLVMStore, writes = opcode != LLVMLoad;
    note(shader, root, element, atomic && !private, reads, writes);
    if (kind == WGSL_OBJECT_GENERIC) {
        note(shader, shader->heap, WGSL_U32, atomic, reads, writes);
        if (shader->shared_merged && shader->objects[shader->shared_all].words) note(shader, shader->shared_all, WGSL_U32, atomic, reads, writes);
        if (shader->private_merged && shader->objects[shader->private_all].words) note(shader, shader->private_all, WGSL_U32, false, reads, writes);
    }
}

bool wgsl_in_fours(const struct wgsl_object *object) {
    return object->kind == WGSL_OBJECT_SHARED && object->fours && !object->atomic && object->words;
}

/* ---- Addresses ------------------------------------------------------------------------------------------------------ */

static expression sum(struct wgsl_function *f, expression total, expression term, bool *first) {
    if (*first) {
        *first = false;
        return term;
    }
    enum wgsl_type type = total.type == WGSL_I32 && term.type == WGSL_I32 && !wgsl_prefers_unsigned(total, term) ? WGSL_I32 : WGSL_U32;
    return wgsl_binary(f, type, WGSL_ADD, "+", wgsl_as(f, total, type), wgsl_as(f, term, type));
}

static expression scaled(struct wgsl_function *f, expression e, int64_t scale) {
    if (scale == 1) return e;
    if (scale > 0 && wgsl_prefers_unsigned(e, e)) e = wgsl_as(f, e, WGSL_U32);
    if (scale < 0 || scale > 0x7fffffff) e = wgsl_as(f, e, scale < 0 ? WGSL_I32 : WGSL_U32);
    return wgsl_binary(f, e.type, WGSL_MULTIPLY, "*", e, wgsl_integer(f, e.type, (uint64_t)scale));
}

static expression term_text(struct wgsl_function *f, LLVMValueRef value) {
    if (LLVMGetTypeKind(LLVMTypeOf(value)) == LLVMPointerTypeKind) {
        expression e = wgsl_expression_of(f, value);
        return e;
    }
    return wgsl_low(f, value);
}

static expression globals_base(struct wgsl_function *f) {
    return wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "launch.globals");
}

/* The sum of a place's parts, `unit` bytes each. */
static expression position(struct wgsl_function *f, const struct wgsl_place *place, unsigned unit) {
    bool first = true;
    expression total = wgsl_integer(f, WGSL_I32, 0);
    bool divides = unit == 1 || place->offset % unit == 0;
    unsigned odd = 0;
    for (uint32_t t = 0; t < place->count; t++)
        if (place->terms[t].scale % unit != 0) {
            if (place->terms[t].scale == 1 && LLVMGetTypeKind(LLVMTypeOf(place->terms[t].value)) == LLVMPointerTypeKind) odd++;
            else divides = false;
        }
    if (odd > 1) divides = false;
    unsigned shift = unit == 16 ? 4 : unit == 4 ? 2 : unit == 2 ? 1 : 0;
    if (!divides) {
        expression bytes = position(f, place, 1);
        return wgsl_make(f, WGSL_U32, WGSL_LOOSE, "%s >> %uu", wgsl_operand(f, wgsl_as(f, bytes, WGSL_U32), WGSL_UNARY), shift);
    }
    if (place->globals) {
        expression base = globals_base(f);
        if (shift) base = wgsl_make(f, WGSL_U32, WGSL_LOOSE, "%s >> %uu", base.text, shift);
        total = sum(f, total, base, &first);
    }
    for (uint32_t t = 0; t < place->count; t++) {
        const struct wgsl_term *term = &place->terms[t];
        expression e = term_text(f, term->value);
        if (unit > 1 && term->scale == 1) {
            e = wgsl_make(f, WGSL_U32, WGSL_LOOSE, "%s >> %uu", wgsl_operand(f, wgsl_as(f, e, WGSL_U32), WGSL_UNARY), shift);
            total = sum(f, total, wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "(%s)", e.text), &first);
            continue;
        }
        total = sum(f, total, scaled(f, e, term->scale / (int64_t)unit), &first);
    }
    int64_t constant = place->offset / (int64_t)unit;
    if (first) return wgsl_integer(f, WGSL_I32, (uint64_t)constant).text[0] == '-' || constant > 0x7fffffff ? wgsl_integer(f, WGSL_U32, (uint64_t)constant)
                                                                                   : wgsl_integer(f, WGSL_I32, (uint64_t)constant);
    if (constant > 0x7fffffff) total = wgsl_as(f, total, WGSL_U32);
    if (constant > 0) return wgsl_binary(f, total.type, WGSL_ADD, "+", total, wgsl_integer(f, total.type, (uint64_t)constant));
    if (constant < 0) return wgsl_binary(f, total.type, WGSL_ADD, "-", total, wgsl_integer(f, total.type, (uint64_t)-constant));
    return total;
}

expression wgsl_pointer(struct wgsl_function *f, LLVMValueRef pointer, bool relative) {
    struct wgsl_shader *shader = f->shader;
    const struct wgsl_value *info = wgsl_value_of(f, pointer);
    struct wgsl_place place;
    expression e;
    if (LLVMIsAFunction(pointer)) {
        wgsl_refuse(shader, NULL, "the address of the function '%s'", cw_value_name(pointer));
        return wgsl_integer(f, WGSL_U32, 0);
    }
    if (LLVMIsAConstantExpr(pointer) && LLVMGetConstOpcode(pointer) == LLVMIntToPtr) {
        LLVMValueRef number = LLVMGetOperand(pointer, 0);
        if (!LLVMIsAConstantInt(number)) wgsl_refuse(shader, NULL, "an address computed from another");
        return wgsl_integer(f, WGSL_U32, LLVMIsAConstantInt(number) ? LLVMConstIntGetZExtValue(number) : 0);
    }
    if (LLVMIsNull(pointer) || LLVMIsUndef(pointer) || LLVMIsPoison(pointer)) return wgsl_integer(f, WGSL_U32, 0);
    if (info && (info->variable != WGSL_NONE || LLVMIsALoadInst(pointer) || LLVMIsASelectInst(pointer) || LLVMIsACallInst(pointer) || LLVMIsAIntToPtrInst(pointer))) {
        place = (struct wgsl_place){.object = wgsl_root(f, pointer)};
        if (shader->objects[place.object].kind == WGSL_OBJECT_PARAMETER && LLVMIsALoadInst(pointer)) e = wgsl_integer(f, WGSL_U32, 0);
        else e = wgsl_as(f, wgsl_expression_of(f, pointer), WGSL_U32);
    } else {
        wgsl_trace(f, pointer, &place);
        e = wgsl_as(f, position(f, &place, 1), WGSL_U32);
    }
    if (relative) return e;
    uint32_t window = place.object == shader->shared_all ? 0xffff0000u : place.object == shader->private_all ? 0xfffe0000u : 0;
    if (window) e = wgsl_binary(f, WGSL_U32, WGSL_ADD, "+", e, wgsl_integer(f, WGSL_U32, window));
    return e;
}

/* ---- Words ---------------------------------------------------------------------------------------------------------- */

static const char *object_name(struct wgsl_function *f, uint32_t object) {
    return f->shader->objects[object].name;
}

/* The element of an array of vectors that holds word `index`. */
static const char *element_of_four(struct wgsl_function *f, const struct wgsl_object *object, expression index) {
    const char *word = wgsl_operand(f, wgsl_as(f, index, WGSL_U32), WGSL_UNARY);
    return wgsl_make(f, object->element, WGSL_PRIMARY, "%s[%s >> 2u][%s & 3u]", object->name, word, word).text;
}

/* The same where it is known which of the four it is: NULL where it isn't. */
static const char *member_of_four(struct wgsl_function *f, const struct wgsl_place *place, unsigned more) {
    const struct wgsl_object *object = &f->shader->objects[place->object];
    if (!wgsl_in_fours(object) || place->globals) return NULL;
    for (uint32_t t = 0; t < place->count; t++)
        if (place->terms[t].scale % 16 != 0) return NULL;
    struct wgsl_place four = *place;
    int64_t at = place->offset + (int64_t)more * 4;
    four.offset = at & ~15ll;
    return wgsl_make(f, object->element, WGSL_PRIMARY, "%s[%s].%c", object->name, position(f, &four, 16).text, "xyzw"[(at & 15) / 4]).text;
}

/* Word `index` (plus `more`) of the object. */
static expression read_word(struct wgsl_function *f, uint32_t o, expression index, unsigned more) {
    const struct wgsl_object *object = &f->shader->objects[o];
    if (more) index = wgsl_binary(f, index.type, WGSL_ADD, "+", index, wgsl_integer(f, index.type, more));
    if (object->kind == WGSL_OBJECT_GENERIC)
        return wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "%s(%s)", wgsl_generic_name(f->shader, "load"), wgsl_as(f, index, WGSL_U32).text);
    if (object->atomic) return wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "atomicLoad(&%s[%s])", object->name, index.text);
    if (wgsl_in_fours(object)) return wgsl_make(f, object->element, WGSL_PRIMARY, "%s", element_of_four(f, object, index));
    return wgsl_make(f, object->element, WGSL_PRIMARY, "%s[%s]", object->name, index.text);
}

static void write_word(struct wgsl_function *f, uint32_t o, expression index, unsigned more, expression value) {
    const struct wgsl_object *object = &f->shader->objects[o];
    if (more) index = wgsl_binary(f, index.type, WGSL_ADD, "+", index, wgsl_integer(f, index.type, more));
    if (object->kind == WGSL_OBJECT_GENERIC)
        wgsl_line(&f->lines, "%s(%s, %s);", wgsl_generic_name(f->shader, "store"), wgsl_as(f, index, WGSL_U32).text, wgsl_as(f, value, WGSL_U32).text);
    else if (object->atomic) wgsl_line(&f->lines, "atomicStore(&%s[%s], %s);", object->name, index.text, wgsl_as(f, value, WGSL_U32).text);
    else if (wgsl_in_fours(object)) wgsl_line(&f->lines, "%s = %s;", element_of_four(f, object, index), wgsl_as(f, value, object->element).text);
    else wgsl_line(&f->lines, "%s[%s] = %s;", object->name, index.text, wgsl_as(f, value, object->element).text);
}

/* Words from the place on: two at most. */
static void write_at(struct wgsl_function *f, const struct wgsl_place *place, unsigned more, expression index, expression value) {
    const struct wgsl_object *object = &f->shader->objects[place->object];
    const char *member = member_of_four(f, place, more);
    if (member) wgsl_line(&f->lines, "%s = %s;", member, wgsl_as(f, value, object->element).text);
    else write_word(f, place->object, index, object->kind == WGSL_OBJECT_GENERIC ? more * 4 : more, value);
}

/* A field of the parameters at a fixed offset: named after the parameter, with the type that it is read with. */
static expression parameter_word(struct wgsl_function *f, uint32_t offset, enum wgsl_type type) {
    struct wgsl_shader *shader = f->shader;
    uint32_t rest;
    const char *wish = wgsl_parameter_name(shader, offset, &rest);
    for (size_t i = 0; i < shader->field_count; i++) {
        struct wgsl_field *field = &shader->fields[i];
        if (field->offset == offset && (field->type == WGSL_U64) == (type == WGSL_U64)) return wgsl_make(f, field->type, WGSL_PRIMARY, "%s.%s", shader->params_name, field->name);
        if (field->type == WGSL_U64 && type != WGSL_U64 && (offset == field->offset || offset == field->offset + 4))
            return wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "%s.%s.%s", shader->params_name, field->name, offset == field->offset ? "x" : "y");
        if (type == WGSL_U64 && (field->offset == offset || field->offset == offset + 4)) {
            /* The other half, too, as words. */
            expression low = parameter_word(f, offset, WGSL_U32), high = parameter_word(f, offset + 4, WGSL_U32);
            return wgsl_make(f, WGSL_U64, WGSL_PRIMARY, "vec2<u32>(%s, %s)", wgsl_as(f, low, WGSL_U32).text, wgsl_as(f, high, WGSL_U32).text);
        }
    }
    if (type == WGSL_U64 && offset % 8 != 0) {
        expression low = parameter_word(f, offset, WGSL_U32), high = parameter_word(f, offset + 4, WGSL_U32);
        return wgsl_make(f, WGSL_U64, WGSL_PRIMARY, "vec2<u32>(%s, %s)", wgsl_as(f, low, WGSL_U32).text, wgsl_as(f, high, WGSL_U32).text);
    }
    shader->fields = cw_grow(shader->fields, shader->field_count, &shader->field_capacity, sizeof *shader->fields);
    const char *name = wgsl_clean(&shader->arena, wish);
    if (rest || !wish[0]) {
        char *other = wish[0] ? cw_format("%s_%u", name, rest) : cw_format("at_%u", offset);
        name = cw_arena_strdup(&shader->arena, other);
        free(other);
    }
    shader->fields[shader->field_count++] = (struct wgsl_field){offset, offset, type, name};
    return wgsl_make(f, type, WGSL_PRIMARY, "%s.%s", shader->params_name, name);
}

static expression read_at(struct wgsl_function *f, const struct wgsl_place *place, unsigned more, enum wgsl_type type) {
    struct wgsl_shader *shader = f->shader;
    if (place->object == shader->parameters) {
        if (!shader->words && place->count == 0) return parameter_word(f, (uint32_t)(place->offset + more * 4) & ~3u, type);
        struct wgsl_place plain = *place;
        expression bytes = wgsl_as(f, position(f, &plain, 1), WGSL_U32);
        if (more) bytes = wgsl_binary(f, WGSL_U32, WGSL_ADD, "+", bytes, wgsl_integer(f, WGSL_U32, more * 4));
        char helper[80];
        snprintf(helper, sizeof helper, "parameter_word@%s", shader->params_name);
        return wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "%s(%s)", wgsl_helper(shader, helper), bytes.text);
    }
    if (shader->objects[place->object].kind == WGSL_OBJECT_GENERIC) {
        expression bytes = wgsl_as(f, position(f, place, 1), WGSL_U32);
        return read_word(f, place->object, bytes, more * 4);
    }
    if (place->constant && shader->objects[place->object].kind == WGSL_OBJECT_HEAP) {
        struct wgsl_place within = *place;
        char helper[80];
        within.globals = false;
        within.offset += more * 4;
        const struct wgsl_object *heap = &shader->objects[place->object];
        snprintf(helper, sizeof helper, "%s@%s", heap->atomic ? "constant_word_atomic" : "constant_word", heap->name);
        wgsl_helper(shader, helper);
        return wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "constant_word(%s)", wgsl_as(f, position(f, &within, 4), WGSL_U32).text);
    }
    const char *member = member_of_four(f, place, more);
    if (member) return wgsl_make(f, shader->objects[place->object].element, WGSL_PRIMARY, "%s", member);
    return read_word(f, place->object, position(f, place, 4), more);
}

/* ---- Loads ---------------------------------------------------------------------------------------------------------- */

static expression cut_bytes(struct wgsl_function *f, expression word, const struct wgsl_place *place, unsigned size) {
    const char *mask = size == 1 ? "0xffu" : "0xffffu";
    word = wgsl_as(f, word, WGSL_U32);
    if (place->count == 0 && !place->globals) {
        unsigned shift = (unsigned)(place->offset & 3) * 8;
        if (!shift) return wgsl_make(f, WGSL_U32, WGSL_LOOSE, "%s & %s", wgsl_operand(f, word, WGSL_UNARY), mask);
        return wgsl_make(f, WGSL_U32, WGSL_LOOSE, "(%s >> %uu) & %s", wgsl_operand(f, word, WGSL_UNARY), shift, mask);
    }
    expression bytes = wgsl_as(f, position(f, place, 1), WGSL_U32);
    return wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "%s(%s, %s)", wgsl_helper(f->shader, size == 1 ? "byte_of" : "short_of"), word.text, bytes.text);
}

/* The value of LLVM type `type` from its bits. */
static expression typed(struct wgsl_function *f, expression bits, LLVMTypeRef type, enum wgsl_type want) {
    switch (LLVMGetTypeKind(type)) {
    case LLVMHalfTypeKind: return wgsl_make(f, WGSL_F32, WGSL_PRIMARY, "%s(%s)", wgsl_helper(f->shader, "half_of_bits"), wgsl_as(f, bits, WGSL_U32).text);
    case LLVMBFloatTypeKind: return wgsl_make(f, WGSL_F32, WGSL_PRIMARY, "bitcast<f32>(%s << 16u)", wgsl_operand(f, wgsl_as(f, bits, WGSL_U32), WGSL_UNARY));
    case LLVMIntegerTypeKind:
        if (LLVMGetIntTypeWidth(type) == 1) return wgsl_make(f, WGSL_BOOL, WGSL_LOOSE, "(%s & 1u) != 0u", wgsl_operand(f, wgsl_as(f, bits, WGSL_U32), WGSL_UNARY));
        return wgsl_as(f, bits, want);
    default: return wgsl_as(f, bits, want);
    }
}

/* Four words at once. */
static expression load_four(struct wgsl_function *f, const struct wgsl_place *place, enum wgsl_type want) {
    const struct wgsl_object *object = &f->shader->objects[place->object];
    enum wgsl_type element = want == WGSL_F32X4 ? WGSL_F32 : WGSL_U32;
    if (wgsl_in_fours(object)) {
        enum wgsl_type own = object->element == WGSL_F32 ? WGSL_F32X4 : WGSL_U32X4;
        struct wgsl_place four = *place;
        const char *index = position(f, &four, 16).text;
        if (own == want && object->element != WGSL_I32) return wgsl_make(f, want, WGSL_PRIMARY, "%s[%s]", object->name, index);
        return wgsl_make(f, want, WGSL_PRIMARY, "bitcast<%s>(%s[%s])", wgsl_type_name(want), object->name, index);
    }
    const char *words[4];
    for (unsigned w = 0; w < 4; w++) words[w] = wgsl_as(f, read_at(f, place, w, element), element).text;
    return wgsl_make(f, want, WGSL_PRIMARY, "%s(%s, %s, %s, %s)", wgsl_type_name(want), words[0], words[1], words[2], words[3]);
}

expression wgsl_load(struct wgsl_function *f, LLVMValueRef load) {
    struct wgsl_shader *shader = f->shader;
    LLVMTypeRef type = LLVMTypeOf(load);
    LLVMTypeKind kind = LLVMGetTypeKind(type);
    enum wgsl_type want = wgsl_type_of(f, load);
    struct wgsl_place place;
    if ((want == WGSL_F32X4 || want == WGSL_U32X4) && LLVMGetAlignment(load) >= 16) {
        wgsl_trace(f, LLVMGetOperand(load, 0), &place);
        return load_four(f, &place, want);
    }
    if (kind == LLVMStructTypeKind || kind == LLVMArrayTypeKind || kind == LLVMVectorTypeKind) {
        wgsl_refuse(shader, load, "a load of a whole %s", kind == LLVMVectorTypeKind ? "vector" : "structure");
        return wgsl_integer(f, WGSL_U32, 0);
    }
    wgsl_trace(f, LLVMGetOperand(load, 0), &place);
    unsigned size = size_of(shader, type);
    unsigned align = LLVMGetAlignment(load);
    if (size > 8 || (size > 4 && size < 8) || size == 3) {
        wgsl_refuse(shader, load, "a load of %u bytes", size);
        return wgsl_integer(f, want, 0);
    }
    if (size <= 2 && align >= size) {
        expression word;
        if (place.object == shader->parameters || shader->objects[place.object].kind == WGSL_OBJECT_GENERIC) {
            struct wgsl_place at = place;
            word = read_at(f, &at, 0, WGSL_U32);
        } else if (place.count == 0 && !place.globals) {
            struct wgsl_place at = place;
            at.offset &= ~3ll;
            word = read_at(f, &at, 0, WGSL_U32);
        } else {
            expression bytes = wgsl_as(f, position(f, &place, 1), WGSL_U32);
            word = read_word(f, place.object, wgsl_make(f, WGSL_U32, WGSL_LOOSE, "%s >> 2u", wgsl_operand(f, bytes, WGSL_UNARY)), 0);
        }
        return typed(f, cut_bytes(f, word, &place, size), type, want);
    }
    if (align < 4 && align < size) {
        /* Byte by byte. */
        struct cw_text text = {0};
        unsigned bytes = kind == LLVMPointerTypeKind || want != WGSL_U64 ? (size < 4 ? size : 4) : size;
        for (unsigned half = 0; half < (bytes + 3) / 4; half++) {
            if (half) cw_text_add(&text, ", ");
            for (unsigned b = half * 4; b < bytes && b < half * 4 + 4; b++) {
                struct wgsl_place at = place;
                at.offset += b;
                expression where = wgsl_as(f, position(f, &at, 1), WGSL_U32);
                expression word = shader->objects[place.object].kind == WGSL_OBJECT_GENERIC || place.object == shader->parameters
                                      ? read_at(f, &at, 0, WGSL_U32)
                                      : read_word(f, place.object, wgsl_make(f, WGSL_U32, WGSL_LOOSE, "%s >> 2u", wgsl_operand(f, where, WGSL_UNARY)), 0);
                cw_text_printf(&text, "%s(%s(%s, %s) << %uu)", b % 4 ? " | " : "", wgsl_helper(shader, "byte_of"), wgsl_as(f, word, WGSL_U32).text, where.text, b % 4 * 8);
            }
        }
        expression e = bytes > 4 ? wgsl_make(f, WGSL_U64, WGSL_PRIMARY, "vec2<u32>(%s)", cw_text_string(&text)) : wgsl_make(f, WGSL_U32, WGSL_LOOSE, "%s", cw_text_string(&text));
        cw_text_fini(&text);
        return typed(f, e, type, want);
    }
    if (size == 8 && want == WGSL_U64) {
        if (place.object == shader->parameters && place.count == 0 && !shader->words) return read_at(f, &place, 0, WGSL_U64);
        expression low = read_at(f, &place, 0, WGSL_U32), high = read_at(f, &place, 1, WGSL_U32);
        return wgsl_make(f, WGSL_U64, WGSL_PRIMARY, "vec2<u32>(%s, %s)", wgsl_as(f, low, WGSL_U32).text, wgsl_as(f, high, WGSL_U32).text);
    }
    expression word = read_at(f, &place, 0, want);
    if (word.type == WGSL_U64) word = wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "%s.x", wgsl_operand(f, word, WGSL_PRIMARY));
    return typed(f, word, type, want);
}

/* ---- Stores --------------------------------------------------------------------------------------------------------- */

/* The value as bits: u32, or vec2<u32>. */
static expression bits_of(struct wgsl_function *f, LLVMValueRef value) {
    LLVMTypeRef type = LLVMTypeOf(value);
    switch (LLVMGetTypeKind(type)) {
    case LLVMHalfTypeKind: return wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "%s(%s)", wgsl_helper(f->shader, "half_bits"), wgsl_expression_of(f, value).text);
    case LLVMBFloatTypeKind: return wgsl_make(f, WGSL_U32, WGSL_LOOSE, "bitcast<u32>(%s) >> 16u", wgsl_expression_of(f, value).text);
    case LLVMPointerTypeKind: return wgsl_pointer(f, value, false);
    default: return wgsl_expression_of(f, value);
    }
}

static expression byte_index(struct wgsl_function *f, const struct wgsl_place *place, unsigned more) {
    struct wgsl_place at = *place;
    at.offset += more;
    return wgsl_as(f, position(f, &at, 1), WGSL_U32);
}

static void store_part(struct wgsl_function *f, const struct wgsl_place *place, unsigned more, expression value, unsigned size) {
    struct wgsl_shader *shader = f->shader;
    const struct wgsl_object *object = &shader->objects[place->object];
    char helper[160];
    expression where = byte_index(f, place, more);
    if (object->kind == WGSL_OBJECT_GENERIC)
        wgsl_line(&f->lines, "%s(%s, %s);", wgsl_generic_name(shader, size == 1 ? "store_byte" : "store_short"), where.text, wgsl_as(f, value, WGSL_U32).text);
    else if (object->atomic) {
        /* One set of functions an object. */
        snprintf(helper, sizeof helper, "%s@%s", size == 1 ? "store_byte" : "store_short", object->name);
        wgsl_line(&f->lines, "%s(%s, %s);", wgsl_helper(shader, helper), where.text, wgsl_as(f, value, WGSL_U32).text);
    } else {
        expression word = wgsl_make(f, WGSL_U32, WGSL_LOOSE, "%s >> 2u", wgsl_operand(f, where, WGSL_UNARY));
        expression old = wgsl_as(f, read_word(f, place->object, word, 0), WGSL_U32);
        wgsl_line(&f->lines, "%s[%s] = %s;", object->name, word.text,
                  wgsl_as(f, wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "%s(%s, %s, %s)", wgsl_helper(shader, size == 1 ? "with_byte" : "with_short"), old.text, where.text,
                                       wgsl_as(f, value, WGSL_U32).text),
                          object->element)
                      .text);
    }
}

/* A value of its own name. */
static expression named(struct wgsl_function *f, const char *wish, expression e) {
    uint32_t variable = wgsl_variable_add(&f->lines, wgsl_name(f->shader, wish), wgsl_type_name(e.type));
    wgsl_assign(&f->lines, variable, e.text);
    return wgsl_make(f, e.type, WGSL_PRIMARY, "%s", f->lines.variables[variable].name);
}

/* A store of several statements names where it goes as often, and the first may change what the others would read for that: what is loaded
 * on the way is loaded before. `held` keeps what each term was known as. */
static void hold_terms(struct wgsl_function *f, const struct wgsl_place *place, uint32_t held[WGSL_TERMS_MAX]) {
    for (uint32_t t = 0; t < place->count; t++) {
        struct wgsl_value *info = wgsl_value_of(f, place->terms[t].value);
        held[t] = info ? info->variable : WGSL_NONE;
        if (!info || info->variable != WGSL_NONE) continue;
        expression e = wgsl_expression_of(f, place->terms[t].value);
        if (!strpbrk(e.text, "[(")) continue;
        uint32_t variable = wgsl_variable_add(&f->lines, wgsl_name(f->shader, "at"), wgsl_type_name(e.type));
        wgsl_assign(&f->lines, variable, e.text);
        info->variable = variable;
    }
}

static void release_terms(struct wgsl_function *f, const struct wgsl_place *place, const uint32_t held[WGSL_TERMS_MAX]) {
    for (uint32_t t = 0; t < place->count; t++) {
        struct wgsl_value *info = wgsl_value_of(f, place->terms[t].value);
        if (info) info->variable = held[t];
    }
}

static void store_parts(struct wgsl_function *f, LLVMValueRef store, const struct wgsl_place *place, expression bits, unsigned size, unsigned align);

void wgsl_store(struct wgsl_function *f, LLVMValueRef store) {
    struct wgsl_shader *shader = f->shader;
    LLVMValueRef value = LLVMGetOperand(store, 0);
    LLVMTypeRef type = LLVMTypeOf(value);
    LLVMTypeKind kind = LLVMGetTypeKind(type);
    if (kind == LLVMStructTypeKind || kind == LLVMArrayTypeKind || kind == LLVMVectorTypeKind) {
        wgsl_refuse(shader, store, "a store of a whole %s", kind == LLVMVectorTypeKind ? "vector" : "structure");
        return;
    }
    if (LLVMIsUndef(value) || LLVMIsPoison(value)) return;
    struct wgsl_place place;
    wgsl_trace(f, LLVMGetOperand(store, 1), &place);
    unsigned size = size_of(shader, type);
    unsigned align = LLVMGetAlignment(store);
    if (place.object == shader->parameters) {
        wgsl_refuse(shader, store, "a store to a parameter");
        return;
    }
    if (size > 8 || (size > 4 && size < 8) || size == 3) {
        wgsl_refuse(shader, store, "a store of %u bytes", size);
        return;
    }
    expression bits = bits_of(f, value);
    if (bits.type == WGSL_BOOL) bits = wgsl_as(f, bits, WGSL_U32);
    if (size <= 2 && align >= size) {
        store_part(f, &place, 0, bits, size);
        return;
    }
    if (kind == LLVMPointerTypeKind && size == 8) {
        bits = wgsl_make(f, WGSL_U64, WGSL_PRIMARY, "%s(%s)", wgsl_helper(shader, "pointer_bits"), bits.text);
    }
    bool generic = shader->objects[place.object].kind == WGSL_OBJECT_GENERIC;
    if (size == 8 || align < size) {
        uint32_t held[WGSL_TERMS_MAX];
        hold_terms(f, &place, held);
        store_parts(f, store, &place, bits, size, align);
        release_terms(f, &place, held);
        return;
    }
    write_at(f, &place, 0, generic ? byte_index(f, &place, 0) : position(f, &place, 4), bits);
}

/* In words, or byte by byte. */
static void store_parts(struct wgsl_function *f, LLVMValueRef store, const struct wgsl_place *place, expression bits, unsigned size, unsigned align) {
    struct wgsl_shader *shader = f->shader;
    bool generic = shader->objects[place->object].kind == WGSL_OBJECT_GENERIC;
    if (size == 8 && align >= 4 && LLVMIsConstant(LLVMGetOperand(store, 0))) {
        /* Its halves, as they are: naga 29 stops at members of constants that have a name. */
        expression index = generic ? byte_index(f, place, 0) : position(f, place, 4);
        const char *text = strchr(bits.text, '(');
        uint64_t number = 0;
        if (text && bits.type == WGSL_U64 && strncmp(bits.text, "vec2<u32>(", 10) == 0) {
            char *end;
            number = strtoull(text + 1, &end, 0);
            number |= strtoull(end + 3, NULL, 0) << 32;
            write_at(f, place, 0, index, wgsl_integer(f, WGSL_U32, number));
            write_at(f, place, 1, index, wgsl_integer(f, WGSL_U32, number >> 32));
            return;
        }
    }
    if (size == 8) {
        if (bits.type != WGSL_U64) bits = wgsl_make(f, WGSL_U64, WGSL_PRIMARY, "vec2<u32>(%s, 0u)", wgsl_as(f, bits, WGSL_U32).text);
        const char *text = named(f, "bits", bits).text;
        expression low = wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "%s.x", text), high = wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "%s.y", text);
        if (align < 4) {
            for (unsigned b = 0; b < 8; b++)
                store_part(f, place, b, wgsl_make(f, WGSL_U32, WGSL_LOOSE, "(%s >> %uu) & 0xffu", b < 4 ? low.text : high.text, b % 4 * 8), 1);
            return;
        }
        expression index = generic ? byte_index(f, place, 0) : position(f, place, 4);
        write_at(f, place, 0, index, low);
        write_at(f, place, 1, index, high);
        return;
    }
    bits = wgsl_as(f, bits, WGSL_U32);
    if (strpbrk(bits.text, "[(")) bits = named(f, "bits", bits);
    for (unsigned b = 0; b < size; b++)
        store_part(f, place, b, wgsl_make(f, WGSL_U32, WGSL_LOOSE, "(%s >> %uu) & 0xffu", wgsl_operand(f, bits, WGSL_UNARY), b * 8), 1);
}

/* ---- Atomics -------------------------------------------------------------------------------------------------------- */

static const char *native_operation(LLVMAtomicRMWBinOp operation) {
    switch (operation) {
    case LLVMAtomicRMWBinOpXchg: return "atomicExchange";
    case LLVMAtomicRMWBinOpAdd: return "atomicAdd";
    case LLVMAtomicRMWBinOpSub: return "atomicSub";
    case LLVMAtomicRMWBinOpAnd: return "atomicAnd";
    case LLVMAtomicRMWBinOpOr: return "atomicOr";
    case LLVMAtomicRMWBinOpXor: return "atomicXor";
    case LLVMAtomicRMWBinOpUMax: return "atomicMax";
    case LLVMAtomicRMWBinOpUMin: return "atomicMin";
    default: return NULL;
    }
}

static const char *looped_operation(LLVMAtomicRMWBinOp operation) {
    switch (operation) {
    case LLVMAtomicRMWBinOpMax: return "atomic_max_i32";
    case LLVMAtomicRMWBinOpMin: return "atomic_min_i32";
    case LLVMAtomicRMWBinOpFAdd: return "atomic_add_f32";
    case LLVMAtomicRMWBinOpFSub: return "atomic_sub_f32";
    case LLVMAtomicRMWBinOpFMax: return "atomic_max_f32";
    case LLVMAtomicRMWBinOpFMin: return "atomic_min_f32";
    case LLVMAtomicRMWBinOpUIncWrap: return "atomic_inc";
    case LLVMAtomicRMWBinOpUDecWrap: return "atomic_dec";
    case LLVMAtomicRMWBinOpNand: return "atomic_nand";
    default: return NULL;
    }
}

/* 64 bits whose old value nobody wants: word by word, a carry after its word. */
static const char *halved_operation(LLVMValueRef i) {
    if (!LLVMIsAAtomicRMWInst(i) || LLVMGetFirstUse(i) || LLVMGetTypeKind(LLVMTypeOf(i)) != LLVMIntegerTypeKind || LLVMGetIntTypeWidth(LLVMTypeOf(i)) != 64) return NULL;
    switch (LLVMGetAtomicRMWBinOp(i)) {
    case LLVMAtomicRMWBinOpAdd: return "atomic_add64";
    case LLVMAtomicRMWBinOpSub: return "atomic_sub64";
    case LLVMAtomicRMWBinOpAnd: return "atomic_and64";
    case LLVMAtomicRMWBinOpOr: return "atomic_or64";
    case LLVMAtomicRMWBinOpXor: return "atomic_xor64";
    default: return NULL;
    }
}

static bool refuse_width(struct wgsl_function *f, LLVMValueRef i, LLVMTypeRef type) {
    unsigned size = size_of(f->shader, type);
    if (size == 4) return false;
    wgsl_refuse(f->shader, i, "an atomic operation on %u bits%s", size * 8, size == 8 ? " that has a result or is no sum" : "");
    return true;
}

expression wgsl_atomic(struct wgsl_function *f, LLVMValueRef i) {
    struct wgsl_shader *shader = f->shader;
    struct wgsl_place place;
    LLVMTypeRef type = accessed_type(i);
    enum wgsl_type want = LLVMIsAAtomicRMWInst(i) ? wgsl_type_of(f, i) : WGSL_U32;
    wgsl_trace(f, LLVMGetOperand(i, 0), &place);
    const struct wgsl_object *object = &shader->objects[place.object];
    const char *halved = halved_operation(i);
    if (!halved && refuse_width(f, i, type)) return wgsl_integer(f, want == WGSL_VOID ? WGSL_U32 : want, 0);
    if (object->kind == WGSL_OBJECT_GENERIC || object->kind == WGSL_OBJECT_PRIVATE || object->kind == WGSL_OBJECT_PRIVATE_ALL) {
        wgsl_refuse(shader, i, "an atomic operation on memory that may be global, shared or local");
        return wgsl_integer(f, want, 0);
    }
    expression index = position(f, &place, 4);
    char helper[200];
    if (halved) {
        snprintf(helper, sizeof helper, "%s@%s", halved, object->name);
        expression wide = bits_of(f, LLVMGetOperand(i, 1));
        return wgsl_make(f, WGSL_VOID, WGSL_PRIMARY, "%s(%s, %s)", wgsl_helper(shader, helper), wgsl_as(f, index, WGSL_U32).text, wide.text);
    }
    if (LLVMIsAAtomicCmpXchgInst(i)) {
        snprintf(helper, sizeof helper, "compare_exchange@%s", object->name);
        return wgsl_make(f, WGSL_VOID, WGSL_PRIMARY, "%s(%s, %s, %s)", wgsl_helper(shader, helper), wgsl_as(f, index, WGSL_U32).text,
                         wgsl_as(f, bits_of(f, LLVMGetOperand(i, 1)), WGSL_U32).text, wgsl_as(f, bits_of(f, LLVMGetOperand(i, 2)), WGSL_U32).text);
    }
    LLVMAtomicRMWBinOp operation = LLVMGetAtomicRMWBinOp(i);
    expression value = bits_of(f, LLVMGetOperand(i, 1));
    const char *native = native_operation(operation);
    if (native) {
        expression e = wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "%s(&%s[%s], %s)", native, object_name(f, place.object), index.text, wgsl_as(f, value, WGSL_U32).text);
        return wgsl_as(f, e, want);
    }
    const char *looped = looped_operation(operation);
    if (!looped) {
        wgsl_refuse(shader, i, "this atomic operation");
        return wgsl_integer(f, want, 0);
    }
    snprintf(helper, sizeof helper, "%s@%s", looped, object->name);
    bool is_float = strstr(looped, "f32") != NULL, is_signed = strstr(looped, "i32") != NULL;
    enum wgsl_type own = is_float ? WGSL_F32 : is_signed ? WGSL_I32 : WGSL_U32;
    expression e = wgsl_make(f, own, WGSL_PRIMARY, "%s(%s, %s)", wgsl_helper(shader, helper), wgsl_as(f, index, WGSL_U32).text, wgsl_as(f, value, own).text);
    return wgsl_as(f, e, want);
}
