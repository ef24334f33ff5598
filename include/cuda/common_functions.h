/* SPDX-License-Identifier: Apache-2.0 */
/* common_functions.h: device functions come with cuda_runtime.h; the name is kept for programs that include it. */
#ifndef __COMMON_FUNCTIONS_H__
#define __COMMON_FUNCTIONS_H__

#include "cuda_runtime.h"

#endif
