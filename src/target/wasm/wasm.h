/* SPDX-License-Identifier: Apache-2.0 */
/* wasm.h: inside the WebAssembly target: what LLVM's code generator for it must be given in another form. Run last. */
#ifndef CW_TARGET_WASM_WASM_H
#define CW_TARGET_WASM_WASM_H

#include "module/ir/ir.h"

/* null.c: accesses through null pointers trap; with `every` those to any small address, tested at each access. */
void cw_wasm_guard_null(LLVMModuleRef llvm, bool every);

/* halves.c: conversions of vectors of half as arithmetic on words. */
void cw_wasm_lower_halves(LLVMModuleRef llvm);

/* masks.c: vectors of bits as words, and accesses to memory under them. Needs SIMD. */
bool cw_wasm_lower_masks(LLVMModuleRef llvm);

#endif
