/* SPDX-License-Identifier: Apache-2.0 */
/*
 * managed.c: managed memory: host memory that kernels use by the host's own addresses. A driver chooses a buffer's device address; where it can
 * map memory at a place of our choice (VK_EXT_map_memory_placed), the host gets it there. Host and device are coherent, so both may use it by turns
 * without a copy; each access of a kernel goes over the bus.
 *
 * The structures of the two extensions stand here, since they are younger than the headers of Debian 12 (Vulkan Specification,
 * VkMemoryMapInfo, VkMemoryMapPlacedInfoEXT, VkPhysicalDeviceMapMemoryPlacedFeaturesEXT).
 */
#include <stdlib.h>
#include <sys/mman.h>

#include "backend/vulkan/device.h"

#define PLACE_BYTES (UINT64_C(64) << 10) /* at least the unit of places, on every driver there is */
#define TRIES 16

enum { TYPE_MAP_INFO = 1000271000, TYPE_PLACED_FEATURES = 1000272000, TYPE_PLACED_INFO = 1000272002, MAP_PLACED = 1 };

struct map_info {
    VkStructureType type;
    const void *next;
    VkFlags flags;
    VkDeviceMemory memory;
    VkDeviceSize offset, size;
};

struct placed_info {
    VkStructureType type;
    const void *next;
    void *address;
};

struct placed_features {
    VkStructureType type;
    void *next;
    VkBool32 placed, range_placed, unmap_reserve;
};

typedef VkResult(VKAPI_PTR *map_function)(VkDevice device, const struct map_info *info, void **data);

bool cw_vk_managed_possible(VkPhysicalDevice handle, PFN_vkGetPhysicalDeviceFeatures2 ask) {
    struct placed_features placed = {.type = (VkStructureType)TYPE_PLACED_FEATURES};
    VkPhysicalDeviceFeatures2 features = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2, .pNext = &placed};
    ask(handle, &features);
    return placed.placed;
}

/* To be chained to VkDeviceCreateInfo, before `next`. */
const void *cw_vk_managed_feature(const void *next) {
    static struct placed_features placed;
    placed = (struct placed_features){(VkStructureType)TYPE_PLACED_FEATURES, (void *)(uintptr_t)next, VK_TRUE, VK_FALSE, VK_FALSE};
    return &placed;
}

/* The host's view at the device's address. False when something of the host's is there. */
static bool map_in_place(struct cw_backend_device *device, struct cw_vk_block *block, uint64_t size) {
    map_function map = (map_function)cw_vk_instance()->GetDeviceProcAddr(device->handle, "vkMapMemory2KHR");
    void *wanted = (void *)(uintptr_t)block->address;
    if (!map || block->address % PLACE_BYTES) {
        return false;
    }
    void *got = mmap(wanted, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    if (got != wanted) {
        if (got != MAP_FAILED) {
            munmap(got, size);
        }
        return false;
    }
    device->vk.UnmapMemory(device->handle, block->memory);
    block->mapped = NULL;
    struct placed_info place = {(VkStructureType)TYPE_PLACED_INFO, NULL, wanted};
    struct map_info info = {(VkStructureType)TYPE_MAP_INFO, &place, MAP_PLACED, block->memory, 0, VK_WHOLE_SIZE};
    void *mapped = NULL;
    if (map(device->handle, &info, &mapped) != VK_SUCCESS || mapped != wanted) {
        munmap(wanted, size);
        return false;
    }
    block->mapped = mapped;
    return true;
}

cw_status cw_vk_managed_alloc(struct cw_backend_device *device, size_t size, void **pointer) {
    if (device->unified) {
        return cw_vk_memory_alloc(device, size, pointer);
    }
    if (!device->adapter->placed || device->ended) {
        return CW_ERROR_UNSUPPORTED;
    }
    uint64_t bytes = ((uint64_t)size + PLACE_BYTES - 1) / PLACE_BYTES * PLACE_BYTES;
    struct cw_vk_block *rejected[TRIES], *block = NULL;
    size_t count = 0;
    cw_status status = CW_OK;
    while (count < TRIES && (status = cw_vk_block_create(device, bytes, true, &block)) == CW_OK && !map_in_place(device, block, bytes)) {
        rejected[count++] = block;
        block = NULL;
    }
    while (count) {
        cw_vk_block_destroy(device, rejected[--count]);
    }
    if (status != CW_OK || !block) {
        return status == CW_OK ? CW_ERROR_UNSUPPORTED : status;
    }
    block->managed = true;
    block->used = bytes;
    pthread_mutex_lock(&device->lock);
    block->next = device->blocks;
    device->blocks = block;
    device->managed_count++;
    pthread_mutex_unlock(&device->lock);
    *pointer = block->mapped;
    return CW_OK;
}

bool cw_vk_managed_free(struct cw_backend_device *device, void *pointer) {
    pthread_mutex_lock(&device->lock);
    struct cw_vk_block **link = &device->blocks;
    while (*link && !((*link)->managed && (*link)->mapped == pointer)) {
        link = &(*link)->next;
    }
    struct cw_vk_block *block = *link;
    if (block) {
        (void)cw_vk_finish(device);
        *link = block->next;
        device->managed_count--;
        cw_vk_block_destroy(device, block);
    }
    pthread_mutex_unlock(&device->lock);
    return block != NULL;
}
