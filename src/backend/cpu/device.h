/* SPDX-License-Identifier: Apache-2.0 */
/* device.h: a device of the CPU backend: this machine's processors and memory, or its share of them. */
#ifndef CW_BACKEND_CPU_DEVICE_H
#define CW_BACKEND_CPU_DEVICE_H

#include <pthread.h>
#include <stdint.h>

#include "backend/cpu/heap.h"
#include "backend/cpu/memory.h"
#include "backend/cpu/pool.h"
#include "backend/cpu/print.h"
#include "cudawasm/cw_backend.h"

struct cw_cpu_worker;

struct cw_backend_device {
    uint32_t processors;
    uint32_t clock_khz; /* of cw.clock64, too */
    pthread_mutex_t lock; /* of the two below */
    struct cw_cpu_worker *idle_workers;
    uint32_t worker_count;
    struct cw_cpu_pool pool;
    struct cw_cpu_memory memory;
    struct cw_cpu_heap heap;
    struct cw_cpu_print print;
    uint32_t cache_bytes; /* atomic: of the last level, once a launch has asked (stream.c); 0 */
    uint64_t pending_launches_max; /* atomic: of kernels, in a family (family.h) */
    int64_t (*answer)(void *context, uint32_t question, int64_t argument); /* NULL: nobody to ask */
    void *answer_context;
};

/* cw_backend.device_open, device_close, device_facts, device_answers, device_limit. */
cw_status cw_cpu_device_open(uint32_t ordinal, struct cw_backend_device **device);
void cw_cpu_device_close(struct cw_backend_device *device);
void cw_cpu_device_facts(struct cw_backend_device *device, struct cw_device_facts *facts);
void cw_cpu_device_answers(struct cw_backend_device *device,
                           int64_t (*answer)(void *context, uint32_t question, int64_t argument), void *context);
cw_status cw_cpu_device_limit(struct cw_backend_device *device, enum cw_device_limit limit, uint64_t value);

#endif
