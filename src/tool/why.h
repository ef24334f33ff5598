/* SPDX-License-Identifier: Apache-2.0 */
/* why.h: how the CPU runs each kernel of a module, and what slows it down, line by line: `inspect --why`. */
#ifndef CW_TOOL_WHY_H
#define CW_TOOL_WHY_H

#include <jansson.h>

#include "tool/device_code.h"

/* The notes of the compiled module (CW_EMIT_NOTES), malloc'd; NULL when it doesn't lower, and then the compiler's log says why. */
char *cw_why_notes(const struct cw_device_code *code);
/* Prints what the notes say of the kernel `symbol`, indented. */
void cw_why_print(const char *notes, const char *symbol);
/* The same as {"runs": ..., "notes": [{"file", "line", "text", "count"}]}. */
json_t *cw_why_json(const char *notes, const char *symbol);

#endif
