/* SPDX-License-Identifier: Apache-2.0 */
/*
 * module.h: the parts of a kernel module that need no LLVM: the intrinsic table, and the container that host objects
 * embed and the runtime reads.
 *
 * Container, version 1, little-endian, offsets from its first byte, every part 16-byte aligned:
 *
 *     magic "CWMODULE" | u32 version | u32 entry count | u64 total size | u64 XXH3-64 of all that follows this header
 *     entry count times: u32 kind | u32 reserved 0 | u64 name offset | u64 cpu offset | u64 features offset
 *                        | u64 data offset | u64 data size
 *     strings (NUL-terminated), data
 *
 * A reference is what a host object embeds while its container travels in an object of its own (so that host and
 * device passes can run side by side): magic "CWMODREF" | 16 bytes id | 8 bytes 0.
 *
 * A reader trusts nothing: sizes, offsets, terminators and the hash are checked before use.
 */
#ifndef CW_MODULE_MODULE_H
#define CW_MODULE_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "cudawasm/cw.h"

/* ---- Intrinsics ---------------------------------------------------------------------------------------------- */

enum cw_intrinsic {
#define CW_INTRINSIC(name, text, signature, effects, feature, doc) CW_INTRINSIC_##name,
#include "module/intrinsics.def"
    CW_INTRINSIC_COUNT
};

enum cw_intrinsic_effect {
    CW_EFFECT_PURE = 1,
    CW_EFFECT_MEMORY = 2,
    CW_EFFECT_CONVERGENT = 4,
    CW_EFFECT_SUSPENDS = 8,
    CW_EFFECT_NORETURN = 16,
};

struct cw_intrinsic_info {
    const char *text;
    const char *signature;
    uint32_t effects; /* set of enum cw_intrinsic_effect */
    uint32_t feature; /* enum cw_feature or 0 */
    const char *doc;
};

extern const struct cw_intrinsic_info cw_intrinsics[CW_INTRINSIC_COUNT];

/* The intrinsic that LLVM IR calls `text`, or CW_INTRINSIC_COUNT. */
enum cw_intrinsic cw_intrinsic_find(const char *text);

/* True if the waist allows the LLVM intrinsic `name` ("llvm.memcpy.p0.p0.i64"): llvm_intrinsics.def. */
bool cw_llvm_intrinsic_allowed(const char *name);

/* True if `name` is a function of the math library (math.def): libdevice's names, "__nv_sinf". */
bool cw_math_function_known(const char *name);

/* ---- Containers ---------------------------------------------------------------------------------------------- */

enum cw_entry_kind {
    CW_ENTRY_BITCODE = 1,  /* the kernel module as LLVM bitcode */
    CW_ENTRY_TABLE = 2,    /* the kernel table: cw_table_write */
    CW_ENTRY_ARTIFACT = 3, /* lowered for `name` (a target) on `cpu` with `features` */
};

/* Strings and data are borrowed from the container's bytes. Strings are never NULL. */
struct cw_entry {
    enum cw_entry_kind kind;
    const char *name;
    const char *cpu;
    const char *features;
    const void *data;
    size_t size;
};

#define CW_CONTAINER_ENTRIES_MAX 64u
#define CW_REFERENCE_SIZE 32u

/* Appends a container of `count` entries to `out`. */
void cw_container_write(struct cw_text *out, const struct cw_entry *entries, uint32_t count);

/* Reads a container's directory into `entries` (room for CW_CONTAINER_ENTRIES_MAX). CW_ERROR_BAD_MODULE when it is not
 * one, is of another version, is cut short or damaged. */
cw_status cw_container_read(const void *bytes, size_t size, struct cw_entry *entries, uint32_t *count) CW_MUST_USE;

/* The size that a container's header claims, or 0 when the first 32 readable bytes aren't a container's. */
size_t cw_container_size(const void *bytes);

/* PTX with the container it was made of behind it, as comments (container_text.c): appends both to `out`. `ptx` ends in a line
 * end, or gets one. */
void cw_container_text_write(struct cw_text *out, const char *ptx, size_t ptx_size, const void *container, size_t size);
/* True if the text holds a container, of any version of the text form. Reads at most `size` bytes. */
bool cw_container_is_text(const char *text, size_t size);
/* Appends the container's bytes to `container`, for cw_container_read to check. CW_ERROR_NOT_FOUND, and nothing appended, when the
 * text holds none, or the PTX above it was changed since: then that counts. CW_ERROR_BAD_MODULE when it is of another version, or
 * cut short. */
cw_status cw_container_text_read(const char *text, size_t size, struct cw_text *container) CW_MUST_USE;

void cw_reference_write(uint8_t out[CW_REFERENCE_SIZE], const uint8_t id[16]);
/* True, and `id`, if the bytes are a reference. Reads 32 bytes. */
bool cw_reference_read(const void *bytes, uint8_t id[16]);

/* ---- The kernel table, as bytes ------------------------------------------------------------------------------ */

struct cw_table {
    struct cw_kernel *kernels;
    uint32_t kernel_count;
    struct cw_variable *variables;
    uint32_t variable_count;
    void *storage; /* owns everything above */
};

void cw_table_write(struct cw_text *out, const struct cw_table *table);
/* The same for the table of a module that a compiler holds. */
void cw_table_write_module(struct cw_text *out, const struct cw_compiler_api *api, const struct cw_module *module);
/* The caller ends with cw_table_fini. CW_ERROR_BAD_MODULE on damage. */
cw_status cw_table_read(const void *bytes, size_t size, struct cw_table *table) CW_MUST_USE;
void cw_table_fini(struct cw_table *table);

#endif
