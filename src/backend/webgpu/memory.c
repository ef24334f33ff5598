/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory.c: the heap. It begins small and is copied to a larger buffer when it is full: offsets stay. Copies are of whole
 * words, as WebGPU wants; what begins or ends within a word reads the word first.
 */
#include "backend/webgpu/webgpu.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define FIRST_BYTES (32u << 20)
#define GUARD 4096u        /* the null pointer and its neighbours */
#define TOP 0xfff00000ull  /* above are the windows of shared and local memory */
#define BETWEEN_BYTES (8u << 20)
#define USAGE (WGPUBufferUsage_Storage | WGPUBufferUsage_CopySrc | WGPUBufferUsage_CopyDst)

bool cw_webgpu_heap_start(struct cw_backend_device *device) {
    const uint64_t window = 1ull << 32;
    uint64_t most = device->limits.maxStorageBufferBindingSize < device->limits.maxBufferSize ? device->limits.maxStorageBufferBindingSize : device->limits.maxBufferSize;
    if (most > TOP) most = TOP;
    device->heap_most = most & ~0xffffull;
    char *range = mmap(NULL, 2 * window, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (range == MAP_FAILED) return false;
    device->base = (char *)(((uintptr_t)range + window - 1) & ~(uintptr_t)(window - 1));
    device->heap_size = FIRST_BYTES < device->heap_most ? FIRST_BYTES : device->heap_most;
    device->heap = cw_webgpu_buffer(device, device->heap_size, USAGE);
    device->blocks = calloc(1, sizeof *device->blocks);
    if (!device->heap || !device->blocks) return false;
    *device->blocks = (struct cw_webgpu_block){GUARD, (uint32_t)(device->heap_most - GUARD), false, NULL};
    return true;
}

/* Makes the buffer reach to `end`. */
static cw_status grow(struct cw_backend_device *device, uint64_t end) {
    if (end <= device->heap_size) return CW_OK;
    uint64_t size = device->heap_size;
    while (size < end) size *= 2;
    if (size > device->heap_most) size = device->heap_most;
    cw_webgpu_submit(device);
    WGPUBuffer larger = cw_webgpu_buffer(device, size, USAGE);
    if (!larger) return CW_ERROR_OUT_OF_MEMORY;
    device->copied = true;
    cw_webgpu()->CommandEncoderCopyBufferToBuffer(cw_webgpu_encoder(device), device->heap, 0, larger, 0, device->heap_size);
    cw_webgpu_submit(device);
    cw_webgpu()->BufferRelease(device->heap);
    device->heap = larger;
    device->heap_size = size;
    return cw_webgpu_bind(device) ? CW_OK : CW_ERROR_OUT_OF_MEMORY;
}

cw_status cw_webgpu_memory_alloc(struct cw_backend_device *device, size_t size, void **pointer) {
    uint64_t want = ((uint64_t)(size ? size : 1) + CW_MEMORY_ALIGNMENT - 1) & ~(uint64_t)(CW_MEMORY_ALIGNMENT - 1);
    cw_status status = CW_ERROR_OUT_OF_MEMORY;
    pthread_mutex_lock(&device->lock);
    for (struct cw_webgpu_block *block = device->blocks; block && status != CW_OK; block = block->next) {
        if (block->used || block->size < want) continue;
        status = grow(device, block->offset + want);
        if (status != CW_OK) break;
        if (block->size > want) {
            struct cw_webgpu_block *rest = malloc(sizeof *rest);
            if (!rest) {
                status = CW_ERROR_OUT_OF_MEMORY;
                break;
            }
            *rest = (struct cw_webgpu_block){(uint32_t)(block->offset + want), (uint32_t)(block->size - want), false, block->next};
            block->next = rest;
            block->size = (uint32_t)want;
        }
        block->used = true;
        *pointer = device->base + block->offset;
    }
    pthread_mutex_unlock(&device->lock);
    return status;
}

static uint32_t offset_of(const struct cw_backend_device *device, const void *pointer) {
    return (uint32_t)((const char *)pointer - device->base);
}

void cw_webgpu_memory_free(struct cw_backend_device *device, void *pointer) {
    pthread_mutex_lock(&device->lock);
    uint32_t offset = offset_of(device, pointer);
    for (struct cw_webgpu_block *block = device->blocks; block; block = block->next)
        if (block->offset == offset) block->used = false;
    for (struct cw_webgpu_block *block = device->blocks; block;) {
        struct cw_webgpu_block *next = block->next;
        if (next && !block->used && !next->used) {
            block->size += next->size;
            block->next = next->next;
            free(next);
        } else {
            block = next;
        }
    }
    pthread_mutex_unlock(&device->lock);
}

void cw_webgpu_memory_info(struct cw_backend_device *device, uint64_t *free_bytes, uint64_t *total_bytes) {
    *free_bytes = 0;
    *total_bytes = device->heap_most;
    pthread_mutex_lock(&device->lock);
    for (struct cw_webgpu_block *block = device->blocks; block; block = block->next)
        if (!block->used) *free_bytes += block->size;
    pthread_mutex_unlock(&device->lock);
}

/* ---- Copies ----------------------------------------------------------------------------------------------------- */

static cw_status to_host(struct cw_backend_device *device, void *dst, uint32_t from, size_t size) {
    uint32_t start = from & ~3u;
    uint64_t end = ((uint64_t)from + size + 3) & ~3ull;
    if (start == from && end - start == size) return cw_webgpu_read(device, device->heap, from, dst, size);
    char *words = malloc(end - start);
    if (!words) return CW_ERROR_OUT_OF_MEMORY;
    cw_status status = cw_webgpu_read(device, device->heap, start, words, end - start);
    if (status == CW_OK) memcpy(dst, words + (from - start), size);
    free(words);
    return status;
}

/* What was recorded comes first. */
static void write_words(struct cw_backend_device *device, uint32_t to, const void *src, size_t size) {
    cw_webgpu_constants_note(device, to, size);
    cw_webgpu_submit(device);
    cw_webgpu()->QueueWriteBuffer(device->queue, device->heap, to, src, size);
    device->pending = true;
    device->asked_for_last = false;
    device->last.known = false;
}

static cw_status to_device(struct cw_backend_device *device, uint32_t to, const void *src, size_t size) {
    uint32_t start = to & ~3u;
    uint64_t end = ((uint64_t)to + size + 3) & ~3ull;
    if (start == to && end - start == size) {
        write_words(device, to, src, size);
        return CW_OK;
    }
    char *words = malloc(end - start);
    if (!words) return CW_ERROR_OUT_OF_MEMORY;
    /* The first and the last word keep what isn't written. */
    cw_status status = cw_webgpu_read(device, device->heap, start, words, 4);
    if (status == CW_OK && end - start > 4) status = cw_webgpu_read(device, device->heap, end - 4, words + (end - start - 4), 4);
    if (status == CW_OK) {
        memcpy(words + (to - start), src, size);
        write_words(device, start, words, end - start);
    }
    free(words);
    return status;
}

static cw_status within(struct cw_backend_device *device, uint32_t to, uint32_t from, size_t size) {
    const struct cw_webgpu_library *wgpu = cw_webgpu();
    if ((to | from | size) & 3) {
        /* Through the host, where bytes are bytes. */
        char *bytes = malloc(size);
        if (!bytes) return CW_ERROR_OUT_OF_MEMORY;
        cw_status status = to_host(device, bytes, from, size);
        if (status == CW_OK) status = to_device(device, to, bytes, size);
        free(bytes);
        return status;
    }
    /* WebGPU copies between different buffers only. */
    if (!device->between) device->between = cw_webgpu_buffer(device, BETWEEN_BYTES, WGPUBufferUsage_CopySrc | WGPUBufferUsage_CopyDst);
    if (!device->between) return CW_ERROR_OUT_OF_MEMORY;
    device->copied = true;
    cw_webgpu_constants_note(device, to, size);
    for (size_t at = 0; at < size; at += BETWEEN_BYTES) {
        size_t part = size - at < BETWEEN_BYTES ? size - at : BETWEEN_BYTES;
        WGPUCommandEncoder encoder = cw_webgpu_encoder(device);
        wgpu->CommandEncoderCopyBufferToBuffer(encoder, device->heap, from + at, device->between, 0, part);
        wgpu->CommandEncoderCopyBufferToBuffer(encoder, device->between, 0, device->heap, to + at, part);
    }
    return CW_OK;
}

cw_status cw_webgpu_copy(struct cw_backend_device *device, void *dst, const void *src, size_t size, enum cw_copy_kind kind) {
    if (size == 0) return CW_OK;
    pthread_mutex_lock(&device->lock);
    cw_status status = CW_ERROR_FAULT;
    if (!device->lost) {
        if (kind == CW_COPY_HOST_TO_DEVICE) status = to_device(device, offset_of(device, dst), src, size);
        else if (kind == CW_COPY_DEVICE_TO_HOST) status = to_host(device, dst, offset_of(device, src), size);
        else status = within(device, offset_of(device, dst), offset_of(device, src), size);
    }
    pthread_mutex_unlock(&device->lock);
    return status;
}

/* ---- Filling ---------------------------------------------------------------------------------------------------- */

static const char fill_text[] =
    "struct Arguments { first: u32, count: u32, value: u32, rest: u32 }\n"
    "struct Launch { grid: vec3<u32>, folded: u32, globals: u32, heap_high: u32 }\n"
    "@group(0) @binding(0) var<storage, read_write> heap: array<u32>;\n"
    "@group(0) @binding(1) var<uniform> arguments: Arguments;\n"
    "@compute @workgroup_size(256)\n"
    "fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {\n"
    "    for (var i = id.x; i < arguments.count; i += groups.x * 256u) { heap[arguments.first + i] = arguments.value; }\n"
    "}\n";

static cw_status fill_words(struct cw_backend_device *device, uint32_t first, uint32_t count, uint32_t value) {
    if (!device->tools) {
        struct cw_backend_kernel *kernel = calloc(1, sizeof *kernel);
        struct cw_backend_module *module = calloc(1, sizeof *module);
        if (!kernel || !module) {
            free(kernel);
            free(module);
            return CW_ERROR_OUT_OF_MEMORY;
        }
        *module = (struct cw_backend_module){.device = device, .kernels = kernel};
        *kernel = (struct cw_backend_kernel){.module = module, .name = strdup("fill"), .text = strdup(fill_text), .param_bytes = 16};
        device->tools = module;
    }
    cw_webgpu_constants_note(device, first * 4, (uint64_t)count * 4);
    const uint32_t arguments[4] = {first, count, value, 0};
    uint32_t groups = (count + 255) / 256;
    struct cw_launch launch = {.kernel = device->tools->kernels, .grid = {groups < 65535 ? groups : 65535, 1, 1}, .block = {0, 0, 0}, .params = arguments};
    struct cw_fault fault = {0};
    return cw_webgpu_record(device, &launch, &fault);
}

cw_status cw_webgpu_fill(struct cw_backend_device *device, void *dst, uint32_t pattern, uint32_t pattern_size, size_t count) {
    size_t size = count * pattern_size;
    if (size == 0) return CW_OK;
    uint32_t word = pattern_size == 1 ? (pattern & 0xff) * 0x01010101u : pattern_size == 2 ? (pattern & 0xffff) * 0x00010001u : pattern;
    cw_status status = CW_OK;
    pthread_mutex_lock(&device->lock);
    uint32_t to = offset_of(device, dst);
    uint32_t first = (to + 3) & ~3u;
    uint64_t end = (uint64_t)to + size, last = end & ~3ull;
    /* A pattern is aligned to its size, so whole words hold whole patterns. */
    unsigned char bytes[12];
    for (unsigned b = 0; b < 12; b++) bytes[b] = (unsigned char)(word >> (b % 4 * 8));
    if (device->lost) status = CW_ERROR_FAULT;
    else if (last <= first) status = to_device(device, to, bytes + (to & 3), size);
    else {
        if (first > to) status = to_device(device, to, bytes + (to & 3), first - to);
        if (status == CW_OK && end > last) status = to_device(device, (uint32_t)last, bytes, (size_t)(end - last));
        if (status == CW_OK) status = fill_words(device, first / 4, (uint32_t)((last - first) / 4), word);
    }
    pthread_mutex_unlock(&device->lock);
    return status;
}
