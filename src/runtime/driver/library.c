/* SPDX-License-Identifier: Apache-2.0 */
/*
 * library.c: libraries of kernels that belong to no context (Driver API reference, "Library Management"), for the driver
 * API and the runtime API. A library is an image in the registry whose kernels' handles are its symbols: they are loaded
 * on a device when something of them is first used there, and every function that takes a kernel takes the handles too.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/driver/driver.h"
#include "runtime/driver/image.h"
#include "runtime/loading.h"
#include "runtime/registry.h"
#include "runtime/stream.h"

struct CUkern_st {
    CUlibrary library;
    const struct cw_kernel *row;
};

struct CUlib_st {
    struct CUlib_st *next;
    char *bytes; /* the container; owned */
    struct cw_rt_image *image;
    struct cw_table table;
    struct CUkern_st *kernels; /* one a row of the table */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct CUlib_st *libraries;

/* ---- Loading ----------------------------------------------------------------------------------------------------- */

static void library_free(struct CUlib_st *library) {
    cw_table_fini(&library->table);
    free(library->kernels);
    free(library->bytes);
    free(library);
}

/* Reads the kernel table of the container in `library->bytes`. */
static bool read_table(struct CUlib_st *library, size_t size) {
    struct cw_entry entries[CW_CONTAINER_ENTRIES_MAX];
    uint32_t count = 0;
    if (cw_container_read(library->bytes, size, entries, &count) != CW_OK) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (entries[i].kind == CW_ENTRY_TABLE) {
            return cw_table_read(entries[i].data, entries[i].size, &library->table) == CW_OK;
        }
    }
    return false;
}

static cudaError_t out_of_memory(void) {
    return cw_rt_fail(cudaErrorMemoryAllocation, "no memory for a library of kernels");
}

static cudaError_t make(const struct cw_driver_image *image, struct CUlib_st **place, struct cw_text *reason) {
    struct CUlib_st *library = calloc(1, sizeof *library);
    if (!library) {
        return out_of_memory();
    }
    library->bytes = malloc(image->size);
    if (library->bytes) {
        memcpy(library->bytes, image->container, image->size);
        if (!read_table(library, image->size)) {
            cw_text_add(reason, "this CUDA-WASM kernel module is damaged");
            library_free(library);
            return cudaErrorInvalidKernelImage;
        }
        library->kernels = calloc(library->table.kernel_count + 1, sizeof *library->kernels);
        library->image = library->kernels ? cw_rt_registry_add_image(library->bytes) : NULL;
    }
    if (!library->image) {
        library_free(library);
        return out_of_memory();
    }
    for (uint32_t i = 0; i < library->table.kernel_count; i++) {
        library->kernels[i] = (struct CUkern_st){library, &library->table.kernels[i]};
        cw_rt_registry_add_symbol(library->image, &library->kernels[i], library->kernels[i].row->name,
                                  CW_RT_SYMBOL_KERNEL);
    }
    pthread_mutex_lock(&lock);
    library->next = libraries;
    libraries = library;
    pthread_mutex_unlock(&lock);
    *place = library;
    return cudaSuccess;
}

struct request {
    const void *bytes;
    const char *path;
    bool file;
    unsigned jit_count, option_count;
    const CUjit_option *jit;
    void **jit_values;
    const CUlibraryOption *options;
};

static cudaError_t load(CUlibrary *place, const struct request *request) {
    struct cw_driver_jit jit;
    struct cw_driver_image image;
    struct cw_text reason = {0};
    cudaError_t error = cw_driver_place(place, "library");
    if (error == cudaSuccess) {
        error = cw_driver_jit_read(&jit, request->jit_count, request->jit, request->jit_values);
    }
    for (unsigned i = 0; error == cudaSuccess && i < request->option_count; i++) {
        if (!request->options || (int)request->options[i] < 0 || request->options[i] >= CU_LIBRARY_NUM_OPTIONS) {
            error = cw_rt_fail(cudaErrorInvalidValue, "option %u of the library is unknown", i);
        }
    }
    if (error != cudaSuccess) {
        return error;
    }
    error = request->file ? cw_driver_image_read(&image, request->path, &reason)
                          : cw_driver_image_open(&image, request->bytes, 0, &reason);
    if (error == cudaSuccess) {
        error = make(&image, place, &reason);
    }
    cw_driver_image_fini(&image);
    cw_driver_jit_report(&jit, &reason, error != cudaSuccess, 0);
    if (error != cudaSuccess && reason.size > 0) {
        cw_rt_fail(error, "%s", cw_text_string(&reason));
    }
    cw_text_fini(&reason);
    return error;
}

CUresult cuLibraryLoadData(CUlibrary *library, const void *code, CUjit_option *jit, void **jit_values,
                           unsigned jit_count, CUlibraryOption *options, void **values, unsigned count) {
    (void)values; /* flags: that the code stays where it is promises us nothing that we need */
    struct request request = {.bytes = code,
                              .jit_count = jit_count,
                              .option_count = count,
                              .jit = jit,
                              .jit_values = jit_values,
                              .options = options};
    return CW_DRIVER_PLAIN(load(library, &request));
}

CUresult cuLibraryLoadFromFile(CUlibrary *library, const char *path, CUjit_option *jit, void **jit_values,
                               unsigned jit_count, CUlibraryOption *options, void **values, unsigned count) {
    (void)values;
    struct request request = {.path = path,
                              .file = true,
                              .jit_count = jit_count,
                              .option_count = count,
                              .jit = jit,
                              .jit_values = jit_values,
                              .options = options};
    return CW_DRIVER_PLAIN(load(library, &request));
}

/* With the lock held. */
static struct CUlib_st **find_link(CUlibrary library) {
    struct CUlib_st **link = &libraries;
    while (*link && *link != library) {
        link = &(*link)->next;
    }
    return link;
}

static cudaError_t check(CUlibrary library) {
    pthread_mutex_lock(&lock);
    bool known = library && *find_link(library);
    pthread_mutex_unlock(&lock);
    return known ? cudaSuccess
                 : cw_rt_fail(cudaErrorInvalidResourceHandle, "the library was unloaded or never was one");
}

static cudaError_t check_kernel(CUkernel kernel) {
    bool known = false;
    pthread_mutex_lock(&lock);
    for (struct CUlib_st *library = libraries; library && !known; library = library->next) {
        known = kernel >= library->kernels && kernel < library->kernels + library->table.kernel_count;
    }
    pthread_mutex_unlock(&lock);
    return known ? cudaSuccess : cw_rt_fail(cudaErrorInvalidResourceHandle, "the handle is no kernel of a library");
}

/* The row of a library's kernel, or of one that cudaGetKernel gave, which is the host address of a kernel. */
static cudaError_t find_row(CUkernel kernel, const struct cw_kernel **row) {
    struct cw_rt_device *device;
    struct CUfunc_st *function;
    if (check_kernel(kernel) == cudaSuccess) {
        *row = kernel->row;
        return cudaSuccess;
    }
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_kernel_find(device, kernel, &function);
    }
    if (error == cudaSuccess) {
        *row = function->row;
    }
    return error;
}

/* What was loaded of the image goes with its devices; the image and its bytes stay for that. */
static cudaError_t unload(CUlibrary library) {
    cudaError_t error = check(library);
    if (error != cudaSuccess) {
        return error;
    }
    int count = 0;
    struct cw_rt_device *device;
    cw_rt_device_count(&count);
    for (int i = 0; i < count; i++) {
        if (cw_rt_device_at(i, &device) == cudaSuccess && atomic_load(&device->opened)) {
            cw_rt_device_synchronize(device);
        }
    }
    cw_rt_image_unload(library->image);
    cw_rt_registry_drop_image(library->image);
    pthread_mutex_lock(&lock);
    struct CUlib_st **link = find_link(library);
    *link = library->next;
    pthread_mutex_unlock(&lock);
    library_free(library);
    return cudaSuccess;
}

CUresult cuLibraryUnload(CUlibrary library) {
    return CW_DRIVER_PLAIN(unload(library));
}

/* ---- Kernels ----------------------------------------------------------------------------------------------------- */

static cudaError_t get_kernel(CUkernel *place, CUlibrary library, const char *name) {
    if (!place || !name) {
        return cw_rt_fail(cudaErrorInvalidValue, "a kernel needs a name and a place");
    }
    cudaError_t error = check(library);
    for (uint32_t i = 0; error == cudaSuccess && i < library->table.kernel_count; i++) {
        if (strcmp(library->kernels[i].row->name, name) == 0) {
            *place = &library->kernels[i];
            return cudaSuccess;
        }
    }
    return error != cudaSuccess ? error : cw_rt_fail(cudaErrorSymbolNotFound, "the library has no kernel %s", name);
}

CUresult cuLibraryGetKernel(CUkernel *kernel, CUlibrary library, const char *name) {
    return CW_DRIVER_PLAIN(get_kernel(kernel, library, name));
}

static cudaError_t kernel_count(unsigned *place, CUlibrary library) {
    cudaError_t error = cw_driver_place(place, "count");
    if (error == cudaSuccess) {
        error = check(library);
    }
    if (error == cudaSuccess) {
        *place = library->table.kernel_count;
    }
    return error;
}

CUresult cuLibraryGetKernelCount(unsigned *count, CUlibrary library) {
    return CW_DRIVER_PLAIN(kernel_count(count, library));
}

static cudaError_t enumerate(CUkernel *places, unsigned room, CUlibrary library) {
    cudaError_t error = cw_driver_place(places, "kernels");
    if (error == cudaSuccess) {
        error = check(library);
    }
    for (uint32_t i = 0; error == cudaSuccess && i < library->table.kernel_count && i < room; i++) {
        places[i] = &library->kernels[i];
    }
    return error;
}

CUresult cuLibraryEnumerateKernels(CUkernel *kernels, unsigned room, CUlibrary library) {
    return CW_DRIVER_PLAIN(enumerate(kernels, room, library));
}

static cudaError_t kernel_library(CUlibrary *place, CUkernel kernel) {
    cudaError_t error = cw_driver_place(place, "library");
    if (error == cudaSuccess) {
        error = check_kernel(kernel);
    }
    if (error == cudaSuccess) {
        *place = kernel->library;
    }
    return error;
}

CUresult cuKernelGetLibrary(CUlibrary *library, CUkernel kernel) {
    return CW_DRIVER_PLAIN(kernel_library(library, kernel));
}

static cudaError_t kernel_name(const char **place, CUkernel kernel) {
    const struct cw_kernel *row = NULL;
    cudaError_t error = cw_driver_place(place, "name");
    if (error == cudaSuccess) {
        error = find_row(kernel, &row);
    }
    if (error == cudaSuccess) {
        *place = row->name;
    }
    return error;
}

CUresult cuKernelGetName(const char **name, CUkernel kernel) {
    return CW_DRIVER_PLAIN(kernel_name(name, kernel));
}

static cudaError_t param_info(CUkernel kernel, size_t index, size_t *offset, size_t *size) {
    const struct cw_kernel *row = NULL;
    cudaError_t error = cw_driver_place(offset, "offset");
    if (error == cudaSuccess) {
        error = find_row(kernel, &row);
    }
    if (error == cudaSuccess && index >= row->param_count) {
        error = cw_rt_fail(cudaErrorInvalidValue, "%s has %u parameters", row->name, row->param_count);
    }
    if (error == cudaSuccess) {
        *offset = row->params[index].offset;
        if (size) {
            *size = row->params[index].size;
        }
    }
    return error;
}

CUresult cuKernelGetParamInfo(CUkernel kernel, size_t index, size_t *offset, size_t *size) {
    return CW_DRIVER_PLAIN(param_info(kernel, index, offset, size));
}

static cudaError_t kernel_function(CUfunction *place, CUkernel kernel) {
    struct cw_rt_device *device;
    cudaError_t error = cw_driver_place(place, "function");
    if (error == cudaSuccess) {
        error = cw_rt_device_current(&device);
    }
    return error != cudaSuccess ? error : cw_rt_kernel_find(device, kernel, place);
}

CUresult cuKernelGetFunction(CUfunction *function, CUkernel kernel) {
    return CW_DRIVER(kernel_function(function, kernel));
}

/* ---- What is loaded on the current device ------------------------------------------------------------------------ */

static cudaError_t loaded_here(CUlibrary library, struct cw_rt_loaded **loaded) {
    struct cw_rt_device *device;
    cudaError_t error = check(library);
    if (error == cudaSuccess) {
        error = cw_rt_device_current(&device);
    }
    return error != cudaSuccess ? error : cw_rt_image_load(device, library->image, loaded);
}

static cudaError_t get_module(CUmodule *place, CUlibrary library) {
    struct cw_rt_loaded *loaded = NULL;
    cudaError_t error = cw_driver_place(place, "module");
    if (error == cudaSuccess) {
        error = loaded_here(library, &loaded);
    }
    if (error == cudaSuccess) {
        *place = (CUmodule)loaded;
    }
    return error;
}

CUresult cuLibraryGetModule(CUmodule *module, CUlibrary library) {
    return CW_DRIVER(get_module(module, library));
}

static cudaError_t get_global(void **pointer, size_t *bytes, CUlibrary library, const char *name) {
    struct cw_rt_loaded *loaded = NULL;
    void *found = NULL;
    size_t size = 0;
    if (!name || (!pointer && !bytes)) {
        return cw_rt_fail(cudaErrorInvalidValue, "a variable needs a name and a place");
    }
    cudaError_t error = loaded_here(library, &loaded);
    if (error == cudaSuccess) {
        error = cw_rt_loaded_variable(loaded, name, &found, &size);
    }
    if (error == cudaSuccess && pointer) {
        *pointer = found;
    }
    if (error == cudaSuccess && bytes) {
        *bytes = size;
    }
    return error;
}

static cudaError_t get_global_address(CUdeviceptr *address, size_t *bytes, CUlibrary library, const char *name) {
    void *pointer = NULL;
    cudaError_t error = get_global(address ? &pointer : NULL, bytes, library, name);
    if (error == cudaSuccess && address) {
        *address = cw_driver_address(pointer);
    }
    return error;
}

CUresult cuLibraryGetGlobal(CUdeviceptr *pointer, size_t *bytes, CUlibrary library, const char *name) {
    return CW_DRIVER(get_global_address(pointer, bytes, library, name));
}

/* A __managed__ variable is found by its name like any other. */
CUresult cuLibraryGetManaged(CUdeviceptr *pointer, size_t *bytes, CUlibrary library, const char *name) {
    return CW_DRIVER(get_global_address(pointer, bytes, library, name));
}

static cudaError_t no_unified_function(CUlibrary library, const char *name) {
    cudaError_t error = check(library);
    return error != cudaSuccess ? error
                                : cw_rt_fail(cudaErrorSymbolNotFound, "the library has no unified function %s", name);
}

CUresult cuLibraryGetUnifiedFunction(void **function, CUlibrary library, const char *name) {
    return CW_DRIVER_PLAIN(function && name ? no_unified_function(library, name)
                                            : cw_driver_place(NULL, "function or its name"));
}

/* ---- The runtime API's names ------------------------------------------------------------------------------------- */

cudaError_t cudaLibraryLoadData(cudaLibrary_t *library, const void *code, enum cudaJitOption *jit, void **jit_values,
                                unsigned jit_count, enum cudaLibraryOption *options, void **values, unsigned count) {
    (void)values;
    struct request request = {.bytes = code,
                              .jit_count = jit_count,
                              .option_count = count,
                              .jit = (const CUjit_option *)jit,
                              .jit_values = jit_values,
                              .options = (const CUlibraryOption *)options};
    return cw_rt_record(load(library, &request));
}

cudaError_t cudaLibraryLoadFromFile(cudaLibrary_t *library, const char *path, enum cudaJitOption *jit,
                                    void **jit_values, unsigned jit_count, enum cudaLibraryOption *options,
                                    void **values, unsigned count) {
    (void)values;
    struct request request = {.path = path,
                              .file = true,
                              .jit_count = jit_count,
                              .option_count = count,
                              .jit = (const CUjit_option *)jit,
                              .jit_values = jit_values,
                              .options = (const CUlibraryOption *)options};
    return cw_rt_record(load(library, &request));
}

cudaError_t cudaLibraryUnload(cudaLibrary_t library) {
    return cw_rt_record(unload(library));
}

cudaError_t cudaLibraryGetKernel(cudaKernel_t *kernel, cudaLibrary_t library, const char *name) {
    return cw_rt_record(get_kernel(kernel, library, name));
}

cudaError_t cudaLibraryGetUnifiedFunction(void **function, cudaLibrary_t library, const char *name) {
    return cw_rt_record(function && name
                            ? no_unified_function(library, name)
                            : cw_rt_fail(cudaErrorInvalidValue, "the place for the function or its name is NULL"));
}

cudaError_t cudaLibraryGetKernelCount(unsigned *count, cudaLibrary_t library) {
    return cw_rt_record(kernel_count(count, library));
}

cudaError_t cudaLibraryEnumerateKernels(cudaKernel_t *kernels, unsigned room, cudaLibrary_t library) {
    return cw_rt_record(enumerate(kernels, room, library));
}

cudaError_t cudaLibraryGetGlobal(void **pointer, size_t *bytes, cudaLibrary_t library, const char *name) {
    return cw_rt_record(get_global(pointer, bytes, library, name));
}

cudaError_t cudaLibraryGetManaged(void **pointer, size_t *bytes, cudaLibrary_t library, const char *name) {
    return cw_rt_record(get_global(pointer, bytes, library, name));
}
