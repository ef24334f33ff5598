/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch.h: kernel launches in two steps, for all who make them: streams at once, graphs many times. First a request is
 * checked against its kernel and the device, then it becomes a block of memory that runs without looking back.
 */
#ifndef CW_RUNTIME_LAUNCH_H
#define CW_RUNTIME_LAUNCH_H

#include <stdbool.h>
#include <stddef.h>

#include "cuda/driver_types.h"
#include "cudawasm/cw_backend.h"

struct CUfunc_st;
struct cw_rt_device;

/* What a launch asks for. The arguments come as an array of addresses, or packed as `extra` (CUDA's driver API,
 * "cuLaunchKernel": pairs of a word and a pointer, up to a 0). */
struct cw_rt_request {
    struct CUfunc_st *kernel;
    dim3 grid, block;
    void **args;
    void **extra;
    size_t shared; /* dynamic, bytes */
    bool cooperative;
    unsigned processors; /* that it may use; 0: all */
    dim3 cluster;        /* blocks of a cluster; 0: the request doesn't say (cluster.h) */
};

/* A launch that is ready to run. `backend.params` points to `params`. */
struct cw_rt_launch {
    struct cw_launch backend;
    struct CUfunc_st *shaped;          /* the kernel, if code is made for shapes of its blocks (shapes.h); else NULL */
    const struct CUfunc_st *elsewhere; /* the kernel, if it runs on the CPU (elsewhere.h); else NULL */
    _Alignas(16) char params[];
};

/* Launches what the configuration says: cudaLaunchKernelExC, and the driver API's launches. `func` is anything that
 * cw_rt_kernel_find knows. */
cudaError_t cw_rt_launch_configured(const cudaLaunchConfig_t *config, const void *func, void **args, void **extra);
/* Checks the request. The bytes that cw_rt_launch_fill needs go to `bytes`. */
cudaError_t cw_rt_launch_check(const struct cw_rt_request *request, size_t *bytes);
/* Fills `made`, of that many bytes, from a request that was checked; copies the arguments. */
cudaError_t cw_rt_launch_fill(const struct cw_rt_request *request, struct cw_rt_launch *made);
/* Copies packed arguments' values only. */
cudaError_t cw_rt_launch_pack(const struct cw_rt_request *request, char *params);
/* CUDA's error for what a backend reports. */
cudaError_t cw_rt_fault_error(enum cw_fault_kind kind);
/* Runs a struct cw_rt_launch, as operations of streams do: a fault becomes the device's failure. */
cudaError_t cw_rt_launch_run(struct cw_rt_device *device, void *launch);

#endif
