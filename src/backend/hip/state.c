/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state.c: temperature, power and load, from AMD's management library (ROCm SMI API reference), opened when somebody asks; where it is not
 * installed or tells nothing, from what the kernel's driver shows in sysfs (Linux, "drm/amdgpu: GPU Power/Thermal Controls and Monitoring").
 */
#include <dirent.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/hip/device.h"

#define SENSOR_EDGE 0u
#define TEMPERATURE_CURRENT 0

struct management {
    int (*count)(uint32_t *devices);
    int (*place)(uint32_t index, uint64_t *place);
    int (*temperature)(uint32_t index, uint32_t sensor, int metric, int64_t *millidegrees);
    int (*power)(uint32_t index, uint32_t sensor, uint64_t *microwatts);
    int (*busy)(uint32_t index, uint32_t *percent);
};

static struct management management;
static bool usable;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Without the kernel's driver the library has nothing to tell, and says so on the terminal: it is left alone then. */
static void open_once(void) {
    int (*init)(uint64_t flags) = NULL;
    DIR *driver = opendir("/sys/module/amdgpu");
    if (!driver) {
        return;
    }
    closedir(driver);
    void *library = dlopen("librocm_smi64.so.1", RTLD_NOW | RTLD_LOCAL);
    for (int version = 7; !library && version >= 5; version--) {
        char name[32];
        snprintf(name, sizeof name, "librocm_smi64.so.%d", version);
        library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    }
    if (!library) {
        return;
    }
    *(void **)&init = dlsym(library, "rsmi_init");
    *(void **)&management.count = dlsym(library, "rsmi_num_monitor_devices");
    *(void **)&management.place = dlsym(library, "rsmi_dev_pci_id_get");
    *(void **)&management.temperature = dlsym(library, "rsmi_dev_temp_metric_get");
    *(void **)&management.power = dlsym(library, "rsmi_dev_power_ave_get");
    *(void **)&management.busy = dlsym(library, "rsmi_dev_busy_percent_get");
    usable = init && management.count && management.place && init(0) == 0;
}

/* The number of the device at this place of the bus, "0000:17:00.0"; false when there is none. */
static bool find(const char *bus, uint32_t *index) {
    unsigned domain, number, slot, function;
    uint32_t count = 0;
    if (sscanf(bus, "%x:%x:%x.%x", &domain, &number, &slot, &function) != 4 || management.count(&count) != 0) {
        return false;
    }
    uint64_t wanted = (uint64_t)domain << 32 | (uint64_t)(number & 0xffu) << 8 | (uint64_t)(slot & 0x1fu) << 3 | (function & 7u);
    for (*index = 0; *index < count; ++*index) {
        uint64_t place;
        if (management.place(*index, &place) == 0 && place == wanted) {
            return true;
        }
    }
    return false;
}

static void ask_library(const char *bus, struct cw_device_state *state) {
    uint32_t index, percent;
    int64_t millidegrees;
    uint64_t microwatts;
    if (!usable || !find(bus, &index)) {
        return;
    }
    if (management.temperature && management.temperature(index, SENSOR_EDGE, TEMPERATURE_CURRENT, &millidegrees) == 0) {
        state->temperature_celsius = (int32_t)(millidegrees / 1000);
    }
    if (management.power && management.power(index, 0, &microwatts) == 0) {
        state->power_milliwatts = (uint32_t)(microwatts / 1000);
    }
    if (management.busy && management.busy(index, &percent) == 0) {
        state->busy_percent = (int32_t)percent;
    }
}

/* ---- sysfs ----------------------------------------------------------------------------------------------------- */

/* A file with one number; -1. */
static long long read_number(const char *folder, const char *name) {
    char path[1024];
    long long value = -1;
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = length > 0 && (size_t)length < sizeof path ? fopen(path, "re") : NULL;
    if (file) {
        if (fscanf(file, "%lld", &value) != 1) {
            value = -1;
        }
        fclose(file);
    }
    return value;
}

void cw_hip_state_of_folder(const char *folder, struct cw_device_state *state) {
    char path[512], sensors[800];
    long long value = read_number(folder, "gpu_busy_percent");
    if (state->busy_percent < 0 && value >= 0) {
        state->busy_percent = (int32_t)value;
    }
    snprintf(path, sizeof path, "%s/hwmon", folder);
    DIR *directory = opendir(path);
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        if (strncmp(entry->d_name, "hwmon", 5) != 0) {
            continue;
        }
        snprintf(sensors, sizeof sensors, "%s/%s", path, entry->d_name);
        value = read_number(sensors, "temp1_input");
        if (state->temperature_celsius < 0 && value >= 0) {
            state->temperature_celsius = (int32_t)(value / 1000);
        }
        value = read_number(sensors, "power1_average");
        if (state->power_milliwatts == 0 && value >= 0) {
            state->power_milliwatts = (uint32_t)(value / 1000);
        }
    }
    if (directory) {
        closedir(directory);
    }
}

void cw_hip_device_state(struct cw_backend_device *device, struct cw_device_state *state) {
    char bus[32] = "", folder[128];
    *state = (struct cw_device_state){.temperature_celsius = -1, .busy_percent = -1};
    if (cw_hip_driver()->device_bus(bus, (int)sizeof bus, device->ordinal) != 0) {
        return;
    }
    pthread_once(&once, open_once);
    ask_library(bus, state);
    snprintf(folder, sizeof folder, "/sys/bus/pci/devices/%s", bus);
    cw_hip_state_of_folder(folder, state);
}
