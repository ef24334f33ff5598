/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loading.h: images turned into modules of a device: the best artifact of a container, or one that the compiler makes
 * of its bitcode now. Happens once an image and device; a failure is remembered, and said once.
 */
#ifndef CW_RUNTIME_LOADING_H
#define CW_RUNTIME_LOADING_H

#include "base/text.h"
#include "cuda/driver_types.h"
#include "cudawasm/cw_backend.h"
#include "module/module.h"
#include "runtime/device.h"
#include "runtime/shapes.h"

struct cw_rt_image;
struct cw_rt_old_launch;
struct cw_rt_elsewhere;

/* A kernel on a device; what cudaFunction_t and CUfunction point to. Lives as long as what it was loaded with. Its address
 * is registered as a symbol of its own, so that every function that takes a kernel's host address takes it too. */
struct CUfunc_st {
    struct cw_rt_device *device;
    struct cw_rt_loaded *loaded;
    const struct cw_kernel *row;
    struct cw_backend_kernel *backend; /* NULL: the device's code lacks it */
    bool elsewhere;                    /* it runs on the CPU (elsewhere.h) */
    struct cw_kernel_facts facts;
    /* cudaFuncSetAttribute */
    _Atomic int dynamic_shared_max;
    _Atomic int carveout;
    _Atomic int cluster_set[3]; /* blocks of a cluster; 0: not set */
    _Atomic int cluster_non_portable;
    _Atomic int cluster_policy; /* enum cudaClusterSchedulingPolicy */
    struct cw_rt_old_launch *old_launch; /* for cuLaunchGrid (driver/old_launch.c); NULL until used */
    struct cw_rt_shape shapes[CW_RT_SHAPES_MAX]; /* of blocks that it was launched with; rows stay */
    _Atomic uint32_t shape_count;
};

/* What was loaded from one container on one device: for an image of the program, for a library, or as a module of the
 * driver API, whose CUmodule points to it. */
struct cw_rt_loaded {
    struct cw_rt_loaded *next;
    struct cw_rt_loaded *everything_next; /* in module.c's list */
    struct cw_rt_device *device;
    uint64_t context;            /* of a module (context.h); 0: it belongs to an image */
    struct cw_rt_image *handles; /* registers the kernels' addresses */
    cudaError_t error;           /* and `reason`, when it could not be loaded */
    char *reason;
    struct cw_table table;
    struct cw_backend_module *module;
    struct cw_rt_elsewhere *elsewhere; /* its code for the CPU, where some of its kernels run; NULL: none does */
    struct CUfunc_st *kernels; /* one a row of the table */
    struct cw_rt_shapes *shapes; /* what code for single shapes of blocks is made of; NULL: none is made */
};

/* The kernel that a host address stands for. cudaErrorInvalidDeviceFunction when it is none. */
cudaError_t cw_rt_kernel_find(struct cw_rt_device *device, const void *host, struct CUfunc_st **kernel);
/* How many blocks of that many threads and bytes of dynamic shared memory one multiprocessor holds at once; 0 when none
 * fits (function.c). */
uint32_t cw_rt_kernel_active_blocks(const struct CUfunc_st *kernel, uint32_t block_size, size_t dynamic_shared);
/* Address and size of a device variable. cudaErrorInvalidSymbol when `host` is none. */
cudaError_t cw_rt_variable_find(struct cw_rt_device *device, const void *host, void **pointer, size_t *size);
/* Where the texture or surface reference lies whose structure on the host is at `host`. */
cudaError_t cw_rt_reference_variable(struct cw_rt_device *device, const void *host, void **pointer);
/* What is loaded of an image on a device, which is loaded now if need be. */
cudaError_t cw_rt_image_load(struct cw_rt_device *device, struct cw_rt_image *image, struct cw_rt_loaded **loaded);

/* Unloads it from every device. Nothing runs. */
void cw_rt_image_unload(struct cw_rt_image *image);
/* By name, in what is loaded: cudaErrorSymbolNotFound when it has no such kernel, no such variable. */
cudaError_t cw_rt_loaded_kernel(struct cw_rt_loaded *loaded, const char *name, struct CUfunc_st **kernel);
cudaError_t cw_rt_loaded_variable(struct cw_rt_loaded *loaded, const char *name, void **pointer, size_t *size);

/* ---- Modules: loaded by the program itself. cudaErrorInvalidResourceHandle when `module` is none (any more). ---- */

/* Loads a container on the device, for a context. On failure `reason` has a sentence. */
cudaError_t cw_rt_module_load(struct cw_rt_device *device, uint64_t context, const void *container, size_t size,
                              struct cw_rt_loaded **module, struct cw_text *reason);
/* Unloads a module that cw_rt_module_load gave. Nothing of the device runs. */
cudaError_t cw_rt_module_unload(struct cw_rt_loaded *module);
/* cudaErrorSymbolNotFound when it has no such kernel, no such variable. */
cudaError_t cw_rt_module_kernel(struct cw_rt_loaded *module, const char *name, struct CUfunc_st **kernel);
cudaError_t cw_rt_module_variable(struct cw_rt_loaded *module, const char *name, void **pointer, size_t *size);
/* The same of a texture reference, or a surface reference. */
cudaError_t cw_rt_module_reference(struct cw_rt_loaded *module, const char *name, bool is_surface, void **pointer);
/* All kernels, in the order of the table. */
cudaError_t cw_rt_module_kernels(struct cw_rt_loaded *module, struct CUfunc_st **kernels, uint32_t *count);
/* Unloads the modules of a context, or with 0 all of the device's. */
void cw_rt_modules_close(struct cw_rt_device *device, uint64_t context);

/* For loading.c: a new one, and one that is about to go. */
void cw_rt_loaded_note(struct cw_rt_loaded *loaded);
void cw_rt_loaded_forget(struct cw_rt_loaded *loaded);
/* For module.c: the lock of all loading (recursive); loading into `loaded`, which is zeroed, for an image or NULL; and
 * freeing it. */
void cw_rt_loading_lock(void);
void cw_rt_loading_unlock(void);
cudaError_t cw_rt_load_container(struct cw_rt_device *device, struct cw_rt_image *image, const void *bytes, size_t size,
                                 struct cw_rt_loaded *loaded, struct cw_text *reason);
void cw_rt_loaded_free(const struct cw_backend *backend, struct cw_rt_loaded *loaded);

/* Where a variable of what is loaded lies. False when the code has none of its name. */
bool cw_rt_loaded_place(const struct cw_backend *backend, const struct cw_rt_loaded *loaded,
                        const struct cw_variable *variable, void **pointer, size_t *size);

/* Unloads everything from a device on which nothing runs. */
void cw_rt_unload(struct cw_rt_device *device);

/* The path of a file of the installation, by its name from the runtime's folder on; malloc'd. */
char *cw_rt_installed_path(const char *name);
/* The compiler, opened when it is first needed. NULL, and a sentence in `reason`, when there is none. */
const struct cw_compiler_api *cw_rt_compiler_open(struct cw_text *reason);
/* Links kernel modules, given as bitcode, to one: a container with table and bitcode. False, and the diagnostics in
 * `reason`, when that can't be done. */
bool cw_rt_link(const struct cw_unit *units, size_t count, struct cw_text *container, struct cw_text *reason);
/* PTX, and what diagnostics call it. Borrowed. */
struct cw_rt_ptx {
    const char *name;
    const char *text;
    size_t size;
};
/* Compiles PTX, several modules linked to one, to a container with table and bitcode. False, and the diagnostics in
 * `reason`, when that can't be done. */
bool cw_rt_ptx_containers(const struct cw_rt_ptx *ptx, size_t count, struct cw_text *container, struct cw_text *reason);
/* Appends the container's kernels as PTX for sm_`architecture` (0: the device's), and the container behind it (container_text.c).
 * What can't be expressed in PTX is named there in a comment. `unit`: it is relocatable, and is linked later. False, and a sentence in `reason`, when there is no compiler or no
 * bitcode. */
bool cw_rt_ptx_text(const void *container, size_t size, unsigned architecture, bool unit, struct cw_text *out, struct cw_text *reason);
/* Lowers bitcode for a backend's target: a container with table and artifact, out of the cache if it is there (compile.c).
 * False, and a sentence in `reason`, when that can't be done. With `split` kernels that the target refuses are left out, as long as it
 * takes some: then the container has an artifact more, named CW_RT_LEFT_OUT, with lines "KERNEL why not". */
#define CW_RT_LEFT_OUT "left-out"
bool cw_rt_compile(const struct cw_rt_device *device, const struct cw_backend *backend, const void *bitcode, size_t size, bool split,
                   struct cw_text *container, struct cw_text *reason);
/* Why the kernel was left out of a container that cw_rt_compile made, in `room`; NULL when it was not. */
const char *cw_rt_left_out(const void *container, size_t size, const char *kernel, char *room, size_t room_size);

#endif
