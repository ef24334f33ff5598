// SPDX-License-Identifier: Apache-2.0
// Threads that meet in memory without a barrier. Vectorised as if they didn't, these lose counts.
#include "device.h"

extern "C" __global__ void count_block(int *counter) { __scoped_atomic_fetch_add(counter, 1, __ATOMIC_RELAXED, __MEMORY_SCOPE_WRKGRP); }
extern "C" __global__ void histogram_block(int *bins, int *keys) {
    __scoped_atomic_fetch_add(&bins[keys[linear()]], 1, __ATOMIC_RELAXED, __MEMORY_SCOPE_WRKGRP);
}
extern "C" __global__ void histogram_device(int *bins, int *keys) {
    __scoped_atomic_fetch_add(&bins[keys[linear()]], 1, __ATOMIC_RELAXED, __MEMORY_SCOPE_DEVICE);
}
extern "C" __global__ void histogram_shared(int *bins, int *keys) {
    __shared__ int s[8];
    unsigned i = linear();
    if (i < 8) s[i] = 0;
    barrier(0, 0);
    __scoped_atomic_fetch_add(&s[keys[i]], 1, __ATOMIC_RELAXED, __MEMORY_SCOPE_DEVICE);
    barrier(0, 0);
    if (i < 8) bins[i] = s[i];
}
// Each thread adds what it finds in its cell to the next one: a chain through memory in thread order is not promised, but
// the sum of what is exchanged is.
extern "C" __global__ void exchange_block(int *cell, int *out) {
    out[linear()] = __scoped_atomic_exchange_n(cell, (int)linear() + 1, __ATOMIC_RELAXED, __MEMORY_SCOPE_WRKGRP);
}
extern "C" __global__ void ordered_flags(int *flags, int *out) {
    unsigned i = linear();
    __scoped_atomic_store_n(&flags[i], (int)i + 1, __ATOMIC_RELEASE, __MEMORY_SCOPE_DEVICE);
    out[i] = __scoped_atomic_load_n(&flags[i], __ATOMIC_ACQUIRE, __MEMORY_SCOPE_DEVICE);
}
// A lock that threads of one block wait for: the holder must get its turn.
__device__ int lock_word;
extern "C" __global__ void lock(int *sum) {
    bool done = false;
    while (!done) {
        int expected = 0;
        if (__scoped_atomic_compare_exchange_n(&lock_word, &expected, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED, __MEMORY_SCOPE_DEVICE)) {
            *sum += (int)linear();
            __scoped_atomic_store_n(&lock_word, 0, __ATOMIC_RELEASE, __MEMORY_SCOPE_DEVICE);
            done = true;
        }
    }
}
// Thread 0 waits for the last thread's store: by volatile, by atomic load, by fence, by a compiler barrier.
extern "C" __global__ void handover(int *flag, int *out, int how) {
    unsigned i = linear(), last = ntid_x() * ntid_y() * ntid_z() - 1;
    if (i == last) {
        *(volatile int *)flag = 1;
    } else if (i == 0) {
        if (how == 0) while (*(volatile int *)flag == 0) {}
        if (how == 1) while (__scoped_atomic_load_n(flag, __ATOMIC_RELAXED, __MEMORY_SCOPE_DEVICE) == 0) {}
        if (how == 2) while (*flag == 0) __scoped_atomic_thread_fence(__ATOMIC_SEQ_CST, __MEMORY_SCOPE_DEVICE);
        if (how == 3) while (*flag == 0) asm volatile("" ::: "memory");
    }
    out[i] = 1;
}
