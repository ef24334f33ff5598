/* SPDX-License-Identifier: Apache-2.0 */
/* texel.h, for devices: as the CPU backend's, with tables that nobody has to fill. */
#ifndef CW_LIBRARY_IMAGE_DEVICE_TEXEL_H
#define CW_LIBRARY_IMAGE_DEVICE_TEXEL_H

#include "library/image/codes.h"

#define cw_cpu_unorm8 cw_image_unorm8
#define cw_cpu_srgb cw_image_srgb
#define CW_CPU_TABLES_DECLARED
#include_next <backend/cpu/texel.h>

#endif
