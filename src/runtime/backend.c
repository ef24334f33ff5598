/* SPDX-License-Identifier: Apache-2.0 */
/*
 * backend.c: which backend serves this process. CUDA_WASM_BACKEND names one, or says "auto": then the best score wins
 * among those that take the program (chain.h); CUDA_WASM_DEVICES may name the backends to try, in its own order.
 * The CPU's is part of this library and always works; every other one is libcudawasm-backend-NAME.so in a folder of
 * $CUDA_WASM_BACKEND_PATH (colons between them) or beside this library. Asked once, at the first CUDA call.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/cpu/backend.h"
#include "base/file.h"
#include "base/wish.h"
#include "runtime/chain.h"
#include "runtime/device.h"
#include "runtime/elsewhere.h"
#include "runtime/thread.h"

#define PREFIX "libcudawasm-backend-"
#define SUFFIX ".so"
#define PATH_BYTES 4096
#define CANDIDATES_MAX 16u

static const struct cw_backend *chosen;
static char problem[1024]; /* why there is none; "" when there is one */
static pthread_once_t choose_once = PTHREAD_ONCE_INIT;

/* Every required member, by name: its absence is reported by that name. */
static const char *missing_member(const struct cw_backend *backend) {
#define X(member)                                                                                                      \
    if (!backend->member)                                                                                              \
        return #member;
#define REQUIRED_MEMBERS(X)                                                                                            \
    X(name)                                                                                                            \
    X(target)                                                                                                          \
    X(probe) X(device_count) X(device_open) X(device_close) X(device_facts) X(memory_alloc) X(memory_free)             \
        X(memory_info) X(copy) X(fill) X(artifact_score) X(module_load) X(module_unload) X(kernel_find)                \
            X(kernel_facts) X(variable_find) X(launch) X(output_flush)
    REQUIRED_MEMBERS(X)
#undef REQUIRED_MEMBERS
#undef X
    return NULL;
}

/* Writes a sentence to `reason` and gives false if the backend can't be used. */
static bool validate(const struct cw_backend *backend, const char *where, char *reason, size_t size) {
    if (!backend) {
        snprintf(reason, size, "%s: cw_backend_entry gives no backend", where);
        return false;
    }
    if (backend->abi_version != CW_BACKEND_ABI) {
        snprintf(reason, size, "%s: speaks version %u of the backend contract, this runtime version %u", where,
                 backend->abi_version, CW_BACKEND_ABI);
        return false;
    }
    if (backend->struct_size < sizeof *backend) {
        snprintf(reason, size, "%s: its table has %u bytes, %zu are needed", where, backend->struct_size,
                 sizeof *backend);
        return false;
    }
    const char *missing = missing_member(backend);
    if (missing) {
        snprintf(reason, size, "%s: lacks the required member %s", where, missing);
        return false;
    }
    return true;
}

/* Opens one plug-in. NULL, and a sentence, when it can't be used. */
static const struct cw_backend *open_plugin(const char *path, char *reason, size_t size) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        snprintf(reason, size, "%s", dlerror());
        return NULL;
    }
    const struct cw_backend *(*entry)(void) = NULL;
    *(void **)&entry = dlsym(library, "cw_backend_entry");
    if (!entry) {
        snprintf(reason, size, "%s: does not export cw_backend_entry", path);
    }
    const struct cw_backend *backend = entry ? entry() : NULL;
    if (!entry || !validate(backend, path, reason, size)) {
        dlclose(library);
        return NULL;
    }
    return backend;
}

/* Calls `visit` for each folder where plug-ins may lie, until it gives true. */
static bool each_folder(bool (*visit)(const char *folder, void *data), void *data) {
    bool found = false;
    const char *list = getenv("CUDA_WASM_BACKEND_PATH");
    char *folders = strdup(list ? list : "");
    char *rest = NULL;
    for (char *folder = strtok_r(folders, ":", &rest); folder && !found; folder = strtok_r(NULL, ":", &rest)) {
        found = visit(folder, data);
    }
    free(folders);
    if (found) {
        return true;
    }
    char *own = cw_folder_of_symbol((const void *)&choose_once);
    found = own && visit(own, data);
    free(own);
    return found;
}

/* ---- By name ------------------------------------------------------------------------------------------------- */

struct named {
    const char *name;
    bool seen; /* a file of that name is there */
};

static bool visit_named(const char *folder, void *data) {
    struct named *named = data;
    char path[PATH_BYTES];
    int length = snprintf(path, sizeof path, "%s/" PREFIX "%s" SUFFIX, folder, named->name);
    if (length < 0 || (size_t)length >= sizeof path || !cw_file_exists(path)) {
        return false;
    }
    named->seen = true;
    char reason[700];
    chosen = open_plugin(path, reason, sizeof reason);
    if (!chosen) {
        snprintf(problem, sizeof problem, "the backend %s can't be used: %s", named->name, reason);
    } else if (chosen->probe() == 0) {
        const char *why = chosen->problem ? chosen->problem() : "";
        snprintf(problem, sizeof problem, "the backend %s finds no device or driver here%s%s", named->name,
                 why[0] ? ": " : "", why);
        chosen = NULL;
    }
    return true;
}

static void choose_named(const char *name) {
    struct named named = {.name = name};
    if (!strchr(name, '/')) {
        each_folder(visit_named, &named);
    }
    if (!named.seen) {
        snprintf(problem, sizeof problem,
                 "CUDA_WASM_BACKEND=%s: there is no such backend (auto, cpu, or a NAME with a " PREFIX "NAME" SUFFIX
                 " beside the runtime or in CUDA_WASM_BACKEND_PATH)",
                 name);
    }
}

/* ---- By score ------------------------------------------------------------------------------------------------ */

/* What is here, the best first. */
struct candidates {
    struct candidate {
        const struct cw_backend *backend;
        int score;
    } all[CANDIDATES_MAX];
    size_t count;
};

static bool is_wished(const struct cw_backend *backend) {
    char list[256];
    return cw_wish_for(backend->name, list, sizeof list);
}

static void add_candidate(struct candidates *candidates, const struct cw_backend *backend, int score) {
    size_t at = candidates->count;
    if (at == CANDIDATES_MAX) {
        return;
    }
    for (; at > 0 && candidates->all[at - 1].score < score; at--) {
        candidates->all[at] = candidates->all[at - 1];
    }
    candidates->all[at] = (struct candidate){backend, score};
    candidates->count++;
}

static bool visit_all(const char *folder, void *data) {
    struct candidates *candidates = data;
    DIR *directory = opendir(folder);
    if (!directory) {
        return false;
    }
    struct dirent *entry;
    while ((entry = readdir(directory))) {
        size_t length = strlen(entry->d_name);
        size_t around = strlen(PREFIX) + strlen(SUFFIX);
        if (length <= around || strncmp(entry->d_name, PREFIX, strlen(PREFIX)) != 0 ||
            strcmp(entry->d_name + length - strlen(SUFFIX), SUFFIX) != 0) {
            continue;
        }
        char path[PATH_BYTES], reason[700];
        int written = snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (written < 0 || (size_t)written >= sizeof path) {
            continue;
        }
        const struct cw_backend *backend = open_plugin(path, reason, sizeof reason);
        if (!backend) {
            cw_rt_log("skipping a backend: %s", reason);
            continue;
        }
        int score = backend->probe();
        const char *why = score == 0 && backend->problem ? backend->problem() : "";
        cw_rt_log("backend %s scores %d%s%s", backend->name, score, why[0] ? ": " : "", why);
        if (score > 0 || (score < 0 && is_wished(backend))) {
            add_candidate(candidates, backend, score);
        }
    }
    closedir(directory);
    return false;
}

static bool takes(const struct cw_backend *backend) {
    return backend == &cw_backend_cpu || cw_rt_chain_takes(backend);
}

/* The backends that $CUDA_WASM_DEVICES names, in its order; none but those. False when it names none. */
static bool choose_wished(const struct candidates *candidates) {
    char name[64];
    bool wished = false;
    for (size_t word = 0; !chosen && cw_wish_at(word, name, sizeof name); word++) {
        wished = true;
        for (size_t i = 0; i < candidates->count && !chosen; i++) {
            const struct cw_backend *backend = candidates->all[i].backend;
            chosen = strcmp(backend->name, name) == 0 && takes(backend) ? backend : NULL;
        }
    }
    if (wished && !chosen) {
        snprintf(problem, sizeof problem,
                 "CUDA_WASM_DEVICES=%s: no backend that it names can serve this program (CUDA_WASM_LOG=info says why)",
                 getenv("CUDA_WASM_DEVICES"));
    }
    return wished;
}

static bool automatic; /* nobody named the backend */

bool cw_rt_falls_back(void) {
    return automatic && chosen != &cw_backend_cpu;
}

static void choose(void) {
    const char *name = getenv("CUDA_WASM_BACKEND");
    char reason[700];
    automatic = !name || !*name || strcmp(name, "auto") == 0;
    if (!validate(&cw_backend_cpu, "the built-in CPU backend", reason, sizeof reason)) {
        snprintf(problem, sizeof problem, "%s", reason);
    } else if (automatic) {
        struct candidates candidates = {.count = 0};
        each_folder(visit_all, &candidates);
        add_candidate(&candidates, &cw_backend_cpu, cw_backend_cpu.probe());
        bool wished = choose_wished(&candidates);
        for (size_t i = 0; !wished && i < candidates.count && !chosen; i++) {
            chosen = takes(candidates.all[i].backend) ? candidates.all[i].backend : NULL;
        }
    } else if (strcmp(name, "cpu") == 0) {
        chosen = &cw_backend_cpu;
    } else {
        choose_named(name);
    }
    if (chosen) {
        cw_rt_log("using the backend %s", chosen->name);
    } else {
        cw_rt_say("%s", problem);
    }
}

cudaError_t cw_rt_backend(const struct cw_backend **backend) {
    pthread_once(&choose_once, choose);
    *backend = chosen;
    return chosen ? cudaSuccess : cw_rt_fail(cudaErrorInitializationError, "%s", problem);
}
