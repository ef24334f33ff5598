/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cw.h: the public vocabulary of CUDA-WASM, and its compiler.
 *
 * CUDA's own headers (include/cuda) are the interface wherever CUDA has a word for a thing. This header holds what
 * CUDA has no word for: status codes, kernel modules, lowering a module to a target, and looking inside one.
 *
 * The compiler lives in libcudawasm-compiler.so, which links LLVM. A program that only runs compiled kernels never
 * loads it; whoever needs it opens the library and asks for one table of functions:
 *
 *     const struct cw_compiler_api *api = cw_compiler_api(CW_COMPILER_ABI);      (symbol of libcudawasm-compiler.so)
 *
 * Thread rules: a `cw_compiler` is used by one thread at a time; different compilers are independent.
 */
#ifndef CUDAWASM_CW_H
#define CUDAWASM_CW_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define CW_API __attribute__((visibility("default")))
#define CW_MUST_USE __attribute__((warn_unused_result))
#else
#define CW_API
#define CW_MUST_USE
#endif

/* The version of the project, of its containers' producers and of its cache keys. */
#define CW_VERSION_MAJOR 0
#define CW_VERSION_MINOR 1
#define CW_VERSION_PATCH 0
#define CW_VERSION "0.1.0"

/* What a function of ours reports. The text is a sentence fragment for people; detail comes from the context object. */
#define CW_STATUS_LIST(X)                                                                                    \
    X(CW_OK, "no error")                                                                                     \
    X(CW_ERROR_INVALID_ARGUMENT, "invalid argument")                                                         \
    X(CW_ERROR_OUT_OF_MEMORY, "out of memory")                                                               \
    X(CW_ERROR_NOT_FOUND, "not found")                                                                       \
    X(CW_ERROR_UNSUPPORTED, "not supported")                                                                 \
    X(CW_ERROR_COMPILE, "the program does not compile")                                                      \
    X(CW_ERROR_BAD_MODULE, "damaged or foreign kernel module")                                               \
    X(CW_ERROR_MISSING_TOOL, "a tool that is needed is not installed")                                       \
    X(CW_ERROR_IO, "input or output failed")                                                                 \
    X(CW_ERROR_LAUNCH, "the kernel could not be launched")                                                   \
    X(CW_ERROR_FAULT, "the kernel faulted")                                                                  \
    X(CW_ERROR_INTERNAL, "internal error")

typedef enum cw_status {
#define X(name, text) name,
    CW_STATUS_LIST(X)
#undef X
} cw_status;

/* One dimension triple, as CUDA's dim3. */
struct cw_dim3 {
    uint32_t x, y, z;
};

/* ---- Inspection: what a kernel module holds ------------------------------------------------------------------ */

/* A kernel parameter as the source declared it: the launch ABI is this layout, never LLVM's arguments. Bytes. */
struct cw_parameter {
    uint32_t offset;
    uint32_t size;
    uint32_t align;
};

/* What a kernel uses; targets that lack a feature refuse the kernel by that name. One X row: bit name, text. */
#define CW_FEATURE_LIST(X)                                                                                   \
    X(CW_FEATURE_BARRIER, "barrier")                                                                         \
    X(CW_FEATURE_WARP, "warp collectives")                                                                   \
    X(CW_FEATURE_ATOMIC, "atomics")                                                                          \
    X(CW_FEATURE_SHARED, "static shared memory")                                                             \
    X(CW_FEATURE_DYNAMIC_SHARED, "dynamic shared memory")                                                    \
    X(CW_FEATURE_DOUBLE, "double")                                                                           \
    X(CW_FEATURE_INT64, "64-bit integers")                                                                   \
    X(CW_FEATURE_HALF, "half")                                                                               \
    X(CW_FEATURE_PRINTF, "printf")                                                                           \
    X(CW_FEATURE_ASSERT, "assert")                                                                           \
    X(CW_FEATURE_MALLOC, "device malloc")                                                                    \
    X(CW_FEATURE_RECURSION, "recursion")                                                                     \
    X(CW_FEATURE_INDIRECT_CALL, "indirect calls")                                                            \
    X(CW_FEATURE_VOLATILE, "volatile accesses")                                                              \
    X(CW_FEATURE_POLLING, "polling loops")                                                                   \
    X(CW_FEATURE_MATH, "math library")                                                                       \
    X(CW_FEATURE_CLOCK, "clock")                                                                             \
    X(CW_FEATURE_FENCE, "memory fences")                                                                     \
    X(CW_FEATURE_GRID_BARRIER, "grid synchronisation")                                                       \
    X(CW_FEATURE_CHILD_LAUNCH, "kernel launches")                                                       \
    X(CW_FEATURE_IMAGE, "textures and surfaces")                                                             \
    X(CW_FEATURE_ATOMIC128, "128-bit atomics")                                                               \
    X(CW_FEATURE_CLUSTER, "clusters of several blocks")

enum cw_feature_index {
#define X(name, text) name##_INDEX,
    CW_FEATURE_LIST(X)
#undef X
    CW_FEATURE_COUNT
};
enum cw_feature {
#define X(name, text) name = 1u << name##_INDEX,
    CW_FEATURE_LIST(X)
#undef X
};

/* One row of the kernel table. Strings and arrays are borrowed from the module and live as long as it does. */
struct cw_kernel {
    const char *name;      /* as the linker knows it (mangled for C++) */
    const char *source;    /* file that defines it; "" when unknown */
    uint32_t line;         /* 1-based; 0 when unknown */
    uint32_t features;     /* set of enum cw_feature */
    uint32_t static_shared; /* bytes of static __shared__ memory */
    uint32_t shared_align; /* alignment that shared memory needs, bytes, at least 1 */
    uint32_t max_threads;  /* __launch_bounds__ first argument; 0 when not given */
    uint32_t min_blocks;   /* __launch_bounds__ second argument; 0 when not given */
    uint32_t param_count;
    uint32_t param_bytes;  /* size of the packed parameter buffer */
    const struct cw_parameter *params;
    struct cw_dim3 cluster; /* blocks of a cluster, __cluster_dims__; 0 when not given */
    uint32_t cluster_max;   /* the most blocks that a cluster may have (PTX: .maxclusterrank); 0 when not given */
    uint32_t cluster_needed; /* 1: launches must say the cluster's dimensions (PTX: .explicitcluster alone) */
};

/* What a variable is that holds the number of an object: a texture reference, a surface reference, or neither. */
enum cw_reference { CW_REFERENCE_NONE, CW_REFERENCE_TEXTURE, CW_REFERENCE_SURFACE };

/* One device variable (__device__, __constant__ or __managed__). Of a managed one the artifact has a pointer to it by the
 * variable's name, which whoever loads the artifact fills in. */
struct cw_variable {
    const char *name;
    uint64_t size;     /* bytes */
    uint32_t align;    /* bytes */
    uint32_t constant; /* 1 for __constant__ */
    uint32_t managed;  /* 1 for __managed__ */
    uint32_t reference; /* enum cw_reference */
};

/* ---- The compiler ------------------------------------------------------------------------------------------- */

struct cw_compiler; /* a compile session: LLVM context, diagnostics */
struct cw_module;   /* a kernel module in memory: LLVM module plus kernel table */

/* How a module is lowered. Zero-initialise, then set what differs; `size` is sizeof of the struct as the caller
 * knows it. Strings are borrowed during the call. */
struct cw_lower_options {
    uint32_t size;
    const char *target;   /* "cpu" or "wasm" */
    const char *cpu;      /* LLVM CPU name; NULL: the host's, or the target's usual one; "x86-64-v3" and the like for portable artifacts */
    const char *features; /* LLVM feature string; NULL: those of `cpu` */
    int opt_level;        /* 0 to 3 */
    int scalar;           /* 1: every thread runs on its own, the reference; 0: threads become vector lanes where they can */
    const char *symbol;   /* of the artifact in the program that it is linked into (target "wasm"); NULL: the target's usual one */
    const char *const *without; /* kernels that are left out, by name: the table keeps them, the artifact has none of them */
    uint32_t without_count;
    /* Code for launches with blocks of this shape alone; 0 in x: of any shape (target "cpu"). The artifact has the one kernel that isn't left
     * out and none of the module's variables: it shares those of the artifact for any shape that it is loaded beside. */
    struct cw_dim3 block;
};

/* What `emit` writes. */
enum cw_emit_form {
    CW_EMIT_ARTIFACT, /* what the target's backend loads */
    CW_EMIT_ASSEMBLY, /* text for people */
    CW_EMIT_LLVM,     /* the lowered LLVM IR, as text */
    CW_EMIT_MODULE_LLVM, /* the kernel module's own IR, before any target, as text */
    CW_EMIT_SIGNATURES, /* text: JSON, the kernels' parameters by their source's names and types (src/module/ir/signature.c); for any
                         * target; the front end must have kept type information */
    CW_EMIT_NOTES, /* text: for each kernel "kernel SYMBOL: how it runs", then lines "FILE:LINE: what slows it down", maybe none */
};

/* Bytes that the callee allocated with malloc; the caller frees `data`. */
struct cw_bytes {
    void *data;
    size_t size;
};

/* The device code of one object that is linked with others'. Borrowed. */
struct cw_unit {
    const char *name; /* of the object, for diagnostics */
    const void *bitcode;
    size_t size;
};

#define CW_COMPILER_ABI 1u

/* The compiler's functions. Every function that fails leaves its reason in `log`. */
struct cw_compiler_api {
    uint32_t abi_version;
    uint32_t struct_size;

    /* A new session. NULL when out of memory. */
    struct cw_compiler *(*create)(void);
    void (*destroy)(struct cw_compiler *compiler);
    /* The session's diagnostics so far, "" when none. Borrowed until the next call on the session. */
    const char *(*log)(struct cw_compiler *compiler);

    /* LLVM bitcode from the CUDA front end (an NVPTX triple, passes off) to a kernel module: checks that only what the
     * waist allows is in it, and builds the kernel table. CW_ERROR_UNSUPPORTED names each construct and its line. */
    cw_status (*import_bitcode)(struct cw_compiler *compiler, const void *bitcode, size_t size, struct cw_module **module);
    void (*module_destroy)(struct cw_module *module);

    uint32_t (*kernel_count)(const struct cw_module *module);
    const struct cw_kernel *(*kernel)(const struct cw_module *module, uint32_t index);
    uint32_t (*variable_count)(const struct cw_module *module);
    const struct cw_variable *(*variable)(const struct cw_module *module, uint32_t index);

    /* Lowers a copy of the module and writes it in `form`. */
    cw_status (*emit)(struct cw_compiler *compiler, const struct cw_module *module, const struct cw_lower_options *options,
                      enum cw_emit_form form, struct cw_bytes *out);

    /* A native relocatable object that registers `container` (the bytes of a module container) under `id` with the
     * runtime when its program starts. `position` of the bytes is the object's read-only data. */
    cw_status (*embed)(struct cw_compiler *compiler, const uint8_t id[16], const void *container, size_t size,
                       struct cw_bytes *object);

    /* The kernel module itself as bitcode, for a container's portable entry. */
    cw_status (*module_bitcode)(struct cw_compiler *compiler, const struct cw_module *module, struct cw_bytes *out);

    /* What clang's host pass made of the same source, as bitcode from before any optimisation, made fit for linking: managed
     * variables of `module` (NULL: none) get their values, and device code that is not linked registers itself. */
    cw_status (*adapt_host)(struct cw_compiler *compiler, const struct cw_module *module, const void *bitcode, size_t size,
                            struct cw_bytes *out);

    /* The host's LLVM CPU name and feature string; borrowed until the session ends. */
    const char *(*host_cpu)(struct cw_compiler *compiler);
    const char *(*host_features)(struct cw_compiler *compiler);

    /* ---- Separate compilation (NVCC manual, "Using Separate Compilation") ---- */

    /* As import_bitcode, of a unit that is linked later: what it leaves to be defined elsewhere is no fault. The module
     * serves adapt_host and inspection; what is linked is the bitcode. */
    cw_status (*import_unit)(struct cw_compiler *compiler, const void *bitcode, size_t size, struct cw_module **module);
    /* A native relocatable object whose section .cw_device holds `container`, for device linking; linkers leave the
     * section out of what they link in the end. */
    cw_status (*embed_unit)(struct cw_compiler *compiler, const void *container, size_t size, struct cw_bytes *object);
    /* One kernel module of `count` units. Diagnostics name symbols that are missing or defined twice, and their units. */
    cw_status (*link_units)(struct cw_compiler *compiler, const struct cw_unit *units, size_t count,
                            struct cw_module **module);
    /* The object that a device link writes: it carries `container` and defines each of the `count` functions that the
     * units' host code calls to register with it. */
    cw_status (*embed_linked)(struct cw_compiler *compiler, const char *const *functions, size_t count,
                              const void *container, size_t size, struct cw_bytes *object);

    /* The symbol that the name expression `index` of an NVRTC program stands for; NULL when it stands for none. Borrowed
     * from the module. */
    const char *(*lowered_name)(const struct cw_module *module, uint32_t index);

    /* ---- PTX (PTX ISA) ---- */

    /* PTX text to a kernel module. `unit` is 1 for one that is linked later, as import_unit's. Diagnostics, warnings among
     * them, call the text `name` and show its lines. CW_ERROR_COMPILE: it is no PTX; CW_ERROR_UNSUPPORTED: it asks for what
     * there is not. */
    cw_status (*import_ptx)(struct cw_compiler *compiler, const char *text, size_t size, const char *name, int unit,
                            struct cw_module **module);

    /* ---- WebAssembly ---- */

    /* As `embed`, for a WebAssembly program whose kernels are linked in: also registers the artifact `symbol`, which `emit`
     * wrote for the target "wasm", under the id. With `functions` the container is that of a device link, as in `embed_linked`. */
    cw_status (*embed_wasm)(struct cw_compiler *compiler, const uint8_t id[16], const char *symbol, const char *const *functions,
                            size_t count, const void *container, size_t size, struct cw_bytes *object);

    /* What each target expresses, refuses and does otherwise than CUDA, as Markdown. */
    void (*target_matrix)(struct cw_bytes *out);
    /* ---- Other machines ---- */

    /* Artifacts of the target "cpu" and native objects are for the machine with this LLVM triple from now on; NULL: for this one.
     * Artifacts need a `cpu` then. */
    void (*set_triple)(struct cw_compiler *compiler, const char *triple);

    /* The module as PTX that NVIDIA's driver loads by itself, for the architecture `architecture` (80 for sm_80; 0: that; not below
     * 70). CW_ERROR_UNSUPPORTED when it can't be expressed in PTX: `text` is then a PTX module without anything in it but a
     * comment that names each reason. */
    cw_status (*ptx_text)(struct cw_compiler *compiler, const struct cw_module *module, unsigned architecture, int opt_level,
                          struct cw_bytes *text);
};

/* Exported by libcudawasm-compiler.so. NULL when it cannot serve `abi_version`. */
CW_API const struct cw_compiler_api *cw_compiler_api(uint32_t abi_version);

/* ---- Served by the runtime library (libcudawasm.so) ---------------------------------------------------------- */

/* The words for a status. Never NULL. */
CW_API const char *cw_status_text(cw_status status);

/* What is known of this thread's last failed CUDA call beyond its code (for example the kernel, block and thread
 * that faulted). "" when nothing. Borrowed until the thread's next CUDA call. */
CW_API const char *cw_last_error_detail(void);

/* The share of `count` items that device `ordinal` gets when all devices of the program work on them together: items `*first` to
 * `*first + *share` - 1. Shares follow the devices' speed (multiprocessors times clock), are consecutive in the order of the
 * devices, cover all items, and with one device are everything. CW_ERROR_NOT_FOUND when there is no such device,
 * CW_ERROR_INVALID_ARGUMENT when a pointer is NULL. Any thread. */
CW_API cw_status cw_distribute_range(uint64_t count, int ordinal, uint64_t *first, uint64_t *share);

#ifdef __cplusplus
}
#endif
#endif
