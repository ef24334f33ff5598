/* SPDX-License-Identifier: Apache-2.0 */
/* line.h: source lines of code addresses, from DWARF, for fault reports. */
#ifndef CW_BACKEND_CPU_LINE_H
#define CW_BACKEND_CPU_LINE_H

#include <stddef.h>
#include <stdint.h>

enum cw_cpu_line_result {
    CW_CPU_LINE_FOUND,
    CW_CPU_LINE_UNKNOWN,   /* the code has no line table, or the address no line */
    CW_CPU_LINE_NO_LIBRARY /* libdw.so.1 is not installed */
};

/* Writes "FILE:LINE" of the instruction at `pc` to `text`. Paths below the current folder are shortened to it. */
enum cw_cpu_line_result cw_cpu_line_find(uintptr_t pc, char *text, size_t size);

#endif
