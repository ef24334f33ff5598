/* SPDX-License-Identifier: Apache-2.0 */
/*
 * managed_advice.c: see managed.h. Ranges with the same advice are a list by address; setting splits those at its ends.
 * A question about a range has an answer when all of the range has the same one (CUDA Runtime API,
 * cudaMemRangeGetAttribute).
 */
#include "runtime/managed.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/device.h"
#include "runtime/memory.h"
#include "runtime/thread.h"

struct advice {
    int preferred; /* device, cudaCpuDeviceId or cudaInvalidDeviceId */
    int prefetched;
    uint32_t accessed_by; /* bit n: device n; the last bit: the host */
    bool read_mostly;
};

struct stretch {
    struct stretch *next;
    uintptr_t begin, end;
    struct advice advice;
};

#define HOST_BIT (1u << 31)

static const struct advice none = {.preferred = cudaInvalidDeviceId, .prefetched = cudaInvalidDeviceId};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct stretch *stretches;

/* ---- The list ------------------------------------------------------------------------------------------------ */

static bool insert(struct stretch **link, uintptr_t begin, uintptr_t end, struct advice advice) {
    struct stretch *made = malloc(sizeof *made);
    if (made) {
        *made = (struct stretch){*link, begin, end, advice};
        *link = made;
    }
    return made != NULL;
}

/* Makes `address` a border of stretches. */
static bool split(uintptr_t address) {
    struct stretch **link = &stretches;
    while (*link && (*link)->end <= address) {
        link = &(*link)->next;
    }
    struct stretch *found = *link;
    if (!found || found->begin >= address) {
        return true;
    }
    if (!insert(&found->next, address, found->end, found->advice)) {
        return false;
    }
    found->end = address;
    return true;
}

/* Covers [begin, end) with stretches whose borders are its own. */
static bool cover(uintptr_t begin, uintptr_t end) {
    if (!split(begin) || !split(end)) {
        return false;
    }
    struct stretch **link = &stretches;
    while (*link && (*link)->end <= begin) {
        link = &(*link)->next;
    }
    while (begin < end) {
        uintptr_t next = *link && (*link)->begin < end ? (*link)->begin : end;
        if (begin < next && !insert(link, begin, next, none)) {
            return false;
        }
        begin = (*link)->end;
        link = &(*link)->next;
    }
    return true;
}

static void apply(struct advice *to, enum cudaMemoryAdvise advice, int location) {
    uint32_t bit = location == cudaCpuDeviceId ? HOST_BIT : location >= 0 ? 1u << location : 0;
    switch (advice) {
    case cudaMemAdviseSetReadMostly:
        to->read_mostly = true;
        break;
    case cudaMemAdviseUnsetReadMostly:
        to->read_mostly = false;
        break;
    case cudaMemAdviseSetPreferredLocation:
        to->preferred = location;
        break;
    case cudaMemAdviseUnsetPreferredLocation:
        to->preferred = cudaInvalidDeviceId;
        break;
    case cudaMemAdviseSetAccessedBy:
        to->accessed_by |= bit;
        break;
    case cudaMemAdviseUnsetAccessedBy:
        to->accessed_by &= ~bit;
        break;
    }
}

static bool change(const void *pointer, size_t count, bool prefetch, enum cudaMemoryAdvise advice, int location) {
    uintptr_t begin = (uintptr_t)pointer, end = begin + count;
    pthread_mutex_lock(&lock);
    bool done = cover(begin, end);
    for (struct stretch *at = stretches; done && at; at = at->next) {
        if (at->begin < begin || at->end > end) {
            continue;
        }
        if (prefetch) {
            at->advice.prefetched = location;
        } else {
            apply(&at->advice, advice, location);
        }
    }
    pthread_mutex_unlock(&lock);
    return done;
}

bool cw_rt_advice_note(const void *pointer, size_t count, enum cudaMemoryAdvise advice, int location) {
    return change(pointer, count, false, advice, location);
}

bool cw_rt_advice_prefetch(const void *pointer, size_t count, int location) {
    return change(pointer, count, true, cudaMemAdviseSetReadMostly, location);
}

void cw_rt_advice_forget(uintptr_t base, size_t size) {
    pthread_mutex_lock(&lock);
    struct stretch **link = &stretches;
    while (*link) {
        struct stretch *stretch = *link;
        if (stretch->begin >= base && stretch->end <= base + size) {
            *link = stretch->next;
            free(stretch);
        } else {
            link = &stretch->next;
        }
    }
    pthread_mutex_unlock(&lock);
}

/* What holds for all of [begin, end). */
static struct advice common(uintptr_t begin, uintptr_t end) {
    struct advice all = none;
    bool first = true;
    uintptr_t reached = begin;
    pthread_mutex_lock(&lock);
    for (const struct stretch *at = stretches; at && reached < end; at = at->next) {
        if (at->end <= begin || at->begin >= end) {
            continue;
        }
        struct advice one = at->begin > reached ? none : at->advice;
        struct advice before = first ? one : all;
        all.read_mostly = before.read_mostly && one.read_mostly;
        all.preferred = before.preferred == one.preferred ? one.preferred : cudaInvalidDeviceId;
        all.prefetched = before.prefetched == one.prefetched ? one.prefetched : cudaInvalidDeviceId;
        all.accessed_by = before.accessed_by & one.accessed_by;
        first = false;
        reached = at->begin > reached ? end : at->end;
    }
    pthread_mutex_unlock(&lock);
    return reached < end ? none : all;
}

/* ---- Asking -------------------------------------------------------------------------------------------------- */

static int location_type(int location) {
    return location == cudaInvalidDeviceId ? cudaMemLocationTypeInvalid
           : location == cudaCpuDeviceId   ? cudaMemLocationTypeHost
                                           : cudaMemLocationTypeDevice;
}

static void list_devices(uint32_t set, int *devices, size_t room) {
    size_t used = 0;
    for (int i = 0; i < (int)CW_RT_DEVICES_MAX && used < room; i++) {
        if (set & 1u << i) {
            devices[used++] = i;
        }
    }
    if ((set & HOST_BIT) && used < room) {
        devices[used++] = cudaCpuDeviceId;
    }
    while (used < room) {
        devices[used++] = cudaInvalidDeviceId;
    }
}

static cudaError_t answer(int *data, size_t size, enum cudaMemRangeAttribute attribute, const struct advice *advice) {
    if (!data || size == 0 || size % sizeof *data ||
        (size != sizeof *data && attribute != cudaMemRangeAttributeAccessedBy)) {
        return cw_rt_fail(cudaErrorInvalidValue, "%zu bytes for the answer to attribute %d", size, (int)attribute);
    }
    switch (attribute) {
    case cudaMemRangeAttributeReadMostly:
        *data = advice->read_mostly;
        return cudaSuccess;
    case cudaMemRangeAttributePreferredLocation:
        *data = advice->preferred;
        return cudaSuccess;
    case cudaMemRangeAttributeAccessedBy:
        list_devices(advice->accessed_by, data, size / sizeof *data);
        return cudaSuccess;
    case cudaMemRangeAttributeLastPrefetchLocation:
        *data = advice->prefetched;
        return cudaSuccess;
    case cudaMemRangeAttributePreferredLocationType:
        *data = location_type(advice->preferred);
        return cudaSuccess;
    case cudaMemRangeAttributePreferredLocationId:
        *data = advice->preferred;
        return cudaSuccess;
    case cudaMemRangeAttributeLastPrefetchLocationType:
        *data = location_type(advice->prefetched);
        return cudaSuccess;
    case cudaMemRangeAttributeLastPrefetchLocationId:
        *data = advice->prefetched;
        return cudaSuccess;
    }
    return cw_rt_fail(cudaErrorInvalidValue, "managed memory has no attribute %d", (int)attribute);
}

static cudaError_t get(void **data, const size_t *sizes, const enum cudaMemRangeAttribute *attributes, size_t count,
                       const void *pointer, size_t bytes) {
    struct cw_rt_device *device, *owner;
    if (!data || !sizes || !attributes || count == 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "%zu attributes, or an array that is NULL", count);
    }
    cudaError_t error = cw_rt_device_current(&device);
    if (error != cudaSuccess) {
        return error;
    }
    struct cw_rt_range range = cw_rt_memory_find(pointer, &owner);
    bool managed = range.kind == CW_RT_MEMORY_MANAGED || range.kind == CW_RT_MEMORY_MANAGED_VARIABLE;
    if (!managed || bytes == 0 || bytes > range.size - ((uintptr_t)pointer - range.base)) {
        return cw_rt_fail(cudaErrorInvalidValue, "%zu bytes at %p are not within managed memory", bytes, pointer);
    }
    struct advice advice = common((uintptr_t)pointer, (uintptr_t)pointer + bytes);
    for (size_t i = 0; error == cudaSuccess && i < count; i++) {
        error = answer(data[i], sizes[i], attributes[i], &advice);
    }
    return error;
}

cudaError_t cudaMemRangeGetAttribute(void *data, size_t size, enum cudaMemRangeAttribute attribute, const void *pointer,
                                     size_t count) {
    return cw_rt_record(get(&data, &size, &attribute, 1, pointer, count));
}

cudaError_t cudaMemRangeGetAttributes(void **data, size_t *sizes, enum cudaMemRangeAttribute *attributes,
                                      size_t attribute_count, const void *pointer, size_t count) {
    return cw_rt_record(get(data, sizes, attributes, attribute_count, pointer, count));
}
