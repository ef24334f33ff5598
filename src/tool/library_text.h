/* SPDX-License-Identifier: Apache-2.0 */
/* library_text.h: what is written in JavaScript and TypeScript for a library of kernels. */
#ifndef CW_TOOL_LIBRARY_TEXT_H
#define CW_TOOL_LIBRARY_TEXT_H

#include <jansson.h>

#include "base/text.h"

/* A table of kernels and variables, for web/src/index.js: {"threaded", "initialPages", "kernels": [{"name", "index",
 * "parameterBytes", "staticShared", "maxThreads", "parameters": [{"name", "offset", "type"}]}], "variables": [{"name", "index",
 * "size"}]}; types as src/module/ir/signature.c has them. `source` is shown to people. */
void cw_library_module(struct cw_text *out, const json_t *table, const char *source, const char *name);
void cw_library_types(struct cw_text *out, const json_t *table, const char *source);

/* The name of a kernel as JavaScript takes it: "scale<double>" becomes "scale_double". */
char *cw_library_identifier(const char *name);
/* True for what every module has (array, close ...), and for JavaScript's own words. */
bool cw_library_reserved(const char *name);

#endif
