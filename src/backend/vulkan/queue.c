/* SPDX-License-Identifier: Apache-2.0 */
/* queue.c: batches of commands, and waiting for them by the timeline semaphore (Vulkan Specification, "Semaphores"). */
#include <string.h>

#include "backend/vulkan/device.h"

cw_status cw_vk_queue_init(struct cw_backend_device *device) {
    VkSemaphoreTypeCreateInfo type = {.sType = VK_STRUCTURE_TYPE_SEMAPHORE_TYPE_CREATE_INFO, .semaphoreType = VK_SEMAPHORE_TYPE_TIMELINE};
    VkSemaphoreCreateInfo semaphore = {.sType = VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO, .pNext = &type};
    VkResult result = device->vk.CreateSemaphore(device->handle, &semaphore, NULL, &device->timeline);
    for (uint32_t i = 0; i < CW_VK_BATCHES && result == VK_SUCCESS; i++) {
        struct cw_vk_batch *batch = &device->batches[i];
        VkCommandPoolCreateInfo pool = {.sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO,
                                        .flags = VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT,
                                        .queueFamilyIndex = device->family};
        result = device->vk.CreateCommandPool(device->handle, &pool, NULL, &batch->pool);
        if (result == VK_SUCCESS) {
            VkCommandBufferAllocateInfo info = {.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
                                                .commandPool = batch->pool,
                                                .level = VK_COMMAND_BUFFER_LEVEL_PRIMARY,
                                                .commandBufferCount = 1};
            result = device->vk.AllocateCommandBuffers(device->handle, &info, &batch->commands);
        }
    }
    return cw_vk_status(result);
}

void cw_vk_queue_fini(struct cw_backend_device *device) {
    for (uint32_t i = 0; i < CW_VK_BATCHES; i++) {
        device->vk.DestroyCommandPool(device->handle, device->batches[i].pool, NULL);
    }
    device->vk.DestroySemaphore(device->handle, device->timeline, NULL);
}

static VkResult wait_for(struct cw_backend_device *device, uint64_t number) {
    VkSemaphoreWaitInfo info = {.sType = VK_STRUCTURE_TYPE_SEMAPHORE_WAIT_INFO,
                                .semaphoreCount = 1,
                                .pSemaphores = &device->timeline,
                                .pValues = &number};
    VkResult result = number ? device->vk.WaitSemaphores(device->handle, &info, UINT64_MAX) : VK_SUCCESS;
    device->lost |= result == VK_ERROR_DEVICE_LOST;
    return result;
}

VkCommandBuffer cw_vk_record(struct cw_backend_device *device) {
    if (device->lost) {
        return NULL;
    }
    struct cw_vk_batch *batch = &device->batches[device->current];
    if (device->recording) {
        return batch->commands;
    }
    device->current = (device->current + 1) % CW_VK_BATCHES;
    batch = &device->batches[device->current];
    VkCommandBufferBeginInfo info = {.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO, .flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT};
    if (wait_for(device, batch->number) != VK_SUCCESS || device->vk.BeginCommandBuffer(batch->commands, &info) != VK_SUCCESS) {
        return NULL;
    }
    device->recording = true;
    device->recorded = 0;
    cw_vk_order(device, batch->commands);
    return batch->commands;
}

void cw_vk_order(struct cw_backend_device *device, VkCommandBuffer commands) {
    static const VkMemoryBarrier barrier = {.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER,
                                            .srcAccessMask = VK_ACCESS_SHADER_WRITE_BIT | VK_ACCESS_TRANSFER_WRITE_BIT | VK_ACCESS_HOST_WRITE_BIT,
                                            .dstAccessMask = VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_SHADER_WRITE_BIT | VK_ACCESS_TRANSFER_READ_BIT |
                                                             VK_ACCESS_TRANSFER_WRITE_BIT | VK_ACCESS_HOST_READ_BIT};
    static const VkPipelineStageFlags stages = VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT | VK_PIPELINE_STAGE_TRANSFER_BIT | VK_PIPELINE_STAGE_HOST_BIT;
    device->vk.CmdPipelineBarrier(commands, stages, stages, 0, 1, &barrier, 0, NULL, 0, NULL);
}

cw_status cw_vk_submit(struct cw_backend_device *device) {
    if (!device->recording) {
        return device->lost ? CW_ERROR_FAULT : CW_OK;
    }
    struct cw_vk_batch *batch = &device->batches[device->current];
    device->recording = false;
    VkResult result = device->vk.EndCommandBuffer(batch->commands);
    uint64_t number = device->submitted + 1;
    VkTimelineSemaphoreSubmitInfo values = {.sType = VK_STRUCTURE_TYPE_TIMELINE_SEMAPHORE_SUBMIT_INFO,
                                            .signalSemaphoreValueCount = 1,
                                            .pSignalSemaphoreValues = &number};
    VkSubmitInfo info = {.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO,
                         .pNext = &values,
                         .commandBufferCount = 1,
                         .pCommandBuffers = &batch->commands,
                         .signalSemaphoreCount = 1,
                         .pSignalSemaphores = &device->timeline};
    if (result == VK_SUCCESS) {
        result = device->vk.QueueSubmit(device->queue, 1, &info, VK_NULL_HANDLE);
    }
    if (result == VK_SUCCESS) {
        device->submitted = batch->number = number;
    }
    device->lost |= result == VK_ERROR_DEVICE_LOST;
    return cw_vk_status(result);
}

cw_status cw_vk_finish(struct cw_backend_device *device) {
    cw_status status = cw_vk_submit(device);
    if (status != CW_OK) {
        return status;
    }
    status = cw_vk_status(wait_for(device, device->submitted));
    if (status == CW_OK) {
        device->parameters_used = 0;
    }
    return status;
}
