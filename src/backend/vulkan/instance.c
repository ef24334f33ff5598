/* SPDX-License-Identifier: Apache-2.0 */
/* instance.c: Vulkan's loader, opened when it is there, and what the adapters are and have. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/vulkan/device.h"

#define ADAPTERS_MAX 16u
#define VENDOR_NVIDIA 0x10deu

static struct cw_vk_instance_functions functions;
static struct cw_vk_adapter adapters[ADAPTERS_MAX];
static uint32_t adapter_count;
static char problem[512] = "";
static pthread_once_t once = PTHREAD_ONCE_INIT;

static bool has_extension(const VkExtensionProperties *list, uint32_t count, const char *name) {
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(list[i].extensionName, name) == 0) {
            return true;
        }
    }
    return false;
}

/* What kernels can't do without. */
static const char *missing(const VkPhysicalDeviceFeatures *core, const VkPhysicalDeviceVulkan11Features *v11,
                           const VkPhysicalDeviceVulkan12Features *v12) {
    (void)v11;
    return !v12->bufferDeviceAddress               ? "buffer device addresses"
           : !core->shaderInt64                    ? "64-bit integers"
           : !v12->vulkanMemoryModel               ? "the Vulkan memory model"
           : !v12->vulkanMemoryModelDeviceScope    ? "the Vulkan memory model's device scope"
           : !v12->timelineSemaphore               ? "timeline semaphores"
           : !v12->hostQueryReset                  ? "queries that the host resets"
           : !core->shaderInt16 || !v12->shaderInt8 ? "8- and 16-bit integers"
                                                   : NULL;
}

static void ask_features(struct cw_vk_adapter *adapter, const VkExtensionProperties *list, uint32_t count) {
    VkPhysicalDeviceShaderAtomicFloatFeaturesEXT atomic = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_ATOMIC_FLOAT_FEATURES_EXT};
    VkPhysicalDeviceSubgroupSizeControlFeatures control = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_FEATURES};
    VkPhysicalDeviceVulkan12Features v12 = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES};
    VkPhysicalDeviceVulkan11Features v11 = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_FEATURES, .pNext = &v12};
    VkPhysicalDeviceFeatures2 features = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2, .pNext = &v11};
    bool has_atomic = has_extension(list, count, VK_EXT_SHADER_ATOMIC_FLOAT_EXTENSION_NAME);
    bool has_control = has_extension(list, count, VK_EXT_SUBGROUP_SIZE_CONTROL_EXTENSION_NAME);
    VkPhysicalDeviceShaderClockFeaturesKHR clock = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_CLOCK_FEATURES_KHR};
    if (has_control) {
        v12.pNext = &control;
    }
    if (has_extension(list, count, VK_KHR_SHADER_CLOCK_EXTENSION_NAME)) {
        clock.pNext = v12.pNext;
        v12.pNext = &clock;
    }
    if (has_atomic) {
        atomic.pNext = v12.pNext;
        v12.pNext = &atomic;
    }
    functions.GetPhysicalDeviceFeatures2(adapter->handle, &features);
    adapter->lacks = missing(&features.features, &v11, &v12);
    adapter->float32_add = has_atomic && atomic.shaderBufferFloat32AtomicAdd;
    adapter->float64_add = has_atomic && atomic.shaderBufferFloat64AtomicAdd;
    adapter->float64 = features.features.shaderFloat64;
    adapter->float16 = v12.shaderFloat16;
    adapter->clock = clock.shaderDeviceClock;
    adapter->constants = v12.uniformBufferStandardLayout;
    adapter->required_size = has_control && control.subgroupSizeControl && control.computeFullSubgroups;
}

static void ask_properties(struct cw_vk_adapter *adapter, const VkExtensionProperties *list, uint32_t count) {
    VkPhysicalDeviceExternalMemoryHostPropertiesEXT import = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_EXTERNAL_MEMORY_HOST_PROPERTIES_EXT};
    VkPhysicalDeviceSubgroupSizeControlProperties control = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_PROPERTIES};
    VkPhysicalDeviceShaderSMBuiltinsPropertiesNV processors = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_SM_BUILTINS_PROPERTIES_NV};
    VkPhysicalDeviceVulkan12Properties v12 = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_PROPERTIES, .pNext = &control};
    if (has_extension(list, count, VK_NV_SHADER_SM_BUILTINS_EXTENSION_NAME)) {
        processors.pNext = v12.pNext;
        v12.pNext = &processors;
    }
    VkPhysicalDeviceVulkan11Properties v11 = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_PROPERTIES, .pNext = &v12};
    VkPhysicalDeviceProperties2 all = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2, .pNext = &v11};
    if (has_extension(list, count, VK_EXT_EXTERNAL_MEMORY_HOST_EXTENSION_NAME)) {
        import.pNext = v12.pNext;
        v12.pNext = &import;
    }
    functions.GetPhysicalDeviceProperties2(adapter->handle, &all);
    adapter->properties = all.properties;
    adapter->processors = processors.shaderSMCount ? processors.shaderSMCount : 1;
    adapter->constants &= all.properties.limits.maxUniformBufferRange >= CW_VK_CONSTANTS_MAX;
    adapter->import_alignment = import.minImportedHostPointerAlignment;
    snprintf(adapter->driver, sizeof adapter->driver, "%.40s %.20s", v12.driverName, v12.driverInfo);
    memcpy(adapter->uuid, v11.deviceUUID, sizeof adapter->uuid);
    adapter->subgroup_size = v11.subgroupSize;
    VkSubgroupFeatureFlags needed = VK_SUBGROUP_FEATURE_BASIC_BIT | VK_SUBGROUP_FEATURE_BALLOT_BIT | VK_SUBGROUP_FEATURE_SHUFFLE_BIT;
    bool operations = (v11.subgroupSupportedOperations & needed) == needed && v11.subgroupSupportedStages & VK_SHADER_STAGE_COMPUTE_BIT;
    bool can_be_32 = control.minSubgroupSize <= 32 && control.maxSubgroupSize >= 32 && control.requiredSubgroupSizeStages & VK_SHADER_STAGE_COMPUTE_BIT;
    adapter->warp32 = operations && adapter->required_size && can_be_32;
    adapter->denorm_preserve32 = v12.shaderDenormPreserveFloat32;
    adapter->denorm_preserve16 = v12.shaderDenormPreserveFloat16;
    adapter->denorm_preserve64 = v12.shaderDenormPreserveFloat64;
    adapter->signed_zero32 = v12.shaderSignedZeroInfNanPreserveFloat32;
    adapter->signed_zero64 = v12.shaderSignedZeroInfNanPreserveFloat64;
}

static void add_adapter(VkPhysicalDevice handle) {
    struct cw_vk_adapter *adapter = &adapters[adapter_count];
    *adapter = (struct cw_vk_adapter){.handle = handle};
    VkPhysicalDeviceProperties2 base = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2};
    functions.GetPhysicalDeviceProperties2(handle, &base);
    if (base.properties.apiVersion < VK_API_VERSION_1_2) {
        snprintf(problem, sizeof problem, "%s speaks Vulkan %u.%u only; 1.2 is needed", base.properties.deviceName,
                 VK_API_VERSION_MAJOR(base.properties.apiVersion), VK_API_VERSION_MINOR(base.properties.apiVersion));
        return;
    }
    uint32_t count = 0;
    functions.EnumerateDeviceExtensionProperties(handle, NULL, &count, NULL);
    VkExtensionProperties *list = calloc(count + 1, sizeof *list);
    if (!list) {
        return;
    }
    functions.EnumerateDeviceExtensionProperties(handle, NULL, &count, list);
    ask_features(adapter, list, count);
    ask_properties(adapter, list, count);
    adapter->placed = has_extension(list, count, "VK_EXT_map_memory_placed") && has_extension(list, count, "VK_KHR_map_memory2") &&
                      cw_vk_managed_possible(handle, functions.GetPhysicalDeviceFeatures2);
    adapter->marker = has_extension(list, count, VK_AMD_BUFFER_MARKER_EXTENSION_NAME);
    free(list);
    bool hardware = adapter->properties.deviceType != VK_PHYSICAL_DEVICE_TYPE_CPU;
    adapter->fused = hardware;
    adapter->turns = !hardware;
    adapter->exp2 = hardware && adapter->properties.vendorID == VENDOR_NVIDIA;
    adapter->usable = !adapter->lacks;
    if (adapter->usable) {
        adapter_count++;
    } else {
        snprintf(problem, sizeof problem, "%s lacks %s", adapter->properties.deviceName, adapter->lacks);
    }
}

static bool open_instance(void) {
    void *library = dlopen("libvulkan.so.1", RTLD_NOW | RTLD_LOCAL);
    PFN_vkGetInstanceProcAddr find = NULL;
    if (library) {
        *(void **)&find = dlsym(library, "vkGetInstanceProcAddr");
    }
    PFN_vkCreateInstance create = find ? (PFN_vkCreateInstance)find(NULL, "vkCreateInstance") : NULL;
    if (!create) {
        snprintf(problem, sizeof problem, "libvulkan.so.1 can't be opened (Debian: libvulkan1)");
        return false;
    }
    VkApplicationInfo application = {.sType = VK_STRUCTURE_TYPE_APPLICATION_INFO, .pEngineName = "cuda-wasm", .apiVersion = VK_API_VERSION_1_2};
    VkInstanceCreateInfo info = {.sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO, .pApplicationInfo = &application};
    VkInstance instance;
    VkResult result = create(&info, NULL, &instance);
    if (result != VK_SUCCESS) {
        snprintf(problem, sizeof problem, "Vulkan finds no driver here (vkCreateInstance gives %d)", result);
        return false;
    }
    bool complete = true;
#define CW_VK_INSTANCE(name)                                                                                           \
    functions.name = (PFN_vk##name)find(instance, "vk" #name);                                                         \
    complete = complete && functions.name;
#include "backend/vulkan/functions.def"
    if (!complete) {
        snprintf(problem, sizeof problem, "the Vulkan loader is older than 1.2");
        return false;
    }
    VkPhysicalDevice handles[ADAPTERS_MAX];
    uint32_t count = ADAPTERS_MAX;
    result = functions.EnumeratePhysicalDevices(instance, &count, handles);
    for (uint32_t i = 0; (result == VK_SUCCESS || result == VK_INCOMPLETE) && i < count; i++) {
        add_adapter(handles[i]);
    }
    if (!adapter_count && !problem[0]) {
        snprintf(problem, sizeof problem, "Vulkan finds no device here");
    }
    return adapter_count > 0;
}

/* Hardware before what computes on the CPU. */
static int compare_adapters(const void *a, const void *b) {
    static const int order[] = {[VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU] = 0, [VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU] = 1,
                                [VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU] = 2, [VK_PHYSICAL_DEVICE_TYPE_OTHER] = 3,
                                [VK_PHYSICAL_DEVICE_TYPE_CPU] = 4};
    return order[((const struct cw_vk_adapter *)a)->properties.deviceType] - order[((const struct cw_vk_adapter *)b)->properties.deviceType];
}

static void initialise(void) {
    if (open_instance()) {
        qsort(adapters, adapter_count, sizeof adapters[0], compare_adapters);
    }
}

const struct cw_vk_instance_functions *cw_vk_instance(void) {
    pthread_once(&once, initialise);
    return &functions;
}

uint32_t cw_vk_adapter_count(void) {
    pthread_once(&once, initialise);
    return adapter_count;
}

const struct cw_vk_adapter *cw_vk_adapter(uint32_t ordinal) {
    return &adapters[ordinal];
}

const char *cw_vk_problem(void) {
    pthread_once(&once, initialise);
    return adapter_count ? "" : problem;
}

cw_status cw_vk_status(VkResult result) {
    switch (result) {
    case VK_SUCCESS: return CW_OK;
    case VK_ERROR_OUT_OF_HOST_MEMORY:
    case VK_ERROR_OUT_OF_DEVICE_MEMORY:
    case VK_ERROR_TOO_MANY_OBJECTS: return CW_ERROR_OUT_OF_MEMORY;
    case VK_ERROR_DEVICE_LOST: return CW_ERROR_FAULT;
    default: return CW_ERROR_LAUNCH;
    }
}
