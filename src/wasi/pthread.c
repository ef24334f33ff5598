/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pthread.c: locks, conditions and values of threads (programs/pthread.h), in both forms (thread.h). With threads a lock is a word
 * on which who can't have it sleeps: 0 free, 1 taken, 2 taken and waited for (U. Drepper, "Futexes Are Tricky", 2011).
 */
#include <pthread.h>
#include <stdlib.h>

#include "runtime/engine.h"
#include "runtime/wait.h"
#include "wasi/thread.h"

#define KEYS 32u
#define SPINS 200
#define WRITER UINT32_MAX
#define NS_A_SECOND 1000000000

_Thread_local uint32_t cw_wasi_thread_number = 1;

/* ---- One thread: how many locks are held. Work that no thread can be started for waits until none is. ---- */

static uint32_t locks_held, work_waits;

static void work(void) {
    work_waits = 0;
    while (cw_rt_engine_help()) {
    }
}

static void taken_alone(void) {
    locks_held++;
}

static void given_alone(void) {
    if (--locks_held == 0 && work_waits) {
        work();
    }
}

/* The caller may hold locks that the work takes as well: then whoever lets go of the last one does it. With threads, those
 * that wait run operations themselves. */
void cw_rt_without_thread(void) {
    if (cw_wasi_alone()) {
        work_waits = 1;
        if (locks_held == 0) {
            work();
        }
    }
}

/* ---- Mutexes ---- */

int pthread_mutexattr_init(pthread_mutexattr_t *attributes) {
    attributes->recursive = 0;
    return 0;
}

int pthread_mutexattr_settype(pthread_mutexattr_t *attributes, int type) {
    attributes->recursive = type == PTHREAD_MUTEX_RECURSIVE;
    return 0;
}

int pthread_mutexattr_destroy(pthread_mutexattr_t *attributes) {
    (void)attributes;
    return 0;
}

int pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes) {
    *mutex = (pthread_mutex_t){.recursive = attributes ? attributes->recursive : 0};
    return 0;
}

int pthread_mutex_destroy(pthread_mutex_t *mutex) {
    (void)mutex;
    return 0;
}

static bool take(uint32_t *word) {
    uint32_t expected = 0;
    return __atomic_compare_exchange_n(word, &expected, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static void lock_word(uint32_t *word) {
    for (int i = 0; i < SPINS; i++) {
        if (__atomic_load_n(word, __ATOMIC_RELAXED) == 0 && take(word)) {
            return;
        }
    }
    while (__atomic_exchange_n(word, 2, __ATOMIC_ACQUIRE) != 0) {
        cw_wasi_wait(word, 2, -1);
    }
}

static bool own_already(const pthread_mutex_t *mutex) {
    return mutex->recursive && __atomic_load_n(&mutex->owner, __ATOMIC_RELAXED) == cw_wasi_thread_number;
}

int pthread_mutex_lock(pthread_mutex_t *mutex) {
    if (cw_wasi_alone()) {
        if (mutex->depth++ != 0 && !mutex->recursive) {
            __builtin_trap();
        }
        taken_alone();
        return 0;
    }
    if (!own_already(mutex)) {
        lock_word(&mutex->word);
        __atomic_store_n(&mutex->owner, cw_wasi_thread_number, __ATOMIC_RELAXED);
    }
    mutex->depth++;
    return 0;
}

int pthread_mutex_trylock(pthread_mutex_t *mutex) {
    if (cw_wasi_alone()) {
        if (mutex->depth != 0 && !mutex->recursive) {
            return EBUSY;
        }
        mutex->depth++;
        taken_alone();
        return 0;
    }
    if (!own_already(mutex)) {
        if (!take(&mutex->word)) {
            return EBUSY;
        }
        __atomic_store_n(&mutex->owner, cw_wasi_thread_number, __ATOMIC_RELAXED);
    }
    mutex->depth++;
    return 0;
}

int pthread_mutex_unlock(pthread_mutex_t *mutex) {
    mutex->depth--;
    if (cw_wasi_alone()) {
        given_alone();
    } else if (mutex->depth == 0) {
        __atomic_store_n(&mutex->owner, 0, __ATOMIC_RELAXED);
        if (__atomic_exchange_n(&mutex->word, 0, __ATOMIC_RELEASE) == 2) {
            cw_wasi_wake(&mutex->word, 1);
        }
    }
    return 0;
}

/* ---- Conditions: a word that every signal changes ---- */

int pthread_condattr_init(pthread_condattr_t *attributes) {
    attributes->clock = 0;
    return 0;
}

int pthread_condattr_setclock(pthread_condattr_t *attributes, clockid_t clock) {
    attributes->clock = clock == CLOCK_MONOTONIC;
    return 0;
}

int pthread_condattr_destroy(pthread_condattr_t *attributes) {
    (void)attributes;
    return 0;
}

int pthread_cond_init(pthread_cond_t *condition, const pthread_condattr_t *attributes) {
    *condition = (pthread_cond_t){.monotonic = attributes ? attributes->clock : 0};
    return 0;
}

int pthread_cond_destroy(pthread_cond_t *condition) {
    (void)condition;
    return 0;
}

static void signal_waiters(pthread_cond_t *condition, uint32_t count) {
    __atomic_fetch_add(&condition->sequence, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&condition->waiters, __ATOMIC_SEQ_CST) != 0) {
        cw_wasi_wake(&condition->sequence, count);
    }
}

int pthread_cond_signal(pthread_cond_t *condition) {
    signal_waiters(condition, 1);
    return 0;
}

int pthread_cond_broadcast(pthread_cond_t *condition) {
    signal_waiters(condition, UINT32_MAX);
    return 0;
}

static void sleep_on(pthread_cond_t *condition, pthread_mutex_t *mutex, int64_t ns) {
    uint32_t seen = __atomic_load_n(&condition->sequence, __ATOMIC_SEQ_CST);
    __atomic_fetch_add(&condition->waiters, 1, __ATOMIC_SEQ_CST);
    pthread_mutex_unlock(mutex);
    cw_wasi_wait(&condition->sequence, seen, ns);
    __atomic_fetch_sub(&condition->waiters, 1, __ATOMIC_SEQ_CST);
    pthread_mutex_lock(mutex);
}

int pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex) {
    if (!cw_wasi_alone()) {
        sleep_on(condition, mutex, -1);
        return 0;
    }
    pthread_mutex_unlock(mutex);
    cw_wasi_wait_alone();
    return pthread_mutex_lock(mutex);
}

static int64_t left(const pthread_cond_t *condition, const struct timespec *until) {
    struct timespec now;
    clock_gettime(condition->monotonic ? CLOCK_MONOTONIC : CLOCK_REALTIME, &now);
    return (int64_t)(until->tv_sec - now.tv_sec) * NS_A_SECOND + (until->tv_nsec - now.tv_nsec);
}

int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *until) {
    int64_t ns = left(condition, until);
    if (ns <= 0) {
        return ETIMEDOUT;
    }
    if (!cw_wasi_alone()) {
        sleep_on(condition, mutex, ns);
        return left(condition, until) > 0 ? 0 : ETIMEDOUT;
    }
    pthread_mutex_unlock(mutex);
    bool helped = cw_rt_engine_help();
    if (!helped) { /* nobody else could make the condition true meanwhile */
        const struct timespec rest = {ns / NS_A_SECOND, (long)(ns % NS_A_SECOND)};
        nanosleep(&rest, NULL);
    }
    pthread_mutex_lock(mutex);
    return helped ? 0 : ETIMEDOUT;
}

/* ---- Locks for readers and writers: the number of readers, or WRITER ---- */

int pthread_rwlock_init(pthread_rwlock_t *lock, const pthread_rwlockattr_t *attributes) {
    (void)attributes;
    *lock = (pthread_rwlock_t){0};
    return 0;
}

int pthread_rwlock_destroy(pthread_rwlock_t *lock) {
    (void)lock;
    return 0;
}

static void change(pthread_rwlock_t *lock, bool writer) {
    for (;;) {
        uint32_t word = __atomic_load_n(&lock->word, __ATOMIC_SEQ_CST);
        uint32_t wanted = writer ? WRITER : word + 1;
        if (writer ? word == 0 : word < WRITER - 1) {
            if (__atomic_compare_exchange_n(&lock->word, &word, wanted, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) {
                return;
            }
            continue;
        }
        if (cw_wasi_alone()) {
            __builtin_trap();
        }
        __atomic_fetch_add(&lock->waiters, 1, __ATOMIC_SEQ_CST);
        cw_wasi_wait(&lock->word, word, -1);
        __atomic_fetch_sub(&lock->waiters, 1, __ATOMIC_SEQ_CST);
    }
}

int pthread_rwlock_rdlock(pthread_rwlock_t *lock) {
    change(lock, false);
    if (cw_wasi_alone()) {
        taken_alone();
    }
    return 0;
}

int pthread_rwlock_wrlock(pthread_rwlock_t *lock) {
    change(lock, true);
    if (cw_wasi_alone()) {
        taken_alone();
    }
    return 0;
}

int pthread_rwlock_unlock(pthread_rwlock_t *lock) {
    uint32_t word = __atomic_load_n(&lock->word, __ATOMIC_RELAXED);
    uint32_t now = 0;
    if (word == WRITER) {
        __atomic_store_n(&lock->word, 0, __ATOMIC_SEQ_CST);
    } else {
        now = __atomic_sub_fetch(&lock->word, 1, __ATOMIC_SEQ_CST);
    }
    if (cw_wasi_alone()) {
        given_alone();
    } else if (now == 0 && __atomic_load_n(&lock->waiters, __ATOMIC_SEQ_CST) != 0) {
        cw_wasi_wake(&lock->word, UINT32_MAX);
    }
    return 0;
}

/* ---- Once: 0 not yet, 1 somebody is at it, 2 done ---- */

int pthread_once(pthread_once_t *once, void (*initialise)(void)) {
    uint32_t expected = 0;
    if (__atomic_load_n(once, __ATOMIC_ACQUIRE) == 2) {
        return 0;
    }
    if (__atomic_compare_exchange_n(once, &expected, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)) {
        initialise();
        __atomic_store_n(once, 2, __ATOMIC_RELEASE);
        cw_wasi_wake(once, UINT32_MAX);
        return 0;
    }
    while (__atomic_load_n(once, __ATOMIC_ACQUIRE) != 2) {
        if (cw_wasi_alone()) {
            return 0; /* called from `initialise` itself */
        }
        cw_wasi_wait(once, 1, -1);
    }
    return 0;
}

/* ---- Threads ---- */

pthread_t pthread_self(void) {
    return cw_wasi_thread_number;
}

int pthread_equal(pthread_t a, pthread_t b) {
    return a == b;
}

#ifndef __wasm_atomics__
/* What calls of pthread_create are in the runtime for one thread (CMakeLists.txt). */
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument) {
    (void)thread, (void)attributes, (void)start, (void)argument;
    return EAGAIN;
}

int pthread_join(pthread_t thread, void **result) {
    (void)thread, (void)result;
    return ESRCH;
}

int pthread_detach(pthread_t thread) {
    (void)thread;
    return ESRCH;
}
#endif

int pthread_attr_init(pthread_attr_t *attributes) {
    attributes->detached = 0;
    return 0;
}

int pthread_attr_setdetachstate(pthread_attr_t *attributes, int state) {
    attributes->detached = (uint32_t)state;
    return 0;
}

int pthread_attr_destroy(pthread_attr_t *attributes) {
    (void)attributes;
    return 0;
}

int pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void)) {
    (void)prepare, (void)parent, (void)child;
    return 0;
}

/* ---- Values of a thread ---- */

static _Thread_local const void *values[KEYS];
static void (*destructors[KEYS])(void *);
static uint32_t used;

int pthread_key_create(pthread_key_t *key, void (*destructor)(void *)) {
    uint32_t next = __atomic_fetch_add(&used, 1, __ATOMIC_RELAXED);
    if (next >= KEYS) {
        return EAGAIN;
    }
    destructors[next] = destructor;
    *key = next;
    return 0;
}

int pthread_key_delete(pthread_key_t key) {
    destructors[key % KEYS] = NULL;
    return 0;
}

int pthread_setspecific(pthread_key_t key, const void *value) {
    values[key % KEYS] = value;
    return 0;
}

void *pthread_getspecific(pthread_key_t key) {
    return (void *)(uintptr_t)values[key % KEYS];
}

void cw_wasi_thread_ended(void) {
    for (uint32_t i = 0; i < KEYS; i++) {
        void *value = (void *)(uintptr_t)values[i];
        values[i] = NULL;
        if (value && destructors[i]) {
            destructors[i](value);
        }
    }
}
