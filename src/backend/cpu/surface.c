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
#include "backend/cpu/texel.h"

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

/* PTX ISA, "sured": elements of 32 or 64 bits. */
static _Noreturn void no_reduction(const struct access *access) {
    cw_cpu_fault_raise(cw_cpu_state_of(cw_cpu_self()), CW_FAULT_ILLEGAL_ADDRESS, access->pc,
                       "reduced an element of %u bytes of a surface, where reductions take 4 or 8", access->size);
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

/* ---- In the surface's own format ---------------------------------------------------------------------------------- */

static uint32_t bytes_of_element(uint64_t surface, const struct access *access) {
    const struct cw_cpu_image *image = cw_cpu_image_find(surface, CW_CPU_IMAGE_SURFACE);
    if (!image) {
        no_surface(access);
    }
    return image->texel_bytes;
}

static inline int32_t into_range(int32_t value, int32_t least, int32_t most) {
    return value < least ? least : value > most ? most : value;
}

static void store_channel(char *to, uint32_t texel, uint32_t bits) {
    union {
        uint32_t u;
        float f;
    } value = {bits};
    uint8_t byte;
    uint16_t halfword;
    switch (texel) {
    case CW_TEXEL_UINT8:
        byte = (uint8_t)(bits > 255 ? 255 : bits);
        memcpy(to, &byte, 1);
        break;
    case CW_TEXEL_SINT8:
        byte = (uint8_t)into_range((int32_t)bits, -128, 127);
        memcpy(to, &byte, 1);
        break;
    case CW_TEXEL_UINT16:
        halfword = (uint16_t)(bits > 65535 ? 65535 : bits);
        memcpy(to, &halfword, 2);
        break;
    case CW_TEXEL_SINT16:
        halfword = (uint16_t)into_range((int32_t)bits, -32768, 32767);
        memcpy(to, &halfword, 2);
        break;
    case CW_TEXEL_FLOAT16:
        halfword = cw_cpu_float_to_half(value.f);
        memcpy(to, &halfword, 2);
        break;
    default:
        memcpy(to, &bits, 4);
        break;
    }
}

/* x counts elements here; one that is too large to be a byte's place lies outside of every row. */
static int32_t place_of_element(int32_t x, uint32_t size) {
    return x > (int32_t)(INT32_MAX / size) ? (int32_t)(INT32_MAX / size * size) : x < -(int32_t)(INT32_MAX / size) ? -(int32_t)size : x * (int32_t)size;
}

void cw_cpu_surface_store_format(const void *channels, uint64_t surface, uint32_t kind, int32_t x, int32_t y, int32_t z,
                                 int32_t layer, uint32_t boundary) {
    struct access access = {surface, kind, x, y, z, layer, 1, boundary, "wrote", CW_CPU_CALLER};
    access.size = bytes_of_element(surface, &access);
    access.x = place_of_element(x, access.size);
    char *bytes = locate(&access);
    const struct cw_cpu_image *image = cw_cpu_image_find(surface, CW_CPU_IMAGE_SURFACE);
    for (uint32_t c = 0; bytes && c < image->image.channels; c++) {
        uint32_t bits;
        memcpy(&bits, (const char *)channels + 4 * c, 4);
        store_channel(bytes + c * (image->texel_bytes / image->image.channels), image->image.texel, bits);
    }
}

#define REDUCE(type, stype)                                                                                            \
    {                                                                                                                  \
        type *at = (type *)(void *)bytes, old = __atomic_load_n(at, __ATOMIC_RELAXED), next;                           \
        do {                                                                                                           \
            switch (operation) {                                                                                       \
            case 0:                                                                                                    \
                next = old + (type)value;                                                                              \
                break;                                                                                                 \
            case 1:                                                                                                    \
                next = (stype)value < (stype)old ? (type)value : old;                                                  \
                break;                                                                                                 \
            case 2:                                                                                                    \
                next = (type)value < old ? (type)value : old;                                                          \
                break;                                                                                                 \
            case 3:                                                                                                    \
                next = (stype)value > (stype)old ? (type)value : old;                                                  \
                break;                                                                                                 \
            case 4:                                                                                                    \
                next = (type)value > old ? (type)value : old;                                                          \
                break;                                                                                                 \
            case 5:                                                                                                    \
                next = old & (type)value;                                                                              \
                break;                                                                                                 \
            default:                                                                                                   \
                next = old | (type)value;                                                                              \
                break;                                                                                                 \
            }                                                                                                          \
        } while (!__atomic_compare_exchange_n(at, &old, next, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED));                 \
    }

void cw_cpu_surface_reduce(uint64_t surface, uint32_t kind, int32_t x, int32_t y, int32_t z, int32_t layer,
                           uint32_t operation, uint32_t size, uint32_t boundary, uint64_t value) {
    struct access access = {surface, kind, x, y, z, layer, size, boundary, "wrote", CW_CPU_CALLER};
    if (size == 0) {
        access.size = bytes_of_element(surface, &access);
        access.x = place_of_element(x, access.size);
    }
    if (access.size != 4 && access.size != 8) {
        no_reduction(&access);
    }
    char *bytes = locate(&access);
    if (bytes && access.size == 8) {
        REDUCE(uint64_t, int64_t)
    } else if (bytes) {
        REDUCE(uint32_t, int32_t)
    }
}

int32_t cw_cpu_surface_query(uint64_t surface, uint32_t question) {
    struct access access = {surface, 0, 0, 0, 0, 0, 1, 0, "asked", CW_CPU_CALLER};
    (void)bytes_of_element(surface, &access);
    return cw_cpu_image_answer(cw_cpu_image_find(surface, CW_CPU_IMAGE_SURFACE), question, 0);
}
