/* SPDX-License-Identifier: Apache-2.0 */
/* pages.c: see pages.h. */
#include "backend/cpu/pages.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend/cpu/device.h"

#define GRANULARITY ((size_t)2 << 20)

struct cw_backend_pages {
    int file;
};

size_t cw_cpu_pages_granularity(struct cw_backend_device *device, bool recommended) {
    (void)device, (void)recommended;
    return GRANULARITY;
}

/* ---- Memory ---- */

/* Takes the descriptor over. */
static cw_status own_file(int file, struct cw_backend_pages **result) {
    struct cw_backend_pages *pages = malloc(sizeof *pages);
    if (!pages) {
        close(file);
        return CW_ERROR_OUT_OF_MEMORY;
    }
    pages->file = file;
    *result = pages;
    return CW_OK;
}

cw_status cw_cpu_pages_create(struct cw_backend_device *device, size_t size, bool shareable,
                              struct cw_backend_pages **pages) {
    uint64_t free_bytes = 0, total = 0;
    (void)shareable;
    cw_cpu_memory_info(&device->memory, &free_bytes, &total);
    int file = size > free_bytes ? -1 : memfd_create("cuda-wasm", MFD_CLOEXEC);
    if (file < 0 || ftruncate(file, (off_t)size) != 0) {
        if (file >= 0) {
            close(file);
        }
        return CW_ERROR_OUT_OF_MEMORY;
    }
    return own_file(file, pages);
}

void cw_cpu_pages_destroy(struct cw_backend_pages *pages) {
    close(pages->file);
    free(pages);
}

cw_status cw_cpu_pages_export(struct cw_backend_pages *pages, int *file) {
    *file = fcntl(pages->file, F_DUPFD_CLOEXEC, 0);
    return *file < 0 ? CW_ERROR_IO : CW_OK;
}

cw_status cw_cpu_pages_import(struct cw_backend_device *device, int file, size_t *size,
                              struct cw_backend_pages **pages) {
    struct stat facts;
    (void)device;
    if (fstat(file, &facts) != 0 || facts.st_size <= 0 || (size_t)facts.st_size % GRANULARITY != 0) {
        return CW_ERROR_INVALID_ARGUMENT;
    }
    int copy = fcntl(file, F_DUPFD_CLOEXEC, 0);
    *size = (size_t)facts.st_size;
    return copy < 0 ? CW_ERROR_IO : own_file(copy, pages);
}

/* ---- Addresses ---- */

/* Takes what lies before and behind the aligned part of a mapping off again. */
static void *trim(char *all, size_t all_size, size_t size, size_t alignment) {
    size_t before = (alignment - (uintptr_t)all % alignment) % alignment;
    if (before > 0) {
        munmap(all, before);
    }
    if (all_size - before > size) {
        munmap(all + before + size, all_size - before - size);
    }
    return all + before;
}

cw_status cw_cpu_range_reserve(struct cw_backend_device *device, size_t size, size_t alignment, void *wish,
                               void **pointer) {
    size_t all_size;
    (void)device;
    alignment = alignment < GRANULARITY ? GRANULARITY : alignment;
    void *all = __builtin_add_overflow(size, alignment, &all_size)
                    ? MAP_FAILED
                    : mmap(wish, all_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (all == MAP_FAILED) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    *pointer = trim(all, all_size, size, alignment);
    return CW_OK;
}

void cw_cpu_range_free(struct cw_backend_device *device, void *pointer, size_t size) {
    (void)device;
    munmap(pointer, size);
}

cw_status cw_cpu_range_map(struct cw_backend_device *device, void *pointer, size_t size,
                           struct cw_backend_pages *pages) {
    (void)device;
    return mmap(pointer, size, PROT_NONE, MAP_SHARED | MAP_FIXED, pages->file, 0) == MAP_FAILED ? CW_ERROR_OUT_OF_MEMORY
                                                                                               : CW_OK;
}

void cw_cpu_range_unmap(struct cw_backend_device *device, void *pointer, size_t size) {
    (void)device;
    (void)mmap(pointer, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
}

cw_status cw_cpu_range_access(struct cw_backend_device *device, void *pointer, size_t size, bool read, bool write) {
    (void)device;
    int protection = (read || write ? PROT_READ : PROT_NONE) | (write ? PROT_WRITE : 0);
    return mprotect(pointer, size, protection) == 0 ? CW_OK : CW_ERROR_OUT_OF_MEMORY;
}
