/* SPDX-License-Identifier: Apache-2.0 */
/* block.h, for devices: texture.c and surface.c need it for faults alone. */
#ifndef CW_LIBRARY_IMAGE_DEVICE_BLOCK_H
#define CW_LIBRARY_IMAGE_DEVICE_BLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#endif
