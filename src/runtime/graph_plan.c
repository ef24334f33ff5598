/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graph_plan.c: what an executable graph runs: the nodes of its template, those of child graphs in their place, as steps
 * behind each other. Conditional nodes keep plans of their bodies. See graph.h.
 */
#include <stdlib.h>
#include <string.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/device.h"
#include "runtime/graph.h"
#include "runtime/graph_device.h"
#include "runtime/host_call.h"
#include "runtime/thread.h"
#include "runtime/words.h"

/* A conditional node. */
struct branch {
    struct cw_rt_condition *condition;
    enum cudaGraphConditionalNodeType type;
    unsigned size;
    struct cw_rt_plan *bodies[];
};

static cudaError_t no_memory(void) {
    return cw_rt_fail(cudaErrorMemoryAllocation, "no memory to instantiate a graph");
}

/* ---- Running ------------------------------------------------------------------------------------------------- */

cudaError_t cw_rt_plan_run(const struct cw_rt_plan *plan, size_t from, size_t to) {
    for (size_t i = from; i < to; i++) {
        const struct cw_rt_step *step = &plan->steps[i];
        cudaError_t error = cw_rt_device_failure(step->device);
        bool kernel = step->type == cudaGraphNodeTypeKernel;
        if (kernel) {
            cw_rt_graph_step_begins(((struct cw_rt_launch *)step->payload)->params);
        }
        if (error == cudaSuccess) {
            error = step->execute(step->device, step->payload);
        }
        if (kernel && error == cudaSuccess) {
            error = cw_rt_graph_step_ended();
        }
        if (error != cudaSuccess) {
            return error;
        }
    }
    return cudaSuccess;
}

static cudaError_t run_body(const struct cw_rt_plan *body) {
    return cw_rt_plan_run(body, 0, body->count);
}

static cudaError_t run_branch(struct cw_rt_device *device, void *payload) {
    const struct branch *branch = payload;
    unsigned value = 0;
    cudaError_t error = cw_rt_condition_read(branch->condition, &value);
    switch (branch->type) {
    case cudaGraphCondTypeIf:
        if (error == cudaSuccess && (value != 0 || branch->size == 2)) {
            error = run_body(branch->bodies[value != 0 ? 0 : 1]);
        }
        break;
    case cudaGraphCondTypeSwitch:
        if (error == cudaSuccess && value < branch->size) {
            error = run_body(branch->bodies[value]);
        }
        break;
    case cudaGraphCondTypeWhile:
        while (error == cudaSuccess && value != 0) {
            error = run_body(branch->bodies[0]);
            if (error == cudaSuccess) {
                error = cw_rt_device_failure(device);
            }
            if (error == cudaSuccess) {
                error = cw_rt_condition_read(branch->condition, &value);
            }
        }
        break;
    }
    return error;
}

static cudaError_t run_default(struct cw_rt_device *device, void *payload) {
    const struct cw_rt_condition *condition = payload;
    (void)device;
    return cw_rt_condition_write(condition, condition->default_value);
}

/* ---- Compiling ----------------------------------------------------------------------------------------------- */

static struct cw_rt_step *add_step(struct cw_rt_plan *plan, const struct CUgraphNode_st *node) {
    if (plan->count == plan->capacity) {
        size_t capacity = plan->capacity ? 2 * plan->capacity : 16;
        struct cw_rt_step *grown = realloc(plan->steps, capacity * sizeof *grown);
        if (!grown) {
            return NULL;
        }
        plan->steps = grown;
        plan->capacity = capacity;
    }
    struct cw_rt_step *step = &plan->steps[plan->count++];
    *step = (struct cw_rt_step){.device = node->device, .type = node->type};
    return step;
}

static bool own(struct cw_rt_step *step, const void *bytes, size_t size) {
    step->payload = malloc(size);
    step->owned = true;
    if (step->payload) {
        memcpy(step->payload, bytes, size);
    }
    return step->payload != NULL;
}

/* Books that the plan allocates or frees a block. */
static bool note_block(struct cw_rt_plan *plan, struct cw_rt_graph_block *block, bool alloc) {
    for (size_t i = 0; i < plan->block_count; i++) {
        if (plan->blocks[i].block == block) {
            plan->blocks[i].live_after = alloc;
            return true;
        }
    }
    if (plan->block_count == plan->block_capacity) {
        size_t capacity = plan->block_capacity ? 2 * plan->block_capacity : 8;
        struct cw_rt_plan_block *grown = realloc(plan->blocks, capacity * sizeof *grown);
        if (!grown) {
            return false;
        }
        plan->blocks = grown;
        plan->block_capacity = capacity;
    }
    plan->blocks[plan->block_count++] = (struct cw_rt_plan_block){block, !alloc, alloc};
    block->refs++;
    return true;
}

static cudaError_t add_nodes(struct cw_rt_plan *plan, struct CUgraph_st *graph);

static cudaError_t add_branch(struct cw_rt_plan *plan, struct cw_rt_step *step, struct CUgraphNode_st *node) {
    unsigned size = node->of.conditional.size;
    struct branch *branch = calloc(1, sizeof *branch + size * sizeof branch->bodies[0]);
    step->execute = run_branch;
    step->payload = branch;
    step->owned = true;
    if (!branch) {
        return no_memory();
    }
    branch->condition = node->of.conditional.condition;
    branch->condition->refs++;
    branch->type = node->of.conditional.type;
    branch->size = size;
    for (unsigned i = 0; i < size; i++) {
        cudaError_t error = cw_rt_plan_compile(node->of.conditional.bodies[i], &branch->bodies[i]);
        if (error != cudaSuccess) {
            return error;
        }
        plan->waits |= branch->bodies[i]->waits;
    }
    return cudaSuccess;
}

static cudaError_t add_node(struct cw_rt_plan *plan, struct CUgraphNode_st *node) {
    if (node->type == cudaGraphNodeTypeEmpty || !node->enabled) {
        return cudaSuccess;
    }
    if (node->type == cudaGraphNodeTypeGraph) {
        return add_nodes(plan, node->of.child.graph);
    }
    struct cw_rt_step *step = add_step(plan, node);
    bool done = step != NULL;
    switch ((int)(done ? node->type : cudaGraphNodeTypeEmpty)) {
    case cudaGraphNodeTypeKernel: {
        step->execute = cw_rt_launch_run;
        done = own(step, node->of.kernel.launch, node->of.kernel.bytes);
        if (done) {
            struct cw_rt_launch *launch = step->payload;
            launch->backend.params = launch->params;
        }
        break;
    }
    case cudaGraphNodeTypeMemcpy:
        step->execute = cw_rt_transfer_run;
        done = own(step, &node->of.copy.plan.transfer, sizeof node->of.copy.plan.transfer);
        break;
    case cudaGraphNodeTypeMemset:
        step->execute = cw_rt_filling_run;
        done = own(step, &node->of.fill.filling, sizeof node->of.fill.filling);
        break;
    case cudaGraphNodeTypeHost: {
        struct cw_rt_host_call call = {.function = node->of.host.fn, .data = node->of.host.userData};
        step->execute = cw_rt_host_call_run;
        done = own(step, &call, sizeof call);
        plan->waits = true;
        break;
    }
    case cudaGraphNodeTypeWaitEvent:
    case cudaGraphNodeTypeEventRecord:
        step->payload = node->of.event;
        plan->events++;
        break;
    case cudaGraphNodeTypeMemAlloc:
        step->execute = cw_rt_graph_run_alloc;
        step->payload = node->of.alloc.block;
        done = note_block(plan, node->of.alloc.block, true);
        break;
    case cudaGraphNodeTypeMemFree:
        step->execute = cw_rt_graph_run_free;
        step->payload = node->of.free;
        step->device = node->of.free->device;
        done = note_block(plan, node->of.free, false);
        break;
    case CW_RT_NODE_WORDS: {
        size_t bytes = sizeof *node->of.words + node->of.words->count * sizeof node->of.words->operations[0];
        step->execute = cw_rt_words_run;
        done = own(step, node->of.words, bytes);
        plan->waits = true;
        break;
    }
    case cudaGraphNodeTypeConditional:
        return add_branch(plan, step, node);
    default:
        break;
    }
    return done ? cudaSuccess : no_memory();
}

static cudaError_t add_nodes(struct cw_rt_plan *plan, struct CUgraph_st *graph) {
    struct CUgraphNode_st **sorted = cw_rt_graph_sort(graph);
    cudaError_t error = sorted ? cudaSuccess : no_memory();
    for (size_t i = 0; error == cudaSuccess && i < graph->count; i++) {
        error = add_node(plan, sorted[i]);
    }
    free(sorted);
    return error;
}

/* Handles that every launch sets come first, those of nested conditional nodes too. */
static bool add_defaults(struct cw_rt_plan *plan, const struct CUgraph_st *graph) {
    for (size_t i = 0; i < graph->count; i++) {
        struct CUgraphNode_st *node = graph->nodes[i];
        if (node->type != cudaGraphNodeTypeConditional) {
            continue;
        }
        struct cw_rt_condition *condition = node->of.conditional.condition;
        if (condition->assign) {
            struct cw_rt_step *step = add_step(plan, node);
            if (!step) {
                return false;
            }
            step->execute = run_default;
            step->type = cudaGraphNodeTypeEmpty;
            if (!own(step, condition, sizeof *condition)) {
                return false;
            }
        }
        for (unsigned k = 0; k < node->of.conditional.size; k++) {
            if (!add_defaults(plan, node->of.conditional.bodies[k])) {
                return false;
            }
        }
    }
    return true;
}

cudaError_t cw_rt_plan_compile(struct CUgraph_st *graph, struct cw_rt_plan **result) {
    struct cw_rt_plan *plan = calloc(1, sizeof *plan);
    if (!plan) {
        return no_memory();
    }
    atomic_init(&plan->refs, 1);
    cudaError_t error = graph->role == CW_RT_GRAPH_BODY || add_defaults(plan, graph) ? cudaSuccess : no_memory();
    if (error == cudaSuccess) {
        error = add_nodes(plan, graph);
    }
    if (error != cudaSuccess) {
        cw_rt_plan_release(plan);
        return error;
    }
    *result = plan;
    return cudaSuccess;
}

void cw_rt_plan_release(struct cw_rt_plan *plan) {
    if (atomic_fetch_sub_explicit(&plan->refs, 1, memory_order_acq_rel) != 1) {
        return;
    }
    for (size_t i = 0; i < plan->count; i++) {
        struct cw_rt_step *step = &plan->steps[i];
        if (step->execute == run_branch && step->payload) {
            struct branch *branch = step->payload;
            for (unsigned k = 0; k < branch->size; k++) {
                if (branch->bodies[k]) {
                    cw_rt_plan_release(branch->bodies[k]);
                }
            }
            cw_rt_condition_release(branch->condition);
        }
        if (step->owned) {
            free(step->payload);
        }
    }
    for (size_t i = 0; i < plan->block_count; i++) {
        cw_rt_graph_block_release(plan->blocks[i].block);
    }
    free(plan->blocks);
    free(plan->steps);
    free(plan);
}
