/* SPDX-License-Identifier: Apache-2.0 */
/* module.h: loaded artifacts. */
#ifndef CW_BACKEND_CPU_MODULE_H
#define CW_BACKEND_CPU_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "backend/cpu/artifact.h"
#include "cudawasm/cw_backend.h"

struct cw_backend_kernel {
    const struct cw_cpu_kernel *code;
    struct cw_backend_module *module;
    bool launches; /* kernels of its module may launch kernels */
    uint64_t thread_ps; /* atomic: what a thread took at last, picoseconds of the launching thread; 0: never measured */
};

struct cw_backend_module {
    const struct cw_cpu_artifact *artifact;
    void *library; /* NULL for an artifact that is part of the program */
    int file;      /* of the library */
    struct cw_backend_kernel kernels[];
};

/* cw_backend.module_load, module_unload, kernel_find, kernel_facts, variable_find (lookup.c). */
cw_status cw_cpu_module_load(struct cw_backend_device *device, const void *bytes, size_t size,
                             struct cw_backend_module **module, char *error, size_t error_size);
void cw_cpu_module_unload(struct cw_backend_module *module);
cw_status cw_cpu_kernel_find(struct cw_backend_module *module, const char *name, struct cw_backend_kernel **kernel);
void cw_cpu_kernel_facts(struct cw_backend_kernel *kernel, struct cw_kernel_facts *facts);
cw_status cw_cpu_variable_find(struct cw_backend_module *module, const char *name, void **pointer, size_t *size);

/* The same from an artifact that is part of the program: how tests bring kernels of their own. */
cw_status cw_cpu_module_adopt(const struct cw_cpu_artifact *artifact, struct cw_backend_module **module, char *error,
                              size_t error_size);

#endif
