/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wasm_engine.c: see wasm_engine.h. The types and functions of wasmtime's C API are declared here as its headers document
 * them (https://docs.wasmtime.dev/c-api/), for builds without headers.
 */
#include "tool/wasm_engine.h"

#include <dlfcn.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"

#define TRAP_STATUS 134 /* as of a process that aborts */

struct wasm_bytes { /* wasm_byte_vec_t */
    size_t size;
    char *data;
};
struct wasm_frames { /* wasm_frame_vec_t */
    size_t size;
    void **data;
};
struct wasm_function { /* wasmtime_func_t */
    uint64_t store;
    void *private_word;
};

/* Name, result, parameters. */
#define FUNCTIONS(X)                                                                                                   \
    X(wasm_config_new, void *, (void))                                                                                 \
    X(wasm_engine_new_with_config, void *, (void *config))                                                             \
    X(wasmtime_store_new, void *, (void *engine, void *data, void (*finalizer)(void *)))                               \
    X(wasmtime_store_context, void *, (void *store))                                                                   \
    X(wasmtime_store_limiter, void, (void *store, int64_t memory, int64_t table, int64_t instances, int64_t tables, int64_t memories)) \
    X(wasmtime_linker_new, void *, (void *engine))                                                                     \
    X(wasmtime_linker_define_wasi, void *, (void *linker))                                                             \
    X(wasmtime_linker_module, void *, (void *linker, void *context, const char *name, size_t length, const void *module)) \
    X(wasmtime_linker_get_default, void *, (const void *linker, void *context, const char *name, size_t length, struct wasm_function *function)) \
    X(wasmtime_func_call, void *, (void *context, const struct wasm_function *function, const void *arguments, size_t count, void *results, size_t result_count, void **trap)) \
    X(wasmtime_module_new, void *, (void *engine, const uint8_t *bytes, size_t size, void **module))                   \
    X(wasmtime_module_serialize, void *, (void *module, struct wasm_bytes *bytes))                                     \
    X(wasmtime_module_deserialize_file, void *, (void *engine, const char *path, void **module))                       \
    X(wasmtime_context_set_wasi, void *, (void *context, void *wasi))                                                  \
    X(wasi_config_new, void *, (void))                                                                                 \
    X(wasi_config_set_argv, bool, (void *wasi, size_t count, const char **words))                                      \
    X(wasi_config_inherit_env, void, (void *wasi))                                                                     \
    X(wasi_config_inherit_stdin, void, (void *wasi))                                                                   \
    X(wasi_config_inherit_stdout, void, (void *wasi))                                                                  \
    X(wasi_config_inherit_stderr, void, (void *wasi))                                                                  \
    X(wasi_config_preopen_dir, bool, (void *wasi, const char *host, const char *guest, size_t folders, size_t files))  \
    X(wasmtime_error_message, void, (const void *error, struct wasm_bytes *message))                                   \
    X(wasmtime_error_exit_status, bool, (const void *error, int *status))                                              \
    X(wasmtime_error_delete, void, (void *error))                                                                      \
    X(wasm_trap_message, void, (const void *trap, struct wasm_bytes *message))                                         \
    X(wasm_trap_trace, void, (const void *trap, struct wasm_frames *frames))                                           \
    X(wasmtime_error_wasm_trace, void, (const void *error, struct wasm_frames *frames))                                \
    X(wasmtime_frame_func_name, const struct wasm_bytes *, (const void *frame))                                        \
    X(wasm_byte_vec_delete, void, (struct wasm_bytes *bytes))

struct engine {
#define X(name, result, parameters) result(*name) parameters;
    FUNCTIONS(X)
#undef X
};

/* ---- The library -------------------------------------------------------------------------------------------------- */

char *cw_wasm_engine_find(struct cw_text *problem) {
    static const char *const places[] = {
        "/usr/local/lib/cuda-wasm/wasmtime/wasmtime/linux-*/_libwasmtime.so",
        "/usr/local/lib/libwasmtime.so",
        "/usr/lib/*/libwasmtime.so",
        "/usr/local/lib/python3*/dist-packages/wasmtime/linux-*/_libwasmtime.so",
        "/usr/local/lib/python3*/site-packages/wasmtime/linux-*/_libwasmtime.so",
    };
    const char *chosen = getenv("CUDA_WASM_WASMTIME");
    if (chosen && *chosen) {
        if (cw_file_exists(chosen)) {
            return cw_strdup(chosen);
        }
        cw_text_printf(problem, "CUDA_WASM_WASMTIME=%s is no file; it names wasmtime's shared library", chosen);
        return NULL;
    }
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        glob_t found = {0};
        char *path = glob(places[i], 0, NULL, &found) == 0 ? cw_strdup(found.gl_pathv[0]) : NULL;
        globfree(&found);
        if (path) {
            return path;
        }
    }
    cw_text_add(problem, "running WebAssembly takes wasmtime's shared library, which is not installed; scripts/install-dependencies "
                         "gets it, or: pip install --target /usr/local/lib/cuda-wasm/wasmtime wasmtime (CUDA_WASM_WASMTIME names "
                         "another); without it, build with -o PROGRAM.wasm and run that with any WASI engine");
    return NULL;
}

static bool open_engine(const char *path, struct engine *engine, struct cw_text *problem) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        cw_text_printf(problem, "wasmtime can't be loaded: %s", dlerror());
        return false;
    }
#define X(name, result, parameters)                                                                                    \
    *(void **)(void *)&engine->name = dlsym(library, #name);                                                           \
    if (!engine->name) {                                                                                               \
        cw_text_printf(problem, "%s has no function " #name "; CUDA-WASM knows wasmtime from version 30 on", path);   \
        return false;                                                                                                  \
    }
    FUNCTIONS(X)
#undef X
    return true;
}

uint64_t cw_wasm_memory_bytes(const char *text) {
    char *end;
    uint64_t bytes = strtoull(text, &end, 10);
    unsigned shift = *end == 'K' || *end == 'k' ? 10 : *end == 'M' || *end == 'm' ? 20 : *end == 'G' || *end == 'g' ? 30 : 0;
    return bytes << shift;
}

/* ---- Reports ------------------------------------------------------------------------------------------------------ */

static bool failed(const struct engine *engine, void *error, const char *doing, struct cw_text *problem) {
    if (!error) {
        return false;
    }
    struct wasm_bytes message;
    engine->wasmtime_error_message(error, &message);
    cw_text_printf(problem, "%s failed: %.*s", doing, (int)message.size, message.data);
    engine->wasm_byte_vec_delete(&message);
    engine->wasmtime_error_delete(error);
    return true;
}

/* "vector_add(float const*, ...) (.lanes)" is the kernel vector_add(...): its entry points' names end so. */
static size_t kernel_name_length(const char *name, size_t length) {
    static const char *const entries[] = {".lanes", ".run", ".all", ".ragged"};
    char *text = cw_strndup(name, length);
    size_t result = 0;
    for (size_t i = 0; i < sizeof entries / sizeof entries[0] && result == 0; i++) {
        const char *at = strstr(text, entries[i]);
        if (at) {
            result = (size_t)(at - text);
            while (result > 0 && (text[result - 1] == '(' || text[result - 1] == ' ')) {
                result--;
            }
        }
    }
    free(text);
    return result;
}

/* The kernel among the frames, innermost first; "" when the host's own code trapped. */
static char *kernel_of(const struct engine *engine, const struct wasm_frames *frames) {
    for (size_t i = 0; i < frames->size; i++) {
        const struct wasm_bytes *name = engine->wasmtime_frame_func_name(frames->data[i]);
        size_t length = name ? kernel_name_length(name->data, name->size) : 0;
        if (length > 0) {
            return cw_strndup(name->data, length);
        }
    }
    return cw_strdup("");
}

/* wasmtime's own words hold the trace, with source lines where the module has DWARF. */
static void report_trap(const struct engine *engine, const struct wasm_bytes *words, const struct wasm_frames *frames) {
    char *kernel = kernel_of(engine, frames);
    const char *text = words->data;
    const char *cause = memmem(text, words->size, "wasm trap: ", 11);
    fflush(stdout);
    if (cause) {
        cause += 11;
        size_t length = 0;
        while (cause + length < text + words->size && cause[length] != '\n' && cause[length] != '\0') {
            length++;
        }
        if (*kernel) {
            fprintf(stderr, "cuda-wasm: kernel `%s` trapped: %.*s\n", kernel, (int)length, cause);
        } else {
            fprintf(stderr, "cuda-wasm: the program trapped: %.*s\n", (int)length, cause);
        }
    } else if (memmem(text, words->size, "thrown Wasm exception", 21)) {
        fputs("cuda-wasm: the program ended in a C++ exception that nothing catches\n", stderr);
    } else if (*kernel) {
        fprintf(stderr, "cuda-wasm: kernel `%s` trapped\n", kernel);
    }
    fprintf(stderr, "%.*s\n", (int)words->size, text);
    free(kernel);
}

/* ---- Running ------------------------------------------------------------------------------------------------------ */

static void *load(const struct engine *engine, void *wasm, const struct cw_wasm_run *run, struct cw_text *problem) {
    void *module = NULL;
    if (run->compiled && cw_file_exists(run->compiled)) {
        void *error = engine->wasmtime_module_deserialize_file(wasm, run->compiled, &module);
        if (!error) {
            return module;
        }
        engine->wasmtime_error_delete(error); /* of another version: compiled again */
    }
    struct cw_text bytes = {0};
    if (cw_file_read(run->module, &bytes) != CW_OK) {
        cw_text_printf(problem, "%s can't be read", run->module);
        return NULL;
    }
    void *error = engine->wasmtime_module_new(wasm, (const uint8_t *)bytes.data, bytes.size, &module);
    cw_text_fini(&bytes);
    if (failed(engine, error, "compiling the WebAssembly module", problem)) {
        return NULL;
    }
    struct wasm_bytes image;
    error = run->compiled ? engine->wasmtime_module_serialize(module, &image) : NULL;
    if (run->compiled && !error) {
        if (cw_file_write(run->compiled, image.data, image.size, 0) != CW_OK) {
            remove(run->compiled); /* only means compiling again */
        }
        engine->wasm_byte_vec_delete(&image);
    } else if (error) {
        engine->wasmtime_error_delete(error);
    }
    return module;
}

static void *make_wasi(const struct engine *engine, char **words) {
    void *wasi = engine->wasi_config_new();
    size_t count = 0;
    while (words[count]) {
        count++;
    }
    engine->wasi_config_set_argv(wasi, count, (const char **)words);
    engine->wasi_config_inherit_env(wasi);
    engine->wasi_config_inherit_stdin(wasi);
    engine->wasi_config_inherit_stdout(wasi);
    engine->wasi_config_inherit_stderr(wasi);
    engine->wasi_config_preopen_dir(wasi, ".", ".", 3, 3); /* both: reading 1, writing 2 */
    engine->wasi_config_preopen_dir(wasi, "/", "/", 3, 3);
    return wasi;
}

/* What a call of _start ended in. */
static int finish(const struct engine *engine, void *error, void *trap, struct cw_text *problem) {
    int status = 0;
    struct wasm_bytes words;
    struct wasm_frames frames = {0};
    if (error && engine->wasmtime_error_exit_status(error, &status)) {
        return status;
    }
    if (trap) {
        engine->wasm_trap_message(trap, &words);
        engine->wasm_trap_trace(trap, &frames);
        report_trap(engine, &words, &frames);
        return TRAP_STATUS;
    }
    if (error) {
        engine->wasmtime_error_wasm_trace(error, &frames);
        if (frames.size > 0) {
            engine->wasmtime_error_message(error, &words);
            report_trap(engine, &words, &frames);
            return TRAP_STATUS;
        }
        failed(engine, error, "running the WebAssembly module", problem);
        return -1;
    }
    return 0;
}

int cw_wasm_engine_run(const struct cw_wasm_run *run, struct cw_text *problem) {
    struct engine engine;
    setenv("WASMTIME_BACKTRACE_DETAILS", "1", 0); /* source lines, from DWARF */
    if (!open_engine(run->library, &engine, problem)) {
        return -1;
    }
    void *wasm = engine.wasm_engine_new_with_config(engine.wasm_config_new());
    void *module = load(&engine, wasm, run, problem);
    if (!module) {
        return -1;
    }
    void *store = engine.wasmtime_store_new(wasm, NULL, NULL), *context = engine.wasmtime_store_context(store);
    if (run->memory_bytes) {
        engine.wasmtime_store_limiter(store, (int64_t)run->memory_bytes, -1, -1, -1, -1);
    }
    void *linker = engine.wasmtime_linker_new(wasm), *trap = NULL;
    struct wasm_function start;
    if (failed(&engine, engine.wasmtime_linker_define_wasi(linker), "setting up WASI", problem) ||
        failed(&engine, engine.wasmtime_context_set_wasi(context, make_wasi(&engine, run->words)), "setting up WASI", problem) ||
        failed(&engine, engine.wasmtime_linker_module(linker, context, "", 0, module), "instantiating the WebAssembly module",
               problem) ||
        failed(&engine, engine.wasmtime_linker_get_default(linker, context, "", 0, &start), "finding _start", problem)) {
        return -1;
    }
    void *error = engine.wasmtime_func_call(context, &start, NULL, 0, NULL, 0, &trap);
    int status = finish(&engine, error, trap, problem);
    fflush(stdout);
    return status;
}
