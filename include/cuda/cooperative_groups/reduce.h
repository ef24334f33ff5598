/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reduce.h: reductions over a tile or a coalesced group: CUDA C++ Programming Guide, "Cooperative Groups, reduce".
 * Every thread gets the result. CUDA's own operators on 32-bit integers are one warp reduction; all else is a tree
 * of shuffles.
 */
#ifndef _CG_REDUCE_H
#define _CG_REDUCE_H

#include "../cooperative_groups.h"

#if defined(__CUDA__) && defined(__cplusplus)

namespace cooperative_groups {

#define CW_OPERATOR(name, expression)                                                                                  \
    template <class T> struct name {                                                                                   \
        CW_GROUP T operator()(const T &a, const T &b) const { return expression; }                                     \
    }
CW_OPERATOR(plus, a + b);
CW_OPERATOR(less, b < a ? b : a);
CW_OPERATOR(greater, a < b ? b : a);
CW_OPERATOR(bit_and, a &b);
CW_OPERATOR(bit_xor, a ^ b);
CW_OPERATOR(bit_or, a | b);
#undef CW_OPERATOR

namespace details {

template <class T> struct bare {
    typedef T type;
};
template <class T> struct bare<T &> {
    typedef T type;
};
template <class T> struct bare<T &&> {
    typedef T type;
};
template <class T> struct bare<const T> : bare<T> {};
template <class T> struct bare<const T &> : bare<T> {};

/* The order of the operands does not matter: `lanes` all take part and any tree gives the same value for CUDA's
 * operators. */
template <class T, class Operator> struct warp_reduction {
    static constexpr bool direct = false;
    CW_GROUP static T run(unsigned int, const T &value) { return value; }
};
#define CW_WARP_REDUCTION(type, op, function)                                                                          \
    template <> struct warp_reduction<type, op<type>> {                                                                \
        static constexpr bool direct = true;                                                                           \
        CW_GROUP static type run(unsigned int lanes, type value) { return (type)function; }                            \
    };
CW_WARP_REDUCTION(int, plus, __reduce_add_sync(lanes, value))
CW_WARP_REDUCTION(int, less, __reduce_min_sync(lanes, value))
CW_WARP_REDUCTION(int, greater, __reduce_max_sync(lanes, value))
CW_WARP_REDUCTION(int, bit_and, __reduce_and_sync(lanes, (unsigned int)value))
CW_WARP_REDUCTION(int, bit_or, __reduce_or_sync(lanes, (unsigned int)value))
CW_WARP_REDUCTION(int, bit_xor, __reduce_xor_sync(lanes, (unsigned int)value))
CW_WARP_REDUCTION(unsigned int, plus, __reduce_add_sync(lanes, value))
CW_WARP_REDUCTION(unsigned int, less, __reduce_min_sync(lanes, value))
CW_WARP_REDUCTION(unsigned int, greater, __reduce_max_sync(lanes, value))
CW_WARP_REDUCTION(unsigned int, bit_and, __reduce_and_sync(lanes, value))
CW_WARP_REDUCTION(unsigned int, bit_or, __reduce_or_sync(lanes, value))
CW_WARP_REDUCTION(unsigned int, bit_xor, __reduce_xor_sync(lanes, value))
#undef CW_WARP_REDUCTION

template <class T, class Operator> CW_GROUP T reduce_group(const coalesced_group &group, T value, Operator &op) {
    typedef warp_reduction<T, typename bare<Operator>::type> direct;
    if (direct::direct) return direct::run(access::lanes(group), value);
    unsigned int size = group.num_threads(), rank = group.thread_rank();
    for (unsigned int offset = 16; offset > 0; offset /= 2) {
        if (offset >= size) continue;
        T other = group.shfl_down(value, offset);
        if (rank + offset < size) value = op(value, other);
    }
    return group.shfl(value, 0);
}

template <unsigned int Size, class T, class Operator, bool Small> struct tile_reduction {
    template <class Tile> CW_GROUP static T run(const Tile &tile, T value, Operator &op) {
        typedef warp_reduction<T, typename bare<Operator>::type> direct;
        if (direct::direct) return direct::run(access::lanes(tile), value);
#pragma unroll
        for (unsigned int offset = Size / 2; offset > 0; offset /= 2)
            value = op(value, tile.shfl_xor(value, offset));
        return value;
    }
};
/* Each warp reduces its own; then every thread combines the warps' results in the same order. */
template <unsigned int Size, class T, class Operator> struct tile_reduction<Size, T, Operator, false> {
    template <class Tile> CW_GROUP static T run(const Tile &tile, T value, Operator &op) {
        T mine = tile_reduction<32, T, Operator, true>::run(tiled_partition<32>(tile), value, op);
        T result = tile.shfl(mine, 0);
        for (unsigned int warp = 1; warp < Size / 32; warp++)
            result = op(result, tile.shfl(mine, (int)(warp * 32)));
        return result;
    }
};

template <unsigned int Size, class T, class Operator>
CW_GROUP T reduce_group(const thread_block_tile<Size, void> &tile, T value, Operator &op) {
    return tile_reduction<Size, T, Operator, (Size <= 32)>::run(tile, value, op);
}

} // namespace details

template <class Group, class T, class Operator>
CW_GROUP typename details::bare<T>::type reduce(const Group &group, T &&value, Operator &&op) {
    typename details::bare<T>::type mine = value;
    return details::reduce_group(group, mine, op);
}

/* The reduction, and one thread combines it into *destination, or stores it there. They are complete on return. */
template <class Group, class Atomic, class T, class Operator>
CW_GROUP void reduce_update_async(const Group &group, Atomic &&destination, T &&value, Operator &&op) {
    typename details::bare<T>::type result = reduce(group, value, op);
    if (group.thread_rank() == 0) {
        auto old = destination.load();
        while (!destination.compare_exchange_weak(old, op(old, result))) {}
    }
}
template <class Group, class Atomic, class T, class Operator>
CW_GROUP void reduce_store_async(const Group &group, Atomic &&destination, T &&value, Operator &&op) {
    typename details::bare<T>::type result = reduce(group, value, op);
    if (group.thread_rank() == 0) destination.store(result);
}

} // namespace cooperative_groups

#endif
#endif
