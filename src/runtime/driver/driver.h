/* SPDX-License-Identifier: Apache-2.0 */
/*
 * driver.h: what the functions of the driver API share. They are a face of the runtime: the work is done by the functions
 * of the runtime API and the runtime's own, in terms of their errors; what differs is that contexts are explicit, that
 * kernels and modules go by handles, and the numbers of some errors.
 *
 * A function has the form
 *     CUresult cuX(...) { return CW_DRIVER(work); }
 * where `work` is a cudaError_t, looked at only when the driver was initialised and a context is current. The thread's last
 * error (cudaGetLastError) is the runtime API's alone: functions of the driver API leave it as it was.
 */
#ifndef CW_RUNTIME_DRIVER_DRIVER_H
#define CW_RUNTIME_DRIVER_DRIVER_H

#include <stdbool.h>
#include <stdint.h>

#include "cuda/cuda.h"
#include "cuda/cuda_runtime_api.h"
#include "runtime/context.h"
#include "runtime/device.h"
#include "runtime/thread.h"

/* For functions that work on the current context, that only need cuInit, and that need nothing. */
#define CW_DRIVER(work) cw_driver_leave(cw_driver_enter(CW_DRIVER_CONTEXT) ? (work) : cudaErrorUnknown)
#define CW_DRIVER_PLAIN(work) cw_driver_leave(cw_driver_enter(CW_DRIVER_INITIALISED) ? (work) : cudaErrorUnknown)
#define CW_DRIVER_ALWAYS(work) cw_driver_leave(cw_driver_enter(CW_DRIVER_NOTHING) ? (work) : cudaErrorUnknown)

enum cw_driver_need { CW_DRIVER_NOTHING, CW_DRIVER_INITIALISED, CW_DRIVER_CONTEXT };

/* True if what the function needs is there; otherwise cw_driver_leave gives the reason. Calls don't nest. */
bool cw_driver_enter(enum cw_driver_need need);
CUresult cw_driver_leave(cudaError_t error);
/* The driver API's code for a runtime error. */
CUresult cw_driver_result(cudaError_t error);
/* Notes that the driver is in use, as cuInit does. */
void cw_driver_initialise(void);

/* cudaErrorInvalidValue, saying that the place for `what` is NULL, unless `place` isn't. */
static inline cudaError_t cw_driver_place(const void *place, const char *what) {
    return place ? cudaSuccess : cw_rt_fail(cudaErrorInvalidValue, "the place for the %s is NULL", what);
}

static inline void *cw_driver_pointer(CUdeviceptr pointer) {
    return (void *)(uintptr_t)pointer;
}

static inline CUdeviceptr cw_driver_address(const void *pointer) {
    return (CUdeviceptr)(uintptr_t)pointer;
}

/* A configuration in the runtime's terms; its attributes are borrowed (launch.c). */
cudaLaunchConfig_t cw_driver_config(const CUlaunchConfig *config);

#endif
