/* SPDX-License-Identifier: Apache-2.0 */
/*
 * texture.c: reading texture and surface objects (PTX ISA 9.7.10, 9.7.11) by the waist's words. A texture is an object's handle in a
 * register, or a reference: a variable that holds one.
 */
#include "cudawasm/cw_backend.h"
#include "frontend/ptx/lower/state.h"

/* CUDA's number for the kind, and how many coordinates it has besides the layer. */
struct kind {
    uint32_t number;
    unsigned dimensions;
    bool layered;
};

static bool kind_of(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, struct kind *kind) {
    switch (cw_ptx_modifier(i, CW_PTX_SLOT_GEOMETRY)) {
    case CW_PTX_1D: *kind = (struct kind){1, 1, false}; return true;
    case CW_PTX_2D: *kind = (struct kind){2, 2, false}; return true;
    case CW_PTX_3D: *kind = (struct kind){3, 3, false}; return true;
    case CW_PTX_CUBE: *kind = (struct kind){12, 3, false}; return true;
    case CW_PTX_A1D: *kind = (struct kind){241, 1, true}; return true;
    case CW_PTX_A2D: *kind = (struct kind){242, 2, true}; return true;
    case CW_PTX_ACUBE: *kind = (struct kind){252, 3, true}; return true;
    default: cw_ptx_refuse(l, i->span, "textures of several samples a texel are not supported"); return false;
    }
}

struct place {
    LLVMValueRef object, layer, at[3]; /* what the kind doesn't have is 0 */
};

/* The handle: in a register, or what a reference or a parameter holds. NULL when it is neither. */
static LLVMValueRef handle_of(struct cw_ptx_lowering *l, const struct cw_ptx_operand *object) {
    if (object->kind == CW_PTX_OPERAND_REGISTER) return cw_ptx_read(l, object, CW_PTX_B64);
    if (object->kind != CW_PTX_OPERAND_SYMBOL || object->symbol->kind != CW_PTX_SYMBOL_VARIABLE) return NULL;
    bool reference = object->symbol->type == CW_PTX_TEXREF || object->symbol->type == CW_PTX_SURFREF || object->symbol->space == CW_PTX_TEX;
    if (!reference && object->symbol->space != CW_PTX_PARAM) return NULL;
    return LLVMBuildLoad2(l->builder, l->i64, cw_ptx_symbol_pointer(l, object->symbol), "");
}

static bool place_of(struct cw_ptx_lowering *l, const struct cw_ptx_operand *operand, const struct kind *kind, enum cw_ptx_word type, struct place *place) {
    const struct cw_ptx_operand *object = &operand->items[0];
    place->object = operand->kind == CW_PTX_OPERAND_ADDRESS && operand->count == 2 ? handle_of(l, object) : NULL;
    if (!place->object) {
        cw_ptx_refuse(l, operand->span, "a texture with a sampler of its own; use texture objects");
        return false;
    }
    const struct cw_ptx_operand *coordinates = &operand->items[1];
    unsigned first = kind->layered ? 1 : 0;
    place->layer = kind->layered ? cw_ptx_read(l, cw_ptx_element(coordinates, 0), CW_PTX_B32) : LLVMConstNull(l->i32);
    for (unsigned n = 0; n < 3; n++)
        place->at[n] = n < kind->dimensions ? cw_ptx_read(l, cw_ptx_element(coordinates, n + first), type) : LLVMConstNull(cw_ptx_type(l, type));
    return true;
}

static LLVMValueRef channels(struct cw_ptx_lowering *l) {
    return cw_ptx_variable(l, LLVMArrayType2(l->i32, 4), 16, false, "texel");
}

static void write_channels(struct cw_ptx_lowering *l, const struct cw_ptx_operand *operand, LLVMValueRef texel, LLVMTypeRef type, unsigned bytes) {
    LLVMValueRef values[4];
    unsigned count = cw_ptx_element_count(operand);
    for (unsigned n = 0; n < count && n < 4; n++) {
        LLVMValueRef offset = cw_ptx_i32(l, n * bytes);
        values[n] = LLVMBuildLoad2(l->builder, type, LLVMBuildInBoundsGEP2(l->builder, l->i8, texel, &offset, 1, ""), "");
        LLVMSetAlignment(values[n], bytes);
    }
    for (unsigned n = 0; n < count && n < 4; n++) cw_ptx_write(l, cw_ptx_element(operand, n), values[n], false);
    cw_ptx_write_second(l, operand, LLVMConstAllOnes(l->i1)); /* every texel is there */
}

static bool is_there(const struct cw_ptx_instruction *i, unsigned n) {
    return n < i->operand_count && i->operands[n].kind != CW_PTX_OPERAND_NONE;
}

/* Offsets in texels and depths to compare with are OpenGL's and Direct3D's: CUDA's textures have no depth formats. */
static bool refuse_extras(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, unsigned from) {
    if (!is_there(i, from) && !is_there(i, from + 1)) return false;
    cw_ptx_refuse(l, i->span, "%s with an offset, or with a depth to compare with, which CUDA's textures don't have", i->opcode == CW_PTX_OP_TEX ? "tex" : "tld4");
    return true;
}

/* Results of 16 bits are the channels as halves: four of them, or two registers of two (PTX ISA 9.7.10.3). */
static void write_halves(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, LLVMValueRef texel) {
    bool pairs = i->types[0] == CW_PTX_F16X2;
    LLVMValueRef halves[4];
    for (unsigned n = 0; n < 4; n++) {
        LLVMValueRef offset = cw_ptx_i32(l, n * 4);
        LLVMValueRef channel = LLVMBuildLoad2(l->builder, l->f32, LLVMBuildInBoundsGEP2(l->builder, l->i8, texel, &offset, 1, ""), "");
        halves[n] = LLVMBuildBitCast(l->builder, LLVMBuildFPTrunc(l->builder, channel, l->f16, ""), l->i16, "");
    }
    unsigned count = cw_ptx_element_count(&i->operands[0]);
    for (unsigned n = 0; n < count && n < (pairs ? 2u : 4u); n++) {
        LLVMValueRef value = halves[n];
        if (pairs) {
            LLVMValueRef high = LLVMBuildShl(l->builder, cw_ptx_resize(l, halves[2 * n + 1], 32, false), cw_ptx_i32(l, 16), "");
            value = LLVMBuildOr(l->builder, high, cw_ptx_resize(l, halves[2 * n], 32, false), "");
        }
        cw_ptx_write(l, cw_ptx_element(&i->operands[0], n), value, false);
    }
    cw_ptx_write_second(l, &i->operands[0], LLVMConstAllOnes(l->i1));
}

/* The derivatives along one axis: three numbers. */
static void gradient(struct cw_ptx_lowering *l, const struct cw_ptx_operand *operand, unsigned dimensions, LLVMValueRef *out) {
    for (unsigned n = 0; n < 3; n++)
        out[n] = n < dimensions ? cw_ptx_read(l, cw_ptx_element(operand, n), CW_PTX_F32) : LLVMConstNull(l->f32);
}

void cw_ptx_lower_tex(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    struct kind kind;
    struct place place;
    bool level = i->form == CW_PTX_FORM_TEX_LEVEL, grad = i->form == CW_PTX_FORM_TEX_GRAD, whole = i->types[1] == CW_PTX_S32;
    if (!kind_of(l, i, &kind) || refuse_extras(l, i, 2 + (level ? 1u : grad ? 2u : 0u)) || !place_of(l, &i->operands[1], &kind, i->types[1], &place)) return;
    LLVMValueRef texel = channels(l), number = cw_ptx_i32(l, kind.number);
    if (whole && grad) {
        cw_ptx_refuse(l, i->span, "tex.grad at whole coordinates");
        return;
    }
    if (whole) {
        LLVMValueRef arguments[7] = {texel, place.object, number, place.at[0], place.at[1], kind.layered ? place.layer : place.at[2]};
        if (level) arguments[6] = cw_ptx_read(l, &i->operands[2], CW_PTX_B32);
        cw_ptx_word_call(l, level ? CW_INTRINSIC_TEXTURE_FETCH_LEVEL : CW_INTRINSIC_TEXTURE_FETCH, arguments, level ? 7 : 6);
    } else {
        LLVMValueRef arguments[13] = {texel, place.object, number, place.at[0], place.at[1], place.at[2], place.layer};
        if (level) {
            arguments[7] = cw_ptx_read(l, &i->operands[2], CW_PTX_F32);
        } else if (grad) {
            gradient(l, &i->operands[2], kind.dimensions, &arguments[7]);
            gradient(l, &i->operands[3], kind.dimensions, &arguments[10]);
        }
        cw_ptx_word_call(l, level ? CW_INTRINSIC_TEXTURE_SAMPLE_LOD : grad ? CW_INTRINSIC_TEXTURE_SAMPLE_GRAD : CW_INTRINSIC_TEXTURE_SAMPLE, arguments,
                         level ? 8 : grad ? 13 : 7);
    }
    if (i->types[0] == CW_PTX_F16X2 || i->types[0] == CW_PTX_F16) write_halves(l, i, texel);
    else write_channels(l, &i->operands[0], texel, l->i32, 4);
}

void cw_ptx_lower_tld4(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    struct kind kind;
    struct place place;
    if (!kind_of(l, i, &kind) || refuse_extras(l, i, 2) || !place_of(l, &i->operands[1], &kind, CW_PTX_F32, &place)) return;
    enum cw_ptx_word channel = cw_ptx_modifier(i, CW_PTX_SLOT_QUERY);
    uint32_t component = channel == CW_PTX_R ? 0 : channel == CW_PTX_G ? 1 : channel == CW_PTX_B ? 2 : 3;
    LLVMValueRef texel = channels(l);
    LLVMValueRef arguments[] = {texel, place.object, cw_ptx_i32(l, kind.number), place.at[0], place.at[1], place.at[2], place.layer, cw_ptx_i32(l, component)};
    cw_ptx_word_call(l, CW_INTRINSIC_TEXTURE_GATHER, arguments, 8);
    write_channels(l, &i->operands[0], texel, l->i32, 4);
}

/* ---- Questions ---- */

static uint32_t question_of(const struct cw_ptx_instruction *i) {
    static const struct {
        enum cw_ptx_word word;
        enum cw_image_question question;
    } questions[] = {
        {CW_PTX_WIDTH, CW_IMAGE_WIDTH}, {CW_PTX_HEIGHT, CW_IMAGE_HEIGHT}, {CW_PTX_DEPTH, CW_IMAGE_DEPTH}, {CW_PTX_ARRAY_SIZE, CW_IMAGE_ARRAY_SIZE},
        {CW_PTX_NUM_MIPMAP_LEVELS, CW_IMAGE_LEVEL_COUNT}, {CW_PTX_NUM_SAMPLES, CW_IMAGE_SAMPLE_COUNT}, {CW_PTX_CHANNEL_DATA_TYPE, CW_IMAGE_CHANNEL_TYPE},
        {CW_PTX_CHANNEL_ORDER, CW_IMAGE_CHANNEL_ORDER}, {CW_PTX_NORMALIZED_COORDS, CW_IMAGE_NORMALIZED},
        {CW_PTX_FORCE_UNNORMALIZED_COORDS, CW_IMAGE_FORCE_UNNORMALIZED}, {CW_PTX_FILTER_MODE, CW_IMAGE_LINEAR}, {CW_PTX_ADDR_MODE_0, CW_IMAGE_ADDRESS_0},
        {CW_PTX_ADDR_MODE_1, CW_IMAGE_ADDRESS_1}, {CW_PTX_ADDR_MODE_2, CW_IMAGE_ADDRESS_2}, {CW_PTX_MEMORY_LAYOUT, CW_IMAGE_MEMORY_LAYOUT}};
    enum cw_ptx_word word = cw_ptx_modifier(i, CW_PTX_SLOT_QUERY);
    unsigned n = 0;
    while (questions[n].word != word) n++; /* the row has no others */
    return (uint32_t)questions[n].question;
}

/* The object in [a]. NULL, with a diagnostic, where it is none. */
static LLVMValueRef asked_object(struct cw_ptx_lowering *l, const struct cw_ptx_operand *operand) {
    const struct cw_ptx_operand *object = operand->kind == CW_PTX_OPERAND_ADDRESS ? &operand->items[0] : operand;
    LLVMValueRef handle = handle_of(l, object);
    if (!handle) cw_ptx_refuse(l, operand->span, "what is asked must be a texture or surface: an object, or a reference");
    return handle;
}

void cw_ptx_lower_txq(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef object = asked_object(l, &i->operands[1]);
    if (!object) return;
    LLVMValueRef arguments[] = {object, cw_ptx_i32(l, question_of(i)), cw_ptx_i32(l, 0)};
    if (i->form == CW_PTX_FORM_TXQ_LEVEL) arguments[2] = cw_ptx_read(l, &i->operands[2], CW_PTX_U32);
    cw_ptx_write(l, &i->operands[0], cw_ptx_word_call(l, CW_INTRINSIC_TEXTURE_QUERY, arguments, 3), false);
}

void cw_ptx_lower_suq(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef object = asked_object(l, &i->operands[1]);
    if (!object) return;
    LLVMValueRef arguments[] = {object, cw_ptx_i32(l, question_of(i))};
    cw_ptx_write(l, &i->operands[0], cw_ptx_word_call(l, CW_INTRINSIC_SURFACE_QUERY, arguments, 2), false);
}

/* A module has no texture, sampler or surface variables: no address is one's. */
void cw_ptx_lower_istypep(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    cw_ptx_write(l, &i->operands[0], LLVMConstNull(l->i1), false);
}

/* ---- Surfaces: x counts bytes ---- */

static uint32_t boundary_of(const struct cw_ptx_instruction *i) {
    enum cw_ptx_word wrap = cw_ptx_modifier(i, CW_PTX_SLOT_WRAP);
    return wrap == CW_PTX_ZERO ? 0 : wrap == CW_PTX_CLAMP ? 1 : 2;
}

static bool surface_arguments(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, const struct cw_ptx_operand *operand,
                              LLVMValueRef data, LLVMValueRef arguments[9]) {
    struct kind kind;
    struct place place;
    if (!kind_of(l, i, &kind) || !place_of(l, operand, &kind, CW_PTX_S32, &place)) return false;
    unsigned size = cw_ptx_type_bits(i->types[0]) / 8u * cw_ptx_vector_length(i);
    LLVMValueRef all[] = {data, place.object, cw_ptx_i32(l, kind.number), place.at[0], place.at[1], place.at[2], place.layer, cw_ptx_i32(l, size),
                          cw_ptx_i32(l, boundary_of(i))};
    for (unsigned n = 0; n < 9; n++) arguments[n] = all[n];
    return true;
}

void cw_ptx_lower_suld(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef arguments[9], data = channels(l);
    if (!surface_arguments(l, i, &i->operands[1], data, arguments)) return;
    cw_ptx_word_call(l, CW_INTRINSIC_SURFACE_LOAD, arguments, 9);
    write_channels(l, &i->operands[0], data, cw_ptx_type(l, i->types[0]), cw_ptx_type_bits(i->types[0]) / 8u);
}

/* The elements of a vector operand, of `bytes` each, side by side. */
static void put_channels(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, LLVMValueRef data, unsigned bytes) {
    for (unsigned n = 0; n < cw_ptx_vector_length(i); n++) {
        LLVMValueRef offset = cw_ptx_i32(l, n * bytes), value = cw_ptx_read(l, cw_ptx_element(&i->operands[1], n), i->types[0]);
        LLVMSetAlignment(LLVMBuildStore(l->builder, value, LLVMBuildInBoundsGEP2(l->builder, l->i8, data, &offset, 1, "")), bytes);
    }
}

/* sust.b stores bytes; sust.p converts channels to the surface's format, and x counts elements. */
void cw_ptx_lower_sust(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    bool formatted = i->form == CW_PTX_FORM_SUST_P;
    LLVMValueRef arguments[9], data = formatted ? cw_ptx_variable(l, LLVMArrayType2(l->i32, 4), 16, true, "channels") : channels(l);
    if (!surface_arguments(l, i, &i->operands[0], data, arguments)) return;
    put_channels(l, i, data, cw_ptx_type_bits(i->types[0]) / 8u);
    if (formatted) arguments[7] = arguments[8]; /* no size */
    cw_ptx_word_call(l, formatted ? CW_INTRINSIC_SURFACE_STORE_FORMAT : CW_INTRINSIC_SURFACE_STORE, arguments, formatted ? 8 : 9);
}

/* sured.b reduces at a byte, sured.p at an element (9.7.11.3). */
void cw_ptx_lower_sured(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    enum cw_ptx_word op = cw_ptx_modifier(i, CW_PTX_SLOT_OP);
    bool is_signed = cw_ptx_is_signed(i->types[0]);
    uint32_t operation = op == CW_PTX_ADD ? 0 : op == CW_PTX_MIN ? (is_signed ? 1 : 2) : op == CW_PTX_MAX ? (is_signed ? 3 : 4) : op == CW_PTX_AND ? 5 : 6;
    LLVMValueRef all[9];
    if (!surface_arguments(l, i, &i->operands[0], NULL, all)) return;
    LLVMValueRef value = cw_ptx_resize(l, cw_ptx_read(l, &i->operands[1], i->types[0]), 64, false);
    LLVMValueRef size = cw_ptx_modifier(i, CW_PTX_SLOT_QUERY) == CW_PTX_P ? cw_ptx_i32(l, 0) : all[7];
    LLVMValueRef arguments[] = {all[1], all[2], all[3], all[4], all[5], all[6], cw_ptx_i32(l, operation), size, all[8], value};
    cw_ptx_word_call(l, CW_INTRINSIC_SURFACE_REDUCE, arguments, 10);
}
