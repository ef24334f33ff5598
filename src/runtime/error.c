/* SPDX-License-Identifier: Apache-2.0 */
/* error.c: CUDA's error codes, their names and texts, and the last error of a thread. */
#include <stddef.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/device.h"
#include "runtime/thread.h"

struct error_text {
    cudaError_t error;
    const char *name;
    const char *text;
};

/* Sorted by code, as errors.def is. */
static const struct error_text texts[] = {
#define CW_CUDA_ERROR(name, text) {name, #name, text},
#include "runtime/errors.def"
};

static const struct error_text *find(cudaError_t error) {
    size_t low = 0, high = sizeof texts / sizeof texts[0];
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (texts[middle].error == error) {
            return &texts[middle];
        }
        if (texts[middle].error < error) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

const char *CUDARTAPI cudaGetErrorName(cudaError_t error) {
    const struct error_text *found = find(error);
    return found ? found->name : "unrecognized error code";
}

const char *CUDARTAPI cudaGetErrorString(cudaError_t error) {
    const struct error_text *found = find(error);
    return found ? found->text : "unrecognized error code";
}

cudaError_t CUDARTAPI cudaPeekAtLastError(void) {
    cudaError_t sticky = cw_rt_device_sticky();
    return sticky != cudaSuccess ? sticky : cw_rt_thread()->last_error;
}

cudaError_t CUDARTAPI cudaGetLastError(void) {
    cudaError_t error = cudaPeekAtLastError();
    cw_rt_thread()->last_error = cudaSuccess;
    return error;
}
