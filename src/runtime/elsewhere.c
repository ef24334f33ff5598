/* SPDX-License-Identifier: Apache-2.0 */
/*
 * elsewhere.c: see elsewhere.h.
 *
 * No other memory of the process has a device's addresses (cw_backend.h), so the pages behind them are free here: for the time of a
 * launch the allocations that the kernel reaches are mapped at their own addresses, with the device's contents, and what has changed is
 * copied back. Memory of a device that the host can read there (a GPU that the CPU pretends to be) is used as it is. Pointers in parameters and in memory stay what they are. Which allocations a kernel reaches is found as conservative
 * garbage collectors do (Boehm and Weiser, "Garbage Collection in an Uncooperative Environment", 1988): every aligned word of the
 * parameters, and of what those reach, that looks like an address is one.
 *
 * Variables are two, the device's and the CPU's: what changes in one is carried over to the other before and after each launch, byte
 * by byte, so that a value which is an address of code stays each one's own.
 *
 * One launch at a time: others may share pages with it.
 */
#include "runtime/elsewhere.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "backend/cpu/backend.h"
#include "base/memory.h"
#include "runtime/answers.h"
#include "runtime/device.h"
#include "runtime/launch.h"
#include "runtime/loading.h"
#include "runtime/memory.h"
#include "runtime/thread.h"

struct variable {
    void *here, *there; /* on the CPU; on the device */
    size_t size;
    char *last; /* the device's value when the two were last brought together */
};

struct cw_rt_elsewhere {
    struct cw_backend_module *module;
    struct variable *variables;
    uint32_t variable_count;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct cw_backend_device *cpu; /* opened when it is first needed; lives as long as the process */

/* ---- Loading ------------------------------------------------------------------------------------------------------ */

/* The best artifact for this machine, or NULL; the bitcode likewise. */
static const struct cw_entry *pick(const struct cw_entry *entries, uint32_t count, const struct cw_entry **bitcode) {
    const struct cw_entry *artifact = NULL;
    int best = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (entries[i].kind == CW_ENTRY_BITCODE) {
            *bitcode = &entries[i];
        }
        int score = entries[i].kind == CW_ENTRY_ARTIFACT && strcmp(entries[i].name, cw_backend_cpu.target) == 0
                        ? cw_backend_cpu.artifact_score(cpu, entries[i].cpu, entries[i].features)
                        : 0;
        if (score > best) {
            best = score;
            artifact = &entries[i];
        }
    }
    return artifact;
}

static struct cw_backend_module *load_artifact(const struct cw_entry *artifact, struct cw_text *reason) {
    struct cw_backend_module *module = NULL;
    char error[512] = "";
    if (cw_backend_cpu.module_load(cpu, artifact->data, artifact->size, &module, error, sizeof error) != CW_OK) {
        cw_text_printf(reason, "its code for the CPU can't be loaded: %s", error);
        return NULL;
    }
    return module;
}

static struct cw_backend_module *load_container(const void *container, size_t size, struct cw_text *reason) {
    struct cw_entry entries[CW_CONTAINER_ENTRIES_MAX];
    const struct cw_entry *bitcode = NULL, *ignored = NULL;
    uint32_t count;
    if (!cpu && cw_backend_cpu.device_open(0, &cpu) != CW_OK) {
        cw_text_printf(reason, "the CPU can't be opened as a device");
        return NULL;
    }
    if (cw_container_read(container, size, entries, &count) != CW_OK) {
        cw_text_printf(reason, "its container is damaged");
        return NULL;
    }
    const struct cw_entry *artifact = pick(entries, count, &bitcode);
    if (artifact || !bitcode) {
        return artifact ? load_artifact(artifact, reason) : NULL;
    }
    struct cw_rt_device device = {.backend = cpu};
    struct cw_text made = {0};
    struct cw_backend_module *module = NULL;
    cw_backend_cpu.device_facts(cpu, &device.facts);
    if (cw_rt_compile(&device, &cw_backend_cpu, bitcode->data, bitcode->size, false, &made, reason) &&
        cw_container_read(made.data, made.size, entries, &count) == CW_OK && (artifact = pick(entries, count, &ignored))) {
        module = load_artifact(artifact, reason);
    }
    cw_text_fini(&made);
    return module;
}

/* Managed variables are one: the CPU's code gets the address that the device's code has. */
static bool bind_variable(const struct cw_backend *backend, struct cw_rt_loaded *loaded, const struct cw_variable *row) {
    struct cw_rt_elsewhere *own = loaded->elsewhere;
    struct variable *variable = &own->variables[own->variable_count];
    size_t size;
    if (cw_backend_cpu.variable_find(own->module, row->name, &variable->here, &variable->size) != CW_OK ||
        backend->variable_find(loaded->module, row->name, &variable->there, &size) != CW_OK) {
        return true; /* of which one of them has no use */
    }
    struct cw_backend_device *device = loaded->device->backend;
    if (row->managed) {
        return backend->copy(device, variable->here, variable->there, sizeof(void *), CW_COPY_DEVICE_TO_HOST) == CW_OK;
    }
    variable->size = size < variable->size ? size : variable->size;
    variable->last = malloc(variable->size ? variable->size : 1);
    own->variable_count += variable->last != NULL;
    return variable->last &&
           backend->copy(device, variable->last, variable->there, variable->size, CW_COPY_DEVICE_TO_HOST) == CW_OK;
}

bool cw_rt_elsewhere_load(struct cw_rt_loaded *loaded, const void *container, size_t size, struct cw_text *reason) {
    const struct cw_backend *backend;
    struct cw_rt_elsewhere *own = calloc(1, sizeof *own);
    bool fine = own && cw_rt_backend(&backend) == cudaSuccess;
    loaded->elsewhere = own;
    if (fine) {
        own->module = load_container(container, size, reason);
        own->variables = calloc(loaded->table.variable_count + 1u, sizeof *own->variables);
        fine = own->module && own->variables;
    }
    for (uint32_t i = 0; fine && i < loaded->table.variable_count; i++) {
        fine = bind_variable(backend, loaded, &loaded->table.variables[i]);
    }
    if (!fine) {
        cw_rt_elsewhere_free(loaded);
    }
    return fine;
}

bool cw_rt_elsewhere_has(const struct cw_rt_loaded *loaded, const char *kernel) {
    struct cw_backend_kernel *found;
    return loaded->elsewhere && cw_backend_cpu.kernel_find(loaded->elsewhere->module, kernel, &found) == CW_OK;
}

void cw_rt_elsewhere_free(struct cw_rt_loaded *loaded) {
    struct cw_rt_elsewhere *own = loaded->elsewhere;
    if (!own) {
        return;
    }
    for (uint32_t i = 0; i < own->variable_count; i++) {
        free(own->variables[i].last);
    }
    if (own->module) {
        cw_backend_cpu.module_unload(own->module);
    }
    free(own->variables);
    free(own);
    loaded->elsewhere = NULL;
}

/* ---- What a launch reaches ---------------------------------------------------------------------------------------- */

struct moved {
    struct cw_rt_device *owner;
    uintptr_t base;
    size_t size;
    char *before; /* the device's contents; NULL: it is used in place */
    uintptr_t pages, pages_end; /* mapped for it; none when its neighbours have them */
};

struct reach {
    const struct cw_backend *backend;
    struct moved *moved;
    size_t count, capacity;
    cw_status status;
};

static bool moves(enum cw_rt_memory kind) {
    return cw_rt_memory_on_device(kind) && kind != CW_RT_MEMORY_MANAGED && kind != CW_RT_MEMORY_MANAGED_VARIABLE;
}

static bool is_in_pages(const struct moved *moved, uintptr_t address) {
    return address >= moved->pages && address < moved->pages_end;
}

/* It begins or ends in a page that is mapped for a neighbour. */
static bool shares_page(const struct reach *reach, const struct moved *moved) {
    for (size_t i = 0; i < reach->count; i++) {
        if (is_in_pages(&reach->moved[i], moved->base) || is_in_pages(&reach->moved[i], moved->base + moved->size - 1)) {
            return true;
        }
    }
    return false;
}

/* Neighbouring allocations may share a page, which is mapped once. */
static bool map_pages(struct reach *reach, struct moved *moved) {
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), first = moved->base & ~(page - 1);
    uintptr_t end = (moved->base + moved->size + page - 1) & ~(page - 1);
    for (size_t i = 0; i < reach->count; i++) {
        const struct moved *other = &reach->moved[i];
        if (is_in_pages(other, first)) {
            first += page;
        }
        if (first < end && is_in_pages(other, end - page)) {
            end -= page;
        }
    }
    moved->pages = first;
    moved->pages_end = first < end ? end : first;
    return first >= end || mmap((void *)first, end - first, PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0) == (void *)first;
}

/* That the host has memory at this address, which it may read: the kernel's word, without a signal. */
static bool is_readable(uintptr_t address) {
    char byte;
    struct iovec here = {&byte, 1}, there = {(void *)address, 1};
    return process_vm_readv(getpid(), &here, 1, &there, 1, 0) == 1;
}

static bool fetch(struct reach *reach, struct moved *moved) {
    if (is_readable(moved->base) && is_readable(moved->base + moved->size - 1) && !shares_page(reach, moved)) {
        return true;
    }
    moved->before = malloc(moved->size);
    if (!moved->before || reach->backend->copy(moved->owner->backend, moved->before, (const void *)moved->base, moved->size,
                                               CW_COPY_DEVICE_TO_HOST) != CW_OK ||
        !map_pages(reach, moved)) {
        free(moved->before);
        return false;
    }
    memcpy((void *)moved->base, moved->before, moved->size);
    return true;
}

static void visit(struct reach *reach, uintptr_t word) {
    for (size_t i = 0; i < reach->count; i++) {
        if (word - reach->moved[i].base < reach->moved[i].size) {
            return;
        }
    }
    struct cw_rt_device *owner;
    struct cw_rt_range range = cw_rt_memory_find((const void *)word, &owner);
    if (!owner || !moves(range.kind)) {
        return;
    }
    struct moved moved = {.owner = owner, .base = range.base, .size = range.size};
    reach->moved = cw_grow(reach->moved, reach->count, &reach->capacity, sizeof moved);
    if (!fetch(reach, &moved)) {
        reach->status = CW_ERROR_OUT_OF_MEMORY;
        return;
    }
    reach->moved[reach->count++] = moved;
}

static void scan(struct reach *reach, const char *bytes, size_t size) {
    for (size_t at = 0; at + sizeof(uintptr_t) <= size && reach->status == CW_OK; at += sizeof(uintptr_t)) {
        uintptr_t word;
        memcpy(&word, bytes + at, sizeof word);
        if (word > UINT32_MAX || (word & 0xff) == 0) { /* addresses; devices' own small ones begin at multiples of 256 */
            visit(reach, word);
        }
    }
}

/* What has changed goes back, in runs: other streams may write elsewhere in an allocation meanwhile. */
static void give_back(struct reach *reach, struct moved *moved) {
    const size_t unit = 64;
    const char *now = (const char *)moved->base;
    for (size_t at = 0; at < moved->size && reach->status == CW_OK;) {
        size_t end = at;
        while (end < moved->size) {
            size_t length = moved->size - end < unit ? moved->size - end : unit;
            if (memcmp(now + end, moved->before + end, length) == 0) {
                break;
            }
            end += length;
        }
        if (end == at) {
            at += unit;
            continue;
        }
        /* Only the bytes that differ at both ends: what lies beside them is not this kernel's. */
        size_t first = at, last = end;
        while (now[first] == moved->before[first]) {
            first++;
        }
        while (now[last - 1] == moved->before[last - 1]) {
            last--;
        }
        memcpy(moved->before + first, now + first, last - first);
        cw_status status = reach->backend->copy(moved->owner->backend, (void *)(moved->base + first), moved->before + first,
                                                last - first, CW_COPY_HOST_TO_DEVICE);
        reach->status = status == CW_OK ? reach->status : status;
        at = end;
    }
}

static void let_go(struct reach *reach) {
    for (size_t i = 0; i < reach->count; i++) {
        struct moved *moved = &reach->moved[i];
        if (moved->pages < moved->pages_end) {
            (void)mmap((void *)moved->pages, moved->pages_end - moved->pages, PROT_NONE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);
        }
        free(moved->before);
    }
    free(reach->moved);
}

/* ---- Variables ---------------------------------------------------------------------------------------------------- */

static cw_status take_variables(struct reach *reach, const struct cw_rt_loaded *loaded) {
    struct cw_rt_elsewhere *own = loaded->elsewhere;
    for (uint32_t i = 0; i < own->variable_count; i++) {
        struct variable *v = &own->variables[i];
        char *now = malloc(v->size ? v->size : 1), *here = v->here;
        cw_status status = now ? reach->backend->copy(loaded->device->backend, now, v->there, v->size, CW_COPY_DEVICE_TO_HOST)
                               : CW_ERROR_OUT_OF_MEMORY;
        for (size_t n = 0; n < v->size && status == CW_OK; n++) {
            if (now[n] != v->last[n]) {
                here[n] = v->last[n] = now[n];
            }
        }
        free(now);
        if (status != CW_OK) {
            return status;
        }
        scan(reach, here, v->size);
    }
    return reach->status;
}

/* `before` holds the CPU's variables, one behind the other, as they were when the kernel began. */
static cw_status give_variables(const struct cw_backend *backend, const struct cw_rt_loaded *loaded, const char *before) {
    struct cw_rt_elsewhere *own = loaded->elsewhere;
    cw_status status = CW_OK;
    for (uint32_t i = 0; i < own->variable_count && status == CW_OK; i++) {
        struct variable *v = &own->variables[i];
        const char *here = v->here;
        bool changed = false;
        for (size_t n = 0; n < v->size; n++) {
            if (here[n] != before[n]) {
                v->last[n] = here[n];
                changed = true;
            }
        }
        if (changed) {
            status = backend->copy(loaded->device->backend, v->there, v->last, v->size, CW_COPY_HOST_TO_DEVICE);
        }
        before += v->size;
    }
    return status;
}

static char *copy_variables(const struct cw_rt_elsewhere *own) {
    size_t size = 1, at = 0;
    for (uint32_t i = 0; i < own->variable_count; i++) {
        size += own->variables[i].size;
    }
    char *copy = malloc(size);
    for (uint32_t i = 0; copy && i < own->variable_count; i++) {
        memcpy(copy + at, own->variables[i].here, own->variables[i].size);
        at += own->variables[i].size;
    }
    return copy;
}

/* ---- Running ------------------------------------------------------------------------------------------------------ */

/* What device code is told, and how much it may launch, is what the program set for the device that the kernel was meant for. */
static void stand_for(struct cw_rt_device *device) {
    uint64_t pending;
    cw_backend_cpu.device_answers(cpu, cw_rt_answer, device);
    if (cw_rt_device_limit(device, cudaLimitDevRuntimePendingLaunchCount, &pending)) {
        (void)cw_backend_cpu.device_limit(cpu, CW_LIMIT_PENDING_LAUNCHES, pending);
    }
}

static cw_status run_locked(struct reach *reach, const struct cw_rt_launch *launch, struct cw_fault *fault) {
    const struct cw_rt_loaded *loaded = launch->elsewhere->loaded;
    struct cw_launch here = launch->backend;
    cw_status status = cw_backend_cpu.kernel_find(loaded->elsewhere->module, launch->elsewhere->row->name, &here.kernel);
    if (status == CW_OK) {
        scan(reach, launch->params, launch->backend.param_bytes);
        status = take_variables(reach, loaded);
    }
    for (size_t i = 0; i < reach->count && reach->status == CW_OK; i++) { /* what they reach is added behind them */
        scan(reach, (const char *)reach->moved[i].base, reach->moved[i].size);
    }
    status = status == CW_OK ? reach->status : status;
    char *variables = status == CW_OK ? copy_variables(loaded->elsewhere) : NULL;
    if (!variables) {
        return status == CW_OK ? CW_ERROR_OUT_OF_MEMORY : status;
    }
    stand_for(loaded->device);
    status = cw_backend_cpu.launch(cpu, &here, fault);
    cw_backend_cpu.output_flush(cpu);
    for (size_t i = 0; i < reach->count && status == CW_OK; i++) {
        if (reach->moved[i].before) {
            give_back(reach, &reach->moved[i]);
        }
    }
    if (status == CW_OK) {
        status = reach->status == CW_OK ? give_variables(reach->backend, loaded, variables) : reach->status;
    }
    free(variables);
    return status;
}

cw_status cw_rt_elsewhere_run(struct cw_rt_device *device, const struct cw_rt_launch *launch, struct cw_fault *fault) {
    struct reach reach = {.status = CW_OK};
    if (cw_rt_backend(&reach.backend) != cudaSuccess) {
        return CW_ERROR_NOT_FOUND;
    }
    reach.backend->output_flush(device->backend);
    pthread_mutex_lock(&lock);
    cw_status status = run_locked(&reach, launch, fault);
    let_go(&reach);
    pthread_mutex_unlock(&lock);
    return status;
}
