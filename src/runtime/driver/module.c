/* SPDX-License-Identifier: Apache-2.0 */
/* module.c: the driver API's modules; a CUmodule points to what runtime/module.c loaded. */
#include "runtime/driver/driver.h"
#include "runtime/driver/image.h"
#include "runtime/loading.h"
#include "runtime/stream.h"
#include "runtime/wait.h"

/* ---- Loading ----------------------------------------------------------------------------------------------------- */

/* Where a module comes from: bytes, or the file `path`. */
struct source {
    const void *bytes;
    const char *path;
    bool file;
};

static cudaError_t load_now(CUmodule *place, const struct source *source, struct cw_text *reason) {
    struct cw_driver_image image;
    struct cw_rt_device *device;
    struct cw_rt_loaded *loaded = NULL;
    cudaError_t error = cw_rt_device_current(&device);
    if (error != cudaSuccess) {
        return error;
    }
    error = source->file ? cw_driver_image_read(&image, source->path, reason)
                         : cw_driver_image_open(&image, source->bytes, 0, reason);
    if (error == cudaSuccess) {
        error = cw_rt_module_load(device, cw_rt_context_id(), image.container, image.size, &loaded, reason);
    }
    cw_driver_image_fini(&image);
    if (error != cudaSuccess) {
        return cw_rt_fail(error, "%s", cw_text_string(reason));
    }
    *place = (CUmodule)loaded;
    return cudaSuccess;
}

static cudaError_t load(CUmodule *place, const struct source *source, unsigned count, const CUjit_option *options,
                        void **values) {
    struct cw_driver_jit jit;
    struct cw_text reason = {0};
    cudaError_t error = cw_driver_place(place, "module");
    if (error == cudaSuccess) {
        error = cw_driver_jit_read(&jit, count, options, values);
    }
    if (error != cudaSuccess) {
        return error;
    }
    uint64_t start = cw_rt_now_ns();
    error = load_now(place, source, &reason);
    cw_driver_jit_report(&jit, &reason, error != cudaSuccess, (float)(cw_rt_now_ns() - start) * 1e-6f);
    cw_text_fini(&reason);
    return error;
}

CUresult cuModuleLoad(CUmodule *module, const char *path) {
    return CW_DRIVER(load(module, &(struct source){.path = path, .file = true}, 0, NULL, NULL));
}

CUresult cuModuleLoadData(CUmodule *module, const void *image) {
    return CW_DRIVER(load(module, &(struct source){.bytes = image}, 0, NULL, NULL));
}

CUresult cuModuleLoadDataEx(CUmodule *module, const void *image, unsigned count, CUjit_option *options, void **values) {
    return CW_DRIVER(load(module, &(struct source){.bytes = image}, count, options, values));
}

CUresult cuModuleLoadFatBinary(CUmodule *module, const void *image) {
    return CW_DRIVER(load(module, &(struct source){.bytes = image}, 0, NULL, NULL));
}

static cudaError_t unload(CUmodule module) {
    struct cw_rt_device *device;
    cudaError_t error = cw_rt_device_current(&device);
    if (error != cudaSuccess) {
        return error;
    }
    cw_rt_device_synchronize(device);
    cw_rt_device_flush(device);
    return cw_rt_module_unload((struct cw_rt_loaded *)module);
}

CUresult cuModuleUnload(CUmodule module) {
    return CW_DRIVER(unload(module));
}

static cudaError_t loading_mode(CUmoduleLoadingMode *mode) {
    cudaError_t error = cw_driver_place(mode, "mode");
    if (error == cudaSuccess) {
        *mode = CU_MODULE_EAGER_LOADING;
    }
    return error;
}

CUresult cuModuleGetLoadingMode(CUmoduleLoadingMode *mode) {
    return CW_DRIVER_PLAIN(loading_mode(mode));
}

/* ---- Looking up -------------------------------------------------------------------------------------------------- */

static cudaError_t get_function(CUfunction *place, CUmodule module, const char *name) {
    if (!place || !name) {
        return cw_rt_fail(cudaErrorInvalidValue, "a function needs a name and a place");
    }
    return cw_rt_module_kernel((struct cw_rt_loaded *)module, name, place);
}

CUresult cuModuleGetFunction(CUfunction *function, CUmodule module, const char *name) {
    return CW_DRIVER(get_function(function, module, name));
}

static cudaError_t function_count(unsigned *place, CUmodule module) {
    struct CUfunc_st *kernels;
    uint32_t count = 0;
    cudaError_t error = cw_driver_place(place, "count");
    if (error == cudaSuccess) {
        error = cw_rt_module_kernels((struct cw_rt_loaded *)module, &kernels, &count);
    }
    if (error == cudaSuccess) {
        *place = count;
    }
    return error;
}

CUresult cuModuleGetFunctionCount(unsigned *count, CUmodule module) {
    return CW_DRIVER(function_count(count, module));
}

static cudaError_t enumerate(CUfunction *places, unsigned room, CUmodule module) {
    struct CUfunc_st *kernels = NULL;
    uint32_t count = 0;
    cudaError_t error = cw_driver_place(places, "functions");
    if (error == cudaSuccess) {
        error = cw_rt_module_kernels((struct cw_rt_loaded *)module, &kernels, &count);
    }
    for (uint32_t i = 0; error == cudaSuccess && i < count && i < room; i++) {
        places[i] = &kernels[i];
    }
    return error;
}

CUresult cuModuleEnumerateFunctions(CUfunction *functions, unsigned room, CUmodule module) {
    return CW_DRIVER(enumerate(functions, room, module));
}

/* Either place may be NULL, as CUDA says. */
static cudaError_t get_global(CUdeviceptr *pointer, size_t *bytes, CUmodule module, const char *name) {
    void *found = NULL;
    size_t size = 0;
    if (!name || (!pointer && !bytes)) {
        return cw_rt_fail(cudaErrorInvalidValue, "a variable needs a name and a place");
    }
    cudaError_t error = cw_rt_module_variable((struct cw_rt_loaded *)module, name, &found, &size);
    if (error == cudaSuccess && pointer) {
        *pointer = cw_driver_address(found);
    }
    if (error == cudaSuccess && bytes) {
        *bytes = size;
    }
    return error;
}

CUresult cuModuleGetGlobal(CUdeviceptr *pointer, size_t *bytes, CUmodule module, const char *name) {
    return CW_DRIVER(get_global(pointer, bytes, module, name));
}
