/* SPDX-License-Identifier: Apache-2.0 */
/* capture.c: see capture.h. */
#include "runtime/capture.h"

#include <stdlib.h>
#include <string.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/device.h"
#include "runtime/event.h"
#include "runtime/thread.h"

_Atomic uint32_t cw_rt_captures;

static struct cw_rt_capture *going_on; /* linked by `next` */
static const cudaGraphEdgeData plain_edge;

static cudaError_t no_memory(void) {
    return cw_rt_fail(cudaErrorMemoryAllocation, "no memory to capture a stream");
}

static cudaError_t invalid(void) {
    return cw_rt_fail(cudaErrorStreamCaptureInvalidated, "an earlier error has made this capture invalid; end it");
}

static struct cw_rt_capture *capture_of(const struct CUstream_st *stream) {
    return atomic_load_explicit(&stream->capture, memory_order_acquire);
}

static void release(struct cw_rt_capture *capture) {
    if (--capture->refs == 0) {
        cw_rt_edges_fini(&capture->orphans);
        free(capture);
    }
}

static void invalidate(struct cw_rt_capture *capture) {
    capture->invalidated = true;
}

/* ---- Streams in a capture ------------------------------------------------------------------------------------ */

static void join(struct CUstream_st *stream, struct cw_rt_capture *capture) {
    stream->capture_dependencies.count = 0;
    stream->capture_next = NULL;
    capture->refs++;
    atomic_store_explicit(&stream->capture, capture, memory_order_release);
}

static void leave(struct CUstream_st *stream) {
    struct cw_rt_capture *capture = capture_of(stream);
    atomic_store_explicit(&stream->capture, NULL, memory_order_release);
    stream->capture_dependencies.count = 0;
    release(capture);
}

static cudaError_t add(struct CUstream_st *stream, struct CUgraphNode_st *draft, struct CUgraphNode_st **node) {
    struct cw_rt_capture *capture = capture_of(stream);
    if (!capture || capture->invalidated) {
        return invalid();
    }
    struct cw_rt_edges *edges = &stream->capture_dependencies;
    cudaError_t error = cw_rt_node_add(capture->graph, edges->items, edges->count, draft, node);
    if (error == cudaSuccess && !cw_rt_edges_set(edges, &(struct cw_rt_edge){*node, plain_edge}, 1)) {
        error = no_memory();
    }
    return error;
}

cudaError_t cw_rt_capture_add_node(struct CUstream_st *stream, const struct cudaGraphNodeParams *params,
                                   struct CUgraphNode_st **node) {
    struct CUgraphNode_st draft = {0};
    pthread_mutex_lock(&cw_rt_graph_lock);
    struct cw_rt_capture *capture = capture_of(stream);
    cudaError_t error = capture && !capture->invalidated ? cudaSuccess : invalid();
    pthread_mutex_unlock(&cw_rt_graph_lock);
    if (error != cudaSuccess) {
        return error;
    }
    error = cw_rt_node_prepare(&draft, params);
    pthread_mutex_lock(&cw_rt_graph_lock);
    if (error == cudaSuccess) {
        error = add(stream, &draft, node);
        if (error != cudaSuccess && capture_of(stream)) {
            invalidate(capture_of(stream));
        }
    }
    cw_rt_node_release(&draft);
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error;
}

cudaError_t cw_rt_capture_add(struct CUstream_st *stream, const struct cudaGraphNodeParams *params) {
    struct CUgraphNode_st *node;
    return cw_rt_capture_add_node(stream, params, &node);
}

/* ---- What must not be called --------------------------------------------------------------------------------- */

cudaError_t cw_rt_capture_refuse(struct CUstream_st *stream, const char *what) {
    pthread_mutex_lock(&cw_rt_graph_lock);
    if (capture_of(stream)) {
        invalidate(capture_of(stream));
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return cw_rt_fail(cudaErrorStreamCaptureUnsupported, "%s while the stream is capturing", what);
}

cudaError_t cw_rt_capture_forbid(const char *what) {
    const struct cw_rt_thread *thread = cw_rt_thread();
    if (atomic_load_explicit(&cw_rt_captures, memory_order_acquire) == 0 ||
        thread->capture_mode == cudaStreamCaptureModeRelaxed) {
        return cudaSuccess;
    }
    bool forbidden = false;
    pthread_mutex_lock(&cw_rt_graph_lock);
    for (struct cw_rt_capture *capture = going_on; capture; capture = capture->next) {
        bool own = capture->thread == thread && capture->mode != cudaStreamCaptureModeRelaxed;
        bool global =
            thread->capture_mode == cudaStreamCaptureModeGlobal && capture->mode == cudaStreamCaptureModeGlobal;
        if (own || global) {
            invalidate(capture);
            forbidden = true;
        }
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return forbidden
               ? cw_rt_fail(cudaErrorStreamCaptureUnsupported,
                            "%s while a stream is capturing (cudaThreadExchangeStreamCaptureMode allows it)", what)
               : cudaSuccess;
}

cudaError_t cw_rt_capture_check_device(const struct cw_rt_device *device) {
    if (atomic_load_explicit(&cw_rt_captures, memory_order_acquire) == 0) {
        return cudaSuccess;
    }
    bool captures = false;
    pthread_mutex_lock(&cw_rt_graph_lock);
    for (struct cw_rt_capture *capture = going_on; capture; capture = capture->next) {
        if (capture->origin->device == device) {
            invalidate(capture);
            captures = true;
        }
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return captures ? cw_rt_fail(cudaErrorStreamCaptureUnsupported,
                                 "the device can't be waited for while a stream of it is capturing")
                    : cudaSuccess;
}

cudaError_t cw_rt_capture_check_legacy(struct CUstream_st *stream, bool invalidates) {
    if (!stream->legacy || atomic_load_explicit(&cw_rt_captures, memory_order_acquire) == 0) {
        return cudaSuccess;
    }
    bool implicit = false;
    pthread_mutex_lock(&cw_rt_graph_lock);
    for (struct cw_rt_capture *capture = going_on; capture; capture = capture->next) {
        for (struct CUstream_st *other = capture->origin; other; other = other->capture_next) {
            if (other->device == stream->device && !(other->flags & cudaStreamNonBlocking)) {
                capture->invalidated |= invalidates;
                implicit = true;
            }
        }
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return implicit ? cw_rt_fail(cudaErrorStreamCaptureImplicit,
                                 "the legacy default stream would wait for a stream that is capturing; create that one "
                                 "with cudaStreamNonBlocking")
                    : cudaSuccess;
}

/* ---- Events -------------------------------------------------------------------------------------------------- */

static void forget_event(struct CUevent_st *event) {
    if (event->capture) {
        release(event->capture);
        event->capture = NULL;
        event->capture_dependencies.count = 0;
    }
}

cudaError_t cw_rt_capture_record(struct CUstream_st *stream, struct CUevent_st *event) {
    pthread_mutex_lock(&cw_rt_graph_lock);
    struct cw_rt_capture *capture = capture_of(stream);
    cudaError_t error = capture && !capture->invalidated ? cudaSuccess : invalid();
    if (error == cudaSuccess) {
        const struct cw_rt_edges *edges = &stream->capture_dependencies;
        forget_event(event);
        if (cw_rt_edges_set(&event->capture_dependencies, edges->items, edges->count)) {
            event->capture = capture;
            capture->refs++;
        } else {
            error = no_memory();
        }
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error;
}

/* Brings a stream that isn't capturing into the capture of an event. */
static cudaError_t join_by(struct CUstream_st *stream, struct cw_rt_capture *capture) {
    if (stream->legacy) {
        return cw_rt_fail(cudaErrorStreamCaptureImplicit, "the legacy default stream can't wait for a captured event");
    }
    join(stream, capture);
    stream->capture_next = capture->origin->capture_next;
    capture->origin->capture_next = stream;
    return cudaSuccess;
}

static cudaError_t wait_captured(struct CUstream_st *stream, const struct CUevent_st *event) {
    struct cw_rt_capture *own = capture_of(stream), *capture = event->capture;
    if (capture->ended || (own && own != capture)) {
        if (own) {
            invalidate(own);
        }
        return capture->ended ? cw_rt_fail(cudaErrorCapturedEvent, "the event was recorded in a capture that has ended")
                              : cw_rt_fail(cudaErrorStreamCaptureMerge, "the event belongs to another capture");
    }
    if (capture->invalidated) {
        return invalid();
    }
    cudaError_t error = own ? cudaSuccess : join_by(stream, capture);
    for (size_t i = 0; error == cudaSuccess && i < event->capture_dependencies.count; i++) {
        const struct cw_rt_edge *edge = &event->capture_dependencies.items[i];
        bool there = false;
        for (size_t k = 0; k < stream->capture_dependencies.count && !there; k++) {
            there = stream->capture_dependencies.items[k].node == edge->node;
        }
        if (!there && !cw_rt_edges_add(&stream->capture_dependencies, edge->node, edge->data)) {
            error = no_memory();
        }
    }
    return error;
}

cudaError_t cw_rt_capture_wait(struct CUstream_st *stream, struct CUevent_st *event, bool *handled) {
    cudaError_t error = cudaSuccess;
    pthread_mutex_lock(&cw_rt_graph_lock);
    struct cw_rt_capture *own = capture_of(stream);
    *handled = own || event->capture;
    if (event->capture) {
        error = wait_captured(stream, event);
    } else if (own && own->invalidated) {
        error = invalid();
    } else if (own && event->stream) {
        invalidate(own);
        error = cw_rt_fail(cudaErrorStreamCaptureIsolation,
                           "a capturing stream can't wait for an event that was recorded outside of its capture");
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error;
}

cudaError_t cw_rt_capture_check_event(struct CUevent_st *event) {
    pthread_mutex_lock(&cw_rt_graph_lock);
    bool captured = event->capture != NULL, ended = captured && event->capture->ended;
    if (captured && !ended) {
        invalidate(event->capture);
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return !captured ? cudaSuccess
           : ended   ? cw_rt_fail(cudaErrorInvalidValue, "the event was last recorded in a capture that has ended")
                     : cw_rt_fail(cudaErrorCapturedEvent, "the event was last recorded in a capturing stream");
}

void cw_rt_capture_forget_event(struct CUevent_st *event) {
    pthread_mutex_lock(&cw_rt_graph_lock);
    forget_event(event);
    pthread_mutex_unlock(&cw_rt_graph_lock);
}

/* ---- Beginning and ending ------------------------------------------------------------------------------------ */

static cudaError_t find(cudaStream_t handle, struct CUstream_st **stream) {
    struct cw_rt_device *device;
    cudaError_t error = cw_rt_device_current(&device);
    return error != cudaSuccess ? error : cw_rt_stream_resolve(device, handle, stream);
}

/* Takes a capture off its streams and the list. With the lock held. */
static void end(struct cw_rt_capture *capture) {
    struct cw_rt_capture **link = &going_on;
    while (*link != capture) {
        link = &(*link)->next;
    }
    *link = capture->next;
    capture->ended = true;
    capture->graph->capturing = false;
    atomic_fetch_sub_explicit(&cw_rt_captures, 1, memory_order_release);
    struct CUstream_st *stream = capture->origin;
    while (stream) {
        struct CUstream_st *next = stream->capture_next;
        leave(stream);
        stream->capture_next = NULL;
        stream = next;
    }
}

/* `edges` are the first node's dependencies. With the lock held. */
static cudaError_t begin(struct CUstream_st *stream, struct CUgraph_st *graph, const struct cw_rt_edge *edges,
                         size_t count, enum cudaStreamCaptureMode mode) {
    if (capture_of(stream)) {
        return cw_rt_fail(cudaErrorIllegalState, "the stream is capturing already");
    }
    struct cw_rt_capture *capture = calloc(1, sizeof *capture);
    struct CUgraph_st *own = graph ? graph : cw_rt_graph_create(CW_RT_GRAPH_PLAIN, NULL);
    if (!capture || !own || !cw_rt_edges_set(&stream->capture_dependencies, edges, count)) {
        free(capture);
        if (own && !graph) {
            cw_rt_graph_destroy(own);
        }
        return no_memory();
    }
    *capture = (struct cw_rt_capture){.next = going_on,
                                      .identity = cw_rt_graph_identity(),
                                      .owns_graph = graph == NULL,
                                      .mode = mode,
                                      .thread = cw_rt_thread(),
                                      .origin = stream,
                                      .graph = own};
    own->capturing = true;
    going_on = capture;
    join(stream, capture);
    stream->capture_dependencies.count = count;
    atomic_fetch_add_explicit(&cw_rt_captures, 1, memory_order_release);
    return cudaSuccess;
}

static cudaError_t check_begin(cudaStream_t handle, enum cudaStreamCaptureMode mode, struct CUstream_st **stream) {
    cudaError_t error = find(handle, stream);
    if (error == cudaSuccess && (*stream)->legacy) {
        error = cw_rt_fail(cudaErrorStreamCaptureUnsupported, "the legacy default stream can't capture");
    }
    if (error == cudaSuccess && (unsigned)mode > cudaStreamCaptureModeRelaxed) {
        error = cw_rt_fail(cudaErrorInvalidValue, "there is no capture mode %d", (int)mode);
    }
    return error;
}

static cudaError_t begin_capture(cudaStream_t handle, enum cudaStreamCaptureMode mode) {
    struct CUstream_st *stream;
    cudaError_t error = check_begin(handle, mode, &stream);
    if (error == cudaSuccess) {
        pthread_mutex_lock(&cw_rt_graph_lock);
        error = begin(stream, NULL, NULL, 0, mode);
        pthread_mutex_unlock(&cw_rt_graph_lock);
    }
    return error;
}

cudaError_t cudaStreamBeginCapture(cudaStream_t stream, enum cudaStreamCaptureMode mode) {
    return cw_rt_record(begin_capture(stream, mode));
}

/* Nodes given by handle, with data for each edge or none, as edges from nodes of `graph`; malloc'd. */
static cudaError_t read_edges(const struct CUgraph_st *graph, const cudaGraphNode_t *nodes,
                              const cudaGraphEdgeData *data, size_t count, struct cw_rt_edge **edges) {
    *edges = NULL;
    if (count > 0 && !nodes) {
        return cw_rt_fail(cudaErrorInvalidValue, "%zu dependencies at NULL", count);
    }
    struct cw_rt_edge *made = calloc(count ? count : 1, sizeof *made);
    if (!made) {
        return no_memory();
    }
    for (size_t i = 0; i < count; i++) {
        cudaError_t error = cw_rt_node_check(nodes[i]);
        if (error == cudaSuccess && nodes[i]->graph != graph) {
            error = cw_rt_fail(cudaErrorInvalidValue, "dependency %zu is a node of another graph", i);
        }
        if (error != cudaSuccess) {
            free(made);
            return error;
        }
        made[i] = (struct cw_rt_edge){nodes[i], data ? data[i] : plain_edge};
    }
    *edges = made;
    return cudaSuccess;
}

static cudaError_t begin_to_graph(cudaStream_t handle, cudaGraph_t graph, const cudaGraphNode_t *nodes,
                                  const cudaGraphEdgeData *data, size_t count, enum cudaStreamCaptureMode mode) {
    struct CUstream_st *stream;
    struct cw_rt_edge *edges = NULL;
    cudaError_t error = check_begin(handle, mode, &stream);
    if (error != cudaSuccess) {
        return error;
    }
    pthread_mutex_lock(&cw_rt_graph_lock);
    error = cw_rt_graph_check(graph);
    if (error == cudaSuccess && graph->capturing) {
        error = cw_rt_fail(cudaErrorIllegalState, "another capture adds to the graph");
    }
    if (error == cudaSuccess) {
        error = read_edges(graph, nodes, data, count, &edges);
    }
    if (error == cudaSuccess) {
        error = begin(stream, graph, edges, count, mode);
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    free(edges);
    return error;
}

cudaError_t cudaStreamBeginCaptureToGraph(cudaStream_t stream, cudaGraph_t graph, const cudaGraphNode_t *dependencies,
                                          const cudaGraphEdgeData *data, size_t count,
                                          enum cudaStreamCaptureMode mode) {
    return cw_rt_record(begin_to_graph(stream, graph, dependencies, data, count, mode));
}

/* True if every joined stream's last nodes lie before the origin's. */
static bool joined(const struct cw_rt_capture *capture) {
    const struct cw_rt_edges *last = &capture->origin->capture_dependencies;
    uint64_t mark = cw_rt_graph_mark(last->items, last->count);
    for (const struct CUstream_st *stream = capture->origin->capture_next; stream; stream = stream->capture_next) {
        for (size_t i = 0; i < stream->capture_dependencies.count; i++) {
            if (stream->capture_dependencies.items[i].node->mark != mark) {
                return false;
            }
        }
    }
    for (size_t i = 0; i < capture->orphans.count; i++) {
        if (capture->orphans.items[i].node->mark != mark) {
            return false;
        }
    }
    return true;
}

/* With the lock held. */
static cudaError_t end_locked(struct CUstream_st *stream, cudaGraph_t *graph) {
    struct cw_rt_capture *capture = capture_of(stream);
    if (!capture) {
        return cw_rt_fail(cudaErrorIllegalState, "the stream is not capturing");
    }
    if (capture->origin != stream) {
        invalidate(capture);
        return cw_rt_fail(cudaErrorStreamCaptureUnmatched, "the capture was begun in another stream");
    }
    if (capture->mode != cudaStreamCaptureModeRelaxed && capture->thread != cw_rt_thread()) {
        return cw_rt_fail(cudaErrorStreamCaptureWrongThread, "the capture was begun by another thread");
    }
    cudaError_t error = cudaSuccess;
    if (!graph && capture->owns_graph) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the graph is NULL");
    }
    if (capture->invalidated) {
        error = invalid();
    } else if (!joined(capture)) {
        error = cw_rt_fail(cudaErrorStreamCaptureUnjoined,
                           "a stream that joined the capture has work that the first stream does not wait for");
    }
    struct CUgraph_st *made = capture->graph;
    bool own = capture->owns_graph;
    end(capture);
    if (error == cudaSuccess && graph) {
        *graph = made;
    } else if (error != cudaSuccess && own) {
        cw_rt_graph_destroy(made);
    }
    return error;
}

static cudaError_t end_capture(cudaStream_t handle, cudaGraph_t *graph) {
    struct CUstream_st *stream;
    cudaError_t error = find(handle, &stream);
    if (error != cudaSuccess) {
        return error;
    }
    if (graph) {
        *graph = NULL;
    }
    pthread_mutex_lock(&cw_rt_graph_lock);
    error = end_locked(stream, graph);
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error;
}

/* A capture into a graph of the caller's has nothing to give: then `graph` may be NULL. */
cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t *graph) {
    return cw_rt_record(end_capture(stream, graph));
}

/* With the lock held. */
static void drop(struct cw_rt_capture *capture) {
    struct CUgraph_st *graph = capture->graph;
    bool own = capture->owns_graph;
    end(capture);
    if (own) {
        cw_rt_graph_destroy(graph);
    }
}

void cw_rt_captures_close(const struct cw_rt_device *device) {
    pthread_mutex_lock(&cw_rt_graph_lock);
    struct cw_rt_capture *capture = going_on;
    while (capture) {
        bool concerned = false;
        for (const struct CUstream_st *stream = capture->origin; stream && !concerned; stream = stream->capture_next) {
            concerned = stream->device == device;
        }
        if (concerned) {
            drop(capture);
        }
        capture = concerned ? going_on : capture->next;
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
}

void cw_rt_capture_forget_stream(struct CUstream_st *stream) {
    if (!cw_rt_stream_capturing(stream)) {
        return;
    }
    pthread_mutex_lock(&cw_rt_graph_lock);
    struct cw_rt_capture *capture = capture_of(stream);
    if (capture && capture->origin == stream) {
        drop(capture);
    } else if (capture) {
        struct CUstream_st **link = &capture->origin->capture_next;
        while (*link != stream) {
            link = &(*link)->capture_next;
        }
        *link = stream->capture_next;
        for (size_t i = 0; i < stream->capture_dependencies.count; i++) {
            const struct cw_rt_edge *edge = &stream->capture_dependencies.items[i];
            if (!cw_rt_edges_add(&capture->orphans, edge->node, edge->data)) {
                invalidate(capture);
            }
        }
        leave(stream);
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
}

/* ---- Asking and steering ------------------------------------------------------------------------------------- */

cudaError_t cudaThreadExchangeStreamCaptureMode(enum cudaStreamCaptureMode *mode) {
    struct cw_rt_thread *thread = cw_rt_thread();
    if (!mode || (unsigned)*mode > cudaStreamCaptureModeRelaxed) {
        return cw_rt_record(cw_rt_fail(cudaErrorInvalidValue, mode ? "there is no such capture mode" : "mode is NULL"));
    }
    enum cudaStreamCaptureMode before = thread->capture_mode;
    thread->capture_mode = *mode;
    *mode = before;
    return cudaSuccess;
}

static enum cudaStreamCaptureStatus status_of(const struct cw_rt_capture *capture) {
    return !capture               ? cudaStreamCaptureStatusNone
           : capture->invalidated ? cudaStreamCaptureStatusInvalidated
                                  : cudaStreamCaptureStatusActive;
}

static cudaError_t is_capturing(cudaStream_t handle, enum cudaStreamCaptureStatus *status) {
    struct CUstream_st *stream;
    if (!status) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the answer is NULL");
    }
    cudaError_t error = find(handle, &stream);
    if (error == cudaSuccess) {
        error = cw_rt_capture_check_legacy(stream, false);
    }
    if (error == cudaSuccess) {
        pthread_mutex_lock(&cw_rt_graph_lock);
        *status = status_of(capture_of(stream));
        pthread_mutex_unlock(&cw_rt_graph_lock);
    }
    return error;
}

cudaError_t cudaStreamIsCapturing(cudaStream_t stream, enum cudaStreamCaptureStatus *status) {
    return cw_rt_record(is_capturing(stream, status));
}

struct info {
    unsigned long long *id;
    cudaGraph_t *graph;
    const cudaGraphNode_t **nodes;
    const cudaGraphEdgeData **data;
    size_t *count;
};

/* The arrays that are given out belong to the stream and last until it is asked again. With the lock held. */
static cudaError_t describe(struct CUstream_st *stream, const struct info *info) {
    const struct cw_rt_edges *edges = &stream->capture_dependencies;
    const struct cw_rt_capture *capture = capture_of(stream);
    size_t room = edges->count ? edges->count : 1;
    cudaGraphNode_t *nodes = realloc(stream->capture_nodes_out, room * sizeof(cudaGraphNode_t));
    stream->capture_nodes_out = nodes ? nodes : stream->capture_nodes_out;
    cudaGraphEdgeData *data = realloc(stream->capture_data_out, room * sizeof(cudaGraphEdgeData));
    stream->capture_data_out = data ? data : stream->capture_data_out;
    if (!nodes || !data) {
        return no_memory();
    }
    for (size_t i = 0; i < edges->count; i++) {
        nodes[i] = edges->items[i].node;
        data[i] = edges->items[i].data;
        if (info->nodes && !info->data && memcmp(&data[i], &plain_edge, sizeof plain_edge) != 0) {
            return cw_rt_fail(cudaErrorLossyQuery, "a dependency has edge data, for which no place was given");
        }
    }
    if (info->id) {
        *info->id = capture->identity;
    }
    if (info->graph) {
        *info->graph = capture->graph;
    }
    if (info->nodes) {
        *info->nodes = nodes;
    }
    if (info->data) {
        *info->data = data;
    }
    if (info->count) {
        *info->count = edges->count;
    }
    return cudaSuccess;
}

static cudaError_t get_info(cudaStream_t handle, enum cudaStreamCaptureStatus *status, const struct info *info) {
    struct CUstream_st *stream;
    cudaError_t error = is_capturing(handle, status);
    if (error != cudaSuccess || *status != cudaStreamCaptureStatusActive) {
        return error;
    }
    if (info->data && !info->nodes) {
        return cw_rt_fail(cudaErrorInvalidValue, "edge data without a place for the dependencies");
    }
    error = find(handle, &stream);
    if (error == cudaSuccess) {
        pthread_mutex_lock(&cw_rt_graph_lock);
        error = cw_rt_stream_capturing(stream) ? describe(stream, info) : cudaSuccess;
        pthread_mutex_unlock(&cw_rt_graph_lock);
    }
    return error;
}

cudaError_t cudaStreamGetCaptureInfo_v2(cudaStream_t stream, enum cudaStreamCaptureStatus *status,
                                        unsigned long long *id, cudaGraph_t *graph, const cudaGraphNode_t **nodes,
                                        size_t *count) {
    return cw_rt_record(get_info(stream, status, &(struct info){id, graph, nodes, NULL, count}));
}

cudaError_t cudaStreamGetCaptureInfo_v3(cudaStream_t stream, enum cudaStreamCaptureStatus *status,
                                        unsigned long long *id, cudaGraph_t *graph, const cudaGraphNode_t **nodes,
                                        const cudaGraphEdgeData **data, size_t *count) {
    return cw_rt_record(get_info(stream, status, &(struct info){id, graph, nodes, data, count}));
}

/* With the lock held. */
static cudaError_t update(struct CUstream_st *stream, const cudaGraphNode_t *nodes, const cudaGraphEdgeData *data,
                          size_t count, bool replace) {
    struct cw_rt_edge *added;
    const struct cw_rt_capture *capture = capture_of(stream);
    if (!capture) {
        return cw_rt_fail(cudaErrorIllegalState, "the stream is not capturing");
    }
    if (capture->invalidated) {
        return invalid();
    }
    cudaError_t error = read_edges(capture->graph, nodes, data, count, &added);
    if (error != cudaSuccess) {
        return error;
    }
    if (replace) {
        stream->capture_dependencies.count = 0;
    }
    for (size_t i = 0; error == cudaSuccess && i < count; i++) {
        if (!cw_rt_edges_add(&stream->capture_dependencies, added[i].node, added[i].data)) {
            error = no_memory();
        }
    }
    free(added);
    return error;
}

static cudaError_t update_dependencies(cudaStream_t handle, const cudaGraphNode_t *nodes, const cudaGraphEdgeData *data,
                                       size_t count, unsigned flags) {
    struct CUstream_st *stream;
    if (flags > cudaStreamSetCaptureDependencies) {
        return cw_rt_fail(cudaErrorInvalidValue, "unknown flags 0x%x", flags);
    }
    cudaError_t error = find(handle, &stream);
    if (error == cudaSuccess) {
        pthread_mutex_lock(&cw_rt_graph_lock);
        error = update(stream, nodes, data, count, flags == cudaStreamSetCaptureDependencies);
        pthread_mutex_unlock(&cw_rt_graph_lock);
    }
    return error;
}

cudaError_t cudaStreamUpdateCaptureDependencies(cudaStream_t stream, cudaGraphNode_t *dependencies, size_t count,
                                                unsigned flags) {
    return cw_rt_record(update_dependencies(stream, dependencies, NULL, count, flags));
}

cudaError_t cudaStreamUpdateCaptureDependencies_v2(cudaStream_t stream, cudaGraphNode_t *dependencies,
                                                   const cudaGraphEdgeData *data, size_t count, unsigned flags) {
    return cw_rt_record(update_dependencies(stream, dependencies, data, count, flags));
}
