/* SPDX-License-Identifier: Apache-2.0 */
/* library.h: device code that was compiled to LLVM IR when the project was built. */
#ifndef CW_TARGET_LIBRARY_H
#define CW_TARGET_LIBRARY_H

#include "module/ir/ir.h"

/* Links lib/cuda-wasm/FILE, beside the compiler library, into `llvm`, whose triple and data layout it takes. A file that is missing or
 * damaged is named in the session's log: CW_ERROR_MISSING_TOOL. */
cw_status cw_link_library(struct cw_compiler *compiler, LLVMModuleRef llvm, const char *file) CW_MUST_USE;

/* The module that `text`, `size` bytes of LLVM assembly of our own, stands for, in `llvm`'s context and with its triple and data layout.
 * The caller owns it. NULL for a text that LLVM does not take. */
LLVMModuleRef cw_read_library_text(LLVMModuleRef llvm, const char *text, size_t size);

#endif
