/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loose_source.h: what nvcc takes because its host compiler preprocesses first, and clang's lexer does not.
 *
 * `extern "C"__global__` has no blank: gcc parts a literal from the name of a macro behind it, to clang it is a literal with
 * a suffix. `#define UNROLL #pragma unroll`: in preprocessed text the use of the macro is a directive on a line of its own;
 * clang never looks for directives in what macros expand to, but for _Pragma, which means the same.
 */
#ifndef CW_FRONTEND_CUDA_LOOSE_SOURCE_H
#define CW_FRONTEND_CUDA_LOOSE_SOURCE_H

#include <stdbool.h>

#include "base/text.h"

/* Rewrites both in a source; no line moves. True if there was one. */
bool cw_source_tighten(struct cw_text *source);

#endif
