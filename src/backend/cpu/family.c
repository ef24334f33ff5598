/* SPDX-License-Identifier: Apache-2.0 */
/* family.c: see family.h. One lock for a whole family: nodes are launched and completed far less often than they run. */
#include "backend/cpu/family.h"

#include <stdlib.h>
#include <string.h>

#include "backend/cpu/device.h"
#include "backend/cpu/launch.h"
#include "backend/cpu/worker.h"

#define RELIEF_DEPTH_MAX 8u /* nested on one OS thread's stack */

struct cw_cpu_family {
    struct cw_cpu_job job; /* first: offered to the pool with the first launch; claimable while something is ready */
    pthread_mutex_t lock;
    pthread_cond_t changed; /* the launching thread waits here */
    struct cw_backend_device *device;
    struct cw_cpu_node *root;
    struct cw_cpu_node *made;
    struct cw_cpu_node *ready_first, *ready_last;
    struct cw_cpu_stream *streams;
    struct cw_cpu_event *events;
    uint64_t pending; /* atomic, written under the lock: grids launched and not begun */
    uint64_t pending_max;
    uint32_t running;
    bool offered;
    bool complete;
    bool stopped; /* atomic, written under the lock: a fault; nothing begins any more */
    cw_status status;
    struct cw_fault *fault;
};

/* ---- Nodes ------------------------------------------------------------------------------------------------------- */

struct cw_cpu_node *cw_cpu_node_make(struct cw_cpu_node *parent, enum cw_cpu_node_kind kind, size_t size) {
    struct cw_cpu_node *node = NULL;
    size_t bytes = (sizeof *node + size + 63) / 64 * 64;
    node = aligned_alloc(64, bytes);
    if (!node) {
        return NULL;
    }
    memset(node, 0, bytes);
    node->kind = kind;
    node->parent = parent;
    node->family = parent->family;
    node->depth = parent->depth + 1;
    node->tail_last = &node->tail_first;
    pthread_mutex_lock(&node->family->lock);
    node->next_made = node->family->made;
    if (node->next_made) {
        node->next_made->previous_made = node;
    }
    node->family->made = node;
    pthread_mutex_unlock(&node->family->lock);
    return node;
}

/* Under the lock. */
static void uncount(struct cw_cpu_block_work *work) {
    __atomic_store_n(&work->pending, work->pending - 1, __ATOMIC_RELEASE);
    if (work->closed && work->pending == 0) {
        free(work);
    }
}

/* Under the lock. */
static void drop(struct cw_cpu_node *node) {
    if (node->block_work) {
        uncount(node->block_work);
    }
    if (node->previous_made) {
        node->previous_made->next_made = node->next_made;
    } else {
        node->family->made = node->next_made;
    }
    if (node->next_made) {
        node->next_made->previous_made = node->previous_made;
    }
    free(node->waiters);
    free(node);
}

void cw_cpu_node_drop(struct cw_cpu_node *node) {
    struct cw_cpu_family *family = node->family;
    pthread_mutex_lock(&family->lock);
    drop(node);
    pthread_mutex_unlock(&family->lock);
}

/* ---- What is ready: under the lock ------------------------------------------------------------------------------- */

/* Helpers look at the job without the lock. */
static void show_ready(struct cw_cpu_family *family) {
    __atomic_store_n(&family->job.next, family->ready_first ? 0 : family->job.total, __ATOMIC_RELAXED);
}

static void make_ready(struct cw_cpu_node *node) {
    struct cw_cpu_family *family = node->family;
    node->next = NULL;
    node->previous = family->ready_last;
    if (node->previous) {
        node->previous->next = node;
    } else {
        family->ready_first = node;
    }
    family->ready_last = node;
    show_ready(family);
    pthread_cond_signal(&family->changed);
}

/* True while it is time to have fewer grids pending. */
static bool is_crowded(const struct cw_cpu_family *family) {
    return __atomic_load_n(&family->pending, __ATOMIC_RELAXED) * 2 > family->pending_max;
}

static bool descends(const struct cw_cpu_node *node, const struct cw_cpu_node *from) {
    while (node && node != from) {
        node = node->parent;
    }
    return node != NULL;
}

/* The node that became ready first. In a crowded family the last one: of grids that launch grids that launch grids, going
 * to the ground first leaves the fewest pending. With `above`, the last one that came of that grid; NULL when there is none. */
static struct cw_cpu_node *choose_ready(const struct cw_cpu_family *family, const struct cw_cpu_node *above) {
    struct cw_cpu_node *node = above || is_crowded(family) ? family->ready_last : family->ready_first;
    while (above && node && !descends(node, above)) {
        node = node->previous;
    }
    return node;
}

static struct cw_cpu_node *take_ready(struct cw_cpu_family *family, const struct cw_cpu_node *above) {
    struct cw_cpu_node *node = family->stopped ? NULL : choose_ready(family, above);
    if (!node) {
        return NULL;
    }
    if (node->previous) {
        node->previous->next = node->next;
    } else {
        family->ready_first = node->next;
    }
    if (node->next) {
        node->next->previous = node->previous;
    } else {
        family->ready_last = node->previous;
    }
    show_ready(family);
    if (node->kind == CW_CPU_NODE_GRID) {
        __atomic_store_n(&family->pending, family->pending - 1, __ATOMIC_RELAXED);
    }
    family->running++;
    return node;
}

/* ---- Completion: under the lock ---------------------------------------------------------------------------------- */

/* The event stands for `node` from now on, or with NULL for nothing. */
static void point_event(struct cw_cpu_event *event, struct cw_cpu_node *node) {
    if (event->previous_on_node) {
        event->previous_on_node->next_on_node = event->next_on_node;
    } else if (event->node) {
        event->node->recorded = event->next_on_node;
    }
    if (event->next_on_node) {
        event->next_on_node->previous_on_node = event->previous_on_node;
    }
    event->node = node;
    event->previous_on_node = NULL;
    event->next_on_node = node ? node->recorded : NULL;
    if (event->next_on_node) {
        event->next_on_node->previous_on_node = event;
    }
    if (node) {
        node->recorded = event;
    }
}

static void free_stream(struct cw_cpu_family *family, struct cw_cpu_stream *stream) {
    if (stream->previous) {
        stream->previous->next = stream->next;
    } else {
        family->streams = stream->next;
    }
    if (stream->next) {
        stream->next->previous = stream->previous;
    }
    stream->magic = 0;
    free(stream);
}

/* Whoever waited for the node waits no more. */
static void release_waiters(struct cw_cpu_node *node) {
    for (uint32_t i = 0; i < node->waiter_count; i++) {
        if (--node->waiters[i]->waits == 0) {
            make_ready(node->waiters[i]);
        }
    }
    if (node->stream && node->stream->last == node) {
        node->stream->last = NULL;
        if (node->stream->closed) {
            free_stream(node->family, node->stream);
        }
    }
    while (node->recorded) {
        point_event(node->recorded, NULL);
    }
}

/* The last grid of a tail takes the node's place, so that grids that launch each other by their tails, as loops do, don't
 * pile up. */
static void replace(struct cw_cpu_node *node, struct cw_cpu_node *by) {
    by->parent = node->parent;
    by->waiters = node->waiters;
    by->waiter_count = node->waiter_count;
    by->waiter_capacity = node->waiter_capacity;
    node->waiters = NULL;
    by->block_work = node->block_work;
    node->block_work = NULL;
    by->stream = node->stream;
    if (by->stream && by->stream->last == node) {
        by->stream->last = by;
    }
    while (node->recorded) {
        point_event(node->recorded, by);
    }
    drop(node);
}

/* Something that the node waited for to be complete has come: the node, and those above it as far as that completes
 * them, go on. */
static void settle(struct cw_cpu_node *node) {
    while (node->ended && node->unfinished == 0) {
        struct cw_cpu_node *next = node->tail_first, *parent = node->parent;
        if (next) {
            node->tail_first = next->next;
            if (node->tail_first || !parent) {
                node->unfinished++;
            } else {
                replace(node, next);
            }
            make_ready(next);
            return;
        }
        if (!parent) {
            node->family->complete = true;
            pthread_cond_broadcast(&node->family->changed);
            return;
        }
        release_waiters(node);
        parent->unfinished--;
        drop(node);
        node = parent;
    }
}

/* ---- Running ----------------------------------------------------------------------------------------------------- */

static void run_copy(const struct cw_cpu_node *node) {
    const struct cw_cpu_copy *copy = &node->work.copy;
    for (size_t z = 0; z < copy->depth; z++) {
        for (size_t y = 0; y < copy->height; y++) {
            char *to = copy->to + z * copy->to_slice + y * copy->to_pitch;
            if (node->kind == CW_CPU_NODE_FILL) {
                memset(to, (int)copy->value, copy->width);
            } else {
                memmove(to, copy->from + z * copy->from_slice + y * copy->from_pitch, copy->width);
            }
        }
    }
}

/* Under the lock. */
static void stop(struct cw_cpu_family *family, cw_status status, const struct cw_fault *fault) {
    __atomic_store_n(&family->stopped, true, __ATOMIC_RELAXED);
    family->status = status;
    *family->fault = *fault;
    __atomic_store_n(&family->job.stop, 1, __ATOMIC_RELAXED);
    /* Grids that run may wait for what will not come. */
    for (struct cw_cpu_node *node = family->made; node; node = node->next_made) {
        if (node->job) {
            cw_cpu_job_stop(node->job);
        }
    }
    if (family->root->job) {
        cw_cpu_job_stop(family->root->job);
    }
}

bool cw_cpu_family_stopped(const struct cw_cpu_family *family) {
    return __atomic_load_n(&family->stopped, __ATOMIC_RELAXED);
}

void cw_cpu_node_set_job(struct cw_cpu_node *node, struct cw_cpu_job *job) {
    struct cw_cpu_family *family = node->family;
    pthread_mutex_lock(&family->lock);
    node->job = job;
    if (job && family->stopped) {
        cw_cpu_job_stop(job);
    }
    pthread_mutex_unlock(&family->lock);
}

/* Under the lock, which is given up meanwhile. */
static void run_node(struct cw_cpu_node *node, struct cw_cpu_worker *worker) {
    struct cw_cpu_family *family = node->family;
    struct cw_fault fault = {.kind = CW_FAULT_NONE};
    cw_status status = CW_OK;
    pthread_mutex_unlock(&family->lock);
    if (node->kind == CW_CPU_NODE_GRID) {
        status = cw_cpu_grid_run(family->device, worker, &node->work.grid, node, &fault);
    } else if (node->kind != CW_CPU_NODE_POINT) {
        run_copy(node);
    }
    pthread_mutex_lock(&family->lock);
    family->running--;
    if (status != CW_OK && !family->stopped) {
        stop(family, status, &fault);
    }
    if (family->stopped) {
        pthread_cond_broadcast(&family->changed);
        return;
    }
    node->ended = true;
    settle(node);
}

static void participate(struct cw_cpu_job *job, struct cw_cpu_worker *worker) {
    struct cw_cpu_family *family = (struct cw_cpu_family *)job;
    struct cw_cpu_node *node;
    pthread_mutex_lock(&family->lock);
    while ((node = take_ready(family, NULL)) != NULL) {
        run_node(node, worker);
    }
    pthread_mutex_unlock(&family->lock);
}

void cw_cpu_family_relieve(struct cw_cpu_node *node, struct cw_cpu_worker *worker) {
    struct cw_cpu_family *family = node->family;
    struct cw_cpu_node *next;
    if (!is_crowded(family) || worker->relieving >= RELIEF_DEPTH_MAX) {
        return;
    }
    worker->relieving++;
    pthread_mutex_lock(&family->lock);
    while (is_crowded(family) && (next = take_ready(family, NULL)) != NULL) {
        run_node(next, worker);
    }
    pthread_mutex_unlock(&family->lock);
    worker->relieving--;
}

void cw_cpu_family_assist(struct cw_cpu_node *node, struct cw_cpu_worker *worker) {
    struct cw_cpu_family *family = node->family;
    if (__atomic_load_n(&family->job.next, __ATOMIC_RELAXED) >= family->job.total) {
        return;
    }
    pthread_mutex_lock(&family->lock);
    struct cw_cpu_node *next = take_ready(family, node);
    if (next) {
        run_node(next, worker);
    }
    pthread_mutex_unlock(&family->lock);
}

/* Nothing of the family runs any more. */
static void free_all(struct cw_cpu_family *family) {
    while (family->made) {
        drop(family->made);
    }
    while (family->streams) {
        struct cw_cpu_stream *stream = family->streams;
        family->streams = stream->next;
        free(stream);
    }
    while (family->events) {
        struct cw_cpu_event *event = family->events;
        family->events = event->next;
        free(event);
    }
    pthread_cond_destroy(&family->changed);
    pthread_mutex_destroy(&family->lock);
}

cw_status cw_cpu_family_run(struct cw_backend_device *device, struct cw_cpu_worker *worker,
                            const struct cw_launch *launch, struct cw_fault *fault) {
    struct cw_cpu_family family = {.device = device, .fault = fault};
    struct cw_cpu_node root = {.kind = CW_CPU_NODE_GRID, .family = &family};
    struct cw_cpu_node *node;
    root.work.grid.processors = launch->processors; /* every grid of the family is limited as the host's is */
    cw_cpu_job_init(&family.job, 1, participate);
    family.pending_max = __atomic_load_n(&device->pending_launches_max, __ATOMIC_RELAXED);
    root.tail_last = &root.tail_first;
    family.root = &root;
    show_ready(&family);
    pthread_mutex_init(&family.lock, NULL);
    pthread_cond_init(&family.changed, NULL);
    struct cw_fault own_fault = {.kind = CW_FAULT_NONE};
    cw_status status = cw_cpu_grid_run(device, worker, launch, &root, &own_fault);

    pthread_mutex_lock(&family.lock);
    if (status != CW_OK && !family.stopped) {
        stop(&family, status, &own_fault);
    }
    root.ended = true;
    if (!family.stopped) {
        settle(&root);
    }
    while (family.running != 0 || !(family.complete || family.stopped)) {
        node = take_ready(&family, NULL);
        if (node) {
            run_node(node, worker);
        } else {
            pthread_cond_wait(&family.changed, &family.lock);
        }
    }
    pthread_mutex_unlock(&family.lock);
    if (family.offered) {
        cw_cpu_pool_withdraw(&device->pool, &family.job);
    }
    free_all(&family);
    return family.status;
}

/* ---- Launching --------------------------------------------------------------------------------------------------- */

/* Lets `node` wait for `other`, if that is not complete yet. False when out of memory. Under the lock. */
static bool wait_for(struct cw_cpu_node *node, struct cw_cpu_node *other) {
    if (!other) {
        return true;
    }
    if (other->waiter_count == other->waiter_capacity) {
        uint32_t capacity = other->waiter_capacity ? 2 * other->waiter_capacity : 2;
        struct cw_cpu_node **grown = realloc(other->waiters, capacity * sizeof(struct cw_cpu_node *));
        if (!grown) {
            return false;
        }
        other->waiters = grown;
        other->waiter_capacity = capacity;
    }
    other->waiters[other->waiter_count++] = node;
    node->waits++;
    return true;
}

/* Lets the node wait for what is before it. Under the lock. */
static bool wait_for_place(struct cw_cpu_node *node, const struct cw_cpu_place *place) {
    struct cw_cpu_node *before = place->stream ? place->stream->last : NULL;
    if (!wait_for(node, before)) {
        return false;
    }
    if (place->event && !wait_for(node, place->event->node)) {
        if (before) {
            before->waiter_count--; /* the one just added */
        }
        return false;
    }
    return true;
}

/* Books the node with its parent, and has it run when nothing is before it. Under the lock. */
static void enter(struct cw_cpu_node *node, const struct cw_cpu_place *place) {
    struct cw_cpu_node *parent = node->parent;
    struct cw_cpu_family *family = node->family;
    if (node->kind == CW_CPU_NODE_GRID) {
        __atomic_store_n(&family->pending, family->pending + 1, __ATOMIC_RELAXED);
    }
    if (place->tail) {
        node->next = NULL;
        node->depth = parent->depth; /* it follows its parent, it does not lie below it */
        parent->tail_last = parent->tail_first ? parent->tail_last : &parent->tail_first;
        *parent->tail_last = node;
        parent->tail_last = &node->next;
        return;
    }
    parent->unfinished++;
    node->block_work = place->block_work;
    if (place->block_work) {
        __atomic_store_n(&place->block_work->pending, place->block_work->pending + 1, __ATOMIC_RELAXED);
    }
    node->stream = place->stream;
    if (place->stream) {
        place->stream->last = node;
    }
    if (node->waits == 0) {
        make_ready(node);
    }
}

enum cw_cpu_launched cw_cpu_node_launch(struct cw_cpu_node *node, const struct cw_cpu_place *place) {
    struct cw_cpu_family *family = node->family;
    struct cw_cpu_pool *pool = &family->device->pool;
    enum cw_cpu_launched result = CW_CPU_LAUNCHED;
    bool first = false, ready = false;
    pthread_mutex_lock(&family->lock);
    if (node->kind == CW_CPU_NODE_GRID && family->pending >= family->pending_max) {
        result = CW_CPU_LAUNCH_FULL;
    } else if (!wait_for_place(node, place)) {
        result = CW_CPU_LAUNCH_NO_MEMORY;
    }
    if (result == CW_CPU_LAUNCHED) {
        enter(node, place);
        first = !family->offered && family->device->processors > 1;
        family->offered |= first;
        ready = family->offered && family->ready_first;
    } else {
        drop(node);
    }
    pthread_mutex_unlock(&family->lock);
    if (first) {
        cw_cpu_pool_offer(pool, &family->job, family->device->processors - 1);
    } else if (ready) {
        cw_cpu_pool_nudge(pool);
    }
    return result;
}

/* ---- Streams and events ------------------------------------------------------------------------------------------ */

struct cw_cpu_stream *cw_cpu_stream_make(struct cw_cpu_family *family) {
    struct cw_cpu_stream *stream = calloc(1, sizeof *stream);
    if (stream) {
        stream->magic = CW_CPU_STREAM_MAGIC;
        pthread_mutex_lock(&family->lock);
        stream->next = family->streams;
        if (stream->next) {
            stream->next->previous = stream;
        }
        family->streams = stream;
        pthread_mutex_unlock(&family->lock);
    }
    return stream;
}

void cw_cpu_stream_close(struct cw_cpu_family *family, struct cw_cpu_stream *stream) {
    pthread_mutex_lock(&family->lock);
    stream->closed = true;
    if (!stream->last) {
        free_stream(family, stream);
    }
    pthread_mutex_unlock(&family->lock);
}

struct cw_cpu_block_work *cw_cpu_block_work_make(void) {
    return calloc(1, sizeof(struct cw_cpu_block_work));
}

void cw_cpu_block_work_close(struct cw_cpu_family *family, struct cw_cpu_block_work *work) {
    pthread_mutex_lock(&family->lock);
    work->closed = true;
    if (work->pending == 0) {
        free(work);
    }
    pthread_mutex_unlock(&family->lock);
}

struct cw_cpu_event *cw_cpu_event_make(struct cw_cpu_family *family) {
    struct cw_cpu_event *event = calloc(1, sizeof *event);
    if (event) {
        event->magic = CW_CPU_EVENT_MAGIC;
        pthread_mutex_lock(&family->lock);
        event->next = family->events;
        if (event->next) {
            event->next->previous = event;
        }
        family->events = event;
        pthread_mutex_unlock(&family->lock);
    }
    return event;
}

void cw_cpu_event_close(struct cw_cpu_family *family, struct cw_cpu_event *event) {
    pthread_mutex_lock(&family->lock);
    point_event(event, NULL);
    if (event->previous) {
        event->previous->next = event->next;
    } else {
        family->events = event->next;
    }
    if (event->next) {
        event->next->previous = event->previous;
    }
    pthread_mutex_unlock(&family->lock);
    event->magic = 0;
    free(event);
}

void cw_cpu_event_record(struct cw_cpu_family *family, struct cw_cpu_event *event, struct cw_cpu_stream *stream) {
    pthread_mutex_lock(&family->lock);
    point_event(event, stream->last);
    pthread_mutex_unlock(&family->lock);
}
