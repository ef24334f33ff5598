/* SPDX-License-Identifier: Apache-2.0 */
/* library.h: `cuda-wasm build --lib`: the kernels of a source as a JavaScript module, with types. */
#ifndef CW_TOOL_LIBRARY_H
#define CW_TOOL_LIBRARY_H

#include "tool/device_code.h"

/* Writes OUTPUT/NAME.wasm, NAME.js, NAME.d.ts, where NAME is the last name of `output`, and OUTPUT/runtime. An enum cw_exit. */
int cw_library_build(const struct cw_setting *setting, const char *output);

/* Copies those files of the JavaScript runtime (NULL ends them) into `folder`, which it makes. An enum cw_exit. */
int cw_library_copy_runtime(const struct cw_layout *layout, const char *const *names, const char *folder);

#endif
