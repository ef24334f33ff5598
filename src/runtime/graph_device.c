/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graph_device.c: see graph_device.h. `lock` guards environments and what was launched into them; it is never held together
 * with the lock of graphs.
 */
#include "runtime/graph_device.h"

#include <stdlib.h>

#include "cuda/cuda_runtime_api.h"
#include "cudawasm/cw_backend.h"
#include "runtime/device.h"
#include "runtime/graph.h"
#include "runtime/thread.h"

/* CUDA's limits. */
#define FORGOTTEN_MAX 120u
#define TAILS_MAX 255u

/* The streams of device code: cw/device/graph.h. */
#define STREAM_TAIL 5u
#define STREAM_FORGET 6u
#define STREAM_SIBLING 7u

/* A launch by a kernel. It holds a reference to the executable graph and one to the plan. */
struct launched {
    struct launched *next;
    struct CUgraphExec_st *exec;
    struct cw_rt_plan *plan;
};

/* Launches that follow one another: one, then its tails. */
struct chain {
    struct chain *next;
    struct launched *first;
};

struct environment {
    struct environment *next;  /* that run now */
    struct environment *above; /* where siblings go */
    struct environment *outer; /* of the same thread, to go back to */
    struct CUgraphExec_st *exec;
    const void *place; /* arguments of the kernel that runs */
    struct chain *ready, **ready_end;
    struct launched *tails, **tails_end;
    unsigned forgotten, tail_count;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct environment *environments;
static _Atomic int launchable; /* executable graphs that kernels may launch */
static _Thread_local struct environment *own;

void cw_rt_graph_device_count(int change) {
    atomic_fetch_add_explicit(&launchable, change, memory_order_relaxed);
}

/* ---- What may be launched ---------------------------------------------------------------------------------------- */

static bool may_run(const struct CUgraphNode_st *node) {
    switch ((int)node->type) {
    case cudaGraphNodeTypeKernel:
    case cudaGraphNodeTypeEmpty:
    case cudaGraphNodeTypeGraph:
        return true;
    case cudaGraphNodeTypeMemset:
        return node->of.fill.memory != CW_RT_MEMORY_UNKNOWN;
    case cudaGraphNodeTypeMemcpy:
        return !node->of.copy.params.srcArray && !node->of.copy.params.dstArray &&
               node->of.copy.plan.src_kind != CW_RT_MEMORY_UNKNOWN && node->of.copy.plan.dst_kind != CW_RT_MEMORY_UNKNOWN;
    default:
        return false;
    }
}

cudaError_t cw_rt_graph_check_device_launch(const struct CUgraph_st *graph, cudaGraphInstantiateResult *result) {
    for (size_t i = 0; i < graph->count; i++) {
        const struct CUgraphNode_st *node = graph->nodes[i];
        if (!may_run(node)) {
            *result = cudaGraphInstantiateNodeOperationNotSupported;
            return cw_rt_fail(cudaErrorNotSupported,
                              "a graph for launches by kernels has kernels, copies and fills of memory that the device "
                              "reaches, and child graphs; a node of type %d is something else",
                              (int)node->type);
        }
        if (node->device != graph->nodes[0]->device) {
            *result = cudaGraphInstantiateMultipleDevicesNotSupported;
            return cw_rt_fail(cudaErrorNotSupported, "a graph for launches by kernels has nodes of one device");
        }
        cudaError_t error = node->type == cudaGraphNodeTypeGraph
                                ? cw_rt_graph_check_device_launch(node->of.child.graph, result)
                                : cudaSuccess;
        if (error != cudaSuccess) {
            return error;
        }
    }
    const struct cw_backend *backend;
    cudaError_t error = cw_rt_backend(&backend);
    if (error == cudaSuccess && !backend->device_answers) {
        *result = cudaGraphInstantiateNodeOperationNotSupported;
        return cw_rt_fail(cudaErrorNotSupported,
                          "kernels of the backend %s can't launch graphs; launch it from the host", backend->name);
    }
    return error;
}

/* ---- Launches by kernels: under `lock` --------------------------------------------------------------------------- */

static struct environment *find(uint64_t address) {
    const void *place = (const void *)(uintptr_t)address;
    struct environment *found = environments;
    while (found && (!place || found->place != place)) {
        found = found->next;
    }
    return found;
}

static bool append_chain(struct environment *to, struct launched *launched) {
    struct chain *chain = malloc(sizeof *chain);
    if (chain) {
        *chain = (struct chain){.first = launched};
        *to->ready_end = chain;
        to->ready_end = &chain->next;
    }
    return chain != NULL;
}

static cudaError_t enqueue(struct launched *launched, const struct cw_graph_question *question) {
    struct environment *environment = find(question->place);
    struct CUgraphExec_st *exec = launched->exec;
    if (!environment) {
        return cudaErrorInvalidValue; /* the kernel is no graph's */
    }
    if (question->stream == STREAM_TAIL) {
        bool again = exec == environment->exec;
        if (again ? exec->again : exec->in_flight) {
            return cudaErrorInvalidValue;
        }
        if (environment->tail_count >= TAILS_MAX) {
            return cudaErrorLaunchPendingCountExceeded;
        }
        environment->tail_count++;
        exec->again |= again;
        *environment->tails_end = launched;
        environment->tails_end = &launched->next;
    } else {
        if (exec->in_flight || exec == environment->exec) {
            return cudaErrorInvalidValue;
        }
        if (environment->forgotten >= FORGOTTEN_MAX) {
            return cudaErrorLaunchPendingCountExceeded;
        }
        if (!append_chain(question->stream == STREAM_SIBLING ? environment->above : environment, launched)) {
            return cudaErrorMemoryAllocation;
        }
        environment->forgotten++;
    }
    exec->in_flight = true;
    return cudaSuccess;
}

/* ---- Running ----------------------------------------------------------------------------------------------------- */

static void release(struct launched *launched) {
    cw_rt_exec_give_back(launched->exec, launched->plan);
    free(launched);
}

static void drop_all(struct launched *launched) {
    while (launched) {
        struct launched *next = launched->next;
        pthread_mutex_lock(&lock);
        launched->exec->in_flight = launched->exec->again = false;
        pthread_mutex_unlock(&lock);
        release(launched);
        launched = next;
    }
}

static void enter(struct environment *environment) {
    environment->ready_end = &environment->ready;
    environment->tails_end = &environment->tails;
    environment->outer = own;
    own = environment;
    pthread_mutex_lock(&lock);
    environment->next = environments;
    environments = environment;
    pthread_mutex_unlock(&lock);
}

static void leave(struct environment *environment) {
    struct environment **at = &environments;
    pthread_mutex_lock(&lock);
    while (*at != environment) {
        at = &(*at)->next;
    }
    *at = environment->next;
    pthread_mutex_unlock(&lock);
    own = environment->outer;
    while (environment->ready) {
        struct chain *chain = environment->ready;
        environment->ready = chain->next;
        drop_all(chain->first);
        free(chain);
    }
}

static struct chain *take_ready(struct environment *environment) {
    pthread_mutex_lock(&lock);
    struct chain *chain = environment->ready;
    if (chain) {
        environment->ready = chain->next;
        if (!environment->ready) {
            environment->ready_end = &environment->ready;
        }
        chain->next = NULL;
    }
    pthread_mutex_unlock(&lock);
    return chain;
}

/* Runs the chain's first launch in an environment of its own; its tails come behind it. */
static cudaError_t run_first(struct chain *chain, struct environment *above) {
    struct launched *launched = chain->first;
    struct environment environment = {.above = above, .exec = launched->exec};
    pthread_mutex_lock(&lock);
    launched->exec->again = false;
    pthread_mutex_unlock(&lock);
    enter(&environment);
    cudaError_t error = cw_rt_plan_run(launched->plan, 0, launched->plan->count);
    leave(&environment);
    pthread_mutex_lock(&lock);
    if (!launched->exec->again) {
        launched->exec->in_flight = false;
    }
    pthread_mutex_unlock(&lock);
    *environment.tails_end = launched->next;
    chain->first = environment.tails;
    release(launched);
    return error;
}

/* Runs what waits in the environment, chains in turns. */
static cudaError_t drain(struct environment *environment) {
    struct chain *chain;
    cudaError_t error = cudaSuccess;
    while (error == cudaSuccess && (chain = take_ready(environment)) != NULL) {
        error = run_first(chain, environment);
        if (error == cudaSuccess && chain->first) {
            pthread_mutex_lock(&lock);
            *environment->ready_end = chain;
            environment->ready_end = &chain->next;
            pthread_mutex_unlock(&lock);
        } else {
            drop_all(chain->first);
            free(chain);
        }
    }
    return error;
}

void cw_rt_graph_step_begins(const void *place) {
    if (own) {
        pthread_mutex_lock(&lock);
        own->place = place;
        pthread_mutex_unlock(&lock);
    }
}

cudaError_t cw_rt_graph_step_ended(void) {
    if (!own) {
        return cudaSuccess;
    }
    pthread_mutex_lock(&lock);
    own->place = NULL;
    pthread_mutex_unlock(&lock);
    return drain(own);
}

cudaError_t cw_rt_graph_run(struct CUgraphExec_st *exec, struct cw_rt_plan *plan, size_t from, size_t to) {
    if (atomic_load_explicit(&launchable, memory_order_relaxed) == 0) {
        return cw_rt_plan_run(plan, from, to);
    }
    struct environment stream = {.exec = NULL}, environment = {.above = &stream, .exec = exec};
    struct chain *chain = NULL;
    enter(&stream);
    enter(&environment);
    cudaError_t error = cw_rt_plan_run(plan, from, to);
    leave(&environment);
    if (environment.tails) {
        chain = malloc(sizeof *chain);
        error = chain || error != cudaSuccess ? error : cw_rt_fail(cudaErrorMemoryAllocation, "no memory for a tail");
    }
    if (error == cudaSuccess && chain) {
        *chain = (struct chain){.first = environment.tails};
        *stream.ready_end = chain;
        stream.ready_end = &chain->next;
    } else {
        drop_all(environment.tails);
        free(chain);
    }
    if (error == cudaSuccess) {
        error = drain(&stream);
    }
    leave(&stream);
    return error;
}

/* ---- For kernels ------------------------------------------------------------------------------------------------- */

cudaError_t cw_rt_graph_device_launch(const struct cw_graph_question *question) {
    struct launched *launched = calloc(1, sizeof *launched);
    cudaError_t error = launched ? cudaSuccess : cudaErrorMemoryAllocation;
    if (question->stream != STREAM_TAIL && question->stream != STREAM_FORGET && question->stream != STREAM_SIBLING) {
        error = cudaErrorInvalidValue;
    }
    if (error == cudaSuccess) {
        launched->exec = (struct CUgraphExec_st *)(uintptr_t)question->graph;
        error = cw_rt_exec_take(launched->exec, &launched->plan);
    }
    if (error != cudaSuccess) {
        free(launched);
        return error;
    }
    pthread_mutex_lock(&lock);
    error = enqueue(launched, question);
    pthread_mutex_unlock(&lock);
    if (error != cudaSuccess) {
        release(launched);
    }
    return error;
}

struct CUgraphExec_st *cw_rt_graph_device_current(const struct cw_graph_question *question) {
    pthread_mutex_lock(&lock);
    const struct environment *environment = find(question->place);
    struct CUgraphExec_st *exec = environment ? environment->exec : NULL;
    pthread_mutex_unlock(&lock);
    return exec;
}
