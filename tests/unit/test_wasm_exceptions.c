/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies with exceptions leave a module and come back; modules that end too early are refused. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/cuda/wasm_exceptions.h"

TestSuite(wasm_exceptions);

/* Two functions of type 0: one calls the other inside of try_table, behind a constant, a load and a br_table. */
static const char module[] = "\0asm\1\0\0\0"
                             "\1\4\1\x60\0\0"     /* a type */
                             "\3\3\2\0\0"         /* two functions */
                             "\5\3\1\0\1"         /* a memory */
                             "\xd\3\1\0\0"        /* a tag */
                             "\xa\x22\2"          /* two bodies */
                             "\2\0\xb"            /* end */
                             "\x1d\0"             /* the second one: no locals */
                             "\2\x40"             /* block */
                             "\x1f\x40\1\2\0"     /* try_table, catch_all 0 */
                             "\x41\xff\0\x28\2\0" /* i32.const 127, i32.load */
                             "\xe\1\0\1"          /* br_table 0 1 */
                             "\x10\0"             /* call 0 */
                             "\x8\0"              /* throw 0 */
                             "\xb\xb"             /* ends */
                             "\1\1\1\1\xb";       /* nops, end */
enum { SIZE = sizeof module - 1 };

Test(wasm_exceptions, bodies_leave_and_come_back) {
    struct cw_text hidden = {0}, restored = {0}, problem = {0};
    cr_assert(cw_wasm_hide_exceptions(module, SIZE, &hidden, &problem), "%s", cw_text_string(&problem));
    cr_assert_eq(hidden.size, SIZE - 0x1d + 3);
    cr_assert_null(memmem(hidden.data, hidden.size, "\x1f\x40", 2));
    cr_assert(cw_wasm_restore_exceptions(module, SIZE, hidden.data, hidden.size, &restored, &problem), "%s", cw_text_string(&problem));
    cr_assert_eq(restored.size, SIZE);
    cr_assert_eq(memcmp(restored.data, module, SIZE), 0);
    cw_text_fini(&hidden);
    cw_text_fini(&restored);
    cw_text_fini(&problem);
}

Test(wasm_exceptions, modules_that_end_early_are_refused) {
    for (size_t size = 0; size < SIZE; size++) {
        struct cw_text out = {0}, problem = {0};
        char *copy = malloc(size ? size : 1); /* so that sanitizers see what lies behind it */
        memcpy(copy, module, size);
        bool whole_sections = size == 8 || size == 14 || size == 19 || size == 24 || size == 29;
        cr_assert_eq(cw_wasm_hide_exceptions(copy, size, &out, &problem), whole_sections, "%zu bytes", size);
        cr_assert_eq(problem.size > 0, !whole_sections);
        cw_text_clear(&out);
        cr_assert_not(cw_wasm_restore_exceptions(module, SIZE, copy, size, &out, &problem), "%zu bytes", size);
        free(copy);
        cw_text_fini(&out);
        cw_text_fini(&problem);
    }
}
