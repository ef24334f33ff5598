/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cluster.h: thread block clusters: CUDA C++ Programming Guide, "Thread Block Clusters", "Distributed Shared Memory"; PTX ISA
 * "barrier.cluster". The blocks of a cluster are started one after another by one worker and stay with it, so that nothing here is
 * shared among OS threads; other workers run other clusters. Their shared memories lie in a row.
 *
 * A phase of the cluster's barrier is complete when every thread that has not exited has arrived. A thread arrives once a phase and
 * waits for it before it arrives again, so that a bit a thread is enough: it has arrived in the phase that is not complete yet.
 *
 * Without clusters each block is one of its own, which is a part of its state.
 */
#ifndef CW_BACKEND_CPU_CLUSTER_H
#define CW_BACKEND_CPU_CLUSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CW_CPU_CLUSTER_MAX 16u /* blocks: what CUDA allows at most, "non-portable" above 8 */

struct cw_cpu_grid;
struct cw_cpu_state;
struct cw_cpu_worker;

struct cw_cpu_cluster {
    struct cw_cpu_cluster *next; /* in the worker's list of spare ones */
    uint32_t size;               /* blocks */
    uint32_t left;               /* of these, those that have not ended */
    uint32_t started;            /* set of ranks */
    bool open;                   /* somebody has arrived in this phase */
    struct cw_cpu_state *states[CW_CPU_CLUSTER_MAX]; /* by rank; NULL: not started, or ended */
    char *shared;                /* of several blocks */
    size_t shared_size;
};

/* A cluster of the grid with room for its blocks' shared memory, none of which has started, or NULL. Reuses the worker's spare ones. */
struct cw_cpu_cluster *cw_cpu_cluster_take(struct cw_cpu_worker *worker, const struct cw_cpu_grid *grid);
void cw_cpu_cluster_give(struct cw_cpu_worker *worker, struct cw_cpu_cluster *cluster);
void cw_cpu_clusters_free(struct cw_cpu_cluster *list);

/* The state is that of the block with this rank from now on; or it is alone. */
void cw_cpu_cluster_join(struct cw_cpu_cluster *cluster, struct cw_cpu_state *state, uint32_t rank);
void cw_cpu_cluster_alone(struct cw_cpu_state *state);
/* The state's block has ended, or was given up. The cluster goes back to the worker with its last one. */
void cw_cpu_cluster_leave(struct cw_cpu_state *state);
/* Thread `index` of the state's block has exited, and somebody has arrived in this phase. */
void cw_cpu_cluster_settle(struct cw_cpu_state *state, uint32_t index);

#endif
