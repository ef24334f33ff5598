/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/arguments.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tool/command.h"
#include "tool/suggest.h"
#include "tool/terminal.h"

/* The options that argp adds by itself. */
static const char *const argp_own[] = {"--help", "-?", "--usage", "--version", "-V", NULL};

/* How an option of argp's takes a word: 0 not at all, 1 the word alone, 2 the word and the next one. */
static int argp_words(const struct argp *argp, const char *word) {
    for (int i = 0; argp_own[i]; i++) {
        if (strcmp(word, argp_own[i]) == 0) {
            return 1;
        }
    }
    for (const struct argp_option *option = argp->options; option && (option->name || option->key || option->doc);
         option++) {
        bool takes = option->arg && !(option->flags & OPTION_ARG_OPTIONAL);
        if (word[1] == '-' && option->name) {
            size_t length = strcspn(word + 2, "=");
            if (strlen(option->name) == length && strncmp(option->name, word + 2, length) == 0) {
                return takes && word[2 + length] != '=' ? 2 : 1;
            }
        } else if (word[1] != '-' && option->key > ' ' && option->key < 127 && word[1] == option->key) {
            if (!word[2]) {
                return takes ? 2 : 1;
            }
            if (option->arg) {
                return 1;
            }
        }
    }
    return 0;
}

static int unknown_option(const struct cw_arguments *arguments, const char *program, const char *word) {
    struct cw_suggestion suggestion;
    char typed[64];
    /* An attached value is not part of the mistake. */
    size_t length = strcspn(word, "=");
    if (length >= sizeof typed) {
        length = sizeof typed - 1;
    }
    memcpy(typed, word, length);
    typed[length] = '\0';
    cw_suggest_start(&suggestion, typed);
    for (int i = 0; argp_own[i]; i++) {
        cw_suggest_word(&suggestion, argp_own[i]);
    }
    for (const struct argp_option *option = arguments->argp->options; option && (option->name || option->key);
         option++) {
        char spelling[64] = "--";
        if (option->name && strlen(option->name) < sizeof spelling - 2) {
            memcpy(spelling + 2, option->name, strlen(option->name) + 1);
            cw_suggest_word(&suggestion, spelling);
        }
    }
    if (arguments->cuda) {
        cw_cuda_options_spellings(cw_suggest_word, &suggestion);
    }
    if (suggestion.best[0]) {
        cw_say_error("unknown option '%s'; did you mean '%s'?", word, suggestion.best);
    } else {
        cw_say_error("unknown option '%s'; '%s --help' lists the options", word, program);
    }
    return CW_EXIT_USAGE;
}

int cw_arguments_parse(struct cw_arguments *arguments, int argc, char **argv) {
    static char *no_words[] = {NULL};
    char **own = cw_alloc_array((size_t)argc + 1, sizeof *own);
    struct cw_text problem = {0};
    int own_count = 0, code = CW_EXIT_OK;
    own[own_count++] = argv[0];
    arguments->program = no_words;
    for (int i = 1; i < argc && code == CW_EXIT_OK;) {
        if (strcmp(argv[i], "--") == 0 && arguments->program_arguments) {
            arguments->program = argv + i + 1;
            break;
        }
        bool option = argv[i][0] == '-' && argv[i][1];
        int words = option ? argp_words(arguments->argp, argv[i]) : !arguments->cuda;
        if (words > 0) {
            for (; words > 0 && i < argc; words--) {
                own[own_count++] = argv[i++];
            }
            continue;
        }
        words = arguments->cuda ? cw_cuda_options_take(arguments->cuda, argc - i, argv + i, &problem) : 0;
        if (words < 0) {
            cw_say_error("%s", cw_text_string(&problem));
            code = words == CW_TAKE_REFUSED ? CW_EXIT_FAILURE : CW_EXIT_USAGE;
        } else if (words == 0) {
            code = unknown_option(arguments, argv[0], argv[i]);
        }
        i += words;
    }
    if (code == CW_EXIT_OK) {
        argp_err_exit_status = CW_EXIT_USAGE;
        if (argp_parse(arguments->argp, own_count, own, ARGP_IN_ORDER, NULL, arguments->input) != 0) {
            code = CW_EXIT_USAGE;
        }
    }
    cw_text_fini(&problem);
    free(own);
    return code;
}

char *cw_arguments_help_filter(int key, const char *text, void *input) {
    (void)input;
    if (key != ARGP_KEY_HELP_EXTRA) {
        return (char *)text;
    }
    struct cw_text out = {0};
    cw_text_add(&out, "nvcc's options, with one dash or two:\n");
    cw_cuda_options_help(&out);
    cw_text_add(
        &out,
        "Options that only tune NVIDIA's hardware (-gencode, -maxrregcount, -Xptxas, -lineinfo, ...) are accepted "
        "without effect; what is not supported is refused by name.");
    return cw_text_take(&out, NULL);
}
