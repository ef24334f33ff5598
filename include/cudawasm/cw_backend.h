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
 * Ownership: what a `_open`, `_alloc`, `_load` returns belongs to the runtime until the matching `_close`, `_free`,
 * `_unload`. Strings passed in are borrowed during the call; strings returned live as long as their object.
 */
#ifndef CUDAWASM_CW_BACKEND_H
#define CUDAWASM_CW_BACKEND_H

#include "cw.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CW_BACKEND_ABI 2u

struct cw_backend_device; /* defined by each backend */
struct cw_backend_module;
struct cw_backend_kernel;

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
};

enum cw_copy_kind { CW_COPY_HOST_TO_DEVICE, CW_COPY_DEVICE_TO_HOST, CW_COPY_DEVICE_TO_DEVICE };

enum cw_device_limit { CW_LIMIT_MALLOC_HEAP, CW_LIMIT_PRINTF_FIFO, CW_LIMIT_STACK, CW_LIMIT_PENDING_LAUNCHES };

/* What device code asks of CUDA's runtime: the intrinsic cw.ask. */
enum cw_device_question {
    CW_ASK_ATTRIBUTE,    /* cudaDeviceGetAttribute; the argument is the attribute */
    CW_ASK_LIMIT,        /* cudaDeviceGetLimit */
    CW_ASK_ERROR_NAME,   /* cudaGetErrorName: the string's address; the argument is the error */
    CW_ASK_ERROR_TEXT,   /* cudaGetErrorString */
    CW_ASK_DEVICE,       /* cudaGetDevice */
    CW_ASK_DEVICE_COUNT, /* cudaGetDeviceCount */
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

struct cw_backend {
    uint32_t abi_version; /* CW_BACKEND_ABI */
    uint32_t struct_size; /* sizeof(struct cw_backend) */
    const char *name;     /* "cpu": CUDA_WASM_BACKEND's word */
    const char *target;   /* the target whose artifacts it loads */

    /* Required. How well this backend serves here: 0, not at all (no driver, no device); the CPU answers 1. Cheap. */
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

    /* Required. Memory aligned to 256 bytes or more, contents undefined. CW_ERROR_OUT_OF_MEMORY when there is none. */
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
};

/* Exported by a backend's shared object. Borrowed for ever. */
CW_API const struct cw_backend *cw_backend_entry(void);

#ifdef __cplusplus
}
#endif
#endif
