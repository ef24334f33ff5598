/* SPDX-License-Identifier: Apache-2.0 */
/* random/define.h: how the random number headers define their functions. cuRAND lets programs choose by QUALIFIERS. */
#ifndef CW_CUDA_RANDOM_DEFINE_H
#define CW_CUDA_RANDOM_DEFINE_H

#ifndef QUALIFIERS
#define QUALIFIERS static __forceinline__ __device__
#endif
/* Jumps and rejection loops are no gain inline. */
#define CW_RANDOM_LONG static __device__ __attribute__((noinline, unused))

/* Seeds of 64 bits become as many words as a state needs: the splitmix64 generator of Steele, Lea and Flood, "Fast
 * splittable pseudorandom number generators", 2014. */
static __forceinline__ __device__ unsigned long long __cw_seed_next(unsigned long long *state) {
    unsigned long long z = *state += 0x9e3779b97f4a7c15ull;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

#endif
