/* SPDX-License-Identifier: Apache-2.0 */
#include "backend/cpu/format.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *room(struct cw_cpu_text *text, size_t size) {
    if (text->capacity - text->size < size) {
        size_t capacity = (text->size + size) * 2;
        char *data = text->data == text->small ? malloc(capacity) : realloc(text->data, capacity);
        if (!data) {
            return NULL;
        }
        if (text->data == text->small) {
            memcpy(data, text->small, text->size);
        }
        text->data = data;
        text->capacity = capacity;
    }
    return text->data + text->size;
}

static bool put(struct cw_cpu_text *text, const char *bytes, size_t size) {
    char *to = room(text, size);
    if (to) {
        memcpy(to, bytes, size);
        text->size += size;
    }
    return to != NULL;
}

/* One conversion, ready for snprintf: '*' replaced by its argument. */
struct conversion {
    char format[96];
    size_t length;
    int bytes; /* of an integer argument: 1, 2, 4 or 8 */
    char type;
};

static const void *argument(const char **cursor, size_t size) {
    *cursor = (const char *)(((uintptr_t)*cursor + size - 1) & ~(uintptr_t)(size - 1));
    const void *value = *cursor;
    *cursor += size;
    return value;
}

static bool add_number(struct conversion *out, int number) {
    int length = snprintf(out->format + out->length, sizeof out->format - out->length, "%d", number);
    out->length += (size_t)length;
    return out->length + 8 < sizeof out->format;
}

/* Digits, or '*' and its argument. A negative precision counts as none, a negative width as a left-justified one. */
static bool parse_number(const char **at, struct conversion *out, const char **cursor, int *arguments) {
    if (**at == '*') {
        ++*at;
        int number;
        memcpy(&number, argument(cursor, sizeof number), sizeof number);
        ++*arguments;
        if (number < 0 && out->format[out->length - 1] == '.') {
            out->length--;
            return true;
        }
        return number > INT32_MIN && add_number(out, number);
    }
    int number = 0;
    bool any = false;
    for (; **at >= '0' && **at <= '9'; ++*at) {
        if (number > 1000000) {
            return false;
        }
        number = number * 10 + (**at - '0');
        any = true;
    }
    return !any || add_number(out, number);
}

/* Reads a conversion behind its '%'. False when it is malformed or not one of CUDA's. */
static bool parse(const char **at, struct conversion *out, const char **cursor, int *arguments) {
    out->format[0] = '%';
    out->length = 1;
    for (; **at && strchr("-+ #0", **at); ++*at) {
        if (out->length > 8) {
            return false;
        }
        out->format[out->length++] = **at;
    }
    if (!parse_number(at, out, cursor, arguments)) {
        return false;
    }
    if (**at == '.') {
        ++*at;
        out->format[out->length++] = '.';
        if (!parse_number(at, out, cursor, arguments)) {
            return false;
        }
    }
    out->bytes = 4;
    if (**at == 'h') {
        ++*at;
        out->bytes = 2;
        if (**at == 'h') {
            ++*at;
            out->bytes = 1;
        }
    } else if (**at == 'l' || **at == 'z' || **at == 'j' || **at == 't') {
        bool longest = **at == 'j' || (**at == 'l' && (*at)[1] == 'l');
        out->bytes = longest ? 8 : (int)sizeof(long); /* as size_t and ptrdiff_t have */
        *at += 1 + (**at == 'l' && (*at)[1] == 'l');
    }
    out->type = **at;
    if (!out->type || !strchr("diouxXfFeEgGaAcsp%", out->type)) {
        return false;
    }
    ++*at;
    return out->bytes == 4 || strchr(out->bytes == 8 ? "diouxXfFeEgGaA" : "diouxX", out->type);
}

/* Formats one value. The format is built by parse(), from conversions that match the types given here. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static int format_value(char *to, size_t size, struct conversion *conversion, const void *value) {
    int64_t number = 0;
    char *end = conversion->format + conversion->length;
    switch (conversion->type) {
    case 'd':
    case 'i':
    case 'o':
    case 'u':
    case 'x':
    case 'X':
        if (conversion->bytes == 8) {
            memcpy(&number, value, 8);
        } else {
            int32_t word;
            memcpy(&word, value, 4);
            bool is_signed = conversion->type == 'd' || conversion->type == 'i';
            switch (conversion->bytes) {
            case 1: number = is_signed ? (int64_t)(int8_t)word : (int64_t)(uint8_t)word; break;
            case 2: number = is_signed ? (int64_t)(int16_t)word : (int64_t)(uint16_t)word; break;
            default: number = is_signed ? (int64_t)word : (int64_t)(uint32_t)word; break;
            }
        }
        snprintf(end, 8, "ll%c", conversion->type);
        return snprintf(to, size, conversion->format, (long long)number);
    case 'c': {
        int32_t word;
        memcpy(&word, value, 4);
        snprintf(end, 8, "c");
        return snprintf(to, size, conversion->format, word);
    }
    case 's':
    case 'p': {
        void *pointer;
        memcpy(&pointer, value, sizeof pointer);
        snprintf(end, 8, "%c", conversion->type);
        return snprintf(to, size, conversion->format, pointer);
    }
    default: {
        double real;
        memcpy(&real, value, sizeof real);
        snprintf(end, 8, "%c", conversion->type);
        return snprintf(to, size, conversion->format, real);
    }
    }
}
#pragma GCC diagnostic pop

/* Adds one value. */
static bool put_value(struct cw_cpu_text *text, struct conversion *conversion, const char **cursor) {
    bool wide = conversion->bytes == 8 || strchr("fFeEgGaA", conversion->type);
    const void *value = argument(cursor, strchr("sp", conversion->type) ? sizeof(void *) : wide ? 8 : 4);
    size_t free_bytes = text->capacity - text->size;
    int length = format_value(text->data + text->size, free_bytes, conversion, value);
    if (length < 0) {
        return false;
    }
    if ((size_t)length >= free_bytes) {
        if (!room(text, (size_t)length + 1)) {
            return false;
        }
        format_value(text->data + text->size, (size_t)length + 1, conversion, value);
    }
    text->size += (size_t)length;
    return true;
}

int cw_cpu_format(struct cw_cpu_text *text, const char *format, const char *cursor) {
    int arguments = 0;
    while (*format) {
        const char *percent = strchrnul(format, '%');
        if (!put(text, format, (size_t)(percent - format))) {
            return -1;
        }
        if (!*percent) {
            break;
        }
        format = percent + 1;
        struct conversion conversion;
        if (!parse(&format, &conversion, &cursor, &arguments)) {
            return -1;
        }
        if (conversion.type == '%') {
            if (!put(text, "%", 1)) {
                return -1;
            }
            continue;
        }
        if (!put_value(text, &conversion, &cursor)) {
            return -1;
        }
        arguments++;
    }
    return arguments;
}

void cw_cpu_text_init(struct cw_cpu_text *text) {
    text->data = text->small;
    text->size = 0;
    text->capacity = sizeof text->small;
}

void cw_cpu_text_fini(struct cw_cpu_text *text) {
    if (text->data != text->small) {
        free(text->data);
    }
}
