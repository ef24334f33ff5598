/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pages.c: addresses and memory apart (CUDA Driver API, "Virtual Memory Management"). Each device's memory is pinned there. Addresses
 * are the process's, whatever device they were asked of.
 */
#include <stdlib.h>

#include "backend/cuda/device.h"

enum { TYPE_PINNED = 1, LOCATION_DEVICE = 1, HANDLE_FILE = 1, ACCESS_READ = 1, ACCESS_READ_WRITE = 3 };

struct cw_backend_pages {
    struct cw_backend_device *device;
    uint64_t handle;
};

static struct cw_cuda_prop prop_of(const struct cw_backend_device *device, bool shareable) {
    return (struct cw_cuda_prop){.type = TYPE_PINNED,
                                 .handle_types = shareable ? HANDLE_FILE : 0,
                                 .location = LOCATION_DEVICE,
                                 .device = device->handle};
}

static uint64_t number(const void *pointer) {
    return (uint64_t)(uintptr_t)pointer;
}

/* The device's 2 MiB where it can't be asked. */
size_t cw_cuda_pages_granularity(struct cw_backend_device *device, bool recommended) {
    const struct cw_cuda_driver *driver = cw_cuda_driver();
    struct cw_cuda_prop prop = prop_of(device, true);
    size_t granularity = 0;
    cw_cuda_enter(device);
    bool known = driver->pages_granularity &&
                 driver->pages_granularity(&granularity, &prop, recommended) == CW_CUDA_SUCCESS && granularity > 0;
    return known ? granularity : (size_t)2 << 20;
}

static cw_status own(struct cw_backend_device *device, uint64_t handle, struct cw_backend_pages **result) {
    struct cw_backend_pages *pages = malloc(sizeof *pages);
    if (!pages) {
        (void)cw_cuda_driver()->pages_release(handle);
        return CW_ERROR_OUT_OF_MEMORY;
    }
    *pages = (struct cw_backend_pages){device, handle};
    *result = pages;
    return CW_OK;
}

cw_status cw_cuda_pages_create(struct cw_backend_device *device, size_t size, bool shareable,
                               struct cw_backend_pages **pages) {
    const struct cw_cuda_driver *driver = cw_cuda_driver();
    struct cw_cuda_prop prop = prop_of(device, shareable);
    uint64_t handle = 0;
    if (!driver->pages_create || !driver->pages_release) {
        return CW_ERROR_UNSUPPORTED;
    }
    cw_cuda_enter(device);
    cw_status status = cw_cuda_status(driver->pages_create(&handle, size, &prop, 0));
    return status == CW_OK ? own(device, handle, pages) : status;
}

void cw_cuda_pages_destroy(struct cw_backend_pages *pages) {
    cw_cuda_enter(pages->device);
    (void)cw_cuda_driver()->pages_release(pages->handle);
    free(pages);
}

cw_status cw_cuda_pages_export(struct cw_backend_pages *pages, int *file) {
    const struct cw_cuda_driver *driver = cw_cuda_driver();
    cw_cuda_enter(pages->device);
    return driver->pages_export ? cw_cuda_status(driver->pages_export(file, pages->handle, HANDLE_FILE, 0))
                                : CW_ERROR_UNSUPPORTED;
}

/* The driver doesn't tell how large it is. */
cw_status cw_cuda_pages_import(struct cw_backend_device *device, int file, size_t *size,
                               struct cw_backend_pages **pages) {
    const struct cw_cuda_driver *driver = cw_cuda_driver();
    uint64_t handle = 0;
    if (!driver->pages_import || !driver->pages_release) {
        return CW_ERROR_UNSUPPORTED;
    }
    cw_cuda_enter(device);
    if (driver->pages_import(&handle, (void *)(intptr_t)file, HANDLE_FILE) != CW_CUDA_SUCCESS) {
        return CW_ERROR_INVALID_ARGUMENT;
    }
    *size = 0;
    return own(device, handle, pages);
}

cw_status cw_cuda_range_reserve(struct cw_backend_device *device, size_t size, size_t alignment, void *wish,
                                void **pointer) {
    const struct cw_cuda_driver *driver = cw_cuda_driver();
    uint64_t address = 0;
    if (!driver->range_reserve || !driver->range_free) {
        return CW_ERROR_UNSUPPORTED;
    }
    cw_cuda_enter(device);
    cw_status status = cw_cuda_status(driver->range_reserve(&address, size, alignment, number(wish), 0));
    *pointer = (void *)(uintptr_t)address;
    return status;
}

void cw_cuda_range_free(struct cw_backend_device *device, void *pointer, size_t size) {
    cw_cuda_enter(device);
    (void)cw_cuda_driver()->range_free(number(pointer), size);
}

cw_status cw_cuda_range_map(struct cw_backend_device *device, void *pointer, size_t size,
                            struct cw_backend_pages *pages) {
    const struct cw_cuda_driver *driver = cw_cuda_driver();
    cw_cuda_enter(device);
    return driver->range_map && driver->range_unmap
               ? cw_cuda_status(driver->range_map(number(pointer), size, 0, pages->handle, 0))
               : CW_ERROR_UNSUPPORTED;
}

void cw_cuda_range_unmap(struct cw_backend_device *device, void *pointer, size_t size) {
    cw_cuda_enter(device);
    (void)cw_cuda_driver()->range_unmap(number(pointer), size);
}

cw_status cw_cuda_range_access(struct cw_backend_device *device, void *pointer, size_t size, bool read, bool write) {
    const struct cw_cuda_driver *driver = cw_cuda_driver();
    struct cw_cuda_access access = {LOCATION_DEVICE, device->handle, write  ? ACCESS_READ_WRITE
                                                                     : read ? ACCESS_READ
                                                                            : 0};
    cw_cuda_enter(device);
    return driver->range_access ? cw_cuda_status(driver->range_access(number(pointer), size, &access, 1))
                                : CW_ERROR_UNSUPPORTED;
}
