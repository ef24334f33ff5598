/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ast.h: PTX as a tree, and the entry points that make it from text and text from it.
 *
 * PTX is what CUDA programs carry inside them: in files, in asm() statements, in driver-API strings, in fat binaries. What
 * cw_ptx_parse gives has been checked: every name is resolved, every instruction fits a row of instructions.def, types,
 * state spaces, versions and calls agree with the PTX ISA's rules. Readers of the tree need not check again.
 *
 * Section numbers, here and in diagnostics, are those of the PTX ISA 8.8 (CUDA 12.9).
 *
 * Memory: everything hangs on the module's arena and lives until cw_ptx_module_free. Pointers in the tree are never NULL
 * unless their comment says so; strings are NUL-terminated. Threads: a tree is read by any number of them; parsing has no
 * global state.
 */
#ifndef CW_FRONTEND_PTX_AST_H
#define CW_FRONTEND_PTX_AST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/memory.h"
#include "base/text.h"

/* ---- Vocabulary ---------------------------------------------------------------------------------------------- */

/* Every word that stands behind a dot in an instruction or declaration; fundamental types and state spaces among them:
 * CW_PTX_U32, CW_PTX_GLOBAL, CW_PTX_RN. */
enum cw_ptx_word {
    CW_PTX_NONE,
#define CW_PTX_TYPE(name, text, kind, bits) CW_PTX_##name,
#define CW_PTX_WORD(name, text) CW_PTX_##name,
#include "frontend/ptx/words.def"
    CW_PTX_WORD_COUNT
};

enum cw_ptx_type_kind {
    CW_PTX_KIND_NONE,      /* the word is no type */
    CW_PTX_KIND_UNSIGNED,
    CW_PTX_KIND_SIGNED,
    CW_PTX_KIND_FLOAT,     /* f16 f32 f64 bf16 tf32 and the narrower formats */
    CW_PTX_KIND_PACKED,    /* f16x2, bf16x2, e4m3x2, u16x2, ...: bits is the whole */
    CW_PTX_KIND_BITS,
    CW_PTX_KIND_PREDICATE, /* bits 1 */
    CW_PTX_KIND_OPAQUE,    /* texref samplerref surfref: bits 64 */
};

enum cw_ptx_type_kind cw_ptx_type_kind(enum cw_ptx_word word);
/* The type's width in bits, 0 for a word that is no type. */
unsigned cw_ptx_type_bits(enum cw_ptx_word word);
/* The word without its dot: "u32", "shared::cta". "" for CW_PTX_NONE. */
const char *cw_ptx_word_text(enum cw_ptx_word word);
/* The word of that spelling (no dot), or CW_PTX_NONE. */
enum cw_ptx_word cw_ptx_word_find(const char *text, size_t length);

/* The first identifier of an instruction: CW_PTX_OP_ADD. */
enum cw_ptx_opcode {
#define CW_PTX_OPCODE(name, text) CW_PTX_OP_##name,
#include "frontend/ptx/instructions.def"
    CW_PTX_OPCODE_COUNT
};

/* The row of instructions.def that an instruction fits: CW_PTX_FORM_BAR_WARP_SYNC. A lowering switches over these. */
enum cw_ptx_form {
#define CW_PTX_FORM(name, opcode, modifiers, operands, section, isa, sm) CW_PTX_FORM_##name,
#include "frontend/ptx/instructions.def"
    CW_PTX_FORM_COUNT
};

/* What a modifier is in its instruction; the row's pattern says so. CW_PTX_SLOT_FLAG: a word that says it all itself. */
#define CW_PTX_SLOT_LIST(X)                                                                                            \
    X(FLAG, "")            /* ftz, sat, cc, approx, sync, nc, volatile, ... */                                         \
    X(TYPE, "type")        /* also in instruction.types, in order */                                                   \
    X(ROUND, "round")      /* rn rz rm rp rna rni rzi rmi rpi approx full */                                           \
    X(COMPARE, "compare")  /* eq ne lt ... */                                                                          \
    X(COMBINE, "combine")  /* set and setp: and or xor with a third operand */                                         \
    X(OP, "op")            /* atom, red, redux, bar.red, vote, ...: add min max and or xor inc dec cas exch ... */     \
    X(MODE, "mode")        /* mul hi lo wide; shf l r; shfl up down bfly idx; prmt f4e b4e ...; clamp */               \
    X(WRAP, "wrap")        /* wrap or clamp; suld and sust: trap clamp zero */                                         \
    X(SPACE, "space")      /* state space of the address, none means generic */                                        \
    X(SPACE2, "space2")    /* that of a second address */                                                              \
    X(SCOPE, "scope")      /* cta cluster gpu sys */                                                                   \
    X(ORDER, "order")      /* weak volatile relaxed acquire release acq_rel sc mmio */                                 \
    X(CACHE, "cache")      /* ca cg cs lu cv wb wt */                                                                  \
    X(EVICT, "evict")      /* L1::evict_..., L1::no_allocate */                                                        \
    X(HINT, "hint")        /* L2::cache_hint */                                                                        \
    X(PREFETCH, "prefetch") /* L2::64B L2::128B L2::256B; prefetch's L1 and L2 */                                      \
    X(VECTOR, "vector")    /* v2 v4 v8, x1 x2 x4 of matrices */                                                        \
    X(GEOMETRY, "geometry") /* 1d 2d 3d a1d a2d cube acube 2dms a2dms */                                               \
    X(SHAPE, "shape")      /* m16n8k16, m8n8, ... */                                                                   \
    X(LAYOUT, "layout")    /* row or col of A */                                                                       \
    X(LAYOUT2, "layout2")  /* row or col of B */                                                                       \
    X(QUERY, "query")      /* txq and suq: width height ...; tld4: r g b a; testp; istypep: the type; wmma: a b c d */

enum cw_ptx_slot {
#define X(name, text) CW_PTX_SLOT_##name,
    CW_PTX_SLOT_LIST(X)
#undef X
    CW_PTX_SLOT_COUNT
};

/* Special registers (section 10). Those with an index (%envreg3, %pm2) keep it in the operand's `index`. */
enum cw_ptx_special {
#define CW_PTX_SPECIAL(name, text, type, vector, count, isa, sm) CW_PTX_SPECIAL_##name,
#include "frontend/ptx/specials.def"
    CW_PTX_SPECIAL_COUNT
};

/* ---- Places and diagnostics ---------------------------------------------------------------------------------- */

/* A stretch of the source text; line and column are 1-based, columns count bytes. */
struct cw_ptx_span {
    uint32_t offset; /* bytes */
    uint32_t length; /* bytes, within one line */
    uint32_t line;
    uint32_t column;
};

struct cw_ptx_diagnostic {
    bool warning;
    struct cw_ptx_span span;
    const char *message; /* a sentence without a full stop */
    const char *section; /* of the PTX ISA, "9.7.1.1"; "" when no section rules it */
};

#define CW_PTX_ERRORS_MAX 20u

/* What is said about one text. Zero-initialise; cw_ptx_diagnostics_fini frees. After CW_PTX_ERRORS_MAX errors parsing stops. */
struct cw_ptx_diagnostics {
    struct cw_ptx_diagnostic *items;
    size_t count;
    size_t capacity;
    uint32_t errors;
    uint32_t warnings;
    struct cw_arena arena;
};

/* Appends all of them, each as "name:line:column: error: message (PTX ISA section)" with the source line and a caret. */
void cw_ptx_diagnostics_render(const struct cw_ptx_diagnostics *diagnostics, const char *name, const char *text, size_t length,
                               struct cw_text *out);
void cw_ptx_diagnostics_fini(struct cw_ptx_diagnostics *diagnostics);
/* Adds one; for the lowering too. */
void cw_ptx_report(struct cw_ptx_diagnostics *diagnostics, bool warning, struct cw_ptx_span span, const char *section,
                   const char *format, ...) __attribute__((format(printf, 5, 6)));

/* ---- Symbols ------------------------------------------------------------------------------------------------- */

enum cw_ptx_symbol_kind {
    CW_PTX_SYMBOL_REGISTER,  /* .reg: one register, or a range %r<n> */
    CW_PTX_SYMBOL_VARIABLE,  /* in .global .const .shared .local .param (.tex: as .global .texref) */
    CW_PTX_SYMBOL_FUNCTION,
    CW_PTX_SYMBOL_LABEL,     /* of a statement */
    CW_PTX_SYMBOL_PROTOTYPE, /* .callprototype */
    CW_PTX_SYMBOL_TARGETS,   /* .calltargets or .branchtargets */
    CW_PTX_SYMBOL_FOREIGN,   /* inline asm only: a name that the text doesn't declare; the surrounding module may */
};

enum cw_ptx_linkage {
    CW_PTX_LINKAGE_LOCAL,
    CW_PTX_LINKAGE_EXTERN,
    CW_PTX_LINKAGE_VISIBLE,
    CW_PTX_LINKAGE_WEAK,
    CW_PTX_LINKAGE_COMMON,
};

#define CW_PTX_DIMENSIONS_MAX 8u

/* One scalar of an initialiser (5.4.4). What no element names is zero. */
struct cw_ptx_initial {
    uint64_t index; /* counted in scalars from the variable's start; rises */
    enum { CW_PTX_INITIAL_INTEGER, CW_PTX_INITIAL_FLOAT, CW_PTX_INITIAL_ADDRESS } kind;
    uint64_t bits;                /* of the variable's type: an integer's low bits, a float's pattern; an address' addend */
    struct cw_ptx_symbol *symbol; /* of an address, else NULL */
    bool generic;                 /* generic(symbol): the address in generic space */
    uint8_t mask;                 /* mask(): which byte of the address, as its shift in bits; valid if `masked` */
    bool masked;
    struct cw_ptx_span span;
};

/* Variables, registers, functions, labels. One struct: readers switch over `kind`. */
struct cw_ptx_symbol {
    enum cw_ptx_symbol_kind kind;
    enum cw_ptx_linkage linkage;
    const char *name; /* a range's without its number: "%r" */
    struct cw_ptx_span span;

    /* Registers and variables. */
    enum cw_ptx_word space;  /* CW_PTX_REG, CW_PTX_PARAM, CW_PTX_GLOBAL, ... */
    enum cw_ptx_word type;
    uint8_t vector;          /* 1, 2, 4 (8) */
    uint8_t dimension_count; /* 0: no array */
    bool unsized;            /* the first dimension is [], and no initialiser gave it: extern */
    uint32_t align;          /* bytes: the declared one, else the natural one */
    bool align_given;
    uint64_t dimensions[CW_PTX_DIMENSIONS_MAX];
    uint64_t size;           /* bytes, 0 for registers and unsized arrays */
    uint32_t range;          /* registers: n of %r<n>, 0 for a single one */
    uint32_t bank;           /* .const[2]: the bank (5.1.3), 0 when not given */
    const struct cw_ptx_initial *initials;
    uint32_t initial_count;
    bool initialised;        /* has an initialiser, maybe an empty one */
    const char *settings;    /* of a .texref, .samplerref, .surfref: "addr_mode_0 = wrap, ..."; else NULL */
    bool managed;            /* .attribute(.managed) */
    bool unified;            /* .attribute(.unified(a, b)) */
    uint64_t unified_id[2];
    uint32_t param_index;    /* a function's parameter or result: its place in the list */
    bool parameter;          /* in the list of a function, not a .param of its body */
    bool pointer;            /* .param .u64 .ptr .global .align 4 x (11.1?) */
    enum cw_ptx_word pointer_space; /* CW_PTX_NONE: generic */
    uint32_t pointer_align;  /* bytes, 0 when not given */

    /* A function. */
    struct cw_ptx_function *function;

    /* Labels: the function's number for them, dense from 0. */
    uint32_t number;

    /* .calltargets and .branchtargets: functions or labels. .callprototype: `function` has parameters and results only. */
    struct cw_ptx_symbol **targets;
    struct cw_ptx_span *target_spans;
    uint32_t target_count;
    bool calls; /* .calltargets */
};

/* One register that the function's code names. */
struct cw_ptx_register {
    struct cw_ptx_symbol *symbol; /* its declaration: type and vector length */
    uint32_t index;               /* its number in a range */
    uint32_t number;              /* dense from 0 in its function: for arrays beside the tree */
    const char *name;             /* "%r17" */
};

/* ---- Operands ------------------------------------------------------------------------------------------------ */

enum cw_ptx_operand_kind {
    CW_PTX_OPERAND_NONE,     /* an optional operand that is not there */
    CW_PTX_OPERAND_REGISTER, /* `reg`; `component` or `selector` of it; `negated`; `second`: of d|p and p|q */
    CW_PTX_OPERAND_SINK,     /* _ ; may have a `second` */
    CW_PTX_OPERAND_SPECIAL,  /* `special`, `index`, `component` */
    CW_PTX_OPERAND_INTEGER,  /* `bits`: value of a constant expression, sign-extended to 64 bits when signed; WARP_SZ too */
    CW_PTX_OPERAND_FLOAT,    /* `bits`: the pattern in the type that the instruction wants, which is `special` (CW_PTX_F32, CW_PTX_B32) */
    CW_PTX_OPERAND_SYMBOL,   /* `symbol` + `offset`: address of a variable or function, or a label */
    CW_PTX_OPERAND_ADDRESS,  /* [base + offset]: `items[0]` is the base (REGISTER, SYMBOL or INTEGER), the sum folded in `offset`.
                              * More items: tex's and sust's [texture, {coordinates}], [texture, sampler, {...}] */
    CW_PTX_OPERAND_VECTOR,   /* {a, b, ...}: `items` */
    CW_PTX_OPERAND_LIST,     /* (a, b, ...): call's results or arguments, `items` */
};

#define CW_PTX_NO_COMPONENT 0xffu

struct cw_ptx_operand {
    uint8_t kind;      /* enum cw_ptx_operand_kind */
    uint8_t component; /* 0 to 3 for .x .y .z .w (.r .g .b .a), else CW_PTX_NO_COMPONENT */
    char selector;     /* video instructions (9.7.18): 'b' or 'h' of .b2, .h10, .b7310; else 0 */
    uint8_t selector_count;    /* of its digits */
    uint16_t selector_digits;  /* a digit every four bits, the last one written in the lowest */
    bool negated;      /* !p of a predicate, -a of vmad */
    bool is_unsigned;  /* INTEGER: its type is .u64, not .s64 (4.5.1) */
    uint16_t index;    /* of a special register */
    uint16_t special;  /* enum cw_ptx_special; of FLOAT enum cw_ptx_word */
    uint32_t count;    /* of items */
    struct cw_ptx_span span;
    union {
        struct cw_ptx_register *reg;
        struct cw_ptx_symbol *symbol;
        uint64_t bits;
        struct cw_ptx_operand *items; /* NULL if count is 0 */
    };
    union {
        int64_t offset;                  /* SYMBOL, ADDRESS: bytes */
        struct cw_ptx_register *second; /* REGISTER, SINK: the second predicate, or NULL */
    };
};

/* ---- Statements ---------------------------------------------------------------------------------------------- */

#define CW_PTX_MODIFIERS_MAX 18u
#define CW_PTX_TYPES_MAX 4u

struct cw_ptx_instruction {
    enum cw_ptx_opcode opcode;
    enum cw_ptx_form form;
    uint8_t modifier_count;
    uint8_t type_count;
    bool guard_negated;
    uint8_t operand_count;                    /* as in the row; optional ones that are missing have kind NONE */
    uint16_t modifiers[CW_PTX_MODIFIERS_MAX]; /* enum cw_ptx_word, in the row's order */
    uint8_t slots[CW_PTX_MODIFIERS_MAX];      /* enum cw_ptx_slot of each */
    uint16_t types[CW_PTX_TYPES_MAX];         /* those in TYPE slots, in order */
    struct cw_ptx_register *guard;            /* @p, or NULL */
    struct cw_ptx_operand *operands;
    struct cw_ptx_symbol *targets;            /* call: its prototype or list of targets, NULL when direct */
    struct cw_ptx_span span;                  /* of the mnemonic */
};

/* The instruction's word in that slot, or CW_PTX_NONE. */
enum cw_ptx_word cw_ptx_modifier(const struct cw_ptx_instruction *instruction, enum cw_ptx_slot slot);
/* True if the instruction has the word in any slot. */
bool cw_ptx_has(const struct cw_ptx_instruction *instruction, enum cw_ptx_word word);
/* The length of the vectors that .v2 .v4 .v8 ask for, else 1. */
unsigned cw_ptx_vector_length(const struct cw_ptx_instruction *instruction);

enum cw_ptx_statement_kind {
    CW_PTX_STATEMENT_INSTRUCTION,
    CW_PTX_STATEMENT_LABEL,       /* `symbol` stands here */
    CW_PTX_STATEMENT_BLOCK,       /* { ... }: a scope of names */
    CW_PTX_STATEMENT_DECLARATION, /* `symbol`: registers, or a variable in .local .shared .param .const .global */
    CW_PTX_STATEMENT_PROTOTYPE,   /* `symbol` */
    CW_PTX_STATEMENT_TARGETS,     /* `symbol` */
    CW_PTX_STATEMENT_LOC,
    CW_PTX_STATEMENT_PRAGMA,      /* `text` */
};

struct cw_ptx_block {
    struct cw_ptx_statement *statements;
    uint32_t count;
    struct cw_ptx_span end; /* the closing brace */
};

/* .loc file line column [, function_name label [+ offset], inlined_at file line column] (11.5.1) */
struct cw_ptx_loc {
    uint32_t file, line, column;
    const char *function_name; /* NULL unless inlined */
    int64_t function_offset;
    uint32_t inlined_file, inlined_line, inlined_column;
};

struct cw_ptx_statement {
    enum cw_ptx_statement_kind kind;
    struct cw_ptx_span span;
    union {
        struct cw_ptx_instruction *instruction;
        struct cw_ptx_symbol *symbol;
        struct cw_ptx_block *block;
        struct cw_ptx_loc *loc;
        const char *text;
    };
};

/* ---- Functions and modules ----------------------------------------------------------------------------------- */

struct cw_ptx_function {
    struct cw_ptx_symbol *symbol;
    bool entry;                      /* .entry, a kernel; else .func */
    struct cw_ptx_symbol **params;   /* VARIABLE in .param, or (of a .func) REGISTER; unsized last one: variadic */
    uint32_t param_count;
    struct cw_ptx_symbol **results;
    uint32_t result_count;
    struct cw_ptx_block *body;       /* NULL: a declaration */
    struct cw_ptx_function *definition; /* of a declaration: what the same text defines, or NULL */

    uint32_t maxntid[3], reqntid[3]; /* 0: not given; missing axes are 1 (11.4) */
    uint32_t reqnctapercluster[3];
    uint32_t minnctapersm, maxnctapersm, maxnreg, maxclusterrank;
    bool explicitcluster, blocksareclusters, noreturn;
    const char **pragmas;
    uint32_t pragma_count;
    uint64_t abi_preserve;           /* .abi_preserve and .abi_preserve_control n, plus 1; 0: not given */
    uint64_t abi_preserve_control;

    struct cw_ptx_register **registers; /* all that the body names, by number */
    uint32_t register_count;
    uint32_t label_count;
};

enum cw_ptx_item_kind {
    CW_PTX_ITEM_VARIABLE, /* `symbol` */
    CW_PTX_ITEM_FUNCTION, /* `function` */
    CW_PTX_ITEM_ALIAS,    /* `symbol` is another name of `aliasee` (11.6.? .alias) */
    CW_PTX_ITEM_FILE,     /* .file `number` `text` */
    CW_PTX_ITEM_SECTION,  /* .section `text` { `content` }: DWARF, kept as it is (11.5.2) */
    CW_PTX_ITEM_DWARF,    /* @@DWARF line `text`, of PTX ISA 1 */
    CW_PTX_ITEM_PRAGMA,   /* `text` */
};

struct cw_ptx_item {
    enum cw_ptx_item_kind kind;
    struct cw_ptx_span span;
    struct cw_ptx_symbol *symbol;
    struct cw_ptx_function *function;
    struct cw_ptx_symbol *aliasee;
    const char *text;
    const char *content;
    uint32_t number;                  /* .file's index */
    uint64_t timestamp, file_size;    /* .file index "name", timestamp, size; `stamped` */
    bool stamped;
};

struct cw_ptx_module {
    struct cw_arena arena;
    const char *name;      /* of the source, for diagnostics */
    uint32_t isa;          /* .version 8.3 is 83 */
    uint32_t sm;           /* .target sm_90a is 90 */
    char sm_suffix;        /* 'a' or 'f', else 0 */
    bool texmode_independent, debug, map_f64_to_f32;
    uint32_t address_size; /* 32 or 64 */
    struct cw_ptx_item *items; /* in source order */
    uint32_t item_count;
    struct cw_ptx_function *inline_body; /* cw_ptx_parse_inline: the statements; else NULL */
};

/* Parses and checks `length` bytes (no NUL needed; one at the end is allowed). The module, which the caller frees, or NULL
 * with errors in `diagnostics`. Warnings may be there either way. Time and memory are linear in the text. */
struct cw_ptx_module *cw_ptx_parse(const char *text, size_t length, const char *name, struct cw_ptx_diagnostics *diagnostics);

/* An operand of an asm() statement. Its place in the array is its number. */
struct cw_ptx_inline_operand {
    enum cw_ptx_word type; /* h CW_PTX_B16, r CW_PTX_B32, l CW_PTX_B64, q CW_PTX_B128, f CW_PTX_F32, d CW_PTX_F64 */
    bool constant;         /* n: an immediate, `value` sign-extended */
    int64_t value;
};

/* Parses and checks the text of an asm() statement: statements, with or without braces around them. `%0` to `%N` are the
 * operands and `%%` is a percent sign, as the programmer wrote it; with `dollars` they are `$0` to `$N`, `${0}`, `$$` and `%`,
 * as LLVM keeps it; `${:uid}` and `%=` become a number. In the result, inline_body->registers[i] for i below `count` are the operands (also those that the text
 * doesn't use, and unused entries for constants, which become INTEGER operands). Names that the text doesn't declare are
 * FOREIGN symbols. `isa` and `sm` as in cw_ptx_module: what the text may use; 0 for the newest. NULL on errors. */
struct cw_ptx_module *cw_ptx_parse_inline(const char *text, size_t length, const char *name, bool dollars, uint32_t isa, uint32_t sm,
                                          const struct cw_ptx_inline_operand *operands, uint32_t count,
                                          struct cw_ptx_diagnostics *diagnostics);

void cw_ptx_module_free(struct cw_ptx_module *module); /* NULL is allowed */

/* Appends the module as text: parsing that gives an equal module. Of inline text the statements, operands as %N. */
void cw_ptx_print(const struct cw_ptx_module *module, struct cw_text *out);
/* Appends one instruction as text, without a line end: "@%p1 add.s32 %r1, %r2, 7;". For messages. */
void cw_ptx_print_instruction(const struct cw_ptx_instruction *instruction, struct cw_text *out);
/* True if the two are the same but for their places in the text. */
bool cw_ptx_equal(const struct cw_ptx_module *a, const struct cw_ptx_module *b);

#endif
