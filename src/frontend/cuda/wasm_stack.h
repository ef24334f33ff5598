/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wasm_stack.h: stacks of threads that can't be overrun unseen. The first thread's C stack ends at address 0, below which the engine
 * traps; those of workers and fibers lie between other memory, and WebAssembly has no pages to protect. So in a linked program of
 * the form with threads every `global.set __stack_pointer` becomes a call of `cw_stack_set` (src/wasi/stack_limit.c), which
 * compares with the thread's limit and sets it. Both take six bytes, since the linker leaves indices at their full length:
 * nothing moves, and lines of source stay where they are.
 */
#ifndef CW_FRONTEND_CUDA_WASM_STACK_H
#define CW_FRONTEND_CUDA_WASM_STACK_H

#include <stddef.h>
#include <stdint.h>

/* Changes the module in place. How many places were changed: 0 for a module that does not export both, or is none. Functions with
 * instructions that wasm_code.h does not know stay as they are. */
uint32_t cw_wasm_guard_stacks(char *module, size_t size);

#endif
