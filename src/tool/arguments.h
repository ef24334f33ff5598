/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arguments.h: a subcommand's command line.
 *
 * argp knows the subcommand's own options and prints the help; nvcc's options ("-std=c++17", "-arch sm_80"), which are no
 * option syntax that argp knows, are taken out before it sees the line. A word that neither knows is an error that names
 * the nearest word that one of them does.
 */
#ifndef CW_TOOL_ARGUMENTS_H
#define CW_TOOL_ARGUMENTS_H

#include <argp.h>
#include <stdbool.h>

#include "frontend/cuda/options.h"

struct cw_arguments {
    const struct argp *argp;      /* the subcommand's options and help; its parser gets what is left */
    void *input;                  /* for argp's parser */
    struct cw_cuda_options *cuda; /* NULL: the subcommand compiles nothing; words without '-' go to argp */
    bool program_arguments;       /* words behind "--" are the program's own */
    char **program;               /* set: those words, NULL-terminated, borrowed from argv */
};

/* Parses argv. CW_EXIT_OK, or an exit code after having said why; doesn't return when help was asked for. */
int cw_arguments_parse(struct cw_arguments *arguments, int argc, char **argv);

/* An argp help filter that adds nvcc's options to the help. */
char *cw_arguments_help_filter(int key, const char *text, void *input);

#endif
