/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_call.c: call (PTX ISA 9.7.12.5, 7.1): direct calls against the function's declaration, indirect ones against their
 * prototype or list of targets.
 */
#include <stdlib.h>
#include <string.h>

#include "frontend/ptx/parser.h"

/* Sorts what was written into results, target, arguments and prototype. */
static bool split(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction,
                  struct cw_ptx_operand parts[3]) {
    struct cw_ptx_operand *given = instruction->operands;
    unsigned count = instruction->operand_count, next = 0;
    for (unsigned i = 0; i < 3; i++) {
        parts[i] = (struct cw_ptx_operand){
            .kind = CW_PTX_OPERAND_LIST, .component = CW_PTX_NO_COMPONENT, .span = instruction->span};
    }
    if (next < count && given[next].kind == CW_PTX_OPERAND_LIST) {
        parts[0] = given[next++];
    }
    if (next == count || (given[next].kind != CW_PTX_OPERAND_SYMBOL && given[next].kind != CW_PTX_OPERAND_REGISTER)) {
        return cw_ptx_error(parser, instruction->span, "9.7.12.5",
                            "call wants a function, or a register with its address");
    }
    parts[1] = given[next++];
    if (next < count && given[next].kind == CW_PTX_OPERAND_LIST) {
        parts[2] = given[next++];
    }
    if (next < count) {
        struct cw_ptx_operand *last = &given[next++];
        if (last->kind != CW_PTX_OPERAND_SYMBOL ||
            (last->symbol->kind != CW_PTX_SYMBOL_PROTOTYPE &&
             !(last->symbol->kind == CW_PTX_SYMBOL_TARGETS && last->symbol->calls))) {
            return cw_ptx_error(
                parser, last->span, "9.7.12.5",
                "the last operand of an indirect call names a .callprototype or .calltargets that stands before it");
        }
        instruction->targets = last->symbol;
    }
    return next == count || cw_ptx_error(parser, given[next].span, "9.7.12.5",
                                         "call has at most results, a function, arguments and a prototype");
}

/* One actual against its formal: a .param variable of the same size, or a scalar of an agreeing type. */
static bool check_actual(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction,
                         struct cw_ptx_operand *actual, const struct cw_ptx_symbol *formal, bool result) {
    if (actual->kind == CW_PTX_OPERAND_SINK && result) {
        return true;
    }
    const char *what = result ? "result" : "argument";
    if (actual->kind == CW_PTX_OPERAND_SYMBOL && actual->symbol->kind == CW_PTX_SYMBOL_VARIABLE &&
        actual->symbol->space == CW_PTX_PARAM) {
        if (actual->offset != 0 || actual->symbol->size != formal->size ||
            (formal->space == CW_PTX_REG && formal->size != 0)) {
            return cw_ptx_error(parser, actual->span, "7.1", "%s '%.80s' has %llu bytes, '%.80s' is declared with %llu",
                                what, actual->symbol->name, (unsigned long long)actual->symbol->size, formal->name,
                                (unsigned long long)formal->size);
        }
        if (actual->symbol->align < formal->align) {
            return cw_ptx_error(parser, actual->span, "7.1",
                                "%s '%.80s' is aligned to %u bytes, '%.80s' is declared with %u", what,
                                actual->symbol->name, actual->symbol->align, formal->name, formal->align);
        }
        return true;
    }
    if (formal->dimension_count > 0 || formal->vector > 1) {
        return cw_ptx_error(parser, actual->span, "7.1",
                            "'%.80s' is declared as an array: the %s is a variable in .param", formal->name, what);
    }
    return cw_ptx_check_scalar(parser, instruction, actual, formal->type, result, false);
}

static bool check_list(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction,
                       struct cw_ptx_operand *list, struct cw_ptx_symbol *const *formals, uint32_t count, bool result) {
    bool variadic = count > 0 && formals[count - 1]->unsized;
    if (list->count != count && !(variadic && list->count + 1 >= count)) {
        return cw_ptx_error(parser, list->span, "9.7.12.5", "the function has %u %s%s, the call %u", count,
                            result ? "result" : "parameter", count == 1 ? "" : "s", list->count);
    }
    for (uint32_t i = 0; i < list->count; i++) {
        if (i + 1 >= count && variadic) {
            continue;
        }
        if (!check_actual(parser, instruction, &list->items[i], formals[i], result)) {
            return false;
        }
    }
    return true;
}

static bool check_against(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction,
                          const struct cw_ptx_function *function) {
    return check_list(parser, instruction, &instruction->operands[0], function->results, function->result_count,
                      true) &&
           check_list(parser, instruction, &instruction->operands[2], function->params, function->param_count, false);
}

static bool check_indirect(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction) {
    struct cw_ptx_operand *target = &instruction->operands[1];
    enum cw_ptx_word want = parser->module->address_size == 64 ? CW_PTX_U64 : CW_PTX_U32;
    if (instruction->targets == NULL) {
        return cw_ptx_error(parser, instruction->span, "9.7.12.5",
                            "an indirect call names its .callprototype or .calltargets");
    }
    if (!cw_ptx_check_scalar(parser, instruction, target, want, false, false)) {
        return false;
    }
    const struct cw_ptx_symbol *targets = instruction->targets;
    if (targets->kind == CW_PTX_SYMBOL_PROTOTYPE) {
        return check_against(parser, instruction, targets->function);
    }
    for (uint32_t i = 0; i < targets->target_count; i++) {
        if (!check_against(parser, instruction, targets->targets[i]->function)) {
            return false;
        }
    }
    return true;
}

/* The surrounding module knows the function: only what needs no declaration is checked. */
static bool check_foreign(struct cw_ptx_parser *parser, const struct cw_ptx_instruction *instruction) {
    const struct cw_ptx_operand *target = &instruction->operands[1];
    return !cw_ptx_is_unknown(parser, target->symbol) ||
           cw_ptx_error(parser, target->span, "4.4", "'%.80s' is not declared", target->symbol->name);
}

bool cw_ptx_check_call(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction) {
    struct cw_ptx_operand parts[3];
    if (!split(parser, instruction, parts)) {
        return false;
    }
    instruction->operands = cw_ptx_new(parser, 3, sizeof(parts[0]));
    instruction->operand_count = 3;
    memcpy(instruction->operands, parts, sizeof(parts));
    const struct cw_ptx_operand *target = &instruction->operands[1];
    if (target->kind == CW_PTX_OPERAND_REGISTER) {
        return check_indirect(parser, instruction);
    }
    if (target->symbol->kind == CW_PTX_SYMBOL_FOREIGN) {
        return check_foreign(parser, instruction);
    }
    if (target->symbol->kind != CW_PTX_SYMBOL_FUNCTION) {
        return cw_ptx_error(parser, target->span, "9.7.12.5", "'%.80s' is no function", target->symbol->name);
    }
    if (target->symbol->function->entry) {
        return cw_ptx_error(parser, target->span, "9.7.12.5", "'%.80s' is a kernel; only .func can be called",
                            target->symbol->name);
    }
    return check_against(parser, instruction, target->symbol->function);
}
