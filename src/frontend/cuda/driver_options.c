/* SPDX-License-Identifier: Apache-2.0 */
#include "frontend/cuda/driver_options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "frontend/cuda/option_table.h"

#define FILE_DEPTH_MAX 16

static void set(char **place, const char *value) {
    free(*place);
    *place = cw_strdup(value);
}

static int set_phase(struct cw_driver_options *driver, enum cw_phase phase, const char *word, struct cw_text *problem) {
    if (driver->phase_given && driver->phase != phase) {
        cw_text_printf(problem, "%s contradicts an option before it: a command writes one kind of file", word);
        return CW_TAKE_MALFORMED;
    }
    driver->phase = phase;
    driver->phase_given = true;
    return 0;
}

static int set_runtime(struct cw_driver_options *driver, const char *value, struct cw_text *problem) {
    bool known = strcmp(value, "none") == 0 || strcmp(value, "static") == 0 || strcmp(value, "shared") == 0;
    if (!known) {
        cw_text_printf(problem, "-cudart takes none, shared or static, not '%s'", value);
        return CW_TAKE_MALFORMED;
    }
    driver->no_runtime = value[0] == 'n';
    driver->shared_runtime = strcmp(value, "shared") == 0;
    return 0;
}

int cw_driver_option_apply(struct cw_cuda_options *options, enum action action, const char *word, const char *value,
                           struct cw_text *problem) {
    struct cw_driver_options *driver = &options->driver;
    switch (action) {
    case OUTPUT:
        set(&driver->output, value);
        return 0;
    case OUTPUT_FOLDER:
        set(&driver->output_folder, value);
        return 0;
    case COMPILE:
        return set_phase(driver, CW_PHASE_OBJECT, word, problem);
    case COMPILE_RELOCATABLE:
    case COMPILE_WHOLE:
        options->relocatable = action == COMPILE_RELOCATABLE;
        return set_phase(driver, CW_PHASE_OBJECT, word, problem);
    case DEVICE_LINK:
        return set_phase(driver, CW_PHASE_DEVICE_LINK, word, problem);
    case LIBRARY_PHASE:
        return set_phase(driver, CW_PHASE_LIBRARY, word, problem);
    case LINK_PHASE:
        return set_phase(driver, CW_PHASE_LINK, word, problem);
    case PTX:
        return set_phase(driver, CW_PHASE_PTX, word, problem);
    case FATBIN:
        return set_phase(driver, CW_PHASE_FATBIN, word, problem);
    case PREPROCESS:
        return set_phase(driver, CW_PHASE_PREPROCESS, word, problem);
    case DEPENDENCIES:
    case DEPENDENCIES_NONSYSTEM:
        driver->nonsystem |= action == DEPENDENCIES_NONSYSTEM;
        return set_phase(driver, CW_PHASE_DEPENDENCIES, word, problem);
    case DEPENDENCIES_WITH_COMPILE:
    case DEPENDENCIES_NONSYSTEM_WITH_COMPILE:
        driver->with_dependencies = true;
        driver->nonsystem |= action == DEPENDENCIES_NONSYSTEM_WITH_COMPILE;
        return 0;
    case DEPENDENCY_FILE:
        set(&driver->dependency_file, value);
        return 0;
    case DEPENDENCY_TARGET:
        set(&driver->dependency_target, value);
        return 0;
    case DEPENDENCY_PHONY:
        driver->phony = true;
        return 0;
    case SHARED:
        driver->shared = true;
        return 0;
    case RUN:
        driver->run = true;
        return 0;
    case RUN_ARGUMENTS:
        cw_option_pieces(&driver->run_arguments, value);
        return 0;
    case CLEAN:
        driver->clean = true;
        return 0;
    case RUNTIME_LIBRARY:
        return set_runtime(driver, value, problem);
    case HOST_COMPILER:
        set(&driver->host_compiler, value);
        return 0;
    case ARCHIVER:
        set(&driver->archiver, value);
        return 0;
    case ARCHIVE_OPTIONS:
        cw_option_pieces(&driver->archive_options, value);
        return 0;
    case FORWARD_COMPILER:
        driver->forward_compiler = true;
        return 0;
    case FORWARD_LINKER:
        driver->forward_linker = true;
        return 0;
    case FORWARD_BOTH:
        driver->forward_compiler = driver->forward_linker = true;
        return 0;
    case DRY_RUN:
        driver->dry_run = options->verbose = true;
        return 0;
    case KEEP:
        driver->keep = true;
        return 0;
    case KEEP_FOLDER:
        set(&driver->keep_folder, value);
        return 0;
    case NO_DEVICE_LINK:
        driver->no_device_link = true;
        return 0;
    case SHOW_VERSION:
        driver->version = true;
        return 0;
    case SHOW_HELP:
        driver->help = true;
        return 0;
    case LIST_ARCHITECTURES:
        driver->list_architectures = true;
        return 0;
    case LIST_CODES:
        driver->list_codes = true;
        return 0;
    default:
        return 0;
    }
}

void cw_driver_options_fini(struct cw_driver_options *driver) {
    char *owned[] = {driver->output,          driver->output_folder,     driver->keep_folder,
                     driver->dependency_file, driver->dependency_target, driver->host_compiler,
                     driver->archiver};
    for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++) {
        free(owned[i]);
    }
    cw_strings_fini(&driver->archive_options);
    cw_strings_fini(&driver->run_arguments);
    *driver = (struct cw_driver_options){0};
}

/* ---- Words ---- */

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Cuts text into words as a shell does: quotes of both kinds, backslashes. */
static void split(struct cw_strings *words, const char *text) {
    struct cw_text word = {0};
    while (*text) {
        while (is_blank(*text)) {
            text++;
        }
        bool any = false;
        char quote = '\0';
        cw_text_clear(&word);
        while (*text && (quote || !is_blank(*text))) {
            if (quote ? *text == quote : *text == '"' || *text == '\'') {
                quote = quote ? '\0' : *text;
            } else {
                if (*text == '\\' && quote != '\'' && text[1]) {
                    text++;
                }
                cw_text_append(&word, text, 1);
            }
            any = true;
            text++;
        }
        if (any) {
            cw_strings_add(words, cw_text_string(&word));
        }
    }
    cw_text_fini(&word);
}

static bool expand(struct cw_strings *out, const struct cw_strings *in, size_t from, int depth,
                   struct cw_text *problem);

static bool expand_file(struct cw_strings *out, const char *path, int depth, struct cw_text *problem) {
    struct cw_text text = {0};
    struct cw_strings words = {0};
    bool read = false;
    if (depth == FILE_DEPTH_MAX) {
        cw_text_printf(problem, "option files include each other more than %d deep: %s", FILE_DEPTH_MAX, path);
    } else if (cw_file_read(path, &text) != CW_OK) {
        cw_text_printf(problem, "the option file %s can't be read: %s", path, strerror(errno));
    } else {
        split(&words, cw_text_string(&text));
        read = expand(out, &words, 0, depth + 1, problem);
    }
    cw_text_fini(&text);
    cw_strings_fini(&words);
    return read;
}

/* The file that the word names: "--options-file=F"; "" when it is the next word; NULL when it is another option. */
static const char *option_file(const char *word) {
    static const char *const names[] = {"--options-file", "-options-file", "-optf", "--optf"};
    if (word[0] == '@' && word[1]) {
        return word + 1;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t size = strlen(names[i]);
        if (strncmp(word, names[i], size) == 0 && (word[size] == '=' || word[size] == '\0')) {
            return word[size] ? word + size + 1 : "";
        }
    }
    return NULL;
}

static bool expand(struct cw_strings *out, const struct cw_strings *in, size_t from, int depth,
                   struct cw_text *problem) {
    bool fine = true;
    for (size_t i = from; i < in->count && fine; i++) {
        const char *files = option_file(in->items[i]);
        if (!files) {
            cw_strings_add(out, in->items[i]);
            continue;
        }
        if (!*files) {
            if (i + 1 == in->count) {
                cw_text_printf(problem, "%s needs a file", in->items[i]);
                return false;
            }
            files = in->items[++i];
        }
        struct cw_strings list = {0};
        cw_option_pieces(&list, files);
        for (size_t f = 0; f < list.count && fine; f++) {
            fine = expand_file(out, list.items[f], depth, problem);
        }
        cw_strings_fini(&list);
    }
    return fine;
}

bool cw_driver_words(struct cw_strings *words, int argc, char *const argv[], struct cw_text *problem) {
    struct cw_strings all = {0};
    const char *prepend = getenv("NVCC_PREPEND_FLAGS"), *append = getenv("NVCC_APPEND_FLAGS");
    cw_strings_add(words, argv[0]);
    split(&all, prepend ? prepend : "");
    for (int i = 1; i < argc; i++) {
        cw_strings_add(&all, argv[i]);
    }
    split(&all, append ? append : "");
    bool fine = expand(words, &all, 0, 0, problem);
    cw_strings_fini(&all);
    return fine;
}
