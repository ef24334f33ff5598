/* SPDX-License-Identifier: Apache-2.0 */
/*
 * prepare.c: the steps from a kernel module to what shader.h promises, in order.
 *
 * LLVM's optimiser runs for NVPTX: the layout and the address spaces of a module are NVPTX's, its cost model is a GPU's, and
 * its alias analysis knows that different spaces don't overlap. Vectorising is left out but for loads and stores that lie
 * side by side, which GPUs have instructions for.
 */
#include <llvm-c/Target.h>
#include <llvm-c/TargetMachine.h>
#include <llvm-c/Transforms/PassBuilder.h>
#include <pthread.h>
#include <string.h>

#include "pass/pass.h"
#include "target/machine.h"
#include "target/math.h"
#include "target/shader/shader.h"

#define SHARED_ALIGN 16u
#define INLINE "always-inline,globaldce,function(sroa,early-cse,simplifycfg,instcombine<no-verify-fixpoint>)"
#define SPACES "function(infer-address-spaces,instcombine<no-verify-fixpoint>,sroa,early-cse)"
/* Scalars but for loads and stores, then neighbouring accesses together. */
#define FINISH                                                                                                         \
    "always-inline,globaldce,function(infer-address-spaces,sroa,early-cse,instcombine<no-verify-fixpoint>,scalarizer,instcombine<no-verify-fixpoint>," \
    "gvn,load-store-vectorizer,early-cse,simplifycfg,dce),globaldce"

static void initialise(void) {
    LLVMInitializeNVPTXTargetInfo();
    LLVMInitializeNVPTXTarget();
    LLVMInitializeNVPTXTargetMC();
}

LLVMTargetMachineRef cw_shader_machine(struct cw_compiler *compiler, LLVMModuleRef llvm) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, initialise);
    char *message = NULL;
    LLVMTargetRef target;
    if (LLVMGetTargetFromTriple(LLVMGetTarget(llvm), &target, &message) != 0) {
        cw_diagnose(compiler, NULL, "LLVM has no NVPTX target, whose cost model shaders are optimised with: %s", message);
        LLVMDisposeMessage(message);
        return NULL;
    }
    return LLVMCreateTargetMachine(target, LLVMGetTarget(llvm), "sm_80", "", LLVMCodeGenLevelAggressive, LLVMRelocDefault, LLVMCodeModelDefault);
}

static cw_status run_passes(struct cw_compiler *compiler, LLVMModuleRef llvm, LLVMTargetMachineRef machine, const char *pipeline) {
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    LLVMPassBuilderOptionsSetLoopVectorization(options, 0);
    LLVMPassBuilderOptionsSetSLPVectorization(options, 0);
    LLVMPassBuilderOptionsSetLoopInterleaving(options, 0);
    LLVMPassBuilderOptionsSetLoopUnrolling(options, 1);
    return cw_run_passes(compiler, llvm, pipeline, machine, options);
}

void cw_shader_mark_inlining(LLVMModuleRef llvm) {
    cw_pass_prepare_inlining(llvm);
    struct cw_reach reach;
    cw_reach_build(&reach, llvm);
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        size_t index = cw_reach_index(&reach, f);
        if (cw_is_declaration(f) || cw_is_kernel(f) || reach.recursive[index]) {
            continue; /* what is recursive is used by kernels alone that are refused */
        }
        cw_remove_attribute(f, "noinline");
        cw_remove_attribute(f, "optnone");
        cw_remove_attribute(f, "inlinehint");
        cw_add_attribute(f, "alwaysinline", 0);
    }
    cw_reach_fini(&reach);
}

/* Shared arrays begin at 16 bytes, so that neighbouring accesses to them can be vectors. */
static void align_shared(LLVMModuleRef llvm) {
    for (LLVMValueRef g = LLVMGetFirstGlobal(llvm); g; g = LLVMGetNextGlobal(g)) {
        if (LLVMGetPointerAddressSpace(LLVMTypeOf(g)) == CW_SPACE_SHARED && LLVMGetAlignment(g) < SHARED_ALIGN) {
            LLVMSetAlignment(g, SHARED_ALIGN);
        }
    }
}

/* What ends the launch ends the thread: nothing behind it runs. */
static void mark_ends(LLVMModuleRef llvm) {
    static const char *const names[] = {"cw.trap", "__assertfail"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        LLVMValueRef function = LLVMGetNamedFunction(llvm, names[i]);
        if (function) {
            cw_add_attribute(function, "noreturn", 0);
        }
    }
}

void cw_shader_drop_lists(LLVMModuleRef llvm) {
    static const char *const names[] = {"llvm.compiler.used", "llvm.used"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        LLVMValueRef list = LLVMGetNamedGlobal(llvm, names[i]);
        if (list) {
            LLVMDeleteGlobal(list);
        }
    }
}

static bool is_dropped(LLVMValueRef instruction) {
    LLVMValueRef callee = LLVMIsACallInst(instruction) ? cw_called_function(instruction) : NULL;
    static const char *const prefixes[] = {"llvm.lifetime.", "llvm.dbg.", "llvm.assume", "llvm.experimental.noalias.scope.decl",
                                           "llvm.invariant.", "llvm.donothing"};
    for (size_t i = 0; callee && i < sizeof prefixes / sizeof prefixes[0]; i++) {
        if (strncmp(cw_value_name(callee), prefixes[i], strlen(prefixes[i])) == 0) {
            return LLVMGetFirstUse(instruction) == NULL;
        }
    }
    return false;
}

static void drop_markers(LLVMModuleRef llvm) {
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block; block = LLVMGetNextBasicBlock(block)) {
            for (LLVMValueRef i = LLVMGetFirstInstruction(block), next; i; i = next) {
                next = LLVMGetNextInstruction(i);
                if (is_dropped(i)) {
                    LLVMInstructionEraseFromParent(i);
                }
            }
        }
    }
}

cw_status cw_shader_prepare(struct cw_compiler *compiler, const struct cw_module *module, LLVMModuleRef llvm,
                            const struct cw_shader_options *options) {
    cw_shader_keep_rsqrt(llvm);
    cw_shader_keep_extrema(llvm);
    if (options->fused && options->exp2 && !cw_shader_link_hardware_math(llvm)) {
        return CW_ERROR_INTERNAL;
    }
    cw_status status = cw_link_math(compiler, llvm, options->fused ? CW_MATH_FUSED : CW_MATH_FLOAT);
    LLVMTargetMachineRef machine = status == CW_OK ? cw_shader_machine(compiler, llvm) : NULL;
    if (!machine) {
        return status == CW_OK ? CW_ERROR_INTERNAL : status;
    }
    cw_pass_conversion(llvm);
    cw_pass_shift(llvm);
    cw_pass_managed(llvm);
    cw_pass_split_barriers(llvm);
    cw_shader_drop_lists(llvm);
    align_shared(llvm);
    cw_shader_entries(module, llvm, options->refused_features | CW_FEATURE_RECURSION | CW_FEATURE_INDIRECT_CALL);
    mark_ends(llvm);
    cw_shader_mark_inlining(llvm);
    status = run_passes(compiler, llvm, machine, INLINE);
    if (status == CW_OK) {
        cw_shader_local_space(llvm);
        cw_shader_global_space(llvm);
        status = run_passes(compiler, llvm, machine, SPACES);
    }
    if (status == CW_OK && !cw_shader_look_for_lanes(llvm)) {
        status = CW_ERROR_INTERNAL;
    }
    if (status == CW_OK) {
        status = run_passes(compiler, llvm, machine, "always-inline,globaldce");
    }
    if (status == CW_OK) {
        cw_pass_unroll(llvm);
        status = run_passes(compiler, llvm, machine, options->opt_level > 0 ? "default<O3>" : "function(simplifycfg)");
    }
    if (status == CW_OK) {
        drop_markers(llvm);
        cw_shader_copies(llvm);
        cw_shader_atomics(llvm, options);
        cw_shader_local_space(llvm);
        cw_shader_global_space(llvm);
        status = run_passes(compiler, llvm, machine, FINISH);
    }
    if (status == CW_OK && options->opt_level > 0) {
        status = run_passes(compiler, llvm, machine, CW_SHADER_ADDRESSES);
    }
    if (status == CW_OK) {
        cw_shader_global_space(llvm);
        status = run_passes(compiler, llvm, machine, "function(infer-address-spaces,early-cse,dce)");
        cw_shader_local_space(llvm);
        drop_markers(llvm);
    }
    LLVMDisposeTargetMachine(machine);
    return status;
}
