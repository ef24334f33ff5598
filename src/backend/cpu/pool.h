/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pool.h: work that several OS threads share. A job is a range of pieces which whoever takes part claims in chunks. The
 * thread that has the job always takes part itself; helpers, one for each other CPU, join when the job is offered. They
 * are started when first needed and sleep when there is nothing to do.
 *
 * Several jobs at once: a helper joins the job with the fewest participants, and looks again after each chunk while
 * there is more than one.
 */
#ifndef CW_BACKEND_CPU_POOL_H
#define CW_BACKEND_CPU_POOL_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct cw_backend_device;
struct cw_cpu_worker;

/* Lives on the stack of the thread that has the job. Initialise with cw_cpu_job_init. */
struct cw_cpu_job {
    /* Works on the job until cw_cpu_job_claim gives nothing more; may return earlier, with everything that it has
     * claimed done, when cw_cpu_pool_crowded says so. Called on helpers. */
    void (*participate)(struct cw_cpu_job *job, struct cw_cpu_worker *worker);
    uint64_t total;
    uint64_t next;         /* atomic: the first piece not claimed */
    uint32_t stop;         /* atomic: not 0: claim gives nothing more */
    uint32_t participants; /* helpers; written under the pool's lock */
    uint32_t wanted;       /* the most helpers that are of use */
    uint32_t chunk_max;
    struct cw_cpu_job *next_job; /* in the pool's list */
};

struct cw_cpu_pool {
    pthread_mutex_t lock;
    pthread_cond_t work; /* helpers wait here */
    pthread_cond_t done; /* jobs' owners wait here */
    struct cw_cpu_job *jobs;
    uint32_t job_count; /* atomic, written under the lock */
    uint32_t offers;    /* atomic: jobs offered so far */
    uint32_t helper_max;
    uint32_t helper_count; /* started */
    uint32_t sleeping;
    bool stopping;
    pthread_t *helpers;
    struct cw_backend_device *device;
};

/* `helper_max` threads will be started, when they are first needed. False when out of memory. */
bool cw_cpu_pool_init(struct cw_cpu_pool *pool, struct cw_backend_device *device, uint32_t helper_max);
/* Joins the helpers. There is no job. */
void cw_cpu_pool_fini(struct cw_cpu_pool *pool);

void cw_cpu_job_init(struct cw_cpu_job *job, uint64_t total,
                     void (*participate)(struct cw_cpu_job *job, struct cw_cpu_worker *worker));
/* The next pieces, [*first, *first + *count), of a size that leaves little to wait for at the end. False when there are
 * none. `sharers` is how many threads may claim. */
bool cw_cpu_job_claim(struct cw_cpu_job *job, uint32_t sharers, uint64_t *first, uint64_t *count);
static inline void cw_cpu_job_stop(struct cw_cpu_job *job) {
    __atomic_store_n(&job->stop, 1, __ATOMIC_RELAXED);
}

/* Lets up to `wanted` helpers join. The caller takes part itself, then calls cw_cpu_pool_withdraw. */
void cw_cpu_pool_offer(struct cw_cpu_pool *pool, struct cw_cpu_job *job, uint32_t wanted);
/* Has sleeping helpers look again at a job that was offered: one that became claimable anew. */
void cw_cpu_pool_nudge(struct cw_cpu_pool *pool);
/* Lets no more helpers join and waits for those that have. */
void cw_cpu_pool_withdraw(struct cw_cpu_pool *pool, struct cw_cpu_job *job);

/* True while several jobs compete for helpers. */
static inline bool cw_cpu_pool_crowded(const struct cw_cpu_pool *pool) {
    return __atomic_load_n(&pool->job_count, __ATOMIC_RELAXED) > 1;
}

#endif
