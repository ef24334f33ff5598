/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check.c: holds a module against the waist. Whatever is not listed (an LLVM intrinsic, an external function or
 * variable, inline assembly) is reported with its name and its first source line; all findings are collected, so that
 * a user sees the whole distance at once.
 */
#include "module/ir/ir.h"

#include <llvm-c/Target.h>
#include <stdlib.h>
#include <string.h>

static void keep_first(LLVMValueRef instruction, void *context) {
    LLVMValueRef *found = context;
    if (!*found) *found = instruction;
}

/* True for code of the CUDA headers, ours and clang's, at whose lines a user would not look. Wrappers without debug
 * information are such code too. */
static bool is_in_headers(LLVMValueRef instruction) {
    unsigned length = 0;
    const char *file = LLVMGetDebugLocDirectory(instruction, &length);
    if (!file || !length) return true;
    char *directory = cw_strndup(file, length);
    file = LLVMGetDebugLocFilename(instruction, &length);
    char *path = cw_format("%s/%.*s", directory, (int)length, file ? file : "");
    bool result = strstr(path, "/include/cuda-wasm/") || strstr(path, "/lib/clang/") || strstr(path, "/include/cuda/cw/");
    free(directory);
    free(path);
    return result;
}

/* An instruction that uses `object`, directly or not; NULL when none does. From within the CUDA headers it goes up to the
 * user's own call, as far as calls lead there. */
static LLVMValueRef first_use(LLVMValueRef object) {
    LLVMValueRef found = NULL;
    cw_for_each_using_instruction(object, keep_first, &found);
    for (int depth = 0; found && is_in_headers(found) && depth < 16; depth++) {
        LLVMValueRef caller = NULL;
        cw_for_each_using_instruction(LLVMGetBasicBlockParent(LLVMGetInstructionParent(found)), keep_first, &caller);
        if (!caller) break;
        found = caller;
    }
    return found;
}

/* True if `type` is what `letter` of intrinsics.def stands for on a device whose size_t has `size_bits`. */
static bool is_type(LLVMTypeRef type, char letter, unsigned size_bits) {
    LLVMTypeKind kind = LLVMGetTypeKind(type);
    switch (letter) {
    case 'v': return kind == LLVMVoidTypeKind;
    case 'i': return kind == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(type) == 32;
    case 'l': return kind == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(type) == 64;
    case 'z': return kind == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(type) == size_bits;
    case 'f': return kind == LLVMFloatTypeKind;
    case 'p': return kind == LLVMPointerTypeKind && LLVMGetPointerAddressSpace(type) == CW_SPACE_GENERIC;
    default: return false;
    }
}

static bool has_signature(LLVMValueRef function, const char *signature) {
    LLVMTypeRef type = LLVMGlobalGetValueType(function);
    unsigned count = LLVMCountParamTypes(type), size_bits = LLVMPointerSize(LLVMGetModuleDataLayout(LLVMGetGlobalParent(function))) * 8;
    if (LLVMIsFunctionVarArg(type) || count != strlen(signature + 1)) return false;
    if (!is_type(LLVMGetReturnType(type), signature[0], size_bits)) return false;
    for (unsigned i = 0; i < count; i++)
        if (!is_type(LLVMTypeOf(LLVMGetParam(function, i)), signature[1 + i], size_bits)) return false;
    return true;
}

static void check_declaration(struct cw_compiler *compiler, LLVMValueRef function, bool unit) {
    const char *name = cw_value_name(function);
    if (!LLVMGetFirstUse(function)) return;
    if (strncmp(name, "llvm.", 5) == 0) {
        if (!cw_llvm_intrinsic_allowed(name))
            cw_diagnose(compiler, first_use(function), "the compiler intrinsic '%s' is not supported in device code", name);
        return;
    }
    enum cw_intrinsic intrinsic = cw_intrinsic_find(name);
    if (intrinsic != CW_INTRINSIC_COUNT && !has_signature(function, cw_intrinsics[intrinsic].signature))
        cw_diagnose(compiler, first_use(function), "the device function '%s' is declared with a signature that is not its own", name);
    if (intrinsic != CW_INTRINSIC_COUNT || cw_math_function_known(name)) return;
    if (unit) return;
    if (strncmp(name, "__nv_", 5) == 0)
        cw_diagnose(compiler, first_use(function), "the math function '%s' is not available (see docs/compatibility.md)", name + 5);
    else
        cw_diagnose(compiler, first_use(function),
                    "device function '%s' is called but not defined in this source file; define it here, or compile and link "
                    "all files with -rdc=true",
                    name);
}

/* The addresses of shared variables differ from block to block, so only a variable of the thread's own may begin with one:
 * clang writes that as a copy of a private constant. */
static void check_initialiser(struct cw_compiler *compiler, LLVMValueRef shared, LLVMValueRef constant) {
    for (LLVMUseRef use = LLVMGetFirstUse(constant); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        LLVMValueRef variable = LLVMIsAGlobalVariable(user);
        if (!variable) {
            if (LLVMIsAConstant(user) && !LLVMIsAGlobalValue(user)) check_initialiser(compiler, shared, user);
            continue;
        }
        if (strncmp(cw_value_name(variable), "llvm.", 5) == 0 || cw_is_shared_table(variable)) continue;
        cw_diagnose(compiler, first_use(variable),
                    "static or device variable '%s' is initialised with the address of the shared variable '%s', which differs from "
                    "block to block",
                    cw_value_name(variable), cw_value_name(shared));
    }
}

/* A managed variable's address is not known before the program runs. */
static void check_managed(struct cw_compiler *compiler, LLVMValueRef managed, LLVMValueRef constant) {
    for (LLVMUseRef use = LLVMGetFirstUse(constant); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use), variable = LLVMIsAGlobalVariable(user);
        if (!variable) {
            if (LLVMIsAConstant(user) && !LLVMIsAGlobalValue(user)) check_managed(compiler, managed, user);
            continue;
        }
        if (strncmp(cw_value_name(variable), "llvm.", 5) == 0) continue;
        cw_diagnose(compiler, first_use(variable),
                    "variable '%s' is initialised with the address of the managed variable '%s', which is known only when the program "
                    "runs",
                    cw_value_name(variable), cw_value_name(managed));
    }
}

static void check_variable(struct cw_compiler *compiler, LLVMValueRef variable, bool unit) {
    if (cw_is_managed(variable)) check_managed(compiler, variable, variable);
    if (LLVMGetPointerAddressSpace(LLVMTypeOf(variable)) == CW_SPACE_SHARED) check_initialiser(compiler, variable, variable);
    if (unit || !LLVMIsDeclaration(variable) || !LLVMGetFirstUse(variable)) return;
    if (LLVMGetPointerAddressSpace(LLVMTypeOf(variable)) == CW_SPACE_SHARED) return; /* extern __shared__ */
    cw_diagnose(compiler, first_use(variable),
                "device variable '%s' is used but not defined in this source file; define it here, or compile and link all "
                "files with -rdc=true",
                cw_value_name(variable));
}

static void check_body(struct cw_compiler *compiler, LLVMValueRef function) {
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block; block = LLVMGetNextBasicBlock(block)) {
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
            switch (LLVMGetInstructionOpcode(i)) {
            case LLVMCall: {
                LLVMValueRef assembly = LLVMIsAInlineAsm(LLVMGetCalledValue(i));
                if (!assembly) break;
                size_t length;
                const char *text = LLVMGetInlineAsmAsmString(assembly, &length);
                /* What the PTX front end lowers is replaced before the check. */
                cw_diagnose(compiler, i, "inline assembly that was not lowered: asm(\"%.*s\")", (int)(length < 120 ? length : 120),
                            text);
                break;
            }
            case LLVMInvoke:
            case LLVMLandingPad:
            case LLVMResume:
                cw_diagnose(compiler, i, "exceptions are not supported in device code");
                break;
            case LLVMIndirectBr:
            case LLVMCallBr:
                cw_diagnose(compiler, i, "computed gotos are not supported in device code");
                break;
            default: break;
            }
        }
    }
}

static cw_status check(struct cw_compiler *compiler, LLVMModuleRef llvm, bool unit) {
    uint32_t before = compiler->errors;
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        if (cw_is_declaration(f)) check_declaration(compiler, f, unit);
        else check_body(compiler, f);
    }
    for (LLVMValueRef g = LLVMGetFirstGlobal(llvm); g; g = LLVMGetNextGlobal(g)) check_variable(compiler, g, unit);
    return compiler->errors == before ? CW_OK : CW_ERROR_UNSUPPORTED;
}

cw_status cw_module_check(struct cw_compiler *compiler, LLVMModuleRef llvm) {
    return check(compiler, llvm, false);
}

cw_status cw_unit_check(struct cw_compiler *compiler, LLVMModuleRef llvm) {
    return check(compiler, llvm, true);
}
