/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of containers and references. The input is copied into an allocation of exactly its size before it is read, so
 * that a build with the address sanitizer sees every read beyond it. */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/hash.h"
#include "module/module.h"

static void write_example(struct cw_text *out) {
    static const char artifact[37] = "artifact";
    const struct cw_entry entries[] = {
        {CW_ENTRY_TABLE, "", "", "", "table", 5},
        {CW_ENTRY_BITCODE, "module", "", "", "BC", 2},
        {CW_ENTRY_ARTIFACT, "cpu", "x86-64-v3", "+avx2,+fma", artifact, sizeof(artifact)},
        {CW_ENTRY_ARTIFACT, "cpu", NULL, NULL, NULL, 0},
    };
    cw_container_write(out, entries, 4);
}

/* Reads a copy; checks that what is accepted lies within it. */
static cw_status read_copy(const char *bytes, size_t size, uint32_t *count) {
    struct cw_entry entries[CW_CONTAINER_ENTRIES_MAX];
    char *copy = malloc(size == 0 ? 1 : size);
    memcpy(copy, bytes, size);
    cw_status status = cw_container_read(copy, size, entries, count);
    for (uint32_t i = 0; status == CW_OK && i < *count; i++) {
        const char *data = entries[i].data;
        cr_assert(data >= copy && data + entries[i].size <= copy + size);
        const char *const strings[] = {entries[i].name, entries[i].cpu, entries[i].features};
        for (unsigned s = 0; s < 3; s++) {
            cr_assert(strings[s] >= copy && strings[s] + strlen(strings[s]) < copy + size);
        }
    }
    free(copy);
    return status;
}

/* Makes the hash right again after the contents were changed, as an attacker would. */
static void rehash(struct cw_text *container) {
    uint64_t hash = cw_hash64(container->data + 32, container->size - 32);
    for (unsigned i = 0; i < 8; i++) {
        container->data[24 + i] = (char)(uint8_t)(hash >> (8 * i));
    }
}

Test(container, round_trip) {
    struct cw_text out = {0};
    write_example(&out);
    struct cw_entry entries[CW_CONTAINER_ENTRIES_MAX];
    uint32_t count = 0;
    cr_assert_eq(cw_container_size(out.data), out.size);
    cr_assert_eq(cw_container_read(out.data, out.size, entries, &count), CW_OK);
    cr_assert_eq(count, 4);
    cr_assert_eq(entries[0].kind, CW_ENTRY_TABLE);
    cr_assert_eq(entries[0].size, 5);
    cr_assert_eq(memcmp(entries[0].data, "table", 5), 0);
    cr_assert_str_eq(entries[1].name, "module");
    cr_assert_eq(entries[2].kind, CW_ENTRY_ARTIFACT);
    cr_assert_str_eq(entries[2].cpu, "x86-64-v3");
    cr_assert_str_eq(entries[2].features, "+avx2,+fma");
    cr_assert_eq(entries[2].size, 37);
    cr_assert_str_eq(entries[3].cpu, "");
    cr_assert_eq(entries[3].size, 0);
    for (unsigned i = 0; i < 4; i++) {
        cr_assert_eq(((const char *)entries[i].data - out.data) % 16, 0);
    }
    cr_assert_eq(out.size % 16, 0);
    cw_text_fini(&out);
}

Test(container, layout_is_the_documented_one) {
    struct cw_text out = {0};
    write_example(&out);
    cr_assert_eq(memcmp(out.data, "CWMODULE\1\0\0\0\4\0\0\0", 16), 0);
    cr_assert_eq((uint8_t)out.data[16] | (unsigned)(uint8_t)out.data[17] << 8, out.size);
    cr_assert_eq(out.data[32], CW_ENTRY_TABLE);
    /* Strings begin behind the directory of 4 entries. */
    cr_assert_eq((uint8_t)out.data[40], 32 + 4 * 48);
    cw_text_fini(&out);
}

Test(container, empty_and_full) {
    struct cw_text out = {0};
    uint32_t count = 9;
    cw_container_write(&out, NULL, 0);
    cr_assert_eq(read_copy(out.data, out.size, &count), CW_OK);
    cr_assert_eq(count, 0);
    cw_text_clear(&out);

    struct cw_entry entries[CW_CONTAINER_ENTRIES_MAX + 1];
    for (unsigned i = 0; i <= CW_CONTAINER_ENTRIES_MAX; i++) {
        entries[i] = (struct cw_entry){CW_ENTRY_ARTIFACT, "cpu", "", "", "x", 1};
    }
    cw_container_write(&out, entries, CW_CONTAINER_ENTRIES_MAX);
    cr_assert_eq(read_copy(out.data, out.size, &count), CW_OK);
    cr_assert_eq(count, CW_CONTAINER_ENTRIES_MAX);
    cw_text_clear(&out);
    cw_container_write(&out, entries, CW_CONTAINER_ENTRIES_MAX + 1);
    cr_assert_eq(read_copy(out.data, out.size, &count), CW_ERROR_BAD_MODULE);
    cw_text_fini(&out);
}

Test(container, written_behind_other_bytes_and_followed_by_others) {
    struct cw_text out = {0};
    cw_text_add(&out, "abc");
    write_example(&out);
    cw_text_add(&out, "more");
    uint32_t count = 0;
    struct cw_entry entries[CW_CONTAINER_ENTRIES_MAX];
    cr_assert_eq(cw_container_read(out.data + 3, out.size - 3, entries, &count), CW_OK);
    cr_assert_eq(count, 4);
    cr_assert_eq(memcmp(entries[1].data, "BC", 2), 0);
    cw_text_fini(&out);
}

Test(container, two_writes_give_identical_bytes) {
    struct cw_text first = {0}, second = {0};
    write_example(&first);
    write_example(&second);
    cr_assert_eq(first.size, second.size);
    cr_assert_eq(memcmp(first.data, second.data, first.size), 0);
    cw_text_fini(&first);
    cw_text_fini(&second);
}

Test(container, every_truncation_is_refused) {
    struct cw_text out = {0};
    uint32_t count;
    write_example(&out);
    for (size_t size = 0; size < out.size; size++) {
        cr_assert_eq(read_copy(out.data, size, &count), CW_ERROR_BAD_MODULE, "%zu bytes", size);
        cr_assert_eq(count, 0);
    }
    cw_text_fini(&out);
}

Test(container, every_flipped_bit_is_refused) {
    struct cw_text out = {0};
    uint32_t count;
    write_example(&out);
    for (size_t at = 0; at < out.size * 8; at++) {
        char mask = (char)(uint8_t)(1u << at % 8);
        out.data[at / 8] = (char)(out.data[at / 8] ^ mask);
        cr_assert_eq(read_copy(out.data, out.size, &count), CW_ERROR_BAD_MODULE, "bit %zu", at);
        out.data[at / 8] = (char)(out.data[at / 8] ^ mask);
    }
    cr_assert_eq(read_copy(out.data, out.size, &count), CW_OK);
    cw_text_fini(&out);
}

/* With a hash that fits, the directory may say anything: whatever is accepted lies within the bytes (read_copy). */
Test(container, forged_directories_are_harmless) {
    struct cw_text out = {0};
    uint32_t count;
    write_example(&out);
    for (size_t at = 8; at < out.size; at++) {
        char old = out.data[at];
        for (unsigned value = 0; value < 256; value++) {
            out.data[at] = (char)(uint8_t)value;
            rehash(&out);
            cw_status status = read_copy(out.data, out.size, &count);
            cr_assert(status == CW_OK || status == CW_ERROR_BAD_MODULE);
        }
        out.data[at] = old;
    }
    cw_text_fini(&out);
}

Test(container, foreign_headers_have_no_size) {
    char header[32] = "CWMODULE";
    cr_assert_eq(cw_container_size(header), 0);
    header[8] = 1;
    cr_assert_eq(cw_container_size(header), 0, "smaller than its header");
    header[16] = 32;
    cr_assert_eq(cw_container_size(header), 32);
    header[23] = 0x7f;
    cr_assert_eq(cw_container_size(header), 0, "absurdly large");
    header[23] = 0;
    header[8] = 2;
    cr_assert_eq(cw_container_size(header), 0, "another version");
    header[8] = 1;
    header[0] = 'X';
    cr_assert_eq(cw_container_size(header), 0, "another magic");
}

Test(container, references) {
    uint8_t bytes[CW_REFERENCE_SIZE];
    uint8_t id[16], got[16];
    for (unsigned i = 0; i < 16; i++) {
        id[i] = (uint8_t)(i * 17);
    }
    cw_reference_write(bytes, id);
    cr_assert_eq(memcmp(bytes, "CWMODREF", 8), 0);
    cr_assert(cw_reference_read(bytes, got));
    cr_assert_eq(memcmp(id, got, 16), 0);
    for (unsigned at = 0; at < CW_REFERENCE_SIZE; at++) {
        bytes[at] ^= 1;
        /* The id may be anything; the rest may not. */
        cr_assert_eq(cw_reference_read(bytes, got), at >= 8 && at < 24);
        bytes[at] ^= 1;
    }
    cr_assert_eq(cw_container_size(bytes), 0);
}
