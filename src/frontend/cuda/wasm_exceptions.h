/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wasm_exceptions.h: functions with exceptions in a module that Binaryen makes resumable. Its version 108, Debian's, doesn't know the
 * standard's instructions for exceptions, which wasmtime wants. Only host code has them, and no host code is ever on the stack of
 * a fiber, so Binaryen doesn't need to see it: the bodies of those functions are taken out before it runs, and put back behind it.
 */
#ifndef CW_FRONTEND_CUDA_WASM_EXCEPTIONS_H
#define CW_FRONTEND_CUDA_WASM_EXCEPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* Writes `module` to `out` with bodies that do nothing for the functions that throw or catch. False, with why in `problem`, if that can't be. */
bool cw_wasm_hide_exceptions(const char *module, size_t size, struct cw_text *out, struct cw_text *problem);

/*
 * Writes `resumable`, what Binaryen made of that, to `out` with the bodies of `module` in their places. Functions keep their order there, those that
 * it adds come last, and imports of module "asyncify" become functions; the names of both are compared to be sure of it.
 */
bool cw_wasm_restore_exceptions(const char *module, size_t size, const char *resumable, size_t resumable_size, struct cw_text *out,
                                struct cw_text *problem);

#endif
