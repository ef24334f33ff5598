/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_cuda.c: what the backend for NVIDIA GPUs says when something is wrong. The driver is a stand-in (stand_in.c), opened anew in a
 * process a case, since a backend asks for it once. Usage: test_cuda, or test_cuda CASE for one case.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cudawasm/cw_backend.h"

static int failures;

#define CHECK(condition, ...)                                                                                          \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            failures++;                                                                                                \
            printf("%s:%d: %s: ", __func__, __LINE__, #condition);                                                     \
            printf(" " __VA_ARGS__);                                                                                   \
            putchar('\n');                                                                                             \
        }                                                                                                              \
    } while (0)

static void expect_none(const char *words) {
    const struct cw_backend *backend = cw_backend_entry();
    CHECK(backend->probe() == 0);
    CHECK(backend->device_count() == 0);
    CHECK(strstr(backend->problem(), words), "%s", backend->problem());
}

static void no_library(void) {
    setenv("CUDA_WASM_LIBCUDA", "/nonexistent/libcuda.so.1", 1);
    expect_none("CUDA_WASM_LIBCUDA");
}

static void old_driver(void) {
    setenv("CUDA_WASM_LIBCUDA", STAND_IN_OLD_PATH, 1);
    expect_none("too old: it has no cuDriverGetVersion");
}

static void driver_fails(void) {
    setenv("STAND_IN_cuInit", "999", 1);
    expect_none("can't be used: CUDA_ERROR_STAND_IN (999): as asked");
}

static void no_device(void) {
    setenv("STAND_IN_devices", "0", 1);
    expect_none("finds no device");
}

static void device_busy(void) {
    const struct cw_backend *backend = cw_backend_entry();
    struct cw_backend_device *device;
    setenv("STAND_IN_cuDevicePrimaryCtxRetain", "46", 1);
    CHECK(backend->probe() == 1000);
    CHECK(backend->device_open(0, &device) != CW_OK);
}

/* Everything that can go wrong on a device that is open. */
static void on_a_device(void) {
    const struct cw_backend *backend = cw_backend_entry();
    struct cw_backend_device *device;
    struct cw_device_facts facts;
    struct cw_backend_module *module;
    struct cw_backend_kernel *kernel;
    struct cw_fault fault;
    void *pointer;
    char error[256] = "";
    CHECK(backend->device_open(0, &device) == CW_OK);
    backend->device_facts(device, &facts);
    CHECK(strcmp(facts.name, "Stand-in") == 0 && strcmp(facts.target_cpu, "sm_90") == 0, "%s", facts.target_cpu);
    CHECK(backend->artifact_score(device, "sm_90", "") > backend->artifact_score(device, "sm_80", ""));
    CHECK(backend->artifact_score(device, "sm_100", "") == 0 && backend->artifact_score(device, "x86-64", "") == 0);

    setenv("STAND_IN_cuMemAlloc_v2", "2", 1);
    CHECK(backend->memory_alloc(device, 1, &pointer) == CW_ERROR_OUT_OF_MEMORY);
    setenv("STAND_IN_cuMemHostRegister_v2", "1", 1);
    CHECK(backend->host_register(device, &facts, sizeof facts) == CW_ERROR_INVALID_ARGUMENT);

    setenv("STAND_IN_cuModuleLoadDataEx", "218", 1);
    CHECK(backend->module_load(device, "?", 1, &module, error, sizeof error) == CW_ERROR_BAD_MODULE);
    CHECK(strstr(error, "(CUDA 12.9) refuses them") && strstr(error, "line 1: what is this"), "%s", error);
    unsetenv("STAND_IN_cuModuleLoadDataEx");
    CHECK(backend->module_load(device, "?", 1, &module, error, sizeof error) == CW_OK);
    CHECK(backend->kernel_find(module, "absent", &kernel) == CW_ERROR_NOT_FOUND);
    CHECK(backend->kernel_find(module, "kernel", &kernel) == CW_OK);

    static const struct {
        const char *code;
        enum cw_fault_kind kind;
    } faults[] = {{"700", CW_FAULT_ILLEGAL_ADDRESS},     {"710", CW_FAULT_ASSERT},         {"714", CW_FAULT_STACK_OVERFLOW},
                  {"715", CW_FAULT_ILLEGAL_INSTRUCTION}, {"716", CW_FAULT_MISALIGNED},     {"719", CW_FAULT_TRAP},
                  {"702", CW_FAULT_DEADLOCK},            {"701", CW_FAULT_RESOURCES}};
    struct cw_launch launch = {.kernel = kernel, .grid = {1, 1, 1}, .block = {1, 1, 1}};
    CHECK(backend->launch(device, &launch, &fault) == CW_OK);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        setenv("STAND_IN_cuStreamSynchronize", faults[i].code, 1);
        CHECK(backend->launch(device, &launch, &fault) == CW_ERROR_FAULT);
        CHECK(fault.kind == faults[i].kind, "%s: %d", faults[i].code, (int)fault.kind);
        CHECK(strstr(fault.message, "the kernel kernel on Stand-in ended with"), "%s", fault.message);
    }
    unsetenv("STAND_IN_cuStreamSynchronize");
    backend->module_unload(module);
    backend->device_close(device);
}

/* Launches with clusters, as the driver gets them. */
static void clusters(void) {
    const struct cw_backend *backend = cw_backend_entry();
    struct cw_backend_device *device;
    struct cw_device_facts facts;
    struct cw_backend_module *module;
    struct cw_backend_kernel *kernel;
    struct cw_fault fault;
    char error[256] = "";
    CHECK(backend->device_open(0, &device) == CW_OK);
    backend->device_facts(device, &facts);
    CHECK(facts.cluster_blocks == 16);
    CHECK(backend->module_load(device, "?", 1, &module, error, sizeof error) == CW_OK);
    CHECK(backend->kernel_find(module, "kernel", &kernel) == CW_OK);
    void *library = dlopen(STAND_IN_PATH, RTLD_NOW | RTLD_NOLOAD);
    const unsigned *launched = library ? dlsym(library, "stand_in_launch") : NULL;
    const unsigned *set = library ? dlsym(library, "stand_in_function") : NULL;
    CHECK(launched && set);
    if (!launched || !set) {
        return;
    }
    struct cw_launch launch = {.kernel = kernel, .grid = {8, 6, 1}, .block = {32, 2, 1}, .dynamic_shared = 64, .cluster = {2, 3, 1}};
    static const unsigned small[11] = {8, 6, 1, 32, 2, 1, 64, 2, 3, 1, 0}, large[11] = {8, 6, 1, 32, 2, 1, 64, 4, 3, 1, 1};
    CHECK(backend->launch(device, &launch, &fault) == CW_OK);
    CHECK(memcmp(launched, small, sizeof small) == 0 && set[14] == 0);
    launch.cluster.x = 4;
    launch.cooperative = 1;
    CHECK(backend->launch(device, &launch, &fault) == CW_OK);
    CHECK(memcmp(launched, large, sizeof large) == 0 && set[14] == 1);
    CHECK(backend->kernel_clusters(kernel, &launch, false) == 33 && backend->kernel_clusters(kernel, &launch, true) == 8);
    setenv("STAND_IN_cuOccupancyMaxActiveClusters", "912", 1);
    CHECK(backend->kernel_clusters(kernel, &launch, false) == -1);
    setenv("STAND_IN_cuLaunchKernelEx", "912", 1);
    CHECK(backend->launch(device, &launch, &fault) != CW_OK);
    dlclose(library);
    backend->module_unload(module);
    backend->device_close(device);
}

/* Devices that reach each other's memory, or don't. */
static void peers(void) {
    const struct cw_backend *backend = cw_backend_entry();
    struct cw_backend_device *first, *second = NULL;
    setenv("STAND_IN_devices", "2", 1);
    CHECK(backend->device_open(0, &first) == CW_OK && backend->device_open(1, &second) == CW_OK);
    CHECK(backend->peer_can(first, second) && !backend->peer_can(first, first));
    CHECK(backend->peer_enable(first, second) == CW_OK);
    setenv("STAND_IN_cuCtxEnablePeerAccess", "704", 1); /* the process has done it by another library */
    CHECK(backend->peer_enable(first, second) == CW_OK);
    setenv("STAND_IN_cuCtxEnablePeerAccess", "217", 1);
    CHECK(backend->peer_enable(first, second) != CW_OK);
    backend->peer_disable(first, second);
    setenv("STAND_IN_cuDeviceCanAccessPeer", "101", 1);
    CHECK(!backend->peer_can(first, second));
    backend->device_close(first);
    backend->device_close(second);
}

static const struct test {
    const char *name;
    void (*run)(void);
} tests[] = {{"no_library", no_library}, {"old_driver", old_driver},   {"driver_fails", driver_fails},
             {"no_device", no_device},   {"device_busy", device_busy}, {"on_a_device", on_a_device},
             {"clusters", clusters},     {"peers", peers}};

int main(int argc, char **argv) {
    size_t count = sizeof tests / sizeof tests[0];
    int bad = 0;
    setenv("CUDA_WASM_LIBCUDA", STAND_IN_PATH, 1);
    for (size_t i = 0; i < count; i++) {
        if (argc > 1) {
            if (strcmp(argv[1], tests[i].name) == 0) {
                tests[i].run();
                return failures > 0;
            }
            continue;
        }
        pid_t child = fork();
        if (child == 0) {
            execl(argv[0], argv[0], tests[i].name, (char *)NULL);
            _exit(127);
        }
        int status = 0;
        waitpid(child, &status, 0);
        bad += status != 0;
        printf("%s: %s\n", tests[i].name, status == 0 ? "ok" : "FAILED");
    }
    return bad > 0;
}
