/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exchange.h: moving a value of any trivially copyable type between the lanes of a warp, or between the threads of a
 * tile of several warps. Part of cooperative_groups.h.
 */
#ifndef CW_CUDA_GROUPS_EXCHANGE_H
#define CW_CUDA_GROUPS_EXCHANGE_H

#include "../../cuda_runtime.h"

#define CW_GROUP __device__ __attribute__((always_inline, nodebug)) inline

namespace cooperative_groups {
namespace details {

enum shuffle_kind { shuffle_index, shuffle_up, shuffle_down, shuffle_xor };

template <shuffle_kind kind>
CW_GROUP unsigned int shuffle_word(unsigned int mask, unsigned int word, int lane, int width) {
    switch (kind) {
    case shuffle_up: return (unsigned int)__cw_shfl_up((int)mask, (int)word, lane, width);
    case shuffle_down: return (unsigned int)__cw_shfl_down((int)mask, (int)word, lane, width);
    case shuffle_xor: return (unsigned int)__cw_shfl_xor((int)mask, (int)word, lane, width);
    default: return (unsigned int)__cw_shfl_idx((int)mask, (int)word, lane, width);
    }
}

template <shuffle_kind kind>
CW_GROUP unsigned long long shuffle_word(unsigned int mask, unsigned long long word, int lane, int width) {
    switch (kind) {
    case shuffle_up: return (unsigned long long)__cw_shfl_up_b64((int)mask, (long long)word, lane, width);
    case shuffle_down: return (unsigned long long)__cw_shfl_down_b64((int)mask, (long long)word, lane, width);
    case shuffle_xor: return (unsigned long long)__cw_shfl_xor_b64((int)mask, (long long)word, lane, width);
    default: return (unsigned long long)__cw_shfl_idx_b64((int)mask, (long long)word, lane, width);
    }
}

/* The value travels as words of 32 bits, or of 64 when it is larger than 32. */
template <shuffle_kind kind, class T> CW_GROUP T shuffle(unsigned int mask, const T &value, int lane, int width) {
    static_assert(__is_trivially_copyable(T), "a value moved between threads must be trivially copyable");
    constexpr size_t word_size = sizeof(T) > 4 ? 8 : 4;
    constexpr size_t count = (sizeof(T) + word_size - 1) / word_size;
    union words {
        unsigned int narrow[word_size == 4 ? count : 1];
        unsigned long long wide[word_size == 8 ? count : 1];
        T value;
        __device__ words() {}
    } moved;
    __builtin_memcpy(&moved, &value, sizeof(T));
#pragma unroll
    for (size_t i = 0; i < count; i++) {
        if (word_size == 8) {
            moved.wide[i] = shuffle_word<kind>(mask, moved.wide[i], lane, width);
        } else {
            moved.narrow[i] = shuffle_word<kind>(mask, moved.narrow[i], lane, width);
        }
    }
    return moved.value;
}

CW_GROUP unsigned int lane(void) { return (unsigned int)__cw_laneid(); }
CW_GROUP unsigned int lanes_below(void) { return (1u << lane()) - 1u; }

CW_GROUP unsigned int block_size(void) { return blockDim.x * blockDim.y * blockDim.z; }
CW_GROUP unsigned int block_rank(void) { return (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x; }

/* The bits of `lanes` at the positions that `mask` names, moved together: lane numbers become ranks. */
CW_GROUP unsigned int pack(unsigned int lanes, unsigned int mask) {
    unsigned int packed = 0;
    for (unsigned int rank = 0; mask != 0; mask &= mask - 1u, rank++) {
        packed |= ((lanes >> (__ffs((int)mask) - 1)) & 1u) << rank;
    }
    return packed;
}

/* The lane that has the rank-th set bit of `mask`. */
CW_GROUP int lane_of_rank(unsigned int mask, unsigned int rank) {
    for (; rank > 0; rank--)
        mask &= mask - 1u;
    return mask ? __ffs((int)mask) - 1 : (int)lane();
}

/* ---- Tiles of several warps ---- */

/* Tiles of 64 to 1024 threads meet at barriers 64 to 94, one for each tile that a block of 1024 can have. The last tile
 * of a block may have fewer threads. */
template <unsigned int Size> CW_GROUP void sync_large_tile(unsigned int tile) {
    constexpr unsigned int first = 64 + (Size == 64 ? 0 : Size == 128 ? 16 : Size == 256 ? 24 : Size == 512 ? 28 : 30);
    unsigned int left = block_size() - tile * Size;
    __cw_barrier((int)(first + tile), (int)(left < Size ? left : Size));
}

/* Every thread of the tile stores its value and reads that of the thread with rank `from` in the tile. */
template <unsigned int Size, class T>
CW_GROUP T exchange_large_tile(const T &value, unsigned int tile, unsigned int from) {
    static_assert(__is_trivially_copyable(T), "a value moved between threads must be trivially copyable");
    __shared__ unsigned int words[1024];
    constexpr size_t count = (sizeof(T) + 3) / 4;
    union parts {
        unsigned int word[count];
        T value;
        __device__ parts() {}
    } moved;
    __builtin_memcpy(&moved, &value, sizeof(T));
    for (size_t i = 0; i < count; i++) {
        words[block_rank()] = moved.word[i];
        sync_large_tile<Size>(tile);
        moved.word[i] = words[tile * Size + from];
        sync_large_tile<Size>(tile);
    }
    return moved.value;
}

/* ---- The cluster ---- */

CW_GROUP unsigned int cluster_blocks(void) {
    return (unsigned int)(__cw_cluster_nctaid_x() * __cw_cluster_nctaid_y() * __cw_cluster_nctaid_z());
}
CW_GROUP unsigned int rank_in_cluster(void) { return (unsigned int)__cw_cluster_ctarank(); }

/* ---- The grid ---- */

CW_GROUP unsigned long long grid_blocks(void) { return (unsigned long long)gridDim.x * gridDim.y * gridDim.z; }
CW_GROUP unsigned long long rank_in_grid(void) {
    return ((unsigned long long)blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
}

/* The block comes together, one of its threads arrives for it; and the other way round. Outside of a cooperative launch
 * arriving ends the launch. */
CW_GROUP unsigned long long grid_arrive() {
    __syncthreads();
    return block_rank() == 0 ? (unsigned long long)__cw_grid_arrive() : 0;
}
CW_GROUP void grid_wait(unsigned long long token) {
    if (block_rank() == 0) __cw_grid_wait((long long)token);
    __syncthreads();
}

} // namespace details
} // namespace cooperative_groups

#endif
