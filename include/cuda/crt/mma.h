/* SPDX-License-Identifier: Apache-2.0 */
/* mma.h: the warp matrix functions of mma.h; programs include it by name. */
#ifndef CW_SHIM_CRT_MMA_H
#define CW_SHIM_CRT_MMA_H

#include "../mma.h"

#endif
