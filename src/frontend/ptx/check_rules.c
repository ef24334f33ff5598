/* SPDX-License-Identifier: Apache-2.0 */
/* check_rules.c: what the PTX ISA says of single instructions beyond their rows: which modifiers and types go together. */
#include <stdlib.h>
#include <string.h>

#include "frontend/ptx/parser.h"

static bool wrong(struct cw_ptx_parser *parser, const struct cw_ptx_instruction *instruction, const char *text) {
    return cw_ptx_error(parser, instruction->span, cw_ptx_section(instruction), "%s", text);
}

static enum cw_ptx_word type_of(const struct cw_ptx_instruction *instruction, unsigned index) {
    return (enum cw_ptx_word)instruction->types[index];
}

static bool is_float(enum cw_ptx_word type) {
    return cw_ptx_type_kind(type) == CW_PTX_KIND_FLOAT;
}

/* Comparisons by type: 9.3.1. */
static bool check_compare(struct cw_ptx_parser *parser, const struct cw_ptx_instruction *instruction,
                          enum cw_ptx_word type) {
    enum cw_ptx_word compare = cw_ptx_modifier(instruction, CW_PTX_SLOT_COMPARE);
    bool equality = compare == CW_PTX_EQ || compare == CW_PTX_NE;
    bool order = compare == CW_PTX_LT || compare == CW_PTX_LE || compare == CW_PTX_GT || compare == CW_PTX_GE;
    bool low = compare == CW_PTX_LO || compare == CW_PTX_LS || compare == CW_PTX_HI || compare == CW_PTX_HS;
    bool good;
    switch (cw_ptx_type_kind(type)) {
    case CW_PTX_KIND_BITS:
        good = equality;
        break;
    case CW_PTX_KIND_UNSIGNED:
        good = equality || order || low;
        break;
    case CW_PTX_KIND_SIGNED:
        good = equality || order;
        break;
    default:
        good = !low;
        break;
    }
    if (!good) {
        return cw_ptx_error(parser, instruction->span, "9.3.1", "'.%s' does not compare .%s", cw_ptx_word_text(compare),
                            cw_ptx_word_text(type));
    }
    bool half = type == CW_PTX_F16 || type == CW_PTX_F16X2;
    enum cw_ptx_word first = type_of(instruction, 0);
    bool brain = first == CW_PTX_BF16 || first == CW_PTX_BF16X2;
    if (cw_ptx_has(instruction, CW_PTX_FTZ) && ((type != CW_PTX_F32 && !half) || brain)) {
        return wrong(parser, instruction, ".ftz belongs to comparisons of .f32 and .f16");
    }
    if (cw_ptx_type_kind(first) == CW_PTX_KIND_PACKED && first != type) {
        return wrong(parser, instruction, "a packed result has the type of what is compared");
    }
    return true;
}

/* Spaces that have the L2 cache: .global, and generic addresses. */
static bool is_cached(enum cw_ptx_word space) {
    return space == CW_PTX_NONE || space == CW_PTX_GLOBAL;
}

/* .volatile, priorities and prefetches are for some spaces only. */
static bool check_hints(struct cw_ptx_parser *parser, const struct cw_ptx_instruction *instruction) {
    enum cw_ptx_word space = cw_ptx_modifier(instruction, CW_PTX_SLOT_SPACE);
    bool shared = space == CW_PTX_SHARED || space == CW_PTX_SHARED_CTA || space == CW_PTX_SHARED_CLUSTER;
    bool hints = cw_ptx_modifier(instruction, CW_PTX_SLOT_PREFETCH) != CW_PTX_NONE ||
                 cw_ptx_modifier(instruction, CW_PTX_SLOT_EVICT) != CW_PTX_NONE ||
                 cw_ptx_modifier(instruction, CW_PTX_SLOT_HINT) != CW_PTX_NONE;
    if (hints && !is_cached(space)) {
        return cw_ptx_error(parser, instruction->span, cw_ptx_section(instruction),
                            "hints to the caches belong to .global and generic addresses, not to .%s",
                            cw_ptx_word_text(space));
    }
    enum cw_ptx_word order = cw_ptx_modifier(instruction, CW_PTX_SLOT_ORDER);
    if (order != CW_PTX_NONE && order != CW_PTX_WEAK && !shared && !is_cached(space) &&
        !(space == CW_PTX_CONST && order == CW_PTX_VOLATILE)) {
        return cw_ptx_error(parser, instruction->span, cw_ptx_section(instruction), ".%s does not go with .%s",
                            cw_ptx_word_text(order), cw_ptx_word_text(space));
    }
    return true;
}

static bool check_atomic(struct cw_ptx_parser *parser, const struct cw_ptx_instruction *instruction) {
    enum cw_ptx_word type = type_of(instruction, 0), op = cw_ptx_modifier(instruction, CW_PTX_SLOT_OP);
    bool good;
    switch (op) {
    case CW_PTX_AND:
    case CW_PTX_OR:
    case CW_PTX_XOR:
    case CW_PTX_EXCH:
        good = cw_ptx_type_kind(type) == CW_PTX_KIND_BITS;
        break;
    case CW_PTX_ADD:
        good = type == CW_PTX_U32 || type == CW_PTX_U64 || type == CW_PTX_S32 || type == CW_PTX_S64 || is_float(type);
        break;
    case CW_PTX_INC:
    case CW_PTX_DEC:
        good = type == CW_PTX_U32;
        break;
    default:
        good = cw_ptx_type_kind(type) == CW_PTX_KIND_UNSIGNED || cw_ptx_type_kind(type) == CW_PTX_KIND_SIGNED;
        break;
    }
    if (!good) {
        return cw_ptx_error(parser, instruction->span, cw_ptx_section(instruction), "there is no atomic .%s of .%s",
                            cw_ptx_word_text(op), cw_ptx_word_text(type));
    }
    if (type == CW_PTX_F64 && !cw_ptx_requires(parser, instruction->span, cw_ptx_section(instruction),
                                               "an atomic addition of .f64", 50, 60)) {
        return false;
    }
    return check_hints(parser, instruction);
}

/* Which operations cp.reduce.async.bulk has of which types (9.7.9.25.4.2). */
static bool check_bulk_reduction(struct cw_ptx_parser *parser, const struct cw_ptx_instruction *instruction) {
    enum cw_ptx_word type = type_of(instruction, 0), op = cw_ptx_modifier(instruction, CW_PTX_SLOT_OP);
    bool bits = cw_ptx_type_kind(type) == CW_PTX_KIND_BITS, half = type == CW_PTX_F16 || type == CW_PTX_BF16, good;
    switch (op) {
    case CW_PTX_AND:
    case CW_PTX_OR:
    case CW_PTX_XOR:
        good = bits;
        break;
    case CW_PTX_INC:
    case CW_PTX_DEC:
        good = type == CW_PTX_U32;
        break;
    case CW_PTX_ADD:
        good = !bits;
        break;
    default:
        good = !bits && (half || !is_float(type));
        break;
    }
    if (!good) {
        return cw_ptx_error(parser, instruction->span, cw_ptx_section(instruction), "there is no bulk reduction .%s of .%s",
                            cw_ptx_word_text(op), cw_ptx_word_text(type));
    }
    return (half && op == CW_PTX_ADD) == cw_ptx_has(instruction, CW_PTX_NOFTZ) ||
           wrong(parser, instruction, "sums of .f16 and .bf16, and only those, say .noftz");
}

/* .ca and its like exclude eviction priorities; a vector has 128 bits. */
static bool check_access(struct cw_ptx_parser *parser, const struct cw_ptx_instruction *instruction,
                         struct cw_ptx_operand *address) {
    unsigned bits = cw_ptx_type_bits(type_of(instruction, 0)) * cw_ptx_vector_length(instruction);
    if (cw_ptx_modifier(instruction, CW_PTX_SLOT_CACHE) != CW_PTX_NONE &&
        cw_ptx_modifier(instruction, CW_PTX_SLOT_EVICT) != CW_PTX_NONE) {
        return wrong(parser, instruction, "a cache operator and an eviction priority exclude each other");
    }
    if (!check_hints(parser, instruction)) {
        return false;
    }
    if (bits > (parser->module->sm >= 100 ? 256u : 128u)) {
        return cw_ptx_error(parser, instruction->span, "5.4.2",
                            "one access has at most 128 bits on targets up to sm_90, this one has %u", bits);
    }
    if (type_of(instruction, 0) == CW_PTX_B128 &&
        !cw_ptx_requires(parser, instruction->span, cw_ptx_section(instruction), "an access of .b128", 83, 70)) {
        return false;
    }
    const struct cw_ptx_operand *base = address->count > 0 ? &address->items[0] : NULL;
    bool store = instruction->opcode == CW_PTX_OP_ST;
    if (store && base != NULL && base->kind == CW_PTX_OPERAND_SYMBOL && base->symbol->kind == CW_PTX_SYMBOL_VARIABLE &&
        base->symbol->parameter && parser->function != NULL && parser->function->entry) {
        return cw_ptx_error(parser, base->span, "5.1.6.1", "'%.80s' is a kernel's parameter and can't be written",
                            base->symbol->name);
    }
    return true;
}

/* Which roundings cvt needs and takes (9.7.9.21). */
static bool check_convert(struct cw_ptx_parser *parser, const struct cw_ptx_instruction *instruction) {
    enum cw_ptx_word to = type_of(instruction, 0), from = type_of(instruction, 1),
                     round = cw_ptx_modifier(instruction, CW_PTX_SLOT_ROUND);
    bool to_float = is_float(to), from_float = is_float(from);
    unsigned to_bits = cw_ptx_type_bits(to), from_bits = cw_ptx_type_bits(from);
    bool whole = round == CW_PTX_RNI || round == CW_PTX_RZI || round == CW_PTX_RMI || round == CW_PTX_RPI;
    bool rounds = round != CW_PTX_NONE;
    if (to == CW_PTX_BF16 || from == CW_PTX_BF16) {
        bool single = to == CW_PTX_F32 || from == CW_PTX_F32;
        if (!cw_ptx_requires(parser, instruction->span, "9.7.9.21", "this conversion of .bf16", single ? 70 : 78,
                             single ? 80 : 90)) {
            return false;
        }
    }
    if (cw_ptx_has(instruction, CW_PTX_FTZ) && to != CW_PTX_F32 && from != CW_PTX_F32) {
        return wrong(parser, instruction, ".ftz belongs to conversions from or to .f32");
    }
    if (!to_float && !from_float) {
        bool to_signed = cw_ptx_type_kind(to) == CW_PTX_KIND_SIGNED,
             from_signed = cw_ptx_type_kind(from) == CW_PTX_KIND_SIGNED;
        bool fits = to_signed == from_signed ? to_bits >= from_bits : to_signed && to_bits > from_bits;
        if (fits && cw_ptx_has(instruction, CW_PTX_SAT)) {
            return wrong(parser, instruction, ".sat has nothing to do: every value fits");
        }
        return !rounds || wrong(parser, instruction, "a conversion between integers has no rounding");
    }
    if (!to_float) {
        if (!rounds) {
            return wrong(parser, instruction, "a conversion to an integer needs one of .rni, .rzi, .rmi, .rpi");
        }
        return whole || wrong(parser, instruction, "a conversion to an integer rounds with .rni, .rzi, .rmi or .rpi");
    }
    if (!from_float || from_bits > to_bits || (from_bits == to_bits && from != to)) {
        if (!rounds) {
            return wrong(parser, instruction, "this conversion needs one of .rn, .rz, .rm, .rp");
        }
        return !whole || wrong(parser, instruction, "this conversion rounds with .rn, .rz, .rm or .rp");
    }
    if (from == to) {
        return !rounds || whole ||
               wrong(parser, instruction, "between two operands of one type only .rni, .rzi, .rmi or .rpi round");
    }
    return !rounds || wrong(parser, instruction, "a conversion to a wider type is exact and has no rounding");
}

static bool check_barrier(struct cw_ptx_parser *parser, const struct cw_ptx_instruction *instruction) {
    unsigned first = instruction->form == CW_PTX_FORM_BAR_RED || instruction->form == CW_PTX_FORM_BAR_RED_POPC ||
                     instruction->form == CW_PTX_FORM_BARRIER_RED || instruction->form == CW_PTX_FORM_BARRIER_RED_POPC;
    const struct cw_ptx_operand *id = &instruction->operands[first], *count = &instruction->operands[first + 1];
    if (id->kind == CW_PTX_OPERAND_INTEGER && id->bits > 15) {
        return cw_ptx_error(parser, id->span, "9.7.13.1", "a block has barriers 0 to 15");
    }
    if (count->kind == CW_PTX_OPERAND_INTEGER && count->bits % 32 != 0) {
        return cw_ptx_error(parser, count->span, "9.7.13.1", "the number of threads at a barrier is a multiple of 32");
    }
    return true;
}

/* Threads of a warp may diverge since sm_70: what has no mask is gone there (PTX ISA 6.4). */
static bool check_without_mask(struct cw_ptx_parser *parser, const struct cw_ptx_instruction *instruction) {
    const char *mnemonic = cw_ptx_opcode_text(instruction->opcode);
    if (parser->module->isa >= 64 && parser->module->sm >= 70) {
        return cw_ptx_error(parser, instruction->span, cw_ptx_section(instruction),
                            "'%s' without .sync is not there on sm_70 and newer", mnemonic);
    }
    if (parser->module->isa >= 60) {
        cw_ptx_warn(parser, instruction->span, cw_ptx_section(instruction), "'%s' without .sync is deprecated",
                    mnemonic);
    }
    return true;
}

static bool check_copy(struct cw_ptx_parser *parser, const struct cw_ptx_instruction *instruction) {
    const struct cw_ptx_operand *size = &instruction->operands[2];
    bool through = cw_ptx_has(instruction, CW_PTX_CG);
    if (size->bits != 16 && (through || (size->bits != 4 && size->bits != 8))) {
        return cw_ptx_error(parser, size->span, cw_ptx_section(instruction),
                            through ? "cp.async.cg copies 16 bytes" : "cp.async.ca copies 4, 8 or 16 bytes");
    }
    return true;
}

/* .release and its like come with a scope, and scopes with them; another block's barrier gives no state (9.7.13.15). */
static bool check_mbarrier(struct cw_ptx_parser *parser, const struct cw_ptx_instruction *instruction) {
    bool order = cw_ptx_modifier(instruction, CW_PTX_SLOT_ORDER) != CW_PTX_NONE,
         scope = cw_ptx_modifier(instruction, CW_PTX_SLOT_SCOPE) != CW_PTX_NONE;
    if (order != scope) {
        return wrong(parser, instruction,
                     order ? "the order needs a scope, .cta or .cluster"
                           : "the scope needs an order: .release, .acquire or .relaxed");
    }
    bool arrives = instruction->form == CW_PTX_FORM_MBARRIER_ARRIVE || instruction->form == CW_PTX_FORM_MBARRIER_ARRIVE_EXPECT_TX ||
                   instruction->form == CW_PTX_FORM_MBARRIER_ARRIVE_DROP ||
                   instruction->form == CW_PTX_FORM_MBARRIER_ARRIVE_DROP_EXPECT_TX;
    if (arrives && cw_ptx_modifier(instruction, CW_PTX_SLOT_SPACE) == CW_PTX_SHARED_CLUSTER &&
        instruction->operands[0].kind != CW_PTX_OPERAND_SINK) {
        return cw_ptx_error(parser, instruction->operands[0].span, cw_ptx_section(instruction),
                            "an arrival in .shared::cluster gives no state: the result is _");
    }
    return true;
}

static bool expect_value(struct cw_ptx_parser *parser, const struct cw_ptx_instruction *instruction, unsigned index,
                         uint64_t least, uint64_t most, uint64_t step) {
    const struct cw_ptx_operand *operand = &instruction->operands[index];
    if (operand->kind != CW_PTX_OPERAND_INTEGER ||
        (operand->bits >= least && operand->bits <= most && operand->bits % step == 0)) {
        return true;
    }
    if (least == most) {
        return cw_ptx_error(parser, operand->span, cw_ptx_section(instruction), "this must be %llu",
                            (unsigned long long)least);
    }
    return cw_ptx_error(parser, operand->span, cw_ptx_section(instruction), "this must be from %llu to %llu%s",
                        (unsigned long long)least, (unsigned long long)most, step == 8 ? " and a multiple of 8" : "");
}

/* lop3 with .or or .and, and elect: the predicate is what they are for. */
static bool needs_second(struct cw_ptx_parser *parser, const struct cw_ptx_instruction *instruction) {
    return instruction->operands[0].second != NULL ||
           wrong(parser, instruction, "the result is a pair, with a predicate behind '|'");
}

/* d = a op b; the third operand is merged into a part of d, or combined with the result (9.7.18). */
static bool check_video(struct cw_ptx_parser *parser, const struct cw_ptx_instruction *instruction) {
    bool simd =
        strchr("24", cw_ptx_opcode_text(instruction->opcode)[strlen(cw_ptx_opcode_text(instruction->opcode)) - 1]) !=
        NULL;
    bool selects = instruction->operands[0].selector != 0,
         combines = cw_ptx_modifier(instruction, CW_PTX_SLOT_OP) != CW_PTX_NONE;
    bool third = instruction->operands[3].kind != CW_PTX_OPERAND_NONE;
    for (unsigned i = 0; i < instruction->operand_count; i++) {
        const struct cw_ptx_operand *operand = &instruction->operands[i];
        unsigned lanes = operand->selector == 'h' ? 2 : 4, most = simd ? lanes : 1;
        if (operand->selector == 0) {
            continue;
        }
        bool four = cw_ptx_opcode_text(instruction->opcode)[strlen(cw_ptx_opcode_text(instruction->opcode)) - 1] == '4';
        if (operand->selector_count == 0 || operand->selector_count > most ||
            (simd && four != (operand->selector == 'b'))) {
            return cw_ptx_error(parser, operand->span, cw_ptx_section(instruction),
                                "this selector does not go with '%s'", cw_ptx_opcode_text(instruction->opcode));
        }
        for (unsigned k = 0; k < operand->selector_count; k++) {
            unsigned digit = (operand->selector_digits >> (4 * k)) & 15u, limit = i == 0 || !simd ? lanes : lanes * 2;
            if (digit >= limit) {
                return cw_ptx_error(parser, operand->span, cw_ptx_section(instruction),
                                    "a selector's digits are below %u here", limit);
            }
        }
    }
    if (simd && cw_ptx_has(instruction, CW_PTX_SAT) && combines) {
        return wrong(parser, instruction, ".sat and .add exclude each other");
    }
    if (simd && instruction->operands[3].kind != CW_PTX_OPERAND_REGISTER) {
        return wrong(parser, instruction, "the third operand is a register");
    }
    if (simd || instruction->opcode == CW_PTX_OP_VMAD) {
        return true;
    }
    if (selects && combines) {
        return wrong(parser, instruction, "a part of the result and a second operation exclude each other");
    }
    if (third != (selects || combines)) {
        return wrong(parser, instruction,
                     third ? "the third operand needs a second operation or a part of the result"
                           : "a third operand is missing");
    }
    return true;
}

static bool check_vector_atomic(struct cw_ptx_parser *parser, const struct cw_ptx_instruction *instruction) {
    unsigned bits = cw_ptx_type_bits(type_of(instruction, 0)) * cw_ptx_vector_length(instruction);
    return bits <= 128 || wrong(parser, instruction, "a vector has at most 128 bits");
}

static bool check_texture(struct cw_ptx_parser *parser, const struct cw_ptx_instruction *instruction) {
    enum cw_ptx_word geometry = cw_ptx_modifier(instruction, CW_PTX_SLOT_GEOMETRY),
                     vector = cw_ptx_modifier(instruction, CW_PTX_SLOT_VECTOR);
    bool multisample = geometry == CW_PTX_2DMS || geometry == CW_PTX_A2DMS;
    bool half = type_of(instruction, 0) == CW_PTX_F16X2;
    if (vector == CW_PTX_NONE || (vector == CW_PTX_V2) != half) {
        return wrong(parser, instruction, "a texture gives .v4, or .v2 of .f16x2");
    }
    if (multisample && (instruction->form == CW_PTX_FORM_TEX_LEVEL || instruction->form == CW_PTX_FORM_TEX_GRAD)) {
        return wrong(parser, instruction, "multi-sample textures have no levels of detail");
    }
    bool cube = geometry == CW_PTX_CUBE || geometry == CW_PTX_ACUBE;
    if (cube && type_of(instruction, 1) != CW_PTX_F32) {
        return wrong(parser, instruction, "a cube map's coordinates are .f32");
    }
    if (multisample && type_of(instruction, 1) != CW_PTX_S32) {
        return wrong(parser, instruction, "a multi-sample texture's coordinates are .s32");
    }
    return true;
}

/* Which types a shape of mma multiplies (9.7.14.2). */
static bool check_mma(struct cw_ptx_parser *parser, const struct cw_ptx_instruction *instruction) {
    enum cw_ptx_word a = type_of(instruction, 1), b = type_of(instruction, 2), d = type_of(instruction, 0),
                     c = type_of(instruction, 3);
    const char *shape = cw_ptx_word_text(cw_ptx_modifier(instruction, CW_PTX_SLOT_SHAPE));
    bool sparse = instruction->form == CW_PTX_FORM_MMA_SP;
    unsigned k = (unsigned)strtoul(strrchr(shape, 'k') + 1, NULL, 10) / (sparse ? 2 : 1);
    bool eight = shape[1] == '8', good;
    switch (a) {
    case CW_PTX_F16:
        good =
            b == a && (d == CW_PTX_F16 || d == CW_PTX_F32) && (eight ? k == 4 : k == 8 || k == 16) && (eight || c == d);
        break;
    case CW_PTX_BF16:
        good = b == a && c == d && d == CW_PTX_F32 && !eight && (k == 8 || k == 16);
        break;
    case CW_PTX_TF32:
        good = b == a && c == d && d == CW_PTX_F32 && !eight && (k == 4 || k == 8);
        break;
    case CW_PTX_F64:
        good = b == a && c == d && d == CW_PTX_F64 && (eight ? k == 4 : k <= 16);
        break;
    case CW_PTX_U8:
    case CW_PTX_S8:
        good =
            (b == CW_PTX_U8 || b == CW_PTX_S8) && c == d && d == CW_PTX_S32 && (eight ? k == 16 : k == 16 || k == 32);
        break;
    case CW_PTX_U4:
    case CW_PTX_S4:
        good =
            (b == CW_PTX_U4 || b == CW_PTX_S4) && c == d && d == CW_PTX_S32 && (eight ? k == 32 : k == 32 || k == 64);
        break;
    default:
        if (!cw_ptx_requires(parser, instruction->span, cw_ptx_section(instruction), "this mma of .e4m3 and .e5m2", d == CW_PTX_F16 || k == 16 ? 87 : 84, 89)) {
            return false;
        }
        good = (b == CW_PTX_E4M3 || b == CW_PTX_E5M2) && c == d && (d == CW_PTX_F32 || d == CW_PTX_F16) && !eight &&
               (k == 32 || k == 16);
        break;
    }
    if (!good) {
        return cw_ptx_error(parser, instruction->span, "9.7.14.2", "there is no mma .%s of .%s and .%s into .%s", shape,
                            cw_ptx_word_text(a), cw_ptx_word_text(b), cw_ptx_word_text(d));
    }
    if (cw_ptx_modifier(instruction, CW_PTX_SLOT_ROUND) != CW_PTX_NONE && d != CW_PTX_F64) {
        return wrong(parser, instruction, "a rounding belongs to matrices of .f64");
    }
    bool integer = d == CW_PTX_S32;
    if (cw_ptx_has(instruction, CW_PTX_SATFINITE) && !integer) {
        return wrong(parser, instruction, ".satfinite belongs to integer matrices");
    }
    bool row_col = cw_ptx_modifier(instruction, CW_PTX_SLOT_LAYOUT) == CW_PTX_ROW &&
                   cw_ptx_modifier(instruction, CW_PTX_SLOT_LAYOUT2) == CW_PTX_COL;
    if (!row_col && !(eight && a == CW_PTX_F16)) {
        return wrong(parser, instruction, "mma multiplies .row by .col matrices; only .m8n8k4 of .f16 has others");
    }
    return true;
}

bool cw_ptx_check_rules(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction) {
    switch (instruction->form) {
    case CW_PTX_FORM_SETP:
    case CW_PTX_FORM_SETP_COMBINE:
    case CW_PTX_FORM_SETP_HALF:
    case CW_PTX_FORM_SETP_HALF_COMBINE:
    case CW_PTX_FORM_SETP_HALF_PACKED:
    case CW_PTX_FORM_SETP_HALF_PACKED_COMBINE:
    case CW_PTX_FORM_SETP_BF16_PACKED:
    case CW_PTX_FORM_SETP_BF16_PACKED_COMBINE:
    case CW_PTX_FORM_SETP_BF16:
    case CW_PTX_FORM_SETP_BF16_COMBINE:
        return check_compare(parser, instruction, type_of(instruction, 0));
    case CW_PTX_FORM_SET:
    case CW_PTX_FORM_SET_COMBINE:
    case CW_PTX_FORM_SET_HALF:
    case CW_PTX_FORM_SET_HALF_COMBINE:
    case CW_PTX_FORM_SET_HALF_PACKED:
    case CW_PTX_FORM_SET_HALF_PACKED_COMBINE:
    case CW_PTX_FORM_SET_HALF_SOURCE:
    case CW_PTX_FORM_SET_HALF_SOURCE_COMBINE:
        return check_compare(parser, instruction, type_of(instruction, 1));
    case CW_PTX_FORM_MAD_F32:
        if (cw_ptx_modifier(instruction, CW_PTX_SLOT_ROUND) == CW_PTX_NONE && parser->module->sm >= 20 &&
            parser->module->isa >= 20) {
            return wrong(parser, instruction, "mad.f32 needs one of .rn, .rz, .rm, .rp on sm_20 and newer");
        }
        return true;
    case CW_PTX_FORM_DIV_F32:
    case CW_PTX_FORM_DIV_F64:
        if (cw_ptx_modifier(instruction, CW_PTX_SLOT_ROUND) == CW_PTX_NONE && parser->module->isa >= 14) {
            return wrong(
                parser, instruction,
                "a division of floating-point numbers says how it rounds: .rn, .rz, .rm, .rp, for .f32 also .approx or .full");
        }
        return true;
    case CW_PTX_FORM_ELECT_SYNC:
        return needs_second(parser, instruction);
    case CW_PTX_FORM_LOP3_BOOL:
        return expect_value(parser, instruction, 4, 0, 255, 1) && needs_second(parser, instruction);
    case CW_PTX_FORM_APPLYPRIORITY:
    case CW_PTX_FORM_DISCARD:
        return expect_value(parser, instruction, 1, 128, 128, 1);
    case CW_PTX_FORM_PMEVENT:
        return expect_value(parser, instruction, 0, 0, 15, 1);
    case CW_PTX_FORM_PMEVENT_MASK:
        return expect_value(parser, instruction, 0, 0, 65535, 1);
    case CW_PTX_FORM_SETMAXNREG:
        return expect_value(parser, instruction, 0, 24, 256, 8);
    case CW_PTX_FORM_ALLOCA: {
        const struct cw_ptx_operand *align = &instruction->operands[2];
        return align->kind == CW_PTX_OPERAND_NONE || (align->bits != 0 && (align->bits & (align->bits - 1)) == 0) ||
               wrong(parser, instruction, "an alignment must be a power of two");
    }
    case CW_PTX_FORM_CVT_TF32_RN:
        return !cw_ptx_has(instruction, CW_PTX_SATFINITE) ||
               cw_ptx_requires(parser, instruction->span, "9.7.9.21", "cvt.satfinite.tf32 with this rounding", 86, 100);
    case CW_PTX_FORM_MBARRIER_EXPECT_TX:
    case CW_PTX_FORM_MBARRIER_COMPLETE_TX:
    case CW_PTX_FORM_MBARRIER_ARRIVE:
    case CW_PTX_FORM_MBARRIER_ARRIVE_DROP:
    case CW_PTX_FORM_MBARRIER_ARRIVE_EXPECT_TX:
    case CW_PTX_FORM_MBARRIER_ARRIVE_DROP_EXPECT_TX:
    case CW_PTX_FORM_MBARRIER_ARRIVE_NO_COMPLETE:
    case CW_PTX_FORM_MBARRIER_ARRIVE_DROP_NO_COMPLETE:
    case CW_PTX_FORM_MBARRIER_TEST_WAIT:
    case CW_PTX_FORM_MBARRIER_TEST_WAIT_PARITY:
    case CW_PTX_FORM_MBARRIER_TRY_WAIT:
    case CW_PTX_FORM_MBARRIER_TRY_WAIT_PARITY:
        return check_mbarrier(parser, instruction);
    case CW_PTX_FORM_ATOM_EXCH_B128:
        return check_hints(parser, instruction);
    case CW_PTX_FORM_LOP3:
        return instruction->operands[4].bits <= 255 ||
               cw_ptx_error(parser, instruction->operands[4].span, "9.7.8.6", "lop3's table is a number from 0 to 255");
    case CW_PTX_FORM_SHFL:
    case CW_PTX_FORM_VOTE:
    case CW_PTX_FORM_VOTE_BALLOT:
        return check_without_mask(parser, instruction);
    case CW_PTX_FORM_LD:
    case CW_PTX_FORM_LD_VOLATILE:
    case CW_PTX_FORM_LD_ORDERED:
    case CW_PTX_FORM_LD_MMIO:
    case CW_PTX_FORM_LD_NC:
    case CW_PTX_FORM_LDU:
        return check_access(parser, instruction, &instruction->operands[1]);
    case CW_PTX_FORM_ST:
    case CW_PTX_FORM_ST_VOLATILE:
    case CW_PTX_FORM_ST_ORDERED:
    case CW_PTX_FORM_ST_MMIO:
        return check_access(parser, instruction, &instruction->operands[0]);
    case CW_PTX_FORM_CVT:
        return check_convert(parser, instruction);
    case CW_PTX_FORM_CP_ASYNC:
        return check_copy(parser, instruction);
    case CW_PTX_FORM_CP_REDUCE_BULK_SHARED:
    case CW_PTX_FORM_CP_REDUCE_BULK_STORE:
        return check_bulk_reduction(parser, instruction);
    case CW_PTX_FORM_ATOM:
    case CW_PTX_FORM_RED:
    case CW_PTX_FORM_RED_ASYNC:
        return check_atomic(parser, instruction);
    case CW_PTX_FORM_ATOM_CAS:
        return type_of(instruction, 0) != CW_PTX_B16 ||
               cw_ptx_requires(parser, instruction->span, "9.7.13.5", "atom.cas.b16", 63, 70);
    case CW_PTX_FORM_ATOM_HALF:
    case CW_PTX_FORM_RED_HALF: {
        enum cw_ptx_word type = type_of(instruction, 0);
        bool brain = type == CW_PTX_BF16 || type == CW_PTX_BF16X2;
        if (!check_hints(parser, instruction)) {
            return false;
        }
        return type == CW_PTX_F16X2 || cw_ptx_requires(parser, instruction->span, cw_ptx_section(instruction),
                                                       "this atomic addition", brain ? 78 : 63, brain ? 90 : 70);
    }
    case CW_PTX_FORM_ATOM_VECTOR:
    case CW_PTX_FORM_ATOM_VECTOR_HALF:
    case CW_PTX_FORM_RED_VECTOR:
    case CW_PTX_FORM_RED_VECTOR_HALF:
        return check_vector_atomic(parser, instruction);
    case CW_PTX_FORM_BAR_SYNC:
    case CW_PTX_FORM_BAR_ARRIVE:
    case CW_PTX_FORM_BAR_RED:
    case CW_PTX_FORM_BAR_RED_POPC:
    case CW_PTX_FORM_BARRIER_SYNC:
    case CW_PTX_FORM_BARRIER_ARRIVE:
    case CW_PTX_FORM_BARRIER_RED:
    case CW_PTX_FORM_BARRIER_RED_POPC:
        return check_barrier(parser, instruction);
    case CW_PTX_FORM_TEX:
    case CW_PTX_FORM_TEX_BASE:
    case CW_PTX_FORM_TEX_LEVEL:
    case CW_PTX_FORM_TEX_GRAD:
        return check_texture(parser, instruction);
    case CW_PTX_FORM_SULD:
    case CW_PTX_FORM_SUST:
        return check_vector_atomic(parser, instruction);
    case CW_PTX_FORM_MMA:
    case CW_PTX_FORM_MMA_SP:
        return check_mma(parser, instruction);
    default:
        return instruction->opcode < CW_PTX_OP_VADD || instruction->opcode > CW_PTX_OP_VSET4 ||
               check_video(parser, instruction);
    }
}
