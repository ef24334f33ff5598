/* SPDX-License-Identifier: Apache-2.0 */
/*
 * heap.c: device memory. It is taken from the driver in large blocks, each with one buffer over it, and given away in
 * pieces, first fit: drivers allow few allocations (maxMemoryAllocationCount), and make them slowly. A pointer is a buffer
 * device address. Where such addresses are not the host's own, they are reserved in the host's address space too, since
 * CUDA's programs tell host from device memory by address.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "backend/vulkan/device.h"

#define BLOCK_BYTES (UINT64_C(64) << 20)
#define ALIGNMENT ((uint64_t)CW_MEMORY_ALIGNMENT)
#define REJECTED_MAX 16

static int find_memory_type(const struct cw_backend_device *device, uint32_t allowed, VkMemoryPropertyFlags flags) {
    for (uint32_t i = 0; i < device->memory.memoryTypeCount; i++) {
        if (allowed & 1u << i && (device->memory.memoryTypes[i].propertyFlags & flags) == flags) {
            return (int)i;
        }
    }
    return -1;
}

static VkResult bind_memory(struct cw_backend_device *device, struct cw_vk_block *block, bool host) {
    static const VkMemoryPropertyFlags visible = VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
    VkMemoryRequirements needs;
    device->vk.GetBufferMemoryRequirements(device->handle, block->buffer, &needs);
    int type = host ? find_memory_type(device, needs.memoryTypeBits, visible | VK_MEMORY_PROPERTY_HOST_CACHED_BIT)
                    : find_memory_type(device, needs.memoryTypeBits, VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT);
    if (type < 0) {
        type = find_memory_type(device, needs.memoryTypeBits, host ? visible : 0);
    }
    if (type < 0) {
        return VK_ERROR_OUT_OF_DEVICE_MEMORY;
    }
    VkMemoryAllocateFlagsInfo flags = {.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_FLAGS_INFO, .flags = VK_MEMORY_ALLOCATE_DEVICE_ADDRESS_BIT};
    VkMemoryAllocateInfo info = {.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO,
                                 .pNext = &flags,
                                 .allocationSize = needs.size,
                                 .memoryTypeIndex = (uint32_t)type};
    VkResult result = device->vk.AllocateMemory(device->handle, &info, NULL, &block->memory);
    if (result == VK_SUCCESS) {
        result = device->vk.BindBufferMemory(device->handle, block->buffer, block->memory, 0);
    }
    bool mappable = (device->memory.memoryTypes[type].propertyFlags & visible) == visible;
    bool software = device->adapter->properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU;
    if (result == VK_SUCCESS && mappable && (host || software)) {
        result = device->vk.MapMemory(device->handle, block->memory, 0, VK_WHOLE_SIZE, 0, &block->mapped);
    }
    return result;
}

#define BUFFER_USAGE                                                                                                   \
    (VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_UNIFORM_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_SRC_BIT |      \
     VK_BUFFER_USAGE_TRANSFER_DST_BIT | VK_BUFFER_USAGE_SHADER_DEVICE_ADDRESS_BIT)

/* Host memory of the program's, for copies alone: kernels get no address of it. */
static VkResult import_memory(struct cw_backend_device *device, struct cw_vk_block *block, void *pointer) {
    static const VkExternalMemoryHandleTypeFlagBits handle = VK_EXTERNAL_MEMORY_HANDLE_TYPE_HOST_ALLOCATION_BIT_EXT;
    VkExternalMemoryBufferCreateInfo external = {.sType = VK_STRUCTURE_TYPE_EXTERNAL_MEMORY_BUFFER_CREATE_INFO, .handleTypes = handle};
    VkBufferCreateInfo info = {.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
                               .pNext = &external,
                               .size = block->size,
                               .usage = VK_BUFFER_USAGE_TRANSFER_SRC_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT};
    VkMemoryHostPointerPropertiesEXT properties = {.sType = VK_STRUCTURE_TYPE_MEMORY_HOST_POINTER_PROPERTIES_EXT};
    VkResult result = device->host_pointer_properties(device->handle, handle, pointer, &properties);
    if (result == VK_SUCCESS) {
        result = device->vk.CreateBuffer(device->handle, &info, NULL, &block->buffer);
    }
    if (result != VK_SUCCESS) {
        return result;
    }
    VkMemoryRequirements needs;
    device->vk.GetBufferMemoryRequirements(device->handle, block->buffer, &needs);
    uint32_t allowed = needs.memoryTypeBits & properties.memoryTypeBits;
    int type = find_memory_type(device, allowed, VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT);
    if (type < 0 || needs.size > block->size) {
        return VK_ERROR_OUT_OF_DEVICE_MEMORY;
    }
    VkImportMemoryHostPointerInfoEXT source = {
        .sType = VK_STRUCTURE_TYPE_IMPORT_MEMORY_HOST_POINTER_INFO_EXT, .handleType = handle, .pHostPointer = pointer};
    VkMemoryAllocateInfo memory = {
        .sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO, .pNext = &source, .allocationSize = block->size, .memoryTypeIndex = (uint32_t)type};
    result = device->vk.AllocateMemory(device->handle, &memory, NULL, &block->memory);
    return result == VK_SUCCESS ? device->vk.BindBufferMemory(device->handle, block->buffer, block->memory, 0) : result;
}

cw_status cw_vk_block_import(struct cw_backend_device *device, void *pointer, uint64_t size, struct cw_vk_block **result) {
    struct cw_vk_block *block = device->ended ? NULL : calloc(1, sizeof *block);
    if (!block) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    block->size = size;
    block->imported = true;
    block->mapped = pointer;
    VkResult code = import_memory(device, block, pointer);
    if (code != VK_SUCCESS) {
        cw_vk_block_destroy(device, block);
        return cw_vk_status(code);
    }
    *result = block;
    return CW_OK;
}

cw_status cw_vk_block_create(struct cw_backend_device *device, uint64_t size, bool host, struct cw_vk_block **result) {
    struct cw_vk_block *block = device->ended ? NULL : calloc(1, sizeof *block);
    if (!block) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    block->size = size;
    VkBufferCreateInfo info = {.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO, .size = size, .usage = BUFFER_USAGE};
    VkResult code = device->vk.CreateBuffer(device->handle, &info, NULL, &block->buffer);
    if (code == VK_SUCCESS) {
        code = bind_memory(device, block, host);
    }
    if (code != VK_SUCCESS) {
        cw_vk_block_destroy(device, block);
        return cw_vk_status(code);
    }
    VkBufferDeviceAddressInfo address = {.sType = VK_STRUCTURE_TYPE_BUFFER_DEVICE_ADDRESS_INFO, .buffer = block->buffer};
    block->address = device->vk.GetBufferDeviceAddress(device->handle, &address);
    *result = block;
    return CW_OK;
}

void cw_vk_block_destroy(struct cw_backend_device *device, struct cw_vk_block *block) {
    if (!block) {
        return;
    }
    if (block->reserved) {
        munmap((void *)(uintptr_t)block->address, block->size);
    }
    if (!device->ended) {
        device->vk.DestroyBuffer(device->handle, block->buffer, NULL);
        device->vk.FreeMemory(device->handle, block->memory, NULL);
    }
    while (block->free) {
        struct cw_vk_range *next = block->free->next;
        free(block->free);
        block->free = next;
    }
    free(block);
}

/* ---- Pieces --------------------------------------------------------------------------------------------------- */

/* Takes the addresses in the host's address space; false when the host has something there. */
static bool reserve(struct cw_backend_device *device, struct cw_vk_block *block) {
    if (device->unified) {
        return block->mapped && (uintptr_t)block->mapped == block->address;
    }
    void *wanted = (void *)(uintptr_t)block->address;
    void *got = mmap(wanted, block->size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    if (got == wanted) {
        block->reserved = true;
        return true;
    }
    if (got != MAP_FAILED) {
        munmap(got, block->size);
    }
    return false;
}

/* A block whose addresses are nobody else's, with `size` aligned bytes. Those that aren't are kept until one is found, so that the driver
 * gives others. Memory of a GPU begins with a page; that of a driver on the CPU anywhere. */
static cw_status add_block(struct cw_backend_device *device, uint64_t size) {
    struct cw_vk_block *rejected[REJECTED_MAX];
    size_t count = 0;
    cw_status status = CW_OK;
    struct cw_vk_block *block = NULL;
    while (count < REJECTED_MAX) {
        status = cw_vk_block_create(device, size + (device->unified ? ALIGNMENT : 0), false, &block);
        if (status != CW_OK || reserve(device, block)) {
            break;
        }
        rejected[count++] = block;
        block = NULL;
    }
    for (size_t i = 0; i < count; i++) {
        cw_vk_block_destroy(device, rejected[i]);
    }
    if (!block || status != CW_OK) {
        return status == CW_OK ? CW_ERROR_OUT_OF_MEMORY : status;
    }
    block->free = calloc(1, sizeof *block->free);
    if (!block->free) {
        cw_vk_block_destroy(device, block);
        return CW_ERROR_OUT_OF_MEMORY;
    }
    block->free->offset = (0 - block->address) % ALIGNMENT;
    block->free->size = block->size - block->free->offset;
    block->next = device->blocks;
    device->blocks = block;
    return CW_OK;
}

static bool take(struct cw_vk_block *block, uint64_t size, uint64_t *offset) {
    for (struct cw_vk_range **link = &block->free; *link; link = &(*link)->next) {
        struct cw_vk_range *range = *link;
        if (range->size < size) {
            continue;
        }
        *offset = range->offset;
        range->offset += size;
        range->size -= size;
        if (!range->size) {
            *link = range->next;
            free(range);
        }
        block->used += size;
        return true;
    }
    return false;
}

static bool give(struct cw_vk_block *block, uint64_t offset, uint64_t size) {
    struct cw_vk_range **link = &block->free, *before = NULL;
    while (*link && (*link)->offset < offset) {
        before = *link;
        link = &(*link)->next;
    }
    struct cw_vk_range *after = *link;
    block->used -= size;
    bool joins_before = before && before->offset + before->size == offset;
    bool joins_after = after && offset + size == after->offset;
    if (joins_before) {
        before->size += size;
        if (joins_after) {
            before->size += after->size;
            before->next = after->next;
            free(after);
        }
        return true;
    }
    if (joins_after) {
        after->offset = offset;
        after->size += size;
        return true;
    }
    struct cw_vk_range *range = calloc(1, sizeof *range);
    if (!range) {
        return false; /* the piece is lost until the device closes */
    }
    *range = (struct cw_vk_range){after, offset, size};
    *link = range;
    return true;
}

/* ---- Allocations by address ----------------------------------------------------------------------------------- */

static size_t allocation_place(const struct cw_backend_device *device, uint64_t address) {
    size_t low = 0, high = device->allocation_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (device->allocations[middle].address < address) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool note_allocation(struct cw_backend_device *device, uint64_t address, uint64_t size) {
    if (device->allocation_count == device->allocation_capacity) {
        size_t wider = device->allocation_capacity ? 2 * device->allocation_capacity : 64;
        struct cw_vk_allocation *more = realloc(device->allocations, wider * sizeof *more);
        if (!more) {
            return false;
        }
        device->allocations = more;
        device->allocation_capacity = wider;
    }
    size_t place = allocation_place(device, address);
    memmove(device->allocations + place + 1, device->allocations + place, (device->allocation_count - place) * sizeof *device->allocations);
    device->allocations[place] = (struct cw_vk_allocation){address, size};
    device->allocation_count++;
    return true;
}

struct cw_vk_block *cw_vk_find(struct cw_backend_device *device, const void *pointer, uint64_t *offset) {
    uint64_t address = (uint64_t)(uintptr_t)pointer;
    for (struct cw_vk_block *block = device->blocks; block; block = block->next) {
        if (address >= block->address && address - block->address < block->size) {
            *offset = address - block->address;
            return block;
        }
    }
    return NULL;
}

static cw_status allocate(struct cw_backend_device *device, uint64_t size, uint64_t *address) {
    uint64_t offset;
    for (int round = 0; round < 2; round++) {
        for (struct cw_vk_block *block = device->blocks; block; block = block->next) {
            if (take(block, size, &offset)) {
                *address = block->address + offset;
                if (!note_allocation(device, *address, size)) {
                    (void)give(block, offset, size);
                    return CW_ERROR_OUT_OF_MEMORY;
                }
                device->used += size;
                return CW_OK;
            }
        }
        if (round == 0) {
            cw_status status = add_block(device, size > BLOCK_BYTES ? size : BLOCK_BYTES);
            if (status != CW_OK) {
                return status;
            }
        }
    }
    return CW_ERROR_OUT_OF_MEMORY;
}

cw_status cw_vk_memory_alloc(struct cw_backend_device *device, size_t size, void **pointer) {
    uint64_t address = 0, rounded = size ? (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT : ALIGNMENT;
    if (rounded < size) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    pthread_mutex_lock(&device->lock);
    cw_status status = allocate(device, rounded, &address);
    pthread_mutex_unlock(&device->lock);
    *pointer = (void *)(uintptr_t)address;
    return status;
}

void cw_vk_memory_free(struct cw_backend_device *device, void *pointer) {
    uint64_t offset = 0, address = (uint64_t)(uintptr_t)pointer;
    if (cw_vk_managed_free(device, pointer)) {
        return;
    }
    pthread_mutex_lock(&device->lock);
    size_t place = allocation_place(device, address);
    if (place < device->allocation_count && device->allocations[place].address == address) {
        uint64_t size = device->allocations[place].size;
        device->allocation_count--;
        memmove(device->allocations + place, device->allocations + place + 1, (device->allocation_count - place) * sizeof *device->allocations);
        struct cw_vk_block *block = cw_vk_find(device, pointer, &offset);
        (void)give(block, offset, size);
        device->used -= size;
        /* A large block goes back at once; kernels that are still running may use it, so they end first. */
        if (block->used == 0 && block->size > BLOCK_BYTES + ALIGNMENT) {
            (void)cw_vk_finish(device);
            struct cw_vk_block **link = &device->blocks;
            while (*link != block) {
                link = &(*link)->next;
            }
            *link = block->next;
            cw_vk_block_destroy(device, block);
        }
    }
    pthread_mutex_unlock(&device->lock);
}

void cw_vk_memory_info(struct cw_backend_device *device, uint64_t *free_bytes, uint64_t *total_bytes) {
    pthread_mutex_lock(&device->lock);
    *total_bytes = device->heap_size;
    *free_bytes = device->heap_size > device->used ? device->heap_size - device->used : 0;
    pthread_mutex_unlock(&device->lock);
}

void cw_vk_heap_fini(struct cw_backend_device *device) {
    while (device->blocks) {
        struct cw_vk_block *next = device->blocks->next;
        cw_vk_block_destroy(device, device->blocks);
        device->blocks = next;
    }
    free(device->allocations);
}
