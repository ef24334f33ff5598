/* SPDX-License-Identifier: Apache-2.0 */
/* The forms of `emit`, that it repeats itself, and modules at the ends of what there is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "each.h"

static struct cw_bytes emit_new(const char *name, const char *cpu, int level, enum cw_emit_form form) {
    struct session session = open_session(name);
    struct cw_bytes bytes = emit_cpu(&session, cpu, level, form);
    close_session(&session);
    return bytes;
}

static bool contains(const struct cw_bytes *bytes, const char *text) {
    return memmem(bytes->data, bytes->size, text, strlen(text)) != NULL;
}

static void assert_same(struct cw_bytes a, struct cw_bytes b, const char *name) {
    cr_assert_eq(a.size, b.size, "%s", name);
    cr_assert_eq(memcmp(a.data, b.data, a.size), 0, "%s", name);
    free(a.data);
    free(b.data);
}

static const char *const modules[] = {"parameters", "indices", "shared", "calls", "variables", "arithmetic", "atomics", "saxpy"};

Test(emit, two_compiles_are_identical) {
    for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++)
        assert_same(emit_new(modules[i], NULL, 2, CW_EMIT_ARTIFACT), emit_new(modules[i], NULL, 2, CW_EMIT_ARTIFACT), modules[i]);
    assert_same(emit_new("many", NULL, 1, CW_EMIT_LLVM), emit_new("many", NULL, 1, CW_EMIT_LLVM), "many");
}

/* The module is not changed by being lowered, and a session may be used again. */
Test(emit, one_session_twice) {
    for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++) {
        struct session session = open_session(modules[i]);
        struct cw_bytes before = emit_cpu(&session, NULL, 2, CW_EMIT_MODULE_LLVM);
        struct cw_bytes first = emit_cpu(&session, NULL, 2, CW_EMIT_ARTIFACT);
        struct cw_bytes other = emit_cpu(&session, "x86-64", 0, CW_EMIT_LLVM);
        free(other.data);
        assert_same(first, emit_cpu(&session, NULL, 2, CW_EMIT_ARTIFACT), modules[i]);
        assert_same(before, emit_cpu(&session, NULL, 2, CW_EMIT_MODULE_LLVM), modules[i]);
        close_session(&session);
    }
}

/* A module's own bitcode imports to a module that compiles to the same. */
Test(emit, bitcode_round_trip) {
    for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++) {
        struct session session = open_session(modules[i]), again = session;
        struct cw_bytes bitcode;
        cr_assert_eq(session.api->module_bitcode(session.compiler, session.module, &bitcode), CW_OK);
        again.compiler = session.api->create();
        cr_assert_eq(session.api->import_bitcode(again.compiler, bitcode.data, bitcode.size, &again.module), CW_OK, "%s",
                     session.api->log(again.compiler));
        assert_same(emit_cpu(&session, NULL, 2, CW_EMIT_ARTIFACT), emit_cpu(&again, NULL, 2, CW_EMIT_ARTIFACT), modules[i]);
        free(bitcode.data);
        close_session(&session);
        close_session(&again);
    }
}

Test(emit, texts) {
    struct cw_bytes module = emit_new("saxpy", NULL, 2, CW_EMIT_MODULE_LLVM), lowered = emit_new("saxpy", NULL, 2, CW_EMIT_LLVM);
    struct cw_bytes assembly = emit_new("saxpy", NULL, 2, CW_EMIT_ASSEMBLY);
    cr_assert(contains(&module, "nvptx64-nvidia-cuda"));
    cr_assert(contains(&module, "ptx_kernel void @saxpy"));
    cr_assert(contains(&module, "@cw.tid.x"));
    cr_assert(contains(&lowered, "@cw_cpu_artifact"));
    cr_assert_not(contains(&lowered, "@cw.tid.x"));
    cr_assert_not(contains(&lowered, "@cw.here"));
    cr_assert(contains(&assembly, "cw_cpu_artifact"));
    free(module.data);
    free(lowered.data);
    free(assembly.data);
}

/* Entry points carry the user's lines, for faults and debuggers. */
Test(emit, line_tables) {
    for (int level = 0; level <= 3; level++) {
        struct cw_bytes lowered = emit_new("saxpy", NULL, level, CW_EMIT_LLVM);
        cr_assert(contains(&lowered, "DIFile(filename: \"saxpy.cu\""));
        cr_assert(contains(&lowered, "DISubprogram(name: \"saxpy\""));
        cr_assert(contains(&lowered, "!DILocation(line: 9"), "at level %d", level);
        free(lowered.data);
    }
}

/* The plain loop over threads becomes vector code, without a doubt about overlapping buffers. */
Test(emit, plain_loops_are_vectorised) {
    struct cw_bytes lowered = emit_new("saxpy", NULL, 3, CW_EMIT_LLVM);
    cr_assert(contains(&lowered, "x float>"));
    cr_assert_not(contains(&lowered, "vector.memcheck"));
    free(lowered.data);
}

Test(emit, launch_bounds_and_table) {
    struct session session = open_session("saxpy");
    const struct cw_kernel *kernel = session.api->kernel(session.module, 0);
    cr_assert_str_eq(kernel->name, "saxpy");
    cr_assert_str_eq(kernel->source, "saxpy.cu");
    cr_assert_eq(kernel->line, 7);
    cr_assert_eq(kernel->max_threads, 256);
    cr_assert_eq(kernel->min_blocks, 2);
    cr_assert_null(session.api->kernel(session.module, 2));
    cr_assert_null(session.api->variable(session.module, 0));
    struct cw_bytes bytes = emit_cpu(&session, NULL, 2, CW_EMIT_ARTIFACT);
    struct machine machine = load_artifact(&bytes);
    cr_assert_eq(find_kernel(&machine, "saxpy")->max_threads, 256);
    free(bytes.data);
    close_session(&session);
}

static void check_many(const struct machine *machine) {
    static const struct shape one = {{1, 1, 1}, {1, 1, 1}, {0, 0, 0}, 0};
    cr_assert_eq(machine->artifact->kernel_count, 100);
    for (int k = 10; k < 110; k++) {
        char name[8];
        int32_t result = -1, *params = &result;
        snprintf(name, sizeof name, "k%d", k);
        run_block(find_kernel(machine, name), &params, &one, ENTRY_RUN);
        cr_assert_eq(result, k);
    }
}

Test(emit, a_hundred_kernels) {
    struct session session = open_session("many");
    cr_assert_eq(session.api->kernel_count(session.module), 100);
    struct cw_bytes bytes = emit_cpu(&session, NULL, 1, CW_EMIT_ARTIFACT);
    struct machine machine = load_artifact(&bytes);
    check_many(&machine);
    free(bytes.data);
    close_session(&session);
}

Test(emit, no_kernels) {
    struct session session = open_session("none");
    cr_assert_eq(session.api->kernel_count(session.module), 0);
    for (int level = 0; level <= 3; level++) {
        struct cw_bytes bytes = emit_cpu(&session, NULL, level, CW_EMIT_ARTIFACT);
        struct machine machine = load_artifact(&bytes);
        cr_assert_eq(machine.artifact->kernel_count, 0);
        cr_assert_eq(*(int32_t *)find_variable(&machine, "lonely", 4), 3);
        unload_artifact(&machine);
        free(bytes.data);
    }
    close_session(&session);
}
