/* SPDX-License-Identifier: Apache-2.0 */
/* queue.c: batches of commands, and waiting for them by the timeline semaphore (Vulkan Specification, "Semaphores"). */
#include <sched.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "backend/vulkan/device.h"

/* How long a wait only asks. A thread that sleeps is woken 40 us late on an H200, and one that lets others run has to wait for their turns' ends
 * (4 ms on a busy machine with an H200), so it does that only where more threads wait than there are processors, as CUDA does by default
 * (CUDA Runtime API, cudaDeviceScheduleAuto). */
#define SPIN_NS 20000000u
/* How often a wait that lasts looks whether the device is still there. */
#define LOOK_NS 500000000u
/* How long ago work was submitted whose end an event may take for its time. */
#define RECENT_NS 100000u

cw_status cw_vk_queue_init(struct cw_backend_device *device) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    device->host_processors = processors > 0 ? (uint32_t)processors : 1;
    VkSemaphoreTypeCreateInfo type = {.sType = VK_STRUCTURE_TYPE_SEMAPHORE_TYPE_CREATE_INFO, .semaphoreType = VK_SEMAPHORE_TYPE_TIMELINE};
    VkSemaphoreCreateInfo semaphore = {.sType = VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO, .pNext = &type};
    VkResult result = device->vk.CreateSemaphore(device->handle, &semaphore, NULL, &device->timeline);
    for (uint32_t i = 0; i < CW_VK_BATCHES && result == VK_SUCCESS; i++) {
        struct cw_vk_batch *batch = &device->batches[i];
        batch->stamp = CW_VK_STAMP_NONE;
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
    cw_vk_stamps_fini(device);
    device->vk.DestroySemaphore(device->handle, device->timeline, NULL);
}

static uint64_t now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

uint64_t cw_vk_done(struct cw_backend_device *device) {
    uint64_t value = 0;
    if (device->ended) {
        return device->reached;
    }
    if (device->vk.GetSemaphoreCounterValue(device->handle, device->timeline, &value) == VK_ERROR_DEVICE_LOST) {
        device->lost = true;
    }
    if (atomic_load(&device->host_seen) < value) {
        atomic_store(&device->host_seen, value);
    }
    return value;
}

/* The device writes the number of each batch into host memory when it is done (VK_AMD_buffer_marker), which is seen a microsecond or two
 * before the semaphore is. That the batch's writes are visible to the host only the semaphore says. */
static bool is_marked(struct cw_backend_device *device, uint64_t number) {
    if (!device->write_marker || atomic_load(&device->host_number) > atomic_load(&device->host_seen)) {
        return false;
    }
    uint32_t marker = *(volatile uint32_t *)((char *)device->service + CW_VK_MARKER_OFFSET);
    return (int32_t)(marker - (uint32_t)number) >= 0;
}

/* A sleeping thread is woken late, so waiting begins with asking. Where the host computes, it would only be in the way. */
static bool is_done_soon(struct cw_backend_device *device, uint64_t number) {
    if (device->unified) {
        return false;
    }
    static atomic_uint waiting;
    bool crowded = atomic_fetch_add(&waiting, 1) >= device->host_processors, done = false;
    uint64_t begin = now_ns();
    while (!done && !device->lost && now_ns() - begin < SPIN_NS) {
        done = is_marked(device, number) || cw_vk_done(device) >= number;
        if (crowded && !done) {
            sched_yield();
        }
    }
    atomic_fetch_sub(&waiting, 1);
    return done;
}

static VkResult wait_semaphore(struct cw_backend_device *device, uint64_t number, uint64_t ns) {
    VkSemaphoreWaitInfo info = {.sType = VK_STRUCTURE_TYPE_SEMAPHORE_WAIT_INFO,
                                .semaphoreCount = 1,
                                .pSemaphores = &device->timeline,
                                .pValues = &number};
    VkResult result = device->vk.WaitSemaphores(device->handle, &info, ns);
    device->lost |= result == VK_ERROR_DEVICE_LOST;
    return result;
}

/* The host knows now that this batch is done. */
static void see(struct cw_backend_device *device, uint64_t number) {
    unsigned long long seen = atomic_load(&device->seen);
    while (seen < number && !atomic_compare_exchange_weak(&device->seen, &seen, number)) {
    }
}

/* A driver may notice that it has lost the device only when it is given work: NVIDIA's, after an illegal address, lets waits go on for ever
 * and answers a submission. */
static void look(struct cw_backend_device *device) {
    static const VkSubmitInfo nothing = {.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO};
    pthread_mutex_lock(&device->submission);
    if (device->vk.QueueSubmit(device->queue, 1, &nothing, VK_NULL_HANDLE) == VK_ERROR_DEVICE_LOST) {
        device->lost = true;
    }
    pthread_mutex_unlock(&device->submission);
}

static cw_status wait_long(struct cw_backend_device *device, uint64_t number) {
    VkResult result;
    while ((result = wait_semaphore(device, number, LOOK_NS)) == VK_TIMEOUT) {
        look(device);
    }
    return device->lost ? CW_ERROR_FAULT : cw_vk_status(result);
}

cw_status cw_vk_wait_number(struct cw_backend_device *device, uint64_t number) {
    see(device, number);
    bool done = !number || device->ended || is_done_soon(device, number);
    cw_status status = !done ? wait_long(device, number) : device->lost ? CW_ERROR_FAULT : CW_OK;
    if (number && !device->ended && atomic_exchange(&device->new_pipelines, false)) {
        cw_vk_note_end();
    }
    return status;
}

bool cw_vk_wait_at_most(struct cw_backend_device *device, uint64_t number, uint64_t ns) {
    return !number || wait_semaphore(device, number, ns) == VK_SUCCESS;
}

/* A barrier between what was recorded behind the last one and `next`. It says no more than it must: one that includes the host
 * makes NVIDIA's devices write their caches back, 40 us on an H200. Barriers hold across batches (Vulkan Specification,
 * "Submission Order"), and those behind each other make a chain, so each names its neighbours alone. */
static void order(struct cw_backend_device *device, VkCommandBuffer commands, uint32_t next) {
    uint32_t before = device->pending;
    if (!before || !next) {
        return;
    }
    VkMemoryBarrier barrier = {.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER};
    VkPipelineStageFlags from = 0, to = 0;
    if (before & CW_VK_COMPUTE) {
        from |= VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT;
        barrier.srcAccessMask |= VK_ACCESS_SHADER_WRITE_BIT;
    }
    if (before & CW_VK_TRANSFER) {
        from |= VK_PIPELINE_STAGE_TRANSFER_BIT;
        barrier.srcAccessMask |= VK_ACCESS_TRANSFER_WRITE_BIT;
    }
    if (next & CW_VK_COMPUTE) {
        to |= VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT;
        barrier.dstAccessMask |= VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_SHADER_WRITE_BIT;
    }
    if (next & CW_VK_UNIFORM) {
        barrier.dstAccessMask |= VK_ACCESS_UNIFORM_READ_BIT;
    }
    if (next & CW_VK_TRANSFER) {
        to |= VK_PIPELINE_STAGE_TRANSFER_BIT;
        barrier.dstAccessMask |= VK_ACCESS_TRANSFER_READ_BIT | VK_ACCESS_TRANSFER_WRITE_BIT;
    }
    device->vk.CmdPipelineBarrier(commands, from, to, 0, 1, &barrier, 0, NULL, 0, NULL);
    device->pending = 0;
}

/* Until the commands may be used again, which what the marker says is too early for. */
static cw_status wait_strictly(struct cw_backend_device *device, uint64_t number) {
    if (!number || cw_vk_done(device) >= number) {
        return device->lost ? CW_ERROR_FAULT : CW_OK;
    }
    see(device, number);
    return wait_long(device, number);
}

static bool begin_commands(struct cw_backend_device *device, struct cw_vk_batch *batch) {
    static const VkCommandBufferBeginInfo info = {.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO,
                                                  .flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT};
    return device->vk.BeginCommandBuffer(batch->commands, &info) == VK_SUCCESS;
}

/* The next batch's commands are begun while the device works on this one. */
static void begin_ahead(struct cw_backend_device *device) {
    struct cw_vk_batch *next = &device->batches[(device->current + 1) % CW_VK_BATCHES];
    device->begun = (!next->number || next->number <= atomic_load(&device->host_seen)) && begin_commands(device, next);
}

static VkCommandBuffer begin(struct cw_backend_device *device) {
    device->current = (device->current + 1) % CW_VK_BATCHES;
    struct cw_vk_batch *batch = &device->batches[device->current];
    if (!device->begun && (wait_strictly(device, batch->number) != CW_OK || !begin_commands(device, batch))) {
        return NULL;
    }
    device->begun = false;
    cw_vk_stamp_release(device, batch->stamp);
    batch->stamp = CW_VK_STAMP_NONE;
    batch->for_host = false;
    device->recording = true;
    device->recorded = 0;
    return batch->commands;
}

VkCommandBuffer cw_vk_record(struct cw_backend_device *device, uint32_t work) {
    if (device->lost || device->ended) {
        return NULL;
    }
    VkCommandBuffer commands = device->recording ? device->batches[device->current].commands : begin(device);
    if (commands) {
        order(device, commands, work);
        device->pending |= work & CW_VK_ANY;
    }
    return commands;
}

void cw_vk_for_host(struct cw_backend_device *device) {
    device->batches[device->current].for_host = true;
}

/* What the host reads has to be made visible to it (Vulkan Specification, "Host Write Ordering Guarantees" and "Memory Barriers"). */
static void order_host(struct cw_backend_device *device, VkCommandBuffer commands) {
    static const VkMemoryBarrier barrier = {.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER,
                                            .srcAccessMask = VK_ACCESS_SHADER_WRITE_BIT | VK_ACCESS_TRANSFER_WRITE_BIT,
                                            .dstAccessMask = VK_ACCESS_HOST_READ_BIT};
    device->vk.CmdPipelineBarrier(commands, VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT | VK_PIPELINE_STAGE_TRANSFER_BIT, VK_PIPELINE_STAGE_HOST_BIT, 0,
                                  1, &barrier, 0, NULL, 0, NULL);
}

cw_status cw_vk_submit(struct cw_backend_device *device) {
    if (!device->recording) {
        return device->lost ? CW_ERROR_FAULT : CW_OK;
    }
    struct cw_vk_batch *batch = &device->batches[device->current];
    device->recording = false;
    if (device->event_count) {
        batch->stamp = cw_vk_stamp_take(device);
        cw_vk_stamp_write(device, batch->commands, batch->stamp);
    }
    if (batch->for_host) {
        order_host(device, batch->commands);
    }
    uint64_t number = device->submitted + 1;
    if (device->write_marker) {
        device->write_marker(batch->commands, VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, device->service_block->buffer, CW_VK_MARKER_OFFSET, (uint32_t)number);
    }
    VkResult result = device->vk.EndCommandBuffer(batch->commands);
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
        batch->submitted = now_ns();
        pthread_mutex_lock(&device->submission);
        result = device->vk.QueueSubmit(device->queue, 1, &info, VK_NULL_HANDLE);
        pthread_mutex_unlock(&device->submission);
    }
    if (result == VK_SUCCESS) {
        if (batch->for_host) {
            atomic_store(&device->host_number, number);
        }
        device->submitted = batch->number = number;
        begin_ahead(device);
    }
    device->lost |= result == VK_ERROR_DEVICE_LOST;
    return cw_vk_status(result);
}

/* Of the batch that was submitted last: work that is still going on ends there, and what has just ended did not end later. If the
 * host has waited for it, the host's own time has passed since, which belongs to what the event measures. */
uint32_t cw_vk_recent_stamp(struct cw_backend_device *device) {
    struct cw_vk_batch *batch = &device->batches[device->current];
    if (device->recording || !batch->number || batch->number != device->submitted || batch->number <= atomic_load(&device->seen)) {
        return CW_VK_STAMP_NONE;
    }
    bool recent = now_ns() - batch->submitted < RECENT_NS;
    return recent || cw_vk_done(device) < batch->number ? batch->stamp : CW_VK_STAMP_NONE;
}

cw_status cw_vk_finish(struct cw_backend_device *device) {
    cw_status status = cw_vk_submit(device);
    if (status != CW_OK) {
        return status;
    }
    status = cw_vk_wait_number(device, device->submitted);
    if (status == CW_OK) {
        device->parameters_used = 0;
    }
    return status;
}
