/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory.c: memory and copies. The driver gives host and device memory one address space (CUDA Driver API, "Unified
 * Addressing"), so its plain copy functions find out by themselves what an address is; only copies of rows name it.
 */
#include <unistd.h>

#include "backend/cuda/device.h"

#define ATTACH_GLOBAL 1u /* CU_MEM_ATTACH_GLOBAL */
#define HOST_PORTABLE 1u
#define HOST_MAPPED 2u
#define TYPE_HOST 1
#define TYPE_DEVICE 2

static uint64_t number(const void *pointer) {
    return (uint64_t)(uintptr_t)pointer;
}

cw_status cw_cuda_memory_alloc(struct cw_backend_device *device, size_t size, void **pointer) {
    uint64_t address = 0;
    cw_cuda_enter(device);
    cw_status status = cw_cuda_status(cw_cuda_driver()->memory_alloc(&address, size));
    *pointer = (void *)(uintptr_t)address;
    return status;
}

cw_status cw_cuda_managed_alloc(struct cw_backend_device *device, size_t size, void **pointer) {
    uint64_t address = 0;
    cw_cuda_enter(device);
    cw_status status = cw_cuda_status(cw_cuda_driver()->memory_alloc_managed(&address, size, ATTACH_GLOBAL));
    *pointer = (void *)(uintptr_t)address;
    return status;
}

void cw_cuda_memory_free(struct cw_backend_device *device, void *pointer) {
    cw_cuda_enter(device);
    if (!cw_cuda_shared_free(device, pointer)) {
        (void)cw_cuda_driver()->memory_free(number(pointer));
    }
}

void cw_cuda_memory_info(struct cw_backend_device *device, uint64_t *free_bytes, uint64_t *total_bytes) {
    size_t unused = 0, total = 0;
    cw_cuda_enter(device);
    (void)cw_cuda_driver()->memory_info(&unused, &total);
    *free_bytes = unused;
    *total_bytes = total;
}

/* ---- Host memory --------------------------------------------------------------------------------------------- */

cw_status cw_cuda_host_alloc(struct cw_backend_device *device, size_t size, void **pointer) {
    cw_cuda_enter(device);
    return cw_cuda_status(cw_cuda_driver()->host_alloc(pointer, size, HOST_PORTABLE | HOST_MAPPED));
}

void cw_cuda_host_free(struct cw_backend_device *device, void *pointer) {
    cw_cuda_enter(device);
    (void)cw_cuda_driver()->host_free(pointer);
}

/* Whole pages that hold [pointer, pointer + size). */
static void whole_pages(const void *pointer, size_t size, uintptr_t *begin, uintptr_t *end) {
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    *begin = (uintptr_t)pointer & ~(page - 1);
    *end = ((uintptr_t)pointer + size + page - 1) & ~(page - 1);
}

/* At once; where that meets pages that are locked already, page by page. */
cw_status cw_cuda_host_register(struct cw_backend_device *device, void *pointer, size_t size) {
    const struct cw_cuda_driver *driver = cw_cuda_driver();
    uintptr_t begin, end, page = (uintptr_t)sysconf(_SC_PAGESIZE);
    cw_cuda_enter(device);
    whole_pages(pointer, size, &begin, &end);
    int result = driver->host_register((void *)begin, end - begin, HOST_PORTABLE | HOST_MAPPED);
    if (result != CW_CUDA_ALREADY_REGISTERED) {
        return cw_cuda_status(result);
    }
    for (result = CW_CUDA_SUCCESS; begin < end && result == CW_CUDA_SUCCESS; begin += page) {
        result = driver->host_register((void *)begin, page, HOST_PORTABLE | HOST_MAPPED);
        result = result == CW_CUDA_ALREADY_REGISTERED ? CW_CUDA_SUCCESS : result;
    }
    return cw_cuda_status(result);
}

/* Pages at the ends may serve a neighbour: only what was registered at once, or page by page, goes. */
void cw_cuda_host_unregister(struct cw_backend_device *device, void *pointer, size_t size) {
    const struct cw_cuda_driver *driver = cw_cuda_driver();
    uintptr_t begin, end, page = (uintptr_t)sysconf(_SC_PAGESIZE);
    cw_cuda_enter(device);
    whole_pages(pointer, size, &begin, &end);
    if (driver->host_unregister((void *)begin) == CW_CUDA_SUCCESS) {
        for (begin += page; begin < end && driver->host_unregister((void *)begin) == CW_CUDA_SUCCESS; begin += page) {
        }
    }
}

/* ---- Copies -------------------------------------------------------------------------------------------------- */

cw_status cw_cuda_copy(struct cw_backend_device *device, void *dst, const void *src, size_t size,
                       enum cw_copy_kind kind) {
    const struct cw_cuda_driver *driver = cw_cuda_driver();
    cw_cuda_enter(device);
    (void)kind;
    int result = driver->copy_async(number(dst), number(src), size, device->stream);
    if (result == CW_CUDA_SUCCESS) {
        result = driver->stream_wait(device->stream);
    }
    return cw_cuda_status(result);
}

static int fill_on(void *stream, void *dst, uint32_t pattern, uint32_t pattern_size, size_t count) {
    const struct cw_cuda_driver *driver = cw_cuda_driver();
    switch (pattern_size) {
    case 1:
        return driver->fill8(number(dst), (unsigned char)pattern, count, stream);
    case 2:
        return driver->fill16(number(dst), (unsigned short)pattern, count, stream);
    default:
        return driver->fill32(number(dst), pattern, count, stream);
    }
}

cw_status cw_cuda_fill(struct cw_backend_device *device, void *dst, uint32_t pattern, uint32_t pattern_size,
                       size_t count) {
    cw_cuda_enter(device);
    int result = fill_on(device->stream, dst, pattern, pattern_size, count);
    if (result == CW_CUDA_SUCCESS) {
        result = cw_cuda_driver()->stream_wait(device->stream);
    }
    return cw_cuda_status(result);
}

cw_status cw_cuda_copy_async(struct cw_backend_stream *stream, void *dst, const void *src, size_t size,
                             enum cw_copy_kind kind) {
    (void)kind;
    cw_cuda_enter(stream->device);
    return cw_cuda_status(cw_cuda_driver()->copy_async(number(dst), number(src), size, stream->handle));
}

cw_status cw_cuda_copy_rows_async(struct cw_backend_stream *stream, void *dst, size_t dst_pitch, const void *src,
                                  size_t src_pitch, size_t width, size_t height, enum cw_copy_kind kind) {
    struct cw_cuda_rows rows = {.src_type = kind == CW_COPY_HOST_TO_DEVICE ? TYPE_HOST : TYPE_DEVICE,
                                .src_host = src,
                                .src_device = number(src),
                                .src_pitch = src_pitch,
                                .dst_type = kind == CW_COPY_DEVICE_TO_HOST ? TYPE_HOST : TYPE_DEVICE,
                                .dst_host = dst,
                                .dst_device = number(dst),
                                .dst_pitch = dst_pitch,
                                .width = width,
                                .height = height};
    cw_cuda_enter(stream->device);
    int result = cw_cuda_driver()->copy_rows_async(&rows, stream->handle);
    /* The driver bounds pitches; single rows have none. */
    for (size_t y = 0; result == CW_CUDA_INVALID_VALUE && y < height; y++) {
        int row = cw_cuda_driver()->copy_async(number(dst) + y * dst_pitch, number(src) + y * src_pitch, width,
                                               stream->handle);
        if (row != CW_CUDA_SUCCESS || y + 1 == height) {
            return cw_cuda_status(row);
        }
    }
    return cw_cuda_status(result);
}

cw_status cw_cuda_fill_async(struct cw_backend_stream *stream, void *dst, uint32_t pattern, uint32_t pattern_size,
                             size_t count) {
    cw_cuda_enter(stream->device);
    return cw_cuda_status(fill_on(stream->handle, dst, pattern, pattern_size, count));
}

/* ---- Words ----------------------------------------------------------------------------------------------------- */

/* CUstreamBatchMemOpType, CUstreamWaitValue_flags, CUstreamWriteValue_flags. */
enum { WAIT_32 = 1, WRITE_32 = 2, FLUSH = 3, WAIT_64 = 4, WRITE_64 = 5, BARRIER = 6 };
#define WAIT_FLUSH (1u << 30)
#define WRITE_NO_BARRIER 1u
#define WORDS_MAX 256u

static struct cw_cuda_word word_of(const struct cw_word *from) {
    struct cw_cuda_word word = {.address = number(from->address), .value = from->value};
    switch ((enum cw_word_kind)from->kind) {
    case CW_WORD_WAIT_GEQ:
    case CW_WORD_WAIT_EQ:
    case CW_WORD_WAIT_AND:
    case CW_WORD_WAIT_NOR:
        word.operation = from->bytes == 8 ? WAIT_64 : WAIT_32;
        word.flags = (from->kind - CW_WORD_WAIT_GEQ) | (from->flush ? WAIT_FLUSH : 0u);
        break;
    case CW_WORD_WRITE:
        word.operation = from->bytes == 8 ? WRITE_64 : WRITE_32;
        word.flags = from->loose ? WRITE_NO_BARRIER : 0u;
        break;
    case CW_WORD_FENCE:
        word = (struct cw_cuda_word){.operation = BARRIER};
        break;
    case CW_WORD_FLUSH:
        word = (struct cw_cuda_word){.operation = FLUSH};
        break;
    }
    return word;
}

cw_status cw_cuda_words_async(struct cw_backend_stream *stream, const struct cw_word *words, uint32_t count) {
    const struct cw_cuda_driver *driver = cw_cuda_driver();
    struct cw_cuda_word batch[WORDS_MAX];
    if (!driver->words || count > WORDS_MAX) {
        return driver->words ? CW_ERROR_INVALID_ARGUMENT : CW_ERROR_UNSUPPORTED;
    }
    for (uint32_t i = 0; i < count; i++) {
        batch[i] = word_of(&words[i]);
    }
    cw_cuda_enter(stream->device);
    return cw_cuda_status(driver->words(stream->handle, count, batch, 0));
}

cw_status cw_cuda_copy_peer(struct cw_backend_device *to, void *dst, struct cw_backend_device *from, const void *src,
                            size_t size) {
    cw_cuda_enter(to);
    return cw_cuda_status(cw_cuda_driver()->copy_peer(number(dst), to->context, number(src), from->context, size));
}
