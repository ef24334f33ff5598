/* SPDX-License-Identifier: Apache-2.0 */
/* device.c: see device.h. */
#include "backend/cpu/device.h"

#include <stdio.h>
#include <stdlib.h>

#include "backend/cpu/block.h"
#include "backend/cpu/cluster.h"
#include "backend/cpu/machine.h"
#include "backend/cpu/worker.h"

#define PENDING_LAUNCHES_DEFAULT 2048u /* CUDA's */

cw_status cw_cpu_device_open(uint32_t ordinal, struct cw_backend_device **result) {
    uint32_t devices = cw_cpu_machine_devices(), processors = cw_cpu_machine_processors();
    if (ordinal >= devices) {
        return CW_ERROR_INVALID_ARGUMENT;
    }
    struct cw_backend_device *device = calloc(1, sizeof *device);
    if (!device) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    /* The first devices take what doesn't divide. */
    device->processors = processors / devices + (ordinal < processors % devices);
    device->processors = device->processors ? device->processors : 1;
    device->clock_khz = cw_cpu_machine_clock_khz();
    if (!cw_cpu_pool_init(&device->pool, device, device->processors - 1)) {
        free(device);
        return CW_ERROR_OUT_OF_MEMORY;
    }
    pthread_mutex_init(&device->lock, NULL);
    device->pending_launches_max = PENDING_LAUNCHES_DEFAULT;
    cw_cpu_memory_init(&device->memory, cw_cpu_machine_memory() / devices);
    cw_cpu_heap_init(&device->heap);
    cw_cpu_print_init(&device->print);
    *result = device;
    return CW_OK;
}

void cw_cpu_device_close(struct cw_backend_device *device) {
    cw_cpu_pool_fini(&device->pool);
    cw_cpu_workers_free(device->idle_workers);
    cw_cpu_print_fini(&device->print);
    cw_cpu_heap_fini(&device->heap);
    cw_cpu_memory_fini(&device->memory);
    pthread_mutex_destroy(&device->lock);
    free(device);
}

void cw_cpu_device_facts(struct cw_backend_device *device, struct cw_device_facts *facts) {
    *facts = (struct cw_device_facts){
        .total_memory = device->memory.total,
        .shared_per_block = CW_CPU_SHARED_MAX,
        .processors = device->processors,
        .clock_khz = device->clock_khz,
        .cache_bytes = cw_cpu_machine_cache(),
        .max_threads_per_block = CW_CPU_THREADS_MAX,
        .unified_memory = 1,
        .partitions = 1,
        .cluster_blocks = CW_CPU_CLUSTER_MAX,
    };
    char name[200];
    cw_cpu_machine_name(name, sizeof name);
    snprintf(facts->name, sizeof facts->name, "%s (cuda-wasm CPU)", name);
}

void cw_cpu_device_answers(struct cw_backend_device *device,
                           int64_t (*answer)(void *context, uint32_t question, int64_t argument), void *context) {
    device->answer = answer;
    device->answer_context = context;
}

cw_status cw_cpu_device_limit(struct cw_backend_device *device, enum cw_device_limit limit, uint64_t value) {
    switch (limit) {
    case CW_LIMIT_MALLOC_HEAP:
        return cw_cpu_heap_limit(&device->heap, (size_t)value) ? CW_OK : CW_ERROR_INVALID_ARGUMENT;
    case CW_LIMIT_PENDING_LAUNCHES: __atomic_store_n(&device->pending_launches_max, value, __ATOMIC_RELAXED); return CW_OK;
    case CW_LIMIT_PRINTF_FIFO: cw_cpu_print_limit(&device->print, (size_t)value); return CW_OK;
    case CW_LIMIT_STACK: /* every thread has the largest stack there is */
        return value <= CW_CPU_STACK_SIZE ? CW_OK : CW_ERROR_INVALID_ARGUMENT;
    }
    return CW_ERROR_INVALID_ARGUMENT;
}
