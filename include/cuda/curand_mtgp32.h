/* SPDX-License-Identifier: Apache-2.0 */
/* curand_mtgp32.h: the form of MTGP32's parameter sets: cuRAND documentation, "Bit Generation with the MTGP32 generator". */
#ifndef CURAND_MTGP32_H
#define CURAND_MTGP32_H

#include "curand_kernel.h"

/* A parameter set as its authors' program prints it. */
struct mtgp32_params_fast {
    int mexp;                     /* 11213, the exponent of the period */
    int pos;                      /* which earlier number the recursion takes */
    int sh1, sh2;                 /* its shifts */
    unsigned int tbl[16];         /* its table */
    unsigned int tmp_tbl[16];     /* the table of tempering */
    unsigned int flt_tmp_tbl[16]; /* the same for floats of 1 up to 2 */
    unsigned int mask;
    unsigned char poly_sha1[21]; /* identifies the characteristic polynomial */
};
typedef struct mtgp32_params_fast mtgp32_params_fast_t;

#endif
