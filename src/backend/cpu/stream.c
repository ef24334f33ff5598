/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream.c: stores past the caches save the processor reading lines that are overwritten whole. They cost where what is written would
 * have stayed in a cache for the next kernel. So they are for pointers to allocations that no cache holds, in launches that store more
 * than a cache holds: as many bytes a thread as the kernel stores at least, or, where it stores in loops, as many as fit the time
 * that earlier launches took.
 */
#include "backend/cpu/stream.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "backend/cpu/machine.h"

#define CACHE_UNKNOWN (32u << 20)
#define BYTES_A_NS 8u /* that a processor stores at least when it does little else */

#if defined(__x86_64__)
static uint64_t cache_of(struct cw_backend_device *device) {
    uint32_t bytes = __atomic_load_n(&device->cache_bytes, __ATOMIC_RELAXED);
    if (!bytes) {
        bytes = cw_cpu_machine_cache();
        bytes = bytes ? bytes : CACHE_UNKNOWN;
        __atomic_store_n(&device->cache_bytes, bytes, __ATOMIC_RELAXED);
    }
    return bytes;
}
#endif

uint32_t cw_cpu_streamed(struct cw_backend_device *device, const struct cw_cpu_kernel *code, const void *params, uint64_t threads,
                         uint64_t thread_ps) {
#if defined(__x86_64__)
    uint64_t cache = cache_of(device);
    uint64_t bytes = threads * code->stream_bytes;
    uint32_t streamed = 0;
    if (code->stream_loops) {
        uint64_t in_time = (uint64_t)((double)thread_ps * (double)threads * BYTES_A_NS / 1000.0);
        bytes = bytes > in_time ? bytes : in_time;
    }
    for (uint32_t word = 0; bytes > cache && word < 32; word++) {
        if (code->streamed >> word & 1) {
            const void *pointer = ((void *const *)params)[word];
            streamed |= cw_cpu_memory_size(&device->memory, pointer) >= 2 * cache ? 1u << word : 0;
        }
    }
    return streamed;
#else
    (void)device, (void)code, (void)params, (void)threads, (void)thread_ps;
    return 0;
#endif
}

void cw_cpu_stream_fence(void) {
#if defined(__x86_64__)
    _mm_sfence();
#endif
}
