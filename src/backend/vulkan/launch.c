/* SPDX-License-Identifier: Apache-2.0 */
/* launch.c: a grid as dispatches, and what its threads had to say. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "backend/vulkan/device.h"

static cw_status say(struct cw_fault *fault, cw_status status, const char *kernel, const char *text) {
    snprintf(fault->message, sizeof fault->message, "kernel '%s': %s", kernel, text);
    return status;
}

static cw_status check(const struct cw_backend_device *device, const struct cw_launch *launch, struct cw_fault *fault) {
    const struct cw_backend_kernel *kernel = launch->kernel;
    const VkPhysicalDeviceLimits *limits = &device->adapter->properties.limits;
    if (kernel->refusal) {
        snprintf(fault->message, sizeof fault->message, "%s", kernel->refusal);
        return CW_ERROR_UNSUPPORTED;
    }
    if (kernel->row.flags & CW_VK_WARP && !device->adapter->warp32) {
        return say(fault, CW_ERROR_UNSUPPORTED, kernel->name, "it was made for subgroups of 32 threads, which this device can't be asked for");
    }
    uint64_t blocks = (uint64_t)launch->grid.x * launch->grid.y * launch->grid.z;
    if (launch->cooperative && blocks > device->adapter->processors) {
        return say(fault, CW_ERROR_UNSUPPORTED, kernel->name,
                   "a cooperative launch needs all its blocks at once, and Vulkan tells of one a processor at the most that run so");
    }
    bool flat = kernel->row.flags & CW_VK_FLAT;
    uint32_t threads = launch->block.x * launch->block.y * launch->block.z;
    bool fits = flat ? threads <= limits->maxComputeWorkGroupSize[0]
                     : launch->block.x <= limits->maxComputeWorkGroupSize[0] && launch->block.y <= limits->maxComputeWorkGroupSize[1] &&
                           launch->block.z <= limits->maxComputeWorkGroupSize[2];
    if (!fits || threads > limits->maxComputeWorkGroupInvocations) {
        return say(fault, CW_ERROR_LAUNCH, kernel->name, "the block is larger than this device's");
    }
    if ((uint64_t)kernel->row.static_shared + launch->dynamic_shared > limits->maxComputeSharedMemorySize) {
        return say(fault, CW_ERROR_LAUNCH, kernel->name, "it needs more shared memory than this device has");
    }
    return CW_OK;
}

/* The push constants: head, and the parameters or where they are. */
static cw_status fill_push(struct cw_backend_device *device, const struct cw_launch *launch, uint8_t push[CW_VK_PUSH_BYTES]) {
    const struct cw_backend_kernel *kernel = launch->kernel;
    struct cw_vk_push head = {.globals = (uint64_t)(uintptr_t)kernel->module->globals,
                              .service = device->service_block->address,
                              .grid = {launch->grid.x, launch->grid.y, launch->grid.z},
                              .flags = launch->cooperative};
    uint32_t bytes = kernel->row.param_bytes;
    memcpy(push, &head, sizeof head);
    if (bytes <= CW_VK_PUSH_PARAMS_MAX) {
        memcpy(push + sizeof head, launch->params, bytes);
        return CW_OK;
    }
    uint64_t rounded = (bytes + 255u) / 256u * 256u;
    if (device->parameters_used + rounded > device->parameters->size) {
        cw_status status = cw_vk_finish(device);
        if (status != CW_OK) {
            return status;
        }
    }
    uint64_t address = device->parameters->address + device->parameters_used;
    memcpy((char *)device->parameters->mapped + device->parameters_used, launch->params, bytes);
    device->parameters_used += rounded;
    memcpy(push + sizeof head, &address, sizeof address);
    return CW_OK;
}

/* What of the push constants the kernel reads. */
static uint32_t push_bytes(const struct cw_backend_kernel *kernel) {
    uint32_t params = kernel->row.param_bytes <= CW_VK_PUSH_PARAMS_MAX ? (kernel->row.param_bytes + 3) / 4 * 4 : (uint32_t)sizeof(uint64_t);
    return (uint32_t)sizeof(struct cw_vk_push) + params;
}

static uint32_t least(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

/* One dispatch, or several where the grid has more blocks along an axis than the device takes at once. */
static void dispatch(struct cw_backend_device *device, VkCommandBuffer commands, const struct cw_dim3 *grid) {
    const uint32_t *most = device->adapter->properties.limits.maxComputeWorkGroupCount;
    for (uint32_t z = 0; z < grid->z; z += least(most[2], grid->z - z)) {
        for (uint32_t y = 0; y < grid->y; y += least(most[1], grid->y - y)) {
            for (uint32_t x = 0; x < grid->x; x += least(most[0], grid->x - x)) {
                device->vk.CmdDispatchBase(commands, x, y, z, least(most[0], grid->x - x), least(most[1], grid->y - y),
                                           least(most[2], grid->z - z));
            }
        }
    }
}

cw_status cw_vk_record_launch(struct cw_backend_device *device, const struct cw_launch *launch, struct cw_fault *fault) {
    uint8_t push[CW_VK_PUSH_BYTES] = {0};
    VkPipeline pipeline;
    cw_status status = check(device, launch, fault);
    if (status == CW_OK) {
        status = cw_vk_pipeline_get(launch->kernel, launch, &pipeline);
        if (status != CW_OK) {
            return say(fault, status, launch->kernel->name, "the driver can't compile it");
        }
        status = fill_push(device, launch, push);
    }
    if (status == CW_OK && launch->cooperative && launch->kernel->row.flags & CW_VK_GRID) {
        VkCommandBuffer first = cw_vk_record(device, CW_VK_TRANSFER);
        if (first) {
            device->vk.CmdFillBuffer(first, device->service_block->buffer, offsetof(struct cw_vk_service, grid_arrived), sizeof(uint32_t), 0);
        }
    }
    uint32_t work = CW_VK_COMPUTE | (launch->kernel->row.flags & CW_VK_CONSTANTS ? CW_VK_UNIFORM : 0u);
    VkCommandBuffer commands = status == CW_OK ? cw_vk_record(device, work) : NULL;
    if (!commands) {
        return status == CW_OK ? CW_ERROR_FAULT : status;
    }
    device->vk.CmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline);
    if (launch->kernel->row.flags & CW_VK_CONSTANTS) {
        device->vk.CmdBindDescriptorSets(commands, VK_PIPELINE_BIND_POINT_COMPUTE, device->layout, 0, 1, &launch->kernel->module->constants, 0, NULL);
    }
    device->vk.CmdPushConstants(commands, device->layout, VK_SHADER_STAGE_COMPUTE_BIT, 0, push_bytes(launch->kernel), push);
    dispatch(device, commands, &launch->grid);
    device->last_kernel = launch->kernel->name;
    if (launch->kernel->row.flags & CW_VK_SERVICE || device->managed_count) {
        cw_vk_for_host(device);
    }
    return CW_OK;
}

void cw_vk_read_string(struct cw_backend_device *device, uint64_t address, char *out, size_t size) {
    uint64_t offset;
    struct cw_vk_block *block = cw_vk_find(device, (const void *)(uintptr_t)address, &offset);
    out[0] = 0;
    if (!block || device->lost) {
        return;
    }
    uint64_t left = block->size - offset, bytes = left < size - 1 ? left : size - 1;
    if (block->mapped) {
        memcpy(out, (const char *)block->mapped + offset, bytes);
    } else if (cw_vk_read_locked(device, block, offset, out, bytes) != CW_OK) {
        bytes = 0;
    }
    out[bytes] = 0;
}

/* CUDA's line for a failed assertion (CUDA C++ Programming Guide, "Assertion"). */
static void print_assertion(struct cw_backend_device *device) {
    const struct cw_vk_service *service = device->service;
    char message[512], file[512], function[256];
    cw_vk_read_string(device, service->text[0], message, sizeof message);
    cw_vk_read_string(device, service->text[1], file, sizeof file);
    cw_vk_read_string(device, service->text[2], function, sizeof function);
    fprintf(stderr, "%s:%u: %s: block: [%u,%u,%u], thread: [%u,%u,%u] Assertion `%s` failed.\n", file, service->line, function, service->block[0],
            service->block[1], service->block[2], service->thread[0], service->thread[1], service->thread[2], message);
}

cw_status cw_vk_read_fault(struct cw_backend_device *device, struct cw_fault *fault) {
    struct cw_vk_service *service = device->service;
    if (device->ended) {
        return CW_OK;
    }
    if (service->output_used && !device->recording && !device->lost && cw_vk_done(device) == device->submitted) {
        cw_vk_print(device);
    }
    if (device->lost) {
        fault->kind = CW_FAULT_ILLEGAL_ADDRESS;
        snprintf(fault->message, sizeof fault->message, "the device was lost while kernel '%s' ran: an illegal address, or a launch that took too long",
                 device->last_kernel ? device->last_kernel : "");
        return CW_ERROR_FAULT;
    }
    if (service->fault == CW_VK_FAULT_NONE) {
        return CW_OK;
    }
    fault->kind = service->fault == CW_VK_FAULT_ASSERT ? CW_FAULT_ASSERT : CW_FAULT_TRAP;
    fault->block = (struct cw_dim3){service->block[0], service->block[1], service->block[2]};
    fault->thread = (struct cw_dim3){service->thread[0], service->thread[1], service->thread[2]};
    snprintf(fault->message, sizeof fault->message, "kernel '%s' %s in block (%u, %u, %u), thread (%u, %u, %u)",
             device->last_kernel ? device->last_kernel : "",
             fault->kind == CW_FAULT_ASSERT ? "failed an assertion" : "trapped", fault->block.x, fault->block.y, fault->block.z, fault->thread.x,
             fault->thread.y, fault->thread.z);
    if (fault->kind == CW_FAULT_ASSERT) {
        print_assertion(device);
    }
    service->fault = CW_VK_FAULT_NONE;
    return CW_ERROR_FAULT;
}

cw_status cw_vk_launch(struct cw_backend_device *device, const struct cw_launch *launch, struct cw_fault *fault) {
    cw_status status = cw_vk_malloc_prepare(launch->kernel->module);
    pthread_mutex_lock(&device->lock);
    status = status == CW_OK ? cw_vk_record_launch(device, launch, fault) : status;
    if (status == CW_OK) {
        status = cw_vk_finish(device);
    }
    if (status == CW_OK || device->lost) {
        status = cw_vk_read_fault(device, fault);
    }
    pthread_mutex_unlock(&device->lock);
    return status;
}

void cw_vk_output_flush(struct cw_backend_device *device) {
    pthread_mutex_lock(&device->lock);
    if (!device->ended && device->service->output_used && cw_vk_finish(device) == CW_OK) {
        cw_vk_print(device);
    }
    pthread_mutex_unlock(&device->lock);
    fflush(stdout);
}
