/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wasm.c: the WebAssembly target: the CPU's lowering (target/cpu) for wasm32 with 128-bit SIMD. Its artifact is a relocatable
 * object that is linked into a program with the runtime (src/wasi), or into a module of kernels alone; what differs from
 * a native artifact stands in backend/cpu/artifact.h. The kernel module must come from a device pass for a 32-bit host:
 * pointers and size_t are 32 bits wide on both sides.
 */
#include <llvm-c/Transforms/PassBuilder.h>
#include <stdlib.h>
#include <string.h>

#include "backend/cpu/artifact.h"
#include "target/cpu/cpu.h"
#include "target/host.h"
#include "target/target.h"
#include "target/wasm/wasm.h"

/* WebAssembly exchanges 64 bits at most. */
#define FEATURES (((1u << CW_FEATURE_COUNT) - 1u) & ~(uint32_t)CW_FEATURE_ATOMIC128)

static struct cw_cpu_form form_of(const struct cw_lower_options *options) {
    return (struct cw_cpu_form){
        .triple = "wasm32-unknown-wasi",
        .symbol = options->symbol ? options->symbol : CW_CPU_ARTIFACT_SYMBOL,
        .linked = true,
    };
}

/* What is left under masks afterwards, of lanes that words.h doesn't know, is done bit by bit. */
static cw_status lower_masks(struct cw_compiler *compiler, LLVMModuleRef llvm, const struct cw_lower_options *options,
                             const struct cw_cpu_form *form) {
    LLVMTargetMachineRef machine = cw_cpu_machine(compiler, options, form);
    if (!machine) return CW_ERROR_INTERNAL;
    cw_wasm_lower_halves(llvm);
    cw_wasm_lower_masks(llvm);
    LLVMPassBuilderOptionsRef passes = LLVMCreatePassBuilderOptions();
    LLVMErrorRef error = LLVMRunPasses(llvm, "always-inline,globaldce,function(scalarize-masked-mem-intrin,early-cse,adce)", machine, passes);
    LLVMDisposePassBuilderOptions(passes);
    LLVMDisposeTargetMachine(machine);
    if (error) {
        char *message = LLVMGetErrorMessage(error);
        cw_diagnose(compiler, NULL, "internal: masked accesses: %s", message);
        LLVMDisposeErrorMessage(message);
        return CW_ERROR_INTERNAL;
    }
    return CW_OK;
}

static cw_status lower(struct cw_compiler *compiler, const struct cw_module *module, LLVMModuleRef llvm,
                       const struct cw_lower_options *options) {
    if (strncmp(LLVMGetTarget(module->llvm), "nvptx64", 7) == 0) {
        cw_diagnose(compiler, NULL, "this device code was compiled for 64-bit pointers, and WebAssembly has 32-bit ones; compile its "
                                    "source for WebAssembly: cuda-wasm build -o PROGRAM.wasm");
        return CW_ERROR_UNSUPPORTED;
    }
    const struct cw_cpu_form form = form_of(options);
    cw_status status = cw_cpu_lower(compiler, module, llvm, options, &form);
    if (status == CW_OK) cw_wasm_guard_null(llvm, options->opt_level == 0);
    if (status == CW_OK && strstr(options->features, "+simd128")) status = lower_masks(compiler, llvm, options, &form);
    return status;
}

static cw_status emit(struct cw_compiler *compiler, LLVMModuleRef llvm, const struct cw_lower_options *options, enum cw_emit_form form,
                      struct cw_bytes *out) {
    const struct cw_cpu_form own = form_of(options);
    LLVMTargetMachineRef machine = cw_cpu_machine(compiler, options, &own);
    if (!machine) return CW_ERROR_INTERNAL;
    cw_status status = cw_host_emit(compiler, llvm, machine, form == CW_EMIT_ASSEMBLY ? LLVMAssemblyFile : LLVMObjectFile, out);
    LLVMDisposeTargetMachine(machine);
    return status;
}

const struct cw_target cw_target_wasm = {
    .name = "wasm",
    .cpu = "mvp",
    .cpu_features = "+simd128,+bulk-memory,+mutable-globals,+nontrapping-fptoint,+sign-ext",
    .features = FEATURES,
    .lower = lower,
    .emit = emit,
};
