/* SPDX-License-Identifier: Apache-2.0 */
/* cluster.c: see cluster.h. */
#include "backend/cpu/cluster.h"

#include <stdlib.h>
#include <string.h>

#include "backend/cpu/block.h"
#include "backend/cpu/fault.h"
#include "backend/cpu/services.h"
#include "backend/cpu/worker.h"

struct cw_cpu_cluster *cw_cpu_cluster_take(struct cw_cpu_worker *worker, const struct cw_cpu_grid *grid) {
    struct cw_cpu_cluster *cluster = worker->spare_clusters;
    size_t size = (size_t)grid->cluster_size << grid->shared_shift;
    if (cluster) {
        worker->spare_clusters = cluster->next;
    } else {
        cluster = calloc(1, sizeof *cluster);
        if (!cluster) {
            return NULL;
        }
    }
    if (cluster->shared_size < size) {
        free(cluster->shared);
        cluster->shared = aligned_alloc(CW_CPU_SHARED_ALIGN, size);
        cluster->shared_size = cluster->shared ? size : 0;
        if (!cluster->shared) {
            cw_cpu_cluster_give(worker, cluster);
            return NULL;
        }
    }
    cluster->next = NULL;
    cluster->size = cluster->left = grid->cluster_size;
    cluster->started = 0;
    cluster->open = false;
    memset(cluster->states, 0, sizeof cluster->states);
    return cluster;
}

void cw_cpu_cluster_give(struct cw_cpu_worker *worker, struct cw_cpu_cluster *cluster) {
    cluster->next = worker->spare_clusters;
    worker->spare_clusters = cluster;
}

void cw_cpu_clusters_free(struct cw_cpu_cluster *list) {
    while (list) {
        struct cw_cpu_cluster *next = list->next;
        free(list->shared);
        free(list);
        list = next;
    }
}

void cw_cpu_cluster_join(struct cw_cpu_cluster *cluster, struct cw_cpu_state *state, uint32_t rank) {
    state->cluster = cluster;
    state->block.cluster_shared = cluster->shared;
    cluster->states[rank] = state;
    cluster->started |= 1u << rank;
}

void cw_cpu_cluster_alone(struct cw_cpu_state *state) {
    state->alone = (struct cw_cpu_cluster){.size = 1, .left = 1, .started = 1, .states = {state}};
    state->cluster = &state->alone;
}

static void forget(struct cw_cpu_state *state) {
    state->cluster_arrived = 0;
    state->cluster_waiters = 0;
    memset(state->cluster_came, 0, sizeof state->cluster_came);
    memset(state->cluster_waiting, 0, sizeof state->cluster_waiting);
}

void cw_cpu_cluster_leave(struct cw_cpu_state *state) {
    struct cw_cpu_cluster *cluster = state->cluster;
    if (state->cluster_arrived | state->cluster_waiters) {
        forget(state);
    }
    if (cluster->size == 1) {
        cluster->open = false;
        return;
    }
    for (uint32_t rank = 0; rank < cluster->size; rank++) {
        if (cluster->states[rank] == state) {
            cluster->states[rank] = NULL;
        }
    }
    cw_cpu_cluster_alone(state);
    if (--cluster->left == 0) {
        cw_cpu_cluster_give(state->worker, cluster);
    }
}

/* ---- The barrier ------------------------------------------------------------------------------------------------- */

static bool is_complete(const struct cw_cpu_cluster *cluster) {
    for (uint32_t rank = 0; rank < cluster->size; rank++) {
        const struct cw_cpu_state *state = cluster->states[rank];
        if (state ? state->cluster_arrived < state->live : !(cluster->started >> rank & 1)) {
            return false;
        }
    }
    return true;
}

static void release(struct cw_cpu_cluster *cluster) {
    for (uint32_t rank = 0; rank < cluster->size; rank++) {
        struct cw_cpu_state *state = cluster->states[rank];
        if (!state) {
            continue;
        }
        for (uint32_t warp = 0; warp < state->warp_count; warp++) {
            if (state->cluster_waiting[warp]) {
                cw_cpu_make_runnable(state, warp, state->cluster_waiting[warp]);
            }
        }
        forget(state);
    }
    cluster->open = false;
}

void cw_cpu_cluster_arrive(void) {
    struct cw_cpu_thread *thread = cw_cpu_self();
    struct cw_cpu_state *state = cw_cpu_state_of(thread);
    uint32_t *came = &state->cluster_came[thread->index / CW_CPU_WARP], bit = 1u << thread->index % CW_CPU_WARP;
    if (*came & bit) {
        cw_cpu_fault_raise(state, CW_FAULT_TRAP, CW_CPU_CALLER,
                           "arrived at the barrier of its cluster twice without waiting there,");
    }
    *came |= bit;
    state->cluster->open = true;
    if (++state->cluster_arrived >= state->live && is_complete(state->cluster)) {
        release(state->cluster);
    }
}

void cw_cpu_cluster_wait(void) {
    struct cw_cpu_thread *thread = cw_cpu_self();
    struct cw_cpu_state *state = cw_cpu_state_of(thread);
    uint32_t warp = thread->index / CW_CPU_WARP, bit = 1u << thread->index % CW_CPU_WARP;
    if (state->cluster_came[warp] & bit) {
        state->cluster_waiting[warp] |= bit;
        state->cluster_waiters++;
        cw_cpu_wait(state, thread->index);
    }
}

void cw_cpu_cluster_settle(struct cw_cpu_state *state, uint32_t index) {
    uint32_t *came = &state->cluster_came[index / CW_CPU_WARP], bit = 1u << index % CW_CPU_WARP;
    if (*came & bit) { /* no longer live, so not to be counted twice */
        *came &= ~bit;
        state->cluster_arrived--;
    }
    if (state->cluster_arrived >= state->live && is_complete(state->cluster)) {
        release(state->cluster);
    }
}
