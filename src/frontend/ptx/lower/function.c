/* SPDX-License-Identifier: Apache-2.0 */
/*
 * function.c: functions, their parameters, and the statements of a body (PTX ISA, "Kernel and Function Directives", "Function
 * Definition and Calls").
 *
 * A kernel's parameters are LLVM arguments as clang makes them: scalars by value, arrays of bytes (classes, in the source) by `byval`,
 * so that the kernel table reads the source's layout off them. Parameters and results of a .func are values; an array of bytes is
 * passed as an array of words. Parameter space vanishes: what is left of it are variables of the thread's own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/ptx/lower/state.h"

static bool is_array(const struct cw_ptx_symbol *symbol) {
    return symbol->dimension_count > 0 || symbol->vector > 1;
}

/* ---- Types and declarations ---- */

LLVMTypeRef cw_ptx_passed_type(struct cw_ptx_lowering *l, const struct cw_ptx_symbol *symbol) {
    if (!is_array(symbol) || symbol->kind == CW_PTX_SYMBOL_REGISTER) return cw_ptx_type(l, symbol->type);
    unsigned word = symbol->size % 8 == 0 ? 8 : symbol->size % 4 == 0 ? 4 : 1;
    return LLVMArrayType2(cw_ptx_integer(l, 8 * word), symbol->size / word);
}

static LLVMTypeRef bytes_type(struct cw_ptx_lowering *l, const struct cw_ptx_symbol *symbol) {
    return LLVMArrayType2(l->i8, symbol->size);
}

static LLVMTypeRef result_type(struct cw_ptx_lowering *l, const struct cw_ptx_function *function) {
    if (function->result_count == 0) return l->nothing;
    if (function->result_count == 1) return cw_ptx_passed_type(l, function->results[0]);
    LLVMTypeRef *types = cw_alloc_array(function->result_count, sizeof *types);
    for (uint32_t i = 0; i < function->result_count; i++) types[i] = cw_ptx_passed_type(l, function->results[i]);
    LLVMTypeRef type = LLVMStructTypeInContext(l->context, types, function->result_count, 0);
    free(types);
    return type;
}

LLVMTypeRef cw_ptx_function_type(struct cw_ptx_lowering *l, const struct cw_ptx_function *function) {
    LLVMTypeRef *types = cw_alloc_array(function->param_count + 1, sizeof *types);
    for (uint32_t i = 0; i < function->param_count; i++) {
        const struct cw_ptx_symbol *symbol = function->params[i];
        if (symbol->unsized)
            cw_ptx_refuse(l, symbol->span, "'%s' has an unsized parameter; functions with variable arguments are not supported",
                          function->symbol ? function->symbol->name : "a prototype");
        types[i] = function->entry && is_array(symbol) ? l->pointer : cw_ptx_passed_type(l, symbol);
    }
    LLVMTypeRef type = LLVMFunctionType(function->entry ? l->nothing : result_type(l, function), types, function->param_count, 0);
    free(types);
    return type;
}

static void set_text(LLVMValueRef code, const char *name, const char *value) {
    LLVMContextRef context = LLVMGetModuleContext(LLVMGetGlobalParent(code));
    LLVMAddAttributeAtIndex(code, CW_FUNCTION_INDEX,
                            LLVMCreateStringAttribute(context, name, (unsigned)strlen(name), value, (unsigned)strlen(value)));
}

static void set_bounds(LLVMValueRef code, const struct cw_ptx_function *function) {
    const uint32_t *bounds = function->reqntid[0] ? function->reqntid : function->maxntid;
    char text[48];
    if (bounds[0]) {
        snprintf(text, sizeof text, "%u,%u,%u", bounds[0], bounds[1] ? bounds[1] : 1, bounds[2] ? bounds[2] : 1);
        set_text(code, "nvvm.maxntid", text);
    }
    if (function->minnctapersm) {
        snprintf(text, sizeof text, "%u", function->minnctapersm);
        set_text(code, "nvvm.minctasm", text);
    }
}

/* PTX ISA 11.7.1 to .3, 11.8.1. Of clusters whose dimensions nobody says launches must say them. */
static void set_cluster(struct cw_ptx_lowering *l, LLVMValueRef code, const struct cw_ptx_function *function) {
    const uint32_t *blocks = function->reqnctapercluster;
    char text[48];
    if (blocks[0]) {
        snprintf(text, sizeof text, "%u,%u,%u", blocks[0], blocks[1] ? blocks[1] : 1, blocks[2] ? blocks[2] : 1);
        set_text(code, "nvvm.cluster_dim", text);
    } else if (function->explicitcluster) {
        set_text(code, CW_CLUSTER_NEEDED, "");
    }
    if (function->maxclusterrank) {
        snprintf(text, sizeof text, "%u", function->maxclusterrank);
        set_text(code, "nvvm.maxclusterrank", text);
    }
    if (function->blocksareclusters)
        cw_ptx_refuse(l, function->symbol->span, ".blocksareclusters: launches whose grid counts clusters are not supported");
}

static void set_parameters(struct cw_ptx_lowering *l, LLVMValueRef code, const struct cw_ptx_function *function) {
    for (uint32_t i = 0; i < function->param_count; i++) {
        const struct cw_ptx_symbol *symbol = function->params[i];
        if (!function->entry || !is_array(symbol)) continue;
        LLVMAddAttributeAtIndex(code, i + 1, LLVMCreateTypeAttribute(l->context, cw_attribute_kind("byval"), bytes_type(l, symbol)));
        LLVMAddAttributeAtIndex(code, i + 1, LLVMCreateEnumAttribute(l->context, cw_attribute_kind("align"), symbol->align ? symbol->align : 1));
        /* Parameter space can't be written: threads share the one object, as with __grid_constant__. */
        LLVMAddAttributeAtIndex(code, i + 1, LLVMCreateStringAttribute(l->context, "nvvm.grid_constant", 18, "", 0));
    }
}

/* A function of the waist that the text declares as the device runtime's: vprintf, malloc, free, __assertfail. */
static LLVMValueRef declare_word(struct cw_ptx_lowering *l, const char *name) {
    enum cw_intrinsic intrinsic = cw_intrinsic_find(name);
    if (intrinsic == CW_INTRINSIC_COUNT || strncmp(name, "cw.", 3) == 0) return NULL;
    LLVMValueRef code = LLVMGetNamedFunction(l->llvm, name);
    return code ? code : LLVMAddFunction(l->llvm, name, cw_ptx_word_type(l, intrinsic));
}

/* ---- The device runtime (src/library/ptx/launch.c) ---- */

#define DEVICE_RUNTIME "__cudaCDP2"

/* What the runtime calls `name`, without what stands before it; NULL when it is none of its functions. Those for graphs have no prefix. */
static const char *runtime_name(const char *name) {
    if (strcmp(name, "cudaGraphLaunch") == 0 || strcmp(name, "cudaGraphSetConditional") == 0) return name + sizeof "cuda" - 1;
    return strncmp(name, DEVICE_RUNTIME, sizeof DEVICE_RUNTIME - 1) == 0 ? name + sizeof DEVICE_RUNTIME - 1 : NULL;
}

/* Room for a kernel's parameters: two of the arguments are dim3, arrays of three words, which helpers take one by one. */
static LLVMValueRef define_buffer(struct cw_ptx_lowering *l, const struct cw_ptx_function *function) {
    LLVMTypeRef type = cw_ptx_function_type(l, function);
    LLVMValueRef code = LLVMAddFunction(l->llvm, "__cw_ptx_parameter_buffer", type), values[8];
    LLVMTypeRef triple = LLVMArrayType2(l->i32, 3), types[4];
    if (LLVMCountParamTypes(type) != 4) return NULL;
    LLVMGetParamTypes(type, types);
    if (types[1] != triple || types[2] != triple) return NULL;
    LLVMBasicBlockRef old = LLVMGetInsertBlock(l->builder);
    LLVMSetLinkage(code, LLVMInternalLinkage);
    cw_add_attribute(code, "alwaysinline", 0);
    cw_add_attribute(code, "convergent", 0);
    LLVMPositionBuilderAtEnd(l->builder, LLVMAppendBasicBlockInContext(l->context, code, ""));
    values[0] = LLVMGetParam(code, 0);
    for (unsigned i = 0; i < 6; i++) values[1 + i] = LLVMBuildExtractValue(l->builder, LLVMGetParam(code, 1 + i / 3), i % 3, "");
    values[7] = LLVMGetParam(code, 3);
    LLVMBuildRet(l->builder, cw_ptx_helper(l, "launch_buffer", LLVMGetReturnType(type), values, 8));
    if (old) LLVMPositionBuilderAtEnd(l->builder, old);
    return code;
}

/* A function of the device runtime that the text declares; NULL when it is none. */
static LLVMValueRef declare_runtime(struct cw_ptx_lowering *l, const struct cw_ptx_function *function) {
    char helper[96];
    const char *name = runtime_name(function->symbol->name);
    if (!name) return NULL;
    if (strcmp(name, "GetParameterBufferV2") == 0) return define_buffer(l, function);
    snprintf(helper, sizeof helper, "__cw_ptx_launch_%s", name);
    LLVMValueRef code = LLVMGetNamedFunction(l->llvm, helper);
    return code ? code : LLVMAddFunction(l->llvm, helper, cw_ptx_function_type(l, function));
}

void cw_ptx_declare_function(struct cw_ptx_lowering *l, const struct cw_ptx_function *function) {
    const struct cw_ptx_symbol *symbol = function->symbol;
    bool defined = function->body || function->definition;
    LLVMValueRef code = LLVMGetNamedFunction(l->llvm, symbol->name);
    if (!code && !defined) code = declare_word(l, symbol->name);
    if (!code && !defined) code = declare_runtime(l, function);
    if (!code) {
        code = LLVMAddFunction(l->llvm, symbol->name, cw_ptx_function_type(l, function));
        set_parameters(l, code, function);
        cw_add_attribute(code, "convergent", 0);
        cw_add_attribute(code, "nounwind", 0);
        if (function->entry) LLVMSetFunctionCallConv(code, CW_CALLING_CONVENTION_KERNEL);
    }
    if (function->body) {
        bool local = symbol->linkage == CW_PTX_LINKAGE_LOCAL && !function->entry;
        bool weak = symbol->linkage == CW_PTX_LINKAGE_WEAK || symbol->linkage == CW_PTX_LINKAGE_COMMON;
        LLVMSetLinkage(code, local ? LLVMInternalLinkage : weak ? LLVMWeakODRLinkage : LLVMExternalLinkage);
        set_bounds(code, function);
        set_cluster(l, code, function);
        if (function->noreturn) cw_add_attribute(code, "noreturn", 0);
        for (uint32_t i = 0; i < function->pragma_count; i++)
            if (strstr(function->pragmas[i], "noinline")) cw_add_attribute(code, "noinline", 0);
    }
    cw_ptx_bind(l, symbol, code);
}

/* ---- Blocks ---- */

LLVMBasicBlockRef cw_ptx_label(struct cw_ptx_lowering *l, const struct cw_ptx_symbol *label) {
    LLVMBasicBlockRef *place = &l->labels[label->number];
    if (!*place) *place = LLVMAppendBasicBlockInContext(l->context, l->code, label->name);
    return *place;
}

static bool is_open(struct cw_ptx_lowering *l) {
    return !LLVMGetBasicBlockTerminator(LLVMGetInsertBlock(l->builder));
}

LLVMBasicBlockRef cw_ptx_block(struct cw_ptx_lowering *l, const char *name) {
    LLVMBasicBlockRef block = LLVMAppendBasicBlockInContext(l->context, l->code, name);
    if (is_open(l)) LLVMBuildBr(l->builder, block);
    LLVMPositionBuilderAtEnd(l->builder, block);
    return block;
}

/* ---- Places in the source ---- */

static const struct cw_ptx_loc *first_loc(const struct cw_ptx_block *block) {
    for (uint32_t i = 0; i < block->count; i++) {
        const struct cw_ptx_statement *statement = &block->statements[i];
        const struct cw_ptx_loc *loc = statement->kind == CW_PTX_STATEMENT_LOC     ? statement->loc
                                       : statement->kind == CW_PTX_STATEMENT_BLOCK ? first_loc(statement->block)
                                                                                  : NULL;
        if (loc) return loc;
    }
    return NULL;
}

static LLVMMetadataRef file_of(struct cw_ptx_lowering *l, uint32_t number) {
    return number < l->file_count && l->files[number] ? l->files[number] : l->own_file;
}

static void set_subprogram(struct cw_ptx_lowering *l, const struct cw_ptx_function *function) {
    const struct cw_ptx_loc *loc = first_loc(function->body);
    LLVMMetadataRef file = loc ? file_of(l, loc->file) : l->own_file;
    unsigned line = loc ? loc->line : function->symbol->span.line;
    LLVMMetadataRef type = LLVMDIBuilderCreateSubroutineType(l->debug, file, NULL, 0, LLVMDIFlagZero);
    const char *name = function->symbol->name;
    l->subprogram = LLVMDIBuilderCreateFunction(l->debug, file, name, strlen(name), name, strlen(name), file, line, type, 0, 1, line,
                                                LLVMDIFlagZero, 0);
    LLVMSetSubprogram(l->code, l->subprogram);
}

static void set_place(struct cw_ptx_lowering *l, LLVMMetadataRef file, unsigned line, unsigned column) {
    if (!l->subprogram) return;
    LLVMMetadataRef scope = l->subprogram;
    if (file && file != LLVMDIScopeGetFile(scope)) scope = LLVMDIBuilderCreateLexicalBlockFile(l->debug, scope, file, 0);
    LLVMSetCurrentDebugLocation2(l->builder, LLVMDIBuilderCreateDebugLocation(l->context, line, column, scope, NULL));
}

/* ---- Statements ---- */

static void declare_local(struct cw_ptx_lowering *l, const struct cw_ptx_symbol *symbol) {
    if (symbol->kind != CW_PTX_SYMBOL_VARIABLE) return; /* registers come to be when they are used */
    if (symbol->space == CW_PTX_LOCAL || symbol->space == CW_PTX_PARAM) {
        LLVMTypeRef type = is_array(symbol) ? bytes_type(l, symbol) : cw_ptx_integer(l, (unsigned)symbol->size * 8u);
        cw_ptx_bind(l, symbol, cw_ptx_variable(l, type, symbol->align, false, symbol->name));
        return;
    }
    cw_ptx_declare_variable(l, symbol);
    cw_ptx_define_variable(l, symbol);
}

/* The guard's value now. */
static LLVMValueRef guard_value(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef value = cw_ptx_read_register(l, i->guard);
    return i->guard_negated ? LLVMBuildNot(l->builder, value, "") : value;
}

/* True if the next statement is an instruction under the same guard that a block around this one can take in. */
static bool shares_guard(const struct cw_ptx_block *block, uint32_t at, const struct cw_ptx_instruction *i) {
    if (at >= block->count || block->statements[at].kind != CW_PTX_STATEMENT_INSTRUCTION) return false;
    const struct cw_ptx_instruction *next = block->statements[at].instruction;
    return next->guard == i->guard && next->guard_negated == i->guard_negated && next->opcode != CW_PTX_OP_BRA;
}

static bool writes(const struct cw_ptx_instruction *i, const struct cw_ptx_register *reg) {
    for (uint32_t n = 0; n < i->operand_count; n++) {
        const struct cw_ptx_operand *operand = &i->operands[n];
        bool named = operand->kind == CW_PTX_OPERAND_REGISTER || operand->kind == CW_PTX_OPERAND_SINK;
        if (named && ((operand->kind == CW_PTX_OPERAND_REGISTER && operand->reg == reg) || operand->second == reg)) return true;
    }
    return false;
}

/* A run of instructions under one guard, in a block of their own. How many statements it took. */
static uint32_t lower_guarded(struct cw_ptx_lowering *l, const struct cw_ptx_block *block, uint32_t at) {
    const struct cw_ptx_instruction *i = block->statements[at].instruction;
    LLVMBasicBlockRef then = LLVMAppendBasicBlockInContext(l->context, l->code, "guarded");
    LLVMBasicBlockRef behind = LLVMAppendBasicBlockInContext(l->context, l->code, "behind");
    LLVMBuildCondBr(l->builder, guard_value(l, i), then, behind);
    LLVMPositionBuilderAtEnd(l->builder, then);
    uint32_t taken = 0;
    do {
        const struct cw_ptx_instruction *one = block->statements[at + taken++].instruction;
        cw_ptx_lower_instruction(l, one);
        if (writes(one, i->guard) || !is_open(l)) break;
    } while (shares_guard(block, at + taken, i));
    if (is_open(l)) LLVMBuildBr(l->builder, behind);
    LLVMPositionBuilderAtEnd(l->builder, behind);
    return taken;
}

/* How many statements it took. */
static uint32_t lower_at(struct cw_ptx_lowering *l, const struct cw_ptx_block *block, uint32_t at) {
    const struct cw_ptx_instruction *i = block->statements[at].instruction;
    if (!is_open(l)) cw_ptx_block(l, "unreached");
    if (!i->guard) {
        cw_ptx_lower_instruction(l, i);
        return 1;
    }
    if (cw_ptx_is_pure(i)) {
        l->guard = guard_value(l, i);
        cw_ptx_lower_instruction(l, i);
        l->guard = NULL;
        return 1;
    }
    return lower_guarded(l, block, at);
}

void cw_ptx_lower_body(struct cw_ptx_lowering *l, const struct cw_ptx_block *block) {
    bool has_locs = l->function->body && first_loc(l->function->body);
    for (uint32_t at = 0; at < block->count;) {
        const struct cw_ptx_statement *statement = &block->statements[at];
        uint32_t taken = 1;
        switch (statement->kind) {
        case CW_PTX_STATEMENT_INSTRUCTION:
            if (!has_locs) set_place(l, NULL, statement->span.line, statement->span.column);
            taken = lower_at(l, block, at);
            break;
        case CW_PTX_STATEMENT_LABEL: {
            LLVMBasicBlockRef label = cw_ptx_label(l, statement->symbol);
            if (is_open(l)) LLVMBuildBr(l->builder, label);
            LLVMMoveBasicBlockAfter(label, LLVMGetLastBasicBlock(l->code));
            LLVMPositionBuilderAtEnd(l->builder, label);
            break;
        }
        case CW_PTX_STATEMENT_BLOCK: cw_ptx_lower_body(l, statement->block); break;
        case CW_PTX_STATEMENT_DECLARATION: declare_local(l, statement->symbol); break;
        case CW_PTX_STATEMENT_LOC:
            set_place(l, file_of(l, statement->loc->file), statement->loc->line, statement->loc->column);
            break;
        default: break;
        }
        at += taken;
    }
}

/* ---- Definitions ---- */

void cw_ptx_begin_function(struct cw_ptx_lowering *l, const struct cw_ptx_function *function, LLVMValueRef code) {
    l->function = function;
    l->code = code;
    l->registers = cw_alloc_array(function->register_count + 1, sizeof(LLVMValueRef));
    l->labels = cw_alloc_array(function->label_count + 1, sizeof(LLVMBasicBlockRef));
    l->guard = l->carry = l->window = NULL;
    l->subprogram = NULL;
    l->entry = LLVMAppendBasicBlockInContext(l->context, code, "entry");
    LLVMPositionBuilderAtEnd(l->builder, LLVMAppendBasicBlockInContext(l->context, code, "body"));
    LLVMSetCurrentDebugLocation2(l->builder, NULL);
}

void cw_ptx_end_function(struct cw_ptx_lowering *l) {
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(l->context);
    LLVMPositionBuilderAtEnd(builder, l->entry);
    LLVMBuildBr(builder, LLVMGetNextBasicBlock(l->entry));
    LLVMDisposeBuilder(builder);
    LLVMSetCurrentDebugLocation2(l->builder, NULL);
    free(l->registers);
    free(l->labels);
    l->registers = NULL;
    l->labels = NULL;
    l->function = NULL;
    l->subprogram = NULL;
}

/* Registers that are parameters have numbers only if the body names them. */
static const struct cw_ptx_register *register_of(const struct cw_ptx_function *function, const struct cw_ptx_symbol *symbol) {
    for (uint32_t i = 0; i < function->register_count; i++)
        if (function->registers[i] && function->registers[i]->symbol == symbol) return function->registers[i];
    return NULL;
}

static void bind_parameter(struct cw_ptx_lowering *l, const struct cw_ptx_symbol *symbol, LLVMValueRef argument) {
    LLVMSetValueName2(argument, symbol->name, strlen(symbol->name));
    if (symbol->kind == CW_PTX_SYMBOL_REGISTER) {
        const struct cw_ptx_register *reg = register_of(l->function, symbol);
        struct cw_ptx_operand operand = {.kind = CW_PTX_OPERAND_REGISTER, .component = CW_PTX_NO_COMPONENT};
        operand.reg = (struct cw_ptx_register *)(uintptr_t)reg;
        if (reg) cw_ptx_write(l, &operand, argument, cw_ptx_is_signed(symbol->type));
        return;
    }
    if (l->function->entry && is_array(symbol)) {
        cw_ptx_bind(l, symbol, argument);
        return;
    }
    LLVMValueRef place = cw_ptx_variable(l, LLVMTypeOf(argument), symbol->align, false, symbol->name);
    LLVMBuildStore(l->builder, argument, place);
    cw_ptx_bind(l, symbol, place);
}

static void bind_result(struct cw_ptx_lowering *l, const struct cw_ptx_symbol *symbol) {
    if (symbol->kind == CW_PTX_SYMBOL_REGISTER) return;
    cw_ptx_bind(l, symbol, cw_ptx_variable(l, cw_ptx_passed_type(l, symbol), symbol->align, true, symbol->name));
}

static LLVMValueRef result_value(struct cw_ptx_lowering *l, const struct cw_ptx_symbol *symbol) {
    LLVMTypeRef type = cw_ptx_passed_type(l, symbol);
    if (symbol->kind != CW_PTX_SYMBOL_REGISTER) return LLVMBuildLoad2(l->builder, type, cw_ptx_bound(l, symbol), "");
    const struct cw_ptx_register *reg = register_of(l->function, symbol);
    return reg ? cw_ptx_bits(l, cw_ptx_read_register(l, reg), type) : LLVMConstNull(type);
}

void cw_ptx_lower_ret(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    (void)i;
    const struct cw_ptx_function *function = l->function;
    if (function->entry || function->result_count == 0) {
        LLVMBuildRetVoid(l->builder);
        return;
    }
    if (function->result_count == 1) {
        LLVMBuildRet(l->builder, result_value(l, function->results[0]));
        return;
    }
    LLVMValueRef all = LLVMGetPoison(LLVMGetReturnType(LLVMGlobalGetValueType(l->code)));
    for (uint32_t n = 0; n < function->result_count; n++)
        all = LLVMBuildInsertValue(l->builder, all, result_value(l, function->results[n]), n, "");
    LLVMBuildRet(l->builder, all);
}

void cw_ptx_define_function(struct cw_ptx_lowering *l, const struct cw_ptx_function *function) {
    LLVMValueRef code = cw_ptx_bound(l, function->symbol);
    cw_ptx_begin_function(l, function, code);
    set_subprogram(l, function);
    set_place(l, NULL, LLVMDISubprogramGetLine(l->subprogram), 0);
    for (uint32_t i = 0; i < function->param_count; i++) bind_parameter(l, function->params[i], LLVMGetParam(code, i));
    for (uint32_t i = 0; !function->entry && i < function->result_count; i++) bind_result(l, function->results[i]);
    cw_ptx_lower_body(l, function->body);
    if (is_open(l)) cw_ptx_lower_ret(l, NULL);
    cw_ptx_end_function(l);
}
