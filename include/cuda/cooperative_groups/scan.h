/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan.h: prefix operations over a tile or a coalesced group, in the order of ranks: CUDA C++ Programming Guide,
 * "Cooperative Groups, inclusive_scan and exclusive_scan".
 */
#ifndef _CG_SCAN_H
#define _CG_SCAN_H

#include "../cooperative_groups.h"
#include "reduce.h"

#if defined(__CUDA__) && defined(__cplusplus)

namespace cooperative_groups {

namespace details {
/* The last thread's sum, which is the whole group's, is combined into the atomic. Every thread gets what that held. */
template <class Group, class Atomic, class T, class Operator>
CW_GROUP T join_atomic(const Group &group, Atomic &destination, T sum, Operator &op) {
    unsigned int last = (unsigned int)group.num_threads() - 1u;
    T old = T();
    if (group.thread_rank() == last) {
        old = destination.load();
        while (!destination.compare_exchange_weak(old, op(old, sum))) {}
    }
    return group.shfl(old, (int)last);
}
} // namespace details

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


/* The scans, behind what *destination held, which the group's reduction then joins: one atomic operation of one thread. */
template <class Group, class Atomic, class T, class Operator>
CW_GROUP typename details::bare<T>::type inclusive_scan_update(const Group &group, Atomic &&destination, T &&value,
                                                               Operator &&op) {
    typename details::bare<T>::type sum = inclusive_scan(group, value, op);
    return op(details::join_atomic(group, destination, sum, op), sum);
}
template <class Group, class Atomic, class T>
CW_GROUP typename details::bare<T>::type inclusive_scan_update(const Group &group, Atomic &&destination, T &&value) {
    return inclusive_scan_update(group, destination, value, plus<typename details::bare<T>::type>());
}
template <class Group, class Atomic, class T, class Operator>
CW_GROUP typename details::bare<T>::type exclusive_scan_update(const Group &group, Atomic &&destination, T &&value,
                                                               Operator &&op) {
    typename details::bare<T>::type sum = inclusive_scan(group, value, op);
    typename details::bare<T>::type before = group.shfl_up(sum, 1u), old = details::join_atomic(group, destination, sum, op);
    return group.thread_rank() == 0 ? old : op(old, before);
}
template <class Group, class Atomic, class T>
CW_GROUP typename details::bare<T>::type exclusive_scan_update(const Group &group, Atomic &&destination, T &&value) {
    return exclusive_scan_update(group, destination, value, plus<typename details::bare<T>::type>());
}

} // namespace cooperative_groups

#endif
#endif
