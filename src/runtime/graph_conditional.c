/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graph_conditional.c: conditional handles and nodes (CUDA C++ Programming Guide, "Conditional Graph Nodes"). A handle
 * is the address of a word of device memory, which cudaGraphSetConditional in device code stores to.
 */
#include <stdlib.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/device.h"
#include "runtime/graph.h"
#include "runtime/memory.h"
#include "runtime/thread.h"

#define SWITCH_BODIES_MAX 65536u

static cudaError_t create_condition(struct CUgraph_st *graph, struct cw_rt_device *device, void *cell,
                                    unsigned default_value, unsigned flags) {
    struct cw_rt_condition *condition = calloc(1, sizeof *condition);
    if (!condition) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory for a conditional handle");
    }
    *condition = (struct cw_rt_condition){.next = graph->conditions,
                                          .device = device,
                                          .cell = cell,
                                          .default_value = default_value,
                                          .assign = (flags & cudaGraphCondAssignDefault) != 0,
                                          .refs = 1};
    graph->conditions = condition;
    return cudaSuccess;
}

static cudaError_t handle_create(cudaGraphConditionalHandle *handle, cudaGraph_t graph, unsigned default_value,
                                 unsigned flags) {
    struct cw_rt_device *device;
    void *cell;
    if (!handle) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the handle is NULL");
    }
    if (flags & ~(unsigned)cudaGraphCondAssignDefault) {
        return cw_rt_fail(cudaErrorInvalidValue, "unknown flags 0x%x", flags);
    }
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_memory_alloc(device, sizeof(unsigned), CW_RT_MEMORY_GRAPH, 0, &cell);
    }
    if (error != cudaSuccess) {
        return error;
    }
    pthread_mutex_lock(&cw_rt_graph_lock);
    error = cw_rt_graph_check(graph);
    if (error == cudaSuccess) {
        error = create_condition(graph, device, cell, default_value, flags);
    }
    if (error == cudaSuccess) {
        error = cw_rt_condition_write(graph->conditions, default_value);
        *handle = (cudaGraphConditionalHandle)(uintptr_t)cell;
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    if (error != cudaSuccess) {
        cw_rt_memory_discard(device, cell, CW_RT_MEMORY_GRAPH);
    }
    return error;
}

cudaError_t cudaGraphConditionalHandleCreate(cudaGraphConditionalHandle *handle, cudaGraph_t graph,
                                             unsigned default_value, unsigned flags) {
    return cw_rt_record(handle_create(handle, graph, default_value, flags));
}

void cw_rt_condition_release(struct cw_rt_condition *condition) {
    if (--condition->refs == 0) {
        cw_rt_memory_discard(condition->device, condition->cell, CW_RT_MEMORY_GRAPH);
        free(condition);
    }
}

cudaError_t cw_rt_condition_write(const struct cw_rt_condition *condition, unsigned value) {
    const struct cw_backend *backend;
    cudaError_t error = cw_rt_backend(&backend);
    return error != cudaSuccess
               ? error
               : cw_rt_status_error(backend->fill(condition->device->backend, condition->cell, value, 4, 1));
}

cudaError_t cw_rt_condition_read(const struct cw_rt_condition *condition, unsigned *value) {
    const struct cw_backend *backend;
    cudaError_t error = cw_rt_backend(&backend);
    return error != cudaSuccess ? error
                                : cw_rt_status_error(backend->copy(condition->device->backend, value, condition->cell,
                                                                   sizeof *value, CW_COPY_DEVICE_TO_HOST));
}

/* A handle belongs to the graph itself or to one that the graph is inside of. */
static struct cw_rt_condition *find(const struct CUgraph_st *graph, cudaGraphConditionalHandle handle) {
    for (; graph; graph = graph->owner ? graph->owner->graph : NULL) {
        for (struct cw_rt_condition *condition = graph->conditions; condition; condition = condition->next) {
            if ((cudaGraphConditionalHandle)(uintptr_t)condition->cell == handle) {
                return condition;
            }
        }
    }
    return NULL;
}

cudaError_t cw_rt_conditional_prepare(struct CUgraphNode_st *draft, const struct CUgraph_st *graph,
                                      const struct cudaConditionalNodeParams *params) {
    struct cw_rt_condition *condition = find(graph, params->handle);
    if (!condition || condition->used) {
        return cw_rt_fail(cudaErrorInvalidValue,
                          condition ? "another conditional node has this handle" : "the handle is not this graph's");
    }
    bool fits = (params->type == cudaGraphCondTypeIf && (params->size == 1 || params->size == 2)) ||
                (params->type == cudaGraphCondTypeWhile && params->size == 1) ||
                (params->type == cudaGraphCondTypeSwitch && params->size >= 1 && params->size <= SWITCH_BODIES_MAX);
    if (!fits) {
        return cw_rt_fail(cudaErrorInvalidValue, "a conditional node of type %d with %u bodies", (int)params->type,
                          params->size);
    }
    draft->of.conditional.bodies = calloc(params->size, sizeof *draft->of.conditional.bodies);
    draft->type = cudaGraphNodeTypeConditional;
    if (!draft->of.conditional.bodies) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory for a node of a graph");
    }
    draft->of.conditional.condition = condition;
    draft->of.conditional.type = params->type;
    draft->of.conditional.size = params->size;
    condition->refs++;
    for (unsigned i = 0; i < params->size; i++) {
        draft->of.conditional.bodies[i] = cw_rt_graph_create(CW_RT_GRAPH_BODY, NULL);
        if (!draft->of.conditional.bodies[i]) {
            return cw_rt_fail(cudaErrorMemoryAllocation, "no memory for the body of a conditional node");
        }
    }
    condition->used = true;
    return cudaSuccess;
}
