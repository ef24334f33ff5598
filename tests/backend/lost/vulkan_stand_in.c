/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vulkan_stand_in.c: a Vulkan loader whose device is lost and whose memory ends when a test says so; everything else is the loader's
 * that $VULKAN_LOADER names.
 *
 *   LOST_AT=N          submission N and all that comes after it gives VK_ERROR_DEVICE_LOST, waits and questions too
 *   MEMORY_MOST=BYTES  larger allocations give VK_ERROR_OUT_OF_DEVICE_MEMORY
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <vulkan/vulkan.h>

static PFN_vkGetInstanceProcAddr next_instance;
static PFN_vkGetDeviceProcAddr next_device;
static PFN_vkQueueSubmit next_submit;
static PFN_vkWaitSemaphores next_wait;
static PFN_vkGetSemaphoreCounterValue next_counter;
static PFN_vkAllocateMemory next_allocate;
static unsigned long submissions;

static unsigned long setting(const char *name) {
    const char *text = getenv(name);
    return text ? strtoul(text, NULL, 10) : 0;
}

static int is_lost(void) {
    return setting("LOST_AT") && submissions >= setting("LOST_AT");
}

static VkResult submit(VkQueue queue, uint32_t count, const VkSubmitInfo *infos, VkFence fence) {
    submissions++;
    return is_lost() ? VK_ERROR_DEVICE_LOST : next_submit(queue, count, infos, fence);
}

static VkResult wait_for(VkDevice device, const VkSemaphoreWaitInfo *info, uint64_t ns) {
    return is_lost() ? VK_ERROR_DEVICE_LOST : next_wait(device, info, ns);
}

static VkResult counter(VkDevice device, VkSemaphore semaphore, uint64_t *value) {
    return is_lost() ? VK_ERROR_DEVICE_LOST : next_counter(device, semaphore, value);
}

static VkResult allocate(VkDevice device, const VkMemoryAllocateInfo *info, const VkAllocationCallbacks *callbacks, VkDeviceMemory *memory) {
    if (setting("MEMORY_MOST") && info->allocationSize > setting("MEMORY_MOST")) return VK_ERROR_OUT_OF_DEVICE_MEMORY;
    return next_allocate(device, info, callbacks, memory);
}

static PFN_vkVoidFunction find_for_device(VkDevice device, const char *name) {
    PFN_vkVoidFunction found = next_device(device, name);
#define STAND_IN(word, next, own)                                                                                                   \
    if (found && strcmp(name, "vk" #word) == 0) {                                                                                   \
        next = (PFN_vk##word)found;                                                                                                 \
        return (PFN_vkVoidFunction)own;                                                                                             \
    }
    STAND_IN(QueueSubmit, next_submit, submit)
    STAND_IN(WaitSemaphores, next_wait, wait_for)
    STAND_IN(GetSemaphoreCounterValue, next_counter, counter)
    STAND_IN(AllocateMemory, next_allocate, allocate)
    return found;
}

VKAPI_ATTR PFN_vkVoidFunction VKAPI_CALL vkGetInstanceProcAddr(VkInstance instance, const char *name) {
    if (!next_instance) {
        const char *path = getenv("VULKAN_LOADER");
        void *loader = path ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
        if (!loader) abort();
        *(void **)&next_instance = dlsym(loader, "vkGetInstanceProcAddr");
    }
    PFN_vkVoidFunction found = next_instance(instance, name);
    if (found && strcmp(name, "vkGetDeviceProcAddr") == 0) {
        next_device = (PFN_vkGetDeviceProcAddr)found;
        return (PFN_vkVoidFunction)find_for_device;
    }
    return found;
}
