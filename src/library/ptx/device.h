/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device.h: what the sources of the PTX helper library share.
 *
 * PTX instructions that are more than a few LLVM instructions are functions here: C17, compiled by clang to LLVM IR for
 * nvptx64 when the project is built, one file of bitcode a family. src/frontend/ptx/lower calls them as `__cw_ptx_NAME` and
 * links the families that a module needs, before anything else sees the module. All of them are inlined, and what the PTX
 * text says (operation, types, modes) is passed as constants, so that only the code for that instruction remains.
 *
 * Rules: pointers only to results in the caller's frame or to memory that the instruction names; warp collectives only through the
 * waist's intrinsics; no tables, no calls but to the math library's functions and the waist.
 */
#ifndef CW_LIBRARY_PTX_DEVICE_H
#define CW_LIBRARY_PTX_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#define EXPORT __attribute__((always_inline))
#define INLINE static inline __attribute__((always_inline))

INLINE float float_of(uint32_t bits) {
    return __builtin_bit_cast(float, bits);
}

INLINE uint32_t bits_of(float value) {
    return __builtin_bit_cast(uint32_t, value);
}

INLINE double double_of(uint64_t bits) {
    return __builtin_bit_cast(double, bits);
}

INLINE uint64_t bits_of_double(double value) {
    return __builtin_bit_cast(uint64_t, value);
}

/* The waist's words that helpers use; their signatures are those of src/module/intrinsics.def. */
int cw_laneid(void) __asm__("cw.laneid") __attribute__((const));
void cw_warp_sync(int mask) __asm__("cw.warp.sync");
void cw_barrier(int id, int count) __asm__("cw.barrier");
int cw_activemask(void) __asm__("cw.activemask");
int cw_shfl_up(int mask, int value, int delta, int width) __asm__("cw.shfl.up");
int cw_shfl_down(int mask, int value, int delta, int width) __asm__("cw.shfl.down");
int cw_shfl_xor(int mask, int value, int lane_mask, int width) __asm__("cw.shfl.xor");
int cw_shfl_idx(int mask, int value, int lane, int width) __asm__("cw.shfl.idx");
int cw_matrix(int what, void *d, const void *a, const void *b, const void *c, int stride) __asm__("cw.matrix");
int cw_async(int what, void *to, const void *from, int size, int valid) __asm__("cw.async");
void *cw_cluster_map(const void *pointer, int rank) __asm__("cw.cluster.map") __attribute__((const));
long long cw_shfl_idx_b64(int mask, long long value, int lane, int width) __asm__("cw.shfl.idx.b64");

#define FULL_MASK (-1)

#endif
