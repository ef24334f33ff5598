/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cw_backend.h: the contract between the runtime and a device driver ("backend").
 *
 * A backend loads artifacts that a target made and runs them. It knows nothing of compilers. The CPU backend is
 * built into the runtime; every other one is a shared object libcudawasm-backend-NAME.so, opened RTLD_NOW|RTLD_LOCAL,
 * which exports `cw_backend_entry`. The runtime refuses, by name, a backend whose ABI version it doesn't know or
 * which lacks a required member.
 *
 * Thread rules: unless a member says otherwise the runtime calls it from any thread, several at once.
 * Addresses: device memory goes by `void *`, whatever it is underneath. On a device whose memory isn't the host's
 * (unified_memory 0) such an address must never be one that host memory of the process has too, since CUDA's programs tell
 * memory apart by address: a driver with one address space for both gives that; others reserve the range in the host
 * (mmap, PROT_NONE). Programs add to addresses: each member takes one that points into an allocation.
 *
 * Ownership: what a `_open`, `_alloc`, `_load` returns belongs to the runtime until the matching `_close`, `_free`,
 * `_unload`. Strings passed in are borrowed during the call; strings returned live as long as their object.
 */
#ifndef CUDAWASM_CW_BACKEND_H
#define CUDAWASM_CW_BACKEND_H

#include <stdbool.h>

#include "cw.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CW_BACKEND_ABI 5u

struct cw_backend_device; /* defined by each backend */
struct cw_backend_module;
struct cw_backend_kernel;
struct cw_backend_stream;
struct cw_backend_event;
struct cw_backend_pages;

/* Fixed facts of a device. Sizes in bytes, rates in kHz; 0 means unknown. */
struct cw_device_facts {
    char name[256];
    uint64_t total_memory;
    uint64_t shared_per_block; /* the most shared memory that one block may have */
    uint32_t processors;       /* compute units that run blocks side by side */
    uint32_t clock_khz;
    uint32_t memory_clock_khz;
    uint32_t memory_bus_bits;
    uint32_t cache_bytes; /* last level */
    uint32_t max_threads_per_block;
    uint32_t unified_memory; /* 1: device pointers are host pointers */
    /* What to compile for: words of the target, for its artifacts' entries; "": the compiler's own choice. */
    char target_cpu[64];
    char target_features[256];
    uint32_t capability; /* CUDA's compute capability, ten times major plus minor; 0: what the runtime says of every device */
    char driver[64];     /* its name and version, for people */
    char bus_id[16];     /* "0000:17:00.0"; "" when it is on no PCI bus */
    uint8_t uuid[16];    /* all 0: the runtime makes one */
    uint32_t partitions;        /* 1: launches may be limited to some of the processors */
    uint32_t reads_host_memory; /* 1: kernels may use addresses of what host_alloc and host_register know */
    uint32_t cluster_blocks;    /* the most blocks of a cluster; 0: launches with clusters of more than one are refused */
};

/* What changes: for people. -1 or 0 where the device doesn't tell. */
struct cw_device_state {
    int32_t temperature_celsius; /* -1: unknown */
    uint32_t power_milliwatts;   /* 0: unknown */
    int32_t busy_percent;        /* -1: unknown */
};

struct cw_kernel_facts {
    uint32_t static_shared;   /* bytes */
    uint32_t local_bytes;     /* private memory a thread, bytes; 0 when unknown */
    uint32_t max_threads;     /* the largest block this kernel accepts */
    uint32_t param_bytes;
};

enum cw_fault_kind {
    CW_FAULT_NONE,
    CW_FAULT_ILLEGAL_ADDRESS, /* cudaErrorIllegalAddress */
    CW_FAULT_ASSERT,          /* cudaErrorAssert */
    CW_FAULT_TRAP,            /* __trap(): cudaErrorLaunchFailure */
    CW_FAULT_STACK_OVERFLOW,  /* cudaErrorHardwareStackError */
    CW_FAULT_DEADLOCK,        /* threads that can never meet: cudaErrorLaunchTimeout */
    CW_FAULT_ILLEGAL_INSTRUCTION, /* cudaErrorIllegalInstruction */
    CW_FAULT_MISALIGNED,      /* cudaErrorMisalignedAddress */
    CW_FAULT_RESOURCES,       /* stacks or memory for the launch could not be had: cudaErrorLaunchOutOfResources */
};

/* Filled when a launch ends in CW_ERROR_FAULT. `message` is one or more full sentences for people, without newline
 * at the end: what happened, kernel, block, thread, and source line where known. */
struct cw_fault {
    enum cw_fault_kind kind;
    struct cw_dim3 block;
    struct cw_dim3 thread;
    uint64_t address;
    char message[1024];
};

struct cw_launch {
    struct cw_backend_kernel *kernel;
    struct cw_dim3 grid;
    struct cw_dim3 block;
    uint32_t dynamic_shared; /* bytes */
    uint32_t cooperative;    /* 1: every block must be resident at once */
    const void *params;      /* packed as the kernel table says; at least param_bytes; borrowed during the call */
    uint32_t param_bytes;
    uint32_t param_count;
    const struct cw_parameter *layout; /* of each parameter; borrowed from the kernel table */
    uint32_t processors; /* that it may use at most; 0: all. Where the facts say `partitions` */
    struct cw_dim3 cluster; /* blocks of a cluster, by which the grid can be divided; 0: none was said. Where the facts say `cluster_blocks` */
};

enum cw_copy_kind { CW_COPY_HOST_TO_DEVICE, CW_COPY_DEVICE_TO_HOST, CW_COPY_DEVICE_TO_DEVICE };

/* In bytes: what memory_alloc gives can be read as a texture (cudaDeviceProp.textureAlignment), as memory of cudaMalloc can. */
#define CW_MEMORY_ALIGNMENT 512u

enum cw_device_limit { CW_LIMIT_MALLOC_HEAP, CW_LIMIT_PRINTF_FIFO, CW_LIMIT_STACK, CW_LIMIT_PENDING_LAUNCHES };

/* What device code asks of CUDA's runtime: the intrinsic cw.ask. */
enum cw_device_question {
    CW_ASK_ATTRIBUTE,    /* cudaDeviceGetAttribute; the argument is the attribute */
    CW_ASK_LIMIT,        /* cudaDeviceGetLimit */
    CW_ASK_ERROR_NAME,   /* cudaGetErrorName: the string's address; the argument is the error */
    CW_ASK_ERROR_TEXT,   /* cudaGetErrorString */
    CW_ASK_DEVICE,       /* cudaGetDevice */
    CW_ASK_DEVICE_COUNT, /* cudaGetDeviceCount */
    CW_ASK_GRAPH_LAUNCH,  /* cudaGraphLaunch: the error; the argument is a struct cw_graph_question's address */
    CW_ASK_GRAPH_CURRENT, /* cudaGetCurrentGraphExec: the graph's address; with a question, too */
};

/* Device code fills in all but `place`, which the backend does: the `params` of the struct cw_launch that the kernel runs. These
 * are addresses; device code's have 64 bits on hosts of 32, too. */
struct cw_graph_question {
    uint64_t graph;
    uint64_t stream;
    uint64_t place;
};

/* What kernels ask of a texture or surface (PTX: txq, suq). Numbers that stand for something are PTX's (ISA 5.3): of address modes 0 wrap, 1
 * mirror, 3 clamp to the edge, 4 to the border; types and orders of channels as OpenCL numbers them. -1: there is no answer. */
enum cw_image_question {
    CW_IMAGE_WIDTH,
    CW_IMAGE_HEIGHT,
    CW_IMAGE_DEPTH,
    CW_IMAGE_ARRAY_SIZE,
    CW_IMAGE_LEVEL_COUNT,
    CW_IMAGE_SAMPLE_COUNT,
    CW_IMAGE_CHANNEL_TYPE,
    CW_IMAGE_CHANNEL_ORDER,
    CW_IMAGE_NORMALIZED, /* the coordinates; of textures, as what follows */
    CW_IMAGE_FORCE_UNNORMALIZED,
    CW_IMAGE_LINEAR,     /* 1: linear filtering, 0: the nearest texel */
    CW_IMAGE_ADDRESS_0,
    CW_IMAGE_ADDRESS_1,
    CW_IMAGE_ADDRESS_2,
    CW_IMAGE_MEMORY_LAYOUT, /* of surfaces: 0, rows of elements */
};

/* ---- Images: what textures and surfaces read ----------------------------------------------------------------- */

enum cw_texel {
    CW_TEXEL_UINT8,
    CW_TEXEL_SINT8,
    CW_TEXEL_UINT16,
    CW_TEXEL_SINT16,
    CW_TEXEL_UINT32,
    CW_TEXEL_SINT32,
    CW_TEXEL_FLOAT16,
    CW_TEXEL_FLOAT32,
};

#define CW_IMAGE_LEVELS 18u /* a side of 131072 elements has so many mipmap levels */

/* One level: rows of texels from `base` on, `pitch` bytes apart; layers, faces and depth slices `slice` bytes apart. */
struct cw_image_level {
    void *base;
    uint32_t width, height; /* texels; height 1 in one dimension */
    uint32_t slices;        /* depth, layers, or faces (six a cubemap) */
    uint64_t pitch, slice;  /* bytes */
};

/* Memory seen as texels. It came from memory_alloc and outlives every use. */
struct cw_image {
    uint32_t texel;    /* enum cw_texel */
    uint32_t channels; /* 1, 2 or 4 */
    uint32_t level_count;
    struct cw_image_level levels[CW_IMAGE_LEVELS];
};

enum cw_address_mode { CW_ADDRESS_WRAP, CW_ADDRESS_CLAMP, CW_ADDRESS_MIRROR, CW_ADDRESS_BORDER };

/* How a texture reads its image, as cudaTextureDesc says. */
struct cw_sampler {
    uint32_t address[3]; /* enum cw_address_mode; never wrap or mirror without normalised coordinates */
    uint32_t linear;     /* 1: linear filtering */
    uint32_t linear_mip; /* 1: linear filtering between levels */
    uint32_t to_float;   /* 1: 8- and 16-bit integers become floats in [0, 1] or [-1, 1] */
    uint32_t srgb;       /* 1: 8-bit colours are converted from sRGB; needs to_float */
    uint32_t normalized; /* 1: coordinates run from 0 to 1 */
    uint32_t seamless;   /* 1: linear filtering of cubemaps goes across faces */
    uint32_t max_anisotropy; /* 1 to 16 */
    float bias, min_level, max_level;
    uint32_t border[4]; /* four channels as texture reads give them: float or integer */
};

/* ---- Words of memory that streams write and wait for ------------------------------------------------------------ */

enum cw_word_kind {
    CW_WORD_WAIT_GEQ, /* cyclic: the difference is not negative */
    CW_WORD_WAIT_EQ,
    CW_WORD_WAIT_AND, /* the word has a bit of the value */
    CW_WORD_WAIT_NOR, /* there is a bit that neither has */
    CW_WORD_WRITE,
    CW_WORD_FENCE, /* what came before is seen by the device before what comes behind */
    CW_WORD_FLUSH, /* writes of other devices that have arrived are seen behind it */
};

struct cw_word {
    uint32_t kind;  /* enum cw_word_kind */
    uint32_t bytes; /* 4 or 8; the address is aligned to that */
    uint32_t flush; /* 1: a wait is followed by a flush */
    uint32_t loose; /* 1: a write need not be ordered behind what the stream did before */
    void *address;  /* of memory that the device knows, or of host memory that host_alloc and host_register know */
    uint64_t value;
};

struct cw_backend {
    uint32_t abi_version; /* CW_BACKEND_ABI */
    uint32_t struct_size; /* sizeof(struct cw_backend) */
    const char *name;     /* "cpu": CUDA_WASM_BACKEND's word */
    const char *target;   /* the target whose artifacts it loads */

    /* Required. How well this backend serves here: 0, not at all (no driver, no device); the CPU answers 1; below 0, it works
     * but is worse than the CPU (a GPU that a CPU pretends to be), so that only CUDA_WASM_BACKEND=NAME takes it. Less than
     * 5 ms where there is no device; never prints. */
    int (*probe)(void);
    /* Required. Devices there are; constant once asked. */
    uint32_t (*device_count)(void);
    /* Required. Opens device `ordinal`. Called once a device, under the runtime's lock. */
    cw_status (*device_open)(uint32_t ordinal, struct cw_backend_device **device);
    /* Required. Joins the backend's threads, frees what is left. No launch is in flight. */
    void (*device_close)(struct cw_backend_device *device);
    /* Required. */
    void (*device_facts)(struct cw_backend_device *device, struct cw_device_facts *facts);
    /* Optional; without it cudaDeviceSetLimit records the value only. `value` in bytes. */
    cw_status (*device_limit)(struct cw_backend_device *device, enum cw_device_limit limit, uint64_t value);

    /* Required. Memory aligned to CW_MEMORY_ALIGNMENT, contents undefined. CW_ERROR_OUT_OF_MEMORY when there is none. */
    cw_status (*memory_alloc)(struct cw_backend_device *device, size_t size, void **pointer);
    /* Required. `pointer` came from memory_alloc. */
    void (*memory_free)(struct cw_backend_device *device, void *pointer);
    /* Required. Free and total bytes, for cudaMemGetInfo. */
    void (*memory_info)(struct cw_backend_device *device, uint64_t *free_bytes, uint64_t *total_bytes);
    /* Required. Copies `size` bytes and returns when done. Ranges don't overlap. */
    cw_status (*copy)(struct cw_backend_device *device, void *dst, const void *src, size_t size, enum cw_copy_kind kind);
    /* Required. Fills with a pattern of 1, 2 or 4 bytes, `count` times; returns when done. */
    cw_status (*fill)(struct cw_backend_device *device, void *dst, uint32_t pattern, uint32_t pattern_size, size_t count);

    /* Required. 0: an artifact made for `cpu` and `features` (LLVM's words) can't run here; else how good a match. */
    int (*artifact_score)(struct cw_backend_device *device, const char *cpu, const char *features);
    /* Required. `error` gets a sentence on failure. The bytes may go after the call. */
    cw_status (*module_load)(struct cw_backend_device *device, const void *artifact, size_t size,
                             struct cw_backend_module **module, char *error, size_t error_size);
    /* Required. No launch of its kernels is in flight. */
    void (*module_unload)(struct cw_backend_module *module);
    /* Required. CW_ERROR_NOT_FOUND when the module has no such kernel. The kernel lives as long as its module. */
    cw_status (*kernel_find)(struct cw_backend_module *module, const char *name, struct cw_backend_kernel **kernel);
    /* Required. */
    void (*kernel_facts)(struct cw_backend_kernel *kernel, struct cw_kernel_facts *facts);
    /* Required. Address and size in bytes of a device variable. */
    cw_status (*variable_find)(struct cw_backend_module *module, const char *name, void **pointer, size_t *size);

    /* Required. Runs a whole grid, and all that its threads launch, and returns when the last block is done. Shapes were checked against the facts.
     * CW_ERROR_FAULT fills `fault`; another failure may fill its message. Never exits, never hangs on threads that
     * can't meet. */
    cw_status (*launch)(struct cw_backend_device *device, const struct cw_launch *launch, struct cw_fault *fault);
    /* Required. Writes what kernels printed so far to stdout, in order; the runtime calls it where CUDA's guide
     * ("Formatted Output") says that the buffer is flushed. */
    void (*output_flush)(struct cw_backend_device *device);

    /* Optional; without it kernels get -1 for an answer. Called once, after device_open: `answer` answers what device code
     * asks (enum cw_device_question), -1 when it can't; it may be called from any thread, until device_close. */
    void (*device_answers)(struct cw_backend_device *device,
                           int64_t (*answer)(void *context, uint32_t question, int64_t argument), void *context);

    /* Optional, both or none; without them cudaCreateTextureObject and cudaCreateSurfaceObject answer
     * cudaErrorNotSupported. Makes a texture, or without `sampler` a surface, of level 0 of the image. `object` is what
     * kernels get: never 0. Both structs may go after the call. CW_ERROR_OUT_OF_MEMORY when there are too many. */
    cw_status (*image_create)(struct cw_backend_device *device, const struct cw_image *image,
                              const struct cw_sampler *sampler, uint64_t *object);
    /* Kernels in flight may still use the object: what it says stays as it is until image_create gives the number to
     * another one, which is the one destroyed longest ago. */
    void (*image_destroy)(struct cw_backend_device *device, uint64_t object);
    /* Optional. The contents of the allocation at `pointer` are not needed any more, its address still is: its pages
     * may go until they are written again. Without it they stay. */
    void (*memory_forget)(struct cw_backend_device *device, void *pointer, size_t size);

    /* Optional, both or none; without them other processes can't be given memory. Makes the allocation that begins at
     * `pointer` one that another process can map: gives a file descriptor, which stays the device's and lives as long as
     * the allocation, and where in it the allocation lies. Nothing runs on the device meanwhile. */
    cw_status (*memory_export)(struct cw_backend_device *device, void *pointer, int *file, uint64_t *offset);
    /* Maps `size` bytes that another process exported; memory_free ends that. The descriptor may be closed after. */
    cw_status (*memory_import)(struct cw_backend_device *device, int file, uint64_t offset, size_t size,
                               void **pointer);

    /* ---- Asynchronous work. Optional, from stream_create to copy_async all or none; without them the runtime runs one
     * operation of a stream after another on threads of its own, by the members above. With them it issues work and
     * goes on; `stream` orders what was issued to it. ---- */

    /* `priority` as CUDA counts: lower is more urgent. Nothing of the device's other streams waits for this one. */
    cw_status (*stream_create)(struct cw_backend_device *device, int priority, struct cw_backend_stream **stream);
    /* Nothing is pending in it. */
    void (*stream_destroy)(struct cw_backend_stream *stream);
    /* Waits until all that was issued is done, and output of kernels has been written as far as the device does that
     * itself. CW_ERROR_FAULT fills `fault`: the device is lost then. */
    cw_status (*stream_wait)(struct cw_backend_stream *stream, struct cw_fault *fault);
    /* True if nothing is pending, or waiting would fail. Never blocks. */
    bool (*stream_idle)(struct cw_backend_stream *stream);
    /* What is issued to `stream` from now on begins when all that was issued to `other` so far is done. Same device. */
    cw_status (*stream_follow)(struct cw_backend_stream *stream, struct cw_backend_stream *other);
    /* As `launch`, but returns when it is queued. */
    cw_status (*launch_async)(struct cw_backend_stream *stream, const struct cw_launch *launch, struct cw_fault *fault);
    /* As `fill` and `copy`. Host memory that neither host_alloc nor host_register knows is free for the caller when
     * copy_async from it returns; a copy to it may be done when stream_wait returns. */
    cw_status (*fill_async)(struct cw_backend_stream *stream, void *dst, uint32_t pattern, uint32_t pattern_size,
                            size_t count);
    cw_status (*copy_async)(struct cw_backend_stream *stream, void *dst, const void *src, size_t size,
                            enum cw_copy_kind kind);

    /* Optional, and only with streams: `height` rows of `width` bytes that lie `dst_pitch` and `src_pitch` bytes apart;
     * without it the runtime issues a copy a row. */
    cw_status (*copy_rows_async)(struct cw_backend_stream *stream, void *dst, size_t dst_pitch, const void *src,
                                 size_t src_pitch, size_t width, size_t height, enum cw_copy_kind kind);

    /* Optional, all or none, and only with streams; without them events are timed by the host's clock. An event that takes
     * the device's time: recorded again at will. */
    cw_status (*event_create)(struct cw_backend_device *device, struct cw_backend_event **event);
    void (*event_destroy)(struct cw_backend_event *event);
    cw_status (*event_record)(struct cw_backend_event *event, struct cw_backend_stream *stream);
    /* Waits until its last record has happened. */
    cw_status (*event_wait)(struct cw_backend_event *event);
    /* As stream_idle, of the event's last record. */
    bool (*event_idle)(struct cw_backend_event *event);
    /* What is issued to `stream` from now on begins when the event's last record has happened. */
    cw_status (*event_follow)(struct cw_backend_event *event, struct cw_backend_stream *stream);
    /* Milliseconds between the last records of both, which have happened. */
    cw_status (*event_elapsed)(struct cw_backend_event *from, struct cw_backend_event *to, double *ms);

    /* ---- Host memory. ---- */

    /* Optional, both or none: page-locked memory, aligned to pages; without them it is ordinary memory. */
    cw_status (*host_alloc)(struct cw_backend_device *device, size_t size, void **pointer);
    void (*host_free)(struct cw_backend_device *device, void *pointer);
    /* Optional, both or none; without them cudaHostRegister answers cudaErrorNotSupported unless unified_memory is 1. Locks
     * the pages of `size` bytes of the program's, some of which may be locked already; with reads_host_memory kernels use
     * them at the same address. */
    cw_status (*host_register)(struct cw_backend_device *device, void *pointer, size_t size);
    void (*host_unregister)(struct cw_backend_device *device, void *pointer, size_t size);
    /* Optional; without it, and unified_memory 0, the runtime moves managed memory itself (managed_migrate.c). Memory that
     * host and device use by one address, freed by memory_free. */
    cw_status (*managed_alloc)(struct cw_backend_device *device, size_t size, void **pointer);

    /* ---- Asking. ---- */

    /* Optional: one of CUDA's device attributes, by its number in enum cudaDeviceAttr. CW_ERROR_NOT_FOUND: the runtime
     * answers. */
    cw_status (*device_attribute)(struct cw_backend_device *device, uint32_t attribute, int *value);
    /* Optional. Cheap; may be asked of a device that is busy. */
    void (*device_state)(struct cw_backend_device *device, struct cw_device_state *state);
    /* Optional: blocks of that many threads and bytes of dynamic shared memory that one processor holds at once. */
    uint32_t (*kernel_active_blocks)(struct cw_backend_kernel *kernel, uint32_t block_size, size_t dynamic_shared);
    /* Optional: why `probe` answers 0, as a sentence for people; "" when it does not. */
    const char *(*problem)(void);
    /* Optional; without it copies between two devices go through the host. CW_ERROR_UNSUPPORTED: through the host. */
    cw_status (*copy_peer)(struct cw_backend_device *to, void *dst, struct cw_backend_device *from, const void *src,
                           size_t size);
    /* 1: the driver underneath heeds CUDA_VISIBLE_DEVICES, so device_count counts what it leaves; 0: the runtime does. */
    uint32_t heeds_visible_devices;

    /* Optional, all or none; without them devices reach each other's memory where both have the host's (unified_memory). Whether
     * kernels of `device` can use addresses of `peer`'s memory; from enabling to disabling they may. */
    bool (*peer_can)(struct cw_backend_device *device, struct cw_backend_device *peer);
    cw_status (*peer_enable)(struct cw_backend_device *device, struct cw_backend_device *peer);
    void (*peer_disable)(struct cw_backend_device *device, struct cw_backend_device *peer);
    /* Optional: why this kernel can't run here although the rest of its module can, as a sentence; NULL when it can. Lives as long
     * as the kernel. */
    const char *(*kernel_refusal)(struct cw_backend_kernel *kernel);

    /* Optional, and only with streams; without it the runtime waits for the stream and reads and writes the words itself. Issues up to
     * 256 operations, done in this order. */
    cw_status (*words_async)(struct cw_backend_stream *stream, const struct cw_word *words, uint32_t count);

    /* ---- Addresses and memory apart. Optional, all or none; without them the functions of virtual memory management answer
     * CUDA_ERROR_NOT_SUPPORTED. The runtime keeps account: what it asks for is in bounds, and sizes and addresses are multiples of the
     * granularity. ---- */

    /* Bytes; the least that works, or what is best. */
    size_t (*pages_granularity)(struct cw_backend_device *device, bool recommended);
    /* Memory without an address. `shareable`: pages_export will be asked of it. */
    cw_status (*pages_create)(struct cw_backend_device *device, size_t size, bool shareable,
                              struct cw_backend_pages **pages);
    /* Nothing maps them any more. */
    void (*pages_destroy)(struct cw_backend_pages *pages);
    /* A file descriptor, the caller's, that another process or this one can import. */
    cw_status (*pages_export)(struct cw_backend_pages *pages, int *file);
    /* The file may be closed after. `size` in bytes, 0 where nobody can tell. CW_ERROR_INVALID_ARGUMENT when it is none of memory. */
    cw_status (*pages_import)(struct cw_backend_device *device, int file, size_t *size,
                              struct cw_backend_pages **pages);
    /* Addresses without memory, near `wish` if that is not NULL. `alignment` is a power of two. */
    cw_status (*range_reserve)(struct cw_backend_device *device, size_t size, size_t alignment, void *wish,
                               void **pointer);
    void (*range_free)(struct cw_backend_device *device, void *pointer, size_t size);
    /* The first `size` bytes of the pages, at first without access for anybody. */
    cw_status (*range_map)(struct cw_backend_device *device, void *pointer, size_t size,
                           struct cw_backend_pages *pages);
    /* Whole mappings. The device is idle. */
    void (*range_unmap)(struct cw_backend_device *device, void *pointer, size_t size);
    /* Of kernels of this device, and of the runtime's copies and fills. Whole mappings. */
    cw_status (*range_access)(struct cw_backend_device *device, void *pointer, size_t size, bool read, bool write);

    /* Optional, both or none: an allocation for other processes by 64 bytes that the device's driver understands, where memory_export
     * has no file for what memory_alloc gives. */
    cw_status (*memory_handle)(struct cw_backend_device *device, void *pointer, uint8_t handle[64]);
    /* memory_free ends that. `size`: of the allocation. CW_ERROR_NOT_FOUND: the handle stands for nothing; CW_ERROR_INVALID_ARGUMENT: it
     * is of this process. */
    cw_status (*memory_open)(struct cw_backend_device *device, const uint8_t handle[64], void **pointer, size_t *size);
    /* Optional: memory_alloc for what memory_export shall give a file of, where not all memory can be. */
    cw_status (*memory_alloc_shareable)(struct cw_backend_device *device, size_t size, void **pointer);

    /* Optional: code of the same module for launches of the kernel with blocks of one shape alone (struct cw_lower_options), which run it from
     * now on, while others of the kernel may be in flight. One call at a time a kernel. `error` gets a sentence on failure; nothing has
     * changed then. The bytes may go after the call; the code goes with the module. */
    cw_status (*kernel_shape)(struct cw_backend_kernel *kernel, const struct cw_dim3 *block, const void *artifact, size_t size,
                              char *error, size_t error_size);
    /* Optional: of launches like this one, with its grid, block, shared memory and clusters, how many clusters run at once; or, `potential`,
     * how many blocks their clusters could have at most. -1: the runtime answers. */
    int32_t (*kernel_clusters)(struct cw_backend_kernel *kernel, const struct cw_launch *launch, bool potential);
};

/* Exported by a backend's shared object. Borrowed for ever. */
CW_API const struct cw_backend *cw_backend_entry(void);

#ifdef __cplusplus
}
#endif
#endif
