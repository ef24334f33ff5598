/* SPDX-License-Identifier: Apache-2.0 */
/* math.h: the device math library (src/library/math), for every target that has no better one of its own. */
#ifndef CW_TARGET_MATH_H
#define CW_TARGET_MATH_H

#include "module/ir/ir.h"

/* Defines every function of math.def that the module calls, from the archives beside the compiler library. With `avoid_doubles`
 * float functions are those that compute in floats alone, as far as there are such (library/math/float): for GPUs, whose
 * doubles are slow or software. The module is in the waist's form still: the archives' functions have its data layout. A missing
 * or damaged archive is named. */
cw_status cw_link_math(struct cw_compiler *compiler, LLVMModuleRef llvm, bool avoid_doubles) CW_MUST_USE;

#endif
