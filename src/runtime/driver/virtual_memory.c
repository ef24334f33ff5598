/* SPDX-License-Identifier: Apache-2.0 */
/*
 * virtual_memory.c: addresses and memory apart (Driver API reference, "Virtual Memory Management"): addresses are reserved,
 * memory is created, mapped there, and made accessible.
 *
 * The backend does it (cw_backend.h, "Addresses and memory apart"); here is the account of it, which says what is in bounds. The
 * accessible parts of a reservation stand in the table of ranges, adjacent ones as one, so that copies may cross from one piece
 * of memory to the next.
 */
#include <pthread.h>
#include <stdlib.h>

#include "runtime/driver/driver.h"
#include "runtime/stream.h"

/* What cuMemCreate makes. Lives while a handle or a mapping holds it. */
struct memory {
    struct memory *next;
    struct cw_rt_device *device;
    CUmemAllocationProp prop;
    size_t size; /* 0: nobody can tell */
    struct cw_backend_pages *pages;
    unsigned handles, mappings;
};

struct mapping {
    struct mapping *next; /* in the order of addresses */
    struct memory *memory;
    uintptr_t base;
    size_t size;
    unsigned char access[CW_RT_DEVICES_MAX]; /* CUmemAccess_flags of each device */
};

struct reservation {
    struct reservation *next;
    struct cw_rt_device *device; /* that was current */
    uintptr_t base;
    size_t size;
    struct mapping *mappings;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct memory *memories;
static struct reservation *reservations;

/* ---- Devices ----------------------------------------------------------------------------------------------------- */

static const struct cw_backend *backend_of_process(void) {
    const struct cw_backend *backend = NULL;
    (void)cw_rt_backend(&backend);
    return backend;
}

static cudaError_t check_device(const struct cw_rt_device *device) {
    return backend_of_process()->pages_create
               ? cudaSuccess
               : cw_rt_fail(cudaErrorNotSupported, "the device %s has no virtual memory management", device->facts.name);
}

static size_t granularity_of(struct cw_rt_device *device) {
    return backend_of_process()->pages_granularity(device->backend, false);
}

/* Of a device by its number, opened. */
static cudaError_t find_device(int ordinal, struct cw_rt_device **device) {
    cudaError_t error = cw_rt_device_at(ordinal, device);
    if (error == cudaSuccess) {
        error = cw_rt_device_open(*device);
    }
    return error == cudaSuccess ? check_device(*device) : error;
}

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

static bool is_accessible(const struct mapping *mapping) {
    for (size_t i = 0; i < CW_RT_DEVICES_MAX; i++) {
        if (mapping->access[i] != CU_MEM_ACCESS_FLAGS_PROT_NONE) {
            return true;
        }
    }
    return false;
}

/* Enters each run of accessible mappings as one range of the device of its first. */
static void enter_ranges(const struct reservation *reservation) {
    const struct mapping *mapping = reservation->mappings;
    while (mapping) {
        const struct mapping *first = mapping;
        size_t size = 0;
        while (mapping && is_accessible(mapping) && mapping->base == first->base + size) {
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

static cudaError_t reserve(CUdeviceptr *place, size_t size, size_t alignment, CUdeviceptr wish, uint64_t flags) {
    struct cw_rt_device *device;
    void *base = NULL;
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = check_device(device);
    }
    if (error != cudaSuccess) {
        return error;
    }
    size_t granularity = granularity_of(device);
    if (!place || size == 0 || size % granularity != 0 || (alignment & (alignment - 1)) || flags != 0) {
        return cw_rt_fail(cudaErrorInvalidValue,
                          "%zu bytes of addresses, aligned to %zu, flags 0x%llx: multiples of %zu are wanted", size,
                          alignment, (unsigned long long)flags, granularity);
    }
    struct reservation *reservation = calloc(1, sizeof *reservation);
    if (!reservation || backend_of_process()->range_reserve(device->backend, size, alignment, cw_driver_pointer(wish),
                                                            &base) != CW_OK) {
        free(reservation);
        return cw_rt_fail(cudaErrorMemoryAllocation, "no room for %zu bytes of addresses", size);
    }
    reservation->device = device;
    reservation->base = (uintptr_t)base;
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
        backend_of_process()->range_free(reservation->device->backend, (void *)reservation->base, size);
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
    return find_device(prop->location.id, device);
}

/* Enters memory, which it takes over. */
static cudaError_t enter_memory(CUmemGenericAllocationHandle *handle, struct cw_rt_device *device, size_t size,
                                const CUmemAllocationProp *prop, struct cw_backend_pages *pages) {
    struct memory *memory = calloc(1, sizeof *memory);
    if (!memory) {
        backend_of_process()->pages_destroy(pages);
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory for a handle");
    }
    *memory = (struct memory){.device = device, .prop = *prop, .size = size, .pages = pages, .handles = 1};
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
    struct cw_backend_pages *pages;
    cudaError_t error = cw_driver_place(handle, "handle");
    if (error == cudaSuccess) {
        error = check_prop(prop, &device);
    }
    if (error == cudaSuccess && (size == 0 || size % granularity_of(device) != 0 || flags != 0)) {
        error = cw_rt_fail(cudaErrorInvalidValue, "%zu bytes of memory, flags 0x%llx: a multiple of %zu is wanted",
                           size, (unsigned long long)flags, granularity_of(device));
    }
    if (error != cudaSuccess) {
        return error;
    }
    bool shareable = (prop->requestedHandleTypes & CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR) != 0;
    cw_status status = backend_of_process()->pages_create(device->backend, size, shareable, &pages);
    return status == CW_OK ? enter_memory(handle, device, size, prop, pages)
                           : cw_rt_fail(cw_rt_status_error(status), "%zu bytes of device memory", size);
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
    backend_of_process()->pages_destroy(memory->pages);
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
        *place = backend_of_process()->pages_granularity(device->backend,
                                                         option == CU_MEM_ALLOC_GRANULARITY_RECOMMENDED);
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
    if (!link || (memory->size > 0 && size > memory->size)) {
        return cw_rt_fail(cudaErrorInvalidValue, "%zu bytes at %p are not reserved, mapped already, or exceed %zu",
                          size, cw_driver_pointer(pointer), memory->size);
    }
    struct mapping *mapping = calloc(1, sizeof *mapping);
    if (!mapping || backend_of_process()->range_map(memory->device->backend, cw_driver_pointer(pointer), size,
                                                    memory->pages) != CW_OK) {
        free(mapping);
        return cw_rt_fail(cudaErrorMemoryAllocation, "%zu bytes can't be mapped", size);
    }
    *mapping = (struct mapping){.next = *link, .memory = memory, .base = pointer, .size = size};
    *link = mapping;
    memory->mappings++;
    return cudaSuccess;
}

static cudaError_t map(CUdeviceptr pointer, size_t size, size_t offset, CUmemGenericAllocationHandle handle,
                       uint64_t flags) {
    pthread_mutex_lock(&lock);
    const struct reservation *reservation = find_reservation(pointer, size);
    size_t granularity = reservation ? granularity_of(reservation->device) : 1;
    bool fits = size > 0 && size % granularity == 0 && pointer % granularity == 0 && offset == 0 && flags == 0;
    cudaError_t error =
        fits ? map_locked(pointer, size, handle)
             : cw_rt_fail(cudaErrorInvalidValue,
                          "%zu bytes at %p from offset %zu, flags 0x%llx: multiples of %zu from 0 are wanted", size,
                          cw_driver_pointer(pointer), offset, (unsigned long long)flags, granularity);
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
        cw_rt_device_synchronize((*first)->memory->device);
        backend_of_process()->range_unmap((*first)->memory->device->backend, cw_driver_pointer(pointer), size);
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

/* ---- Access -------------------------------------------------------------------------------------------------------- */

static cudaError_t check_access(const CUmemAccessDesc *descs, size_t count) {
    struct cw_rt_device *device;
    cudaError_t error = cudaSuccess;
    if (!descs || count == 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "%zu descriptions of access at %p", count, (const void *)descs);
    }
    for (size_t i = 0; i < count && error == cudaSuccess; i++) {
        CUmemAccess_flags flags = descs[i].flags;
        if (flags != CU_MEM_ACCESS_FLAGS_PROT_NONE && flags != CU_MEM_ACCESS_FLAGS_PROT_READ &&
            flags != CU_MEM_ACCESS_FLAGS_PROT_READWRITE) {
            return cw_rt_fail(cudaErrorInvalidValue, "there is no access 0x%x", (unsigned)flags);
        }
        if (descs[i].location.type != CU_MEM_LOCATION_TYPE_DEVICE) {
            return cw_rt_fail(cudaErrorInvalidValue, "the location of access %zu is no device", i);
        }
        error = find_device(descs[i].location.id, &device);
    }
    return error;
}

/* Of one device. On devices that share the host's memory what one may do all may. */
static cudaError_t set_one(struct mapping *first, CUdeviceptr pointer, size_t size, const CUmemAccessDesc *desc) {
    struct cw_rt_device *device;
    cudaError_t error = find_device(desc->location.id, &device);
    unsigned char old[CW_RT_DEVICES_MAX] = {0};
    unsigned flags = (unsigned)desc->flags;
    if (error != cudaSuccess) {
        return error;
    }
    for (struct mapping *mapping = first; mapping && mapping->base < pointer + size; mapping = mapping->next) {
        mapping->access[desc->location.id] = (unsigned char)desc->flags;
        for (size_t i = 0; i < CW_RT_DEVICES_MAX; i++) {
            old[i] = mapping->access[i] > old[i] ? mapping->access[i] : old[i];
        }
    }
    for (size_t i = 0; i < CW_RT_DEVICES_MAX && device->facts.unified_memory; i++) {
        flags = old[i] > flags ? old[i] : flags;
    }
    cw_status status = backend_of_process()->range_access(device->backend, cw_driver_pointer(pointer), size,
                                                          flags != CU_MEM_ACCESS_FLAGS_PROT_NONE,
                                                          flags == CU_MEM_ACCESS_FLAGS_PROT_READWRITE);
    return status == CW_OK ? cudaSuccess
                           : cw_rt_fail(cw_rt_status_error(status), "the access of %zu bytes can't be changed", size);
}

static cudaError_t set_access(CUdeviceptr pointer, size_t size, const CUmemAccessDesc *descs, size_t count) {
    cudaError_t error = check_access(descs, count);
    if (error != cudaSuccess) {
        return error;
    }
    pthread_mutex_lock(&lock);
    struct reservation *reservation = find_reservation(pointer, size);
    struct mapping **first = reservation ? whole_mappings(reservation, pointer, size) : NULL;
    error = first ? cudaSuccess : no_whole_mappings(pointer, size);
    if (first) {
        forget_ranges(reservation);
        for (size_t i = 0; i < count && error == cudaSuccess; i++) {
            error = set_one(*first, pointer, size, &descs[i]);
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
        *flags = mapping->access[location->id];
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
    int file = -1;
    if (!memory) {
        error = no_memory_handle();
    } else if (!(memory->prop.requestedHandleTypes & CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR)) {
        error = cw_rt_fail(cudaErrorInvalidValue, "the memory was not created with requestedHandleTypes for this");
    } else {
        error = cw_rt_status_error(backend_of_process()->pages_export(memory->pages, &file));
    }
    pthread_mutex_unlock(&lock);
    if (error == cudaSuccess) {
        *(int *)place = file;
    }
    return error;
}

CUresult cuMemExportToShareableHandle(void *place, CUmemGenericAllocationHandle handle, CUmemAllocationHandleType type,
                                      unsigned long long flags) {
    return CW_DRIVER_PLAIN(export_handle(place, handle, type, flags));
}

/* The memory is said to be the current device's, or the first one's. */
static cudaError_t import_handle(CUmemGenericAllocationHandle *handle, int file, CUmemAllocationHandleType type) {
    struct cw_backend_pages *pages;
    size_t size = 0;
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
    return backend_of_process()->pages_import(device->backend, file, &size, &pages) == CW_OK
               ? enter_memory(handle, device, size, &prop, pages)
               : cw_rt_fail(cudaErrorInvalidValue, "the descriptor %d is not that of memory", file);
}

CUresult cuMemImportFromShareableHandle(CUmemGenericAllocationHandle *handle, void *os_handle,
                                        CUmemAllocationHandleType type) {
    return CW_DRIVER_PLAIN(import_handle(handle, (int)(intptr_t)os_handle, type));
}
