/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vulkan.c: the Vulkan backend's table. It runs the SPIR-V target's artifacts on any device with Vulkan 1.2, buffer device
 * addresses, 64-bit integers and the Vulkan memory model, through the system's libvulkan.so.1.
 */
#include "backend/vulkan/device.h"

/* Hardware is offered for "auto"; a driver that computes on the CPU only by name, since our own CPU code is faster. */
static int probe(void) {
    if (!cw_vk_adapter_count()) {
        return 0;
    }
    switch (cw_vk_adapter(0)->properties.deviceType) {
    case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU: return 600;
    case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU:
    case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU: return 500;
    default: return -1;
    }
}

static const char *kernel_refusal(struct cw_backend_kernel *kernel) {
    return kernel->refusal;
}

static const struct cw_backend backend = {
    .abi_version = CW_BACKEND_ABI,
    .struct_size = sizeof(struct cw_backend),
    .name = "vulkan",
    .target = "spirv",
    .probe = probe,
    .device_count = cw_vk_adapter_count,
    .device_open = cw_vk_device_open,
    .device_close = cw_vk_device_close,
    .device_facts = cw_vk_device_facts,
    .device_limit = cw_vk_device_limit,
    .memory_alloc = cw_vk_memory_alloc,
    .memory_free = cw_vk_memory_free,
    .memory_info = cw_vk_memory_info,
    .copy = cw_vk_copy,
    .fill = cw_vk_fill,
    .artifact_score = cw_vk_artifact_score,
    .module_load = cw_vk_module_load,
    .module_unload = cw_vk_module_unload,
    .kernel_find = cw_vk_kernel_find,
    .kernel_facts = cw_vk_kernel_facts,
    .kernel_active_blocks = cw_vk_kernel_active_blocks,
    .variable_find = cw_vk_variable_find,
    .launch = cw_vk_launch,
    .output_flush = cw_vk_output_flush,
    .image_create = cw_vk_image_create,
    .image_destroy = cw_vk_image_destroy,
    .stream_create = cw_vk_stream_create,
    .stream_destroy = cw_vk_stream_destroy,
    .stream_wait = cw_vk_stream_wait,
    .stream_idle = cw_vk_stream_idle,
    .stream_follow = cw_vk_stream_follow,
    .launch_async = cw_vk_launch_async,
    .fill_async = cw_vk_fill_async,
    .copy_async = cw_vk_copy_async,
    .event_create = cw_vk_event_create,
    .event_destroy = cw_vk_event_destroy,
    .event_record = cw_vk_event_record,
    .event_wait = cw_vk_event_wait,
    .event_idle = cw_vk_event_idle,
    .event_follow = cw_vk_event_follow,
    .event_elapsed = cw_vk_event_elapsed,
    .host_alloc = cw_vk_host_alloc,
    .host_free = cw_vk_host_free,
    .host_register = cw_vk_host_register,
    .host_unregister = cw_vk_host_unregister,
    .managed_alloc = cw_vk_managed_alloc,
    .problem = cw_vk_problem,
    .kernel_refusal = kernel_refusal,
};

const struct cw_backend *cw_backend_entry(void) {
    return &backend;
}
