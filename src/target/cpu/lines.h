/* SPDX-License-Identifier: Apache-2.0 */
/* lines.h: debug information of the entry points, so that the source lines of what is inlined into them survive. */
#ifndef CW_TARGET_CPU_LINES_H
#define CW_TARGET_CPU_LINES_H

#include <llvm-c/DebugInfo.h>

#include "module/ir/ir.h"

struct cw_cpu_lines {
    LLVMDIBuilderRef builder; /* NULL when the module has no line tables */
};

void cw_cpu_lines_init(struct cw_cpu_lines *lines, LLVMModuleRef llvm, const struct cw_table *table);
/* Gives `entry`, an entry point of `kernel`, a subprogram, and `builder` a place in it: the kernel's own line. */
void cw_cpu_lines_begin(struct cw_cpu_lines *lines, LLVMValueRef kernel, LLVMValueRef entry, LLVMBuilderRef builder);
void cw_cpu_lines_fini(struct cw_cpu_lines *lines);

#endif
