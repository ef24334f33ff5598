/* SPDX-License-Identifier: Apache-2.0 */
/*
 * child.c: see child.h. CUDA C++ Programming Guide, "CUDA Dynamic Parallelism, Programming Interface". Errors are CUDA's codes
 * (cudaError_t), since they are what the program gets; each thread has a last one of its own.
 */
#include "backend/cpu/child.h"

#include <stdlib.h>
#include <string.h>

#include "backend/cpu/block.h"
#include "backend/cpu/device.h"
#include "backend/cpu/family.h"
#include "backend/cpu/fault.h"
#include "backend/cpu/module.h"
#include "backend/cpu/services.h"
#include "backend/cpu/worker.h"

enum cuda_error {
    SUCCESS = 0,
    INVALID_VALUE = 1,
    MEMORY_ALLOCATION = 2,
    INVALID_CONFIGURATION = 9,
    MAX_DEPTH_EXCEEDED = 65,
    SYNC_DEPTH_EXCEEDED = 68,
    PENDING_COUNT_EXCEEDED = 69,
    INVALID_DEVICE_FUNCTION = 98,
    INVALID_RESOURCE_HANDLE = 400,
    LAUNCH_OUT_OF_RESOURCES = 701,
};

/* The handles that name no stream. */
#define STREAM_OF_BLOCK ((void *)0)
#define STREAM_TAIL ((void *)3)
#define STREAM_FORGET ((void *)4)

#define LIMIT_SYNC_DEPTH 3u /* cudaLimitDevRuntimeSyncDepth */
#define NON_BLOCKING 1u
#define EVENT_DISABLE_TIMING 2u
#define SHARED_MAX                                                                                                     \
    (163u << 10) /* bytes a block, static and dynamic; the host says which kernels may have over 48 KiB */

void cw_cpu_child_begin(struct cw_cpu_state *state) {
    state->null_stream = NULL;
    state->block_work = NULL;
    if (state->errors) {
        memset(state->errors, 0, CW_CPU_THREADS_MAX * sizeof *state->errors);
    }
}

void cw_cpu_child_end(struct cw_cpu_state *state) {
    if (state->null_stream) {
        cw_cpu_stream_close(state->grid->node->family, state->null_stream);
        state->null_stream = NULL;
    }
    if (state->block_work) {
        cw_cpu_block_work_close(state->grid->node->family, state->block_work);
        state->block_work = NULL;
    }
}

/* ---- A thread's last error --------------------------------------------------------------------------------------- */

/* Notes the error with the calling thread, and gives it back. */
static uint32_t note(struct cw_cpu_state *state, const struct cw_cpu_thread *thread, uint32_t error) {
    if (error == SUCCESS) {
        return error;
    }
    if (!state->errors) {
        state->errors = calloc(CW_CPU_THREADS_MAX, sizeof *state->errors);
    }
    if (state->errors) {
        state->errors[thread->index] = (uint16_t)error;
    }
    return error;
}

uint32_t cw_cpu_error_note(uint32_t error) {
    struct cw_cpu_thread *thread = cw_cpu_self();
    return note(cw_cpu_state_of(thread), thread, error);
}

uint32_t cw_cpu_error_last(uint32_t reset) {
    struct cw_cpu_thread *thread = cw_cpu_self();
    struct cw_cpu_state *state = cw_cpu_state_of(thread);
    uint32_t error = state->errors ? state->errors[thread->index] : SUCCESS;
    if (error && reset) {
        state->errors[thread->index] = SUCCESS;
    }
    return error;
}

/* ---- Places ------------------------------------------------------------------------------------------------------ */

/* Where a launch into the stream `handle` goes. */
static uint32_t find_place(struct cw_cpu_state *state, void *handle, struct cw_cpu_place *place) {
    struct cw_cpu_stream *stream = handle;
    *place = (struct cw_cpu_place){0};
    if (handle == STREAM_TAIL || handle == STREAM_FORGET) {
        place->tail = handle == STREAM_TAIL;
        return SUCCESS;
    }
    if (handle == STREAM_OF_BLOCK) {
        if (!state->null_stream) {
            state->null_stream = cw_cpu_stream_make(state->grid->node->family);
        }
        place->stream = state->null_stream;
        return place->stream ? SUCCESS : MEMORY_ALLOCATION;
    }
    if ((uintptr_t)handle < 4096 || (uintptr_t)handle % _Alignof(struct cw_cpu_stream) != 0 ||
        stream->magic != CW_CPU_STREAM_MAGIC || stream->closed) {
        return INVALID_RESOURCE_HANDLE;
    }
    place->stream = stream;
    return SUCCESS;
}

static struct cw_cpu_event *find_event(void *handle) {
    struct cw_cpu_event *event = handle;
    bool possible = (uintptr_t)handle >= 4096 && (uintptr_t)handle % _Alignof(struct cw_cpu_event) == 0;
    return possible && event->magic == CW_CPU_EVENT_MAGIC ? event : NULL;
}

static uint32_t launch(struct cw_cpu_state *state, struct cw_cpu_node *node, struct cw_cpu_place *place) {
    if (!state->block_work) {
        state->block_work = cw_cpu_block_work_make();
    }
    if (!state->block_work) {
        cw_cpu_node_drop(node);
        return MEMORY_ALLOCATION;
    }
    place->block_work = state->block_work;
    switch (cw_cpu_node_launch(node, place)) {
    case CW_CPU_LAUNCHED:
        break;
    case CW_CPU_LAUNCH_FULL:
        return PENDING_COUNT_EXCEEDED;
    case CW_CPU_LAUNCH_NO_MEMORY:
        return MEMORY_ALLOCATION;
    }
    return SUCCESS;
}

/* ---- Grids ------------------------------------------------------------------------------------------------------- */

void *cw_cpu_child_buffer(size_t size) {
    struct cw_cpu_thread *thread = cw_cpu_self();
    struct cw_cpu_state *state = cw_cpu_state_of(thread);
    struct cw_cpu_node *node = NULL;
    if (size <= CW_CPU_PARAMS_MAX) {
        node = cw_cpu_node_make(state->grid->node, CW_CPU_NODE_GRID, size);
    }
    if (!node) {
        note(state, thread, size <= CW_CPU_PARAMS_MAX ? MEMORY_ALLOCATION : INVALID_VALUE);
        return NULL;
    }
    return node->params;
}

/* Whether the shape is one that this device runs: the limits that the host's launches have, too. */
static uint32_t check_shape(const struct cw_backend_kernel *kernel, const struct cw_launch *grid) {
    uint64_t threads = (uint64_t)grid->block.x * grid->block.y * grid->block.z;
    uint64_t most = kernel->code->max_threads ? kernel->code->max_threads : CW_CPU_THREADS_MAX;
    if (grid->grid.x == 0 || grid->grid.y == 0 || grid->grid.z == 0 || threads == 0 || grid->grid.x > INT32_MAX ||
        grid->grid.y > UINT16_MAX || grid->grid.z > UINT16_MAX || grid->block.x > CW_CPU_THREADS_MAX ||
        grid->block.y > CW_CPU_THREADS_MAX || grid->block.z > 64 || threads > CW_CPU_THREADS_MAX) {
        return INVALID_CONFIGURATION;
    }
    if (threads > most) {
        return LAUNCH_OUT_OF_RESOURCES;
    }
    uint64_t shared = grid->dynamic_shared ? (uint64_t)kernel->code->dynamic_offset + grid->dynamic_shared
                                           : kernel->code->static_shared;
    return shared > SHARED_MAX ? INVALID_VALUE : SUCCESS;
}

uint32_t cw_cpu_child_launch(const char *name, void *buffer, uint32_t grid_x, uint32_t grid_y, uint32_t grid_z,
                             uint32_t block_x, uint32_t block_y, uint32_t block_z, uint32_t shared, void *stream) {
    struct cw_cpu_thread *thread = cw_cpu_self();
    struct cw_cpu_state *state = cw_cpu_state_of(thread);
    struct cw_cpu_node *parent = state->grid->node;
    if (!buffer) {
        return note(state, thread, INVALID_VALUE);
    }
    struct cw_cpu_node *node = (struct cw_cpu_node *)((char *)buffer - offsetof(struct cw_cpu_node, params));
    struct cw_backend_kernel *kernel;
    struct cw_cpu_place place;
    uint32_t error = SUCCESS;
    if (!name || cw_cpu_kernel_find(state->grid->module, name, &kernel) != CW_OK) {
        error = INVALID_DEVICE_FUNCTION;
    } else {
        node->work.grid = (struct cw_launch){
            .kernel = kernel,
            .grid = {grid_x, grid_y, grid_z},
            .block = {block_x, block_y, block_z},
            .dynamic_shared = shared,
            .params = node->params,
            .processors = parent->work.grid.processors,
        };
        error = check_shape(kernel, &node->work.grid);
    }
    if (error == SUCCESS) {
        error = find_place(state, stream, &place);
    }
    if (error == SUCCESS && parent->depth >= CW_CPU_DEPTH_MAX && !place.tail) {
        error = MAX_DEPTH_EXCEEDED;
    }
    if (error != SUCCESS) {
        cw_cpu_node_drop(node);
        return note(state, thread, error);
    }
    return note(state, thread, launch(state, node, &place));
}

/* Of the first version of dynamic parallelism: waits for what the block has launched. */
uint32_t cw_cpu_child_synchronize(void) {
    struct cw_cpu_thread *thread = cw_cpu_self();
    struct cw_cpu_state *state = cw_cpu_state_of(thread);
    const struct cw_cpu_node *node = state->grid->node;
    if (node->depth >= cw_cpu_ask(CW_ASK_LIMIT, LIMIT_SYNC_DEPTH)) {
        return note(state, thread, SYNC_DEPTH_EXCEEDED);
    }
    while (state->block_work && __atomic_load_n(&state->block_work->pending, __ATOMIC_ACQUIRE) != 0) {
        if (cw_cpu_family_stopped(node->family)) {
            cw_cpu_fault_raise(state, CW_FAULT_TRAP, CW_CPU_CALLER, "waited for a grid that failed");
        }
        cw_cpu_nanosleep(0);
    }
    return SUCCESS;
}

/* ---- Copies ------------------------------------------------------------------------------------------------------ */

static uint32_t launch_copy(enum cw_cpu_node_kind kind, const struct cw_cpu_copy *copy, void *stream) {
    struct cw_cpu_thread *thread = cw_cpu_self();
    struct cw_cpu_state *state = cw_cpu_state_of(thread);
    struct cw_cpu_place place;
    uint32_t error = find_place(state, stream, &place);
    if (error != SUCCESS) {
        return note(state, thread, error);
    }
    struct cw_cpu_node *node = cw_cpu_node_make(state->grid->node, kind, 0);
    if (!node) {
        return note(state, thread, MEMORY_ALLOCATION);
    }
    node->work.copy = *copy;
    return note(state, thread, launch(state, node, &place));
}

uint32_t cw_cpu_child_copy(void *to, size_t to_pitch, size_t to_slice, const void *from, size_t from_pitch,
                           size_t from_slice, size_t width, size_t height, size_t depth, void *stream) {
    const struct cw_cpu_copy copy = {
        .to = to,
        .from = from,
        .to_pitch = to_pitch,
        .to_slice = to_slice,
        .from_pitch = from_pitch,
        .from_slice = from_slice,
        .width = width,
        .height = height,
        .depth = depth,
    };
    return launch_copy(CW_CPU_NODE_COPY, &copy, stream);
}

uint32_t cw_cpu_child_fill(void *to, size_t pitch, size_t slice, uint32_t value, size_t width, size_t height,
                           size_t depth, void *stream) {
    const struct cw_cpu_copy copy = {
        .to = to,
        .to_pitch = pitch,
        .to_slice = slice,
        .value = value & 0xff,
        .width = width,
        .height = height,
        .depth = depth,
    };
    return launch_copy(CW_CPU_NODE_FILL, &copy, stream);
}

/* ---- Streams and events ------------------------------------------------------------------------------------------ */

void *cw_cpu_child_stream(uint32_t flags) {
    struct cw_cpu_thread *thread = cw_cpu_self();
    struct cw_cpu_state *state = cw_cpu_state_of(thread);
    struct cw_cpu_stream *stream = flags == NON_BLOCKING ? cw_cpu_stream_make(state->grid->node->family) : NULL;
    if (!stream) {
        note(state, thread, flags == NON_BLOCKING ? MEMORY_ALLOCATION : INVALID_VALUE);
    }
    return stream;
}

uint32_t cw_cpu_child_stream_end(void *handle) {
    struct cw_cpu_thread *thread = cw_cpu_self();
    struct cw_cpu_state *state = cw_cpu_state_of(thread);
    struct cw_cpu_place place = {0};
    uint32_t error = handle == STREAM_OF_BLOCK ? INVALID_RESOURCE_HANDLE : find_place(state, handle, &place);
    if (error == SUCCESS && !place.stream) {
        error = INVALID_RESOURCE_HANDLE;
    }
    if (error == SUCCESS) {
        cw_cpu_stream_close(state->grid->node->family, place.stream);
    }
    return note(state, thread, error);
}

void *cw_cpu_child_event(uint32_t flags) {
    struct cw_cpu_thread *thread = cw_cpu_self();
    struct cw_cpu_state *state = cw_cpu_state_of(thread);
    /* Device code has no way to ask for times, so only events without them exist. */
    bool known = flags == EVENT_DISABLE_TIMING;
    struct cw_cpu_event *event = known ? cw_cpu_event_make(state->grid->node->family) : NULL;
    if (!event) {
        note(state, thread, known ? MEMORY_ALLOCATION : INVALID_VALUE);
    }
    return event;
}

uint32_t cw_cpu_child_event_end(void *handle) {
    struct cw_cpu_thread *thread = cw_cpu_self();
    struct cw_cpu_state *state = cw_cpu_state_of(thread);
    struct cw_cpu_event *event = find_event(handle);
    if (!event) {
        return note(state, thread, INVALID_RESOURCE_HANDLE);
    }
    cw_cpu_event_close(state->grid->node->family, event);
    return SUCCESS;
}

uint32_t cw_cpu_child_event_record(void *handle, void *stream) {
    struct cw_cpu_thread *thread = cw_cpu_self();
    struct cw_cpu_state *state = cw_cpu_state_of(thread);
    struct cw_cpu_event *event = find_event(handle);
    struct cw_cpu_place place = {0};
    uint32_t error = event ? find_place(state, stream, &place) : INVALID_RESOURCE_HANDLE;
    if (error == SUCCESS && !place.stream) {
        error = INVALID_VALUE; /* work of its own, or a tail, is no order that an event could stand for */
    }
    if (error == SUCCESS) {
        cw_cpu_event_record(state->grid->node->family, event, place.stream);
    }
    return note(state, thread, error);
}

uint32_t cw_cpu_child_stream_wait(void *stream, void *handle) {
    struct cw_cpu_thread *thread = cw_cpu_self();
    struct cw_cpu_state *state = cw_cpu_state_of(thread);
    struct cw_cpu_place place = {0};
    struct cw_cpu_event *event = find_event(handle);
    uint32_t error = event ? find_place(state, stream, &place) : INVALID_RESOURCE_HANDLE;
    if (error == SUCCESS && !place.stream) {
        error = INVALID_VALUE;
    }
    if (error != SUCCESS) {
        return note(state, thread, error);
    }
    place.event = event;
    struct cw_cpu_node *node = cw_cpu_node_make(state->grid->node, CW_CPU_NODE_POINT, 0);
    return note(state, thread, node ? launch(state, node, &place) : MEMORY_ALLOCATION);
}

/* ---- Questions --------------------------------------------------------------------------------------------------- */

uint64_t cw_cpu_ask(uint32_t question, uint64_t argument) {
    const struct cw_cpu_state *state = cw_cpu_state_of(cw_cpu_self());
    if (question == CW_ASK_GRAPH_LAUNCH || question == CW_ASK_GRAPH_CURRENT) {
        ((struct cw_graph_question *)(uintptr_t)argument)->place = (uint64_t)(uintptr_t)state->grid->params;
    }
    const struct cw_backend_device *device = state->worker->device;
    return device->answer ? (uint64_t)device->answer(device->answer_context, question, (int64_t)argument) : UINT64_MAX;
}

uint64_t cw_cpu_ask_kernel(const char *name, uint32_t question) {
    const struct cw_cpu_state *state = cw_cpu_state_of(cw_cpu_self());
    struct cw_backend_kernel *kernel;
    struct cw_kernel_facts facts;
    if (!name || cw_cpu_kernel_find(state->grid->module, name, &kernel) != CW_OK) {
        return UINT64_MAX;
    }
    cw_cpu_kernel_facts(kernel, &facts);
    switch (question) {
    case 0:
        return facts.static_shared;
    case 1:
        return facts.max_threads;
    case 2:
        return facts.local_bytes;
    default:
        return UINT64_MAX;
    }
}
