/* SPDX-License-Identifier: Apache-2.0 */
/* heap.h: malloc and free of kernels (src/library/heap), for devices whose drivers have no heap for them. */
#ifndef CW_TARGET_HEAP_H
#define CW_TARGET_HEAP_H

#include "module/ir/ir.h"

/* Defines the waist's malloc and free, where the module uses them, from bitcode beside the compiler library; the backend writes the heap's
 * address into the variable CW_HEAP_VARIABLE (library/heap/heap.h). The module is in the waist's form still. A missing or damaged
 * library is named. */
cw_status cw_link_heap(struct cw_compiler *compiler, LLVMModuleRef llvm) CW_MUST_USE;

#endif
