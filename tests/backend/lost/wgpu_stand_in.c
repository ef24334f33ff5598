/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wgpu_stand_in.c: a WebGPU library whose device is lost and whose memory ends when a test says so. It is linked with wgpu-native, so that
 * dlsym finds there what is not defined here (POSIX, "dlsym": the object's dependencies are searched after it).
 *
 *   LOST_AT=N          the device is lost with submission N: destroyed, and its owner is told of another reason than that
 *   MEMORY_MOST=BYTES  larger buffers are not made: an error object and an out-of-memory error (WebGPU, 5.1.2)
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <stdlib.h>

#include "backend/webgpu/abi.h"

#define NEXT(function) ((__typeof__(&function))find(#function))

static WGPUDevice device;
static WGPUDeviceDescriptor wanted;
static unsigned long submissions;

void wgpuDeviceDestroy(WGPUDevice device);
WGPUFuture wgpuAdapterRequestDevice(WGPUAdapter adapter, const WGPUDeviceDescriptor *descriptor, WGPURequestDeviceCallbackInfo callback);
WGPUQueue wgpuDeviceGetQueue(WGPUDevice of);
WGPUBuffer wgpuDeviceCreateBuffer(WGPUDevice of, const WGPUBufferDescriptor *descriptor);
uint64_t wgpuQueueSubmitForIndex(WGPUQueue queue, size_t count, const WGPUCommandBuffer *commands);

static void *find(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (!found) abort();
    return found;
}

static unsigned long setting(const char *name) {
    const char *text = getenv(name);
    return text ? strtoul(text, NULL, 10) : 0;
}

WGPUFuture wgpuAdapterRequestDevice(WGPUAdapter adapter, const WGPUDeviceDescriptor *descriptor, WGPURequestDeviceCallbackInfo callback) {
    wanted = *descriptor;
    return NEXT(wgpuAdapterRequestDevice)(adapter, descriptor, callback);
}

WGPUQueue wgpuDeviceGetQueue(WGPUDevice of) {
    device = of;
    return NEXT(wgpuDeviceGetQueue)(of);
}

WGPUBuffer wgpuDeviceCreateBuffer(WGPUDevice of, const WGPUBufferDescriptor *descriptor) {
    WGPUBufferDescriptor small = *descriptor;
    bool refused = setting("MEMORY_MOST") && descriptor->size > setting("MEMORY_MOST");
    if (refused) small.size = 256;
    WGPUBuffer buffer = NEXT(wgpuDeviceCreateBuffer)(of, &small);
    if (refused)
        wanted.uncapturedErrorCallbackInfo.callback(&of, WGPUErrorType_OutOfMemory, (WGPUStringView){"no memory for it", SIZE_MAX}, wanted.uncapturedErrorCallbackInfo.userdata1,
                                                    wanted.uncapturedErrorCallbackInfo.userdata2);
    return buffer;
}

uint64_t wgpuQueueSubmitForIndex(WGPUQueue queue, size_t count, const WGPUCommandBuffer *commands) {
    uint64_t index = NEXT(wgpuQueueSubmitForIndex)(queue, count, commands);
    if (++submissions == setting("LOST_AT")) {
        NEXT(wgpuDeviceDestroy)(device);
        wanted.deviceLostCallbackInfo.callback(&device, 1, (WGPUStringView){"it was unplugged", SIZE_MAX}, wanted.deviceLostCallbackInfo.userdata1,
                                               wanted.deviceLostCallbackInfo.userdata2);
    }
    return index;
}
