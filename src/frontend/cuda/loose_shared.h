/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loose_shared.h: shared variables of types whose constructors do something.
 *
 * CUDA's guide (section "__shared__" of its language extensions) forbids their initialisation; nvcc warns (20054-D), runs no
 * constructor and goes on, clang ends with an error. A declaration that clang's errors point to becomes storage of that type
 * without a constructor (cuda/shared_storage.h) and a reference of its name, which clang warns of as nvcc does.
 */
#ifndef CW_FRONTEND_CUDA_LOOSE_SHARED_H
#define CW_FRONTEND_CUDA_LOOSE_SHARED_H

#include <stdbool.h>

#include "base/text.h"

/* Rewrites the declarations in the source of `path` that clang's `diagnostics` name; to be called before anything else moves
 * its columns. No line moves. A declaration of several variables, or one in a macro, is left. True if there was one. */
bool cw_shared_mend(struct cw_text *source, const char *path, const char *diagnostics);

#endif
