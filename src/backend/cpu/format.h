/* SPDX-License-Identifier: Apache-2.0 */
/*
 * format.h: the text of a call of device printf (CUDA C++ Programming Guide, "Formatted Output"). The compiler packs the
 * arguments into a struct: each at its natural alignment, float promoted to double.
 */
#ifndef CW_BACKEND_CPU_FORMAT_H
#define CW_BACKEND_CPU_FORMAT_H

#include <stddef.h>

/* On the stack while it is short. Ends without a zero. */
struct cw_cpu_text {
    char *data;
    size_t size;
    size_t capacity;
    char small[1024];
};

void cw_cpu_text_init(struct cw_cpu_text *text);
void cw_cpu_text_fini(struct cw_cpu_text *text);

/* Appends the whole text. The number of arguments that it took, or -1 when the format makes no sense or there is no memory. A bad
 * pointer for %s faults here. */
int cw_cpu_format(struct cw_cpu_text *text, const char *format, const char *arguments);

#endif
