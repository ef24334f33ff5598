/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lower.h: from PTX to the waist. What comes out is LLVM IR and the waist's words, in the form in which the CUDA front end leaves its
 * modules, so that everything behind it (checks, kernel table, passes, targets) serves both.
 *
 * Threads: one at a time for each cw_compiler, as for everything that uses one.
 */
#ifndef CW_FRONTEND_PTX_LOWER_LOWER_H
#define CW_FRONTEND_PTX_LOWER_LOWER_H

#include <llvm-c/Core.h>

#include "frontend/ptx/ast.h"
#include "module/ir/ir.h"

/* A new LLVM module of `ptx`, which the caller disposes of. What can't be expressed is diagnosed by name and line; then the result is
 * CW_ERROR_UNSUPPORTED and there is no module. */
cw_status cw_ptx_lower(struct cw_compiler *compiler, const struct cw_ptx_module *ptx, LLVMModuleRef *out) CW_MUST_USE;

/* Parses and lowers `size` bytes of PTX; diagnostics, warnings among them, go to the session's log under `name`. */
cw_status cw_ptx_compile(struct cw_compiler *compiler, const char *text, size_t size, const char *name, LLVMModuleRef *out) CW_MUST_USE;

/* Replaces every asm() statement in the module by what its PTX means. Diagnostics name the statement's line. */
cw_status cw_ptx_expand_assembly(struct cw_compiler *compiler, LLVMModuleRef llvm) CW_MUST_USE;

#endif
