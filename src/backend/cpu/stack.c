/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stack.c: see stack.h.
 *
 * A guard made with mprotect splits its mapping in two, and a process may have only vm.max_map_count mappings. Linux
 * 6.13 has guards that cost no mapping (MADV_GUARD_INSTALL); they are used where they work.
 */
#include "backend/cpu/stack.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define SLAB_STACKS 64u
#define GUARD_BYTES ((size_t)16 << 10)
#define MADVISE_GUARD_INSTALL 102 /* MADV_GUARD_INSTALL, which older headers lack */

#define MAPPINGS_MAX_DEFAULT 65530u /* Linux's */
#define MAPPINGS_OF_OTHERS 4096u    /* left for the program, its libraries and its heap */
#define STACKS_AT_ONCE 4u /* made: those that are never used cost nothing but address space */

struct cw_cpu_slab {
    struct cw_cpu_slab *next;
    char *mapping; /* with the slack that alignment needs */
    size_t mapping_size;
    uintptr_t base; /* SLAB_STACKS regions from here */
    uint32_t made;  /* of them have guards and are in use or on the free list */
};

size_t cw_cpu_stack_guard(void) {
    static size_t guard;
    size_t size = __atomic_load_n(&guard, __ATOMIC_RELAXED);
    if (size == 0) {
        size_t page = (size_t)sysconf(_SC_PAGESIZE);
        size = page > GUARD_BYTES ? page : GUARD_BYTES;
        __atomic_store_n(&guard, size, __ATOMIC_RELAXED);
    }
    return size;
}

static bool guards_are_free; /* atomic: MADV_GUARD_INSTALL was seen to work */

static bool protect(void *address, size_t size) {
    if (madvise(address, size, MADVISE_GUARD_INSTALL) == 0) {
        __atomic_store_n(&guards_are_free, true, __ATOMIC_RELAXED);
        return true;
    }
    return mprotect(address, size, PROT_NONE) == 0;
}

static size_t read_mappings_max(void) {
    size_t count = 0;
    FILE *file = fopen("/proc/sys/vm/max_map_count", "re");
    if (file) {
        if (fscanf(file, "%zu", &count) != 1) {
            count = 0;
        }
        fclose(file);
    }
    return count ? count : MAPPINGS_MAX_DEFAULT;
}

uint32_t cw_cpu_stack_workers_max(uint32_t threads) {
    static size_t mappings;
    if (__atomic_load_n(&guards_are_free, __ATOMIC_RELAXED)) {
        return UINT32_MAX;
    }
    size_t count = __atomic_load_n(&mappings, __ATOMIC_RELAXED);
    if (count == 0) {
        count = read_mappings_max();
        __atomic_store_n(&mappings, count, __ATOMIC_RELAXED);
    }
    size_t workers = count > MAPPINGS_OF_OTHERS ? (count - MAPPINGS_OF_OTHERS) / (2 * (size_t)threads) : 0;
    return workers > 1 ? (uint32_t)workers : 1;
}

/* Stacks are reserved, and take memory where they are used. */
uint32_t cw_cpu_stack_blocks_max(uint32_t threads, uint32_t workers) {
    (void)threads, (void)workers;
    return UINT32_MAX;
}

static bool add_slab(struct cw_cpu_stacks *stacks) {
    struct cw_cpu_slab *slab = calloc(1, sizeof *slab);
    if (!slab) {
        return false;
    }
    struct cw_cpu_thread **room = realloc(stacks->free, (stacks->count + SLAB_STACKS) * sizeof *room);
    if (!room) {
        goto out_free_slab;
    }
    stacks->free = room;
    slab->mapping_size = (SLAB_STACKS + 1) * CW_CPU_STACK_SIZE;
    slab->mapping = mmap(NULL, slab->mapping_size, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (slab->mapping == MAP_FAILED) {
        goto out_free_slab;
    }
    slab->base = ((uintptr_t)slab->mapping + CW_CPU_STACK_SIZE - 1) & ~(CW_CPU_STACK_SIZE - 1);
    /* A huge page would back four stacks, of which a thread mostly touches one small page each. */
    (void)madvise(slab->mapping, slab->mapping_size, MADV_NOHUGEPAGE);
    slab->next = stacks->slabs;
    __atomic_store_n(&stacks->slabs, slab, __ATOMIC_RELEASE);
    return true;

out_free_slab:
    free(slab);
    return false;
}

static bool make_stack(struct cw_cpu_stacks *stacks, struct cw_cpu_slab *slab) {
    uintptr_t base = slab->base + slab->made * CW_CPU_STACK_SIZE;
    if (!protect((void *)base, cw_cpu_stack_guard())) {
        return false;
    }
    struct cw_cpu_thread *thread = cw_cpu_thread_of(base);
#ifdef CW_CPU_SANITIZED
    struct cw_cpu_fiber *fiber = cw_cpu_stack_fiber(thread);
    fiber->bottom = (const void *)base;
    fiber->size = (size_t)((uintptr_t)thread - base);
#ifdef CW_CPU_TSAN
    fiber->fiber = __tsan_create_fiber(0);
#endif
#endif
    slab->made++;
    stacks->count++;
    stacks->free[stacks->free_count++] = thread;
    return true;
}

bool cw_cpu_stacks_grow(struct cw_cpu_stacks *stacks) {
    if ((!stacks->slabs || stacks->slabs->made == SLAB_STACKS) && !add_slab(stacks)) {
        return false;
    }
    for (uint32_t i = 0; i < STACKS_AT_ONCE && stacks->slabs->made < SLAB_STACKS; i++) {
        if (!make_stack(stacks, stacks->slabs)) {
            break;
        }
    }
    return stacks->free_count != 0;
}

void cw_cpu_stack_abandon(struct cw_cpu_stacks *stacks, struct cw_cpu_thread *thread) {
#ifdef CW_CPU_ASAN
    uintptr_t base = (uintptr_t)thread & ~(CW_CPU_STACK_SIZE - 1);
    __asan_unpoison_memory_region((const void *)(base + cw_cpu_stack_guard()),
                                  (size_t)((uintptr_t)thread - base) - cw_cpu_stack_guard());
    cw_cpu_stack_fiber(thread)->fake_stack = NULL;
#endif
#ifdef CW_CPU_TSAN
    struct cw_cpu_fiber *fiber = cw_cpu_stack_fiber(thread);
    __tsan_destroy_fiber(fiber->fiber);
    fiber->fiber = __tsan_create_fiber(0);
#endif
    cw_cpu_stack_give(stacks, thread);
}

bool cw_cpu_stacks_own(const struct cw_cpu_stacks *stacks, uintptr_t address) {
    const struct cw_cpu_slab *slab = __atomic_load_n(&stacks->slabs, __ATOMIC_ACQUIRE);
    for (; slab; slab = slab->next) {
        if (address - slab->base < SLAB_STACKS * CW_CPU_STACK_SIZE) {
            return true;
        }
    }
    return false;
}

void cw_cpu_stacks_fini(struct cw_cpu_stacks *stacks) {
    while (stacks->slabs) {
        struct cw_cpu_slab *slab = stacks->slabs;
        stacks->slabs = slab->next;
#ifdef CW_CPU_TSAN
        for (uintptr_t i = 0; i < slab->made; i++) {
            __tsan_destroy_fiber(cw_cpu_stack_fiber(cw_cpu_thread_of(slab->base + i * CW_CPU_STACK_SIZE))->fiber);
        }
#endif
        munmap(slab->mapping, slab->mapping_size);
        free(slab);
    }
    free(stacks->free);
    *stacks = (struct cw_cpu_stacks){0};
}
