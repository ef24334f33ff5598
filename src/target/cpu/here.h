/* SPDX-License-Identifier: Apache-2.0 */
/* here.h: the marker that entry.c leaves in each iteration over threads: cw.here(x, y, z, linear index). */
#ifndef CW_TARGET_CPU_HERE_H
#define CW_TARGET_CPU_HERE_H

#include "target/cpu/cpu.h"

#define CW_CPU_HERE "cw.here"

/* The marker call in `function`, or NULL. An entry point has exactly one. */
LLVMValueRef cw_cpu_find_marker(LLVMValueRef function);

#endif
