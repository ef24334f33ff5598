/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memcpy_async.h: copies by a whole group: CUDA C++ Programming Guide, "Cooperative Groups, memcpy_async". Each thread
 * copies its share at once, so that waiting is synchronising the group.
 */
#ifndef _COOPERATIVE_GROUPS_MEMCPY_ASYNC
#define _COOPERATIVE_GROUPS_MEMCPY_ASYNC

#include "../cooperative_groups.h"

#if defined(__CUDA__) && defined(__cplusplus)

namespace cooperative_groups {

namespace details {
template <class Group> CW_GROUP void copy_bytes(const Group &group, char *to, const char *from, size_t size) {
    size_t rank = (size_t)group.thread_rank(), step = (size_t)group.num_threads();
    if ((((size_t)to | (size_t)from | size) & 3u) == 0) {
        unsigned int *words_to = (unsigned int *)to;
        const unsigned int *words_from = (const unsigned int *)from;
        for (size_t i = rank; i < size / 4; i += step)
            words_to[i] = words_from[i];
    } else {
        for (size_t i = rank; i < size; i += step)
            to[i] = from[i];
    }
}
} // namespace details

/* `size` bytes; `Shape` is an integer or anything that converts to one. */
template <class Group, class T, class Shape>
CW_GROUP void memcpy_async(const Group &group, T *to, const T *from, const Shape &size) {
    details::copy_bytes(group, (char *)to, (const char *)from, (size_t)size);
}
template <class Group, class Shape>
CW_GROUP void memcpy_async(const Group &group, void *to, const void *from, const Shape &size) {
    details::copy_bytes(group, (char *)to, (const char *)from, (size_t)size);
}
/* As many elements as both layouts have. */
template <class Group, class T, class ToLayout, class FromLayout>
CW_GROUP void memcpy_async(const Group &group, T *to, const ToLayout &to_count, const T *from,
                           const FromLayout &from_count) {
    size_t count = (size_t)to_count < (size_t)from_count ? (size_t)to_count : (size_t)from_count;
    details::copy_bytes(group, (char *)to, (const char *)from, count * sizeof(T));
}

template <class Group> CW_GROUP void wait(const Group &group) { group.sync(); }
template <unsigned int Stages, class Group> CW_GROUP void wait_prior(const Group &group) { group.sync(); }

} // namespace cooperative_groups

#endif
#endif
