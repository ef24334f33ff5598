/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_lower.c: libFuzzer on PTX's way to the waist. What the parser accepts is lowered, or refused with a diagnostic; it never comes
 * to an internal error (LLVM's verifier has the last word, cw_ptx_lower asks it twice) or to a fault. What is lowered goes
 * through the waist's check and gets a kernel table. Bytes that don't begin as PTX does are the body of a kernel, so that the
 * fuzzer need not find one; bytes after a `%` are the text of an asm() statement in a function with results.
 *
 * The helper library lies where the product has it, beside this program's folder: lib/cuda-wasm/ptx.
 */
#include <llvm-c/Core.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/ptx/lower/lower.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct cw_compiler *compiler, bool good, const char *what) {
    if (good) return;
    __builtin_printf("%s\n%s\n", what, cw_text_string(&compiler->log));
    abort();
}

static void on_llvm_diagnostic(LLVMDiagnosticInfoRef info, void *context) {
    struct cw_compiler *compiler = context;
    char *text = LLVMGetDiagInfoDescription(info);
    if (LLVMGetDiagInfoSeverity(info) == LLVMDSError) cw_diagnose(compiler, NULL, "%s", text);
    LLVMDisposeMessage(text);
}

static void finish(struct cw_compiler *compiler, LLVMModuleRef llvm) {
    cw_module_canonicalise(llvm);
    if (cw_module_check(compiler, llvm) == CW_OK) {
        struct cw_table table = {0};
        struct cw_arena arena = {0};
        cw_module_describe(llvm, &table, &arena);
        cw_arena_fini(&arena);
    }
    LLVMDisposeModule(llvm);
}

static void lower(struct cw_compiler *compiler, const char *text, size_t size) {
    LLVMModuleRef llvm = NULL;
    cw_status status = cw_ptx_compile(compiler, text, size, "fuzz", &llvm);
    check(compiler, status != CW_ERROR_INTERNAL && status != CW_ERROR_MISSING_TOOL, "lowering ended in an internal error");
    check(compiler, (status == CW_OK) == (compiler->errors == 0), "errors and no module go together");
    check(compiler, (status == CW_OK) == (llvm != NULL), "a status and a module go together");
    if (llvm) finish(compiler, llvm);
}

/* A function around one asm() statement with a result and an input of each kind, as clang leaves it. */
static void lower_statement(struct cw_compiler *compiler, const char *text, size_t size) {
    LLVMContextRef context = compiler->context;
    LLVMModuleRef llvm = LLVMModuleCreateWithNameInContext("fuzz", context);
    LLVMSetTarget(llvm, "nvptx64-nvidia-cuda");
    LLVMTypeRef i32 = LLVMInt32TypeInContext(context), i64 = LLVMInt64TypeInContext(context), f32 = LLVMFloatTypeInContext(context);
    LLVMTypeRef inputs[] = {i32, i32, i64, f32, LLVMDoubleTypeInContext(context), LLVMInt16TypeInContext(context)};
    unsigned count = sizeof inputs / sizeof inputs[0];
    LLVMTypeRef result = LLVMStructTypeInContext(context, (LLVMTypeRef[]){i32, f32}, 2, 0);
    LLVMValueRef function = LLVMAddFunction(llvm, "f", LLVMFunctionType(result, inputs, count, 0));
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(context);
    LLVMPositionBuilderAtEnd(builder, LLVMAppendBasicBlockInContext(context, function, ""));
    static const char constraints[] = "=r,=f,r,r,l,f,d,h";
    LLVMTypeRef type = LLVMFunctionType(result, inputs, count, 0);
    LLVMValueRef assembly =
        LLVMGetInlineAsm(type, text, size, constraints, sizeof constraints - 1, 1, 0, LLVMInlineAsmDialectATT, 0);
    LLVMValueRef arguments[sizeof inputs / sizeof inputs[0]];
    LLVMGetParams(function, arguments);
    LLVMBuildRet(builder, LLVMBuildCall2(builder, type, assembly, arguments, count, ""));
    LLVMDisposeBuilder(builder);
    cw_status status = cw_ptx_expand_assembly(compiler, llvm);
    check(compiler, status != CW_ERROR_INTERNAL && status != CW_ERROR_MISSING_TOOL, "inline PTX ended in an internal error");
    check(compiler, (status == CW_OK) == (compiler->errors == 0), "errors and no code go together");
    LLVMDisposeModule(llvm);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char header[] = ".version 8.3\n.target sm_90a\n.address_size 64\n.visible .entry k(.param .u64 p, .param .u32 n)\n{\n"
                                 ".reg .pred %p<4>;\n.reg .b16 %h<4>;\n.reg .b32 %r<8>;\n.reg .b64 %d<8>;\n.reg .f32 %f<8>;\n.reg .f64 %g<4>;\n";
    const char *text = (const char *)data;
    struct cw_compiler compiler = {.context = LLVMContextCreate()};
    LLVMContextSetDiagnosticHandler(compiler.context, on_llvm_diagnostic, &compiler);
    if (size > 8 && memcmp(text, ".version", 8) == 0) {
        lower(&compiler, text, size);
    } else if (size > 0 && text[0] == '%') {
        lower_statement(&compiler, text + 1, size - 1);
    } else {
        char *whole = malloc(size + sizeof header + 2);
        if (whole) {
            memcpy(whole, header, sizeof header - 1);
            memcpy(whole + sizeof header - 1, data, size);
            memcpy(whole + sizeof header - 1 + size, "\n}\n", 3);
            lower(&compiler, whole, size + sizeof header + 2);
            free(whole);
        }
    }
    LLVMContextDispose(compiler.context);
    cw_text_fini(&compiler.log);
    return 0;
}
