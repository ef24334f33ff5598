/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dawn.c: Dawn in the place of wgpu-native. Both have WebGPU's standard C API; what the backend uses of wgpu-native's own is made here of Dawn's:
 * one adapter, the one that Dawn offers; events are processed (and the device ticked) instead of polled; that a queue's work is done is
 * asked of futures, whose callbacks' parameters have changed from version to version.
 *
 * Dawn before the API's version 1.0 (Chromium 133, which PyPI's dawn-python 0.3.0 brings) is told by wgpuAdapterRequestDevice2: its
 * functions with callbacks end in 2, and some structures and numbers differ, which are translated.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "backend/webgpu/webgpu.h"

#define TOGGLES_STYPE 0x0005000au
#define PAUSE_NS 20000
#define WAITING_MAX 64u

/* ---- Before 1.0 ------------------------------------------------------------------------------------------------------- */

struct old_limits {
    uint32_t first[14];
    uint64_t uniform_binding, storage_binding;
    uint32_t uniform_alignment, storage_alignment, vertex_buffers;
    uint64_t buffer;
    uint32_t vertex_attributes, vertex_stride, components, variables, attachments, attachment_bytes;
    uint32_t workgroup_storage, invocations, size_x, size_y, size_z, workgroups;
    uint32_t rest[4];
};

struct old_supported_limits {
    WGPUChainedStruct *next;
    struct old_limits limits;
};

struct old_layout_entry {
    WGPUChainedStruct *next;
    uint32_t binding;
    WGPUFlags visibility;
    struct {
        WGPUChainedStruct *next;
        uint32_t type, dynamic;
        uint64_t least;
    } buffer;
    struct {
        WGPUChainedStruct *next;
        uint32_t type;
    } sampler;
    struct {
        WGPUChainedStruct *next;
        uint32_t type, dimension, multisampled;
    } texture;
    struct {
        WGPUChainedStruct *next;
        uint32_t access, format, dimension;
    } storage;
};

enum { OLD_TIMESTAMP_QUERY = 3, OLD_SUBGROUPS = 13 };

/* ---- Its functions ---------------------------------------------------------------------------------------------------- */

typedef void (*adapter_callback)(uint32_t status, WGPUAdapter adapter, WGPUStringView message, void *a, void *b);
struct adapter_callback_info {
    WGPUChainedStruct *next;
    uint32_t mode;
    adapter_callback callback;
    void *a, *b;
};
struct wait_info {
    WGPUFuture future;
    WGPUBool completed;
};
struct toggles {
    WGPUChainedStruct chain;
    size_t on_count;
    const char *const *on;
    size_t off_count;
    const char *const *off;
};

static struct {
    bool old;
    WGPUInstance instance;
    WGPUQueue queue; /* of the one device */
    WGPUInstance (*CreateInstance)(const void *descriptor);
    WGPUFuture (*RequestAdapter)(WGPUInstance instance, const void *options, struct adapter_callback_info info);
    void (*ProcessEvents)(WGPUInstance instance);
    uint32_t (*WaitAny)(WGPUInstance instance, size_t count, struct wait_info *infos, uint64_t ns);
    void (*Tick)(WGPUDevice device);
    void (*ReleaseQueue)(WGPUQueue queue);
    void (*Submit)(WGPUQueue queue, size_t count, const WGPUCommandBuffer *commands);
    WGPUShaderModule (*CreateShaderModule)(WGPUDevice device, const WGPUShaderModuleDescriptor *descriptor);
    uint32_t (*GetInfo)(WGPUAdapter adapter, WGPUAdapterInfo *info);
    uint32_t (*GetLimits)(WGPUAdapter adapter, void *limits);
    WGPUBool (*HasFeature)(WGPUAdapter adapter, uint32_t feature);
    WGPUFuture (*RequestDevice)(WGPUAdapter adapter, const void *descriptor, WGPURequestDeviceCallbackInfo info);
    WGPUFuture (*OnSubmittedWorkDone)(WGPUQueue queue, WGPUQueueWorkDoneCallbackInfo info);
    WGPUFuture (*MapAsync)(WGPUBuffer buffer, WGPUFlags mode, size_t offset, size_t size, WGPUBufferMapCallbackInfo info);
    WGPUBindGroupLayout (*CreateBindGroupLayout)(WGPUDevice device, const void *descriptor);
    WGPUComputePassEncoder (*BeginComputePass)(WGPUCommandEncoder encoder, const void *descriptor);
    struct old_supported_limits limits; /* the adapter's, as it tells them */
    pthread_mutex_t lock;
    struct waiting {
        WGPUFuture future;
        WGPUQueueWorkDoneCallbackInfo info;
    } waiting[WAITING_MAX]; /* what queues were asked for, in order */
    uint32_t waiting_count;
} dawn = {.lock = PTHREAD_MUTEX_INITIALIZER};

static WGPUInstance create_instance(const WGPUInstanceDescriptor *descriptor) {
    (void)descriptor; /* wgpu-native's extras */
    return dawn.instance = dawn.CreateInstance(NULL);
}

static uint32_t get_version(void) {
    return UINT32_MAX;
}

static void on_adapter(uint32_t status, WGPUAdapter adapter, WGPUStringView message, void *a, void *b) {
    (void)status, (void)message;
    *(WGPUAdapter *)a = adapter;
    *(bool *)b = true;
}

static size_t enumerate_adapters(WGPUInstance instance, const void *options, WGPUAdapter *adapters) {
    static WGPUAdapter only;
    static bool asked;
    if (!asked) {
        const struct adapter_callback_info info = {.mode = WGPUCallbackMode_AllowProcessEvents, .callback = on_adapter, .a = &only, .b = &asked};
        dawn.RequestAdapter(instance, options, info);
        while (!asked) dawn.ProcessEvents(instance);
    }
    if (adapters && only) adapters[0] = only;
    return only ? 1 : 0;
}

static uint32_t get_info(WGPUAdapter adapter, WGPUAdapterInfo *info) {
    uint32_t status = dawn.GetInfo(adapter, info);
    if (dawn.old) info->subgroupMinSize = info->subgroupMaxSize = 0; /* another field, and none */
    return status;
}

static uint32_t get_limits(WGPUAdapter adapter, WGPULimits *limits) {
    if (!dawn.old) return dawn.GetLimits(adapter, limits);
    uint32_t status = dawn.GetLimits(adapter, &dawn.limits);
    const struct old_limits *have = &dawn.limits.limits;
    limits->maxUniformBufferBindingSize = have->uniform_binding;
    limits->maxStorageBufferBindingSize = have->storage_binding;
    limits->maxBufferSize = have->buffer;
    limits->maxComputeWorkgroupStorageSize = have->workgroup_storage;
    limits->maxComputeInvocationsPerWorkgroup = have->invocations;
    limits->maxComputeWorkgroupSizeX = have->size_x;
    limits->maxComputeWorkgroupSizeY = have->size_y;
    limits->maxComputeWorkgroupSizeZ = have->size_z;
    limits->maxComputeWorkgroupsPerDimension = have->workgroups;
    return status;
}

static uint32_t feature_of(uint32_t name) {
    return !dawn.old ? name : name == WGPUFeatureName_TimestampQuery ? OLD_TIMESTAMP_QUERY : OLD_SUBGROUPS;
}

static WGPUBool has_feature(WGPUAdapter adapter, uint32_t name) {
    bool standard = name == WGPUFeatureName_TimestampQuery || name == WGPUFeatureName_Subgroups;
    return standard && dawn.HasFeature(adapter, feature_of(name));
}

/* What the backend asks wgpu-native for is there when the function returns. */
struct request {
    WGPURequestDeviceCallbackInfo info;
    bool done;
};

static void on_device(uint32_t status, WGPUDevice device, WGPUStringView message, void *a, void *b) {
    struct request *request = a;
    (void)b;
    request->done = true;
    request->info.callback(status, device, message, request->info.userdata1, request->info.userdata2);
}

static WGPUFuture request_device(WGPUAdapter adapter, const WGPUDeviceDescriptor *descriptor, WGPURequestDeviceCallbackInfo info) {
    /* Times that are rounded to 100 us are no use to events. */
    static const char *const off[] = {"timestamp_quantization"};
    struct toggles toggles = {.chain = {.sType = TOGGLES_STYPE}, .off_count = 1, .off = off};
    struct request request = {.info = info};
    WGPUDeviceDescriptor wanted = *descriptor;
    uint32_t features[4];
    for (size_t f = 0; f < wanted.requiredFeatureCount && f < 4; f++) features[f] = feature_of(wanted.requiredFeatures[f]);
    wanted.requiredFeatures = features;
    wanted.nextInChain = &toggles.chain;
    if (dawn.old) wanted.requiredLimits = (const void *)&dawn.limits;
    info.mode = WGPUCallbackMode_AllowProcessEvents;
    info.callback = on_device;
    info.userdata1 = &request;
    WGPUFuture future = dawn.RequestDevice(adapter, &wanted, info);
    while (!request.done) dawn.ProcessEvents(dawn.instance);
    return future;
}

static WGPUShaderModule create_shader_module(WGPUDevice device, const WGPUShaderModuleDescriptor *descriptor, WGPUFlags checks) {
    (void)checks;
    return dawn.CreateShaderModule(device, descriptor);
}

static WGPUBindGroupLayout create_bind_group_layout(WGPUDevice device, const WGPUBindGroupLayoutDescriptor *descriptor) {
    struct old_layout_entry entries[4] = {{0}};
    if (!dawn.old) return dawn.CreateBindGroupLayout(device, descriptor);
    for (size_t e = 0; e < descriptor->entryCount && e < 4; e++) {
        const WGPUBindGroupLayoutEntry *entry = &descriptor->entries[e];
        entries[e].binding = entry->binding;
        entries[e].visibility = entry->visibility;
        entries[e].buffer.type = entry->buffer.type - 1; /* there is no "undefined" there */
        entries[e].buffer.dynamic = entry->buffer.hasDynamicOffset;
    }
    WGPUBindGroupLayoutDescriptor wanted = *descriptor;
    wanted.entries = (const void *)entries;
    return dawn.CreateBindGroupLayout(device, &wanted);
}

static WGPUComputePassEncoder begin_compute_pass(WGPUCommandEncoder encoder, const WGPUComputePassDescriptor *descriptor) {
    WGPUComputePassDescriptor wanted = *descriptor;
    /* The same structure without its first field. */
    if (dawn.old && wanted.timestampWrites) wanted.timestampWrites = (const void *)&wanted.timestampWrites->querySet;
    return dawn.BeginComputePass(encoder, &wanted);
}

static uint64_t submit(WGPUQueue queue, size_t count, const WGPUCommandBuffer *commands) {
    dawn.queue = queue;
    dawn.Submit(queue, count, commands);
    return 0;
}

static float timestamp_period(WGPUQueue queue) {
    (void)queue;
    return 1.0f; /* times are nanoseconds */
}

/* ---- Events ----------------------------------------------------------------------------------------------------------- */

static void on_nothing(uint32_t status, WGPUStringView message, void *a, void *b) {
    (void)status, (void)message, (void)a, (void)b; /* Dawn's versions differ in these: the future tells */
}

#define WAIT_ANY_ONLY 1
static const WGPUQueueWorkDoneCallbackInfo quiet = {.mode = WAIT_ANY_ONLY, .callback = on_nothing};

static WGPUFuture on_submitted_work_done(WGPUQueue queue, WGPUQueueWorkDoneCallbackInfo info) {
    pthread_mutex_lock(&dawn.lock);
    WGPUFuture future = dawn.OnSubmittedWorkDone(queue, quiet);
    /* Work is done in order: when there are many, the last two are as one. */
    if (dawn.waiting_count == WAITING_MAX) dawn.waiting_count--;
    dawn.waiting[dawn.waiting_count++] = (struct waiting){future, info};
    pthread_mutex_unlock(&dawn.lock);
    return future;
}

static void look_at_queues(void) {
    pthread_mutex_lock(&dawn.lock);
    while (dawn.waiting_count) {
        struct wait_info wait = {.future = dawn.waiting[0].future};
        dawn.WaitAny(dawn.instance, 1, &wait, 0);
        if (!wait.completed) break;
        const WGPUQueueWorkDoneCallbackInfo info = dawn.waiting[0].info;
        memmove(dawn.waiting, dawn.waiting + 1, --dawn.waiting_count * sizeof dawn.waiting[0]);
        info.callback(1, (WGPUStringView){0}, info.userdata1, info.userdata2);
    }
    pthread_mutex_unlock(&dawn.lock);
}

static void process(WGPUDevice device) {
    dawn.Tick(device);
    dawn.ProcessEvents(dawn.instance);
    look_at_queues();
}

/* To wait is to wait for all that was submitted. */
static WGPUBool poll(WGPUDevice device, WGPUBool wait, const uint64_t *submission) {
    (void)submission;
    process(device);
    if (!wait || !dawn.queue) return 0;
    struct wait_info idle = {.future = dawn.OnSubmittedWorkDone(dawn.queue, quiet)};
    while (!idle.completed) {
        nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
        process(device);
        dawn.WaitAny(dawn.instance, 1, &idle, 0);
    }
    process(device);
    return 1;
}

static WGPUFuture map_async(WGPUBuffer buffer, WGPUFlags mode, size_t offset, size_t size, WGPUBufferMapCallbackInfo info) {
    info.mode = WGPUCallbackMode_AllowProcessEvents;
    return dawn.MapAsync(buffer, mode, offset, size, info);
}

/* Nobody is left to be told. */
static void release_queue(WGPUQueue queue) {
    pthread_mutex_lock(&dawn.lock);
    dawn.waiting_count = 0;
    if (dawn.queue == queue) dawn.queue = NULL;
    pthread_mutex_unlock(&dawn.lock);
    dawn.ReleaseQueue(queue);
}

/* ---- Opening ---------------------------------------------------------------------------------------------------------- */

static void *find(void *handle, const char *name, bool suffixed) {
    char text[64];
    snprintf(text, sizeof text, "wgpu%s%s", name, suffixed && dawn.old ? "2" : "");
    return dlsym(handle, text);
}

bool cw_webgpu_is_dawn(void *handle) {
    return dlsym(handle, "wgpuDeviceTick") && !dlsym(handle, "wgpuDevicePoll");
}

void cw_webgpu_dawn(void *handle, struct cw_webgpu_library *library, const char **lacks) {
    dawn.old = dlsym(handle, "wgpuAdapterRequestDevice2") != NULL;
    const struct {
        void *to;
        const char *name;
        bool suffixed;
    } own[] = {
        {&dawn.CreateInstance, "CreateInstance", false},
        {&dawn.RequestAdapter, "InstanceRequestAdapter", true},
        {&dawn.ProcessEvents, "InstanceProcessEvents", false},
        {&dawn.WaitAny, "InstanceWaitAny", false},
        {&dawn.Tick, "DeviceTick", false},
        {&dawn.ReleaseQueue, "QueueRelease", false},
        {&dawn.Submit, "QueueSubmit", false},
        {&dawn.CreateShaderModule, "DeviceCreateShaderModule", false},
        {&dawn.GetInfo, "AdapterGetInfo", false},
        {&dawn.GetLimits, "AdapterGetLimits", false},
        {&dawn.HasFeature, "AdapterHasFeature", false},
        {&dawn.RequestDevice, "AdapterRequestDevice", true},
        {&dawn.OnSubmittedWorkDone, "QueueOnSubmittedWorkDone", true},
        {&dawn.MapAsync, "BufferMapAsync", true},
        {&dawn.CreateBindGroupLayout, "DeviceCreateBindGroupLayout", false},
        {&dawn.BeginComputePass, "CommandEncoderBeginComputePass", false},
    };
    *lacks = NULL;
    for (size_t f = 0; f < sizeof own / sizeof own[0]; f++) {
        void *found = find(handle, own[f].name, own[f].suffixed);
        memcpy(own[f].to, &found, sizeof found);
        if (!found) *lacks = own[f].name;
    }
    library->CreateInstance = create_instance;
    library->GetVersion = get_version;
    library->InstanceEnumerateAdapters = enumerate_adapters;
    library->AdapterGetInfo = get_info;
    library->AdapterGetLimits = get_limits;
    library->AdapterHasFeature = has_feature;
    library->AdapterRequestDevice = request_device;
    library->DeviceCreateShaderModuleTrusted = create_shader_module;
    library->DeviceCreateBindGroupLayout = create_bind_group_layout;
    library->CommandEncoderBeginComputePass = begin_compute_pass;
    library->QueueSubmitForIndex = submit;
    library->QueueGetTimestampPeriod = timestamp_period;
    library->QueueOnSubmittedWorkDone = on_submitted_work_done;
    library->DevicePoll = poll;
    library->BufferMapAsync = map_async;
    library->QueueRelease = release_queue;
    library->dawn = true;
}
