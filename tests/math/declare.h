/* SPDX-License-Identifier: Apache-2.0 */
/* declare.h: the math functions as a host program sees them, from clang's own declarations of libdevice, without its
 * compiler: the file is plain C once __DEVICE__ is nothing. */
#ifndef CW_TEST_MATH_DECLARE_H
#define CW_TEST_MATH_DECLARE_H

#define __DEVICE__ extern
#include CW_LIBDEVICE_DECLARES

#endif
