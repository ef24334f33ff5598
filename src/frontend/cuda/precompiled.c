/* SPDX-License-Identifier: Apache-2.0 */
#include "frontend/cuda/precompiled.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cache.h"
#include "base/file.h"
#include "base/hash.h"

#define CACHED_MAX 16u

char *cw_precompiled_installed(const struct cw_layout *layout, bool device) {
    return cw_format("%s/prelude/%s.pch", layout->data, device ? "device" : "host");
}

void cw_precompiled_command(struct cw_strings *argv, bool device, const struct cw_toolchain *toolchain,
                            const struct cw_layout *layout, const struct cw_cuda_options *options, const char *output,
                            const char *dependencies) {
    static const uint8_t no_id[16];
    const struct cw_pass_files files = {
        .source = layout->prelude,
        .output = output,
        .dependencies = dependencies,
        .id = no_id,
    };
    if (device) {
        cw_device_pass(argv, toolchain, layout, options, &files);
    } else {
        cw_host_pass(argv, toolchain, layout, options, CW_INPUT_CUDA, &files);
    }
}

/* Relative folders in the options mean different headers in different places. */
static bool has_relative_path(const struct cw_cuda_options *options) {
    for (size_t i = 0; i < options->preprocessor.count; i++) {
        const char *word = options->preprocessor.items[i];
        if (strncmp(word, "-I", 2) == 0 ? word[2] != '/' : word[0] != '-' && word[0] != '/') {
            return true;
        }
    }
    return false;
}

/* Everything that decides what the precompiled header holds, the headers themselves excepted. */
static void compute_key(char key[33], bool device, const struct cw_toolchain *toolchain, const struct cw_layout *layout,
                        const struct cw_cuda_options *options) {
    static const char *const variables[] = {"CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH"};
    struct cw_strings argv = {0};
    struct stat st = {0};
    struct cw_hash hash;
    uint8_t digest[16];
    cw_precompiled_command(&argv, device, toolchain, layout, options, "", NULL);
    (void)stat(toolchain->clang, &st);
    const long long facts[] = {st.st_size, st.st_mtim.tv_sec, st.st_mtim.tv_nsec};
    cw_hash_init(&hash);
    cw_hash_string(&hash, "prelude " CW_VERSION);
    cw_hash_bytes(&hash, facts, sizeof facts);
    for (size_t i = 0; i < argv.count; i++) {
        cw_hash_string(&hash, argv.items[i]);
    }
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        const char *value = getenv(variables[i]);
        cw_hash_string(&hash, value ? value : "");
    }
    if (has_relative_path(options)) {
        char *folder = getcwd(NULL, 0);
        cw_hash_string(&hash, folder ? folder : "");
        free(folder);
    }
    cw_hash_finish(&hash, digest);
    cw_hash_hex(digest, key);
    cw_strings_fini(&argv);
}

void cw_precompiled_find(struct cw_precompiled *precompiled, bool device, const struct cw_toolchain *toolchain,
                         const struct cw_layout *layout, const struct cw_cuda_options *options) {
    const char *setting = getenv("CUDA_WASM_PRECOMPILED");
    *precompiled = (struct cw_precompiled){0};
    if ((setting && strcmp(setting, "0") == 0) || options->triple) {
        return;
    }
    compute_key(precompiled->key, device, toolchain, layout, options);
    char *installed = cw_precompiled_installed(layout, device);
    if (cw_manifest_holds_beside(precompiled->key, installed)) {
        precompiled->path = installed;
        return;
    }
    free(installed);
    precompiled->path = cw_manifest_find(precompiled->key, "pch");
    if (precompiled->path) {
        (void)utimensat(AT_FDCWD, precompiled->path, NULL, 0); /* for make_room */
    } else {
        /* Making one takes longer than one compile gains: wait for the second. */
        struct cw_text mark = {0};
        precompiled->wanted = cw_cache_get(precompiled->key, "seen", &mark);
        if (!precompiled->wanted) {
            (void)cw_cache_put(precompiled->key, "seen", "", 0);
        }
        cw_text_fini(&mark);
    }
}

/* The cache's precompiled header that was used longest ago, malloc'd, and how many there are. */
static char *oldest_in_cache(size_t *count) {
    char *oldest = NULL;
    struct timespec oldest_time = {0};
    DIR *folder = opendir(cw_cache_folder());
    *count = 0;
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        struct stat st;
        if (strcmp(cw_path_extension(entry->d_name), "pch") != 0 ||
            fstatat(dirfd(folder), entry->d_name, &st, 0) != 0) {
            continue;
        }
        ++*count;
        bool older = st.st_mtim.tv_sec != oldest_time.tv_sec ? st.st_mtim.tv_sec < oldest_time.tv_sec
                                                             : st.st_mtim.tv_nsec < oldest_time.tv_nsec;
        if (!oldest || older) {
            free(oldest);
            oldest = cw_format("%s/%s", cw_cache_folder(), entry->d_name);
            oldest_time = st.st_mtim;
        }
    }
    if (folder) {
        closedir(folder);
    }
    return oldest;
}

/* Keeps the cache's precompiled headers, some 5 MB each, below CACHED_MAX. A pass that was about to use one runs without. */
static void make_room(void) {
    size_t count = 0;
    char *oldest = oldest_in_cache(&count);
    while (oldest && count >= CACHED_MAX) {
        char *sum = cw_format("%.*ssum", (int)(strlen(oldest) - strlen("pch")), oldest);
        bool removed = unlink(oldest) == 0;
        (void)unlink(sum);
        free(sum);
        free(oldest);
        oldest = removed ? oldest_in_cache(&count) : NULL;
    }
    free(oldest);
}

void cw_precompiled_store(struct cw_precompiled *precompiled, const char *output,
                          const struct cw_manifest_inputs *inputs) {
    struct cw_text problem = {0}; /* only means parsing the headers again */
    make_room();
    precompiled->path = cw_manifest_store(precompiled->key, "pch", output, inputs, &problem);
    cw_text_fini(&problem);
}

void cw_precompiled_fini(struct cw_precompiled *precompiled) {
    free(precompiled->path);
    *precompiled = (struct cw_precompiled){0};
}
