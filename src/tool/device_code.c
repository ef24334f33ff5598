/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/device_code.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/process.h"
#include "frontend/cuda/diagnostics.h"
#include "tool/command.h"
#include "tool/terminal.h"
#include "tool/warm.h"

const char *cw_status_words(cw_status status) {
    static const char *const words[] = {
#define X(name, text) text,
        CW_STATUS_LIST(X)
#undef X
    };
    return (size_t)status < sizeof words / sizeof words[0] ? words[status] : "unknown error";
}

cw_status cw_source_id(const struct cw_cuda_options *options, const char *source, uint8_t id[16]) {
    struct cw_text text = {0};
    cw_status status = cw_file_read(source, &text);
    if (status == CW_OK) {
        struct cw_hash hash;
        char *folder = getcwd(NULL, 0);
        cw_hash_init(&hash);
        cw_hash_string(&hash, CW_VERSION);
        cw_hash_string(&hash, folder ? folder : "");
        cw_hash_string(&hash, source);
        cw_cuda_options_hash(options, &hash);
        cw_hash_bytes(&hash, text.data, text.size);
        cw_hash_finish(&hash, id);
        free(folder);
    }
    cw_text_fini(&text);
    return status;
}

void cw_command_show(const struct cw_strings *argv) {
    struct cw_text line = {0};
    cw_text_add(&line, "#$ ");
    for (size_t i = 0; i < argv->count; i++) {
        const char *word = argv->items[i];
        bool plain = *word && !word[strcspn(word, " \t\n\"'\\$`*?[]<>|&;()#~!")];
        cw_text_add(&line, i ? " " : "");
        if (plain) {
            cw_text_add(&line, word);
            continue;
        }
        cw_text_add(&line, "'");
        for (; *word; word++) {
            if (*word == '\'') {
                cw_text_add(&line, "'\\''");
            } else {
                cw_text_append(&line, word, 1);
            }
        }
        cw_text_add(&line, "'");
    }
    cw_text_add(&line, "\n");
    fputs(cw_text_string(&line), stderr); /* in one piece: passes run side by side */
    cw_text_fini(&line);
}

static int start_clang(struct cw_process *process, const struct cw_strings *argv, bool show, struct cw_text *problem) {
    if (show) {
        cw_command_show(argv);
    }
    if (cw_process_start(process, argv->items) != CW_OK) {
        cw_text_printf(problem, "%s can't be started: %s", argv->items[0], strerror(errno));
        cw_process_fini(process);
        return CW_EXIT_ENVIRONMENT;
    }
    return CW_EXIT_OK;
}

/* What it said, and the exit code for how it ended, of a process that was waited for or whose output is whole. */
static int take_output(const struct cw_process *process, const char *name, struct cw_text *out, struct cw_text *diagnostics,
                       struct cw_text *problem) {
    cw_text_append(out, process->out.data, process->out.size);
    cw_text_append(diagnostics, process->err.data, process->err.size);
    if (process->status == 0) {
        return CW_EXIT_OK;
    }
    if (process->err.size == 0) {
        cw_text_printf(problem, "%s ended with status %d and said nothing", name, process->status);
    }
    return CW_EXIT_FAILURE;
}

int cw_clang_run(struct cw_strings *argv, bool show, struct cw_text *out, struct cw_text *diagnostics,
                 struct cw_text *problem) {
    struct cw_process process = {0};
    int result = start_clang(&process, argv, show, problem);
    if (result == CW_EXIT_OK) {
        struct cw_process *all[] = {&process};
        cw_process_wait(all, 1);
        result = take_output(&process, argv->items[0], out, diagnostics, problem);
        cw_process_fini(&process);
    }
    return result;
}

static bool rejects_precompiled(const char *diagnostics) {
    return strstr(diagnostics, "precompiled file") || strstr(diagnostics, "precompiled header") ||
           strstr(diagnostics, "PCH file") || strstr(diagnostics, ".pch' not found");
}

bool cw_clang_again(struct cw_pass_files *files, const char *diagnostics) {
    if (files->precompiled && rejects_precompiled(diagnostics)) {
        files->precompiled = NULL;
        return true;
    }
    if (!files->device_launches && strstr(diagnostics, "requires relocatable device code")) {
        files->device_launches = true;
        return true;
    }
    if (!files->references && cw_misses_references(diagnostics)) {
        files->references = true;
        return true;
    }
    return files->remaps && cw_remaps_add(files->remaps, diagnostics);
}

bool cw_cpu_check(const struct cw_toolchain *toolchain, const char *cpu) {
    if (!cpu || cw_toolchain_knows_cpu(toolchain, cpu)) {
        return true;
    }
    cw_say_error("'%s' is no CPU of this architecture; 'clang-22 --print-supported-cpus' lists them", cpu);
    return false;
}

int cw_device_code_failed(struct cw_device_code *code, cw_status status, const char *doing) {
    const char *log = code->compiler ? code->api->log(code->compiler) : "";
    if (*log) {
        cw_text_add(&code->problem, log);
    } else {
        cw_text_printf(&code->problem, "%s failed: %s", doing, cw_status_words(status));
    }
    return status == CW_ERROR_MISSING_TOOL ? CW_EXIT_ENVIRONMENT : CW_EXIT_FAILURE;
}

/* LLVM takes as long to load as clang takes to start, and there are two processors. Once, also when clang runs again. */
static void open_compiler(struct cw_device_code *code, const struct cw_setting *setting) {
    if (code->api || code->problem.size > 0) {
        return;
    }
    code->api = cw_compiler_open(setting->layout, &code->problem);
    code->compiler = code->api ? code->api->create() : NULL;
    if (code->compiler) {
        code->api->set_triple(code->compiler, setting->options->triple);
        if (setting->alone) {
            cw_warm(code->api);
        }
    }
}

/* True if the bytes are a whole bitcode file: LLVM writes the string table last (LLVM Bitcode File Format, "STRTAB_BLOCK"). A block
 * at the top begins with a word that holds the abbreviation id ENTER_SUBBLOCK in 2 bits and the block's id in 8, and one with its
 * length in words ("ENTER_SUBBLOCK Encoding"). */
static bool is_whole_bitcode(const struct cw_text *text) {
    enum { ENTER_SUBBLOCK = 1, STRTAB_BLOCK = 23 };
    const unsigned char *bytes = (const unsigned char *)text->data;
    size_t at = 4;
    if (text->size < at || memcmp(bytes, "BC\xC0\xDE", at) != 0) {
        return false;
    }
    while (at + 8 <= text->size) {
        unsigned abbreviation = bytes[at] & 3u, block = (bytes[at] >> 2 | (unsigned)bytes[at + 1] << 6) & 0xFFu;
        size_t words = bytes[at + 4] | (size_t)bytes[at + 5] << 8 | (size_t)bytes[at + 6] << 16 | (size_t)bytes[at + 7] << 24;
        at += 8 + 4 * words;
        if (abbreviation != ENTER_SUBBLOCK) {
            return false;
        }
        if (block == STRTAB_BLOCK && at <= text->size) {
            return true;
        }
    }
    return false;
}

/* Runs clang until its bitcode is there. A process takes several milliseconds to end when it has LLVM mapped: that is waited for
 * when the session ends. */
static int run_device_pass(struct cw_device_code *code, const struct cw_setting *setting, struct cw_strings *argv, struct cw_text *bitcode) {
    cw_process_fini(&code->clang);
    int result = start_clang(&code->clang, argv, setting->options->verbose, &code->problem);
    if (result == CW_EXIT_OK) {
        open_compiler(code, setting);
        (void)cw_process_collect(&code->clang, is_whole_bitcode);
        result = take_output(&code->clang, argv->items[0], bitcode, &code->clang_output, &code->problem);
    }
    return result;
}

/* The same of a PTX text. Its warnings go where clang's go. */
static int make_of_ptx(struct cw_device_code *code, const struct cw_setting *setting, const char *source) {
    struct cw_text text = {0};
    cw_status status = cw_file_read(source, &text);
    *code = (struct cw_device_code){0};
    if (status != CW_OK) {
        cw_text_printf(&code->problem, "it can't be read: %s", strerror(errno));
        cw_text_fini(&text);
        return CW_EXIT_FAILURE;
    }
    code->api = cw_compiler_open(setting->layout, &code->problem);
    code->compiler = code->api ? code->api->create() : NULL;
    int result = CW_EXIT_ENVIRONMENT;
    if (code->compiler) {
        status = code->api->import_ptx(code->compiler, cw_text_string(&text), text.size, source, 0, &code->module);
        result = status == CW_OK ? CW_EXIT_OK : cw_device_code_failed(code, status, "reading PTX");
        cw_text_add(&code->clang_output, status == CW_OK ? code->api->log(code->compiler) : "");
    }
    cw_text_fini(&text);
    return result;
}

int cw_device_code_make(struct cw_device_code *code, const struct cw_setting *setting,
                        const struct cw_pass_files *files) {
    if (strcmp(cw_path_extension(files->source), "ptx") == 0) {
        return make_of_ptx(code, setting, files->source);
    }
    struct cw_pass_files piped = *files;
    struct cw_text bitcode = {0};
    struct cw_remaps remaps = {0};
    int result;
    piped.remaps = &remaps;
    *code = (struct cw_device_code){0};
    piped.output = "-";
    for (;;) {
        struct cw_strings argv = {0};
        cw_device_pass(&argv, setting->toolchain, setting->layout, setting->options, &piped);
        result = run_device_pass(code, setting, &argv, &bitcode);
        cw_strings_fini(&argv);
        if (result == CW_EXIT_OK || !cw_clang_again(&piped, cw_text_string(&code->clang_output))) {
            break;
        }
        cw_text_clear(&bitcode);
        cw_text_clear(&code->clang_output);
    }
    if (result == CW_EXIT_OK && !code->api) {
        result = CW_EXIT_ENVIRONMENT;
    }
    if (result == CW_EXIT_OK) {
        cw_status status = CW_ERROR_OUT_OF_MEMORY;
        if (code->compiler && setting->options->relocatable) {
            status = code->api->import_unit(code->compiler, bitcode.data, bitcode.size, &code->module);
            cw_text_append(&code->unit, bitcode.data, status == CW_OK ? bitcode.size : 0);
        } else if (code->compiler) {
            status = code->api->import_bitcode(code->compiler, bitcode.data, bitcode.size, &code->module);
        }
        if (status != CW_OK) {
            result = cw_device_code_failed(code, status, "reading device code");
        }
    }
    cw_text_fini(&bitcode);
    cw_remaps_fini(&remaps);
    return result;
}

void cw_problem_show(const char *source, const struct cw_text *problem) {
    const char *text = cw_text_string(problem);
    if (strstr(text, ": error: ") || strncmp(text, "error: ", 7) == 0) {
        size_t size = problem->size;
        fprintf(stderr, "%s%s", text, size > 0 && text[size - 1] == '\n' ? "" : "\n");
    } else if (*text) {
        cw_say_error("%s: %s", source, text);
    }
}

void cw_device_code_fini(struct cw_device_code *code) {
    if (code->module) {
        code->api->module_destroy(code->module);
    }
    if (code->compiler) {
        code->api->destroy(code->compiler);
    }
    struct cw_process *clang[] = {&code->clang};
    cw_process_wait(clang, 1);
    cw_process_fini(&code->clang);
    cw_text_fini(&code->unit);
    cw_text_fini(&code->clang_output);
    cw_text_fini(&code->problem);
    *code = (struct cw_device_code){0};
}
