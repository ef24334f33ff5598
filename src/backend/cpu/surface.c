/* SPDX-License-Identifier: Apache-2.0 */
/*
 * surface.c: reading and writing surfaces. CUDA C++ Programming Guide, "Surface Functions": x counts bytes, y, z and the
 * layer count elements; nothing is converted. Outside, the boundary mode decides: zero reads zeros and drops writes, clamp
 * takes the nearest place inside, trap ends the launch with cudaErrorLaunchFailure. PTX "suld" leaves an x that is not a
 * multiple of the access's size undefined; here it is cudaErrorMisalignedAddress.
 */
#include <stdbool.h>
#include <string.h>

#include "backend/cpu/block.h"
#include "backend/cpu/fault.h"
#include "backend/cpu/image.h"
#include "backend/cpu/services.h"

enum { BOUNDARY_ZERO, BOUNDARY_CLAMP, BOUNDARY_TRAP };

struct access {
    uint64_t surface;
    uint32_t kind;
    int32_t x, y, z, layer;
    uint32_t size, boundary;
    const char *verb;
    const void *pc;
};

static _Noreturn void no_surface(const struct access *access) {
    cw_cpu_fault_raise(cw_cpu_state_of(cw_cpu_self()), CW_FAULT_ILLEGAL_ADDRESS, access->pc,
                       "%s the surface object 0x%llx, which does not exist", access->verb,
                       (unsigned long long)access->surface);
}

static _Noreturn void misaligned(const struct access *access) {
    cw_cpu_fault_raise(cw_cpu_state_of(cw_cpu_self()), CW_FAULT_MISALIGNED, access->pc,
                       "%s %u bytes of a surface at byte %d of a row, which is not a multiple of it (x counts bytes)",
                       access->verb, access->size, access->x);
}

static _Noreturn void outside(const struct access *access, const struct cw_cpu_image *image) {
    const struct cw_image_level *level = &image->image.levels[0];
    cw_cpu_fault_raise(cw_cpu_state_of(cw_cpu_self()), CW_FAULT_ILLEGAL_ADDRESS, access->pc,
                       "%s %u bytes of a surface at byte %d of row %d of slice %d, outside of its %llu bytes x %u x %u",
                       access->verb, access->size, access->x, access->y,
                       (access->kind & 15u) == 3 ? access->z : access->layer,
                       (unsigned long long)level->width * image->texel_bytes, level->height, level->slices);
}

/* Moves `at` to the nearest of 0 to `count` - 1. True if it was one already. */
static inline bool confine(int32_t *at, uint64_t count) {
    if (*at >= 0 && (uint64_t)*at < count) {
        return true;
    }
    *at = *at < 0 ? 0 : (int32_t)(count - 1);
    return false;
}

/* The bytes that the access means, or NULL where boundary mode zero has none. */
static char *locate(const struct access *access) {
    const struct cw_cpu_image *image = cw_cpu_image_find(access->surface, CW_CPU_IMAGE_SURFACE);
    if (!image) {
        no_surface(access);
    }
    if ((uint32_t)access->x % access->size != 0) {
        misaligned(access);
    }
    const struct cw_image_level *level = &image->image.levels[0];
    int32_t x = access->x / (int32_t)access->size, y = access->y;
    int32_t slice = (access->kind & 15u) == 3 ? access->z : access->layer;
    uint64_t columns = (uint64_t)level->width * image->texel_bytes / access->size;
    bool inside = columns > 0 && confine(&x, columns);
    inside &= confine(&y, level->height);
    inside &= confine(&slice, level->slices);
    if (!inside) {
        if (access->boundary == BOUNDARY_TRAP) {
            outside(access, image);
        }
        if (access->boundary == BOUNDARY_ZERO || columns == 0) {
            return NULL;
        }
    }
    return (char *)level->base + (uint64_t)(uint32_t)slice * level->slice + (uint64_t)(uint32_t)y * level->pitch +
           (uint64_t)(uint32_t)x * access->size;
}

void cw_cpu_surface_load(void *result, uint64_t surface, uint32_t kind, int32_t x, int32_t y, int32_t z, int32_t layer,
                         uint32_t size, uint32_t boundary) {
    struct access access = {surface, kind, x, y, z, layer, size, boundary, "read", CW_CPU_CALLER};
    const char *bytes = locate(&access);
    if (bytes) {
        memcpy(result, bytes, size);
    } else {
        memset(result, 0, size);
    }
}

void cw_cpu_surface_store(const void *value, uint64_t surface, uint32_t kind, int32_t x, int32_t y, int32_t z,
                          int32_t layer, uint32_t size, uint32_t boundary) {
    struct access access = {surface, kind, x, y, z, layer, size, boundary, "wrote", CW_CPU_CALLER};
    char *bytes = locate(&access);
    if (bytes) {
        memcpy(bytes, value, size);
    }
}
