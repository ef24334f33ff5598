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
    VkCommandBuffer commands = cw_vk_record(device, CW_VK_TRANSFER);
    if (!commands) {
        return CW_ERROR_FAULT;
    }
    VkBufferCopy region = {from_offset, to_offset, size};
    device->vk.CmdCopyBuffer(commands, from, to, 1, &region);
    return CW_OK;
}

/* The staging memory is a ring of pieces, so that the device copies one while the host fills or empties others. A piece is free when
 * the batch that uses it is done. */
struct piece {
    char *mapped;
    uint64_t offset; /* in the staging buffer */
    uint64_t *number;
};

static struct piece piece_of(struct cw_backend_device *device, uint64_t index) {
    uint64_t which = index % CW_VK_STAGING_PIECES, offset = which * CW_VK_PIECE_BYTES;
    return (struct piece){(char *)device->staging->mapped + offset, offset, &device->piece_numbers[which]};
}

static size_t piece_size(size_t size, uint64_t index) {
    size_t left = size - (size_t)index * CW_VK_PIECE_BYTES;
    return left < CW_VK_PIECE_BYTES ? left : CW_VK_PIECE_BYTES;
}

/* Returns when the host's memory has been read; the device's is written behind what was issued before, as CUDA's copies from
 * pageable memory are (CUDA Runtime API, "API synchronization behavior"). */
static cw_status copy_in(struct cw_backend_device *device, struct cw_vk_block *block, uint64_t offset, const char *host, size_t size) {
    uint64_t count = (size + CW_VK_PIECE_BYTES - 1) / CW_VK_PIECE_BYTES;
    cw_status status = CW_OK;
    for (uint64_t i = 0; i < count && status == CW_OK; i++) {
        struct piece piece = piece_of(device, i);
        size_t bytes = piece_size(size, i);
        status = cw_vk_wait_number(device, *piece.number);
        if (status == CW_OK) {
            memcpy(piece.mapped, host + i * CW_VK_PIECE_BYTES, bytes);
            status = copy_buffers(device, block->buffer, offset + i * CW_VK_PIECE_BYTES, device->staging->buffer, piece.offset, bytes);
        }
        if (status == CW_OK) {
            status = cw_vk_submit(device);
        }
        *piece.number = device->submitted;
    }
    return status;
}

static cw_status issue_out(struct cw_backend_device *device, struct cw_vk_block *block, uint64_t offset, size_t size, uint64_t index) {
    struct piece piece = piece_of(device, index);
    cw_status status = cw_vk_wait_number(device, *piece.number);
    if (status == CW_OK) {
        status = copy_buffers(device, device->staging->buffer, piece.offset, block->buffer, offset + index * CW_VK_PIECE_BYTES,
                              piece_size(size, index));
    }
    if (status == CW_OK) {
        cw_vk_for_host(device);
        status = cw_vk_submit(device);
    }
    *piece.number = device->submitted;
    return status;
}

static cw_status copy_out(struct cw_backend_device *device, struct cw_vk_block *block, uint64_t offset, char *host, size_t size) {
    uint64_t count = (size + CW_VK_PIECE_BYTES - 1) / CW_VK_PIECE_BYTES, issued = 0;
    cw_status status = CW_OK;
    for (uint64_t i = 0; i < count && status == CW_OK; i++) {
        while (status == CW_OK && issued < count && issued < i + CW_VK_STAGING_PIECES) {
            status = issue_out(device, block, offset, size, issued++);
        }
        struct piece piece = piece_of(device, i);
        if (status == CW_OK) {
            status = cw_vk_wait_number(device, *piece.number);
        }
        if (status == CW_OK) {
            memcpy(host + i * CW_VK_PIECE_BYTES, piece.mapped, piece_size(size, i));
        }
    }
    return status;
}

cw_status cw_vk_read_locked(struct cw_backend_device *device, struct cw_vk_block *block, uint64_t offset, void *out, size_t size) {
    return copy_out(device, block, offset, out, size);
}

static cw_status copy_locked(struct cw_backend_device *device, void *dst, const void *src, size_t size, enum cw_copy_kind kind) {
    uint64_t to_offset = 0, from_offset = 0;
    bool to_host = kind == CW_COPY_DEVICE_TO_HOST, from_host = kind == CW_COPY_HOST_TO_DEVICE;
    struct cw_vk_block *to = to_host ? cw_vk_pinned_find(device, dst, size, &to_offset) : cw_vk_find(device, dst, &to_offset);
    struct cw_vk_block *from = from_host ? cw_vk_pinned_find(device, src, size, &from_offset) : cw_vk_find(device, src, &from_offset);
    if (!device->unified && ((!to_host && !to) || (!from_host && !from))) {
        return CW_ERROR_INVALID_ARGUMENT;
    }
    void *seen_to = to_host ? dst : host_view(device, dst);
    const void *seen_from = from_host ? src : host_view(device, src);
    if (seen_to && seen_from) {
        cw_status status = cw_vk_finish(device);
        if (status == CW_OK) {
            memmove(seen_to, seen_from, size);
        }
        return status;
    }
    if (to && from) {
        cw_status status = cw_vk_copy_between(device, to, to_offset, from, from_offset, size);
        if (to_host && status == CW_OK) {
            cw_vk_for_host(device);
        }
        return status == CW_OK ? cw_vk_finish(device) : status;
    }
    return from_host ? copy_in(device, to, to_offset, src, size) : copy_out(device, from, from_offset, dst, size);
}

cw_status cw_vk_copy(struct cw_backend_device *device, void *dst, const void *src, size_t size, enum cw_copy_kind kind) {
    if (!size) {
        return CW_OK;
    }
    if (device->ended) {
        return CW_ERROR_FAULT;
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
        VkCommandBuffer commands = cw_vk_record(device, CW_VK_TRANSFER);
        if (!commands) {
            return CW_ERROR_FAULT;
        }
        device->vk.CmdFillBuffer(commands, block->buffer, begin, end - begin, turned);
    } else {
        begin = offset + bytes;
        end = begin;
    }
    char ends[8];
    fill_host(ends, word, 4, 2);
    if (begin > offset) {
        status = copy_in(device, block, offset, ends, begin - offset);
    }
    if (status == CW_OK && end < offset + bytes) {
        uint64_t phase = (end - offset) % 4;
        status = copy_in(device, block, end, ends + phase, offset + bytes - end);
    }
    return status == CW_OK ? cw_vk_finish(device) : status;
}

cw_status cw_vk_fill(struct cw_backend_device *device, void *dst, uint32_t pattern, uint32_t pattern_size, size_t count) {
    if (!count) {
        return CW_OK;
    }
    if (device->ended) {
        return CW_ERROR_FAULT;
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
