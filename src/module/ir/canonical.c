/* SPDX-License-Identifier: Apache-2.0 */
/*
 * canonical.c: clang's words to the waist's.
 *
 * std::sin in device code arrives as llvm.sin.f32, which a CPU would lower to the host's libm and a GPU to an
 * approximation; the waist names the math library's function instead. Traps become cw.trap. Empty inline assembly, an
 * old optimisation barrier, becomes a fence for the compiler where it clobbers memory and goes where it doesn't. A function of the
 * waist whose address is taken (a vtable holds __cxa_pure_virtual) becomes a function that calls it, so that targets only
 * ever meet direct calls. A kernel's address, which device code has to launch it, becomes its name as a string: whoever
 * launches looks it up, and no target has to keep a kernel as a function.
 *
 * clang gives a static device variable that the host names a suffix, but may have used the name without it before.
 */
#include "module/ir/ir.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* LLVM's math intrinsics to libdevice's base names; float forms end in 'f'. */
static const struct math_name {
    const char *llvm;
    const char *libdevice;
} math_names[] = {
    {"llvm.sin.", "sin"},     {"llvm.cos.", "cos"},     {"llvm.tan.", "tan"},     {"llvm.asin.", "asin"},   {"llvm.acos.", "acos"},
    {"llvm.atan.", "atan"},   {"llvm.atan2.", "atan2"}, {"llvm.sinh.", "sinh"},   {"llvm.cosh.", "cosh"},   {"llvm.tanh.", "tanh"},
    {"llvm.exp.", "exp"},     {"llvm.exp2.", "exp2"},   {"llvm.exp10.", "exp10"}, {"llvm.log.", "log"},     {"llvm.log2.", "log2"},
    {"llvm.log10.", "log10"}, {"llvm.pow.", "pow"},     {"llvm.powi.", "powi"},   {"llvm.ldexp.", "ldexp"},
};

/* The waist's name for the LLVM intrinsic `name`, in `out`; false when it stays. */
static bool waist_name(const char *name, char *out, size_t size) {
    if (strcmp(name, "llvm.trap") == 0 || strcmp(name, "llvm.ubsantrap") == 0) return snprintf(out, size, "cw.trap") > 0;
    if (strcmp(name, "llvm.debugtrap") == 0) return snprintf(out, size, "cw.breakpoint") > 0;
    for (size_t i = 0; i < sizeof math_names / sizeof math_names[0]; i++) {
        size_t length = strlen(math_names[i].llvm);
        if (strncmp(name, math_names[i].llvm, length) != 0) continue;
        bool is_float = strncmp(name + length, "f32", 3) == 0;
        if (!is_float && strncmp(name + length, "f64", 3) != 0) return false;
        return snprintf(out, size, "__nv_%s%s", math_names[i].libdevice, is_float ? "f" : "") > 0;
    }
    return false;
}

static void rename_intrinsic(LLVMModuleRef llvm, LLVMValueRef intrinsic, const char *name) {
    LLVMTypeRef type = LLVMGlobalGetValueType(intrinsic);
    bool is_trap = strncmp(cw_value_name(intrinsic), "llvm.ubsantrap", 14) == 0;
    if (is_trap) type = LLVMFunctionType(LLVMGetReturnType(type), NULL, 0, 0);
    LLVMValueRef target = LLVMGetNamedFunction(llvm, name);
    if (!target) target = LLVMAddFunction(llvm, name, type);
    if (!is_trap) {
        LLVMReplaceAllUsesWith(intrinsic, target);
        return;
    }
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(LLVMGetModuleContext(llvm));
    for (LLVMUseRef use = LLVMGetFirstUse(intrinsic); use; use = LLVMGetFirstUse(intrinsic)) {
        LLVMValueRef call = LLVMGetUser(use);
        LLVMPositionBuilderBefore(builder, call);
        LLVMBuildCall2(builder, type, target, NULL, 0, "");
        LLVMInstructionEraseFromParent(call);
    }
    LLVMDisposeBuilder(builder);
}

static void replace_empty_assembly(LLVMBuilderRef builder, LLVMValueRef call, LLVMValueRef assembly) {
    size_t length;
    const char *constraints = LLVMGetInlineAsmConstraintString(assembly, &length);
    char *copy = cw_strndup(constraints, length);
    LLVMPositionBuilderBefore(builder, call);
    if (strstr(copy, "~{memory}")) LLVMBuildFence(builder, LLVMAtomicOrderingSequentiallyConsistent, 1, "");
    LLVMInstructionEraseFromParent(call);
    free(copy);
}

static void replace_empty_assemblies(LLVMValueRef function) {
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(LLVMGetModuleContext(LLVMGetGlobalParent(function)));
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block; block = LLVMGetNextBasicBlock(block)) {
        for (LLVMValueRef i = LLVMGetFirstInstruction(block), next; i; i = next) {
            next = LLVMGetNextInstruction(i);
            if (!LLVMIsACallInst(i)) continue;
            LLVMValueRef assembly = LLVMIsAInlineAsm(LLVMGetCalledValue(i));
            size_t length = 1;
            if (!assembly || LLVMGetTypeKind(LLVMTypeOf(i)) != LLVMVoidTypeKind) continue;
            LLVMGetInlineAsmAsmString(assembly, &length);
            if (length == 0) replace_empty_assembly(builder, i, assembly);
        }
    }
    LLVMDisposeBuilder(builder);
}

static bool is_callee(LLVMUseRef use, LLVMValueRef function) {
    LLVMValueRef user = LLVMGetUser(use);
    return LLVMIsACallInst(user) && LLVMGetCalledValue(user) == function &&
           LLVMGetOperandUse(user, (unsigned)LLVMGetNumOperands(user) - 1) == use;
}

static bool address_taken(LLVMValueRef function) {
    for (LLVMUseRef use = LLVMGetFirstUse(function); use; use = LLVMGetNextUse(use))
        if (!is_callee(use, function)) return true;
    return false;
}

/* Everything that used `function` but calls of it uses a function that calls it. */
static void wrap(LLVMModuleRef llvm, LLVMValueRef function) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    LLVMTypeRef type = LLVMGlobalGetValueType(function);
    char *name = cw_format("%s.address", cw_value_name(function));
    LLVMValueRef wrapper = LLVMAddFunction(llvm, name, type);
    LLVMSetLinkage(wrapper, LLVMInternalLinkage);
    LLVMReplaceAllUsesWith(function, wrapper);
    for (LLVMUseRef use = LLVMGetFirstUse(wrapper), next; use; use = next) {
        next = LLVMGetNextUse(use);
        LLVMValueRef user = LLVMGetUser(use);
        if (is_callee(use, wrapper)) LLVMSetOperand(user, (unsigned)LLVMGetNumOperands(user) - 1, function);
    }
    unsigned count = LLVMCountParams(wrapper);
    LLVMValueRef *arguments = cw_alloc_array(count + 1, sizeof *arguments);
    LLVMGetParams(wrapper, arguments);
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(context);
    LLVMPositionBuilderAtEnd(builder, LLVMAppendBasicBlockInContext(context, wrapper, "entry"));
    LLVMValueRef result = LLVMBuildCall2(builder, type, function, arguments, count, "");
    if (LLVMGetTypeKind(LLVMGetReturnType(type)) == LLVMVoidTypeKind) LLVMBuildRetVoid(builder);
    else LLVMBuildRet(builder, result);
    LLVMDisposeBuilder(builder);
    free(arguments);
    free(name);
}

static bool is_of_the_waist(const char *name) {
    return cw_intrinsic_find(name) != CW_INTRINSIC_COUNT || cw_math_function_known(name);
}

/* ---- Kernels' addresses ---- */

static void name_kernel(LLVMModuleRef llvm, LLVMValueRef kernel) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    const char *name = cw_value_name(kernel);
    LLVMValueRef text = LLVMConstStringInContext2(context, name, strlen(name), 0);
    LLVMValueRef global = LLVMAddGlobal(llvm, LLVMTypeOf(text), "cw.kernel");
    LLVMSetInitializer(global, text);
    LLVMSetGlobalConstant(global, 1);
    LLVMSetLinkage(global, LLVMPrivateLinkage);
    LLVMReplaceAllUsesWith(kernel, global);
}

static void drop_list(LLVMModuleRef llvm, const char *name) {
    LLVMValueRef list = LLVMGetNamedGlobal(llvm, name);
    if (list) LLVMDeleteGlobal(list);
}

/* clang's lists of what must not be dropped hold kernels, too; kernels and what the host may see stay without them. */
static void name_kernels(LLVMModuleRef llvm) {
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        if (!cw_is_kernel(f) || !LLVMGetFirstUse(f)) continue;
        drop_list(llvm, "llvm.compiler.used");
        drop_list(llvm, "llvm.used");
        drop_list(llvm, "__clang_gpu_used_external");
        if (LLVMGetFirstUse(f)) name_kernel(llvm, f);
    }
}

/* ---- Static variables with a suffix ---- */

#define STATIC_SUFFIX "__static__"

static void join_static_variables(LLVMModuleRef llvm) {
    for (LLVMValueRef g = LLVMGetFirstGlobal(llvm); g; g = LLVMGetNextGlobal(g)) {
        const char *name = cw_value_name(g), *suffix = strstr(name, STATIC_SUFFIX);
        if (!suffix || LLVMIsDeclaration(g)) continue;
        char *plain = cw_strndup(name, (size_t)(suffix - name));
        LLVMValueRef used = LLVMGetNamedGlobal(llvm, plain);
        if (used && LLVMIsDeclaration(used) && LLVMTypeOf(used) == LLVMTypeOf(g)) LLVMReplaceAllUsesWith(used, g);
        free(plain);
    }
}

void cw_module_canonicalise(LLVMModuleRef llvm) {
    char name[64];
    cw_module_define_new(llvm);
    join_static_variables(llvm);
    name_kernels(llvm);
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm), next; f; f = next) {
        next = LLVMGetNextFunction(f);
        if (!cw_is_declaration(f)) replace_empty_assemblies(f);
        else if (LLVMGetFirstUse(f) && waist_name(cw_value_name(f), name, sizeof name)) rename_intrinsic(llvm, f, name);
    }
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f))
        if (cw_is_declaration(f) && is_of_the_waist(cw_value_name(f)) && address_taken(f)) wrap(llvm, f);
}
