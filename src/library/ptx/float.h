/* SPDX-License-Identifier: Apache-2.0 */
/*
 * float.h: the numbers by which lowering tells the helpers of floating-point instructions what to do. Both include it.
 */
#ifndef CW_LIBRARY_PTX_FLOAT_H
#define CW_LIBRARY_PTX_FLOAT_H

enum { CW_PTX_NEAREST, CW_PTX_TO_ZERO, CW_PTX_DOWN, CW_PTX_UP, CW_PTX_NEAREST_AWAY };

/* What a conversion does besides rounding. */
#define CW_PTX_RELU 1u       /* negative results and NaN become 0 */
#define CW_PTX_SATFINITE 2u  /* infinity becomes the largest finite number */

/* Formats of 8 bits and less. */
enum { CW_PTX_E4M3, CW_PTX_E5M2, CW_PTX_E2M3, CW_PTX_E3M2, CW_PTX_E2M1 };

#endif
