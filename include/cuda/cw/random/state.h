/* SPDX-License-Identifier: Apache-2.0 */
/*
 * random/state.h: the states of curand_kernel.h's generators. Programs allocate and copy them from host code too, so
 * every compiler sees them.
 *
 * Generators that make normal numbers in pairs (Box and Muller's method) keep the second one for the next call.
 */
#ifndef CW_CUDA_RANDOM_STATE_H
#define CW_CUDA_RANDOM_STATE_H

#include "../../curand.h"

#define CW_SECOND_NORMAL                                                                                               \
    int has_normal, has_normal_double;                                                                                 \
    float normal;                                                                                                      \
    double normal_double;

/* Marsaglia's xorwow: 160 bits of a shift register and a counter. */
struct curandStateXORWOW {
    unsigned int d, v[5];
    CW_SECOND_NORMAL
};

/* Salmon's Philox: a counter of 128 bits is encrypted under a key; `output` is the cipher of ctr, `STATE` of whose
 * words are taken. */
struct curandStatePhilox4_32_10 {
    uint4 ctr, output;
    uint2 key;
    unsigned int STATE;
    CW_SECOND_NORMAL
};

/* L'Ecuyer's MRG32k3a: the last three numbers of each of two recurrences. */
struct curandStateMRG32k3a {
    unsigned int s1[3], s2[3];
    CW_SECOND_NORMAL
};

/* Sobol's sequences: index and value of the next point; `c` is what scrambles it. */
struct curandStateSobol32 {
    unsigned int i, x, c;
    unsigned int direction_vectors[32];
};
struct curandStateScrambledSobol32 {
    unsigned int i, x, c;
    unsigned int direction_vectors[32];
};
struct curandStateSobol64 {
    unsigned long long i, x, c;
    unsigned long long direction_vectors[64];
};
struct curandStateScrambledSobol64 {
    unsigned long long i, x, c;
    unsigned long long direction_vectors[64];
};

#undef CW_SECOND_NORMAL

typedef struct curandStateXORWOW curandStateXORWOW_t;
typedef struct curandStateXORWOW curandState_t;
typedef struct curandStateXORWOW curandState;
typedef struct curandStatePhilox4_32_10 curandStatePhilox4_32_10_t;
typedef struct curandStateMRG32k3a curandStateMRG32k3a_t;
typedef struct curandStateSobol32 curandStateSobol32_t;
typedef struct curandStateScrambledSobol32 curandStateScrambledSobol32_t;
typedef struct curandStateSobol64 curandStateSobol64_t;
typedef struct curandStateScrambledSobol64 curandStateScrambledSobol64_t;

/* ---- MTGP32 ---- */

#define MTGPDC_MEXP 11213
#define MTGPDC_N 351
#define MTGPDC_FLOOR_2P 256
#define MTGPDC_CEIL_2P 512
#define MTGPDC_PARAM_TABLE mtgp32dc_params_fast_11213
#define MTGP32_STATE_SIZE 1024
#define MTGP32_STATE_MASK 1023
#define CURAND_NUM_MTGP32_PARAMS 200
#define MEXP 11213
#define THREAD_NUM MTGPDC_FLOOR_2P
#define TBL_SIZE 16

/* All parameter sets, for the device. */
struct mtgp32_kernel_params {
    unsigned int pos_tbl[CURAND_NUM_MTGP32_PARAMS];
    unsigned int param_tbl[CURAND_NUM_MTGP32_PARAMS][TBL_SIZE];
    unsigned int temper_tbl[CURAND_NUM_MTGP32_PARAMS][TBL_SIZE];
    unsigned int single_temper_tbl[CURAND_NUM_MTGP32_PARAMS][TBL_SIZE];
    unsigned int sh1_tbl[CURAND_NUM_MTGP32_PARAMS];
    unsigned int sh2_tbl[CURAND_NUM_MTGP32_PARAMS];
    unsigned int mask[1];
};
typedef struct mtgp32_kernel_params mtgp32_kernel_params_t;

/* The ring of the last numbers, where the next one stands in it, and which parameter set it follows. */
struct curandStateMtgp32 {
    unsigned int s[MTGP32_STATE_SIZE];
    int offset;
    int pIdx;
    mtgp32_kernel_params_t *k;
};
typedef struct curandStateMtgp32 curandStateMtgp32_t;

/* ---- Discrete distributions ---- */

/* The values low, low + 1, ... low + count - 1 and each one's cumulative probability, the last of which is 1. */
struct curandDiscreteDistribution_st {
    unsigned int low, count;
    double *cumulative;
};

#endif
