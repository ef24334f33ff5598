/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container_text.c: PTX that carries the kernel module it was made of, for the places where CUDA's interfaces pass PTX as a string:
 * NVRTC's nvrtcGetPTX, `-ptx` files, cuModuleLoadData.
 *
 *     <PTX>
 *     // CUDA-WASM kernel module, text form 2, of the PTX above: <32 hexadecimal digits>
 *     // <base64 (RFC 4648), 76 digits a line, '=' at its end>
 *     // end of CUDA-WASM kernel module
 *
 * NVIDIA's driver reads the PTX and sees comments behind it. CUDA-WASM reads the module, which has what PTX can't say and needs no
 * compilation from PTX, as long as the text above is what the digits (its hash) say; of a text that somebody changed the PTX
 * itself counts. A reader accepts lines that end in CR LF, and anything behind the last line: programs append NULs and more text. The
 * container's own hash, which every reader of containers checks, tells whether its digits arrived unchanged.
 */
#include "module/module.h"

#include <string.h>

#include "base/hash.h"

#define LINE_BYTES 57u /* 76 digits */
#define MARK "// CUDA-WASM kernel module, text form "
#define FIRST_LINE MARK "2, of the PTX above: "
#define HASH_DIGITS 32u
#define LAST_LINE "// end of CUDA-WASM kernel module\n"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Three bytes, or the last one or two, as four digits. */
static void write_group(struct cw_text *out, const uint8_t *bytes, size_t count) {
    uint32_t group = (uint32_t)bytes[0] << 16;
    group |= count > 1 ? (uint32_t)bytes[1] << 8 : 0;
    group |= count > 2 ? bytes[2] : 0;
    const char four[4] = {digits[group >> 18], digits[group >> 12 & 63], count > 1 ? digits[group >> 6 & 63] : '=',
                          count > 2 ? digits[group & 63] : '='};
    cw_text_append(out, four, sizeof(four));
}

/* Without carriage returns, which travel brings. */
static void hash_of(const char *text, size_t size, char digits_out[HASH_DIGITS + 1]) {
    struct cw_text plain = {0};
    uint8_t hash[16];
    for (const char *at = text, *end = text + size; at < end;) {
        const char *stop = memchr(at, '\r', (size_t)(end - at));
        cw_text_append(&plain, at, (size_t)((stop ? stop : end) - at));
        at = stop ? stop + 1 : end;
    }
    cw_hash128(cw_text_string(&plain), plain.size, hash);
    cw_hash_hex(hash, digits_out);
    cw_text_fini(&plain);
}

void cw_container_text_write(struct cw_text *out, const char *ptx, size_t ptx_size, const void *container, size_t size) {
    const uint8_t *bytes = container;
    char hash[HASH_DIGITS + 1];
    size_t begin = out->size;
    cw_text_append(out, ptx, ptx_size);
    if (ptx_size > 0 && ptx[ptx_size - 1] != '\n') {
        cw_text_add(out, "\n");
    }
    hash_of(cw_text_string(out) + begin, out->size - begin, hash);
    cw_text_printf(out, FIRST_LINE "%s\n", hash);
    for (size_t at = 0; at < size; at += 3) {
        if (at % LINE_BYTES == 0) {
            cw_text_add(out, "// ");
        }
        write_group(out, bytes + at, size - at < 3 ? size - at : 3);
        if ((at + 3) % LINE_BYTES == 0 || at + 3 >= size) {
            cw_text_add(out, "\n");
        }
    }
    cw_text_add(out, LAST_LINE);
}

/* ---- Reading ------------------------------------------------------------------------------------------------- */

/* The line that begins the module: the last one, at the beginning of a line. NULL when there is none. */
static const char *find_mark(const char *text, size_t size) {
    const char *found = NULL, *end = text + size;
    for (const char *at = text; at < end; at++) {
        at = memmem(at, (size_t)(end - at), MARK, strlen(MARK));
        if (!at) {
            break;
        }
        if (at == text || at[-1] == '\n') {
            found = at;
        }
    }
    return found;
}

bool cw_container_is_text(const char *text, size_t size) {
    return find_mark(text, size) != NULL;
}

/* The value of each digit, 64 for other characters. */
static uint8_t digit_value(char c) {
    const char *found = c == '\0' ? NULL : strchr(digits, c);
    return found == NULL ? 64 : (uint8_t)(found - digits);
}

/* Decodes one line of digits. False when it is none. */
static bool read_digits(struct cw_text *out, const char *line, size_t length) {
    if (length == 0 || length % 4 != 0) {
        return false;
    }
    for (size_t at = 0; at < length; at += 4) {
        bool last = at + 4 == length;
        unsigned padding = !last || line[at + 3] != '=' ? 0 : line[at + 2] == '=' ? 2 : 1;
        uint32_t group = 0;
        for (unsigned i = 0; i < 4; i++) {
            uint8_t value = i < 4 - padding ? digit_value(line[at + i]) : 0;
            if (value > 63) {
                return false;
            }
            group = group << 6 | value;
        }
        const char bytes[3] = {(char)(uint8_t)(group >> 16), (char)(uint8_t)(group >> 8), (char)(uint8_t)group};
        cw_text_append(out, bytes, 3 - padding);
    }
    return true;
}

/* The length of the line at `at`, without its end. */
static size_t line_length(const char *at, const char *end, const char **next) {
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    const char *stop = newline == NULL ? end : newline;
    *next = newline == NULL ? end : newline + 1;
    return (size_t)(stop - at) - (stop > at && stop[-1] == '\r');
}

cw_status cw_container_text_read(const char *text, size_t size, struct cw_text *container) {
    const char *end = text + size, *at = find_mark(text, size), *next;
    char hash[HASH_DIGITS + 1];
    if (!at) {
        return CW_ERROR_NOT_FOUND;
    }
    hash_of(text, (size_t)(at - text), hash);
    size_t length = line_length(at, end, &next);
    size_t begin = strlen(FIRST_LINE);
    if (length != begin + HASH_DIGITS || memcmp(at, FIRST_LINE, begin) != 0) {
        return CW_ERROR_BAD_MODULE;
    }
    if (memcmp(at + begin, hash, HASH_DIGITS) != 0) {
        return CW_ERROR_NOT_FOUND;
    }
    size_t before = container->size;
    for (at = next; at < end; at = next) {
        length = line_length(at, end, &next);
        if (length == strlen(LAST_LINE) - 1 && memcmp(at, LAST_LINE, length) == 0) {
            return CW_OK;
        }
        if (length < 3 || memcmp(at, "// ", 3) != 0 || !read_digits(container, at + 3, length - 3)) {
            break;
        }
    }
    container->size = before;
    return CW_ERROR_BAD_MODULE;
}
