/* SPDX-License-Identifier: Apache-2.0 */
/* wasm.h: programs for WebAssembly: the objects of a source's device code, and the link. */
#ifndef CW_TOOL_WASM_H
#define CW_TOOL_WASM_H

#include "tool/program.h"
#include "tool/units.h"

/* Writes the unit's two objects of device code: the kernels, and the container that registers them. On failure the session's
 * log says why. */
cw_status cw_wasm_unit_write(struct cw_device_code *code, const struct cw_setting *setting,
                             const struct cw_compiled_unit *unit) CW_MUST_USE;

/* True if the sources throw or catch; with `units`, which were compiled, if the program's own headers do. */
bool cw_wasm_sources_throw(const struct cw_setting *setting, const struct cw_units *units);

/* Links the units with the runtime to `program->output`. An enum cw_exit; says on stderr what went wrong. */
int cw_wasm_link(const struct cw_program *program, const struct cw_units *units, const char *dependencies);

#endif
