/* SPDX-License-Identifier: Apache-2.0 */
/* cache: what was compiled before, programs and headers. */
#include "base/cache.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool/arguments.h"
#include "tool/command.h"
#include "tool/prelude.h"
#include "tool/suggest.h"
#include "tool/terminal.h"
#include "tool/toolkit.h"

enum action { SHOW, CLEAR, PREPARE, TOOLKIT };

struct request {
    enum action action;
    bool json;
};

enum { KEY_JSON = 256 };

static const struct argp_option own_options[] = {
    {"json", KEY_JSON, NULL, 0, "print JSON", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct request *request = state->input;
    if (key == KEY_JSON) {
        request->json = true;
        return 0;
    }
    if (key != ARGP_KEY_ARG) {
        return ARGP_ERR_UNKNOWN;
    }
    if (strcmp(argument, "show") == 0) {
        request->action = SHOW;
    } else if (strcmp(argument, "clear") == 0) {
        request->action = CLEAR;
    } else if (strcmp(argument, "prepare") == 0) {
        request->action = PREPARE;
    } else if (strcmp(argument, "toolkit") == 0) {
        request->action = TOOLKIT;
    } else {
        struct cw_suggestion suggestion;
        cw_suggest_start(&suggestion, argument);
        cw_suggest_word(&suggestion, "show");
        cw_suggest_word(&suggestion, "clear");
        cw_suggest_word(&suggestion, "prepare");
        cw_suggest_word(&suggestion, "toolkit");
        if (suggestion.best[0]) {
            cw_say_error("unknown action '%s'; did you mean '%s'?", argument, suggestion.best);
        } else {
            cw_say_error("unknown action '%s'; 'show', 'clear', 'prepare' and 'toolkit' are known", argument);
        }
        exit(CW_EXIT_USAGE);
    }
    return 0;
}

static const struct argp argp = {
    .options = own_options,
    .parser = parse,
    .args_doc = "[show|clear|prepare|toolkit]",
    .doc =
        "Shows or clears what was compiled before.\v"
        "show (the default) says where the cache is and how full; clear empties it; prepare precompiles CUDA's headers "
        "into this installation, so that every user's programs compile faster, and toolkit lays out "
        "PREFIX/lib/cuda-wasm/toolkit, the folder that build systems take for CUDA's (make install does both).\n\n"
        "The cache is in CUDA_WASM_CACHE_DIR, else XDG_CACHE_HOME/cuda-wasm, else ~/.cache/cuda-wasm. It may be cleared "
        "at any time: programs that run keep running, the next start compiles again.\n\n"
        "Examples:\n"
        "  cuda-wasm cache show\n"
        "  cuda-wasm cache clear --json\n\n" CW_EXIT_TEXT "\n",
};

static void print_json(json_t *value) {
    json_dumpf(value, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(value);
}

static void show(bool json) {
    struct cw_cache_usage usage;
    cw_cache_measure(&usage);
    if (json) {
        print_json(json_pack("{s:s,s:I,s:I}", "folder", cw_cache_folder(), "entries", (json_int_t)usage.entries,
                             "bytes", (json_int_t)usage.bytes));
        return;
    }
    printf("folder   %s\nentries  %llu\nsize     %.1f MB\n", cw_cache_folder(), (unsigned long long)usage.entries,
           (double)usage.bytes / 1e6);
}

static void clear(bool json) {
    unsigned long long removed = cw_cache_clear();
    if (json) {
        print_json(json_pack("{s:s,s:I}", "folder", cw_cache_folder(), "removed", (json_int_t)removed));
    } else {
        printf("%llu entr%s removed from %s\n", removed, removed == 1 ? "y" : "ies", cw_cache_folder());
    }
}

static int prepare(enum action action) {
    struct cw_cuda_options options = {0};
    struct cw_layout layout = {0};
    struct cw_toolchain toolchain = {0};
    struct cw_text problem = {0};
    const struct cw_setting setting = {&layout, &toolchain, &options, NULL, false};
    int result = CW_EXIT_ENVIRONMENT;
    cw_toolchain_find(&toolchain);
    if (!cw_layout_find(&layout, (const void *)cw_command_cache)) {
        cw_say_error("the folder of cuda-wasm can't be found out: is /proc mounted?");
    } else if (cw_toolchain_check(&toolchain, action == TOOLKIT, &problem) != CW_OK) {
        cw_say_error("%s", cw_text_string(&problem));
    } else {
        result = action == TOOLKIT ? cw_toolkit_install(&setting) : cw_prelude_install(&setting);
    }
    cw_text_fini(&problem);
    cw_layout_fini(&layout);
    cw_toolchain_fini(&toolchain);
    return result;
}

int cw_command_cache(int argc, char **argv) {
    struct request request = {0};
    struct cw_arguments arguments = {.argp = &argp, .input = &request};
    int result = cw_arguments_parse(&arguments, argc, argv);
    if (result != CW_EXIT_OK) {
        return result;
    }
    if (request.action == PREPARE || request.action == TOOLKIT) {
        return prepare(request.action);
    }
    if (!*cw_cache_folder()) {
        cw_say_error("there is no folder for a cache: neither CUDA_WASM_CACHE_DIR, XDG_CACHE_HOME nor HOME is set");
        return CW_EXIT_ENVIRONMENT;
    }
    if (request.action == CLEAR) {
        clear(request.json);
    } else {
        show(request.json);
    }
    return CW_EXIT_OK;
}
