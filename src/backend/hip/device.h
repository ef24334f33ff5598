/* SPDX-License-Identifier: Apache-2.0 */
/* device.h: AMD's HIP runtime, opened when the backend is first asked for, and what the backend keeps of its devices. */
#ifndef CW_BACKEND_HIP_DEVICE_H
#define CW_BACKEND_HIP_DEVICE_H

#include <pthread.h>
#include <stdbool.h>

#include "backend/cpu/described.h"
#include "cudawasm/cw_backend.h"

struct cw_hip_driver {
#define CW_DRIVER_FUNCTION(member, symbol, parameters) int(*member) parameters;
#include "backend/hip/driver.def"
    const char *(*error_text)(int error);
    int version;
    int count; /* devices */
};

/* HIP, initialised; the same for ever. NULL when there is none or it has no device: then cw_hip_problem says why. */
const struct cw_hip_driver *cw_hip_driver(void);
const char *cw_hip_problem(void);

/* What of hipError_t the backend tells apart. */
enum {
    CW_HIP_SUCCESS = 0,
    CW_HIP_INVALID_VALUE = 1,
    CW_HIP_OUT_OF_MEMORY = 2,
    CW_HIP_NO_DEVICE = 100,
    CW_HIP_NOT_FOUND = 500,
    CW_HIP_NOT_READY = 600,
    CW_HIP_ILLEGAL_ADDRESS = 700,
    CW_HIP_OUT_OF_RESOURCES = 701,
    CW_HIP_PEER_ALREADY_ENABLED = 704,
    CW_HIP_ASSERT = 710,
    CW_HIP_NOT_SUPPORTED = 801,
};

/* What the kernel's driver tells of a GPU (/sys/class/kfd). */
struct cw_hip_node {
    char architecture[16]; /* "gfx90a" */
    uint32_t processors, clock_khz, shared_bytes;
};
/* The GPU `ordinal`, in the order of the driver's nodes, which is HIP's. */
bool cw_hip_node_read(uint32_t ordinal, struct cw_hip_node *node);

struct cw_backend_device {
    int ordinal;
    void *stream; /* for what the contract does at once */
    char name[256];
    struct cw_hip_node node;
    struct cw_described images;
};
struct cw_backend_kernel {
    struct cw_backend_kernel *next;
    struct cw_backend_module *module;
    void *function;
    char name[];
};
struct cw_backend_module {
    struct cw_backend_device *device;
    void *handle;
    struct cw_backend_kernel *kernels; /* found so far */
    pthread_mutex_t lock;
};
struct cw_backend_stream {
    struct cw_backend_device *device;
    void *handle;
    void *marker; /* an event for those that follow */
};
struct cw_backend_event {
    struct cw_backend_device *device;
    void *handle;
};

/* Makes the device the calling thread's. */
void cw_hip_enter(const struct cw_backend_device *device);
cw_status cw_hip_status(int result);
/* Of calls that may report a kernel's end. */
cw_status cw_hip_fault(int result, const struct cw_backend_device *device, const char *what, struct cw_fault *fault);

/* state.c: see cw_backend.h, device_state. The other one adds what a device's folder in sysfs tells and `state` doesn't have yet. */
void cw_hip_device_state(struct cw_backend_device *device, struct cw_device_state *state);
void cw_hip_state_of_folder(const char *folder, struct cw_device_state *state);

/* work.c: memory, streams, events, modules and launches, as the contract has them. */
void cw_hip_fill_backend(struct cw_backend *backend);

#endif
