/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_ptx.c: libFuzzer on the PTX front end. Whatever the text is, the parser ends, within its memory, without a fault; what it
 * accepts is printed so that it is read again, equal, and printed the same. The same bytes are tried as the text of an asm()
 * statement. Bytes that don't begin as PTX does get a header, so that the fuzzer needn't find one.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/ptx/ast.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good, const char *what) {
    if (!good) {
        __builtin_printf("%s\n", what);
        abort();
    }
}

static void check_module(const char *text, size_t size) {
    struct cw_ptx_diagnostics diagnostics = {0};
    struct cw_ptx_module *first = cw_ptx_parse(text, size, "fuzz", &diagnostics);
    check((first == NULL) == (diagnostics.errors > 0), "errors and no module go together");
    struct cw_text out = {0}, again = {0};
    cw_ptx_diagnostics_render(&diagnostics, "fuzz", text, size, &out);
    cw_text_clear(&out);
    if (first != NULL) {
        cw_ptx_print(first, &out);
        struct cw_ptx_module *second = cw_ptx_parse(cw_text_string(&out), out.size, "printed", &diagnostics);
        check(second != NULL, "the print is read");
        cw_ptx_print(second, &again);
        check(cw_ptx_equal(first, second), "the print reads equal");
        check(out.size == again.size && memcmp(cw_text_string(&out), cw_text_string(&again), out.size) == 0,
              "it prints the same again");
        cw_ptx_module_free(second);
    }
    cw_ptx_module_free(first);
    cw_text_fini(&out);
    cw_text_fini(&again);
    cw_ptx_diagnostics_fini(&diagnostics);
}

static void check_inline(const char *text, size_t size, bool dollars) {
    static const struct cw_ptx_inline_operand operands[] = {
        {.type = CW_PTX_B32},
        {.type = CW_PTX_B32},
        {.type = CW_PTX_B64},
        {.type = CW_PTX_F32},
        {.type = CW_PTX_F64},
        {.type = CW_PTX_B16},
        {.type = CW_PTX_B32, .constant = true, .value = -7},
    };
    struct cw_ptx_diagnostics diagnostics = {0};
    unsigned count = sizeof(operands) / sizeof(operands[0]);
    struct cw_ptx_module *first = cw_ptx_parse_inline(text, size, "fuzz", dollars, 0, 0, operands, count, &diagnostics);
    check((first == NULL) == (diagnostics.errors > 0), "errors and no body go together");
    if (first != NULL) {
        struct cw_text out = {0};
        cw_ptx_print(first, &out);
        struct cw_ptx_module *second =
            cw_ptx_parse_inline(cw_text_string(&out), out.size, "printed", false, 0, 0, operands, count, &diagnostics);
        check(second != NULL, "the print of inline text is read");
        check(cw_ptx_equal(first, second), "the print of inline text reads equal");
        cw_ptx_module_free(second);
        cw_text_fini(&out);
    }
    cw_ptx_module_free(first);
    cw_ptx_diagnostics_fini(&diagnostics);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char header[] = ".version 8.3\n.target sm_90a\n.address_size 64\n";
    const char *text = (const char *)data;
    if (size > 8 && memcmp(text, ".version", 8) == 0) {
        check_module(text, size);
        return 0;
    }
    if (size > 0 && (text[0] == '%' || text[0] == '$')) {
        check_inline(text + 1, size - 1, text[0] == '$');
        return 0;
    }
    char *whole = malloc(size + sizeof(header));
    if (whole != NULL) {
        memcpy(whole, header, sizeof(header) - 1);
        memcpy(whole + sizeof(header) - 1, data, size);
        check_module(whole, size + sizeof(header) - 1);
        free(whole);
    }
    return 0;
}
