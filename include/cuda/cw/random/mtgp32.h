/* SPDX-License-Identifier: Apache-2.0 */
/*
 * random/mtgp32.h: MTGP32 of period 2^11213 - 1: Saito and Matsumoto, "Variants of Mersenne Twister suitable for graphic
 * processors", 2013. One state is a block's: up to 256 threads each take one number of the next ones, in the order of
 * their indices, and all of them must call together.
 *
 * Parameter sets come from the generator's distribution (curand_mtgp32dc_p_11213.h) or the program (curand_mtgp32_host.h).
 */
#ifndef CW_CUDA_RANDOM_MTGP32_H
#define CW_CUDA_RANDOM_MTGP32_H

#include "define.h"
#include "state.h"

/* The recursion and tempering of the number `index` places on; stores it in the ring. */
static __forceinline__ __device__ unsigned int __cw_mtgp32_next(curandStateMtgp32_t *state, unsigned int index,
                                                                unsigned int *raw) {
    const mtgp32_kernel_params_t *k = state->k;
    int set = state->pIdx;
    unsigned int at = (unsigned int)state->offset + index, pos = k->pos_tbl[set];
    unsigned int x = (state->s[at & MTGP32_STATE_MASK] & k->mask[0]) ^ state->s[(at + 1) & MTGP32_STATE_MASK];
    x ^= x << k->sh1_tbl[set];
    unsigned int y = x ^ (state->s[(at + pos) & MTGP32_STATE_MASK] >> k->sh2_tbl[set]);
    unsigned int next = y ^ k->param_tbl[set][y & 15u];
    state->s[(at + MTGPDC_N) & MTGP32_STATE_MASK] = next;
    unsigned int t = state->s[(at + pos - 1) & MTGP32_STATE_MASK];
    t ^= t >> 16;
    t ^= t >> 8;
    *raw = next;
    return t & 15u;
}

/* `count` threads of the block have taken a number each. */
static __forceinline__ __device__ void __cw_mtgp32_advance(curandStateMtgp32_t *state, unsigned int index,
                                                           unsigned int count) {
    __syncthreads();
    if (index == 0) state->offset = (int)(((unsigned int)state->offset + count) & MTGP32_STATE_MASK);
    __syncthreads();
}

QUALIFIERS unsigned int curand_mtgp32_specific(curandStateMtgp32_t *state, unsigned char index, unsigned char n) {
    unsigned int next, temper = __cw_mtgp32_next(state, index, &next);
    unsigned int result = next ^ state->k->temper_tbl[state->pIdx][temper];
    __cw_mtgp32_advance(state, index, n);
    return result;
}
QUALIFIERS unsigned int curand(curandStateMtgp32_t *state) {
    unsigned int index = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);
    unsigned int next, temper = __cw_mtgp32_next(state, index, &next);
    unsigned int result = next ^ state->k->temper_tbl[state->pIdx][temper];
    __cw_mtgp32_advance(state, index, blockDim.x * blockDim.y * blockDim.z);
    return result;
}

/* A float of 1 up to 2, as the tables of the distribution make it, minus 1. */
QUALIFIERS float curand_mtgp32_single_specific(curandStateMtgp32_t *state, unsigned char index, unsigned char n) {
    unsigned int next, temper = __cw_mtgp32_next(state, index, &next);
    float result = __uint_as_float((next >> 9) ^ state->k->single_temper_tbl[state->pIdx][temper]) - 1.0f;
    __cw_mtgp32_advance(state, index, n);
    return result;
}
QUALIFIERS float curand_mtgp32_single(curandStateMtgp32_t *state) {
    unsigned int index = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);
    unsigned int next, temper = __cw_mtgp32_next(state, index, &next);
    float result = __uint_as_float((next >> 9) ^ state->k->single_temper_tbl[state->pIdx][temper]) - 1.0f;
    __cw_mtgp32_advance(state, index, blockDim.x * blockDim.y * blockDim.z);
    return result;
}

#endif
