/* SPDX-License-Identifier: Apache-2.0 */
#include "frontend/cuda/options.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "frontend/cuda/architecture.h"
#include "frontend/cuda/option_table.h"

static const struct option_row rows[] = {
#define CW_OPTION(short_name, long_name, form, action, help) {short_name, long_name, form, action, help},
#include "frontend/cuda/options.def"
#undef CW_OPTION
};
enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

/* Libraries of the CUDA toolkit whose functions libcudawasm.so holds. */
static const char *const own_libraries[] = {"cudart", "cudart_static", "curand", "cudadevrt", "cuda", "nvrtc",
                                             "nvJitLink", "nvrtc-builtins"};

/* The row that `word` (dashes stripped) names exactly, or with "=value", or with an attached value. `value` gets the
 * text of the value inside the word, NULL when there is none. */
static const struct option_row *find_row(const char *word, const char **value) {
    size_t length = strcspn(word, "=");
    for (int i = 0; i < ROW_COUNT; i++) {
        const char *names[2] = {rows[i].short_name, rows[i].long_name};
        for (int n = 0; n < 2; n++) {
            if (strlen(names[n]) == length && strncmp(names[n], word, length) == 0) {
                *value = word[length] == '=' && rows[i].form != NONE ? word + length + 1 : NULL;
                if (word[length] == '=' && rows[i].form == NONE) {
                    continue;
                }
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

void cw_option_pieces(struct cw_strings *list, const char *value) {
    struct cw_text piece = {0};
    char quote = '\0';
    for (;; value++) {
        bool separates = !quote && (*value == ',' || *value == ' ' || *value == '\t' || *value == '\n');
        if (!*value || separates) {
            if (piece.size > 0) {
                cw_strings_add(list, cw_text_string(&piece));
            }
            cw_text_clear(&piece);
            if (!*value) {
                break;
            }
        } else if (quote ? *value == quote : *value == '"' || *value == '\'') {
            quote = quote ? '\0' : *value;
        } else {
            if (*value == '\\' && quote != '\'' && value[1]) {
                value++;
            }
            cw_text_append(&piece, value, 1);
        }
    }
    cw_text_fini(&piece);
}

static bool starts_with(const char *string, const char *prefix) {
    return strncmp(string, prefix, strlen(prefix)) == 0;
}

static void add_linker_words(struct cw_cuda_options *options, const char *value) {
    struct cw_strings pieces = {0};
    cw_option_pieces(&pieces, value);
    for (size_t i = 0; i < pieces.count; i++) {
        cw_strings_addf(&options->link, "-Wl,%s", pieces.items[i]);
    }
    cw_strings_fini(&pieces);
}

/* A host compiler option: those of the preprocessor concern the device pass too, because both see one translation unit;
 * some change the link. */
static void add_host_option(struct cw_cuda_options *options, const char *word) {
    static const char *const by_driver[] = {
        "-fopenmp",   "-fsanitize", "-static",   "-shared", "-stdlib",  "-pg",       "-rdynamic", "-no-pie", "-pie",
        "--coverage", "-coverage",  "-fprofile", "-m32",    "-pthread", "-nostdlib", "-fuse-ld",  NULL};
    if (starts_with(word, "-Wl,")) {
        add_linker_words(options, word + 4);
    } else if (starts_with(word, "-D") || starts_with(word, "-U") || starts_with(word, "-I")) {
        cw_strings_add(&options->preprocessor, word);
    } else if (starts_with(word, "-l") || starts_with(word, "-L")) {
        cw_strings_add(&options->link, word);
    } else if (options->driver.enabled && strcmp(word, "-Werror") == 0) {
        return; /* meant for the warnings of another compiler */
    } else if (starts_with(word, "-flto") || starts_with(word, "-ffat-lto") || strcmp(word, "-fno-lto") == 0) {
        return; /* objects here hold machine code */
    } else {
        for (size_t i = 0; by_driver[i]; i++) {
            options->link_by_driver |= starts_with(word, by_driver[i]);
        }
        options->openmp |= strcmp(word, "-fopenmp") == 0 || starts_with(word, "-fopenmp=");
        options->openmp &= strcmp(word, "-fno-openmp") != 0;
        cw_strings_add(&options->host, word);
    }
}

static void add_host_options(struct cw_cuda_options *options, const char *value) {
    struct cw_strings pieces = {0};
    cw_option_pieces(&pieces, value);
    for (size_t i = 0; i < pieces.count; i++) {
        add_host_option(options, pieces.items[i]);
    }
    cw_strings_fini(&pieces);
}

static void add_library(struct cw_cuda_options *options, const char *name) {
    for (size_t i = 0; i < sizeof own_libraries / sizeof own_libraries[0]; i++) {
        if (strcmp(name, own_libraries[i]) == 0) {
            options->names_runtime = true;
            return;
        }
    }
    cw_strings_addf(&options->link, "-l%s", name);
}

static int refuse(struct cw_text *problem, const char *word, const char *why) {
    cw_text_printf(problem, "%s is not supported: %s", word, why);
    return CW_TAKE_REFUSED;
}

static bool is_one_of(const char *value, const char *const *words) {
    for (; *words; words++) {
        if (strcmp(value, *words) == 0) {
            return true;
        }
    }
    return false;
}

/* Options with a fixed set of values. 0 when taken. */
static int take_choice(struct cw_cuda_options *options, enum action action, const char *word, const char *value,
                       struct cw_text *problem) {
    static const char *const yes_no[] = {"true", "false", NULL};
    if (action == DEFAULT_STREAM) {
        static const char *const streams[] = {"legacy", "null", "per-thread", NULL};
        if (!is_one_of(value, streams)) {
            cw_text_printf(problem, "%s takes legacy, null or per-thread, not '%s'", word, value);
            return CW_TAKE_MALFORMED;
        }
        options->per_thread_stream = strcmp(value, "per-thread") == 0;
        return 0;
    }
    if (action == MACHINE) {
        if (strcmp(value, "64") == 0) {
            return 0;
        }
        return refuse(problem, "-m32", "32-bit programs");
    }
    if (action == FMAD || action == RELOCATABLE || action == PRECISION) {
        if (!is_one_of(value, yes_no)) {
            cw_text_printf(problem, "%s takes true or false, not '%s'", word, value);
            return CW_TAKE_MALFORMED;
        }
        bool no = strcmp(value, "false") == 0;
        if (action == FMAD) {
            options->no_fmad = no;
        } else if (action == RELOCATABLE) {
            options->relocatable = !no;
        } else if (strstr(word, "ftz")) {
            options->flush_denormals = !no;
        } else if (strstr(word, "div")) {
            options->approximate_division = no;
        } else {
            options->approximate_root = no;
        }
        return 0;
    }
    if (strcmp(value, "cu") == 0) {
        options->forced_kind = CW_INPUT_CUDA;
    } else if (strcmp(value, "c++") == 0) {
        options->forced_kind = CW_INPUT_CXX;
    } else if (strcmp(value, "c") == 0) {
        options->forced_kind = CW_INPUT_C;
    } else {
        cw_text_printf(problem, "-x takes cu, c++ or c, not '%s'", value);
        return CW_TAKE_MALFORMED;
    }
    options->forced = true;
    return 0;
}

static int take_standard(struct cw_cuda_options *options, const char *value, struct cw_text *problem) {
    static const char *const known[] = {"c++03", "c++11",   "c++14",   "c++17",   "c++20",   "c++23",   "c++2a",
                                        "c++2b", "gnu++11", "gnu++14", "gnu++17", "gnu++20", "gnu++23", NULL};
    if (!is_one_of(value, known)) {
        cw_text_printf(problem,
                       "-std=%s is not a C++ standard that is known here; c++11, c++14, c++17, c++20 and c++23 are",
                       value);
        return CW_TAKE_MALFORMED;
    }
    free(options->standard);
    options->standard = cw_strdup(value);
    return 0;
}

static int take_optimize(struct cw_cuda_options *options, const char *value, struct cw_text *problem) {
    static const char *const known[] = {"0", "1", "2", "3", "s", "z", "g", "fast", NULL};
    if (!is_one_of(value, known)) {
        cw_text_printf(problem, "-O%s is not an optimisation level; 0, 1, 2 and 3 are", value);
        return CW_TAKE_MALFORMED;
    }
    free(options->optimize);
    options->optimize = cw_strdup(value);
    return 0;
}

/* Names of folders, files and libraries; nvcc takes several with commas between them. */
static void add_names(struct cw_cuda_options *options, enum action action, const char *value) {
    while (*value) {
        size_t size = strcspn(value, ",");
        char *name = cw_strndup(value, size);
        if (action == LIBRARY) {
            add_library(options, name);
        } else if (action == LIBRARY_PATH) {
            cw_strings_addf(&options->link, "-L%s", name);
        } else if (action == INCLUDE) {
            cw_strings_addf(&options->preprocessor, "-I%s", name);
        } else {
            cw_strings_add(&options->preprocessor, action == SYSTEM_INCLUDE ? "-isystem" : "-include");
            cw_strings_add(&options->preprocessor, name);
        }
        free(name);
        value += size;
        value += *value == ',';
    }
}

/* True for what nvcc's own command line can ask for and every command of ours does anyway, or has no use for. */
static bool is_harmless(enum action action) {
    return action == HOST_COMPILER || action == RUNTIME_LIBRARY || action == FORWARD_COMPILER ||
           action == FORWARD_LINKER || action == FORWARD_BOTH || action == ARCHIVER || action == ARCHIVE_OPTIONS ||
           action == LINK_PHASE;
}

static int apply(struct cw_cuda_options *options, const struct option_row *row, const char *word, const char *value,
                 struct cw_text *problem) {
    switch (row->action) {
    case INCLUDE:
    case SYSTEM_INCLUDE:
    case PRE_INCLUDE:
    case LIBRARY_PATH:
    case LIBRARY:
        add_names(options, row->action, value);
        return 0;
    case DEFINE:
        /* The macro is as good as the option: the compiler's own launches must go by the same names. */
        if (strcmp(value, "CUDA_API_PER_THREAD_DEFAULT_STREAM") == 0 ||
            strcmp(value, "CUDA_API_PER_THREAD_DEFAULT_STREAM=1") == 0) {
            options->per_thread_stream = true;
        }
        cw_strings_addf(&options->preprocessor, "-D%s", value);
        return 0;
    case UNDEFINE:
        cw_strings_addf(&options->preprocessor, "-U%s", value);
        return 0;
    case STANDARD:
        return take_standard(options, value, problem);
    case OPTIMIZE:
        return take_optimize(options, value, problem);
    case DEBUG:
        options->debug = true;
        return 0;
    case DEVICE_DEBUG:
        options->device_debug = true;
        return 0;
    case HOST_OPTIONS:
        add_host_options(options, value);
        return 0;
    case LINK_OPTIONS:
        add_linker_words(options, value);
        return 0;
    case FAST_MATH: /* as the manual says: with what it implies */
        options->fast_math = options->flush_denormals = true;
        options->approximate_division = options->approximate_root = true;
        return 0;
    case RELAXED_CONSTEXPR:
        options->relaxed_constexpr = true;
        return 0;
    case EXTENDED_LAMBDA:
        options->extended_lambda = true;
        return 0;
    case NO_WARNINGS:
        cw_strings_add(&options->warnings, "-w");
        return 0;
    case WARNING:
        cw_strings_add(&options->warnings, word);
        return 0;
    case WERROR:
        if (strcmp(value, "all-warnings") == 0) {
            cw_strings_add(&options->warnings, "-Werror");
        }
        return 0;
    case VERBOSE:
        options->verbose = true;
        return 0;
    case PTHREAD:
        cw_strings_add(&options->host, "-pthread");
        return 0;
    case TEMPLATE_DEPTH:
        cw_strings_addf(&options->language, "-ftemplate-depth=%s", value);
        return 0;
    case PROFILE:
        cw_strings_add(&options->host, "-pg");
        options->link_by_driver = true;
        return 0;
    case NO_EXCEPTIONS:
        cw_strings_add(&options->host, "-fno-exceptions");
        return 0;
    case ARCHITECTURE:
    case GENCODE:
        if (row->action == ARCHITECTURE ? cw_architecture_add(options, value)
                                        : cw_architecture_add_pair(options, value)) {
            return 0;
        }
        cw_text_printf(problem, "'%s' is no value of %s", value, word);
        return CW_TAKE_MALFORMED;
    case LANGUAGE:
    case FMAD:
    case PRECISION:
    case RELOCATABLE:
    case DEFAULT_STREAM:
    case MACHINE:
        return take_choice(options, row->action, word, value, problem);
    case ACCEPT:
        return 0;
    case REFUSE:
        return refuse(problem, word, row->help);
    default:
        if (!options->driver.enabled && is_harmless(row->action)) {
            return 0;
        }
        if (!options->driver.enabled) {
            return refuse(problem, word, "this command makes whole programs; 'cuda-wasm cc' takes nvcc's own");
        }
        return cw_driver_option_apply(options, row->action, word, value, problem);
    }
}

/* ---- Inputs ---- */

static int take_input(struct cw_cuda_options *options, const char *path, struct cw_text *problem) {
    static const char *const cuda[] = {"cu", NULL};
    static const char *const cxx[] = {"cc", "cpp", "cxx", "c++", "C", NULL};
    static const char *const c[] = {"c", NULL};
    static const char *const linker[] = {"o", "a", "so", "obj", NULL};
    const char *extension = cw_path_extension(path);
    enum cw_input_kind kind = CW_INPUT_CUDA;
    if (is_one_of(extension, linker) || strstr(cw_path_name(path), ".so.")) {
        kind = CW_INPUT_LINKER;
    } else if (options->forced) {
        kind = options->forced_kind;
    } else if (is_one_of(extension, cxx)) {
        kind = CW_INPUT_CXX;
    } else if (is_one_of(extension, c)) {
        kind = CW_INPUT_C;
    } else if (strcmp(extension, "ptx") == 0 && options->ptx) {
        kind = CW_INPUT_PTX;
    } else if (!is_one_of(extension, cuda)) {
        if (strcmp(extension, "ptx") == 0) {
            cw_text_printf(problem,
                           "%s: a PTX text has no host program; 'cuda-wasm run KERNELS.ptx --arg ...' launches its kernels, "
                           "'inspect' and 'transpile' take it, and programs load it by cuModuleLoad",
                           path);
        } else {
            cw_text_printf(problem, "%s is neither a source (.cu .cpp .cc .cxx .c) nor something to link (.o .a .so)%s",
                           path, options->driver.enabled ? "" : "; arguments of the program go behind --");
        }
        return CW_TAKE_MALFORMED;
    }
    struct cw_input *inputs = cw_grow(options->inputs, options->input_count, &options->input_capacity, sizeof *inputs);
    options->inputs = inputs;
    inputs[options->input_count].path = cw_strdup(path);
    inputs[options->input_count].kind = kind;
    options->input_count++;
    if (kind == CW_INPUT_LINKER && options->driver.enabled) {
        cw_strings_add(&options->link, path); /* in order with -l and -Xlinker */
    }
    return 1;
}

/* An option that nvcc doesn't know: the host compiler's or the linker's, where that was asked for. */
static int forward(struct cw_cuda_options *options, const char *word) {
    bool linker = options->driver.forward_linker && !options->driver.forward_compiler;
    if (linker) {
        cw_strings_addf(&options->link, "-Wl,%s", word);
    } else if (options->driver.forward_compiler) {
        add_host_option(options, word);
    }
    return linker || options->driver.forward_compiler;
}

/* ---- Interface ---- */

int cw_cuda_options_take(struct cw_cuda_options *options, int argc, char *const argv[], struct cw_text *problem) {
    const char *word = argv[0];
    if (word[0] != '-' || word[1] == '\0') {
        return take_input(options, word, problem);
    }
    if (starts_with(word, "-Wl,")) {
        add_linker_words(options, word + 4);
        return 1;
    }
    const char *value = NULL;
    const char *name = word + 1 + (word[1] == '-');
    const struct option_row *row = find_row(name, &value);
    if (row && word[1] == '-' && row->form == JOINED && value && value[-1] != '=') {
        row = NULL; /* "--Idir" is no option */
    }
    bool number = row && strcmp(row->short_name, "t") == 0 && value && !isdigit((unsigned char)value[*value == '=']);
    if (number) {
        row = NULL; /* "-t4" is one, "-traditional" isn't */
    }
    if (!row && options->driver.enabled) {
        return forward(options, word);
    }
    if (!row) {
        if (starts_with(word, "-W")) {
            cw_strings_add(&options->warnings, word);
            return 1;
        }
        return 0;
    }
    /* A bare -Werror is the host compiler's option; nvcc's has a kind. */
    if (row->action == WERROR && !value && (argc < 2 || strcmp(argv[1], "all-warnings") != 0)) {
        cw_strings_add(&options->warnings, "-Werror");
        return 1;
    }
    bool level_follows = argc > 1 && isdigit((unsigned char)argv[1][0]) && argv[1][1] == '\0';
    if (row->action == OPTIMIZE && !value && !level_follows) {
        value = "2"; /* "-O" alone means what compilers take it for */
    }
    int taken = 1;
    if (row->form != NONE && (!value || (row->form == JOINED && !*value))) {
        if (argc < 2) {
            cw_text_printf(problem, "%s needs a value", word);
            return CW_TAKE_MALFORMED;
        }
        value = argv[1];
        taken = 2;
    }
    int result = apply(options, row, word, value ? value : "", problem);
    return result < 0 ? result : taken;
}

static void hash_strings(struct cw_hash *hash, const struct cw_strings *list) {
    cw_hash_bytes(hash, &list->count, sizeof list->count);
    for (size_t i = 0; i < list->count; i++) {
        cw_hash_string(hash, list->items[i]);
    }
}

void cw_cuda_options_hash(const struct cw_cuda_options *options, struct cw_hash *hash) {
    cw_hash_bytes(hash, &options->input_count, sizeof options->input_count);
    for (size_t i = 0; i < options->input_count; i++) {
        cw_hash_string(hash, options->inputs[i].path);
        cw_hash_bytes(hash, &options->inputs[i].kind, sizeof options->inputs[i].kind);
    }
    hash_strings(hash, &options->preprocessor);
    hash_strings(hash, &options->warnings);
    hash_strings(hash, &options->language);
    hash_strings(hash, &options->host);
    hash_strings(hash, &options->link);
    cw_hash_string(hash, options->standard ? options->standard : "");
    cw_hash_string(hash, options->optimize ? options->optimize : "");
    const bool flags[] = {options->debug,
                          options->device_debug,
                          options->no_fmad,
                          options->fast_math,
                          options->relaxed_constexpr,
                          options->extended_lambda,
                          options->relocatable,
                          options->per_thread_stream,
                          options->native,
                          options->flush_denormals,
                          options->approximate_division,
                          options->approximate_root,
                          options->wasm.on,
                          options->wasm.threads,
                          options->wasm.page,
                          options->wasm.exceptions,
                          options->wasm.no_simd,
                          options->wasm.no_vectors};
    cw_hash_bytes(hash, flags, sizeof flags);
    cw_hash_string(hash, options->triple ? options->triple : "");
    cw_hash_bytes(hash, options->architectures, options->architecture_count * sizeof options->architectures[0]);
}

void cw_cuda_options_spellings(void (*visit)(void *context, const char *spelling), void *context) {
    char spelling[64];
    for (int i = 0; i < ROW_COUNT; i++) {
        if (rows[i].action == REFUSE) {
            continue;
        }
        const char *names[2] = {rows[i].short_name, rows[i].long_name};
        for (int n = 0; n < 2; n++) {
            size_t size = strlen(names[n]);
            if (size + 3 > sizeof spelling) {
                continue;
            }
            memcpy(spelling, "--", 2);
            memcpy(spelling + 2, names[n], size + 1);
            visit(context, n == 0 ? spelling + 1 : spelling);
        }
    }
}

static void add_help(struct cw_text *out, bool driver) {
    for (int i = 0; i < ROW_COUNT; i++) {
        if (rows[i].action == REFUSE || (rows[i].action >= FIRST_OF_DRIVER) != driver || !*rows[i].help) {
            continue;
        }
        const char *value_end = rows[i].form == NONE ? NULL : strstr(rows[i].help, ": ");
        char left[40];
        if (value_end) {
            snprintf(left, sizeof left, "-%s%s%.*s", rows[i].short_name, rows[i].form == JOINED ? "" : " ",
                     (int)(value_end - rows[i].help), rows[i].help);
        } else {
            snprintf(left, sizeof left, "-%s", rows[i].short_name);
        }
        cw_text_printf(out, "  %-26s %s\n", left, value_end ? value_end + 2 : rows[i].help);
    }
}

void cw_cuda_options_help(struct cw_text *out) {
    add_help(out, false);
}

void cw_cuda_driver_help(struct cw_text *out) {
    add_help(out, true);
}

void cw_cuda_options_fini(struct cw_cuda_options *options) {
    for (size_t i = 0; i < options->input_count; i++) {
        free(options->inputs[i].path);
    }
    free(options->inputs);
    cw_strings_fini(&options->preprocessor);
    cw_strings_fini(&options->warnings);
    cw_strings_fini(&options->language);
    cw_strings_fini(&options->host);
    cw_strings_fini(&options->link);
    cw_driver_options_fini(&options->driver);
    free(options->standard);
    free(options->optimize);
    *options = (struct cw_cuda_options){0};
}
