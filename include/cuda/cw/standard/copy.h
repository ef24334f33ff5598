/* SPDX-License-Identifier: Apache-2.0 */
/*
 * standard/copy.h: copies by one thread or by a group, as memcpy_async of cuda:: and of cooperative_groups does them: CUDA
 * C++ Programming Guide, "Asynchronous Data Copies". Each thread copies its share at once, so a copy is complete for
 * others as soon as they are synchronised with it; barriers and pipelines only have to do that.
 */
#ifndef CW_CUDA_STANDARD_COPY_H
#define CW_CUDA_STANDARD_COPY_H

#include "define.h"

namespace cuda {

/* A size that says by its type what it and the addresses are multiples of. */
template <::std::size_t Alignment> struct aligned_size_t {
    static constexpr ::std::size_t align = Alignment;
    ::std::size_t value;
    CW_API_CONSTEXPR explicit aligned_size_t(::std::size_t size) : value(size) {}
    CW_API_CONSTEXPR operator ::std::size_t() const { return value; }
};

namespace details {

/* The bytes of `rank`, `rank + step`, ... of `size`, in the widest units that everything is a multiple of. */
template <class Unit>
CW_API void copy_units(char *to, const char *from, ::std::size_t size, ::std::size_t rank, ::std::size_t step) {
    for (::std::size_t at = rank * sizeof(Unit); at + sizeof(Unit) <= size; at += step * sizeof(Unit))
        __builtin_memcpy(__builtin_assume_aligned(to + at, sizeof(Unit)),
                         __builtin_assume_aligned(from + at, sizeof(Unit)), sizeof(Unit));
}
CW_API void copy_share(void *to, const void *from, ::std::size_t size, ::std::size_t rank, ::std::size_t step) {
    ::std::size_t all = (::std::size_t)to | (::std::size_t)from | size;
    char *bytes_to = static_cast<char *>(to);
    const char *bytes_from = static_cast<const char *>(from);
    if (step == 1)
        __builtin_memcpy(to, from, size);
    else if (all % 16 == 0)
        copy_units<uint4>(bytes_to, bytes_from, size, rank, step);
    else if (all % 4 == 0)
        copy_units<unsigned int>(bytes_to, bytes_from, size, rank, step);
    else
        copy_units<char>(bytes_to, bytes_from, size, rank, step);
}
template <class Group> CW_API void copy_by_group(const Group &group, void *to, const void *from, ::std::size_t size) {
    copy_share(to, from, size, (::std::size_t)group.thread_rank(), (::std::size_t)group.size());
}

/* The same by the device's asynchronous copies, which are waited for by cw.async. False where it has none, or the memory isn't theirs. */
template <class Unit>
CW_API bool copy_units_async(char *to, const char *from, ::std::size_t size, ::std::size_t rank, ::std::size_t step) {
    bool done = true;
    for (::std::size_t at = rank * sizeof(Unit); done && at + sizeof(Unit) <= size; at += step * sizeof(Unit))
        done = __cw_async(0, to + at, (void *)(from + at), (int)sizeof(Unit), (int)sizeof(Unit)) != 0;
    return done;
}
template <class Group> CW_API void copy_by_group_async(const Group &group, void *to, const void *from, ::std::size_t size) {
    ::std::size_t all = (::std::size_t)to | (::std::size_t)from | size, rank = (::std::size_t)group.thread_rank(),
                  step = (::std::size_t)group.size();
    char *bytes_to = static_cast<char *>(to);
    const char *bytes_from = static_cast<const char *>(from);
    bool done = all % 16 == 0  ? copy_units_async<uint4>(bytes_to, bytes_from, size, rank, step)
                : all % 8 == 0 ? copy_units_async<uint2>(bytes_to, bytes_from, size, rank, step)
                : all % 4 == 0 && copy_units_async<unsigned int>(bytes_to, bytes_from, size, rank, step);
    if (!done) copy_share(to, from, size, rank, step);
    (void)__cw_async(1, 0, 0, 0, 0);
}

} // namespace details
} // namespace cuda

#endif
