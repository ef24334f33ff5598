/* SPDX-License-Identifier: Apache-2.0 */
/* equal.c: whether two modules are the same but for places in the text. Tests hold the printer and the parser against it. */
#include <string.h>

#include "frontend/ptx/ast.h"

static bool same_text(const char *a, const char *b) {
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* The same declaration, told by its name and kind and, for labels, its number. */
static bool same_reference(const struct cw_ptx_symbol *a, const struct cw_ptx_symbol *b) {
    if (a == NULL || b == NULL) {
        return a == b;
    }
    return a->kind == b->kind && strcmp(a->name, b->name) == 0 && a->number == b->number && a->space == b->space &&
           a->type == b->type && a->size == b->size;
}

static bool same_register(const struct cw_ptx_register *a, const struct cw_ptx_register *b) {
    if (a == NULL || b == NULL) {
        return a == b;
    }
    return a->number == b->number && a->index == b->index && strcmp(a->name, b->name) == 0 &&
           same_reference(a->symbol, b->symbol);
}

static bool same_initials(const struct cw_ptx_symbol *a, const struct cw_ptx_symbol *b) {
    if (a->initialised != b->initialised || a->initial_count != b->initial_count) {
        return false;
    }
    for (uint32_t i = 0; i < a->initial_count; i++) {
        const struct cw_ptx_initial *x = &a->initials[i], *y = &b->initials[i];
        if (x->index != y->index || x->kind != y->kind || x->bits != y->bits || x->generic != y->generic ||
            x->masked != y->masked || x->mask != y->mask || !same_reference(x->symbol, y->symbol)) {
            return false;
        }
    }
    return true;
}

static bool same_function(const struct cw_ptx_function *a, const struct cw_ptx_function *b);

static bool same_symbol(const struct cw_ptx_symbol *a, const struct cw_ptx_symbol *b) {
    if (!same_reference(a, b) || a->linkage != b->linkage || a->vector != b->vector ||
        a->dimension_count != b->dimension_count || a->unsized != b->unsized || a->align != b->align ||
        a->align_given != b->align_given || a->range != b->range || a->bank != b->bank || a->managed != b->managed ||
        a->unified != b->unified || a->unified_id[0] != b->unified_id[0] || a->unified_id[1] != b->unified_id[1] ||
        a->parameter != b->parameter || a->param_index != b->param_index || a->pointer != b->pointer ||
        a->pointer_space != b->pointer_space || a->pointer_align != b->pointer_align ||
        a->target_count != b->target_count || a->calls != b->calls || !same_text(a->settings, b->settings)) {
        return false;
    }
    for (unsigned i = 0; i < a->dimension_count; i++) {
        if (a->dimensions[i] != b->dimensions[i]) {
            return false;
        }
    }
    for (uint32_t i = 0; i < a->target_count; i++) {
        if (!same_reference(a->targets[i], b->targets[i])) {
            return false;
        }
    }
    return same_initials(a, b) && (a->kind != CW_PTX_SYMBOL_PROTOTYPE || same_function(a->function, b->function));
}

static bool same_list(struct cw_ptx_symbol *const *a, uint32_t a_count, struct cw_ptx_symbol *const *b,
                      uint32_t b_count) {
    if (a_count != b_count) {
        return false;
    }
    for (uint32_t i = 0; i < a_count; i++) {
        if (!same_symbol(a[i], b[i])) {
            return false;
        }
    }
    return true;
}

static bool same_operand(const struct cw_ptx_operand *a, const struct cw_ptx_operand *b) {
    if (a->kind != b->kind || a->component != b->component || a->selector != b->selector ||
        a->selector_count != b->selector_count || a->selector_digits != b->selector_digits ||
        a->negated != b->negated || a->is_unsigned != b->is_unsigned || a->index != b->index ||
        a->special != b->special || a->count != b->count) {
        return false;
    }
    switch (a->kind) {
    case CW_PTX_OPERAND_REGISTER:
        return same_register(a->reg, b->reg) && same_register(a->second, b->second);
    case CW_PTX_OPERAND_SINK:
        return same_register(a->second, b->second);
    case CW_PTX_OPERAND_SYMBOL:
        return same_reference(a->symbol, b->symbol) && a->offset == b->offset;
    case CW_PTX_OPERAND_INTEGER:
    case CW_PTX_OPERAND_FLOAT:
        return a->bits == b->bits;
    case CW_PTX_OPERAND_ADDRESS:
    case CW_PTX_OPERAND_VECTOR:
    case CW_PTX_OPERAND_LIST:
        break;
    default:
        return true;
    }
    if (a->kind == CW_PTX_OPERAND_ADDRESS ? a->offset != b->offset
                                          : a->kind == CW_PTX_OPERAND_VECTOR && !same_register(a->second, b->second)) {
        return false;
    }
    for (uint32_t i = 0; i < a->count; i++) {
        if (!same_operand(&a->items[i], &b->items[i])) {
            return false;
        }
    }
    return true;
}

static bool same_instruction(const struct cw_ptx_instruction *a, const struct cw_ptx_instruction *b) {
    if (a->form != b->form || a->opcode != b->opcode || a->modifier_count != b->modifier_count ||
        a->type_count != b->type_count || a->operand_count != b->operand_count ||
        a->guard_negated != b->guard_negated || !same_register(a->guard, b->guard) ||
        !same_reference(a->targets, b->targets) || memcmp(a->modifiers, b->modifiers, sizeof(a->modifiers)) != 0 ||
        memcmp(a->slots, b->slots, sizeof(a->slots)) != 0 || memcmp(a->types, b->types, sizeof(a->types)) != 0) {
        return false;
    }
    for (unsigned i = 0; i < a->operand_count; i++) {
        if (!same_operand(&a->operands[i], &b->operands[i])) {
            return false;
        }
    }
    return true;
}

static bool same_loc(const struct cw_ptx_loc *a, const struct cw_ptx_loc *b) {
    return a->file == b->file && a->line == b->line && a->column == b->column &&
           same_text(a->function_name, b->function_name) && a->function_offset == b->function_offset &&
           a->inlined_file == b->inlined_file && a->inlined_line == b->inlined_line &&
           a->inlined_column == b->inlined_column;
}

static bool same_block(const struct cw_ptx_block *a, const struct cw_ptx_block *b);

static bool same_statement(const struct cw_ptx_statement *a, const struct cw_ptx_statement *b) {
    if (a->kind != b->kind) {
        return false;
    }
    switch (a->kind) {
    case CW_PTX_STATEMENT_INSTRUCTION:
        return same_instruction(a->instruction, b->instruction);
    case CW_PTX_STATEMENT_BLOCK:
        return same_block(a->block, b->block);
    case CW_PTX_STATEMENT_LOC:
        return same_loc(a->loc, b->loc);
    case CW_PTX_STATEMENT_PRAGMA:
        return same_text(a->text, b->text);
    default:
        return same_symbol(a->symbol, b->symbol);
    }
}

static bool same_block(const struct cw_ptx_block *a, const struct cw_ptx_block *b) {
    if (a == NULL || b == NULL || a->count != b->count) {
        return a == b;
    }
    for (uint32_t i = 0; i < a->count; i++) {
        if (!same_statement(&a->statements[i], &b->statements[i])) {
            return false;
        }
    }
    return true;
}

static bool same_function(const struct cw_ptx_function *a, const struct cw_ptx_function *b) {
    if (!same_reference(a->symbol, b->symbol) || a->symbol->linkage != b->symbol->linkage || a->entry != b->entry ||
        !same_list(a->params, a->param_count, b->params, b->param_count) ||
        !same_list(a->results, a->result_count, b->results, b->result_count) ||
        memcmp(a->maxntid, b->maxntid, sizeof(a->maxntid)) != 0 ||
        memcmp(a->reqntid, b->reqntid, sizeof(a->reqntid)) != 0 ||
        memcmp(a->reqnctapercluster, b->reqnctapercluster, sizeof(a->reqnctapercluster)) != 0 ||
        a->minnctapersm != b->minnctapersm || a->maxnctapersm != b->maxnctapersm || a->maxnreg != b->maxnreg ||
        a->maxclusterrank != b->maxclusterrank || a->explicitcluster != b->explicitcluster ||
        a->blocksareclusters != b->blocksareclusters || a->noreturn != b->noreturn ||
        a->pragma_count != b->pragma_count || a->abi_preserve != b->abi_preserve ||
        a->abi_preserve_control != b->abi_preserve_control || a->register_count != b->register_count ||
        a->label_count != b->label_count || (a->definition == NULL) != (b->definition == NULL)) {
        return false;
    }
    for (uint32_t i = 0; i < a->pragma_count; i++) {
        if (!same_text(a->pragmas[i], b->pragmas[i])) {
            return false;
        }
    }
    for (uint32_t i = 0; i < a->register_count; i++) {
        if (!same_register(a->registers[i], b->registers[i])) {
            return false;
        }
    }
    return (a->body == NULL && b->body == NULL) || same_block(a->body, b->body);
}

static bool same_item(const struct cw_ptx_item *a, const struct cw_ptx_item *b) {
    if (a->kind != b->kind || a->number != b->number || a->timestamp != b->timestamp || a->file_size != b->file_size ||
        a->stamped != b->stamped || !same_text(a->text, b->text) || !same_text(a->content, b->content)) {
        return false;
    }
    switch (a->kind) {
    case CW_PTX_ITEM_VARIABLE:
        return same_symbol(a->symbol, b->symbol);
    case CW_PTX_ITEM_FUNCTION:
        return same_function(a->function, b->function);
    case CW_PTX_ITEM_ALIAS:
        return same_reference(a->symbol, b->symbol) && same_reference(a->aliasee, b->aliasee);
    default:
        return true;
    }
}

bool cw_ptx_equal(const struct cw_ptx_module *a, const struct cw_ptx_module *b) {
    if (a->isa != b->isa || a->sm != b->sm || a->sm_suffix != b->sm_suffix ||
        a->texmode_independent != b->texmode_independent || a->debug != b->debug ||
        a->map_f64_to_f32 != b->map_f64_to_f32 || a->address_size != b->address_size ||
        a->item_count != b->item_count || (a->inline_body == NULL) != (b->inline_body == NULL)) {
        return false;
    }
    for (uint32_t i = 0; i < a->item_count; i++) {
        if (!same_item(&a->items[i], &b->items[i])) {
            return false;
        }
    }
    return a->inline_body == NULL || same_function(a->inline_body, b->inline_body);
}
