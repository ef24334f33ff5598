/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stack.c: backend/cpu/stack.h on WebAssembly. A stack is a region of linear memory: the thread's context at its top, the C
 * stack growing down from there, and at the bottom, growing up, what Asyncify keeps of the functions that were left
 * (fibers.c). There are no guard pages: a word at the bottom of what is left for the C stack would not help, since both
 * ends move; fibers.c compares them whenever a thread is suspended.
 */
#include "backend/cpu/stack.h"

#include <stdlib.h>
#include <string.h>

#define STACKS_AT_ONCE 4u
#define STACKS_BYTES_MAX (1u << 30) /* for blocks that others were started beside: all of memory has 4 GiB */

struct cw_cpu_slab {
    struct cw_cpu_slab *next;
    char *region;
};

size_t cw_cpu_stack_guard(void) {
    return 0;
}

uint32_t cw_cpu_stack_workers_max(uint32_t threads) {
    (void)threads;
    return UINT32_MAX;
}

uint32_t cw_cpu_stack_blocks_max(uint32_t threads, uint32_t workers) {
    uint32_t blocks = STACKS_BYTES_MAX / CW_CPU_STACK_SIZE / threads / workers;
    return blocks ? blocks : 1;
}

static bool make_stack(struct cw_cpu_stacks *stacks) {
    struct cw_cpu_slab *slab = malloc(sizeof *slab);
    char *region = slab ? aligned_alloc(64, CW_CPU_STACK_SIZE) : NULL;
    struct cw_cpu_thread **room = region ? realloc(stacks->free, (stacks->count + 1) * sizeof *room) : NULL;
    if (!room) {
        free(region);
        free(slab);
        return false;
    }
    struct cw_cpu_thread *thread = (struct cw_cpu_thread *)(region + CW_CPU_STACK_SIZE - sizeof *thread);
    memset(thread, 0, sizeof *thread);
    *slab = (struct cw_cpu_slab){stacks->slabs, region};
    stacks->slabs = slab;
    stacks->free = room;
    stacks->count++;
    stacks->free[stacks->free_count++] = thread;
    return true;
}

bool cw_cpu_stacks_grow(struct cw_cpu_stacks *stacks) {
    for (uint32_t i = 0; i < STACKS_AT_ONCE && make_stack(stacks); i++) {
    }
    return stacks->free_count != 0;
}

void cw_cpu_stack_abandon(struct cw_cpu_stacks *stacks, struct cw_cpu_thread *thread) {
    cw_cpu_stack_give(stacks, thread);
}

bool cw_cpu_stacks_own(const struct cw_cpu_stacks *stacks, uintptr_t address) {
    for (const struct cw_cpu_slab *slab = stacks->slabs; slab; slab = slab->next) {
        if (address - (uintptr_t)slab->region < CW_CPU_STACK_SIZE) {
            return true;
        }
    }
    return false;
}

void cw_cpu_stacks_fini(struct cw_cpu_stacks *stacks) {
    while (stacks->slabs) {
        struct cw_cpu_slab *slab = stacks->slabs;
        stacks->slabs = slab->next;
        free(slab->region);
        free(slab);
    }
    free(stacks->free);
    *stacks = (struct cw_cpu_stacks){0};
}
