/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device.h: the chosen backend and its devices as CUDA sees them: opened at first use, closed and forgotten by
 * cudaDeviceReset.
 *
 * A device that a kernel made fail stays failed: every call returns that error until it is reset.
 *
 * Locks, outermost first: a device's `lock` (opening, resetting), the registry's, a device's allocations', the engine's.
 */
#ifndef CW_RUNTIME_DEVICE_H
#define CW_RUNTIME_DEVICE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "cuda/driver_types.h"
#include "cudawasm/cw_backend.h"
#include "runtime/allocation.h"

/* Compute capability 8.0 and CUDA 12.9, whatever is below. */
#define CW_RT_CUDA_VERSION 12090
#define CW_RT_CAPABILITY_MAJOR 8
#define CW_RT_CAPABILITY_MINOR 0
#define CW_RT_WARP_SIZE 32
#define CW_RT_MAX_THREADS_PER_BLOCK 1024
#define CW_RT_MAX_BLOCK_Z 64
#define CW_RT_MAX_GRID_X 2147483647
#define CW_RT_MAX_GRID_YZ 65535
#define CW_RT_SHARED_PER_BLOCK 49152u        /* without opting in */
#define CW_RT_SHARED_PER_BLOCK_OPTIN 166912u /* 163 KiB */
#define CW_RT_SHARED_PER_PROCESSOR 167936u   /* 164 KiB */
#define CW_RT_SHARED_RESERVED 1024u          /* a block */
#define CW_RT_MAX_THREADS_PER_PROCESSOR 2048
#define CW_RT_MAX_BLOCKS_PER_PROCESSOR 32
#define CW_RT_REGISTERS 65536
#define CW_RT_MAX_PITCH 2147483647u
#define CW_RT_PITCH_ALIGNMENT 512u

struct cw_rt_limits {
    uint64_t stack, printf_fifo, malloc_heap;
    uint64_t sync_depth, pending_launches, l2_fetch, l2_persisting;
};

struct cw_rt_device {
    int ordinal;
    uint32_t physical; /* the backend's number for it: CUDA_VISIBLE_DEVICES may hide some and change their order */
    _Atomic uint32_t peers; /* bit n: cudaDeviceEnablePeerAccess let this device reach device n */
    pthread_mutex_t lock;
    _Atomic bool opened;
    struct cw_backend_device *backend; /* NULL while closed */
    struct cw_device_facts facts;
    bool native; /* it has queues of its own (native.h) */
    struct CUstream_st *legacy_stream;
    struct cw_rt_allocations allocations;
    struct cw_rt_limits limits;
    unsigned flags;
    int cache_config;
    int shared_config;
    _Atomic cudaError_t failure; /* sticky */
    char failure_detail[1200];   /* written before `failure` is */
};

/* The backend that CUDA_WASM_BACKEND chose; the same for ever. On failure the error, with detail. backend.c */
cudaError_t cw_rt_backend(const struct cw_backend **backend);

cudaError_t cw_rt_device_count(int *count);
/* The device `ordinal`, perhaps not opened yet. cudaErrorInvalidDevice. */
cudaError_t cw_rt_device_at(int ordinal, struct cw_rt_device **device);
/* Opens it if need be; reports nothing sticky. */
cudaError_t cw_rt_device_open(struct cw_rt_device *device);
/* The calling thread's current device, open, or its sticky error. How nearly every function begins. */
cudaError_t cw_rt_device_current(struct cw_rt_device **device);
/* Makes `device` the calling thread's, by its primary context, as cudaSetDevice does. */
void cw_rt_device_select(struct cw_rt_device *device);
/* Waits for everything, then gives all of it back and forgets the failure. */
cudaError_t cw_rt_device_reset(struct cw_rt_device *device);

/* The first failure of a device wins: it is said on stderr once. `message` NULL: the error's own text. */
void cw_rt_device_fail(struct cw_rt_device *device, cudaError_t error, const char *message);
static inline cudaError_t cw_rt_device_failure(struct cw_rt_device *device) {
    return atomic_load_explicit(&device->failure, memory_order_acquire);
}
/* The failure with its detail set, as calls report it. */
cudaError_t cw_rt_device_check(struct cw_rt_device *device);
/* That of the current device, cudaSuccess while none is open. */
cudaError_t cw_rt_device_sticky(void);

/* One of the device's attributes; nothing is recorded. properties.c */
cudaError_t cw_rt_device_attribute(int *value, enum cudaDeviceAttr name, int ordinal);
/* A limit as it was set; false when there is none of that name. device_api.c */
bool cw_rt_device_limit(struct cw_rt_device *device, enum cudaLimit limit, uint64_t *value);

/* Flushes what kernels printed. */
void cw_rt_device_flush(struct cw_rt_device *device);
/* The backend's status as an error of a memory or copy function. */
cudaError_t cw_rt_status_error(cw_status status);

#endif
