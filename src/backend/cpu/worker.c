/* SPDX-License-Identifier: Apache-2.0 */
/* worker.c: see worker.h. */
#include "backend/cpu/worker.h"

#include <pthread.h>
#include <stdlib.h>

#include "backend/cpu/device.h"

/* Read by signal handlers: this model of thread-local storage never allocates on access. */
static _Thread_local struct cw_cpu_worker *current __attribute__((tls_model("initial-exec")));

struct cw_cpu_worker *cw_cpu_worker_current(void) {
    return current;
}

struct cw_cpu_worker *cw_cpu_worker_acquire(struct cw_backend_device *device) {
    cw_cpu_fault_prepare();
    pthread_mutex_lock(&device->lock);
    struct cw_cpu_worker *worker = device->idle_workers;
    if (worker) {
        device->idle_workers = worker->next;
    } else {
        worker = calloc(1, sizeof *worker);
        if (worker) {
            worker->device = device;
            worker->processor = device->worker_count++ % device->processors;
        }
    }
    pthread_mutex_unlock(&device->lock);
    if (!worker) {
        return NULL;
    }
#ifdef CW_CPU_ASAN
    pthread_attr_t attributes;
    void *bottom = NULL;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        pthread_attr_getstack(&attributes, &bottom, &worker->host_fiber.size);
        pthread_attr_destroy(&attributes);
    }
    worker->host_fiber.bottom = bottom;
#endif
#ifdef CW_CPU_TSAN
    worker->host_fiber.fiber = __tsan_get_current_fiber();
#endif
    current = worker;
    return worker;
}

void cw_cpu_worker_release(struct cw_cpu_worker *worker) {
    struct cw_backend_device *device = worker->device;
    current = NULL;
    pthread_mutex_lock(&device->lock);
    worker->next = device->idle_workers;
    device->idle_workers = worker;
    pthread_mutex_unlock(&device->lock);
}

void cw_cpu_workers_free(struct cw_cpu_worker *list) {
    while (list) {
        struct cw_cpu_worker *next = list->next;
        cw_cpu_states_free(list->spare);
        cw_cpu_clusters_free(list->spare_clusters);
        cw_cpu_stacks_fini(&list->stacks);
        free(list);
        list = next;
    }
}
