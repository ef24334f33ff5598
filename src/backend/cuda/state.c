/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state.c: temperature, power and load, from NVIDIA's management library (NVML API reference), opened when somebody asks. Without it
 * nothing is known, which is an answer too.
 */
#include <dlfcn.h>
#include <stdio.h>

#include "backend/cuda/device.h"

struct utilization {
    unsigned gpu, memory;
};

struct management {
    int (*by_bus)(const char *bus, void **handle);
    int (*temperature)(void *handle, int sensor, unsigned *celsius);
    int (*power)(void *handle, unsigned *milliwatts);
    int (*utilization)(void *handle, struct utilization *rates);
};

static struct management management;
static bool usable;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void open_once(void) {
    void *library = dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL);
    int (*init)(void) = NULL;
    if (!library) {
        return;
    }
    *(void **)&init = dlsym(library, "nvmlInit_v2");
    *(void **)&management.by_bus = dlsym(library, "nvmlDeviceGetHandleByPciBusId_v2");
    *(void **)&management.temperature = dlsym(library, "nvmlDeviceGetTemperature");
    *(void **)&management.power = dlsym(library, "nvmlDeviceGetPowerUsage");
    *(void **)&management.utilization = dlsym(library, "nvmlDeviceGetUtilizationRates");
    usable = init && management.by_bus && init() == 0;
}

void cw_cuda_device_state(struct cw_backend_device *device, struct cw_device_state *state) {
    char bus[32] = "";
    void *handle = NULL;
    struct utilization rates = {0};
    unsigned celsius, milliwatts;
    *state = (struct cw_device_state){.temperature_celsius = -1, .busy_percent = -1};
    pthread_once(&once, open_once);
    if (!usable || cw_cuda_driver()->device_bus(bus, (int)sizeof bus, device->handle) != CW_CUDA_SUCCESS ||
        management.by_bus(bus, &handle) != 0) {
        return;
    }
    if (management.temperature && management.temperature(handle, 0, &celsius) == 0) {
        state->temperature_celsius = (int32_t)celsius;
    }
    if (management.power && management.power(handle, &milliwatts) == 0) {
        state->power_milliwatts = milliwatts;
    }
    if (management.utilization && management.utilization(handle, &rates) == 0) {
        state->busy_percent = (int32_t)rates.gpu;
    }
}
