/* SPDX-License-Identifier: Apache-2.0 */
/* device.c: opening a device with all that its adapter has, and its queue: commands are recorded into one encoder, and
 * submitted when somebody waits, when the device has nothing to do, or when there are many. */
#include "backend/webgpu/webgpu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define VENDOR_NVIDIA 0x10deu

static void on_error(const WGPUDevice *handle, uint32_t type, WGPUStringView message, void *a, void *b) {
    struct cw_backend_device *device = a;
    size_t length = message.length == SIZE_MAX ? strlen(message.data) : message.length;
    (void)handle, (void)type, (void)b;
    snprintf(device->message, sizeof device->message, "%.*s", (int)(length < 800 ? length : 800), message.data ? message.data : "");
}

static void on_lost(const WGPUDevice *handle, uint32_t reason, WGPUStringView message, void *a, void *b) {
    struct cw_backend_device *device = a;
    if (reason == 2) return; /* destroyed: by us */
    device->lost = true;
    on_error(handle, 0, message, a, b);
}

static void on_device(uint32_t status, WGPUDevice device, WGPUStringView message, void *a, void *b) {
    (void)status, (void)message, (void)b;
    *(WGPUDevice *)a = device;
}

/* ---- The process's end --------------------------------------------------------------------------------------------- */

#define DEVICES_MAX 16
static struct cw_backend_device *open_devices[DEVICES_MAX];
static pthread_mutex_t open_lock = PTHREAD_MUTEX_INITIALIZER;

/* The driver's own end must find no work left. Functions that atexit takes run in reverse order, and drivers register theirs when
 * they first need what they end (Mesa's compiler at the first pipeline): so this one is registered again behind that. */
static void at_exit(void) {
    pthread_mutex_lock(&open_lock);
    for (unsigned d = 0; d < DEVICES_MAX; d++) {
        struct cw_backend_device *device = open_devices[d];
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += 2;
        if (!device || pthread_mutex_timedlock(&device->lock, &until) != 0) continue;
        if (!device->lost) (void)cw_webgpu_finish(device);
        pthread_mutex_unlock(&device->lock);
    }
    pthread_mutex_unlock(&open_lock);
}

void cw_webgpu_note_end(void) {
    (void)atexit(at_exit);
}

static void note_open(struct cw_backend_device *device, bool open) {
    static bool registered;
    pthread_mutex_lock(&open_lock);
    if (!registered) registered = atexit(at_exit) == 0;
    for (unsigned d = 0; d < DEVICES_MAX; d++)
        if (open_devices[d] == (open ? NULL : device)) {
            open_devices[d] = open ? device : NULL;
            break;
        }
    pthread_mutex_unlock(&open_lock);
}

static bool request(struct cw_backend_device *device) {
    const struct cw_webgpu_library *wgpu = cw_webgpu();
    uint32_t features[4];
    size_t count = 0;
    WGPUAdapterInfo info = {0};
    device->limits = (WGPULimits){0};
    wgpu->AdapterGetLimits(device->adapter, &device->limits);
    device->limits.nextInChain = NULL;
    wgpu->AdapterGetInfo(device->adapter, &info);
    snprintf(device->name, sizeof device->name, "%.*s", (int)(info.device.length < 200 ? info.device.length : 200), info.device.data ? info.device.data : "");
    snprintf(device->driver, sizeof device->driver, "%.*s", (int)(info.description.length < 60 ? info.description.length : 60), info.description.data ? info.description.data : "");
    /* Lanes are counted as warps are only where a subgroup always is one: where the adapter says so, and on NVIDIA's GPUs, of which
     * wgpu-native 29 says nothing. */
    bool warps = (info.subgroupMinSize == 32 && info.subgroupMaxSize == 32) || info.vendorID == VENDOR_NVIDIA;
    const uint32_t names[] = {WGPUFeatureName_Subgroups, WGPUNativeFeature_Subgroup};
    for (size_t n = 0; n < 2 && warps && !device->subgroups; n++)
        if (wgpu->AdapterHasFeature(device->adapter, names[n])) {
            features[count++] = names[n];
            device->subgroups = true;
        }
    if (wgpu->AdapterHasFeature(device->adapter, WGPUNativeFeature_ShaderInt64)) {
        features[count++] = WGPUNativeFeature_ShaderInt64;
        device->int64 = true;
    }
    if (wgpu->AdapterHasFeature(device->adapter, WGPUNativeFeature_Immediates) && device->limits.maxImmediateSize >= 128) {
        features[count++] = WGPUNativeFeature_Immediates;
        device->immediate_bytes = device->limits.maxImmediateSize < CW_WEBGPU_IMMEDIATE_MAX ? device->limits.maxImmediateSize & ~15u : CW_WEBGPU_IMMEDIATE_MAX;
        device->limits.maxImmediateSize = device->immediate_bytes;
    }
    device->software = info.adapterType == WGPUAdapterType_CPU;
    device->exp2 = !device->software && info.vendorID == VENDOR_NVIDIA;
    wgpu->AdapterInfoFreeMembers(info);
    if (wgpu->AdapterHasFeature(device->adapter, WGPUFeatureName_TimestampQuery)) {
        features[count++] = WGPUFeatureName_TimestampQuery;
        device->timestamps = true;
    }
    WGPUDeviceDescriptor descriptor = {.requiredFeatureCount = count, .requiredFeatures = features, .requiredLimits = &device->limits};
    descriptor.deviceLostCallbackInfo.mode = WGPUCallbackMode_AllowSpontaneous;
    descriptor.deviceLostCallbackInfo.callback = on_lost;
    descriptor.deviceLostCallbackInfo.userdata1 = device;
    descriptor.uncapturedErrorCallbackInfo.callback = on_error;
    descriptor.uncapturedErrorCallbackInfo.userdata1 = device;
    wgpu->AdapterRequestDevice(device->adapter, &descriptor,
                               (WGPURequestDeviceCallbackInfo){.mode = WGPUCallbackMode_AllowSpontaneous, .callback = on_device, .userdata1 = &device->device});
    if (!device->device) return false;
    device->queue = wgpu->DeviceGetQueue(device->device);
    return true;
}

static bool make_layout(struct cw_backend_device *device) {
    const struct cw_webgpu_library *wgpu = cw_webgpu();
    WGPUBindGroupLayoutEntry entries[3] = {{0}};
    for (uint32_t e = 0; e < 3; e++) {
        entries[e].binding = e;
        entries[e].visibility = WGPUShaderStage_Compute;
        entries[e].buffer.type = e == 0 ? WGPUBufferBindingType_Storage : WGPUBufferBindingType_Uniform;
        entries[e].buffer.hasDynamicOffset = e != 0;
    }
    device->group_layout = wgpu->DeviceCreateBindGroupLayout(device->device, &(WGPUBindGroupLayoutDescriptor){.entryCount = 3, .entries = entries});
    device->layout = wgpu->DeviceCreatePipelineLayout(device->device, &(WGPUPipelineLayoutDescriptor){.bindGroupLayoutCount = 1, .bindGroupLayouts = &device->group_layout});
    if (!device->immediate_bytes) return device->group_layout && device->layout;
    device->immediate_group_layout = wgpu->DeviceCreateBindGroupLayout(device->device, &(WGPUBindGroupLayoutDescriptor){.entryCount = 1, .entries = entries});
    device->immediate_layout = wgpu->DeviceCreatePipelineLayout(
        device->device, &(WGPUPipelineLayoutDescriptor){.bindGroupLayoutCount = 1, .bindGroupLayouts = &device->immediate_group_layout, .immediateSize = device->immediate_bytes});
    const WGPUBindGroupLayoutEntry uniform = {.binding = 0, .visibility = WGPUShaderStage_Compute, .buffer = {.type = WGPUBufferBindingType_Uniform}};
    device->constants_group_layout = wgpu->DeviceCreateBindGroupLayout(device->device, &(WGPUBindGroupLayoutDescriptor){.entryCount = 1, .entries = &uniform});
    const WGPUBindGroupLayout both[2] = {device->immediate_group_layout, device->constants_group_layout};
    device->constants_layout =
        wgpu->DeviceCreatePipelineLayout(device->device, &(WGPUPipelineLayoutDescriptor){.bindGroupLayoutCount = 2, .bindGroupLayouts = both, .immediateSize = device->immediate_bytes});
    return device->group_layout && device->layout && device->immediate_group_layout && device->immediate_layout && device->constants_layout;
}

bool cw_webgpu_bind(struct cw_backend_device *device) {
    const struct cw_webgpu_library *wgpu = cw_webgpu();
    if (device->group) wgpu->BindGroupRelease(device->group);
    const WGPUBindGroupEntry entries[3] = {
        {.binding = 0, .buffer = device->heap, .size = device->heap_size},
        {.binding = 1, .buffer = device->ring, .size = CW_WEBGPU_ARGUMENTS},
        {.binding = 2, .buffer = device->ring, .size = 32},
    };
    device->group = wgpu->DeviceCreateBindGroup(device->device, &(WGPUBindGroupDescriptor){.layout = device->group_layout, .entryCount = 3, .entries = entries});
    if (!device->immediate_bytes) return device->group != NULL;
    if (device->immediate_group) wgpu->BindGroupRelease(device->immediate_group);
    device->immediate_group = wgpu->DeviceCreateBindGroup(device->device, &(WGPUBindGroupDescriptor){.layout = device->immediate_group_layout, .entryCount = 1, .entries = entries});
    return device->group && device->immediate_group;
}

WGPUBuffer cw_webgpu_buffer(struct cw_backend_device *device, uint64_t size, WGPUFlags usage) {
    device->message[0] = 0;
    WGPUBuffer buffer = cw_webgpu()->DeviceCreateBuffer(device->device, &(WGPUBufferDescriptor){.usage = usage, .size = size});
    if (buffer && device->message[0]) {
        /* An invalid buffer, such as one that there is no memory for. */
        cw_webgpu()->BufferRelease(buffer);
        buffer = NULL;
    }
    return buffer;
}

cw_status cw_webgpu_device_open(uint32_t ordinal, struct cw_backend_device **result) {
    const struct cw_webgpu_library *wgpu = cw_webgpu();
    if (!wgpu || ordinal >= wgpu->adapter_count) return CW_ERROR_NOT_FOUND;
    struct cw_backend_device *device = calloc(1, sizeof *device);
    if (!device) return CW_ERROR_OUT_OF_MEMORY;
    pthread_mutex_init(&device->lock, NULL);
    device->adapter = wgpu->adapters[ordinal];
    bool good = request(device) && make_layout(device);
    if (good) {
        device->ring = cw_webgpu_buffer(device, CW_WEBGPU_RING_BYTES + CW_WEBGPU_ARGUMENTS, WGPUBufferUsage_Uniform | WGPUBufferUsage_CopyDst);
        device->ring_data = calloc(1, CW_WEBGPU_RING_BYTES + CW_WEBGPU_ARGUMENTS);
        good = device->ring && device->ring_data && cw_webgpu_heap_start(device) && cw_webgpu_bind(device);
    }
    if (good && device->timestamps) {
        device->times = wgpu->DeviceCreateQuerySet(device->device, &(WGPUQuerySetDescriptor){.type = WGPUQueryType_Timestamp, .count = CW_WEBGPU_TIMES});
        device->times_buffer = cw_webgpu_buffer(device, 256 * 8, WGPUBufferUsage_QueryResolve | WGPUBufferUsage_CopySrc);
        device->period_ns = (double)wgpu->QueueGetTimestampPeriod(device->queue);
        if (device->period_ns <= 0) device->period_ns = 1;
    }
    if (good) {
        /* The queue's first work is done here, not with the program's first launch. */
        const uint32_t zero = 0;
        wgpu->QueueWriteBuffer(device->queue, device->heap, 0, &zero, sizeof zero);
        (void)cw_webgpu_encoder(device);
        good = cw_webgpu_finish(device) == CW_OK;
    }
    if (!good) {
        cw_webgpu_device_close(device);
        return CW_ERROR_OUT_OF_MEMORY;
    }
    note_open(device, true);
    *result = device;
    return CW_OK;
}

void cw_webgpu_device_close(struct cw_backend_device *device) {
    const struct cw_webgpu_library *wgpu = cw_webgpu();
    note_open(device, false);
    if (device->device && !device->lost) (void)cw_webgpu_finish(device);
    if (device->tools) cw_webgpu_module_unload(device->tools);
    if (device->group) wgpu->BindGroupRelease(device->group);
    if (device->constants_layout) wgpu->PipelineLayoutRelease(device->constants_layout);
    if (device->constants_group_layout) wgpu->BindGroupLayoutRelease(device->constants_group_layout);
    if (device->immediate_group) wgpu->BindGroupRelease(device->immediate_group);
    if (device->immediate_layout) wgpu->PipelineLayoutRelease(device->immediate_layout);
    if (device->immediate_group_layout) wgpu->BindGroupLayoutRelease(device->immediate_group_layout);
    if (device->layout) wgpu->PipelineLayoutRelease(device->layout);
    if (device->group_layout) wgpu->BindGroupLayoutRelease(device->group_layout);
    WGPUBuffer buffers[] = {device->heap, device->ring, device->staging, device->between, device->times_buffer};
    for (size_t b = 0; b < sizeof buffers / sizeof buffers[0]; b++)
        if (buffers[b]) wgpu->BufferRelease(buffers[b]);
    if (device->times) wgpu->QuerySetRelease(device->times);
    if (device->queue) wgpu->QueueRelease(device->queue);
    if (device->device) wgpu->DeviceRelease(device->device);
    for (struct cw_webgpu_block *block = device->blocks, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    cw_webgpu_images_end(device);
    free(device->ring_data);
    pthread_mutex_destroy(&device->lock);
    free(device);
}

void cw_webgpu_device_facts(struct cw_backend_device *device, struct cw_device_facts *facts) {
    *facts = (struct cw_device_facts){0};
    snprintf(facts->name, sizeof facts->name, "%s", device->name);
    snprintf(facts->driver, sizeof facts->driver, "WebGPU, %.50s", device->driver);
    facts->total_memory = device->heap_most;
    facts->shared_per_block = device->limits.maxComputeWorkgroupStorageSize;
    facts->max_threads_per_block = device->limits.maxComputeInvocationsPerWorkgroup;
    facts->processors = 1;
    snprintf(facts->target_cpu, sizeof facts->target_cpu, "webgpu");
    snprintf(facts->target_features, sizeof facts->target_features, "%s%s", device->software ? "" : "fused,", device->exp2 ? "exp2," : "");
}

/* A thread that sleeps is woken some 40 us late, so waiting begins with asking. */
#define SPIN_MS 20.0
/* wgpu-native keeps what it has recorded, half a kilobyte a launch, until it is asked whether it is done: who launches and never waits is made to
 * wait here when so many submissions times so many are on their way. */
#define ASK_EVERY 8u
#define ASKED_MOST 4u

/* ---- The queue -------------------------------------------------------------------------------------------------- */

static void end_pass(struct cw_backend_device *device) {
    const struct cw_webgpu_library *wgpu = cw_webgpu();
    if (!device->pass) return;
    wgpu->ComputePassEncoderEnd(device->pass);
    wgpu->ComputePassEncoderRelease(device->pass);
    device->pass = NULL;
    device->bound = NULL;
}

WGPUCommandEncoder cw_webgpu_encoder(struct cw_backend_device *device) {
    end_pass(device);
    if (!device->encoder) device->encoder = cw_webgpu()->DeviceCreateCommandEncoder(device->device, NULL);
    return device->encoder;
}

static void on_done(uint32_t status, WGPUStringView message, void *a, void *b) {
    struct cw_backend_device *device = a;
    uint64_t asked = (uint64_t)(uintptr_t)b;
    (void)status, (void)message;
    if (asked > device->done) device->done = asked;
}

/* To be told when what was submitted so far is done. */
static void ask_for_done(struct cw_backend_device *device) {
    device->asked_for_last = true;
    device->unasked = 0;
    cw_webgpu()->QueueOnSubmittedWorkDone(device->queue, (WGPUQueueWorkDoneCallbackInfo){.mode = WGPUCallbackMode_AllowSpontaneous, .callback = on_done, .userdata1 = device,
                                                                                         .userdata2 = (void *)(uintptr_t)++device->asked});
}

void cw_webgpu_submit(struct cw_backend_device *device) {
    const struct cw_webgpu_library *wgpu = cw_webgpu();
    end_pass(device);
    if (!device->encoder) return;
    cw_webgpu_end_times(device);
    if (device->ring_end > device->ring_start)
        wgpu->QueueWriteBuffer(device->queue, device->ring, device->ring_start, device->ring_data + device->ring_start, device->ring_end - device->ring_start);
    device->ring_start = device->ring_end;
    WGPUCommandBuffer commands = wgpu->CommandEncoderFinish(device->encoder, NULL);
    wgpu->CommandEncoderRelease(device->encoder);
    device->encoder = NULL;
    device->recorded = 0;
    device->timing = false;
    if (!commands) return;
    device->asked_for_last = false;
    device->last = device->recording;
    device->recording = (struct cw_webgpu_span){0};
    device->copied = false;
    device->last.submitted_ms = cw_webgpu_now_ms();
    device->submission = wgpu->QueueSubmitForIndex(device->queue, 1, &commands);
    wgpu->CommandBufferRelease(commands);
    device->pending = true;
    if (++device->unasked >= ASK_EVERY) {
        ask_for_done(device);
        do wgpu->DevicePoll(device->device, device->software, NULL); /* where the host computes, asking is in its way */
        while (device->asked - device->done > ASKED_MOST && !device->lost);
    }
}

/* ---- Waiting -------------------------------------------------------------------------------------------------------- */

/* What wgpuDevicePoll answers is not to be relied on: wgpu-native 29 calls a queue empty whose work still runs. */
bool cw_webgpu_is_done(struct cw_backend_device *device) {
    const struct cw_webgpu_library *wgpu = cw_webgpu();
    if (!device->pending) return true;
    if (!device->asked_for_last) ask_for_done(device);
    wgpu->DevicePoll(device->device, 0, NULL);
    if (device->done == device->asked) {
        device->pending = false;
        device->last.done_ms = cw_webgpu_now_ms();
    }
    return !device->pending;
}

cw_status cw_webgpu_finish(struct cw_backend_device *device) {
    cw_webgpu_submit(device);
    /* Short work is over sooner than a thread that sleeps is woken. */
    for (double from = cw_webgpu_now_ms(); !cw_webgpu_is_done(device) && !device->software && cw_webgpu_now_ms() - from < SPIN_MS;) continue;
    while (!cw_webgpu_is_done(device) && !device->lost) cw_webgpu()->DevicePoll(device->device, 1, NULL);
    device->pending = false;
    if (device->new_pipelines) cw_webgpu_note_end();
    device->new_pipelines = false;
    if (device->lost) {
        device->fault = (struct cw_fault){.kind = CW_FAULT_NONE};
        snprintf(device->fault.message, sizeof device->fault.message, "The device is lost: %s", device->message);
        return CW_ERROR_FAULT;
    }
    if (device->reporting && cw_webgpu_reports_read(device) != CW_OK) device->faulted = true;
    return device->faulted ? CW_ERROR_FAULT : CW_OK;
}

struct mapping {
    uint32_t status;
    bool done;
};

static void on_mapped(uint32_t status, WGPUStringView message, void *a, void *b) {
    struct mapping *mapping = a;
    (void)message, (void)b;
    mapping->status = status;
    mapping->done = true;
}

static cw_status read_part(struct cw_backend_device *device, WGPUBuffer buffer, uint64_t offset, void *to, uint64_t size) {
    const struct cw_webgpu_library *wgpu = cw_webgpu();
    struct mapping mapping = {0};
    wgpu->CommandEncoderCopyBufferToBuffer(cw_webgpu_encoder(device), buffer, offset, device->staging, 0, size);
    cw_webgpu_submit(device);
    wgpu->BufferMapAsync(device->staging, WGPUMapMode_Read, 0, size, (WGPUBufferMapCallbackInfo){.mode = WGPUCallbackMode_AllowSpontaneous, .callback = on_mapped, .userdata1 = &mapping});
    for (unsigned turn = 0; !mapping.done && turn < 1000 && !device->lost; turn++) wgpu->DevicePoll(device->device, 1, NULL);
    device->pending = false;
    device->last.known = false; /* when it was done was not looked at */
    if (!mapping.done || mapping.status != WGPUMapAsyncStatus_Success) return CW_ERROR_FAULT;
    const void *bytes = wgpu->BufferGetConstMappedRange(device->staging, 0, size);
    if (bytes) memcpy(to, bytes, size);
    wgpu->BufferUnmap(device->staging);
    return bytes ? CW_OK : CW_ERROR_INTERNAL;
}

cw_status cw_webgpu_read(struct cw_backend_device *device, WGPUBuffer buffer, uint64_t offset, void *to, uint64_t size) {
    const uint64_t most = 64ull << 20;
    uint64_t want = size < (1u << 20) ? 1u << 20 : size < most ? (size + 0xfffff) & ~0xfffffull : most;
    if (want > device->staging_size) {
        if (device->staging) cw_webgpu()->BufferRelease(device->staging);
        device->staging = cw_webgpu_buffer(device, want, WGPUBufferUsage_MapRead | WGPUBufferUsage_CopyDst);
        device->staging_size = device->staging ? want : 0;
        if (!device->staging) return CW_ERROR_OUT_OF_MEMORY;
    }
    for (uint64_t at = 0; at < size; at += device->staging_size) {
        uint64_t part = size - at < device->staging_size ? size - at : device->staging_size;
        cw_status status = read_part(device, buffer, offset + at, (char *)to + at, part);
        if (status != CW_OK) return status;
    }
    return CW_OK;
}
