/* SPDX-License-Identifier: Apache-2.0 */
/*
 * apart.c: a backend for tests only, by the name "apart": the CPU, but device memory is not the host's. Kernels run as on the CPU; its
 * addresses can be used while a kernel runs and by nobody else. So code of the runtime's that reads or writes device memory by its address
 * faults here, on machines without a GPU. Memory is mapped twice: at its address, without access between launches, and where only
 * copies and fills look. Managed and host memory are the host's, variables lie in the kernels' code and can't be taken away.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "backend/cpu/backend.h"

struct region {
    struct region *next;
    char *address, *alias;
    size_t size; /* whole pages */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct region *regions;
static unsigned running; /* launches */
static struct cw_backend backend;

static int probe(void) {
    return -1; /* for who names it */
}

static void device_facts(struct cw_backend_device *device, struct cw_device_facts *facts) {
    cw_backend_cpu.device_facts(device, facts);
    snprintf(facts->name, sizeof facts->name, "CPU with memory apart");
    facts->unified_memory = 0;
    facts->reads_host_memory = 1;
    facts->partitions = 0;
}

/* ---- Memory ---- */

static cw_status memory_alloc(struct cw_backend_device *device, size_t size, void **pointer) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE), whole = (size + page - 1) / page * page;
    uint64_t free_bytes, total;
    struct region *region = calloc(1, sizeof *region);
    cw_backend_cpu.memory_info(device, &free_bytes, &total);
    int file = region && size <= free_bytes ? memfd_create("apart", MFD_CLOEXEC) : -1;
    void *address = MAP_FAILED, *alias = MAP_FAILED;
    if (file >= 0 && ftruncate(file, (off_t)whole) == 0) {
        address = mmap(NULL, whole, PROT_NONE, MAP_SHARED, file, 0);
        alias = mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    }
    if (file >= 0) {
        close(file);
    }
    if (address == MAP_FAILED || alias == MAP_FAILED) {
        if (address != MAP_FAILED) {
            munmap(address, whole);
        }
        if (alias != MAP_FAILED) {
            munmap(alias, whole);
        }
        free(region);
        return CW_ERROR_OUT_OF_MEMORY;
    }
    pthread_mutex_lock(&lock);
    *region = (struct region){regions, address, alias, whole};
    regions = region;
    if (running > 0) {
        (void)mprotect(address, whole, PROT_READ | PROT_WRITE);
    }
    pthread_mutex_unlock(&lock);
    *pointer = address;
    return CW_OK;
}

static void memory_free(struct cw_backend_device *device, void *pointer) {
    pthread_mutex_lock(&lock);
    struct region **link = &regions;
    while (*link && (*link)->address != pointer) {
        link = &(*link)->next;
    }
    struct region *region = *link;
    if (region) {
        *link = region->next;
        munmap(region->address, region->size);
        munmap(region->alias, region->size);
        free(region);
    }
    pthread_mutex_unlock(&lock);
    if (!region) {
        cw_backend_cpu.memory_free(device, pointer); /* managed */
    }
}

static cw_status managed_alloc(struct cw_backend_device *device, size_t size, void **pointer) {
    return cw_backend_cpu.memory_alloc(device, size, pointer);
}

static cw_status host_alloc(struct cw_backend_device *device, size_t size, void **pointer) {
    (void)device;
    *pointer = aligned_alloc(4096, (size + 4095) / 4096 * 4096);
    return *pointer ? CW_OK : CW_ERROR_OUT_OF_MEMORY;
}

static void host_free(struct cw_backend_device *device, void *pointer) {
    (void)device;
    free(pointer);
}

static cw_status host_register(struct cw_backend_device *device, void *pointer, size_t size) {
    (void)device, (void)pointer, (void)size;
    return CW_OK;
}

static void host_unregister(struct cw_backend_device *device, void *pointer, size_t size) {
    (void)device, (void)pointer, (void)size;
}

/* Where copies find what `pointer` means. */
static char *reach(const void *pointer) {
    char *at = (char *)(uintptr_t)pointer;
    pthread_mutex_lock(&lock);
    for (const struct region *region = regions; region; region = region->next) {
        if (at >= region->address && at < region->address + region->size) {
            at = region->alias + (at - region->address);
            break;
        }
    }
    pthread_mutex_unlock(&lock);
    return at;
}

static cw_status copy(struct cw_backend_device *device, void *dst, const void *src, size_t size,
                      enum cw_copy_kind kind) {
    return cw_backend_cpu.copy(device, reach(dst), reach(src), size, kind);
}

static cw_status fill(struct cw_backend_device *device, void *dst, uint32_t pattern, uint32_t pattern_size,
                      size_t count) {
    return cw_backend_cpu.fill(device, reach(dst), pattern, pattern_size, count);
}

/* ---- Launches ---- */

static void protect(int protection) {
    for (const struct region *region = regions; region; region = region->next) {
        (void)mprotect(region->address, region->size, protection);
    }
}

static cw_status launch(struct cw_backend_device *device, const struct cw_launch *what, struct cw_fault *fault) {
    pthread_mutex_lock(&lock);
    if (running++ == 0) {
        protect(PROT_READ | PROT_WRITE);
    }
    pthread_mutex_unlock(&lock);
    cw_status status = cw_backend_cpu.launch(device, what, fault);
    pthread_mutex_lock(&lock);
    if (--running == 0) {
        protect(PROT_NONE);
    }
    pthread_mutex_unlock(&lock);
    return status;
}

const struct cw_backend *cw_backend_entry(void) {
    backend = cw_backend_cpu;
    backend.name = "apart";
    backend.probe = probe;
    backend.device_facts = device_facts;
    backend.memory_alloc = memory_alloc;
    backend.memory_free = memory_free;
    backend.managed_alloc = managed_alloc;
    backend.host_alloc = host_alloc;
    backend.host_free = host_free;
    backend.host_register = host_register;
    backend.host_unregister = host_unregister;
    backend.copy = copy;
    backend.fill = fill;
    backend.launch = launch;
    backend.memory_forget = NULL;
    backend.memory_export = NULL;
    backend.memory_import = NULL;
    backend.pages_create = NULL;
    return &backend;
}
