/* SPDX-License-Identifier: Apache-2.0 */
/* dependencies.h: the make-style dependency files that clang (-MD) and lld (--dependency-file) write. */
#ifndef CW_FRONTEND_CUDA_DEPENDENCIES_H
#define CW_FRONTEND_CUDA_DEPENDENCIES_H

#include "base/memory.h"
#include "cudawasm/cw.h"

/* Adds the prerequisites of the first rule in the file at `path` to `list`. */
cw_status cw_dependencies_read(const char *path, struct cw_strings *list) CW_MUST_USE;

#endif
