/* SPDX-License-Identifier: Apache-2.0 */
/* instruction.c: one instruction as text (PTX ISA 4.3.2): guard, mnemonic, modifiers, operands. What it means: check.c. */
#include <stdlib.h>
#include <string.h>

#include "frontend/ptx/parser.h"

#define WORDS_MAX 32u

/* What is not there yet, by how it begins. Longer beginnings stand first. */
static const struct {
    const char *beginning, *name, *section, *instead;
} refused[] = {
    {"cp.async.bulk.tensor", "tensor copies (cp.async.bulk.tensor)", "9.7.9.27", "cp.async.bulk, cp.async and plain loads and stores are"},
    {"cp.async.bulk.prefetch.tensor", "tensor copies (cp.async.bulk.prefetch.tensor)", "9.7.9.27", "cp.async.bulk.prefetch is"},
    {"cp.reduce.async.bulk.tensor", "tensor reductions (cp.reduce.async.bulk.tensor)", "9.7.9.27", "cp.reduce.async.bulk, red and atom are"},
    {"wgmma", "warpgroup matrix instructions (wgmma)", "9.7.15", "wmma and mma.sync are"},
    {"tcgen05", "fifth-generation tensor instructions (tcgen05)", "9.7.16", "wmma and mma.sync are"},
    {"multimem", "multi-memory instructions (multimem)", "9.7.9.14", "ld, st and red on each device are"},
    {"tensormap", "tensor maps (tensormap)", "9.7.9.28", "cp.async.bulk, cp.async and plain loads and stores are"},
    {"prefetch.tensormap", "tensor maps (prefetch.tensormap)", "9.7.9.15", "cp.async.bulk, cp.async and plain loads and stores are"},
    {"prefetch.const.tensormap", "tensor maps (prefetch.tensormap)", "9.7.9.15", "cp.async.bulk, cp.async and plain loads and stores are"},
    {"prefetch.param.tensormap", "tensor maps (prefetch.tensormap)", "9.7.9.15", "cp.async.bulk, cp.async and plain loads and stores are"},
    {"fence.proxy.tensormap::generic", "tensor maps (fence.proxy.tensormap)", "9.7.13.4", "the other fences are"},
    {"clusterlaunchcontrol", "cluster launch control (clusterlaunchcontrol, sm_100)", "9.7.13.17", "fixed grids are"},
    {"st.bulk", "bulk stores (st.bulk, sm_100)", "9.7.9.13", "st is"},
};

struct reading {
    struct cw_ptx_instruction head; /* guard, span */
    struct cw_ptx_span word_spans[WORDS_MAX];
    const char *texts[WORDS_MAX];
    size_t lengths[WORDS_MAX];
    uint16_t words[WORDS_MAX];
    unsigned count;
};

static bool read_guard(struct cw_ptx_parser *parser, struct cw_ptx_instruction *head) {
    cw_ptx_next(parser);
    head->guard_negated = cw_ptx_take_sign(parser, '!');
    if (parser->token.kind != CW_PTX_TOKEN_NAME) {
        return cw_ptx_unexpected(parser, "a predicate register");
    }
    struct cw_ptx_name *name = cw_ptx_intern(parser, parser->token.text, parser->token.length);
    head->guard = cw_ptx_register_find(parser, name);
    if (head->guard == NULL || head->guard->symbol->type != CW_PTX_PRED) {
        return cw_ptx_error(parser, parser->token.span, "9.3",
                            head->guard == NULL ? "'%.80s' is not declared"
                                                : "'%.80s' guards the instruction, but is no predicate",
                            name->text);
    }
    cw_ptx_next(parser);
    return true;
}

static bool begins(const struct reading *reading, const struct cw_ptx_token *mnemonic, const char *beginning) {
    const char *p = beginning;
    if (strncmp(p, mnemonic->text, mnemonic->length) != 0) {
        return false;
    }
    p += mnemonic->length;
    for (unsigned i = 0; *p == '.' && i < reading->count; i++) {
        if (strncmp(p + 1, reading->texts[i], reading->lengths[i]) != 0) {
            return false;
        }
        p += 1 + reading->lengths[i];
    }
    return *p == '\0';
}

static bool refuse(struct cw_ptx_parser *parser, const struct reading *reading, const struct cw_ptx_token *mnemonic,
                   bool *is_refused) {
    for (unsigned i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        if (begins(reading, mnemonic, refused[i].beginning)) {
            *is_refused = true;
            return cw_ptx_error(parser, mnemonic->span, refused[i].section, "%s are not supported yet; %s",
                                refused[i].name, refused[i].instead);
        }
    }
    *is_refused = false;
    return true;
}

/* The dotted words, and the opcode they make. */
static bool read_words(struct cw_ptx_parser *parser, const struct cw_ptx_token *mnemonic, struct reading *reading) {
    while (parser->token.kind == CW_PTX_TOKEN_DOT) {
        if (reading->count == WORDS_MAX) {
            return cw_ptx_error(parser, parser->token.span, "", "the instruction has more than %u modifiers",
                                WORDS_MAX);
        }
        unsigned i = reading->count++;
        reading->texts[i] = parser->token.text;
        reading->lengths[i] = parser->token.length;
        reading->word_spans[i] = parser->token.span;
        reading->words[i] = (uint16_t)cw_ptx_word_find(parser->token.text, parser->token.length);
        cw_ptx_next(parser);
    }
    bool is_refused;
    if (!refuse(parser, reading, mnemonic, &is_refused)) {
        return false;
    }
    reading->head.opcode = cw_ptx_opcode_find(mnemonic->text, mnemonic->length);
    if (reading->head.opcode == CW_PTX_OPCODE_COUNT) {
        int shown = mnemonic->length > 60 ? 60 : (int)mnemonic->length;
        return cw_ptx_error(parser, mnemonic->span, "9.7", "there is no instruction '%.*s'", shown, mnemonic->text);
    }
    for (unsigned i = 0; i < reading->count; i++) {
        if (reading->words[i] == CW_PTX_NONE) {
            int shown = reading->lengths[i] > 60 ? 60 : (int)reading->lengths[i];
            return cw_ptx_error(parser, reading->word_spans[i], "9.7", "'.%.*s' is no modifier that '%s' has on targets up to sm_90", shown,
                                reading->texts[i], cw_ptx_opcode_text(reading->head.opcode));
        }
    }
    return true;
}

/* Operands up to the `;`. call's may have lists. */
static bool read_operands(struct cw_ptx_parser *parser, bool lists, struct cw_ptx_operand *operands, unsigned *count) {
    *count = 0;
    if (cw_ptx_take_sign(parser, ';')) {
        return true;
    }
    do {
        if (*count == CW_PTX_OPERANDS_MAX) {
            return cw_ptx_error(parser, parser->token.span, "", "the instruction has more than %u operands",
                                CW_PTX_OPERANDS_MAX);
        }
        if (!cw_ptx_operand(parser, lists, &operands[*count])) {
            return false;
        }
        (*count)++;
    } while (cw_ptx_take_sign(parser, ','));
    return cw_ptx_expect_sign(parser, ';');
}

bool cw_ptx_instruction(struct cw_ptx_parser *parser, const struct cw_ptx_token *name) {
    struct reading reading = {0};
    struct cw_ptx_token mnemonic;
    if (name != NULL) {
        mnemonic = *name;
    } else {
        if (!read_guard(parser, &reading.head)) {
            return false;
        }
        if (parser->token.kind != CW_PTX_TOKEN_NAME) {
            return cw_ptx_unexpected(parser, "an instruction");
        }
        mnemonic = parser->token;
        cw_ptx_next(parser);
    }
    reading.head.span = mnemonic.span;
    struct cw_ptx_operand operands[CW_PTX_OPERANDS_MAX];
    unsigned count;
    if (!read_words(parser, &mnemonic, &reading) ||
        !read_operands(parser, reading.head.opcode == CW_PTX_OP_CALL, operands, &count)) {
        return false;
    }
    struct cw_ptx_instruction *instruction = cw_ptx_new(parser, 1, sizeof(*instruction));
    *instruction = reading.head;
    if (!cw_ptx_check_instruction(parser, instruction, reading.words, reading.word_spans, reading.count, operands,
                                  count)) {
        /* The `;` is behind us: reading goes on with the next statement, not with the one after it. */
        return true;
    }
    struct cw_ptx_statement statement = {
        .kind = CW_PTX_STATEMENT_INSTRUCTION, .span = mnemonic.span, .instruction = instruction};
    return cw_ptx_add_statement(parser, &statement);
}
