/* SPDX-License-Identifier: Apache-2.0 */
/*
 * texture.c: reading texture and surface objects (PTX ISA 9.7.10, 9.7.11) by the waist's words. A texture is an object's handle in a
 * register; texture references are refused where they are declared.
 */
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

static bool place_of(struct cw_ptx_lowering *l, const struct cw_ptx_operand *operand, const struct kind *kind, enum cw_ptx_word type, struct place *place) {
    const struct cw_ptx_operand *object = &operand->items[0];
    if (operand->kind != CW_PTX_OPERAND_ADDRESS || operand->count != 2 || object->kind != CW_PTX_OPERAND_REGISTER) {
        cw_ptx_refuse(l, operand->span, "a texture with a sampler of its own, or a texture reference; use texture objects");
        return false;
    }
    const struct cw_ptx_operand *coordinates = &operand->items[1];
    unsigned first = kind->layered ? 1 : 0;
    place->object = cw_ptx_read(l, object, CW_PTX_B64);
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

static bool refuse_extras(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, unsigned from) {
    bool half = i->types[0] == CW_PTX_F16X2 || i->types[0] == CW_PTX_F16;
    if (!is_there(i, from) && !is_there(i, from + 1) && !half) return false;
    cw_ptx_refuse(l, i->span, "tex with offsets, with a depth to compare with, or with results of 16 bits");
    return true;
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
    if (whole && (level || grad)) {
        cw_ptx_refuse(l, i->span, "tex at whole coordinates of another level than the first");
        return;
    }
    if (whole) {
        LLVMValueRef arguments[] = {texel, place.object, number, place.at[0], place.at[1], kind.layered ? place.layer : place.at[2]};
        cw_ptx_word_call(l, CW_INTRINSIC_TEXTURE_FETCH, arguments, 6);
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
    write_channels(l, &i->operands[0], texel, l->i32, 4);
}

void cw_ptx_lower_tld4(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    struct kind kind;
    struct place place;
    if (!kind_of(l, i, &kind) || refuse_extras(l, i, 2) || !place_of(l, &i->operands[1], &kind, CW_PTX_F32, &place)) return;
    if (kind.number != 2) {
        cw_ptx_refuse(l, i->span, "tld4 of other textures than plain ones of two dimensions");
        return;
    }
    enum cw_ptx_word channel = cw_ptx_modifier(i, CW_PTX_SLOT_QUERY);
    uint32_t component = channel == CW_PTX_R ? 0 : channel == CW_PTX_G ? 1 : channel == CW_PTX_B ? 2 : 3;
    LLVMValueRef texel = channels(l);
    LLVMValueRef arguments[] = {texel, place.object, cw_ptx_i32(l, kind.number), place.at[0], place.at[1], cw_ptx_i32(l, component)};
    cw_ptx_word_call(l, CW_INTRINSIC_TEXTURE_GATHER, arguments, 6);
    write_channels(l, &i->operands[0], texel, l->i32, 4);
}

void cw_ptx_lower_txq(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    cw_ptx_refuse(l, i->span, "txq, asking a texture for its properties, is not supported; pass them to the kernel");
}

void cw_ptx_lower_suq(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    cw_ptx_refuse(l, i->span, "suq, asking a surface for its properties, is not supported; pass them to the kernel");
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

void cw_ptx_lower_sust(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef arguments[9], data = channels(l);
    if (i->form == CW_PTX_FORM_SUST_P) {
        cw_ptx_refuse(l, i->span, "sust.p, a store that converts to the surface's format, is not supported; sust.b is");
        return;
    }
    unsigned bytes = cw_ptx_type_bits(i->types[0]) / 8u;
    if (!surface_arguments(l, i, &i->operands[0], data, arguments)) return;
    for (unsigned n = 0; n < cw_ptx_vector_length(i); n++) {
        LLVMValueRef offset = cw_ptx_i32(l, n * bytes), value = cw_ptx_read(l, cw_ptx_element(&i->operands[1], n), i->types[0]);
        LLVMSetAlignment(LLVMBuildStore(l->builder, value, LLVMBuildInBoundsGEP2(l->builder, l->i8, data, &offset, 1, "")), bytes);
    }
    cw_ptx_word_call(l, CW_INTRINSIC_SURFACE_STORE, arguments, 9);
}
