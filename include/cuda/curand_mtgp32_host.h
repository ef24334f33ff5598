/* SPDX-License-Identifier: Apache-2.0 */
/*
 * curand_mtgp32_host.h: sets up MTGP32 states for curand_kernel.h: cuRAND documentation, "Device API Overview, Pseudorandom
 * Sequences, Bit Generation with the MTGP32 generator".
 *
 * A state is filled as the generator's authors do it: from a seed by the initialisation of the Mersenne Twister, over a
 * background that depends on the parameter set. cuRAND does not document which seed state i gets from the caller's; here
 * it is the caller's upper and lower halves together, plus i. The authors' table of 200 parameter sets is curand_mtgp32dc_p_11213.h.
 */
#ifndef CURAND_MTGP32_HOST_H
#define CURAND_MTGP32_HOST_H

#include <stdlib.h>
#include <string.h>

#include "curand_kernel.h"
#include "curand_mtgp32.h"

#if defined(__cplusplus)

/* Copies CURAND_NUM_MTGP32_PARAMS parameter sets to device memory, in the form that curand() reads. */
static inline curandStatus_t curandMakeMTGP32Constants(const mtgp32_params_fast_t params[], mtgp32_kernel_params_t *p) {
    mtgp32_kernel_params_t *all = (mtgp32_kernel_params_t *)calloc(1, sizeof *all);
    if (!all) return CURAND_STATUS_ALLOCATION_FAILED;
    for (int i = 0; i < CURAND_NUM_MTGP32_PARAMS; i++) {
        all->pos_tbl[i] = (unsigned int)params[i].pos;
        all->sh1_tbl[i] = (unsigned int)params[i].sh1;
        all->sh2_tbl[i] = (unsigned int)params[i].sh2;
        memcpy(all->param_tbl[i], params[i].tbl, sizeof params[i].tbl);
        memcpy(all->temper_tbl[i], params[i].tmp_tbl, sizeof params[i].tmp_tbl);
        memcpy(all->single_temper_tbl[i], params[i].flt_tmp_tbl, sizeof params[i].flt_tmp_tbl);
    }
    all->mask[0] = params[0].mask;
    cudaError_t error = cudaMemcpy(p, all, sizeof *all, cudaMemcpyHostToDevice);
    free(all);
    return error == cudaSuccess ? CURAND_STATUS_SUCCESS : CURAND_STATUS_INITIALIZATION_FAILED;
}

static inline void __cw_mtgp32_seed(unsigned int *state, const mtgp32_params_fast_t *set, unsigned int seed) {
    unsigned int hidden = set->tbl[4] ^ (set->tbl[8] << 16), background = hidden + (hidden >> 16);
    background += background >> 8;
    for (int i = 0; i < MTGPDC_N; i++)
        state[i] = (background & 0xffu) * 0x01010101u;
    state[0] = seed;
    state[1] = hidden;
    for (int i = 1; i < MTGPDC_N; i++)
        state[i] ^= 1812433253u * (state[i - 1] ^ (state[i - 1] >> 30)) + (unsigned int)i;
}

/* Makes n states, at most CURAND_NUM_MTGP32_PARAMS, in device memory; state i follows parameter set i. */
static inline curandStatus_t curandMakeMTGP32KernelState(curandStateMtgp32_t *s, const mtgp32_params_fast_t params[],
                                                         mtgp32_kernel_params_t *k, int n, unsigned long long seed) {
    if (n < 0 || n > CURAND_NUM_MTGP32_PARAMS) return CURAND_STATUS_OUT_OF_RANGE;
    curandStateMtgp32_t *all = (curandStateMtgp32_t *)calloc((size_t)n + 1, sizeof *all);
    if (!all) return CURAND_STATUS_ALLOCATION_FAILED;
    for (int i = 0; i < n; i++) {
        __cw_mtgp32_seed(all[i].s, &params[i], (unsigned int)(seed ^ (seed >> 32)) + (unsigned int)i);
        all[i].pIdx = i;
        all[i].k = k;
    }
    cudaError_t error = cudaMemcpy(s, all, (size_t)n * sizeof *all, cudaMemcpyHostToDevice);
    free(all);
    return error == cudaSuccess ? CURAND_STATUS_SUCCESS : CURAND_STATUS_INITIALIZATION_FAILED;
}

#endif
#endif
