/* SPDX-License-Identifier: Apache-2.0 */
/*
 * user_object.c: objects of the program that live as long as graphs refer to them (CUDA C++ Programming Guide, "CUDA User
 * Objects"). The last reference may go while a graph is taken down, so destructors are collected then and called on a
 * thread of their own, which must not call CUDA: the guide's rule for them.
 */
#include <pthread.h>
#include <stdlib.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/graph.h"
#include "runtime/slots.h"
#include "runtime/thread.h"

struct CUuserObject_st {
    bool live;
    void *pointer;
    cudaHostFn_t destroy;
    uint64_t count;
};

struct ended {
    void *pointer;
    cudaHostFn_t destroy;
};

static struct cw_rt_slots objects = {.slot_size = sizeof(struct CUuserObject_st)};

static cudaError_t check(cudaUserObject_t object) {
    return object && cw_rt_slots_owns(&objects, object) && object->live
               ? cudaSuccess
               : cw_rt_fail(cudaErrorInvalidValue, "the user object was destroyed or never was one");
}

static void *call_destructor(void *argument) {
    struct ended ended = *(struct ended *)argument;
    free(argument);
    cw_rt_thread()->in_callback = true;
    ended.destroy(ended.pointer);
    cw_rt_thread()->in_callback = false;
    return NULL;
}

static void release(struct CUuserObject_st *object, uint64_t count) {
    object->count -= count;
    if (object->count > 0) {
        return;
    }
    object->live = false;
    struct ended *ended = malloc(sizeof *ended);
    pthread_t thread;
    if (ended) {
        *ended = (struct ended){object->pointer, object->destroy};
        if (pthread_create(&thread, NULL, call_destructor, ended) == 0) {
            pthread_detach(thread);
        } else {
            call_destructor(ended);
        }
    }
    cw_rt_slots_give(&objects, object);
}

static cudaError_t create(cudaUserObject_t *result, void *pointer, cudaHostFn_t destroy, unsigned count,
                          unsigned flags) {
    if (!result || !destroy || count == 0 || count > 0x7fffffffu || flags != cudaUserObjectNoDestructorSync) {
        return cw_rt_fail(cudaErrorInvalidValue,
                          "a user object needs a place, a destructor, a count of 1 to INT_MAX (%u) and "
                          "cudaUserObjectNoDestructorSync (0x%x)",
                          count, flags);
    }
    pthread_mutex_lock(&cw_rt_graph_lock);
    struct CUuserObject_st *object = cw_rt_slots_take(&objects);
    if (object) {
        *object = (struct CUuserObject_st){true, pointer, destroy, count};
        *result = object;
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return object ? cudaSuccess : cw_rt_fail(cudaErrorMemoryAllocation, "no memory for a user object");
}

cudaError_t cudaUserObjectCreate(cudaUserObject_t *object, void *pointer, cudaHostFn_t destroy, unsigned count,
                                 unsigned flags) {
    return cw_rt_record(create(object, pointer, destroy, count, flags));
}

static cudaError_t change(cudaUserObject_t object, unsigned count, bool retain) {
    pthread_mutex_lock(&cw_rt_graph_lock);
    cudaError_t error = check(object);
    if (error == cudaSuccess && (count == 0 || (!retain && count > object->count))) {
        error = cw_rt_fail(cudaErrorInvalidValue, "%u references", count);
    } else if (error == cudaSuccess && retain) {
        object->count += count;
    } else if (error == cudaSuccess) {
        release(object, count);
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error;
}

cudaError_t cudaUserObjectRetain(cudaUserObject_t object, unsigned count) {
    return cw_rt_record(change(object, count, true));
}

cudaError_t cudaUserObjectRelease(cudaUserObject_t object, unsigned count) {
    return cw_rt_record(change(object, count, false));
}

/* ---- Graphs' references -------------------------------------------------------------------------------------- */

static struct cw_rt_held_object **find(struct CUgraph_st *graph, cudaUserObject_t object) {
    struct cw_rt_held_object **link = &graph->objects;
    while (*link && (*link)->object != object) {
        link = &(*link)->next;
    }
    return link;
}

/* Books references that the graph has from now on. */
static cudaError_t hold(struct CUgraph_st *graph, cudaUserObject_t object, unsigned count) {
    struct cw_rt_held_object **link = find(graph, object);
    if (!*link) {
        *link = calloc(1, sizeof **link);
        if (!*link) {
            return cw_rt_fail(cudaErrorMemoryAllocation, "no memory for a graph's reference");
        }
        (*link)->object = object;
    }
    (*link)->count += count;
    return cudaSuccess;
}

static cudaError_t graph_retain(cudaGraph_t graph, cudaUserObject_t object, unsigned count, unsigned flags) {
    pthread_mutex_lock(&cw_rt_graph_lock);
    cudaError_t error = cw_rt_graph_check(graph);
    if (error == cudaSuccess) {
        error = check(object);
    }
    if (error == cudaSuccess && (count == 0 || (flags & ~(unsigned)cudaGraphUserObjectMove) ||
                                 ((flags & cudaGraphUserObjectMove) && count > object->count))) {
        error = cw_rt_fail(cudaErrorInvalidValue, "%u references, flags 0x%x", count, flags);
    }
    if (error == cudaSuccess) {
        error = hold(graph, object, count);
    }
    if (error == cudaSuccess && !(flags & cudaGraphUserObjectMove)) {
        object->count += count;
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error;
}

cudaError_t cudaGraphRetainUserObject(cudaGraph_t graph, cudaUserObject_t object, unsigned count, unsigned flags) {
    return cw_rt_record(graph_retain(graph, object, count, flags));
}

static cudaError_t graph_release(cudaGraph_t graph, cudaUserObject_t object, unsigned count) {
    pthread_mutex_lock(&cw_rt_graph_lock);
    cudaError_t error = cw_rt_graph_check(graph);
    if (error == cudaSuccess) {
        error = check(object);
    }
    struct cw_rt_held_object **link = error == cudaSuccess ? find(graph, object) : NULL;
    if (error == cudaSuccess && (!*link || count == 0 || count > (*link)->count)) {
        error = cw_rt_fail(cudaErrorInvalidValue, "the graph does not hold %u references", count);
    }
    if (error == cudaSuccess) {
        struct cw_rt_held_object *held = *link;
        held->count -= count;
        if (held->count == 0) {
            *link = held->next;
            free(held);
        }
        release(object, count);
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error;
}

cudaError_t cudaGraphReleaseUserObject(cudaGraph_t graph, cudaUserObject_t object, unsigned count) {
    return cw_rt_record(graph_release(graph, object, count));
}

cudaError_t cw_rt_graph_objects_clone(struct CUgraph_st *to, const struct CUgraph_st *from) {
    for (const struct cw_rt_held_object *held = from->objects; held; held = held->next) {
        cudaError_t error = hold(to, held->object, held->count);
        if (error != cudaSuccess) {
            return error;
        }
        held->object->count += held->count;
    }
    return cudaSuccess;
}

void cw_rt_graph_objects_release(struct CUgraph_st *graph) {
    while (graph->objects) {
        struct cw_rt_held_object *held = graph->objects;
        graph->objects = held->next;
        release(held->object, held->count);
        free(held);
    }
}
