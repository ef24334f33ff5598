/* SPDX-License-Identifier: Apache-2.0 */
/* module.h: loaded artifacts. */
#ifndef CW_BACKEND_CPU_MODULE_H
#define CW_BACKEND_CPU_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "backend/cpu/artifact.h"
#include "cudawasm/cw_backend.h"

#define CW_CPU_SHAPES_MAX 4u /* of blocks, that a kernel has code of its own for */

/* Code for blocks of one shape (artifact.h). */
struct cw_cpu_shaped {
    struct cw_dim3 block;
    const struct cw_cpu_kernel *code;
    void *library; /* and the descriptor that it was loaded from */
    int file;
};

struct cw_backend_kernel {
    const struct cw_cpu_kernel *code;
    struct cw_cpu_shaped shaped[CW_CPU_SHAPES_MAX];
    uint32_t shaped_count; /* atomic: rows are complete, and stay, when they are counted */
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

/* cw_backend.kernel_shape. One at a time. */
cw_status cw_cpu_kernel_shape(struct cw_backend_kernel *kernel, const struct cw_dim3 *block, const void *bytes, size_t size, char *error,
                              size_t error_size);

/* The code for blocks of that shape: the shape's own, or that for any. */
static inline const struct cw_cpu_kernel *cw_cpu_kernel_code(struct cw_backend_kernel *kernel, const struct cw_dim3 *block) {
    uint32_t count = __atomic_load_n(&kernel->shaped_count, __ATOMIC_ACQUIRE);
    for (uint32_t i = 0; i < count; i++) {
        const struct cw_cpu_shaped *shaped = &kernel->shaped[i];
        if (shaped->block.x == block->x && shaped->block.y == block->y && shaped->block.z == block->z) {
            return shaped->code;
        }
    }
    return kernel->code;
}

/* The same from an artifact that is part of the program: how tests bring kernels of their own. */
cw_status cw_cpu_module_adopt(const struct cw_cpu_artifact *artifact, struct cw_backend_module **module, char *error,
                              size_t error_size);

#endif
