/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of base/hash.h. */
#include "base/hash.h"

#include <string.h>

#include <criterion/criterion.h>

static void hash_two(const char *a, const char *b, uint8_t digest[16]) {
    struct cw_hash hash;
    cw_hash_init(&hash);
    cw_hash_string(&hash, a);
    cw_hash_string(&hash, b);
    cw_hash_finish(&hash, digest);
    cr_assert_null(hash.state);
}

Test(hash, fields_are_told_apart) {
    uint8_t left[16], right[16], again[16];
    hash_two("ab", "c", left);
    hash_two("a", "bc", right);
    hash_two("ab", "c", again);
    cr_assert_neq(memcmp(left, right, 16), 0);
    cr_assert_eq(memcmp(left, again, 16), 0);
    hash_two("", "", left);
    hash_two("", "a", right);
    cr_assert_neq(memcmp(left, right, 16), 0);
}

Test(hash, an_empty_field_is_a_field) {
    uint8_t one[16], two[16];
    struct cw_hash hash;
    cw_hash_init(&hash);
    cw_hash_bytes(&hash, NULL, 0);
    cw_hash_finish(&hash, one);
    hash_two("", "", two);
    cr_assert_neq(memcmp(one, two, 16), 0);
}

/* Published values of XXH3 for no input: digests in files mean the same on every machine. */
Test(hash, known_values) {
    uint8_t digest[16];
    char hex[33];
    cw_hash128("", 0, digest);
    cw_hash_hex(digest, hex);
    cr_assert_str_eq(hex, "99aa06d3014798d86001c324468d497f");
    cr_assert_eq(cw_hash64("", 0), 0x2d06800538d394c2u);
}

Test(hash, hex) {
    const uint8_t digest[16] = {0x00, 0x01, 0x0f, 0x10, 0xff, 0xab};
    char hex[33];
    cw_hash_hex(digest, hex);
    cr_assert_str_eq(hex, "00010f10ffab00000000000000000000");
}
