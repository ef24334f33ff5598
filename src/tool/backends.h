/* SPDX-License-Identifier: Apache-2.0 */
/* backends.h: the plug-ins of this installation, asked directly: what each one finds here, or why it finds nothing. */
#ifndef CW_TOOL_BACKENDS_H
#define CW_TOOL_BACKENDS_H

#include <stdbool.h>

#include "base/text.h"
#include "cudawasm/cw_backend.h"

/* Calls `visit` for each plug-in in `folder`, in the order of their names: `backend` is NULL, and `reason` says why, when it can't be
 * opened or finds no device. Plug-ins stay open. */
void cw_backends_visit(const char *folder,
                       void (*visit)(const char *name, const struct cw_backend *backend, const char *reason, void *context),
                       void *context);

/* Appends what the backend's device says of itself, indented lines for people; opens it for that. */
void cw_backend_describe(const struct cw_backend *backend, uint32_t ordinal, struct cw_text *text);

#endif
