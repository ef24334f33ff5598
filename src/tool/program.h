/* SPDX-License-Identifier: Apache-2.0 */
/* program.h: from sources to a native executable: units are compiled (units.h), relocatable device code is linked
 * (device_link.h), then everything. */
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
