/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cooperative_groups.h: groups of threads that synchronise and exchange values: CUDA C++ Programming Guide,
 * "Cooperative Groups".
 *
 * thread_group is the base of all and holds what any group needs to synchronise and to count its threads, so that a
 * group passed by value as thread_group still works. Groups within a warp know their lanes as a mask; tiles of 64 to
 * 1024 threads use named barriers and shared memory.
 *
 * A grid can be synchronised when it was launched cooperatively, so that all of its blocks are resident; the blocks of a cluster
 * always are.
 */
#ifndef _COOPERATIVE_GROUPS_H_
#define _COOPERATIVE_GROUPS_H_

/* Sources that are no CUDA may include it: for them it is empty. */
#if defined(__CUDA__) && defined(__cplusplus)
#if __cplusplus < 201103L
#error "cooperative_groups.h needs C++11"
#endif

#include "cuda_runtime.h"
#include "cw/groups/exchange.h"

namespace cooperative_groups {

namespace details {
enum group_kind : unsigned int { kind_lanes, kind_block, kind_large_tile, kind_grid, kind_cluster };
struct access;
struct coalesced_maker;
} // namespace details

/* ---- Any group ---- */

class thread_group {
  protected:
    details::group_kind kind_;
    unsigned int lanes_;     /* kind_lanes: the warp's lanes that belong to the group */
    unsigned int size_;      /* threads; of a partial last tile as many as of a full one */
    unsigned int meta_rank_; /* which of the groups that partition the parent */
    unsigned int meta_size_; /* how many those are */

    CW_GROUP thread_group(details::group_kind kind, unsigned int lanes, unsigned int size, unsigned int meta_rank,
                          unsigned int meta_size)
        : kind_(kind), lanes_(lanes), size_(size), meta_rank_(meta_rank), meta_size_(meta_size) {}
    friend struct details::access;

  public:
    CW_GROUP unsigned long long size() const {
        return kind_ == details::kind_grid      ? details::grid_blocks() * details::block_size()
               : kind_ == details::kind_cluster ? (unsigned long long)details::cluster_blocks() * details::block_size()
                                                : size_;
    }
    CW_GROUP unsigned long long num_threads() const { return size(); }
    CW_GROUP unsigned long long thread_rank() const {
        switch (kind_) {
        case details::kind_lanes: return (unsigned int)__popc(lanes_ & details::lanes_below());
        case details::kind_block: return details::block_rank();
        case details::kind_large_tile: return details::block_rank() % size_;
        case details::kind_cluster: return details::rank_in_cluster() * details::block_size() + details::block_rank();
        default: return details::rank_in_grid() * details::block_size() + details::block_rank();
        }
    }
    CW_GROUP bool is_valid() const { return kind_ != details::kind_grid || __cw_grid_valid() != 0; }
    CW_GROUP void sync() const;
};

namespace details {
/* What free functions need of a group's inside. */
struct access {
    CW_GROUP static unsigned int lanes(const thread_group &g) { return g.lanes_; }
    CW_GROUP static group_kind kind(const thread_group &g) { return g.kind_; }
    CW_GROUP static thread_group lane_group(unsigned int lanes, unsigned int size, unsigned int rank,
                                            unsigned int count) {
        return thread_group(kind_lanes, lanes, size, rank, count);
    }
};
} // namespace details

CW_GROUP void thread_group::sync() const {
    if (kind_ == details::kind_lanes) {
        __syncwarp(lanes_);
    } else if (kind_ == details::kind_block) {
        __syncthreads();
    } else if (kind_ == details::kind_grid) {
        details::grid_wait(details::grid_arrive());
    } else if (kind_ == details::kind_cluster) {
        __cw_cluster_arrive();
        __cw_cluster_wait();
    } else {
        unsigned int tile = details::block_rank() / size_;
        switch (size_) {
        case 64: details::sync_large_tile<64>(tile); break;
        case 128: details::sync_large_tile<128>(tile); break;
        case 256: details::sync_large_tile<256>(tile); break;
        case 512: details::sync_large_tile<512>(tile); break;
        default: details::sync_large_tile<1024>(tile); break;
        }
    }
}

/* ---- The block ---- */

/* Scratch memory for tiles of several warps. They bring their own here, so it may be empty. */
template <unsigned int MaxBlockSize = 1024> struct block_tile_memory {
    unsigned char reserved;
};

class thread_block : public thread_group {
    CW_GROUP thread_block() : thread_group(details::kind_block, 0, details::block_size(), 0, 1) {}
    friend CW_GROUP thread_block this_thread_block();

  public:
    /* Opaque: the phase of the block's barrier that the caller has arrived in. */
    class arrival_token {
        friend class thread_block;
        long long phase;
        CW_GROUP explicit arrival_token(long long now) : phase(now) {}
    };

    CW_GROUP static void sync() { __syncthreads(); }
    /* Between the two the caller may do anything but meet its block. */
    CW_GROUP static arrival_token barrier_arrive() { return arrival_token(__cw_barrier_arrive(0, 0)); }
    CW_GROUP static void barrier_wait(arrival_token &&token) { __cw_barrier_wait(0, token.phase); }

    CW_GROUP static unsigned int size() { return details::block_size(); }
    CW_GROUP static unsigned int num_threads() { return details::block_size(); }
    CW_GROUP static unsigned int thread_rank() { return details::block_rank(); }
    CW_GROUP static dim3 group_index() { return dim3(blockIdx.x, blockIdx.y, blockIdx.z); }
    CW_GROUP static dim3 thread_index() { return dim3(threadIdx.x, threadIdx.y, threadIdx.z); }
    CW_GROUP static dim3 dim_threads() { return dim3(blockDim.x, blockDim.y, blockDim.z); }
    CW_GROUP static dim3 group_dim() { return dim_threads(); }
    CW_GROUP static bool is_valid() { return true; }
};

CW_GROUP thread_block this_thread_block() { return thread_block(); }
template <unsigned int MaxBlockSize> CW_GROUP thread_block this_thread_block(block_tile_memory<MaxBlockSize> &) {
    return this_thread_block();
}

/* ---- The grid ---- */

class grid_group : public thread_group {
    CW_GROUP grid_group() : thread_group(details::kind_grid, 0, 0, 0, 1) {}
    friend CW_GROUP grid_group this_grid();

  public:
    /* Opaque: the phase of the grid's barrier that the caller's block has arrived in. */
    typedef unsigned long long arrival_token;

    CW_GROUP static void sync() { details::grid_wait(details::grid_arrive()); }
    CW_GROUP static arrival_token barrier_arrive() { return details::grid_arrive(); }
    CW_GROUP static void barrier_wait(arrival_token &&token) { details::grid_wait(token); }

    /* True only in a cooperative launch. */
    CW_GROUP static bool is_valid() { return __cw_grid_valid() != 0; }
    CW_GROUP static unsigned long long num_blocks() { return details::grid_blocks(); }
    CW_GROUP static unsigned long long block_rank() { return details::rank_in_grid(); }
    CW_GROUP static unsigned long long num_threads() { return num_blocks() * details::block_size(); }
    CW_GROUP static unsigned long long size() { return num_threads(); }
    CW_GROUP static unsigned long long thread_rank() {
        return block_rank() * details::block_size() + details::block_rank();
    }
    CW_GROUP static dim3 dim_blocks() { return dim3(gridDim.x, gridDim.y, gridDim.z); }
    CW_GROUP static dim3 group_dim() { return dim_blocks(); }
    CW_GROUP static dim3 block_index() { return dim3(blockIdx.x, blockIdx.y, blockIdx.z); }
    CW_GROUP static dim3 group_index() { return block_index(); }
};

CW_GROUP grid_group this_grid() { return grid_group(); }

/* Deprecated, and gone from CUDA 13: the grids of a launch on several devices. Here such a launch has one device, so that the
 * group is its grid. */
class multi_grid_group : public thread_group {
    CW_GROUP multi_grid_group() : thread_group(details::kind_grid, 0, 0, 0, 1) {}
    friend CW_GROUP multi_grid_group this_multi_grid();

  public:
    CW_GROUP static void sync() { grid_group::sync(); }
    CW_GROUP static bool is_valid() { return grid_group::is_valid(); }
    CW_GROUP static unsigned int grid_rank() { return 0; }
    CW_GROUP static unsigned int num_grids() { return 1; }
    CW_GROUP static unsigned long long num_threads() { return grid_group::num_threads(); }
    CW_GROUP static unsigned long long size() { return grid_group::num_threads(); }
    CW_GROUP static unsigned long long thread_rank() { return grid_group::thread_rank(); }
};

CW_GROUP multi_grid_group this_multi_grid() { return multi_grid_group(); }

/* ---- The cluster ---- */

/* The blocks of a thread block cluster; in a launch without clusters the block alone. */
class cluster_group : public thread_group {
    CW_GROUP cluster_group() : thread_group(details::kind_cluster, 0, 0, 0, 1) {}
    friend CW_GROUP cluster_group this_cluster();

  public:
    /* Opaque: a thread arrives once before it waits. */
    struct arrival_token {};

    CW_GROUP static void sync() {
        __cw_cluster_arrive();
        __cw_cluster_wait();
    }
    CW_GROUP static arrival_token barrier_arrive() {
        __cw_cluster_arrive();
        return arrival_token();
    }
    CW_GROUP static void barrier_wait() { __cw_cluster_wait(); }
    CW_GROUP static void barrier_wait(arrival_token &&) { __cw_cluster_wait(); }

    /* Which block's shared memory an address points into; where another block has what an address of this one's names. */
    CW_GROUP static unsigned int query_shared_rank(const void *address) {
        return (unsigned int)__cw_cluster_rank_of((void *)address);
    }
    template <class T> CW_GROUP static T *map_shared_rank(T *address, int rank) {
        return (T *)__cw_cluster_map((void *)address, rank);
    }

    CW_GROUP static bool is_valid() { return true; }
    CW_GROUP static dim3 block_index() {
        return dim3((unsigned int)__cw_cluster_ctaid_x(), (unsigned int)__cw_cluster_ctaid_y(),
                    (unsigned int)__cw_cluster_ctaid_z());
    }
    CW_GROUP static unsigned int block_rank() { return details::rank_in_cluster(); }
    CW_GROUP static dim3 dim_blocks() {
        return dim3((unsigned int)__cw_cluster_nctaid_x(), (unsigned int)__cw_cluster_nctaid_y(),
                    (unsigned int)__cw_cluster_nctaid_z());
    }
    CW_GROUP static unsigned int num_blocks() { return details::cluster_blocks(); }
    CW_GROUP static dim3 thread_index() {
        dim3 block = block_index();
        return dim3(block.x * blockDim.x + threadIdx.x, block.y * blockDim.y + threadIdx.y,
                    block.z * blockDim.z + threadIdx.z);
    }
    CW_GROUP static unsigned int thread_rank() { return block_rank() * details::block_size() + details::block_rank(); }
    CW_GROUP static dim3 dim_threads() {
        dim3 blocks = dim_blocks();
        return dim3(blocks.x * blockDim.x, blocks.y * blockDim.y, blocks.z * blockDim.z);
    }
    CW_GROUP static unsigned int num_threads() { return num_blocks() * details::block_size(); }
    CW_GROUP static unsigned int size() { return num_threads(); }
};

CW_GROUP cluster_group this_cluster() { return cluster_group(); }

/* ---- Threads of a warp that run together ---- */

class coalesced_group : public thread_group {
    CW_GROUP coalesced_group(unsigned int lanes, unsigned int meta_rank, unsigned int meta_size)
        : thread_group(details::kind_lanes, lanes, (unsigned int)__popc(lanes), meta_rank, meta_size) {}
    friend struct details::coalesced_maker;

  public:
    CW_GROUP unsigned int size() const { return size_; }
    CW_GROUP unsigned int num_threads() const { return size_; }
    CW_GROUP unsigned int thread_rank() const { return (unsigned int)__popc(lanes_ & details::lanes_below()); }
    CW_GROUP unsigned int meta_group_rank() const { return meta_rank_; }
    CW_GROUP unsigned int meta_group_size() const { return meta_size_; }
    CW_GROUP void sync() const { __syncwarp(lanes_); }

    template <class T> CW_GROUP T shfl(T value, int rank) const {
        unsigned int from = (unsigned int)rank % size_;
        int lane = size_ == 32 ? (int)from : details::lane_of_rank(lanes_, from);
        return details::shuffle<details::shuffle_index>(lanes_, value, lane, 32);
    }
    template <class T> CW_GROUP T shfl_up(T value, unsigned int delta) const {
        unsigned int rank = thread_rank();
        return details::shuffle<details::shuffle_index>(
            lanes_, value, rank >= delta ? details::lane_of_rank(lanes_, rank - delta) : (int)details::lane(), 32);
    }
    template <class T> CW_GROUP T shfl_down(T value, unsigned int delta) const {
        unsigned int rank = thread_rank();
        return details::shuffle<details::shuffle_index>(
            lanes_, value, delta < size_ - rank ? details::lane_of_rank(lanes_, rank + delta) : (int)details::lane(),
            32);
    }
    CW_GROUP int any(int predicate) const { return __any_sync(lanes_, predicate); }
    CW_GROUP int all(int predicate) const { return __all_sync(lanes_, predicate); }
    CW_GROUP unsigned int ballot(int predicate) const {
        return details::pack(__ballot_sync(lanes_, predicate), lanes_);
    }
    template <class T> CW_GROUP unsigned int match_any(T value) const {
        return details::pack(__match_any_sync(lanes_, value), lanes_);
    }
    template <class T> CW_GROUP unsigned int match_all(T value, int &predicate) const {
        return details::pack(__match_all_sync(lanes_, value, &predicate), lanes_);
    }
};

namespace details {
struct coalesced_maker {
    CW_GROUP static coalesced_group make(unsigned int lanes, unsigned int meta_rank = 0, unsigned int meta_size = 1) {
        return coalesced_group(lanes, meta_rank, meta_size);
    }
};
} // namespace details

CW_GROUP coalesced_group coalesced_threads() { return details::coalesced_maker::make(__activemask()); }

/* ---- Tiles ---- */

template <unsigned int Size, class Parent = void> class thread_block_tile;

namespace details {

template <unsigned int Size> struct tile_lanes {
    CW_GROUP static unsigned int get() {
        return Size == 32 ? 0xffffffffu : ((1u << (Size & 31u)) - 1u) << (lane() & ~(Size - 1u));
    }
};

/* A tile of up to 32 threads lies within a warp. */
template <unsigned int Size, bool Small = (Size <= 32)> class tile_base : public thread_group {
  protected:
    CW_GROUP tile_base(unsigned int meta_rank, unsigned int meta_size)
        : thread_group(kind_lanes, tile_lanes<Size>::get(), Size, meta_rank, meta_size) {}

  public:
    CW_GROUP void sync() const { __syncwarp(lanes_); }
    CW_GROUP static unsigned int thread_rank() { return lane() & (Size - 1u); }

    template <class T> CW_GROUP T shfl(T value, int rank) const {
        return shuffle<shuffle_index>(lanes_, value, rank, Size);
    }
    template <class T> CW_GROUP T shfl_up(T value, unsigned int delta) const {
        return shuffle<shuffle_up>(lanes_, value, (int)delta, Size);
    }
    template <class T> CW_GROUP T shfl_down(T value, unsigned int delta) const {
        return shuffle<shuffle_down>(lanes_, value, (int)delta, Size);
    }
    template <class T> CW_GROUP T shfl_xor(T value, unsigned int mask) const {
        return shuffle<shuffle_xor>(lanes_, value, (int)mask, Size);
    }
    CW_GROUP int any(int predicate) const { return __any_sync(lanes_, predicate); }
    CW_GROUP int all(int predicate) const { return __all_sync(lanes_, predicate); }
    CW_GROUP unsigned int ballot(int predicate) const {
        return __ballot_sync(lanes_, predicate) >> (lane() & ~(Size - 1u));
    }
    template <class T> CW_GROUP unsigned int match_any(T value) const {
        return __match_any_sync(lanes_, value) >> (lane() & ~(Size - 1u));
    }
    template <class T> CW_GROUP unsigned int match_all(T value, int &predicate) const {
        return __match_all_sync(lanes_, value, &predicate) >> (lane() & ~(Size - 1u));
    }
};

/* A larger tile is several warps. */
template <unsigned int Size> class tile_base<Size, false> : public thread_group {
  protected:
    CW_GROUP tile_base(unsigned int meta_rank, unsigned int meta_size)
        : thread_group(kind_large_tile, 0, Size, meta_rank, meta_size) {}

    CW_GROUP static unsigned int tile() { return block_rank() / Size; }

  public:
    CW_GROUP void sync() const { sync_large_tile<Size>(tile()); }
    CW_GROUP static unsigned int thread_rank() { return block_rank() % Size; }

    template <class T> CW_GROUP T shfl(T value, int rank) const {
        return exchange_large_tile<Size>(value, tile(), (unsigned int)rank % Size);
    }
    template <class T> CW_GROUP T shfl_up(T value, unsigned int delta) const {
        unsigned int rank = thread_rank();
        return exchange_large_tile<Size>(value, tile(), rank >= delta ? rank - delta : rank);
    }
    template <class T> CW_GROUP T shfl_down(T value, unsigned int delta) const {
        unsigned int rank = thread_rank();
        return exchange_large_tile<Size>(value, tile(), delta < Size - rank ? rank + delta : rank);
    }
    template <class T> CW_GROUP T shfl_xor(T value, unsigned int mask) const {
        unsigned int rank = thread_rank();
        return exchange_large_tile<Size>(value, tile(), (rank ^ mask) < Size ? rank ^ mask : rank);
    }
    CW_GROUP int any(int predicate) const { return votes(predicate != 0) != 0; }
    CW_GROUP int all(int predicate) const { return votes(predicate == 0) == 0; }

  private:
    /* Whether any thread of the tile says yes: one flag a warp. */
    CW_GROUP int votes(bool yes) const {
        __shared__ int flags[32];
        unsigned int warp = block_rank() / 32u;
        int here = __any_sync(0xffffffffu, yes);
        if (lane() == 0) flags[warp] = here;
        sync();
        int result = 0;
        unsigned int warps = (block_size() + 31u) / 32u;
        for (unsigned int w = tile() * (Size / 32u); w < (tile() + 1u) * (Size / 32u) && w < warps; w++)
            result |= flags[w];
        sync();
        return result;
    }
};

} // namespace details

/* A tile whose parent's type is forgotten. */
template <unsigned int Size> class thread_block_tile<Size, void> : public details::tile_base<Size> {
    static_assert(Size != 0 && (Size & (Size - 1)) == 0 && Size <= 1024,
                  "a tile's size must be a power of two up to 1024");

  protected:
    CW_GROUP thread_block_tile(unsigned int meta_rank, unsigned int meta_size)
        : details::tile_base<Size>(meta_rank, meta_size) {}

  public:
    CW_GROUP static constexpr unsigned int size() { return Size; }
    CW_GROUP static constexpr unsigned int num_threads() { return Size; }
    CW_GROUP unsigned int meta_group_rank() const { return this->meta_rank_; }
    CW_GROUP unsigned int meta_group_size() const { return this->meta_size_; }
    CW_GROUP static bool is_valid() { return true; }
};

template <unsigned int Size, class Parent> class thread_block_tile : public thread_block_tile<Size, void> {
    CW_GROUP thread_block_tile(unsigned int meta_rank, unsigned int meta_size)
        : thread_block_tile<Size, void>(meta_rank, meta_size) {}
    template <unsigned int N, class P> friend CW_GROUP thread_block_tile<N, P> tiled_partition(const P &);
};

/* Cuts the parent into tiles of Size threads, by rank. */
template <unsigned int Size, class Parent>
CW_GROUP thread_block_tile<Size, Parent> tiled_partition(const Parent &parent) {
    static_assert(!__is_base_of(coalesced_group, Parent) && !__is_base_of(grid_group, Parent),
                  "only a thread_block or a tile can be cut into tiles of a constant size");
    return thread_block_tile<Size, Parent>((unsigned int)parent.thread_rank() / Size,
                                           ((unsigned int)parent.num_threads() + Size - 1u) / Size);
}

CW_GROUP thread_block_tile<1, thread_block> this_thread() { return tiled_partition<1>(this_thread_block()); }

namespace details {
/* Of the lanes in `mask`, those whose ranks are in the same run of `size` consecutive ranks as `rank`. */
CW_GROUP unsigned int lanes_of_run(unsigned int mask, unsigned int rank, unsigned int size) {
    unsigned int first = rank / size * size, lanes = 0;
    for (unsigned int position = 0; mask != 0; mask &= mask - 1u, position++) {
        if (position >= first && position < first + size) lanes |= mask & (0u - mask);
    }
    return lanes;
}
} // namespace details

/* Cuts the group into groups of `size` consecutive ranks. The size must be a power of two, up to 32 in a block. */
CW_GROUP coalesced_group tiled_partition(const coalesced_group &parent, unsigned int size) {
    if (size == 0 || (size & (size - 1u)) != 0) __trap();
    unsigned int rank = parent.thread_rank();
    return details::coalesced_maker::make(details::lanes_of_run(details::access::lanes(parent), rank, size),
                                          rank / size, (parent.num_threads() + size - 1u) / size);
}

CW_GROUP thread_group tiled_partition(const thread_group &parent, unsigned int size) {
    if (size == 0 || (size & (size - 1u)) != 0 || size > 32 || details::access::kind(parent) == details::kind_grid)
        __trap();
    unsigned int rank = (unsigned int)parent.thread_rank();
    unsigned int count = ((unsigned int)parent.num_threads() + size - 1u) / size;
    if (details::access::kind(parent) == details::kind_lanes) {
        unsigned int lanes = details::lanes_of_run(details::access::lanes(parent), rank, size);
        return details::access::lane_group(lanes, (unsigned int)__popc(lanes), rank / size, count);
    }
    unsigned int all = size == 32 ? 0xffffffffu : (1u << size) - 1u;
    return details::access::lane_group(all << (details::lane() & ~(size - 1u)), size, rank / size, count);
}

/* ---- Partitions by value ---- */

/* The threads of the group that hold the same label. */
template <class Label> CW_GROUP coalesced_group labeled_partition_of(unsigned int lanes, Label label) {
    unsigned int same = __match_any_sync(lanes, label);
    /* The groups are numbered in the order of their first lanes. */
    unsigned int leaders = __ballot_sync(lanes, (same & details::lanes_below()) == 0);
    unsigned int leader = same & (0u - same);
    return details::coalesced_maker::make(same, (unsigned int)__popc(leaders & (leader - 1u)),
                                          (unsigned int)__popc(leaders));
}
template <class Label> CW_GROUP coalesced_group labeled_partition(const coalesced_group &group, Label label) {
    return labeled_partition_of(details::access::lanes(group), label);
}
template <unsigned int Size, class Parent, class Label>
CW_GROUP coalesced_group labeled_partition(const thread_block_tile<Size, Parent> &group, Label label) {
    static_assert(Size <= 32, "labeled_partition needs a group within a warp");
    return labeled_partition_of(details::access::lanes(group), label);
}

/* The threads of the group whose predicate is as the caller's: those with a false one are group 0. */
CW_GROUP coalesced_group binary_partition_of(unsigned int lanes, bool predicate) {
    unsigned int yes = __ballot_sync(lanes, predicate);
    return details::coalesced_maker::make(predicate ? yes : lanes & ~yes, predicate ? 1u : 0u, 2u);
}
CW_GROUP coalesced_group binary_partition(const coalesced_group &group, bool predicate) {
    return binary_partition_of(details::access::lanes(group), predicate);
}
template <unsigned int Size, class Parent>
CW_GROUP coalesced_group binary_partition(const thread_block_tile<Size, Parent> &group, bool predicate) {
    static_assert(Size <= 32, "binary_partition needs a group within a warp");
    return binary_partition_of(details::access::lanes(group), predicate);
}

/* ---- Functions of any group ---- */

template <class Group> CW_GROUP void sync(const Group &group) { group.sync(); }
template <class Group> CW_GROUP unsigned long long thread_rank(const Group &group) { return group.thread_rank(); }
template <class Group> CW_GROUP unsigned long long group_size(const Group &group) { return group.num_threads(); }
template <class Group> CW_GROUP bool is_valid(const Group &group) { return group.is_valid(); }

/* One thread of the group calls the function. */
template <class Group, class Function, class... Arguments>
CW_GROUP void invoke_one(const Group &group, Function &&function, Arguments &&...arguments) {
    if (group.thread_rank() == 0) static_cast<Function &&>(function)(static_cast<Arguments &&>(arguments)...);
}
/* The same, and every thread gets the result. */
template <class Group, class Function, class... Arguments>
CW_GROUP auto invoke_one_broadcast(const Group &group, Function &&function, Arguments &&...arguments)
    -> decltype(function(static_cast<Arguments &&>(arguments)...)) {
    using Result = decltype(function(static_cast<Arguments &&>(arguments)...));
    union {
        unsigned char nothing;
        Result value;
    } result = {0};
    if (group.thread_rank() == 0)
        result.value = static_cast<Function &&>(function)(static_cast<Arguments &&>(arguments)...);
    return group.shfl(result.value, 0);
}

} // namespace cooperative_groups

#endif
#endif
