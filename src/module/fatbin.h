/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fatbin.h: NVIDIA's fat binaries, as nvcc embeds them in host objects: one container of the same device code for several
 * architectures, as PTX and as machine code. NVIDIA documents only the wrapper that host objects hold
 * (fatbinary_section.h of the toolkit); the container was found out from what `fatbinary` and nvcc 11 to 13 write with
 * known inputs (tests/unit/test_fatbin.c makes the same).
 *
 * Little-endian. Wrapper, 24 bytes:
 *
 *     u32 0x466243b1 | u32 version | pointer to the container | pointer to more
 *
 * Version 1: "more" is NULL or unused. Version 2 is written by a device link (-rdc=true): the container holds linked machine
 * code only, and "more" is a NULL-terminated list of the units' containers, with their PTX.
 *
 * Container: u32 0xba55ed50 | u16 version 1 | u16 header size 16 | u64 bytes that follow the header, then entries:
 *
 *     +0  u16 kind (1 PTX, 2 machine code)      +2  u16 version         +4  u32 size of this header, 64 or more
 *     +8  u64 stored bytes that follow, padded   +16 u32 packed bytes    +20 u32 offset of options in this header
 *     +24 u16 minor, +26 u16 major version (of PTX: of the ISA)          +28 u32 architecture (80 for sm_80)
 *     +32 u32 offset, +36 u32 size of the source's name in this header   +40 u64 flags   +48 u64 0   +56 u64 unpacked bytes
 *
 * Flags: 0x2 debug, 0x2000 packed as one LZ4 block, 0x8000 packed as one zstd frame, 0x100000 architecture-specific
 * ("90a"), 0x200000 family-specific ("100f").
 *
 * A reader trusts nothing but the size it is given: every offset and size is checked, and what unpacks to more than
 * CW_FATBIN_UNPACKED_MAX is refused.
 */
#ifndef CW_MODULE_FATBIN_H
#define CW_MODULE_FATBIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "cudawasm/cw.h"

#define CW_FATBIN_WRAPPER_MAGIC 0x466243b1u
#define CW_FATBIN_MAGIC 0xba55ed50u
#define CW_FATBIN_HEADER_SIZE 16u
#define CW_FATBIN_UNPACKED_MAX ((uint64_t)512 << 20)

/* What host objects hold; registration passes its address. */
struct cw_fatbin_wrapper {
    uint32_t magic;
    uint32_t version;
    const void *data;
    const void *const *units; /* of version 2: NULL-terminated */
};

enum cw_fatbin_kind { CW_FATBIN_PTX = 1, CW_FATBIN_ELF = 2 }; /* others exist and are skipped */

enum cw_fatbin_packing { CW_FATBIN_PLAIN, CW_FATBIN_LZ4, CW_FATBIN_ZSTD };

/* One entry. Pointers are borrowed from the container. */
struct cw_fatbin_entry {
    uint32_t kind;
    uint32_t architecture; /* 80 for sm_80 and compute_80 */
    char variant;          /* 'a', 'f', or '\0' */
    uint32_t major, minor;
    uint64_t flags;
    enum cw_fatbin_packing packing;
    const void *data;
    size_t size;       /* of `data`, as stored */
    size_t whole_size; /* unpacked */
    const char *name;  /* the source's, not terminated; "" when unknown */
    size_t name_size;
};

/* The size that a container's header claims, its header included; 0 when the first 16 readable bytes aren't one's. */
size_t cw_fatbin_size(const void *bytes);

/* The entry at *at, and *at moved behind it; *at starts as 0. CW_ERROR_NOT_FOUND at the end, CW_ERROR_BAD_MODULE when the
 * container is damaged or cut short. Bytes need no alignment. */
cw_status cw_fatbin_next(const void *bytes, size_t size, size_t *at, struct cw_fatbin_entry *entry) CW_MUST_USE;

/* Appends the entry's bytes, unpacked; of PTX without the padding behind its text. CW_ERROR_BAD_MODULE when they don't
 * unpack to what the entry claims. */
cw_status cw_fatbin_unpack(const struct cw_fatbin_entry *entry, struct cw_text *out) CW_MUST_USE;

/* The PTX to compile for a device of this architecture (80): the highest that is not above it; else, since compiling PTX
 * again is bound to no architecture, the lowest above; one for a single architecture ("90a") last. CW_ERROR_NOT_FOUND when
 * the container has no PTX, CW_ERROR_BAD_MODULE when it is damaged. `found` is told which kinds it has (1 << kind). */
cw_status cw_fatbin_pick(const void *bytes, size_t size, uint32_t architecture, struct cw_fatbin_entry *entry,
                         uint32_t *found) CW_MUST_USE;

#endif
