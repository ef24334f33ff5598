/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pool.c: see pool.h. Sleeping and waking cost tens of microseconds on some machines, so whoever waits looks around for
 * a short while before it sleeps.
 */
#include "backend/cpu/pool.h"

#include <sched.h>
#include <signal.h>
#include <stdlib.h>

#include "backend/cpu/device.h"
#include "backend/cpu/switch.h"
#include "backend/cpu/worker.h"

#define SPINS 2000 /* some 20 to 60 microseconds */
#define CHUNKS_A_SHARER 8

void cw_cpu_job_init(struct cw_cpu_job *job, uint64_t total,
                     void (*participate)(struct cw_cpu_job *job, struct cw_cpu_worker *worker)) {
    *job = (struct cw_cpu_job){.participate = participate, .total = total, .chunk_max = 256};
}

bool cw_cpu_job_claim(struct cw_cpu_job *job, uint32_t sharers, uint64_t *first, uint64_t *count) {
    if (__atomic_load_n(&job->stop, __ATOMIC_RELAXED)) {
        return false;
    }
    uint64_t next = __atomic_load_n(&job->next, __ATOMIC_RELAXED);
    if (next >= job->total) {
        return false;
    }
    uint64_t chunk = (job->total - next) / (sharers * CHUNKS_A_SHARER);
    chunk = chunk < 1 ? 1 : chunk > job->chunk_max ? job->chunk_max : chunk;
    next = __atomic_fetch_add(&job->next, chunk, __ATOMIC_RELAXED);
    if (next >= job->total) {
        return false;
    }
    *first = next;
    *count = job->total - next < chunk ? job->total - next : chunk;
    return true;
}

/* The job that a helper should join, or NULL. Under the lock. */
static struct cw_cpu_job *choose(const struct cw_cpu_pool *pool) {
    struct cw_cpu_job *best = NULL;
    for (struct cw_cpu_job *job = pool->jobs; job; job = job->next_job) {
        bool open = job->participants < job->wanted && !__atomic_load_n(&job->stop, __ATOMIC_RELAXED) &&
                    __atomic_load_n(&job->next, __ATOMIC_RELAXED) < job->total;
        if (open && (!best || job->participants < best->participants)) {
            best = job;
        }
    }
    return best;
}

static void *help(void *argument) {
    struct cw_cpu_pool *pool = argument;
    struct cw_cpu_worker *worker = cw_cpu_worker_acquire(pool->device);
    pthread_mutex_lock(&pool->lock);
    while (!pool->stopping && worker) {
        struct cw_cpu_job *job = choose(pool);
        if (job) {
            __atomic_store_n(&job->participants, job->participants + 1, __ATOMIC_RELAXED);
            pthread_mutex_unlock(&pool->lock);
            job->participate(job, worker);
            pthread_mutex_lock(&pool->lock);
            __atomic_store_n(&job->participants, job->participants - 1, __ATOMIC_RELEASE);
            pthread_cond_broadcast(&pool->done);
            continue;
        }
        uint32_t seen = pool->offers;
        pthread_mutex_unlock(&pool->lock);
        for (int i = 0; i < SPINS && __atomic_load_n(&pool->offers, __ATOMIC_RELAXED) == seen; i++) {
            cw_cpu_relax();
        }
        pthread_mutex_lock(&pool->lock);
        if (!choose(pool) && !pool->stopping) {
            pool->sleeping++;
            pthread_cond_wait(&pool->work, &pool->lock);
            pool->sleeping--;
        }
    }
    pthread_mutex_unlock(&pool->lock);
    if (worker) {
        cw_cpu_worker_release(worker);
    }
    return NULL;
}

/* Starts one more helper, which takes no signals of the program. Under the lock. */
static bool start_helper(struct cw_cpu_pool *pool) {
    sigset_t all, old;
    sigfillset(&all);
    sigdelset(&all, SIGSEGV);
    sigdelset(&all, SIGBUS);
    sigdelset(&all, SIGFPE);
    sigdelset(&all, SIGILL);
    sigdelset(&all, SIGTRAP);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    bool started = pthread_create(&pool->helpers[pool->helper_count], NULL, help, pool) == 0;
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    pool->helper_count += started;
    return started;
}

bool cw_cpu_pool_init(struct cw_cpu_pool *pool, struct cw_backend_device *device, uint32_t helper_max) {
    *pool = (struct cw_cpu_pool){.helper_max = helper_max, .device = device};
    pool->helpers = calloc(helper_max + 1, sizeof pool->helpers[0]);
    if (!pool->helpers) {
        return false;
    }
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->work, NULL);
    pthread_cond_init(&pool->done, NULL);
    return true;
}

void cw_cpu_pool_fini(struct cw_cpu_pool *pool) {
    pthread_mutex_lock(&pool->lock);
    pool->stopping = true;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
    for (uint32_t i = 0; i < pool->helper_count; i++) {
        pthread_join(pool->helpers[i], NULL);
    }
    free(pool->helpers);
    pthread_cond_destroy(&pool->done);
    pthread_cond_destroy(&pool->work);
    pthread_mutex_destroy(&pool->lock);
}

void cw_cpu_pool_offer(struct cw_cpu_pool *pool, struct cw_cpu_job *job, uint32_t wanted) {
    pthread_mutex_lock(&pool->lock);
    job->wanted = wanted < pool->helper_max ? wanted : pool->helper_max;
    struct cw_cpu_job **end = &pool->jobs;
    while (*end) {
        end = &(*end)->next_job;
    }
    *end = job;
    __atomic_store_n(&pool->job_count, pool->job_count + 1, __ATOMIC_RELAXED);
    __atomic_store_n(&pool->offers, pool->offers + 1, __ATOMIC_RELAXED);
    uint32_t wake = job->wanted < pool->sleeping ? job->wanted : pool->sleeping;
    for (uint32_t i = 0; i < wake; i++) {
        pthread_cond_signal(&pool->work);
    }
    while (pool->helper_count < job->wanted && start_helper(pool)) {
    }
    pthread_mutex_unlock(&pool->lock);
}

void cw_cpu_pool_nudge(struct cw_cpu_pool *pool) {
    pthread_mutex_lock(&pool->lock);
    __atomic_store_n(&pool->offers, pool->offers + 1, __ATOMIC_RELAXED);
    if (pool->sleeping) {
        pthread_cond_signal(&pool->work);
    }
    pthread_mutex_unlock(&pool->lock);
}

void cw_cpu_pool_withdraw(struct cw_cpu_pool *pool, struct cw_cpu_job *job) {
    pthread_mutex_lock(&pool->lock);
    struct cw_cpu_job **link = &pool->jobs;
    while (*link != job) {
        link = &(*link)->next_job;
    }
    *link = job->next_job;
    __atomic_store_n(&pool->job_count, pool->job_count - 1, __ATOMIC_RELAXED);
    if (job->participants != 0) {
        pthread_mutex_unlock(&pool->lock);
        for (int i = 0; i < SPINS && __atomic_load_n(&job->participants, __ATOMIC_ACQUIRE) != 0; i++) {
            cw_cpu_relax();
        }
        pthread_mutex_lock(&pool->lock);
        while (job->participants != 0) {
            pthread_cond_wait(&pool->done, &pool->lock);
        }
    }
    pthread_mutex_unlock(&pool->lock);
}
