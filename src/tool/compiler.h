/* SPDX-License-Identifier: Apache-2.0 */
/* compiler.h: libcudawasm-compiler.so, opened when something has to be compiled: it brings LLVM with it. */
#ifndef CW_TOOL_COMPILER_H
#define CW_TOOL_COMPILER_H

#include "base/text.h"
#include "cudawasm/cw.h"
#include "frontend/cuda/toolchain.h"

/* The compiler's functions; the first call opens the library, any thread may be the first. NULL, with a sentence in
 * `problem`, when it can't be opened. Borrowed for ever. */
const struct cw_compiler_api *cw_compiler_open(const struct cw_layout *layout, struct cw_text *problem);

#endif
