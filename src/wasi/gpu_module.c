/* SPDX-License-Identifier: Apache-2.0 */
/* gpu_module.c: modules, kernels and variables of a WebGPU device in a page (gpu_device.h): the CPU's, and beside them what the container has in WGSL. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "module/module.h"
#include "wasi/gpu_device.h"

int cw_gpu_artifact_score(struct cw_backend_device *device, const char *cpu, const char *features) {
    return cw_backend_cpu.artifact_score(device->own, cpu, features);
}

static const struct cw_entry *find_wgsl(const void *id, struct cw_entry *entries) {
    size_t size;
    uint32_t count = 0;
    const void *container = cw_wasi_container(id, &size);
    if (!container || cw_container_read(container, size, entries, &count) != CW_OK) {
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (entries[i].kind == CW_ENTRY_ARTIFACT && strcmp(entries[i].name, "wgsl") == 0) {
            return &entries[i];
        }
    }
    return NULL;
}

/* The module's variables have a place on the GPU, and on the CPU the one that WebAssembly gives them. */
static void find_variables(struct cw_backend_module *module) {
    struct cw_gpu_reply reply;
    for (uint32_t index = 0;; index++) {
        ASK(&reply, CW_GPU_VARIABLE, module->index, index);
        struct cw_gpu_variable *variable = reply.status == 0 ? calloc(1, sizeof *variable) : NULL;
        if (!variable) {
            return;
        }
        variable->name = strdup(reply.text);
        variable->address = (char *)module->globals + reply.values[0];
        variable->size = reply.values[1];
        variable->next = module->variables;
        module->variables = variable;
        size_t size;
        if (variable->name && cw_backend_cpu.variable_find(module->own, variable->name, &variable->own, &size) == CW_OK) {
            ASK(NULL, CW_GPU_MIRROR, WORD(variable->address), WORD(variable->own), (uint32_t)variable->size);
        }
    }
}

static void load_on_gpu(struct cw_backend_module *module, const void *id) {
    struct cw_entry entries[CW_CONTAINER_ENTRIES_MAX];
    struct cw_gpu_reply reply;
    struct cw_backend_device *device = module->device;
    const struct cw_entry *wgsl = find_wgsl(id, entries);
    if (!wgsl) {
        snprintf(module->why, sizeof module->why, "WGSL can't express its module");
        return;
    }
    ASK(&reply, CW_GPU_MODULE, WORD(wgsl->data), (uint32_t)wgsl->size);
    uint32_t size = reply.values[1];
    module->index = reply.values[0];
    if (reply.status != 0) {
        snprintf(module->why, sizeof module->why, "%s", reply.text);
        return;
    }
    if (size && (cw_backend_cpu.memory_alloc(device->own, size, &module->globals) != CW_OK ||
                 cw_gpu_note_range(device, module->globals, size, false, module) != CW_OK)) {
        snprintf(module->why, sizeof module->why, "there is no memory for its variables");
        return;
    }
    module->on_gpu = true;
    ASK(NULL, CW_GPU_START, module->index, WORD(module->globals));
    find_variables(module);
    if (device->elsewhere) {
        /* What its variables begin with belongs to the GPU's side, which takes all contents from linear memory when it is used. */
        device->elsewhere = false;
        cw_gpu_to_memory(device, "", "");
    }
}

cw_status cw_gpu_module_load(struct cw_backend_device *device, const void *artifact, size_t size,
                             struct cw_backend_module **module, char *error, size_t error_size) {
    struct cw_backend_module *made = calloc(1, sizeof *made);
    cw_status status = made ? cw_backend_cpu.module_load(device->own, artifact, size, &made->own, error, error_size)
                            : CW_ERROR_OUT_OF_MEMORY;
    if (status != CW_OK) {
        free(made);
        return status;
    }
    made->device = device;
    pthread_mutex_lock(&device->lock);
    load_on_gpu(made, artifact);
    pthread_mutex_unlock(&device->lock);
    *module = made;
    return CW_OK;
}

void cw_gpu_module_unload(struct cw_backend_module *module) {
    for (struct cw_backend_kernel *kernel = module->kernels, *next; kernel; kernel = next) {
        next = kernel->next;
        for (struct cw_gpu_plan *plan = kernel->plans, *after; plan; plan = after) {
            after = plan->next;
            free(plan);
        }
        free(kernel->name);
        free(kernel);
    }
    for (struct cw_gpu_variable *variable = module->variables, *next; variable; variable = next) {
        next = variable->next;
        free(variable->name);
        free(variable);
    }
    if (module->globals) {
        cw_gpu_memory_free(module->device, module->globals);
    }
    cw_backend_cpu.module_unload(module->own);
    free(module);
}

cw_status cw_gpu_kernel_find(struct cw_backend_module *module, const char *name, struct cw_backend_kernel **kernel) {
    struct cw_backend_kernel *own;
    cw_status status = cw_backend_cpu.kernel_find(module->own, name, &own);
    if (status != CW_OK) {
        return status;
    }
    pthread_mutex_lock(&module->device->lock);
    struct cw_backend_kernel *made = module->kernels;
    while (made && made->own != own) {
        made = made->next;
    }
    if (!made && (made = calloc(1, sizeof *made))) {
        struct cw_gpu_reply reply = {.status = 1};
        made->own = own;
        made->module = module;
        made->name = strdup(name);
        made->next = module->kernels;
        module->kernels = made;
        if (module->on_gpu) {
            ASK(&reply, CW_GPU_KERNEL, module->index, WORD(name), (uint32_t)strlen(name));
        }
        made->on_gpu = reply.status == 0;
        made->index = reply.values[0];
        made->shared = reply.values[1];
        made->parameter_bytes = reply.values[2];
        snprintf(made->why, sizeof made->why, "%s", module->on_gpu ? reply.text : module->why);
    }
    pthread_mutex_unlock(&module->device->lock);
    *kernel = made;
    return made ? CW_OK : CW_ERROR_OUT_OF_MEMORY;
}

void cw_gpu_kernel_facts(struct cw_backend_kernel *kernel, struct cw_kernel_facts *facts) {
    cw_backend_cpu.kernel_facts(kernel->own, facts);
}

cw_status cw_gpu_variable_find(struct cw_backend_module *module, const char *name, void **pointer, size_t *size) {
    for (struct cw_gpu_variable *variable = module->variables; variable; variable = variable->next) {
        if (variable->name && strcmp(variable->name, name) == 0) {
            *pointer = variable->address;
            *size = variable->size;
            return CW_OK;
        }
    }
    return cw_backend_cpu.variable_find(module->own, name, pointer, size);
}
