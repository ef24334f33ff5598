/* SPDX-License-Identifier: Apache-2.0 */
/*
 * print.c: device printf. A call formats its whole text first, on the calling thread and without a lock, so that a bad pointer for %s
 * faults in its own thread and texts of different threads don't mix.
 */
#include "backend/cpu/print.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/cpu/block.h"
#include "backend/cpu/device.h"
#include "backend/cpu/format.h"
#include "backend/cpu/services.h"
#include "backend/cpu/worker.h"

/* ---- The buffer --------------------------------------------------------------------------------------------------- */

void cw_cpu_print_init(struct cw_cpu_print *print) {
    *print = (struct cw_cpu_print){.limit = CW_CPU_PRINT_LIMIT};
    pthread_mutex_init(&print->lock, NULL);
}

static void flush(struct cw_cpu_print *print) {
    if (print->size) {
        (void)!fwrite(print->data, 1, print->size, stdout);
        print->size = 0;
    }
}

void cw_cpu_print_fini(struct cw_cpu_print *print) {
    flush(print);
    free(print->data);
    pthread_mutex_destroy(&print->lock);
}

void cw_cpu_print_limit(struct cw_cpu_print *print, size_t limit) {
    pthread_mutex_lock(&print->lock);
    print->limit = limit;
    pthread_mutex_unlock(&print->lock);
}

void cw_cpu_print_flush(struct cw_cpu_print *print) {
    pthread_mutex_lock(&print->lock);
    flush(print);
    pthread_mutex_unlock(&print->lock);
}

static void append(struct cw_cpu_print *print, const char *text, size_t size) {
    pthread_mutex_lock(&print->lock);
    if (print->size + size > print->limit) {
        flush(print);
    }
    if (print->size + size > print->capacity) {
        size_t capacity = print->capacity ? print->capacity : 4096;
        while (capacity < print->size + size) {
            capacity *= 2;
        }
        char *data = realloc(print->data, capacity);
        if (data) {
            print->data = data;
            print->capacity = capacity;
        } else {
            flush(print);
        }
    }
    if (print->size + size <= print->capacity) {
        memcpy(print->data + print->size, text, size);
        print->size += size;
    } else {
        (void)!fwrite(text, 1, size, stdout);
    }
    pthread_mutex_unlock(&print->lock);
}

/* ---- The service -------------------------------------------------------------------------------------------------- */

uint32_t cw_cpu_vprintf(const char *format, const void *arguments) {
    if (!format) {
        return (uint32_t)-1;
    }
    struct cw_cpu_text text;
    cw_cpu_text_init(&text);
    int count = cw_cpu_format(&text, format, arguments);
    struct cw_cpu_worker *worker = cw_cpu_state_of(cw_cpu_self())->worker;
    if (count >= 0 && text.size != 0 && !worker->replaying) {
        append(&worker->device->print, text.data, text.size);
    }
    cw_cpu_text_fini(&text);
    return (uint32_t)count;
}
