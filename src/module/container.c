/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container.c: containers and references as bytes; module.h draws their layout.
 *
 * The writer is a pure function of its input, so that two compiles of one source give identical bytes. The reader
 * accepts bytes of any alignment and any content.
 */
#include "module/module.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

#define HEADER_SIZE 32u
#define ENTRY_SIZE 48u
#define ALIGNMENT 16u
#define VERSION 1u
/* No container comes near; a bound keeps sums of offsets and sizes from wrapping. */
#define SIZE_LIMIT ((uint64_t)1 << 40)

static const char container_magic[8] = {'C', 'W', 'M', 'O', 'D', 'U', 'L', 'E'};
static const char reference_magic[8] = {'C', 'W', 'M', 'O', 'D', 'R', 'E', 'F'};

static void store32(char *at, uint32_t value) {
    for (unsigned i = 0; i < 4; i++) {
        at[i] = (char)(uint8_t)(value >> (8 * i));
    }
}

static void store64(char *at, uint64_t value) {
    store32(at, (uint32_t)value);
    store32(at + 4, (uint32_t)(value >> 32));
}

static uint32_t load32(const char *at) {
    uint32_t value = 0;
    for (unsigned i = 0; i < 4; i++) {
        value |= (uint32_t)(uint8_t)at[i] << (8 * i);
    }
    return value;
}

static uint64_t load64(const char *at) {
    return load32(at) | (uint64_t)load32(at + 4) << 32;
}

/* ---- Writing ------------------------------------------------------------------------------------------------- */

/* Pads so that what comes next is aligned, counted from `start`. */
static void align(struct cw_text *out, size_t start) {
    static const char zeros[ALIGNMENT];
    size_t excess = (out->size - start) % ALIGNMENT;
    if (excess != 0) {
        cw_text_append(out, zeros, ALIGNMENT - excess);
    }
}

static uint64_t add_string(struct cw_text *out, size_t start, const char *string) {
    uint64_t offset = out->size - start;
    const char *text = string == NULL ? "" : string;
    cw_text_append(out, text, strlen(text) + 1);
    return offset;
}

void cw_container_write(struct cw_text *out, const struct cw_entry *entries, uint32_t count) {
    size_t start = out->size;
    size_t directory = HEADER_SIZE + (size_t)count * ENTRY_SIZE;
    memset(cw_text_reserve(out, directory), 0, directory);
    out->size += directory;
    /* The text may move as it grows, so offsets go in by position. */
    for (uint32_t i = 0; i < count; i++) {
        size_t at = start + HEADER_SIZE + (size_t)i * ENTRY_SIZE;
        store32(out->data + at, (uint32_t)entries[i].kind);
        const char *strings[3] = {entries[i].name, entries[i].cpu, entries[i].features};
        for (unsigned s = 0; s < 3; s++) {
            uint64_t offset = add_string(out, start, strings[s]);
            store64(out->data + at + 8 + 8 * s, offset);
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        size_t at = start + HEADER_SIZE + (size_t)i * ENTRY_SIZE;
        align(out, start);
        store64(out->data + at + 32, out->size - start);
        store64(out->data + at + 40, entries[i].size);
        cw_text_append(out, entries[i].data, entries[i].size);
    }
    align(out, start);
    char *header = out->data + start;
    size_t size = out->size - start;
    memcpy(header, container_magic, sizeof(container_magic));
    store32(header + 8, VERSION);
    store32(header + 12, count);
    store64(header + 16, size);
    store64(header + 24, cw_hash64(header + HEADER_SIZE, size - HEADER_SIZE));
}

/* ---- Reading ------------------------------------------------------------------------------------------------- */

/* The string at `offset`, if it lies behind the directory and ends within `total` bytes; NULL otherwise. */
static const char *string_at(const char *bytes, uint64_t total, uint64_t directory, uint64_t offset) {
    if (offset < directory || offset >= total) {
        return NULL;
    }
    return memchr(bytes + offset, '\0', (size_t)(total - offset)) == NULL ? NULL : bytes + offset;
}

static bool entry_read(const char *bytes, uint64_t total, uint64_t directory, uint32_t index, struct cw_entry *entry) {
    const char *at = bytes + HEADER_SIZE + (size_t)index * ENTRY_SIZE;
    uint32_t kind = load32(at);
    uint64_t offset = load64(at + 32);
    uint64_t size = load64(at + 40);
    if (kind < CW_ENTRY_BITCODE || kind > CW_ENTRY_ARTIFACT || load32(at + 4) != 0 || offset % ALIGNMENT != 0 ||
        offset < directory || offset > total || size > total - offset) {
        return false;
    }
    entry->kind = (enum cw_entry_kind)kind;
    entry->name = string_at(bytes, total, directory, load64(at + 8));
    entry->cpu = string_at(bytes, total, directory, load64(at + 16));
    entry->features = string_at(bytes, total, directory, load64(at + 24));
    entry->data = bytes + offset;
    entry->size = (size_t)size;
    return entry->name != NULL && entry->cpu != NULL && entry->features != NULL;
}

size_t cw_container_size(const void *bytes) {
    const char *at = bytes;
    if (memcmp(at, container_magic, sizeof(container_magic)) != 0 || load32(at + 8) != VERSION) {
        return 0;
    }
    uint64_t total = load64(at + 16);
    return total < HEADER_SIZE || total > SIZE_LIMIT || total > SIZE_MAX ? 0 : (size_t)total;
}

cw_status cw_container_read(const void *bytes, size_t size, struct cw_entry *entries, uint32_t *count) {
    const char *at = bytes;
    *count = 0;
    if (size < HEADER_SIZE) {
        return CW_ERROR_BAD_MODULE;
    }
    uint64_t total = cw_container_size(bytes);
    uint32_t entry_count = load32(at + 12);
    uint64_t directory = HEADER_SIZE + (uint64_t)entry_count * ENTRY_SIZE;
    if (total == 0 || total > size || entry_count > CW_CONTAINER_ENTRIES_MAX || directory > total ||
        load64(at + 24) != cw_hash64(at + HEADER_SIZE, (size_t)total - HEADER_SIZE)) {
        return CW_ERROR_BAD_MODULE;
    }
    /* The hash does not cover the header. Its entry count is checked by what follows the directory: the first entry's
     * name, or nothing. */
    uint64_t expected = entry_count == 0 ? total : load64(at + HEADER_SIZE + 8);
    if (expected != directory) {
        return CW_ERROR_BAD_MODULE;
    }
    for (uint32_t i = 0; i < entry_count; i++) {
        if (!entry_read(at, total, directory, i, &entries[i])) {
            return CW_ERROR_BAD_MODULE;
        }
    }
    *count = entry_count;
    return CW_OK;
}

/* ---- References ---------------------------------------------------------------------------------------------- */

void cw_reference_write(uint8_t out[CW_REFERENCE_SIZE], const uint8_t id[16]) {
    memset(out, 0, CW_REFERENCE_SIZE);
    memcpy(out, reference_magic, sizeof(reference_magic));
    memcpy(out + 8, id, 16);
}

bool cw_reference_read(const void *bytes, uint8_t id[16]) {
    static const char zeros[8];
    const char *at = bytes;
    if (memcmp(at, reference_magic, sizeof(reference_magic)) != 0 || memcmp(at + 24, zeros, sizeof(zeros)) != 0) {
        return false;
    }
    memcpy(id, at + 8, 16);
    return true;
}
