/* SPDX-License-Identifier: Apache-2.0 */
/* lookup.c: what a loaded module has, by name. */
#include <string.h>

#include "backend/cpu/block.h"
#include "backend/cpu/module.h"

cw_status cw_cpu_kernel_find(struct cw_backend_module *module, const char *name, struct cw_backend_kernel **kernel) {
    for (uint32_t i = 0; i < module->artifact->kernel_count; i++) {
        if (strcmp(module->artifact->kernels[i].name, name) == 0) {
            *kernel = &module->kernels[i];
            return CW_OK;
        }
    }
    return CW_ERROR_NOT_FOUND;
}

void cw_cpu_kernel_facts(struct cw_backend_kernel *kernel, struct cw_kernel_facts *facts) {
    const struct cw_cpu_kernel *code = kernel->code;
    *facts = (struct cw_kernel_facts){
        .static_shared = code->static_shared,
        .max_threads = code->max_threads && code->max_threads < CW_CPU_THREADS_MAX ? code->max_threads
                                                                                   : CW_CPU_THREADS_MAX,
        .param_bytes = code->param_bytes,
    };
}

cw_status cw_cpu_variable_find(struct cw_backend_module *module, const char *name, void **pointer, size_t *size) {
    for (uint32_t i = 0; i < module->artifact->variable_count; i++) {
        const struct cw_cpu_variable *variable = &module->artifact->variables[i];
        if (strcmp(variable->name, name) == 0) {
            *pointer = variable->address;
            *size = (size_t)variable->size;
            return CW_OK;
        }
    }
    return CW_ERROR_NOT_FOUND;
}
