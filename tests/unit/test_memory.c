/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of base/memory.h. */
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

Test(memory, allocations_are_zeroed) {
    unsigned char *bytes = cw_alloc_array(100, 3);
    for (unsigned i = 0; i < 300; i++) {
        cr_assert_eq(bytes[i], 0);
    }
    free(bytes);
    free(cw_alloc(0));
    free(cw_alloc_array(0, 8));
}

Test(memory, overflow_ends_with_a_sentence, .exit_code = 1) {
    volatile size_t half = SIZE_MAX / 2 + 2;
    cw_alloc_array(half, 2);
}

Test(memory, realloc_overflow_ends_with_a_sentence, .exit_code = 1) {
    volatile size_t half = SIZE_MAX / 2 + 2;
    cw_realloc_array(NULL, half, 2);
}

Test(memory, strndup_stops_at_either_end) {
    char *a = cw_strndup("abc", 2);
    char *b = cw_strndup("abc", 10);
    cr_assert_str_eq(a, "ab");
    cr_assert_str_eq(b, "abc");
    free(a);
    free(b);
}

Test(memory, grow_keeps_elements) {
    int *numbers = NULL;
    size_t capacity = 0;
    for (int i = 0; i < 1000; i++) {
        numbers = cw_grow(numbers, (size_t)i, &capacity, sizeof(*numbers));
        cr_assert_gt(capacity, (size_t)i);
        numbers[i] = i;
    }
    for (int i = 0; i < 1000; i++) {
        cr_assert_eq(numbers[i], i);
    }
    free(numbers);
}

Test(memory, arena_is_aligned_zeroed_and_disjoint) {
    struct cw_arena arena = {0};
    unsigned char *pieces[500];
    for (unsigned i = 0; i < 500; i++) {
        size_t size = i % 7 == 0 ? 100000 : i;
        pieces[i] = cw_arena_alloc(&arena, size);
        cr_assert_eq((uintptr_t)pieces[i] % 16, 0);
        for (size_t j = 0; j < size; j++) {
            cr_assert_eq(pieces[i][j], 0);
        }
        memset(pieces[i], 0xff, size);
    }
    cr_assert_str_eq(cw_arena_strdup(&arena, "kept"), "kept");
    cw_arena_fini(&arena);
    cr_assert_null(arena.chunk);
    cw_arena_fini(&arena);
}

Test(memory, strings_are_an_argv) {
    struct cw_strings list = {0};
    cr_assert_null(list.items);
    for (int i = 0; i < 40; i++) {
        cw_strings_addf(&list, "%d", i);
        cr_assert_null(list.items[list.count]);
    }
    cw_strings_add(&list, "");
    cr_assert_eq(list.count, 41);
    cr_assert_str_eq(list.items[39], "39");
    cr_assert_str_eq(list.items[40], "");
    cw_strings_fini(&list);
    cr_assert_eq(list.count, 0);
    cr_assert_null(list.items);
}
