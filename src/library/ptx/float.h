/* SPDX-License-Identifier: Apache-2.0 */
/*
 * float.h: the numbers by which lowering tells the helpers of floating-point instructions what to do. Both include it.
 */
#ifndef CW_LIBRARY_PTX_FLOAT_H
#define CW_LIBRARY_PTX_FLOAT_H

enum { CW_PTX_ROUND_NEAREST, CW_PTX_ROUND_ZERO, CW_PTX_ROUND_DOWN, CW_PTX_ROUND_UP, CW_PTX_ROUND_AWAY };

/* What a conversion does besides rounding. */
#define CW_PTX_FLAG_RELU 1u    /* negative results become +0 */
#define CW_PTX_FLAG_FINITE 2u  /* infinity becomes the largest finite number */

/* Formats of 8 bits and less. */
enum { CW_PTX_FORMAT_E4M3, CW_PTX_FORMAT_E5M2, CW_PTX_FORMAT_E2M3, CW_PTX_FORMAT_E3M2, CW_PTX_FORMAT_E2M1 };

#endif
