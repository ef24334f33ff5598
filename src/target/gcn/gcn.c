/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gcn.c: the target for AMD GPUs: LLVM's AMDGPU back end and ld.lld make a code object, which HIP loads
 * (hipModuleLoadData). For gfx906, 908, 90a and 942, which run 64 lanes together, and gfx1030, 1100 and 1201, which run 32.
 *
 * Textures and surfaces are read in software (target/image.h).
 *
 * Not expressed, and so refused: what needs the vendor's host-side services (printf, assert, the device heap), recursion, whose
 * stack nobody can size, grids that synchronise, and threads that poll each other's stores: lanes of a wave run in lockstep
 * there, so one may wait for ever for another.
 */
#include "target/gcn/gcn.h"

#include <llvm-c/DebugInfo.h>
#include <llvm-c/Target.h>
#include <llvm-c/TargetMachine.h>
#include <llvm-c/Transforms/PassBuilder.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pass/pass.h"
#include "target/image.h"
#include "target/link.h"
#include "target/machine.h"
#include "target/math.h"
#include "target/target.h"

#define TRIPLE "amdgcn-amd-amdhsa"
#define CODE_OBJECT_VERSION "amdhsa_code_object_version"
#define MISSING                                                                                                                              \
    (CW_FEATURE_PRINTF | CW_FEATURE_ASSERT | CW_FEATURE_MALLOC | CW_FEATURE_RECURSION | CW_FEATURE_POLLING | CW_FEATURE_GRID_BARRIER |       \
     CW_FEATURE_CHILD_LAUNCH | CW_FEATURE_ATOMIC128 | CW_FEATURE_CLUSTER)
#define FEATURES (((1u << CW_FEATURE_COUNT) - 1u) & ~(uint32_t)MISSING)

#define SIMPLIFY "always-inline,globaldce,function(sroa,early-cse,simplifycfg,instcombine<no-verify-fixpoint>,loop-simplify)"

static const struct processor {
    const char *name;
    unsigned wave;
} processors[] = {{"gfx906", 64},  {"gfx908", 64},  {"gfx90a", 64}, {"gfx942", 64},
                  {"gfx1030", 32}, {"gfx1100", 32}, {"gfx1201", 32}};

static const struct processor *find_processor(struct cw_compiler *compiler, const char *cpu) {
    for (size_t i = 0; i < sizeof processors / sizeof processors[0]; i++)
        if (strcmp(processors[i].name, cpu) == 0) return &processors[i];
    cw_diagnose(compiler, NULL, "'%s' is no AMD processor that cuda-wasm knows: gfx906, gfx908, gfx90a, gfx942, gfx1030, gfx1100, gfx1201", cpu);
    return NULL;
}

static cw_status run_passes(struct cw_compiler *compiler, LLVMModuleRef llvm, const char *pipeline, LLVMTargetMachineRef machine) {
    return cw_run_passes(compiler, llvm, pipeline, machine, LLVMCreatePassBuilderOptions());
}

/* The passes get the large code model: with a smaller one LLVM turns constant tables of addresses into relative ones, by an intrinsic that
 * has no form for address spaces. It makes no other difference to them. */
static LLVMTargetMachineRef machine_for(struct cw_compiler *compiler, const struct cw_lower_options *options, LLVMCodeModel model) {
    LLVMInitializeAMDGPUTargetInfo();
    LLVMInitializeAMDGPUTarget();
    LLVMInitializeAMDGPUTargetMC();
    LLVMInitializeAMDGPUAsmPrinter();
    return cw_make_machine(compiler, TRIPLE, "AMDGPU", options, LLVMRelocPIC, model);
}

/* Variables that the host finds by name are exported; everything else is the module's own. Vendor attributes of the front end's GPU
 * mean nothing here. */
static void settle(const struct cw_module *module, LLVMModuleRef llvm, const char *cpu) {
    for (LLVMValueRef g = LLVMGetFirstGlobal(llvm); g; g = LLVMGetNextGlobal(g))
        if (!LLVMIsDeclaration(g) && strncmp(cw_value_name(g), "llvm.", 5) != 0) LLVMSetLinkage(g, LLVMInternalLinkage);
    for (uint32_t i = 0; i < module->table.variable_count; i++) {
        LLVMValueRef variable = LLVMGetNamedGlobal(llvm, module->table.variables[i].name);
        if (!variable || LLVMIsDeclaration(variable)) continue;
        LLVMSetLinkage(variable, LLVMExternalLinkage);
        LLVMSetVisibility(variable, LLVMProtectedVisibility);
    }
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f))
        if (!cw_is_declaration(f)) LLVMAddTargetDependentFunctionAttr(f, "target-cpu", cpu);
}

static cw_status lower(struct cw_compiler *compiler, const struct cw_module *module, LLVMModuleRef llvm,
                       const struct cw_lower_options *options) {
    const struct processor *processor = find_processor(compiler, options->cpu);
    LLVMTargetMachineRef machine = processor ? machine_for(compiler, options, LLVMCodeModelLarge) : NULL;
    if (!machine) return processor ? CW_ERROR_INTERNAL : CW_ERROR_INVALID_ARGUMENT;
    cw_status status = cw_link_images(compiler, llvm, NULL);
    if (status == CW_OK) status = cw_link_math(compiler, llvm, CW_MATH_FUSED);
    if (status != CW_OK) goto out;
    if (options->opt_level > 0) LLVMStripModuleDebugInfo(llvm);
    cw_pass_scope(llvm);
    cw_pass_managed(llvm);
    cw_pass_split_barriers(llvm);
    cw_pass_prepare_inlining(llvm);
    cw_adopt_machine(llvm, TRIPLE, machine);
    cw_gcn_retarget(module, llvm);
    status = cw_gcn_define_intrinsics(compiler, llvm, processor->wave);
    if (status != CW_OK) goto out;
    settle(module, llvm, options->cpu);
    /* What HIP since ROCm 5.4 loads; LLVM's default is newer. */
    LLVMAddModuleFlag(llvm, LLVMModuleFlagBehaviorOverride, CODE_OBJECT_VERSION, sizeof CODE_OBJECT_VERSION - 1,
                      LLVMValueAsMetadata(LLVMConstInt(LLVMInt32TypeInContext(LLVMGetModuleContext(llvm)), 500, 0)));
    status = run_passes(compiler, llvm, SIMPLIFY, machine);
    cw_pass_unroll(llvm);
    char pipeline[32];
    snprintf(pipeline, sizeof pipeline, "default<O%d>", options->opt_level < 0 ? 0 : options->opt_level > 3 ? 3 : options->opt_level);
    if (status == CW_OK) status = run_passes(compiler, llvm, pipeline, machine);
out:
    LLVMDisposeTargetMachine(machine);
    return status;
}

static cw_status emit(struct cw_compiler *compiler, LLVMModuleRef llvm, const struct cw_lower_options *options, enum cw_emit_form form,
                      struct cw_bytes *out) {
    LLVMTargetMachineRef machine = machine_for(compiler, options, LLVMCodeModelDefault);
    if (!machine) return CW_ERROR_INTERNAL;
    char *message = NULL;
    LLVMMemoryBufferRef buffer;
    struct cw_bytes object = {0};
    cw_status status = CW_OK;
    bool text = form == CW_EMIT_ASSEMBLY;
    if (LLVMTargetMachineEmitToMemoryBuffer(machine, llvm, text ? LLVMAssemblyFile : LLVMObjectFile, &message, &buffer) != 0) {
        cw_diagnose(compiler, NULL, "code generation failed: %s", message);
        LLVMDisposeMessage(message);
        status = CW_ERROR_INTERNAL;
    } else {
        cw_bytes_set(text ? out : &object, LLVMGetBufferStart(buffer), LLVMGetBufferSize(buffer));
        LLVMDisposeMemoryBuffer(buffer);
    }
    if (status == CW_OK && !text) status = cw_target_link(compiler, &(struct cw_strings){0}, &object, out);
    free(object.data);
    LLVMDisposeTargetMachine(machine);
    return status;
}

const struct cw_target cw_target_gcn = {
    .name = "gcn",
    .cpu = "gfx90a",
    .features = FEATURES,
    .lower = lower,
    .emit = emit,
};
