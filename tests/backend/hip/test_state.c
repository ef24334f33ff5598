/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_state.c: what an AMD GPU's folder in sysfs tells, from a folder made as the kernel makes it; and that ROCm SMI, where it is
 * installed, has the functions that are called, by their names. No device is asked.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend/hip/device.h"

static int wrong;

static void check(bool fine, const char *what) {
    printf("%s: %s\n", what, fine ? "ok" : "WRONG");
    wrong += !fine;
}

static void put(const char *folder, const char *name, const char *text) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    if (file) {
        fputs(text, file);
        fclose(file);
    }
}

static void drop(const char *folder, const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    (void)remove(path);
}

static void test_folder(void) {
    char folder[] = "/tmp/cuda-wasm-state-XXXXXX", monitors[64], sensors[96];
    struct cw_device_state state = {.temperature_celsius = -1, .busy_percent = -1};
    if (!mkdtemp(folder)) {
        check(false, "a temporary folder");
        return;
    }
    cw_hip_state_of_folder(folder, &state);
    check(state.temperature_celsius == -1 && state.power_milliwatts == 0 && state.busy_percent == -1, "nothing there");
    snprintf(monitors, sizeof monitors, "%s/hwmon", folder);
    snprintf(sensors, sizeof sensors, "%s/hwmon3", monitors);
    (void)mkdir(monitors, 0700);
    (void)mkdir(sensors, 0700);
    put(folder, "gpu_busy_percent", "37\n");
    put(sensors, "temp1_input", "54000\n");
    put(sensors, "power1_average", "91000000\n");
    cw_hip_state_of_folder(folder, &state);
    check(state.temperature_celsius == 54 && state.power_milliwatts == 91000 && state.busy_percent == 37, "what sysfs tells");
    state = (struct cw_device_state){.temperature_celsius = 60, .power_milliwatts = 5, .busy_percent = 1};
    cw_hip_state_of_folder(folder, &state);
    check(state.temperature_celsius == 60 && state.power_milliwatts == 5 && state.busy_percent == 1, "what is known stays");
    drop(sensors, "temp1_input");
    drop(sensors, "power1_average");
    drop(folder, "gpu_busy_percent");
    (void)rmdir(sensors);
    (void)rmdir(monitors);
    (void)rmdir(folder);
}

static void test_library(void) {
    static const char *const names[] = {"rsmi_init",
                                        "rsmi_num_monitor_devices",
                                        "rsmi_dev_pci_id_get",
                                        "rsmi_dev_temp_metric_get",
                                        "rsmi_dev_power_ave_get",
                                        "rsmi_dev_busy_percent_get"};
    void *library = dlopen("librocm_smi64.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        printf("ROCm SMI: not installed (Debian: librocm-smi64-1), its functions are not looked for\n");
        return;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        check(dlsym(library, names[i]) != NULL, names[i]);
    }
}

int main(void) {
    test_folder();
    test_library();
    return wrong != 0;
}
