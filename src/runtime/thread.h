/* SPDX-License-Identifier: Apache-2.0 */
/*
 * thread.h: what the runtime keeps for each thread of the program: current device, last error and its detail, pending
 * launch configurations, per-thread default streams.
 *
 * Every public function has the form
 *     cudaError_t cudaX(...) { return cw_rt_record(x(...)); }
 * and `x` reports a failure with detail as `return cw_rt_fail(code, "...")`.
 */
#ifndef CW_RUNTIME_THREAD_H
#define CW_RUNTIME_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cuda/driver_types.h"

#define CW_RT_DEVICES_MAX 16u
#define CW_RT_CONFIGURATIONS_MAX 16u

/* What <<<grid, block, shared, stream>>> said. */
struct cw_rt_configuration {
    dim3 grid;
    dim3 block;
    size_t shared;
    cudaStream_t stream;
};

struct cw_rt_thread {
    int device; /* that of `context`, once there is one */
    struct CUctx_st
        *context; /* the current one, top of the stack; NULL until a function of the runtime API is called */
    struct cw_backend_stream *native; /* what the operation that this thread runs issues its work to; NULL: it waits */
    struct CUctx_st **contexts; /* the stack (context.c) */
    size_t context_count, context_capacity;
    cudaError_t last_error;
    bool per_thread;   /* stream 0 means the thread's own default stream in the call that is running */
    enum cudaStreamCaptureMode capture_mode; /* cudaThreadExchangeStreamCaptureMode */
    bool in_callback;  /* running a host function of a stream: CUDA calls are refused */
    bool detail_fresh; /* detail belongs to the call that is running */
    char *detail;      /* malloc'd; NULL until the first failure */
    unsigned configuration_count;
    struct cw_rt_configuration configurations[CW_RT_CONFIGURATIONS_MAX];
    /* The thread's own default streams. A slot may have found another use since: the identity tells. */
    struct CUstream_st *streams[CW_RT_DEVICES_MAX];
    uint64_t stream_identities[CW_RT_DEVICES_MAX];
};

struct cw_rt_thread *cw_rt_thread(void);

/* Notes the outcome of a public function as the thread's last error, and gives it back. */
cudaError_t cw_rt_record(cudaError_t error);
/* Sets the detail for cw_last_error_detail and gives `error` back. */
cudaError_t cw_rt_fail(cudaError_t error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Asks for this thread's end to be reported to streams.c: the thread has default streams of its own. */
void cw_rt_thread_watch(void);

/* A line on stderr, "cuda-wasm: ...": what the user must know although the program may not ask. */
void cw_rt_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same, only under CUDA_WASM_LOG=info. */
void cw_rt_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
