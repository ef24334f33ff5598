/* SPDX-License-Identifier: Apache-2.0 */
/* copy.c: copies through staging memory, or by the host itself where it sees the device's memory; fills. */
#include <string.h>

#include "backend/vulkan/device.h"

static void *host_view(struct cw_backend_device *device, const void *pointer) {
    uint64_t offset;
    struct cw_vk_block *block = cw_vk_find(device, pointer, &offset);
    if (!block) {
        return device->unified ? (void *)(uintptr_t)pointer : NULL; /* the host's own memory */
    }
    return block->mapped ? (char *)block->mapped + offset : NULL;
}

static cw_status copy_buffers(struct cw_backend_device *device, VkBuffer to, uint64_t to_offset, VkBuffer from, uint64_t from_offset,
                              uint64_t size) {
    VkCommandBuffer commands = cw_vk_record(device);
    if (!commands) {
        return CW_ERROR_FAULT;
    }
    VkBufferCopy region = {from_offset, to_offset, size};
    device->vk.CmdCopyBuffer(commands, from, to, 1, &region);
    cw_vk_order(device, commands);
    return CW_OK;
}

/* In pieces of the staging memory's size. */
static cw_status copy_staged(struct cw_backend_device *device, struct cw_vk_block *block, uint64_t offset, char *host, size_t size, bool to_device) {
    cw_status status = CW_OK;
    while (size && status == CW_OK) {
        size_t piece = size < CW_VK_STAGING_BYTES ? size : CW_VK_STAGING_BYTES;
        if (to_device) {
            memcpy(device->staging->mapped, host, piece);
            status = copy_buffers(device, block->buffer, offset, device->staging->buffer, 0, piece);
        } else {
            status = copy_buffers(device, device->staging->buffer, 0, block->buffer, offset, piece);
        }
        if (status == CW_OK) {
            status = cw_vk_finish(device);
        }
        if (status == CW_OK && !to_device) {
            memcpy(host, device->staging->mapped, piece);
        }
        host += piece;
        offset += piece;
        size -= piece;
    }
    return status;
}

cw_status cw_vk_read_locked(struct cw_backend_device *device, struct cw_vk_block *block, uint64_t offset, void *out, size_t size) {
    return copy_staged(device, block, offset, out, size, false);
}

static cw_status copy_locked(struct cw_backend_device *device, void *dst, const void *src, size_t size, enum cw_copy_kind kind) {
    uint64_t to_offset = 0, from_offset = 0;
    struct cw_vk_block *to = kind == CW_COPY_DEVICE_TO_HOST ? NULL : cw_vk_find(device, dst, &to_offset);
    struct cw_vk_block *from = kind == CW_COPY_HOST_TO_DEVICE ? NULL : cw_vk_find(device, src, &from_offset);
    cw_status status = cw_vk_finish(device);
    if (status != CW_OK) {
        return status;
    }
    if (!device->unified && ((kind != CW_COPY_DEVICE_TO_HOST && !to) || (kind != CW_COPY_HOST_TO_DEVICE && !from))) {
        return CW_ERROR_INVALID_ARGUMENT;
    }
    void *seen_to = to ? host_view(device, dst) : dst;
    const void *seen_from = from ? host_view(device, src) : src;
    if (seen_to && seen_from) {
        memmove(seen_to, seen_from, size);
        return CW_OK;
    }
    if (to && from) {
        status = copy_buffers(device, to->buffer, to_offset, from->buffer, from_offset, size);
        return status == CW_OK ? cw_vk_finish(device) : status;
    }
    return to ? copy_staged(device, to, to_offset, (char *)(uintptr_t)src, size, true) : copy_staged(device, from, from_offset, dst, size, false);
}

cw_status cw_vk_copy(struct cw_backend_device *device, void *dst, const void *src, size_t size, enum cw_copy_kind kind) {
    if (!size) {
        return CW_OK;
    }
    pthread_mutex_lock(&device->lock);
    cw_status status = copy_locked(device, dst, src, size, kind);
    pthread_mutex_unlock(&device->lock);
    return status;
}

/* ---- Fills ---------------------------------------------------------------------------------------------------- */

static void fill_host(void *dst, uint32_t pattern, uint32_t pattern_size, size_t count) {
    if (pattern_size == 1) {
        memset(dst, (int)pattern, count);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        memcpy((char *)dst + i * pattern_size, &pattern, pattern_size);
    }
}

/* Commands fill whole words at whole words; the ends go through staging memory. */
static cw_status fill_device(struct cw_backend_device *device, struct cw_vk_block *block, uint64_t offset, uint32_t pattern,
                             uint32_t pattern_size, uint64_t bytes) {
    uint32_t word = pattern_size == 1 ? (pattern & 0xff) * 0x01010101u : pattern_size == 2 ? (pattern & 0xffff) * 0x00010001u : pattern;
    uint64_t begin = (offset + 3) / 4 * 4, end = (offset + bytes) / 4 * 4;
    cw_status status = CW_OK;
    /* A pattern of words that don't begin at a word turns with them. */
    uint32_t turn = (uint32_t)(begin - offset) % 4;
    uint32_t turned = turn ? word >> 8 * turn | word << (32 - 8 * turn) : word;
    if (begin < end) {
        VkCommandBuffer commands = cw_vk_record(device);
        if (!commands) {
            return CW_ERROR_FAULT;
        }
        device->vk.CmdFillBuffer(commands, block->buffer, begin, end - begin, turned);
        cw_vk_order(device, commands);
    } else {
        begin = offset + bytes;
        end = begin;
    }
    char ends[8];
    fill_host(ends, word, 4, 2);
    if (begin > offset) {
        status = copy_staged(device, block, offset, ends, begin - offset, true);
    }
    if (status == CW_OK && end < offset + bytes) {
        uint64_t phase = (end - offset) % 4;
        status = copy_staged(device, block, end, ends + phase, offset + bytes - end, true);
    }
    return status == CW_OK ? cw_vk_finish(device) : status;
}

cw_status cw_vk_fill(struct cw_backend_device *device, void *dst, uint32_t pattern, uint32_t pattern_size, size_t count) {
    if (!count) {
        return CW_OK;
    }
    pthread_mutex_lock(&device->lock);
    uint64_t offset;
    cw_status status = cw_vk_finish(device);
    struct cw_vk_block *block = cw_vk_find(device, dst, &offset);
    void *seen = status == CW_OK ? host_view(device, dst) : NULL;
    if (status == CW_OK && !block && !seen) {
        status = CW_ERROR_INVALID_ARGUMENT;
    }
    if (seen) {
        fill_host(seen, pattern, pattern_size, count);
    } else if (status == CW_OK) {
        status = fill_device(device, block, offset, pattern, pattern_size, (uint64_t)count * pattern_size);
    }
    pthread_mutex_unlock(&device->lock);
    return status;
}
