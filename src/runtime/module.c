/* SPDX-License-Identifier: Apache-2.0 */
/*
 * module.c: what is loaded, by handle and by name, and the containers that a program loads itself, on one device, for one
 * context. A list of all that is loaded tells whether a handle is good; it is short, and looked at under the lock of
 * loading.
 */
#include <stdlib.h>
#include <string.h>

#include "runtime/loading.h"
#include "runtime/reference.h"
#include "runtime/registry.h"
#include "runtime/thread.h"

static struct cw_rt_loaded *everything;

void cw_rt_loaded_note(struct cw_rt_loaded *loaded) {
    loaded->everything_next = everything;
    everything = loaded;
}

void cw_rt_loaded_forget(struct cw_rt_loaded *loaded) {
    struct cw_rt_loaded **link = &everything;
    while (*link && *link != loaded) {
        link = &(*link)->everything_next;
    }
    if (*link) {
        *link = loaded->everything_next;
    }
}

static bool is_module(const struct cw_rt_loaded *module) {
    const struct cw_rt_loaded *one = everything;
    while (one && one != module) {
        one = one->everything_next;
    }
    return one && module;
}

static cudaError_t no_module(void) {
    return cw_rt_fail(cudaErrorInvalidResourceHandle, "the module was unloaded or never was one");
}

cudaError_t cw_rt_module_load(struct cw_rt_device *device, uint64_t context, const void *container, size_t size,
                              struct cw_rt_loaded **module, struct cw_text *reason) {
    const struct cw_backend *backend;
    cudaError_t error = cw_rt_backend(&backend);
    struct cw_rt_loaded *loaded = error == cudaSuccess ? calloc(1, sizeof *loaded) : NULL;
    if (!loaded) {
        return error == cudaSuccess ? cudaErrorMemoryAllocation : error;
    }
    cw_rt_loading_lock();
    loaded->context = context;
    error = cw_rt_load_container(device, NULL, container, size, loaded, reason);
    if (error == cudaSuccess) {
        *module = loaded;
    } else {
        cw_rt_loaded_free(backend, loaded);
    }
    cw_rt_loading_unlock();
    return error;
}

/* The variables' ranges go first: copies must not find memory that is gone. */
static void unload(const struct cw_backend *backend, struct cw_rt_loaded *module) {
    struct cw_rt_range range;
    void *pointer;
    size_t size;
    for (uint32_t i = 0; module->module && i < module->table.variable_count; i++) {
        if (cw_rt_loaded_place(backend, module, &module->table.variables[i], &pointer, &size)) {
            if (module->table.variables[i].reference) {
                cw_rt_references_forget(pointer);
            }
            cw_rt_allocations_remove(&module->device->allocations, pointer,
                                     1u << CW_RT_MEMORY_VARIABLE | 1u << CW_RT_MEMORY_MANAGED_VARIABLE, &range);
        }
    }
    cw_rt_loaded_free(backend, module);
}

void cw_rt_image_unload(struct cw_rt_image *image) {
    const struct cw_backend *backend;
    if (cw_rt_backend(&backend) != cudaSuccess) {
        return;
    }
    cw_rt_loading_lock();
    for (unsigned i = 0; i < CW_RT_DEVICES_MAX; i++) {
        if (image->loaded[i]) {
            unload(backend, image->loaded[i]);
            image->loaded[i] = NULL;
        }
    }
    cw_rt_loading_unlock();
}

cudaError_t cw_rt_module_unload(struct cw_rt_loaded *module) {
    const struct cw_backend *backend;
    cudaError_t error = cw_rt_backend(&backend);
    if (error != cudaSuccess) {
        return error;
    }
    cw_rt_loading_lock();
    error = is_module(module) && module->context != 0 ? cudaSuccess : no_module();
    if (error == cudaSuccess) {
        unload(backend, module);
    }
    cw_rt_loading_unlock();
    return error;
}

void cw_rt_modules_close(struct cw_rt_device *device, uint64_t context) {
    const struct cw_backend *backend;
    if (cw_rt_backend(&backend) != cudaSuccess) {
        return;
    }
    cw_rt_loading_lock();
    struct cw_rt_loaded *next;
    for (struct cw_rt_loaded *module = everything; module; module = next) {
        next = module->everything_next;
        if (module->device == device && module->context != 0 && (context == 0 || module->context == context)) {
            unload(backend, module);
        }
    }
    cw_rt_loading_unlock();
}

/* ---- Looking up ---------------------------------------------------------------------------------------------- */

cudaError_t cw_rt_loaded_kernel(struct cw_rt_loaded *loaded, const char *name, struct CUfunc_st **kernel) {
    for (uint32_t i = 0; i < loaded->table.kernel_count; i++) {
        if (strcmp(loaded->table.kernels[i].name, name) == 0 && loaded->kernels[i].backend) {
            *kernel = &loaded->kernels[i];
            return cudaSuccess;
        }
    }
    return cw_rt_fail(cudaErrorSymbolNotFound, "the module has no kernel %s", name);
}

cudaError_t cw_rt_loaded_variable(struct cw_rt_loaded *loaded, const char *name, void **pointer, size_t *size) {
    const struct cw_backend *backend;
    cudaError_t error = cw_rt_backend(&backend);
    for (uint32_t i = 0; i < loaded->table.variable_count && error == cudaSuccess; i++) {
        const struct cw_variable *variable = &loaded->table.variables[i];
        if (strcmp(variable->name, name) == 0 && cw_rt_loaded_place(backend, loaded, variable, pointer, size)) {
            return cudaSuccess;
        }
    }
    return error == cudaSuccess ? cw_rt_fail(cudaErrorSymbolNotFound, "the module has no variable %s", name) : error;
}

cudaError_t cw_rt_module_kernel(struct cw_rt_loaded *module, const char *name, struct CUfunc_st **kernel) {
    cw_rt_loading_lock();
    cudaError_t error = is_module(module) ? cw_rt_loaded_kernel(module, name, kernel) : no_module();
    cw_rt_loading_unlock();
    return error;
}

cudaError_t cw_rt_module_variable(struct cw_rt_loaded *module, const char *name, void **pointer, size_t *size) {
    cw_rt_loading_lock();
    cudaError_t error = is_module(module) ? cw_rt_loaded_variable(module, name, pointer, size) : no_module();
    cw_rt_loading_unlock();
    return error;
}

cudaError_t cw_rt_module_reference(struct cw_rt_loaded *module, const char *name, bool is_surface, void **pointer) {
    const struct cw_backend *backend;
    size_t size;
    cudaError_t error = cw_rt_backend(&backend);
    if (error != cudaSuccess) {
        return error;
    }
    cw_rt_loading_lock();
    error = is_module(module) ? cudaErrorSymbolNotFound : no_module();
    for (uint32_t i = 0; error == cudaErrorSymbolNotFound && i < module->table.variable_count; i++) {
        const struct cw_variable *variable = &module->table.variables[i];
        if (variable->reference == (is_surface ? CW_REFERENCE_SURFACE : CW_REFERENCE_TEXTURE) &&
            strcmp(variable->name, name) == 0 && cw_rt_loaded_place(backend, module, variable, pointer, &size)) {
            error = cudaSuccess;
        }
    }
    cw_rt_loading_unlock();
    return error == cudaErrorSymbolNotFound ? cw_rt_fail(error, "the module has no %s reference %s",
                                                         is_surface ? "surface" : "texture", name)
                                            : error;
}

cudaError_t cw_rt_module_kernels(struct cw_rt_loaded *module, struct CUfunc_st **kernels, uint32_t *count) {
    cw_rt_loading_lock();
    cudaError_t error = is_module(module) ? cudaSuccess : no_module();
    if (error == cudaSuccess) {
        *kernels = module->kernels;
        *count = module->table.kernel_count;
    }
    cw_rt_loading_unlock();
    return error;
}
