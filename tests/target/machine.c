/* SPDX-License-Identifier: Apache-2.0 */
/* machine.c: see machine.h. Every stack is a context of its own; the scheduler is the caller's. */
#include "machine.h"

#include <dlfcn.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include <criterion/criterion.h>

#define STACKS_MAX 1024u
#define SHARED_GUARD 4096u
#define GUARD_BYTE 0xa5

/* One stack: a region as artifact.h lays it out, and what runs on it. */
struct stack {
    void *mapping;
    uintptr_t base;
    ucontext_t context;
    bool waiting; /* suspended in a service; else finished */
};

static struct {
    const struct cw_cpu_kernel *kernel;
    struct cw_cpu_block block;
    struct record record;
    struct stack stacks[STACKS_MAX];
    uint32_t current;
    ucontext_t scheduler;
    enum entry entry;
} machine_state;

/* ---- Stacks --------------------------------------------------------------------------------------------------- */

static void map_stack(struct stack *stack) {
    if (stack->mapping) return;
    void *mapping = mmap(NULL, 2 * CW_CPU_STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    cr_assert_neq(mapping, MAP_FAILED);
    stack->mapping = mapping;
    stack->base = ((uintptr_t)mapping + CW_CPU_STACK_SIZE - 1) & ~(CW_CPU_STACK_SIZE - 1);
}

static void run_here(void) {
    const struct cw_cpu_kernel *kernel = machine_state.kernel;
    cw_cpu_run *const runs[] = {kernel->run, kernel->run_all, kernel->run_lanes}, *run = runs[machine_state.entry];
    run(machine_state.block.params, &machine_state.block);
    machine_state.stacks[machine_state.current].waiting = false;
}

/* Runs `run` afresh on a stack of its own until it returns or waits. */
static void start_stack(uint32_t index) {
    struct stack *stack = &machine_state.stacks[index];
    map_stack(stack);
    struct cw_cpu_thread *thread = cw_cpu_thread_of(stack->base);
    memset(thread, 0, sizeof *thread);
    thread->block = &machine_state.block;
    getcontext(&stack->context);
    stack->context.uc_stack.ss_sp = (void *)stack->base;
    stack->context.uc_stack.ss_size = (uintptr_t)thread - stack->base;
    stack->context.uc_link = &machine_state.scheduler;
    makecontext(&stack->context, run_here, 0);
    machine_state.current = index;
    swapcontext(&machine_state.scheduler, &stack->context);
}

static void resume_stack(uint32_t index) {
    struct stack *stack = &machine_state.stacks[index];
    machine_state.current = index;
    stack->waiting = false;
    swapcontext(&machine_state.scheduler, &stack->context);
}

/* Lets others run until the scheduler comes back here. */
static void suspend(void) {
    struct stack *stack = &machine_state.stacks[machine_state.current];
    stack->waiting = true;
    swapcontext(&stack->context, &machine_state.scheduler);
}

/* ---- Services ------------------------------------------------------------------------------------------------- */

static void service_barrier(int32_t id, int32_t count) {
    cr_assert_eq(id, 0);
    cr_assert_eq(count, 0);
    machine_state.record.barriers++;
    suspend();
}

static void service_poll(void) {
    machine_state.record.polls++;
    suspend();
}

static void service_yield(void) {
}

static void service_thread_exit(void) {
    machine_state.record.exits++;
}

static void service_trap(void) {
    machine_state.record.trapped = true;
    machine_state.stacks[machine_state.current].waiting = false;
    setcontext(&machine_state.scheduler);
}

static int32_t service_vprintf(const char *format, void *arguments) {
    (void)arguments;
    machine_state.record.prints++;
    return (int32_t)strlen(format);
}

/* Here all memory is global that the artifact itself does not know better. */
static int32_t service_is_global(const void *pointer) {
    return pointer != NULL;
}

static int64_t service_clock64(void) {
    static int64_t time = 1;
    return time += 3;
}

static const struct {
    const char *name;
    void (*function)(void);
} services[] = {
    {"cw.barrier", (void (*)(void))service_barrier}, {"cw.poll", service_poll},
    {"cw.yield", service_yield},                     {"cw.thread_exit", service_thread_exit},
    {"cw.trap", service_trap},                       {"__cxa_pure_virtual", service_trap},
    {"vprintf", (void (*)(void))service_vprintf},    {"cw.clock64", (void (*)(void))service_clock64},
    {"cw.is_global", (void (*)(void))service_is_global},
    {"malloc", (void (*)(void))malloc},              {"free", (void (*)(void))free},
};

static void fill_slot(const struct cw_cpu_import *import) {
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        if (strcmp(services[i].name, import->name) != 0) continue;
        memcpy(import->slot, &services[i].function, sizeof(void *));
        return;
    }
    cr_assert_fail("the artifact imports '%s', which this test has no double for", import->name);
}

/* ---- Artifacts ------------------------------------------------------------------------------------------------ */

struct machine load_artifact(const struct cw_bytes *bytes) {
    char path[64];
    int file = memfd_create("artifact", 0);
    cr_assert_geq(file, 0);
    cr_assert_eq(write(file, bytes->data, bytes->size), (ssize_t)bytes->size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    struct machine machine = {.library = dlopen(path, RTLD_NOW | RTLD_LOCAL)};
    cr_assert_not_null(machine.library, "%s", dlerror());
    close(file);
    machine.artifact = dlsym(machine.library, CW_CPU_ARTIFACT_SYMBOL);
    cr_assert_not_null(machine.artifact);
    cr_assert_eq(machine.artifact->abi_version, CW_CPU_ARTIFACT_ABI);
    for (uint32_t i = 0; i < machine.artifact->import_count; i++) fill_slot(&machine.artifact->imports[i]);
    return machine;
}

void unload_artifact(struct machine *machine) {
    dlclose(machine->library);
}

const struct cw_cpu_kernel *find_kernel(const struct machine *machine, const char *name) {
    for (uint32_t i = 0; i < machine->artifact->kernel_count; i++)
        if (strcmp(machine->artifact->kernels[i].name, name) == 0) return &machine->artifact->kernels[i];
    cr_assert_fail("there is no kernel '%s'", name);
    return NULL;
}

static const struct cw_cpu_variable *lookup(const struct machine *machine, const char *name) {
    for (uint32_t i = 0; i < machine->artifact->variable_count; i++)
        if (strcmp(machine->artifact->variables[i].name, name) == 0) return &machine->artifact->variables[i];
    return NULL;
}

bool has_variable(const struct machine *machine, const char *name) {
    return lookup(machine, name) != NULL;
}

void *find_variable(const struct machine *machine, const char *name, uint64_t size) {
    const struct cw_cpu_variable *variable = lookup(machine, name);
    cr_assert_not_null(variable, "there is no variable '%s'", name);
    cr_assert_eq(variable->size, size);
    return variable->address;
}

/* ---- Blocks --------------------------------------------------------------------------------------------------- */

/* Shared memory of exactly the size that the kernel says, between guards. */
static char *make_shared(const struct cw_cpu_kernel *kernel, uint32_t dynamic, size_t *size) {
    *size = dynamic ? kernel->dynamic_offset + dynamic : kernel->static_shared;
    size_t total = (*size + 2 * SHARED_GUARD + 255) / 256 * 256;
    char *memory = aligned_alloc(256, total);
    memset(memory, GUARD_BYTE, total);
    return memory;
}

static void check_shared(const char *memory, size_t size) {
    for (size_t i = 0; i < SHARED_GUARD; i++) {
        cr_assert_eq((unsigned char)memory[i], GUARD_BYTE, "written below shared memory");
        cr_assert_eq((unsigned char)memory[SHARED_GUARD + size + i], GUARD_BYTE, "written behind shared memory");
    }
}

static void schedule(void) {
    uint32_t used = 0;
    machine_state.record.stacks = 0;
    if (machine_state.entry == ENTRY_ALL || (machine_state.entry == ENTRY_LANES && !machine_state.kernel->lanes_suspend)) {
        start_stack(0);
        machine_state.record.stacks = 1;
        return;
    }
    for (;;) {
        while (machine_state.block.next_thread < machine_state.block.thread_count && !machine_state.record.trapped) {
            uint32_t free_stack = 0;
            while (free_stack < used && machine_state.stacks[free_stack].waiting) free_stack++;
            cr_assert_lt(free_stack, STACKS_MAX);
            if (free_stack == used) used++;
            start_stack(free_stack);
        }
        bool resumed = false;
        for (uint32_t i = 0; i < used && !machine_state.record.trapped; i++) {
            if (!machine_state.stacks[i].waiting) continue;
            resume_stack(i);
            resumed = true;
        }
        if (!resumed) break;
    }
    machine_state.record.stacks = used;
    for (uint32_t i = 0; i < used; i++) machine_state.stacks[i].waiting = false;
}

struct record run_block(const struct cw_cpu_kernel *kernel, const void *params, const struct shape *shape, enum entry entry) {
    size_t shared_size;
    char *shared = make_shared(kernel, shape->dynamic_shared, &shared_size);
    /* Aligned to 16 bytes and to no more, as the runtime promises. */
    char *parameters = aligned_alloc(256, (kernel->param_bytes / 256 + 2) * 256), *packed = parameters + 16;
    if (kernel->param_bytes) memcpy(packed, params, kernel->param_bytes);

    machine_state.kernel = kernel;
    machine_state.entry = entry;
    machine_state.record = (struct record){0};
    machine_state.block = (struct cw_cpu_block){
        .block_idx = {shape->block_index.x, shape->block_index.y, shape->block_index.z},
        .block_dim = {shape->block.x, shape->block.y, shape->block.z},
        .grid_dim = {shape->grid.x, shape->grid.y, shape->grid.z},
        .thread_count = shape->block.x * shape->block.y * shape->block.z,
        .dynamic_shared = shape->dynamic_shared,
        .processor = 5,
        .shared = shared + SHARED_GUARD,
        .params = packed,
    };
    cr_assert_not_null(kernel->run);
    if (entry == ENTRY_ALL) cr_assert_not_null(kernel->run_all);
    if (entry == ENTRY_LANES) {
        cr_assert_not_null(kernel->run_lanes);
        if (kernel->lanes_suspend) machine_state.block.thread_count = (machine_state.block.thread_count + kernel->lanes - 1) / kernel->lanes;
    }
    schedule();
    check_shared(shared, shared_size);
    free(parameters);
    free(shared);
    return machine_state.record;
}
