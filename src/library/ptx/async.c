/* SPDX-License-Identifier: Apache-2.0 */
/*
 * async.c: cp.async, cp.async.bulk and mbarrier: PTX ISA, "Asynchronous copy", "mbarrier".
 *
 * An mbarrier's word holds how many arrivals the phase still waits for (bits 0 to 19), how many each phase expects (20 to 39), the
 * bytes that are still to come, of either sign (40 to 60), and the phase modulo 8: a program asks for the current phase or the one
 * before. A phase is complete when nothing is waited for, neither arrivals nor bytes. An arrival's result is the word as it was
 * before, so the phase that it belongs to is known.
 */
#include "library/ptx/device.h"

#define COUNT_BITS 20u
#define COUNT_MASK UINT64_C(0xfffff)
#define BYTES_SHIFT 40u
#define BYTES_MASK UINT64_C(0x1fffff)
#define PHASE_SHIFT 61u

EXPORT void __cw_ptx_async_copy(void *to, const void *from, uint32_t size, uint32_t valid) {
    typedef uint32_t __attribute__((may_alias)) word;
    typedef uint8_t __attribute__((may_alias)) byte;
    if (cw_async(0, to, from, (int)size, (int)valid)) return;
    for (uint32_t i = 0; i < size; i += 4) {
        uint32_t value = 0;
        if (i + 4 <= valid) {
            value = *(const word *)((const byte *)from + i);
        } else {
            for (uint32_t n = 0; n < 4; n++)
                if (i + n < valid) value |= (uint32_t)((const byte *)from)[i + n] << 8 * n;
        }
        *(word *)((byte *)to + i) = value;
    }
}

/* Copies that are done at once leave nothing to be waited for. */
EXPORT void __cw_ptx_async_commit(void) {
    (void)cw_async(1, 0, 0, 0, 0);
}

EXPORT void __cw_ptx_async_wait_groups(uint32_t left) {
    (void)cw_async(2, 0, 0, (int)left, 0);
}

EXPORT void __cw_ptx_async_wait_all(void) {
    (void)cw_async(3, 0, 0, 0, 0);
}

/* Sizes and addresses of bulk copies are multiples of 16. */
EXPORT void __cw_ptx_async_bulk(void *to, const void *from, uint32_t size) {
    typedef uint64_t __attribute__((may_alias)) word;
    for (uint32_t i = 0; i < size / 8u; i++) ((word *)to)[i] = ((const word *)from)[i];
}

EXPORT void __cw_ptx_async_init(uint64_t *barrier, uint32_t count) {
    __atomic_store_n(barrier, (uint64_t)count << COUNT_BITS | count, __ATOMIC_RELEASE);
}

/* `count` arrivals, with `bytes` more to come; gives the word before. Neither is complete_tx: no arrival and fewer bytes. */
INLINE uint64_t change(uint64_t *barrier, uint32_t count, bool drop, int32_t bytes) {
    uint64_t old = __atomic_load_n(barrier, __ATOMIC_RELAXED), next;
    do {
        uint64_t pending = ((old & COUNT_MASK) - count) & COUNT_MASK, expected = ((old >> COUNT_BITS & COUNT_MASK) - (drop ? count : 0)) & COUNT_MASK;
        uint64_t left = ((old >> BYTES_SHIFT) + (uint64_t)(int64_t)bytes) & BYTES_MASK, phase = old >> PHASE_SHIFT;
        if (pending == 0 && left == 0) {
            phase++;
            pending = expected;
        }
        next = phase << PHASE_SHIFT | left << BYTES_SHIFT | expected << COUNT_BITS | pending;
    } while (!__atomic_compare_exchange_n(barrier, &old, next, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED));
    return old;
}

EXPORT uint64_t __cw_ptx_async_arrive(uint64_t *barrier, uint32_t count, uint32_t drop) {
    return change(barrier, count, drop != 0, 0);
}

/* An arrival and, before it, more bytes to wait for. */
EXPORT uint64_t __cw_ptx_async_arrive_expect(uint64_t *barrier, uint32_t bytes, uint32_t drop) {
    return change(barrier, 1, drop != 0, (int32_t)bytes);
}

EXPORT void __cw_ptx_async_expect(uint64_t *barrier, uint32_t bytes) {
    (void)change(barrier, 0, false, (int32_t)bytes);
}

EXPORT void __cw_ptx_async_complete(uint64_t *barrier, uint32_t bytes) {
    (void)change(barrier, 0, false, -(int32_t)bytes);
}

/* To the blocks of the cluster that the mask names, in each to the same place of its shared memory, where its barrier gets to know. */
EXPORT void __cw_ptx_async_multicast(void *to, const void *from, uint32_t size, uint64_t *barrier, uint32_t blocks) {
    for (uint32_t rank = 0; blocks >> rank != 0; rank++) {
        if (!(blocks >> rank & 1u)) continue;
        __cw_ptx_async_bulk(cw_cluster_map(to, (int)rank), from, size);
        __cw_ptx_async_complete(cw_cluster_map(barrier, (int)rank), size);
    }
}

EXPORT uint32_t __cw_ptx_async_pending(uint64_t state) {
    return (uint32_t)(state & COUNT_MASK);
}

EXPORT uint32_t __cw_ptx_async_test(uint64_t *barrier, uint64_t state) {
    return __atomic_load_n(barrier, __ATOMIC_ACQUIRE) >> PHASE_SHIFT != state >> PHASE_SHIFT;
}

/* The phase of that parity is complete when the current one has the other. */
EXPORT uint32_t __cw_ptx_async_test_parity(uint64_t *barrier, uint32_t parity) {
    return (__atomic_load_n(barrier, __ATOMIC_ACQUIRE) >> PHASE_SHIFT & 1u) != (parity & 1u);
}
