/* SPDX-License-Identifier: Apache-2.0 */
/*
 * virtual_memory.c: addresses and memory apart (Driver API reference, "Virtual Memory Management"): addresses are reserved,
 * memory is created, mapped there, and made accessible.
 *
 * On devices that share the host's memory this is what the operating system does: a reservation is a mapping without
 * access, memory is a file in memory, whose descriptor other processes may get. The accessible parts of a reservation stand
 * in the table of ranges, adjacent ones as one, so that copies may cross from one piece of memory to the next.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/driver/driver.h"

#define GRANULARITY ((size_t)2 << 20)

/* What cuMemCreate makes. Lives while a handle or a mapping holds it. */
struct memory {
    struct memory *next;
    struct cw_rt_device *device;
    CUmemAllocationProp prop;
    size_t size;
    int file;
    unsigned handles, mappings;
};

struct mapping {
    struct mapping *next; /* in the order of addresses */
    struct memory *memory;
    uintptr_t base;
    size_t size;
    CUmemAccess_flags access;
};

struct reservation {
    struct reservation *next;
    uintptr_t base;
    size_t size;
    struct mapping *mappings;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct memory *memories;
static struct reservation *reservations;

/* ---- Finding; with the lock held --------------------------------------------------------------------------------- */

static struct memory *find_memory(CUmemGenericAllocationHandle handle) {
    struct memory *memory = memories;
    while (memory && ((uintptr_t)memory != handle || memory->handles == 0)) {
        memory = memory->next;
    }
    return memory;
}

static struct reservation *find_reservation(uintptr_t base, size_t size) {
    struct reservation *reservation = reservations;
    while (reservation && (base < reservation->base || base - reservation->base >= reservation->size ||
                           size > reservation->size - (base - reservation->base))) {
        reservation = reservation->next;
    }
    return reservation;
}

static struct mapping *find_mapping(uintptr_t address) {
    struct reservation *reservation = find_reservation(address, 1);
    struct mapping *mapping = reservation ? reservation->mappings : NULL;
    while (mapping && (address < mapping->base || address - mapping->base >= mapping->size)) {
        mapping = mapping->next;
    }
    return mapping;
}

static cudaError_t no_memory_handle(void) {
    return cw_rt_fail(cudaErrorInvalidValue, "the handle is no memory of cuMemCreate, or was released");
}

/* ---- The table of ranges ----------------------------------------------------------------------------------------- */

static void forget_ranges(const struct reservation *reservation) {
    struct cw_rt_range range;
    for (const struct mapping *mapping = reservation->mappings; mapping; mapping = mapping->next) {
        cw_rt_allocations_remove(&mapping->memory->device->allocations, (const void *)mapping->base,
                                 1u << CW_RT_MEMORY_VIRTUAL, &range);
    }
}

/* Enters each run of accessible mappings as one range of the device of its first. */
static void enter_ranges(const struct reservation *reservation) {
    const struct mapping *mapping = reservation->mappings;
    while (mapping) {
        const struct mapping *first = mapping;
        size_t size = 0;
        while (mapping && mapping->access != CU_MEM_ACCESS_FLAGS_PROT_NONE && mapping->base == first->base + size) {
            size += mapping->size;
            mapping = mapping->next;
        }
        if (size > 0) {
            cw_rt_allocations_add(&first->memory->device->allocations, (const void *)first->base, size,
                                  CW_RT_MEMORY_VIRTUAL, 0);
        } else {
            mapping = mapping->next;
        }
    }
}

/* ---- Addresses --------------------------------------------------------------------------------------------------- */

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

static cudaError_t reserve(CUdeviceptr *place, size_t size, size_t alignment, CUdeviceptr wish, uint64_t flags) {
    size_t all_size;
    alignment = alignment < GRANULARITY ? GRANULARITY : alignment;
    if (!place || size == 0 || size % GRANULARITY != 0 || (alignment & (alignment - 1)) || flags != 0 ||
        __builtin_add_overflow(size, alignment, &all_size)) {
        return cw_rt_fail(cudaErrorInvalidValue,
                          "%zu bytes of addresses, aligned to %zu, flags 0x%llx: multiples of %zu are wanted", size,
                          alignment, (unsigned long long)flags, GRANULARITY);
    }
    struct reservation *reservation = calloc(1, sizeof *reservation);
    void *all = reservation ? mmap(cw_driver_pointer(wish), all_size, PROT_NONE,
                                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
                            : MAP_FAILED;
    if (all == MAP_FAILED) {
        free(reservation);
        return cw_rt_fail(cudaErrorMemoryAllocation, "no room for %zu bytes of addresses", size);
    }
    reservation->base = (uintptr_t)trim(all, all_size, size, alignment);
    reservation->size = size;
    pthread_mutex_lock(&lock);
    reservation->next = reservations;
    reservations = reservation;
    pthread_mutex_unlock(&lock);
    *place = reservation->base;
    return cudaSuccess;
}

CUresult cuMemAddressReserve(CUdeviceptr *pointer, size_t size, size_t alignment, CUdeviceptr wish,
                             unsigned long long flags) {
    return CW_DRIVER_PLAIN(reserve(pointer, size, alignment, wish, flags));
}

static cudaError_t address_free(CUdeviceptr pointer, size_t size) {
    cudaError_t error = cudaSuccess;
    pthread_mutex_lock(&lock);
    struct reservation **link = &reservations;
    while (*link && ((*link)->base != pointer || (*link)->size != size)) {
        link = &(*link)->next;
    }
    struct reservation *reservation = *link;
    if (!reservation || reservation->mappings) {
        error = cw_rt_fail(cudaErrorInvalidValue, reservation ? "memory is still mapped to these addresses"
                                                              : "these addresses were not reserved as one");
    } else {
        *link = reservation->next;
        munmap((void *)reservation->base, size);
        free(reservation);
    }
    pthread_mutex_unlock(&lock);
    return error;
}

CUresult cuMemAddressFree(CUdeviceptr pointer, size_t size) {
    return CW_DRIVER_PLAIN(address_free(pointer, size));
}

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

static cudaError_t check_prop(const CUmemAllocationProp *prop, struct cw_rt_device **device) {
    if (!prop || prop->type != CU_MEM_ALLOCATION_TYPE_PINNED) {
        return cw_rt_fail(cudaErrorInvalidValue, "properties of pinned memory are wanted");
    }
    if (prop->location.type != CU_MEM_LOCATION_TYPE_DEVICE) {
        return prop->location.type == CU_MEM_LOCATION_TYPE_INVALID
                   ? cw_rt_fail(cudaErrorInvalidValue, "the location's type is invalid")
                   : cw_rt_fail(cudaErrorNotSupported, "memory at locations other than a device");
    }
    if (prop->requestedHandleTypes & ~(unsigned)CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR) {
        return cw_rt_fail(cudaErrorNotSupported, "handles of types 0x%x: file descriptors are supported",
                          (unsigned)prop->requestedHandleTypes);
    }
    cudaError_t error = cw_rt_device_at(prop->location.id, device);
    if (error == cudaSuccess) {
        error = cw_rt_device_open(*device);
    }
    if (error == cudaSuccess && !(*device)->facts.unified_memory) {
        error =
            cw_rt_fail(cudaErrorNotSupported, "the device %s has no virtual memory management", (*device)->facts.name);
    }
    return error;
}

/* Enters memory that is the file `file`, which it takes over. */
static cudaError_t enter_memory(CUmemGenericAllocationHandle *handle, struct cw_rt_device *device, size_t size,
                                const CUmemAllocationProp *prop, int file) {
    struct memory *memory = calloc(1, sizeof *memory);
    if (!memory) {
        close(file);
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory for a handle");
    }
    *memory = (struct memory){.device = device, .prop = *prop, .size = size, .file = file, .handles = 1};
    pthread_mutex_lock(&lock);
    memory->next = memories;
    memories = memory;
    pthread_mutex_unlock(&lock);
    *handle = (uintptr_t)memory;
    return cudaSuccess;
}

static cudaError_t create(CUmemGenericAllocationHandle *handle, size_t size, const CUmemAllocationProp *prop,
                          uint64_t flags) {
    struct cw_rt_device *device;
    const struct cw_backend *backend;
    uint64_t free_bytes = 0, total = 0;
    cudaError_t error = cw_driver_place(handle, "handle");
    if (error == cudaSuccess) {
        error = check_prop(prop, &device);
    }
    if (error == cudaSuccess && (size == 0 || size % GRANULARITY != 0 || flags != 0)) {
        error = cw_rt_fail(cudaErrorInvalidValue, "%zu bytes of memory, flags 0x%llx: a multiple of %zu is wanted",
                           size, (unsigned long long)flags, GRANULARITY);
    }
    if (error == cudaSuccess) {
        error = cw_rt_backend(&backend);
    }
    if (error != cudaSuccess) {
        return error;
    }
    backend->memory_info(device->backend, &free_bytes, &total);
    int file = size > free_bytes ? -1 : memfd_create("cuda-wasm", MFD_CLOEXEC);
    if (file < 0 || ftruncate(file, (off_t)size) != 0) {
        if (file >= 0) {
            close(file);
        }
        return cw_rt_fail(cudaErrorMemoryAllocation, "%zu bytes of device memory", size);
    }
    return enter_memory(handle, device, size, prop, file);
}

CUresult cuMemCreate(CUmemGenericAllocationHandle *handle, size_t size, const CUmemAllocationProp *prop,
                     unsigned long long flags) {
    return CW_DRIVER_PLAIN(create(handle, size, prop, flags));
}

/* Frees memory that nothing holds any more. With the lock held. */
static void drop(struct memory *memory) {
    if (memory->handles > 0 || memory->mappings > 0) {
        return;
    }
    struct memory **link = &memories;
    while (*link != memory) {
        link = &(*link)->next;
    }
    *link = memory->next;
    close(memory->file);
    free(memory);
}

static cudaError_t release(CUmemGenericAllocationHandle handle) {
    pthread_mutex_lock(&lock);
    struct memory *memory = find_memory(handle);
    if (memory) {
        memory->handles--;
        drop(memory);
    }
    pthread_mutex_unlock(&lock);
    return memory ? cudaSuccess : no_memory_handle();
}

CUresult cuMemRelease(CUmemGenericAllocationHandle handle) {
    return CW_DRIVER_PLAIN(release(handle));
}

static cudaError_t retain(CUmemGenericAllocationHandle *handle, const void *address) {
    cudaError_t error = cw_driver_place(handle, "handle");
    if (error != cudaSuccess) {
        return error;
    }
    pthread_mutex_lock(&lock);
    struct mapping *mapping = find_mapping((uintptr_t)address);
    if (mapping) {
        mapping->memory->handles++;
        *handle = (uintptr_t)mapping->memory;
    }
    pthread_mutex_unlock(&lock);
    return mapping ? cudaSuccess : cw_rt_fail(cudaErrorInvalidValue, "no memory is mapped to %p", address);
}

CUresult cuMemRetainAllocationHandle(CUmemGenericAllocationHandle *handle, void *address) {
    return CW_DRIVER_PLAIN(retain(handle, address));
}

static cudaError_t properties(CUmemAllocationProp *prop, CUmemGenericAllocationHandle handle) {
    cudaError_t error = cw_driver_place(prop, "properties");
    if (error != cudaSuccess) {
        return error;
    }
    pthread_mutex_lock(&lock);
    struct memory *memory = find_memory(handle);
    if (memory) {
        *prop = memory->prop;
    }
    pthread_mutex_unlock(&lock);
    return memory ? cudaSuccess : no_memory_handle();
}

CUresult cuMemGetAllocationPropertiesFromHandle(CUmemAllocationProp *prop, CUmemGenericAllocationHandle handle) {
    return CW_DRIVER_PLAIN(properties(prop, handle));
}

static cudaError_t granularity(size_t *place, const CUmemAllocationProp *prop,
                               CUmemAllocationGranularity_flags option) {
    struct cw_rt_device *device;
    cudaError_t error = cw_driver_place(place, "granularity");
    if (error == cudaSuccess && (unsigned)option > CU_MEM_ALLOC_GRANULARITY_RECOMMENDED) {
        error = cw_rt_fail(cudaErrorInvalidValue, "there is no option %d of granularity", (int)option);
    }
    if (error == cudaSuccess) {
        error = check_prop(prop, &device);
    }
    if (error == cudaSuccess) {
        *place = GRANULARITY;
    }
    return error;
}

CUresult cuMemGetAllocationGranularity(size_t *place, const CUmemAllocationProp *prop,
                                       CUmemAllocationGranularity_flags option) {
    return CW_DRIVER_PLAIN(granularity(place, prop, option));
}

/* ---- Mapping ----------------------------------------------------------------------------------------------------- */

/* Where a mapping of [base, base + size) goes in the reservation's list; NULL when one is there already. */
static struct mapping **room_for(struct reservation *reservation, uintptr_t base, size_t size) {
    struct mapping **link = &reservation->mappings;
    while (*link && (*link)->base + (*link)->size <= base) {
        link = &(*link)->next;
    }
    return *link && (*link)->base < base + size ? NULL : link;
}

static cudaError_t map_locked(CUdeviceptr pointer, size_t size, CUmemGenericAllocationHandle handle) {
    struct memory *memory = find_memory(handle);
    struct reservation *reservation = find_reservation(pointer, size);
    if (!memory) {
        return no_memory_handle();
    }
    struct mapping **link = reservation ? room_for(reservation, pointer, size) : NULL;
    if (!link || size > memory->size) {
        return cw_rt_fail(cudaErrorInvalidValue, "%zu bytes at %p are not reserved, mapped already, or exceed %zu",
                          size, cw_driver_pointer(pointer), memory->size);
    }
    struct mapping *mapping = calloc(1, sizeof *mapping);
    if (!mapping ||
        mmap(cw_driver_pointer(pointer), size, PROT_NONE, MAP_SHARED | MAP_FIXED, memory->file, 0) == MAP_FAILED) {
        free(mapping);
        return cw_rt_fail(cudaErrorMemoryAllocation, "%zu bytes can't be mapped", size);
    }
    *mapping = (struct mapping){*link, memory, pointer, size, CU_MEM_ACCESS_FLAGS_PROT_NONE};
    *link = mapping;
    memory->mappings++;
    return cudaSuccess;
}

static cudaError_t map(CUdeviceptr pointer, size_t size, size_t offset, CUmemGenericAllocationHandle handle,
                       uint64_t flags) {
    if (size == 0 || size % GRANULARITY != 0 || pointer % GRANULARITY != 0 || offset != 0 || flags != 0) {
        return cw_rt_fail(cudaErrorInvalidValue,
                          "%zu bytes at %p from offset %zu, flags 0x%llx: multiples of %zu from 0 are wanted", size,
                          cw_driver_pointer(pointer), offset, (unsigned long long)flags, GRANULARITY);
    }
    pthread_mutex_lock(&lock);
    cudaError_t error = map_locked(pointer, size, handle);
    pthread_mutex_unlock(&lock);
    return error;
}

CUresult cuMemMap(CUdeviceptr pointer, size_t size, size_t offset, CUmemGenericAllocationHandle handle,
                  unsigned long long flags) {
    return CW_DRIVER_PLAIN(map(pointer, size, offset, handle, flags));
}

/* The first mapping of [base, base + size) if whole mappings fill it without a gap. */
static struct mapping **whole_mappings(struct reservation *reservation, uintptr_t base, size_t size) {
    struct mapping **first = &reservation->mappings;
    while (*first && (*first)->base != base) {
        first = &(*first)->next;
    }
    uintptr_t at = base;
    for (const struct mapping *mapping = *first; mapping && at < base + size && mapping->base == at;
         mapping = mapping->next) {
        at += mapping->size;
    }
    return *first && at == base + size ? first : NULL;
}

static cudaError_t no_whole_mappings(CUdeviceptr pointer, size_t size) {
    return cw_rt_fail(cudaErrorInvalidValue, "%zu bytes at %p are not whole mappings", size,
                      cw_driver_pointer(pointer));
}

static cudaError_t unmap(CUdeviceptr pointer, size_t size) {
    pthread_mutex_lock(&lock);
    struct reservation *reservation = find_reservation(pointer, size);
    struct mapping **first = reservation ? whole_mappings(reservation, pointer, size) : NULL;
    cudaError_t error = first ? cudaSuccess : no_whole_mappings(pointer, size);
    if (first) {
        forget_ranges(reservation);
        (void)mmap(cw_driver_pointer(pointer), size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED,
                   -1, 0);
        while (*first && (*first)->base < pointer + size) {
            struct mapping *mapping = *first;
            *first = mapping->next;
            mapping->memory->mappings--;
            drop(mapping->memory);
            free(mapping);
        }
        enter_ranges(reservation);
    }
    pthread_mutex_unlock(&lock);
    return error;
}

CUresult cuMemUnmap(CUdeviceptr pointer, size_t size) {
    return CW_DRIVER_PLAIN(unmap(pointer, size));
}

/* ---- Access: what one device may do all may, since they share the memory ----------------------------------------- */

static cudaError_t read_access(const CUmemAccessDesc *descs, size_t count, CUmemAccess_flags *access) {
    struct cw_rt_device *device;
    *access = CU_MEM_ACCESS_FLAGS_PROT_NONE;
    if (!descs || count == 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "%zu descriptions of access at %p", count, (const void *)descs);
    }
    for (size_t i = 0; i < count; i++) {
        CUmemAccess_flags flags = descs[i].flags;
        if (flags != CU_MEM_ACCESS_FLAGS_PROT_NONE && flags != CU_MEM_ACCESS_FLAGS_PROT_READ &&
            flags != CU_MEM_ACCESS_FLAGS_PROT_READWRITE) {
            return cw_rt_fail(cudaErrorInvalidValue, "there is no access 0x%x", (unsigned)flags);
        }
        if (descs[i].location.type != CU_MEM_LOCATION_TYPE_DEVICE) {
            return cw_rt_fail(cudaErrorInvalidValue, "the location of access %zu is no device", i);
        }
        cudaError_t error = cw_rt_device_at(descs[i].location.id, &device);
        if (error != cudaSuccess) {
            return error;
        }
        *access = flags > *access ? flags : *access;
    }
    return cudaSuccess;
}

static cudaError_t set_access(CUdeviceptr pointer, size_t size, const CUmemAccessDesc *descs, size_t count) {
    CUmemAccess_flags access;
    cudaError_t error = read_access(descs, count, &access);
    if (error != cudaSuccess) {
        return error;
    }
    int protection = access == CU_MEM_ACCESS_FLAGS_PROT_NONE   ? PROT_NONE
                     : access == CU_MEM_ACCESS_FLAGS_PROT_READ ? PROT_READ
                                                               : PROT_READ | PROT_WRITE;
    pthread_mutex_lock(&lock);
    struct reservation *reservation = find_reservation(pointer, size);
    struct mapping **first = reservation ? whole_mappings(reservation, pointer, size) : NULL;
    error = first ? cudaSuccess : no_whole_mappings(pointer, size);
    if (first) {
        forget_ranges(reservation);
        if (mprotect(cw_driver_pointer(pointer), size, protection) == 0) {
            for (struct mapping *mapping = *first; mapping && mapping->base < pointer + size; mapping = mapping->next) {
                mapping->access = access;
            }
        } else {
            error = cw_rt_fail(cudaErrorMemoryAllocation, "the access of %zu bytes can't be changed", size);
        }
        enter_ranges(reservation);
    }
    pthread_mutex_unlock(&lock);
    return error;
}

CUresult cuMemSetAccess(CUdeviceptr pointer, size_t size, const CUmemAccessDesc *descs, size_t count) {
    return CW_DRIVER_PLAIN(set_access(pointer, size, descs, count));
}

static cudaError_t get_access(unsigned long long *flags, const CUmemLocation *location, CUdeviceptr pointer) {
    struct cw_rt_device *device;
    if (!flags || !location || location->type != CU_MEM_LOCATION_TYPE_DEVICE) {
        return cw_rt_fail(cudaErrorInvalidValue, "a device and a place for the access are wanted");
    }
    cudaError_t error = cw_rt_device_at(location->id, &device);
    if (error != cudaSuccess) {
        return error;
    }
    pthread_mutex_lock(&lock);
    const struct mapping *mapping = find_mapping(pointer);
    if (mapping) {
        *flags = mapping->access;
    }
    pthread_mutex_unlock(&lock);
    return mapping ? cudaSuccess
                   : cw_rt_fail(cudaErrorInvalidValue, "no memory is mapped to %p", cw_driver_pointer(pointer));
}

CUresult cuMemGetAccess(unsigned long long *flags, const CUmemLocation *location, CUdeviceptr pointer) {
    return CW_DRIVER_PLAIN(get_access(flags, location, pointer));
}

/* ---- Between processes ------------------------------------------------------------------------------------------- */

static cudaError_t export_handle(void *place, CUmemGenericAllocationHandle handle, CUmemAllocationHandleType type,
                                 uint64_t flags) {
    cudaError_t error = cw_driver_place(place, "shareable handle");
    if (error == cudaSuccess && (type != CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR || flags != 0)) {
        error = cw_rt_fail(cudaErrorInvalidValue, "a handle of type %d, flags 0x%llx: file descriptors are supported",
                           (int)type, (unsigned long long)flags);
    }
    if (error != cudaSuccess) {
        return error;
    }
    pthread_mutex_lock(&lock);
    const struct memory *memory = find_memory(handle);
    int copy = -1;
    if (!memory) {
        error = no_memory_handle();
    } else if (!(memory->prop.requestedHandleTypes & CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR)) {
        error = cw_rt_fail(cudaErrorInvalidValue, "the memory was not created with requestedHandleTypes for this");
    } else {
        copy = fcntl(memory->file, F_DUPFD_CLOEXEC, 0);
    }
    pthread_mutex_unlock(&lock);
    if (error == cudaSuccess && copy < 0) {
        error = cw_rt_fail(cudaErrorOperatingSystem, "no file descriptor is left");
    }
    if (error == cudaSuccess) {
        *(int *)place = copy;
    }
    return error;
}

CUresult cuMemExportToShareableHandle(void *place, CUmemGenericAllocationHandle handle, CUmemAllocationHandleType type,
                                      unsigned long long flags) {
    return CW_DRIVER_PLAIN(export_handle(place, handle, type, flags));
}

/* The memory is said to be the current device's, or the first one's. */
static cudaError_t import_handle(CUmemGenericAllocationHandle *handle, int file, CUmemAllocationHandleType type) {
    struct stat facts;
    CUmemAllocationProp prop = {.type = CU_MEM_ALLOCATION_TYPE_PINNED,
                                .requestedHandleTypes = CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR,
                                .location = {CU_MEM_LOCATION_TYPE_DEVICE, cw_rt_thread()->device}};
    struct cw_rt_device *device;
    cudaError_t error = cw_driver_place(handle, "handle");
    if (error == cudaSuccess && type != CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR) {
        error = cw_rt_fail(cudaErrorNotSupported, "a handle of type %d: file descriptors are supported", (int)type);
    }
    if (error == cudaSuccess) {
        error = check_prop(&prop, &device);
    }
    if (error != cudaSuccess) {
        return error;
    }
    if (fstat(file, &facts) != 0 || facts.st_size <= 0 || (size_t)facts.st_size % GRANULARITY != 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "the descriptor %d is not that of memory", file);
    }
    int copy = fcntl(file, F_DUPFD_CLOEXEC, 0);
    return copy < 0 ? cw_rt_fail(cudaErrorOperatingSystem, "no file descriptor is left")
                    : enter_memory(handle, device, (size_t)facts.st_size, &prop, copy);
}

CUresult cuMemImportFromShareableHandle(CUmemGenericAllocationHandle *handle, void *os_handle,
                                        CUmemAllocationHandleType type) {
    return CW_DRIVER_PLAIN(import_handle(handle, (int)(intptr_t)os_handle, type));
}
