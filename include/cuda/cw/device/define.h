/* SPDX-License-Identifier: Apache-2.0 */
/*
 * define.h: how the device headers define their functions.
 *
 * They are always inlined and carry no debug information of their own, so that a fault inside one is reported at the
 * line of the user's call. Static, so that only what is used is emitted.
 */
#ifndef CW_CUDA_DEVICE_DEFINE_H
#define CW_CUDA_DEVICE_DEFINE_H

#include "../../host_defines.h"
#include "../intrinsics.h"

#define CW_DEVICE static __inline__ __attribute__((device, always_inline, nodebug))
#define CW_HOST static __inline__ __attribute__((host, unused))
#define CW_BOTH static __inline__ __attribute__((host, device, nodebug, unused))

#endif
