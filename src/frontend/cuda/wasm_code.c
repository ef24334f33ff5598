/* SPDX-License-Identifier: Apache-2.0 */
#include "frontend/cuda/wasm_code.h"

#include <string.h>

/* ---- Numbers and sections ---- */

bool cw_wasm_read_number(struct cw_wasm_range *range, uint32_t *number) {
    *number = 0;
    for (unsigned shift = 0; range->at < range->end && shift < 35; shift += 7) {
        uint8_t byte = (uint8_t)*range->at++;
        *number |= (uint32_t)(byte & 0x7f) << (shift < 32 ? shift : 31);
        if (!(byte & 0x80)) {
            return true;
        }
    }
    return false;
}

bool cw_wasm_read_bytes(struct cw_wasm_range *range, uint32_t count, const char **bytes) {
    if (count > (size_t)(range->end - range->at)) {
        return false;
    }
    *bytes = range->at;
    range->at += count;
    return true;
}

bool cw_wasm_read_section(struct cw_wasm_range *range, uint32_t *id, struct cw_wasm_range *contents) {
    uint32_t length;
    const char *bytes;
    if (!cw_wasm_read_bytes(range, 1, &bytes) || !cw_wasm_read_number(range, &length) ||
        !cw_wasm_read_bytes(range, length, &contents->at)) {
        return false;
    }
    *id = (uint8_t)*bytes;
    contents->end = contents->at + length;
    return true;
}

void cw_wasm_write_number(struct cw_text *out, uint32_t number) {
    do {
        uint8_t byte = (uint8_t)((number & 0x7f) | (number > 0x7f ? 0x80 : 0));
        cw_text_append(out, &byte, 1);
        number >>= 7;
    } while (number);
}

/* ---- Imports ---- */

static bool skip_limits(struct cw_wasm_range *range) {
    uint32_t form, number;
    return cw_wasm_read_number(range, &form) && cw_wasm_read_number(range, &number) && (!(form & 1) || cw_wasm_read_number(range, &number));
}

bool cw_wasm_read_import(struct cw_wasm_range *range, struct cw_wasm_import *import) {
    uint32_t number;
    const char *kind, *type;
    import->names.at = range->at;
    for (int name = 0; name < 2; name++) {
        if (!cw_wasm_read_number(range, &import->name_size) || !cw_wasm_read_bytes(range, import->name_size, &import->name)) {
            return false;
        }
    }
    import->names.end = range->at;
    if (!cw_wasm_read_bytes(range, 1, &kind)) {
        return false;
    }
    import->kind = (uint8_t)*kind;
    switch (import->kind) {
    case 0: return cw_wasm_read_number(range, &number); /* a function: its type */
    case 1: return cw_wasm_read_bytes(range, 1, &type) && skip_limits(range); /* a table */
    case 2: return skip_limits(range); /* a memory */
    default: return cw_wasm_read_number(range, &number) && cw_wasm_read_number(range, &number); /* a global, a tag */
    }
}

bool cw_wasm_visit_imports(const char *module, size_t size, void (*visit)(void *context, const char *name, size_t name_size),
                           void *context) {
    struct cw_wasm_range range = {module + 8, module + size}, contents;
    uint32_t id, count;
    if (size < 8 || memcmp(module, "\0asm", 4) != 0) {
        return false;
    }
    while (range.at < range.end) {
        if (!cw_wasm_read_section(&range, &id, &contents)) {
            return false;
        }
        if (id != CW_WASM_IMPORTS) {
            continue;
        }
        if (!cw_wasm_read_number(&contents, &count)) {
            return false;
        }
        for (; count > 0; count--) {
            struct cw_wasm_import import;
            if (!cw_wasm_read_import(&contents, &import)) {
                return false;
            }
            if (import.kind == 0) {
                visit(context, import.name, import.name_size);
            }
        }
    }
    return true;
}

/* ---- Instructions ---- */

static bool skip(struct cw_wasm_range *range, uint32_t bytes) {
    const char *ignored;
    return cw_wasm_read_bytes(range, bytes, &ignored);
}

/* Any LEB128, of up to 64 bits, signed or not. */
static bool skip_number(struct cw_wasm_range *range) {
    while (range->at < range->end) {
        if (!(*range->at++ & 0x80)) {
            return true;
        }
    }
    return false;
}

static bool skip_numbers(struct cw_wasm_range *range, unsigned count) {
    while (count > 0 && skip_number(range)) {
        count--;
    }
    return count == 0;
}

/* Alignment, the memory where bit 6 says that there are several, offset. */
static bool skip_address(struct cw_wasm_range *range) {
    uint32_t alignment;
    return cw_wasm_read_number(range, &alignment) && skip_numbers(range, alignment & 64 ? 2 : 1);
}

static bool read_reference(struct cw_wasm_range *range, struct cw_wasm_instruction *instruction, enum cw_wasm_reference reference) {
    instruction->reference = reference;
    instruction->index_bytes.at = range->at;
    bool known = cw_wasm_read_number(range, &instruction->index);
    instruction->index_bytes.end = range->at;
    return known;
}

/* Nothing, a type of values (both negative numbers), or the index of a type. */
static bool read_block(struct cw_wasm_range *range, struct cw_wasm_instruction *instruction) {
    if (range->at < range->end && (*range->at & 0xc0) == 0x40) {
        return skip(range, 1);
    }
    return read_reference(range, instruction, CW_WASM_REFERS_TO_TYPE);
}

static bool read_try_table(struct cw_wasm_range *range, struct cw_wasm_instruction *instruction) {
    uint32_t clauses, kind;
    if (!read_block(range, instruction) || !cw_wasm_read_number(range, &clauses)) {
        return false;
    }
    for (; clauses > 0; clauses--) { /* kinds 0 and 1 have a tag, then all a label */
        if (!cw_wasm_read_number(range, &kind) || !skip_numbers(range, kind < 2 ? 2 : 1)) {
            return false;
        }
    }
    return true;
}

static bool skip_table(struct cw_wasm_range *range) {
    uint32_t labels;
    return cw_wasm_read_number(range, &labels) && skip_numbers(range, labels) && skip_number(range);
}

static bool skip_types(struct cw_wasm_range *range) {
    uint32_t types;
    return cw_wasm_read_number(range, &types) && skip(range, types);
}

/* 0xfc: conversions that saturate, memory and tables in bulk. */
static bool skip_bulk(struct cw_wasm_range *range) {
    uint32_t code;
    if (!cw_wasm_read_number(range, &code) || code > 17) {
        return false;
    }
    static const uint8_t numbers[18] = {[8] = 2, [9] = 1, [10] = 2, [11] = 1, [12] = 2, [13] = 1, [14] = 2, [15] = 1, [16] = 1, [17] = 1};
    return skip_numbers(range, numbers[code]);
}

/* 0xfd: vectors of 128 bits. */
static bool skip_vector(struct cw_wasm_range *range) {
    uint32_t code;
    if (!cw_wasm_read_number(range, &code)) {
        return false;
    }
    if (code <= 11 || code == 92 || code == 93) { /* loads and a store */
        return skip_address(range);
    }
    if (code == 12 || code == 13) { /* a constant; a shuffle */
        return skip(range, 16);
    }
    if (code >= 84 && code <= 91) { /* of one lane */
        return skip_address(range) && skip(range, 1);
    }
    return code < 21 || code > 34 || skip(range, 1); /* lanes */
}

/* 0xfe: atomics. */
static bool skip_atomic(struct cw_wasm_range *range) {
    uint32_t code;
    return cw_wasm_read_number(range, &code) && (code == 3 ? skip(range, 1) : skip_address(range));
}

bool cw_wasm_read_instruction(struct cw_wasm_range *range, struct cw_wasm_instruction *instruction) {
    const char *opcode;
    *instruction = (struct cw_wasm_instruction){0};
    if (!cw_wasm_read_bytes(range, 1, &opcode)) {
        return false;
    }
    uint8_t code = (uint8_t)*opcode;
    instruction->exception = code == 0x08 || code == 0x0a || code == 0x1f;
    switch (code) {
    case 0x02: /* block, loop, if; try, of the form of exceptions before the standard's */
    case 0x03:
    case 0x04:
    case 0x06: return read_block(range, instruction);
    case 0x1f: return read_try_table(range, instruction);
    case 0x10: /* call, return_call, ref.func */
    case 0x12:
    case 0xd2: return read_reference(range, instruction, CW_WASM_REFERS_TO_FUNCTION);
    case 0x11: /* call_indirect, return_call_indirect: a type, then a table */
    case 0x13: return read_reference(range, instruction, CW_WASM_REFERS_TO_TYPE) && skip_number(range);
    case 0x07: /* catch, rethrow, delegate, of that form */
    case 0x09:
    case 0x18:
    case 0x08: /* throw; br, br_if */
    case 0x0c:
    case 0x0d: return skip_number(range);
    case 0x0e: return skip_table(range);
    case 0x1c: return skip_types(range);
    case 0x43: return skip(range, 4);
    case 0x44: return skip(range, 8);
    case 0xd0: return skip_number(range);
    case 0xfc: return skip_bulk(range);
    case 0xfd: return skip_vector(range);
    case 0xfe: return skip_atomic(range);
    case 0x00: /* unreachable, nop, else, throw_ref, end, return, drop, select */
    case 0x01:
    case 0x05:
    case 0x0a:
    case 0x0b:
    case 0x0f:
    case 0x19: /* catch_all */
    case 0x1a:
    case 0x1b: return true;
    case 0xd1: return true;
    default: break;
    }
    if (code >= 0x20 && code <= 0x26) { /* locals, globals, tables */
        return skip_number(range);
    }
    if (code >= 0x28 && code <= 0x3e) {
        return skip_address(range);
    }
    if (code >= 0x3f && code <= 0x42) { /* sizes of memory, integer constants */
        return skip_number(range);
    }
    return code >= 0x45 && code <= 0xc4;
}
