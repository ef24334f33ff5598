/* SPDX-License-Identifier: Apache-2.0 */
/* device_types.h: types of device code. */
#ifndef __DEVICE_TYPES_H__
#define __DEVICE_TYPES_H__

#include "host_defines.h"

/* IEEE rounding modes, as arguments of conversion functions. */
enum cudaRoundMode { cudaRoundNearest, cudaRoundZero, cudaRoundPosInf, cudaRoundMinInf };

#endif
