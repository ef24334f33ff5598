/* SPDX-License-Identifier: Apache-2.0 */
/*
 * between.c: copies inside of the device's memory. A kernel does the large ones where hardware has units for it: the copy command of NVIDIA's
 * driver goes through a copy engine, at a fifth of what memory gives (848 of 4200 GB/s on an H200).
 */
#include "backend/vulkan/copy_kernel.h"
#include "backend/vulkan/device.h"

#define LEAST_BYTES (UINT64_C(256) << 10) /* from here on */
#define UNIT 16u
#define THREADS 256u

struct cw_vk_copy_push {
    uint64_t to, from;
    uint32_t units, reserved;
};

static bool make_pipeline(struct cw_backend_device *device) {
    if (device->copy_known) {
        return device->copy_pipeline != VK_NULL_HANDLE;
    }
    device->copy_known = true;
    VkShaderModuleCreateInfo shader = {
        .sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO, .codeSize = sizeof copy_kernel_words, .pCode = copy_kernel_words};
    VkComputePipelineCreateInfo info = {.sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO,
                                        .stage = {.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO,
                                                  .stage = VK_SHADER_STAGE_COMPUTE_BIT,
                                                  .pName = "main"},
                                        .layout = device->layout};
    if (device->vk.CreateShaderModule(device->handle, &shader, NULL, &info.stage.module) != VK_SUCCESS) {
        return false;
    }
    VkResult result = device->vk.CreateComputePipelines(device->handle, device->cache, 1, &info, NULL, &device->copy_pipeline);
    device->vk.DestroyShaderModule(device->handle, info.stage.module, NULL);
    device->pipelines_made = true;
    return result == VK_SUCCESS;
}

/* The units of one dispatch. */
static uint64_t units_at_once(const struct cw_backend_device *device) {
    uint64_t groups = device->adapter->properties.limits.maxComputeWorkGroupCount[0];
    return groups < UINT32_MAX / THREADS ? groups * THREADS : UINT32_MAX / THREADS * THREADS;
}

static cw_status copy_by_kernel(struct cw_backend_device *device, uint64_t to, uint64_t from, uint64_t units) {
    VkCommandBuffer commands = cw_vk_record(device, CW_VK_COMPUTE);
    if (!commands) {
        return CW_ERROR_FAULT;
    }
    uint64_t most = units_at_once(device);
    device->vk.CmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_COMPUTE, device->copy_pipeline);
    for (uint64_t done = 0; done < units; done += most) {
        uint64_t now = units - done < most ? units - done : most;
        struct cw_vk_copy_push push = {.to = to + done * UNIT, .from = from + done * UNIT, .units = (uint32_t)now};
        device->vk.CmdPushConstants(commands, device->layout, VK_SHADER_STAGE_COMPUTE_BIT, 0, sizeof push, &push);
        device->vk.CmdDispatch(commands, (uint32_t)((now + THREADS - 1) / THREADS), 1, 1);
    }
    return CW_OK;
}

cw_status cw_vk_copy_between(struct cw_backend_device *device, struct cw_vk_block *to, uint64_t to_offset, struct cw_vk_block *from,
                             uint64_t from_offset, uint64_t size) {
    bool reachable = to->address && from->address && (to->address + to_offset) % UNIT == 0 && (from->address + from_offset) % UNIT == 0;
    bool local = !to->mapped && !from->mapped;
    uint64_t whole = size / UNIT * UNIT;
    cw_status status = CW_OK;
    if (reachable && local && size >= LEAST_BYTES && make_pipeline(device)) {
        status = copy_by_kernel(device, to->address + to_offset, from->address + from_offset, whole / UNIT);
    } else {
        whole = 0;
    }
    if (status == CW_OK && whole < size) {
        VkCommandBuffer commands = cw_vk_record(device, CW_VK_TRANSFER);
        VkBufferCopy region = {from_offset + whole, to_offset + whole, size - whole};
        if (!commands) {
            return CW_ERROR_FAULT;
        }
        device->vk.CmdCopyBuffer(commands, from->buffer, to->buffer, 1, &region);
    }
    return status;
}

void cw_vk_between_fini(struct cw_backend_device *device) {
    device->vk.DestroyPipeline(device->handle, device->copy_pipeline, NULL);
}
