/* SPDX-License-Identifier: Apache-2.0 */
/* device_print.c: see device_print.h. Formats are the program's, rebuilt conversion by conversion. */
#include "base/device_print.h"

#include <stdio.h>
#include <string.h>

struct arguments {
    const char *data;
    size_t size, at;
};

/* The next argument of `bytes`; zeros when the record ends before. */
static uint64_t take(struct arguments *arguments, size_t bytes) {
    uint64_t value = 0;
    size_t at = (arguments->at + bytes - 1) / bytes * bytes;
    if (at + bytes <= arguments->size) {
        memcpy(&value, arguments->data + at, bytes);
    }
    arguments->at = at + bytes;
    return value;
}

/* One conversion as the C library wants it: '*' replaced by its argument. */
struct conversion {
    char format[64];
    size_t length;
    size_t bytes; /* of an integer */
    char type;
};

static void add(struct conversion *conversion, char c) {
    if (conversion->length + 1 < sizeof conversion->format) {
        conversion->format[conversion->length++] = c;
        conversion->format[conversion->length] = 0;
    }
}

/* Reads behind the '%'; gives what follows the conversion. */
static const char *parse(const char *format, struct conversion *conversion, struct arguments *arguments) {
    *conversion = (struct conversion){.bytes = 4};
    add(conversion, '%');
    for (; *format && strchr("-+ #0123456789.*", *format); format++) {
        if (*format == '*') {
            char number[16];
            snprintf(number, sizeof number, "%d", (int)(int32_t)take(arguments, 4));
            for (const char *digit = number; *digit; digit++) {
                add(conversion, *digit);
            }
        } else {
            add(conversion, *format);
        }
    }
    for (; *format && strchr("hljzt", *format); format++) {
        conversion->bytes = *format == 'h' ? 4 : 8;
    }
    conversion->type = *format;
    return *format ? format + 1 : format;
}

static void print_one(struct conversion *conversion, struct arguments *arguments, cw_read_device_string *read, void *context) {
    char text[1024];
    uint64_t bits;
    double number;
    switch (conversion->type) {
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X':
        bits = take(arguments, conversion->bytes);
        if (conversion->bytes == 4) {
            bits = conversion->type == 'd' || conversion->type == 'i' ? (uint64_t)(int64_t)(int32_t)bits : bits;
        }
        add(conversion, 'l');
        add(conversion, 'l');
        add(conversion, conversion->type);
        printf(conversion->format, (unsigned long long)bits);
        return;
    case 'c':
        add(conversion, 'c');
        printf(conversion->format, (int)take(arguments, 4));
        return;
    case 'p':
        add(conversion, 'p');
        printf(conversion->format, (void *)(uintptr_t)take(arguments, 8));
        return;
    case 's':
        bits = take(arguments, 8);
        read(context, bits, text, sizeof text);
        add(conversion, 's');
        printf(conversion->format, text);
        return;
    case 'a':
    case 'A':
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
        bits = take(arguments, 8);
        memcpy(&number, &bits, sizeof number);
        add(conversion, conversion->type);
        printf(conversion->format, number);
        return;
    default: fputs(conversion->format, stdout); return;
    }
}

void cw_device_print(const char *format, const void *data, size_t size, cw_read_device_string *read, void *context) {
    struct arguments arguments = {data, size, 0};
    for (const char *c = format; *c;) {
        if (*c != '%') {
            putchar(*c++);
        } else if (c[1] == '%') {
            putchar('%');
            c += 2;
        } else {
            struct conversion conversion;
            c = parse(c + 1, &conversion, &arguments);
            print_one(&conversion, &arguments, read, context);
        }
    }
}
