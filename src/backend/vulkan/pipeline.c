/* SPDX-License-Identifier: Apache-2.0 */
/* pipeline.c: a kernel compiled by the driver for a block shape, and the driver's own cache on disk, by adapter and driver. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/vulkan/device.h"
#include "base/cache.h"
#include "base/hash.h"
#include "base/text.h"

#define CACHE_KIND "vulkan"

static void cache_key(const struct cw_backend_device *device, char key[33]) {
    struct cw_hash hash;
    uint8_t digest[16];
    cw_hash_init(&hash);
    cw_hash_string(&hash, "vulkan pipelines 1");
    cw_hash_bytes(&hash, device->adapter->properties.pipelineCacheUUID, VK_UUID_SIZE);
    cw_hash_string(&hash, device->adapter->properties.deviceName);
    cw_hash_finish(&hash, digest);
    cw_hash_hex(digest, key);
}

void cw_vk_pipeline_cache_load(struct cw_backend_device *device) {
    char key[33];
    struct cw_text bytes = {0};
    cache_key(device, key);
    VkPipelineCacheCreateInfo info = {.sType = VK_STRUCTURE_TYPE_PIPELINE_CACHE_CREATE_INFO};
    if (cw_cache_get(key, CACHE_KIND, &bytes)) {
        info.initialDataSize = bytes.size;
        info.pInitialData = bytes.data;
    }
    if (device->vk.CreatePipelineCache(device->handle, &info, NULL, &device->cache) != VK_SUCCESS) {
        device->cache = VK_NULL_HANDLE;
    }
    cw_text_fini(&bytes);
}

void cw_vk_pipeline_cache_save(struct cw_backend_device *device) {
    size_t size = 0;
    char key[33];
    if (!device->pipelines_made || !device->cache || device->vk.GetPipelineCacheData(device->handle, device->cache, &size, NULL) != VK_SUCCESS || !size) {
        return;
    }
    void *data = malloc(size);
    if (data && device->vk.GetPipelineCacheData(device->handle, device->cache, &size, data) == VK_SUCCESS) {
        cache_key(device, key);
        (void)cw_cache_put(key, CACHE_KIND, data, size);
    }
    free(data);
}

static VkResult create(struct cw_backend_kernel *kernel, const uint32_t constants[7], VkPipeline *pipeline) {
    struct cw_backend_device *device = kernel->module->device;
    bool warp = kernel->row.flags & CW_VK_WARP;
    VkSpecializationMapEntry entries[7];
    for (uint32_t i = 0; i < 7; i++) {
        entries[i] = (VkSpecializationMapEntry){i, i * (uint32_t)sizeof(uint32_t), sizeof(uint32_t)};
    }
    VkSpecializationInfo specialisation = {7, entries, 7 * sizeof(uint32_t), constants};
    VkPipelineShaderStageRequiredSubgroupSizeCreateInfo size = {
        .sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_REQUIRED_SUBGROUP_SIZE_CREATE_INFO, .requiredSubgroupSize = 32};
    /* Full subgroups need a whole number of them in a row; a block that isn't has its last one partly filled, at its end. */
    bool full = warp && constants[0] % 32 == 0;
    VkComputePipelineCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO,
        .flags = VK_PIPELINE_CREATE_DISPATCH_BASE,
        .stage = {.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO,
                  .pNext = warp ? &size : NULL,
                  .flags = full ? VK_PIPELINE_SHADER_STAGE_CREATE_REQUIRE_FULL_SUBGROUPS_BIT : 0,
                  .stage = VK_SHADER_STAGE_COMPUTE_BIT,
                  .module = kernel->shader,
                  .pName = "main",
                  .pSpecializationInfo = &specialisation},
        .layout = device->layout,
    };
    device->pipelines_made = device->new_pipelines = true;
    return device->vk.CreateComputePipelines(device->handle, device->cache, 1, &info, NULL, pipeline);
}

cw_status cw_vk_pipeline_get(struct cw_backend_kernel *kernel, const struct cw_launch *launch, VkPipeline *pipeline) {
    const uint32_t block[3] = {launch->block.x, launch->block.y, launch->block.z};
    uint32_t dynamic = (launch->dynamic_shared + 15) / 16 * 16;
    for (struct cw_vk_pipeline *row = kernel->pipelines; row; row = row->next) {
        if (memcmp(row->block, block, sizeof block) == 0 && row->dynamic_shared == dynamic) {
            *pipeline = row->handle;
            return CW_OK;
        }
    }
    struct cw_vk_pipeline *row = calloc(1, sizeof *row);
    if (!row) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    memcpy(row->block, block, sizeof block);
    row->dynamic_shared = dynamic;
    bool flat = kernel->row.flags & CW_VK_FLAT;
    const uint32_t constants[7] = {flat ? block[0] * block[1] * block[2] : block[0], flat ? 1 : block[1], flat ? 1 : block[2], dynamic,
                                   block[0], block[1], block[2]};
    VkResult result = create(kernel, constants, &row->handle);
    if (result != VK_SUCCESS) {
        free(row);
        return cw_vk_status(result);
    }
    row->next = kernel->pipelines;
    kernel->pipelines = row;
    *pipeline = row->handle;
    return CW_OK;
}

void cw_vk_pipelines_fini(struct cw_backend_kernel *kernel) {
    struct cw_backend_device *device = kernel->module->device;
    while (kernel->pipelines) {
        struct cw_vk_pipeline *next = kernel->pipelines->next;
        device->vk.DestroyPipeline(device->handle, kernel->pipelines->handle, NULL);
        free(kernel->pipelines);
        kernel->pipelines = next;
    }
}
