/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inline.c: asm() statements of CUDA C++ (NVIDIA's "Inline PTX Assembly in CUDA"). clang leaves each as a call of an inline assembly value: the
 * text with $0, $1, ... for the operands, the results first, and a constraint for each. It becomes a call of a function made from
 * the text, which is inlined later: equal statements share one, and what goes wrong in it is reported at the statement's line.
 *
 * Constraints: h, r, l, q 16, 32, 64, 128 bits, f and d float and double, n and i constants, a number: the same register as that
 * result's. A register is as wide as its constraint says; narrower values are extended.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/ptx/lower/lower.h"
#include "frontend/ptx/lower/state.h"

#define OPERANDS_MAX 64u
#define NAME "cw.asm"

struct statement {
    LLVMValueRef call, assembly;
    const char *text;
    size_t length;
    char *constraints;
    unsigned count, results;
    struct cw_ptx_inline_operand operands[OPERANDS_MAX];
    LLVMValueRef arguments[OPERANDS_MAX]; /* of inputs that are no constants */
    int tied[OPERANDS_MAX];               /* the result whose register an input begins, or -1 */
    LLVMTypeRef result_types[OPERANDS_MAX];
};

/* ---- Constraints ---- */

static bool type_of_letter(char letter, enum cw_ptx_word *type) {
    switch (letter) {
    case 'c':
    case 'h': *type = CW_PTX_B16; return true;
    case 'b': *type = CW_PTX_PRED; return true;
    case 'r': *type = CW_PTX_B32; return true;
    case 'l': *type = CW_PTX_B64; return true;
    case 'q': *type = CW_PTX_B128; return true;
    case 'f': *type = CW_PTX_F32; return true;
    case 'd': *type = CW_PTX_F64; return true;
    default: return false;
    }
}

static bool refuse(struct cw_compiler *compiler, const struct statement *s, const char *what) {
    cw_diagnose(compiler, s->call, "asm(\"%.*s\"): %s", (int)(s->length < 120 ? s->length : 120), s->text, what);
    return false;
}

static bool read_input(struct cw_compiler *compiler, struct statement *s, const char *constraint, LLVMValueRef argument) {
    unsigned n = s->count;
    s->tied[n] = -1;
    s->arguments[n] = argument;
    if (isdigit((unsigned char)*constraint)) {
        unsigned long result = strtoul(constraint, NULL, 10);
        if (result >= s->results) return refuse(compiler, s, "an operand refers to a result that is not there");
        s->tied[n] = (int)result;
        s->operands[n].type = s->operands[result].type;
        return true;
    }
    if (type_of_letter(*constraint, &s->operands[n].type)) return true;
    if ((*constraint == 'n' || *constraint == 'i') && LLVMIsAConstantInt(argument) && LLVMGetIntTypeWidth(LLVMTypeOf(argument)) <= 64) {
        s->operands[n] = (struct cw_ptx_inline_operand){CW_PTX_B64, true, LLVMConstIntGetSExtValue(argument)};
        s->arguments[n] = NULL;
        return true;
    }
    return refuse(compiler, s, *constraint == 'n' || *constraint == 'i' ? "an operand with constraint n must be an integer constant"
                                                                       : "an operand has a constraint that is none of h r l q f d n");
}

static bool read_result(struct cw_compiler *compiler, struct statement *s, const char *constraint) {
    LLVMTypeRef type = LLVMTypeOf(s->call);
    bool structure = LLVMGetTypeKind(type) == LLVMStructTypeKind;
    unsigned n = s->count;
    s->tied[n] = -1;
    s->result_types[n] = structure ? LLVMStructGetTypeAtIndex(type, n) : type;
    while (*constraint == '=' || *constraint == '&' || *constraint == '+') constraint++;
    if (!type_of_letter(*constraint, &s->operands[n].type)) return refuse(compiler, s, "a result has a constraint that is none of h r l q f d");
    s->results++;
    return true;
}

static bool read_constraints(struct cw_compiler *compiler, struct statement *s) {
    unsigned argument = 0, given = LLVMGetNumArgOperands(s->call);
    for (char *save = NULL, *word = strtok_r(s->constraints, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
        if (*word == '~') continue; /* what it clobbers: memory is seen in the code itself */
        if (s->count == OPERANDS_MAX) return refuse(compiler, s, "more than 64 operands");
        bool read = *word == '=' ? read_result(compiler, s, word)
                    : argument < given ? read_input(compiler, s, word, LLVMGetOperand(s->call, argument++))
                                       : refuse(compiler, s, "fewer operands than constraints");
        if (!read) return false;
        s->count++;
    }
    return true;
}

/* ---- The function ---- */

static unsigned value_bits(struct cw_ptx_lowering *l, LLVMTypeRef type) {
    if (type == l->pointer) return LLVMGetIntTypeWidth(l->size);
    switch (LLVMGetTypeKind(type)) {
    case LLVMIntegerTypeKind: return LLVMGetIntTypeWidth(type);
    case LLVMHalfTypeKind:
    case LLVMBFloatTypeKind: return 16;
    case LLVMFloatTypeKind: return 32;
    case LLVMDoubleTypeKind: return 64;
    case LLVMVectorTypeKind: return LLVMGetVectorSize(type) * value_bits(l, LLVMGetElementType(type));
    default: return 0;
    }
}

/* A value of any type as an integer, and back. */
static LLVMValueRef as_integer(struct cw_ptx_lowering *l, LLVMValueRef value) {
    return cw_ptx_bits(l, value, cw_ptx_integer(l, value_bits(l, LLVMTypeOf(value))));
}

static LLVMValueRef as_type(struct cw_ptx_lowering *l, LLVMValueRef value, LLVMTypeRef type) {
    return cw_ptx_bits(l, cw_ptx_resize(l, value, value_bits(l, type), false), type);
}

static struct cw_ptx_operand register_operand(const struct cw_ptx_function *function, unsigned n) {
    struct cw_ptx_operand operand = {.kind = CW_PTX_OPERAND_REGISTER, .component = CW_PTX_NO_COMPONENT};
    operand.reg = function->registers[n];
    return operand;
}

static LLVMTypeRef function_type(const struct statement *s) {
    LLVMTypeRef types[OPERANDS_MAX];
    unsigned count = 0;
    for (unsigned n = s->results; n < s->count; n++)
        if (s->arguments[n]) types[count++] = LLVMTypeOf(s->arguments[n]);
    return LLVMFunctionType(LLVMTypeOf(s->call), types, count, 0);
}

static void return_results(struct cw_ptx_lowering *l, const struct statement *s, const struct cw_ptx_function *function) {
    LLVMTypeRef type = LLVMTypeOf(s->call);
    LLVMValueRef whole = s->results ? LLVMGetPoison(type) : NULL;
    for (unsigned n = 0; n < s->results; n++) {
        LLVMValueRef value = as_type(l, as_integer(l, cw_ptx_read_register(l, function->registers[n])), s->result_types[n]);
        whole = LLVMGetTypeKind(type) == LLVMStructTypeKind ? LLVMBuildInsertValue(l->builder, whole, value, n, "") : value;
    }
    if (whole) LLVMBuildRet(l->builder, whole);
    else LLVMBuildRetVoid(l->builder);
}

static void build(struct cw_ptx_lowering *l, const struct statement *s, const struct cw_ptx_function *function, LLVMValueRef code) {
    cw_ptx_begin_function(l, function, code);
    unsigned parameter = 0;
    for (unsigned n = s->results; n < s->count; n++) {
        if (!s->arguments[n]) continue;
        struct cw_ptx_operand operand = register_operand(function, s->tied[n] >= 0 ? (unsigned)s->tied[n] : n);
        cw_ptx_write(l, &operand, as_integer(l, LLVMGetParam(code, parameter++)), false);
    }
    cw_ptx_lower_body(l, function->body);
    if (!LLVMGetBasicBlockTerminator(LLVMGetInsertBlock(l->builder))) return_results(l, s, function);
    cw_ptx_end_function(l);
}

/* A new function for the statement, or NULL when its text is wrong or asks for what there is not. */
static LLVMValueRef make(struct cw_compiler *compiler, LLVMModuleRef llvm, const struct statement *s) {
    struct cw_ptx_diagnostics diagnostics = {0};
    struct cw_ptx_module *ptx = cw_ptx_parse_inline(s->text, s->length, "asm", true, 0, 0, s->operands, s->count, &diagnostics);
    for (size_t n = 0; n < diagnostics.count; n++) {
        const struct cw_ptx_diagnostic *item = &diagnostics.items[n];
        if (!item->warning) cw_diagnose(compiler, s->call, "inline PTX: %s%s%s%s, in asm(\"%.*s\")", item->message, item->section[0] ? " (PTX ISA " : "",
                                        item->section, item->section[0] ? ")" : "", (int)(s->length < 200 ? s->length : 200), s->text);
    }
    cw_ptx_diagnostics_fini(&diagnostics);
    if (!ptx) return NULL;
    struct cw_ptx_lowering l;
    cw_ptx_lowering_init(&l, compiler, ptx, llvm);
    l.place = s->call;
    LLVMValueRef code = LLVMAddFunction(llvm, NAME, function_type(s));
    LLVMSetLinkage(code, LLVMInternalLinkage);
    static const char *const attributes[] = {"alwaysinline", "convergent", "nounwind"};
    for (size_t n = 0; n < sizeof attributes / sizeof attributes[0]; n++) cw_add_attribute(code, attributes[n], 0);
    build(&l, s, ptx->inline_body, code);
    bool failed = l.failed;
    cw_ptx_lowering_fini(&l);
    cw_ptx_module_free(ptx);
    if (!failed && cw_ptx_run_passes_on(compiler, code, "mem2reg,simplifycfg") == CW_OK) return code;
    LLVMDeleteFunction(code);
    return NULL;
}

/* ---- The statements of a module ---- */

struct made {
    LLVMValueRef assembly, code; /* the code of a statement without constants; inline assembly values are unique */
};

struct expansion {
    struct cw_compiler *compiler;
    LLVMModuleRef llvm;
    struct made *made;
    size_t count, capacity;
};

static bool has_constants(const struct statement *s) {
    for (unsigned n = s->results; n < s->count; n++)
        if (!s->arguments[n]) return true;
    return false;
}

static LLVMValueRef code_for(struct expansion *e, const struct statement *s) {
    bool shared = !has_constants(s);
    for (size_t i = 0; i < e->count && shared; i++)
        if (e->made[i].assembly == s->assembly) return e->made[i].code;
    LLVMValueRef code = make(e->compiler, e->llvm, s);
    if (!shared) return code;
    e->made = cw_grow(e->made, e->count, &e->capacity, sizeof *e->made);
    e->made[e->count++] = (struct made){s->assembly, code};
    return code;
}

static void replace(LLVMValueRef code, const struct statement *s) {
    LLVMValueRef arguments[OPERANDS_MAX];
    unsigned count = 0;
    for (unsigned n = s->results; n < s->count; n++)
        if (s->arguments[n]) arguments[count++] = s->arguments[n];
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(LLVMGetModuleContext(LLVMGetGlobalParent(code)));
    LLVMPositionBuilderBefore(builder, s->call);
    LLVMSetCurrentDebugLocation2(builder, LLVMInstructionGetDebugLoc(s->call));
    LLVMValueRef call = LLVMBuildCall2(builder, LLVMGlobalGetValueType(code), code, arguments, count, "");
    LLVMDisposeBuilder(builder);
    LLVMReplaceAllUsesWith(s->call, call);
    LLVMInstructionEraseFromParent(s->call);
}

static void expand(struct expansion *e, LLVMValueRef call, LLVMValueRef assembly) {
    struct statement *s = cw_alloc(sizeof *s);
    s->call = call;
    s->assembly = assembly;
    size_t length;
    s->text = LLVMGetInlineAsmAsmString(assembly, &s->length);
    const char *constraints = LLVMGetInlineAsmConstraintString(assembly, &length);
    s->constraints = cw_strndup(constraints, length);
    bool empty = s->length == 0 && LLVMGetTypeKind(LLVMTypeOf(call)) == LLVMVoidTypeKind; /* a barrier for the compiler: canonical.c */
    if (!empty && read_constraints(e->compiler, s)) {
        LLVMValueRef code = code_for(e, s);
        if (code) replace(code, s);
    }
    free(s->constraints);
    free(s);
}

static void expand_function(struct expansion *e, LLVMValueRef function) {
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block; block = LLVMGetNextBasicBlock(block)) {
        for (LLVMValueRef i = LLVMGetFirstInstruction(block), next; i; i = next) {
            next = LLVMGetNextInstruction(i);
            LLVMValueRef assembly = LLVMIsACallInst(i) ? LLVMIsAInlineAsm(LLVMGetCalledValue(i)) : NULL;
            if (assembly) expand(e, i, assembly);
        }
    }
}

cw_status cw_ptx_expand_assembly(struct cw_compiler *compiler, LLVMModuleRef llvm) {
    struct expansion e = {.compiler = compiler, .llvm = llvm};
    uint32_t before = compiler->errors;
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f))
        if (!cw_is_declaration(f)) expand_function(&e, f);
    for (size_t i = 0; i < e.count; i++)
        if (e.made[i].code) cw_ptx_recover_function(e.made[i].code);
    cw_ptx_settle_exponentials(llvm);
    bool any = e.count > 0 || LLVMGetNamedFunction(llvm, NAME);
    free(e.made);
    if (compiler->errors != before) return CW_ERROR_UNSUPPORTED;
    if (!any) return CW_OK;
    cw_status status = cw_ptx_settle_exits(compiler, llvm);
    return status == CW_OK ? cw_ptx_link_helpers(compiler, llvm) : status;
}
