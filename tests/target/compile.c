/* SPDX-License-Identifier: Apache-2.0 */
/* compile.c: see compile.h. */
#include "compile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

struct cw_bytes read_bitcode(const char *name) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s.bc", CW_BITCODE_FOLDER, name);
    FILE *file = fopen(path, "rb");
    cr_assert_not_null(file, "%s", path);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    struct cw_bytes bytes = {malloc((size_t)size), (size_t)size};
    cr_assert_eq(fread(bytes.data, 1, bytes.size, file), bytes.size);
    fclose(file);
    return bytes;
}

struct session open_session(const char *name) {
    struct session session = {.api = cw_compiler_api(CW_COMPILER_ABI)};
    cr_assert_not_null(session.api);
    session.compiler = session.api->create();
    struct cw_bytes bitcode = read_bitcode(name);
    cw_status status = session.api->import_bitcode(session.compiler, bitcode.data, bitcode.size, &session.module);
    cr_assert_eq(status, CW_OK, "%s: %s", name, session.api->log(session.compiler));
    free(bitcode.data);
    return session;
}

void close_session(struct session *session) {
    session->api->module_destroy(session->module);
    session->api->destroy(session->compiler);
}

struct cw_bytes emit_cpu(struct session *session, const char *cpu, int opt_level, enum cw_emit_form form) {
    struct cw_lower_options options = {.size = sizeof options, .target = "cpu", .cpu = cpu, .opt_level = opt_level, .scalar = session->scalar};
    struct cw_bytes out = {0};
    cw_status status = session->api->emit(session->compiler, session->module, &options, form, &out);
    cr_assert_eq(status, CW_OK, "%s", session->api->log(session->compiler));
    cr_assert_gt(out.size, 0);
    return out;
}

const char *const processors[] = {NULL, "x86-64", "x86-64-v3", NULL};

bool processor_runs_here(const char *cpu) {
    if (!cpu) return true;
#if defined(__x86_64__)
    if (strcmp(cpu, "x86-64") == 0) return true;
    if (strcmp(cpu, "x86-64-v3") == 0)
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
#endif
    return false;
}
