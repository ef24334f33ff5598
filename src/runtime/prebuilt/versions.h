/* SPDX-License-Identifier: Apache-2.0 */
/*
 * versions.h: how functions are defined that one version of NVIDIA's runtime library has in a form of its own.
 * cw_cudart13_NAME becomes NAME of version libcudart.so.13 (aliases.cmake); no header declares it, and nothing of ours
 * calls it but by that name. The three versions' forms are ours alone to keep: docs/decisions tells why one library serves
 * all of them.
 */
#ifndef CW_RUNTIME_PREBUILT_VERSIONS_H
#define CW_RUNTIME_PREBUILT_VERSIONS_H

#include "cuda/driver_types.h"
#include "cudawasm/cw.h"
#include "runtime/thread.h"

/* Programs find them by the linker's aliases only; the warning about missing prototypes is for what others call. */
#if defined(__clang__)
#pragma clang diagnostic ignored "-Wmissing-prototypes"
#else
#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#endif
#define CW_VERSIONED CW_API

/* The form of VERSION's NAME for programs compiled for per-thread default streams. */
#define CW_VERSIONED_PTSZ(version, name, parameters, arguments)                                                        \
    CW_VERSIONED cudaError_t cw_##version##_##name##_ptsz parameters {                                                 \
        struct cw_rt_thread *thread = cw_rt_thread();                                                                  \
        thread->per_thread = true;                                                                                     \
        cudaError_t error = cw_##version##_##name arguments;                                                           \
        thread->per_thread = false;                                                                                    \
        return error;                                                                                                  \
    }

/* Says that the version is `number`. */
static inline cudaError_t cw_prebuilt_version(int *version, int number) {
    if (!version) {
        return cw_rt_record(cw_rt_fail(cudaErrorInvalidValue, "the place for the version is NULL"));
    }
    *version = number;
    return cw_rt_record(cudaSuccess);
}

#endif
