/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wasm.h: what is different about clang's passes and the link when the program is for WebAssembly.
 *
 * Both passes get wasm32 as their host, which makes the device pass one for 32-bit NVPTX: pointers and size_t are 32 bits wide
 * on both sides, and structs have one layout. The libraries are Debian's wasi-libc and libc++. Engines need a feature more for
 * exceptions (src/wasi/exceptions.c), so only programs whose own sources and headers throw or catch are compiled with them.
 * Functions that wasi-libc lacks are found missing by the linker.
 */
#ifndef CW_FRONTEND_CUDA_WASM_H
#define CW_FRONTEND_CUDA_WASM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/memory.h"
#include "base/text.h"
#include "frontend/cuda/options.h"
#include "frontend/cuda/toolchain.h"

/* The options that every run of clang gets; none if the program is native. */
void cw_wasm_pass(struct cw_strings *argv, const struct cw_toolchain *toolchain, const struct cw_layout *layout,
                  const struct cw_cuda_options *options, bool host);

/*
 * What CUDA sources get beside, before other folders of headers: clang's wrappers of C++ headers, which hold placement new and
 * the like for device code, and which its driver gives to native host passes only. Plain C++ does not compile with them.
 */
void cw_wasm_cuda(struct cw_strings *argv, const struct cw_cuda_options *options);

/* The command that links objects and the runtime to a WASI command. */
void cw_wasm_link_command(struct cw_strings *argv, const struct cw_toolchain *toolchain, const struct cw_layout *layout,
                          const struct cw_cuda_options *options, const struct cw_strings *objects, const char *output);

/* The command of Binaryen that makes a program's kernels resumable (src/wasi/fibers.c). */
void cw_wasm_fibers_command(struct cw_strings *argv, const struct cw_toolchain *toolchain, const struct cw_cuda_options *options,
                            const char *input, const char *output);

/* True if the linked module imports the functions of fibers.c, and so needs that command. */
bool cw_wasm_needs_fibers(const char *module, size_t size);

/* The command that links kernels (an object of the target "wasm") to a module without a program (src/wasi/library.c). */
void cw_wasm_library_command(struct cw_strings *argv, const struct cw_toolchain *toolchain, const struct cw_layout *layout,
                             const struct cw_cuda_options *options, const char *kernels, const char *output);

/* What that linker says, explained: what such kernels can't use. Nothing when the words are better shown as they are. */
void cw_wasm_library_explain(const char *output, struct cw_text *advice);

/* How many pages of 64 KiB the memory that the module imports has at least. False when it imports none. */
bool cw_wasm_memory_pages(const char *module, size_t size, uint32_t *pages);

/* Where the contents of a module's code section begin, from which its lines of source count; 0 if it has none of either. */
size_t cw_wasm_code_offset(const char *module, size_t size);

/* What the linker says, explained: names what WASI lacks. Nothing when the words are better shown as they are. */
void cw_wasm_link_explain(const char *output, struct cw_text *advice);

/* True if a source has one of the words try, catch and throw, outside of comments and literals. */
bool cw_wasm_throws(const char *source);

#endif
