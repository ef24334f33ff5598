/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan.h: prefix operations over a tile within a warp or a coalesced group, in the order of ranks: CUDA C++ Programming
 * Guide, "Cooperative Groups, inclusive_scan and exclusive_scan".
 */
#ifndef _CG_SCAN_H
#define _CG_SCAN_H

#include "../cooperative_groups.h"
#include "reduce.h"

#if defined(__CUDA__) && defined(__cplusplus)

namespace cooperative_groups {

template <class Group, class T, class Operator>
CW_GROUP typename details::bare<T>::type inclusive_scan(const Group &group, T &&value, Operator &&op) {
    typename details::bare<T>::type sum = value;
    unsigned int rank = (unsigned int)group.thread_rank(), size = (unsigned int)group.num_threads();
    for (unsigned int offset = 1; offset < size; offset *= 2) {
        typename details::bare<T>::type before = group.shfl_up(sum, offset);
        if (rank >= offset) sum = op(before, sum);
    }
    return sum;
}
template <class Group, class T> CW_GROUP typename details::bare<T>::type inclusive_scan(const Group &group, T &&value) {
    return inclusive_scan(group, value, plus<typename details::bare<T>::type>());
}

/* The thread of rank 0 gets a value-initialised T: zero, which is what a sum starts from. */
template <class Group, class T, class Operator>
CW_GROUP typename details::bare<T>::type exclusive_scan(const Group &group, T &&value, Operator &&op) {
    typename details::bare<T>::type before = group.shfl_up(inclusive_scan(group, value, op), 1u);
    return group.thread_rank() == 0 ? typename details::bare<T>::type() : before;
}
template <class Group, class T> CW_GROUP typename details::bare<T>::type exclusive_scan(const Group &group, T &&value) {
    return exclusive_scan(group, value, plus<typename details::bare<T>::type>());
}

} // namespace cooperative_groups

#endif
#endif
