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

/* The same of `module`, what a device link made: `registrars` are the functions by which host code registers its part of it. */
cw_status cw_wasm_linked_write(struct cw_device_code *code, const struct cw_setting *setting, const uint8_t id[16],
                               const struct cw_strings *registrars, const char *kernels, const char *object) CW_MUST_USE;

/* False, having said so, if an input is an object for this machine. */
bool cw_wasm_inputs_fit(const struct cw_setting *setting);

/* True if the sources throw or catch; with `units`, which were compiled, if the program's own headers do. */
bool cw_wasm_sources_throw(const struct cw_setting *setting, const struct cw_units *units);

/* Links the units, and `more` objects of device code, with the runtime to `program->output`. An enum cw_exit; says on stderr what went wrong. */
int cw_wasm_link(const struct cw_program *program, const struct cw_units *units, const struct cw_strings *more, const char *dependencies);

#endif
