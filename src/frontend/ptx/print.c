/* SPDX-License-Identifier: Apache-2.0 */
/*
 * print.c: the tree as text. One declaration a name, modifiers in the table's order, constants folded, floating-point ones by
 * their bits: what is read back is equal (equal.c), though not every character of the source is kept.
 */
#include <inttypes.h>
#include <string.h>

#include "frontend/ptx/table.h"

/* ---- Constants ----------------------------------------------------------------------------------------------- */

static void print_integer(uint64_t bits, bool is_unsigned, struct cw_text *out) {
    if (is_unsigned) {
        cw_text_printf(out, "%" PRIu64 "U", bits);
    } else if (bits == (uint64_t)INT64_MIN) {
        cw_text_add(out, "(.s64)0x8000000000000000"); /* its digits would be unsigned */
    } else {
        cw_text_printf(out, "%" PRId64, (int64_t)bits);
    }
}

static uint32_t single_of_half(uint32_t half) {
    uint32_t sign = (half & 0x8000u) << 16, exponent = (half >> 10) & 31u, fraction = half & 0x3ffu;
    if (exponent == 31) {
        return sign | 0x7f800000u | fraction << 13;
    }
    if (exponent == 0) {
        float size = (float)fraction * 0x1p-24f;
        uint32_t bits;
        memcpy(&bits, &size, sizeof(bits));
        return sign | bits;
    }
    return sign | (exponent + 112) << 23 | fraction << 13;
}

static void print_float(enum cw_ptx_word type, uint64_t bits, struct cw_text *out) {
    if (cw_ptx_type_bits(type) == 64) {
        cw_text_printf(out, "0d%016" PRIX64, bits);
    } else if (type == CW_PTX_F16) {
        cw_text_printf(out, "0f%08" PRIX32, single_of_half((uint32_t)bits));
    } else if (type == CW_PTX_BF16) {
        cw_text_printf(out, "0f%08" PRIX32, (uint32_t)bits << 16);
    } else {
        cw_text_printf(out, "0f%08" PRIX32, (uint32_t)bits);
    }
}

static void print_offset(int64_t offset, struct cw_text *out) {
    if (offset != 0) {
        cw_text_printf(out, "+%" PRId64, offset);
    }
}

/* ---- Declarations -------------------------------------------------------------------------------------------- */

struct initial_printer {
    const struct cw_ptx_symbol *symbol;
    uint64_t counts[CW_PTX_DIMENSIONS_MAX + 1];
    uint64_t strides[CW_PTX_DIMENSIONS_MAX + 2];
    unsigned levels;
    uint32_t next; /* of the initials */
    struct cw_text *out;
};

static void print_initial(const struct cw_ptx_symbol *symbol, const struct cw_ptx_initial *item, struct cw_text *out) {
    switch (item->kind) {
    case CW_PTX_INITIAL_INTEGER:
        cw_text_printf(out, "%" PRIu64, item->bits);
        return;
    case CW_PTX_INITIAL_FLOAT:
        print_float(symbol->type, item->bits, out);
        return;
    default:
        break;
    }
    if (item->masked) {
        cw_text_printf(out, "0x%" PRIX64 "(", (uint64_t)0xff << item->mask);
    }
    cw_text_printf(out, item->generic ? "generic(%s)" : "%s", item->symbol->name);
    print_offset((int64_t)item->bits, out);
    if (item->masked) {
        cw_text_add(out, ")");
    }
}

/* The braces of one level: its elements up to the last one that has a value. */
static void print_level(struct initial_printer *printer, unsigned level, uint64_t base) {
    const struct cw_ptx_symbol *symbol = printer->symbol;
    uint64_t end = base + printer->strides[level], step = printer->strides[level + 1];
    cw_text_add(printer->out, "{");
    for (uint64_t place = base; printer->next < symbol->initial_count && symbol->initials[printer->next].index < end;
         place += step) {
        if (place > base) {
            cw_text_add(printer->out, ", ");
        }
        if (level + 1 < printer->levels) {
            print_level(printer, level + 1, place);
        } else {
            print_initial(symbol, &symbol->initials[printer->next++], printer->out);
        }
    }
    cw_text_add(printer->out, "}");
}

static void print_initialiser(const struct cw_ptx_symbol *symbol, struct cw_text *out) {
    if (symbol->settings != NULL) {
        cw_text_printf(out, " = {%s}", symbol->settings);
        return;
    }
    struct initial_printer printer = {.symbol = symbol, .out = out};
    for (unsigned i = 0; i < symbol->dimension_count; i++) {
        printer.counts[printer.levels++] = symbol->dimensions[i];
    }
    if (symbol->vector > 1) {
        printer.counts[printer.levels++] = symbol->vector;
    }
    cw_text_add(out, " = ");
    printer.strides[printer.levels] = 1;
    for (unsigned i = printer.levels; i-- > 0;) {
        printer.strides[i] = printer.strides[i + 1] * printer.counts[i];
    }
    if (printer.levels == 0 && symbol->initial_count == 1) {
        print_initial(symbol, &symbol->initials[0], out);
    } else if (symbol->initial_count == 0) {
        cw_text_add(out, "{}");
    } else {
        print_level(&printer, 0, 0);
    }
}

static const char *linkage_text(enum cw_ptx_linkage linkage) {
    switch (linkage) {
    case CW_PTX_LINKAGE_EXTERN:
        return ".extern ";
    case CW_PTX_LINKAGE_VISIBLE:
        return ".visible ";
    case CW_PTX_LINKAGE_WEAK:
        return ".weak ";
    case CW_PTX_LINKAGE_COMMON:
        return ".common ";
    default:
        return "";
    }
}

static void print_variable(const struct cw_ptx_symbol *symbol, struct cw_text *out) {
    cw_text_printf(out, "%s.%s", linkage_text(symbol->linkage), cw_ptx_word_text(symbol->space));
    if (symbol->bank != 0) {
        cw_text_printf(out, "[%u]", symbol->bank);
    }
    if (symbol->managed) {
        cw_text_add(out, " .attribute(.managed)");
    }
    if (symbol->unified) {
        cw_text_printf(out, " .attribute(.unified(%" PRIu64 "U, %" PRIu64 "U))", symbol->unified_id[0],
                       symbol->unified_id[1]);
    }
    if (symbol->align_given) {
        cw_text_printf(out, " .align %u", symbol->align);
    }
    if (symbol->vector > 1) {
        cw_text_printf(out, " .v%u", symbol->vector);
    }
    cw_text_printf(out, " .%s", cw_ptx_word_text(symbol->type));
    if (symbol->pointer) {
        cw_text_add(out, " .ptr");
        if (symbol->pointer_space != CW_PTX_NONE) {
            cw_text_printf(out, " .%s", cw_ptx_word_text(symbol->pointer_space));
        }
        if (symbol->pointer_align != 0) {
            cw_text_printf(out, " .align %u", symbol->pointer_align);
        }
    }
    cw_text_printf(out, " %s", symbol->name);
    if (symbol->range != 0) {
        cw_text_printf(out, "<%u>", symbol->range);
    }
    for (unsigned i = 0; i < symbol->dimension_count; i++) {
        if (i == 0 && symbol->unsized) {
            cw_text_add(out, "[]");
        } else {
            cw_text_printf(out, "[%" PRIu64 "]", symbol->dimensions[i]);
        }
    }
    if (symbol->initialised) {
        print_initialiser(symbol, out);
    }
}

static void print_parameters(struct cw_ptx_symbol *const *list, uint32_t count, struct cw_text *out) {
    cw_text_add(out, "(");
    for (uint32_t i = 0; i < count; i++) {
        cw_text_add(out, i == 0 ? "" : ", ");
        print_variable(list[i], out);
    }
    cw_text_add(out, ")");
}

/* ---- Instructions -------------------------------------------------------------------------------------------- */

static void print_operand(const struct cw_ptx_operand *operand, struct cw_text *out);

static void print_items(const struct cw_ptx_operand *operand, const char *begin, const char *end, struct cw_text *out) {
    cw_text_add(out, begin);
    for (uint32_t i = 0; i < operand->count; i++) {
        cw_text_add(out, i == 0 ? "" : ", ");
        print_operand(&operand->items[i], out);
    }
    cw_text_add(out, end);
}

static void print_component(const struct cw_ptx_operand *operand, struct cw_text *out) {
    if (operand->component != CW_PTX_NO_COMPONENT) {
        cw_text_printf(out, ".%c", "xyzw"[operand->component]);
    }
    if (operand->selector != 0) {
        cw_text_printf(out, ".%c", operand->selector);
        for (unsigned i = operand->selector_count; i-- > 0;) {
            cw_text_printf(out, "%u", (operand->selector_digits >> (4 * i)) & 15u);
        }
    }
}

static void print_address(const struct cw_ptx_operand *operand, struct cw_text *out) {
    cw_text_add(out, "[");
    print_operand(&operand->items[0], out);
    print_offset(operand->offset, out);
    for (uint32_t i = 1; i < operand->count; i++) {
        cw_text_add(out, ", ");
        print_operand(&operand->items[i], out);
    }
    cw_text_add(out, "]");
}

static void print_second(const struct cw_ptx_operand *operand, struct cw_text *out) {
    if (operand->second != NULL) {
        cw_text_printf(out, "|%s", operand->second->name);
    }
}

static void print_operand(const struct cw_ptx_operand *operand, struct cw_text *out) {
    switch (operand->kind) {
    case CW_PTX_OPERAND_REGISTER:
        if (operand->negated) {
            cw_text_add(out, operand->reg->symbol->type == CW_PTX_PRED ? "!" : "-");
        }
        cw_text_add(out, operand->reg->name);
        print_component(operand, out);
        print_second(operand, out);
        break;
    case CW_PTX_OPERAND_SINK:
        cw_text_add(out, "_");
        print_second(operand, out);
        break;
    case CW_PTX_OPERAND_SPECIAL:
        cw_text_add(out, cw_ptx_specials[operand->special].text);
        if (cw_ptx_specials[operand->special].count > 0) {
            cw_text_printf(out, "%u", operand->index);
        }
        print_component(operand, out);
        break;
    case CW_PTX_OPERAND_INTEGER:
        print_integer(operand->bits, operand->is_unsigned, out);
        break;
    case CW_PTX_OPERAND_FLOAT:
        print_float((enum cw_ptx_word)operand->special, operand->bits, out);
        break;
    case CW_PTX_OPERAND_SYMBOL:
        cw_text_add(out, operand->symbol->name);
        print_offset(operand->offset, out);
        break;
    case CW_PTX_OPERAND_ADDRESS:
        print_address(operand, out);
        break;
    case CW_PTX_OPERAND_VECTOR:
        print_items(operand, "{", "}", out);
        print_second(operand, out);
        break;
    case CW_PTX_OPERAND_LIST:
        print_items(operand, "(", ")", out);
        break;
    default:
        break;
    }
}

void cw_ptx_print_instruction(const struct cw_ptx_instruction *instruction, struct cw_text *out) {
    if (instruction->guard != NULL) {
        cw_text_printf(out, "@%s%s ", instruction->guard_negated ? "!" : "", instruction->guard->name);
    }
    cw_text_add(out, cw_ptx_opcode_text(instruction->opcode));
    for (unsigned i = 0; i < instruction->modifier_count; i++) {
        cw_text_printf(out, ".%s", cw_ptx_word_text((enum cw_ptx_word)instruction->modifiers[i]));
    }
    const char *separator = " ";
    for (unsigned i = 0; i < instruction->operand_count; i++) {
        const struct cw_ptx_operand *operand = &instruction->operands[i];
        if (operand->kind == CW_PTX_OPERAND_NONE || (operand->kind == CW_PTX_OPERAND_LIST && operand->count == 0)) {
            continue;
        }
        cw_text_add(out, separator);
        print_operand(operand, out);
        separator = ", ";
    }
    if (instruction->targets != NULL) {
        cw_text_printf(out, ", %s", instruction->targets->name);
    }
    cw_text_add(out, ";");
}

/* ---- Statements and functions -------------------------------------------------------------------------------- */

static void indent(unsigned depth, struct cw_text *out) {
    for (unsigned i = 0; i < depth; i++) {
        cw_text_add(out, "\t");
    }
}

static void print_function_directives(const struct cw_ptx_function *function, struct cw_text *out);

static void print_prototype(const struct cw_ptx_symbol *symbol, struct cw_text *out) {
    const struct cw_ptx_function *function = symbol->function;
    cw_text_printf(out, "%s: .callprototype ", symbol->name);
    if (function->result_count > 0) {
        print_parameters(function->results, function->result_count, out);
        cw_text_add(out, " ");
    }
    cw_text_add(out, "_ ");
    print_parameters(function->params, function->param_count, out);
    print_function_directives(function, out);
    cw_text_add(out, ";\n");
}

static void print_targets(const struct cw_ptx_symbol *symbol, struct cw_text *out) {
    cw_text_printf(out, "%s: .%stargets ", symbol->name, symbol->calls ? "call" : "branch");
    for (uint32_t i = 0; i < symbol->target_count; i++) {
        cw_text_printf(out, "%s%s", i == 0 ? "" : ", ", symbol->targets[i]->name);
    }
    cw_text_add(out, ";\n");
}

static void print_loc(const struct cw_ptx_loc *loc, struct cw_text *out) {
    cw_text_printf(out, ".loc %u %u %u", loc->file, loc->line, loc->column);
    if (loc->function_name != NULL) {
        cw_text_printf(out, ", function_name %s", loc->function_name);
        print_offset(loc->function_offset, out);
        cw_text_printf(out, ", inlined_at %u %u %u", loc->inlined_file, loc->inlined_line, loc->inlined_column);
    } else if (loc->inlined_line != 0 || loc->inlined_file != 0 || loc->inlined_column != 0) {
        cw_text_printf(out, ", inlined_at %u %u %u", loc->inlined_file, loc->inlined_line, loc->inlined_column);
    }
    cw_text_add(out, "\n");
}

static void print_statements(const struct cw_ptx_block *block, unsigned depth, struct cw_text *out) {
    for (uint32_t i = 0; i < block->count; i++) {
        const struct cw_ptx_statement *statement = &block->statements[i];
        indent(statement->kind == CW_PTX_STATEMENT_LABEL ? depth - 1 : depth, out);
        switch (statement->kind) {
        case CW_PTX_STATEMENT_INSTRUCTION:
            cw_ptx_print_instruction(statement->instruction, out);
            cw_text_add(out, "\n");
            break;
        case CW_PTX_STATEMENT_LABEL:
            cw_text_printf(out, "%s:\n", statement->symbol->name);
            break;
        case CW_PTX_STATEMENT_BLOCK:
            cw_text_add(out, "{\n");
            print_statements(statement->block, depth + 1, out);
            indent(depth, out);
            cw_text_add(out, "}\n");
            break;
        case CW_PTX_STATEMENT_DECLARATION:
            print_variable(statement->symbol, out);
            cw_text_add(out, ";\n");
            break;
        case CW_PTX_STATEMENT_PROTOTYPE:
            print_prototype(statement->symbol, out);
            break;
        case CW_PTX_STATEMENT_TARGETS:
            print_targets(statement->symbol, out);
            break;
        case CW_PTX_STATEMENT_LOC:
            print_loc(statement->loc, out);
            break;
        case CW_PTX_STATEMENT_PRAGMA:
            cw_text_printf(out, ".pragma \"%s\";\n", statement->text);
            break;
        }
    }
}

static void print_axes(const char *name, const uint32_t axes[3], struct cw_text *out) {
    if (axes[0] != 0) {
        cw_text_printf(out, "\n.%s %u, %u, %u", name, axes[0], axes[1], axes[2]);
    }
}

static void print_count(const char *name, uint64_t value, struct cw_text *out) {
    if (value != 0) {
        cw_text_printf(out, "\n.%s %" PRIu64, name, value);
    }
}

static void print_function_directives(const struct cw_ptx_function *function, struct cw_text *out) {
    print_axes("maxntid", function->maxntid, out);
    print_axes("reqntid", function->reqntid, out);
    print_axes("reqnctapercluster", function->reqnctapercluster, out);
    print_count("minnctapersm", function->minnctapersm, out);
    print_count("maxnctapersm", function->maxnctapersm, out);
    print_count("maxnreg", function->maxnreg, out);
    print_count("maxclusterrank", function->maxclusterrank, out);
    cw_text_add(out, function->explicitcluster ? "\n.explicitcluster" : "");
    cw_text_add(out, function->blocksareclusters ? "\n.blocksareclusters" : "");
    cw_text_add(out, function->noreturn ? "\n.noreturn" : "");
    if (function->abi_preserve != 0) {
        cw_text_printf(out, "\n.abi_preserve %" PRIu64, function->abi_preserve - 1);
    }
    if (function->abi_preserve_control != 0) {
        cw_text_printf(out, "\n.abi_preserve_control %" PRIu64, function->abi_preserve_control - 1);
    }
    for (uint32_t i = 0; i < function->pragma_count; i++) {
        cw_text_printf(out, "\n.pragma \"%s\";", function->pragmas[i]);
    }
}

static void print_function(const struct cw_ptx_function *function, struct cw_text *out) {
    enum cw_ptx_linkage linkage = function->symbol->linkage;
    /* The name has one linkage; .extern belongs to declarations of it only. */
    bool is_extern = linkage == CW_PTX_LINKAGE_EXTERN && function->body != NULL;
    cw_text_printf(out, "%s%s ", is_extern ? "" : linkage_text(linkage), function->entry ? ".entry" : ".func");
    if (function->result_count > 0) {
        print_parameters(function->results, function->result_count, out);
        cw_text_add(out, " ");
    }
    cw_text_add(out, function->symbol->name);
    print_parameters(function->params, function->param_count, out);
    print_function_directives(function, out);
    if (function->body == NULL) {
        cw_text_add(out, ";\n");
        return;
    }
    cw_text_add(out, "\n{\n");
    print_statements(function->body, 1, out);
    cw_text_add(out, "}\n");
}

static void print_item(const struct cw_ptx_item *item, struct cw_text *out) {
    switch (item->kind) {
    case CW_PTX_ITEM_VARIABLE:
        print_variable(item->symbol, out);
        cw_text_add(out, ";\n");
        break;
    case CW_PTX_ITEM_FUNCTION:
        print_function(item->function, out);
        break;
    case CW_PTX_ITEM_ALIAS:
        cw_text_printf(out, ".alias %s, %s;\n", item->symbol->name, item->aliasee->name);
        break;
    case CW_PTX_ITEM_FILE:
        cw_text_printf(out, ".file %u \"%s\"", item->number, item->text);
        if (item->stamped) {
            cw_text_printf(out, ", %" PRIu64 ", %" PRIu64, item->timestamp, item->file_size);
        }
        cw_text_add(out, "\n");
        break;
    case CW_PTX_ITEM_SECTION:
        cw_text_printf(out, ".section .%s\n{\n%s\n}\n", item->text, item->content);
        break;
    case CW_PTX_ITEM_DWARF:
        cw_text_printf(out, "%s\n", item->text);
        break;
    case CW_PTX_ITEM_PRAGMA:
        cw_text_printf(out, ".pragma \"%s\";\n", item->text);
        break;
    }
}

void cw_ptx_print(const struct cw_ptx_module *module, struct cw_text *out) {
    if (module->inline_body != NULL) {
        print_statements(module->inline_body->body, 1, out);
        return;
    }
    cw_text_printf(out, ".version %u.%u\n.target sm_%u", module->isa / 10, module->isa % 10, module->sm);
    if (module->sm_suffix != '\0') {
        cw_text_append(out, &module->sm_suffix, 1);
    }
    cw_text_add(out, module->texmode_independent ? ", texmode_independent" : "");
    cw_text_add(out, module->debug ? ", debug" : "");
    cw_text_add(out, module->map_f64_to_f32 ? ", map_f64_to_f32" : "");
    cw_text_printf(out, "\n.address_size %u\n", module->address_size);
    for (uint32_t i = 0; i < module->item_count; i++) {
        print_item(&module->items[i], out);
    }
}
