/* SPDX-License-Identifier: Apache-2.0 */
/* signature.h: kernels' parameters by their source's names and types, as JSON values (src/module/ir/signature.c has the form). */
#ifndef CW_TOOL_SIGNATURE_H
#define CW_TOOL_SIGNATURE_H

#include <jansson.h>

#include "base/text.h"
#include "tool/device_code.h"

/* An array with an object a kernel, in the kernel table's order; the caller releases it. NULL when the module was compiled
 * without type information, with the reason in code->problem. */
json_t *cw_signatures(struct cw_device_code *code);

/* The type as C spells it: "const float *". */
void cw_type_spell(const json_t *type, struct cw_text *out);

#endif
