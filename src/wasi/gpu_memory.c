/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gpu_memory.c: memory of a WebGPU device in a page (gpu_device.h).
 *
 * Memory that the host uses too (managed, mapped) lies in both places: before the GPU works it gets what the host wrote, and when
 * the host has waited, the host gets what the GPU wrote (CUDA C++ Programming Guide, "Coherency and Concurrency": the host
 * keeps away from it meanwhile).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wasi/gpu_device.h"

/* ---- Where contents are ---- */

struct cw_gpu_range *cw_gpu_range_at(const struct cw_backend_device *device, const void *pointer) {
    for (struct cw_gpu_range *range = device->ranges; range; range = range->next) {
        if ((uintptr_t)pointer - range->start < range->size) {
            return range;
        }
    }
    return NULL;
}

void *cw_gpu_place_of(const struct cw_gpu_range *range, const void *pointer) {
    const struct cw_gpu_variable *variable = range && range->module ? range->module->variables : NULL;
    for (; variable; variable = variable->next) {
        size_t into = (size_t)((uintptr_t)pointer - (uintptr_t)variable->address);
        if (variable->own && into < variable->size) {
            return (char *)variable->own + into;
        }
    }
    return (void *)(uintptr_t)pointer;
}

void cw_gpu_update_shared(struct cw_backend_device *device, bool host_has) {
    if (device->elsewhere || device->host_has == host_has) {
        return;
    }
    device->host_has = host_has;
    for (struct cw_gpu_range *range = device->ranges; range; range = range->next) {
        if (range->shared) {
            struct cw_gpu_reply reply;
            ASK(&reply, host_has ? CW_GPU_READ : CW_GPU_WRITE, WORD(range->start), WORD(range->start), (uint32_t)range->size);
        }
    }
}

void cw_gpu_to_memory(struct cw_backend_device *device, const char *name, const char *why) {
    struct cw_gpu_reply reply;
    cw_gpu_update_shared(device, true);
    ASK(&reply, CW_GPU_TO_MEMORY, WORD(name), (uint32_t)strlen(name), WORD(why), (uint32_t)strlen(why));
    device->elsewhere = true;
}

void cw_gpu_to_gpu(struct cw_backend_device *device) {
    if (device->elsewhere) {
        ASK(NULL, CW_GPU_TO_GPU, 0);
        device->elsewhere = false;
        device->host_has = true;
    }
    cw_gpu_update_shared(device, false);
}

cw_status cw_gpu_finish(struct cw_backend_device *device, struct cw_fault *fault) {
    struct cw_gpu_reply reply;
    ASK(&reply, CW_GPU_FINISH, 0);
    if (reply.status != 0) {
        if (fault) {
            *fault = (struct cw_fault){.kind = CW_FAULT_NONE};
            snprintf(fault->message, sizeof fault->message, "%s", reply.text);
        }
        return CW_ERROR_FAULT;
    }
    cw_gpu_update_shared(device, true);
    return CW_OK;
}

/* ---- Memory ---- */

cw_status cw_gpu_note_range(struct cw_backend_device *device, void *pointer, size_t size, bool shared, struct cw_backend_module *module) {
    struct cw_gpu_range *range = malloc(sizeof *range);
    struct cw_gpu_reply reply = {0};
    if (!range) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    *range = (struct cw_gpu_range){(uintptr_t)pointer, size, shared, module, device->ranges};
    device->ranges = range;
    if (device->lost) {
        return CW_OK;
    }
    /* What the host has in shared memory, the GPU gets with the next launch. */
    cw_gpu_update_shared(device, true);
    ASK(&reply, CW_GPU_ALLOC, WORD(pointer), (uint32_t)size, shared);
    if (reply.status != 0) {
        if (!device->elsewhere) {
            cw_gpu_to_memory(device, "everything", reply.text);
        }
        device->lost = true;
    }
    return CW_OK;
}

static void forget_range(struct cw_backend_device *device, const void *pointer) {
    for (struct cw_gpu_range **link = &device->ranges; *link; link = &(*link)->next) {
        struct cw_gpu_range *range = *link;
        if (range->start == (uintptr_t)pointer) {
            *link = range->next;
            free(range);
            ASK(NULL, CW_GPU_FREE, WORD(pointer));
            return;
        }
    }
}

static cw_status alloc(struct cw_backend_device *device, size_t size, void **pointer, bool shared) {
    pthread_mutex_lock(&device->lock);
    cw_status status = cw_backend_cpu.memory_alloc(device->own, size, pointer);
    if (status == CW_OK && (status = cw_gpu_note_range(device, *pointer, size ? size : 1, shared, NULL)) != CW_OK) {
        cw_backend_cpu.memory_free(device->own, *pointer);
    }
    pthread_mutex_unlock(&device->lock);
    return status;
}

cw_status cw_gpu_memory_alloc(struct cw_backend_device *device, size_t size, void **pointer) {
    return alloc(device, size, pointer, false);
}

cw_status cw_gpu_managed_alloc(struct cw_backend_device *device, size_t size, void **pointer) {
    return alloc(device, size, pointer, true);
}

void cw_gpu_memory_free(struct cw_backend_device *device, void *pointer) {
    pthread_mutex_lock(&device->lock);
    forget_range(device, pointer);
    cw_backend_cpu.memory_free(device->own, pointer);
    pthread_mutex_unlock(&device->lock);
}

void cw_gpu_memory_info(struct cw_backend_device *device, uint64_t *free_bytes, uint64_t *total_bytes) {
    cw_backend_cpu.memory_info(device->own, free_bytes, total_bytes);
    if (*total_bytes > cw_gpu_shared.memory_max) {
        uint64_t used = *total_bytes - *free_bytes;
        *total_bytes = cw_gpu_shared.memory_max;
        *free_bytes = used < *total_bytes ? *total_bytes - used : 0;
    }
}

cw_status cw_gpu_host_alloc(struct cw_backend_device *device, size_t size, void **pointer) {
    return cw_gpu_managed_alloc(device, size, pointer);
}

void cw_gpu_host_free(struct cw_backend_device *device, void *pointer) {
    cw_gpu_memory_free(device, pointer);
}

cw_status cw_gpu_host_register(struct cw_backend_device *device, void *pointer, size_t size) {
    pthread_mutex_lock(&device->lock);
    cw_status status = cw_gpu_note_range(device, pointer, size, true, NULL);
    pthread_mutex_unlock(&device->lock);
    return status;
}

void cw_gpu_host_unregister(struct cw_backend_device *device, void *pointer, size_t size) {
    (void)size;
    pthread_mutex_lock(&device->lock);
    forget_range(device, pointer);
    pthread_mutex_unlock(&device->lock);
}

cw_status cw_gpu_copy(struct cw_backend_device *device, void *dst, const void *src, size_t size, enum cw_copy_kind kind) {
    cw_status status = CW_OK;
    pthread_mutex_lock(&device->lock);
    struct cw_gpu_range *to = kind == CW_COPY_DEVICE_TO_HOST ? NULL : cw_gpu_range_at(device, dst);
    struct cw_gpu_range *from = kind == CW_COPY_HOST_TO_DEVICE ? NULL : cw_gpu_range_at(device, src);
    if ((to && to->shared) || (from && from->shared)) {
        cw_gpu_update_shared(device, false);
    }
    if (device->elsewhere || (!to && !from)) {
        memmove(cw_gpu_place_of(to, dst), cw_gpu_place_of(from, src), size);
    } else {
        struct cw_gpu_reply reply;
        enum cw_gpu_operation operation = to && from ? CW_GPU_MOVE : to ? CW_GPU_WRITE : CW_GPU_READ;
        ASK(operation == CW_GPU_MOVE ? NULL : &reply, operation, WORD(dst), WORD(src), (uint32_t)size);
        status = operation != CW_GPU_MOVE && reply.status != 0 ? CW_ERROR_FAULT : CW_OK;
        /* The caller may read managed memory behind a copy that has waited. */
        if (operation != CW_GPU_MOVE && ((to && to->shared) || (from && from->shared))) {
            cw_gpu_update_shared(device, true);
        }
    }
    pthread_mutex_unlock(&device->lock);
    return status;
}

cw_status cw_gpu_fill(struct cw_backend_device *device, void *dst, uint32_t pattern, uint32_t pattern_size, size_t count) {
    cw_status status = CW_OK;
    pthread_mutex_lock(&device->lock);
    struct cw_gpu_range *to = cw_gpu_range_at(device, dst);
    if (to && to->shared) {
        cw_gpu_update_shared(device, false);
    }
    if (device->elsewhere || !to) {
        status = cw_backend_cpu.fill(device->own, cw_gpu_place_of(to, dst), pattern, pattern_size, count);
    } else {
        ASK(NULL, CW_GPU_FILL, WORD(dst), pattern, pattern_size, (uint32_t)count);
    }
    pthread_mutex_unlock(&device->lock);
    return status;
}
