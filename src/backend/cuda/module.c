/* SPDX-License-Identifier: Apache-2.0 */
/*
 * module.c: PTX to modules of the driver, which compiles it for the device and keeps what it made in a cache of its own
 * (CUDA C++ Programming Guide, "Just-in-Time Compilation"). Machine code of the vendor's (a cubin, a fat binary) goes
 * to the driver as it is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/cuda/artifact.h"
#include "backend/cuda/device.h"

/* CUjit_option, CUfunction_attribute. */
enum { JIT_ERROR_LOG = 5, JIT_ERROR_LOG_SIZE = 6 };
enum { FUNCTION_MAX_THREADS = 0, FUNCTION_SHARED = 1, FUNCTION_LOCAL = 3 };

/* "sm_90": PTX for an architecture runs on it and on all later ones; "sm_90a" on that one only (PTX ISA, ".target"). The nearest is
 * the best. */
int cw_cuda_artifact_score(struct cw_backend_device *device, const char *cpu, const char *features) {
    char *end;
    (void)features;
    cpu = cpu[0] ? cpu : "sm_80"; /* what the target chooses by itself */
    if (strncmp(cpu, "sm_", 3) != 0) {
        return 0;
    }
    long number = strtol(cpu + 3, &end, 10);
    if (number <= 0 || number > device->capability || (*end == 'a' && number != device->capability)) {
        return 0;
    }
    return (int)number * 2 + (*end == 'a');
}

cw_status cw_cuda_module_load(struct cw_backend_device *device, const void *artifact, size_t size,
                              struct cw_backend_module **result, char *error, size_t error_size) {
    const struct cw_cuda_driver *driver = cw_cuda_driver();
    char log[2048] = "", words[160];
    int options[] = {JIT_ERROR_LOG, JIT_ERROR_LOG_SIZE};
    void *values[] = {log, (void *)(uintptr_t)sizeof log};
    struct cw_backend_module *module = calloc(1, sizeof *module);
    char *text = malloc(size + 1); /* text has to end in a NUL */
    if (!module || !text) {
        free(module);
        free(text);
        return CW_ERROR_OUT_OF_MEMORY;
    }
    memcpy(text, artifact, size);
    text[size] = '\0';
    cw_cuda_enter(device);
    int code = driver->module_load(&module->handle, text, 2, options, values);
    free(text);
    if (code != CW_CUDA_SUCCESS) {
        snprintf(error, error_size, "NVIDIA's driver (CUDA %d.%d) refuses them: %s%s%s", driver->version / 1000,
                 driver->version % 1000 / 10, cw_cuda_words(code, words, sizeof words), log[0] ? ": " : "", log);
        free(module);
        return code == CW_CUDA_OUT_OF_MEMORY ? CW_ERROR_OUT_OF_MEMORY : CW_ERROR_BAD_MODULE;
    }
    module->device = device;
    pthread_mutex_init(&module->lock, NULL);
    *result = module;
    return CW_OK;
}

void cw_cuda_module_unload(struct cw_backend_module *module) {
    cw_cuda_enter(module->device);
    (void)cw_cuda_driver()->module_unload(module->handle);
    for (struct cw_backend_kernel *kernel = module->kernels, *next; kernel; kernel = next) {
        next = kernel->next;
        free(kernel);
    }
    pthread_mutex_destroy(&module->lock);
    free(module);
}

static bool has_mark(const struct cw_backend_module *module, const char *name) {
    uint64_t address;
    size_t size;
    char *mark = malloc(sizeof CW_PTX_GRID_MARK + strlen(name));
    if (!mark) {
        return false;
    }
    strcpy(mark, CW_PTX_GRID_MARK);
    strcat(mark, name);
    bool found = cw_cuda_driver()->module_global(&address, &size, module->handle, mark) == CW_CUDA_SUCCESS;
    free(mark);
    return found;
}

static cw_status find_locked(struct cw_backend_module *module, const char *name, struct cw_backend_kernel **result) {
    const struct cw_cuda_driver *driver = cw_cuda_driver();
    void *function;
    for (*result = module->kernels; *result; *result = (*result)->next) {
        if (strcmp((*result)->name, name) == 0) {
            return CW_OK;
        }
    }
    cw_cuda_enter(module->device);
    cw_status status = cw_cuda_status(driver->module_function(&function, module->handle, name));
    if (status != CW_OK) {
        return status;
    }
    struct cw_backend_kernel *kernel = calloc(1, sizeof *kernel + strlen(name) + 1);
    if (!kernel) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    strcpy(kernel->name, name);
    kernel->device = module->device;
    kernel->function = function;
    kernel->grid = has_mark(module, name);
    (void)driver->function_attribute(&kernel->static_shared, FUNCTION_SHARED, function);
    kernel->next = module->kernels;
    module->kernels = kernel;
    *result = kernel;
    return CW_OK;
}

cw_status cw_cuda_kernel_find(struct cw_backend_module *module, const char *name, struct cw_backend_kernel **kernel) {
    pthread_mutex_lock(&module->lock);
    cw_status status = find_locked(module, name, kernel);
    pthread_mutex_unlock(&module->lock);
    return status;
}

static uint32_t attribute(const struct cw_backend_kernel *kernel, int which) {
    int value = 0;
    (void)cw_cuda_driver()->function_attribute(&value, which, kernel->function);
    return (uint32_t)value;
}

void cw_cuda_kernel_facts(struct cw_backend_kernel *kernel, struct cw_kernel_facts *facts) {
    cw_cuda_enter(kernel->device);
    *facts = (struct cw_kernel_facts){.static_shared = (uint32_t)kernel->static_shared,
                                      .local_bytes = attribute(kernel, FUNCTION_LOCAL),
                                      .max_threads = attribute(kernel, FUNCTION_MAX_THREADS)};
}

uint32_t cw_cuda_kernel_active_blocks(struct cw_backend_kernel *kernel, uint32_t block_size, size_t dynamic_shared) {
    int blocks = 0;
    cw_cuda_enter(kernel->device);
    return cw_cuda_driver()->function_blocks(&blocks, kernel->function, (int)block_size, dynamic_shared) ==
                   CW_CUDA_SUCCESS
               ? (uint32_t)blocks
               : 0;
}

cw_status cw_cuda_variable_find(struct cw_backend_module *module, const char *name, void **pointer, size_t *size) {
    uint64_t address = 0;
    cw_cuda_enter(module->device);
    cw_status status = cw_cuda_status(cw_cuda_driver()->module_global(&address, size, module->handle, name));
    *pointer = (void *)(uintptr_t)address;
    return status;
}
