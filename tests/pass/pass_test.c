/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pass_test.c: `pass-test STEP < input.ll`: reads LLVM IR text, takes one step of the compiler, verifies the module and
 * prints it, for FileCheck. A module without a target gets the waist's, so that tests stay short.
 *
 * Steps that answer questions (check, describe, reach) print their answer instead of the module. Steps of the CPU target
 * need the kernel table, which is read off the module as import does. `llvm:PIPELINE` runs passes of LLVM's own.
 */
#include <llvm-c/Analysis.h>
#include <llvm-c/IRReader.h>
#include <llvm-c/Target.h>
#include <llvm-c/Transforms/PassBuilder.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "module/ir/ir.h"
#include "pass/pass.h"
#include "target/cpu/cpu.h"

#define LAYOUT "e-p6:32:32-i64:64-i128:128-i256:256-v16:16-v32:32-n16:32:64"
#define TRIPLE "nvptx64-nvidia-cuda"

struct session {
    struct cw_compiler compiler;
    LLVMModuleRef llvm;
    bool silent; /* the step printed its answer; the module is not wanted */
};

static void step_division(struct session *session) {
    printf("; progress %d\n", cw_pass_division(session->llvm));
}

static void step_shift(struct session *session) {
    printf("; progress %d\n", cw_pass_shift(session->llvm));
}

static void step_split_barriers(struct session *session) {
    printf("; progress %d\n", cw_pass_split_barriers(session->llvm));
}

static void step_conversion(struct session *session) {
    printf("; progress %d\n", cw_pass_conversion(session->llvm));
}

static void step_yield(struct session *session) {
    printf("; progress %d\n", cw_pass_yield(session->llvm));
}

static void step_keep_loops(struct session *session) {
    printf("; progress %d\n", cw_pass_keep_loops(session->llvm));
}

static void step_roll(struct session *session) {
    printf("; progress %d\n", cw_pass_roll(session->llvm));
}

static void step_poll(struct session *session) {
    printf("; progress %d\n", cw_pass_poll(session->llvm));
}

static void step_prepare_inlining(struct session *session) {
    cw_pass_prepare_inlining(session->llvm);
}

static void step_global_space(struct session *session) {
    printf("; progress %d\n", cw_pass_global_space(session->llvm));
}

static void step_shared(struct session *session) {
    struct cw_shared_layout layout = {0};
    bool progress = cw_pass_shared(session->llvm, &layout);
    printf("; progress %d\n; dynamic offset %u\n", progress, layout.dynamic_offset);
    for (uint32_t i = 0; i < layout.kernel_count; i++) printf("; kernel %u ends at %u\n", i, layout.kernel_ends[i]);
    cw_shared_layout_fini(&layout);
}

static void step_note_managed(struct session *session) {
    cw_module_note_annotations(session->llvm);
}

static void step_clusters(struct session *session) {
    printf("; progress %d\n", cw_pass_clusters(session->llvm));
}

static void step_no_clusters(struct session *session) {
    printf("; progress %d\n", cw_pass_no_clusters(session->llvm));
}

static void step_managed(struct session *session) {
    printf("; progress %d\n", cw_pass_managed(session->llvm));
}

static void step_canonical(struct session *session) {
    cw_module_canonicalise(session->llvm);
}

static void step_check(struct session *session) {
    cw_status status = cw_module_check(&session->compiler, session->llvm);
    printf("%sstatus: %s\n", cw_text_string(&session->compiler.log), cw_status_text(status));
    session->silent = true;
}

static const char *const feature_texts[] = {
#define X(name, text) text,
    CW_FEATURE_LIST(X)
#undef X
};

static void print_features(uint32_t features) {
    printf(" features:");
    const char *separator = " ";
    for (unsigned f = 0; f < CW_FEATURE_COUNT; f++) {
        if (!(features & (1u << f))) continue;
        printf("%s%s", separator, feature_texts[f]);
        separator = ", ";
    }
    printf(".\n");
}

static void step_describe(struct session *session) {
    struct cw_table table;
    struct cw_arena arena = {0};
    cw_module_describe(session->llvm, &table, &arena);
    for (uint32_t k = 0; k < table.kernel_count; k++) {
        const struct cw_kernel *kernel = &table.kernels[k];
        printf("kernel %s at '%s':%u\n", kernel->name, kernel->source, kernel->line);
        printf(" shared %u align %u, bounds %u %u, parameters %u in %u bytes:", kernel->static_shared, kernel->shared_align,
               kernel->max_threads, kernel->min_blocks, kernel->param_count, kernel->param_bytes);
        for (uint32_t p = 0; p < kernel->param_count; p++)
            printf(" %u+%u@%u", kernel->params[p].offset, kernel->params[p].size, kernel->params[p].align);
        printf(".\n");
        print_features(kernel->features);
    }
    for (uint32_t v = 0; v < table.variable_count; v++) {
        const struct cw_variable *variable = &table.variables[v];
        printf("variable %s: %llu bytes align %u%s\n", variable->name, (unsigned long long)variable->size, variable->align,
               variable->constant ? " constant" : variable->managed ? " managed" : "");
    }
    cw_arena_fini(&arena);
    session->silent = true;
}

static void step_reach(struct session *session) {
    struct cw_reach reach;
    cw_reach_build(&reach, session->llvm);
    for (size_t i = 0; i < reach.count; i++) {
        printf("%s%s%s reaches:", cw_value_name(reach.functions[i]), reach.recursive[i] ? " (recursive)" : "",
               reach.effects[i] & CW_EFFECT_SUSPENDS ? " (suspends)" : "");
        for (size_t j = 0; j < reach.count; j++)
            if (reach.reached[i * reach.count + j]) printf(" %s", cw_value_name(reach.functions[j]));
        printf(".\n");
    }
    cw_reach_fini(&reach);
    session->silent = true;
}

static void step_cpu_atomics(struct session *session) {
    printf("; progress %d\n", cw_cpu_atomics(session->llvm));
}

static void step_cpu_constants(struct session *session) {
    cw_cpu_constants(session->llvm);
}

static void step_cpu_narrow_gathers(struct session *session) {
    cw_cpu_narrow_gathers(session->llvm);
}

/* Entries of every kernel, by the table that import would read off the module. */
static struct cw_cpu_entry *add_entries(struct session *session, struct cw_module *module) {
    module->compiler = &session->compiler;
    module->llvm = session->llvm;
    cw_module_describe(session->llvm, &module->table, &module->arena);
    struct cw_cpu_entry *entries = cw_alloc_array(module->table.kernel_count + 1, sizeof *entries);
    cw_cpu_add_entries(module, session->llvm, entries, &cw_cpu_native, NULL);
    return entries;
}

static void step_cpu_entries(struct session *session) {
    struct cw_module module = {0};
    free(add_entries(session, &module));
    cw_arena_fini(&module.arena);
}

static void run_llvm(struct session *session, const char *pipeline) {
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    LLVMErrorRef error = LLVMRunPasses(session->llvm, pipeline, NULL, options);
    LLVMDisposePassBuilderOptions(options);
    if (!error) return;
    char *message = LLVMGetErrorMessage(error);
    fprintf(stderr, "pass-test: %s\n", message);
    LLVMDisposeErrorMessage(message);
    exit(1);
}

/* Four lanes, so that tests can be read; 32 where there are warp collectives. */
static void vectorise(struct session *session, unsigned lanes) {
    struct cw_module module = {.compiler = &session->compiler, .llvm = session->llvm};
    struct cw_text notes = {0};
    struct cw_shared_layout layout = {0};
    cw_pass_shared(session->llvm, &layout);
    cw_module_describe(session->llvm, &module.table, &module.arena);
    struct cw_cpu_entry *entries = cw_alloc_array(module.table.kernel_count + 1, sizeof *entries);
    cw_cpu_vectorise(&module, session->llvm, entries, lanes, NULL, &notes);
    printf("%s", cw_text_string(&notes));
    for (uint32_t k = 0; k < module.table.kernel_count; k++)
        printf("%s: scale %u, frame %u bytes, waits in services %d, parts %u of %u%s%s, few %u\n", entries[k].kernel->name,
               entries[k].needs.block_scale[0], entries[k].needs.frame_bytes, entries[k].suspends, entries[k].parts.many,
               entries[k].parts.wide, entries[k].parts.along_y ? " along y" : "", entries[k].parts.one_row ? ", one row" : "", entries[k].parts.few);
    free(entries);
    cw_text_fini(&notes);
    cw_shared_layout_fini(&layout);
    cw_arena_fini(&module.arena);
}

static void step_cpu_vectorise(struct session *session) {
    vectorise(session, 4);
}

/* As for AVX-512, whose registers are cache lines: what depends on that. */
static void step_cpu_vectorise_16(struct session *session) {
    vectorise(session, 16);
}

static void step_cpu_intrinsics(struct session *session) {
    struct cw_module module = {0};
    free(add_entries(session, &module));
    run_llvm(session, "always-inline");
    cw_cpu_lower_intrinsics(session->llvm, &cw_cpu_native);
    cw_arena_fini(&module.arena);
}

static void step_cpu_mark_parallel(struct session *session) {
    struct cw_module module = {0};
    cw_cpu_atomics(session->llvm);
    struct cw_cpu_entry *entries = add_entries(session, &module);
    run_llvm(session, "always-inline");
    for (uint32_t k = 0; k < module.table.kernel_count; k++)
        if (entries[k].run_all) cw_cpu_mark_parallel(session->llvm, entries[k].run_all);
    free(entries);
    cw_arena_fini(&module.arena);
}

/* For blocks of 32 by 8: constants, shared variables, and a descriptor with the shape; or why not. */
static void step_cpu_shape(struct session *session) {
    static const struct cw_dim3 shape = {32, 8, 1};
    struct cw_module module = {.compiler = &session->compiler, .llvm = session->llvm}, one;
    struct cw_shared_layout layout = {0};
    cw_module_describe(session->llvm, &module.table, &module.arena);
    cw_status status = cw_cpu_one_kernel(&session->compiler, &module, session->llvm, &one);
    if (status == CW_OK) {
        cw_cpu_fix_shape(session->llvm, &shape);
        cw_pass_shared(session->llvm, &layout);
        struct cw_cpu_entry *entries = cw_alloc_array(one.table.kernel_count + 1, sizeof *entries);
        cw_cpu_add_entries(&one, session->llvm, entries, &cw_cpu_native, &shape);
        run_llvm(session, "always-inline");
        cw_cpu_lower_intrinsics(session->llvm, &cw_cpu_native);
        cw_cpu_constants(session->llvm);
        status = cw_cpu_share_variables(&session->compiler, session->llvm);
        if (status == CW_OK) cw_cpu_add_descriptor(&one, session->llvm, entries, &layout, &cw_cpu_native, &shape);
        free(entries);
    }
    if (status != CW_OK) {
        printf("%s", cw_text_string(&session->compiler.log));
        session->silent = true;
    }
    cw_shared_layout_fini(&layout);
    cw_arena_fini(&module.arena);
}

static void step_cpu_descriptor(struct session *session) {
    struct cw_module module = {0};
    struct cw_shared_layout layout = {0};
    cw_pass_shared(session->llvm, &layout);
    struct cw_cpu_entry *entries = add_entries(session, &module);
    run_llvm(session, "always-inline");
    cw_cpu_lower_intrinsics(session->llvm, &cw_cpu_native);
    cw_cpu_add_descriptor(&module, session->llvm, entries, &layout, &cw_cpu_native, NULL);
    cw_shared_layout_fini(&layout);
    free(entries);
    cw_arena_fini(&module.arena);
}

static const struct step {
    const char *name;
    void (*take)(struct session *session);
} steps[] = {
    {"division", step_division},
    {"shift", step_shift},
    {"conversion", step_conversion},
    {"split-barriers", step_split_barriers},
    {"yield", step_yield},
    {"keep-loops", step_keep_loops},
    {"roll", step_roll},
    {"poll", step_poll},
    {"prepare-inlining", step_prepare_inlining},
    {"global-space", step_global_space},
    {"shared", step_shared},
    {"note-managed", step_note_managed},
    {"clusters", step_clusters},
    {"no-clusters", step_no_clusters},
    {"clusters", step_clusters},
    {"no-clusters", step_no_clusters},
    {"managed", step_managed},
    {"canonical", step_canonical},
    {"check", step_check},
    {"describe", step_describe},
    {"reach", step_reach},
    {"cpu-atomics", step_cpu_atomics},
    {"cpu-constants", step_cpu_constants},
    {"cpu-narrow-gathers", step_cpu_narrow_gathers},
    {"cpu-entries", step_cpu_entries},
    {"cpu-vectorise", step_cpu_vectorise},
    {"cpu-vectorise-16", step_cpu_vectorise_16},
    {"cpu-intrinsics", step_cpu_intrinsics},
    {"cpu-mark-parallel", step_cpu_mark_parallel},
    {"cpu-descriptor", step_cpu_descriptor},
    {"cpu-shape", step_cpu_shape},
};

static bool take(struct session *session, const char *name) {
    if (strncmp(name, "llvm:", 5) == 0) {
        run_llvm(session, name + 5);
        return true;
    }
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (strcmp(steps[i].name, name) != 0) continue;
        steps[i].take(session);
        return true;
    }
    fprintf(stderr, "pass-test: there is no step '%s'\n", name);
    return false;
}

static bool is_sound(LLVMModuleRef llvm, const char *when) {
    char *message = NULL;
    bool broken = LLVMVerifyModule(llvm, LLVMReturnStatusAction, &message) != 0;
    if (broken) fprintf(stderr, "pass-test: the module is malformed %s: %s\n", when, message);
    LLVMDisposeMessage(message);
    return !broken;
}

static bool read_module(struct session *session) {
    char *message = NULL;
    LLVMMemoryBufferRef buffer;
    if (LLVMCreateMemoryBufferWithSTDIN(&buffer, &message) != 0 ||
        LLVMParseIRInContext(session->compiler.context, buffer, &session->llvm, &message) != 0) {
        fprintf(stderr, "pass-test: %s\n", message);
        LLVMDisposeMessage(message);
        return false;
    }
    if (!LLVMGetTarget(session->llvm)[0]) {
        LLVMSetTarget(session->llvm, TRIPLE);
        LLVMSetDataLayout(session->llvm, LAYOUT);
    }
    return is_sound(session->llvm, "as it was read");
}

int main(int count, char **arguments) {
    if (count < 2) {
        fprintf(stderr, "usage: pass-test STEP... < input.ll\n");
        return 2;
    }
    struct session session = {.compiler.context = LLVMContextCreate()};
    bool sound = read_module(&session);
    for (int i = 1; i < count && sound; i++) sound = take(&session, arguments[i]) && is_sound(session.llvm, "after the step");
    if (sound && !session.silent) {
        char *text = LLVMPrintModuleToString(session.llvm);
        fputs(text, stdout);
        LLVMDisposeMessage(text);
    }
    if (session.llvm) LLVMDisposeModule(session.llvm);
    cw_text_fini(&session.compiler.log);
    LLVMContextDispose(session.compiler.context);
    return sound ? 0 : 1;
}
