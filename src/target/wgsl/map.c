/* SPDX-License-Identifier: Apache-2.0 */
/* map.c: from pointers to small numbers, open addressing. */
#include <stdlib.h>

#include "target/wgsl/wgsl.h"

static size_t slot_of(const void *key, size_t mask) {
    uintptr_t bits = (uintptr_t)key;
    return (size_t)((bits >> 4) * 0x9e3779b97f4a7c15ull >> 17) & mask;
}

uint32_t wgsl_map_get(const struct wgsl_map *map, const void *key) {
    if (!map->capacity) return WGSL_NONE;
    for (size_t slot = slot_of(key, map->capacity - 1);; slot = (slot + 1) & (map->capacity - 1)) {
        if (map->keys[slot] == key) return map->values[slot];
        if (!map->keys[slot]) return WGSL_NONE;
    }
}

static void put(struct wgsl_map *map, const void *key, uint32_t value) {
    size_t slot = slot_of(key, map->capacity - 1);
    while (map->keys[slot] && map->keys[slot] != key) slot = (slot + 1) & (map->capacity - 1);
    if (!map->keys[slot]) map->count++;
    map->keys[slot] = key;
    map->values[slot] = value;
}

void wgsl_map_set(struct wgsl_map *map, const void *key, uint32_t value) {
    if (map->count * 2 >= map->capacity) {
        struct wgsl_map old = *map;
        map->capacity = old.capacity ? old.capacity * 2 : 64;
        map->count = 0;
        map->keys = cw_alloc_array(map->capacity, sizeof *map->keys);
        map->values = cw_alloc_array(map->capacity, sizeof *map->values);
        for (size_t i = 0; i < old.capacity; i++)
            if (old.keys[i]) put(map, old.keys[i], old.values[i]);
        wgsl_map_fini(&old);
    }
    put(map, key, value);
}

void wgsl_map_fini(struct wgsl_map *map) {
    free(map->keys);
    free(map->values);
}
