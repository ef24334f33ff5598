/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_form.c: which of the forms in instructions.def an instruction has, by its modifiers and its number of operands; and
 * when it has none, what is said about that, with the section of the PTX ISA that rules it.
 */
#include <string.h>

#include "frontend/ptx/parser.h"

static void list_words(const struct cw_ptx_form_slot *slot, struct cw_text *out) {
    const struct cw_ptx_tables *tables = cw_ptx_tables();
    for (unsigned i = 0; i < slot->count; i++) {
        if (i == 12) {
            cw_text_add(out, ", ...");
            return;
        }
        cw_text_printf(out, "%s.%s", i == 0 ? "" : ", ",
                       cw_ptx_word_text((enum cw_ptx_word)tables->words[slot->first + i]));
    }
}

/* No form takes the words: says where the one that came furthest gave up. */
static bool report_words(struct cw_ptx_parser *parser, const struct cw_ptx_instruction *instruction,
                         const uint16_t *words, const struct cw_ptx_span *spans, unsigned count, enum cw_ptx_form best,
                         unsigned matched, int missing) {
    const struct cw_ptx_form_row *row = &cw_ptx_tables()->forms[best];
    const char *mnemonic = cw_ptx_opcode_text(instruction->opcode);
    if (matched < count) {
        struct cw_text text = {0};
        for (unsigned i = 0; i < matched; i++) {
            cw_text_printf(&text, ".%s", cw_ptx_word_text((enum cw_ptx_word)words[i]));
        }
        cw_ptx_error(parser, spans[matched], row->section, "'.%s' does not go with '%s%s'",
                     cw_ptx_word_text((enum cw_ptx_word)words[matched]), mnemonic, cw_text_string(&text));
        cw_text_fini(&text);
        return false;
    }
    struct cw_text text = {0};
    list_words(&row->slots[missing], &text);
    cw_ptx_error(parser, instruction->span, row->section,
                 row->slots[missing].count == 1 ? "'%s' needs %s" : "'%s' needs one of %s", mnemonic,
                 cw_text_string(&text));
    cw_text_fini(&text);
    return false;
}

/* Whether one of the words is a type that the row's first slot for types takes. */
static bool takes_type(const struct cw_ptx_form_row *row, const uint16_t *words, unsigned count) {
    for (unsigned s = 0; s < row->slot_count; s++) {
        if (row->slots[s].slot != CW_PTX_SLOT_TYPE) {
            continue;
        }
        for (unsigned i = 0; i < count; i++) {
            if (cw_ptx_slot_takes(&row->slots[s], (enum cw_ptx_word)words[i])) {
                return true;
            }
        }
        return false;
    }
    return false;
}

/* Where the ISA has a section for each kind of type, the one of the type that is written says what is wrong: another form than
 * `best`, which took `matched` words, when its section does not have the type at all. */
static enum cw_ptx_form form_of_type(const struct cw_ptx_instruction *instruction, const uint16_t *words, unsigned count,
                                     enum cw_ptx_form best, unsigned *matched, int *missing) {
    const struct cw_ptx_tables *tables = cw_ptx_tables();
    enum cw_ptx_form typed = CW_PTX_FORM_COUNT;
    unsigned most = 0;
    if (*matched == count || (*matched > 0 && cw_ptx_type_kind((enum cw_ptx_word)words[*matched]) != CW_PTX_KIND_FLOAT &&
                              cw_ptx_type_kind((enum cw_ptx_word)words[*matched]) != CW_PTX_KIND_PACKED)) {
        return best;
    }
    for (unsigned i = tables->opcode_first[instruction->opcode]; i < tables->opcode_first[instruction->opcode + 1];
         i++) {
        enum cw_ptx_form form = (enum cw_ptx_form)tables->by_opcode[i];
        if (!takes_type(&tables->forms[form], words, count)) {
            continue;
        }
        if (strcmp(tables->forms[form].section, tables->forms[best].section) == 0) {
            return best;
        }
        uint8_t assigned[CW_PTX_MODIFIERS_MAX];
        int lacks;
        unsigned taken = cw_ptx_form_match(&tables->forms[form], words, count, assigned, &lacks);
        if (typed == CW_PTX_FORM_COUNT || taken > most) {
            typed = form;
            most = taken;
            *missing = taken == count ? lacks : -1;
        }
    }
    if (typed == CW_PTX_FORM_COUNT) {
        return best;
    }
    *matched = most;
    return typed;
}

static bool takes_operands(const struct cw_ptx_form_row *row, unsigned count) {
    return row->opcode == CW_PTX_OP_CALL || (count >= row->required_count && count <= row->operand_count);
}

/* Puts the words into the row's order. */
static void order_words(struct cw_ptx_instruction *instruction, const uint16_t *words, const uint8_t *assigned,
                        unsigned count) {
    const struct cw_ptx_form_row *row = &cw_ptx_tables()->forms[instruction->form];
    for (unsigned s = 0; s < row->slot_count; s++) {
        for (unsigned i = 0; i < count; i++) {
            if (assigned[i] != s) {
                continue;
            }
            instruction->modifiers[instruction->modifier_count] = words[i];
            instruction->slots[instruction->modifier_count++] = row->slots[s].slot;
            if (row->slots[s].slot == CW_PTX_SLOT_TYPE && instruction->type_count < CW_PTX_TYPES_MAX) {
                instruction->types[instruction->type_count++] = words[i];
            }
        }
    }
}

bool cw_ptx_find_form(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction, const uint16_t *words,
                      const struct cw_ptx_span *spans, unsigned count, unsigned operand_count) {
    uint8_t assigned[CW_PTX_MODIFIERS_MAX] = {0};
    const struct cw_ptx_tables *tables = cw_ptx_tables();
    unsigned best_matched = 0;
    int best_missing = -1, found = -1, best = -1;
    for (unsigned i = tables->opcode_first[instruction->opcode]; i < tables->opcode_first[instruction->opcode + 1];
         i++) {
        enum cw_ptx_form form = (enum cw_ptx_form)tables->by_opcode[i];
        int missing;
        unsigned matched = count > CW_PTX_MODIFIERS_MAX
                               ? 0
                               : cw_ptx_form_match(&tables->forms[form], words, count, assigned, &missing);
        if (matched == count && missing < 0) {
            if (takes_operands(&tables->forms[form], operand_count)) {
                instruction->form = form;
                order_words(instruction, words, assigned, count);
                return true;
            }
            found = found < 0 ? (int)form : found;
        } else if (best < 0 || matched > best_matched) {
            best = (int)form;
            best_matched = matched;
            best_missing = matched == count ? missing : -1;
        }
    }
    if (found < 0) {
        enum cw_ptx_form shown = (enum cw_ptx_form)best;
        if (count <= CW_PTX_MODIFIERS_MAX) {
            shown = form_of_type(instruction, words, count, shown, &best_matched, &best_missing);
        }
        return report_words(parser, instruction, words, spans, count, shown, best_matched, best_missing);
    }
    const struct cw_ptx_form_row *row = &tables->forms[found];
    const char *mnemonic = cw_ptx_opcode_text(instruction->opcode);
    if (row->required_count == row->operand_count) {
        return cw_ptx_error(parser, instruction->span, row->section, "this form of '%s' takes %u operand%s, found %u",
                            mnemonic, row->operand_count, row->operand_count == 1 ? "" : "s", operand_count);
    }
    return cw_ptx_error(parser, instruction->span, row->section, "this form of '%s' takes %u to %u operands, found %u",
                        mnemonic, row->required_count, row->operand_count, operand_count);
}
