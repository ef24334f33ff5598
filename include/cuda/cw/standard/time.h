/* SPDX-License-Identifier: Apache-2.0 */
/*
 * standard/time.h: durations and clocks of cuda::std::chrono. Durations are the host library's, whose arithmetic is
 * constexpr; the clocks are here, on the device by the counter of nanoseconds that all threads share.
 */
#ifndef CW_CUDA_STANDARD_TIME_H
#define CW_CUDA_STANDARD_TIME_H

#include "define.h"

#include <chrono>

namespace cuda {
namespace details {

/* Nanoseconds since 1970 on the host; on the device the same clock or one that started at another time. */
CW_API long long nanoseconds_now() {
#if defined(__CUDA_ARCH__)
    return __cw_globaltimer();
#else
    return ::std::chrono::duration_cast<::std::chrono::nanoseconds>(
               ::std::chrono::system_clock::now().time_since_epoch())
        .count();
#endif
}
template <class Rep, class Period> CW_API long long in_nanoseconds(::std::chrono::duration<Rep, Period> duration) {
    return ::std::chrono::duration_cast<::std::chrono::nanoseconds>(duration).count();
}
/* Asks `done` until it says true or the time is over; returns what it said last. */
template <class Done> CW_API bool poll_until(long long deadline, Done done) {
    while (!done()) {
        if (nanoseconds_now() >= deadline) return done();
#if defined(__CUDA_ARCH__)
        __cw_poll();
#endif
    }
    return true;
}

} // namespace details

namespace std {
namespace chrono {
using ::std::chrono::duration;
using ::std::chrono::duration_cast;
using ::std::chrono::duration_values;
using ::std::chrono::hours;
using ::std::chrono::microseconds;
using ::std::chrono::milliseconds;
using ::std::chrono::minutes;
using ::std::chrono::nanoseconds;
using ::std::chrono::seconds;
using ::std::chrono::time_point;
using ::std::chrono::time_point_cast;
using ::std::chrono::treat_as_floating_point;

struct system_clock {
    typedef ::std::chrono::nanoseconds duration;
    typedef duration::rep rep;
    typedef duration::period period;
    typedef ::std::chrono::time_point<system_clock> time_point;
    static constexpr bool is_steady = false;
    CW_API static time_point now() noexcept { return time_point(duration(::cuda::details::nanoseconds_now())); }
};
typedef system_clock high_resolution_clock;
struct steady_clock {
    typedef ::std::chrono::nanoseconds duration;
    typedef duration::rep rep;
    typedef duration::period period;
    typedef ::std::chrono::time_point<steady_clock> time_point;
    static constexpr bool is_steady = true;
    CW_API static time_point now() noexcept { return time_point(duration(::cuda::details::nanoseconds_now())); }
};
} // namespace chrono
inline namespace literals {
using namespace ::std::chrono_literals;
}
} // namespace std
} // namespace cuda

#endif
