/* SPDX-License-Identifier: Apache-2.0 */
/* plugin.c: backends as plug-ins, built several times: PLUGIN_NAME and one fault each (see CMakeLists.txt). They open a
 * device that can say its name, and nothing else. */
#include <stddef.h>

#include "cudawasm/cw_backend.h"

#ifndef PLUGIN_ABI
#define PLUGIN_ABI CW_BACKEND_ABI
#endif
#ifndef PLUGIN_SCORE
#define PLUGIN_SCORE 5
#endif
#ifndef PLUGIN_SIZE
#define PLUGIN_SIZE sizeof(struct cw_backend)
#endif

struct cw_backend_device {
    int unused;
};
static struct cw_backend_device the_device;

static int probe(void) {
    return PLUGIN_SCORE;
}

static uint32_t device_count(void) {
    return 2;
}

static cw_status device_open(uint32_t ordinal, struct cw_backend_device **device) {
    (void)ordinal;
    *device = &the_device;
    return CW_OK;
}

static void device_close(struct cw_backend_device *device) {
    (void)device;
}

static void device_facts(struct cw_backend_device *device, struct cw_device_facts *facts) {
    (void)device;
    *facts = (struct cw_device_facts){.name = PLUGIN_NAME};
}

static cw_status memory_alloc(struct cw_backend_device *device, size_t size, void **pointer) {
    (void)device, (void)size, (void)pointer;
    return CW_ERROR_OUT_OF_MEMORY;
}

static void memory_free(struct cw_backend_device *device, void *pointer) {
    (void)device, (void)pointer;
}

static void memory_info(struct cw_backend_device *device, uint64_t *free_bytes, uint64_t *total_bytes) {
    (void)device;
    *free_bytes = *total_bytes = 0;
}

static cw_status copy(struct cw_backend_device *device, void *dst, const void *src, size_t size,
                      enum cw_copy_kind kind) {
    (void)device, (void)dst, (void)src, (void)size, (void)kind;
    return CW_ERROR_UNSUPPORTED;
}

static cw_status fill(struct cw_backend_device *device, void *dst, uint32_t pattern, uint32_t pattern_size,
                      size_t count) {
    (void)device, (void)dst, (void)pattern, (void)pattern_size, (void)count;
    return CW_ERROR_UNSUPPORTED;
}

static int artifact_score(struct cw_backend_device *device, const char *cpu, const char *features) {
    (void)device, (void)cpu, (void)features;
    return 0;
}

static cw_status module_load(struct cw_backend_device *device, const void *artifact, size_t size,
                             struct cw_backend_module **module, char *error, size_t error_size) {
    (void)device, (void)artifact, (void)size, (void)module, (void)error, (void)error_size;
    return CW_ERROR_UNSUPPORTED;
}

static void module_unload(struct cw_backend_module *module) {
    (void)module;
}

static cw_status kernel_find(struct cw_backend_module *module, const char *name, struct cw_backend_kernel **kernel) {
    (void)module, (void)name, (void)kernel;
    return CW_ERROR_NOT_FOUND;
}

static void kernel_facts(struct cw_backend_kernel *kernel, struct cw_kernel_facts *facts) {
    (void)kernel, (void)facts;
}

static cw_status variable_find(struct cw_backend_module *module, const char *name, void **pointer, size_t *size) {
    (void)module, (void)name, (void)pointer, (void)size;
    return CW_ERROR_NOT_FOUND;
}

#ifndef PLUGIN_HOLLOW
static cw_status launch(struct cw_backend_device *device, const struct cw_launch *launch_, struct cw_fault *fault) {
    (void)device, (void)launch_, (void)fault;
    return CW_ERROR_UNSUPPORTED;
}
#endif

static void output_flush(struct cw_backend_device *device) {
    (void)device;
}

static const struct cw_backend backend = {
    .abi_version = PLUGIN_ABI,
    .struct_size = PLUGIN_SIZE,
    .name = PLUGIN_NAME,
    .target = "plugin",
    .probe = probe,
    .device_count = device_count,
    .device_open = device_open,
    .device_close = device_close,
    .device_facts = device_facts,
    .memory_alloc = memory_alloc,
    .memory_free = memory_free,
    .memory_info = memory_info,
    .copy = copy,
    .fill = fill,
    .artifact_score = artifact_score,
    .module_load = module_load,
    .module_unload = module_unload,
    .kernel_find = kernel_find,
    .kernel_facts = kernel_facts,
    .variable_find = variable_find,
#ifndef PLUGIN_HOLLOW
    .launch = launch,
#endif
    .output_flush = output_flush,
};

#ifdef PLUGIN_MUTE
CW_API const struct cw_backend *another_entry(void);
const struct cw_backend *another_entry(void) {
    return &backend;
}
#else
const struct cw_backend *cw_backend_entry(void) {
    return &backend;
}
#endif
