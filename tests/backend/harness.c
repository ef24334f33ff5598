/* SPDX-License-Identifier: Apache-2.0 */
/* harness.c: see harness.h. */
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>

#include "backend/cpu/backend.h"
#include "backend/cpu/module.h"

struct services cw;

struct call {
    body *body;
    void *data;
};

static void start_thread(struct cw_cpu_block *block, uint32_t index) {
    struct cw_cpu_thread *thread = cw_cpu_thread_of((uintptr_t)__builtin_frame_address(0));
    thread->index = index;
    thread->tid[0] = index % block->block_dim[0];
    thread->tid[1] = index / block->block_dim[0] % block->block_dim[1];
    thread->tid[2] = index / block->block_dim[0] / block->block_dim[1];
}

static void run(const void *params, struct cw_cpu_block *block) {
    const struct call *call = params;
    uint32_t index;
    while ((index = block->next_thread) < block->thread_count) {
        block->next_thread = index + 1;
        start_thread(block, index);
        call->body(call->data, block, index);
        cw.thread_exit();
    }
}

static void run_all(const void *params, struct cw_cpu_block *block) {
    const struct call *call = params;
    for (uint32_t index = 0; index < block->thread_count; index++) {
        call->body(call->data, block, index);
    }
}

static const struct cw_cpu_kernel kernels[] = {
    {.name = "_Z6threadPv", .run = run, .param_bytes = sizeof(struct call)},
    {.name = "_Z3allPv", .run = run, .run_all = run_all, .param_bytes = sizeof(struct call)},
};

static const struct cw_cpu_import imports[] = {
#define X(member, import, result, parameters) {.name = import, .slot = (void **)(void *)&cw.member},
    SERVICES(X)
#undef X
};

static const struct cw_cpu_artifact artifact = {
    .abi_version = CW_CPU_ARTIFACT_ABI,
    .kernel_count = 2,
    .kernels = kernels,
    .import_count = sizeof imports / sizeof imports[0],
    .imports = imports,
};

static void check(bool ok, const char *what) {
    if (!ok) {
        fprintf(stderr, "harness: %s failed\n", what);
        abort();
    }
}

void bench_open(struct bench *bench, uint32_t threads) {
    char number[16];
    char error[256] = "";
    snprintf(number, sizeof number, "%u", threads);
    if (threads) {
        setenv("CUDA_WASM_THREADS", number, 1);
    } else {
        unsetenv("CUDA_WASM_THREADS");
    }
    *bench = (struct bench){0};
    check(cw_backend_cpu.device_open(0, &bench->device) == CW_OK, "device_open");
    check(cw_cpu_module_adopt(&artifact, &bench->module, error, sizeof error) == CW_OK, error);
}

void bench_close(struct bench *bench) {
    cw_backend_cpu.module_unload(bench->module);
    cw_backend_cpu.device_close(bench->device);
}

static cw_status launch(struct bench *bench, struct cw_launch *request, bool all, body *function, void *data) {
    struct call call = {.body = function, .data = data};
    check(cw_backend_cpu.kernel_find(bench->module, kernels[all].name, &request->kernel) == CW_OK, "kernel_find");
    request->params = &call;
    bench->fault = (struct cw_fault){0};
    return cw_backend_cpu.launch(bench->device, request, &bench->fault);
}

cw_status bench_launch(struct bench *bench, struct launch_shape shape, body *function, void *data) {
    struct cw_launch request = {
        .grid = {shape.grid, 1, 1},
        .block = {shape.block, 1, 1},
        .dynamic_shared = shape.shared,
        .cooperative = shape.cooperative,
    };
    return launch(bench, &request, shape.all, function, data);
}

cw_status bench_launch_dim(struct bench *bench, struct cw_dim3 grid, struct cw_dim3 block, bool all, body *function,
                           void *data) {
    struct cw_launch request = {.grid = grid, .block = block};
    return launch(bench, &request, all, function, data);
}

uint32_t random_next(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33) ^ (uint32_t)(*state >> 17);
}
