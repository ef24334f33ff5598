/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cc: nvcc's command line, so that existing makefiles and CMake projects build: make NVCC="cuda-wasm cc". A symbolic link
 * to cuda-wasm that is called nvcc is this command.
 */
#include "tool/cc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "frontend/cuda/architecture.h"
#include "tool/command.h"
#include "tool/suggest.h"
#include "tool/terminal.h"

/* Prints text so that it fits a terminal: what is longer goes on under the column of the explanations. */
static void print_wrapped(const char *text) {
    enum { WIDTH = 79, INDENT = 29 };
    while (*text) {
        size_t size = strcspn(text, "\n"), shown = size;
        if (size > WIDTH) {
            shown = WIDTH;
            while (shown > INDENT && text[shown] != ' ') {
                shown--;
            }
        }
        printf("%.*s\n", (int)shown, text);
        text += shown;
        while (size > shown) { /* the rest of the line */
            size_t left = size - shown - 1, part = left;
            text++;
            if (left > WIDTH - INDENT) {
                part = WIDTH - INDENT;
                while (part > 1 && text[part] != ' ') {
                    part--;
                }
            }
            printf("%*s%.*s\n", INDENT, "", (int)part, text);
            text += part;
            size = left;
            shown = part;
        }
        text += *text == '\n';
    }
}

static void show_help(void) {
    struct cw_text text = {0};
    cw_text_add(&text, "Usage: cuda-wasm cc [OPTION...] FILE...\n"
                       "nvcc's command line: compiles and links CUDA programs, for existing makefiles\n"
                       "and build systems.\n\n"
                       "Examples:\n"
                       "  make NVCC=\"cuda-wasm cc\"\n"
                       "  cuda-wasm cc -O2 -arch=sm_80 -o program main.cu kernels.cu -lm\n"
                       "  cuda-wasm cc -dc a.cu b.cu && cuda-wasm cc -o program a.o b.o\n"
                       "  cmake -DCMAKE_CUDA_COMPILER=PREFIX/lib/cuda-wasm/toolkit/bin/nvcc .\n\n"
                       "Options, with one dash or two:\n");
    cw_cuda_driver_help(&text);
    cw_cuda_options_help(&text);
    cw_text_add(&text, "\nOptions that only tune NVIDIA's hardware or tools are accepted without effect;\n"
                       "what is not supported is refused by name.\n\n"
                       "Exit codes: 0 success; 1 the program does not compile or asks for what is not\n"
                       "supported; 2 the command line makes no sense; 3 a tool or library is missing\n"
                       "(see 'cuda-wasm doctor').\n");
    print_wrapped(cw_text_string(&text));
    cw_text_fini(&text);
}

static int unknown_option(const char *word) {
    struct cw_suggestion suggestion;
    char *typed = cw_strndup(word, strcspn(word, "="));
    cw_suggest_start(&suggestion, typed);
    cw_cuda_options_spellings(cw_suggest_word, &suggestion);
    if (suggestion.best[0]) {
        cw_say_error("unknown option '%s'; did you mean '%s'? -Xcompiler hands options to the host compiler", word,
                     suggestion.best);
    } else {
        cw_say_error("unknown option '%s'; -Xcompiler hands options to the host compiler", word);
    }
    free(typed);
    return CW_EXIT_USAGE;
}

/* What is to be forwarded may stand before the option that says so. */
static void find_forwarding(struct cw_cuda_options *options, const struct cw_strings *words) {
    for (size_t i = 1; i < words->count; i++) {
        const char *word = words->items[i] + strspn(words->items[i], "-");
        bool both = strcmp(word, "forward-unknown-opts") == 0;
        options->driver.forward_compiler |= both || strcmp(word, "forward-unknown-to-host-compiler") == 0;
        options->driver.forward_linker |= both || strcmp(word, "forward-unknown-to-host-linker") == 0;
    }
}

static int parse(struct cw_cuda_options *options, const struct cw_strings *words) {
    struct cw_text problem = {0};
    int code = CW_EXIT_OK;
    find_forwarding(options, words);
    for (size_t i = 1; i < words->count && code == CW_EXIT_OK;) {
        int taken = cw_cuda_options_take(options, (int)(words->count - i), words->items + i, &problem);
        if (taken < 0) {
            cw_say_error("%s", cw_text_string(&problem));
            code = taken == CW_TAKE_REFUSED ? CW_EXIT_FAILURE : CW_EXIT_USAGE;
        } else if (taken == 0) {
            code = unknown_option(words->items[i]);
        }
        i += taken > 0 ? (size_t)taken : 1;
    }
    cw_text_fini(&problem);
    return code;
}

static size_t count_sources(const struct cw_cuda_options *options) {
    size_t count = 0;
    for (size_t i = 0; i < options->input_count; i++) {
        count += options->inputs[i].kind != CW_INPUT_LINKER;
    }
    return count;
}

static bool has_result_each(enum cw_phase phase) {
    return phase == CW_PHASE_OBJECT || phase == CW_PHASE_PTX || phase == CW_PHASE_FATBIN;
}

/* Settles what options mean together. */
static int settle(struct cw_cuda_options *options) {
    struct cw_driver_options *driver = &options->driver;
    size_t sources = count_sources(options);
    bool whole =
        driver->phase == CW_PHASE_LINK || driver->phase == CW_PHASE_LIBRARY || driver->phase == CW_PHASE_DEVICE_LINK;
    if (options->input_count == 0) {
        cw_say_error("no input files; 'cuda-wasm cc --help' lists the options");
        return CW_EXIT_USAGE;
    }
    if (!whole && sources == 0) {
        cw_say_error("there is no source among the inputs");
        return CW_EXIT_USAGE;
    }
    if (!whole && sources > 1 && driver->output) {
        cw_say_error("-o %s names one file, but there are %zu sources; leave -o out, or give one source",
                     driver->output, sources);
        return CW_EXIT_USAGE;
    }
    if (driver->shared) {
        cw_strings_add(&options->host, "-shared");
        options->link_by_driver = true;
    }
    if (driver->phase == CW_PHASE_FATBIN) {
        options->relocatable = false; /* modules are loaded as they are */
    }
    return CW_EXIT_OK;
}

static int clean(const struct cw_cuda_options *options) {
    int result = CW_EXIT_OK;
    for (size_t i = 0; i < options->input_count; i++) {
        bool each = has_result_each(options->driver.phase);
        if (each && options->inputs[i].kind == CW_INPUT_LINKER) {
            continue;
        }
        char *path = cw_cc_output(options, each ? options->inputs[i].path : NULL);
        if (unlink(path) != 0 && errno != ENOENT) {
            cw_say_error("%s can't be removed: %s", path, strerror(errno));
            result = CW_EXIT_FAILURE;
        }
        free(path);
    }
    return result;
}

static int compile(const struct cw_setting *setting) {
    struct cw_text problem = {0};
    const struct cw_cuda_options *options = setting->options;
    if (options->driver.dry_run) {
        return cw_cc_dry_run(setting);
    }
    if (cw_toolchain_check(setting->toolchain, true, &problem) != CW_OK) {
        cw_say_error("%s", cw_text_string(&problem));
        cw_text_fini(&problem);
        return CW_EXIT_ENVIRONMENT;
    }
    char *folder = cw_folder_temporary("cuda-wasm");
    if (!folder) {
        cw_say_error("no temporary folder can be made: %s; TMPDIR names where", strerror(errno));
        return CW_EXIT_ENVIRONMENT;
    }
    int result = cw_cc_phase(setting, folder);
    if (options->driver.keep && !cw_cc_keep(options, folder) && result == CW_EXIT_OK) {
        result = CW_EXIT_FAILURE;
    }
    cw_folder_remove(folder);
    free(folder);
    return result;
}

/* What needs no input. False when there is more to do. */
static bool answer(const struct cw_cuda_options *options) {
    const struct cw_driver_options *driver = &options->driver;
    struct cw_text list = {0};
    if (driver->help) {
        show_help();
    } else if (driver->version) {
        cw_cc_show_version();
    } else if (driver->list_architectures || driver->list_codes) {
        cw_architecture_list(&list, driver->list_codes);
        fputs(cw_text_string(&list), stdout);
    } else {
        return false;
    }
    cw_text_fini(&list);
    return true;
}

static int with_layout(struct cw_cuda_options *options, int parsed) {
    struct cw_layout layout = {0};
    struct cw_toolchain toolchain = {0};
    const struct cw_setting setting = {&layout, &toolchain, options, NULL, false};
    int result = CW_EXIT_ENVIRONMENT;
    if (!cw_layout_find(&layout, (const void *)cw_command_cc)) {
        cw_say_error("the folder of cuda-wasm can't be found out: is /proc mounted?");
        return result;
    }
    if (options->verbose) {
        cw_cc_show_environment(&setting); /* even for inputs that make no sense: build systems ask that way */
    }
    result = parsed == CW_EXIT_OK ? settle(options) : parsed;
    if (result == CW_EXIT_OK && options->driver.clean) {
        result = clean(options);
    } else if (result == CW_EXIT_OK) {
        cw_toolchain_find(&toolchain);
        result = compile(&setting);
    }
    cw_layout_fini(&layout);
    cw_toolchain_fini(&toolchain);
    return result;
}

int cw_command_cc(int argc, char **argv) {
    struct cw_cuda_options options = {.driver = {.enabled = true}};
    struct cw_strings words = {0};
    struct cw_text problem = {0};
    int result = CW_EXIT_USAGE;
    if (!cw_driver_words(&words, argc, argv, &problem)) {
        cw_say_error("%s", cw_text_string(&problem));
    } else {
        int parsed = parse(&options, &words);
        result = parsed == CW_EXIT_OK && answer(&options) ? CW_EXIT_OK : with_layout(&options, parsed);
    }
    cw_text_fini(&problem);
    cw_strings_fini(&words);
    cw_cuda_options_fini(&options);
    return result;
}
