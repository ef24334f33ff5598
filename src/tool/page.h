/* SPDX-License-Identifier: Apache-2.0 */
/* page.h: the page around a WebAssembly program. */
#ifndef CW_TOOL_PAGE_H
#define CW_TOOL_PAGE_H

#include "frontend/cuda/toolchain.h"

/* Writes the page `output`, which runs the WebAssembly program `program` in the same folder, and beside it the folder cuda-wasm
 * with the page's JavaScript. An enum cw_exit. */
int cw_page_write(const struct cw_layout *layout, const char *output, const char *program);

#endif
