/* SPDX-License-Identifier: Apache-2.0 */
/*
 * grid.h: the barrier of a whole grid: CUDA C++ Programming Guide, "Cooperative Groups, Grid Synchronization". One thread
 * speaks for its block: the device headers bring the block together before it arrives and after it has waited.
 *
 * A phase is complete when every block of the grid has arrived. A block that has ended never arrives: when the blocks
 * that have arrived and those that have ended are all there are, nobody can go on, and the barrier is broken. So it is when
 * all others wait for their clusters (cluster.h).
 */
#ifndef CW_BACKEND_CPU_GRID_H
#define CW_BACKEND_CPU_GRID_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct cw_cpu_grid_barrier {
    pthread_mutex_t lock;
    pthread_cond_t changed; /* workers all of whose blocks wait sleep here */
    uint64_t blocks;        /* of the grid */
    uint64_t phase;         /* atomic, written under the lock: phases completed */
    uint64_t arrived;       /* in this phase; this and the next two under the lock */
    uint64_t ended;
    uint64_t stuck; /* blocks that can't arrive before others have: they wait for those of their cluster */
    uint32_t sleepers;
    uint32_t broken; /* atomic, written under the lock */
    uint64_t workspace[8]; /* cw.grid.workspace */
};

void cw_cpu_grid_barrier_init(struct cw_cpu_grid_barrier *barrier, uint64_t blocks);
void cw_cpu_grid_barrier_fini(struct cw_cpu_grid_barrier *barrier);

/* A block has ended. */
void cw_cpu_grid_barrier_leave(struct cw_cpu_grid_barrier *barrier);
/* So many blocks more, or less, are stuck. */
void cw_cpu_grid_barrier_stick(struct cw_cpu_grid_barrier *barrier, int64_t blocks);
/* Wakes all sleepers, because the launch has failed. */
void cw_cpu_grid_barrier_wake(struct cw_cpu_grid_barrier *barrier);
/* Looks around for a while, then sleeps until phase `token` is complete, the barrier is broken, somebody calls
 * cw_cpu_grid_barrier_wake, or, if `ns` is not 0, that time has passed. */
void cw_cpu_grid_barrier_sleep(struct cw_cpu_grid_barrier *barrier, uint64_t token, uint64_t ns);

static inline bool cw_cpu_grid_barrier_passed(const struct cw_cpu_grid_barrier *barrier, uint64_t token) {
    return __atomic_load_n(&barrier->phase, __ATOMIC_ACQUIRE) != token;
}

static inline bool cw_cpu_grid_barrier_broken(const struct cw_cpu_grid_barrier *barrier) {
    return __atomic_load_n(&barrier->broken, __ATOMIC_RELAXED) != 0;
}

#endif
