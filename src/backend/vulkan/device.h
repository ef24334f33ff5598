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
#include <stdatomic.h>
#include <stdbool.h>
#include <vulkan/vulkan.h>

#include "backend/vulkan/artifact.h"
#include "cudawasm/cw_backend.h"

struct cw_vk_image;

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
    bool imported;           /* the memory is the program's own */
    struct cw_vk_range *free; /* sorted by offset, never touching each other */
    uint64_t used;
    bool managed;            /* it is one allocation of managed memory */
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

#define CW_VK_MARKER_OFFSET 2048u /* in the service block, behind the record */

enum { CW_VK_BATCHES = 8, CW_VK_STAGING_PIECES = 4, CW_VK_PIECE_BYTES = 4 << 20 };

/* What commands do: a set. */
enum cw_vk_work { CW_VK_COMPUTE = 1, CW_VK_TRANSFER = 2, CW_VK_ANY = 3, CW_VK_UNIFORM = 4 /* it reads constant variables too */ };

struct cw_vk_batch {
    VkCommandPool pool;
    VkCommandBuffer commands;
    uint64_t number;     /* 0: never submitted */
    uint64_t submitted;  /* by the host's clock, in ns */
    uint32_t stamp;      /* where the time of its end is written; CW_VK_STAMP_NONE: nowhere */
    bool for_host;       /* the host reads what it writes */
};

/* Times that the device writes (stamp.c): a slot of a query pool, by number, for whoever holds it. */
#define CW_VK_STAMP_NONE UINT32_MAX
enum { CW_VK_STAMPS_A_POOL = 256, CW_VK_STAMP_POOLS = 1024 };

struct cw_vk_stamps {
    VkQueryPool pools[CW_VK_STAMP_POOLS];
    uint32_t pool_count;
    uint16_t *holders;   /* of each slot */
    uint32_t *free;      /* slots that nobody holds */
    uint32_t free_count;
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
    bool placed;                /* VK_EXT_map_memory_placed */
    bool marker;                /* VK_AMD_buffer_marker */
    bool fused;                 /* Fma rounds once: hardware's does */
    bool turns;                 /* a block's threads run by turns on one CPU thread */
    bool exp2;                  /* Exp2 is within 2^-22.5 on [-0.5, 0.5], as NVIDIA says of its own */
    bool constants;             /* uniform buffers of 64 KB, with arrays of words */
    uint32_t processors;        /* that run blocks side by side, as far as the driver tells; 1 otherwise */
    uint64_t import_alignment;  /* of host memory that can be made the device's (VK_EXT_external_memory_host); 0: none can */
    bool usable;
    const char *lacks;          /* what it lacks to be usable */
};

struct cw_backend_device {
    const struct cw_vk_adapter *adapter;
    VkDevice handle;
    VkQueue queue;
    uint32_t family;
    struct cw_vk_device_functions vk;
    PFN_vkGetMemoryHostPointerPropertiesEXT host_pointer_properties; /* NULL: host memory can't be imported */
    VkDescriptorSetLayout set_layout; /* one uniform buffer: a module's constant variables */
    VkPipelineLayout layout;
    VkPipelineCache cache;
    VkPhysicalDeviceMemoryProperties memory;
    bool unified;               /* device addresses are the host's */
    uint64_t heap_size;
    pthread_mutex_t lock;
    pthread_mutex_t submission; /* of the queue; taken last */
    struct cw_vk_block *blocks;
    uint64_t used;
    uint32_t managed_count;     /* allocations of managed memory, which kernels may write and the host reads */
    struct cw_vk_allocation *allocations; /* sorted by address */
    size_t allocation_count, allocation_capacity;
    /* Work. */
    VkSemaphore timeline;
    uint64_t submitted;         /* the last number given away */
    uint32_t host_processors;
    atomic_ullong host_seen;    /* the timeline's value when it was last asked for */
    atomic_ullong host_number;  /* the last batch that the host reads what it writes */
    PFN_vkCmdWriteBufferMarkerAMD write_marker; /* NULL: there is none */
    bool begun;                 /* the next batch's commands are begun already */
    atomic_ullong seen;         /* the last number that the host has waited for, or has seen reached */
    struct cw_vk_batch batches[CW_VK_BATCHES];
    uint32_t current;           /* batch that is recorded into, or was last */
    bool recording;
    uint32_t pending;           /* set of enum cw_vk_work: what was recorded behind the last barrier, in whatever batch */
    uint32_t recorded;          /* commands in the batch that is recorded into */
    uint32_t event_count;       /* events that there are: without one no times are written */
    struct cw_vk_stamps stamps;
    const char *last_kernel;    /* the name of what was launched last */
    atomic_bool lost;
    atomic_bool ended;          /* the process ends: the driver is not called any more (end.c) */
    uint64_t reached;           /* the timeline's value then */
    bool pipelines_made;        /* the pipeline cache has changed */
    atomic_bool new_pipelines;  /* since the host last waited for work */
    struct cw_vk_block *staging; /* host memory for copies, in pieces */
    uint64_t piece_numbers[CW_VK_STAGING_PIECES]; /* batches that use them */
    struct cw_vk_block *pinned;  /* page-locked host memory, known by where the host sees it */
    struct cw_vk_block *service_block;
    struct cw_vk_service *service; /* mapped */
    struct cw_vk_block *parameters; /* ring of parameters that don't fit into push constants */
    uint64_t parameters_used;
    VkPipeline copy_pipeline;    /* between.c's */
    bool copy_known;             /* it was tried to make it */
    struct cw_vk_image *images;  /* described in the device's memory, image.c's */
    struct cw_vk_image *freed_first, *freed_last; /* destroyed, to be used again in that order */
    uint32_t freed_images;
    uint64_t malloc_heap;        /* the device heap's address; 0: not made yet */
    uint64_t malloc_limit;       /* what the program wants it to be; 0: nothing said */
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
    VkDescriptorPool pool; /* NULL: it has no constant variables that are read as a uniform buffer */
    VkDescriptorSet constants;
    atomic_bool heap_known; /* its code knows the device heap, or doesn't use it */
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

/* end.c */
void cw_vk_note_open(struct cw_backend_device *device);
/* The driver may have registered exit handlers since: what runs is waited for before them. */
void cw_vk_note_end(void);
void cw_vk_note_closed(struct cw_backend_device *device);

/* heap.c. With the device's lock held: _block_..., _find. */
cw_status cw_vk_block_create(struct cw_backend_device *device, uint64_t size, bool host, struct cw_vk_block **block);
/* Over `size` bytes of the host's at `pointer`, whole pages. */
cw_status cw_vk_block_import(struct cw_backend_device *device, void *pointer, uint64_t size, struct cw_vk_block **block);
void cw_vk_block_destroy(struct cw_backend_device *device, struct cw_vk_block *block);
/* The block that holds an address, and where in it; NULL when none does. */
struct cw_vk_block *cw_vk_find(struct cw_backend_device *device, const void *pointer, uint64_t *offset);
cw_status cw_vk_memory_alloc(struct cw_backend_device *device, size_t size, void **pointer);
void cw_vk_memory_free(struct cw_backend_device *device, void *pointer);
void cw_vk_memory_info(struct cw_backend_device *device, uint64_t *free_bytes, uint64_t *total_bytes);
void cw_vk_heap_fini(struct cw_backend_device *device);

/* pinned.c: host memory that the device copies from and to by itself. _find with the lock held; NULL when it is none. */
cw_status cw_vk_host_alloc(struct cw_backend_device *device, size_t size, void **pointer);
void cw_vk_host_free(struct cw_backend_device *device, void *pointer);
cw_status cw_vk_host_register(struct cw_backend_device *device, void *pointer, size_t size);
void cw_vk_host_unregister(struct cw_backend_device *device, void *pointer, size_t size);
void cw_vk_pinned_fini(struct cw_backend_device *device);
struct cw_vk_block *cw_vk_pinned_find(struct cw_backend_device *device, const void *pointer, size_t size, uint64_t *offset);

/* managed.c. _possible: the driver has it; _feature: what asks for it, in the chain before `next`. _free: false when the pointer is none. */
bool cw_vk_managed_possible(VkPhysicalDevice handle, PFN_vkGetPhysicalDeviceFeatures2 ask);
const void *cw_vk_managed_feature(const void *next);
cw_status cw_vk_managed_alloc(struct cw_backend_device *device, size_t size, void **pointer);
bool cw_vk_managed_free(struct cw_backend_device *device, void *pointer);

/* queue.c. All with the lock held. */
cw_status cw_vk_queue_init(struct cw_backend_device *device);
void cw_vk_queue_fini(struct cw_backend_device *device);
/* A command buffer to record `work`, a set of enum cw_vk_work, into, behind all that was recorded before it, which is done, and visible, by then. NULL when
 * the device is lost. */
VkCommandBuffer cw_vk_record(struct cw_backend_device *device, uint32_t work);
/* The host will read what the batch that is being recorded writes. */
void cw_vk_for_host(struct cw_backend_device *device);
/* Submits what was recorded. */
cw_status cw_vk_submit(struct cw_backend_device *device);
/* Waits until the batch of this number is done. */
cw_status cw_vk_wait_number(struct cw_backend_device *device, uint64_t number);
/* The same, but false when it takes longer. */
bool cw_vk_wait_at_most(struct cw_backend_device *device, uint64_t number, uint64_t ns);
/* The number that the device has reached. */
uint64_t cw_vk_done(struct cw_backend_device *device);
/* The stamp of the batch that was submitted last, if what is issued now follows it closely; else CW_VK_STAMP_NONE. */
uint32_t cw_vk_recent_stamp(struct cw_backend_device *device);
/* Submits, and waits until all is done. */
cw_status cw_vk_finish(struct cw_backend_device *device);

/* stamp.c. All with the lock held. */
uint32_t cw_vk_stamp_take(struct cw_backend_device *device); /* CW_VK_STAMP_NONE when there are no more */
void cw_vk_stamp_hold(struct cw_backend_device *device, uint32_t stamp);
void cw_vk_stamp_release(struct cw_backend_device *device, uint32_t stamp);
void cw_vk_stamp_write(struct cw_backend_device *device, VkCommandBuffer commands, uint32_t stamp);
/* In the device's ticks, once what writes it is done. */
cw_status cw_vk_stamp_read(struct cw_backend_device *device, uint32_t stamp, uint64_t *ticks);
void cw_vk_stamps_fini(struct cw_backend_device *device);

/* copy.c */
cw_status cw_vk_copy(struct cw_backend_device *device, void *dst, const void *src, size_t size, enum cw_copy_kind kind);
cw_status cw_vk_fill(struct cw_backend_device *device, void *dst, uint32_t pattern, uint32_t pattern_size, size_t count);

/* between.c. Recorded; lock held. */
cw_status cw_vk_copy_between(struct cw_backend_device *device, struct cw_vk_block *to, uint64_t to_offset, struct cw_vk_block *from,
                             uint64_t from_offset, uint64_t size);
void cw_vk_between_fini(struct cw_backend_device *device);

/* Device memory that the host can't see. Lock held. */
cw_status cw_vk_read_locked(struct cw_backend_device *device, struct cw_vk_block *block, uint64_t offset, void *out, size_t size);

/* module.c */
int cw_vk_artifact_score(struct cw_backend_device *device, const char *cpu, const char *features);
cw_status cw_vk_module_load(struct cw_backend_device *device, const void *artifact, size_t size, struct cw_backend_module **module,
                            char *error, size_t error_size);
void cw_vk_module_unload(struct cw_backend_module *module);
cw_status cw_vk_kernel_find(struct cw_backend_module *module, const char *name, struct cw_backend_kernel **kernel);
void cw_vk_kernel_facts(struct cw_backend_kernel *kernel, struct cw_kernel_facts *facts);
uint32_t cw_vk_kernel_active_blocks(struct cw_backend_kernel *kernel, uint32_t block_size, size_t dynamic_shared);
cw_status cw_vk_variable_find(struct cw_backend_module *module, const char *name, void **pointer, size_t *size);

/* malloc.c: before a launch of the module's kernels, the device heap; without the lock. */
cw_status cw_vk_malloc_prepare(struct cw_backend_module *module);
cw_status cw_vk_device_limit(struct cw_backend_device *device, enum cw_device_limit limit, uint64_t value);

/* image.c */
cw_status cw_vk_image_create(struct cw_backend_device *device, const struct cw_image *image, const struct cw_sampler *sampler, uint64_t *object);
void cw_vk_image_destroy(struct cw_backend_device *device, uint64_t object);
void cw_vk_images_fini(struct cw_backend_device *device);

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
