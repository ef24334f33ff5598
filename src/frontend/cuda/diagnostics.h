/* SPDX-License-Identifier: Apache-2.0 */
/*
 * diagnostics.h: what clang's passes say, put together for people.
 *
 * Host and device pass read the same source and mostly say the same. Each diagnostic, with its include stack, caret and
 * notes, is kept as clang wrote it; one that was already shown is left out, and clang's closing counts are replaced by one.
 */
#ifndef CW_FRONTEND_CUDA_DIAGNOSTICS_H
#define CW_FRONTEND_CUDA_DIAGNOSTICS_H

#include <stdbool.h>

#include "base/text.h"

struct cw_diagnostics {
    struct cw_text text; /* what is to be shown */
    char **seen;         /* the diagnostics in it */
    size_t seen_count;
    size_t seen_capacity;
    unsigned errors;
    unsigned warnings;
};

/* Adds what one pass wrote to its stderr. */
void cw_diagnostics_add(struct cw_diagnostics *diagnostics, const char *output);
/* Appends "2 errors and 1 warning generated." where there was any. */
void cw_diagnostics_finish(struct cw_diagnostics *diagnostics);
void cw_diagnostics_fini(struct cw_diagnostics *diagnostics);

/* True if clang found no declaration of texture or surface references (`texture<float, 2> t;`), of the structures that the host
 * sees of them, or of the functions that bind them. */
bool cw_misses_references(const char *diagnostics);

#endif
