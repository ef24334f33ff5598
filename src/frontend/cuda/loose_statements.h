/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loose_statements.h: statements that nvcc takes and clang refuses to parse.
 *
 * asm("mov.u32 %0, %laneid;" : ...): nvcc hands a sign before a name on to PTX, where the guide to inline PTX (section
 * "Special Registers" of its syntax) and clang want "%%laneid". `#pragma unroll` before what is no loop: nvcc ignores it.
 */
#ifndef CW_FRONTEND_CUDA_LOOSE_STATEMENTS_H
#define CW_FRONTEND_CUDA_LOOSE_STATEMENTS_H

#include <stdbool.h>

#include "base/text.h"

/* Doubles signs before names of two letters and more in templates of asm statements with operands or clobbers, and blanks such
 * pragmas out, in a source; no line moves. A macro's use behind a pragma may be a loop and is left. True if there was one. */
bool cw_statements_mend(struct cw_text *source);

#endif
