/* SPDX-License-Identifier: Apache-2.0 */
/*
 * library.c: what a module of kernels alone has beside its kernels (`cuda-wasm build --lib`): a function that runs blocks,
 * and the services that kernels may call. There is no runtime in it: memory, order and errors are the caller's, JavaScript
 * in web/src.
 *
 * Every thread that shares the memory is an instance of its own, with its own stack and thread-local memory. All of them
 * call cw_launch with the same counter, from which they take blocks until the grid is done.
 *
 * Kernels whose threads would have to wait for each other one by one need the runtime's stacks: the linker finds that they
 * ask for CW_CPU_FIBERS_SYMBOL, which is not here. Other services that are missing here are found in the same way.
 */
#include "wasi/library.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/cpu/artifact.h"
#include "backend/cpu/format.h"
#include "backend/cpu/services.h"

/* CUDA's numbers: cudaErrorInvalidDeviceFunction, cudaErrorLaunchOutOfResources, cudaErrorAssert, cudaErrorLaunchFailure. */
enum { ERROR_NO_KERNEL = 98, ERROR_RESOURCES = 701, ERROR_ASSERT = 710, ERROR_LAUNCH = 719 };

enum { SHARED_ALIGN = 128 };

extern const struct cw_cpu_artifact cw_cpu_artifact;

_Thread_local struct cw_cpu_thread *cw_cpu_current;
static _Thread_local uint32_t shared_bytes;

/* The call also tells the linker that exports are not whole programs, which it would wrap. */
void __wasm_call_ctors(void);
void cw_library_initialize(void) {
    __wasm_call_ctors();
}

/* ---- Running blocks --------------------------------------------------------------------------------------------------- */

static uint32_t shared_of(const struct cw_cpu_kernel *kernel, uint32_t dynamic) {
    return dynamic ? kernel->dynamic_offset + dynamic : kernel->static_shared;
}

static int frames_fit(const struct cw_cpu_kernel *kernel, const uint32_t block[3]) {
    uint64_t groups = 1;
    for (int d = 0; d < 3; d++) {
        groups *= (block[d] + kernel->block_scale[d] - 1) / (kernel->block_scale[d] ? kernel->block_scale[d] : 1);
    }
    return groups * kernel->frame_bytes <= CW_CPU_FRAMES_MAX;
}

uint32_t cw_library_scratch(uint32_t index, uint32_t bx, uint32_t by, uint32_t bz, uint32_t dynamic) {
    if (index >= cw_cpu_artifact.kernel_count) {
        return 0;
    }
    const struct cw_cpu_kernel *kernel = &cw_cpu_artifact.kernels[index];
    if (kernel->run_lanes ? !frames_fit(kernel, (const uint32_t[3]){bx, by, bz}) && !kernel->run_all : !kernel->run_all) {
        return 0;
    }
    return shared_of(kernel, dynamic) + SHARED_ALIGN;
}

uint32_t cw_library_launch(uint32_t index, const void *params, uint32_t gx, uint32_t gy, uint32_t gz, uint32_t bx, uint32_t by,
                           uint32_t bz, uint32_t dynamic, char *scratch, uint32_t *counter) {
    if (index >= cw_cpu_artifact.kernel_count) {
        return ERROR_NO_KERNEL;
    }
    const struct cw_cpu_kernel *kernel = &cw_cpu_artifact.kernels[index];
    int lanes = kernel->run_lanes && frames_fit(kernel, (const uint32_t[3]){bx, by, bz});
    cw_cpu_run *run = lanes ? kernel->run_lanes : kernel->run_all;
    int clusters = kernel->cluster[0] > 1 || kernel->cluster[1] > 1 || kernel->cluster[2] > 1;
    if (!run || clusters) {
        return ERROR_RESOURCES;
    }
    uint32_t threads = bx * by * bz, blocks = gx * gy * gz;
    struct cw_cpu_block block = {
        .block_dim = {bx, by, bz},
        .grid_dim = {gx, gy, gz},
        .thread_count = threads,
        .dynamic_shared = dynamic,
        .shared = (char *)(((uintptr_t)scratch + SHARED_ALIGN - 1) & ~(uintptr_t)(SHARED_ALIGN - 1)),
        .params = params,
        .cluster_dim = {1, 1, 1},
    };
    block.cluster_shared = block.shared;
    block.cluster_shift = 31; /* all of memory: there is no other block in it */
    struct cw_cpu_thread thread = {.block = &block};
    shared_bytes = shared_of(kernel, dynamic);
    for (;;) {
        uint32_t at = __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
        if (at >= blocks) {
            break;
        }
        block.block_idx[0] = at % gx;
        block.block_idx[1] = at / gx % gy;
        block.block_idx[2] = at / gx / gy;
        block.next_thread = 0;
        cw_cpu_current = &thread;
        run(params, &block);
    }
    cw_cpu_current = NULL;
    return 0;
}

void *cw_library_variable(uint32_t index) {
    return index < cw_cpu_artifact.variable_count ? cw_cpu_artifact.variables[index].address : NULL;
}

/* ---- Memory for texts -------------------------------------------------------------------------------------------------- */

/* The heap is the caller's. All that allocates here is format.c, for a text that is longer than its own buffer. */
static _Thread_local char long_text[64 << 10];

void *malloc(size_t size) {
    return size <= sizeof long_text ? long_text : NULL;
}

void *realloc(void *old, size_t size) {
    (void)old;
    return malloc(size);
}

void free(void *pointer) {
    (void)pointer;
}

/* ---- Services --------------------------------------------------------------------------------------------------------- */

static _Noreturn void fault(uint32_t kind, const char *what) {
    cw_library_fault(kind, what, strlen(what));
    __builtin_trap();
}

_Noreturn void cw_cpu_trap(void) {
    fault(ERROR_LAUNCH, "a thread executed a trap");
}

_Noreturn void cw_cpu_pure_virtual(void) {
    fault(ERROR_LAUNCH, "a thread called a pure virtual function");
}

_Noreturn void cw_cpu_deleted_virtual(void) {
    fault(ERROR_LAUNCH, "a thread called a deleted virtual function");
}

_Noreturn void cw_cpu_assert_fail(const char *expression, const char *file, uint32_t line, const char *function, size_t char_size) {
    static _Thread_local char text[1024];
    const struct cw_cpu_thread *thread = cw_cpu_current;
    const uint32_t *block = thread->block->block_idx;
    (void)char_size;
    snprintf(text, sizeof text, "%s:%u: %s: block (%u,%u,%u), thread (%u,%u,%u): assertion `%s` failed", file, line, function,
             block[0], block[1], block[2], thread->tid[0], thread->tid[1], thread->tid[2], expression);
    fault(ERROR_ASSERT, text);
}

void cw_cpu_breakpoint(void) {
}

/* Nobody waits for threads that have ended: kernels that would are not linked with this. */
void cw_cpu_thread_exit(void) {
}

uint32_t cw_cpu_vprintf(const char *format, const void *arguments) {
    struct cw_cpu_text text;
    if (!format) {
        return (uint32_t)-1;
    }
    cw_cpu_text_init(&text);
    int count = cw_cpu_format(&text, format, arguments);
    if (count >= 0 && text.size != 0) {
        cw_library_print(text.data, text.size);
    }
    cw_cpu_text_fini(&text);
    return (uint32_t)count;
}

uint32_t cw_cpu_is_shared(const void *pointer) {
    return (uintptr_t)pointer - (uintptr_t)cw_cpu_current->block->shared < shared_bytes;
}

/* Local memory is on the stack of the instance, which is where this function's own frame is. */
uint32_t cw_cpu_is_local(const void *pointer) {
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    return (uintptr_t)pointer >= here && (uintptr_t)pointer < (uintptr_t)cw_cpu_current;
}

uint32_t cw_cpu_is_global(const void *pointer) {
    return !cw_cpu_is_shared(pointer) && !cw_cpu_is_local(pointer);
}

uint64_t cw_cpu_globaltimer(void) {
    return cw_library_clock();
}

uint64_t cw_cpu_clock64(void) {
    return cw_library_clock();
}

/* Nobody waits for a thread that sleeps: it only must not go on too early. */
void cw_cpu_nanosleep(uint32_t ns) {
    uint64_t end = cw_library_clock() + ns;
    while (cw_library_clock() < end) {
    }
}
