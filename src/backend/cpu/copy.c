/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copy.c: see copy.h. Very large copies and fills are shared among the processors: one core seldom reaches the memory's
 * bandwidth, and the first touch of fresh pages costs several times the copy itself.
 */
#include "backend/cpu/copy.h"

#include <string.h>

#include "backend/cpu/device.h"
#include "backend/cpu/pool.h"

#define PIECE_BYTES ((size_t)4 << 20)
#define SHARED_BYTES ((size_t)32 << 20) /* from here it pays */

struct copy {
    struct cw_cpu_job job; /* first */
    char *dst;
    const char *src; /* NULL: fill */
    size_t size;
    uint32_t pattern;
    uint32_t pattern_size;
};

static void fill_range(char *dst, uint32_t pattern, uint32_t pattern_size, size_t size) {
    if (pattern_size == 1) {
        memset(dst, (int)(pattern & 0xff), size);
    } else if (pattern_size == 2) {
        uint16_t *to = (uint16_t *)(void *)dst;
        for (size_t i = 0; i < size / 2; i++) {
            to[i] = (uint16_t)pattern;
        }
    } else {
        uint32_t *to = (uint32_t *)(void *)dst;
        for (size_t i = 0; i < size / 4; i++) {
            to[i] = pattern;
        }
    }
}

static void copy_pieces(struct cw_cpu_job *job, struct cw_cpu_worker *worker) {
    (void)worker;
    const struct copy *copy = (const struct copy *)job;
    uint64_t first, count;
    while (cw_cpu_job_claim(job, 1, &first, &count)) {
        size_t from = (size_t)first * PIECE_BYTES;
        size_t size = copy->size - from < count * PIECE_BYTES ? copy->size - from : (size_t)count * PIECE_BYTES;
        if (copy->src) {
            memcpy(copy->dst + from, copy->src + from, size);
        } else {
            fill_range(copy->dst + from, copy->pattern, copy->pattern_size, size);
        }
    }
}

static void run_shared(struct cw_backend_device *device, struct copy *copy) {
    cw_cpu_job_init(&copy->job, (copy->size + PIECE_BYTES - 1) / PIECE_BYTES, copy_pieces);
    copy->job.chunk_max = 1;
    cw_cpu_pool_offer(&device->pool, &copy->job, device->processors - 1);
    copy_pieces(&copy->job, NULL);
    cw_cpu_pool_withdraw(&device->pool, &copy->job);
}

cw_status cw_cpu_copy(struct cw_backend_device *device, void *dst, const void *src, size_t size, enum cw_copy_kind kind) {
    (void)kind;
    if (size < SHARED_BYTES || device->processors == 1) {
        memcpy(dst, src, size);
        return CW_OK;
    }
    struct copy copy = {.dst = dst, .src = src, .size = size};
    run_shared(device, &copy);
    return CW_OK;
}

cw_status cw_cpu_fill(struct cw_backend_device *device, void *dst, uint32_t pattern, uint32_t pattern_size,
                      size_t count) {
    if (pattern_size != 1 && pattern_size != 2 && pattern_size != 4) {
        return CW_ERROR_INVALID_ARGUMENT;
    }
    size_t size = count * pattern_size;
    if (size < SHARED_BYTES || device->processors == 1) {
        fill_range(dst, pattern, pattern_size, size);
        return CW_OK;
    }
    struct copy copy = {.dst = dst, .size = size, .pattern = pattern, .pattern_size = pattern_size};
    run_shared(device, &copy);
    return CW_OK;
}
