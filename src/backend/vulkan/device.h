/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device.h: what the parts of the Vulkan backend share.
 *
 * Work of a device goes to one queue, in order. Commands are recorded into batches; a batch gets a number, which the
 * device's timeline semaphore reaches when it is done. `lock` guards everything in the device but what is said to be fixed.
 */
#ifndef CW_BACKEND_VULKAN_DEVICE_H
#define CW_BACKEND_VULKAN_DEVICE_H

#define VK_NO_PROTOTYPES
#include <pthread.h>
#include <stdbool.h>
#include <vulkan/vulkan.h>

#include "backend/vulkan/artifact.h"
#include "cudawasm/cw_backend.h"

struct cw_vk_instance_functions {
#define CW_VK_INSTANCE(name) PFN_vk##name name;
#include "backend/vulkan/functions.def"
};

struct cw_vk_device_functions {
#define CW_VK_DEVICE(name) PFN_vk##name name;
#include "backend/vulkan/functions.def"
};

/* A piece of device memory with one buffer over all of it. */
struct cw_vk_block {
    struct cw_vk_block *next;
    VkDeviceMemory memory;
    VkBuffer buffer;
    uint64_t address, size;
    void *mapped;            /* NULL: the host can't reach it */
    struct cw_vk_range *free; /* sorted by offset, never touching each other */
    uint64_t used;
    bool reserved;           /* the addresses are taken in the host's address space too */
};

struct cw_vk_range {
    struct cw_vk_range *next;
    uint64_t offset, size;
};

/* Of an allocation that a program has: its size, by its address. */
struct cw_vk_allocation {
    uint64_t address, size;
};

enum { CW_VK_BATCHES = 8, CW_VK_STAGING_BYTES = 8 << 20 };

struct cw_vk_batch {
    VkCommandPool pool;
    VkCommandBuffer commands;
    uint64_t number; /* 0: never submitted */
};

/* What a physical device is and has: fixed. */
struct cw_vk_adapter {
    VkPhysicalDevice handle;
    VkPhysicalDeviceProperties properties;
    char driver[64];
    uint8_t uuid[16];
    uint32_t subgroup_size;     /* by default */
    bool warp32;                /* subgroups of 32 can be required, or are all there is */
    bool required_size;         /* by VK_EXT_subgroup_size_control */
    bool float32_add, float64_add, float64, float16, denorm_preserve32, denorm_preserve16, denorm_preserve64, signed_zero32, signed_zero64;
    bool clock;
    bool usable;
    const char *lacks;          /* what it lacks to be usable */
};

struct cw_backend_device {
    const struct cw_vk_adapter *adapter;
    VkDevice handle;
    VkQueue queue;
    uint32_t family;
    struct cw_vk_device_functions vk;
    VkPipelineLayout layout;
    VkPipelineCache cache;
    VkPhysicalDeviceMemoryProperties memory;
    bool unified;               /* device addresses are the host's */
    uint64_t heap_size;
    pthread_mutex_t lock;
    struct cw_vk_block *blocks;
    uint64_t used;
    struct cw_vk_allocation *allocations; /* sorted by address */
    size_t allocation_count, allocation_capacity;
    /* Work. */
    VkSemaphore timeline;
    uint64_t submitted;         /* the last number given away */
    struct cw_vk_batch batches[CW_VK_BATCHES];
    uint32_t current;           /* batch that is recorded into, or was last */
    bool recording;
    bool since_event;           /* work was issued since an event was recorded last */
    uint32_t recorded;          /* commands in the batch that is recorded into */
    const char *last_kernel;    /* the name of what was launched last */
    bool lost;
    bool pipelines_made;        /* the pipeline cache has changed */
    struct cw_vk_block *staging; /* host memory for copies */
    struct cw_vk_block *service_block;
    struct cw_vk_service *service; /* mapped */
    struct cw_vk_block *parameters; /* ring of parameters that don't fit into push constants */
    uint64_t parameters_used;
};

struct cw_vk_pipeline {
    struct cw_vk_pipeline *next;
    uint32_t block[3], dynamic_shared;
    VkPipeline handle;
};

struct cw_backend_kernel {
    struct cw_backend_module *module;
    const char *name, *refusal;
    struct cw_vk_kernel row;
    VkShaderModule shader;
    struct cw_vk_pipeline *pipelines;
};

struct cw_backend_module {
    struct cw_backend_device *device;
    char *artifact; /* a copy, which names are borrowed from */
    struct cw_backend_kernel *kernels;
    uint32_t kernel_count;
    const struct cw_vk_variable *variables;
    uint32_t variable_count;
    void *globals;
};

/* instance.c: adapters, found once. */
const struct cw_vk_instance_functions *cw_vk_instance(void);
uint32_t cw_vk_adapter_count(void);
const struct cw_vk_adapter *cw_vk_adapter(uint32_t ordinal);
const char *cw_vk_problem(void);
cw_status cw_vk_status(VkResult result);

/* device.c */
cw_status cw_vk_device_open(uint32_t ordinal, struct cw_backend_device **device);
void cw_vk_device_close(struct cw_backend_device *device);
void cw_vk_device_facts(struct cw_backend_device *device, struct cw_device_facts *facts);

/* heap.c. With the device's lock held: _block_..., _find. */
cw_status cw_vk_block_create(struct cw_backend_device *device, uint64_t size, bool host, struct cw_vk_block **block);
void cw_vk_block_destroy(struct cw_backend_device *device, struct cw_vk_block *block);
/* The block that holds an address, and where in it; NULL when none does. */
struct cw_vk_block *cw_vk_find(struct cw_backend_device *device, const void *pointer, uint64_t *offset);
cw_status cw_vk_memory_alloc(struct cw_backend_device *device, size_t size, void **pointer);
void cw_vk_memory_free(struct cw_backend_device *device, void *pointer);
void cw_vk_memory_info(struct cw_backend_device *device, uint64_t *free_bytes, uint64_t *total_bytes);
void cw_vk_heap_fini(struct cw_backend_device *device);

/* queue.c. All with the lock held. */
cw_status cw_vk_queue_init(struct cw_backend_device *device);
void cw_vk_queue_fini(struct cw_backend_device *device);
/* A command buffer to record into. NULL when the device is lost. */
VkCommandBuffer cw_vk_record(struct cw_backend_device *device);
/* All before is done, and visible, before anything after it. */
void cw_vk_order(struct cw_backend_device *device, VkCommandBuffer commands);
/* Submits what was recorded. */
cw_status cw_vk_submit(struct cw_backend_device *device);
/* Submits, and waits until all is done. */
cw_status cw_vk_finish(struct cw_backend_device *device);

/* copy.c */
cw_status cw_vk_copy(struct cw_backend_device *device, void *dst, const void *src, size_t size, enum cw_copy_kind kind);
cw_status cw_vk_fill(struct cw_backend_device *device, void *dst, uint32_t pattern, uint32_t pattern_size, size_t count);

/* Device memory that the host can't see. Lock held. */
cw_status cw_vk_read_locked(struct cw_backend_device *device, struct cw_vk_block *block, uint64_t offset, void *out, size_t size);

/* module.c */
int cw_vk_artifact_score(struct cw_backend_device *device, const char *cpu, const char *features);
cw_status cw_vk_module_load(struct cw_backend_device *device, const void *artifact, size_t size, struct cw_backend_module **module,
                            char *error, size_t error_size);
void cw_vk_module_unload(struct cw_backend_module *module);
cw_status cw_vk_kernel_find(struct cw_backend_module *module, const char *name, struct cw_backend_kernel **kernel);
void cw_vk_kernel_facts(struct cw_backend_kernel *kernel, struct cw_kernel_facts *facts);
cw_status cw_vk_variable_find(struct cw_backend_module *module, const char *name, void **pointer, size_t *size);

/* pipeline.c: the kernel for a block shape. Lock held. */
cw_status cw_vk_pipeline_get(struct cw_backend_kernel *kernel, const struct cw_launch *launch, VkPipeline *pipeline);
void cw_vk_pipelines_fini(struct cw_backend_kernel *kernel);
void cw_vk_pipeline_cache_load(struct cw_backend_device *device);
void cw_vk_pipeline_cache_save(struct cw_backend_device *device);

/* launch.c */
cw_status cw_vk_record_launch(struct cw_backend_device *device, const struct cw_launch *launch, struct cw_fault *fault); /* lock held */
cw_status cw_vk_read_fault(struct cw_backend_device *device, struct cw_fault *fault); /* lock held */
cw_status cw_vk_launch(struct cw_backend_device *device, const struct cw_launch *launch, struct cw_fault *fault);
void cw_vk_output_flush(struct cw_backend_device *device);

/* A string of the module's, from where a kernel says it is; "" when nothing is there. Lock held. */
void cw_vk_read_string(struct cw_backend_device *device, uint64_t address, char *out, size_t size);
/* print.c: writes what kernels printed. Lock held, and no kernel runs. */
void cw_vk_print(struct cw_backend_device *device);

/* stream.c */
cw_status cw_vk_stream_create(struct cw_backend_device *device, int priority, struct cw_backend_stream **stream);
void cw_vk_stream_destroy(struct cw_backend_stream *stream);
cw_status cw_vk_stream_wait(struct cw_backend_stream *stream, struct cw_fault *fault);
bool cw_vk_stream_idle(struct cw_backend_stream *stream);
cw_status cw_vk_stream_follow(struct cw_backend_stream *stream, struct cw_backend_stream *other);
cw_status cw_vk_launch_async(struct cw_backend_stream *stream, const struct cw_launch *launch, struct cw_fault *fault);
cw_status cw_vk_fill_async(struct cw_backend_stream *stream, void *dst, uint32_t pattern, uint32_t pattern_size, size_t count);
cw_status cw_vk_copy_async(struct cw_backend_stream *stream, void *dst, const void *src, size_t size, enum cw_copy_kind kind);
cw_status cw_vk_event_create(struct cw_backend_device *device, struct cw_backend_event **event);
void cw_vk_event_destroy(struct cw_backend_event *event);
cw_status cw_vk_event_record(struct cw_backend_event *event, struct cw_backend_stream *stream);
cw_status cw_vk_event_wait(struct cw_backend_event *event);
bool cw_vk_event_idle(struct cw_backend_event *event);
cw_status cw_vk_event_follow(struct cw_backend_event *event, struct cw_backend_stream *stream);
cw_status cw_vk_event_elapsed(struct cw_backend_event *from, struct cw_backend_event *to, double *ms);

#endif
