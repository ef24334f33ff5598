/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wait.c: runtime/wait.h and the waiting half of pthread.h, for the form with one thread. Who waits runs what streams have to
 * do in the meantime; when there is nothing, nobody can ever wake it, which is reported instead of hanging.
 */
#include "runtime/wait.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "runtime/engine.h"

static _Noreturn void deadlock(void) {
    fflush(stdout);
    fputs("cuda-wasm: deadlock: the program waits for work that nothing left can complete (this WebAssembly module has one "
          "thread; the threaded form is -o PROGRAM.mjs)\n",
          stderr);
    abort();
}

void cw_rt_word_wait(_Atomic uint32_t *word, uint32_t seen) {
    if (!cw_rt_engine_help() && *word == seen) {
        deadlock();
    }
}

void cw_rt_word_wake(_Atomic uint32_t *word, bool all) {
    (void)word, (void)all;
}

int pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex) {
    (void)condition;
    pthread_mutex_unlock(mutex);
    if (!cw_rt_engine_help()) {
        deadlock();
    }
    return pthread_mutex_lock(mutex);
}

int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *until) {
    (void)condition, (void)until;
    pthread_mutex_unlock(mutex);
    bool helped = cw_rt_engine_help();
    pthread_mutex_lock(mutex);
    return helped ? 0 : ETIMEDOUT;
}

uint32_t cw_wasi_locks_held, cw_wasi_work_waits;

void cw_wasi_work(void) {
    cw_wasi_work_waits = 0;
    while (cw_rt_engine_help()) {
    }
}

/* The caller may hold locks that the work takes as well: then whoever lets go of the last one does it. */
void cw_rt_without_thread(void) {
    cw_wasi_work_waits = 1;
    if (cw_wasi_locks_held == 0) {
        cw_wasi_work();
    }
}

uint64_t cw_rt_now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

void cw_rt_pause(void) {
}

/* Polling programs (cudaStreamQuery in a loop) end as well. */
void cw_rt_yield(void) {
    (void)cw_rt_engine_help();
}

uint64_t cw_rt_spin_ns(void) {
    return 0;
}
