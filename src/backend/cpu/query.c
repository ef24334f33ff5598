/* SPDX-License-Identifier: Apache-2.0 */
/* query.c: what kernels ask about pointers and time, and breakpoints. */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "backend/cpu/block.h"
#include "backend/cpu/device.h"
#include "backend/cpu/services.h"
#include "backend/cpu/worker.h"

uint32_t cw_cpu_is_shared(const void *pointer) {
    const struct cw_cpu_state *state = cw_cpu_state_of(cw_cpu_self());
    return (uintptr_t)pointer - (uintptr_t)state->block.shared < state->grid->shared_bytes;
}

uint32_t cw_cpu_is_local(const void *pointer) {
    return cw_cpu_stack_holds(cw_cpu_self(), pointer);
}

/* Shared memory of any block of the cluster, in whose row it is a part. */
static bool is_in_cluster(const void *pointer) {
    const struct cw_cpu_state *state = cw_cpu_state_of(cw_cpu_self());
    size_t bytes = (size_t)state->grid->cluster_size << state->grid->shared_shift;
    return (uintptr_t)pointer - (uintptr_t)state->block.cluster_shared < bytes;
}

uint32_t cw_cpu_is_global(const void *pointer) {
    return !is_in_cluster(pointer) && !cw_cpu_is_local(pointer);
}

static uint64_t read_ns(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* The clock's rate is the one that the device's facts give, so that programs may divide one by the other. */
uint64_t cw_cpu_clock64(void) {
    const struct cw_cpu_state *state = cw_cpu_state_of(cw_cpu_self());
    uint64_t ns = read_ns(CLOCK_MONOTONIC);
    uint64_t khz = state->worker->device->clock_khz;
    return ns / 1000000u * khz + ns % 1000000u * khz / 1000000u;
}

uint64_t cw_cpu_globaltimer(void) {
    return read_ns(CLOCK_MONOTONIC);
}

static bool debugger_attached(void) {
    FILE *file = fopen("/proc/self/status", "re");
    if (!file) {
        return false;
    }
    char line[256];
    int tracer = 0;
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "TracerPid: %d", &tracer) == 1) {
            break;
        }
    }
    fclose(file);
    return tracer != 0;
}

void cw_cpu_breakpoint(void) {
    if (debugger_attached()) {
        raise(SIGTRAP);
    }
}
