/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pinned.c: page-locked host memory: memory of the driver's that the host sees, with a buffer over it, which the device copies from
 * and to by itself. What a program registers is its own memory, imported (VK_EXT_external_memory_host) in whole pages; where the
 * driver can't do that, registering is accepted, since it promises only that copies may be faster, and copies are staged.
 */
#include <unistd.h>

#include "backend/vulkan/device.h"

static void add(struct cw_backend_device *device, struct cw_vk_block *block) {
    pthread_mutex_lock(&device->lock);
    block->next = device->pinned;
    device->pinned = block;
    pthread_mutex_unlock(&device->lock);
}

/* Takes the block that begins at `mapped` out of the list. Copies that use it are done when this returns. */
static struct cw_vk_block *take(struct cw_backend_device *device, const void *mapped, bool imported) {
    pthread_mutex_lock(&device->lock);
    struct cw_vk_block **link = &device->pinned;
    while (*link && ((*link)->mapped != mapped || (*link)->imported != imported)) {
        link = &(*link)->next;
    }
    struct cw_vk_block *block = *link;
    if (block) {
        *link = block->next;
        (void)cw_vk_finish(device);
    }
    pthread_mutex_unlock(&device->lock);
    return block;
}

struct cw_vk_block *cw_vk_pinned_find(struct cw_backend_device *device, const void *pointer, size_t size, uint64_t *offset) {
    uintptr_t address = (uintptr_t)pointer;
    for (struct cw_vk_block *block = device->pinned; block; block = block->next) {
        uintptr_t begin = (uintptr_t)block->mapped;
        if (address >= begin && address - begin < block->size && size <= block->size - (address - begin)) {
            *offset = address - begin;
            return block;
        }
    }
    return NULL;
}

cw_status cw_vk_host_alloc(struct cw_backend_device *device, size_t size, void **pointer) {
    struct cw_vk_block *block;
    cw_status status = cw_vk_block_create(device, size, true, &block);
    if (status != CW_OK) {
        return status;
    }
    if (!block->mapped) {
        cw_vk_block_destroy(device, block);
        return CW_ERROR_OUT_OF_MEMORY;
    }
    add(device, block);
    *pointer = block->mapped;
    return CW_OK;
}

void cw_vk_host_free(struct cw_backend_device *device, void *pointer) {
    cw_vk_block_destroy(device, take(device, pointer, false));
}

/* The whole pages, of the driver's size, around the program's bytes. */
static void *pages_of(struct cw_backend_device *device, void *pointer, size_t *size) {
    uintptr_t unit = (uintptr_t)sysconf(_SC_PAGESIZE);
    unit = device->adapter->import_alignment > unit ? (uintptr_t)device->adapter->import_alignment : unit;
    uintptr_t begin = (uintptr_t)pointer / unit * unit, end = ((uintptr_t)pointer + *size + unit - 1) / unit * unit;
    *size = end - begin;
    return (void *)begin;
}

cw_status cw_vk_host_register(struct cw_backend_device *device, void *pointer, size_t size) {
    if (!device->host_pointer_properties) {
        return CW_OK;
    }
    struct cw_vk_block *block;
    size_t bytes = size;
    void *begin = pages_of(device, pointer, &bytes);
    if (cw_vk_block_import(device, begin, bytes, &block) == CW_OK) {
        add(device, block);
    }
    return CW_OK;
}

void cw_vk_host_unregister(struct cw_backend_device *device, void *pointer, size_t size) {
    size_t bytes = size;
    cw_vk_block_destroy(device, take(device, pages_of(device, pointer, &bytes), true));
}

void cw_vk_pinned_fini(struct cw_backend_device *device) {
    while (device->pinned) {
        struct cw_vk_block *next = device->pinned->next;
        cw_vk_block_destroy(device, device->pinned);
        device->pinned = next;
    }
}
