/* SPDX-License-Identifier: Apache-2.0 */
/* fatbin.c: see fatbin.h. */
#include "module/fatbin.h"

#include <string.h>
#ifndef CW_WITHOUT_PACKING
#include <lz4.h>
#include <zstd.h>
#endif

#define ENTRY_HEADER_SIZE 64u
#define FLAG_LZ4 UINT64_C(0x2000)
#define FLAG_ZSTD UINT64_C(0x8000)
#define FLAG_SPECIFIC UINT64_C(0x100000)
#define FLAG_FAMILY UINT64_C(0x200000)
/* A block of LZ4 can't unpack to more than this times its size ("LZ4 Block Format Description"). */
#define LZ4_RATIO_MAX 255u

/* ---- Reading ------------------------------------------------------------------------------------------------- */

static uint64_t load(const unsigned char *at, unsigned size) {
    uint64_t value = 0;
    for (unsigned i = 0; i < size; i++) {
        value |= (uint64_t)at[i] << (8 * i);
    }
    return value;
}

size_t cw_fatbin_size(const void *bytes) {
    const unsigned char *at = bytes;
    uint64_t header = load(at + 6, 2), rest = load(at + 8, 8);
    if (load(at, 4) != CW_FATBIN_MAGIC || header < CW_FATBIN_HEADER_SIZE || rest > SIZE_MAX / 2) {
        return 0;
    }
    return (size_t)(header + rest);
}

static bool read_packing(struct cw_fatbin_entry *entry, uint64_t packed, uint64_t unpacked) {
    bool is_packed = (entry->flags & (FLAG_LZ4 | FLAG_ZSTD)) != 0;
    entry->packing = entry->flags & FLAG_LZ4    ? CW_FATBIN_LZ4
                     : entry->flags & FLAG_ZSTD ? CW_FATBIN_ZSTD
                                                : CW_FATBIN_PLAIN;
    entry->whole_size = entry->size;
    if (!is_packed) {
        return true;
    }
    if (packed == 0 || packed > entry->size || unpacked > CW_FATBIN_UNPACKED_MAX) {
        return false;
    }
    entry->size = (size_t)packed;
    entry->whole_size = (size_t)unpacked;
    return true;
}

cw_status cw_fatbin_next(const void *bytes, size_t size, size_t *at, struct cw_fatbin_entry *entry) {
    const unsigned char *first = bytes;
    size_t whole = size >= CW_FATBIN_HEADER_SIZE ? cw_fatbin_size(bytes) : 0;
    if (whole == 0 || whole > size) {
        return CW_ERROR_BAD_MODULE;
    }
    if (*at == 0) {
        *at = (size_t)load(first + 6, 2);
    }
    if (*at >= whole) {
        return CW_ERROR_NOT_FOUND;
    }
    size_t room = whole - *at;
    const unsigned char *header = first + *at;
    if (room < ENTRY_HEADER_SIZE) {
        return CW_ERROR_BAD_MODULE;
    }
    uint64_t header_size = load(header + 4, 4), stored = load(header + 8, 8);
    uint64_t name = load(header + 32, 4), name_size = load(header + 36, 4);
    if (header_size < ENTRY_HEADER_SIZE || header_size > room || stored > room - header_size) {
        return CW_ERROR_BAD_MODULE;
    }
    *entry = (struct cw_fatbin_entry){.kind = (uint32_t)load(header, 2),
                                      .architecture = (uint32_t)load(header + 28, 4),
                                      .minor = (uint32_t)load(header + 24, 2),
                                      .major = (uint32_t)load(header + 26, 2),
                                      .flags = load(header + 40, 8),
                                      .data = header + header_size,
                                      .size = (size_t)stored,
                                      .name = ""};
    entry->variant = entry->flags & FLAG_SPECIFIC ? 'a' : entry->flags & FLAG_FAMILY ? 'f' : '\0';
    if (name >= ENTRY_HEADER_SIZE && name <= header_size && name_size <= header_size - name) {
        entry->name = (const char *)header + name;
        entry->name_size = (size_t)name_size;
    }
    if (!read_packing(entry, load(header + 16, 4), load(header + 56, 8))) {
        return CW_ERROR_BAD_MODULE;
    }
    *at += (size_t)(header_size + stored);
    return CW_OK;
}

/* ---- Unpacking ----------------------------------------------------------------------------------------------- */

#ifndef CW_WITHOUT_PACKING
/* False when the bytes don't unpack to exactly the size that the entry claims. */
static bool unpack(const struct cw_fatbin_entry *entry, char *place) {
    if (entry->packing == CW_FATBIN_LZ4) {
        int made = LZ4_decompress_safe(entry->data, place, (int)entry->size, (int)entry->whole_size);
        return made >= 0 && (size_t)made == entry->whole_size;
    }
    size_t made = ZSTD_decompress(place, entry->whole_size, entry->data, entry->size);
    return !ZSTD_isError(made) && made == entry->whole_size;
}

/* Before room is made for it: what can't be so large isn't. */
static bool is_plausible(const struct cw_fatbin_entry *entry) {
    if (entry->packing == CW_FATBIN_LZ4) {
        return entry->size <= CW_FATBIN_UNPACKED_MAX && entry->whole_size / LZ4_RATIO_MAX <= entry->size;
    }
    unsigned long long claimed = ZSTD_getFrameContentSize(entry->data, entry->size);
    return claimed == ZSTD_CONTENTSIZE_UNKNOWN || claimed == entry->whole_size;
}
#else
/* Built without the libraries: nothing unpacks. */
static bool unpack(const struct cw_fatbin_entry *entry, char *place) {
    (void)entry, (void)place;
    return false;
}

static bool is_plausible(const struct cw_fatbin_entry *entry) {
    (void)entry;
    return false;
}
#endif

cw_status cw_fatbin_unpack(const struct cw_fatbin_entry *entry, struct cw_text *out) {
    size_t start = out->size;
    if (entry->packing == CW_FATBIN_PLAIN) {
        cw_text_append(out, entry->data, entry->size);
    } else {
        if (!is_plausible(entry)) {
            return CW_ERROR_BAD_MODULE;
        }
        char *place = cw_text_reserve(out, entry->whole_size);
        if (!unpack(entry, place)) {
            *place = '\0';
            return CW_ERROR_BAD_MODULE;
        }
        out->size += entry->whole_size;
        out->data[out->size] = '\0';
    }
    while (entry->kind == CW_FATBIN_PTX && out->size > start && out->data[out->size - 1] == '\0') {
        out->size--;
    }
    return CW_OK;
}

/* ---- Choosing ------------------------------------------------------------------------------------------------ */

/* How welcome PTX for an architecture is on a device; higher is better. */
static uint64_t score(const struct cw_fatbin_entry *entry, uint32_t architecture) {
    uint64_t general = entry->variant == '\0' ? UINT64_C(1) << 40 : 0;
    if (entry->architecture <= architecture) {
        return general + (UINT64_C(1) << 34) + entry->architecture;
    }
    return general + (UINT64_C(1) << 33) - entry->architecture;
}

cw_status cw_fatbin_pick(const void *bytes, size_t size, uint32_t architecture, struct cw_fatbin_entry *entry,
                         uint32_t *found) {
    struct cw_fatbin_entry next;
    uint64_t best = 0;
    size_t at = 0;
    cw_status status;
    *found = 0;
    while ((status = cw_fatbin_next(bytes, size, &at, &next)) == CW_OK) {
        *found |= next.kind < 32 ? 1u << next.kind : 0;
        if (next.kind == CW_FATBIN_PTX && score(&next, architecture) > best) {
            best = score(&next, architecture);
            *entry = next;
        }
    }
    if (status != CW_ERROR_NOT_FOUND) {
        return status;
    }
    return best > 0 ? CW_OK : CW_ERROR_NOT_FOUND;
}
