/* SPDX-License-Identifier: Apache-2.0 */
/* share.c: memory between processes: see share.h. */
#include "runtime/share.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif
#include <unistd.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/device.h"
#include "runtime/memory.h"
#include "runtime/stream.h"
#include "runtime/thread.h"

#define MAGIC 0x6d656d2d61647563u /* "cuda-mem" */

_Static_assert(sizeof(struct cw_rt_shared_memory) <= CUDA_IPC_HANDLE_SIZE, "it fits into a handle");
_Static_assert(sizeof(struct cw_rt_shared_memory) <= sizeof(struct cudaMemPoolPtrExportData), "and into export data");

/* ---- Processes ----------------------------------------------------------------------------------------------- */

uint64_t cw_rt_process_birth(int32_t process) {
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
    FILE *file = fopen(path, "re");
    if (!file) {
        return 0;
    }
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    /* The name in parentheses may hold anything; the start time is the 20th word behind it. */
    char *at = strrchr(text, ')');
    for (int i = 0; at && i < 20; i++) {
        at = strchr(at + 1, ' ');
    }
    return at ? strtoull(at, NULL, 10) : 0;
}

/* A copy of another process's descriptor (pidfd_getfd(2)), -1: what a device's driver has behind it can't be opened by name. */
static int copy_descriptor(int32_t process, int32_t file) {
    int copy = -1;
#if defined(SYS_pidfd_open) && defined(SYS_pidfd_getfd)
    int other = (int)syscall(SYS_pidfd_open, (pid_t)process, 0u);
    if (other >= 0) {
        copy = (int)syscall(SYS_pidfd_getfd, other, (int)file, 0u);
        close(other);
    }
#else
    (void)process, (void)file;
#endif
    return copy;
}

/* Where the system lets only a process's parents copy its descriptors (Yama), those who hold a handle of its memory may too, as far as
 * they are the same user's. */
static void allow_copies(void) {
#ifdef PR_SET_PTRACER
    (void)prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
#endif
}

int cw_rt_open_shared(int32_t process, uint64_t birth, int32_t file) {
    char path[64];
    if (process <= 0 || file < 0 || cw_rt_process_birth(process) != birth) {
        return -1;
    }
    int copy = copy_descriptor(process, file);
    if (copy >= 0) {
        return copy;
    }
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)process, (int)file);
    return open(path, O_RDWR | O_CLOEXEC);
}

/* ---- Memory -------------------------------------------------------------------------------------------------- */

cudaError_t cw_rt_share_memory(struct cw_rt_device *device, void *pointer, size_t size,
                               struct cw_rt_shared_memory *shared) {
    const struct cw_backend *backend;
    int file = -1;
    uint64_t offset = 0;
    cudaError_t error = cw_rt_backend(&backend);
    if (error != cudaSuccess) {
        return error;
    }
    if (!backend->memory_export) {
        return cw_rt_fail(cudaErrorNotSupported, "the %s device shares no memory between processes", backend->name);
    }
    cw_rt_device_synchronize(device);
    cw_status status = backend->memory_export(device->backend, pointer, &file, &offset);
    if (status != CW_OK) {
        return cw_rt_fail(cw_rt_status_error(status), "%p can't be shared: %s", pointer, cw_status_text(status));
    }
    if (!device->facts.unified_memory) {
        allow_copies(); /* the host's memory can be opened by name */
    }
    *shared = (struct cw_rt_shared_memory){.magic = MAGIC,
                                           .process = (int32_t)getpid(),
                                           .file = file,
                                           .offset = offset,
                                           .size = size,
                                           .birth = cw_rt_process_birth((int32_t)getpid())};
    return cudaSuccess;
}

cudaError_t cw_rt_map_memory(struct cw_rt_device *device, const struct cw_rt_shared_memory *shared, void **pointer) {
    const struct cw_backend *backend;
    struct stat facts;
    cudaError_t error = cw_rt_backend(&backend);
    if (error != cudaSuccess) {
        return error;
    }
    if (!backend->memory_import) {
        return cw_rt_fail(cudaErrorNotSupported, "the %s device shares no memory between processes", backend->name);
    }
    int file = shared->magic == MAGIC ? cw_rt_open_shared(shared->process, shared->birth, shared->file) : -1;
    bool fits = file >= 0 && fstat(file, &facts) == 0 && shared->size > 0 &&
                (!S_ISREG(facts.st_mode) || (shared->offset <= (uint64_t)facts.st_size &&
                                             shared->size <= (uint64_t)facts.st_size - shared->offset));
    cw_status status = CW_ERROR_INVALID_ARGUMENT;
    if (fits) {
        status = backend->memory_import(device->backend, file, shared->offset, (size_t)shared->size, pointer);
    }
    if (file >= 0) {
        close(file);
    }
    if (!fits) {
        return cw_rt_fail(cudaErrorInvalidResourceHandle,
                          "the handle stands for no memory: its process has ended, has freed it, or is another user's");
    }
    if (status != CW_OK) {
        return cw_rt_fail(cudaErrorMapBufferObjectFailed, "shared memory can't be mapped: %s", cw_status_text(status));
    }
    if (!cw_rt_allocations_add(&device->allocations, *pointer, (size_t)shared->size, CW_RT_MEMORY_IMPORTED, 0)) {
        backend->memory_free(device->backend, *pointer);
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory to keep account of an allocation");
    }
    return cudaSuccess;
}

/* ---- Handles ------------------------------------------------------------------------------------------------- */

_Static_assert(CUDA_IPC_HANDLE_SIZE == 64, "as cw_backend.h has it");

/* By the device's own handle, where it has such. */
static cudaError_t get_own_handle(cudaIpcMemHandle_t *handle, struct cw_rt_device *device, void *pointer) {
    const struct cw_backend *backend;
    cudaError_t error = cw_rt_backend(&backend);
    if (error != cudaSuccess) {
        return error;
    }
    cw_status status = backend->memory_handle(device->backend, pointer, (uint8_t *)handle->reserved);
    return status == CW_OK ? cudaSuccess
                           : cw_rt_fail(cw_rt_status_error(status), "%p can't be shared: %s", pointer,
                                        cw_status_text(status));
}

static bool has_own_handles(void) {
    const struct cw_backend *backend;
    return cw_rt_backend(&backend) == cudaSuccess && backend->memory_handle;
}

static cudaError_t get_handle(cudaIpcMemHandle_t *handle, void *pointer) {
    struct cw_rt_device *device, *owner;
    struct cw_rt_shared_memory shared;
    if (!handle) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the handle is NULL");
    }
    cudaError_t error = cw_rt_device_current(&device);
    if (error != cudaSuccess) {
        return error;
    }
    struct cw_rt_range range = cw_rt_memory_find(pointer, &owner);
    if (!owner || range.kind != CW_RT_MEMORY_DEVICE) {
        return cw_rt_fail(cudaErrorInvalidValue, "%p is not memory of cudaMalloc", pointer);
    }
    /* A pointer into an allocation stands for all of it. */
    if (has_own_handles()) {
        return get_own_handle(handle, owner, (void *)range.base);
    }
    error = cw_rt_share_memory(owner, (void *)range.base, range.size, &shared);
    if (error == cudaSuccess) {
        memset(handle, 0, sizeof *handle);
        memcpy(handle, &shared, sizeof shared);
    }
    return error;
}

cudaError_t cudaIpcGetMemHandle(cudaIpcMemHandle_t *handle, void *pointer) {
    return cw_rt_record(get_handle(handle, pointer));
}

/* A handle that is opened twice gives the same address, which then must be closed twice. */
struct opened {
    struct opened *next;
    cudaIpcMemHandle_t handle;
    struct cw_rt_device *device;
    void *pointer;
    unsigned count;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct opened *all_opened;

static cudaError_t map_own_handle(struct cw_rt_device *device, const cudaIpcMemHandle_t *handle, void **pointer) {
    const struct cw_backend *backend;
    size_t size = 0;
    cudaError_t error = cw_rt_backend(&backend);
    if (error != cudaSuccess) {
        return error;
    }
    cw_status status = backend->memory_open(device->backend, (const uint8_t *)handle->reserved, pointer, &size);
    if (status == CW_ERROR_INVALID_ARGUMENT) {
        return cw_rt_fail(cudaErrorDeviceUninitialized, "a process can't open handles of its own memory");
    }
    if (status != CW_OK) {
        return cw_rt_fail(status == CW_ERROR_NOT_FOUND ? cudaErrorInvalidResourceHandle : cw_rt_status_error(status),
                          "the handle stands for no memory of another process: %s", cw_status_text(status));
    }
    if (!cw_rt_allocations_add(&device->allocations, *pointer, size, CW_RT_MEMORY_IMPORTED, 0)) {
        backend->memory_free(device->backend, *pointer);
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory to keep account of an allocation");
    }
    return cudaSuccess;
}

static cudaError_t map_handle(struct cw_rt_device *device, const cudaIpcMemHandle_t *handle, void **pointer) {
    struct cw_rt_shared_memory shared;
    if (has_own_handles()) {
        return map_own_handle(device, handle, pointer);
    }
    memcpy(&shared, handle, sizeof shared);
    if (shared.magic == MAGIC && shared.process == (int32_t)getpid()) {
        return cw_rt_fail(cudaErrorDeviceUninitialized, "a process can't open handles of its own memory");
    }
    return cw_rt_map_memory(device, &shared, pointer);
}

/* With the lock held. */
static cudaError_t open_locked(struct cw_rt_device *device, const cudaIpcMemHandle_t *handle, void **pointer) {
    for (struct opened *opened = all_opened; opened; opened = opened->next) {
        if (opened->device == device && memcmp(&opened->handle, handle, sizeof *handle) == 0) {
            opened->count++;
            *pointer = opened->pointer;
            return cudaSuccess;
        }
    }
    struct opened *opened = malloc(sizeof *opened);
    if (!opened) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory to keep account of a handle");
    }
    cudaError_t error = map_handle(device, handle, pointer);
    if (error != cudaSuccess) {
        free(opened);
        return error;
    }
    *opened = (struct opened){all_opened, *handle, device, *pointer, 1};
    all_opened = opened;
    return cudaSuccess;
}

static cudaError_t open_handle(void **pointer, const cudaIpcMemHandle_t *handle, unsigned flags) {
    struct cw_rt_device *device;
    if (!pointer || flags != cudaIpcMemLazyEnablePeerAccess) {
        return cw_rt_fail(cudaErrorInvalidValue, "the flags are 0x%x: cudaIpcMemLazyEnablePeerAccess is wanted", flags);
    }
    cudaError_t error = cw_rt_device_current(&device);
    if (error != cudaSuccess) {
        return error;
    }
    pthread_mutex_lock(&lock);
    error = open_locked(device, handle, pointer);
    pthread_mutex_unlock(&lock);
    return error;
}

cudaError_t cudaIpcOpenMemHandle(void **pointer, cudaIpcMemHandle_t handle, unsigned flags) {
    return cw_rt_record(open_handle(pointer, &handle, flags));
}

static cudaError_t close_handle(void *pointer) {
    struct cw_rt_device *device;
    cudaError_t error = cw_rt_device_current(&device);
    if (error != cudaSuccess) {
        return error;
    }
    cw_rt_device_synchronize(device);
    pthread_mutex_lock(&lock);
    struct opened **link = &all_opened;
    while (*link && (*link)->pointer != pointer) {
        link = &(*link)->next;
    }
    struct opened *opened = *link;
    if (opened && --opened->count == 0) {
        *link = opened->next;
        cw_rt_memory_discard(opened->device, pointer, CW_RT_MEMORY_IMPORTED);
        free(opened);
    }
    pthread_mutex_unlock(&lock);
    return opened ? cudaSuccess
                  : cw_rt_fail(cudaErrorInvalidValue, "%p is not memory that cudaIpcOpenMemHandle gave", pointer);
}

cudaError_t cudaIpcCloseMemHandle(void *pointer) {
    return cw_rt_record(close_handle(pointer));
}
