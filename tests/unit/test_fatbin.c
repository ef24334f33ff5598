/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the reader of NVIDIA's fat binaries, on containers made here as nvcc's `fatbinary` writes them. What is read is
 * copied into an allocation of exactly its size, so that a build with the address sanitizer sees every read beyond it. */
#include <lz4.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include <criterion/criterion.h>

#include "module/fatbin.h"

#define FLAG_LZ4 0x2000u
#define FLAG_ZSTD 0x8000u
#define FLAG_SPECIFIC 0x100000u

static const char ptx[] = ".version 8.0\n.target sm_80\n.address_size 64\n"
                          ".visible .entry k()\n{\n\tret;\n\tret;\n\tret;\n\tret;\n\tret;\n\tret;\n}\n";

static void store(char *at, uint64_t value, unsigned size) {
    for (unsigned i = 0; i < size; i++) {
        at[i] = (char)(uint8_t)(value >> (8 * i));
    }
}

static void begin(struct cw_text *out) {
    char header[16] = {0};
    store(header, CW_FATBIN_MAGIC, 4);
    store(header + 4, 1, 2);
    store(header + 6, sizeof header, 2);
    cw_text_append(out, header, sizeof header);
}

/* Adds an entry whose payload is `data`, packed as the flags say, padded to 8 bytes. */
static void add(struct cw_text *out, unsigned kind, unsigned architecture, uint64_t flags, const char *data, size_t size) {
    static const char name[8] = "k.cu";
    char header[72] = {0}, packed[4096] = {0};
    size_t stored = size;
    if (flags & FLAG_LZ4) {
        stored = (size_t)LZ4_compress_default(data, packed, (int)size, (int)sizeof packed);
    } else if (flags & FLAG_ZSTD) {
        stored = ZSTD_compress(packed, sizeof packed, data, size, 3);
    } else {
        memcpy(packed, data, size);
    }
    size_t padded = (stored + 7) / 8 * 8;
    bool is_packed = (flags & (FLAG_LZ4 | FLAG_ZSTD)) != 0;
    store(header, kind, 2);
    store(header + 2, 0x101, 2);
    store(header + 4, sizeof header, 4);
    store(header + 8, padded, 8);
    store(header + 16, is_packed ? stored : 0, 4);
    store(header + 24, 0, 2);
    store(header + 26, 8, 2);
    store(header + 28, architecture, 4);
    store(header + 32, 64, 4);
    store(header + 36, 4, 4);
    store(header + 40, flags | 0x11, 8);
    store(header + 56, is_packed ? size : 0, 8);
    memcpy(header + 64, name, sizeof name);
    cw_text_append(out, header, sizeof header);
    cw_text_append(out, packed, padded);
    store(out->data + 8, out->size - 16, 8);
}

/* Reads all of a copy and unpacks it; how the reading ended. */
static cw_status read_copy(const char *bytes, size_t size, unsigned *count) {
    char *copy = malloc(size ? size : 1);
    struct cw_fatbin_entry entry;
    size_t at = 0;
    cw_status status;
    memcpy(copy, bytes, size);
    *count = 0;
    while ((status = cw_fatbin_next(copy, size, &at, &entry)) == CW_OK) {
        struct cw_text out = {0};
        const char *data = entry.data;
        cr_assert(data >= copy && data + entry.size <= copy + size);
        cr_assert(entry.name_size == 0 || (entry.name >= copy && entry.name + entry.name_size <= copy + size));
        if (cw_fatbin_unpack(&entry, &out) == CW_OK) {
            cr_assert_leq(out.size, entry.whole_size);
        } else {
            cr_assert_eq(out.size, 0);
        }
        cw_text_fini(&out);
        ++*count;
    }
    free(copy);
    return status;
}

static void check_packing(uint64_t flags, enum cw_fatbin_packing packing) {
    struct cw_text out = {0}, text = {0};
    struct cw_fatbin_entry entry;
    size_t at = 0;
    begin(&out);
    add(&out, CW_FATBIN_PTX, 80, flags, ptx, sizeof ptx);
    cr_assert_eq(cw_fatbin_size(out.data), out.size);
    cr_assert_eq(cw_fatbin_next(out.data, out.size, &at, &entry), CW_OK);
    cr_assert_eq(entry.packing, packing);
    cr_assert_eq(entry.kind, CW_FATBIN_PTX);
    cr_assert_eq(entry.architecture, 80);
    cr_assert_eq(entry.major, 8);
    cr_assert_eq(entry.minor, 0);
    cr_assert_eq(entry.name_size, 4);
    cr_assert_eq(memcmp(entry.name, "k.cu", 4), 0);
    cr_assert_eq(cw_fatbin_unpack(&entry, &text), CW_OK);
    cr_assert_str_eq(cw_text_string(&text), ptx);
    cr_assert_eq(text.size, sizeof ptx - 1, "PTX comes without its padding");
    cr_assert_eq(cw_fatbin_next(out.data, out.size, &at, &entry), CW_ERROR_NOT_FOUND);
    cw_text_fini(&out);
    cw_text_fini(&text);
}

Test(fatbin, plain) {
    check_packing(0, CW_FATBIN_PLAIN);
}

Test(fatbin, lz4) {
    check_packing(FLAG_LZ4, CW_FATBIN_LZ4);
}

Test(fatbin, zstd) {
    check_packing(FLAG_ZSTD, CW_FATBIN_ZSTD);
}

static uint32_t picked(const struct cw_text *container, uint32_t device) {
    struct cw_fatbin_entry entry;
    uint32_t kinds;
    cw_status status = cw_fatbin_pick(container->data, container->size, device, &entry, &kinds);
    return status == CW_OK ? entry.architecture : 0;
}

Test(fatbin, pick_highest_suitable) {
    struct cw_text out = {0};
    begin(&out);
    add(&out, CW_FATBIN_ELF, 80, 0, "machine code", 12);
    cr_assert_eq(picked(&out, 80), 0, "machine code is not picked");
    add(&out, CW_FATBIN_PTX, 100, FLAG_SPECIFIC, ptx, sizeof ptx);
    cr_assert_eq(picked(&out, 80), 100, "the only one, although for one architecture");
    add(&out, CW_FATBIN_PTX, 120, 0, ptx, sizeof ptx);
    cr_assert_eq(picked(&out, 80), 120, "the only general one");
    add(&out, CW_FATBIN_PTX, 90, 0, ptx, sizeof ptx);
    cr_assert_eq(picked(&out, 80), 90, "the lowest above the device");
    add(&out, CW_FATBIN_PTX, 52, 0, ptx, sizeof ptx);
    cr_assert_eq(picked(&out, 80), 52, "the highest not above it");
    add(&out, CW_FATBIN_PTX, 75, FLAG_LZ4, ptx, sizeof ptx);
    add(&out, CW_FATBIN_PTX, 70, 0, ptx, sizeof ptx);
    cr_assert_eq(picked(&out, 80), 75);
    cr_assert_eq(picked(&out, 90), 90);
    cw_text_fini(&out);
}

Test(fatbin, truncated) {
    struct cw_text out = {0};
    unsigned count;
    begin(&out);
    add(&out, CW_FATBIN_PTX, 80, FLAG_ZSTD, ptx, sizeof ptx);
    add(&out, CW_FATBIN_ELF, 80, FLAG_LZ4, ptx, sizeof ptx);
    cr_assert_eq(read_copy(out.data, out.size, &count), CW_ERROR_NOT_FOUND);
    cr_assert_eq(count, 2);
    for (size_t size = 0; size < out.size; size++) {
        cr_assert_eq(read_copy(out.data, size, &count), CW_ERROR_BAD_MODULE);
        struct cw_text copy = {0};
        cw_text_append(&copy, out.data, size);
        if (size >= 16) { /* with a header that fits what is left */
            store(copy.data + 8, size - 16, 8);
            (void)!read_copy(copy.data, size, &count);
        }
        cw_text_fini(&copy);
    }
    cw_text_fini(&out);
}

Test(fatbin, every_byte_changed) {
    struct cw_text out = {0};
    unsigned count;
    begin(&out);
    add(&out, CW_FATBIN_PTX, 80, FLAG_ZSTD, ptx, sizeof ptx);
    add(&out, CW_FATBIN_PTX, 75, FLAG_LZ4, ptx, sizeof ptx);
    for (size_t i = 0; i < out.size; i++) {
        static const char values[] = {0, 1, 0x40, 0x7f, (char)0x80, (char)0xff};
        char old = out.data[i];
        for (size_t v = 0; v < sizeof values; v++) {
            out.data[i] = values[v];
            (void)!read_copy(out.data, out.size, &count);
        }
        out.data[i] = old;
    }
    cw_text_fini(&out);
}

Test(fatbin, claims_too_much) {
    struct cw_text out = {0}, text = {0};
    struct cw_fatbin_entry entry;
    size_t at = 0;
    begin(&out);
    add(&out, CW_FATBIN_PTX, 80, FLAG_LZ4, ptx, sizeof ptx);
    store(out.data + 16 + 56, CW_FATBIN_UNPACKED_MAX + 1, 8);
    cr_assert_eq(cw_fatbin_next(out.data, out.size, &at, &entry), CW_ERROR_BAD_MODULE);
    /* Within the bound, but more than the packed bytes can hold. */
    store(out.data + 16 + 56, CW_FATBIN_UNPACKED_MAX, 8);
    at = 0;
    cr_assert_eq(cw_fatbin_next(out.data, out.size, &at, &entry), CW_OK);
    cr_assert_eq(cw_fatbin_unpack(&entry, &text), CW_ERROR_BAD_MODULE);
    cr_assert_eq(text.capacity, 0, "no room was made for it");
    cw_text_fini(&out);
    cw_text_fini(&text);
}
