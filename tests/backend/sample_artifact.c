/* SPDX-License-Identifier: Apache-2.0 */
/* An artifact as the CPU target makes them, written in C, for the tests of loading. */
#include "backend/cpu/artifact.h"

static void (*thread_exit)(void);
static void (*barrier)(uint32_t, uint32_t);
static int factor = 3;

static void run(const void *params, struct cw_cpu_block *block) {
    int *values = *(int *const *)params;
    uint32_t index;
    while ((index = block->next_thread) < block->thread_count) {
        block->next_thread = index + 1;
        cw_cpu_thread_of((uintptr_t)__builtin_frame_address(0))->index = index;
        barrier(0, 0);
        values[block->block_idx[0] * block->thread_count + index] = factor + (int)index;
        thread_exit();
    }
}

static const struct cw_cpu_kernel kernels[] = {
    {.name = "add_factor", .run = run, .param_bytes = sizeof(int *), .max_threads = 256},
};
static const struct cw_cpu_import imports[] = {
    {.name = "cw.thread_exit", .slot = (void **)(void *)&thread_exit},
    {.name = "cw.barrier", .slot = (void **)(void *)&barrier},
};
static const struct cw_cpu_variable variables[] = {
    {.name = "factor", .address = &factor, .size = sizeof factor},
};

extern const struct cw_cpu_artifact cw_cpu_artifact;
__attribute__((visibility("default"))) const struct cw_cpu_artifact cw_cpu_artifact = {
    .abi_version = CW_CPU_ARTIFACT_ABI,
    .kernel_count = 1,
    .kernels = kernels,
    .import_count = 2,
    .variable_count = 1,
    .imports = imports,
    .variables = variables,
};
