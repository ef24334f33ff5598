/* SPDX-License-Identifier: Apache-2.0 */
/* texel.h, for devices: as the CPU backend's, with tables that nobody has to fill, loads of whole channels, and little code for a call. */
#ifndef CW_LIBRARY_IMAGE_DEVICE_TEXEL_H
#define CW_LIBRARY_IMAGE_DEVICE_TEXEL_H

#include "library/image/codes.h"

#define cw_cpu_unorm8 cw_image_unorm8
#define cw_cpu_srgb cw_image_srgb
#define CW_CPU_TABLES_DECLARED
#define CW_CPU_CHANNEL(type, v, bytes, c) type v = ((const type *)(const void *)(bytes))[c]
#define CW_CPU_SHORT
#include_next <backend/cpu/texel.h>

#endif
