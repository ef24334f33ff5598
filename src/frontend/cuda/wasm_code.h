/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wasm_code.h: reading WebAssembly modules: numbers, sections, and instructions one by one, with what they refer to. Source:
 * WebAssembly core specification 3.0, "Binary Format".
 */
#ifndef CW_FRONTEND_CUDA_WASM_CODE_H
#define CW_FRONTEND_CUDA_WASM_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum cw_wasm_section {
    CW_WASM_CUSTOM = 0,
    CW_WASM_TYPES = 1,
    CW_WASM_IMPORTS = 2,
    CW_WASM_FUNCTIONS = 3,
    CW_WASM_CODE = 10,
    CW_WASM_SECTION_IDS = 14
};

/* Bytes of a module, borrowed. */
struct cw_wasm_range {
    const char *at, *end;
};

/* Each advances `range` and gives false when it ends too early or holds something else. */
bool cw_wasm_read_number(struct cw_wasm_range *range, uint32_t *number);
bool cw_wasm_read_bytes(struct cw_wasm_range *range, uint32_t count, const char **bytes);
/* The next section's id and contents. `range` begins behind the module's head of eight bytes. */
bool cw_wasm_read_section(struct cw_wasm_range *range, uint32_t *id, struct cw_wasm_range *contents);

struct cw_wasm_import {
    struct cw_wasm_range names; /* of the module and of the thing, each behind its length */
    const char *name;           /* of the thing */
    uint32_t name_size;
    uint8_t kind; /* 0: a function */
};
/* One import of those that the section counts at its beginning. */
bool cw_wasm_read_import(struct cw_wasm_range *range, struct cw_wasm_import *import);

/* Calls `visit` with the name of every function that a module, or an object for a linker, imports. False when it is neither. */
bool cw_wasm_visit_imports(const char *module, size_t size, void (*visit)(void *context, const char *name, size_t name_size),
                           void *context);

void cw_wasm_write_number(struct cw_text *out, uint32_t number);

enum cw_wasm_reference { CW_WASM_REFERS_TO_NOTHING, CW_WASM_REFERS_TO_TYPE, CW_WASM_REFERS_TO_FUNCTION };

struct cw_wasm_instruction {
    bool exception; /* it throws or catches in the standard's form */
    enum cw_wasm_reference reference;
    uint32_t index; /* of what it refers to, with the bytes that say so */
    struct cw_wasm_range index_bytes;
};

/* One instruction of a body, behind its locals. False when it is none that is known. */
bool cw_wasm_read_instruction(struct cw_wasm_range *range, struct cw_wasm_instruction *instruction);

#endif
