/* SPDX-License-Identifier: Apache-2.0 */
/* event_share.c: events of several processes, which a WebAssembly module can't have: creating one fails, and so none is ever
 * recorded or waited for. */
#include "cuda/cuda_runtime_api.h"
#include "runtime/event.h"
#include "runtime/share.h"
#include "runtime/thread.h"

struct cw_rt_shared_event *cw_rt_shared_event_create(void) {
    return NULL;
}

void cw_rt_shared_event_release(struct cw_rt_shared_event *event) {
    (void)event;
}

cudaError_t cw_rt_shared_event_record(struct cw_rt_shared_event *event, struct CUstream_st *stream) {
    (void)event, (void)stream;
    return cudaErrorNotSupported;
}

cudaError_t cw_rt_shared_event_wait(struct cw_rt_shared_event *event, struct CUstream_st *stream) {
    (void)event, (void)stream;
    return cudaErrorNotSupported;
}

bool cw_rt_shared_event_done(struct cw_rt_shared_event *event) {
    (void)event;
    return true;
}

void cw_rt_shared_event_synchronize(struct cw_rt_shared_event *event) {
    (void)event;
}

cudaError_t cudaIpcGetEventHandle(cudaIpcEventHandle_t *handle, cudaEvent_t event) {
    cudaError_t error = cw_rt_event_check(event);
    if (error != cudaSuccess || !handle) {
        return cw_rt_record(error != cudaSuccess ? error : cudaErrorInvalidValue);
    }
    return cw_rt_fail(cudaErrorNotSupported, "a WebAssembly module shares nothing with other processes");
}

cudaError_t cudaIpcOpenEventHandle(cudaEvent_t *event, cudaIpcEventHandle_t handle) {
    (void)handle;
    if (!event) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the event is NULL");
    }
    return cw_rt_fail(cudaErrorNotSupported, "a WebAssembly module shares nothing with other processes");
}
