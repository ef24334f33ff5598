/* SPDX-License-Identifier: Apache-2.0 */
/* warm.h: LLVM made ready while another processor runs clang. */
#ifndef CW_TOOL_WARM_H
#define CW_TOOL_WARM_H

#include "cudawasm/cw.h"

/* Compiles a small kernel for the CPU and forgets it, so that LLVM's code is in memory and bound, its tables built, when the
 * program's kernels come. Takes less time than clang does; does nothing on a machine with one processor. */
void cw_warm(const struct cw_compiler_api *api);

#endif
