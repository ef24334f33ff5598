/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ptx.c: the PTX target, for NVIDIA GPUs: LLVM's NVPTX back end makes PTX of the module, which the driver compiles for the
 * device (CUDA Driver API, "Module Management"). The waist is in NVPTX's form, so little has to change: address
 * spaces, kernels and parameters stay as they are.
 *
 * Integer division and shifts keep LLVM's instructions. Those have undefined cases that the hardware has not, but nvcc's
 * compiler takes the same liberty with CUDA's sources.
 *
 * There are two of it. "ptx" is for our backend (src/backend/cuda), whose runtime stands behind textures, grid barriers and managed
 * variables. "ptx-text" is what users get as PTX (NVRTC, cc -ptx): NVIDIA's driver loads it by itself, so textures and surfaces
 * are the hardware's, managed variables the driver's, and what would need our runtime is refused. Relocatable units keep what they
 * define visible and what they leave open external, as PTX links it (PTX ISA "Linking Directives").
 */
#include "target/ptx/ptx.h"

#include <llvm-c/DebugInfo.h>
#include <llvm-c/Target.h>
#include <llvm-c/TargetMachine.h>
#include <llvm-c/Transforms/PassBuilder.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pass/pass.h"
#include "target/image.h"
#include "target/machine.h"
#include "target/math.h"
#include "target/target.h"

#define TRIPLE "nvptx64-nvidia-cuda"

/* Kernels that launch need NVIDIA's device runtime library, which is part of its toolkit. Textures and surfaces are read in software:
 * the runtime's arrays are linear memory, which the hardware's units read only in few shapes. */
#define FEATURES (((1u << CW_FEATURE_COUNT) - 1u) & ~(uint32_t)(CW_FEATURE_CHILD_LAUNCH | CW_FEATURE_ATOMIC128))

#define SIMPLIFY "always-inline,globaldce,function(sroa,early-cse,simplifycfg,instcombine<no-verify-fixpoint>,loop-simplify)"

static cw_status run_passes(struct cw_compiler *compiler, LLVMModuleRef llvm, const char *pipeline, LLVMTargetMachineRef machine) {
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    LLVMPassBuilderOptionsSetLoopUnrolling(options, 1);
    return cw_run_passes(compiler, llvm, pipeline, machine, options);
}

/* "sm_90", "sm_90a": from sm_70 on, where threads of a warp run independently. */
static cw_status read_processor(struct cw_compiler *compiler, const char *cpu, struct cw_ptx_processor *processor) {
    char *end = NULL;
    if (strncmp(cpu, "sm_", 3) == 0) processor->number = (unsigned)strtoul(cpu + 3, &end, 10);
    if (!end || end == cpu + 3 || (*end && strcmp(end, "a") != 0 && strcmp(end, "f") != 0)) {
        cw_diagnose(compiler, NULL, "'%s' is no NVIDIA architecture; sm_70 to sm_121 are, such as sm_80 or sm_90", cpu);
        return CW_ERROR_INVALID_ARGUMENT;
    }
    if (processor->number < 70) {
        cw_diagnose(compiler, NULL, "%s: NVIDIA GPUs before sm_70 (Volta) are not supported", cpu);
        return CW_ERROR_UNSUPPORTED;
    }
    return CW_OK;
}

/* True if the source says of a parameter that the grid has one of it: its address is that of parameter space, which cvta.param (PTX ISA
 * 7.7) makes generic; before, every thread needs a copy. */
static bool has_grid_constants(LLVMModuleRef llvm) {
    static const char once[] = "nvvm.grid_constant";
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f))
        for (unsigned k = 1; k <= LLVMCountParams(f) && cw_is_kernel(f); k++)
            if (LLVMGetStringAttributeAtIndex(f, k, once, sizeof once - 1)) return true;
    return false;
}

/* True if a kernel may have more than 4352 bytes of parameters, which needs PTX ISA 8.1 (".param"). Padding is counted in full. */
static bool has_large_parameters(LLVMModuleRef llvm) {
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(llvm);
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        unsigned long long bytes = 0;
        for (unsigned k = 1; k <= LLVMCountParams(f) && cw_is_kernel(f); k++) {
            LLVMAttributeRef by_value = LLVMGetEnumAttributeAtIndex(f, k, cw_attribute_kind("byval"));
            LLVMTypeRef type = by_value ? LLVMGetTypeAttributeValue(by_value) : LLVMTypeOf(LLVMGetParam(f, k - 1));
            bytes += LLVMABISizeOfType(layout, type) + 15u;
        }
        if (bytes > 4352) return true;
    }
    return false;
}

static LLVMTargetMachineRef machine_for(struct cw_compiler *compiler, LLVMModuleRef llvm, const struct cw_lower_options *options) {
    LLVMInitializeNVPTXTargetInfo();
    LLVMInitializeNVPTXTarget();
    LLVMInitializeNVPTXTargetMC();
    LLVMInitializeNVPTXAsmPrinter();
    /* The PTX version is LLVM's choice for the processor, or the backend's oldest driver's (CUDA 11.4), if that is newer. */
    struct cw_lower_options own = *options;
    unsigned long number = strtoul(options->cpu + 3, NULL, 10);
    if (number < 89 && !own.features[0]) own.features = has_grid_constants(llvm) ? "+ptx77" : "+ptx74";
    if (number <= 90 && !options->features[0] && has_large_parameters(llvm)) own.features = "+ptx81";
    return cw_make_machine(compiler, TRIPLE, "NVPTX", &own, LLVMRelocDefault, LLVMCodeModelDefault);
}

#define CLUSTERS_FROM 90u /* PTX ISA ".reqnctapercluster", "barrier.cluster" */

/* Older devices have no clusters: each block is one of its own, and kernels that say more are refused. */
static cw_status settle_clusters(struct cw_compiler *compiler, const struct cw_module *module, LLVMModuleRef llvm, unsigned processor) {
    cw_status status = CW_OK;
    if (processor >= CLUSTERS_FROM) return CW_OK;
    for (uint32_t i = 0; i < module->table.kernel_count; i++) {
        const struct cw_kernel *row = &module->table.kernels[i];
        if (!(row->features & CW_FEATURE_CLUSTER) || !LLVMGetNamedFunction(llvm, row->name)) continue;
        cw_diagnose(compiler, NULL, "%s:%u: kernel '%s' has clusters of several blocks, which sm_%u has not; sm_90 and newer have", row->source,
                    row->line, row->name, processor);
        status = CW_ERROR_UNSUPPORTED;
    }
    cw_pass_no_clusters(llvm);
    return status;
}

static void set_number(LLVMValueRef function, const char *name, uint32_t value) {
    char text[16];
    snprintf(text, sizeof text, "%u", value);
    if (value) LLVMAddTargetDependentFunctionAttr(function, name, text);
}

static void set_cluster(LLVMValueRef function, const struct cw_kernel *row) {
    char text[48];
    snprintf(text, sizeof text, "%u,%u,%u", row->cluster.x, row->cluster.y, row->cluster.z);
    if (row->cluster.x) LLVMAddTargetDependentFunctionAttr(function, "nvvm.cluster_dim", text);
    set_number(function, "nvvm.maxclusterrank", row->cluster_max);
}

/* __launch_bounds__ and __cluster_dims__ (PTX ISA ".maxntid", ".minnctapersm", ".reqnctapercluster"), which preparing for inlining has dropped with all that names a GPU. */
static void set_bounds(const struct cw_module *module, LLVMModuleRef llvm, unsigned processor) {
    for (uint32_t i = 0; i < module->table.kernel_count; i++) {
        const struct cw_kernel *row = &module->table.kernels[i];
        LLVMValueRef kernel = LLVMGetNamedFunction(llvm, row->name);
        if (!kernel) continue;
        set_number(kernel, "nvvm.maxntid", row->max_threads);
        set_number(kernel, "nvvm.minctasm", row->min_blocks);
        if (processor >= CLUSTERS_FROM) set_cluster(kernel, row);
    }
}

static bool calls_math(LLVMModuleRef llvm) {
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f))
        if (cw_is_declaration(f) && LLVMGetFirstUse(f) && cw_math_function_known(cw_value_name(f))) return true;
    return false;
}

/* Variables that the host finds by name must be visible; everything else is the module's own, and may get a name that PTX
 * can write. */
static void set_linkage(const struct cw_module *module, LLVMModuleRef llvm) {
    for (LLVMValueRef g = LLVMGetFirstGlobal(llvm); g; g = LLVMGetNextGlobal(g))
        if (!LLVMIsDeclaration(g) && !(module->unit && LLVMGetLinkage(g) == LLVMExternalLinkage) && strncmp(cw_value_name(g), "llvm.", 5) != 0) LLVMSetLinkage(g, LLVMInternalLinkage);
    for (uint32_t i = 0; i < module->table.variable_count; i++) {
        LLVMValueRef variable = LLVMGetNamedGlobal(llvm, module->table.variables[i].name);
        if (!variable || LLVMIsDeclaration(variable)) continue;
        LLVMSetLinkage(variable, LLVMExternalLinkage);
        LLVMSetVisibility(variable, LLVMDefaultVisibility);
    }
}

static cw_status link_math(struct cw_compiler *compiler, LLVMModuleRef llvm) {
    if (!calls_math(llvm) || cw_ptx_link_libdevice(compiler, llvm)) return CW_OK;
    return cw_ptx_link_hardware_math(llvm) ? cw_link_math(compiler, llvm, CW_MATH_FUSED) : CW_ERROR_INTERNAL;
}

/* LLVM knows malloc from C, and drops what nobody looks into; on devices programs measure the heap by it. */
static void keep_allocations(LLVMModuleRef llvm) {
    static const char *const names[] = {"malloc", "free"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        LLVMValueRef function = LLVMGetNamedFunction(llvm, names[i]);
        if (function) cw_add_attribute(function, "nobuiltin", 0);
    }
}

/* The driver's own (PTX ISA ".attribute"); LLVM reads the mark from its annotations. */
static void mark_managed(LLVMModuleRef llvm) {
    static const char list[] = "nvvm.annotations";
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    LLVMMetadataRef one = LLVMValueAsMetadata(LLVMConstInt(LLVMInt32TypeInContext(context), 1, 0));
    for (LLVMValueRef g = LLVMGetFirstGlobal(llvm); g; g = LLVMGetNextGlobal(g)) {
        if (!cw_is_managed(g)) continue;
        LLVMSetSection(g, NULL);
        LLVMMetadataRef row[] = {LLVMValueAsMetadata(g), LLVMMDStringInContext2(context, "managed", 7), one};
        LLVMAddNamedMetadataOperand(llvm, list, LLVMMetadataAsValue(context, LLVMMDNodeInContext2(context, row, 3)));
    }
}

/* The functions that a unit gives to others: preparing for inlining makes everything the module's own. */
struct visible {
    LLVMValueRef *functions;
    size_t count, capacity;
};

static void collect_visible(const struct cw_module *module, LLVMModuleRef llvm, struct visible *visible) {
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f && module->unit; f = LLVMGetNextFunction(f)) {
        if (cw_is_declaration(f) || cw_is_kernel(f) || LLVMGetLinkage(f) == LLVMInternalLinkage || LLVMGetLinkage(f) == LLVMPrivateLinkage) continue;
        visible->functions = cw_grow(visible->functions, visible->count, &visible->capacity, sizeof(LLVMValueRef));
        visible->functions[visible->count++] = f;
    }
}

/* Fences for the compiler alone have done their work when the passes have run, and the back end knows none. */
static void drop_own_fences(LLVMModuleRef llvm) {
    unsigned own = LLVMGetSyncScopeID(LLVMGetModuleContext(llvm), "singlethread", 12);
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block; block = LLVMGetNextBasicBlock(block)) {
            for (LLVMValueRef i = LLVMGetFirstInstruction(block), next; i; i = next) {
                next = LLVMGetNextInstruction(i);
                if (LLVMIsAFenceInst(i) && LLVMGetAtomicSyncScopeID(i) == own) LLVMInstructionEraseFromParent(i);
            }
        }
    }
}

/* Textures and surfaces are read in software, which ends a launch as the hardware's units do: by an access that is misaligned (7,
 * CW_FAULT_MISALIGNED; in memory that there is, for the hardware looks at that first) or outside of all memory. ptxas must not see which. */
static const char image_fault[] =
    "declare void @llvm.trap()\n"
    "@cw_image_place = internal addrspace(1) global i64 0, align 8\n"
    "define void @cw_image_fault(i32 %kind) #0 {\n"
    "  %misaligned = icmp eq i32 %kind, 7\n"
    "  %odd = add i64 ptrtoint (ptr addrspace(1) @cw_image_place to i64), 1\n"
    "  %wanted = select i1 %misaligned, i64 %odd, i64 16\n"
    "  %address = call i64 asm sideeffect \"mov.b64 $0, $1;\", \"=l,l\"(i64 %wanted)\n"
    "  %place = inttoptr i64 %address to ptr addrspace(1)\n"
    "  store volatile i32 0, ptr addrspace(1) %place, align 4\n"
    "  call void @llvm.trap()\n"
    "  unreachable\n"
    "}\n"
    "attributes #0 = { noinline noreturn nounwind }\n";

static cw_status lower_for(struct cw_compiler *compiler, const struct cw_module *module, LLVMModuleRef llvm, const struct cw_lower_options *options,
                           bool alone) {
    struct cw_ptx_processor processor = {.alone = alone};
    struct visible visible = {0};
    cw_status status = read_processor(compiler, options->cpu, &processor);
    if (status == CW_OK) status = settle_clusters(compiler, module, llvm, processor.number);
    LLVMTargetMachineRef machine = status == CW_OK ? machine_for(compiler, llvm, options) : NULL;
    if (!machine) return status == CW_OK ? CW_ERROR_INTERNAL : status;
    if (!alone) status = cw_link_images(compiler, llvm, image_fault);
    collect_visible(module, llvm, &visible);
    if (status == CW_OK) status = link_math(compiler, llvm);
    if (status != CW_OK) goto out;
    /* With debug information the driver's compiler would not optimise; faults come without lines anyway. */
    if (options->opt_level > 0) LLVMStripModuleDebugInfo(llvm);
    keep_allocations(llvm);
    cw_ptx_conversions(llvm);
    cw_pass_scope(llvm);
    if (alone) mark_managed(llvm);
    else cw_pass_managed(llvm);
    cw_pass_split_barriers(llvm);
    set_linkage(module, llvm);
    cw_adopt_machine(llvm, TRIPLE, machine);
    cw_pass_prepare_inlining(llvm);
    for (size_t i = 0; i < visible.count; i++) LLVMSetLinkage(visible.functions[i], LLVMExternalLinkage);
    status = run_passes(compiler, llvm, SIMPLIFY, NULL);
    if (status == CW_OK && (!cw_ptx_grid(llvm, alone) || !cw_ptx_tiles(llvm))) status = CW_ERROR_INTERNAL;
    if (status != CW_OK) goto out;
    set_bounds(module, llvm, processor.number);
    status = cw_ptx_lower_intrinsics(compiler, llvm, &processor);
    if (status != CW_OK) goto out;
    cw_pass_unroll(llvm);
    char pipeline[32];
    snprintf(pipeline, sizeof pipeline, "default<O%d>", options->opt_level < 0 ? 0 : options->opt_level > 3 ? 3 : options->opt_level);
    status = run_passes(compiler, llvm, pipeline, machine);
    drop_own_fences(llvm);
out:
    free(visible.functions);
    LLVMDisposeTargetMachine(machine);
    return status;
}

static cw_status lower(struct cw_compiler *compiler, const struct cw_module *module, LLVMModuleRef llvm, const struct cw_lower_options *options) {
    return lower_for(compiler, module, llvm, options, false);
}

static cw_status lower_alone(struct cw_compiler *compiler, const struct cw_module *module, LLVMModuleRef llvm,
                             const struct cw_lower_options *options) {
    return lower_for(compiler, module, llvm, options, true);
}

/* The artifact is the PTX itself: text, as people read it. */
static cw_status emit(struct cw_compiler *compiler, LLVMModuleRef llvm, const struct cw_lower_options *options, enum cw_emit_form form,
                      struct cw_bytes *out) {
    (void)form;
    LLVMTargetMachineRef machine = machine_for(compiler, llvm, options);
    if (!machine) return CW_ERROR_INTERNAL;
    char *message = NULL;
    LLVMMemoryBufferRef buffer;
    cw_status status = CW_OK;
    if (LLVMTargetMachineEmitToMemoryBuffer(machine, llvm, LLVMAssemblyFile, &message, &buffer) != 0) {
        cw_diagnose(compiler, NULL, "code generation failed: %s", message);
        LLVMDisposeMessage(message);
        status = CW_ERROR_INTERNAL;
    } else {
        cw_bytes_set(out, LLVMGetBufferStart(buffer), LLVMGetBufferSize(buffer));
        LLVMDisposeMemoryBuffer(buffer);
    }
    LLVMDisposeTargetMachine(machine);
    return status;
}

const struct cw_target cw_target_ptx = {
    .name = "ptx",
    .cpu = "sm_80",
    .has_units = true,
    .features = FEATURES,
    .lower = lower,
    .emit = emit,
};

const struct cw_target cw_target_ptx_text = {
    .name = "ptx-text",
    .cpu = "sm_80",
    .has_units = true,
    .features = FEATURES,
    .lower = lower_alone,
    .emit = emit,
};
