/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/host_code.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tool/command.h"
#include "tool/compiler.h"

/* Runs clang's host pass, again where that helps; `files` then says how it went. A source that turns out to launch kernels
 * from device code fails here unless it is on its way to be adapted. */
static int run_pass(const struct cw_setting *setting, enum cw_input_kind kind, struct cw_pass_files *files,
                    struct cw_text *out, struct cw_text *diagnostics, struct cw_text *problem) {
    struct cw_remaps remaps = {0};
    int result;
    files->remaps = &remaps;
    for (;;) {
        struct cw_strings argv = {0};
        cw_host_pass(&argv, setting->toolchain, setting->layout, setting->options, kind, files);
        result = cw_clang_run(&argv, setting->options->verbose, out, diagnostics, problem);
        cw_strings_fini(&argv);
        if (result == CW_EXIT_OK || !cw_clang_again(files, cw_text_string(diagnostics))) {
            break;
        }
        cw_text_clear(out);
        cw_text_clear(diagnostics);
        if (files->device_launches && !files->bitcode) {
            return result;
        }
    }
    files->remaps = NULL;
    cw_remaps_fini(&remaps);
    return result;
}

/* Writes adapted bitcode beside the object, and makes the object of it. */
static int finish(const struct cw_setting *setting, const struct cw_bytes *bitcode, const char *object,
                  struct cw_text *problem) {
    struct cw_strings argv = {0};
    struct cw_text out = {0}, words = {0};
    char *path = cw_format("%s.bc", object);
    int result = CW_EXIT_ENVIRONMENT;
    if (cw_file_write(path, bitcode->data, bitcode->size, 0) != CW_OK) {
        cw_text_printf(problem, "%s can't be written: %s", path, strerror(errno));
    } else {
        cw_host_finish(&argv, setting->toolchain, setting->layout, setting->options, path, object);
        result = cw_clang_run(&argv, setting->options->verbose, &out, &words, problem);
        if (result != CW_EXIT_OK) {
            cw_text_append(problem, words.data, words.size);
        }
    }
    cw_strings_fini(&argv);
    cw_text_fini(&out);
    cw_text_fini(&words);
    free(path);
    return result;
}

/* From the host pass to the object, adapted to `code`, which has a session and may have a module. */
static int make_adapted(const struct cw_setting *setting, struct cw_device_code *code, struct cw_pass_files files,
                        struct cw_text *diagnostics) {
    const char *object = files.output;
    struct cw_text bitcode = {0};
    struct cw_bytes adapted = {0};
    files.bitcode = true;
    files.output = "-";
    int result = run_pass(setting, CW_INPUT_CUDA, &files, &bitcode, diagnostics, &code->problem);
    if (result == CW_EXIT_OK) {
        cw_status status = code->api->adapt_host(code->compiler, code->module, bitcode.data, bitcode.size, &adapted);
        result = status == CW_OK ? finish(setting, &adapted, object, &code->problem)
                                 : cw_device_code_failed(code, status, "adapting host code");
    }
    free(adapted.data);
    cw_text_fini(&bitcode);
    return result;
}

int cw_host_code_make(const struct cw_setting *setting, enum cw_input_kind kind, const struct cw_pass_files *files,
                      struct cw_text *diagnostics, struct cw_text *problem) {
    struct cw_pass_files used = *files;
    struct cw_text out = {0};
    int result = run_pass(setting, kind, &used, &out, diagnostics, problem);
    cw_text_fini(&out);
    if (!used.device_launches) {
        return result;
    }
    struct cw_device_code code = {.api = cw_compiler_open(setting->layout, problem)};
    code.compiler = code.api ? code.api->create() : NULL;
    if (!code.compiler) {
        return CW_EXIT_ENVIRONMENT;
    }
    result = make_adapted(setting, &code, used, diagnostics);
    cw_text_append(problem, code.problem.data, code.problem.size);
    cw_device_code_fini(&code);
    return result;
}

bool cw_host_code_must_adapt(const struct cw_device_code *code) {
    uint32_t count = code->api->variable_count(code->module);
    for (uint32_t i = 0; i < count; i++) {
        if (code->api->variable(code->module, i)->managed) {
            return true;
        }
    }
    return false;
}

int cw_host_code_adapt(const struct cw_setting *setting, struct cw_device_code *code,
                       const struct cw_pass_files *files) {
    struct cw_text diagnostics = {0}; /* the ordinary host pass gives them */
    int result = make_adapted(setting, code, *files, &diagnostics);
    cw_text_fini(&diagnostics);
    return result;
}
