/* SPDX-License-Identifier: Apache-2.0 */
/* sm_60_atomic_functions.h: its functions come with cuda_runtime.h; programs include it by name. */
#ifndef __SM_60_ATOMIC_FUNCTIONS_H__
#define __SM_60_ATOMIC_FUNCTIONS_H__

#include "cuda_runtime.h"

#endif
