/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gpu_device.h: what gpu.c, gpu_memory.c, gpu_module.c and gpu_launch.c have in common: the device, its memory, modules and kernels
 * as the backend `webgpu` of programs in pages knows them. Who calls holds the device's lock, but for the functions that are the
 * backend's own (cudawasm/cw_backend.h): these take it.
 */
#ifndef CW_WASI_GPU_DEVICE_H
#define CW_WASI_GPU_DEVICE_H

#include <pthread.h>

#include "backend/cpu/backend.h"
#include "wasi/gpu.h"

/* What the GPU's heap has at the addresses from `start` on. */
struct cw_gpu_range {
    uintptr_t start;
    size_t size;
    bool shared; /* the host uses it too */
    struct cw_backend_module *module; /* whose variables lie there, or NULL */
    struct cw_gpu_range *next;
};

struct cw_gpu_plan {
    struct cw_dim3 block;
    uint32_t shared;
    bool possible;
    uint32_t pipeline;
    struct cw_gpu_plan *next;
};

struct cw_backend_kernel {
    struct cw_backend_kernel *own; /* the CPU's */
    struct cw_backend_module *module;
    char *name;
    bool on_gpu;
    uint32_t index, shared, parameter_bytes;
    char why[512]; /* it doesn't run on the GPU; told when it first runs */
    struct cw_gpu_plan *plans;
    struct cw_backend_kernel *next;
};

struct cw_gpu_variable {
    char *name;
    void *address, *own; /* on the GPU; in linear memory, NULL: it has none there */
    size_t size;
    struct cw_gpu_variable *next;
};

struct cw_backend_module {
    struct cw_backend_module *own;
    struct cw_backend_device *device;
    bool on_gpu;
    uint32_t index;
    void *globals;
    char why[512];
    struct cw_gpu_variable *variables;
    struct cw_backend_kernel *kernels;
};

struct cw_backend_device {
    struct cw_backend_device *own;
    pthread_mutex_t lock;
    struct cw_gpu_range *ranges;
    bool elsewhere;   /* contents are in linear memory */
    bool lost;        /* and stay there: the GPU has no memory for them */
    bool host_has;    /* of shared ranges the host has the newest contents */
    uint32_t next_time;
};

struct cw_backend_stream {
    struct cw_backend_device *device;
};

struct cw_backend_event {
    struct cw_backend_device *device;
    uint32_t place;
};

#define ASK(reply, operation, ...)                                                                                     \
    do {                                                                                                               \
        const uint32_t words[] = {__VA_ARGS__};                                                                        \
        cw_gpu_ask(operation, words, sizeof words / sizeof words[0], NULL, 0, reply);                                  \
    } while (0)
#define WORD(pointer) ((uint32_t)(uintptr_t)(pointer))

/* ---- gpu_memory.c: where contents are, and memory ---- */

/* The range that a pointer leads into; NULL: none, it is the host's. */
struct cw_gpu_range *cw_gpu_range_at(const struct cw_backend_device *device, const void *pointer);
/* Where a pointer's contents are while they are in linear memory: a module's variables have a place of their own there. */
void *cw_gpu_place_of(const struct cw_gpu_range *range, const void *pointer);
/* Gives what is in shared ranges to the host, or to the GPU. */
void cw_gpu_update_shared(struct cw_backend_device *device, bool host_has);
/* Moves all contents to linear memory; the page is told the kernel's name and why. */
void cw_gpu_to_memory(struct cw_backend_device *device, const char *name, const char *why);
/* Moves them back. */
void cw_gpu_to_gpu(struct cw_backend_device *device);
/* Waits until nothing is pending. */
cw_status cw_gpu_finish(struct cw_backend_device *device, struct cw_fault *fault);
/* The GPU's heap gets room at the addresses; where it has none, everything goes on in linear memory. */
cw_status cw_gpu_note_range(struct cw_backend_device *device, void *pointer, size_t size, bool shared, struct cw_backend_module *module);
cw_status cw_gpu_memory_alloc(struct cw_backend_device *device, size_t size, void **pointer);
cw_status cw_gpu_managed_alloc(struct cw_backend_device *device, size_t size, void **pointer);
void cw_gpu_memory_free(struct cw_backend_device *device, void *pointer);
void cw_gpu_memory_info(struct cw_backend_device *device, uint64_t *free_bytes, uint64_t *total_bytes);
cw_status cw_gpu_host_alloc(struct cw_backend_device *device, size_t size, void **pointer);
void cw_gpu_host_free(struct cw_backend_device *device, void *pointer);
cw_status cw_gpu_host_register(struct cw_backend_device *device, void *pointer, size_t size);
void cw_gpu_host_unregister(struct cw_backend_device *device, void *pointer, size_t size);
cw_status cw_gpu_copy(struct cw_backend_device *device, void *dst, const void *src, size_t size, enum cw_copy_kind kind);
cw_status cw_gpu_fill(struct cw_backend_device *device, void *dst, uint32_t pattern, uint32_t pattern_size, size_t count);

/* ---- gpu_module.c ---- */

int cw_gpu_artifact_score(struct cw_backend_device *device, const char *cpu, const char *features);
cw_status cw_gpu_module_load(struct cw_backend_device *device, const void *artifact, size_t size,
                             struct cw_backend_module **module, char *error, size_t error_size);
void cw_gpu_module_unload(struct cw_backend_module *module);
cw_status cw_gpu_kernel_find(struct cw_backend_module *module, const char *name, struct cw_backend_kernel **kernel);
void cw_gpu_kernel_facts(struct cw_backend_kernel *kernel, struct cw_kernel_facts *facts);
cw_status cw_gpu_variable_find(struct cw_backend_module *module, const char *name, void **pointer, size_t *size);

/* ---- gpu_launch.c ---- */

/* On the GPU if it can be, else as WebAssembly, which has ended then. */
cw_status cw_gpu_start_launch(struct cw_backend_device *device, const struct cw_launch *launch, struct cw_fault *fault);

#endif
