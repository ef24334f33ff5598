/* SPDX-License-Identifier: Apache-2.0 */
/*
 * integer.h: the numbers by which lowering tells the helpers of integer and video instructions what to do. Both include it.
 */
#ifndef CW_LIBRARY_PTX_INTEGER_H
#define CW_LIBRARY_PTX_INTEGER_H

/* prmt's modes. */
enum { CW_PTX_PRMT, CW_PTX_PRMT_F4E, CW_PTX_PRMT_B4E, CW_PTX_PRMT_RC8, CW_PTX_PRMT_ECL, CW_PTX_PRMT_ECR, CW_PTX_PRMT_RC16 };

/* Video instructions: the operation, and what is done with its result. */
enum {
    CW_PTX_VIDEO_ADD,
    CW_PTX_VIDEO_SUB,
    CW_PTX_VIDEO_ABSDIFF,
    CW_PTX_VIDEO_MIN,
    CW_PTX_VIDEO_MAX,
    CW_PTX_VIDEO_SHL_CLAMP,
    CW_PTX_VIDEO_SHL_WRAP,
    CW_PTX_VIDEO_SHR_CLAMP,
    CW_PTX_VIDEO_SHR_WRAP,
    CW_PTX_VIDEO_AVERAGE,
    CW_PTX_VIDEO_EQ,
    CW_PTX_VIDEO_NE,
    CW_PTX_VIDEO_LT,
    CW_PTX_VIDEO_LE,
    CW_PTX_VIDEO_GT,
    CW_PTX_VIDEO_GE,
};
enum { CW_PTX_SECOND_NONE, CW_PTX_SECOND_ADD, CW_PTX_SECOND_MIN, CW_PTX_SECOND_MAX, CW_PTX_SECOND_MERGE };

/* Which part of a register: the whole, a byte (0 to 3) or a halfword (4, 5). */
enum { CW_PTX_PART_B0, CW_PTX_PART_B1, CW_PTX_PART_B2, CW_PTX_PART_B3, CW_PTX_PART_H0, CW_PTX_PART_H1, CW_PTX_PART_WHOLE };

/* Facts of a video instruction in one constant. */
#define CW_PTX_VIDEO_A_SIGNED 1u
#define CW_PTX_VIDEO_B_SIGNED 2u
#define CW_PTX_VIDEO_D_SIGNED 4u
#define CW_PTX_VIDEO_SATURATE 8u
/* vmad's. */
#define CW_PTX_VIDEO_A_NEGATED 16u
#define CW_PTX_VIDEO_B_NEGATED 32u
#define CW_PTX_VIDEO_C_NEGATED 64u
#define CW_PTX_VIDEO_PLUS_ONE 128u
/* Of a vector form: results are added up onto c. */
#define CW_PTX_VIDEO_ACCUMULATE 256u

#endif
