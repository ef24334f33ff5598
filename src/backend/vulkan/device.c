/* SPDX-License-Identifier: Apache-2.0 */
/* device.c: opening and closing a device, and its facts. */
#include "backend/vulkan/device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PARAMETER_BYTES (UINT64_C(1) << 20)
#define SERVICE_BYTES (UINT64_C(2) << 20)

/* Rather a queue that has no graphics: on an H200 an empty launch is 2 us shorter there, and one that the host's memory is written in 30. */
static uint32_t compute_family(VkPhysicalDevice handle) {
    VkQueueFamilyProperties families[16];
    uint32_t count = 16, first = UINT32_MAX;
    cw_vk_instance()->GetPhysicalDeviceQueueFamilyProperties(handle, &count, families);
    for (uint32_t i = 0; i < count; i++) {
        if (!(families[i].queueFlags & VK_QUEUE_COMPUTE_BIT)) {
            continue;
        }
        if (!(families[i].queueFlags & VK_QUEUE_GRAPHICS_BIT) && families[i].timestampValidBits) {
            return i;
        }
        first = first == UINT32_MAX ? i : first;
    }
    return first == UINT32_MAX ? 0 : first;
}

/* Every feature of the core that the adapter has and kernels may use, and the extensions that were found. */
static VkResult create_device(struct cw_backend_device *device) {
    const struct cw_vk_adapter *adapter = device->adapter;
    const struct cw_vk_instance_functions *instance = cw_vk_instance();
    VkPhysicalDeviceVulkan12Features has12 = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES};
    VkPhysicalDeviceVulkan11Features has11 = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_FEATURES, .pNext = &has12};
    VkPhysicalDeviceFeatures2 has = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2, .pNext = &has11};
    instance->GetPhysicalDeviceFeatures2(adapter->handle, &has);
    VkPhysicalDeviceShaderAtomicFloatFeaturesEXT atomic = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_ATOMIC_FLOAT_FEATURES_EXT,
                                                           .shaderBufferFloat32AtomicAdd = adapter->float32_add,
                                                           .shaderBufferFloat64AtomicAdd = adapter->float64_add,
                                                           .shaderBufferFloat32Atomics = adapter->float32_add,
                                                           .shaderBufferFloat64Atomics = adapter->float64_add};
    VkPhysicalDeviceSubgroupSizeControlFeatures control = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_FEATURES,
                                                           .subgroupSizeControl = VK_TRUE,
                                                           .computeFullSubgroups = VK_TRUE};
    VkPhysicalDeviceVulkan12Features v12 = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES,
                                            .storageBuffer8BitAccess = has12.storageBuffer8BitAccess,
                                            .shaderBufferInt64Atomics = has12.shaderBufferInt64Atomics,
                                            .shaderSharedInt64Atomics = has12.shaderSharedInt64Atomics,
                                            .shaderFloat16 = has12.shaderFloat16,
                                            .shaderInt8 = has12.shaderInt8,
                                            .shaderSubgroupExtendedTypes = has12.shaderSubgroupExtendedTypes,
                                            .timelineSemaphore = VK_TRUE,
                                            .hostQueryReset = VK_TRUE,
                                            .uniformBufferStandardLayout = has12.uniformBufferStandardLayout,
                                            .bufferDeviceAddress = VK_TRUE,
                                            .vulkanMemoryModel = VK_TRUE,
                                            .vulkanMemoryModelDeviceScope = VK_TRUE};
    VkPhysicalDeviceVulkan11Features v11 = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_FEATURES,
                                            .pNext = &v12,
                                            .storageBuffer16BitAccess = has11.storageBuffer16BitAccess};
    VkPhysicalDeviceFeatures2 features = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2, .pNext = &v11};
    features.features.shaderInt64 = VK_TRUE;
    features.features.shaderInt16 = VK_TRUE;
    features.features.shaderFloat64 = has.features.shaderFloat64;
    const char *extensions[8];
    uint32_t count = 0;
    if (adapter->float32_add || adapter->float64_add) {
        extensions[count++] = VK_EXT_SHADER_ATOMIC_FLOAT_EXTENSION_NAME;
        atomic.pNext = v12.pNext;
        v12.pNext = &atomic;
    }
    if (adapter->required_size) {
        extensions[count++] = VK_EXT_SUBGROUP_SIZE_CONTROL_EXTENSION_NAME;
        control.pNext = v12.pNext;
        v12.pNext = &control;
    }
    VkPhysicalDeviceShaderClockFeaturesKHR clock = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_CLOCK_FEATURES_KHR,
                                                    .shaderDeviceClock = VK_TRUE};
    if (adapter->clock) {
        extensions[count++] = VK_KHR_SHADER_CLOCK_EXTENSION_NAME;
        clock.pNext = v12.pNext;
        v12.pNext = &clock;
    }
    const void *chain = &features;
    if (adapter->placed) {
        extensions[count++] = "VK_KHR_map_memory2";
        extensions[count++] = "VK_EXT_map_memory_placed";
        chain = cw_vk_managed_feature(chain);
    }
    if (adapter->marker) {
        extensions[count++] = VK_AMD_BUFFER_MARKER_EXTENSION_NAME;
    }
    if (adapter->import_alignment) {
        extensions[count++] = VK_EXT_EXTERNAL_MEMORY_HOST_EXTENSION_NAME;
    }
    static const float priority = 1.0f;
    device->family = compute_family(adapter->handle);
    VkDeviceQueueCreateInfo queue = {.sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO,
                                     .queueFamilyIndex = device->family,
                                     .queueCount = 1,
                                     .pQueuePriorities = &priority};
    VkDeviceCreateInfo info = {.sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO,
                               .pNext = chain,
                               .queueCreateInfoCount = 1,
                               .pQueueCreateInfos = &queue,
                               .enabledExtensionCount = count,
                               .ppEnabledExtensionNames = extensions};
    return instance->CreateDevice(adapter->handle, &info, NULL, &device->handle);
}

static bool load_functions(struct cw_backend_device *device) {
    bool complete = true;
#define CW_VK_DEVICE(name)                                                                                             \
    device->vk.name = (PFN_vk##name)cw_vk_instance()->GetDeviceProcAddr(device->handle, "vk" #name);                   \
    complete = complete && device->vk.name;
#include "backend/vulkan/functions.def"
    if (device->adapter->import_alignment) {
        device->host_pointer_properties =
            (PFN_vkGetMemoryHostPointerPropertiesEXT)cw_vk_instance()->GetDeviceProcAddr(device->handle, "vkGetMemoryHostPointerPropertiesEXT");
    }
    if (device->adapter->marker) {
        device->write_marker = (PFN_vkCmdWriteBufferMarkerAMD)cw_vk_instance()->GetDeviceProcAddr(device->handle, "vkCmdWriteBufferMarkerAMD");
    }
    return complete;
}

static cw_status create_layout(struct cw_backend_device *device) {
    static const VkDescriptorSetLayoutBinding constants = {
        .descriptorType = VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER, .descriptorCount = 1, .stageFlags = VK_SHADER_STAGE_COMPUTE_BIT};
    VkDescriptorSetLayoutCreateInfo set = {
        .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO, .bindingCount = 1, .pBindings = &constants};
    VkResult result = device->vk.CreateDescriptorSetLayout(device->handle, &set, NULL, &device->set_layout);
    if (result != VK_SUCCESS) {
        return cw_vk_status(result);
    }
    VkPushConstantRange range = {VK_SHADER_STAGE_COMPUTE_BIT, 0, CW_VK_PUSH_BYTES};
    VkPipelineLayoutCreateInfo info = {.sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO,
                                       .setLayoutCount = 1,
                                       .pSetLayouts = &device->set_layout,
                                       .pushConstantRangeCount = 1,
                                       .pPushConstantRanges = &range};
    return cw_vk_status(device->vk.CreatePipelineLayout(device->handle, &info, NULL, &device->layout));
}

static cw_status create_parts(struct cw_backend_device *device) {
    VkPhysicalDeviceMemoryProperties2 memory = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_PROPERTIES_2};
    cw_vk_instance()->GetPhysicalDeviceMemoryProperties2(device->adapter->handle, &memory);
    device->memory = memory.memoryProperties;
    for (uint32_t i = 0; i < device->memory.memoryHeapCount; i++) {
        if (device->memory.memoryHeaps[i].flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT && device->memory.memoryHeaps[i].size > device->heap_size) {
            device->heap_size = device->memory.memoryHeaps[i].size;
        }
    }
    device->vk.GetDeviceQueue(device->handle, device->family, 0, &device->queue);
    cw_status status = create_layout(device);
    if (status == CW_OK) {
        status = cw_vk_queue_init(device);
    }
    if (status == CW_OK) {
        status = cw_vk_block_create(device, (uint64_t)CW_VK_STAGING_PIECES * CW_VK_PIECE_BYTES, true, &device->staging);
    }
    if (status == CW_OK) {
        status = cw_vk_block_create(device, PARAMETER_BYTES, true, &device->parameters);
    }
    if (status == CW_OK) {
        status = cw_vk_block_create(device, SERVICE_BYTES, true, &device->service_block);
    }
    if (status != CW_OK) {
        return status;
    }
    if (!device->staging->mapped || !device->parameters->mapped || !device->service_block->mapped) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    device->service = device->service_block->mapped;
    memset(device->service, 0, sizeof *device->service);
    device->service->output = device->service_block->address + CW_VK_OUTPUT_OFFSET;
    device->service->output_size = SERVICE_BYTES - CW_VK_OUTPUT_OFFSET;
    memset((char *)device->service + CW_VK_OUTPUT_OFFSET, 0, SERVICE_BYTES - CW_VK_OUTPUT_OFFSET);
    /* A driver that computes on the CPU hands out the host's own addresses. */
    bool software = device->adapter->properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU;
    device->unified = software && (uintptr_t)device->staging->mapped == device->staging->address;
    cw_vk_pipeline_cache_load(device);
    return CW_OK;
}

cw_status cw_vk_device_open(uint32_t ordinal, struct cw_backend_device **result) {
    if (ordinal >= cw_vk_adapter_count()) {
        return CW_ERROR_NOT_FOUND;
    }
    struct cw_backend_device *device = calloc(1, sizeof *device);
    if (!device) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    device->adapter = cw_vk_adapter(ordinal);
    pthread_mutex_init(&device->lock, NULL);
    pthread_mutex_init(&device->submission, NULL);
    cw_status status = cw_vk_status(create_device(device));
    if (status == CW_OK && !load_functions(device)) {
        status = CW_ERROR_NOT_FOUND;
    }
    if (status == CW_OK) {
        status = create_parts(device);
    }
    if (status != CW_OK) {
        cw_vk_device_close(device);
        return status;
    }
    cw_vk_note_open(device);
    *result = device;
    return CW_OK;
}

void cw_vk_device_close(struct cw_backend_device *device) {
    cw_vk_note_closed(device);
    if (device->ended) {
        return; /* with the process */
    }
    if (device->handle && device->vk.DestroyDevice) {
        (void)device->vk.DeviceWaitIdle(device->handle);
        cw_vk_pipeline_cache_save(device);
        cw_vk_block_destroy(device, device->staging);
        cw_vk_block_destroy(device, device->parameters);
        cw_vk_block_destroy(device, device->service_block);
        cw_vk_images_fini(device);
        cw_vk_heap_fini(device);
        cw_vk_pinned_fini(device);
        cw_vk_between_fini(device);
        cw_vk_queue_fini(device);
        device->vk.DestroyPipelineCache(device->handle, device->cache, NULL);
        device->vk.DestroyPipelineLayout(device->handle, device->layout, NULL);
        device->vk.DestroyDescriptorSetLayout(device->handle, device->set_layout, NULL);
        device->vk.DestroyDevice(device->handle, NULL);
    }
    pthread_mutex_destroy(&device->submission);
    pthread_mutex_destroy(&device->lock);
    free(device);
}

void cw_vk_device_facts(struct cw_backend_device *device, struct cw_device_facts *facts) {
    const struct cw_vk_adapter *adapter = device->adapter;
    const VkPhysicalDeviceLimits *limits = &adapter->properties.limits;
    *facts = (struct cw_device_facts){0};
    snprintf(facts->name, sizeof facts->name, "%s", adapter->properties.deviceName);
    facts->total_memory = device->heap_size;
    facts->shared_per_block = limits->maxComputeSharedMemorySize;
    facts->max_threads_per_block = limits->maxComputeWorkGroupInvocations < 1024 ? limits->maxComputeWorkGroupInvocations : 1024;
    facts->unified_memory = device->unified;
    facts->processors = adapter->processors;
    snprintf(facts->target_cpu, sizeof facts->target_cpu, "vulkan");
    snprintf(facts->target_features, sizeof facts->target_features, "%s%s%s%s%s%s%s%s", adapter->warp32 ? "warp32," : "",
             adapter->float32_add ? "float32-add," : "", adapter->float64_add ? "float64-add," : "", adapter->constants ? "constants," : "",
             adapter->clock ? "clock," : "", adapter->fused ? "fused," : "", adapter->exp2 ? "exp2," : "",
             adapter->turns ? "turns," : "");
    snprintf(facts->driver, sizeof facts->driver, "Vulkan %u.%u, %.36s", VK_API_VERSION_MAJOR(adapter->properties.apiVersion),
             VK_API_VERSION_MINOR(adapter->properties.apiVersion), adapter->driver);
    memcpy(facts->uuid, adapter->uuid, sizeof facts->uuid);
}
