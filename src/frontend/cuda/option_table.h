/* SPDX-License-Identifier: Apache-2.0 */
/* option_table.h: the rows of options.def, for the two files that act on them: options.c (what every command takes) and
 * driver_options.c (what only nvcc's own command line has). Nobody else includes this. */
#ifndef CW_FRONTEND_CUDA_OPTION_TABLE_H
#define CW_FRONTEND_CUDA_OPTION_TABLE_H

#include "frontend/cuda/options.h"

enum value_form { NONE, WORD, JOINED };

enum action {
    INCLUDE,
    SYSTEM_INCLUDE,
    PRE_INCLUDE,
    DEFINE,
    UNDEFINE,
    STANDARD,
    LANGUAGE,
    OPTIMIZE,
    DEBUG,
    DEVICE_DEBUG,
    LIBRARY_PATH,
    LIBRARY,
    HOST_OPTIONS,
    LINK_OPTIONS,
    FMAD,
    FAST_MATH,
    PRECISION,
    RELAXED_CONSTEXPR,
    EXTENDED_LAMBDA,
    NO_WARNINGS,
    WERROR,
    WARNING,
    VERBOSE,
    PTHREAD,
    PROFILE,
    RELOCATABLE,
    DEFAULT_STREAM,
    MACHINE,
    TEMPLATE_DEPTH,
    NO_EXCEPTIONS,
    ARCHITECTURE,
    GENCODE,
    ACCEPT,
    REFUSE,
    /* nvcc's own command line only: driver_options.c. */
    FIRST_OF_DRIVER,
    OUTPUT = FIRST_OF_DRIVER,
    OUTPUT_FOLDER,
    COMPILE,
    COMPILE_RELOCATABLE,
    COMPILE_WHOLE,
    DEVICE_LINK,
    LIBRARY_PHASE,
    LINK_PHASE,
    SHARED,
    PTX,
    FATBIN,
    PREPROCESS,
    RUN,
    RUN_ARGUMENTS,
    CLEAN,
    DEPENDENCIES,
    DEPENDENCIES_NONSYSTEM,
    DEPENDENCIES_WITH_COMPILE,
    DEPENDENCIES_NONSYSTEM_WITH_COMPILE,
    DEPENDENCY_FILE,
    DEPENDENCY_TARGET,
    DEPENDENCY_PHONY,
    RUNTIME_LIBRARY,
    HOST_COMPILER,
    ARCHIVER,
    ARCHIVE_OPTIONS,
    FORWARD_COMPILER,
    FORWARD_LINKER,
    FORWARD_BOTH,
    DRY_RUN,
    KEEP,
    KEEP_FOLDER,
    NO_DEVICE_LINK,
    SHOW_VERSION,
    SHOW_HELP,
    LIST_ARCHITECTURES,
    LIST_CODES,
};

struct option_row {
    const char *short_name;
    const char *long_name;
    enum value_form form;
    enum action action;
    const char *help;
};

/* Adds each piece of `value`: they are separated by commas, and by blanks outside of quotes, as in nvcc's lists whose
 * values reach a shell. A backslash takes a comma its meaning. */
void cw_option_pieces(struct cw_strings *list, const char *value);

/* Acts on an option of nvcc's own command line: 0, or CW_TAKE_MALFORMED with a sentence. */
int cw_driver_option_apply(struct cw_cuda_options *options, enum action action, const char *word, const char *value,
                           struct cw_text *problem);

#endif
