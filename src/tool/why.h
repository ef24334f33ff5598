/* SPDX-License-Identifier: Apache-2.0 */
/* why.h: how the CPU runs each kernel of a module, and what slows it down, line by line: `inspect --why`; how another target does, and
 * what it does otherwise than CUDA: `inspect --on`. */
#ifndef CW_TOOL_WHY_H
#define CW_TOOL_WHY_H

#include <jansson.h>

#include "tool/device_code.h"
#include "tool/targets.h"

/* The notes of the module compiled for that target (CW_EMIT_NOTES), malloc'd; NULL when it doesn't lower, and then the compiler's log
 * says why. */
char *cw_why_notes(const struct cw_device_code *code, const struct cw_artifact_target *target);
/* Prints what the notes say of the kernel `symbol`, indented. */
void cw_why_print(const char *notes, const char *symbol, const char *target);
/* The same as {"runs": ..., "notes": [{"file", "line", "text", "count"}]}. */
json_t *cw_why_json(const char *notes, const char *symbol);
/* What the target does otherwise than CUDA, if it does anything; as text, and as a list of strings. */
void cw_why_print_differences(const char *notes, const char *target);
json_t *cw_why_differences_json(const char *notes);

#endif
