/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive.h: the device math library as one file, math.cwm, and its reader. The reader needs no LLVM.
 *
 * The archive holds one small LLVM bitcode module for each libdevice function (`__nv_sinf`). Such a module defines that
 * function with external linkage and carries along what it needs: helpers are linkonce_odr functions and constant tables
 * linkonce_odr constants, all named `cw.math.*`, so that several modules linked into one share them. The modules have
 * the triple nvptx64-nvidia-cuda and its data layout, use address space 0 only, have no target attributes, and call
 * nothing outside themselves but LLVM intrinsics. Functions are nounwind willreturn, and memory(none) unless they take
 * a pointer. Only helpers for rare, long paths are noinline: inlined, they would be paid for by every lane.
 *
 * File, version 1, little-endian, offsets from its first byte:
 *
 *     magic "CWMATH\0\0" | u32 version | u32 function count | u64 total size | u64 FNV-1a of all that follows the header
 *     function count times, in strcmp order of the names:
 *         u64 name offset | u64 module offset | u64 module size
 *     names (NUL-terminated), modules (each 16-byte aligned)
 *
 * Opening checks magic, version, sizes, offsets and order, so that no later access can leave the file; the checksum is for
 * cw_math_archive_intact, since reading the whole file would cost more than all else.
 */
#ifndef CW_LIBRARY_MATH_ARCHIVE_H
#define CW_LIBRARY_MATH_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CW_MATH_ARCHIVE_VERSION 1u
#define CW_MATH_ARCHIVE_MAGIC "CWMATH\0" /* 8 bytes with its NUL */

struct cw_math_header {
    char magic[8];
    uint32_t version;
    uint32_t count;
    uint64_t size;
    uint64_t checksum;
};

struct cw_math_entry {
    uint64_t name_offset;
    uint64_t module_offset;
    uint64_t module_size;
};

_Static_assert(sizeof(struct cw_math_header) == 32, "the header is part of the file format");
_Static_assert(sizeof(struct cw_math_entry) == 24, "the entry is part of the file format");

struct cw_math_archive;

/* Maps the archive at `path`. NULL with errno set when it can't be read; errno is EINVAL when it is not an archive of this
 * version. The caller closes it. */
struct cw_math_archive *cw_math_archive_open(const char *path);
void cw_math_archive_close(struct cw_math_archive *archive);

/* True, and the bitcode of the function's module, if the archive has the function. The bytes are borrowed until the
 * archive is closed. Any thread may call it. */
bool cw_math_archive_find(const struct cw_math_archive *archive, const char *name, const void **bytes, size_t *size);

/* How many functions there are, and the name of the one at `index` in sorted order (borrowed). */
uint32_t cw_math_archive_count(const struct cw_math_archive *archive);
const char *cw_math_archive_name(const struct cw_math_archive *archive, uint32_t index);

/* True if the file's bytes have the checksum that its header gives. Reads the whole file. */
bool cw_math_archive_intact(const struct cw_math_archive *archive);

/* The checksum of `size` bytes that continues `hash`; the first call gives CW_MATH_CHECKSUM_START. */
#define CW_MATH_CHECKSUM_START UINT64_C(0xcbf29ce484222325)
uint64_t cw_math_checksum(uint64_t hash, const void *bytes, size_t size);

#endif
