/* SPDX-License-Identifier: Apache-2.0 */
/* options.c: see options.h. One table says how an option is written, one switch what it does. */
#include "frontend/nvrtc/options.h"

#include <stdlib.h>
#include <string.h>

#include "frontend/cuda/architecture.h"

enum form { FLAG, VALUE, JOINED, MAYBE };

enum action {
    ACCEPT,
    ARCHITECTURE,
    BRIEF,
    DEFAULT_DEVICE,
    DEFINE,
    DEVICE_DEBUG,
    FAST_MATH,
    FLOAT128,
    FLUSH,
    FMAD,
    INCLUDE,
    LINK_TIME,
    NO_CACHE,
    NO_SOURCE_INCLUDE,
    NO_WARNINGS,
    OPTIX,
    PRECISE_DIVISION,
    PRECISE_ROOT,
    PRE_INCLUDE,
    RELOCATABLE,
    RELOCATABLE_CHOICE,
    REORDER,
    STANDARD,
    SYNTAX_ONLY,
    UNDEFINE,
    WARNING_AS_ERROR,
    WHOLE,
};

struct row {
    const char *long_name, *short_name;
    enum form form;
    enum action action;
};

static const struct row rows[] = {
#define CW_NVRTC_OPTION(long_name, short_name, form, action) {long_name, short_name, form, action},
#include "frontend/nvrtc/options.def"
};
enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

/* The row that the word names, dashes stripped. `value` gets what stands behind '=' or is joined on; NULL for nothing. */
static const struct row *find_row(const char *word, const char **value) {
    size_t length = strcspn(word, "=");
    *value = word[length] == '=' ? word + length + 1 : NULL;
    for (int i = 0; i < ROW_COUNT; i++) {
        const char *names[] = {rows[i].long_name, rows[i].short_name};
        for (int n = 0; n < 2; n++) {
            if (strlen(names[n]) == length && strncmp(names[n], word, length) == 0) {
                return &rows[i];
            }
        }
    }
    for (int i = 0; i < ROW_COUNT; i++) {
        size_t size = strlen(rows[i].short_name);
        if (rows[i].form == JOINED && strncmp(rows[i].short_name, word, size) == 0) {
            *value = word + size;
            return &rows[i];
        }
    }
    return NULL;
}

static bool refuse(struct cw_text *problem, const char *word, const char *why) {
    cw_text_printf(problem, "nvrtc: error: invalid value for %s: %s\n", word, why);
    return false;
}

/* "true" and "false". */
static bool read_choice(const char *word, const char *value, bool *choice, struct cw_text *problem) {
    if (strcmp(value, "true") != 0 && strcmp(value, "false") != 0) {
        return refuse(problem, word, "true or false is wanted");
    }
    *choice = strcmp(value, "true") == 0;
    return true;
}

static bool set_standard(struct cw_cuda_options *options, const char *word, const char *value,
                         struct cw_text *problem) {
    static const char *const known[] = {"c++03", "c++11", "c++14", "c++17", "c++20", NULL};
    for (const char *const *standard = known; *standard; standard++) {
        if (strcmp(value, *standard) == 0) {
            free(options->standard);
            /* What NVRTC's own headers need is C++11. */
            options->standard = cw_strdup(strcmp(value, "c++03") == 0 ? "c++11" : value);
            return true;
        }
    }
    return refuse(problem, word, "c++03, c++11, c++14, c++17 or c++20 is wanted");
}

static bool set_architecture(struct cw_nvrtc_options *options, const char *word, const char *value,
                             struct cw_text *problem) {
    if ((strncmp(value, "sm_", 3) != 0 && strncmp(value, "compute_", 8) != 0) || strchr(value, ',') ||
        !cw_architecture_add(&options->cuda, value)) {
        return refuse(problem, word, "an architecture such as compute_80 or sm_80 is wanted");
    }
    options->real_architecture = value[0] == 's';
    return true;
}

static bool set_choice(struct cw_cuda_options *cuda, enum action action, const char *word, const char *value,
                       struct cw_text *problem) {
    bool choice = false;
    if (!read_choice(word, value, &choice, problem)) {
        return false;
    }
    switch (action) {
    case FLUSH:
        cuda->flush_denormals = choice;
        break;
    case FMAD:
        cuda->no_fmad = !choice;
        break;
    case PRECISE_DIVISION:
        cuda->approximate_division = !choice;
        break;
    case PRECISE_ROOT:
        cuda->approximate_root = !choice;
        break;
    case RELOCATABLE_CHOICE:
        cuda->relocatable = choice;
        break;
    default:
        break;
    }
    return true;
}

static bool apply(struct cw_nvrtc_options *options, const struct row *row, const char *word, const char *value,
                  struct cw_text *problem) {
    struct cw_cuda_options *cuda = &options->cuda;
    switch (row->action) {
    case ACCEPT:
    case WHOLE:
        return true;
    case ARCHITECTURE:
        return set_architecture(options, word, value, problem);
    case BRIEF:
    case FLUSH:
    case FMAD:
    case PRECISE_DIVISION:
    case PRECISE_ROOT:
    case RELOCATABLE_CHOICE:
        return set_choice(cuda, row->action, word, value, problem);
    case STANDARD:
        return set_standard(cuda, word, value, problem);
    case DEFAULT_DEVICE:
        options->default_device = true;
        return true;
    case DEFINE:
        cw_strings_addf(&cuda->preprocessor, "-D%s", value);
        return true;
    case UNDEFINE:
        cw_strings_addf(&cuda->preprocessor, "-U%s", value);
        return true;
    case INCLUDE:
        cw_strings_addf(&cuda->preprocessor, "-I%s", value);
        return true;
    case PRE_INCLUDE:
        cw_strings_add(&options->pre_includes, value);
        return true;
    case DEVICE_DEBUG:
        cuda->device_debug = true;
        return true;
    case FAST_MATH:
        cuda->fast_math = true;
        return true;
    case LINK_TIME:
        options->link_time = true;
        cuda->relocatable = true;
        return true;
    case RELOCATABLE:
        cuda->relocatable = true;
        return true;
    case NO_CACHE:
        options->no_cache = true;
        return true;
    case NO_SOURCE_INCLUDE:
        options->no_source_include = true;
        return true;
    case NO_WARNINGS:
        cw_strings_add(&cuda->warnings, "-w");
        return true;
    case REORDER:
        cw_strings_add(&cuda->warnings, "-Wreorder");
        return true;
    case WARNING_AS_ERROR:
        cw_strings_add(&cuda->warnings, strcmp(value, "all-warnings") == 0 ? "-Werror" : "-Werror=reorder");
        return true;
    case SYNTAX_ONLY:
        options->syntax_only = true;
        return true;
    case OPTIX:
        cw_text_printf(problem, "nvrtc: error: %s: OptiX IR is read by NVIDIA's ray tracer alone\n", word);
        return false;
    case FLOAT128:
        cw_text_printf(problem, "nvrtc: error: %s: __float128 needs compute capability 10.0; this device has 8.0\n",
                       word);
        return false;
    }
    return true;
}

bool cw_nvrtc_options_read(struct cw_nvrtc_options *options, const char *const *words, size_t count,
                           struct cw_text *problem) {
    for (size_t i = 0; i < count; i++) {
        const char *word = words[i], *value = NULL;
        size_t dashes = word ? strspn(word, "-") : 0;
        const struct row *row = dashes == 1 || dashes == 2 ? find_row(word + dashes, &value) : NULL;
        if (!row || (row->form == FLAG && value)) {
            cw_text_printf(problem, "nvrtc: error: unrecognized option %s found\n", word ? word : "NULL");
            return false;
        }
        if (!value && (row->form == VALUE || row->form == JOINED)) {
            value = i + 1 < count ? words[++i] : NULL;
            if (!value) {
                cw_text_printf(problem, "nvrtc: error: %s needs a value\n", word);
                return false;
            }
        }
        if (!apply(options, row, word, value, problem)) {
            return false;
        }
    }
    return true;
}

void cw_nvrtc_options_fini(struct cw_nvrtc_options *options) {
    cw_strings_fini(&options->pre_includes);
    cw_cuda_options_fini(&options->cuda);
}
