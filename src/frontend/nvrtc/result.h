/* SPDX-License-Identifier: Apache-2.0 */
/*
 * result.h: what a compilation gave, as bytes for the cache of this machine: a header (result.c), then the log, the lowered
 * names with their NULs, and the container. The cache's hash vouches for the bytes.
 */
#ifndef CW_FRONTEND_NVRTC_RESULT_H
#define CW_FRONTEND_NVRTC_RESULT_H

#include <stdbool.h>

#include "base/text.h"
#include "cudawasm/cw_source.h"

void cw_nvrtc_result_write(const struct cw_source_result *result, struct cw_text *out);
/* Fills a zeroed `result`. False, and nothing filled, when the bytes are none of these. */
bool cw_nvrtc_result_read(struct cw_source_result *result, const struct cw_text *bytes);
/* Frees what it holds. */
void cw_nvrtc_result_free(struct cw_source_result *result);

#endif
