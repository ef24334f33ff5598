/* SPDX-License-Identifier: Apache-2.0 */
/*
 * end.c: the process's end. A driver takes itself down in exit handlers of its own, after which no function of it may be called and
 * nothing that it mapped may be touched; but the program's destructors, and the runtime's, come later. Handlers run in the reverse
 * order of their registration (C17, 7.22.4.2), so one that is registered when a device is open runs before the driver's: it waits
 * for the work, writes what kernels printed, and from then on the device answers without the driver. Compilers inside of
 * drivers register theirs when they compile first (LLVM in lavapipe, whose threads would go on without it), so it is registered again
 * when work with new pipelines has been waited for.
 */
#include <stdlib.h>
#include <time.h>

#include "backend/vulkan/device.h"

#define DEVICES_MAX 16u
#define PATIENCE_S 5

static struct cw_backend_device *open_devices[DEVICES_MAX];
static pthread_mutex_t open_lock = PTHREAD_MUTEX_INITIALIZER;

static void end_device(struct cw_backend_device *device) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_S;
    if (pthread_mutex_timedlock(&device->lock, &until) != 0) {
        return; /* another thread is inside of the driver */
    }
    if (!device->lost && cw_vk_submit(device) == CW_OK && cw_vk_wait_at_most(device, device->submitted, PATIENCE_S * UINT64_C(1000000000))) {
        cw_vk_print(device);
        cw_vk_pipeline_cache_save(device);
    }
    device->reached = cw_vk_done(device);
    atomic_store(&device->ended, true);
    pthread_mutex_unlock(&device->lock);
}

static void at_exit(void) {
    pthread_mutex_lock(&open_lock);
    for (uint32_t i = 0; i < DEVICES_MAX; i++) {
        if (open_devices[i] && !open_devices[i]->ended) {
            end_device(open_devices[i]);
        }
    }
    pthread_mutex_unlock(&open_lock);
}

void cw_vk_note_end(void) {
    (void)atexit(at_exit);
}

void cw_vk_note_open(struct cw_backend_device *device) {
    static bool registered;
    pthread_mutex_lock(&open_lock);
    if (!registered) {
        registered = atexit(at_exit) == 0;
    }
    for (uint32_t i = 0; i < DEVICES_MAX; i++) {
        if (!open_devices[i]) {
            open_devices[i] = device;
            break;
        }
    }
    pthread_mutex_unlock(&open_lock);
}

void cw_vk_note_closed(struct cw_backend_device *device) {
    pthread_mutex_lock(&open_lock);
    for (uint32_t i = 0; i < DEVICES_MAX; i++) {
        if (open_devices[i] == device) {
            open_devices[i] = NULL;
        }
    }
    pthread_mutex_unlock(&open_lock);
}
