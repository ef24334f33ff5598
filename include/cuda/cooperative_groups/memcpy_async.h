/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memcpy_async.h: copies by a whole group: CUDA C++ Programming Guide, "Cooperative Groups, memcpy_async". Each thread
 * copies its share, at once where the device has no asynchronous copies, so that waiting is synchronising the group.
 */
#ifndef _COOPERATIVE_GROUPS_MEMCPY_ASYNC
#define _COOPERATIVE_GROUPS_MEMCPY_ASYNC

#include "../cooperative_groups.h"

#if defined(__CUDA__) && defined(__cplusplus)

#include "../cw/standard/copy.h"

namespace cooperative_groups {

/* `size` bytes; `Shape` is an integer or anything that converts to one. */
template <class Group, class T, class Shape>
CW_GROUP void memcpy_async(const Group &group, T *to, const T *from, const Shape &size) {
    ::cuda::details::copy_by_group_async(group, to, from, (size_t)size);
}
template <class Group, class Shape>
CW_GROUP void memcpy_async(const Group &group, void *to, const void *from, const Shape &size) {
    ::cuda::details::copy_by_group_async(group, to, from, (size_t)size);
}
/* As many elements as both layouts have. */
template <class Group, class T, class ToLayout, class FromLayout>
CW_GROUP void memcpy_async(const Group &group, T *to, const ToLayout &to_count, const T *from,
                           const FromLayout &from_count) {
    size_t count = (size_t)to_count < (size_t)from_count ? (size_t)to_count : (size_t)from_count;
    ::cuda::details::copy_by_group_async(group, to, from, count * sizeof(T));
}

template <class Group> CW_GROUP void wait(const Group &group) {
    (void)__cw_async(3, 0, 0, 0, 0);
    group.sync();
}
template <unsigned int Stages, class Group> CW_GROUP void wait_prior(const Group &group) {
    (void)__cw_async(2, 0, 0, (int)Stages, 0);
    group.sync();
}

} // namespace cooperative_groups

#endif
#endif
