/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image.h: what a program hands to cuModuleLoadData and its relatives. Ours are containers (module/module.h): as bytes, as
 * comments behind PTX (what nvrtcGetPTX gives), or behind the fat binary wrapper that host objects hold. Other PTX is compiled to one. NVIDIA's other forms are told apart, so
 * that each is refused by its name.
 */
#ifndef CW_RUNTIME_DRIVER_IMAGE_H
#define CW_RUNTIME_DRIVER_IMAGE_H

#include "base/text.h"
#include "cuda/cuda.h"
#include "cuda/driver_types.h"

struct cw_driver_image {
    const void *container; /* borrowed from the caller's bytes, or from `storage` */
    size_t size;
    struct cw_text storage;
};

/* Finds the container in `bytes`. `size` 0: unknown, the bytes say it themselves. On failure `reason` has a sentence.
 * cudaErrorInvalidPtx for PTX that is not compiled, cudaErrorNoKernelImageForDevice for NVIDIA's machine code, cudaErrorInvalidKernelImage for
 * anything else. */
cudaError_t cw_driver_image_open(struct cw_driver_image *image, const void *bytes, size_t size, struct cw_text *reason);
/* The same for a file. cudaErrorFileNotFound when it can't be read. */
cudaError_t cw_driver_image_read(struct cw_driver_image *image, const char *path, struct cw_text *reason);
void cw_driver_image_fini(struct cw_driver_image *image);

/* ---- Options of just-in-time compilation: CUjit_option ---- */

struct cw_driver_jit {
    char *info_log, *error_log;
    size_t info_size, error_size;
    void **info_place, **error_place; /* where the number of bytes written goes */
    void **time_place;
};

/* Reads the options; what only tunes NVIDIA's code is accepted. cudaErrorInvalidValue for an unknown one. */
cudaError_t cw_driver_jit_read(struct cw_driver_jit *jit, unsigned count, const CUjit_option *options, void **values);
/* Writes the logs: `reason` to the error log on failure. `ms` is the time that it took. */
void cw_driver_jit_report(const struct cw_driver_jit *jit, const struct cw_text *reason, bool failed, float ms);

#endif
