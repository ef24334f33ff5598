/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry.c: see registry.h. A chained hash table by host address. The same address may be registered by several
 * images (a template's stub that the linker merged): the first one found serves, all are equal.
 */
#include "runtime/registry.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* What cudaMalloc promises, and so what code may count on. */
#define MANAGED_ALIGNMENT ((size_t)256)

struct container {
    uint8_t id[16];
    const void *bytes;
    size_t size;
};

static struct {
    pthread_mutex_t lock;
    struct cw_rt_image *images;
    struct cw_rt_symbol **buckets;
    size_t bucket_count; /* a power of two */
    size_t symbol_count;
    struct cw_rt_symbol *managed;
    size_t managed_count; /* atomic, written under the lock: programs without any don't take it */
    struct container *containers;
    size_t container_count, container_capacity;
} registry = {.lock = PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP};

static size_t bucket_of(const void *host, size_t bucket_count) {
    uint64_t mixed = (uint64_t)(uintptr_t)host * 0x9e3779b97f4a7c15u;
    return (size_t)(mixed >> 32) & (bucket_count - 1);
}

static void link_symbol(struct cw_rt_symbol *symbol) {
    struct cw_rt_symbol **bucket = &registry.buckets[bucket_of(symbol->host, registry.bucket_count)];
    symbol->next_in_bucket = *bucket;
    *bucket = symbol;
}

static bool grow_table(void) {
    size_t count = registry.bucket_count ? 2 * registry.bucket_count : 256;
    struct cw_rt_symbol **buckets = calloc(count, sizeof *buckets);
    if (!buckets) {
        return registry.bucket_count > 0;
    }
    struct cw_rt_symbol **old = registry.buckets;
    size_t old_count = registry.bucket_count;
    registry.buckets = buckets;
    registry.bucket_count = count;
    for (size_t i = 0; i < old_count; i++) {
        while (old[i]) {
            struct cw_rt_symbol *symbol = old[i];
            old[i] = symbol->next_in_bucket;
            link_symbol(symbol);
        }
    }
    free(old);
    return true;
}

struct cw_rt_image *cw_rt_registry_add_image(const void *data) {
    struct cw_rt_image *image = calloc(1, sizeof *image);
    if (!image) {
        return NULL;
    }
    image->data = data;
    pthread_mutex_lock(&registry.lock);
    image->next = registry.images;
    registry.images = image;
    pthread_mutex_unlock(&registry.lock);
    return image;
}

struct cw_rt_image *cw_rt_registry_find_image(const void *data) {
    pthread_mutex_lock(&registry.lock);
    struct cw_rt_image *image = registry.images;
    while (image && image->data != data) {
        image = image->next;
    }
    pthread_mutex_unlock(&registry.lock);
    return image;
}

static bool add_symbol(struct cw_rt_image *image, const void *host, const char *name, enum cw_rt_symbol_kind kind,
                       size_t size, bool fill) {
    struct cw_rt_symbol *symbol = calloc(1, sizeof *symbol);
    if (!symbol) {
        cw_rt_say("out of memory while registering %s", name);
        return false;
    }
    symbol->host = host;
    symbol->name = name;
    symbol->kind = kind;
    symbol->image = image;
    symbol->size = size;
    symbol->fill = fill;
    pthread_mutex_lock(&registry.lock);
    if (registry.symbol_count >= registry.bucket_count && !grow_table()) {
        pthread_mutex_unlock(&registry.lock);
        cw_rt_say("out of memory while registering %s", name);
        free(symbol);
        return false;
    }
    symbol->next_in_image = image->symbols;
    image->symbols = symbol;
    link_symbol(symbol);
    registry.symbol_count++;
    if (kind == CW_RT_SYMBOL_MANAGED) {
        symbol->next_managed = registry.managed;
        registry.managed = symbol;
        __atomic_store_n(&registry.managed_count, registry.managed_count + 1, __ATOMIC_RELAXED);
    }
    pthread_mutex_unlock(&registry.lock);
    return true;
}

void cw_rt_registry_add_symbol(struct cw_rt_image *image, const void *host, const char *name,
                               enum cw_rt_symbol_kind kind) {
    add_symbol(image, host, name, kind, 0, false);
}

void cw_rt_registry_add_reference(struct cw_rt_image *image, const void *host, const char *name,
                                  enum cw_rt_symbol_kind kind, bool to_float) {
    add_symbol(image, host, name, kind, to_float, false);
}

void cw_rt_registry_add_managed(struct cw_rt_image *image, void *host, const char *name, size_t size) {
    add_symbol(image, host, name, CW_RT_SYMBOL_MANAGED, size, false);
}

/* The room stays when the image goes: the program's own destructors, which run later, may still look at it. */
void *cw_rt_registry_make_managed(struct cw_rt_image *image, const char *name, size_t size) {
    size_t whole = (size + MANAGED_ALIGNMENT - 1) / MANAGED_ALIGNMENT * MANAGED_ALIGNMENT;
    void *host = size <= SIZE_MAX - MANAGED_ALIGNMENT ? aligned_alloc(MANAGED_ALIGNMENT, whole ? whole : MANAGED_ALIGNMENT)
                                                      : NULL;
    if (!host) {
        return NULL;
    }
    memset(host, 0, whole);
    if (!add_symbol(image, host, name, CW_RT_SYMBOL_MANAGED, size, true)) {
        free(host);
        return NULL;
    }
    return host;
}

static void unlink_managed(struct cw_rt_symbol *symbol) {
    struct cw_rt_symbol **link = &registry.managed;
    while (*link != symbol) {
        link = &(*link)->next_managed;
    }
    *link = symbol->next_managed;
    __atomic_store_n(&registry.managed_count, registry.managed_count - 1, __ATOMIC_RELAXED);
}

static void unlink_symbol(struct cw_rt_symbol *symbol) {
    struct cw_rt_symbol **link = &registry.buckets[bucket_of(symbol->host, registry.bucket_count)];
    while (*link != symbol) {
        link = &(*link)->next_in_bucket;
    }
    *link = symbol->next_in_bucket;
    registry.symbol_count--;
}

/* With the lock held. */
static void remove_symbols(struct cw_rt_image *image) {
    while (image->symbols) {
        struct cw_rt_symbol *symbol = image->symbols;
        image->symbols = symbol->next_in_image;
        unlink_symbol(symbol);
        if (symbol->kind == CW_RT_SYMBOL_MANAGED) {
            unlink_managed(symbol);
        }
        free(symbol);
    }
}

/* The image itself stays: what was loaded of it may still run, and goes with its device. */
void cw_rt_registry_remove_image(struct cw_rt_image *image) {
    pthread_mutex_lock(&registry.lock);
    remove_symbols(image);
    image->data = NULL;
    pthread_mutex_unlock(&registry.lock);
}

void cw_rt_registry_drop_image(struct cw_rt_image *image) {
    pthread_mutex_lock(&registry.lock);
    remove_symbols(image);
    struct cw_rt_image **link = &registry.images;
    while (*link != image) {
        link = &(*link)->next;
    }
    *link = image->next;
    pthread_mutex_unlock(&registry.lock);
    free(image);
}

void cw_rt_registry_add_container(const uint8_t id[16], const void *bytes, size_t size) {
    pthread_mutex_lock(&registry.lock);
    if (registry.container_count == registry.container_capacity) {
        size_t capacity = registry.container_capacity ? 2 * registry.container_capacity : 16;
        void *grown = realloc(registry.containers, capacity * sizeof *registry.containers);
        if (!grown) {
            pthread_mutex_unlock(&registry.lock);
            cw_rt_say("out of memory while registering kernels");
            return;
        }
        registry.containers = grown;
        registry.container_capacity = capacity;
    }
    struct container *container = &registry.containers[registry.container_count++];
    memcpy(container->id, id, sizeof container->id);
    container->bytes = bytes;
    container->size = size;
    pthread_mutex_unlock(&registry.lock);
}

static struct cw_rt_symbol *find_locked(const void *host, bool kernel) {
    if (registry.bucket_count == 0) {
        return NULL;
    }
    struct cw_rt_symbol *symbol = registry.buckets[bucket_of(host, registry.bucket_count)];
    while (symbol && (symbol->host != host || (symbol->kind == CW_RT_SYMBOL_KERNEL) != kernel)) {
        symbol = symbol->next_in_bucket;
    }
    return symbol;
}

bool cw_rt_registry_find(const void *host, bool kernel, int device, struct cw_rt_found *found) {
    pthread_mutex_lock(&registry.lock);
    const struct cw_rt_symbol *symbol = find_locked(host, kernel);
    if (symbol) {
        *found = (struct cw_rt_found){.name = symbol->name,
                                      .kind = symbol->kind,
                                      .image = symbol->image,
                                      .handle = symbol->image->handles,
                                      .kernel = symbol->kernels[device],
                                      .size = symbol->size};
    }
    pthread_mutex_unlock(&registry.lock);
    return symbol != NULL;
}

bool cw_rt_registry_find_managed(const void *pointer, const void **base, size_t *size) {
    if (__atomic_load_n(&registry.managed_count, __ATOMIC_RELAXED) == 0) {
        return false;
    }
    pthread_mutex_lock(&registry.lock);
    const struct cw_rt_symbol *symbol = registry.managed;
    while (symbol && (uintptr_t)pointer - (uintptr_t)symbol->host >= symbol->size) {
        symbol = symbol->next_managed;
    }
    if (symbol) {
        *base = symbol->host;
        *size = symbol->size;
    }
    pthread_mutex_unlock(&registry.lock);
    return symbol != NULL;
}

void *cw_rt_registry_managed_address(struct cw_rt_image *image, const char *name) {
    pthread_mutex_lock(&registry.lock);
    const struct cw_rt_symbol *symbol = image->symbols;
    while (symbol && (symbol->kind != CW_RT_SYMBOL_MANAGED || strcmp(symbol->name, name) != 0)) {
        symbol = symbol->next_in_image;
    }
    void *address = symbol ? (void *)(uintptr_t)symbol->host : NULL;
    pthread_mutex_unlock(&registry.lock);
    return address;
}

bool cw_rt_registry_fill_managed(const void *host) {
    pthread_mutex_lock(&registry.lock);
    struct cw_rt_symbol *symbol = find_locked(host, false);
    bool fill = symbol && symbol->fill;
    if (fill) {
        symbol->fill = false;
    }
    pthread_mutex_unlock(&registry.lock);
    return fill;
}

bool cw_rt_registry_must_fill(struct cw_rt_image *image) {
    pthread_mutex_lock(&registry.lock);
    const struct cw_rt_symbol *symbol = image->symbols;
    while (symbol && !symbol->fill) {
        symbol = symbol->next_in_image;
    }
    pthread_mutex_unlock(&registry.lock);
    return symbol != NULL;
}

/* The newest registration wins: an object that was unloaded and loaded again lies elsewhere. */
const void *cw_rt_registry_container_at(size_t index, size_t *size) {
    const void *bytes = NULL;
    pthread_mutex_lock(&registry.lock);
    if (index < registry.container_count) {
        bytes = registry.containers[index].bytes;
        *size = registry.containers[index].size;
    }
    pthread_mutex_unlock(&registry.lock);
    return bytes;
}

const void *cw_rt_registry_container(const uint8_t id[16], size_t *size) {
    const void *bytes = NULL;
    pthread_mutex_lock(&registry.lock);
    for (size_t i = registry.container_count; i-- > 0 && !bytes;) {
        if (memcmp(registry.containers[i].id, id, 16) == 0) {
            bytes = registry.containers[i].bytes;
            *size = registry.containers[i].size;
        }
    }
    pthread_mutex_unlock(&registry.lock);
    return bytes;
}

void cw_rt_registry_note_kernel(const void *host, int device, struct CUfunc_st *kernel) {
    pthread_mutex_lock(&registry.lock);
    struct cw_rt_symbol *symbol = find_locked(host, true);
    if (symbol) {
        symbol->kernels[device] = kernel;
    }
    pthread_mutex_unlock(&registry.lock);
}

void cw_rt_registry_forget(int device, void (*visit)(struct cw_rt_image *image, int device)) {
    pthread_mutex_lock(&registry.lock);
    for (struct cw_rt_image *image = registry.images; image; image = image->next) {
        for (struct cw_rt_symbol *symbol = image->symbols; symbol; symbol = symbol->next_in_image) {
            symbol->kernels[device] = NULL;
        }
        visit(image, device);
    }
    pthread_mutex_unlock(&registry.lock);
}
