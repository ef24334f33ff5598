/* SPDX-License-Identifier: Apache-2.0 */
/* script.h: the module of JavaScript that runs a WebAssembly program in Node. */
#ifndef CW_TOOL_SCRIPT_H
#define CW_TOOL_SCRIPT_H

#include <jansson.h>

#include "frontend/cuda/toolchain.h"

/* Writes `output`, which runs the WebAssembly program `program` (made with threads) in the same folder, and beside it the folder
 * cuda-wasm with the runtime's JavaScript. An enum cw_exit. */
int cw_script_write(const struct cw_layout *layout, const char *output, const char *program);

/* What JavaScript must know of the linked program `path`: its file's name, the pages of memory that it starts with, and where the
 * contents of its code section begin, if it has lines of source. NULL, having said so, if the file can't be read. */
json_t *cw_script_facts(const char *path);

#endif
