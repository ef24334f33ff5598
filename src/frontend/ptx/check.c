/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check.c: checks the operands of an instruction against its form (check_form.c): their types (PTX ISA 9.4), state spaces and
 * alignment (6.4, 9.7.9.8). What rows of instructions.def can't say is in check_rules.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/ptx/parser.h"

const char *cw_ptx_section(const struct cw_ptx_instruction *instruction) {
    return cw_ptx_tables()->forms[instruction->form].section;
}

/* Versions and targets that single words need. */
static bool check_needs(struct cw_ptx_parser *parser, const struct cw_ptx_instruction *instruction) {
    enum { CW_PTX_SLOT_ANY = CW_PTX_SLOT_COUNT };
    static const struct {
        uint16_t word, slot, isa, sm;
    } needs[] = {
#define CW_PTX_NEEDS(word, slot, isa, sm) {CW_PTX_##word, CW_PTX_SLOT_##slot, isa, sm},
#include "frontend/ptx/instructions.def"
    };
    for (unsigned i = 0; i < instruction->modifier_count; i++) {
        for (unsigned k = 0; k < sizeof(needs) / sizeof(needs[0]); k++) {
            if (needs[k].word != instruction->modifiers[i] ||
                (needs[k].slot != CW_PTX_SLOT_ANY && needs[k].slot != instruction->slots[i])) {
                continue;
            }
            char what[40];
            snprintf(what, sizeof(what), "'.%s'", cw_ptx_word_text((enum cw_ptx_word)instruction->modifiers[i]));
            if (!cw_ptx_requires(parser, instruction->span, cw_ptx_section(instruction), what, needs[k].isa,
                                 needs[k].sm)) {
                return false;
            }
        }
    }
    return true;
}

/* ---- Operands ------------------------------------------------------------------------------------------------ */

bool cw_ptx_types_agree(enum cw_ptx_word want, enum cw_ptx_word have, bool relaxed, bool destination) {
    enum cw_ptx_type_kind want_kind = cw_ptx_type_kind(want), have_kind = cw_ptx_type_kind(have);
    unsigned want_bits = cw_ptx_type_bits(want), have_bits = cw_ptx_type_bits(have);
    if (want == have) {
        return true;
    }
    if (want_kind == CW_PTX_KIND_PREDICATE || have_kind == CW_PTX_KIND_PREDICATE) {
        return false;
    }
    bool want_integer = want_kind == CW_PTX_KIND_UNSIGNED || want_kind == CW_PTX_KIND_SIGNED;
    bool have_integer = have_kind == CW_PTX_KIND_UNSIGNED || have_kind == CW_PTX_KIND_SIGNED;
    if (relaxed && have_bits > want_bits) {
        if (want_kind == CW_PTX_KIND_FLOAT) {
            return have_kind == CW_PTX_KIND_BITS;
        }
        return have_kind == CW_PTX_KIND_BITS || have_integer || (want_kind == CW_PTX_KIND_BITS && !destination);
    }
    if (want_bits != have_bits) {
        return false;
    }
    if (want_kind == CW_PTX_KIND_PACKED) {
        return have_kind == CW_PTX_KIND_BITS || have_integer;
    }
    if (want_kind == CW_PTX_KIND_BITS || have_kind == CW_PTX_KIND_BITS || (want_integer && have_integer)) {
        return true;
    }
    /* Formats that no register is declared with are kept in registers of bits, and f16 in those of old front ends' .u16. */
    return want_bits == 16 && want_kind == CW_PTX_KIND_FLOAT && have_integer;
}

static bool mismatch(struct cw_ptx_parser *parser, const struct cw_ptx_operand *operand, enum cw_ptx_word want,
                     const char *what, enum cw_ptx_word have) {
    return cw_ptx_error(parser, operand->span, "9.4", "%s is .%s where the instruction wants .%s", what,
                        cw_ptx_word_text(have), cw_ptx_word_text(want));
}

static bool check_register(struct cw_ptx_parser *parser, struct cw_ptx_operand *operand, enum cw_ptx_word want,
                           bool destination, bool relaxed) {
    const struct cw_ptx_symbol *symbol = operand->reg->symbol;
    if (operand->selector != 0) {
        return cw_ptx_error(parser, operand->span, "9.7.18",
                            "only video instructions select bytes and half-words of a register");
    }
    if (operand->negated && want != CW_PTX_PRED) {
        return cw_ptx_error(parser, operand->span, "6.4", "'%s' can't be negated here", operand->reg->name);
    }
    if (symbol->vector == 1 && operand->component != CW_PTX_NO_COMPONENT) {
        return cw_ptx_error(parser, operand->span, "6.4.3", "'%s' is no vector and has no components",
                            operand->reg->name);
    }
    if (symbol->vector > 1 && operand->component == CW_PTX_NO_COMPONENT) {
        return cw_ptx_error(parser, operand->span, "6.4.3",
                            "'%s' is a vector; the instruction wants one of its components", operand->reg->name);
    }
    if (symbol->vector > 1 && operand->component >= symbol->vector) {
        return cw_ptx_error(parser, operand->span, "6.4.3", "'%s' has %u components", operand->reg->name,
                            symbol->vector);
    }
    if (!cw_ptx_types_agree(want, symbol->type, relaxed, destination)) {
        char what[64];
        snprintf(what, sizeof(what), "'%.50s'", operand->reg->name);
        return mismatch(parser, operand, want, what, symbol->type);
    }
    return true;
}

static bool check_constant(struct cw_ptx_parser *parser, struct cw_ptx_operand *operand, enum cw_ptx_word want) {
    enum cw_ptx_type_kind kind = cw_ptx_type_kind(want);
    unsigned bits = cw_ptx_type_bits(want);
    struct cw_ptx_value value = {.bits = operand->bits};
    if (operand->kind == CW_PTX_OPERAND_FLOAT && kind != CW_PTX_KIND_PACKED) {
        value.kind = operand->special == CW_PTX_F32 ? CW_PTX_VALUE_SINGLE : CW_PTX_VALUE_DOUBLE;
        if (!cw_ptx_value_bits(&value, want, &operand->bits)) {
            return cw_ptx_error(parser, operand->span, "4.5.2", "a floating-point constant can't be .%s",
                                cw_ptx_word_text(want));
        }
        operand->special = (uint16_t)want;
        return true;
    }
    if (kind == CW_PTX_KIND_FLOAT) {
        return cw_ptx_error(parser, operand->span, "4.5",
                            "an integer constant can't be .%s; write it with a decimal point", cw_ptx_word_text(want));
    }
    if (kind == CW_PTX_KIND_PACKED) {
        return cw_ptx_error(parser, operand->span, "9.4", "a constant can't be .%s; mov it into a register first",
                            cw_ptx_word_text(want));
    }
    int64_t number = (int64_t)operand->bits;
    if (bits < 64 && kind != CW_PTX_KIND_PREDICATE &&
        (number < -((int64_t)1 << (bits - 1)) || number > ((int64_t)1 << bits) - 1)) {
        cw_ptx_warn(parser, operand->span, "4.5.1", "the constant does not fit .%s and loses its upper bits",
                    cw_ptx_word_text(want));
    }
    return true;
}

static bool check_symbol(struct cw_ptx_parser *parser, struct cw_ptx_operand *operand, enum cw_ptx_word want) {
    const struct cw_ptx_symbol *symbol = operand->symbol;
    unsigned bits = cw_ptx_type_bits(want);
    if (cw_ptx_is_unknown(parser, symbol)) {
        return cw_ptx_error(parser, operand->span, "4.4", "'%.80s' is not declared", symbol->name);
    }
    if (symbol->kind != CW_PTX_SYMBOL_VARIABLE && symbol->kind != CW_PTX_SYMBOL_FUNCTION &&
        symbol->kind != CW_PTX_SYMBOL_FOREIGN) {
        return cw_ptx_error(parser, operand->span, "6.4", "'%.80s' is no register, constant or address", symbol->name);
    }
    if (symbol->kind == CW_PTX_SYMBOL_FOREIGN && (bits != 32 && bits != 64)) {
        return cw_ptx_error(parser, operand->span, "4.4",
                            "'%.80s' is not declared in this asm statement; what one declares is not seen by the next",
                            symbol->name);
    }
    if ((bits != 32 && bits != 64) || cw_ptx_type_kind(want) == CW_PTX_KIND_FLOAT ||
        cw_ptx_type_kind(want) == CW_PTX_KIND_PACKED) {
        return cw_ptx_error(parser, operand->span, "6.4.1", "the address of '%.80s' does not fit .%s", symbol->name,
                            cw_ptx_word_text(want));
    }
    return true;
}

static bool check_special(struct cw_ptx_parser *parser, const struct cw_ptx_operand *operand, enum cw_ptx_word want) {
    const struct cw_ptx_special_row *row = &cw_ptx_specials[operand->special];
    char what[64];
    snprintf(what, sizeof(what), "'%s'", row->text);
    if (!cw_ptx_requires(parser, operand->span, "10", what, row->isa, row->sm)) {
        return false;
    }
    if (row->vector > 1 && operand->component == CW_PTX_NO_COMPONENT) {
        return cw_ptx_error(parser, operand->span, "10", "%s is a vector: .x, .y or .z of it is wanted", what);
    }
    if (row->vector == 1 && operand->component != CW_PTX_NO_COMPONENT) {
        return cw_ptx_error(parser, operand->span, "10", "%s has no components", what);
    }
    /* %tid and its like were .u16 before PTX ISA 2.0, %gridid and the clocks .u32 before. */
    bool narrow = cw_ptx_type_kind(want) != CW_PTX_KIND_FLOAT && cw_ptx_type_kind(want) != CW_PTX_KIND_PREDICATE &&
                  cw_ptx_type_bits(want) < cw_ptx_type_bits(row->type);
    if (!narrow && !cw_ptx_types_agree(want, row->type, false, false)) {
        return mismatch(parser, operand, want, what, row->type);
    }
    return true;
}

bool cw_ptx_check_scalar(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction,
                         struct cw_ptx_operand *operand, enum cw_ptx_word want, bool destination, bool relaxed) {
    if (operand->kind == CW_PTX_OPERAND_REGISTER) {
        return check_register(parser, operand, want, destination, relaxed);
    }
    if (operand->kind == CW_PTX_OPERAND_SYMBOL && cw_ptx_is_unknown(parser, operand->symbol)) {
        return cw_ptx_error(parser, operand->span, "4.4", "'%.80s' is not declared", operand->symbol->name);
    }
    if (destination) {
        return cw_ptx_error(parser, operand->span, cw_ptx_section(instruction),
                            "a result of '%s' goes into a register of type .%s",
                            cw_ptx_opcode_text(instruction->opcode), cw_ptx_word_text(want));
    }
    switch (operand->kind) {
    case CW_PTX_OPERAND_INTEGER:
    case CW_PTX_OPERAND_FLOAT:
        return check_constant(parser, operand, want);
    case CW_PTX_OPERAND_SYMBOL:
        return check_symbol(parser, operand, want);
    case CW_PTX_OPERAND_SPECIAL:
        if (instruction->form != CW_PTX_FORM_MOV && instruction->form != CW_PTX_FORM_CVT) {
            return cw_ptx_error(parser, operand->span, "10",
                                "'%s' reads no special registers; mov '%s' into a register first",
                                cw_ptx_opcode_text(instruction->opcode), cw_ptx_specials[operand->special].text);
        }
        return check_special(parser, operand, want);
    default:
        return cw_ptx_error(parser, operand->span, cw_ptx_section(instruction),
                            "a register or a constant of type .%s is wanted here", cw_ptx_word_text(want));
    }
}

/* True if an address in `have` may be used by an instruction that says `space` (CW_PTX_NONE: generic). */
static bool spaces_agree(enum cw_ptx_word space, enum cw_ptx_word have) {
    switch (space) {
    case CW_PTX_NONE:
        return have != CW_PTX_PARAM && have != CW_PTX_REG;
    case CW_PTX_SHARED_CTA:
    case CW_PTX_SHARED_CLUSTER:
        return have == CW_PTX_SHARED;
    case CW_PTX_PARAM_ENTRY:
    case CW_PTX_PARAM_FUNC:
        return have == CW_PTX_PARAM;
    default:
        return have == space;
    }
}

bool cw_ptx_check_address(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction,
                          struct cw_ptx_operand *operand, enum cw_ptx_word space, unsigned bytes) {
    if (operand->kind != CW_PTX_OPERAND_ADDRESS || operand->count != 1) {
        return cw_ptx_error(parser, operand->span, "6.4.1", "'%s' wants an address in brackets here",
                            cw_ptx_opcode_text(instruction->opcode));
    }
    struct cw_ptx_operand *base = &operand->items[0];
    if (base->kind == CW_PTX_OPERAND_REGISTER) {
        unsigned bits = cw_ptx_type_bits(base->reg->symbol->type);
        enum cw_ptx_type_kind kind = cw_ptx_type_kind(base->reg->symbol->type);
        bool is_vector = base->reg->symbol->vector > 1 && base->component == CW_PTX_NO_COMPONENT;
        if (is_vector || (bits != 32 && bits != 64) || kind == CW_PTX_KIND_FLOAT || kind == CW_PTX_KIND_PACKED) {
            return cw_ptx_error(parser, base->span, "6.4.1", "'%s' holds no address: it is .%s", base->reg->name,
                                cw_ptx_word_text(base->reg->symbol->type));
        }
        return true;
    }
    if (base->kind != CW_PTX_OPERAND_SYMBOL) {
        return true; /* a constant */
    }
    const struct cw_ptx_symbol *symbol = base->symbol;
    if (symbol->kind == CW_PTX_SYMBOL_FOREIGN) {
        return !cw_ptx_is_unknown(parser, symbol) ||
               cw_ptx_error(parser, base->span, "4.4", "'%.80s' is not declared", symbol->name);
    }
    if (symbol->kind != CW_PTX_SYMBOL_VARIABLE) {
        return cw_ptx_error(parser, base->span, "6.4.1", "'%.80s' is no variable", symbol->name);
    }
    if (!spaces_agree(space, symbol->space)) {
        return cw_ptx_error(parser, base->span, cw_ptx_section(instruction),
                            "'%.80s' is in .%s, the instruction accesses %s%s", symbol->name,
                            cw_ptx_word_text(symbol->space), space == CW_PTX_NONE ? "generic memory" : ".",
                            cw_ptx_word_text(space));
    }
    if (bytes > 0 && symbol->align >= bytes && operand->offset % (int64_t)bytes != 0) {
        cw_ptx_warn(parser, operand->span, "6.4.1.1",
                    "the address is not a multiple of the %u bytes that are accessed: what that does is undefined",
                    bytes);
    }
    if (bytes > 0 && symbol->size > 0 && (operand->offset < 0 || (uint64_t)operand->offset + bytes > symbol->size)) {
        cw_ptx_warn(parser, operand->span, "6.4.1", "the access lies outside of '%.80s', which has %llu bytes",
                    symbol->name, (unsigned long long)symbol->size);
    }
    return true;
}

bool cw_ptx_spread(struct cw_ptx_parser *parser, struct cw_ptx_operand *operand) {
    if (operand->kind != CW_PTX_OPERAND_REGISTER || operand->reg->symbol->vector == 1 ||
        operand->component != CW_PTX_NO_COMPONENT || operand->second != NULL) {
        return false;
    }
    struct cw_ptx_register *reg = operand->reg;
    uint32_t count = reg->symbol->vector;
    struct cw_ptx_operand *items = cw_ptx_new(parser, count, sizeof(*items));
    for (uint32_t i = 0; i < count; i++) {
        items[i] = (struct cw_ptx_operand){
            .kind = CW_PTX_OPERAND_REGISTER, .component = (uint8_t)i, .span = operand->span, .reg = reg};
    }
    *operand = (struct cw_ptx_operand){.kind = CW_PTX_OPERAND_VECTOR,
                                       .component = CW_PTX_NO_COMPONENT,
                                       .span = operand->span,
                                       .count = count,
                                       .items = items};
    return true;
}

static bool check_vector(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction,
                         struct cw_ptx_operand *operand, enum cw_ptx_word want, unsigned length, bool destination,
                         bool relaxed) {
    cw_ptx_spread(parser, operand);
    if (operand->kind != CW_PTX_OPERAND_VECTOR || operand->count != length) {
        return cw_ptx_error(parser, operand->span, "6.4.3", "a vector of %u elements is wanted here", length);
    }
    unsigned bits = 0;
    for (uint32_t i = 0; i < operand->count; i++) {
        const struct cw_ptx_operand *item = &operand->items[i];
        if (item->kind == CW_PTX_OPERAND_SINK && destination) {
            continue;
        }
        if (!cw_ptx_check_scalar(parser, instruction, &operand->items[i], want, destination, relaxed)) {
            return false;
        }
        unsigned own = item->kind == CW_PTX_OPERAND_REGISTER ? cw_ptx_type_bits(item->reg->symbol->type) : 0;
        if (own != 0 && bits != 0 && own != bits) {
            return cw_ptx_error(parser, item->span, "6.4.3", "the elements of a vector are registers of one width");
        }
        bits = own != 0 ? own : bits;
    }
    return true;
}

/* mov packs elements into a scalar and unpacks it (9.7.9.4). */
static bool check_pack(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction,
                       struct cw_ptx_operand *vector, enum cw_ptx_word want, bool destination) {
    unsigned bits = 0;
    unsigned each = vector->count > 0 ? cw_ptx_type_bits(want) / vector->count : 0;
    enum cw_ptx_word element = each == 8    ? CW_PTX_B8
                               : each == 16 ? CW_PTX_B16
                               : each == 32 ? CW_PTX_B32
                               : each == 64 ? CW_PTX_B64
                                            : CW_PTX_NONE;
    if ((vector->count != 2 && vector->count != 4) || element == CW_PTX_NONE) {
        return cw_ptx_error(parser, vector->span, "9.7.9.4",
                            ".%s is packed from, and unpacked into, two or four elements", cw_ptx_word_text(want));
    }
    for (uint32_t i = 0; i < vector->count; i++) {
        if (vector->items[i].kind == CW_PTX_OPERAND_SINK && destination) {
            bits += each;
            continue;
        }
        if (!cw_ptx_check_scalar(parser, instruction, &vector->items[i], element, destination, false)) {
            return false;
        }
        bits += each;
    }
    return bits == cw_ptx_type_bits(want);
}

static bool check_move(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction,
                       struct cw_ptx_operand *operand, enum cw_ptx_word want, bool destination) {
    if (operand->kind == CW_PTX_OPERAND_REGISTER &&
        operand->reg->symbol->vector * cw_ptx_type_bits(operand->reg->symbol->type) == cw_ptx_type_bits(want)) {
        cw_ptx_spread(parser, operand);
    }
    if (operand->kind == CW_PTX_OPERAND_VECTOR) {
        if (instruction->operands[destination ? 1 : 0].kind == CW_PTX_OPERAND_VECTOR) {
            return cw_ptx_error(parser, operand->span, "9.7.9.4",
                                "mov moves between a vector and a scalar, not between two vectors");
        }
        return check_pack(parser, instruction, operand, want, destination);
    }
    return cw_ptx_check_scalar(parser, instruction, operand, want, destination, false);
}

static bool check_predicate(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction,
                            struct cw_ptx_operand *operand, bool destination) {
    if (operand->negated && destination) {
        return cw_ptx_error(parser, operand->span, cw_ptx_section(instruction), "a result can't be negated");
    }
    return cw_ptx_check_scalar(parser, instruction, operand, CW_PTX_PRED, destination, false);
}

static bool check_label(struct cw_ptx_parser *parser, struct cw_ptx_operand *operand) {
    if (operand->kind != CW_PTX_OPERAND_SYMBOL || operand->offset != 0) {
        return cw_ptx_error(parser, operand->span, "9.7.12.3", "bra wants a label");
    }
    const char *text = operand->symbol->name;
    cw_ptx_add_fixup(parser, &operand->symbol, cw_ptx_intern(parser, text, strlen(text)), operand->span);
    return true;
}

static bool check_targets(struct cw_ptx_parser *parser, struct cw_ptx_operand *operand) {
    if (operand->kind != CW_PTX_OPERAND_SYMBOL || operand->symbol->kind != CW_PTX_SYMBOL_TARGETS ||
        operand->symbol->calls) {
        return cw_ptx_error(parser, operand->span, "9.7.12.4",
                            "brx.idx wants the name of a .branchtargets list that stands before it");
    }
    return true;
}

static bool check_integer(struct cw_ptx_parser *parser, const struct cw_ptx_instruction *instruction,
                          const struct cw_ptx_operand *operand) {
    return operand->kind == CW_PTX_OPERAND_INTEGER ||
           cw_ptx_error(parser, operand->span, cw_ptx_section(instruction), "'%s' wants an integer constant here",
                        cw_ptx_opcode_text(instruction->opcode));
}

static enum cw_ptx_word wide_type(enum cw_ptx_word type) {
    switch (type) {
    case CW_PTX_U16:
        return CW_PTX_U32;
    case CW_PTX_S16:
        return CW_PTX_S32;
    case CW_PTX_U32:
        return CW_PTX_U64;
    default:
        return CW_PTX_S64;
    }
}

static enum cw_ptx_word operand_type(const struct cw_ptx_instruction *instruction,
                                     const struct cw_ptx_form_operand *form) {
    enum cw_ptx_word type =
        (enum cw_ptx_word)(form->type_index >= 0 ? instruction->types[form->type_index] : form->type);
    return form->wide ? wide_type(type) : type;
}

/* Bytes that one access of the instruction touches, for alignment; 0 when it isn't one of a type. */
static unsigned access_bytes(const struct cw_ptx_instruction *instruction) {
    switch (instruction->opcode) {
    case CW_PTX_OP_LD:
    case CW_PTX_OP_LDU:
    case CW_PTX_OP_ST:
    case CW_PTX_OP_ATOM:
    case CW_PTX_OP_RED:
        return cw_ptx_type_bits((enum cw_ptx_word)instruction->types[0]) / 8 * cw_ptx_vector_length(instruction);
    default:
        return 0;
    }
}

static bool check_video(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction,
                        struct cw_ptx_operand *operand, enum cw_ptx_word want, bool destination) {
    char selector = operand->selector;
    bool negated = operand->negated;
    if (negated && instruction->opcode != CW_PTX_OP_VMAD) {
        return cw_ptx_error(parser, operand->span, "9.7.18.3", "only vmad negates its operands");
    }
    operand->selector = 0;
    operand->negated = false;
    bool good = cw_ptx_check_scalar(parser, instruction, operand, want, destination, false);
    operand->selector = selector;
    operand->negated = negated;
    return good;
}

static bool check_size_or_predicate(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction,
                                    struct cw_ptx_operand *operand) {
    bool predicate = operand->kind == CW_PTX_OPERAND_REGISTER && operand->reg->symbol->type == CW_PTX_PRED;
    return cw_ptx_check_scalar(parser, instruction, operand, predicate ? CW_PTX_PRED : CW_PTX_U32, false, false);
}

/* An address of which the instruction says nothing but that it is one: isspacep, istypep. */
static bool check_any_address(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction,
                              struct cw_ptx_operand *operand) {
    unsigned bits = operand->kind == CW_PTX_OPERAND_REGISTER ? cw_ptx_type_bits(operand->reg->symbol->type) : 64;
    return cw_ptx_check_scalar(parser, instruction, operand, bits == 32 ? CW_PTX_U32 : CW_PTX_U64, false, false);
}

static bool check_operand(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction, unsigned index,
                          const struct cw_ptx_form_operand *form) {
    struct cw_ptx_operand *operand = &instruction->operands[index];
    enum cw_ptx_word want = operand_type(instruction, form);
    unsigned length = cw_ptx_vector_length(instruction);
    bool has_second = (operand->kind == CW_PTX_OPERAND_REGISTER || operand->kind == CW_PTX_OPERAND_SINK ||
                       operand->kind == CW_PTX_OPERAND_VECTOR) &&
                      operand->second != NULL;
    if (has_second && !form->second) {
        return cw_ptx_error(parser, operand->span, cw_ptx_section(instruction), "'%s' has no second result",
                            cw_ptx_opcode_text(instruction->opcode));
    }
    if (operand->kind == CW_PTX_OPERAND_SINK && form->sink) {
        return true;
    }
    switch (form->code) {
    case 'd':
        return instruction->opcode == CW_PTX_OP_MOV
                   ? check_move(parser, instruction, operand, want, true)
                   : cw_ptx_check_scalar(parser, instruction, operand, want, true, false);
    case 's':
        return cw_ptx_check_scalar(parser, instruction, operand, want, false, false);
    case 'r':
        return (operand->kind == CW_PTX_OPERAND_REGISTER &&
                cw_ptx_check_scalar(parser, instruction, operand, want, false, false)) ||
               (operand->kind != CW_PTX_OPERAND_REGISTER &&
                cw_ptx_error(parser, operand->span, cw_ptx_section(instruction),
                             "a register of type .%s is wanted here", cw_ptx_word_text(want)));
    case 'm':
        if (want == CW_PTX_NONE) {
            return check_any_address(parser, instruction, operand);
        }
        return check_move(parser, instruction, operand, want, false);
    case 'D':
    case 'S':
        if (length > 1) {
            return check_vector(parser, instruction, operand, want, length, form->code == 'D', true);
        }
        /* {r} is a vector of one element. */
        if (operand->kind == CW_PTX_OPERAND_VECTOR && operand->count == 1) {
            return check_vector(parser, instruction, operand, want, 1, form->code == 'D', true);
        }
        return cw_ptx_check_scalar(parser, instruction, operand, want, form->code == 'D', true);
    case 'P':
    case 'Q':
        return check_predicate(parser, instruction, operand, form->code == 'P');
    case 'X':
        return check_size_or_predicate(parser, instruction, operand);
    case 'a':
        return cw_ptx_check_address(parser, instruction, operand, cw_ptx_modifier(instruction, CW_PTX_SLOT_SPACE),
                                    access_bytes(instruction));
    case 'b':
        return cw_ptx_check_address(parser, instruction, operand, cw_ptx_modifier(instruction, CW_PTX_SLOT_SPACE2), 0);
    case 'h':
        return cw_ptx_check_address(
            parser, instruction, operand,
            operand->kind == CW_PTX_OPERAND_ADDRESS && operand->items[0].kind == CW_PTX_OPERAND_SYMBOL ? CW_PTX_SHARED
                                                                                                       : CW_PTX_NONE,
            0);
    case 'i':
        return check_integer(parser, instruction, operand);
    case 'L':
        return check_label(parser, operand);
    case 'T':
        return check_targets(parser, operand);
    case 'v':
    case 'u':
        return check_video(parser, instruction, operand, want, form->code == 'v');
    default:
        return cw_ptx_check_shaped(parser, instruction, index, form->code);
    }
}

/* Gives each of the row's operands one of those that were written; those that may be left out come in order, but the cache
 * policy is there exactly with .L2::cache_hint. */
static bool place_operands(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction,
                           const struct cw_ptx_operand *given, unsigned count) {
    const struct cw_ptx_form_row *row = &cw_ptx_tables()->forms[instruction->form];
    bool hint = cw_ptx_has(instruction, CW_PTX_L2_CACHE_HINT);
    const struct cw_ptx_form_operand *last = row->operand_count > 0 ? &row->operands[row->operand_count - 1] : NULL;
    bool policy = last != NULL && last->optional && last->code == 's' && last->type == CW_PTX_B64;
    unsigned spare = count - row->required_count, next = 0;
    instruction->operands = cw_ptx_new(parser, row->operand_count, sizeof(instruction->operands[0]));
    instruction->operand_count = row->operand_count;
    if (policy && hint) {
        if (spare == 0) {
            return cw_ptx_error(parser, instruction->span, row->section,
                                ".L2::cache_hint needs a cache policy as the last operand");
        }
        spare--;
    }
    for (unsigned i = 0; i < row->operand_count; i++) {
        const struct cw_ptx_form_operand *form = &row->operands[i];
        bool is_policy = policy && i == row->operand_count - 1u;
        if (form->optional && (is_policy ? !hint : spare == 0)) {
            continue;
        }
        if (form->optional && !is_policy) {
            spare--;
        }
        instruction->operands[i] = given[next++];
    }
    if (next != count) {
        return cw_ptx_error(parser, given[next].span, row->section,
                            "a cache policy needs .L2::cache_hint among the modifiers");
    }
    return true;
}

bool cw_ptx_check_instruction(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction,
                              const uint16_t *words, const struct cw_ptx_span *word_spans, unsigned count,
                              struct cw_ptx_operand *operands, unsigned operand_count) {
    if (!cw_ptx_find_form(parser, instruction, words, word_spans, count, operand_count)) {
        return false;
    }
    const struct cw_ptx_form_row *row = &cw_ptx_tables()->forms[instruction->form];
    char what[40];
    snprintf(what, sizeof(what), "this form of '%s'", cw_ptx_opcode_text(instruction->opcode));
    if (!cw_ptx_requires(parser, instruction->span, row->section, what, row->isa, row->sm) ||
        !check_needs(parser, instruction)) {
        return false;
    }
    if (instruction->form == CW_PTX_FORM_CALL) {
        instruction->operands = operands;
        instruction->operand_count = (uint8_t)operand_count;
        return cw_ptx_check_call(parser, instruction);
    }
    if (!place_operands(parser, instruction, operands, operand_count)) {
        return false;
    }
    for (unsigned i = 0; i < row->operand_count; i++) {
        if (instruction->operands[i].kind != CW_PTX_OPERAND_NONE &&
            !check_operand(parser, instruction, i, &row->operands[i])) {
            return false;
        }
    }
    return cw_ptx_check_rules(parser, instruction);
}
