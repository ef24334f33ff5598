/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compiler.c: libcudawasm-compiler.so's one exported function, and the session behind it: import, inspection, and handing
 * modules to targets.
 */
#include "cudawasm/cw.h"

#include <llvm-c/Analysis.h>
#include <llvm-c/BitReader.h>
#include <llvm-c/BitWriter.h>
#include <llvm-c/Support.h>
#include <llvm-c/Target.h>
#include <llvm-c/TargetMachine.h>
#include <llvm-c/Transforms/PassBuilder.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/ptx/lower/lower.h"
#include "module/ir/ir.h"
#include "pass/pass.h"
#include "target/adapt.h"
#include "target/embed.h"
#include "target/target.h"

#define CW_TARGET(symbol) extern const struct cw_target symbol;
#include "target/targets.def"

const struct cw_target *const cw_targets[] = {
#define CW_TARGET(symbol) &symbol,
#include "target/targets.def"
    NULL,
};

void cw_bytes_set(struct cw_bytes *out, const void *data, size_t size) {
    out->data = cw_alloc(size + 1);
    memcpy(out->data, data, size);
    out->size = size;
}

/* LLVM's own diagnostics (linker, code generator) join the session's. */
static void on_llvm_diagnostic(LLVMDiagnosticInfoRef info, void *context) {
    struct cw_compiler *compiler = context;
    LLVMDiagnosticSeverity severity = LLVMGetDiagInfoSeverity(info);
    if (severity != LLVMDSError && severity != LLVMDSWarning) return;
    char *text = LLVMGetDiagInfoDescription(info);
    if (severity == LLVMDSError) cw_diagnose(compiler, NULL, "%s", text);
    else cw_text_printf(&compiler->log, "warning: %s\n", text);
    LLVMDisposeMessage(text);
}

/*
 * How far LLVM goes with `#pragma unroll`: its own limits (16384 instructions, a million iterations) are for one scalar copy of a
 * loop. A kernel has several forms, and branches in the body become masks of all iterations at once: 512 iterations of an `if`
 * compiled for minutes. What is larger is unrolled in part. LLVM takes these as command line options only.
 */
static void set_limits(void) {
    static const char *const options[] = {"cuda-wasm", "-pragma-unroll-threshold=4096", "-pragma-unroll-full-max-iterations=128"};
    LLVMParseCommandLineOptions(3, options, NULL);
}

static struct cw_compiler *create(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, set_limits);
    struct cw_compiler *compiler = calloc(1, sizeof *compiler);
    if (!compiler) return NULL;
    compiler->context = LLVMContextCreate();
    LLVMContextSetDiagnosticHandler(compiler->context, on_llvm_diagnostic, compiler);
    return compiler;
}

static void destroy(struct cw_compiler *compiler) {
    if (!compiler) return;
    LLVMContextDispose(compiler->context);
    cw_text_fini(&compiler->log);
    cw_text_fini(&compiler->notes);
    if (compiler->host_cpu) LLVMDisposeMessage(compiler->host_cpu);
    free(compiler->triple);
    if (compiler->host_features) LLVMDisposeMessage(compiler->host_features);
    free(compiler);
}

static void set_triple(struct cw_compiler *compiler, const char *triple) {
    free(compiler->triple);
    compiler->triple = triple ? cw_strdup(triple) : NULL;
}

static const char *log_text(struct cw_compiler *compiler) {
    return cw_text_string(&compiler->log);
}

static const char *host_cpu(struct cw_compiler *compiler) {
    if (!compiler->host_cpu) compiler->host_cpu = LLVMGetHostCPUName();
    return compiler->host_cpu;
}

static const char *host_features(struct cw_compiler *compiler) {
    if (!compiler->host_features) compiler->host_features = LLVMGetHostCPUFeatures();
    return compiler->host_features;
}

static void module_destroy(struct cw_module *module) {
    if (!module) return;
    LLVMDisposeModule(module->llvm);
    cw_arena_fini(&module->arena);
    cw_strings_fini(&module->lowered);
    free(module);
}

/* Bitcode may be readable and yet be no module of ours: damaged inside, or made for another machine. */
static cw_status check_origin(struct cw_compiler *compiler, LLVMModuleRef llvm) {
    if (strncmp(LLVMGetTarget(llvm), "nvptx", 5) != 0) {
        cw_diagnose(compiler, NULL, "the device bitcode is for '%s', not for nvptx", LLVMGetTarget(llvm));
        return CW_ERROR_BAD_MODULE;
    }
    char *message = NULL;
    bool broken = LLVMVerifyModule(llvm, LLVMReturnStatusAction, &message) != 0;
    if (broken) cw_diagnose(compiler, NULL, "the device bitcode is malformed: %s", message);
    LLVMDisposeMessage(message);
    return broken ? CW_ERROR_BAD_MODULE : CW_OK;
}

static LLVMModuleRef parse(struct cw_compiler *compiler, const void *bitcode, size_t size) {
    LLVMMemoryBufferRef buffer = LLVMCreateMemoryBufferWithMemoryRangeCopy(bitcode, size, "device");
    LLVMModuleRef llvm;
    bool failed = LLVMParseBitcodeInContext2(compiler->context, buffer, &llvm) != 0;
    LLVMDisposeMemoryBuffer(buffer);
    if (!failed) return llvm;
    cw_diagnose(compiler, NULL, "the device bitcode can't be read; it was made by another LLVM release or is damaged");
    return NULL;
}

/* From what a front end made to a kernel module, which owns `llvm`. */
static cw_status finish_import(struct cw_compiler *compiler, LLVMModuleRef llvm, bool unit, struct cw_module **out) {
    struct cw_strings lowered = {0};
    cw_module_take_lowered(llvm, &lowered);
    cw_status status = check_origin(compiler, llvm);
    if (status == CW_OK) {
        if (unit) cw_unit_settle(llvm);
        cw_module_note_annotations(llvm);
        cw_module_note_references(llvm);
        status = cw_ptx_expand_assembly(compiler, llvm);
    }
    if (status == CW_OK) {
        cw_module_canonicalise(llvm);
        status = unit ? cw_unit_check(compiler, llvm) : cw_module_check(compiler, llvm);
    }
    if (status != CW_OK) {
        LLVMDisposeModule(llvm);
        cw_strings_fini(&lowered);
        return status;
    }
    struct cw_module *module = cw_alloc(sizeof *module);
    module->lowered = lowered;
    module->compiler = compiler;
    module->llvm = llvm;
    module->unit = unit;
    cw_module_describe(llvm, &module->table, &module->arena);
    *out = module;
    return CW_OK;
}

static cw_status import(struct cw_compiler *compiler, const void *bitcode, size_t size, bool unit, struct cw_module **out) {
    cw_text_clear(&compiler->log);
    compiler->errors = 0;
    *out = NULL;
    LLVMModuleRef llvm = parse(compiler, bitcode, size);
    return llvm ? finish_import(compiler, llvm, unit, out) : CW_ERROR_BAD_MODULE;
}

static cw_status import_bitcode(struct cw_compiler *compiler, const void *bitcode, size_t size, struct cw_module **out) {
    return import(compiler, bitcode, size, false, out);
}

static cw_status import_unit(struct cw_compiler *compiler, const void *bitcode, size_t size, struct cw_module **out) {
    return import(compiler, bitcode, size, true, out);
}

static cw_status import_ptx(struct cw_compiler *compiler, const char *text, size_t size, const char *name, int unit, struct cw_module **out) {
    cw_text_clear(&compiler->log);
    compiler->errors = 0;
    *out = NULL;
    LLVMModuleRef llvm;
    cw_status status = cw_ptx_compile(compiler, text, size, name, &llvm);
    return status == CW_OK ? finish_import(compiler, llvm, unit != 0, out) : status;
}

static cw_status link_units(struct cw_compiler *compiler, const struct cw_unit *units, size_t count, struct cw_module **out) {
    cw_text_clear(&compiler->log);
    compiler->errors = 0;
    *out = NULL;
    LLVMModuleRef llvm;
    if (count == 0) return CW_ERROR_INVALID_ARGUMENT;
    cw_status status = cw_module_link(compiler, units, count, &llvm);
    return status == CW_OK ? finish_import(compiler, llvm, false, out) : status;
}

static uint32_t kernel_count(const struct cw_module *module) {
    return module->table.kernel_count;
}

static const struct cw_kernel *kernel(const struct cw_module *module, uint32_t index) {
    return index < module->table.kernel_count ? &module->table.kernels[index] : NULL;
}

static uint32_t variable_count(const struct cw_module *module) {
    return module->table.variable_count;
}

static const struct cw_variable *variable(const struct cw_module *module, uint32_t index) {
    return index < module->table.variable_count ? &module->table.variables[index] : NULL;
}

static const char *lowered_name(const struct cw_module *module, uint32_t index) {
    return index < module->lowered.count && module->lowered.items[index][0] ? module->lowered.items[index] : NULL;
}

static void set_text(struct cw_bytes *out, LLVMModuleRef llvm) {
    char *text = LLVMPrintModuleToString(llvm);
    cw_bytes_set(out, text, strlen(text));
    LLVMDisposeMessage(text);
}

static const struct cw_target *find_target(const char *name) {
    for (size_t i = 0; cw_targets[i]; i++)
        if (strcmp(cw_targets[i]->name, name) == 0) return cw_targets[i];
    return NULL;
}

/* Names every feature that `kernel` uses and `target` can't express. */
static cw_status check_features(struct cw_compiler *compiler, const struct cw_target *target, const struct cw_module *module,
                                const struct cw_lower_options *options) {
    static const char *const names[] = {
#define X(name, text) text,
        CW_FEATURE_LIST(X)
#undef X
    };
    cw_status status = CW_OK;
    for (uint32_t i = 0; i < module->table.kernel_count; i++) {
        const struct cw_kernel *row = &module->table.kernels[i];
        for (uint32_t f = 0; f < CW_FEATURE_COUNT && !cw_left_out(options, row->name); f++) {
            if (!(row->features & ~target->features & (1u << f))) continue;
            cw_diagnose(compiler, NULL, "%s:%u: kernel '%s' uses %s, which target '%s' can't express", row->source, row->line, row->name,
                        names[f], target->name);
            status = CW_ERROR_UNSUPPORTED;
        }
    }
    return status;
}

static cw_status verify(struct cw_compiler *compiler, LLVMModuleRef llvm, const char *when) {
    char *message = NULL;
    bool broken = LLVMVerifyModule(llvm, LLVMReturnStatusAction, &message) != 0;
    if (broken) cw_diagnose(compiler, NULL, "internal: the module is malformed after %s: %s", when, message);
    LLVMDisposeMessage(message);
    return broken ? CW_ERROR_INTERNAL : CW_OK;
}

/* Passes keep line tables; what a debugger would know of variables they don't. */
static void drop_types(LLVMModuleRef llvm) {
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    LLVMErrorRef error = LLVMRunPasses(llvm, "strip-nonlinetable-debuginfo", NULL, options);
    if (error) LLVMConsumeError(error);
    LLVMDisposePassBuilderOptions(options);
}

/* What lowering told, what the target tells of the code that it makes, and what it does otherwise than CUDA. */
static cw_status write_notes(struct cw_compiler *compiler, const struct cw_target *target, LLVMModuleRef llvm, const struct cw_lower_options *options,
                             struct cw_bytes *out) {
    struct cw_text text = {0};
    struct cw_bytes own = {0};
    cw_text_append(&text, cw_text_string(&compiler->notes), strlen(cw_text_string(&compiler->notes)));
    cw_status status = target->tells ? target->emit(compiler, llvm, options, CW_EMIT_NOTES, &own) : CW_OK;
    if (own.data) cw_text_append(&text, own.data, own.size);
    free(own.data);
    for (const char *const *line = target->deviations; line && *line; line++) cw_text_printf(&text, "differs: %s\n", *line);
    if (status == CW_OK) cw_bytes_set(out, cw_text_string(&text), text.size + 1);
    cw_text_fini(&text);
    return status;
}

static cw_status emit(struct cw_compiler *compiler, const struct cw_module *module, const struct cw_lower_options *given,
                      enum cw_emit_form form, struct cw_bytes *out) {
    cw_text_clear(&compiler->log);
    cw_text_clear(&compiler->notes);
    compiler->errors = 0;
    *out = (struct cw_bytes){0};
    if (form == CW_EMIT_MODULE_LLVM) {
        set_text(out, module->llvm);
        return CW_OK;
    }
    if (form == CW_EMIT_SIGNATURES) {
        struct cw_text text = {0};
        cw_status status = cw_module_signatures(compiler, module, &text);
        if (status == CW_OK) cw_bytes_set(out, text.data, text.size);
        cw_text_fini(&text);
        return status;
    }
    struct cw_lower_options options = {0};
    memcpy(&options, given, given->size < sizeof options ? given->size : sizeof options);
    const struct cw_target *target = find_target(options.target ? options.target : "");
    if (!target) {
        cw_diagnose(compiler, NULL, "there is no target '%s'", options.target ? options.target : "");
        return CW_ERROR_NOT_FOUND;
    }
    if (!options.cpu && target->cpu) {
        options.cpu = target->cpu;
        if (!options.features) options.features = target->cpu_features;
    } else if (!options.cpu) {
        options.cpu = host_cpu(compiler);
        if (!options.features) options.features = host_features(compiler);
    }
    if (!options.features) options.features = "";
    /* For comparisons, and for whoever suspects the vectoriser. */
    const char *vector = getenv("CUDA_WASM_VECTOR");
    if (vector && strcmp(vector, "0") == 0) options.scalar = 1;

    cw_status status = check_features(compiler, target, module, &options);
    if (status != CW_OK) return status;
    LLVMModuleRef llvm = LLVMCloneModule(module->llvm);
    if (cw_module_has_types(module)) drop_types(llvm);
    cw_leave_out(llvm, &options);
    if (!target->has_units) cw_pass_no_units(llvm);
    if (!(target->features & ~target->refused & CW_FEATURE_CLUSTER)) cw_pass_no_clusters(llvm);
    status = target->lower(compiler, module, llvm, &options);
    if (status == CW_OK) status = verify(compiler, llvm, "lowering");
    if (status == CW_OK && form == CW_EMIT_LLVM) set_text(out, llvm);
    else if (status == CW_OK && form == CW_EMIT_NOTES) status = write_notes(compiler, target, llvm, &options, out);
    else if (status == CW_OK) status = target->emit(compiler, llvm, &options, form, out);
    LLVMDisposeModule(llvm);
    if (status == CW_OK && compiler->errors) status = CW_ERROR_COMPILE;
    return status;
}

#define ARCHITECTURE 80u
#define OLDEST_ARCHITECTURE 70u

/* A comment of PTX that says each line of `log` behind the first words, then an empty module. */
static void write_refusal(const char *log, struct cw_bytes *out) {
    struct cw_text text = {0};
    cw_text_add(&text, "// This module can't be expressed in PTX that runs without CUDA-WASM:\n");
    for (const char *line = log; *line; line += strcspn(line, "\n"), line += *line == '\n')
        cw_text_printf(&text, "//   %.*s\n", (int)strcspn(line, "\n"), line);
    cw_text_add(&text, ".version 7.0\n.target sm_70\n.address_size 64\n");
    out->data = cw_text_take(&text, &out->size);
}

static cw_status ptx_text(struct cw_compiler *compiler, const struct cw_module *module, unsigned architecture, int opt_level, struct cw_bytes *out) {
    char cpu[16];
    unsigned number = architecture ? architecture : ARCHITECTURE;
    snprintf(cpu, sizeof cpu, "sm_%u", number < OLDEST_ARCHITECTURE ? OLDEST_ARCHITECTURE : number);
    const struct cw_lower_options options = {.size = sizeof options, .target = "ptx-text", .cpu = cpu, .opt_level = opt_level};
    cw_status status = emit(compiler, module, &options, CW_EMIT_ASSEMBLY, out);
    if (status == CW_OK) return CW_OK;
    free(out->data);
    write_refusal(cw_text_string(&compiler->log), out);
    return CW_ERROR_UNSUPPORTED;
}

static cw_status module_bitcode(struct cw_compiler *compiler, const struct cw_module *module, struct cw_bytes *out) {
    (void)compiler;
    LLVMMemoryBufferRef buffer = LLVMWriteBitcodeToMemoryBuffer(module->llvm);
    cw_bytes_set(out, LLVMGetBufferStart(buffer), LLVMGetBufferSize(buffer));
    LLVMDisposeMemoryBuffer(buffer);
    return CW_OK;
}

const struct cw_compiler_api *cw_compiler_api(uint32_t abi_version) {
    static const struct cw_compiler_api api = {
        .abi_version = CW_COMPILER_ABI,
        .struct_size = sizeof api,
        .create = create,
        .destroy = destroy,
        .log = log_text,
        .import_bitcode = import_bitcode,
        .module_destroy = module_destroy,
        .kernel_count = kernel_count,
        .kernel = kernel,
        .variable_count = variable_count,
        .variable = variable,
        .emit = emit,
        .embed = cw_embed,
        .module_bitcode = module_bitcode,
        .adapt_host = cw_adapt_host,
        .lowered_name = lowered_name,
        .host_cpu = host_cpu,
        .host_features = host_features,
        .import_unit = import_unit,
        .embed_unit = cw_embed_unit,
        .ptx_text = ptx_text,
        .link_units = link_units,
        .embed_linked = cw_embed_linked,
        .import_ptx = import_ptx,
        .embed_wasm = cw_embed_wasm,
        .target_matrix = cw_target_matrix,
        .set_triple = set_triple,
    };
    return abi_version == CW_COMPILER_ABI ? &api : NULL;
}
