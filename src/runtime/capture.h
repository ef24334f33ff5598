/* SPDX-License-Identifier: Apache-2.0 */
/*
 * capture.h: stream capture (CUDA C++ Programming Guide, "Creating a Graph Using Stream Capture"): what is submitted to
 * a stream that captures becomes nodes of a graph. Each capturing stream holds the nodes that its next one will depend
 * on; an event that is recorded in it holds a copy of them, and brings a stream that waits for it into the capture.
 *
 * Functions that submit ask cw_rt_stream_capturing first, which costs one load. Functions that could wait for work that a
 * capture only describes call cw_rt_capture_forbid. The graphs' lock guards everything here.
 */
#ifndef CW_RUNTIME_CAPTURE_H
#define CW_RUNTIME_CAPTURE_H

#include <stdatomic.h>
#include <stdbool.h>

#include "cuda/driver_types.h"
#include "runtime/graph.h"
#include "runtime/stream.h"

struct CUevent_st;

struct cw_rt_capture {
    struct cw_rt_capture *next;
    uint64_t identity;
    uint32_t refs; /* streams and events; the list of those that are going on */
    bool ended;
    bool invalidated;
    bool owns_graph; /* false: begun with cudaStreamBeginCaptureToGraph */
    enum cudaStreamCaptureMode mode;
    const struct cw_rt_thread *thread; /* that began it */
    struct CUstream_st *origin;
    struct CUgraph_st *graph;
    struct cw_rt_edges orphans; /* what streams that were destroyed had done last */
};

/* How many captures are going on in this process. */
extern _Atomic uint32_t cw_rt_captures;

static inline bool cw_rt_stream_capturing(const struct CUstream_st *stream) {
    return atomic_load_explicit(&stream->capture, memory_order_acquire) != NULL;
}

/* Adds a node for what is submitted to a capturing stream. Parameters that make no sense leave the capture as it was. Without
 * the lock, as all that follow. */
cudaError_t cw_rt_capture_add(struct CUstream_st *stream, const struct cudaGraphNodeParams *params);
/* The same; the node goes to `node`, for those that need more of it. */
cudaError_t cw_rt_capture_add_node(struct CUstream_st *stream, const struct cudaGraphNodeParams *params,
                                   struct CUgraphNode_st **node);
/* An operation that can't become a node: cudaErrorStreamCaptureUnsupported, and the capture is invalid. */
cudaError_t cw_rt_capture_refuse(struct CUstream_st *stream, const char *what);
/* cudaSuccess unless the calling thread must not make calls now that could wait for what a capture describes. */
cudaError_t cw_rt_capture_forbid(const char *what);
/* cudaErrorStreamCaptureImplicit if `stream` is a legacy stream that would wait for a capturing one; using it makes that
 * capture invalid, asking doesn't. */
cudaError_t cw_rt_capture_check_legacy(struct CUstream_st *stream, bool invalidates);

/* cudaErrorStreamCaptureUnsupported if a stream of the device captures, in whatever mode: waiting for the whole device would
 * wait for it. Its captures become invalid. */
cudaError_t cw_rt_capture_check_device(const struct cw_rt_device *device);

/* Events. Recording in a capturing stream; waiting: *handled tells whether the wait was part of a capture. */
cudaError_t cw_rt_capture_record(struct CUstream_st *stream, struct CUevent_st *event);
cudaError_t cw_rt_capture_wait(struct CUstream_st *stream, struct CUevent_st *event, bool *handled);
/* cudaErrorCapturedEvent for an event that was recorded last in a capture, which then is invalid; cudaErrorInvalidValue once
 * that capture has ended. */
cudaError_t cw_rt_capture_check_event(struct CUevent_st *event);
/* The event is recorded in the ordinary way or destroyed, the stream destroyed. */
void cw_rt_capture_forget_event(struct CUevent_st *event);
void cw_rt_capture_forget_stream(struct CUstream_st *stream);
/* The device is reset: captures in its streams end, and nothing comes of them. */
void cw_rt_captures_close(const struct cw_rt_device *device);

#endif
