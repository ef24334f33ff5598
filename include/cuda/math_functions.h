/* SPDX-License-Identifier: Apache-2.0 */
/* math_functions.h: its functions come with cuda_runtime.h; programs include it by name. */
#ifndef __MATH_FUNCTIONS_H__
#define __MATH_FUNCTIONS_H__

#include "cuda_runtime.h"

#endif
