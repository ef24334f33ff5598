/* SPDX-License-Identifier: Apache-2.0 */
/*
 * system.c: what the runtime asks of its surroundings and a WebAssembly module doesn't have: other backends, a compiler, an
 * installation. The kernels are linked in, and so is the one backend that runs them. And what wasi-libc doesn't have.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/cpu/backend.h"
#include "base/file.h"
#include "module/fatbin.h"
#include "runtime/device.h"
#include "runtime/elsewhere.h"
#include "runtime/loading.h"
#include "runtime/prebuilt/fatbin.h"
#include "runtime/thread.h"
#ifdef __wasm_atomics__
#include "wasi/gpu.h"
#endif

#define MARKS 6u /* of a temporary file's name */
#define ATTEMPTS 100

static const char no_compiler[] = "a WebAssembly program can't compile device code while it runs";

cudaError_t cw_rt_backend(const struct cw_backend **backend) {
    *backend = &cw_backend_cpu;
#ifdef __wasm_atomics__
    const struct cw_backend *gpu = cw_wasi_gpu();
    *backend = gpu ? gpu : *backend;
#endif
    return cudaSuccess;
}

char *cw_rt_installed_path(const char *name) {
    (void)name;
    return NULL;
}

const struct cw_compiler_api *cw_rt_compiler_open(struct cw_text *reason) {
    cw_text_add(reason, no_compiler);
    return NULL;
}

bool cw_rt_link(const struct cw_unit *units, size_t count, struct cw_text *container, struct cw_text *reason) {
    (void)units, (void)count, (void)container;
    cw_text_add(reason, no_compiler);
    return false;
}

bool cw_rt_compile(const struct cw_rt_device *device, const struct cw_backend *backend, const void *bitcode, size_t size, bool split,
                   struct cw_text *container, struct cw_text *reason) {
    (void)device, (void)backend, (void)bitcode, (void)size, (void)split, (void)container;
    cw_text_add(reason, no_compiler);
    return false;
}

const char *cw_rt_left_out(const void *container, size_t size, const char *kernel, char *room, size_t room_size) {
    (void)container, (void)size, (void)kernel, (void)room, (void)room_size;
    return NULL;
}

/* A module has one backend's code: no kernel runs elsewhere. */
bool cw_rt_falls_back(void) {
    return false;
}

bool cw_rt_elsewhere_load(struct cw_rt_loaded *loaded, const void *container, size_t size, struct cw_text *reason) {
    (void)loaded, (void)container, (void)size, (void)reason;
    return false;
}

bool cw_rt_elsewhere_has(const struct cw_rt_loaded *loaded, const char *kernel) {
    (void)loaded, (void)kernel;
    return false;
}

void cw_rt_elsewhere_free(struct cw_rt_loaded *loaded) {
    (void)loaded;
}

cw_status cw_rt_elsewhere_run(struct cw_rt_device *device, const struct cw_rt_launch *launch, struct cw_fault *fault) {
    (void)device, (void)launch, (void)fault;
    return CW_ERROR_UNSUPPORTED;
}

/* Kernels are linked in: there is no compiler here that could make code for a shape of blocks (runtime/shapes.h). */
struct cw_rt_shapes *cw_rt_shapes_keep(const struct cw_backend *backend, const struct cw_entry *bitcode, const struct cw_entry *artifact) {
    (void)backend, (void)bitcode, (void)artifact;
    return NULL;
}

void cw_rt_shapes_drop(struct cw_rt_loaded *loaded) {
    (void)loaded;
}

struct cw_rt_shape *cw_rt_shape_begin(struct CUfunc_st *kernel, const struct cw_launch *launch, uint64_t *start) {
    (void)kernel, (void)launch, (void)start;
    return NULL;
}

void cw_rt_shape_end(struct CUfunc_st *kernel, struct cw_rt_shape *shape, uint64_t start) {
    (void)kernel, (void)shape, (void)start;
}

bool cw_rt_ptx_containers(const struct cw_rt_ptx *ptx, size_t count, struct cw_text *container, struct cw_text *reason) {
    (void)ptx, (void)count, (void)container;
    cw_text_add(reason, no_compiler);
    return false;
}

bool cw_rt_ptx_text(const void *container, size_t size, unsigned architecture, bool unit, struct cw_text *out,
                    struct cw_text *reason) {
    (void)container, (void)size, (void)architecture, (void)unit, (void)out;
    cw_text_add(reason, no_compiler);
    return false;
}

/* A program for WebAssembly never comes from nvcc. */
cudaError_t cw_rt_fatbin_container(const void *data, size_t size, const void *const *units, struct cw_text *container,
                                   struct cw_text *reason) {
    (void)data, (void)size, (void)units, (void)container;
    cw_text_add(reason, "the program holds NVIDIA's fat binaries, which need PTX to be compiled; ");
    cw_text_add(reason, no_compiler);
    return cudaErrorNoKernelImageForDevice;
}

size_t cw_fatbin_size(const void *bytes) {
    (void)bytes;
    return 0;
}

/* Of base/file.h, what the runtime uses: reading a file (cuModuleLoad). */
cw_status cw_file_read(const char *path, struct cw_text *out) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        return CW_ERROR_IO;
    }
    char buffer[4096];
    size_t got;
    while ((got = fread(buffer, 1, sizeof buffer, file)) > 0) {
        cw_text_append(out, buffer, got);
    }
    bool failed = ferror(file) != 0;
    fclose(file);
    return failed ? CW_ERROR_IO : CW_OK;
}

bool cw_file_exists(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file) {
        fclose(file);
    }
    return file != NULL;
}

/* ---- stdlib.h: POSIX 2017, mkstemp ---- */

int mkstemp(char *path) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    size_t length = strlen(path);
    if (length < MARKS || strcmp(path + length - MARKS, "XXXXXX") != 0) {
        errno = EINVAL;
        return -1;
    }
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        uint8_t random[MARKS];
        if (getentropy(random, sizeof random) != 0) {
            return -1;
        }
        for (size_t i = 0; i < MARKS; i++) {
            path[length - MARKS + i] = letters[random[i] % (sizeof letters - 1)];
        }
        int file = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
        if (file >= 0 || errno != EEXIST) {
            return file;
        }
    }
    return -1;
}
