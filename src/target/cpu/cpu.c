/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cpu.c: the CPU target. In scalar mode every CUDA thread runs the kernel's code on its own, and a block's threads run
 * one after another on one OS thread: the reference for everything else. Kernels that have a vector form run neighbouring
 * threads as the lanes of vectors instead (vector.c).
 *
 * The order of steps matters in two places. Shared memory must have become base + offset before any module-level
 * optimisation (see pass/shared.c). Kernels are inlined into their entries before intrinsics are resolved, so that
 * thread indices become the entries' own loop variables.
 */
#include "target/cpu/cpu.h"

#include <llvm-c/Analysis.h>
#include <llvm-c/Transforms/PassBuilder.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target/host.h"
#include "target/machine.h"
#include "target/math.h"
#include "target/target.h"

/* Everything that the waist has. */
#define ALL_FEATURES ((1u << CW_FEATURE_COUNT) - 1u)

/* To SSA form and one body a kernel, cheaply; the real optimisation comes when the entries exist. */
#define SIMPLIFY "always-inline,globaldce,function(sroa,early-cse,simplifycfg,instcombine<no-verify-fixpoint>,sroa,lower-constant-intrinsics)"

/*
 * LLVM's `default<O3>` for modules whose kernels are vectors already, without what they don't need: the vectorisers, which only
 * pack what is scalar for good reason (LLVM 22 runs its SLP vectoriser whatever the options say), and passes for coroutines,
 * OpenMP, profiles and libraries. Half as long.
 */
#define COMBINE "instcombine<max-iterations=1;no-verify-fixpoint>"
#define CLEAN_EARLY "simplifycfg<keep-loops;speculate-blocks>"
#define CLEAN_SWITCHES "simplifycfg<keep-loops;switch-range-to-icmp;speculate-blocks>"
static const char vector_pipeline[] =
    "inferattrs,function<eager-inv>(lower-expect,sroa<modify-cfg>,early-cse<>),ipsccp,globalopt,"
    "function<eager-inv>(" COMBINE "," CLEAN_EARLY "),require<globals-aa>,function(invalidate<aa>),"
    "cgscc(devirt<4>(inline,function-attrs<skip-non-recursive-function-attrs>,argpromotion,function<eager-inv;no-rerun>("
    "sroa<modify-cfg>,early-cse<memssa>,jump-threading,correlated-propagation," CLEAN_SWITCHES "," COMBINE ",aggressive-instcombine,"
    "tailcallelim," CLEAN_SWITCHES ",reassociate,constraint-elimination,loop-mssa(loop-instsimplify,loop-simplifycfg,licm<no-allowspeculation>,"
    "loop-rotate,licm<allowspeculation>,simple-loop-unswitch<nontrivial;trivial>)," CLEAN_SWITCHES "," COMBINE ","
    "loop(loop-idiom,indvars,loop-deletion,loop-unroll-full),sroa<modify-cfg>,vector-combine,mldst-motion,gvn<>,sccp,bdce," COMBINE
    ",jump-threading,correlated-propagation,adce,memcpyopt,dse,loop-mssa(licm<allowspeculation>),"
    "simplifycfg<keep-loops;switch-range-to-icmp;hoist-common-insts;sink-common-insts;speculate-blocks>," COMBINE "),function-attrs)),"
    "deadargelim,globalopt,globaldce,rpo-function-attrs,recompute-globalsaa,function<eager-inv>(float2int,lower-constant-intrinsics,"
    "loop(loop-rotate,loop-deletion),infer-alignment," COMBINE ",simplifycfg<forward-switch-cond;switch-range-to-icmp;switch-to-lookup;"
    "no-keep-loops;hoist-common-insts;sink-common-insts;speculate-blocks>,vector-combine," COMBINE ",loop-unroll<O3>,sroa<preserve-cfg>,"
    "infer-alignment," COMBINE ",loop-mssa(licm<allowspeculation>),loop-sink,instsimplify,div-rem-pairs,"
    "simplifycfg<keep-loops;switch-range-to-icmp;speculate-blocks;speculate-unpredictables>),globaldce,constmerge";

static cw_status run_passes(struct cw_compiler *compiler, LLVMModuleRef llvm, const char *pipeline, LLVMTargetMachineRef machine,
                            bool scalar) {
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    LLVMPassBuilderOptionsSetLoopVectorization(options, scalar);
    LLVMPassBuilderOptionsSetSLPVectorization(options, scalar);
    LLVMPassBuilderOptionsSetLoopInterleaving(options, 1);
    LLVMPassBuilderOptionsSetLoopUnrolling(options, 1);
    return cw_run_passes(compiler, llvm, pipeline, machine, options);
}

/* In builds that verify, stops at the step that broke the module. */
static cw_status check(struct cw_compiler *compiler, LLVMModuleRef llvm, const char *step) {
#ifdef CW_VERIFY
    char *message = NULL;
    bool broken = LLVMVerifyModule(llvm, LLVMReturnStatusAction, &message) != 0;
    if (broken) cw_diagnose(compiler, NULL, "internal: the module is malformed after '%s': %s", step, message);
    LLVMDisposeMessage(message);
    return broken ? CW_ERROR_INTERNAL : CW_OK;
#else
    (void)compiler, (void)llvm, (void)step;
    return CW_OK;
#endif
}

LLVMTargetMachineRef cw_cpu_machine(struct cw_compiler *compiler, const struct cw_lower_options *options, const struct cw_cpu_form *form) {
    static const LLVMCodeGenOptLevel levels[] = {LLVMCodeGenLevelNone, LLVMCodeGenLevelLess, LLVMCodeGenLevelDefault,
                                                 LLVMCodeGenLevelAggressive};
    int level = options->opt_level < 0 ? 0 : options->opt_level > 3 ? 3 : options->opt_level;
    return form->triple ? cw_machine_for(compiler, form->triple, options->cpu, options->features, levels[level])
                        : cw_host_machine(compiler, options->cpu, options->features, levels[level]);
}

/* Attributes that the code generator reads: the machine, and what makes stacks that overflow hit their guard page and
 * debuggers unwind. */
static void set_code_attributes(LLVMModuleRef llvm, const struct cw_lower_options *options, const struct cw_cpu_form *form) {
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        if (cw_is_declaration(f)) continue;
        LLVMAddTargetDependentFunctionAttr(f, "target-cpu", options->cpu);
        if (options->features[0]) LLVMAddTargetDependentFunctionAttr(f, "target-features", options->features);
        /* LangRef "vscale_range": at least and at most so many times 128 bits. */
        uint64_t scale = cw_cpu_sve_bits(options) / 128;
        if (scale) cw_add_attribute(f, "vscale_range", scale << 32 | scale);
        if (form->linked) continue;
        LLVMAddTargetDependentFunctionAttr(f, "probe-stack", "inline-asm");
        cw_add_attribute(f, "uwtable", 2);
    }
}

#define PROBED_BYTES 4096u /* frames from this size on may be probed in a loop */

static uint64_t local_bytes(LLVMTargetDataRef layout, LLVMValueRef function) {
    uint64_t bytes = 0;
    for (LLVMValueRef i = LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(function)); i; i = LLVMGetNextInstruction(i))
        if (LLVMIsAAllocaInst(i) && LLVMIsAConstantInt(LLVMGetOperand(i, 0)))
            bytes += LLVMABISizeOfType(layout, LLVMGetAllocatedType(i)) * LLVMConstIntGetZExtValue(LLVMGetOperand(i, 0));
    return bytes;
}

/* The loop that probes a large frame counts in r11, and LLVM 22 moves a function's beginning behind its guards without asking
 * whether r11 is taken there (X86FrameLowering::canUseAsPrologue asks for the flags alone). Code generation leaves the
 * beginning where it is in functions with this attribute, which it reads for nothing else; the passes, which would, have run. */
static void keep_beginnings(LLVMModuleRef llvm) {
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(llvm);
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f))
        if (!cw_is_declaration(f) && local_bytes(layout, f) >= PROBED_BYTES) cw_add_attribute(f, "sanitize_hwaddress", 0);
}

/* From the waist's form to a module in which each kernel is one optimisable body. */
static cw_status simplify(struct cw_compiler *compiler, LLVMModuleRef llvm, struct cw_shared_layout *layout, LLVMTargetMachineRef machine) {
    cw_status status = cw_link_math(compiler, llvm, CW_MATH_ALL);
    if (status != CW_OK) return status;
    cw_pass_clusters(llvm);
    cw_pass_division(llvm);
    cw_pass_conversion(llvm);
    cw_pass_shift(llvm);
    cw_pass_shared(llvm, layout);
    cw_pass_managed(llvm);
    cw_pass_global_space(llvm);
    cw_host_adopt(llvm, machine);
    cw_pass_prepare_inlining(llvm);
    status = check(compiler, llvm, "simplify");
    if (status == CW_OK)
        status = run_passes(compiler, llvm, SIMPLIFY, NULL, false);
    if (status != CW_OK) return status;
    cw_pass_yield(llvm);
    cw_pass_poll(llvm);
    return check(compiler, llvm, "poll");
}

/* Linked code has no signals, by which a fault would make the backend run a block again thread by thread: what then is left of
 * `run` is for launches that run_lanes can't take, and it goes where it would need stacks of its own. */
static void settle_run(struct cw_cpu_entry *entry, const struct cw_cpu_form *form) {
    if (!form->linked) {
        /* Only a fault runs `run` then, to learn the thread: exactness and little compile time matter, not speed. */
        cw_add_attribute(entry->run, "optnone", 0);
        cw_add_attribute(entry->run, "noinline", 0);
    } else if (entry->run) {
        cw_add_attribute(entry->run, "optsize", 0);
        cw_add_attribute(entry->run, "minsize", 0);
    }
}

/* Atomics of 128 bits: an x86-64 processor's cmpxchg16b, which all but the first have had, and LLVM uses when it is told; any AArch64's. Elsewhere
 * LLVM would call a library that isn't there. Gives the features to compile for, NULL when they are the options'. */
static cw_status wide_atomics(struct cw_compiler *compiler, const struct cw_module *module, const struct cw_lower_options *options,
                              const char *triple, char **features) {
    *features = NULL;
    bool needed = false;
    for (uint32_t i = 0; i < module->table.kernel_count; i++) needed |= (module->table.kernels[i].features & CW_FEATURE_ATOMIC128) != 0;
    if (!needed || strncmp(triple, "aarch64", 7) == 0) return CW_OK;
    if (strncmp(triple, "x86_64", 6) != 0) {
        cw_diagnose(compiler, NULL, "128-bit atomics, which %s processors don't have", triple);
        return CW_ERROR_UNSUPPORTED;
    }
    *features = cw_format("%s%s+cx16", options->features, options->features[0] ? "," : "");
    return CW_OK;
}

static cw_status lower_for(struct cw_compiler *compiler, const struct cw_module *module, LLVMModuleRef llvm, const struct cw_lower_options *options,
                           const struct cw_cpu_form *form, LLVMTargetMachineRef machine);

cw_status cw_cpu_lower(struct cw_compiler *compiler, const struct cw_module *module, LLVMModuleRef llvm,
                       const struct cw_lower_options *options, const struct cw_cpu_form *form) {
    struct cw_lower_options own = *options;
    char *features, *triple;
    LLVMTargetMachineRef machine = cw_cpu_machine(compiler, options, form);
    if (!machine) return CW_ERROR_INTERNAL;
    triple = LLVMGetTargetMachineTriple(machine);
    cw_status status = wide_atomics(compiler, module, options, triple, &features);
    if (features) own.features = features;
    if (status == CW_OK) status = lower_for(compiler, module, llvm, &own, form, machine);
    LLVMDisposeMessage(triple);
    free(features);
    LLVMDisposeTargetMachine(machine);
    return status;
}

static cw_status lower_for(struct cw_compiler *compiler, const struct cw_module *module, LLVMModuleRef llvm, const struct cw_lower_options *options,
                           const struct cw_cpu_form *form, LLVMTargetMachineRef machine) {
    struct cw_shared_layout layout = {0};
    struct cw_cpu_entry *entries = cw_alloc_array(module->table.kernel_count + 1, sizeof *entries);
    const struct cw_dim3 *shape = options->block.x ? &options->block : NULL;
    struct cw_module one;
    cw_status status = shape ? cw_cpu_one_kernel(compiler, module, llvm, &one) : CW_OK;
    if (shape) {
        module = &one;
        cw_cpu_fix_shape(llvm, shape);
    }
    if (status == CW_OK) status = simplify(compiler, llvm, &layout, machine);
    if (status != CW_OK) goto out;

    if (!options->scalar) {
        cw_pass_roll(llvm);
        if (form->linked) cw_pass_keep_loops(llvm);
        cw_cpu_vectorise(module, llvm, entries, cw_cpu_lanes(options), shape, &compiler->notes);
        status = check(compiler, llvm, "vectorise");
        if (status != CW_OK) goto out;
    }
    cw_cpu_atomics(llvm);
    cw_cpu_add_entries(module, llvm, entries, form, shape);
    status = run_passes(compiler, llvm, "always-inline", NULL, false);
    if (status != CW_OK) goto out;
    for (uint32_t i = 0; i < module->table.kernel_count; i++) {
        if (!entries[i].run_all && !entries[i].run_lanes) continue;
        if (entries[i].run_all) cw_cpu_mark_parallel(llvm, entries[i].run_all);
        if (entries[i].ragged) {
            cw_cpu_mark_parallel(llvm, entries[i].ragged);
            cw_cpu_split_whole(llvm, entries[i].run_all, entries[i].ragged);
            cw_add_attribute(entries[i].ragged, "noinline", 0);
        }
        settle_run(&entries[i], form);
    }
    if (shape) cw_cpu_fix_shape(llvm, shape); /* what was asked since */
    cw_cpu_lower_intrinsics(llvm, form);
    cw_cpu_constants(llvm);
    if (shape) status = cw_cpu_share_variables(compiler, llvm);
    if (status != CW_OK) goto out;
    cw_cpu_add_descriptor(module, llvm, entries, &layout, form, shape);
    set_code_attributes(llvm, options, form);
    status = check(compiler, llvm, "entries");
    if (status != CW_OK) goto out;

    char pipeline[32];
    snprintf(pipeline, sizeof pipeline, "default<O%d>", options->opt_level < 0 ? 0 : options->opt_level > 3 ? 3 : options->opt_level);
    bool scalar = options->scalar || options->opt_level <= 0;
    status = run_passes(compiler, llvm, scalar ? pipeline : vector_pipeline, machine, scalar);
    if (status == CW_OK && cw_cpu_narrow_gathers(llvm))
        status = run_passes(compiler, llvm, "function(" COMBINE ",early-cse<>)", machine, false);
    if (status == CW_OK && form->linked) cw_cpu_name_suspending(llvm);
    if (status == CW_OK && !form->linked) keep_beginnings(llvm);
out:
    cw_shared_layout_fini(&layout);
    free(entries);
    return status;
}

static cw_status lower(struct cw_compiler *compiler, const struct cw_module *module, LLVMModuleRef llvm,
                       const struct cw_lower_options *options) {
    return cw_cpu_lower(compiler, module, llvm, options, &cw_cpu_native);
}

static cw_status emit(struct cw_compiler *compiler, LLVMModuleRef llvm, const struct cw_lower_options *options, enum cw_emit_form form,
                      struct cw_bytes *out) {
    LLVMTargetMachineRef machine = cw_cpu_machine(compiler, options, &cw_cpu_native);
    if (!machine) return CW_ERROR_INTERNAL;
    struct cw_bytes object = {0};
    cw_status status;
    if (form == CW_EMIT_ASSEMBLY) {
        status = cw_host_emit(compiler, llvm, machine, LLVMAssemblyFile, out);
    } else {
        status = cw_host_emit(compiler, llvm, machine, LLVMObjectFile, &object);
        if (status == CW_OK) status = cw_cpu_link(compiler, &object, out);
    }
    free(object.data);
    LLVMDisposeTargetMachine(machine);
    return status;
}

const struct cw_target cw_target_cpu = {
    .name = "cpu",
    .features = ALL_FEATURES,
    .lower = lower,
    .emit = emit,
};
