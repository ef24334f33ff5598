/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host_code.h: the host's half of a CUDA source. Mostly one run of clang. Where the source has managed variables or launches
 * kernels from device code, clang's result is adapted on its way to an object (cw_compiler_api.adapt_host).
 */
#ifndef CW_TOOL_HOST_CODE_H
#define CW_TOOL_HOST_CODE_H

#include "tool/device_code.h"

/* Makes the object `files->output`. `files` needs source, id, dependencies, reference, precompiled, colour. An enum cw_exit. */
int cw_host_code_make(const struct cw_setting *setting, enum cw_input_kind kind, const struct cw_pass_files *files,
                      struct cw_text *diagnostics, struct cw_text *problem);

/* True if device code has what the host's object must be adapted to. */
bool cw_host_code_must_adapt(const struct cw_device_code *code);
/* The same object, adapted to the device code of its source. */
int cw_host_code_adapt(const struct cw_setting *setting, struct cw_device_code *code,
                       const struct cw_pass_files *files);

#endif
