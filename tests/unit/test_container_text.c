/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the text form of containers. */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "module/module.h"

static const char ptx[] = "//\n.version 8.3\n.target sm_80\n";

/* Reads from an allocation of exactly the text's size, so that a sanitizer sees every read beyond it. */
static cw_status read_copy(const char *text, size_t size, struct cw_text *out) {
    char *copy = malloc(size == 0 ? 1 : size);
    memcpy(copy, text, size);
    cw_status status = cw_container_text_read(copy, size, out);
    free(copy);
    return status;
}

Test(container_text, round_trip_of_every_size) {
    char bytes[300];
    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (char)(uint8_t)(i * 37 + 11);
    }
    for (size_t size = 0; size <= sizeof(bytes); size++) {
        struct cw_text text = {0};
        struct cw_text back = {0};
        cw_container_text_write(&text, ptx, sizeof ptx - 1, bytes, size);
        cr_assert(cw_container_is_text(text.data, text.size));
        cr_assert_eq(memchr(text.data, '\0', text.size), NULL);
        cr_assert_eq(read_copy(text.data, text.size, &back), CW_OK);
        cr_assert_eq(back.size, size);
        cr_assert(size == 0 || memcmp(back.data, bytes, size) == 0);
        cw_text_fini(&text);
        cw_text_fini(&back);
    }
}

Test(container_text, every_line_is_a_comment) {
    struct cw_text text = {0};
    char bytes[200] = {1, 2, 3};
    cw_container_text_write(&text, ptx, sizeof ptx - 1, bytes, sizeof(bytes));
    cr_assert_eq(strncmp(text.data, ptx, sizeof ptx - 1), 0);
    for (const char *line = text.data + sizeof ptx - 1; *line != '\0'; line = strchr(line, '\n') + 1) {
        cr_assert_eq(strncmp(line, "// ", 3), 0);
        cr_assert(strcspn(line, "\n") < 120);
    }
    cw_text_fini(&text);
}

/* Windows line ends, a terminating NUL and text behind the end do no harm. */
Test(container_text, tolerates_what_programs_add) {
    struct cw_text text = {0};
    struct cw_text changed = {0};
    struct cw_text back = {0};
    cw_container_text_write(&text, ptx, sizeof ptx - 1, "some bytes", 10);
    for (const char *at = text.data; *at != '\0'; at++) {
        cw_text_append(&changed, *at == '\n' ? "\r\n" : at, *at == '\n' ? 2 : 1);
    }
    cw_text_append(&changed, "\0more", 5);
    cr_assert_eq(read_copy(changed.data, changed.size, &back), CW_OK);
    cr_assert_eq(back.size, 10);
    cr_assert_eq(memcmp(back.data, "some bytes", 10), 0);
    cw_text_fini(&text);
    cw_text_fini(&changed);
    cw_text_fini(&back);
}

Test(container_text, refuses_what_was_cut_short) {
    struct cw_text text = {0};
    char bytes[100] = {7};
    cw_container_text_write(&text, ptx, sizeof ptx - 1, bytes, sizeof(bytes));
    size_t mark = (size_t)(strstr(text.data, "// CUDA-WASM") - text.data);
    for (size_t size = 0; size + 1 < text.size; size++) {
        struct cw_text back = {0};
        bool none = size < mark + strlen("// CUDA-WASM kernel module, text form ");
        cr_assert_eq(read_copy(text.data, size, &back), none ? CW_ERROR_NOT_FOUND : CW_ERROR_BAD_MODULE);
        cr_assert_eq(back.size, 0);
        cw_text_fini(&back);
    }
    cw_text_fini(&text);
}

Test(container_text, refuses_damage_and_other_texts) {
    struct cw_text text = {0};
    struct cw_text back = {0};
    cw_container_text_write(&text, ptx, sizeof ptx - 1, "twelve bytes", 12);
    char *digit = strchr(strstr(text.data, "// CUDA-WASM"), '\n') + 5;
    *digit = '*';
    cr_assert_eq(read_copy(text.data, text.size, &back), CW_ERROR_BAD_MODULE);
    *digit = '=';
    cr_assert_eq(read_copy(text.data, text.size, &back), CW_ERROR_BAD_MODULE);
    cr_assert_not(cw_container_is_text(ptx, sizeof(ptx)));
    cr_assert_eq(read_copy(ptx, sizeof(ptx), &back), CW_ERROR_NOT_FOUND);
    cr_assert_not(cw_container_is_text("//", 2));
    /* Another version is recognised, so that its refusal can say so, and not read. */
    static const char newer[] = "// CUDA-WASM kernel module, text form 3: ...\n";
    cr_assert(cw_container_is_text(newer, sizeof(newer)));
    cr_assert_eq(read_copy(newer, sizeof(newer), &back), CW_ERROR_BAD_MODULE);
    cw_text_fini(&text);
    cw_text_fini(&back);
}

/* PTX that somebody changed is what counts then. */
Test(container_text, of_a_changed_text_the_ptx_counts) {
    struct cw_text text = {0};
    struct cw_text back = {0};
    cw_container_text_write(&text, ptx, sizeof ptx - 1, "twelve bytes", 12);
    strstr(text.data, "sm_80")[3] = '9';
    cr_assert(cw_container_is_text(text.data, text.size));
    cr_assert_eq(read_copy(text.data, text.size, &back), CW_ERROR_NOT_FOUND);
    cr_assert_eq(back.size, 0);
    cw_text_fini(&text);
}
