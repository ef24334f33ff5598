/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream.h: streams, and the engine that runs what is queued in them.
 *
 * A backend runs one operation and returns when it is done. The engine makes streams of that: each stream is a queue;
 * its operations have the numbers 1, 2, 3, ... (`submitted`, `completed`) and run in order, one at a time. Every
 * ordering rule between streams is a dependency "(stream, number) has completed", decided when an operation is
 * submitted:
 *   - an operation of the legacy default stream depends on all earlier work of all blocking streams of its device;
 *   - an operation of a blocking stream depends on all earlier work of the legacy stream;
 *   - cudaStreamWaitEvent depends on the (stream, number) that the event was recorded as.
 * Dependencies point to earlier submissions only, so there are no cycles.
 *
 * Who runs an operation: a dispatcher (engine.c keeps as many threads as there are streams with work that may run), or
 * a thread that waits for the stream and finds the operation at hand (cw_rt_stream_wait): then no thread needs waking.
 *
 * On a device that has queues of its own (native.h) running an operation means issuing its work there. `completed` then
 * says what was issued; whoever waits for a stream waits for its queue after that.
 *
 * Streams are slots (slots.h) whose numbers go on growing when the slot finds a new use: a dependency or an event that
 * outlives its stream is simply complete. One lock, the engine's, guards all queues; it is held for tens of
 * nanoseconds and never while an operation runs. It is the innermost lock of the runtime.
 */
#ifndef CW_RUNTIME_STREAM_H
#define CW_RUNTIME_STREAM_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cuda/driver_types.h"

struct cw_rt_device;
struct cw_rt_thread;
struct CUstream_st;

struct cw_rt_capture;
struct cw_rt_edge;

/* Nodes of a graph, with what each edge to or from them carries (graph.h). */
struct cw_rt_edges {
    struct cw_rt_edge *items;
    size_t count, capacity;
};

struct cw_rt_dependency {
    struct CUstream_st *stream;
    uint64_t number;
    struct CUevent_st *event; /* that was recorded then, and which of its records; or NULL */
    uint64_t record;
};

enum cw_rt_operation_flag {
    CW_RT_DISPATCHER_ONLY = 1,  /* runs user code that must not run inside a waiting thread */
    CW_RT_EVEN_AFTER_FAULT = 2, /* runs although its device has failed */
    CW_RT_ISSUES = 4,           /* issues work to the device's own queue where it has one (native.h) and need not wait */
};

/* One queued operation. Taken from a free list with room for `payload`, so that a steady state allocates nothing. */
struct cw_rt_operation {
    struct cw_rt_operation *next;
    struct CUstream_st *stream;
    uint64_t number;
    /* Does the work; NULL when there is nothing to do but to be in order. An error makes its device fail. */
    cudaError_t (*execute)(struct cw_rt_device *device, void *payload);
    uint32_t flags; /* set of enum cw_rt_operation_flag */
    void *payload;
    size_t payload_capacity;
    struct cw_rt_dependency *dependencies;
    uint32_t dependency_count;
    uint32_t dependency_capacity;
    struct CUevent_st *event; /* recorded by this operation, if any */
    uint64_t record;          /* the record of `event` that this is */
};

/* stream_attributes.c: kept, not acted upon. */
struct cw_rt_stream_hints {
    struct cudaAccessPolicyWindow window;
    enum cudaSynchronizationPolicy policy;
    cudaLaunchMemSyncDomainMap domain_map;
    enum cudaLaunchMemSyncDomain domain;
};

#define CW_RT_FOLLOWED_MAX 8u

enum cw_rt_stream_state { CW_RT_STREAM_FREE, CW_RT_STREAM_LIVE, CW_RT_STREAM_CLOSING };

struct CUstream_st {
    /* Guarded by the engine's lock, except `completed` and `word`, which are read without. */
    enum cw_rt_stream_state state;
    struct cw_rt_device *device;
    uint64_t identity; /* of this use of the slot */
    uint64_t context;  /* that it was created in (context.h) */
    unsigned processors; /* that its kernels may use; 0: all */
    unsigned flags;    /* cudaStreamNonBlocking */
    int priority;
    struct cw_rt_stream_hints hints;
    bool legacy;
    bool per_thread;
    bool running; /* someone runs operations of this stream */
    bool ready;   /* in the engine's ready list */
    bool blocked; /* in the engine's blocked list: the head waits for other streams */
    bool busy;    /* in the engine's busy list: something is pending */
    uint64_t submitted;
    _Atomic uint64_t completed;
    struct cw_rt_operation *head, *tail;
    struct CUstream_st *ready_next, *ready_previous;
    struct CUstream_st *blocked_next;
    struct CUstream_st *busy_next, *busy_previous;
    /* Streams that it waited for by events, the last few, and how far. */
    struct cw_rt_dependency followed[CW_RT_FOLLOWED_MAX];
    uint32_t followed_next;
    _Atomic uint32_t word; /* sleepers for `completed` */
    uint64_t wake_at;      /* the smallest number that a sleeper waits for */

    /* native.c's: the device's own queue, kept while the slot lives on the same device. */
    _Atomic(struct cw_backend_stream *) native;
    struct cw_rt_device *native_device;
    int native_priority;
    _Atomic uint64_t issued;  /* how often work was issued to `native` */
    _Atomic uint64_t settled; /* how much of that is known to be done */
    struct CUstream_st *native_followed; /* waited for last, when it had issued so much */
    uint64_t native_followed_issued;

    /* capture.c's, guarded by the graphs' lock: what the stream captures for, NULL when it does not; the nodes that its
     * next one depends on; the capture's next stream behind its first one; and what was given out last. */
    _Atomic(struct cw_rt_capture *) capture;
    struct cw_rt_edges capture_dependencies;
    struct CUstream_st *capture_next;
    cudaGraphNode_t *capture_nodes_out;
    cudaGraphEdgeData *capture_data_out;
};

/* Handles as the API takes them: NULL, cudaStreamLegacy, cudaStreamPerThread or a stream. The thread's `per_thread` says
 * what NULL means. cudaErrorInvalidResourceHandle when it isn't one. */
cudaError_t cw_rt_stream_resolve(struct cw_rt_device *device, cudaStream_t handle, struct CUstream_st **stream);

cudaError_t cw_rt_stream_create(struct cw_rt_device *device, unsigned flags, int priority, struct CUstream_st **stream);
/* Work that is pending still runs; the handle is invalid at once. */
void cw_rt_stream_destroy(struct CUstream_st *stream);
/* Destroys every stream of a device, the legacy one too. Nothing is pending. */
void cw_rt_streams_close(struct cw_rt_device *device);
/* Destroys the streams that were created in a context. Nothing of them is pending. */
void cw_rt_streams_close_context(struct cw_rt_device *device, uint64_t context);
/* The live streams that were created in a context but default ones, malloc'd; NULL when out of memory. */
struct CUstream_st **cw_rt_streams_of_context(const struct cw_rt_device *device, uint64_t context, size_t *count);
void cw_rt_streams_thread_ended(struct cw_rt_thread *thread);

/* The number behind which all that was submitted lies, for the legacy stream also what it would wait for. */
uint64_t cw_rt_stream_mark(struct CUstream_st *stream);
/* Notes that what is submitted to `stream` from now on comes behind (other, number), and asks for that. */
void cw_rt_stream_follow(struct CUstream_st *stream, struct CUstream_st *other, uint64_t number);
bool cw_rt_stream_follows(const struct CUstream_st *stream, const struct CUstream_st *other, uint64_t number);

/* True if nothing is pending; for the legacy stream also nothing of the streams that it would wait for. */
bool cw_rt_stream_idle(struct CUstream_st *stream);
/* Waits until operation `number` has completed, running operations itself where it can. */
void cw_rt_stream_wait(struct CUstream_st *stream, uint64_t number);
/* The same, but work may still be in the device's own queue. */
void cw_rt_stream_wait_issued(struct CUstream_st *stream, uint64_t number);
/* Waits for all that was submitted; synchronising the legacy stream waits for the blocking streams too. */
void cw_rt_stream_synchronize(struct CUstream_st *stream);
/* Waits for all work of the device that was submitted before the call. */
void cw_rt_device_synchronize(struct cw_rt_device *device);
/* The same, but gives up when nothing has completed for `patience_ns`. False then. */
bool cw_rt_device_drain(struct cw_rt_device *device, uint64_t patience_ns);

/* ---- Submitting ---------------------------------------------------------------------------------------------- */

enum cw_rt_submit_mode {
    CW_RT_ASYNC,  /* returns at once; a dispatcher runs it */
    CW_RT_INLINE, /* the caller runs it if nothing is before it, else as CW_RT_ASYNC: for work of microseconds */
    CW_RT_WAIT,   /* returns when it has completed; the caller runs it where it can */
};

/* An operation without dependencies, flags and event, whose payload has room for `size` bytes aligned to 16. NULL when
 * out of memory. It ends with cw_rt_submit. */
struct cw_rt_operation *cw_rt_operation_take(size_t size);
void cw_rt_operation_give(struct cw_rt_operation *operation);
/* False when out of memory. */
bool cw_rt_operation_depend(struct cw_rt_operation *operation, struct CUstream_st *stream, uint64_t number);
/* The same for the record of an event, which lets the device wait for that alone. */
bool cw_rt_operation_depend_on(struct cw_rt_operation *operation, const struct cw_rt_dependency *what);
/* Queues the operation; takes it over. With CW_RT_WAIT, its device's failure, if any. The number it got goes to
 * `number` unless NULL. */
cudaError_t cw_rt_submit(struct CUstream_st *stream, struct cw_rt_operation *operation, enum cw_rt_submit_mode mode,
                         uint64_t *number);
/* The same without looking for captures, for callers that have, or that hold the graphs' lock. */
cudaError_t cw_rt_queue(struct CUstream_st *stream, struct cw_rt_operation *operation, enum cw_rt_submit_mode mode,
                        uint64_t *number);

#endif
