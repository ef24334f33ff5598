/* SPDX-License-Identifier: Apache-2.0 */
/* graph_exec.c: executable graphs: instantiating and launching them. See graph.h. */
#include <stdlib.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/capture.h"
#include "runtime/device.h"
#include "runtime/event.h"
#include "runtime/graph.h"
#include "runtime/graph_device.h"
#include "runtime/reference.h"
#include "runtime/stream.h"
#include "runtime/thread.h"

#define KNOWN_FLAGS                                                                                                    \
    ((unsigned long long)(cudaGraphInstantiateFlagAutoFreeOnLaunch | cudaGraphInstantiateFlagUpload |                  \
                          cudaGraphInstantiateFlagDeviceLaunch | cudaGraphInstantiateFlagUseNodePriority))

static struct cw_rt_slots executables = {.slot_size = sizeof(struct CUgraphExec_st)};

cudaError_t cw_rt_exec_check(cudaGraphExec_t exec) {
    return exec && cw_rt_slots_owns(&executables, exec) && exec->live
               ? cudaSuccess
               : cw_rt_fail(cudaErrorInvalidValue, "the executable graph was destroyed or never was one");
}

void cw_rt_exec_changed(struct CUgraphExec_st *exec) {
    exec->uploaded = false;
    if (exec->plan) {
        cw_rt_plan_release(exec->plan);
        exec->plan = NULL;
    }
}

cudaError_t cw_rt_exec_node(struct CUgraphExec_st *exec, cudaGraphNode_t node, struct CUgraphNode_st **found) {
    cudaError_t error = cw_rt_exec_check(exec);
    if (error == cudaSuccess) {
        error = cw_rt_node_check(node);
    }
    if (error != cudaSuccess) {
        return error;
    }
    *found = cw_rt_graph_find_clone(exec->template, node, true);
    return *found ? cudaSuccess
                  : cw_rt_fail(cudaErrorInvalidValue, "the executable graph has no counterpart of this node");
}

/* ---- Instantiating ------------------------------------------------------------------------------------------- */

/* A handle that no conditional node has does nothing: CUDA refuses it. */
static bool unused_handle(const struct CUgraph_st *graph) {
    for (const struct cw_rt_condition *condition = graph->conditions; condition; condition = condition->next) {
        if (!condition->used) {
            return true;
        }
    }
    return false;
}

static cudaError_t check_instantiable(struct CUgraph_st *graph, unsigned long long flags,
                                      cudaGraphInstantiateResult *result) {
    *result = cudaGraphInstantiateError;
    if (flags & ~KNOWN_FLAGS) {
        return cw_rt_fail(cudaErrorInvalidValue, "unknown flags 0x%llx", flags);
    }
    cudaError_t error = cw_rt_graph_check(graph);
    if (error != cudaSuccess) {
        return error;
    }
    if ((flags & cudaGraphInstantiateFlagDeviceLaunch) && (flags & cudaGraphInstantiateFlagAutoFreeOnLaunch)) {
        return cw_rt_fail(cudaErrorInvalidValue, "a graph for launches by kernels can't free memory on launch");
    }
    if (flags & cudaGraphInstantiateFlagDeviceLaunch) {
        error = cw_rt_graph_check_device_launch(graph, result);
        if (error != cudaSuccess) {
            return error;
        }
        *result = cudaGraphInstantiateError;
    }
    if (graph->role == CW_RT_GRAPH_CHILD || graph->role == CW_RT_GRAPH_BODY) {
        return cw_rt_fail(cudaErrorInvalidValue, "a graph that belongs to a node can't be instantiated by itself");
    }
    if (unused_handle(graph)) {
        *result = cudaGraphInstantiateConditionalHandleUnused;
        return cw_rt_fail(cudaErrorInvalidValue, "a conditional handle of the graph has no conditional node");
    }
    bool memory = cw_rt_graph_has(graph, cudaGraphNodeTypeMemAlloc, true) ||
                  cw_rt_graph_has(graph, cudaGraphNodeTypeMemFree, true);
    if (memory && graph->executables > 0) {
        *result = cudaGraphInstantiateNodeOperationNotSupported;
        return cw_rt_fail(cudaErrorNotSupported,
                          "a graph with memory nodes can have one executable graph at a time; destroy the other one");
    }
    return cudaSuccess;
}

static cudaError_t make(struct CUgraphExec_st **result, struct CUgraph_st *graph, struct cw_rt_device *device,
                        unsigned long long flags) {
    struct cw_rt_plan *plan = NULL;
    struct CUgraph_st *template = cw_rt_graph_clone(graph, CW_RT_GRAPH_TEMPLATE, NULL);
    cudaError_t error = template ? cw_rt_plan_compile(template, &plan)
                                 : cw_rt_fail(cudaErrorMemoryAllocation, "no memory to instantiate a graph");
    struct CUgraphExec_st *exec = error == cudaSuccess ? cw_rt_slots_take(&executables) : NULL;
    if (!exec) {
        if (plan) {
            cw_rt_plan_release(plan);
        }
        if (template) {
            cw_rt_graph_destroy(template);
        }
        return error != cudaSuccess ? error : cw_rt_fail(cudaErrorMemoryAllocation, "no memory to instantiate a graph");
    }
    *exec = (struct CUgraphExec_st){.live = true,
                                    .refs = 1,
                                    .device = device,
                                    .flags = flags & ~(unsigned long long)cudaGraphInstantiateFlagUpload,
                                    .template = template,
                                    .source = graph,
                                    .source_identity = graph->identity,
                                    .plan = plan,
                                    .uploaded = (flags & cudaGraphInstantiateFlagUpload) != 0};
    graph->executables++;
    cw_rt_graph_device_count((flags & cudaGraphInstantiateFlagDeviceLaunch) != 0);
    *result = exec;
    return cudaSuccess;
}

static cudaError_t instantiate(cudaGraphExec_t *result, cudaGraph_t graph, unsigned long long flags,
                               cudaGraphInstantiateResult *outcome) {
    struct cw_rt_device *device;
    if (!result) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the executable graph is NULL");
    }
    cudaError_t error = cw_rt_device_current(&device);
    if (error != cudaSuccess) {
        return error;
    }
    pthread_mutex_lock(&cw_rt_graph_lock);
    error = check_instantiable(graph, flags, outcome);
    if (error == cudaSuccess) {
        error = make(result, graph, device, flags);
    }
    if (error == cudaSuccess) {
        *outcome = cudaGraphInstantiateSuccess;
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error;
}

static cudaError_t instantiate_plainly(cudaGraphExec_t *exec, cudaGraph_t graph, unsigned long long flags) {
    cudaGraphInstantiateResult outcome = cudaGraphInstantiateError;
    return instantiate(exec, graph, flags, &outcome);
}

cudaError_t cudaGraphInstantiate(cudaGraphExec_t *exec, cudaGraph_t graph, unsigned long long flags) {
    return cw_rt_record(instantiate_plainly(exec, graph, flags));
}

cudaError_t cudaGraphInstantiateWithFlags(cudaGraphExec_t *exec, cudaGraph_t graph, unsigned long long flags) {
    return cw_rt_record(instantiate_plainly(exec, graph, flags));
}

static cudaError_t upload(cudaGraphExec_t exec, cudaStream_t handle);

static cudaError_t instantiate_with(cudaGraphExec_t *exec, cudaGraph_t graph, cudaGraphInstantiateParams *params) {
    if (!params) {
        return cw_rt_fail(cudaErrorInvalidValue, "the parameters are NULL");
    }
    params->result_out = cudaGraphInstantiateError;
    params->errNode_out = NULL; /* nodes are checked when they are added: none is at fault here */
    cudaError_t error = instantiate(exec, graph, params->flags, &params->result_out);
    if (error == cudaSuccess && (params->flags & cudaGraphInstantiateFlagUpload)) {
        error = upload(*exec, params->uploadStream);
    }
    return error;
}

cudaError_t cudaGraphInstantiateWithParams(cudaGraphExec_t *exec, cudaGraph_t graph,
                                           cudaGraphInstantiateParams *params) {
    return cw_rt_record(instantiate_with(exec, graph, params));
}

/* With the lock held. */
static void release_exec(struct CUgraphExec_st *exec) {
    if (atomic_fetch_sub_explicit(&exec->refs, 1, memory_order_acq_rel) == 1) {
        cw_rt_exec_changed(exec);
        cw_rt_graph_destroy(exec->template);
        cw_rt_graph_device_count(-((exec->flags & cudaGraphInstantiateFlagDeviceLaunch) != 0));
        cw_rt_slots_give(&executables, exec);
    }
}

static cudaError_t exec_destroy(cudaGraphExec_t exec) {
    pthread_mutex_lock(&cw_rt_graph_lock);
    cudaError_t error = cw_rt_exec_check(exec);
    if (error == cudaSuccess) {
        exec->live = false;
        if (exec->source->live && exec->source->identity == exec->source_identity) {
            exec->source->executables--;
        }
        release_exec(exec);
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error;
}

cudaError_t cudaGraphExecDestroy(cudaGraphExec_t exec) {
    return cw_rt_record(exec_destroy(exec));
}

void cw_rt_graphs_close(const struct cw_rt_device *device) {
    struct CUgraphExec_st *exec;
    pthread_mutex_lock(&cw_rt_graph_lock);
    for (size_t i = 0; (exec = cw_rt_slots_at(&executables, i)); i++) {
        if (exec->live && exec->device == device) {
            exec->live = false;
            release_exec(exec);
        }
    }
    cw_rt_graph_destroy_all(device);
    pthread_mutex_unlock(&cw_rt_graph_lock);
}

static cudaError_t get_flags(cudaGraphExec_t exec, unsigned long long *flags) {
    if (!flags) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the flags is NULL");
    }
    pthread_mutex_lock(&cw_rt_graph_lock);
    cudaError_t error = cw_rt_exec_check(exec);
    if (error == cudaSuccess) {
        *flags = exec->flags;
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error;
}

cudaError_t cudaGraphExecGetFlags(cudaGraphExec_t exec, unsigned long long *flags) {
    return cw_rt_record(get_flags(exec, flags));
}

/* ---- Launching ----------------------------------------------------------------------------------------------- */

struct part {
    struct CUgraphExec_st *exec;
    struct cw_rt_plan *plan;
    size_t from, to;
};

/* Gives a reference back if it isn't the last one, which needs the lock. */
static bool drop(_Atomic uint32_t *refs) {
    uint32_t seen = atomic_load_explicit(refs, memory_order_relaxed);
    while (seen > 1) {
        if (atomic_compare_exchange_weak_explicit(refs, &seen, seen - 1, memory_order_acq_rel, memory_order_relaxed)) {
            return true;
        }
    }
    return false;
}

static void part_done(const struct part *part) {
    bool plan_dropped = drop(&part->plan->refs);
    bool exec_dropped = drop(&part->exec->refs);
    if (plan_dropped && exec_dropped) {
        return;
    }
    pthread_mutex_lock(&cw_rt_graph_lock);
    if (!plan_dropped) {
        cw_rt_plan_release(part->plan);
    }
    if (!exec_dropped) {
        release_exec(part->exec);
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
}

static cudaError_t run_part(struct cw_rt_device *device, void *payload) {
    struct part part = *(const struct part *)payload;
    cudaError_t error = cudaSuccess;
    /* After a failure the plan must still be given back. */
    if (cw_rt_device_failure(device) == cudaSuccess) {
        error = cw_rt_graph_run(part.exec, part.plan, part.from, part.to);
    }
    part_done(&part);
    return error;
}

cudaError_t cw_rt_exec_take(struct CUgraphExec_st *exec, struct cw_rt_plan **plan) {
    pthread_mutex_lock(&cw_rt_graph_lock);
    bool fit = exec && cw_rt_slots_owns(&executables, exec) && exec->live && exec->uploaded && exec->plan &&
               (exec->flags & cudaGraphInstantiateFlagDeviceLaunch);
    if (fit) {
        *plan = exec->plan;
        atomic_fetch_add_explicit(&exec->refs, 1, memory_order_relaxed);
        atomic_fetch_add_explicit(&exec->plan->refs, 1, memory_order_relaxed);
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return fit ? cudaSuccess : cudaErrorInvalidValue;
}

void cw_rt_exec_give_back(struct CUgraphExec_st *exec, struct cw_rt_plan *plan) {
    const struct part part = {.exec = exec, .plan = plan};
    part_done(&part);
}

/* Checks what the plan needs of blocks of memory, and books what it does to them. With the lock held. */
static cudaError_t book_blocks(const struct CUgraphExec_st *exec) {
    const struct cw_rt_plan *plan = exec->plan;
    bool automatic = (exec->flags & cudaGraphInstantiateFlagAutoFreeOnLaunch) != 0;
    for (size_t i = 0; i < plan->block_count; i++) {
        const struct cw_rt_plan_block *use = &plan->blocks[i];
        if (use->block->live && !use->live_before && !automatic) {
            return cw_rt_fail(cudaErrorInvalidValue,
                              "memory that an earlier launch of the graph allocated (%p) is not freed yet; free it, or "
                              "instantiate with cudaGraphInstantiateFlagAutoFreeOnLaunch",
                              use->block->base);
        }
        if (!use->block->live && use->live_before) {
            return cw_rt_fail(cudaErrorInvalidValue, "the graph frees %p, which is not allocated", use->block->base);
        }
    }
    for (size_t i = 0; i < plan->block_count; i++) {
        plan->blocks[i].block->live = plan->blocks[i].live_after;
    }
    return cudaSuccess;
}

static cudaError_t submit_part(struct CUgraphExec_st *exec, struct cw_rt_plan *plan, struct CUstream_st *stream,
                               size_t from, size_t to, uint64_t *number) {
    struct cw_rt_operation *operation = cw_rt_operation_take(sizeof(struct part));
    bool fits = operation != NULL;
    /* Launches of one executable graph run one after the other. */
    if (fits && exec->last_stream && exec->last_stream != stream) {
        fits = cw_rt_operation_depend(operation, exec->last_stream, exec->last_number);
    }
    if (!fits) {
        if (operation) {
            cw_rt_operation_give(operation);
        }
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory to queue an operation");
    }
    atomic_fetch_add_explicit(&plan->refs, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&exec->refs, 1, memory_order_relaxed);
    *(struct part *)operation->payload = (struct part){exec, plan, from, to};
    operation->execute = run_part;
    operation->flags = CW_RT_EVEN_AFTER_FAULT | (plan->waits ? CW_RT_DISPATCHER_ONLY : 0u);
    cudaError_t error = cw_rt_queue(stream, operation, CW_RT_ASYNC, number);
    if (error != cudaSuccess) {
        cw_rt_plan_release(plan);
        release_exec(exec);
    }
    return error;
}

/* With the lock held. */
static cudaError_t submit(struct CUgraphExec_st *exec, struct CUstream_st *stream) {
    struct cw_rt_plan *plan = exec->plan;
    size_t from = 0;
    cudaError_t error = cudaSuccess;
    uint64_t number = 0;
    for (size_t i = 0; plan->events > 0 && error == cudaSuccess && i < plan->count; i++) {
        const struct cw_rt_step *step = &plan->steps[i];
        if (step->execute) {
            continue;
        }
        if (i > from || from == 0) {
            error = submit_part(exec, plan, stream, from, i, &number);
        }
        if (error == cudaSuccess) {
            error = step->type == cudaGraphNodeTypeEventRecord ? cw_rt_event_record(step->payload, stream)
                                                               : cw_rt_event_wait(stream, step->payload);
        }
        from = i + 1;
    }
    if (error == cudaSuccess) {
        error = submit_part(exec, plan, stream, from, plan->count, &number);
    }
    if (number) {
        exec->last_stream = stream;
        exec->last_number = number;
    }
    return error;
}

static cudaError_t prepare_plan(struct CUgraphExec_st *exec) {
    return exec->plan ? cudaSuccess : cw_rt_plan_compile(exec->template, &exec->plan);
}

static cudaError_t launch(cudaGraphExec_t exec, cudaStream_t handle) {
    struct cw_rt_device *device;
    struct CUstream_st *stream;
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_stream_resolve(device, handle, &stream);
    }
    if (error == cudaSuccess) {
        error = cw_rt_capture_check_legacy(stream, true);
    }
    if (error == cudaSuccess) {
        error = cw_rt_references_settle(device);
    }
    if (error != cudaSuccess) {
        return error;
    }
    pthread_mutex_lock(&cw_rt_graph_lock);
    error = cw_rt_exec_check(exec);
    if (error == cudaSuccess && cw_rt_stream_capturing(stream)) {
        /* In a capture a launch is a child graph. */
        struct CUgraph_st *template = exec->template;
        pthread_mutex_unlock(&cw_rt_graph_lock);
        struct cudaGraphNodeParams params = {.type = cudaGraphNodeTypeGraph, .graph = {.graph = template}};
        return cw_rt_capture_add(stream, &params);
    }
    if (error == cudaSuccess) {
        error = prepare_plan(exec);
    }
    if (error == cudaSuccess && exec->plan->block_count > 0) {
        error = book_blocks(exec);
    }
    if (error == cudaSuccess) {
        exec->uploaded = true;
        error = submit(exec, stream);
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error;
}

cudaError_t cudaGraphLaunch(cudaGraphExec_t exec, cudaStream_t stream) {
    return cw_rt_record(launch(exec, stream));
}

/* What a launch needs is made ready; nothing has to be brought to the device. */
static cudaError_t upload(cudaGraphExec_t exec, cudaStream_t handle) {
    struct cw_rt_device *device;
    struct CUstream_st *stream;
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_stream_resolve(device, handle, &stream);
    }
    if (error != cudaSuccess) {
        return error;
    }
    pthread_mutex_lock(&cw_rt_graph_lock);
    error = cw_rt_exec_check(exec);
    if (error == cudaSuccess) {
        error = prepare_plan(exec);
    }
    if (error == cudaSuccess) {
        exec->uploaded = true;
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error;
}

cudaError_t cudaGraphUpload(cudaGraphExec_t exec, cudaStream_t stream) {
    return cw_rt_record(upload(exec, stream));
}
