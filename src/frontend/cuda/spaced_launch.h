/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spaced_launch.h: "<< <" and ">> >" in kernel launches.
 *
 * Formatters that know no CUDA put blanks there, and nvcc takes it; clang reads a shift. When clang has failed, the files
 * that its errors name are looked through, and where there are such launches it runs again on copies in which they are
 * closed up: the blanks go behind the operator, so that every line and column stays what it was. The copies serve what
 * loose_source.h, loose_statements.h, loose_launch.h and loose_shared.h rewrite, too.
 */
#ifndef CW_FRONTEND_CUDA_SPACED_LAUNCH_H
#define CW_FRONTEND_CUDA_SPACED_LAUNCH_H

#include <stdbool.h>

#include "base/memory.h"

/* Files that clang is to read in place of others. Zero-initialise; end with cw_remaps_fini, which removes the copies. */
struct cw_remaps {
    struct cw_strings pairs; /* "ORIGINAL;COPY" */
    char *folder;            /* of the copies; NULL until there is one */
};

/* Closes up the launches in a source. True if there was one. */
bool cw_launches_close_up(char *text, size_t size);

/* Adds copies of the files that clang's diagnostics name and that have such launches, or loose source. True if one is new. */
bool cw_remaps_add(struct cw_remaps *remaps, const char *diagnostics);
void cw_remaps_fini(struct cw_remaps *remaps);

#endif
