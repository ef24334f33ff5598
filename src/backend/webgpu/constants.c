/* SPDX-License-Identifier: Apache-2.0 */
/*
 * constants.c: constant memory in a uniform buffer. A compiler of shaders can't know that nobody writes to a part of the heap, so it reads
 * constants again and again, through the caches of global memory; of a uniform buffer it knows.
 *
 * The heap has the variables themselves. The buffer is a copy, made again before a launch when the host may have written to them
 * since: every copy and fill is looked at. CUDA's kernels must not write to constant memory, but may through an address that the host gave
 * them, for later launches to see (CUDA C++ Programming Guide, "__constant__"): a launch with such an address makes every copy old.
 */
#include <string.h>

#include "backend/webgpu/artifact.h"
#include "backend/webgpu/webgpu.h"

static uint32_t start_of(const struct cw_backend_module *module) {
    return (uint32_t)((const char *)module->globals - module->device->base);
}

bool cw_webgpu_constants_start(struct cw_backend_module *module) {
    const struct cw_webgpu_library *wgpu = cw_webgpu();
    struct cw_backend_device *device = module->device;
    struct cw_webgpu_constants *constants = &module->constants;
    uint64_t most = device->limits.maxUniformBufferBindingSize;
    if (constants->buffer) return true;
    if (!module->globals || most < CW_WGSL_CONSTANT_BYTES) return false;
    constants->size = module->globals_size < CW_WGSL_CONSTANT_BYTES ? (uint32_t)module->globals_size : CW_WGSL_CONSTANT_BYTES;
    constants->buffer = cw_webgpu_buffer(device, constants->size, WGPUBufferUsage_Uniform | WGPUBufferUsage_CopyDst);
    if (!constants->buffer) return false;
    const WGPUBindGroupEntry entry = {.binding = 0, .buffer = constants->buffer, .size = constants->size};
    constants->group = wgpu->DeviceCreateBindGroup(device->device, &(WGPUBindGroupDescriptor){.layout = device->constants_group_layout, .entryCount = 1, .entries = &entry});
    if (!constants->group) {
        wgpu->BufferRelease(constants->buffer);
        constants->buffer = NULL;
        return false;
    }
    constants->stale = true;
    constants->next = device->with_constants;
    device->with_constants = module;
    return true;
}

void cw_webgpu_constants_end(struct cw_backend_module *module) {
    struct cw_webgpu_constants *constants = &module->constants;
    if (!constants->buffer) return;
    for (struct cw_backend_module **link = &module->device->with_constants; *link; link = &(*link)->constants.next)
        if (*link == module) {
            *link = constants->next;
            break;
        }
    cw_webgpu()->BindGroupRelease(constants->group);
    cw_webgpu()->BufferRelease(constants->buffer);
}

void cw_webgpu_constants_note(struct cw_backend_device *device, uint32_t to, uint64_t size) {
    for (struct cw_backend_module *module = device->with_constants; module; module = module->constants.next)
        if (to < (uint64_t)start_of(module) + module->constants.size && start_of(module) < to + size) module->constants.stale = true;
}

void cw_webgpu_constants_watch(struct cw_backend_device *device, const void *parameters, uint32_t size) {
    for (struct cw_backend_module *module = device->with_constants; module; module = module->constants.next) {
        struct cw_webgpu_constants *constants = &module->constants;
        for (uint32_t at = 0; !constants->aliased && at + 8 <= size; at += 8) {
            uint64_t word;
            memcpy(&word, (const char *)parameters + at, sizeof word);
            constants->aliased = word - (uintptr_t)module->globals < constants->size;
        }
        constants->stale = constants->stale || constants->aliased;
    }
}

void cw_webgpu_constants_update(struct cw_backend_module *module) {
    struct cw_webgpu_constants *constants = &module->constants;
    if (!constants->stale) return;
    cw_webgpu()->CommandEncoderCopyBufferToBuffer(cw_webgpu_encoder(module->device), module->device->heap, start_of(module), constants->buffer, 0, constants->size);
    constants->stale = false;
}
