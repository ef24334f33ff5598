/* SPDX-License-Identifier: Apache-2.0 */
/* host_call.h: functions of the program that run in a stream's order, for streams and graphs. */
#ifndef CW_RUNTIME_HOST_CALL_H
#define CW_RUNTIME_HOST_CALL_H

#include "cuda/driver_types.h"

struct cw_rt_device;

struct cw_rt_host_call {
    cudaHostFn_t function;
    cudaStreamCallback_t callback; /* one of the two */
    cudaStream_t stream;
    void *data;
};

/* Calls it, as operations of streams do. CUDA functions that it calls are refused. */
cudaError_t cw_rt_host_call_run(struct cw_rt_device *device, void *host_call);

#endif
