/* SPDX-License-Identifier: Apache-2.0 */
/* sm_35_atomic_functions.h: device functions come with cuda_runtime.h; the name is kept for programs that include it. */
#ifndef __SM_35_ATOMIC_FUNCTIONS_H__
#define __SM_35_ATOMIC_FUNCTIONS_H__

#include "cuda_runtime.h"

#endif
