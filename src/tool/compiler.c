/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/compiler.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

#include "base/file.h"

typedef const struct cw_compiler_api *(*entry_function)(uint32_t abi_version);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const struct cw_compiler_api *opened;

static const struct cw_compiler_api *open_library(const char *path, struct cw_text *problem) {
    /* Lazily bound: LLVM has tens of thousands of symbols and a compile calls few of them. */
    void *library = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
    if (!library) {
        const char *reason = dlerror();
        cw_text_printf(problem, "the compiler can't be loaded: %s", reason ? reason : path);
        if (cw_file_exists(path)) {
            cw_text_add(problem, "; Debian's package libllvm22 holds LLVM: apt-get install libllvm22");
        }
        return NULL;
    }
    entry_function entry = (entry_function)dlsym(library, "cw_compiler_api");
    const struct cw_compiler_api *api = entry ? entry(CW_COMPILER_ABI) : NULL;
    if (!api || api->struct_size < sizeof *api) {
        cw_text_printf(problem, "%s is of another version than this cuda-wasm; install both together", path);
        return NULL;
    }
    return api;
}

const struct cw_compiler_api *cw_compiler_open(const struct cw_layout *layout, struct cw_text *problem) {
    pthread_mutex_lock(&lock);
    if (!opened) {
        opened = open_library(layout->compiler, problem);
    }
    pthread_mutex_unlock(&lock);
    return opened;
}
