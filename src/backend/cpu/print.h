/* SPDX-License-Identifier: Apache-2.0 */
/*
 * print.h: what kernels print: a buffer of the device, written to stdout when the runtime says so. CUDA's buffer loses
 * lines when it is full; ours writes early instead.
 */
#ifndef CW_BACKEND_CPU_PRINT_H
#define CW_BACKEND_CPU_PRINT_H

#include <pthread.h>
#include <stddef.h>

#define CW_CPU_PRINT_LIMIT ((size_t)1 << 20)

struct cw_cpu_print {
    pthread_mutex_t lock;
    char *data;
    size_t size;
    size_t capacity;
    size_t limit;
};

void cw_cpu_print_init(struct cw_cpu_print *print);
/* Writes what is left. */
void cw_cpu_print_fini(struct cw_cpu_print *print);
void cw_cpu_print_limit(struct cw_cpu_print *print, size_t limit);
void cw_cpu_print_flush(struct cw_cpu_print *print);

#endif
