/* SPDX-License-Identifier: Apache-2.0 */
/* device_api.c: CUDA's device management, versions, and the deprecated thread functions. */
#include <stdio.h>
#include <string.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/capture.h"
#include "runtime/context.h"
#include "runtime/device.h"
#include "runtime/pool.h"
#include "runtime/stream.h"
#include "runtime/thread.h"

/* ---- Choosing ------------------------------------------------------------------------------------------------ */

static cudaError_t null_argument(const char *name) {
    return cw_rt_fail(cudaErrorInvalidValue, "%s is NULL", name);
}

static cudaError_t get_device_count(int *count) {
    if (!count) {
        return null_argument("count");
    }
    *count = 0;
    return cw_rt_device_count(count);
}

cudaError_t cudaGetDeviceCount(int *count) {
    return cw_rt_record(get_device_count(count));
}

static cudaError_t set_device(int ordinal) {
    struct cw_rt_device *device;
    cudaError_t error = cw_rt_device_at(ordinal, &device);
    if (error != cudaSuccess) {
        return error;
    }
    cw_rt_device_select(device);
    error = cw_rt_device_check(device);
    if (error == cudaSuccess) {
        error = cw_rt_device_open(device);
    }
    /* Since CUDA 12 this makes the primary context current, too. */
    return error != cudaSuccess ? error : cw_rt_context_enter(device);
}

cudaError_t cudaSetDevice(int device) {
    return cw_rt_record(set_device(device));
}

static cudaError_t get_device(int *ordinal) {
    struct cw_rt_device *device;
    if (!ordinal) {
        return null_argument("device");
    }
    cudaError_t error = cw_rt_device_at(cw_rt_thread()->device, &device);
    if (error == cudaSuccess) {
        *ordinal = device->ordinal;
    }
    return error;
}

cudaError_t cudaGetDevice(int *device) {
    return cw_rt_record(get_device(device));
}

static cudaError_t init_device(int ordinal, unsigned device_flags, unsigned flags) {
    struct cw_rt_device *device;
    cudaError_t error = cw_rt_device_at(ordinal, &device);
    if (error != cudaSuccess) {
        return error;
    }
    if (flags & ~(unsigned)cudaInitDeviceFlagsAreValid) {
        return cw_rt_fail(cudaErrorInvalidValue, "unknown flags 0x%x", flags);
    }
    error = cw_rt_device_open(device);
    if (error == cudaSuccess && (flags & cudaInitDeviceFlagsAreValid)) {
        device->flags = device_flags;
    }
    return error;
}

cudaError_t cudaInitDevice(int device, unsigned device_flags, unsigned flags) {
    return cw_rt_record(init_device(device, device_flags, flags));
}

static cudaError_t set_valid_devices(const int *list, int length) {
    struct cw_rt_device *device;
    if (length < 0 || (length > 0 && !list)) {
        return cw_rt_fail(cudaErrorInvalidValue, "a list of %d devices at %p", length, (const void *)list);
    }
    for (int i = length; i-- > 0;) {
        cudaError_t error = cw_rt_device_at(list[i], &device);
        if (error != cudaSuccess) {
            return error;
        }
    }
    if (length > 0) {
        cw_rt_device_select(device);
    }
    return cudaSuccess;
}

cudaError_t cudaSetValidDevices(int *list, int length) {
    return cw_rt_record(set_valid_devices(list, length));
}

/* A device scores for each wish of `wanted` that it meets; the first best one is taken. */
static cudaError_t choose_device(int *chosen, const struct cudaDeviceProp *wanted) {
    int count, best = -1;
    if (!chosen || !wanted) {
        return null_argument(chosen ? "prop" : "device");
    }
    cudaError_t error = cw_rt_device_count(&count);
    if (error != cudaSuccess) {
        return error;
    }
    for (int i = 0; i < count; i++) {
        struct cudaDeviceProp have;
        error = cudaGetDeviceProperties(&have, i);
        if (error != cudaSuccess) {
            return error;
        }
        int score = (have.major > wanted->major || (have.major == wanted->major && have.minor >= wanted->minor)) * 4 +
                    (have.totalGlobalMem >= wanted->totalGlobalMem) * 2 +
                    (have.multiProcessorCount >= wanted->multiProcessorCount);
        if (score > best) {
            best = score;
            *chosen = i;
        }
    }
    return cudaSuccess;
}

cudaError_t cudaChooseDevice(int *device, const struct cudaDeviceProp *prop) {
    return cw_rt_record(choose_device(device, prop));
}

/* ---- PCI bus ids: device n is 0000:(n+1):00.0 ---------------------------------------------------------------- */

static cudaError_t get_pci_bus_id(char *id, int length, int ordinal) {
    struct cw_rt_device *device;
    if (!id || length < 13) {
        return cw_rt_fail(cudaErrorInvalidValue, "a PCI bus id needs a buffer of 13 bytes");
    }
    cudaError_t error = cw_rt_device_at(ordinal, &device);
    if (error == cudaSuccess) {
        snprintf(id, (size_t)length, "0000:%02X:00.0", (unsigned)ordinal + 1);
    }
    return error;
}

cudaError_t cudaDeviceGetPCIBusId(char *id, int length, int device) {
    return cw_rt_record(get_pci_bus_id(id, length, device));
}

static cudaError_t by_pci_bus_id(int *ordinal, const char *id) {
    unsigned domain = 0, bus, slot = 0, function = 0;
    struct cw_rt_device *device;
    if (!ordinal || !id) {
        return null_argument(ordinal ? "pciBusId" : "device");
    }
    if (sscanf(id, "%x:%x:%x.%x", &domain, &bus, &slot, &function) < 3) {
        domain = function = 0;
        if (sscanf(id, "%x:%x.%x", &bus, &slot, &function) < 2) {
            return cw_rt_fail(cudaErrorInvalidValue, "%s is not a PCI bus id", id);
        }
    }
    if (domain != 0 || slot != 0 || function != 0 || bus == 0 || bus > CW_RT_DEVICES_MAX ||
        cw_rt_device_at((int)bus - 1, &device) != cudaSuccess) {
        return cw_rt_fail(cudaErrorInvalidDevice, "no device has the PCI bus id %s", id);
    }
    *ordinal = device->ordinal;
    return cudaSuccess;
}

cudaError_t cudaDeviceGetByPCIBusId(int *device, const char *id) {
    return cw_rt_record(by_pci_bus_id(device, id));
}

/* ---- Waiting and resetting ----------------------------------------------------------------------------------- */

static cudaError_t device_synchronize(void) {
    struct cw_rt_device *device;
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_capture_check_device(device);
    }
    if (error != cudaSuccess) {
        return error;
    }
    cw_rt_device_synchronize(device);
    cw_rt_pools_synchronized(device);
    cw_rt_device_flush(device);
    return cw_rt_device_check(device);
}

cudaError_t cudaDeviceSynchronize(void) {
    return cw_rt_record(device_synchronize());
}

cudaError_t cudaThreadSynchronize(void) {
    return cudaDeviceSynchronize();
}

static cudaError_t device_reset(void) {
    struct cw_rt_device *device;
    cudaError_t error = cw_rt_device_at(cw_rt_thread()->device, &device);
    if (error == cudaSuccess) {
        error = cw_rt_device_reset(device);
    }
    /* Errors of the time before have no meaning after it. */
    if (error == cudaSuccess) {
        cw_rt_thread()->last_error = cudaSuccess;
    }
    return error;
}

cudaError_t cudaDeviceReset(void) {
    return cw_rt_record(device_reset());
}

cudaError_t cudaThreadExit(void) {
    return cudaDeviceReset();
}

/* ---- Settings ------------------------------------------------------------------------------------------------ */

#define KNOWN_DEVICE_FLAGS                                                                                             \
    ((unsigned)(cudaDeviceScheduleMask | cudaDeviceMapHost | cudaDeviceLmemResizeToMax | cudaDeviceSyncMemops))

static cudaError_t set_flags(unsigned flags) {
    struct cw_rt_device *device;
    unsigned schedule = flags & cudaDeviceScheduleMask;
    if ((flags & ~KNOWN_DEVICE_FLAGS) || (schedule & (schedule - 1))) {
        return cw_rt_fail(cudaErrorInvalidValue, "unknown device flags 0x%x", flags);
    }
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        device->flags = flags;
    }
    return error;
}

cudaError_t cudaSetDeviceFlags(unsigned flags) {
    return cw_rt_record(set_flags(flags));
}

static cudaError_t get_flags(unsigned *flags) {
    struct cw_rt_device *device;
    if (!flags) {
        return null_argument("flags");
    }
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        *flags = device->flags;
    }
    return error;
}

cudaError_t cudaGetDeviceFlags(unsigned *flags) {
    return cw_rt_record(get_flags(flags));
}

/* Where the limit is kept, and the backend's word for it; -1 when it has none. */
static uint64_t *find_limit(struct cw_rt_device *device, enum cudaLimit limit, int *backend_limit) {
    *backend_limit = -1;
    switch (limit) {
    case cudaLimitStackSize:
        *backend_limit = CW_LIMIT_STACK;
        return &device->limits.stack;
    case cudaLimitPrintfFifoSize:
        *backend_limit = CW_LIMIT_PRINTF_FIFO;
        return &device->limits.printf_fifo;
    case cudaLimitMallocHeapSize:
        *backend_limit = CW_LIMIT_MALLOC_HEAP;
        return &device->limits.malloc_heap;
    case cudaLimitDevRuntimeSyncDepth:
        return &device->limits.sync_depth;
    case cudaLimitDevRuntimePendingLaunchCount:
        *backend_limit = CW_LIMIT_PENDING_LAUNCHES;
        return &device->limits.pending_launches;
    case cudaLimitMaxL2FetchGranularity:
        return &device->limits.l2_fetch;
    case cudaLimitPersistingL2CacheSize:
        return &device->limits.l2_persisting;
    }
    return NULL;
}

static cudaError_t set_limit(enum cudaLimit limit, size_t value) {
    struct cw_rt_device *device;
    const struct cw_backend *backend;
    int backend_limit;
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_backend(&backend);
    }
    if (error != cudaSuccess) {
        return error;
    }
    uint64_t *kept = find_limit(device, limit, &backend_limit);
    if (!kept) {
        return cw_rt_fail(cudaErrorUnsupportedLimit, "there is no limit %d", (int)limit);
    }
    if (backend_limit >= 0 && backend->device_limit) {
        cw_rt_device_synchronize(device);
        cw_status status = backend->device_limit(device->backend, (enum cw_device_limit)backend_limit, value);
        if (status != CW_OK) {
            return cw_rt_fail(cw_rt_status_error(status), "the %s device refuses %zu for limit %d", backend->name,
                              value, (int)limit);
        }
    }
    *kept = value;
    return cudaSuccess;
}

cudaError_t cudaDeviceSetLimit(enum cudaLimit limit, size_t value) {
    return cw_rt_record(set_limit(limit, value));
}

cudaError_t cudaThreadSetLimit(enum cudaLimit limit, size_t value) {
    return cudaDeviceSetLimit(limit, value);
}

bool cw_rt_device_limit(struct cw_rt_device *device, enum cudaLimit limit, uint64_t *value) {
    int backend_limit;
    const uint64_t *kept = find_limit(device, limit, &backend_limit);
    if (kept) {
        *value = *kept;
    }
    return kept != NULL;
}

static cudaError_t get_limit(size_t *value, enum cudaLimit limit) {
    struct cw_rt_device *device;
    int backend_limit;
    if (!value) {
        return null_argument("value");
    }
    cudaError_t error = cw_rt_device_current(&device);
    if (error != cudaSuccess) {
        return error;
    }
    const uint64_t *kept = find_limit(device, limit, &backend_limit);
    if (!kept) {
        return cw_rt_fail(cudaErrorUnsupportedLimit, "there is no limit %d", (int)limit);
    }
    *value = (size_t)*kept;
    return cudaSuccess;
}

cudaError_t cudaDeviceGetLimit(size_t *value, enum cudaLimit limit) {
    return cw_rt_record(get_limit(value, limit));
}

cudaError_t cudaThreadGetLimit(size_t *value, enum cudaLimit limit) {
    return cudaDeviceGetLimit(value, limit);
}

/* Cache and bank preferences are kept: there is nothing that they could prefer here. */
static cudaError_t set_config(bool cache, int value, int largest) {
    struct cw_rt_device *device;
    if (value < 0 || value > largest) {
        return cw_rt_fail(cudaErrorInvalidValue, "there is no configuration %d", value);
    }
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        *(cache ? &device->cache_config : &device->shared_config) = value;
    }
    return error;
}

static cudaError_t get_config(bool cache, int *value) {
    struct cw_rt_device *device;
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        *value = cache ? device->cache_config : device->shared_config;
    }
    return error;
}

cudaError_t cudaDeviceSetCacheConfig(enum cudaFuncCache config) {
    return cw_rt_record(set_config(true, (int)config, cudaFuncCachePreferEqual));
}

cudaError_t cudaThreadSetCacheConfig(enum cudaFuncCache config) {
    return cudaDeviceSetCacheConfig(config);
}

cudaError_t cudaDeviceGetCacheConfig(enum cudaFuncCache *config) {
    int value = 0;
    cudaError_t error = config ? get_config(true, &value) : null_argument("pCacheConfig");
    if (error == cudaSuccess) {
        *config = (enum cudaFuncCache)value;
    }
    return cw_rt_record(error);
}

cudaError_t cudaThreadGetCacheConfig(enum cudaFuncCache *config) {
    return cudaDeviceGetCacheConfig(config);
}

cudaError_t cudaDeviceSetSharedMemConfig(enum cudaSharedMemConfig config) {
    return cw_rt_record(set_config(false, (int)config, cudaSharedMemBankSizeEightByte));
}

cudaError_t cudaDeviceGetSharedMemConfig(enum cudaSharedMemConfig *config) {
    int value = 0;
    cudaError_t error = config ? get_config(false, &value) : null_argument("pConfig");
    if (error == cudaSuccess) {
        *config = (enum cudaSharedMemConfig)value;
    }
    return cw_rt_record(error);
}

/* ---- Versions ------------------------------------------------------------------------------------------------ */

static cudaError_t get_version(int *version) {
    if (!version) {
        return null_argument("version");
    }
    *version = CW_RT_CUDA_VERSION;
    return cudaSuccess;
}

cudaError_t cudaDriverGetVersion(int *version) {
    return cw_rt_record(get_version(version));
}

cudaError_t cudaRuntimeGetVersion(int *version) {
    return cw_rt_record(get_version(version));
}

/* ---- What this device does not have ---------------------------------------------------------------------------- */

static cudaError_t flush_writes(enum cudaFlushGPUDirectRDMAWritesTarget target,
                                enum cudaFlushGPUDirectRDMAWritesScope scope) {
    struct cw_rt_device *device;
    if (target != cudaFlushGPUDirectRDMAWritesTargetCurrentDevice ||
        (scope != cudaFlushGPUDirectRDMAWritesToOwner && scope != cudaFlushGPUDirectRDMAWritesToAllDevices)) {
        return cw_rt_fail(cudaErrorInvalidValue, "target %d, scope %d", (int)target, (int)scope);
    }
    cudaError_t error = cw_rt_device_current(&device);
    return error != cudaSuccess ? error
                                : cw_rt_fail(cudaErrorNotSupported,
                                             "no other device writes here (cudaDevAttrGPUDirectRDMASupported is 0)");
}

cudaError_t cudaDeviceFlushGPUDirectRDMAWrites(enum cudaFlushGPUDirectRDMAWritesTarget target,
                                               enum cudaFlushGPUDirectRDMAWritesScope scope) {
    return cw_rt_record(flush_writes(target, scope));
}

static cudaError_t register_notification(int ordinal, cudaAsyncCallback callback, const void *handle) {
    struct cw_rt_device *device;
    if (!callback || !handle) {
        return null_argument(callback ? "callback" : "callbackFunc");
    }
    cudaError_t error = cw_rt_device_at(ordinal, &device);
    return error != cudaSuccess ? error
                                : cw_rt_fail(cudaErrorNotSupported, "this device has no memory budget to notify of");
}

cudaError_t cudaDeviceRegisterAsyncNotification(int device, cudaAsyncCallback callback, void *data,
                                                cudaAsyncCallbackHandle_t *handle) {
    (void)data;
    return cw_rt_record(register_notification(device, callback, handle));
}

cudaError_t cudaDeviceUnregisterAsyncNotification(int ordinal, cudaAsyncCallbackHandle_t handle) {
    struct cw_rt_device *device;
    cudaError_t error = cw_rt_device_at(ordinal, &device);
    return cw_rt_record(error != cudaSuccess
                            ? error
                            : cw_rt_fail(cudaErrorInvalidValue, "%p is no registered callback", (void *)handle));
}

/* ---- Textures' width ------------------------------------------------------------------------------------------- */

static cudaError_t linear_max_width(size_t *width, const struct cudaChannelFormatDesc *format, int ordinal) {
    struct cudaDeviceProp prop;
    if (!width || !format) {
        return null_argument(width ? "fmtDesc" : "maxWidthInElements");
    }
    int bits = format->x + format->y + format->z + format->w;
    if (bits <= 0 || bits > 128 || bits % 8) {
        return cw_rt_fail(cudaErrorInvalidValue, "elements of %d bits", bits);
    }
    cudaError_t error = cudaGetDeviceProperties(&prop, ordinal);
    if (error == cudaSuccess) {
        *width = (size_t)prop.maxTexture1DLinear;
    }
    return error;
}

cudaError_t cudaDeviceGetTexture1DLinearMaxWidth(size_t *width, const struct cudaChannelFormatDesc *format,
                                                 int device) {
    return cw_rt_record(linear_max_width(width, format, device));
}
