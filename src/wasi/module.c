/* SPDX-License-Identifier: Apache-2.0 */
/*
 * module.c: backend/cpu/module.h on WebAssembly, where artifacts are linked into the program. The object that carries a
 * container registers its artifact too, under the container's id; the artifact entry of the container holds that id.
 */
#include "backend/cpu/module.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/cpu/block.h"
#include "backend/cpu/fault.h"
#ifdef __wasm_atomics__
#include "wasi/gpu.h"
#endif

#define ID_BYTES 16u

struct artifact {
    const struct artifact *next;
    uint8_t id[ID_BYTES];
    const struct cw_cpu_artifact *artifact;
    const void *container;
    size_t container_size;
};

static const struct artifact *artifacts;

/* Of the runtime (registry.c), and called by the objects of device code. */
void __cw_register_container(const void *id, const void *bytes, size_t size);
void __cw_register_wasm(const void *id, const void *bytes, size_t size, const struct cw_cpu_artifact *artifact);

void __cw_register_wasm(const void *id, const void *bytes, size_t size, const struct cw_cpu_artifact *artifact) {
    struct artifact *row = malloc(sizeof *row);
    if (!row) {
        abort();
    }
    row->next = artifacts;
    row->artifact = artifact;
    row->container = bytes;
    row->container_size = size;
    memcpy(row->id, id, sizeof row->id);
    artifacts = row;
    __cw_register_container(id, bytes, size);
}

#ifdef __wasm_atomics__
const void *cw_wasi_container(const void *id, size_t *size) {
    for (const struct artifact *row = artifacts; row; row = row->next) {
        if (memcmp(id, row->id, ID_BYTES) == 0) {
            *size = row->container_size;
            return row->container;
        }
    }
    return NULL;
}
#endif

cw_status cw_cpu_module_adopt(const struct cw_cpu_artifact *artifact, struct cw_backend_module **module, char *error,
                              size_t error_size) {
    if (artifact->abi_version != CW_CPU_ARTIFACT_ABI) {
        snprintf(error, error_size, "the artifact has ABI version %u, and this runtime knows version %u", artifact->abi_version,
                 CW_CPU_ARTIFACT_ABI);
        return CW_ERROR_BAD_MODULE;
    }
    struct cw_backend_module *made = calloc(1, sizeof *made + artifact->kernel_count * sizeof made->kernels[0]);
    if (!made) {
        snprintf(error, error_size, "out of memory");
        return CW_ERROR_OUT_OF_MEMORY;
    }
    bool launches = false;
    for (uint32_t i = 0; i < artifact->import_count; i++) {
        launches |= strncmp(artifact->imports[i].name, "cw.child.", 9) == 0;
    }
    made->artifact = artifact;
    for (uint32_t i = 0; i < artifact->kernel_count; i++) {
        made->kernels[i].code = &artifact->kernels[i];
        made->kernels[i].module = made;
        made->kernels[i].launches = launches;
    }
    *module = made;
    return CW_OK;
}

cw_status cw_cpu_module_load(struct cw_backend_device *device, const void *bytes, size_t size,
                             struct cw_backend_module **module, char *error, size_t error_size) {
    (void)device;
    for (const struct artifact *row = artifacts; row; row = row->next) {
        if (size == ID_BYTES && memcmp(bytes, row->id, ID_BYTES) == 0) {
            return cw_cpu_module_adopt(row->artifact, module, error, error_size);
        }
    }
    snprintf(error, error_size, "the program holds no kernels of that id");
    return CW_ERROR_BAD_MODULE;
}

void cw_cpu_module_unload(struct cw_backend_module *module) {
    free(module);
}

/* ---- fault.h's part of signals: WebAssembly has none, a bad access ends the program in a trap -------------------------- */

void cw_cpu_fault_prepare(void) {
}
