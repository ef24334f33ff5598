/* SPDX-License-Identifier: Apache-2.0 */
#include "frontend/cuda/link.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cache.h"
#include "base/hash.h"
#include "base/process.h"

/* Stand-ins for the input and the output in the driver's words. */
#define INPUT "/dev/null"
#define OUTPUT "cw-link-output"

/* A runtime that was built with sanitizers (CW_SANITIZE) needs their libraries in the program. */
#ifdef CW_SANITIZE_LINK
#define SANITIZE CW_SANITIZE_LINK
#else
#define SANITIZE ""
#endif

/* ---- The template ---- */

/* Appends the words of a line that the driver printed: each in quotes, with \" and \\ inside. */
static void split_quoted(const char *line, struct cw_strings *words) {
    struct cw_text word = {0};
    while (*line && *line != '\n') {
        if (*line++ != '"') {
            continue;
        }
        cw_text_clear(&word);
        while (*line && *line != '"' && *line != '\n') {
            if (*line == '\\' && line[1]) {
                line++;
            }
            cw_text_append(&word, line++, 1);
        }
        line += *line == '"';
        cw_strings_add(words, cw_text_string(&word));
    }
    cw_text_fini(&word);
}

/* True if the words hold the stand-ins, and so can be used. */
static bool is_complete(const struct cw_strings *words) {
    bool input = false, output = false;
    for (size_t i = 1; i < words->count; i++) {
        input |= strcmp(words->items[i], INPUT) == 0;
        output |= strcmp(words->items[i], OUTPUT) == 0;
    }
    return input && output;
}

/* Asks the driver. The linker's line is the last one that holds quotes. */
static void ask_driver(const struct cw_toolchain *toolchain, struct cw_text *line) {
    char *argv[] = {
        toolchain->clang, (char *)"-fuse-ld=lld", (char *)"-###", (char *)"-o", (char *)OUTPUT, (char *)INPUT, NULL};
    struct cw_process process = {0};
    if (cw_process_start(&process, argv) == CW_OK) {
        struct cw_process *all[] = {&process};
        cw_process_wait(all, 1);
        const char *last = NULL;
        for (const char *at = cw_text_string(&process.err); at && *at; at = strchr(at, '\n')) {
            at += *at == '\n';
            if (strncmp(at, " \"", 2) == 0) {
                last = at;
            }
        }
        if (last) {
            cw_text_append(line, last, strcspn(last, "\n"));
        }
    }
    cw_process_fini(&process);
}

static void template_key(const struct cw_toolchain *toolchain, char key[33]) {
    struct stat st = {0};
    struct cw_hash hash;
    uint8_t digest[16];
    (void)stat(toolchain->clang, &st);
    const int64_t facts[] = {st.st_size, st.st_mtim.tv_sec, st.st_mtim.tv_nsec};
    const char *library_path = getenv("LIBRARY_PATH");
    cw_hash_init(&hash);
    cw_hash_string(&hash, "link template " CW_VERSION);
    cw_hash_string(&hash, toolchain->clang);
    cw_hash_bytes(&hash, facts, sizeof facts);
    cw_hash_string(&hash, library_path ? library_path : "");
    cw_hash_finish(&hash, digest);
    cw_hash_hex(digest, key);
}

void cw_link_template_find(struct cw_link_template *template, const struct cw_toolchain *toolchain,
                           const struct cw_cuda_options *options) {
    *template = (struct cw_link_template){0};
    if (options->link_by_driver || options->verbose || options->triple || SANITIZE[0]) {
        return; /* a command line that is shown is one that people can use */
    }
    char key[33];
    struct cw_text line = {0};
    template_key(toolchain, key);
    bool cached = cw_cache_get(key, "link", &line);
    if (!cached) {
        ask_driver(toolchain, &line);
    }
    split_quoted(cw_text_string(&line), &template->words);
    if (!is_complete(&template->words)) {
        cw_strings_fini(&template->words);
    } else if (!cached) {
        (void)cw_cache_put(key, "link", line.data, line.size); /* only means asking again */
    }
    cw_text_fini(&line);
}

void cw_link_template_fini(struct cw_link_template *template) {
    cw_strings_fini(&template->words);
}

/* ---- The command ---- */

/* A word for the linker: as it is, or through the driver. */
static void add_linker_word(struct cw_strings *argv, bool direct, const char *word) {
    if (direct) {
        cw_strings_add(argv, word);
    } else {
        cw_strings_add(argv, "-Xlinker");
        cw_strings_add(argv, word);
    }
}

/* The user's own words, then the runtime. Without a template nvcc's -cudart decides how the runtime is named, as build
 * systems look for that. */
static void add_libraries(struct cw_strings *argv, bool direct, const struct cw_layout *layout,
                          const struct cw_cuda_options *options) {
    const struct cw_driver_options *driver = &options->driver;
    for (size_t i = 0; i < options->link.count; i++) {
        const char *word = options->link.items[i];
        if (strncmp(word, "-Wl,", 4) == 0) {
            add_linker_word(argv, direct, word + 4);
        } else {
            cw_strings_add(argv, word);
        }
    }
    if (driver->enabled) {
        cw_strings_addf(argv, "-L%s/lib64/stubs", layout->toolkit);
        cw_strings_addf(argv, "-L%s/lib64", layout->toolkit);
    }
    if (!driver->enabled || driver->no_runtime || direct || driver->shared_runtime) {
        if (options->triple) {
            cw_strings_addf(argv, "%s/%s/libcudawasm.so", layout->data, options->triple);
            add_linker_word(argv, direct, "-rpath");
            char *folder = cw_format("%s/%s", layout->data, options->triple);
            add_linker_word(argv, direct, folder);
            free(folder);
        } else if (!driver->no_runtime || options->names_runtime) {
            cw_strings_add(argv, layout->runtime);
            add_linker_word(argv, direct, "-rpath");
            add_linker_word(argv, direct, layout->libraries);
            if (!driver->enabled) { /* programs open libcuda.so.1 themselves: it is there by that name */
                char *folder = cw_format("%s/lib64", layout->toolkit);
                add_linker_word(argv, direct, "-rpath");
                add_linker_word(argv, direct, folder);
                free(folder);
            }
        }
        return;
    }
    static const char *const words[] = {"-lcudadevrt", "-lcudart_static", "-lrt", "-lpthread", "-ldl", NULL};
    for (size_t i = 0; words[i]; i++) {
        cw_strings_add(argv, words[i]);
    }
}

static void add_inputs(struct cw_strings *argv, bool direct, const struct cw_layout *layout,
                       const struct cw_cuda_options *options, const struct cw_strings *objects,
                       const char *dependencies) {
    for (size_t i = 0; i < objects->count; i++) {
        cw_strings_add(argv, objects->items[i]);
    }
    for (size_t i = 0; i < options->input_count && !options->driver.enabled; i++) {
        if (options->inputs[i].kind == CW_INPUT_LINKER) {
            cw_strings_add(argv, options->inputs[i].path);
        }
    }
    add_libraries(argv, direct, layout, options);
    if (dependencies) {
        char *word = cw_format("--dependency-file=%s", dependencies);
        add_linker_word(argv, direct, word);
        free(word);
    }
}

void cw_link_command(struct cw_strings *argv, const struct cw_link_template *template,
                     const struct cw_toolchain *toolchain, const struct cw_layout *layout,
                     const struct cw_cuda_options *options, const struct cw_strings *objects, const char *output,
                     const char *dependencies) {
    if (template->words.count == 0) {
        cw_strings_add(argv, toolchain->clang);
        cw_strings_addf(argv, "--ld-path=%s", toolchain->lld);
        if (options->triple) {
            cw_strings_addf(argv, "--target=%s", options->triple);
        }
        if (SANITIZE[0]) {
            cw_strings_add(argv, SANITIZE);
        }
        for (size_t i = 0; i < options->host.count; i++) {
            cw_strings_add(argv, options->host.items[i]);
        }
        cw_strings_add(argv, "-o");
        cw_strings_add(argv, output);
        add_inputs(argv, false, layout, options, objects, dependencies);
        return;
    }
    cw_strings_add(argv, toolchain->lld);
    for (size_t i = 1; i < template->words.count; i++) {
        const char *word = template->words.items[i];
        if (strcmp(word, INPUT) == 0) {
            add_inputs(argv, true, layout, options, objects, dependencies);
        } else {
            cw_strings_add(argv, strcmp(word, OUTPUT) == 0 ? output : word);
        }
    }
}

/* ---- What the linker says, explained ---- */

/* Names of CUDA's libraries, which are the prefixes of their functions too. */
static const char *const libraries[] = {"cublas",   "cufft",     "curand",     "cusparse", "cusolver",      "cudnn",
                                        "cutensor", "nvjitlink", "nvjpeg",     "npp",      "nccl",          "nvml",
                                        "nvgraph",  "nvrtc",     "nvToolsExt", "cupti",    "nvptxcompiler", NULL};

static bool is_library_name(const char *name) {
    for (int i = 0; libraries[i]; i++) {
        if (strncmp(name, libraries[i], strlen(libraries[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* "cudaFoo" and the driver API's "cuFoo" are CUDA's names. */
static bool is_cuda_name(const char *name) {
    return strncmp(name, "cuda", 4) == 0 || strncmp(name, "__cuda", 6) == 0 ||
           (strncmp(name, "cu", 2) == 0 && isupper((unsigned char)name[2])) || is_library_name(name);
}

/* Behind the first `marker` whose name is wanted; NULL when there is none. */
static const char *find_name(const char *output, const char *marker, bool (*wanted)(const char *name)) {
    for (const char *at = strstr(output, marker); at; at = strstr(at, marker)) {
        at += strlen(marker);
        if (wanted(at)) {
            return at;
        }
    }
    return NULL;
}

void cw_link_explain(const char *output, struct cw_text *advice) {
    static const char page[] = "docs/compatibility.md says what there is";
    const char *library = find_name(output, "unable to find library -l", is_library_name);
    const char *function = find_name(output, "undefined symbol: ", is_cuda_name);
    if (library) {
        cw_text_printf(advice, "CUDA-WASM %s does not have CUDA's library %.*s; %s", CW_VERSION,
                       (int)strcspn(library, "\n "), library, page);
    } else if (function && strncmp(function, "__cudaRegisterLinkedBinary", 26) == 0) {
        cw_text_add(advice,
                    "there is relocatable device code that no device link took: link with 'cuda-wasm cc', or add "
                    "what 'cuda-wasm cc -dlink' writes");
    } else if (function) {
        cw_text_printf(advice, "CUDA-WASM %s does not have CUDA's function %.*s; %s", CW_VERSION,
                       (int)strcspn(function, "\n(< "), function, page);
    }
}
