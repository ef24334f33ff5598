/* SPDX-License-Identifier: Apache-2.0 */
/*
 * warp.c: collectives in the forms that CUDA C++ has no functions for: PTX ISA, "shfl.sync", "bar.red".
 */
#include "library/ptx/device.h"

/* The section's own formula: mode 0 up, 1 down, 2 bfly, 3 idx. The low bits of *valid say whether the source lane was in range. `same`
 * is 1 where c turns out to be a constant, and so the same in every lane: lanes with different bounds must meet in one word. */
EXPORT uint32_t __cw_ptx_warp_shfl(uint32_t value, uint32_t b, uint32_t c, uint32_t mask, uint32_t mode, uint32_t same, uint32_t *valid) {
    int lane = cw_laneid(), segment = (int)(c >> 8 & 31u), bound = (int)(c & 31u), distance = (int)(b & 31u);
    int highest = (lane & segment) | (bound & ~segment), lowest = lane & segment, source;
    bool in_range;
    switch (mode) {
    case 0:
        source = lane - distance;
        in_range = source >= highest;
        break;
    case 1:
        source = lane + distance;
        in_range = source <= highest;
        break;
    case 2:
        source = lane ^ distance;
        in_range = source <= highest;
        break;
    default:
        source = lowest | (distance & ~segment);
        in_range = source <= highest;
        break;
    }
    *valid = in_range;
    /* Of constants, which c nearly always is once this is inlined, only one of these is left; the waist's own words are fastest. */
    int width = 32 - segment, lanes = (int)mask;
    if (same && (width & (width - 1)) == 0 && bound == (mode == 0 ? 0 : 31)) {
        if (mode == 0) return (uint32_t)cw_shfl_up(lanes, (int)value, distance, width);
        if (mode == 1) return (uint32_t)cw_shfl_down(lanes, (int)value, distance, width);
        if (mode == 2) return (uint32_t)cw_shfl_xor(lanes, (int)value, distance, width);
        return (uint32_t)cw_shfl_idx(lanes, (int)value, distance, width);
    }
    return (uint32_t)cw_shfl_idx((int)mask, (int)value, in_range ? source : lane, 32);
}

/* The sum of `value` over the threads that meet at the barrier; `cells` is shared memory, a word for each barrier. Whoever comes clears
 * the word, all add to it, and nobody leaves before all have read it: the next to meet here find it free. */
EXPORT uint32_t __cw_ptx_warp_reduce_at(uint32_t *cells, uint32_t id, uint32_t count, uint32_t value) {
    uint32_t *cell = &cells[id & 15u];
    __atomic_store_n(cell, 0u, __ATOMIC_RELAXED);
    cw_barrier((int)id, (int)count);
    (void)__atomic_fetch_add(cell, value, __ATOMIC_RELAXED);
    cw_barrier((int)id, (int)count);
    uint32_t sum = __atomic_load_n(cell, __ATOMIC_RELAXED);
    cw_barrier((int)id, (int)count);
    return sum;
}
