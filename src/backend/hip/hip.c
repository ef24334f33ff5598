/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hip.c: the backend for AMD GPUs, by AMD's HIP runtime: libcudawasm-backend-hip.so. What it loads are code objects
 * (src/target/gcn). It has not been seen on hardware: what its tests know is that HIP without a device is believed.
 *
 * Without the kernel's driver there is nothing to open: then probing is a look at one device file.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/hip/device.h"

#define NODES "/sys/class/kfd/kfd/topology/nodes"

static struct cw_hip_driver driver;
static bool usable;
static char problem[512];
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* ---- Opening ------------------------------------------------------------------------------------------------- */

static void *open_library(void) {
    static const char *const names[] = {"libamdhip64.so.7", "libamdhip64.so.6", "libamdhip64.so.5", "libamdhip64.so"};
    const char *named = getenv("CUDA_WASM_LIBHIP");
    if (named && *named) {
        void *library = dlopen(named, RTLD_NOW | RTLD_LOCAL);
        if (!library) {
            snprintf(problem, sizeof problem, "CUDA_WASM_LIBHIP: %s", dlerror());
        }
        return library;
    }
    if (access("/dev/kfd", F_OK) != 0) {
        snprintf(problem, sizeof problem, "no AMD GPU driver is loaded (/dev/kfd does not exist)");
        return NULL;
    }
    if (access("/dev/kfd", R_OK | W_OK) != 0) {
        snprintf(problem, sizeof problem, "this user may not open /dev/kfd (the group render may, usually)");
        return NULL;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        void *library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
        if (library) {
            return library;
        }
    }
    snprintf(problem, sizeof problem, "AMD's driver is loaded, but its runtime libamdhip64.so is not installed");
    return NULL;
}

static bool find_functions(void *library) {
#define CW_DRIVER_FUNCTION(member, symbol, parameters)                                                                 \
    *(void **)&driver.member = dlsym(library, symbol);                                                                 \
    if (!driver.member) {                                                                                              \
        snprintf(problem, sizeof problem, "this HIP is too old: it has no %s", symbol);                                \
        return false;                                                                                                  \
    }
#include "backend/hip/driver.def"
    *(void **)&driver.error_text = dlsym(library, "hipGetErrorString");
    return driver.error_text != NULL;
}

static void open_once(void) {
    void *library = open_library();
    if (!library || !find_functions(library)) {
        return;
    }
    int result = driver.init(0);
    if (result == CW_HIP_SUCCESS) {
        result = driver.device_count(&driver.count);
    }
    if (result != CW_HIP_SUCCESS || driver.count == 0) {
        snprintf(problem, sizeof problem, "HIP finds no device: %s (%d)", driver.error_text(result), result);
        return;
    }
    (void)driver.runtime_version(&driver.version);
    usable = true;
}

const struct cw_hip_driver *cw_hip_driver(void) {
    pthread_once(&once, open_once);
    return usable ? &driver : NULL;
}

const char *cw_hip_problem(void) {
    (void)cw_hip_driver();
    return problem;
}

/* ---- What the kernel's driver says --------------------------------------------------------------------------- */

/* "NAME VALUE" lines; 0 when the file lacks the name. */
static unsigned long property(const char *text, const char *name) {
    size_t length = strlen(name);
    for (const char *line = text; line && *line; line = strchr(line, '\n'), line = line ? line + 1 : NULL) {
        if (strncmp(line, name, length) == 0 && line[length] == ' ') {
            return strtoul(line + length + 1, NULL, 10);
        }
    }
    return 0;
}

/* 90010 is gfx90a: major, two digits of minor, two of stepping, the last two in hexadecimal. */
static void name_architecture(unsigned long version, char *name, size_t size) {
    unsigned major = (unsigned)(version / 10000 % 100), minor = (unsigned)(version / 100 % 100);
    snprintf(name, size, "gfx%u%x%x", major, minor, (unsigned)(version % 100));
}

bool cw_hip_node_read(uint32_t ordinal, struct cw_hip_node *node) {
    char path[128], text[8192];
    uint32_t gpu = 0;
    for (unsigned i = 0;; i++) {
        snprintf(path, sizeof path, NODES "/%u/properties", i);
        FILE *file = fopen(path, "r");
        if (!file) {
            return false;
        }
        size_t size = fread(text, 1, sizeof text - 1, file);
        fclose(file);
        text[size] = '\0';
        unsigned long simds = property(text, "simd_count"), each = property(text, "simd_per_cu");
        if (simds == 0 || gpu++ != ordinal) {
            continue;
        }
        name_architecture(property(text, "gfx_target_version"), node->architecture, sizeof node->architecture);
        node->processors = (uint32_t)(each ? simds / each : simds);
        node->clock_khz = (uint32_t)property(text, "max_engine_clk_fcompute") * 1000u;
        node->shared_bytes = (uint32_t)property(text, "lds_size_in_kb") * 1024u;
        return true;
    }
}

/* ---- Devices ------------------------------------------------------------------------------------------------- */

static int probe(void) {
    return cw_hip_driver() ? 900 : 0;
}

static uint32_t device_count(void) {
    const struct cw_hip_driver *hip = cw_hip_driver();
    return hip ? (uint32_t)hip->count : 0;
}

void cw_hip_enter(const struct cw_backend_device *device) {
    static _Thread_local int current = -1;
    if (current != device->ordinal) {
        (void)cw_hip_driver()->device_set(device->ordinal);
        current = device->ordinal;
    }
}

cw_status cw_hip_status(int result) {
    switch (result) {
    case CW_HIP_SUCCESS:
        return CW_OK;
    case CW_HIP_OUT_OF_MEMORY:
        return CW_ERROR_OUT_OF_MEMORY;
    case CW_HIP_INVALID_VALUE:
        return CW_ERROR_INVALID_ARGUMENT;
    case CW_HIP_NOT_FOUND:
        return CW_ERROR_NOT_FOUND;
    case CW_HIP_NOT_SUPPORTED:
        return CW_ERROR_UNSUPPORTED;
    default:
        return CW_ERROR_LAUNCH;
    }
}

cw_status cw_hip_fault(int result, const struct cw_backend_device *device, const char *what, struct cw_fault *fault) {
    if (result == CW_HIP_SUCCESS) {
        return CW_OK;
    }
    memset(fault, 0, sizeof *fault);
    fault->kind = result == CW_HIP_ILLEGAL_ADDRESS                                       ? CW_FAULT_ILLEGAL_ADDRESS
                  : result == CW_HIP_ASSERT                                              ? CW_FAULT_ASSERT
                  : result == CW_HIP_OUT_OF_RESOURCES || result == CW_HIP_OUT_OF_MEMORY ? CW_FAULT_RESOURCES
                                                                                         : CW_FAULT_TRAP;
    snprintf(fault->message, sizeof fault->message, "%s on %s ended with %s (%d)", what, device->name,
             cw_hip_driver()->error_text(result), result);
    return CW_ERROR_FAULT;
}

static void device_close(struct cw_backend_device *device) {
    if (device->stream) {
        cw_hip_enter(device);
        (void)cw_hip_driver()->stream_destroy(device->stream);
    }
    cw_described_fini(&device->images, cw_backend_entry(), device);
    free(device);
}

static cw_status device_open(uint32_t ordinal, struct cw_backend_device **result) {
    const struct cw_hip_driver *hip = cw_hip_driver();
    struct cw_backend_device *device = hip ? calloc(1, sizeof *device) : NULL;
    if (!device) {
        return hip ? CW_ERROR_OUT_OF_MEMORY : CW_ERROR_NOT_FOUND;
    }
    device->ordinal = (int)ordinal;
    cw_described_init(&device->images);
    (void)hip->device_name(device->name, (int)sizeof device->name, device->ordinal);
    cw_status status = cw_hip_node_read(ordinal, &device->node) ? CW_OK : CW_ERROR_NOT_FOUND;
    if (status == CW_OK) {
        cw_hip_enter(device);
        status = cw_hip_status(hip->stream_create(&device->stream, 1u, 0));
    }
    if (status != CW_OK) {
        device_close(device);
        return status;
    }
    *result = device;
    return CW_OK;
}

static void device_facts(struct cw_backend_device *device, struct cw_device_facts *facts) {
    const struct cw_hip_driver *hip = cw_hip_driver();
    size_t memory = 0;
    *facts = (struct cw_device_facts){0};
    snprintf(facts->name, sizeof facts->name, "%s", device->name);
    (void)hip->device_memory(&memory, device->ordinal);
    facts->total_memory = memory;
    facts->shared_per_block = device->node.shared_bytes ? device->node.shared_bytes : 65536;
    facts->processors = device->node.processors;
    facts->clock_khz = device->node.clock_khz;
    facts->max_threads_per_block = 1024;
    facts->reads_host_memory = 1; /* hipHostMalloc's memory is mapped at its own address */
    snprintf(facts->target_cpu, sizeof facts->target_cpu, "%s", device->node.architecture);
    snprintf(facts->driver, sizeof facts->driver, "HIP %d.%d", hip->version / 10000000, hip->version / 100000 % 100);
    (void)hip->device_bus(facts->bus_id, (int)sizeof facts->bus_id, device->ordinal);
}

static cw_status image_create(struct cw_backend_device *device, const struct cw_image *image,
                              const struct cw_sampler *sampler, uint64_t *object) {
    return cw_described_create(&device->images, cw_backend_entry(), device, image, sampler, object);
}

static void image_destroy(struct cw_backend_device *device, uint64_t object) {
    cw_described_destroy(&device->images, object);
}

static void output_flush(struct cw_backend_device *device) {
    (void)device; /* kernels that print are not compiled for these devices */
}

const struct cw_backend *cw_backend_entry(void) {
    static struct cw_backend backend = {
        .abi_version = CW_BACKEND_ABI,
        .struct_size = sizeof(struct cw_backend),
        .name = "hip",
        .target = "gcn",
        .probe = probe,
        .device_count = device_count,
        .device_open = device_open,
        .device_close = device_close,
        .device_facts = device_facts,
        .device_state = cw_hip_device_state,
        .image_create = image_create,
        .image_destroy = image_destroy,
        .output_flush = output_flush,
        .problem = cw_hip_problem,
        .heeds_visible_devices = 1, /* HIP does, beside HIP_VISIBLE_DEVICES */
    };
    if (!backend.launch) {
        cw_hip_fill_backend(&backend);
    }
    return &backend;
}
