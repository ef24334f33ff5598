/* SPDX-License-Identifier: Apache-2.0 */
/*
 * matrix.h: the helpers of "Warp-level Matrix Instructions" have names that lowering makes from the instruction: shape, type of the
 * factors, type of the result. Flags that both know:
 */
#ifndef CW_LIBRARY_PTX_MATRIX_H
#define CW_LIBRARY_PTX_MATRIX_H

#define CW_PTX_MMA_A_SIGNED 1u
#define CW_PTX_MMA_B_SIGNED 2u
#define CW_PTX_MMA_SATURATE 4u
#define CW_PTX_MMA_AND 8u /* single bits: and, not xor */
#define CW_PTX_MMA_A_E5M2 16u /* bytes that are floats; else they are e4m3 */
#define CW_PTX_MMA_B_E5M2 32u

/* Types of factors that are floating-point numbers. */
#define CW_PTX_FACTOR_HALF 0u
#define CW_PTX_FACTOR_BFLOAT 1u
#define CW_PTX_FACTOR_TF32 2u

#endif
