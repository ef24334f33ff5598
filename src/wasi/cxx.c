/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cxx.c: functions of libc++'s library that Debian's, which is configured for one thread, leaves out: locks, conditions, threads.
 * Their C++ names are those of libc++'s ABI (namespace std::__2), their types those of its headers (__mutex/mutex.h,
 * __condition_variable/condition_variable.h, __thread/thread.h), which are made of pthread.h's. Promises, std::async and
 * std::filesystem's operations on files are in headers (programs/c++).
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "backend/cpu/machine.h"
#include "wasi/thread.h"

#define NS_A_SECOND 1000000000

/* A function by its C++ name. */
#define CXX(result, name, cxx_name, parameters) result name parameters __asm__("_ZNSt3__2" cxx_name); result name parameters

void terminate(void) __asm__("_ZSt9terminatev");

/* ---- mutex, recursive_mutex ---- */

CXX(void, mutex_lock, "5mutex4lockEv", (pthread_mutex_t *mutex)) { pthread_mutex_lock(mutex); }
CXX(bool, mutex_try_lock, "5mutex8try_lockEv", (pthread_mutex_t *mutex)) { return pthread_mutex_trylock(mutex) == 0; }
CXX(void, mutex_unlock, "5mutex6unlockEv", (pthread_mutex_t *mutex)) { pthread_mutex_unlock(mutex); }
CXX(void *, mutex_end, "5mutexD1Ev", (pthread_mutex_t *mutex)) { return mutex; }

CXX(void *, recursive_begin, "15recursive_mutexC1Ev", (pthread_mutex_t *mutex)) {
    *mutex = (pthread_mutex_t)PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
    return mutex;
}
CXX(void, recursive_lock, "15recursive_mutex4lockEv", (pthread_mutex_t *mutex)) { pthread_mutex_lock(mutex); }
CXX(bool, recursive_try_lock, "15recursive_mutex8try_lockEv", (pthread_mutex_t *mutex)) { return pthread_mutex_trylock(mutex) == 0; }
CXX(void, recursive_unlock, "15recursive_mutex6unlockEv", (pthread_mutex_t *mutex)) { pthread_mutex_unlock(mutex); }
CXX(void *, recursive_end, "15recursive_mutexD1Ev", (pthread_mutex_t *mutex)) { return mutex; }

/* ---- shared_mutex: its words are a lock of ours ---- */

CXX(void *, shared_begin, "19__shared_mutex_baseC1Ev", (pthread_rwlock_t *lock)) {
    pthread_rwlock_init(lock, NULL);
    return lock;
}
CXX(void, shared_lock, "19__shared_mutex_base4lockEv", (pthread_rwlock_t *lock)) { pthread_rwlock_wrlock(lock); }
CXX(void, shared_unlock, "19__shared_mutex_base6unlockEv", (pthread_rwlock_t *lock)) { pthread_rwlock_unlock(lock); }
CXX(void, shared_lock_shared, "19__shared_mutex_base11lock_sharedEv", (pthread_rwlock_t *lock)) { pthread_rwlock_rdlock(lock); }
CXX(void, shared_unlock_shared, "19__shared_mutex_base13unlock_sharedEv", (pthread_rwlock_t *lock)) { pthread_rwlock_unlock(lock); }

/* ---- condition_variable ---- */

struct unique_lock {
    pthread_mutex_t *mutex;
    bool owns;
};

CXX(void, condition_notify_one, "18condition_variable10notify_oneEv", (pthread_cond_t *condition)) { pthread_cond_signal(condition); }
CXX(void, condition_notify_all, "18condition_variable10notify_allEv", (pthread_cond_t *condition)) { pthread_cond_broadcast(condition); }
CXX(void *, condition_end, "18condition_variableD1Ev", (pthread_cond_t *condition)) { return condition; }

CXX(void, condition_wait, "18condition_variable4waitERNS_11unique_lockINS_5mutexEEE",
    (pthread_cond_t *condition, struct unique_lock *lock)) {
    if (!lock->owns) {
        terminate();
    }
    pthread_cond_wait(condition, lock->mutex);
}

/* `until` is in nanoseconds of the system's clock. */
CXX(void, condition_timed_wait,
    "18condition_variable15__do_timed_waitERNS_11unique_lockINS_5mutexEEENS_6chrono10time_pointINS5_12system_clockENS5_8durationIxNS_5"
    "ratioILx1ELx1000000000EEEEEEE",
    (pthread_cond_t *condition, struct unique_lock *lock, long long until)) {
    const struct timespec time = {until / NS_A_SECOND, (long)(until % NS_A_SECOND)};
    if (!lock->owns) {
        terminate();
    }
    pthread_cond_timedwait(condition, lock->mutex, &time);
}

/* ---- this_thread, thread ---- */

CXX(void, sleep_for, "11this_thread9sleep_forERKNS_6chrono8durationIxNS_5ratioILx1ELx1000000000EEEEE", (const long long *ns)) {
    if (*ns > 0) {
        const struct timespec time = {*ns / NS_A_SECOND, (long)(*ns % NS_A_SECOND)};
        nanosleep(&time, NULL);
    }
}

CXX(unsigned, hardware_concurrency, "6thread20hardware_concurrencyEv", (void)) { return cw_cpu_machine_processors(); }

CXX(void, thread_join, "6thread4joinEv", (pthread_t *thread)) {
    if (pthread_join(*thread, NULL) != 0) {
        terminate();
    }
    *thread = 0;
}

CXX(void, thread_detach, "6thread6detachEv", (pthread_t *thread)) {
    if (pthread_detach(*thread) != 0) {
        terminate();
    }
    *thread = 0;
}

CXX(void *, thread_end, "6threadD1Ev", (pthread_t *thread)) {
    if (*thread != 0) {
        terminate();
    }
    return thread;
}

/* What a thread keeps of itself (for notify_all_at_thread_exit, which is not here): a pointer. */
CXX(void *, thread_struct_begin, "15__thread_structC1Ev", (void **data)) {
    *data = NULL;
    return data;
}
CXX(void *, thread_struct_end, "15__thread_structD1Ev", (void **data)) { return data; }

static pthread_key_t local_data_key; /* is all that a __thread_specific_ptr holds */

static void make_local_data_key(void) {
    pthread_key_create(&local_data_key, free);
}

CXX(pthread_key_t *, thread_local_data, "19__thread_local_dataEv", (void)) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_local_data_key);
    return &local_data_key;
}

/* ---- Waiting for atomic variables: all of them share one word ---- */

static uint32_t changes;

CXX(long long, atomic_monitor, "23__atomic_monitor_globalEPKv", (const void *variable)) {
    (void)variable;
    return __atomic_load_n(&changes, __ATOMIC_SEQ_CST);
}

CXX(void, atomic_wait, "26__atomic_wait_global_tableEPKvx", (const void *variable, long long seen)) {
    (void)variable;
    if (cw_wasi_alone()) {
        cw_wasi_wait_alone();
    }
    cw_wasi_wait(&changes, (uint32_t)seen, -1);
}

static void changed(void) {
    __atomic_fetch_add(&changes, 1, __ATOMIC_SEQ_CST);
    cw_wasi_wake(&changes, UINT32_MAX);
}

CXX(void, atomic_notify_one, "32__atomic_notify_one_global_tableEPKv", (const void *variable)) {
    (void)variable;
    changed();
}

CXX(void, atomic_notify_all, "32__atomic_notify_all_global_tableEPKv", (const void *variable)) {
    (void)variable;
    changed();
}
