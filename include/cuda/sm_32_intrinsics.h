/* SPDX-License-Identifier: Apache-2.0 */
/* sm_32_intrinsics.h: device functions come with cuda_runtime.h; the name is kept for programs that include it. */
#ifndef __SM_32_INTRINSICS_H__
#define __SM_32_INTRINSICS_H__

#include "cuda_runtime.h"

#endif
