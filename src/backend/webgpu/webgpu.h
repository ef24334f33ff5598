/* SPDX-License-Identifier: Apache-2.0 */
/*
 * webgpu.h: the WebGPU backend. See webgpu.c for what it is; device.c has the device and its queue, memory.c the heap and
 * copies, module.c artifacts and pipelines, text.c what is said otherwise to
 * native compilers; launch.c launches and streams, event.c events.
 */
#ifndef CW_BACKEND_WEBGPU_WEBGPU_H
#define CW_BACKEND_WEBGPU_WEBGPU_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "backend/webgpu/abi.h"
#include "cudawasm/cw_backend.h"

/* The library's functions, and the adapters that it found. */
struct cw_webgpu_library {
#define FUNCTION(result, name, parameters) result(*name) parameters;
#include "backend/webgpu/functions.def"
    WGPUInstance instance;
    WGPUAdapter adapters[16];
    uint32_t adapter_count;
    bool software; /* every adapter is a GPU that a CPU pretends to be */
    bool dawn;     /* and not wgpu-native */
};

/* Opened once; NULL when there is no library or no adapter, with the reason in cw_webgpu_problem. */
const struct cw_webgpu_library *cw_webgpu(void);
const char *cw_webgpu_problem(void);

/* dawn.c: whether the library that was opened is Dawn; then its functions take the place of wgpu-native's. `lacks`: one that it lacks, or NULL. */
bool cw_webgpu_is_dawn(void *handle);
void cw_webgpu_dawn(void *handle, struct cw_webgpu_library *library, const char **lacks);

/* A piece of the heap, used or free; they lie side by side. */
struct cw_webgpu_block {
    uint32_t offset, size;
    bool used;
    struct cw_webgpu_block *next;
};

#define CW_WEBGPU_RING_BYTES (1u << 20)
#define CW_WEBGPU_SLOT 256u       /* alignment of dynamic offsets that every device takes */
#define CW_WEBGPU_ARGUMENTS 16384u /* bytes of the arguments' binding */
#define CW_WEBGPU_TIMES 4096u     /* timestamps */
#define CW_WEBGPU_BATCH 64u       /* launches that are submitted at once at most */

/* When work ran: places of timestamps, and the host's clock in ms around it. */
struct cw_webgpu_span {
    bool known;
    uint32_t begin, end;
    double submitted_ms, done_ms;
};

struct cw_backend_device {
    pthread_mutex_t lock; /* everything below */
    WGPUAdapter adapter;
    WGPUDevice device;
    WGPUQueue queue;
    WGPULimits limits;
    char name[256], driver[64];
    bool subgroups;     /* of 32 lanes, always */
    bool timestamps;
    bool int64;         /* shaders have integers of 64 bits */
    uint32_t immediate_bytes; /* arguments that go with the launch itself: how many bytes, 0: none */
    bool software;      /* a CPU plays the GPU */
    bool exp2;          /* its power of two is within 2^-22.5 on [-0.5, 0.5], as NVIDIA says of its own */
    double period_ns;
    bool lost;
    char message[900];  /* the library's last error */

    /* The heap: one buffer, its offsets are the low 32 bits of addresses. */
    char *base;         /* reserved in the host, aligned to 4 GiB */
    WGPUBuffer heap;
    uint64_t heap_size, heap_most;
    struct cw_webgpu_block *blocks;
    WGPUBuffer staging; /* for copies to the host */
    uint64_t staging_size;
    WGPUBuffer between; /* for copies within the heap */

    /* Work that is recorded and not submitted yet. */
    WGPUCommandEncoder encoder;
    WGPUComputePassEncoder pass;
    uint32_t recorded;  /* launches in it */
    bool timing;        /* it begins with an event's time */
    bool timed;         /* the program has events: work is recorded with the times of its begin and end */
    bool copied;        /* what is recorded ends with copies, behind the last pass */
    struct cw_webgpu_span recording, last; /* of what is recorded; of what was submitted last */
    struct cw_backend_event *idle_event;   /* recorded last, when the device had nothing to do, and nothing since */
    WGPUComputePipeline bound; /* of the pass */
    uint64_t submission; /* index of the last one */
    bool pending;       /* something was submitted that nobody waited for */
    uint64_t asked, done; /* how often the queue was asked to say when it is done; up to which of them it has said so */
    bool new_pipelines;   /* since the queue was last waited for */
    uint32_t unasked;     /* submissions since it was asked last */
    bool asked_for_last;  /* the last time was after the last submission */

    /* Arguments of launches: a ring of slots, written to the device when work is submitted. */
    WGPUBuffer ring;
    unsigned char *ring_data;
    uint32_t ring_start, ring_end; /* what is not written yet */

    WGPUBindGroupLayout group_layout;
    WGPUPipelineLayout layout;
    WGPUBindGroup group; /* heap and ring */
    WGPUBindGroupLayout immediate_group_layout; /* of kernels whose arguments go with the launch: the heap alone */
    WGPUPipelineLayout immediate_layout;
    WGPUBindGroup immediate_group;
    WGPUBindGroup group_bound; /* of the pass, when it has no offsets */
    struct cw_backend_module *tools; /* the fill kernel */

    WGPUBindGroupLayout constants_group_layout;
    WGPUPipelineLayout constants_layout; /* as immediate_layout, with the module's constants */
    struct cw_backend_module *with_constants; /* modules */

    struct cw_webgpu_images { /* texture and surface objects, image.c's */
        struct cw_webgpu_image *first, *freed_first, *freed_last;
        uint32_t freed_count;
    } images;

    void *malloc_heap;     /* the device heap that kernels allocate from; NULL: not made yet */
    uint64_t malloc_limit; /* what the program wants it to be; 0: nothing said */

    struct cw_backend_module *reporting; /* modules with launches whose reports are not read yet */
    struct cw_fault fault;  /* the last one */
    bool faulted;           /* nobody was told of it yet */
    char last_kernel[256];

    WGPUQuerySet times;
    WGPUBuffer times_buffer;
    uint32_t next_time;
    uint64_t first_ticks; /* the first time that was read: others are counted from it, so that a double holds them */
};

/* device.c. All but open and close want the lock. */
cw_status cw_webgpu_device_open(uint32_t ordinal, struct cw_backend_device **device);
void cw_webgpu_device_close(struct cw_backend_device *device);
void cw_webgpu_device_facts(struct cw_backend_device *device, struct cw_device_facts *facts);
/* An encoder outside of any pass. */
WGPUCommandEncoder cw_webgpu_encoder(struct cw_backend_device *device);
/* Submits what is recorded. */
void cw_webgpu_submit(struct cw_backend_device *device);
/* Called when the driver may have made something that it ends at the process's end: what runs is waited for before that. */
void cw_webgpu_note_end(void);
/* True if what was submitted is done; never waits. */
bool cw_webgpu_is_done(struct cw_backend_device *device);
/* Submits and waits until all is done. CW_ERROR_FAULT until somebody took `fault` with cw_webgpu_take_fault. */
cw_status cw_webgpu_finish(struct cw_backend_device *device);
WGPUBuffer cw_webgpu_buffer(struct cw_backend_device *device, uint64_t size, WGPUFlags usage);
/* (Re)makes the bind group when the heap's buffer changes. */
bool cw_webgpu_bind(struct cw_backend_device *device);
/* Reads from a buffer with CopySrc; both multiples of 4. */
cw_status cw_webgpu_read(struct cw_backend_device *device, WGPUBuffer buffer, uint64_t offset, void *to, uint64_t size);

/* memory.c */
cw_status cw_webgpu_memory_alloc(struct cw_backend_device *device, size_t size, void **pointer);
void cw_webgpu_memory_free(struct cw_backend_device *device, void *pointer);
void cw_webgpu_memory_info(struct cw_backend_device *device, uint64_t *free_bytes, uint64_t *total_bytes);
cw_status cw_webgpu_copy(struct cw_backend_device *device, void *dst, const void *src, size_t size, enum cw_copy_kind kind);
cw_status cw_webgpu_fill(struct cw_backend_device *device, void *dst, uint32_t pattern, uint32_t pattern_size, size_t count);
bool cw_webgpu_heap_start(struct cw_backend_device *device);

/* module.c */
/* How a grid is dispatched. `folded`: that many groups side by side stand for blocks along x and what follows, where the grid has more along an axis than
 * WebGPU allows; 0: groups are blocks. `flat`: only along x. */
struct cw_webgpu_fold {
    uint32_t folded;
    bool flat;
};
struct cw_webgpu_pipeline {
    struct cw_dim3 block;
    uint32_t dynamic_words;
    struct cw_webgpu_fold fold;
    WGPUComputePipeline pipeline;
    struct cw_webgpu_pipeline *next;
};
struct cw_backend_kernel {
    struct cw_backend_module *module;
    char *name;
    char *reason; /* why there is no shader, or NULL */
    char *text;
    WGPUShaderModule shader;
    bool text_uses_subgroups, dynamic;
    bool immediate; /* its arguments go with the launch */
    bool folds;     /* its text has pipeline constants for how the grid is folded */
    bool constants; /* it reads the module's constants from a buffer of their own */
    uint32_t param_bytes, static_shared, max_threads;
    uint32_t shared_bytes;
    struct cw_webgpu_pipeline *pipelines; /* by shape, the last used first */
    struct cw_backend_kernel *next;
};
struct cw_backend_module {
    struct cw_backend_device *device;
    struct cw_backend_kernel *kernels;
    struct cw_webgpu_variable {
        char *name;
        uint32_t offset;
        size_t size;
        struct cw_webgpu_variable *next;
    } *variables;
    void *globals; /* address of the block of variables, or NULL */
    size_t globals_size;
    /* What no kernel writes of them, once more in a uniform buffer, which compilers know to stay as it is. NULL: nobody asked for it. */
    struct cw_webgpu_constants {
        WGPUBuffer buffer;
        WGPUBindGroup group;
        uint32_t size;
        bool stale;   /* the heap's contents are newer */
        bool aliased; /* a kernel had an address in it: stale after each launch */
        struct cw_backend_module *next; /* of the device's modules with such a buffer */
    } constants;
    void *reports, *output; /* where its kernels leave what they print, and faults; NULL: they don't */
    atomic_bool heap_known; /* its code knows the device heap, or has no use for it */
    bool expected;          /* it is in the device's list `reporting` */
    struct cw_backend_module *next_reporting;
};
cw_status cw_webgpu_module_load(struct cw_backend_device *device, const void *artifact, size_t size, struct cw_backend_module **module, char *error, size_t error_size);
void cw_webgpu_module_unload(struct cw_backend_module *module);
cw_status cw_webgpu_kernel_find(struct cw_backend_module *module, const char *name, struct cw_backend_kernel **kernel);
void cw_webgpu_kernel_facts(struct cw_backend_kernel *kernel, struct cw_kernel_facts *facts);
cw_status cw_webgpu_variable_find(struct cw_backend_module *module, const char *name, void **pointer, size_t *size);
/* The pipeline for a shape; NULL with the reason in `message`. Wants the lock. */
WGPUComputePipeline cw_webgpu_pipeline(struct cw_backend_kernel *kernel, struct cw_dim3 block, uint32_t dynamic_words, struct cw_webgpu_fold fold, char *message, size_t size);

/* text.c: the kernel's text as this device's compiler gets it; malloc'd. `immediates`: the two uniform bindings become one variable
 * that is set with the launch, struct Launch and behind it, at CW_WEBGPU_IMMEDIATE_ARGUMENTS, the arguments. `int64`: products of words by
 * the device's own integers of 64 bits. How the grid is folded becomes pipeline constants. */
#define CW_WEBGPU_IMMEDIATE_ARGUMENTS 32u
#define CW_WEBGPU_IMMEDIATE_MAX 256u
#define CW_WEBGPU_FOLDED "folded_groups"
#define CW_WEBGPU_FLAT "grid_is_flat"
bool cw_webgpu_text_folds(const char *text);
char *cw_webgpu_native_text(const char *text, bool immediates, bool int64, uint32_t constant_bytes);
/* True if it reads variables that no kernel writes, for which that gives it a uniform buffer of `constant_bytes` in group 1, unless
 * that is 0. */
bool cw_webgpu_reads_constants(const char *text);

/* constants.c. All want the lock. */
/* The module's buffer is there; false: the kernel reads the heap. */
bool cw_webgpu_constants_start(struct cw_backend_module *module);
void cw_webgpu_constants_end(struct cw_backend_module *module);
/* `size` bytes of the heap change. */
void cw_webgpu_constants_note(struct cw_backend_device *device, uint32_t to, uint64_t size);
/* Before a launch with these parameters: contents are the heap's. */
void cw_webgpu_constants_update(struct cw_backend_module *module);
void cw_webgpu_constants_watch(struct cw_backend_device *device, const void *parameters, uint32_t size);

/* report.c */
cw_status cw_webgpu_reports_start(struct cw_backend_module *module);
void cw_webgpu_reports_end(struct cw_backend_module *module);
/* A kernel of the module is launched. Wants the lock. */
void cw_webgpu_reports_expect(struct cw_backend_module *module, const char *kernel);
/* Prints, and says CW_ERROR_FAULT with `fault` of the device when a kernel trapped. No kernel runs. Wants the lock. */
cw_status cw_webgpu_reports_read(struct cw_backend_device *device);

void cw_webgpu_take_fault(struct cw_backend_device *device, struct cw_fault *fault);

/* image.c */
cw_status cw_webgpu_image_create(struct cw_backend_device *device, const struct cw_image *image, const struct cw_sampler *sampler, uint64_t *object);
void cw_webgpu_image_destroy(struct cw_backend_device *device, uint64_t object);
void cw_webgpu_images_end(struct cw_backend_device *device);

/* malloc.c: before a launch of the module's kernels, the device heap; without the lock. */
cw_status cw_webgpu_malloc_prepare(struct cw_backend_module *module);
cw_status cw_webgpu_device_limit(struct cw_backend_device *device, enum cw_device_limit limit, uint64_t value);

/* launch.c */
cw_status cw_webgpu_launch(struct cw_backend_device *device, const struct cw_launch *launch, struct cw_fault *fault);
/* Records a launch. Wants the lock. */
cw_status cw_webgpu_record(struct cw_backend_device *device, const struct cw_launch *launch, struct cw_fault *fault);
cw_status cw_webgpu_stream_create(struct cw_backend_device *device, int priority, struct cw_backend_stream **stream);
void cw_webgpu_stream_destroy(struct cw_backend_stream *stream);
cw_status cw_webgpu_stream_wait(struct cw_backend_stream *stream, struct cw_fault *fault);
bool cw_webgpu_stream_idle(struct cw_backend_stream *stream);
cw_status cw_webgpu_stream_follow(struct cw_backend_stream *stream, struct cw_backend_stream *other);
cw_status cw_webgpu_launch_async(struct cw_backend_stream *stream, const struct cw_launch *launch, struct cw_fault *fault);
cw_status cw_webgpu_fill_async(struct cw_backend_stream *stream, void *dst, uint32_t pattern, uint32_t pattern_size, size_t count);
cw_status cw_webgpu_copy_async(struct cw_backend_stream *stream, void *dst, const void *src, size_t size, enum cw_copy_kind kind);

/* event.c */
/* The time of the host's clock, ms. */
double cw_webgpu_now_ms(void);
/* A compute pass begins: which times it takes; false: none. `writes` is filled. Wants the lock. */
bool cw_webgpu_pass_times(struct cw_backend_device *device, WGPUPassTimestampWrites *writes);
/* What is recorded will be submitted: it ends with a time. Wants the lock. */
void cw_webgpu_end_times(struct cw_backend_device *device);
cw_status cw_webgpu_event_create(struct cw_backend_device *device, struct cw_backend_event **event);
void cw_webgpu_event_destroy(struct cw_backend_event *event);
cw_status cw_webgpu_event_record(struct cw_backend_event *event, struct cw_backend_stream *stream);
cw_status cw_webgpu_event_wait(struct cw_backend_event *event);
bool cw_webgpu_event_idle(struct cw_backend_event *event);
cw_status cw_webgpu_event_follow(struct cw_backend_event *event, struct cw_backend_stream *stream);
cw_status cw_webgpu_event_elapsed(struct cw_backend_event *from, struct cw_backend_event *to, double *ms);

#endif
