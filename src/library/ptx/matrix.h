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
#define CW_PTX_MMA_A_COLUMNS 64u /* m8n8k4 of half: A by columns, B by rows, the accumulators half */
#define CW_PTX_MMA_B_ROWS 128u
#define CW_PTX_MMA_C_HALF 256u
#define CW_PTX_MMA_D_HALF 512u

/* Types of factors that are floating-point numbers. */
#define CW_PTX_FACTOR_HALF 0u
#define CW_PTX_FACTOR_BFLOAT 1u
#define CW_PTX_FACTOR_TF32 2u

/*
 * The first operand of cw.matrix, which instruction is wanted of the device's own units: an operation (bits 0 to 2); of wmma the
 * shape's number (5 to 7), the type of the factors (8 to 11) and of the accumulators C (12, 13) and D (14, 15), as
 * include/cuda/cw/wmma/native.h numbers them; of mma the product's number (3 to 7) and its flags above (from 24 on); of ldmatrix and
 * stmatrix the count of matrices (5 to 7).
 */
#define CW_MATRIX_LOAD_A 0u
#define CW_MATRIX_LOAD_B 1u
#define CW_MATRIX_LOAD_C 2u
#define CW_MATRIX_STORE_D 3u
#define CW_MATRIX_MULTIPLY 4u
#define CW_MATRIX_PRODUCT 5u    /* mma.sync */
#define CW_MATRIX_LOAD_ROWS 6u  /* ldmatrix */
#define CW_MATRIX_STORE_ROWS 7u /* stmatrix */
#define CW_MATRIX_COLUMNS_A 8u  /* of loads and stores: of that fragment; of ldmatrix and stmatrix: transposed */
#define CW_MATRIX_COLUMNS_B 16u
#define CW_MATRIX_SATURATE (1u << 16) /* integers only: PTX has none of floats from version 6.5 on */
#define CW_MATRIX_AND (1u << 17)

#define CW_MATRIX_SUM_F16 0u
#define CW_MATRIX_SUM_F32 1u
#define CW_MATRIX_SUM_S32 2u
#define CW_MATRIX_SUM_F64 3u

/* Products of mma: name, shape, type of the factors or NULL when flags tell it, their bits, type of the sums, and the first processor
 * that has it (PTX ISA "mma", Target ISA Notes; floats of 8 bits want a version of PTX that LLVM writes from sm_100 on). Their numbers count from 0. */
#define CW_MATRIX_PRODUCTS(X)                                                                                          \
    X(m16n8k8_f16_f32, 16, 8, 8, "f16", 16, F32, 75)                                                                   \
    X(m16n8k16_f16_f32, 16, 8, 16, "f16", 16, F32, 80)                                                                 \
    X(m16n8k8_f16_f16, 16, 8, 8, "f16", 16, F16, 75)                                                                   \
    X(m16n8k16_f16_f16, 16, 8, 16, "f16", 16, F16, 80)                                                                 \
    X(m16n8k8_bf16_f32, 16, 8, 8, "bf16", 16, F32, 80)                                                                 \
    X(m16n8k16_bf16_f32, 16, 8, 16, "bf16", 16, F32, 80)                                                               \
    X(m16n8k4_tf32_f32, 16, 8, 4, "tf32", 32, F32, 80)                                                                 \
    X(m16n8k8_tf32_f32, 16, 8, 8, "tf32", 32, F32, 80)                                                                 \
    X(m16n8k32_f8_f32, 16, 8, 32, NULL, 8, F32, 100)                                                                   \
    X(m8n8k4_f64_f64, 8, 8, 4, "f64", 64, F64, 80)                                                                     \
    X(m16n8k4_f64_f64, 16, 8, 4, "f64", 64, F64, 90)                                                                   \
    X(m16n8k8_f64_f64, 16, 8, 8, "f64", 64, F64, 90)                                                                   \
    X(m16n8k16_f64_f64, 16, 8, 16, "f64", 64, F64, 90)                                                                 \
    X(m8n8k16_b8_s32, 8, 8, 16, NULL, 8, S32, 75)                                                                      \
    X(m16n8k16_b8_s32, 16, 8, 16, NULL, 8, S32, 80)                                                                    \
    X(m16n8k32_b8_s32, 16, 8, 32, NULL, 8, S32, 80)                                                                    \
    X(m8n8k32_b4_s32, 8, 8, 32, NULL, 4, S32, 75)                                                                      \
    X(m16n8k32_b4_s32, 16, 8, 32, NULL, 4, S32, 80)                                                                    \
    X(m16n8k64_b4_s32, 16, 8, 64, NULL, 4, S32, 80)                                                                    \
    X(m8n8k128_b1_s32, 8, 8, 128, "b1", 1, S32, 75)                                                                    \
    X(m16n8k128_b1_s32, 16, 8, 128, "b1", 1, S32, 80)                                                                  \
    X(m16n8k256_b1_s32, 16, 8, 256, "b1", 1, S32, 80)

enum cw_matrix_product {
#define X(id, m, n, k, factor, bits, sum, processor) CW_MATRIX_ID_##id,
    CW_MATRIX_PRODUCTS(X)
#undef X
};

#endif
