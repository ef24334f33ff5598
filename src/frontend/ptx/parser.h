/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parser.h: what the files of the parser share. One pass: names are declared before they are used, but for labels, which are
 * resolved when their block ends, so each instruction is matched and checked as soon as it is read.
 *
 * Functions that return bool return false after having reported; their caller gives up what it was reading and passes the
 * false on, up to a statement or a declaration, where reading goes on behind the next `;` or brace.
 *
 * Bounds, so that no text takes more than its share: nesting (NESTING_MAX), the arena (MEMORY_MAX), errors (CW_PTX_ERRORS_MAX).
 */
#ifndef CW_FRONTEND_PTX_PARSER_H
#define CW_FRONTEND_PTX_PARSER_H

#include "frontend/ptx/ast.h"
#include "frontend/ptx/lexer.h"
#include "frontend/ptx/table.h"

#define CW_PTX_NESTING_MAX 100u
#define CW_PTX_TEXT_MAX ((size_t)64 << 20)      /* bytes of source */
#define CW_PTX_MEMORY_MAX ((size_t)2 << 30)     /* bytes of tree */
#define CW_PTX_VARIABLE_MAX ((uint64_t)1 << 40) /* bytes of one variable */
#define CW_PTX_NEWEST_ISA 88u
#define CW_PTX_NEWEST_SM 90u

/* What a name can stand for, each looked for in its own place. */
enum cw_ptx_space_of_names {
    CW_PTX_NAMES_PLAIN, /* registers, variables, functions, prototypes, lists of targets */
    CW_PTX_NAMES_RANGE, /* the "%r" of %r<100> */
    CW_PTX_NAMES_LABEL,
    CW_PTX_NAMES_COUNT
};

struct cw_ptx_binding {
    struct cw_ptx_name *name;
    struct cw_ptx_symbol *symbol;
    struct cw_ptx_binding *outer;      /* what it hides */
    struct cw_ptx_binding *scope_next; /* of the same scope */
    uint32_t depth;
    uint8_t space;
};

struct cw_ptx_register_link {
    struct cw_ptx_register *reg;
    struct cw_ptx_register_link *next;
};

/* An interned identifier. */
struct cw_ptx_name {
    const char *text;
    uint32_t length;
    uint32_t hash;
    struct cw_ptx_name *chain;
    struct cw_ptx_binding *bindings[CW_PTX_NAMES_COUNT]; /* innermost first */
    struct cw_ptx_register_link *registers;              /* of this name in the function `serial` */
    uint32_t serial;
};

/* A constant (4.5): an integer of either signedness, or a floating-point number of either width. */
struct cw_ptx_value {
    enum { CW_PTX_VALUE_SIGNED, CW_PTX_VALUE_UNSIGNED, CW_PTX_VALUE_SINGLE, CW_PTX_VALUE_DOUBLE } kind;
    uint64_t bits; /* of an integer, or of the float or double */
};

/* A use of a label that its block has not resolved yet. */
struct cw_ptx_fixup {
    struct cw_ptx_symbol **place;
    struct cw_ptx_name *name;
    struct cw_ptx_span span;
};

struct cw_ptx_parser {
    struct cw_ptx_lexer lexer;
    struct cw_ptx_token token; /* the next one, not yet taken */
    struct cw_ptx_module *module;
    struct cw_ptx_diagnostics *diagnostics;
    size_t memory; /* bytes taken from the arena */
    bool stopped;  /* a bound was met: nothing more is read */
    uint32_t nesting;
    const char *directive; /* the section of the directive that is read, for cw_ptx_unexpected */

    /* names.c. The tables live in an arena of their own, freed with the parser. */
    struct cw_arena names_arena;
    struct cw_ptx_name **buckets;
    uint32_t bucket_count;
    uint32_t name_count;
    struct cw_ptx_binding *scopes[CW_PTX_NESTING_MAX + 4];
    uint32_t depth;
    uint32_t serial; /* of the function that is being read */

    struct cw_ptx_function *function; /* that is being read, or NULL */
    struct cw_ptx_register **registers;
    size_t register_capacity;
    struct cw_ptx_fixup *fixups;
    size_t fixup_count, fixup_capacity;
    struct cw_ptx_statement *statements; /* of the open blocks */
    size_t statement_count, statement_capacity;
    struct cw_ptx_operand *operands; /* of what is being read */
    size_t operand_count, operand_capacity;
    struct cw_ptx_item *items;
    size_t item_capacity;

    /* Inline text: operands %0 to %N. */
    bool is_inline;
    const struct cw_ptx_inline_operand *inline_operands;
    uint32_t inline_count;
};

/* ---- parser.c: tokens, memory, reports ----------------------------------------------------------------------- */

void *cw_ptx_new(struct cw_ptx_parser *parser, size_t count, size_t size);
char *cw_ptx_text_of(struct cw_ptx_parser *parser, const char *text, size_t length);
void cw_ptx_next(struct cw_ptx_parser *parser);
/* Reports an error at a place (or a warning) and returns false. */
bool cw_ptx_error(struct cw_ptx_parser *parser, struct cw_ptx_span span, const char *section, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void cw_ptx_warn(struct cw_ptx_parser *parser, struct cw_ptx_span span, const char *section, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* "expected WHAT, found ..." at the next token. */
bool cw_ptx_unexpected(struct cw_ptx_parser *parser, const char *what);
/* What is unexpected from here on is so by the section of the directive that begins here, or by none. */
void cw_ptx_in_directive(struct cw_ptx_parser *parser);
bool cw_ptx_is_sign(const struct cw_ptx_parser *parser, int sign);
bool cw_ptx_take_sign(struct cw_ptx_parser *parser, int sign); /* false without a report when it isn't next */
bool cw_ptx_expect_sign(struct cw_ptx_parser *parser, int sign);
bool cw_ptx_is_dot(const struct cw_ptx_parser *parser, const char *word);
bool cw_ptx_token_is(const struct cw_ptx_token *token, const char *text);
/* Reads a constant expression that must be an unsigned number of at most `most`. */
bool cw_ptx_read_number(struct cw_ptx_parser *parser, const char *what, uint64_t most, uint64_t *value);
/* Appends to the module's items. */
void cw_ptx_add_item(struct cw_ptx_parser *parser, const struct cw_ptx_item *item);
/* Goes to behind the next `;`, or to the next brace. */
void cw_ptx_recover(struct cw_ptx_parser *parser);
/* What the module's .version and .target must be for something; reports otherwise. */
bool cw_ptx_requires(struct cw_ptx_parser *parser, struct cw_ptx_span span, const char *section, const char *what,
                     unsigned isa, unsigned sm);

/* ---- names.c ------------------------------------------------------------------------------------------------- */

struct cw_ptx_name *cw_ptx_intern(struct cw_ptx_parser *parser, const char *text, size_t length);
bool cw_ptx_scope_enter(struct cw_ptx_parser *parser);
void cw_ptx_scope_leave(struct cw_ptx_parser *parser);
/* The innermost symbol of that name, or NULL. */
struct cw_ptx_symbol *cw_ptx_lookup(const struct cw_ptx_name *name, enum cw_ptx_space_of_names space);
/* Declares; reports a second declaration in the same scope. */
bool cw_ptx_declare(struct cw_ptx_parser *parser, struct cw_ptx_name *name, enum cw_ptx_space_of_names space,
                    struct cw_ptx_symbol *symbol);
/* The register of that name, also out of a range; NULL when there is none, or a variable hides it. */
struct cw_ptx_register *cw_ptx_register_find(struct cw_ptx_parser *parser, struct cw_ptx_name *name);
/* The register `index` of a declaration, made when first asked for. */
struct cw_ptx_register *cw_ptx_register_of(struct cw_ptx_parser *parser, struct cw_ptx_name *name,
                                           struct cw_ptx_symbol *symbol, uint32_t index);
struct cw_ptx_symbol *cw_ptx_symbol_new(struct cw_ptx_parser *parser, enum cw_ptx_symbol_kind kind,
                                        const struct cw_ptx_name *name, struct cw_ptx_span span);

/* ---- expression.c -------------------------------------------------------------------------------------------- */

bool cw_ptx_expression(struct cw_ptx_parser *parser, struct cw_ptx_value *value);
/* The same without binary operators at its top: what may follow a base address' sign. */
bool cw_ptx_expression_unary(struct cw_ptx_parser *parser, struct cw_ptx_value *value);
/* What may follow a value that was read: additive operators only, or all. */
bool cw_ptx_expression_sum(struct cw_ptx_parser *parser, struct cw_ptx_value *value);
bool cw_ptx_expression_rest(struct cw_ptx_parser *parser, struct cw_ptx_value *value);
/* True if the next token can only begin a constant expression: a number, WARP_SZ, an immediate of inline text, a sign. */
bool cw_ptx_begins_constant(const struct cw_ptx_parser *parser);
bool cw_ptx_value_is_float(const struct cw_ptx_value *value);
double cw_ptx_value_real(const struct cw_ptx_value *value);
/* The bits of the value in a type of `bits` bits, floating or not; false when a float is asked to be an integer. */
bool cw_ptx_value_bits(const struct cw_ptx_value *value, enum cw_ptx_word type, uint64_t *bits);

/* ---- operand.c ----------------------------------------------------------------------------------------------- */

/* True for a name that nothing declares: in inline text the module around it may know it, but for one that begins with %. */
bool cw_ptx_is_unknown(const struct cw_ptx_parser *parser, const struct cw_ptx_symbol *symbol);
/* Reads an operand. `lists`: a `(` begins a list, as in call. */
bool cw_ptx_operand(struct cw_ptx_parser *parser, bool lists, struct cw_ptx_operand *operand);

/* ---- declare.c ----------------------------------------------------------------------------------------------- */

/* Reads a declaration from its state space on, through `;`. In functions, adds statements; outside, items. */
bool cw_ptx_declaration(struct cw_ptx_parser *parser, enum cw_ptx_linkage linkage);
/* Reads one parameter of a list, without the comma. `named`: as of functions; else `_` may be its name. */
bool cw_ptx_parameter(struct cw_ptx_parser *parser, bool entry, struct cw_ptx_symbol **symbol);
/* True if the next token begins a declaration. */
bool cw_ptx_begins_declaration(const struct cw_ptx_parser *parser);
/* initialise.c: reads what follows the `=`. */
bool cw_ptx_initialiser(struct cw_ptx_parser *parser, struct cw_ptx_symbol *symbol);

/* ---- statement.c, instruction.c ------------------------------------------------------------------------------- */

/* Reads statements up to the closing brace, which it takes, or the end of inline text. */
bool cw_ptx_block_body(struct cw_ptx_parser *parser, bool to_end, struct cw_ptx_block **block);
bool cw_ptx_add_statement(struct cw_ptx_parser *parser, const struct cw_ptx_statement *statement);
/* Reads an instruction: from behind its mnemonic, or from the guard's @ when `name` is NULL. */
bool cw_ptx_instruction(struct cw_ptx_parser *parser, const struct cw_ptx_token *name);
void cw_ptx_add_fixup(struct cw_ptx_parser *parser, struct cw_ptx_symbol **place, struct cw_ptx_name *name,
                      struct cw_ptx_span span);
/* Reports labels that nothing declared, at a function's end. */
void cw_ptx_fixups_finish(struct cw_ptx_parser *parser);
/* .pragma "..." , .loc ... : reads from behind the directive. */
bool cw_ptx_pragma(struct cw_ptx_parser *parser, const char **text);

/* ---- function.c ---------------------------------------------------------------------------------------------- */

/* Reads from behind .entry or .func. */
bool cw_ptx_function(struct cw_ptx_parser *parser, enum cw_ptx_linkage linkage, bool entry);
/* Reads (results) name (parameters) of a prototype, from behind .callprototype. */
/* Whether the parameters and results agree, as those of declarations of one function must (11.2.2). */
bool cw_ptx_same_prototype(const struct cw_ptx_function *a, const struct cw_ptx_function *b);
bool cw_ptx_prototype(struct cw_ptx_parser *parser, struct cw_ptx_symbol *symbol);
bool cw_ptx_parameters(struct cw_ptx_parser *parser, bool entry, struct cw_ptx_symbol ***list, uint32_t *count);

/* ---- check*.c ------------------------------------------------------------------------------------------------ */

/* Finds the instruction's form and checks all of it. `words`: the modifiers as written, `count` of them; `operands` become the
 * instruction's. */
bool cw_ptx_check_instruction(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction,
                              const uint16_t *words, const struct cw_ptx_span *word_spans, unsigned count,
                              struct cw_ptx_operand *operands, unsigned operand_count);
/* The rules that rows can't say, by form (check_rules.c), after the operands' types were checked. */
/* Finds the form that takes the words and so many operands, and sorts the words into its slots (check_form.c). */
bool cw_ptx_find_form(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction, const uint16_t *words,
                      const struct cw_ptx_span *spans, unsigned count, unsigned operand_count);
bool cw_ptx_check_rules(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction);
bool cw_ptx_check_call(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction);
/* Checks texture, surface and matrix operands (check_shape.c): codes V W t e z n F. */
bool cw_ptx_check_shaped(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction, unsigned index,
                         char code);
/* True if a register or variable of type `have` may stand where `want` is asked for (9.4); `relaxed` lets it be wider. */
bool cw_ptx_types_agree(enum cw_ptx_word want, enum cw_ptx_word have, bool relaxed, bool destination);
/* Checks one register, constant or symbol as an operand of type `want`, and gives constants its bits. */
bool cw_ptx_check_scalar(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction,
                         struct cw_ptx_operand *operand, enum cw_ptx_word want, bool destination, bool relaxed);
bool cw_ptx_check_address(struct cw_ptx_parser *parser, struct cw_ptx_instruction *instruction,
                          struct cw_ptx_operand *operand, enum cw_ptx_word space, unsigned bytes);
/* A vector register by its name becomes the VECTOR of its components, which is what readers of the tree see. */
bool cw_ptx_spread(struct cw_ptx_parser *parser, struct cw_ptx_operand *operand);
const char *cw_ptx_section(const struct cw_ptx_instruction *instruction);

#endif
