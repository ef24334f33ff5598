/* SPDX-License-Identifier: Apache-2.0 */
/* common_functions.h: its functions come with cuda_runtime.h; programs include it by name. */
#ifndef __COMMON_FUNCTIONS_H__
#define __COMMON_FUNCTIONS_H__

#include "cuda_runtime.h"

#endif
