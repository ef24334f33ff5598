/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compile.c: the compiler, opened only when a program brings bitcode and no artifact that fits. What it makes goes to
 * the cache as a container of table and artifact. The key has no CPU in it, since only the compiler can name the CPU:
 * the artifact does, and a cached one that this device can't run is compiled again. It has the compiler's and the math
 * library's size and time in it, so that what another build of them made is not taken for theirs. PTX is compiled to a container
 * with bitcode first, which is cached by its text. Code for blocks of one shape (shapes.h) is cached as the artifact that it is.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cache.h"
#include "base/file.h"
#include "base/hash.h"
#include "runtime/loading.h"
#include "runtime/ptx_as_written.h"
#include "runtime/shapes.h"
#include "runtime/thread.h"

#define LIBRARY "libcudawasm-compiler.so"
#define MATH "cuda-wasm/math.cwm"
#define MATH_FLOAT "cuda-wasm/math-float.cwm"
#define MATH_FUSED "cuda-wasm/math-fused.cwm"
#define CACHE_KIND "container"
#define OPT_LEVEL 3

/* The path of a file of the installation, by its name from the runtime's folder on; malloc'd. */
char *cw_rt_installed_path(const char *name) {
    static const char anchor;
    char *folder = cw_folder_of_symbol(&anchor);
    char *path = cw_format("%s/%s", folder ? folder : ".", name);
    free(folder);
    return path;
}

const struct cw_compiler_api *cw_rt_compiler_open(struct cw_text *reason) {
    char *path = cw_rt_installed_path(LIBRARY);
    const struct cw_compiler_api *api = NULL;
    if (!cw_file_exists(path)) {
        cw_text_printf(reason,
                       "this program's kernels must be compiled for this machine, and the compiler (%s) is not "
                       "installed",
                       path);
    } else {
        void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
        const struct cw_compiler_api *(*entry)(uint32_t) = NULL;
        if (library) {
            *(void **)&entry = dlsym(library, "cw_compiler_api");
        }
        api = entry ? entry(CW_COMPILER_ABI) : NULL;
        if (!library) {
            cw_text_printf(reason, "the compiler can't be loaded: %s", dlerror());
        } else if (!api) {
            cw_text_printf(reason, "the compiler %s is of another version than this runtime", path);
        }
    }
    free(path);
    return api;
}

static void hash_state(struct cw_hash *hash, const char *name) {
    struct stat st = {0};
    char *path = cw_rt_installed_path(name);
    (void)stat(path, &st);
    const long long facts[] = {st.st_size, st.st_mtim.tv_sec, st.st_mtim.tv_nsec};
    cw_hash_bytes(hash, facts, sizeof facts);
    free(path);
}

/* Variables of the environment that change what the compiler makes. */
static const char *const read_by_compiler[] = {"CUDA_WASM_VECTOR", "CUDA_WASM_LIBDEVICE", "CUDA_PATH", "CUDA_HOME"};

/* What all that the compiler makes depends on. */
static void hash_compiler(struct cw_hash *hash) {
    for (size_t i = 0; i < sizeof read_by_compiler / sizeof read_by_compiler[0]; i++) {
        const char *value = getenv(read_by_compiler[i]);
        cw_hash_string(hash, value ? value : "");
    }
    hash_state(hash, LIBRARY);
    hash_state(hash, MATH);
    hash_state(hash, MATH_FLOAT);
    hash_state(hash, MATH_FUSED);
}

static void cache_key(const struct cw_rt_device *device, const struct cw_backend *backend, const void *bitcode, size_t size, bool split,
                      char key[33]) {
    struct cw_hash hash;
    uint8_t digest[16];
    cw_hash_init(&hash);
    cw_hash_string(&hash, split ? "runtime container 2, split " CW_VERSION : "runtime container 2 " CW_VERSION);
    cw_hash_string(&hash, backend->target);
    cw_hash_string(&hash, device->facts.target_cpu);
    cw_hash_string(&hash, device->facts.target_features);
    hash_compiler(&hash);
    cw_hash_bytes(&hash, bitcode, size);
    cw_hash_finish(&hash, digest);
    cw_hash_hex(digest, key);
}

static bool cached(struct cw_backend_device *device, const struct cw_backend *backend, const char *key,
                   struct cw_text *container) {
    struct cw_entry entries[CW_CONTAINER_ENTRIES_MAX];
    uint32_t count;
    if (!cw_cache_get(key, CACHE_KIND, container)) {
        return false;
    }
    if (cw_container_read(container->data, container->size, entries, &count) == CW_OK) {
        for (uint32_t i = 0; i < count; i++) {
            if (entries[i].kind == CW_ENTRY_ARTIFACT &&
                backend->artifact_score(device, entries[i].cpu, entries[i].features) > 0) {
                return true;
            }
        }
    }
    cw_text_clear(container);
    return false;
}

struct request {
    const struct cw_compiler_api *api;
    struct cw_compiler *compiler;
    const struct cw_rt_device *device;
    const struct cw_backend *backend;
    struct cw_module *module;
};

static struct cw_lower_options options_for(const struct request *r) {
    const char *cpu = r->device->facts.target_cpu;
    return (struct cw_lower_options){.size = sizeof(struct cw_lower_options),
                                     .target = r->backend->target,
                                     .cpu = cpu[0] ? cpu : NULL,
                                     .features = cpu[0] ? r->device->facts.target_features : NULL,
                                     .opt_level = OPT_LEVEL};
}

static void write_made(const struct request *r, const struct cw_bytes *artifact, const struct cw_text *left_out,
                       struct cw_text *container) {
    const char *cpu = r->device->facts.target_cpu;
    struct cw_text table = {0};
    cw_table_write_module(&table, r->api, r->module);
    struct cw_entry entries[] = {
        {CW_ENTRY_TABLE, "", "", "", table.data, table.size},
        {CW_ENTRY_ARTIFACT, r->backend->target, cpu[0] ? cpu : r->api->host_cpu(r->compiler),
         cpu[0] ? r->device->facts.target_features : r->api->host_features(r->compiler), artifact->data, artifact->size},
        {CW_ENTRY_ARTIFACT, CW_RT_LEFT_OUT, "", "", left_out->data, left_out->size},
    };
    cw_container_write(container, entries, left_out->size ? 3 : 2);
    cw_text_fini(&table);
}

/* "KERNEL words of the compiler's first line". */
static void note_left_out(struct cw_text *left_out, const char *kernel, const char *log) {
    log += strncmp(log, "error: ", 7) == 0 ? 7 : 0;
    cw_text_printf(left_out, "%s %.*s\n", kernel, (int)strcspn(log, "\n"), log);
}

/* Each kernel is tried alone; then those that fit are compiled together. */
static bool compile_some(const struct request *r, struct cw_bytes *artifact, struct cw_text *left_out) {
    uint32_t count = r->api->kernel_count(r->module), refused = 0;
    const char **without = calloc(count + 1u, sizeof *without);
    const char **bad = calloc(count + 1u, sizeof *bad);
    struct cw_lower_options options = options_for(r);
    for (uint32_t k = 0; without && bad && count > 1 && k < count; k++) {
        struct cw_bytes one = {0};
        const char *name = r->api->kernel(r->module, k)->name;
        uint32_t others = 0;
        for (uint32_t i = 0; i < count; i++) {
            if (i != k) {
                without[others++] = r->api->kernel(r->module, i)->name;
            }
        }
        options.without = without;
        options.without_count = others;
        if (r->api->emit(r->compiler, r->module, &options, CW_EMIT_ARTIFACT, &one) != CW_OK) {
            note_left_out(left_out, name, r->api->log(r->compiler));
            bad[refused++] = name;
        }
        free(one.data);
    }
    options.without = bad;
    options.without_count = refused;
    bool made = refused > 0 && refused < count &&
                r->api->emit(r->compiler, r->module, &options, CW_EMIT_ARTIFACT, artifact) == CW_OK;
    free(without);
    free(bad);
    return made;
}

static bool compile(struct request *r, const void *bitcode, size_t size, bool split, struct cw_text *container,
                    struct cw_text *reason) {
    struct cw_bytes artifact = {0};
    struct cw_text left_out = {0};
    struct cw_lower_options options = options_for(r);
    if (r->api->import_bitcode(r->compiler, bitcode, size, &r->module) != CW_OK) {
        cw_text_add(reason, r->api->log(r->compiler));
        return false;
    }
    bool made = r->api->emit(r->compiler, r->module, &options, CW_EMIT_ARTIFACT, &artifact) == CW_OK;
    if (!made) {
        cw_text_add(reason, r->api->log(r->compiler));
        made = split && compile_some(r, &artifact, &left_out);
    }
    if (made) {
        cw_text_clear(reason);
        write_made(r, &artifact, &left_out, container);
    }
    cw_text_fini(&left_out);
    free(artifact.data);
    r->api->module_destroy(r->module);
    return made;
}

bool cw_rt_compile(const struct cw_rt_device *device, const struct cw_backend *backend, const void *bitcode, size_t size, bool split,
                   struct cw_text *container, struct cw_text *reason) {
    char key[33];
    cache_key(device, backend, bitcode, size, split, key);
    if (cached(device->backend, backend, key, container)) {
        return true;
    }
    const struct cw_compiler_api *api = cw_rt_compiler_open(reason);
    if (!api) {
        return false;
    }
    struct cw_compiler *compiler = api->create();
    if (!compiler) {
        cw_text_printf(reason, "no memory for the compiler");
        return false;
    }
    struct request request = {.api = api, .compiler = compiler, .device = device, .backend = backend};
    struct cw_text log = {0};
    bool made = compile(&request, bitcode, size, split, container, &log);
    if (made) {
        cw_cache_put(key, CACHE_KIND, container->data, container->size);
    } else {
        cw_text_printf(reason, "this program's kernels do not compile for the %s device: %s", backend->name,
                       cw_text_string(&log));
    }
    cw_text_fini(&log);
    api->destroy(compiler);
    return made;
}

const char *cw_rt_left_out(const void *container, size_t size, const char *kernel, char *room, size_t room_size) {
    struct cw_entry entries[CW_CONTAINER_ENTRIES_MAX];
    uint32_t count = 0;
    if (cw_container_read(container, size, entries, &count) != CW_OK) {
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (entries[i].kind != CW_ENTRY_ARTIFACT || strcmp(entries[i].name, CW_RT_LEFT_OUT) != 0) {
            continue;
        }
        const char *line = entries[i].data, *end = line + entries[i].size;
        size_t length = strlen(kernel);
        while (line < end) {
            const char *next = memchr(line, '\n', (size_t)(end - line));
            next = next ? next : end;
            if ((size_t)(next - line) > length && memcmp(line, kernel, length) == 0 && line[length] == ' ') {
                snprintf(room, room_size, "%.*s", (int)(next - line - (ptrdiff_t)length - 1), line + length + 1);
                return room;
            }
            line = next + 1;
        }
    }
    return NULL;
}

/* ---- Blocks of one shape --------------------------------------------------------------------------------------- */

#define SHAPE_KIND "shape"

void cw_rt_shape_key(const struct cw_rt_shape_source *source, char key[33]) {
    struct cw_hash hash;
    uint8_t digest[16];
    cw_hash_init(&hash);
    cw_hash_string(&hash, "shape 1 " CW_VERSION);
    cw_hash_string(&hash, source->target);
    cw_hash_string(&hash, source->cpu);
    cw_hash_string(&hash, source->features);
    cw_hash_string(&hash, source->kernel);
    const uint32_t block[] = {source->block.x, source->block.y, source->block.z};
    cw_hash_bytes(&hash, block, sizeof block);
    hash_compiler(&hash);
    cw_hash_bytes(&hash, source->bitcode, source->size);
    cw_hash_finish(&hash, digest);
    cw_hash_hex(digest, key);
}

bool cw_rt_shape_cached(const char *key, struct cw_text *artifact) {
    return cw_cache_get(key, SHAPE_KIND, artifact);
}

/* The names of all kernels but one; the caller frees the array. */
static const char **all_but(const struct cw_compiler_api *api, const struct cw_module *module, const char *kernel, uint32_t *count) {
    uint32_t kernels = api->kernel_count(module);
    const char **names = calloc(kernels + 1u, sizeof *names);
    *count = 0;
    for (uint32_t i = 0; names && i < kernels; i++) {
        const char *name = api->kernel(module, i)->name;
        if (strcmp(name, kernel) != 0) {
            names[(*count)++] = name;
        }
    }
    return names;
}

bool cw_rt_shape_compile(const struct cw_rt_shape_source *source, const char *key, struct cw_text *artifact, struct cw_text *reason) {
    const struct cw_compiler_api *api = cw_rt_compiler_open(reason);
    struct cw_compiler *compiler = api ? api->create() : NULL;
    struct cw_module *module = NULL;
    struct cw_bytes made = {0};
    bool fine = compiler && api->import_bitcode(compiler, source->bitcode, source->size, &module) == CW_OK;
    if (fine) {
        struct cw_lower_options options = {.size = sizeof options, .target = source->target, .cpu = source->cpu, .features = source->features,
                                           .opt_level = OPT_LEVEL, .block = source->block};
        options.without = all_but(api, module, source->kernel, &options.without_count);
        fine = options.without && api->emit(compiler, module, &options, CW_EMIT_ARTIFACT, &made) == CW_OK;
        free((void *)(uintptr_t)options.without);
    }
    if (fine) {
        cw_text_append(artifact, made.data, made.size);
        cw_cache_put(key, SHAPE_KIND, made.data, made.size);
    } else if (compiler) {
        cw_text_add(reason, api->log(compiler));
    }
    free(made.data);
    if (module) {
        api->module_destroy(module);
    }
    if (compiler) {
        api->destroy(compiler);
    }
    return fine;
}

/* ---- Linking ------------------------------------------------------------------------------------------------- */

/* `more`: an artifact that is there already, or NULL. */
static bool write_linked(const struct cw_compiler_api *api, struct cw_compiler *compiler, struct cw_module *module,
                         const struct cw_entry *more, const struct cw_text *table, struct cw_text *container) {
    struct cw_bytes bitcode = {0};
    if (api->module_bitcode(compiler, module, &bitcode) != CW_OK) {
        return false;
    }
    struct cw_entry entries[3] = {
        {CW_ENTRY_TABLE, "", "", "", table->data, table->size},
        {CW_ENTRY_BITCODE, "", "", "", bitcode.data, bitcode.size},
    };
    if (more) {
        entries[2] = *more;
    }
    cw_container_write(container, entries, more ? 3 : 2);
    free(bitcode.data);
    return true;
}

static bool write_module(const struct cw_compiler_api *api, struct cw_compiler *compiler, struct cw_module *module,
                         struct cw_text *container) {
    struct cw_text table = {0};
    cw_table_write_module(&table, api, module);
    bool made = write_linked(api, compiler, module, NULL, &table, container);
    cw_text_fini(&table);
    return made;
}

bool cw_rt_link(const struct cw_unit *units, size_t count, struct cw_text *container, struct cw_text *reason) {
    const struct cw_compiler_api *api = cw_rt_compiler_open(reason);
    struct cw_compiler *compiler = api ? api->create() : NULL;
    struct cw_module *module = NULL;
    if (!compiler) {
        if (api) {
            cw_text_printf(reason, "no memory for the compiler");
        }
        return false;
    }
    bool linked =
        api->link_units(compiler, units, count, &module) == CW_OK && write_module(api, compiler, module, container);
    if (!linked) {
        cw_text_add(reason, api->log(compiler));
    }
    if (module) {
        api->module_destroy(module);
    }
    api->destroy(compiler);
    return linked;
}

/* ---- PTX ------------------------------------------------------------------------------------------------------ */

#define PTX_KIND "ptx"

static void ptx_key(const struct cw_rt_ptx *ptx, size_t count, char key[33]) {
    struct cw_hash hash;
    uint8_t digest[16];
    cw_hash_init(&hash);
    cw_hash_string(&hash, "ptx container 2 " CW_VERSION);
    hash_state(&hash, LIBRARY);
    for (size_t i = 0; i < count; i++) {
        cw_hash_string(&hash, ptx[i].name);
        cw_hash_bytes(&hash, &ptx[i].size, sizeof ptx[i].size);
        cw_hash_bytes(&hash, ptx[i].text, ptx[i].size);
    }
    cw_hash_finish(&hash, digest);
    cw_hash_hex(digest, key);
}

/* One text to a container, and, for devices that take PTX, with the text itself. What it leaves to be defined elsewhere is found missing when it is loaded, if it still is. */
static bool compile_ptx(const struct cw_compiler_api *api, struct cw_compiler *compiler, const struct cw_rt_ptx *ptx,
                        struct cw_text *container) {
    struct cw_module *module = NULL;
    struct cw_text table = {0};
    char cpu[32];
    bool made = api->import_ptx(compiler, ptx->text, ptx->size, ptx->name, 1, &module) == CW_OK;
    if (made) {
        cw_table_write_module(&table, api, module);
        const struct cw_entry written = {CW_ENTRY_ARTIFACT, "ptx", cpu, "", ptx->text, ptx->size};
        bool as_it_is = cw_rt_ptx_as_written(ptx, &table, cpu);
        made = write_linked(api, compiler, module, as_it_is ? &written : NULL, &table, container);
    }
    cw_text_fini(&table);
    if (module) {
        api->module_destroy(module);
    }
    return made;
}

/* Each text to bitcode, and all of them linked. */
static bool link_ptx(const struct cw_compiler_api *api, struct cw_compiler *compiler, const struct cw_rt_ptx *ptx,
                     size_t count, struct cw_text *container) {
    struct cw_unit *units = calloc(count, sizeof *units);
    struct cw_bytes *bitcode = calloc(count, sizeof *bitcode);
    struct cw_module *module = NULL;
    bool made = units && bitcode;
    for (size_t i = 0; made && i < count; i++) {
        made = api->import_ptx(compiler, ptx[i].text, ptx[i].size, ptx[i].name, 1, &module) == CW_OK &&
               api->module_bitcode(compiler, module, &bitcode[i]) == CW_OK;
        if (module) {
            api->module_destroy(module);
        }
        module = NULL;
        units[i] = (struct cw_unit){ptx[i].name, bitcode[i].data, bitcode[i].size};
    }
    made = made && api->link_units(compiler, units, count, &module) == CW_OK &&
           write_module(api, compiler, module, container);
    if (module) {
        api->module_destroy(module);
    }
    for (size_t i = 0; bitcode && i < count; i++) {
        free(bitcode[i].data);
    }
    free(bitcode);
    free(units);
    return made;
}

bool cw_rt_ptx_containers(const struct cw_rt_ptx *ptx, size_t count, struct cw_text *container, struct cw_text *reason) {
    char key[33];
    ptx_key(ptx, count, key);
    if (cw_cache_get(key, PTX_KIND, container) && cw_container_size(container->data) == container->size) {
        return true;
    }
    cw_text_clear(container);
    const struct cw_compiler_api *api = cw_rt_compiler_open(reason);
    struct cw_compiler *compiler = api ? api->create() : NULL;
    if (!compiler) {
        if (api) {
            cw_text_printf(reason, "no memory for the compiler");
        }
        return false;
    }
    bool made = count == 1 ? compile_ptx(api, compiler, ptx, container) : link_ptx(api, compiler, ptx, count, container);
    if (made) {
        cw_cache_put(key, PTX_KIND, container->data, container->size);
    } else {
        cw_text_add(reason, api->log(compiler));
    }
    api->destroy(compiler);
    return made;
}

/* ---- To PTX ---------------------------------------------------------------------------------------------------- */

#define TEXT_KIND "ptx-text"

static bool find_bitcode(const void *container, size_t size, struct cw_entry *bitcode) {
    struct cw_entry entries[CW_CONTAINER_ENTRIES_MAX];
    uint32_t count;
    if (cw_container_read(container, size, entries, &count) != CW_OK) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (entries[i].kind == CW_ENTRY_BITCODE) {
            *bitcode = entries[i];
            return true;
        }
    }
    return false;
}

static void text_key(const struct cw_entry *bitcode, unsigned architecture, bool unit, char key[33]) {
    struct cw_hash hash;
    uint8_t digest[16];
    cw_hash_init(&hash);
    cw_hash_string(&hash, "ptx text 1 " CW_VERSION);
    hash_compiler(&hash);
    const unsigned facts[] = {architecture, unit};
    cw_hash_bytes(&hash, facts, sizeof facts);
    cw_hash_bytes(&hash, bitcode->data, bitcode->size);
    cw_hash_finish(&hash, digest);
    cw_hash_hex(digest, key);
}

static bool make_text(const struct cw_entry *bitcode, bool unit, unsigned architecture, struct cw_text *ptx,
                      struct cw_text *reason) {
    const struct cw_compiler_api *api = cw_rt_compiler_open(reason);
    struct cw_compiler *compiler = api ? api->create() : NULL;
    struct cw_module *module = NULL;
    struct cw_bytes text = {0};
    if (!compiler) {
        if (api) {
            cw_text_printf(reason, "no memory for the compiler");
        }
        return false;
    }
    bool fine = (unit ? api->import_unit : api->import_bitcode)(compiler, bitcode->data, bitcode->size, &module) == CW_OK;
    if (fine) {
        (void)api->ptx_text(compiler, module, architecture, OPT_LEVEL, &text);
        cw_text_append(ptx, text.data, text.size);
        api->module_destroy(module);
    } else {
        cw_text_add(reason, api->log(compiler));
    }
    free(text.data);
    api->destroy(compiler);
    return fine;
}

bool cw_rt_ptx_text(const void *container, size_t size, unsigned architecture, bool unit, struct cw_text *out,
                    struct cw_text *reason) {
    struct cw_entry bitcode;
    struct cw_text ptx = {0};
    char key[33];
    if (!find_bitcode(container, size, &bitcode)) {
        cw_text_add(reason, "the kernel module is damaged, or holds no code that can be compiled");
        return false;
    }
    text_key(&bitcode, architecture, unit, key);
    bool made = cw_cache_get(key, TEXT_KIND, &ptx) && ptx.size > 0;
    if (!made) {
        cw_text_clear(&ptx);
        made = make_text(&bitcode, unit, architecture, &ptx, reason);
        if (made) {
            cw_cache_put(key, TEXT_KIND, ptx.data, ptx.size);
        }
    }
    if (made) {
        cw_container_text_write(out, cw_text_string(&ptx), ptx.size, container, size);
    }
    cw_text_fini(&ptx);
    return made;
}
