/* SPDX-License-Identifier: Apache-2.0 */
/* reader.c: opens and searches a math archive. Trusts nothing in the file: everything that a lookup follows is checked
 * once, when the archive is opened. */
#include "library/math/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct cw_math_archive {
    const uint8_t *bytes; /* mapped */
    size_t size;
    const struct cw_math_entry *entries;
    uint32_t count;
};

static const char *entry_name(const struct cw_math_archive *archive, uint32_t index) {
    return (const char *)archive->bytes + archive->entries[index].name_offset;
}

static bool directory_valid(struct cw_math_archive *archive) {
    if (archive->size < sizeof(struct cw_math_header)) {
        return false;
    }
    const struct cw_math_header *header = (const void *)archive->bytes;
    if (memcmp(header->magic, CW_MATH_ARCHIVE_MAGIC, sizeof header->magic) != 0 ||
        header->version != CW_MATH_ARCHIVE_VERSION || header->size != archive->size ||
        header->count > (archive->size - sizeof *header) / sizeof(struct cw_math_entry)) {
        return false;
    }
    archive->entries = (const void *)(archive->bytes + sizeof *header);
    archive->count = header->count;
    for (uint32_t i = 0; i < archive->count; i++) {
        const struct cw_math_entry *entry = &archive->entries[i];
        if (entry->name_offset >= archive->size || entry->module_offset > archive->size ||
            entry->module_size > archive->size - entry->module_offset ||
            memchr(archive->bytes + entry->name_offset, 0, archive->size - entry->name_offset) == NULL) {
            return false;
        }
        if (i > 0 && strcmp(entry_name(archive, i - 1), entry_name(archive, i)) >= 0) {
            return false;
        }
    }
    return true;
}

struct cw_math_archive *cw_math_archive_open(const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return NULL;
    }
    struct cw_math_archive *archive = NULL;
    struct stat info;
    int problem = 0;
    if (fstat(fd, &info) != 0) {
        problem = errno;
    } else if (info.st_size <= 0) {
        problem = EINVAL;
    } else if ((archive = calloc(1, sizeof *archive)) == NULL) {
        problem = ENOMEM;
    } else {
        archive->size = (size_t)info.st_size;
        void *map = mmap(NULL, archive->size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (map == MAP_FAILED) {
            problem = errno;
        } else {
            archive->bytes = map;
            if (!directory_valid(archive)) {
                problem = EINVAL;
            }
        }
    }
    close(fd);
    if (problem != 0) {
        cw_math_archive_close(archive);
        archive = NULL;
        errno = problem;
    }
    return archive;
}

void cw_math_archive_close(struct cw_math_archive *archive) {
    if (archive == NULL) {
        return;
    }
    if (archive->bytes != NULL) {
        munmap((void *)(uintptr_t)archive->bytes, archive->size);
    }
    free(archive);
}

bool cw_math_archive_find(const struct cw_math_archive *archive, const char *name, const void **bytes, size_t *size) {
    uint32_t low = 0, high = archive->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strcmp(name, entry_name(archive, middle));
        if (order == 0) {
            *bytes = archive->bytes + archive->entries[middle].module_offset;
            *size = (size_t)archive->entries[middle].module_size;
            return true;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return false;
}

uint32_t cw_math_archive_count(const struct cw_math_archive *archive) {
    return archive->count;
}

const char *cw_math_archive_name(const struct cw_math_archive *archive, uint32_t index) {
    return entry_name(archive, index);
}

bool cw_math_archive_intact(const struct cw_math_archive *archive) {
    const struct cw_math_header *header = (const void *)archive->bytes;
    return cw_math_checksum(CW_MATH_CHECKSUM_START, archive->bytes + sizeof *header, archive->size - sizeof *header) ==
           header->checksum;
}

uint64_t cw_math_checksum(uint64_t hash, const void *bytes, size_t size) {
    const uint8_t *next = bytes;
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ next[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}
