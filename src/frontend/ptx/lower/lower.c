/* SPDX-License-Identifier: Apache-2.0 */
/* lower.c: a module of PTX to one of the waist; see lower.h and state.h. */
#include "frontend/ptx/lower/lower.h"

#include <llvm-c/Analysis.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/ptx/lower/state.h"

/* The data layout of clang's device pass for 64-bit hosts. */
#define LAYOUT "e-p6:32:32-i64:64-i128:128-i256:256-v16:16-v32:32-n16:32:64"
#define TRIPLE "nvptx64-nvidia-cuda"

void cw_ptx_lowering_init(struct cw_ptx_lowering *l, struct cw_compiler *compiler, const struct cw_ptx_module *ptx, LLVMModuleRef llvm) {
    LLVMContextRef context = compiler->context;
    *l = (struct cw_ptx_lowering){.compiler = compiler, .ptx = ptx, .llvm = llvm, .context = context};
    l->builder = LLVMCreateBuilderInContext(context);
    l->i1 = LLVMInt1TypeInContext(context);
    l->i8 = LLVMInt8TypeInContext(context);
    l->i16 = LLVMInt16TypeInContext(context);
    l->i32 = LLVMInt32TypeInContext(context);
    l->i64 = LLVMInt64TypeInContext(context);
    l->i128 = LLVMInt128TypeInContext(context);
    l->f16 = LLVMHalfTypeInContext(context);
    l->bf16 = LLVMBFloatTypeInContext(context);
    l->f32 = LLVMFloatTypeInContext(context);
    l->f64 = LLVMDoubleTypeInContext(context);
    l->pointer = LLVMPointerTypeInContext(context, 0);
    l->nothing = LLVMVoidTypeInContext(context);
    l->size = strncmp(LLVMGetTarget(llvm), "nvptx64", 7) == 0 ? l->i64 : l->i32;
}

void cw_ptx_lowering_fini(struct cw_ptx_lowering *l) {
    LLVMDisposeBuilder(l->builder);
    if (l->debug) LLVMDisposeDIBuilder(l->debug);
    free(l->bindings);
    free(l->files);
}

/* ---- Debug information ---- */

static LLVMMetadataRef debug_file(struct cw_ptx_lowering *l, const char *path) {
    return LLVMDIBuilderCreateFile(l->debug, path, strlen(path), "", 0);
}

static void begin_debug(struct cw_ptx_lowering *l) {
    static const char producer[] = "cuda-wasm";
    l->debug = LLVMCreateDIBuilder(l->llvm);
    l->own_file = debug_file(l, l->ptx->name);
    l->unit = LLVMDIBuilderCreateCompileUnit(l->debug, LLVMDWARFSourceLanguageC99, l->own_file, producer, sizeof producer - 1, 0, "", 0, 0, "", 0,
                                             LLVMDWARFEmissionLineTablesOnly, 0, 0, 0, "", 0, "", 0);
    LLVMMetadataRef version = LLVMValueAsMetadata(LLVMConstInt(l->i32, LLVMDebugMetadataVersion(), 0));
    LLVMAddModuleFlag(l->llvm, LLVMModuleFlagBehaviorWarning, "Debug Info Version", 18, version);
    for (uint32_t i = 0; i < l->ptx->item_count; i++)
        if (l->ptx->items[i].kind == CW_PTX_ITEM_FILE && l->ptx->items[i].number >= l->file_count) l->file_count = l->ptx->items[i].number + 1;
    if (l->file_count > 65536) l->file_count = 65536;
    l->files = cw_alloc_array(l->file_count + 1u, sizeof(LLVMMetadataRef));
    for (uint32_t i = 0; i < l->ptx->item_count; i++) {
        const struct cw_ptx_item *item = &l->ptx->items[i];
        if (item->kind == CW_PTX_ITEM_FILE && item->number < l->file_count) l->files[item->number] = debug_file(l, item->text);
    }
}

/* ---- The module ---- */

static void declare_all(struct cw_ptx_lowering *l) {
    for (uint32_t i = 0; i < l->ptx->item_count; i++) {
        const struct cw_ptx_item *item = &l->ptx->items[i];
        if (item->kind == CW_PTX_ITEM_VARIABLE) cw_ptx_declare_variable(l, item->symbol);
        else if (item->kind == CW_PTX_ITEM_FUNCTION) cw_ptx_declare_function(l, item->function);
    }
    for (uint32_t i = 0; i < l->ptx->item_count; i++) {
        const struct cw_ptx_item *item = &l->ptx->items[i];
        LLVMValueRef code = item->kind == CW_PTX_ITEM_ALIAS ? cw_ptx_bound(l, item->aliasee) : NULL;
        if (code) cw_ptx_bind(l, item->symbol, code);
    }
}

static void define_all(struct cw_ptx_lowering *l) {
    for (uint32_t i = 0; i < l->ptx->item_count; i++) {
        const struct cw_ptx_item *item = &l->ptx->items[i];
        if (item->kind == CW_PTX_ITEM_VARIABLE) cw_ptx_define_variable(l, item->symbol);
        else if (item->kind == CW_PTX_ITEM_FUNCTION && item->function->body) cw_ptx_define_function(l, item->function);
    }
}

static bool reroll(LLVMModuleRef llvm) {
    bool any = false;
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f))
        if (!cw_is_declaration(f)) any |= cw_ptx_reroll(f);
    return any;
}

static cw_status verify(struct cw_compiler *compiler, LLVMModuleRef llvm) {
    char *message = NULL;
    bool broken = LLVMVerifyModule(llvm, LLVMReturnStatusAction, &message) != 0;
    if (broken) cw_diagnose(compiler, NULL, "internal: PTX was lowered to a malformed module: %s", message);
    LLVMDisposeMessage(message);
    return broken ? CW_ERROR_INTERNAL : CW_OK;
}

cw_status cw_ptx_lower(struct cw_compiler *compiler, const struct cw_ptx_module *ptx, LLVMModuleRef *out) {
    struct cw_ptx_lowering l;
    *out = NULL;
    if (ptx->address_size == 32) {
        cw_diagnose(compiler, NULL, "%s: .address_size 32: PTX with 32-bit addresses left CUDA with version 12; 64-bit addresses are supported", ptx->name);
        return CW_ERROR_UNSUPPORTED;
    }
    LLVMModuleRef llvm = LLVMModuleCreateWithNameInContext("ptx", compiler->context);
    LLVMSetSourceFileName(llvm, ptx->name, strlen(ptx->name));
    LLVMSetTarget(llvm, TRIPLE);
    LLVMSetDataLayout(llvm, LAYOUT);
    cw_ptx_lowering_init(&l, compiler, ptx, llvm);
    begin_debug(&l);
    declare_all(&l);
    define_all(&l);
    cw_ptx_clear_reserved(&l);
    LLVMDIBuilderFinalize(l.debug);
    cw_status status = l.failed ? CW_ERROR_UNSUPPORTED : CW_OK;
    cw_ptx_lowering_fini(&l);
    if (status == CW_OK) status = verify(compiler, llvm);
    /* To SSA form, and what makes pointers recognisable; the targets do the rest. Function by function, since shared memory must not be
     * seen as a whole by passes that know no blocks of threads. */
    if (status == CW_OK) status = cw_ptx_run_passes(compiler, llvm, "function(mem2reg,simplifycfg,early-cse)");
    if (status == CW_OK && reroll(llvm)) status = cw_ptx_run_passes(compiler, llvm, "function(simplifycfg,early-cse,adce)");
    if (status == CW_OK) {
        cw_ptx_recover_pointers(llvm);
        cw_ptx_settle_exponentials(llvm);
        status = cw_ptx_run_passes(compiler, llvm, "function(early-cse,correlated-propagation,adce)");
    }
    if (status == CW_OK) status = cw_ptx_settle_exits(compiler, llvm);
    if (status == CW_OK) status = cw_ptx_link_helpers(compiler, llvm);
    if (status == CW_OK) status = verify(compiler, llvm);
    if (status == CW_OK) *out = llvm;
    else LLVMDisposeModule(llvm);
    return status;
}

cw_status cw_ptx_compile(struct cw_compiler *compiler, const char *text, size_t size, const char *name, LLVMModuleRef *out) {
    struct cw_ptx_diagnostics diagnostics = {0};
    struct cw_ptx_module *ptx = cw_ptx_parse(text, size, name, &diagnostics);
    cw_ptx_diagnostics_render(&diagnostics, name, text, size, &compiler->log);
    compiler->errors += diagnostics.errors;
    cw_ptx_diagnostics_fini(&diagnostics);
    *out = NULL;
    cw_status status = ptx ? cw_ptx_lower(compiler, ptx, out) : CW_ERROR_COMPILE;
    cw_ptx_module_free(ptx);
    return status;
}
