/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stamp.c: times that the device writes (Vulkan Specification, "Timestamp Queries"). A slot has holders: the batch that will write it,
 * and events that read it; without one it is used again. Slots are reset by the host when they are taken, which nothing waits for.
 */
#include <stdlib.h>

#include "backend/vulkan/device.h"

static bool add_pool(struct cw_backend_device *device) {
    struct cw_vk_stamps *stamps = &device->stamps;
    if (stamps->pool_count == CW_VK_STAMP_POOLS) {
        return false;
    }
    size_t slots = ((size_t)stamps->pool_count + 1) * CW_VK_STAMPS_A_POOL;
    uint16_t *holders = realloc(stamps->holders, slots * sizeof *holders);
    stamps->holders = holders ? holders : stamps->holders;
    uint32_t *list = realloc(stamps->free, slots * sizeof *list);
    stamps->free = list ? list : stamps->free;
    VkQueryPoolCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_QUERY_POOL_CREATE_INFO, .queryType = VK_QUERY_TYPE_TIMESTAMP, .queryCount = CW_VK_STAMPS_A_POOL};
    VkQueryPool *pool = &stamps->pools[stamps->pool_count];
    if (!holders || !list || device->vk.CreateQueryPool(device->handle, &info, NULL, pool) != VK_SUCCESS) {
        return false;
    }
    for (uint32_t i = CW_VK_STAMPS_A_POOL; i > 0; i--) {
        uint32_t stamp = stamps->pool_count * CW_VK_STAMPS_A_POOL + i - 1;
        stamps->holders[stamp] = 0;
        stamps->free[stamps->free_count++] = stamp;
    }
    stamps->pool_count++;
    return true;
}

uint32_t cw_vk_stamp_take(struct cw_backend_device *device) {
    struct cw_vk_stamps *stamps = &device->stamps;
    if (device->ended || (!stamps->free_count && !add_pool(device))) {
        return CW_VK_STAMP_NONE;
    }
    uint32_t stamp = stamps->free[--stamps->free_count];
    stamps->holders[stamp] = 1;
    device->vk.ResetQueryPool(device->handle, stamps->pools[stamp / CW_VK_STAMPS_A_POOL], stamp % CW_VK_STAMPS_A_POOL, 1);
    return stamp;
}

void cw_vk_stamp_hold(struct cw_backend_device *device, uint32_t stamp) {
    if (stamp != CW_VK_STAMP_NONE) {
        device->stamps.holders[stamp]++;
    }
}

void cw_vk_stamp_release(struct cw_backend_device *device, uint32_t stamp) {
    struct cw_vk_stamps *stamps = &device->stamps;
    if (stamp != CW_VK_STAMP_NONE && --stamps->holders[stamp] == 0) {
        stamps->free[stamps->free_count++] = stamp;
    }
}

void cw_vk_stamp_write(struct cw_backend_device *device, VkCommandBuffer commands, uint32_t stamp) {
    if (stamp != CW_VK_STAMP_NONE) {
        device->vk.CmdWriteTimestamp(commands, VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, device->stamps.pools[stamp / CW_VK_STAMPS_A_POOL],
                                     stamp % CW_VK_STAMPS_A_POOL);
    }
}

cw_status cw_vk_stamp_read(struct cw_backend_device *device, uint32_t stamp, uint64_t *ticks) {
    if (stamp == CW_VK_STAMP_NONE || device->ended) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    VkQueryPool pool = device->stamps.pools[stamp / CW_VK_STAMPS_A_POOL];
    return cw_vk_status(device->vk.GetQueryPoolResults(device->handle, pool, stamp % CW_VK_STAMPS_A_POOL, 1, sizeof *ticks, ticks,
                                                       sizeof *ticks, VK_QUERY_RESULT_64_BIT));
}

void cw_vk_stamps_fini(struct cw_backend_device *device) {
    struct cw_vk_stamps *stamps = &device->stamps;
    for (uint32_t i = 0; i < stamps->pool_count; i++) {
        device->vk.DestroyQueryPool(device->handle, stamps->pools[i], NULL);
    }
    free(stamps->holders);
    free(stamps->free);
}
