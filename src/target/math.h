/* SPDX-License-Identifier: Apache-2.0 */
/* math.h: the device math library (src/library/math), for every target that has no better one of its own. */
#ifndef CW_TARGET_MATH_H
#define CW_TARGET_MATH_H

#include "module/ir/ir.h"

/* Defines every function of math.def that the module calls, from the archives beside the compiler library. With CW_MATH_FLOAT
 * float functions are those that compute in floats alone, as far as there are such (library/math/float): for GPUs, whose
 * doubles are slow or software; with CW_MATH_FUSED those that count on fma() to round once, before these (library/math/fused). The module is in the waist's form still: the archives' functions have its data layout. A missing
 * or damaged archive is named. */
enum cw_math_kind { CW_MATH_ALL, CW_MATH_FLOAT, CW_MATH_FUSED };
cw_status cw_link_math(struct cw_compiler *compiler, LLVMModuleRef llvm, enum cw_math_kind kind) CW_MUST_USE;

#endif
