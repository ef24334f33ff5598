/* SPDX-License-Identifier: Apache-2.0 */
/* What the compiler refuses, and in which words. */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "compile.h"

static cw_status try_import(struct session *session, const void *bytes, size_t size) {
    struct cw_module *module = (struct cw_module *)-1;
    cw_status status = session->api->import_bitcode(session->compiler, bytes, size, &module);
    cr_assert_eq(status == CW_OK, module != NULL);
    if (status != CW_OK) cr_assert_str_neq(session->api->log(session->compiler), "");
    if (module) session->api->module_destroy(module);
    return status;
}

static struct session empty_session(void) {
    struct session session = {.api = cw_compiler_api(CW_COMPILER_ABI)};
    session.compiler = session.api->create();
    return session;
}

Test(refusals, unknown_interface_version) {
    cr_assert_null(cw_compiler_api(CW_COMPILER_ABI + 1));
    cr_assert_null(cw_compiler_api(0));
}

Test(refusals, unknown_target) {
    struct session session = open_session("saxpy");
    struct cw_lower_options options = {.size = sizeof options, .target = "abacus"};
    struct cw_bytes out;
    cr_assert_eq(session.api->emit(session.compiler, session.module, &options, CW_EMIT_ARTIFACT, &out), CW_ERROR_NOT_FOUND);
    cr_assert_not_null(strstr(session.api->log(session.compiler), "abacus"));
    cr_assert_null(out.data);
    options.target = NULL;
    cr_assert_eq(session.api->emit(session.compiler, session.module, &options, CW_EMIT_ARTIFACT, &out), CW_ERROR_NOT_FOUND);
    /* The session goes on. */
    options.target = "cpu";
    cr_assert_eq(session.api->emit(session.compiler, session.module, &options, CW_EMIT_ASSEMBLY, &out), CW_OK);
    cr_assert_str_eq(session.api->log(session.compiler), "");
    free(out.data);
    close_session(&session);
}

/* A caller that knows fewer options than there are. */
Test(refusals, shorter_options) {
    struct session session = open_session("saxpy");
    struct cw_lower_options options = {.size = offsetof(struct cw_lower_options, cpu), .target = "cpu", .cpu = (const char *)1};
    struct cw_bytes out;
    cr_assert_eq(session.api->emit(session.compiler, session.module, &options, CW_EMIT_ASSEMBLY, &out), CW_OK);
    free(out.data);
    close_session(&session);
}

Test(refusals, missing_linker) {
    struct session session = open_session("saxpy");
    struct cw_lower_options options = {.size = sizeof options, .target = "cpu"};
    struct cw_bytes out;
    setenv("CUDA_WASM_LLD", "no-such-linker", 1);
    cw_status status = session.api->emit(session.compiler, session.module, &options, CW_EMIT_ARTIFACT, &out);
    cr_assert_eq(status, CW_ERROR_MISSING_TOOL);
    cr_assert_not_null(strstr(session.api->log(session.compiler), "no-such-linker"));
    cr_assert_null(out.data);
    close_session(&session);
}

Test(refusals, failing_linker) {
    struct session session = open_session("saxpy");
    struct cw_lower_options options = {.size = sizeof options, .target = "cpu"};
    struct cw_bytes out;
    setenv("CUDA_WASM_LLD", "false", 1);
    cr_assert_eq(session.api->emit(session.compiler, session.module, &options, CW_EMIT_ARTIFACT, &out), CW_ERROR_COMPILE);
    cr_assert_not_null(strstr(session.api->log(session.compiler), "linker"));
    cr_assert_null(out.data);
    close_session(&session);
}

Test(refusals, constructs_by_name_and_line) {
    struct session session = empty_session();
    struct cw_bytes bitcode = read_bitcode("refused");
    cr_assert_eq(try_import(&session, bitcode.data, bitcode.size), CW_ERROR_UNSUPPORTED);
    const char *log = session.api->log(session.compiler);
    cr_assert_not_null(strstr(log, "refused.cu:9:14: error: device function '_Z9elsewherei'"), "%s", log);
    cr_assert_not_null(strstr(log, "refused.cu:10:14: error: device variable 'outside'"), "%s", log);
    /* The next import is not burdened by it. */
    struct cw_bytes good = read_bitcode("saxpy");
    cr_assert_eq(try_import(&session, good.data, good.size), CW_OK);
    cr_assert_str_eq(session.api->log(session.compiler), "");
    free(good.data);
    free(bitcode.data);
    session.api->destroy(session.compiler);
}

Test(refusals, no_bitcode_at_all) {
    struct session session = empty_session();
    static const char text[] = "define void @f() { ret void }";
    cr_assert_eq(try_import(&session, text, sizeof text), CW_ERROR_BAD_MODULE);
    cr_assert_eq(try_import(&session, "", 0), CW_ERROR_BAD_MODULE);
    cr_assert_eq(try_import(&session, "BC\xc0\xde", 4), CW_ERROR_BAD_MODULE);
    session.api->destroy(session.compiler);
}

/* Every length short of the whole is an error and nothing worse. */
Test(refusals, truncated_bitcode, .timeout = 200) {
    struct session session = empty_session();
    struct cw_bytes bitcode = read_bitcode("calls");
    size_t step = 1 + bitcode.size / 1500;
    for (size_t size = 0; size + 4 < bitcode.size; size += step) {
        char *copy = malloc(size ? size : 1);
        memcpy(copy, bitcode.data, size);
        cr_assert_neq(try_import(&session, copy, size), CW_OK, "%zu of %zu bytes", size, bitcode.size);
        free(copy);
    }
    free(bitcode.data);
    session.api->destroy(session.compiler);
}

/* Bitcode for a CPU holds no kernels of the waist. */
Test(refusals, foreign_bitcode) {
    struct session session = empty_session();
    struct cw_bytes bitcode = read_bitcode("foreign");
    cr_assert_eq(try_import(&session, bitcode.data, bitcode.size), CW_ERROR_BAD_MODULE);
    cr_assert_not_null(strstr(session.api->log(session.compiler), "not for nvptx"), "%s", session.api->log(session.compiler));
    free(bitcode.data);
    session.api->destroy(session.compiler);
}
