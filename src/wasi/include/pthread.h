/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pthread.h: the part of POSIX threads that the runtime uses, for WASI, whose C library (Debian's wasi-libc) has none.
 *
 * This is the form for one thread: locks keep account only, so that locking twice, which would hang with threads, traps
 * instead of going on with half-changed data; conditions are never waited for, since nobody else could make them true;
 * no thread can be started, and whoever wanted one does the work itself (pool.h, engine.h say where).
 */
#ifndef CW_WASI_PTHREAD_H
#define CW_WASI_PTHREAD_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint32_t pthread_t;
typedef uint32_t pthread_key_t;
typedef struct { uint32_t recursive; } pthread_mutexattr_t;
typedef struct { uint32_t detached; } pthread_attr_t;
typedef struct { uint32_t clock; } pthread_condattr_t;
typedef struct { uint32_t depth, recursive; } pthread_mutex_t;
typedef struct { uint32_t unused; } pthread_cond_t;
typedef struct { uint32_t readers, writer; } pthread_rwlock_t;
typedef uint32_t pthread_once_t;

#define PTHREAD_MUTEX_INITIALIZER {0, 0}
#define PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP {0, 0}
#define PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP {0, 1}
#define PTHREAD_COND_INITIALIZER {0}
#define PTHREAD_RWLOCK_INITIALIZER {0, 0}
#define PTHREAD_ONCE_INIT 0
#define PTHREAD_MUTEX_NORMAL 0
#define PTHREAD_MUTEX_RECURSIVE 1
#define PTHREAD_CREATE_DETACHED 1

/* How many locks are held. Work that no thread can be started for waits until none is (wait.c). */
extern uint32_t cw_wasi_locks_held, cw_wasi_work_waits;
void cw_wasi_work(void);

static inline void cw_wasi_lock_taken(void) {
    cw_wasi_locks_held++;
}
static inline void cw_wasi_lock_given(void) {
    if (--cw_wasi_locks_held == 0 && cw_wasi_work_waits) {
        cw_wasi_work();
    }
}

static inline int pthread_mutexattr_init(pthread_mutexattr_t *attributes) {
    attributes->recursive = 0;
    return 0;
}
static inline int pthread_mutexattr_settype(pthread_mutexattr_t *attributes, int type) {
    attributes->recursive = type == PTHREAD_MUTEX_RECURSIVE;
    return 0;
}
static inline int pthread_mutexattr_destroy(pthread_mutexattr_t *attributes) {
    (void)attributes;
    return 0;
}
static inline int pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes) {
    mutex->depth = 0;
    mutex->recursive = attributes ? attributes->recursive : 0;
    return 0;
}
static inline int pthread_mutex_destroy(pthread_mutex_t *mutex) {
    (void)mutex;
    return 0;
}
static inline int pthread_mutex_lock(pthread_mutex_t *mutex) {
    if (mutex->depth++ != 0 && !mutex->recursive) {
        __builtin_trap();
    }
    cw_wasi_lock_taken();
    return 0;
}
static inline int pthread_mutex_trylock(pthread_mutex_t *mutex) {
    if (mutex->depth != 0 && !mutex->recursive) {
        return EBUSY;
    }
    mutex->depth++;
    cw_wasi_lock_taken();
    return 0;
}
static inline int pthread_mutex_unlock(pthread_mutex_t *mutex) {
    mutex->depth--;
    cw_wasi_lock_given();
    return 0;
}

static inline int pthread_cond_init(pthread_cond_t *condition, const pthread_condattr_t *attributes) {
    (void)condition, (void)attributes;
    return 0;
}
static inline int pthread_cond_destroy(pthread_cond_t *condition) {
    (void)condition;
    return 0;
}
static inline int pthread_cond_signal(pthread_cond_t *condition) {
    (void)condition;
    return 0;
}
static inline int pthread_cond_broadcast(pthread_cond_t *condition) {
    (void)condition;
    return 0;
}
/* Runs what streams have to do, if anything; a wait with nothing left to do is a deadlock, which traps. */
int pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex);
int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *until);
static inline int pthread_condattr_init(pthread_condattr_t *attributes) {
    (void)attributes;
    return 0;
}
static inline int pthread_condattr_setclock(pthread_condattr_t *attributes, clockid_t clock) {
    (void)attributes, (void)clock;
    return 0;
}
static inline int pthread_condattr_destroy(pthread_condattr_t *attributes) {
    (void)attributes;
    return 0;
}

static inline int pthread_rwlock_init(pthread_rwlock_t *lock, const void *attributes) {
    (void)attributes;
    lock->readers = lock->writer = 0;
    return 0;
}
static inline int pthread_rwlock_rdlock(pthread_rwlock_t *lock) {
    if (lock->writer) {
        __builtin_trap();
    }
    lock->readers++;
    cw_wasi_lock_taken();
    return 0;
}
static inline int pthread_rwlock_wrlock(pthread_rwlock_t *lock) {
    if (lock->writer || lock->readers) {
        __builtin_trap();
    }
    lock->writer = 1;
    cw_wasi_lock_taken();
    return 0;
}
static inline int pthread_rwlock_unlock(pthread_rwlock_t *lock) {
    if (lock->writer) {
        lock->writer = 0;
    } else {
        lock->readers--;
    }
    cw_wasi_lock_given();
    return 0;
}

static inline int pthread_once(pthread_once_t *once, void (*initialise)(void)) {
    if (!*once) {
        *once = 1;
        initialise();
    }
    return 0;
}

static inline pthread_t pthread_self(void) {
    return 1;
}
static inline int pthread_equal(pthread_t a, pthread_t b) {
    return a == b;
}
static inline int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument) {
    (void)thread, (void)attributes, (void)start, (void)argument;
    return EAGAIN;
}
static inline int pthread_join(pthread_t thread, void **result) {
    (void)thread, (void)result;
    return ESRCH;
}
static inline int pthread_detach(pthread_t thread) {
    (void)thread;
    return 0;
}
static inline int pthread_attr_init(pthread_attr_t *attributes) {
    attributes->detached = 0;
    return 0;
}
static inline int pthread_attr_setdetachstate(pthread_attr_t *attributes, int state) {
    attributes->detached = (uint32_t)state;
    return 0;
}
static inline int pthread_attr_destroy(pthread_attr_t *attributes) {
    (void)attributes;
    return 0;
}
static inline int pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void)) {
    (void)prepare, (void)parent, (void)child;
    return 0;
}

/* Values of the one thread. Destructors are not run: the thread ends with the program. */
int pthread_key_create(pthread_key_t *key, void (*destructor)(void *));
int pthread_setspecific(pthread_key_t key, const void *value);
void *pthread_getspecific(pthread_key_t key);

#ifdef __cplusplus
}
#endif
#endif
