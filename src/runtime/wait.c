/* SPDX-License-Identifier: Apache-2.0 */
/* wait.c: futexes and the monotonic clock of Linux. */
#include "runtime/wait.h"

#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* A sleeper costs its waker about 3 µs and itself 40 µs (measured on virtual machines): spinning that long is never
 * dearer than twice the best choice. */
#define SPIN_NS 50000u

void cw_rt_word_wait(_Atomic uint32_t *word, uint32_t seen) {
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
}

void cw_rt_word_wake(_Atomic uint32_t *word, bool all) {
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, all ? INT_MAX : 1, NULL, NULL, 0);
}

/* Threads that wait run operations themselves, so only asynchrony is lost. */
void cw_rt_without_thread(void) {
}

uint64_t cw_rt_now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

void cw_rt_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#else
    sched_yield();
#endif
}

void cw_rt_yield(void) {
    sched_yield();
}

uint64_t cw_rt_spin_ns(void) {
    static _Atomic int processors;
    int count = atomic_load_explicit(&processors, memory_order_relaxed);
    if (count == 0) {
        cpu_set_t set;
        count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 2;
        atomic_store_explicit(&processors, count, memory_order_relaxed);
    }
    return count > 1 ? SPIN_NS : 0;
}
