/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of base/text.h. */
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

Test(text, empty_is_valid) {
    struct cw_text text = {0};
    cr_assert_str_eq(cw_text_string(&text), "");
    cw_text_clear(&text);
    cw_text_append(&text, "", 0);
    cr_assert_eq(text.size, 0);
    cr_assert_str_eq(cw_text_string(&text), "");
    cw_text_fini(&text);
    cw_text_fini(&text);
}

Test(text, append_keeps_nul_bytes_and_terminates) {
    struct cw_text text = {0};
    cw_text_append(&text, "a\0b", 3);
    cw_text_add(&text, "cd");
    cr_assert_eq(text.size, 5);
    cr_assert_eq(memcmp(text.data, "a\0bcd", 6), 0);
    cw_text_clear(&text);
    cr_assert_str_eq(cw_text_string(&text), "");
    cr_assert_eq(text.size, 0);
    cw_text_fini(&text);
}

Test(text, printf_grows) {
    struct cw_text text = {0};
    for (int i = 0; i < 1000; i++) {
        cw_text_printf(&text, "%d,", i);
    }
    cr_assert_eq(text.size, 10 * 2 + 90 * 3 + 900 * 4);
    cr_assert_eq(strncmp(text.data, "0,1,2,", 6), 0);
    cr_assert_str_eq(text.data + text.size - 8, "998,999,");
    cw_text_printf(&text, "%s", "");
    cr_assert_eq(text.data[text.size], '\0');
    cw_text_fini(&text);
}

Test(text, take_gives_the_bytes_away) {
    struct cw_text text = {0};
    cw_text_add(&text, "gift");
    size_t size = 0;
    char *data = cw_text_take(&text, &size);
    cr_assert_str_eq(data, "gift");
    cr_assert_eq(size, 4);
    cr_assert_null(text.data);
    cr_assert_eq(text.size, 0);
    free(data);
    data = cw_text_take(&text, NULL);
    cr_assert_str_eq(data, "");
    free(data);
}

Test(text, reserve_keeps_contents) {
    struct cw_text text = {0};
    cw_text_add(&text, "ab");
    char *end = cw_text_reserve(&text, 100000);
    memset(end, 'x', 100000);
    text.size += 100000;
    cw_text_add(&text, "z");
    cr_assert_eq(text.size, 100003);
    cr_assert_eq(strncmp(text.data, "abxx", 4), 0);
    cr_assert_eq(text.data[100002], 'z');
    cw_text_fini(&text);
}

Test(text, impossible_size_ends_with_a_sentence, .exit_code = 1) {
    struct cw_text text = {0};
    cw_text_add(&text, "a");
    cw_text_reserve(&text, (size_t)-1);
}

Test(text, format) {
    char *string = cw_format("%s-%05d", "n", 42);
    cr_assert_str_eq(string, "n-00042");
    free(string);
}
