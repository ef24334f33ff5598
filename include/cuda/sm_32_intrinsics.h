/* SPDX-License-Identifier: Apache-2.0 */
/* sm_32_intrinsics.h: its functions come with cuda_runtime.h; programs include it by name. */
#ifndef __SM_32_INTRINSICS_H__
#define __SM_32_INTRINSICS_H__

#include "cuda_runtime.h"

#endif
