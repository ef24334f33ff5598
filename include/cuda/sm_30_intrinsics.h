/* SPDX-License-Identifier: Apache-2.0 */
/* sm_30_intrinsics.h: its functions come with cuda_runtime.h; programs include it by name. */
#ifndef __SM_30_INTRINSICS_H__
#define __SM_30_INTRINSICS_H__

#include "cuda_runtime.h"

#endif
