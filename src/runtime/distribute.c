/* SPDX-License-Identifier: Apache-2.0 */
/* distribute.c: work split over several devices by their speed. CUDA leaves that to programs, and has no word for it. */
#include "cuda/cuda_runtime_api.h"
#include "cudawasm/cw.h"
#include "runtime/device.h"

/* In units that only ratios matter of; at least 1. */
static uint64_t speed_of(int ordinal) {
    int processors = 0, clock_khz = 0;
    if (cw_rt_device_attribute(&processors, cudaDevAttrMultiProcessorCount, ordinal) != cudaSuccess ||
        cw_rt_device_attribute(&clock_khz, cudaDevAttrClockRate, ordinal) != cudaSuccess) {
        return 1;
    }
    uint64_t speed = (uint64_t)(processors > 0 ? processors : 1) * (uint64_t)(clock_khz > 1000 ? clock_khz / 1000 : 1);
    return speed;
}

/* count * part / whole, rounded down, without overflow. */
static uint64_t portion(uint64_t count, uint64_t part, uint64_t whole) {
    return (uint64_t)((unsigned __int128)count * part / whole);
}

cw_status cw_distribute_range(uint64_t count, int ordinal, uint64_t *first, uint64_t *share) {
    int devices = 0;
    uint64_t before = 0, own = 0, all = 0;
    if (!first || !share) {
        return CW_ERROR_INVALID_ARGUMENT;
    }
    if (cw_rt_device_count(&devices) != cudaSuccess || ordinal < 0 || ordinal >= devices) {
        return CW_ERROR_NOT_FOUND;
    }
    for (int i = 0; i < devices; i++) {
        uint64_t speed = speed_of(i);
        before += i < ordinal ? speed : 0;
        own = i == ordinal ? speed : own;
        all += speed;
    }
    *first = portion(count, before, all);
    *share = portion(count, before + own, all) - *first;
    return CW_OK;
}
