/* SPDX-License-Identifier: Apache-2.0 */
/* table.h: the rows of instructions.def, words.def and specials.def in a form to search. Built once, then only read. */
#ifndef CW_FRONTEND_PTX_TABLE_H
#define CW_FRONTEND_PTX_TABLE_H

#include "frontend/ptx/ast.h"

#define CW_PTX_OPERANDS_MAX 8u

/* One slot of a form's modifiers: one of words[first .. first + count). */
struct cw_ptx_form_slot {
    uint8_t slot; /* enum cw_ptx_slot */
    bool optional;
    uint16_t first;
    uint16_t count;
};

/* One operand of a form; instructions.def explains codes and suffixes. */
struct cw_ptx_form_operand {
    char code;
    bool optional;
    bool sink;
    bool second;
    bool wide;
    int8_t type_index; /* -1: `type` says it, or the code needs none */
    uint16_t type;     /* enum cw_ptx_word */
};

struct cw_ptx_form_row {
    enum cw_ptx_opcode opcode;
    const char *section;
    uint16_t isa;
    uint16_t sm;
    uint8_t slot_count;
    uint8_t operand_count;
    uint8_t required_count; /* operands that are not optional */
    struct cw_ptx_form_slot slots[CW_PTX_MODIFIERS_MAX];
    struct cw_ptx_form_operand operands[CW_PTX_OPERANDS_MAX];
};

struct cw_ptx_special_row {
    const char *text;
    enum cw_ptx_word type;
    uint8_t vector;
    uint8_t count;
    uint16_t isa;
    uint16_t sm;
};

struct cw_ptx_tables {
    struct cw_ptx_form_row forms[CW_PTX_FORM_COUNT];
    uint16_t by_opcode[CW_PTX_FORM_COUNT];          /* forms, those of one opcode together, in the file's order */
    uint16_t opcode_first[CW_PTX_OPCODE_COUNT + 1]; /* into by_opcode */
    uint16_t words[4096];                           /* of the slots */
};

const struct cw_ptx_tables *cw_ptx_tables(void);
extern const struct cw_ptx_special_row cw_ptx_specials[CW_PTX_SPECIAL_COUNT];

const char *cw_ptx_opcode_text(enum cw_ptx_opcode opcode);
/* CW_PTX_OPCODE_COUNT when there is none. */
enum cw_ptx_opcode cw_ptx_opcode_find(const char *text, size_t length);
/* CW_PTX_SPECIAL_COUNT when there is none; `index` is its number, 0 without one. */
enum cw_ptx_special cw_ptx_special_find(const char *text, size_t length, uint16_t *index);
bool cw_ptx_slot_takes(const struct cw_ptx_form_slot *slot, enum cw_ptx_word word);

/* Fits `count` words (at most CW_PTX_MODIFIERS_MAX) into the row's slots: assigned[i] is the slot of words[i]. Gives the
 * number of words that fit, from the first; `missing` is a required slot that no word fills, or -1. */
unsigned cw_ptx_form_match(const struct cw_ptx_form_row *row, const uint16_t *words, unsigned count, uint8_t *assigned,
                           int *missing);

#endif
