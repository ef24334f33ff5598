/* SPDX-License-Identifier: Apache-2.0 */
/* chain.c: see chain.h. Called while the backend is being chosen, once, so nothing here may ask which one was. */
#include "runtime/chain.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/device.h"
#include "runtime/loading.h"
#include "runtime/registry.h"
#include "runtime/thread.h"

/* Compiling ahead is worth it for programs, not for libraries that bring thousands of kernels of which few are used. */
#define BITCODE_BYTES_MAX (8u << 20)

static struct cw_backend_device *opened;
static const struct cw_backend *opened_of;

/* The artifact that the device likes best, and the bitcode, each NULL when there is none. */
static const struct cw_entry *pick(const struct cw_backend *backend, struct cw_backend_device *device,
                                   const struct cw_entry *entries, uint32_t count, const struct cw_entry **bitcode) {
    const struct cw_entry *artifact = NULL;
    int best = 0;
    *bitcode = NULL;
    for (uint32_t i = 0; i < count; i++) {
        int score = entries[i].kind == CW_ENTRY_ARTIFACT && strcmp(entries[i].name, backend->target) == 0
                        ? backend->artifact_score(device, entries[i].cpu, entries[i].features)
                        : 0;
        if (score > best) {
            best = score;
            artifact = &entries[i];
        }
        if (entries[i].kind == CW_ENTRY_BITCODE) {
            *bitcode = &entries[i];
        }
    }
    return artifact;
}

/* Drivers refuse what they are too old for, or have no memory for, when it is loaded. They keep what they made of it, so that loading it
 * again is cheap. */
static bool loads(const struct cw_backend *backend, struct cw_backend_device *device, const struct cw_entry *artifact,
                  struct cw_text *reason) {
    struct cw_backend_module *module = NULL;
    char error[1024] = "";
    cw_status status = backend->module_load(device, artifact->data, artifact->size, &module, error, sizeof error);
    if (status != CW_OK) {
        cw_text_printf(reason, "the kernels can't be loaded: %s", error[0] ? error : cw_status_text(status));
        return false;
    }
    backend->module_unload(module);
    return true;
}

static bool made_loads(const struct cw_backend *backend, struct cw_backend_device *device, const struct cw_text *made,
                       struct cw_text *reason) {
    struct cw_entry entries[CW_CONTAINER_ENTRIES_MAX];
    const struct cw_entry *bitcode, *artifact;
    uint32_t count;
    if (cw_container_read(made->data, made->size, entries, &count) != CW_OK ||
        !(artifact = pick(backend, device, entries, count, &bitcode))) {
        return true; /* loading says so */
    }
    return loads(backend, device, artifact, reason);
}

/* What a kernel reaches that goes by no address of the device's memory: such kernels don't leave their device, the program does. */
#define BOUND ((uint32_t)CW_FEATURE_MALLOC | (uint32_t)CW_FEATURE_IMAGE)

static bool may_split(const struct cw_text *made, struct cw_text *reason) {
    struct cw_entry entries[CW_CONTAINER_ENTRIES_MAX];
    struct cw_table table = {0};
    uint32_t count = 0;
    bool may = true;
    if (!made->size || cw_container_read(made->data, made->size, entries, &count) != CW_OK) {
        return true;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (entries[i].kind != CW_ENTRY_TABLE || cw_table_read(entries[i].data, entries[i].size, &table) != CW_OK) {
            continue;
        }
        for (uint32_t k = 0; k < table.kernel_count && may; k++) {
            char room[512];
            const char *name = table.kernels[k].name, *why = cw_rt_left_out(made->data, made->size, name, room, sizeof room);
            may = !why || !(table.kernels[k].features & BOUND);
            if (!may) {
                cw_text_printf(reason, "%s", why);
            }
        }
        cw_table_fini(&table);
    }
    return may;
}

static bool takes_container(const struct cw_backend *backend, struct cw_rt_device *device, const void *bytes,
                            size_t size, size_t *budget) {
    struct cw_entry entries[CW_CONTAINER_ENTRIES_MAX];
    struct cw_text made = {0}, reason = {0};
    uint32_t count;
    bool takes = true;
    if (cw_container_read(bytes, size, entries, &count) != CW_OK) {
        return true; /* nobody's device can do better; loading says so */
    }
    const struct cw_entry *bitcode, *artifact = pick(backend, device->backend, entries, count, &bitcode);
    if (artifact) {
        takes = loads(backend, device->backend, artifact, &reason);
    } else if (bitcode && bitcode->size <= *budget) {
        *budget -= bitcode->size;
        takes = cw_rt_compile(device, backend, bitcode->data, bitcode->size, true, &made, &reason) &&
                made_loads(backend, device->backend, &made, &reason);
    }
    takes = takes && may_split(&made, &reason);
    if (!takes) {
        cw_rt_log("not on %s: %s", backend->name, cw_text_string(&reason));
    }
    cw_text_fini(&made);
    cw_text_fini(&reason);
    return takes;
}

bool cw_rt_chain_takes(const struct cw_backend *backend) {
    struct cw_rt_device device = {0};
    size_t budget = BITCODE_BYTES_MAX, size;
    const void *bytes;
    cw_status status = backend->device_open(0, &device.backend);
    if (status != CW_OK) {
        const char *why = backend->problem ? backend->problem() : "";
        cw_rt_log("not on %s: its first device can't be opened: %s%s%s", backend->name, cw_status_text(status),
                  why[0] ? ": " : "", why);
        return false;
    }
    backend->device_facts(device.backend, &device.facts);
    bool takes = true;
    for (size_t i = 0; takes && (bytes = cw_rt_registry_container_at(i, &size)); i++) {
        takes = takes_container(backend, &device, bytes, size, &budget);
    }
    if (takes) {
        opened = device.backend;
        opened_of = backend;
    } else {
        backend->device_close(device.backend);
    }
    return takes;
}

struct cw_backend_device *cw_rt_chain_opened(const struct cw_backend *backend, uint32_t ordinal) {
    struct cw_backend_device *device = ordinal == 0 && opened_of == backend ? opened : NULL;
    if (device) {
        opened = NULL;
    }
    return device;
}
