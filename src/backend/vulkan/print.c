/* SPDX-License-Identifier: Apache-2.0 */
/*
 * print.c: what kernels print. A kernel writes records (artifact.h) into the service block; the host formats them when no
 * kernel runs. Arguments lie at their natural alignment, floats as doubles (CUDA C++ Programming Guide, "Formatted Output").
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/vulkan/device.h"

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

static void print_one(struct cw_backend_device *device, struct conversion *conversion, struct arguments *arguments) {
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
        cw_vk_read_string(device, bits, text, sizeof text);
        if (bits >> 48) {
            snprintf(text, sizeof text, "(a string in local or shared memory)"); /* gone by now */
        }
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

static void print_record(struct cw_backend_device *device, const struct cw_vk_record *record) {
    char format[4096];
    struct arguments arguments = {(const char *)(record + 1), record->size - sizeof *record, 0};
    cw_vk_read_string(device, record->format, format, sizeof format);
    for (const char *c = format; *c;) {
        if (*c != '%') {
            putchar(*c++);
        } else if (c[1] == '%') {
            putchar('%');
            c += 2;
        } else {
            struct conversion conversion;
            c = parse(c + 1, &conversion, &arguments);
            print_one(device, &conversion, &arguments);
        }
    }
}

/* Lock held; no kernel runs. Formats are the program's, rebuilt conversion by conversion. */
void cw_vk_print(struct cw_backend_device *device) {
    struct cw_vk_service *service = device->service;
    const char *records = (const char *)service + CW_VK_OUTPUT_OFFSET;
    uint64_t used = service->output_used < service->output_size ? service->output_used : service->output_size;
    uint64_t at = 0;
    while (at + sizeof(struct cw_vk_record) <= used) {
        const struct cw_vk_record *record = (const struct cw_vk_record *)(const void *)(records + at);
        if (record->size < sizeof *record || record->size % 8 || record->size > used - at) {
            break; /* the last one did not fit */
        }
        print_record(device, record);
        at += record->size;
    }
    if (used) {
        memset((char *)service + CW_VK_OUTPUT_OFFSET, 0, used);
        service->output_used = 0;
    }
}
