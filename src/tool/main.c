/* SPDX-License-Identifier: Apache-2.0 */
/* main.c: cuda-wasm's first word chooses a subcommand; each has a file of its own. */
#include <argp.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "cudawasm/cw.h"
#include "tool/command.h"
#include "tool/suggest.h"
#include "tool/terminal.h"

const char *argp_program_version = "cuda-wasm " CW_VERSION " (CUDA 12.9, compute capability 8.0)";

struct command {
    const char *name;
    int (*function)(int argc, char **argv);
    const char *text;
};

static const struct command commands[] = {
#define X(name, function, text) {name, function, text},
    CW_COMMAND_LIST(X)
#undef X
};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static void print_help(void) {
    printf("Usage: cuda-wasm COMMAND [OPTION...]\n"
           "CUDA programs, unmodified, on the processors that are here.\n\n");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        printf("  %-10s %s\n", commands[i].name, commands[i].text);
    }
    printf("\n"
           "  cuda-wasm COMMAND --help   what a command does, its options, examples\n"
           "  cuda-wasm --version        this version\n\n"
           "Examples:\n"
           "  cuda-wasm run vector_add.cu\n"
           "  cuda-wasm build vector_add.cu -o vector_add\n\n" CW_EXIT_TEXT "\n");
}

static int unknown_command(const char *word) {
    struct cw_suggestion suggestion;
    cw_suggest_start(&suggestion, word);
    for (int i = 0; i < COMMAND_COUNT; i++) {
        cw_suggest_word(&suggestion, commands[i].name);
    }
    if (strlen(word) > 3 && strcmp(word + strlen(word) - 3, ".cu") == 0) {
        cw_say_error("unknown command '%s'; to run that program: cuda-wasm run %s", word, word);
    } else if (suggestion.best[0]) {
        cw_say_error("unknown %s '%s'; did you mean '%s'?", word[0] == '-' ? "option" : "command", word,
                     suggestion.best);
    } else {
        cw_say_error("unknown %s '%s'; 'cuda-wasm --help' lists the commands", word[0] == '-' ? "option" : "command",
                     word);
    }
    return CW_EXIT_USAGE;
}

static const struct command *find_command(const char *word) {
    for (int i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i].name, word) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}

int main(int argc, char **argv) {
    static char name[64];
    static char help[] = "--help";
    /* A link called nvcc (or nvcc-12.9) is the command cc. __nvcc_device_query is a program of CUDA's toolkit that makefiles
     * ask for the device's compute capability. */
    const char *called = argc > 0 ? cw_path_name(argv[0]) : "";
    if (strncmp(called, "nvcc", 4) == 0) {
        return cw_command_cc(argc, argv);
    }
    if (strcmp(called, "__nvcc_device_query") == 0) {
        puts("80");
        return CW_EXIT_OK;
    }
    if (argc < 2) {
        print_help();
        return CW_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
        puts(argp_program_version);
        return CW_EXIT_OK;
    }
    bool asks_help = strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0;
    if (asks_help && argc < 3) {
        print_help();
        return CW_EXIT_OK;
    }
    const struct command *command = find_command(argv[1 + asks_help]);
    if (!command) {
        return unknown_command(argv[1 + asks_help]);
    }
    snprintf(name, sizeof name, "cuda-wasm %s", command->name);
    if (asks_help) {
        char *words[] = {name, help, NULL};
        return command->function(2, words);
    }
    argv[1] = name;
    return command->function(argc - 1, argv + 1);
}
