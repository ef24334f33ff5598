/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report.c: printf, assert and trap for devices whose only way to the host is memory. Compiled to LLVM IR at build time; a target
 * links it and replaces the waist's words by calls of these (target/wgsl/report.c), and ends the thread behind those that don't
 * return: an `unreachable` here would let LLVM forget who was first. See report.h.
 */
#include "library/report/report.h"

#define GLOBAL __attribute__((address_space(1)))

GLOBAL struct cw_report cw_reports __asm__(CW_REPORT_VARIABLE) = {0};

unsigned block_x(void) __asm__("cw.ctaid.x");
unsigned block_y(void) __asm__("cw.ctaid.y");
unsigned block_z(void) __asm__("cw.ctaid.z");
unsigned thread_x(void) __asm__("cw.tid.x");
unsigned thread_y(void) __asm__("cw.tid.y");
unsigned thread_z(void) __asm__("cw.tid.z");
int cw_report_print(const char *format, const uint32_t *arguments, uint32_t words);
void cw_report_trap(void);
void cw_report_assert(const char *condition, const char *file, uint32_t line, const char *function);

/* The number that vprintf gives is that of its arguments; 0 when there is no room left (CUDA C++ Programming Guide, "Formatted Output"). */
int cw_report_print(const char *format, const uint32_t *arguments, uint32_t words) {
    uint32_t size = (uint32_t)sizeof(struct cw_report_record) + 4 * words;
    uint32_t at = __atomic_fetch_add(&cw_reports.used, size, __ATOMIC_RELAXED);
    if (at > cw_reports.size || size > cw_reports.size - at) return -1;
    GLOBAL uint32_t *to = (GLOBAL uint32_t *)(uintptr_t)(cw_reports.output + at);
    to[0] = size;
    to[1] = (uint32_t)(uintptr_t)format;
    for (uint32_t i = 0; i < words; i++) to[2 + i] = arguments[i];
    return (int)words;
}

static inline int is_first(uint32_t kind) {
    uint32_t nothing = CW_REPORT_NOTHING;
    return __atomic_compare_exchange_n(&cw_reports.kind, &nothing, kind, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

static inline void tell_place(void) {
    cw_reports.block[0] = block_x();
    cw_reports.block[1] = block_y();
    cw_reports.block[2] = block_z();
    cw_reports.thread[0] = thread_x();
    cw_reports.thread[1] = thread_y();
    cw_reports.thread[2] = thread_z();
}

void cw_report_trap(void) {
    if (is_first(CW_REPORT_TRAP)) tell_place();
}

void cw_report_assert(const char *condition, const char *file, uint32_t line, const char *function) {
    if (is_first(CW_REPORT_ASSERT)) {
        tell_place();
        cw_reports.line = line;
        cw_reports.text[0] = (uint32_t)(uintptr_t)condition;
        cw_reports.text[1] = (uint32_t)(uintptr_t)file;
        cw_reports.text[2] = (uint32_t)(uintptr_t)function;
    }
}
