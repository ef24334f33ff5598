/* SPDX-License-Identifier: Apache-2.0 */
/* device.h: what the backend keeps of a device, its modules, kernels, streams and events. */
#ifndef CW_BACKEND_CUDA_DEVICE_H
#define CW_BACKEND_CUDA_DEVICE_H

#include <pthread.h>
#include <stdatomic.h>

#include "backend/cpu/described.h"
#include "backend/cuda/driver.h"

/* Barriers of cooperative grids, used in turn: as many launches as that may run at once, more than the hardware can. */
#define CW_CUDA_GRID_SLOTS 256u

struct cw_cuda_shared;

struct cw_backend_device {
    int handle;
    void *context; /* the primary one, which programs of the vendor's own libraries share */
    int capability;
    char name[256];
    void *stream; /* for what the contract does at once */
    uint64_t grid_words; /* CW_CUDA_GRID_SLOTS times two words; 0 until a kernel needs them */
    _Atomic uint32_t grid_next;
    struct cw_described images;
    struct cw_cuda_shared *shared; /* what memory_free must give back another way, share.c's */
    _Atomic uint32_t shared_count;
    pthread_mutex_t lock; /* of grid_words and shared */
};

struct cw_backend_module {
    struct cw_backend_device *device;
    void *handle;
    struct cw_backend_kernel *kernels; /* found so far, a list */
    pthread_mutex_t lock;
};

struct cw_backend_kernel {
    struct cw_backend_kernel *next;
    struct cw_backend_device *device;
    void *function;
    bool grid; /* takes the address of its launch's barrier as one more parameter (src/target/ptx/grid.c) */
    int static_shared;
    _Atomic int dynamic_max; /* what the driver allows so far */
    char name[];
};

struct cw_backend_stream {
    struct cw_backend_device *device;
    void *handle;
    void *marker;           /* an event for those that follow */
    const char *last;       /* the kernel issued last: what a fault is told of */
};

struct cw_backend_event {
    struct cw_backend_device *device;
    void *handle;
};

/* Makes the device's context the calling thread's. */
void cw_cuda_enter(const struct cw_backend_device *device);

/* module.c */
int cw_cuda_artifact_score(struct cw_backend_device *device, const char *cpu, const char *features);
cw_status cw_cuda_module_load(struct cw_backend_device *device, const void *artifact, size_t size,
                              struct cw_backend_module **module, char *error, size_t error_size);
void cw_cuda_module_unload(struct cw_backend_module *module);
cw_status cw_cuda_kernel_find(struct cw_backend_module *module, const char *name, struct cw_backend_kernel **kernel);
void cw_cuda_kernel_facts(struct cw_backend_kernel *kernel, struct cw_kernel_facts *facts);
uint32_t cw_cuda_kernel_active_blocks(struct cw_backend_kernel *kernel, uint32_t block_size, size_t dynamic_shared);
cw_status cw_cuda_variable_find(struct cw_backend_module *module, const char *name, void **pointer, size_t *size);

/* launch.c */
cw_status cw_cuda_launch(struct cw_backend_device *device, const struct cw_launch *launch, struct cw_fault *fault);
cw_status cw_cuda_launch_async(struct cw_backend_stream *stream, const struct cw_launch *launch,
                               struct cw_fault *fault);
int32_t cw_cuda_kernel_clusters(struct cw_backend_kernel *kernel, const struct cw_launch *launch, bool potential);
void cw_cuda_grid_close(struct cw_backend_device *device);

/* stream.c */
cw_status cw_cuda_stream_create(struct cw_backend_device *device, int priority, struct cw_backend_stream **stream);
void cw_cuda_stream_destroy(struct cw_backend_stream *stream);
cw_status cw_cuda_stream_wait(struct cw_backend_stream *stream, struct cw_fault *fault);
bool cw_cuda_stream_idle(struct cw_backend_stream *stream);
cw_status cw_cuda_stream_follow(struct cw_backend_stream *stream, struct cw_backend_stream *other);
cw_status cw_cuda_event_create(struct cw_backend_device *device, struct cw_backend_event **event);
void cw_cuda_event_destroy(struct cw_backend_event *event);
cw_status cw_cuda_event_record(struct cw_backend_event *event, struct cw_backend_stream *stream);
cw_status cw_cuda_event_wait(struct cw_backend_event *event);
bool cw_cuda_event_idle(struct cw_backend_event *event);
cw_status cw_cuda_event_follow(struct cw_backend_event *event, struct cw_backend_stream *stream);
cw_status cw_cuda_event_elapsed(struct cw_backend_event *from, struct cw_backend_event *to, double *ms);

cw_status cw_cuda_words_async(struct cw_backend_stream *stream, const struct cw_word *words, uint32_t count);

/* pages.c */
size_t cw_cuda_pages_granularity(struct cw_backend_device *device, bool recommended);
cw_status cw_cuda_pages_create(struct cw_backend_device *device, size_t size, bool shareable,
                               struct cw_backend_pages **pages);
void cw_cuda_pages_destroy(struct cw_backend_pages *pages);
cw_status cw_cuda_pages_export(struct cw_backend_pages *pages, int *file);
cw_status cw_cuda_pages_import(struct cw_backend_device *device, int file, size_t *size,
                               struct cw_backend_pages **pages);
cw_status cw_cuda_range_reserve(struct cw_backend_device *device, size_t size, size_t alignment, void *wish,
                                void **pointer);
void cw_cuda_range_free(struct cw_backend_device *device, void *pointer, size_t size);
cw_status cw_cuda_range_map(struct cw_backend_device *device, void *pointer, size_t size,
                            struct cw_backend_pages *pages);
void cw_cuda_range_unmap(struct cw_backend_device *device, void *pointer, size_t size);
cw_status cw_cuda_range_access(struct cw_backend_device *device, void *pointer, size_t size, bool read, bool write);

/* share.c */
cw_status cw_cuda_memory_handle(struct cw_backend_device *device, void *pointer, uint8_t handle[64]);
cw_status cw_cuda_memory_open(struct cw_backend_device *device, const uint8_t handle[64], void **pointer, size_t *size);
cw_status cw_cuda_memory_alloc_shareable(struct cw_backend_device *device, size_t size, void **pointer);
cw_status cw_cuda_memory_export(struct cw_backend_device *device, void *pointer, int *file, uint64_t *offset);
cw_status cw_cuda_memory_import(struct cw_backend_device *device, int file, uint64_t offset, size_t size,
                                void **pointer);
/* True if the memory was of memory_alloc_shareable, memory_import or memory_open; then it is free now. */
bool cw_cuda_shared_free(struct cw_backend_device *device, void *pointer);

/* state.c */
void cw_cuda_device_state(struct cw_backend_device *device, struct cw_device_state *state);

/* memory.c */
cw_status cw_cuda_memory_alloc(struct cw_backend_device *device, size_t size, void **pointer);
cw_status cw_cuda_managed_alloc(struct cw_backend_device *device, size_t size, void **pointer);
void cw_cuda_memory_free(struct cw_backend_device *device, void *pointer);
void cw_cuda_memory_info(struct cw_backend_device *device, uint64_t *free_bytes, uint64_t *total_bytes);
cw_status cw_cuda_host_alloc(struct cw_backend_device *device, size_t size, void **pointer);
void cw_cuda_host_free(struct cw_backend_device *device, void *pointer);
cw_status cw_cuda_host_register(struct cw_backend_device *device, void *pointer, size_t size);
void cw_cuda_host_unregister(struct cw_backend_device *device, void *pointer, size_t size);
cw_status cw_cuda_copy(struct cw_backend_device *device, void *dst, const void *src, size_t size,
                       enum cw_copy_kind kind);
cw_status cw_cuda_fill(struct cw_backend_device *device, void *dst, uint32_t pattern, uint32_t pattern_size,
                       size_t count);
cw_status cw_cuda_copy_async(struct cw_backend_stream *stream, void *dst, const void *src, size_t size,
                             enum cw_copy_kind kind);
cw_status cw_cuda_copy_rows_async(struct cw_backend_stream *stream, void *dst, size_t dst_pitch, const void *src,
                                  size_t src_pitch, size_t width, size_t height, enum cw_copy_kind kind);
cw_status cw_cuda_fill_async(struct cw_backend_stream *stream, void *dst, uint32_t pattern, uint32_t pattern_size,
                             size_t count);
cw_status cw_cuda_copy_peer(struct cw_backend_device *to, void *dst, struct cw_backend_device *from, const void *src,
                            size_t size);

#endif
