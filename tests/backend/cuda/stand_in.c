/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stand_in.c: a library with the names of NVIDIA's driver, for the error paths of the backend. It runs nothing: it answers what the
 * environment says, STAND_IN_symbol=result, else success. What it "computes" is never looked at.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/cuda/driver.h"

static int answer(const char *symbol) {
    char name[96];
    snprintf(name, sizeof name, "STAND_IN_%s", symbol);
    const char *value = getenv(name);
    return value ? atoi(value) : 0;
}

#ifndef STAND_IN_OLD /* an old driver lacks cuInit's neighbours */
#define EXPORT __attribute__((visibility("default")))
#define ANSWERS(symbol, parameters)                                                                                    \
    EXPORT int symbol parameters;                                                                                      \
    EXPORT int symbol parameters

static char something[64];

/* The launch that was asked for last, for the tests: grid, block, shared bytes, cluster, cooperative; and the attributes set of functions. */
EXPORT extern unsigned stand_in_launch[11], stand_in_function[16];
unsigned stand_in_launch[11], stand_in_function[16];

ANSWERS(cuInit, (unsigned flags)) { return (void)flags, answer("cuInit"); }
ANSWERS(cuDriverGetVersion, (int *version)) { return *version = 12090, 0; }
ANSWERS(cuGetErrorName, (int error, const char **text)) { return (void)error, *text = "CUDA_ERROR_STAND_IN", 0; }
ANSWERS(cuGetErrorString, (int error, const char **text)) { return (void)error, *text = "as asked", 0; }
ANSWERS(cuDeviceGetCount, (int *count)) {
    const char *value = getenv("STAND_IN_devices");
    *count = value ? atoi(value) : 1;
    return answer("cuDeviceGetCount");
}
ANSWERS(cuDeviceGet, (int *device, int ordinal)) { return *device = ordinal, answer("cuDeviceGet"); }
ANSWERS(cuDeviceGetName, (char *name, int size, int device)) {
    return (void)device, snprintf(name, (size_t)size, "Stand-in"), 0;
}
ANSWERS(cuDeviceTotalMem_v2, (size_t *bytes, int device)) { return (void)device, *bytes = 1u << 30, 0; }
ANSWERS(cuDeviceGetAttribute, (int *value, int attribute, int device)) {
    (void)device;
    *value = attribute == 75 ? 9 : attribute == 76 ? 0 : 1;
    return 0;
}
ANSWERS(cuDeviceGetUuid_v2, (void *uuid, int device)) { return (void)device, memset(uuid, 1, 16), 0; }
ANSWERS(cuDeviceGetPCIBusId, (char *text, int size, int device)) {
    return (void)device, snprintf(text, (size_t)size, "0000:17:00.0"), 0;
}
ANSWERS(cuDevicePrimaryCtxRetain, (void **context, int device)) {
    return (void)device, *context = something, answer("cuDevicePrimaryCtxRetain");
}
ANSWERS(cuDevicePrimaryCtxRelease_v2, (int device)) { return (void)device, 0; }
ANSWERS(cuDevicePrimaryCtxReset_v2, (int device)) { return (void)device, 0; }
ANSWERS(cuCtxSetCurrent, (void *context)) { return (void)context, 0; }
ANSWERS(cuCtxSynchronize, (void)) { return 0; }
ANSWERS(cuDeviceCanAccessPeer, (int *can, int device, int peer)) {
    return *can = device != peer, answer("cuDeviceCanAccessPeer");
}
ANSWERS(cuCtxEnablePeerAccess, (void *peer, unsigned flags)) {
    return (void)peer, (void)flags, answer("cuCtxEnablePeerAccess");
}
ANSWERS(cuCtxDisablePeerAccess, (void *peer)) { return (void)peer, 0; }
ANSWERS(cuCtxSetLimit, (int limit, size_t value)) { return (void)limit, (void)value, 0; }
ANSWERS(cuMemAlloc_v2, (uint64_t *pointer, size_t size)) {
    return (void)size, *pointer = 0x7000000000, answer("cuMemAlloc_v2");
}
ANSWERS(cuMemAllocManaged, (uint64_t *pointer, size_t size, unsigned flags)) {
    return (void)size, (void)flags, *pointer = 0x7100000000, 0;
}
ANSWERS(cuMemFree_v2, (uint64_t pointer)) { return (void)pointer, 0; }
ANSWERS(cuMemGetInfo_v2, (size_t *free_bytes, size_t *total)) { return *free_bytes = 1, *total = 2, 0; }
ANSWERS(cuMemHostAlloc, (void **pointer, size_t size, unsigned flags)) {
    return (void)size, (void)flags, *pointer = something, 0;
}
ANSWERS(cuMemFreeHost, (void *pointer)) { return (void)pointer, 0; }
ANSWERS(cuMemHostRegister_v2, (void *pointer, size_t size, unsigned flags)) {
    return (void)pointer, (void)size, (void)flags, answer("cuMemHostRegister_v2");
}
ANSWERS(cuMemHostUnregister, (void *pointer)) { return (void)pointer, 0; }
ANSWERS(cuMemcpy, (uint64_t to, uint64_t from, size_t size)) { return (void)to, (void)from, (void)size, 0; }
ANSWERS(cuMemcpyAsync, (uint64_t to, uint64_t from, size_t size, void *stream)) {
    return (void)to, (void)from, (void)size, (void)stream, answer("cuMemcpyAsync");
}
ANSWERS(cuMemcpy2DAsync_v2, (const struct cw_cuda_rows *rows, void *stream)) { return (void)rows, (void)stream, 0; }
ANSWERS(cuMemcpyPeer, (uint64_t to, void *c, uint64_t from, void *d, size_t size)) {
    return (void)to, (void)c, (void)from, (void)d, (void)size, 0;
}
ANSWERS(cuMemsetD8Async, (uint64_t to, unsigned char v, size_t n, void *s)) { return (void)to, (void)v, (void)n, (void)s, 0; }
ANSWERS(cuMemsetD16Async, (uint64_t to, unsigned short v, size_t n, void *s)) { return (void)to, (void)v, (void)n, (void)s, 0; }
ANSWERS(cuMemsetD32Async, (uint64_t to, unsigned v, size_t n, void *s)) { return (void)to, (void)v, (void)n, (void)s, 0; }
ANSWERS(cuStreamCreateWithPriority, (void **stream, unsigned flags, int priority)) {
    return (void)flags, (void)priority, *stream = something, 0;
}
ANSWERS(cuStreamDestroy_v2, (void *stream)) { return (void)stream, 0; }
ANSWERS(cuStreamSynchronize, (void *stream)) { return (void)stream, answer("cuStreamSynchronize"); }
ANSWERS(cuStreamQuery, (void *stream)) { return (void)stream, answer("cuStreamQuery"); }
ANSWERS(cuStreamWaitEvent, (void *stream, void *event, unsigned flags)) { return (void)stream, (void)event, (void)flags, 0; }
ANSWERS(cuEventCreate, (void **event, unsigned flags)) { return (void)flags, *event = something, 0; }
ANSWERS(cuEventDestroy_v2, (void *event)) { return (void)event, 0; }
ANSWERS(cuEventRecord, (void *event, void *stream)) { return (void)event, (void)stream, 0; }
ANSWERS(cuEventSynchronize, (void *event)) { return (void)event, 0; }
ANSWERS(cuEventQuery, (void *event)) { return (void)event, 0; }
ANSWERS(cuEventElapsedTime, (float *ms, void *from, void *to)) { return (void)from, (void)to, *ms = 1, 0; }
ANSWERS(cuModuleLoadDataEx, (void **module, const void *image, unsigned count, int *options, void **values)) {
    const char *path = getenv("STAND_IN_modules"); /* a file that gets what is loaded */
    FILE *file = path ? fopen(path, "a") : NULL;
    (void)count, (void)options;
    if (file) {
        fputs(image, file);
        fclose(file);
    }
    snprintf(values[0], 64, "line 1: what is this");
    *module = something;
    return answer("cuModuleLoadDataEx");
}
ANSWERS(cuModuleUnload, (void *module)) { return (void)module, 0; }
ANSWERS(cuModuleGetFunction, (void **function, void *module, const char *name)) {
    return (void)module, *function = something, strcmp(name, "absent") == 0 ? 500 : 0;
}
ANSWERS(cuModuleGetGlobal_v2, (uint64_t *pointer, size_t *size, void *module, const char *name)) {
    return (void)pointer, (void)size, (void)module, (void)name, 500;
}
ANSWERS(cuFuncGetAttribute, (int *value, int attribute, void *function)) {
    return (void)attribute, (void)function, *value = 0, 0;
}
ANSWERS(cuFuncSetAttribute, (void *function, int attribute, int value)) {
    (void)function;
    if (attribute >= 0 && attribute < 16) {
        stand_in_function[attribute] = (unsigned)value;
    }
    return answer("cuFuncSetAttribute");
}
ANSWERS(cuOccupancyMaxActiveBlocksPerMultiprocessor, (int *blocks, void *function, int block, size_t shared)) {
    return (void)function, (void)block, (void)shared, *blocks = 3, 0;
}
ANSWERS(cuLaunchKernel, (void *f, unsigned a, unsigned b, unsigned c, unsigned d, unsigned e, unsigned g, unsigned h,
                         void *s, void **p, void **x)) {
    return (void)f, (void)a, (void)b, (void)c, (void)d, (void)e, (void)g, (void)h, (void)s, (void)p, (void)x,
           answer("cuLaunchKernel");
}
ANSWERS(cuLaunchCooperativeKernel, (void *f, unsigned a, unsigned b, unsigned c, unsigned d, unsigned e, unsigned g,
                                    unsigned h, void *s, void **p)) {
    return (void)f, (void)a, (void)b, (void)c, (void)d, (void)e, (void)g, (void)h, (void)s, (void)p, 0;
}
static void note(const struct cw_cuda_launch *launch) {
    memset(stand_in_launch, 0, sizeof stand_in_launch);
    memcpy(stand_in_launch, launch->grid, 3 * sizeof(unsigned));
    memcpy(stand_in_launch + 3, launch->block, 3 * sizeof(unsigned));
    stand_in_launch[6] = launch->shared;
    for (unsigned i = 0; i < launch->attribute_count; i++) {
        const struct cw_cuda_launch_attribute *attribute = &launch->attributes[i];
        if (attribute->id == CW_CUDA_CLUSTER_DIMENSION) {
            memcpy(stand_in_launch + 7, attribute->value.numbers, 3 * sizeof(unsigned));
        } else if (attribute->id == CW_CUDA_COOPERATIVE) {
            stand_in_launch[10] = attribute->value.numbers[0];
        }
    }
}
ANSWERS(cuLaunchKernelEx, (const struct cw_cuda_launch *launch, void *f, void **p, void **x)) {
    (void)f, (void)p, (void)x;
    note(launch);
    return answer("cuLaunchKernelEx");
}
ANSWERS(cuOccupancyMaxActiveClusters, (int *clusters, void *f, const struct cw_cuda_launch *launch)) {
    (void)f;
    note(launch);
    return *clusters = 33, answer("cuOccupancyMaxActiveClusters");
}
ANSWERS(cuOccupancyMaxPotentialClusterSize, (int *blocks, void *f, const struct cw_cuda_launch *launch)) {
    (void)f;
    note(launch);
    return *blocks = 8, answer("cuOccupancyMaxPotentialClusterSize");
}
#else
__attribute__((visibility("default"))) int cuInit(unsigned flags);
int cuInit(unsigned flags) {
    return (void)flags, answer("cuInit");
}
#endif
