/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loose_launch.h: lists as a launch's shape, and main without a type.
 *
 * kernel<<<{2, 1, 1}, {128}>>>(...): nvcc hands a launch's arguments to a function with parameters of type dim3, which a list
 * in braces may initialise (C++17 [dcl.init.list]); clang's grammar has expressions there. `main() { ... }`: g++ and nvcc
 * warn of the missing type and take int ("ISO C++ forbids declaration of 'main' with no type").
 */
#ifndef CW_FRONTEND_CUDA_LOOSE_LAUNCH_H
#define CW_FRONTEND_CUDA_LOOSE_LAUNCH_H

#include <stdbool.h>

#include "base/text.h"

/* Puts `dim3` before such lists and `int` before such a main, in a source whose launches are closed up (spaced_launch.h); no
 * line moves. True if there was one. */
bool cw_launches_mend(struct cw_text *source);

#endif
