/* SPDX-License-Identifier: Apache-2.0 */
/* loading.c: see loading.h. One lock for all loading: compilers run one at a time, which they would on most machines. */
#include "runtime/loading.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "module/fatbin.h"
#include "runtime/allocation.h"
#include "runtime/elsewhere.h"
#include "runtime/prebuilt/fatbin.h"
#include "runtime/registry.h"
#include "runtime/thread.h"

/* Recursive: a backend that loads a module may run constructors that call CUDA again. */
static pthread_mutex_t loading_lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

void cw_rt_loading_lock(void) {
    pthread_mutex_lock(&loading_lock);
}

void cw_rt_loading_unlock(void) {
    pthread_mutex_unlock(&loading_lock);
}

/* ---- From image to container --------------------------------------------------------------------------------- */

/* `made` holds the container when it has to be made of PTX first. */
static cudaError_t find_container(const struct cw_rt_image *image, const void **bytes, size_t *size,
                                  struct cw_text *made, struct cw_text *reason) {
    uint8_t id[16];
    uint32_t magic = 0;
    if (image->data) {
        memcpy(&magic, image->data, sizeof magic);
    }
    if (magic == CW_FATBIN_MAGIC) {
        cudaError_t error = cw_rt_fatbin_container(image->data, 0, image->units, made, reason);
        *bytes = made->data;
        *size = made->size;
        return error;
    }
    if (image->data && cw_reference_read(image->data, id)) {
        *bytes = cw_rt_registry_container(id, size);
        if (*bytes) {
            return cudaSuccess;
        }
        cw_text_printf(reason, "the object that holds this program's kernels (id ");
        for (int i = 0; i < 16; i++) {
            cw_text_printf(reason, "%02x", id[i]);
        }
        cw_text_printf(reason, ") is not linked into it");
        return cudaErrorNoKernelImageForDevice;
    }
    *bytes = image->data;
    *size = image->data ? cw_container_size(image->data) : 0;
    if (*size > 0) {
        return cudaSuccess;
    }
    cw_text_printf(reason, "the kernels registered by this program are in no form that cuda-wasm knows; recompile it "
                           "with cuda-wasm");
    return cudaErrorInvalidKernelImage;
}

/* ---- From container to module -------------------------------------------------------------------------------- */

struct entries {
    struct cw_entry all[CW_CONTAINER_ENTRIES_MAX];
    uint32_t count;
    const struct cw_entry *table, *bitcode, *artifact;
};

/* Picks the parts to use: of several artifacts the one that the device likes best. */
static bool pick(struct cw_rt_device *device, const struct cw_backend *backend, const void *bytes, size_t size,
                 struct entries *entries) {
    int best = 0;
    entries->table = entries->bitcode = entries->artifact = NULL;
    if (cw_container_read(bytes, size, entries->all, &entries->count) != CW_OK) {
        return false;
    }
    for (uint32_t i = 0; i < entries->count; i++) {
        const struct cw_entry *entry = &entries->all[i];
        if (entry->kind == CW_ENTRY_TABLE) {
            entries->table = entry;
        } else if (entry->kind == CW_ENTRY_BITCODE) {
            entries->bitcode = entry;
        } else if (entry->kind == CW_ENTRY_ARTIFACT && strcmp(entry->name, backend->target) == 0) {
            int score = backend->artifact_score(device->backend, entry->cpu, entry->features);
            if (score > best) {
                best = score;
                entries->artifact = entry;
            }
        }
    }
    return true;
}

static cudaError_t load_entries(struct cw_rt_device *device, const struct cw_backend *backend,
                                const struct entries *entries, const struct cw_entry *bitcode, struct cw_rt_loaded *loaded,
                                struct cw_text *reason) {
    char error[1024] = "";
    if (!entries->table || cw_table_read(entries->table->data, entries->table->size, &loaded->table) != CW_OK) {
        cw_text_printf(reason, "the kernel table of this program is missing or damaged");
        return cudaErrorInvalidKernelImage;
    }
    cw_status status = backend->module_load(device->backend, entries->artifact->data, entries->artifact->size,
                                            &loaded->module, error, sizeof error);
    if (status == CW_OK) {
        loaded->shapes = cw_rt_shapes_keep(backend, bitcode, entries->artifact);
        return cudaSuccess;
    }
    cw_table_fini(&loaded->table);
    loaded->table = (struct cw_table){0};
    cw_text_printf(reason, "the kernels of this program could not be loaded: %s",
                   error[0] ? error : cw_status_text(status));
    return status == CW_ERROR_OUT_OF_MEMORY ? cudaErrorMemoryAllocation : cudaErrorInvalidKernelImage;
}

/* Bitcode first to an artifact, then loaded. */
static cudaError_t load_bitcode(struct cw_rt_device *device, const struct cw_backend *backend,
                                const struct cw_entry *bitcode, struct cw_rt_loaded *loaded, struct cw_text *left_out,
                                struct cw_text *reason) {
    struct cw_text container = {0};
    struct entries made;
    cudaError_t error = cudaErrorNoKernelImageForDevice;
    if (cw_rt_compile(device, backend, bitcode->data, bitcode->size, cw_rt_falls_back(), &container, reason)) {
        if (pick(device, backend, container.data, container.size, &made) && made.artifact) {
            cw_text_clear(reason);
            error = load_entries(device, backend, &made, bitcode, loaded, reason);
            for (uint32_t i = 0; i < made.count; i++) {
                if (strcmp(made.all[i].name, CW_RT_LEFT_OUT) == 0) {
                    cw_text_append(left_out, container.data, container.size);
                }
            }
        } else {
            cw_text_printf(reason, "the compiler's output does not fit this %s device", backend->name);
        }
    }
    cw_text_fini(&container);
    return error;
}

static cudaError_t load_parts(struct cw_rt_device *device, const struct cw_backend *backend, const void *bytes,
                              size_t size, struct cw_rt_loaded *loaded, struct cw_text *left_out, struct cw_text *reason) {
    struct entries entries;
    cudaError_t error;
    if (!pick(device, backend, bytes, size, &entries)) {
        cw_text_printf(reason, "the kernels embedded in this program are damaged or of another version of cuda-wasm");
        return cudaErrorInvalidKernelImage;
    }
    if (entries.artifact) {
        error = load_entries(device, backend, &entries, entries.bitcode, loaded, reason);
        if (error == cudaSuccess || error == cudaErrorMemoryAllocation || !entries.bitcode) {
            return error;
        }
    }
    if (entries.bitcode) {
        return load_bitcode(device, backend, entries.bitcode, loaded, left_out, reason);
    }
    cw_text_printf(reason, "this program holds no kernels for the %s device and no bitcode to make them from",
                   backend->name);
    return cudaErrorNoKernelImageForDevice;
}

/* ---- Binding the rows of the table to what was loaded -------------------------------------------------------- */

/* As bind_managed, on a device with memory of its own. The host's variable is locked, and kernels use it where it is; a module's
 * variable moves to managed memory, with what the code says it begins with. */
static cudaError_t bind_managed_apart(struct cw_rt_device *device, struct cw_rt_image *image,
                                      const struct cw_variable *variable, void *place, struct cw_text *reason) {
    const struct cw_backend *backend;
    void *address = image ? cw_rt_registry_managed_address(image, variable->name) : NULL;
    size_t size = (size_t)variable->size;
    if (cw_rt_backend(&backend) != cudaSuccess ||
        (image ? !backend->host_register || !device->facts.reads_host_memory : !backend->managed_alloc)) {
        cw_text_printf(reason, "the __managed__ variable %s needs a device that can use the host's memory", variable->name);
        return cudaErrorNotSupported;
    }
    if (image && !address) {
        cw_text_printf(reason, "the __managed__ variable %s is missing from this program's host code", variable->name);
        return cudaErrorInvalidKernelImage;
    }
    cw_status status;
    if (image) {
        status = backend->host_register(device->backend, address, size);
    } else {
        void *own;
        status = backend->copy(device->backend, &own, place, sizeof own, CW_COPY_DEVICE_TO_HOST);
        if (status == CW_OK) {
            status = backend->managed_alloc(device->backend, size, &address);
        }
        if (status == CW_OK) {
            status = backend->copy(device->backend, address, own, size, CW_COPY_DEVICE_TO_DEVICE);
            cw_rt_allocations_add(&device->allocations, address, size, CW_RT_MEMORY_MANAGED, 0);
        }
    }
    if (status == CW_OK) {
        status = backend->copy(device->backend, place, &address, sizeof address, CW_COPY_HOST_TO_DEVICE);
    }
    if (status != CW_OK) {
        cw_text_printf(reason, "the __managed__ variable %s can't be given to the device: %s", variable->name,
                       cw_status_text(status));
        return cw_rt_status_error(status);
    }
    return cudaSuccess;
}

/* The code's pointer to a managed variable begins to point to the host's variable. Code that was loaded without a host's, as a
 * module, keeps the variable that it has itself. */
static cudaError_t bind_managed(struct cw_rt_device *device, struct cw_rt_image *image,
                                const struct cw_variable *variable, void *place, struct cw_text *reason) {
    void *address;
    if (!device->facts.unified_memory) {
        return bind_managed_apart(device, image, variable, place, reason);
    }
    if (!image) {
        memcpy(&address, place, sizeof address);
        cw_rt_allocations_add(&device->allocations, address, (size_t)variable->size, CW_RT_MEMORY_MANAGED_VARIABLE, 0);
        return cudaSuccess;
    }
    address = cw_rt_registry_managed_address(image, variable->name);
    if (!address) {
        cw_text_printf(reason, "the __managed__ variable %s is missing from this program's host code", variable->name);
        return cudaErrorInvalidKernelImage;
    }
    if (cw_rt_registry_fill_managed(address)) {
        const void *value;
        memcpy(&value, place, sizeof value);
        memcpy(address, value, (size_t)variable->size);
    }
    memcpy(place, &address, sizeof address);
    return cudaSuccess;
}

bool cw_rt_loaded_place(const struct cw_backend *backend, const struct cw_rt_loaded *loaded,
                        const struct cw_variable *variable, void **pointer, size_t *size) {
    if (backend->variable_find(loaded->module, variable->name, pointer, size) != CW_OK) {
        return false;
    }
    void *place = *pointer;
    return !variable->managed || backend->copy(loaded->device->backend, pointer, place, sizeof *pointer,
                                               CW_COPY_DEVICE_TO_HOST) == CW_OK;
}

static cudaError_t bind_variables(struct cw_rt_device *device, const struct cw_backend *backend,
                                  struct cw_rt_image *image, struct cw_rt_loaded *loaded, struct cw_text *reason) {
    cudaError_t error = cudaSuccess;
    for (uint32_t i = 0; i < loaded->table.variable_count && error == cudaSuccess; i++) {
        const struct cw_variable *variable = &loaded->table.variables[i];
        void *pointer;
        size_t size;
        if (backend->variable_find(loaded->module, variable->name, &pointer, &size) != CW_OK) {
            continue;
        }
        if (variable->managed) {
            error = bind_managed(device, image, variable, pointer, reason);
        } else {
            /* Copies may name a variable by its address: the table of ranges must know it. */
            cw_rt_allocations_add(&device->allocations, pointer, size, CW_RT_MEMORY_VARIABLE, 0);
        }
    }
    return error;
}

/* Kernels that the device can't run get the CPU's code, where that may be: said once a kernel. `left_out`: a container that says why. */
static void bind_elsewhere(const struct cw_backend *backend, struct cw_rt_loaded *loaded, const void *container, size_t size,
                           const struct cw_text *left_out) {
    struct cw_text reason = {0};
    for (uint32_t i = 0; cw_rt_falls_back() && i < loaded->table.kernel_count; i++) {
        struct CUfunc_st *kernel = &loaded->kernels[i];
        char room[512];
        const char *why = kernel->backend && backend->kernel_refusal ? backend->kernel_refusal(kernel->backend) : NULL;
        if (!kernel->backend && left_out->size) {
            why = cw_rt_left_out(left_out->data, left_out->size, kernel->row->name, room, sizeof room);
        }
        if (!why) {
            continue;
        }
        if (!loaded->elsewhere && !cw_rt_elsewhere_load(loaded, container, size, &reason)) {
            cw_rt_log("the kernel %s can't run on the CPU instead of on %s: %s", kernel->row->name, backend->name,
                      cw_text_string(&reason));
            break;
        }
        kernel->elsewhere = cw_rt_elsewhere_has(loaded, kernel->row->name);
        cw_rt_log("the kernel %s runs on the CPU, with its data moved there and back: %s can't: %s", kernel->row->name,
                  backend->name, why);
    }
    cw_text_fini(&reason);
}

static cudaError_t bind(struct cw_rt_device *device, const struct cw_backend *backend, struct cw_rt_image *image,
                        struct cw_rt_loaded *loaded, struct cw_text *reason) {
    loaded->kernels = calloc(loaded->table.kernel_count ? loaded->table.kernel_count : 1, sizeof *loaded->kernels);
    loaded->handles = cw_rt_registry_add_image(NULL);
    if (!loaded->kernels || !loaded->handles) {
        cw_text_printf(reason, "no memory for the kernels of this program");
        return cudaErrorMemoryAllocation;
    }
    loaded->handles->handles = true;
    for (uint32_t i = 0; i < loaded->table.kernel_count; i++) {
        struct CUfunc_st *kernel = &loaded->kernels[i];
        kernel->device = device;
        kernel->loaded = loaded;
        kernel->row = &loaded->table.kernels[i];
        if (backend->kernel_find(loaded->module, kernel->row->name, &kernel->backend) != CW_OK) {
            kernel->backend = NULL;
        } else {
            backend->kernel_facts(kernel->backend, &kernel->facts);
        }
        uint32_t room = kernel->row->static_shared < CW_RT_SHARED_PER_BLOCK
                            ? CW_RT_SHARED_PER_BLOCK - kernel->row->static_shared
                            : 0;
        kernel->dynamic_shared_max = (int)room;
        kernel->carveout = cudaSharedmemCarveoutDefault;
    }
    return bind_variables(device, backend, image, loaded, reason);
}

/* Handles of kernels are known as their addresses are. */
static void note_kernels(struct cw_rt_device *device, struct cw_rt_loaded *loaded) {
    for (uint32_t i = 0; i < loaded->table.kernel_count; i++) {
        struct CUfunc_st *kernel = &loaded->kernels[i];
        if (kernel->backend || kernel->elsewhere) {
            cw_rt_registry_add_symbol(loaded->handles, kernel, kernel->row->name, CW_RT_SYMBOL_KERNEL);
            cw_rt_registry_note_kernel(kernel, device->ordinal, kernel);
        }
    }
}

cudaError_t cw_rt_load_container(struct cw_rt_device *device, struct cw_rt_image *image, const void *bytes, size_t size,
                                 struct cw_rt_loaded *loaded, struct cw_text *reason) {
    const struct cw_backend *backend;
    struct cw_text left_out = {0};
    loaded->device = device;
    cudaError_t error = cw_rt_backend(&backend);
    if (error == cudaSuccess) {
        error = load_parts(device, backend, bytes, size, loaded, &left_out, reason);
    }
    if (error == cudaSuccess) {
        error = bind(device, backend, image, loaded, reason);
    }
    if (error == cudaSuccess) {
        bind_elsewhere(backend, loaded, bytes, size, &left_out);
        note_kernels(device, loaded);
        cw_rt_loaded_note(loaded);
    }
    cw_text_fini(&left_out);
    return error;
}

static struct cw_rt_loaded *load(struct cw_rt_device *device, struct cw_rt_image *image) {
    struct cw_rt_loaded *loaded = image->loaded[device->ordinal];
    if (loaded) {
        return loaded;
    }
    const void *bytes = NULL;
    size_t size = 0;
    struct cw_text made = {0}, reason = {0};
    loaded = calloc(1, sizeof *loaded);
    if (!loaded) {
        return NULL;
    }
    loaded->error = find_container(image, &bytes, &size, &made, &reason);
    if (loaded->error == cudaSuccess) {
        loaded->error = cw_rt_load_container(device, image, bytes, size, loaded, &reason);
    }
    if (loaded->error != cudaSuccess) {
        cw_rt_say("%s", cw_text_string(&reason));
        loaded->reason = cw_text_take(&reason, NULL);
    }
    cw_text_fini(&made);
    cw_text_fini(&reason);
    image->loaded[device->ordinal] = loaded;
    return loaded;
}

/* ---- Looking up ---------------------------------------------------------------------------------------------- */

static cudaError_t load_of(struct cw_rt_device *device, struct cw_rt_image *image, struct cw_rt_loaded **loaded) {
    *loaded = load(device, image);
    if (!*loaded) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory to load this program's kernels");
    }
    if ((*loaded)->error != cudaSuccess) {
        return cw_rt_fail((*loaded)->error, "%s", (*loaded)->reason ? (*loaded)->reason : "");
    }
    return cudaSuccess;
}

cudaError_t cw_rt_image_load(struct cw_rt_device *device, struct cw_rt_image *image, struct cw_rt_loaded **loaded) {
    pthread_mutex_lock(&loading_lock);
    cudaError_t error = load_of(device, image, loaded);
    pthread_mutex_unlock(&loading_lock);
    return error;
}

static cudaError_t find_in(struct cw_rt_loaded *loaded, const char *name, struct CUfunc_st **kernel) {
    for (uint32_t i = 0; i < loaded->table.kernel_count; i++) {
        if (strcmp(loaded->table.kernels[i].name, name) != 0) {
            continue;
        }
        *kernel = &loaded->kernels[i];
        if ((*kernel)->backend || (*kernel)->elsewhere) {
            return cudaSuccess;
        }
        return cw_rt_fail(cudaErrorInvalidDeviceFunction,
                          "the kernel %s is missing from this program's code for the device", name);
    }
    return cw_rt_fail(cudaErrorInvalidDeviceFunction, "the kernel %s is not in this program's kernel table", name);
}

cudaError_t cw_rt_kernel_find(struct cw_rt_device *device, const void *host, struct CUfunc_st **kernel) {
    struct cw_rt_found found;
    if (!cw_rt_registry_find(host, true, device->ordinal, &found)) {
        return cw_rt_fail(cudaErrorInvalidDeviceFunction, "%p is not the address of a __global__ function", host);
    }
    *kernel = found.kernel;
    if (*kernel) {
        return cudaSuccess;
    }
    if (found.handle) {
        return cw_rt_fail(cudaErrorInvalidResourceHandle, "the kernel %s was loaded on another device", found.name);
    }
    struct cw_rt_loaded *loaded;
    pthread_mutex_lock(&loading_lock);
    cudaError_t error = load_of(device, found.image, &loaded);
    if (error == cudaSuccess) {
        error = find_in(loaded, found.name, kernel);
    }
    if (error == cudaSuccess) {
        cw_rt_registry_note_kernel(host, device->ordinal, *kernel);
    }
    pthread_mutex_unlock(&loading_lock);
    return error;
}

static cudaError_t find_variable(struct cw_rt_device *device, const struct cw_rt_found *found, void **pointer, size_t *size) {
    const struct cw_backend *backend;
    struct cw_rt_loaded *loaded;
    pthread_mutex_lock(&loading_lock);
    cudaError_t error = load_of(device, found->image, &loaded);
    if (error == cudaSuccess) {
        error = cw_rt_backend(&backend);
    }
    if (error == cudaSuccess && backend->variable_find(loaded->module, found->name, pointer, size) != CW_OK) {
        error = cw_rt_fail(cudaErrorInvalidSymbol, "the variable %s is not in this program's device code", found->name);
    }
    pthread_mutex_unlock(&loading_lock);
    return error;
}

cudaError_t cw_rt_variable_find(struct cw_rt_device *device, const void *host, void **pointer, size_t *size) {
    struct cw_rt_found found;
    if (!cw_rt_registry_find(host, false, device->ordinal, &found) || found.kind == CW_RT_SYMBOL_TEXTURE ||
        found.kind == CW_RT_SYMBOL_SURFACE) {
        return cw_rt_fail(cudaErrorInvalidSymbol, "%p is not the address of a __device__ or __constant__ variable",
                          host);
    }
    if (found.kind == CW_RT_SYMBOL_MANAGED) {
        *pointer = (void *)(uintptr_t)host;
        *size = found.size;
        return cudaSuccess;
    }
    return find_variable(device, &found, pointer, size);
}

cudaError_t cw_rt_reference_variable(struct cw_rt_device *device, const void *host, void **pointer) {
    struct cw_rt_found found;
    size_t size;
    return cw_rt_registry_find(host, false, device->ordinal, &found)
               ? find_variable(device, &found, pointer, &size)
               : cw_rt_fail(cudaErrorInvalidTexture, "%p is no texture or surface reference", host);
}

/* ---- Unloading ----------------------------------------------------------------------------------------------- */

void cw_rt_loaded_free(const struct cw_backend *backend, struct cw_rt_loaded *loaded) {
    cw_rt_loaded_forget(loaded);
    if (loaded->handles) {
        cw_rt_registry_drop_image(loaded->handles);
    }
    cw_rt_elsewhere_free(loaded);
    cw_rt_shapes_drop(loaded);
    if (loaded->module) {
        backend->module_unload(loaded->module);
    }
    for (uint32_t i = 0; loaded->kernels && i < loaded->table.kernel_count; i++) {
        free(loaded->kernels[i].old_launch);
    }
    cw_table_fini(&loaded->table);
    free(loaded->kernels);
    free(loaded->reason);
    free(loaded);
}

static struct cw_rt_loaded *to_unload;

static void collect(struct cw_rt_image *image, int device) {
    struct cw_rt_loaded *loaded = image->loaded[device];
    if (!loaded) {
        return;
    }
    image->loaded[device] = NULL;
    loaded->next = to_unload;
    to_unload = loaded;
}

void cw_rt_unload(struct cw_rt_device *device) {
    const struct cw_backend *backend;
    if (cw_rt_backend(&backend) != cudaSuccess) {
        return;
    }
    pthread_mutex_lock(&loading_lock);
    cw_rt_modules_close(device, 0);
    cw_rt_registry_forget(device->ordinal, collect);
    while (to_unload) {
        struct cw_rt_loaded *loaded = to_unload;
        to_unload = loaded->next;
        cw_rt_loaded_free(backend, loaded);
    }
    pthread_mutex_unlock(&loading_lock);
}
