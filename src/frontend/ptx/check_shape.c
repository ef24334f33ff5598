/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_shape.c: operands whose shape depends on modifiers: coordinates of textures and surfaces (PTX ISA 9.7.10, 9.7.11) and
 * fragments of matrices (9.7.14).
 */
#include <stdlib.h>
#include <string.h>

#include "frontend/ptx/parser.h"

/* ---- Textures and surfaces ----------------------------------------------------------------------------------- */

/* Elements of the coordinates; the last one of four may be padding. */
static unsigned coordinate_count(enum cw_ptx_word geometry) {
    switch (geometry) {
    case CW_PTX_1D:
        return 1;
    case CW_PTX_2D:
    case CW_PTX_A1D:
        return 2;
    default:
        return 4;
    }
}

/* The scalars of a vector, or one that stands alone; each a 32-bit register or a constant. */
static bool check_elements(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction,
                           struct cw_ptx_operand *operand, unsigned least, unsigned most, enum cw_ptx_word want) {
    cw_ptx_spread(parser, operand);
    bool is_vector = operand->kind == CW_PTX_OPERAND_VECTOR;
    unsigned count = is_vector ? operand->count : 1;
    if (count < least || count > most) {
        return cw_ptx_error(parser, operand->span, cw_ptx_section(instruction), "%u elements are wanted here, found %u",
                            most, count);
    }
    for (unsigned i = 0; i < count; i++) {
        struct cw_ptx_operand *item = is_vector ? &operand->items[i] : operand;
        if (item->kind == CW_PTX_OPERAND_SINK) {
            continue;
        }
        /* An array's index and a sample's number are integers whatever the coordinates are: only the width is checked. */
        bool constant = item->kind == CW_PTX_OPERAND_INTEGER || item->kind == CW_PTX_OPERAND_FLOAT;
        enum cw_ptx_word type =
            !constant && item->kind == CW_PTX_OPERAND_REGISTER && cw_ptx_type_bits(item->reg->symbol->type) == 32
                ? CW_PTX_B32
                : want;
        if (constant && item->kind == CW_PTX_OPERAND_INTEGER) {
            type = CW_PTX_B32;
        }
        if (!cw_ptx_check_scalar(parser, instruction, item, type, false, false)) {
            return false;
        }
    }
    return true;
}

/* A .texref, .samplerref or .surfref by name, or a register with a handle or the address of one. */
static bool check_handle(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction,
                         struct cw_ptx_operand *operand, enum cw_ptx_word want) {
    if (operand->kind == CW_PTX_OPERAND_SYMBOL && operand->symbol->kind == CW_PTX_SYMBOL_VARIABLE) {
        const struct cw_ptx_symbol *symbol = operand->symbol;
        bool old = symbol->space == CW_PTX_TEX && want == CW_PTX_TEXREF;
        bool query = want == CW_PTX_NONE && cw_ptx_type_kind(symbol->type) == CW_PTX_KIND_OPAQUE;
        /* A handle of 64 bits may be a parameter. */
        bool handle = symbol->space == CW_PTX_PARAM && cw_ptx_type_bits(symbol->type) == 64;
        if (symbol->type == want || old || query || handle) {
            return true;
        }
        return cw_ptx_error(parser, operand->span, cw_ptx_section(instruction), "'%.80s' is .%s, not .%s", symbol->name,
                            cw_ptx_word_text(symbol->type),
                            want == CW_PTX_NONE ? "texref, .samplerref or .surfref" : cw_ptx_word_text(want));
    }
    if (operand->kind == CW_PTX_OPERAND_REGISTER) {
        return cw_ptx_check_scalar(parser, instruction, operand, CW_PTX_U64, false, false);
    }
    if (operand->kind == CW_PTX_OPERAND_SYMBOL && cw_ptx_is_unknown(parser, operand->symbol)) {
        return cw_ptx_error(parser, operand->span, "4.4", "'%.80s' is not declared", operand->symbol->name);
    }
    return (operand->kind == CW_PTX_OPERAND_SYMBOL && parser->is_inline) ||
           cw_ptx_error(parser, operand->span, cw_ptx_section(instruction),
                        "a texture, sampler or surface is wanted here");
}

/* [texture, {x, y}], [texture, sampler, {x, y}], [surface, {x, y}] */
static bool check_coordinates(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction,
                              struct cw_ptx_operand *operand, bool surface) {
    if (operand->kind != CW_PTX_OPERAND_ADDRESS || operand->count < 2 || operand->count > (surface ? 2u : 3u)) {
        return cw_ptx_error(parser, operand->span, cw_ptx_section(instruction),
                            surface ? "[surface, {coordinates}] is wanted here"
                                    : "[texture, {coordinates}] or [texture, sampler, {coordinates}] is wanted here");
    }
    if (operand->offset != 0) {
        return cw_ptx_error(parser, operand->span, cw_ptx_section(instruction), "a texture or surface has no offset");
    }
    if (!check_handle(parser, instruction, &operand->items[0], surface ? CW_PTX_SURFREF : CW_PTX_TEXREF) ||
        (operand->count == 3 && !check_handle(parser, instruction, &operand->items[1], CW_PTX_SAMPLERREF))) {
        return false;
    }
    enum cw_ptx_word geometry = cw_ptx_modifier(instruction, CW_PTX_SLOT_GEOMETRY);
    unsigned count = coordinate_count(geometry);
    enum cw_ptx_word type = surface ? CW_PTX_B32 : (enum cw_ptx_word)instruction->types[1];
    return check_elements(parser, instruction, &operand->items[operand->count - 1], count == 4 ? 3 : count, count,
                          type);
}

static bool check_texels(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction,
                         struct cw_ptx_operand *operand, bool destination) {
    enum cw_ptx_word type = (enum cw_ptx_word)instruction->types[0];
    unsigned length = cw_ptx_vector_length(instruction);
    cw_ptx_spread(parser, operand);
    if (operand->kind != CW_PTX_OPERAND_VECTOR) {
        return length == 1 ? cw_ptx_check_scalar(parser, instruction, operand, type, destination, true)
                           : cw_ptx_error(parser, operand->span, cw_ptx_section(instruction),
                                          "a vector of %u elements is wanted here", length);
    }
    if (operand->count != length) {
        return cw_ptx_error(parser, operand->span, cw_ptx_section(instruction),
                            "a vector of %u elements is wanted here, found %u", length, operand->count);
    }
    for (uint32_t i = 0; i < operand->count; i++) {
        if (operand->items[i].kind == CW_PTX_OPERAND_SINK && destination) {
            continue;
        }
        if (!cw_ptx_check_scalar(parser, instruction, &operand->items[i], type, destination, true)) {
            return false;
        }
    }
    return true;
}

/* ---- Matrices ------------------------------------------------------------------------------------------------ */

struct fragment {
    unsigned count;        /* registers of each thread; 0: there is no such fragment */
    enum cw_ptx_word type; /* of each */
};

static void shape_sizes(enum cw_ptx_word shape, unsigned *m, unsigned *n, unsigned *k) {
    const char *p = cw_ptx_word_text(shape);
    unsigned *const sizes[3] = {m, n, k};
    *k = 0;
    for (unsigned i = 0; i < 3 && *p != '\0'; i++) {
        *sizes[i] = (unsigned)strtoul(p + 1, NULL, 10);
        for (p++; *p >= '0' && *p <= '9'; p++) {}
    }
}

/* `elements` scalars of a type, packed into registers. */
static struct fragment packed(unsigned elements, enum cw_ptx_word type) {
    unsigned bits = cw_ptx_type_bits(type);
    if (type == CW_PTX_F32 || type == CW_PTX_F64 || type == CW_PTX_S32) {
        return (struct fragment){elements, type};
    }
    if (type == CW_PTX_TF32) {
        return (struct fragment){elements, CW_PTX_B32};
    }
    return (struct fragment){elements * bits / 32, type == CW_PTX_F16 ? CW_PTX_F16X2 : CW_PTX_B32};
}

/* mma (9.7.14.5): a warp's 32 threads share the matrix; .m8n8k4 of f16 is done by four groups of eight threads. */
static struct fragment mma_fragment(const struct cw_ptx_instruction *instruction, char matrix) {
    unsigned m, n, k;
    bool sparse = instruction->form == CW_PTX_FORM_MMA_SP;
    shape_sizes(cw_ptx_modifier(instruction, CW_PTX_SLOT_SHAPE), &m, &n, &k);
    unsigned groups = m == 8 && k == 4 && instruction->types[1] == CW_PTX_F16 ? 4 : 1;
    switch (matrix) {
    case 'a':
        return packed(m * k * groups / 32 / (sparse ? 2 : 1), (enum cw_ptx_word)instruction->types[1]);
    case 'b':
        return packed(n * k * groups / 32, (enum cw_ptx_word)instruction->types[2]);
    case 'c':
        return packed(m * n * groups / 32, (enum cw_ptx_word)instruction->types[3]);
    default:
        return packed(m * n * groups / 32, (enum cw_ptx_word)instruction->types[0]);
    }
}

/* wmma (9.7.14.4): f16 fragments of A and B hold each element twice. */
static struct fragment wmma_fragment(enum cw_ptx_word shape, char matrix, enum cw_ptx_word type) {
    unsigned m, n, k;
    shape_sizes(shape, &m, &n, &k);
    if (matrix == 'c' || matrix == 'd') {
        bool legal = type == CW_PTX_F64   ? k == 4
                     : type == CW_PTX_F32 ? (k == 16 || (k == 8 && m == 16))
                     : type == CW_PTX_F16 ? k == 16
                                          : type == CW_PTX_S32 && k >= 16;
        return legal ? packed(m * n / 32, type) : (struct fragment){0, type};
    }
    unsigned elements = (matrix == 'a' ? m : n) * k / 32;
    switch (type) {
    case CW_PTX_F16:
        return k == 16 ? (struct fragment){8, CW_PTX_F16X2} : (struct fragment){0, type};
    case CW_PTX_BF16:
    case CW_PTX_U8:
    case CW_PTX_S8:
        return k == 16 ? packed(elements, type) : (struct fragment){0, type};
    case CW_PTX_TF32:
        return k == 8 ? packed(elements, type) : (struct fragment){0, type};
    case CW_PTX_F64:
        return k == 4 ? packed(elements, type) : (struct fragment){0, type};
    case CW_PTX_U4:
    case CW_PTX_S4:
        return k == 32 ? packed(elements, type) : (struct fragment){0, type};
    case CW_PTX_B1:
        return k == 128 ? packed(elements, type) : (struct fragment){0, type};
    default:
        return (struct fragment){0, type};
    }
}

static struct fragment fragment_of(const struct cw_ptx_instruction *instruction, unsigned index) {
    static const char order[] = {'d', 'a', 'b', 'c'};
    enum cw_ptx_word shape = cw_ptx_modifier(instruction, CW_PTX_SLOT_SHAPE),
                     query = cw_ptx_modifier(instruction, CW_PTX_SLOT_QUERY);
    switch (instruction->form) {
    case CW_PTX_FORM_WMMA_LOAD:
    case CW_PTX_FORM_WMMA_STORE:
        return wmma_fragment(shape, cw_ptx_word_text(query)[0], (enum cw_ptx_word)instruction->types[0]);
    case CW_PTX_FORM_WMMA_MMA_F16:
        return wmma_fragment(shape, order[index],
                             index == 0   ? (enum cw_ptx_word)instruction->types[0]
                             : index == 3 ? (enum cw_ptx_word)instruction->types[1]
                                          : CW_PTX_F16);
    case CW_PTX_FORM_WMMA_MMA:
    case CW_PTX_FORM_WMMA_MMA_B1:
        return wmma_fragment(shape, order[index], (enum cw_ptx_word)instruction->types[index]);
    case CW_PTX_FORM_LDMATRIX:
    case CW_PTX_FORM_STMATRIX: {
        enum cw_ptx_word number = cw_ptx_modifier(instruction, CW_PTX_SLOT_VECTOR);
        return (struct fragment){number == CW_PTX_X1 ? 1 : number == CW_PTX_X2 ? 2 : 4, CW_PTX_B32};
    }
    default:
        return mma_fragment(instruction, order[index]);
    }
}

static bool check_fragment(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction, unsigned index) {
    struct cw_ptx_operand *operand = &instruction->operands[index];
    struct fragment fragment = fragment_of(instruction, index);
    bool destination =
        index == 0 && instruction->form != CW_PTX_FORM_WMMA_STORE && instruction->form != CW_PTX_FORM_STMATRIX;
    if (fragment.count == 0) {
        return cw_ptx_error(parser, instruction->span, "9.7.14.1", "'%s' has no .%s with these types",
                            cw_ptx_opcode_text(instruction->opcode),
                            cw_ptx_word_text(cw_ptx_modifier(instruction, CW_PTX_SLOT_SHAPE)));
    }
    cw_ptx_spread(parser, operand);
    bool single = operand->kind == CW_PTX_OPERAND_REGISTER && fragment.count == 1;
    if (single) {
        return cw_ptx_check_scalar(parser, instruction, operand, fragment.type, destination, false);
    }
    if (operand->kind != CW_PTX_OPERAND_VECTOR || operand->count != fragment.count) {
        return cw_ptx_error(parser, operand->span, cw_ptx_section(instruction),
                            "a fragment of %u registers of .%s is wanted here", fragment.count,
                            cw_ptx_word_text(fragment.type));
    }
    for (uint32_t i = 0; i < operand->count; i++) {
        if (operand->items[i].kind == CW_PTX_OPERAND_SINK && destination) {
            continue;
        }
        if (!cw_ptx_check_scalar(parser, instruction, &operand->items[i], fragment.type, destination, false)) {
            return false;
        }
    }
    return true;
}

bool cw_ptx_check_shaped(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction, unsigned index,
                         char code) {
    struct cw_ptx_operand *operand = &instruction->operands[index];
    switch (code) {
    case 'V':
    case 'W':
        return check_texels(parser, instruction, operand, code == 'V');
    case 't':
    case 'z':
        return check_coordinates(parser, instruction, operand, code == 'z');
    case 'e':
        return check_elements(parser, instruction, operand, 1, 4, CW_PTX_B32);
    case 'n':
        if (operand->kind != CW_PTX_OPERAND_ADDRESS || operand->count != 1 || operand->offset != 0) {
            return cw_ptx_error(parser, operand->span, cw_ptx_section(instruction),
                                "a texture, sampler or surface in brackets is wanted here");
        }
        return check_handle(parser, instruction, &operand->items[0], CW_PTX_NONE);
    default:
        return check_fragment(parser, instruction, index);
    }
}
