/* SPDX-License-Identifier: Apache-2.0 */
#include "frontend/cuda/wasm_stack.h"

#include <string.h>

#include "frontend/cuda/wasm_code.h"

enum { EXPORTS = 7, FUNCTION = 0, GLOBAL = 3, GLOBAL_SET = 0x24, CALL = 0x10, WHOLE = 6 };

struct places {
    uint32_t imported, setter, pointer; /* functions before the module's own; indices of cw_stack_set and of the stack pointer */
    uint32_t found;                     /* how many of the two */
};

static void read_imports(struct cw_wasm_range contents, struct places *places) {
    uint32_t count;
    struct cw_wasm_import import;
    if (!cw_wasm_read_number(&contents, &count)) {
        return;
    }
    for (; count > 0 && cw_wasm_read_import(&contents, &import); count--) {
        places->imported += import.kind == FUNCTION;
    }
}

static bool is_called(const char *name, uint32_t length, const char *text) {
    return length == strlen(text) && memcmp(name, text, length) == 0;
}

static void read_exports(struct cw_wasm_range contents, struct places *places) {
    uint32_t count, length, index;
    const char *name, *kind;
    if (!cw_wasm_read_number(&contents, &count)) {
        return;
    }
    for (; count > 0; count--) {
        if (!cw_wasm_read_number(&contents, &length) || !cw_wasm_read_bytes(&contents, length, &name) ||
            !cw_wasm_read_bytes(&contents, 1, &kind) || !cw_wasm_read_number(&contents, &index)) {
            return;
        }
        if (*kind == FUNCTION && is_called(name, length, "cw_stack_set")) {
            places->setter = index;
            places->found++;
        } else if (*kind == GLOBAL && is_called(name, length, "__stack_pointer")) {
            places->pointer = index;
            places->found++;
        }
    }
}

/* Five bytes, whatever the number. */
static void write_whole(char *at, uint32_t number) {
    for (unsigned i = 0; i < 5; i++, number >>= 7) {
        at[i] = (char)((number & 0x7f) | (i < 4 ? 0x80 : 0));
    }
}

/* The body behind its locals. Nothing is changed before all of it has been read. */
static uint32_t guard_body(char *module, struct cw_wasm_range body, const struct places *places) {
    uint32_t groups, number, changed = 0;
    const char *type;
    if (!cw_wasm_read_number(&body, &groups)) {
        return 0;
    }
    for (; groups > 0; groups--) {
        if (!cw_wasm_read_number(&body, &number) || !cw_wasm_read_bytes(&body, 1, &type)) {
            return 0;
        }
    }
    for (int change = 0; change < 2; change++) {
        for (struct cw_wasm_range range = body; range.at < range.end;) {
            struct cw_wasm_instruction instruction;
            struct cw_wasm_range index = {range.at + 1, range.end};
            const char *start = range.at;
            if (!cw_wasm_read_instruction(&range, &instruction)) {
                return 0;
            }
            if (change && (uint8_t)*start == GLOBAL_SET && range.at - start == WHOLE && cw_wasm_read_number(&index, &number) &&
                number == places->pointer) {
                char *at = module + (start - module);
                *at = CALL;
                write_whole(at + 1, places->setter);
                changed++;
            }
        }
    }
    return changed;
}

static uint32_t guard_code(char *module, struct cw_wasm_range contents, const struct places *places) {
    uint32_t count, length, changed = 0;
    if (!cw_wasm_read_number(&contents, &count)) {
        return 0;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct cw_wasm_range body;
        if (!cw_wasm_read_number(&contents, &length) || !cw_wasm_read_bytes(&contents, length, &body.at)) {
            break;
        }
        body.end = body.at + length;
        if (places->imported + i != places->setter) {
            changed += guard_body(module, body, places);
        }
    }
    return changed;
}

uint32_t cw_wasm_guard_stacks(char *module, size_t size) {
    struct cw_wasm_range range = {module + 8, module + size}, contents;
    struct places places = {0};
    uint32_t id;
    if (size < 8 || memcmp(module, "\0asm", 4) != 0) {
        return 0;
    }
    while (range.at < range.end && cw_wasm_read_section(&range, &id, &contents)) {
        if (id == CW_WASM_IMPORTS) {
            read_imports(contents, &places);
        } else if (id == EXPORTS) {
            read_exports(contents, &places);
        } else if (id == CW_WASM_CODE) {
            return places.found == 2 ? guard_code(module, contents, &places) : 0;
        }
    }
    return 0;
}
