/* SPDX-License-Identifier: Apache-2.0 */
#include "frontend/cuda/toolchain.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/process.h"

bool cw_layout_find(struct cw_layout *layout, const void *symbol) {
    *layout = (struct cw_layout){0};
    char *folder = cw_folder_of_symbol(symbol);
    if (!folder) {
        return false;
    }
    char *slash = strrchr(folder, '/');
    if (slash) {
        *slash = '\0';
    }
    layout->prefix = folder;
    layout->libraries = cw_format("%s/lib", folder);
    layout->data = cw_format("%s/lib/cuda-wasm", folder);
    layout->headers = cw_format("%s/include/cuda-wasm", folder);
    layout->cuda_headers = cw_format("%s/include/cuda-wasm/cuda", folder);
    layout->prelude = cw_format("%s/include/cuda-wasm/cuda/cw/prelude.h", folder);
    layout->runtime = cw_format("%s/lib/libcudawasm.so", folder);
    layout->math = cw_format("%s/lib/cuda-wasm/math.cwm", folder);
    layout->toolkit = cw_format("%s/lib/cuda-wasm/toolkit", folder);
    layout->wasm = cw_format("%s/lib/cuda-wasm/wasm", folder);
    layout->compiler = cw_format("%s/lib/libcudawasm-compiler.so", folder);
    return true;
}

void cw_layout_fini(struct cw_layout *layout) {
    free(layout->prefix);
    free(layout->libraries);
    free(layout->data);
    free(layout->headers);
    free(layout->cuda_headers);
    free(layout->prelude);
    free(layout->runtime);
    free(layout->math);
    free(layout->toolkit);
    free(layout->wasm);
    free(layout->compiler);
    *layout = (struct cw_layout){0};
}

/* The program that the environment variable names, or else the first of `names` that is there. */
static char *find_tool(const char *variable, const char *const *names) {
    const char *chosen = getenv(variable);
    if (chosen && *chosen) {
        return cw_program_find(chosen);
    }
    for (; *names; names++) {
        char *path = cw_program_find(*names);
        if (path) {
            return path;
        }
    }
    return NULL;
}

void cw_toolchain_find(struct cw_toolchain *toolchain) {
    static const char *const clang_names[] = {"clang++-22", "/usr/lib/llvm-22/bin/clang++", NULL};
    static const char *const lld_names[] = {"ld.lld-22", "/usr/lib/llvm-22/bin/ld.lld", NULL};
    toolchain->clang = find_tool("CUDA_WASM_CLANG", clang_names);
    toolchain->lld = find_tool("CUDA_WASM_LLD", lld_names);
    static const char *const wasm_lld_names[] = {"wasm-ld-22", "/usr/lib/llvm-22/bin/wasm-ld", NULL};
    static const char *const wasm_opt_names[] = {"wasm-opt", NULL};
    toolchain->wasm_lld = find_tool("CUDA_WASM_WASM_LD", wasm_lld_names);
    toolchain->wasm_opt = find_tool("CUDA_WASM_WASM_OPT", wasm_opt_names);
    const char *wasi = getenv("CUDA_WASM_WASI");
    wasi = wasi && *wasi ? wasi : "/usr";
    char *library = cw_format("%s/lib/wasm32-wasi/libc++.a", wasi);
    toolchain->wasi = cw_file_exists(library) ? cw_strdup(wasi) : NULL;
    free(library);
}

static cw_status missing(struct cw_text *problem, const char *tool, const char *variable, const char *package) {
    const char *chosen = getenv(variable);
    if (chosen && *chosen) {
        cw_text_printf(problem, "%s=%s names no program that can be run; unset it, or install %s: apt-get install %s",
                       variable, chosen, tool, package);
    } else {
        cw_text_printf(problem, "%s is not installed; it is in Debian's package %s: apt-get install %s", tool, package,
                       package);
    }
    return CW_ERROR_MISSING_TOOL;
}

cw_status cw_toolchain_check(const struct cw_toolchain *toolchain, bool link, struct cw_text *problem) {
    if (!toolchain->clang) {
        return missing(problem, "clang++-22", "CUDA_WASM_CLANG", CW_CLANG_PACKAGE);
    }
    if (link && !toolchain->lld) {
        return missing(problem, "ld.lld-22", "CUDA_WASM_LLD", CW_LLD_PACKAGE);
    }
    return CW_OK;
}

cw_status cw_toolchain_check_wasm(const struct cw_toolchain *toolchain, struct cw_text *problem) {
    if (!toolchain->clang) {
        return missing(problem, "clang++-22", "CUDA_WASM_CLANG", CW_CLANG_PACKAGE);
    }
    if (!toolchain->wasm_lld) {
        return missing(problem, "wasm-ld-22", "CUDA_WASM_WASM_LD", CW_LLD_PACKAGE);
    }
    if (!toolchain->wasi) {
        cw_text_add(problem, "the C and C++ libraries for WebAssembly are not installed; they are in Debian's packages " CW_WASI_PACKAGES
                             ": apt-get install " CW_WASI_PACKAGES " (CUDA_WASM_WASI names another prefix than /usr)");
        return CW_ERROR_MISSING_TOOL;
    }
    return CW_OK;
}

bool cw_toolchain_knows_cpu(const struct cw_toolchain *toolchain, const char *cpu) {
#if defined(__x86_64__)
    char *option = cw_format("-march=%s", cpu);
#else
    char *option = cw_format("-mcpu=%s", cpu);
#endif
    char *argv[] = {toolchain->clang, option, (char *)"-xc", (char *)"-fsyntax-only", (char *)"/dev/null", NULL};
    struct cw_process process = {0};
    bool knows = cw_process_start(&process, argv) == CW_OK;
    if (knows) {
        struct cw_process *all[] = {&process};
        cw_process_wait(all, 1);
        knows = process.status == 0;
    }
    cw_process_fini(&process);
    free(option);
    return knows;
}

void cw_toolchain_fini(struct cw_toolchain *toolchain) {
    free(toolchain->clang);
    free(toolchain->lld);
    free(toolchain->wasm_lld);
    free(toolchain->wasm_opt);
    free(toolchain->wasi);
    *toolchain = (struct cw_toolchain){0};
}
