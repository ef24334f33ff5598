/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pthread.h: the part of POSIX threads that the runtime and libc++ use, for WASI, whose C library (Debian's wasi-libc) has none.
 *
 * Programs and the runtime see one header in both forms. The form for one thread (pthread.c): locks keep account only, so that
 * locking twice, which would hang with threads, traps instead of going on with half-changed data; who waits does what streams
 * have to do; no thread can be started (programs that want one don't link), and the runtime's parts that would start one do the
 * work themselves (pool.h, engine.h say where). The form with threads (threads.c): threads are workers of JavaScript that share
 * the memory. A program of that form that is given no workers behaves as one of the first form.
 */
#ifndef CW_WASI_PTHREAD_H
#define CW_WASI_PTHREAD_H

#include <errno.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint32_t pthread_t; /* 0: no thread */
typedef uint32_t pthread_key_t;
typedef struct { uint32_t recursive; } pthread_mutexattr_t;
typedef struct { uint32_t detached; } pthread_attr_t;
typedef struct { uint32_t clock; } pthread_condattr_t;
typedef struct { uint32_t unused; } pthread_rwlockattr_t;
typedef struct { uint32_t word, recursive, owner, depth; } pthread_mutex_t;
typedef struct { uint32_t sequence, waiters, monotonic; } pthread_cond_t;
typedef struct { uint32_t word, waiters; } pthread_rwlock_t;
typedef uint32_t pthread_once_t;

#define PTHREAD_MUTEX_INITIALIZER {0, 0, 0, 0}
#define PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP {0, 0, 0, 0}
#define PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP {0, 1, 0, 0}
#define PTHREAD_COND_INITIALIZER {0, 0, 0}
#define PTHREAD_RWLOCK_INITIALIZER {0, 0}
#define PTHREAD_ONCE_INIT 0
#define PTHREAD_MUTEX_NORMAL 0
#define PTHREAD_MUTEX_DEFAULT 0
#define PTHREAD_MUTEX_RECURSIVE 1
#define PTHREAD_CREATE_JOINABLE 0
#define PTHREAD_CREATE_DETACHED 1

int pthread_mutexattr_init(pthread_mutexattr_t *attributes);
int pthread_mutexattr_settype(pthread_mutexattr_t *attributes, int type);
int pthread_mutexattr_destroy(pthread_mutexattr_t *attributes);
int pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes);
int pthread_mutex_destroy(pthread_mutex_t *mutex);
int pthread_mutex_lock(pthread_mutex_t *mutex);
int pthread_mutex_trylock(pthread_mutex_t *mutex);
int pthread_mutex_unlock(pthread_mutex_t *mutex);

int pthread_condattr_init(pthread_condattr_t *attributes);
int pthread_condattr_setclock(pthread_condattr_t *attributes, clockid_t clock);
int pthread_condattr_destroy(pthread_condattr_t *attributes);
int pthread_cond_init(pthread_cond_t *condition, const pthread_condattr_t *attributes);
int pthread_cond_destroy(pthread_cond_t *condition);
int pthread_cond_signal(pthread_cond_t *condition);
int pthread_cond_broadcast(pthread_cond_t *condition);
int pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex);
int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *until);

int pthread_rwlock_init(pthread_rwlock_t *lock, const pthread_rwlockattr_t *attributes);
int pthread_rwlock_destroy(pthread_rwlock_t *lock);
int pthread_rwlock_rdlock(pthread_rwlock_t *lock);
int pthread_rwlock_wrlock(pthread_rwlock_t *lock);
int pthread_rwlock_unlock(pthread_rwlock_t *lock);

int pthread_once(pthread_once_t *once, void (*initialise)(void));

pthread_t pthread_self(void);
int pthread_equal(pthread_t a, pthread_t b);
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument);
int pthread_join(pthread_t thread, void **result);
int pthread_detach(pthread_t thread);
int pthread_attr_init(pthread_attr_t *attributes);
int pthread_attr_setdetachstate(pthread_attr_t *attributes, int state);
int pthread_attr_destroy(pthread_attr_t *attributes);
int pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void));

/* Destructors run when a thread ends that is not the program's first. */
int pthread_key_create(pthread_key_t *key, void (*destructor)(void *));
int pthread_key_delete(pthread_key_t key);
int pthread_setspecific(pthread_key_t key, const void *value);
void *pthread_getspecific(pthread_key_t key);

#ifdef __cplusplus
}
#endif
#endif
