/* SPDX-License-Identifier: Apache-2.0 */
#include "frontend/cuda/wasm.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "backend/cpu/artifact.h"

static void add_all(struct cw_strings *argv, const char *const *words) {
    for (; *words; words++) {
        cw_strings_add(argv, *words);
    }
}

void cw_wasm_pass(struct cw_strings *argv, const struct cw_toolchain *toolchain, const struct cw_layout *layout,
                  const struct cw_cuda_options *options, bool host) {
    static const char *const words[] = {
        "--target=wasm32-wasi", /* Debian's libraries lie under this name, which clang calls old */
        "-Wno-deprecated",
        "-mcpu=mvp",
        "-mbulk-memory",
        "-mmutable-globals",
        "-mnontrapping-fptoint",
        "-msign-ext",
        "-ffunction-sections",
        "-fdata-sections",
        /* clang would go on to the headers of this machine where wasi-libc has none. */
        "-nostdlibinc",
        "-D_WASI_EMULATED_SIGNAL",
        "-D_WASI_EMULATED_MMAN",
        "-D_WASI_EMULATED_PROCESS_CLOCKS",
        "-D_WASI_EMULATED_GETPID",
        NULL,
    };
    if (!options->wasm.on) {
        return;
    }
    add_all(argv, words);
    if (!options->wasm.no_simd) {
        cw_strings_add(argv, "-msimd128");
    }
    if (options->wasm.threads) {
        cw_strings_add(argv, "-matomics");
    }
    if (!host) {
        /* clang has __int128 for 64-bit NVPTX only, where it is an LLVM type like others. */
        cw_strings_add(argv, "-Xclang");
        cw_strings_add(argv, "-fforce-enable-int128");
    }
    if (!options->wasm.exceptions) {
        cw_strings_add(argv, "-fno-exceptions");
    } else if (host) {
        cw_strings_add(argv, "-fwasm-exceptions");
        /* Browsers and Node 20 know the first form of the instructions, wasmtime the standard's. */
        cw_strings_add(argv, "-mllvm");
        cw_strings_add(argv, options->wasm.threads ? "-wasm-use-legacy-eh=true" : "-wasm-use-legacy-eh=false");
    }
    const char *prefix = toolchain->wasi ? toolchain->wasi : "/usr";
    cw_strings_add(argv, "-stdlib++-isystem");
    cw_strings_addf(argv, "%s/include/c++", layout->wasm); /* before libc++'s own, whose they complete */
    cw_strings_add(argv, "-stdlib++-isystem");
    cw_strings_addf(argv, "%s/include/wasm32-wasi/c++/v1", prefix);
    cw_strings_add(argv, "-idirafter");
    cw_strings_addf(argv, "%s/include", layout->wasm);
    cw_strings_add(argv, "-idirafter");
    cw_strings_addf(argv, "%s/include/wasm32-wasi", prefix);
}

void cw_wasm_cuda(struct cw_strings *argv, const struct cw_cuda_options *options) {
    if (options->wasm.on) {
        cw_strings_add(argv, "-isystem");
        cw_strings_add(argv, CW_CUDA_WRAPPERS);
    }
}

/* ---- Link ---- */

/* The functions of libc that src/wasi/locks.c puts a lock around. */
static const char *const locked[] = {"malloc", "calloc", "realloc", "aligned_alloc", "posix_memalign", "free", "fwrite", "fread",
                                     "fputs", "fputc", "putc", "putchar", "puts", "fgetc", "getc", "fgets", "vfprintf", "fflush",
                                     "fopen", "fclose"};

void cw_wasm_link_command(struct cw_strings *argv, const struct cw_toolchain *toolchain, const struct cw_layout *layout,
                          const struct cw_cuda_options *options, const struct cw_strings *objects, const char *output) {
    static const char *const words[] = {
        "--gc-sections",
        "--stack-first", /* a stack that overflows traps instead of writing into data */
        "-zstack-size=1048576",
        "--max-memory=4294967296",
        NULL,
    };
    static const char *const libraries[] = {
        "-lc++", "-lc++abi", "-lwasi-emulated-signal", "-lwasi-emulated-process-clocks",
        "-lwasi-emulated-getpid", "-lc-printscan-long-double", "-lc", NULL,
    };
    static const char *const threads[] = {
        "--import-memory",
        "--shared-memory",
        "--no-check-features", /* Debian's libraries were not compiled for shared memory; src/wasi/locks.c sees to them */
        "--export=__stack_pointer",
        "--export=__wasm_init_tls",
        "--export-table",
        NULL,
    };
    const char *form = options->wasm.threads ? "-threads" : "";
    cw_strings_add(argv, toolchain->wasm_lld);
    add_all(argv, words);
    if (options->wasm.threads) {
        add_all(argv, threads);
        for (size_t i = 0; i < sizeof locked / sizeof locked[0]; i++) {
            cw_strings_addf(argv, "--wrap=%s", locked[i]);
        }
    }
    if (!options->debug && !options->device_debug) {
        cw_strings_add(argv, "--strip-debug"); /* names stay: traps are reported by them */
    }
    cw_strings_add(argv, "-o");
    cw_strings_add(argv, output);
    cw_strings_addf(argv, "-L%s/lib/wasm32-wasi", toolchain->wasi);
    /* The other one leaves constructors and destructors to the linker, which then puts them around every export. */
    cw_strings_addf(argv, "%s/lib/wasm32-wasi/crt1%s.o", toolchain->wasi, options->wasm.threads ? "" : "-command");
    for (size_t i = 0; i < objects->count; i++) {
        cw_strings_add(argv, objects->items[i]);
    }
    for (size_t i = 0; i < options->input_count; i++) {
        if (options->inputs[i].kind == CW_INPUT_LINKER) {
            cw_strings_add(argv, options->inputs[i].path);
        }
    }
    for (size_t i = 0; i < options->link.count; i++) {
        const char *word = options->link.items[i];
        cw_strings_add(argv, strncmp(word, "-Wl,", 4) == 0 ? word + 4 : word);
    }
    cw_strings_addf(argv, "%s/libcudawasm%s.a", layout->wasm, form);
    if (options->wasm.exceptions) {
        cw_strings_addf(argv, "%s/libcudawasm-exceptions%s.a", layout->wasm, form); /* before libc++abi's operator new */
    }
    add_all(argv, libraries);
    cw_strings_add(argv, CW_WASM_BUILTINS);
}

void cw_wasm_fibers_command(struct cw_strings *argv, const struct cw_toolchain *toolchain, const struct cw_cuda_options *options,
                            const char *input, const char *output) {
    static const char *const words[] = {
        "--all-features",
        "--asyncify",
        /* What calls by pointer and may be suspended is named below; everything else stays as it is. */
        "--pass-arg=asyncify-ignore-indirect",
        "--pass-arg=asyncify-ignore-imports",
        "--pass-arg=asyncify-addlist@thread_main,*" CW_CPU_SUSPENDS_SUFFIX "*", /* demangled names end in a parenthesis */
        /* Asyncify flattens all code, which leaves ten times the locals: frames were too large for V8's baseline compiler.
         * Unused locals go before others share their places, since that takes the square of their number. */
        "--simplify-locals",
        "--reorder-locals",
        "--vacuum",
        "--coalesce-locals",
        "--reorder-locals",
        "--vacuum",
        NULL,
    };
    cw_strings_add(argv, toolchain->wasm_opt);
    cw_strings_add(argv, input);
    add_all(argv, words);
    cw_strings_add(argv, "-g"); /* keeps names */
    (void)options;
    cw_strings_add(argv, "-o");
    cw_strings_add(argv, output);
}

void cw_wasm_library_command(struct cw_strings *argv, const struct cw_toolchain *toolchain, const struct cw_layout *layout,
                             const struct cw_cuda_options *options, const char *kernels, const char *output) {
    static const char *const words[] = {
        "--no-entry",
        "--gc-sections",
        "--stack-first",
        "-zstack-size=1048576",
        "--max-memory=4294967296",
        "--import-memory",
        "--shared-memory",
        "--no-check-features", /* Debian's libc.a was not compiled for shared memory; what is used of it needs none */
        "--export=__heap_base",
        "--export=__stack_pointer",
        "--export-if-defined=__wasm_init_tls",
        "--export-if-defined=__tls_size",
        NULL,
    };
    cw_strings_add(argv, toolchain->wasm_lld);
    add_all(argv, words);
    if (!options->debug && !options->device_debug) {
        cw_strings_add(argv, "--strip-all");
    }
    cw_strings_add(argv, "-o");
    cw_strings_add(argv, output);
    cw_strings_add(argv, kernels);
    cw_strings_addf(argv, "%s/libcudawasm-library.a", layout->wasm);
    cw_strings_addf(argv, "-L%s/lib/wasm32-wasi", toolchain->wasi);
    cw_strings_add(argv, "-lc-printscan-long-double");
    cw_strings_add(argv, "-lc");
    cw_strings_add(argv, CW_WASM_BUILTINS);
}

/* ---- Looking into a module: WebAssembly core specification, "Binary Format, Modules" ---- */

static bool read_number(const char **at, const char *end, uint32_t *number) {
    *number = 0;
    for (unsigned shift = 0; *at < end && shift < 35; shift += 7) {
        uint8_t byte = (uint8_t)*(*at)++;
        *number |= (uint32_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) {
            return true;
        }
    }
    return false;
}

bool cw_wasm_needs_fibers(const char *module, size_t size) {
    static const char name[] = "\x08" "asyncify\x0c" "start_unwind"; /* an import's two names, with their lengths */
    const char *at = module + 8, *end = module + size;
    if (size < 8 || memcmp(module, "\0asm", 4) != 0) {
        return false;
    }
    while (at < end) {
        uint32_t id = (uint8_t)*at++, length;
        if (!read_number(&at, end, &length) || length > (size_t)(end - at)) {
            return false;
        }
        if (id == 2) { /* imports */
            return memmem(at, length, name, sizeof name - 1) != NULL;
        }
        at += length;
    }
    return false;
}

/* The names of an import, and which kind it is. False at the end. */
static bool read_import(const char **at, const char *end, uint8_t *kind) {
    uint32_t length;
    for (int name = 0; name < 2; name++) {
        if (!read_number(at, end, &length) || length > (size_t)(end - *at)) {
            return false;
        }
        *at += length;
    }
    if (*at >= end) {
        return false;
    }
    *kind = (uint8_t)*(*at)++;
    return true;
}

bool cw_wasm_memory_pages(const char *module, size_t size, uint32_t *pages) {
    enum { SECTION_IMPORTS = 2, KIND_FUNCTION = 0, KIND_MEMORY = 2 };
    const char *at = module + 8, *end = module + size;
    if (size < 8 || memcmp(module, "\0asm", 4) != 0) {
        return false;
    }
    while (at < end) {
        uint32_t id = (uint8_t)*at++, length, count, number;
        if (!read_number(&at, end, &length) || length > (size_t)(end - at)) {
            return false;
        }
        if (id != SECTION_IMPORTS) {
            at += length;
            continue;
        }
        end = at + length;
        /* Functions and the memory are all that kernels import. */
        uint8_t kind = 0;
        for (bool more = read_number(&at, end, &count); more && count > 0 && read_import(&at, end, &kind); count--) {
            if (!read_number(&at, end, &number)) { /* a function's type; of a memory what kind of limits */
                return false;
            }
            if (kind == KIND_MEMORY) {
                return read_number(&at, end, pages);
            }
            if (kind != KIND_FUNCTION) {
                return false;
            }
        }
        return false;
    }
    return false;
}

size_t cw_wasm_code_offset(const char *module, size_t size) {
    static const char lines[] = "\x0b.debug_line"; /* a custom section's name, with its length */
    enum { SECTION_CUSTOM = 0, SECTION_CODE = 10 };
    const char *at = module + 8, *end = module + size;
    size_t code = 0;
    if (size < 8 || memcmp(module, "\0asm", 4) != 0) {
        return 0;
    }
    while (at < end) {
        uint32_t id = (uint8_t)*at++, length;
        if (!read_number(&at, end, &length) || length > (size_t)(end - at)) {
            return 0;
        }
        if (id == SECTION_CODE) {
            code = (size_t)(at - module);
        } else if (id == SECTION_CUSTOM && length >= sizeof lines - 1 && memcmp(at, lines, sizeof lines - 1) == 0) {
            return code;
        }
        at += length;
    }
    return 0;
}

/* ---- What the tools say, explained ---- */

#define NAMES_MAX 8
void cw_wasm_link_explain(const char *output, struct cw_text *advice) {
    static const char marker[] = "undefined symbol: ";
    const char *names[NAMES_MAX];
    size_t lengths[NAMES_MAX], count = 0, more = 0;
    for (const char *at = strstr(output, marker); at; at = strstr(at, marker)) {
        at += sizeof marker - 1;
        size_t length = strcspn(at, "\n");
        bool known = false;
        for (size_t i = 0; i < count && !known; i++) {
            known = lengths[i] == length && memcmp(names[i], at, length) == 0;
        }
        if (known) {
            continue;
        }
        if (count == NAMES_MAX) {
            more++;
            continue;
        }
        names[count] = at;
        lengths[count++] = length;
    }
    if (count == 0) {
        return;
    }
    if (strstr(output, "undefined symbol: pthread_create")) {
        cw_text_add(advice, "the program starts threads (`pthread_create`, std::thread), and a WASI command has one; threads come with "
                            "the forms for JavaScript: -o NAME.mjs for Node, -o NAME.html for a page");
        return;
    }
    cw_text_add(advice, "the program needs ");
    for (size_t i = 0; i < count; i++) {
        cw_text_printf(advice, "%s`%.*s`", i == 0 ? "" : ", ", (int)lengths[i], names[i]);
    }
    if (more > 0) {
        cw_text_printf(advice, " and %zu more", more);
    }
    cw_text_add(advice, ", which neither the program nor WASI nor CUDA-WASM's runtime for WebAssembly has; WASI has no processes, no "
                        "sockets and no shared objects (docs/webassembly.md says what there is)");
}

void cw_wasm_library_explain(const char *output, struct cw_text *advice) {
    static const struct {
        const char *symbol;
        const char *words;
    } rows[] = {
        {"undefined symbol: " CW_CPU_FIBERS_SYMBOL, "threads that wait for each other one by one (barriers or collectives that not all "
                                                    "threads of a warp reach together, polling)"},
        {"undefined symbol: cw_cpu_malloc", "malloc or new"},
        {"undefined symbol: cw_cpu_free", "free or delete"},
        {"undefined symbol: cw_cpu_texture", "textures"},
        {"undefined symbol: cw_cpu_surface", "surfaces"},
        {"undefined symbol: cw_cpu_child", "launches of kernels by kernels"},
        {"undefined symbol: cw_cpu_grid", "synchronisation of the grid"},
        {"undefined symbol: cw_cpu_ask", "questions about the device"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strstr(output, rows[i].symbol)) {
            cw_text_printf(advice, "%s%s", advice->size ? "; " : "the kernels use ", rows[i].words);
        }
    }
    if (advice->size > 0) {
        cw_text_add(advice, ", which needs the runtime of a whole program: cuda-wasm build -o NAME.wasm or NAME.html");
    }
}

/* Behind a comment or a literal that begins at `at`; `at` if none does. */
static const char *skip_quiet(const char *at) {
    if (strncmp(at, "//", 2) == 0) {
        return at + strcspn(at, "\n");
    }
    if (strncmp(at, "/*", 2) == 0) {
        const char *end = strstr(at + 2, "*/");
        return end ? end + 2 : at + strlen(at);
    }
    if (strncmp(at, "R\"(", 3) == 0) {
        const char *end = strstr(at, ")\"");
        return end ? end + 2 : at + strlen(at);
    }
    if (*at != '"' && *at != '\'') {
        return at;
    }
    char quote = *at++;
    while (*at && *at != quote && *at != '\n') {
        at += *at == '\\' && at[1] ? 2 : 1;
    }
    return *at == quote ? at + 1 : at;
}

static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool cw_wasm_throws(const char *source) {
    static const char *const words[] = {"throw", "try", "catch"};
    while (*source) {
        const char *next = skip_quiet(source);
        if (next != source) {
            source = next;
            continue;
        }
        size_t length = 0;
        while (is_word(source[length]) || (length > 0 && source[length] == '\'' && is_word(source[length + 1]))) { /* 1'000 */
            length++;
        }
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            if (length == strlen(words[i]) && memcmp(source, words[i], length) == 0) {
                return true;
            }
        }
        source += length ? length : 1;
    }
    return false;
}
