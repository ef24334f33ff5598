/* SPDX-License-Identifier: Apache-2.0 */
/*
 * program.h: from sources to a native executable.
 *
 * Every source is two tasks, device and host, that run side by side and know nothing of each other; the compiler library is
 * opened meanwhile. Then one link. Diagnostics are collected, put in the order of the sources, and shown once.
 */
#ifndef CW_TOOL_PROGRAM_H
#define CW_TOOL_PROGRAM_H

#include "tool/device_code.h"

struct cw_program {
    struct cw_setting setting;
    const char *const *cpus; /* LLVM CPU names that artifacts are made for; NULL in it: this machine's own */
    size_t cpu_count;
    const char *folder; /* for intermediate files; removed when a signal ends the tool */
    const char *output;
    struct cw_strings dependencies; /* set: every file that was read. The caller frees it. */
};

/* An enum cw_exit; says on stderr what went wrong. */
int cw_program_build(struct cw_program *program);

#endif
