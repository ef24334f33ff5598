/* SPDX-License-Identifier: Apache-2.0 */
/*
 * prepare.c: the optimisations that come before the text, chosen so that it stays readable and driver compilers see what they
 * like to: no rotated or unrolled loops, no strength-reduced or widened indices, no vectors; everything inlined.
 *
 * Names: clang names a local variable's stack slot; when the slot goes, its values are left with names such as "add12". So
 * before that each value stored to a slot of a name takes the name.
 */
#include <ctype.h>
#include <llvm-c/Target.h>
#include <llvm-c/TargetMachine.h>
#include <llvm-c/Transforms/PassBuilder.h>
#include <stdlib.h>
#include <string.h>

#include "pass/pass.h"
#include "target/heap.h"
#include "target/image.h"
#include "target/library.h"
#include "target/machine.h"
#include "target/math.h"
#include "target/shader/shader.h"
#include "target/wgsl/wgsl.h"

#define INLINE "always-inline,globaldce"
#define SIMPLIFY "function(sroa,early-cse,simplifycfg,instcombine<no-verify-fixpoint>)"
#define SPACES "function(infer-address-spaces,instcombine<no-verify-fixpoint>,sroa,early-cse)"
#define FINISH                                                                                                              \
    "always-inline,globaldce,function(infer-address-spaces,sroa,early-cse<memssa>,instcombine<no-verify-fixpoint>,scalarizer<load-store>," \
    "instcombine<no-verify-fixpoint>,reassociate,gvn,sccp,early-cse,simplifycfg,instcombine<no-verify-fixpoint>,loop-simplify,dce),globaldce"

static cw_status run_passes(struct cw_compiler *compiler, LLVMModuleRef llvm, LLVMTargetMachineRef machine, const char *pipeline) {
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    LLVMPassBuilderOptionsSetLoopVectorization(options, 0);
    LLVMPassBuilderOptionsSetSLPVectorization(options, 0);
    LLVMPassBuilderOptionsSetLoopInterleaving(options, 0);
    return cw_run_passes(compiler, llvm, pipeline, machine, options);
}

/* LLVM's own names: an operation's word and a number. */
bool wgsl_is_made_up(const char *name) {
    static const char *const words[] = {"add", "sub", "mul", "div", "rem", "call", "conv", "cond", "inc", "dec", "cmp", "tmp", "shl", "shr", "and", "or", "xor", "arrayidx", "idxprom",
                                        "idx", "neg", "tobool", "lnot", "not", "incdec", "spec", "sext", "zext", "trunc", "call", "retval", "cw_get", ""};
    size_t length = 0;
    if (strchr(name, '.') == name + strlen(name) - 1 && name[0]) return false;
    while (isalpha((unsigned char)name[length])) length++;
    for (size_t w = 0; w < sizeof words / sizeof words[0]; w++)
        if (strlen(words[w]) == length && strncmp(name, words[w], length) == 0) return true;
    return false;
}

static void keep_names(LLVMModuleRef llvm) {
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f))
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block; block = LLVMGetNextBasicBlock(block))
            for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
                if (!LLVMIsAStoreInst(i)) continue;
                LLVMValueRef value = LLVMGetOperand(i, 0), slot = LLVMGetOperand(i, 1);
                if (!LLVMIsAAllocaInst(slot) || !LLVMIsAInstruction(value) || LLVMIsALoadInst(value)) continue;
                const char *name = cw_value_name(slot);
                if (!name[0] || !wgsl_is_made_up(cw_value_name(value)) || wgsl_is_made_up(name)) continue;
                size_t length = strcspn(name, ".");
                /* Numbers that LLVM appends come behind the dot, where names for people end. */
                char *copy = cw_format("%.*s.", (int)length, name);
                LLVMSetValueName2(value, copy, length + 1);
                free(copy);
            }
}

static void drop_markers(LLVMModuleRef llvm) {
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f))
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block; block = LLVMGetNextBasicBlock(block))
            for (LLVMValueRef i = LLVMGetFirstInstruction(block), next; i; i = next) {
                next = LLVMGetNextInstruction(i);
                if (LLVMIsACallInst(i) && !LLVMGetFirstUse(i) && wgsl_call_is_nothing(i) && cw_called_intrinsic(i) == CW_INTRINSIC_COUNT) LLVMInstructionEraseFromParent(i);
            }
}

static bool uses_double(LLVMModuleRef llvm) {
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f))
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block; block = LLVMGetNextBasicBlock(block))
            for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
                if (LLVMGetTypeKind(LLVMTypeOf(i)) == LLVMDoubleTypeKind) return true;
                for (unsigned k = 0; k < (unsigned)LLVMGetNumOperands(i); k++)
                    if (LLVMGetTypeKind(LLVMTypeOf(LLVMGetOperand(i, k))) == LLVMDoubleTypeKind) return true;
            }
    return false;
}

static bool waits_for_others(LLVMValueRef function) {
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
            enum cw_intrinsic intrinsic = LLVMIsACallInst(i) ? cw_called_intrinsic(i) : CW_INTRINSIC_COUNT;
            if (intrinsic == CW_INTRINSIC_COUNT) continue;
            if (wgsl_is_collective(intrinsic) || intrinsic == CW_INTRINSIC_BARRIER || intrinsic == CW_INTRINSIC_BARRIER_AND || intrinsic == CW_INTRINSIC_BARRIER_OR || intrinsic == CW_INTRINSIC_BARRIER_POPC)
                return true;
        }
    return false;
}

/* Kernels with barriers end in one place, so that threads that end early are in a branch that the others don't take. */
static void merge_ends(LLVMModuleRef llvm) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(context);
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        unsigned ends = 0;
        if (!cw_is_kernel(f) || cw_is_declaration(f) || !waits_for_others(f)) continue;
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block; block = LLVMGetNextBasicBlock(block)) ends += LLVMGetNumSuccessors(LLVMGetBasicBlockTerminator(block)) == 0;
        if (ends < 2) continue;
        LLVMBasicBlockRef end = LLVMAppendBasicBlockInContext(context, f, "end");
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block != end; block = LLVMGetNextBasicBlock(block)) {
            LLVMValueRef old = LLVMGetBasicBlockTerminator(block);
            if (LLVMGetNumSuccessors(old)) continue;
            LLVMInstructionEraseFromParent(old);
            LLVMPositionBuilderAtEnd(builder, block);
            LLVMBuildBr(builder, end);
        }
        LLVMPositionBuilderAtEnd(builder, end);
        LLVMBuildRetVoid(builder);
    }
    LLVMDisposeBuilder(builder);
}

/* WGSL switches on 32 bits. */
static void lower_wide_switches(LLVMModuleRef llvm) {
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        bool wide = false;
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block && !wide; block = LLVMGetNextBasicBlock(block)) {
            LLVMValueRef end = LLVMGetBasicBlockTerminator(block);
            wide = LLVMIsASwitchInst(end) && LLVMGetIntTypeWidth(LLVMTypeOf(LLVMGetOperand(end, 0))) > 32;
        }
        if (wide) LLVMConsumeError(LLVMRunPassesOnFunction(f, "lower-switch", NULL, options));
    }
    LLVMDisposePassBuilderOptions(options);
}

cw_status wgsl_prepare(struct cw_compiler *compiler, const struct cw_module *module, LLVMModuleRef llvm, const struct cw_lower_options *options) {
    bool fused = cw_shader_has_word(options, "fused");
    cw_shader_keep_rsqrt(llvm);
    if (fused) cw_shader_keep_extrema(llvm);
    if (fused && cw_shader_has_word(options, "exp2") && !cw_shader_link_hardware_math(llvm)) return CW_ERROR_INTERNAL;
    cw_status status = cw_link_math(compiler, llvm, fused ? CW_MATH_FUSED : CW_MATH_FLOAT);
    LLVMTargetMachineRef machine = status == CW_OK ? cw_shader_machine(compiler, llvm) : NULL;
    if (!machine) return status == CW_OK ? CW_ERROR_INTERNAL : status;
    cw_pass_conversion(llvm);
    cw_pass_shift(llvm);
    cw_pass_managed(llvm);
    cw_pass_split_barriers(llvm);
    cw_shader_drop_lists(llvm);
    /* Recursive functions go with the bodies of the kernels that use them, which are refused (shader.c). */
    cw_shader_entries(module, llvm, CW_FEATURE_RECURSION | CW_FEATURE_CLUSTER);
    status = run_passes(compiler, llvm, machine, "globaldce");
    cw_shader_mark_inlining(llvm);
    if (status == CW_OK) status = run_passes(compiler, llvm, machine, INLINE);
    if (status == CW_OK) {
        keep_names(llvm);
        status = run_passes(compiler, llvm, machine, SIMPLIFY);
    }
    if (status == CW_OK) {
        cw_shader_local_space(llvm);
        cw_shader_global_space(llvm);
        status = run_passes(compiler, llvm, machine, SPACES);
    }
    drop_markers(llvm);
    /* Marks loops that wait for other threads: WebGPU promises no progress of theirs, so they are refused by the mark. */
    cw_pass_poll(llvm);
    wgsl_keep_waits(llvm);
    LLVMDisposeTargetMachine(machine);
    return status;
}

static const char image_fault[] =
    "define void @cw_image_fault(i32 %kind) #0 {\n"
    "  call void @cw.trap()\n"
    "  unreachable\n"
    "}\n"
    "declare void @cw.trap()\n"
    "attributes #0 = { alwaysinline noreturn nounwind }\n";

/* The device heap, and textures in software. Behind the search for loops that wait: the heap's claim what they found to be free, and wait for
 * nobody. Modules with 32-bit pointers are browsers', whose runtimes have neither. */
static cw_status link_services(struct cw_compiler *compiler, LLVMModuleRef llvm, LLVMTargetMachineRef machine) {
    if (LLVMPointerSize(LLVMGetModuleDataLayout(llvm)) != 8) return CW_OK;
    cw_status status = cw_link_heap(compiler, llvm);
    if (status == CW_OK) status = cw_link_images(compiler, llvm, image_fault);
    cw_pass_conversion(llvm);
    cw_shader_mark_inlining(llvm);
    return status == CW_OK ? run_passes(compiler, llvm, machine, INLINE) : status;
}

cw_status wgsl_optimise(struct cw_compiler *compiler, LLVMModuleRef llvm, bool fast) {
    LLVMTargetMachineRef machine = cw_shader_machine(compiler, llvm);
    if (!machine) return CW_ERROR_INTERNAL;
    cw_status status = fast ? link_services(compiler, llvm, machine) : CW_OK;
    if (status == CW_OK && fast && LLVMPointerSize(LLVMGetModuleDataLayout(llvm)) == 8) {
        status = cw_shader_look_for_lanes(llvm) ? CW_OK : CW_ERROR_INTERNAL;
        if (status == CW_OK) status = run_passes(compiler, llvm, machine, INLINE);
    }
    if (status == CW_OK && fast) status = wgsl_reports(compiler, llvm);
    if (status == CW_OK && fast) {
        cw_pass_unroll(llvm);
        status = run_passes(compiler, llvm, machine, "default<O3>");
    }
    if (status == CW_OK) {
        drop_markers(llvm);
        cw_shader_copies(llvm);
        cw_shader_local_space(llvm);
        cw_shader_global_space(llvm);
        status = run_passes(compiler, llvm, machine, FINISH);
    }
    if (status == CW_OK && fast) {
        status = wgsl_join_loads(compiler, llvm, machine);
        if (status == CW_OK) status = run_passes(compiler, llvm, machine, CW_SHADER_ADDRESSES);
    }
    if (status == CW_OK) {
        cw_shader_global_space(llvm);
        status = run_passes(compiler, llvm, machine, "function(infer-address-spaces,early-cse,dce)");
        cw_shader_local_space(llvm);
        drop_markers(llvm);
    }
    LLVMDisposeTargetMachine(machine);
    /* Functions that do what WGSL has no doubles for; those that the text calls are written with it. After everything that would
     * remove functions that nothing calls. */
    if (status == CW_OK && uses_double(llvm)) status = cw_link_library(compiler, llvm, "softfloat.bc");
    if (status == CW_OK) lower_wide_switches(llvm);
    if (status == CW_OK) merge_ends(llvm);
    return status;
}
