/* SPDX-License-Identifier: Apache-2.0 */
/* backend.c: the CPU backend's table: see backend.h. */
#include "backend/cpu/backend.h"

#include "backend/cpu/copy.h"
#include "backend/cpu/device.h"
#include "backend/cpu/image.h"
#include "backend/cpu/launch.h"
#include "backend/cpu/machine.h"
#include "backend/cpu/module.h"
#include "backend/cpu/pages.h"

static int probe(void) {
    return 1;
}

static uint32_t device_count(void) {
    return cw_cpu_machine_devices();
}

static cw_status memory_alloc(struct cw_backend_device *device, size_t size, void **pointer) {
    return cw_cpu_memory_alloc(&device->memory, size, pointer);
}

static cw_status memory_export(struct cw_backend_device *device, void *pointer, int *file, uint64_t *offset) {
    return cw_cpu_memory_export(&device->memory, pointer, file, offset);
}

static cw_status memory_import(struct cw_backend_device *device, int file, uint64_t offset, size_t size,
                               void **pointer) {
    return cw_cpu_memory_import(&device->memory, file, offset, size, pointer);
}

static void memory_forget(struct cw_backend_device *device, void *pointer, size_t size) {
    cw_cpu_memory_forget(&device->memory, pointer, size);
}

static void memory_free(struct cw_backend_device *device, void *pointer) {
    cw_cpu_memory_free(&device->memory, pointer);
}

static void memory_info(struct cw_backend_device *device, uint64_t *free_bytes, uint64_t *total_bytes) {
    cw_cpu_memory_info(&device->memory, free_bytes, total_bytes);
}

static int artifact_score(struct cw_backend_device *device, const char *cpu, const char *features) {
    (void)device;
    return cw_cpu_machine_score(cpu, features);
}

static void output_flush(struct cw_backend_device *device) {
    cw_cpu_print_flush(&device->print);
}

const struct cw_backend cw_backend_cpu = {
    .abi_version = CW_BACKEND_ABI,
    .struct_size = sizeof(struct cw_backend),
    .name = "cpu",
    .target = "cpu",
    .probe = probe,
    .device_count = device_count,
    .device_open = cw_cpu_device_open,
    .device_close = cw_cpu_device_close,
    .device_facts = cw_cpu_device_facts,
    .device_answers = cw_cpu_device_answers,
    .device_limit = cw_cpu_device_limit,
    .memory_alloc = memory_alloc,
    .memory_free = memory_free,
    .memory_info = memory_info,
    .copy = cw_cpu_copy,
    .fill = cw_cpu_fill,
    .artifact_score = artifact_score,
    .module_load = cw_cpu_module_load,
    .module_unload = cw_cpu_module_unload,
    .kernel_find = cw_cpu_kernel_find,
    .kernel_facts = cw_cpu_kernel_facts,
    .variable_find = cw_cpu_variable_find,
    .launch = cw_cpu_launch,
    .output_flush = output_flush,
    .image_create = cw_cpu_image_create,
    .image_destroy = cw_cpu_image_destroy,
    .memory_forget = memory_forget,
    .memory_export = memory_export,
    .memory_import = memory_import,
    .pages_granularity = cw_cpu_pages_granularity,
    .pages_create = cw_cpu_pages_create,
    .pages_destroy = cw_cpu_pages_destroy,
    .pages_export = cw_cpu_pages_export,
    .pages_import = cw_cpu_pages_import,
    .range_reserve = cw_cpu_range_reserve,
    .range_free = cw_cpu_range_free,
    .range_map = cw_cpu_range_map,
    .range_unmap = cw_cpu_range_unmap,
    .range_access = cw_cpu_range_access,
#ifndef __wasm__
    .kernel_shape = cw_cpu_kernel_shape,
#endif
};
