/* SPDX-License-Identifier: Apache-2.0 */
/*
 * webgpu.c: libcudawasm-backend-webgpu.so, any GPU through WebGPU's C API. The library is opened when it is there: $CUDA_WASM_WGPU
 * names it, else it is the system's wgpu-native or the one that Python's package `wgpu` brings, else the
 * system's Dawn (dawn.c) or the one of Python's package `dawn-python`.
 *
 * All device memory is one buffer, the heap: addresses are offsets in it plus a range of the host's address space that is
 * reserved for them. There is one queue, so all streams are one: what is issued runs in the order in which it is issued.
 */
#include "backend/webgpu/webgpu.h"

#include <dlfcn.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The layout of its structures that abi.h has; the first byte of the version is the major number. */
#define OLDEST_VERSION 29u

static struct cw_webgpu_library library;
static bool usable;
static char problem[512];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void *open_found(const char *pattern) {
    void *handle = NULL;
    glob_t found;
    if (glob(pattern, 0, NULL, &found) == 0) {
        for (size_t f = 0; f < found.gl_pathc && !handle; f++) handle = dlopen(found.gl_pathv[f], RTLD_NOW | RTLD_LOCAL);
    }
    globfree(&found);
    return handle;
}

static void *open_library(void) {
    static const char *const names[] = {"libwgpu_native.so", "libwebgpu_dawn.so"};
    static const char *const files[] = {"wgpu/resources/libwgpu_native-release.so", "pydawn/lib/libwebgpu_dawn_*.so"};
    static const char *const folders[] = {"/usr/local/lib/python3*/dist-packages", "/usr/local/lib/python3*/site-packages", "/usr/lib/python3*/site-packages", "/usr/lib/python3/dist-packages"};
    const char *named = getenv("CUDA_WASM_WGPU");
    void *handle = NULL;
    if (named && *named) return dlopen(named, RTLD_NOW | RTLD_LOCAL);
    for (size_t n = 0; n < sizeof names / sizeof names[0] && !handle; n++) {
        handle = dlopen(names[n], RTLD_NOW | RTLD_LOCAL);
        for (size_t f = 0; f < sizeof folders / sizeof folders[0] && !handle; f++) {
            char pattern[128];
            snprintf(pattern, sizeof pattern, "%s/%s", folders[f], files[n]);
            handle = open_found(pattern);
        }
    }
    return handle;
}

static bool find_functions(void *handle) {
    const char *lacks = NULL;
    if (cw_webgpu_is_dawn(handle)) cw_webgpu_dawn(handle, &library, &lacks);
#define FUNCTION(result, name, parameters)                                                                             \
    if (!library.name) *(void **)&library.name = dlsym(handle, "wgpu" #name);                                          \
    if (!library.name && !(library.dawn && strcmp(#name, "ComputePassEncoderSetImmediates") == 0)) lacks = #name; /* Dawn is not asked for immediates */
#include "backend/webgpu/functions.def"
    if (lacks) snprintf(problem, sizeof problem, "the WebGPU library lacks wgpu%s: wgpu-native %u or later is needed, or Dawn (of Chromium 133 or later)", lacks, OLDEST_VERSION);
    return lacks == NULL;
}

/* GPUs come before what CPUs pretend; of a GPU that several drivers show, Vulkan's is taken. */
static void order_adapters(void) {
    WGPUAdapter all[16];
    size_t count = library.InstanceEnumerateAdapters(library.instance, NULL, NULL);
    if (count > 16) count = 16;
    library.InstanceEnumerateAdapters(library.instance, NULL, all);
    library.software = true;
    for (unsigned pass = 0; pass < 2; pass++)
        for (size_t a = 0; a < count; a++) {
            WGPUAdapterInfo info = {0};
            if (!all[a]) continue;
            library.AdapterGetInfo(all[a], &info);
            bool software = info.adapterType == WGPUAdapterType_CPU;
            bool taken = info.backendType != WGPUBackendType_OpenGL && info.backendType != WGPUBackendType_OpenGLES;
            library.AdapterInfoFreeMembers(info);
            if (!taken) {
                library.AdapterRelease(all[a]);
                all[a] = NULL;
            } else if (software == (pass == 1)) {
                library.adapters[library.adapter_count++] = all[a];
                library.software = library.software && software;
                all[a] = NULL;
            }
        }
}

static void start(void) {
    void *handle = open_library();
    if (!handle) {
        snprintf(problem, sizeof problem, "there is no WebGPU library (libwgpu_native.so or libwebgpu_dawn.so; `pip install wgpu` brings one; CUDA_WASM_WGPU may name it)");
        return;
    }
    if (!find_functions(handle)) return;
    uint32_t version = library.GetVersion() >> 24;
    if (version < OLDEST_VERSION) {
        snprintf(problem, sizeof problem, "wgpu-native %u is too old; %u or later is needed", version, OLDEST_VERSION);
        return;
    }
    /* OpenGL's adapters can't do what is needed here, and looking for them is slow and prints. */
    WGPUInstanceExtras extras = {.chain = {.sType = WGPUSType_InstanceExtras},
                                 .backends = WGPUInstanceBackend_Vulkan | WGPUInstanceBackend_Metal | WGPUInstanceBackend_DX12};
    /* Mesa's layer that sorts devices asks a Wayland server which one it shows pictures on, and complains when there is none. */
    bool quiet = getenv("NODEVICE_SELECT") == NULL && setenv("NODEVICE_SELECT", "1", 0) == 0;
    library.instance = library.CreateInstance(&(WGPUInstanceDescriptor){.nextInChain = &extras.chain});
    if (library.instance) order_adapters();
    if (quiet) unsetenv("NODEVICE_SELECT");
    usable = library.adapter_count > 0;
    if (!usable) snprintf(problem, sizeof problem, "WebGPU finds no adapter: no GPU with a Vulkan driver");
}

const struct cw_webgpu_library *cw_webgpu(void) {
    pthread_once(&once, start);
    return usable ? &library : NULL;
}

const char *cw_webgpu_problem(void) {
    return problem;
}

static int probe(void) {
    const struct cw_webgpu_library *wgpu = cw_webgpu();
    return !wgpu ? 0 : wgpu->software ? -1 : 300;
}

static uint32_t device_count(void) {
    const struct cw_webgpu_library *wgpu = cw_webgpu();
    return wgpu ? wgpu->adapter_count : 0;
}

static int artifact_score(struct cw_backend_device *device, const char *cpu, const char *features) {
    struct cw_device_facts facts;
    if (strncmp(cpu, "webgpu", 6) != 0) return 1; /* made for any device */
    cw_webgpu_device_facts(device, &facts);
    int score = 1;
    const char *const lists[] = {cpu + 6, features};
    for (size_t n = 0; n < 2; n++)
        for (const char *at = lists[n]; *at;) {
            size_t length = strcspn(at, ",+");
            char word[64];
            snprintf(word, sizeof word, "%.*s,", (int)(length < 60 ? length : 60), at);
            if (length && !strstr(facts.target_features, word)) return 0;
            score += length > 0;
            at += length + (at[length] != 0);
        }
    return score;
}

static void output_flush(struct cw_backend_device *device) {
    pthread_mutex_lock(&device->lock);
    if (device->reporting && !device->lost) (void)cw_webgpu_finish(device);
    pthread_mutex_unlock(&device->lock);
}

static const char *kernel_refusal(struct cw_backend_kernel *kernel) {
    return kernel->text ? NULL : kernel->reason ? kernel->reason : "the kernel has no shader";
}

static const struct cw_backend backend = {
    .abi_version = CW_BACKEND_ABI,
    .struct_size = sizeof(struct cw_backend),
    .name = "webgpu",
    .target = "wgsl",
    .probe = probe,
    .problem = cw_webgpu_problem,
    .device_count = device_count,
    .device_open = cw_webgpu_device_open,
    .device_close = cw_webgpu_device_close,
    .device_facts = cw_webgpu_device_facts,
    .memory_alloc = cw_webgpu_memory_alloc,
    .memory_free = cw_webgpu_memory_free,
    .memory_info = cw_webgpu_memory_info,
    .copy = cw_webgpu_copy,
    .fill = cw_webgpu_fill,
    .artifact_score = artifact_score,
    .module_load = cw_webgpu_module_load,
    .module_unload = cw_webgpu_module_unload,
    .kernel_find = cw_webgpu_kernel_find,
    .kernel_facts = cw_webgpu_kernel_facts,
    .variable_find = cw_webgpu_variable_find,
    .launch = cw_webgpu_launch,
    .output_flush = output_flush,
    .stream_create = cw_webgpu_stream_create,
    .stream_destroy = cw_webgpu_stream_destroy,
    .stream_wait = cw_webgpu_stream_wait,
    .stream_idle = cw_webgpu_stream_idle,
    .stream_follow = cw_webgpu_stream_follow,
    .launch_async = cw_webgpu_launch_async,
    .fill_async = cw_webgpu_fill_async,
    .copy_async = cw_webgpu_copy_async,
    .event_create = cw_webgpu_event_create,
    .event_destroy = cw_webgpu_event_destroy,
    .event_record = cw_webgpu_event_record,
    .event_wait = cw_webgpu_event_wait,
    .event_idle = cw_webgpu_event_idle,
    .event_follow = cw_webgpu_event_follow,
    .event_elapsed = cw_webgpu_event_elapsed,
    .kernel_refusal = kernel_refusal,
    .device_limit = cw_webgpu_device_limit,
    .image_create = cw_webgpu_image_create,
    .image_destroy = cw_webgpu_image_destroy,
};

const struct cw_backend *cw_backend_entry(void) {
    return &backend;
}
