/* SPDX-License-Identifier: Apache-2.0 */
/* memory.c: see memory.h. */
#include "backend/cpu/memory.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "backend/cpu/machine.h"
#include "backend/cpu/memory_table.h"

#define SLAB_BYTES ((size_t)1 << 20)     /* and their alignment */
#define SLAB_HEADER ((size_t)CW_MEMORY_ALIGNMENT)
#define GRAIN ((size_t)CW_MEMORY_ALIGNMENT)
#define HUGE_BYTES ((size_t)2 << 20)
#define MARGIN_BYTES ((size_t)64 << 10)  /* readable on both sides of a mapping */
#define CHECKED_BYTES ((size_t)64 << 20) /* from here the machine is asked whether it has that much left */

static const uint32_t class_bytes[CW_CPU_MEMORY_CLASSES] = {512,  1024, 1536, 2048,  3072, 4096,
                                                             5120, 6144, 8192, 12288, 16384};
#define SMALL_MAX 16384u

/* At the start of a slab's mapping. */
struct cw_cpu_memory_slab {
    struct cw_cpu_memory_slab *next, *previous; /* among those of the class with room */
    uint32_t class;
    uint32_t slots;
    uint32_t used;
    uint32_t reserved;
    uint64_t taken[SLAB_BYTES / GRAIN / 64]; /* set: in use */
};
_Static_assert(sizeof(struct cw_cpu_memory_slab) <= SLAB_HEADER, "the first slot follows the header");

static size_t page_bytes(void) {
    return (size_t)sysconf(_SC_PAGESIZE);
}

/* ---- Mappings ----------------------------------------------------------------------------------------------------- */

/* Maps `size` bytes at `align` between two margins that can be read and not written, and enters them in the table. On
 * hardware, whose mappings are coarser than allocations, programs get away with loads shortly before or behind an array
 * (stencils that load their neighbours before they check for the border); a store there would destroy something. */
static void *map(struct cw_cpu_memory *memory, size_t size, size_t align, size_t counted) {
    size_t page = page_bytes();
    size_t body = (size + page - 1) & ~(page - 1);
    size_t slack = align > page ? align : 0;
    if (!cw_cpu_memory_reserve(memory)) {
        return NULL;
    }
    size_t whole = MARGIN_BYTES + body + slack + MARGIN_BYTES;
    char *mapping = mmap(NULL, whole, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapping == MAP_FAILED) {
        return NULL;
    }
    char *start = mapping + MARGIN_BYTES;
    if (slack) {
        start = (char *)(((uintptr_t)start + align - 1) & ~(uintptr_t)(align - 1));
    }
    char *low = start - MARGIN_BYTES, *high = start + body + MARGIN_BYTES;
    if (low > mapping) {
        munmap(mapping, (size_t)(low - mapping));
    }
    if (mapping + whole > high) {
        munmap(high, (size_t)(mapping + whole - high));
    }
    if (mprotect(start, body, PROT_READ | PROT_WRITE) != 0) {
        munmap(low, (size_t)(high - low));
        return NULL;
    }
    if (align >= HUGE_BYTES) {
        (void)madvise(start, body, MADV_HUGEPAGE);
    }
    cw_cpu_memory_enter(memory, (struct cw_cpu_memory_entry){
                    .start = (uintptr_t)start, .mapping = low, .mapping_size = (size_t)(high - low), .size = counted, .file = -1});
    return start;
}

static void unmap(struct cw_cpu_memory_entry *entry) {
    munmap(entry->mapping, entry->mapping_size);
    if (entry->file >= 0) {
        close(entry->file);
    }
    *entry = (struct cw_cpu_memory_entry){.start = 1, .file = -1};
}

/* ---- Small allocations --------------------------------------------------------------------------------------------- */

static void link_slab(struct cw_cpu_memory *memory, struct cw_cpu_memory_slab *slab) {
    slab->previous = NULL;
    slab->next = memory->open[slab->class];
    if (slab->next) {
        slab->next->previous = slab;
    }
    memory->open[slab->class] = slab;
}

static void unlink_slab(struct cw_cpu_memory *memory, struct cw_cpu_memory_slab *slab) {
    if (slab->previous) {
        slab->previous->next = slab->next;
    } else {
        memory->open[slab->class] = slab->next;
    }
    if (slab->next) {
        slab->next->previous = slab->previous;
    }
}

static void *alloc_small(struct cw_cpu_memory *memory, size_t size) {
    uint32_t class = 0;
    while (class_bytes[class] < size) {
        class++;
    }
    struct cw_cpu_memory_slab *slab = memory->open[class];
    if (!slab) {
        slab = map(memory, SLAB_BYTES, SLAB_BYTES, 0);
        if (!slab) {
            return NULL;
        }
        slab->class = class;
        slab->slots = (uint32_t)((SLAB_BYTES - SLAB_HEADER) / class_bytes[class]);
        link_slab(memory, slab);
    }
    uint32_t word = 0;
    while (slab->taken[word] == UINT64_MAX) {
        word++;
    }
    uint32_t slot = word * 64 + (uint32_t)__builtin_ctzll(~slab->taken[word]);
    slab->taken[word] |= (uint64_t)1 << slot % 64;
    if (++slab->used == slab->slots) {
        unlink_slab(memory, slab);
    }
    memory->used += class_bytes[class];
    return (char *)slab + SLAB_HEADER + (size_t)slot * class_bytes[class];
}

static void free_small(struct cw_cpu_memory *memory, struct cw_cpu_memory_entry *entry, uintptr_t address) {
    struct cw_cpu_memory_slab *slab = (struct cw_cpu_memory_slab *)entry->start;
    uint32_t slot = (uint32_t)((address - (uintptr_t)slab - SLAB_HEADER) / class_bytes[slab->class]);
    uint64_t bit = (uint64_t)1 << slot % 64;
    if (slot >= slab->slots || !(slab->taken[slot / 64] & bit)) {
        return;
    }
    slab->taken[slot / 64] &= ~bit;
    memory->used -= class_bytes[slab->class];
    if (slab->used-- == slab->slots) {
        link_slab(memory, slab);
    }
    if (slab->used == 0 && (slab->next || slab->previous)) { /* the last one stays, for programs that come back */
        unlink_slab(memory, slab);
        unmap(entry);
    }
}

/* ---- The contract ------------------------------------------------------------------------------------------------- */

void cw_cpu_memory_init(struct cw_cpu_memory *memory, uint64_t total) {
    *memory = (struct cw_cpu_memory){.total = total};
    pthread_mutex_init(&memory->lock, NULL);
}

void cw_cpu_memory_fini(struct cw_cpu_memory *memory) {
    for (size_t i = 0; i < memory->table_size; i++) {
        if (memory->table[i].start > 1) {
            unmap(&memory->table[i]);
        }
    }
    free(memory->table);
    pthread_mutex_destroy(&memory->lock);
}

cw_status cw_cpu_memory_alloc(struct cw_cpu_memory *memory, size_t size, void **pointer) {
    *pointer = NULL;
    if (size > memory->total || (size >= CHECKED_BYTES && size > cw_cpu_machine_memory_free())) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    size = size ? size : 1;
    pthread_mutex_lock(&memory->lock);
    if (memory->used + size <= memory->total) {
        if (size <= SMALL_MAX) {
            *pointer = alloc_small(memory, size);
        } else {
            *pointer = map(memory, size, size >= 2 * HUGE_BYTES ? HUGE_BYTES : page_bytes(), size);
            memory->used += *pointer ? size : 0;
        }
    }
    pthread_mutex_unlock(&memory->lock);
    return *pointer ? CW_OK : CW_ERROR_OUT_OF_MEMORY;
}

void cw_cpu_memory_free(struct cw_cpu_memory *memory, void *pointer) {
    uintptr_t address = (uintptr_t)pointer;
    pthread_mutex_lock(&memory->lock);
    struct cw_cpu_memory_entry *entry = address > 1 ? cw_cpu_memory_find(memory, address) : NULL;
    if (entry && (entry->size || entry->imported)) {
        memory->used -= entry->size;
        unmap(entry);
    } else if (address > 1) {
        entry = cw_cpu_memory_find(memory, address & ~(uintptr_t)(SLAB_BYTES - 1));
        if (entry && entry->size == 0) {
            free_small(memory, entry, address);
        }
    }
    pthread_mutex_unlock(&memory->lock);
}

void cw_cpu_memory_forget(struct cw_cpu_memory *memory, void *pointer, size_t size) {
    (void)memory;
    uintptr_t page = page_bytes();
    uintptr_t first = ((uintptr_t)pointer + page - 1) & ~(page - 1);
    uintptr_t end = ((uintptr_t)pointer + size) & ~(page - 1);
    if (first < end) {
        (void)madvise((void *)first, end - first, MADV_DONTNEED);
    }
}

/* ---- Other processes ---------------------------------------------------------------------------------------------- */

/* Copies what is not zero, so that pages that nobody has touched stay that way in the file. */
static void copy_touched(char *to, const char *from, size_t size) {
    static const char zeros[4096];
    for (size_t at = 0; at < size; at += sizeof zeros) {
        size_t part = size - at < sizeof zeros ? size - at : sizeof zeros;
        if (memcmp(from + at, zeros, part) != 0) {
            memcpy(to + at, from + at, part);
        }
    }
}

static bool make_shared(struct cw_cpu_memory_entry *entry) {
    size_t body = entry->mapping_size - 2 * MARGIN_BYTES;
    int file = memfd_create("cuda-wasm-memory", MFD_CLOEXEC);
    void *copy = MAP_FAILED;
    if (file >= 0 && ftruncate(file, (off_t)body) == 0) {
        copy = mmap(NULL, body, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    }
    bool made = copy != MAP_FAILED;
    if (made) {
        copy_touched(copy, (const char *)entry->start, body);
        munmap(copy, body);
        made = mmap((void *)entry->start, body, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, 0) != MAP_FAILED;
    }
    if (!made && file >= 0) {
        close(file);
    }
    entry->file = made ? file : -1;
    return made;
}

cw_status cw_cpu_memory_export(struct cw_cpu_memory *memory, void *pointer, int *file, uint64_t *offset) {
    uintptr_t address = (uintptr_t)pointer;
    cw_status status = CW_ERROR_INVALID_ARGUMENT;
    pthread_mutex_lock(&memory->lock);
    struct cw_cpu_memory_entry *entry = address > 1 ? cw_cpu_memory_find(memory, address) : NULL;
    if (!entry) {
        entry = cw_cpu_memory_find(memory, address & ~(uintptr_t)(SLAB_BYTES - 1));
    }
    if (entry && !entry->imported) {
        status = entry->file >= 0 || make_shared(entry) ? CW_OK : CW_ERROR_OUT_OF_MEMORY;
        *file = entry->file;
        *offset = address - entry->start;
    }
    pthread_mutex_unlock(&memory->lock);
    return status;
}

cw_status cw_cpu_memory_import(struct cw_cpu_memory *memory, int file, uint64_t offset, size_t size, void **pointer) {
    size_t inside = (size_t)(offset % page_bytes());
    size_t whole = (inside + size + page_bytes() - 1) / page_bytes() * page_bytes();
    cw_status status = CW_ERROR_OUT_OF_MEMORY;
    pthread_mutex_lock(&memory->lock);
    void *mapping = MAP_FAILED;
    if (cw_cpu_memory_reserve(memory)) {
        mapping = mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_SHARED, file, (off_t)(offset - inside));
    }
    if (mapping != MAP_FAILED) {
        *pointer = (char *)mapping + inside;
        cw_cpu_memory_enter(memory, (struct cw_cpu_memory_entry){.start = (uintptr_t)*pointer,
                                                 .mapping = mapping,
                                                 .mapping_size = whole,
                                                 .imported = true,
                                                 .file = -1});
        status = CW_OK;
    }
    pthread_mutex_unlock(&memory->lock);
    return status;
}

uint64_t cw_cpu_memory_size(struct cw_cpu_memory *memory, const void *pointer) {
    pthread_mutex_lock(&memory->lock);
    const struct cw_cpu_memory_entry *entry = cw_cpu_memory_find(memory, (uintptr_t)pointer);
    uint64_t size = entry ? entry->size : 0;
    pthread_mutex_unlock(&memory->lock);
    return size;
}

void cw_cpu_memory_info(struct cw_cpu_memory *memory, uint64_t *free_bytes, uint64_t *total_bytes) {
    uint64_t available = cw_cpu_machine_memory_free();
    pthread_mutex_lock(&memory->lock);
    uint64_t unused = memory->total - memory->used;
    *free_bytes = available < unused ? available : unused;
    *total_bytes = memory->total;
    pthread_mutex_unlock(&memory->lock);
}
