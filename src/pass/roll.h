/* SPDX-License-Identifier: Apache-2.0 */
/*
 * roll.h: what the files of cw_pass_roll share; roll.c says what it is about.
 *
 * A family is a list of instructions that do the same for element 0, 1, 2, ... of something. Families of one block that use each other's values
 * are a unit, which becomes one loop. Values that leave their unit go through an array in memory, the column; phis and what they are
 * made of share one, which is a web.
 */
#ifndef CW_PASS_ROLL_H
#define CW_PASS_ROLL_H

#include "pass/cfg.h"
#include "pass/pass.h"

#define CW_ROLL_OPERANDS_MAX 4u
#define CW_ROLL_NONE UINT32_MAX

/* What an operand is, from element to element. */
enum cw_roll_relation {
    CW_ROLL_SAME,     /* one value */
    CW_ROLL_PREVIOUS, /* the family's own value of the element before; element 0 has what came before all */
    CW_ROLL_COLUMN,   /* another family's value of the same element */
};

struct cw_roll_operand {
    enum cw_roll_relation relation;
    uint32_t from; /* CW_ROLL_COLUMN: the family */
};

struct cw_roll_family {
    LLVMValueRef *list; /* gone once the loop is made */
    LLVMOpcode opcode;
    LLVMTypeRef type;
    LLVMBasicBlockRef block;
    struct cw_roll_operand operands[CW_ROLL_OPERANDS_MAX]; /* phis: by incoming block */
    unsigned operand_count;
    LLVMValueRef base;       /* loads and stores: element k is at base + offset + k * step */
    int64_t offset, step;
    bool live, chain, stored; /* chain: some operand is PREVIOUS; stored: its values leave their unit */
    uint32_t unit, web;
    LLVMValueRef made; /* in the loop */
};

struct cw_roll {
    LLVMModuleRef llvm;
    LLVMValueRef function;
    unsigned size; /* elements */
    struct cw_roll_family *families;
    uint32_t family_count;
    /* Where a value stands: hashed by its address. */
    struct cw_roll_member {
        LLVMValueRef value;
        uint32_t family, element;
    } *members;
    size_t member_room;
    uint32_t unit_count, web_count;
};

static inline bool cw_roll_is_memory(const struct cw_roll_family *f) {
    return f->opcode == LLVMLoad || f->opcode == LLVMStore;
}

const struct cw_roll_member *cw_roll_find(const struct cw_roll *r, LLVMValueRef value);
/* The operand that says what a family's element works with: of a phi, its value from incoming block `k` of element 0. */
LLVMValueRef cw_roll_operand(const struct cw_roll_family *f, unsigned element, unsigned k);
/* True of a call or instruction that neither reads nor writes memory, and whose result depends on its operands alone. */
bool cw_roll_is_pure(LLVMValueRef i);

/* roll_check.c: numbers units and webs; false: the families can't become loops. */
bool cw_roll_settle(struct cw_roll *r);
/* roll_emit.c */
void cw_roll_emit(struct cw_roll *r);

#endif
