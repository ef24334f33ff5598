/* SPDX-License-Identifier: Apache-2.0 */
/*
 * warp.h: warp collectives of every documented type: CUDA C++ Programming Guide, "Warp Vote Functions", "Warp Match
 * Functions", "Warp Reduce Functions", "Warp Shuffle Functions". The intrinsics move 32 or 64 bits; values travel as
 * their bits.
 */
#ifndef CW_CUDA_DEVICE_WARP_H
#define CW_CUDA_DEVICE_WARP_H

#include "define.h"

/* ---- Shuffles ---- */

#define CW_SHUFFLE(name, intrinsic, type, bits, lane_type)                                                             \
    CW_DEVICE type name(unsigned int mask, type value, lane_type lane, int width = 32) {                               \
        bits in;                                                                                                       \
        type out;                                                                                                      \
        __builtin_memcpy(&in, &value, sizeof in);                                                                      \
        bits moved = intrinsic((int)mask, in, (int)lane, width);                                                       \
        __builtin_memcpy(&out, &moved, sizeof out);                                                                    \
        return out;                                                                                                    \
    }

#define CW_SHUFFLE_TYPES(name, intrinsic, lane_type)                                                                   \
    CW_SHUFFLE(name, intrinsic, int, int, lane_type)                                                                   \
    CW_SHUFFLE(name, intrinsic, unsigned int, int, lane_type)                                                          \
    CW_SHUFFLE(name, intrinsic, float, int, lane_type)                                                                 \
    CW_SHUFFLE(name, intrinsic##_b64, long long, long long, lane_type)                                                 \
    CW_SHUFFLE(name, intrinsic##_b64, unsigned long long, long long, lane_type)                                        \
    CW_SHUFFLE(name, intrinsic##_b64, double, long long, lane_type)                                                    \
    CW_SHUFFLE_LONG(name, intrinsic, lane_type)

#if defined(__LP64__)
#define CW_SHUFFLE_LONG(name, intrinsic, lane_type)                                                                    \
    CW_SHUFFLE(name, intrinsic##_b64, long, long long, lane_type)                                                      \
    CW_SHUFFLE(name, intrinsic##_b64, unsigned long, long long, lane_type)
#else
#define CW_SHUFFLE_LONG(name, intrinsic, lane_type)                                                                    \
    CW_SHUFFLE(name, intrinsic, long, int, lane_type)                                                                  \
    CW_SHUFFLE(name, intrinsic, unsigned long, int, lane_type)
#endif

CW_SHUFFLE_TYPES(__shfl_sync, __cw_shfl_idx, int)
CW_SHUFFLE_TYPES(__shfl_up_sync, __cw_shfl_up, unsigned int)
CW_SHUFFLE_TYPES(__shfl_down_sync, __cw_shfl_down, unsigned int)
CW_SHUFFLE_TYPES(__shfl_xor_sync, __cw_shfl_xor, int)

#undef CW_SHUFFLE
#undef CW_SHUFFLE_LONG
#undef CW_SHUFFLE_TYPES

/* ---- Votes ---- */

CW_DEVICE int __all_sync(unsigned int mask, int predicate) { return __cw_vote_all((int)mask, predicate); }
CW_DEVICE int __any_sync(unsigned int mask, int predicate) { return __cw_vote_any((int)mask, predicate); }
CW_DEVICE int __uni_sync(unsigned int mask, int predicate) { return __cw_vote_uni((int)mask, predicate); }
CW_DEVICE unsigned int __ballot_sync(unsigned int mask, int predicate) {
    return (unsigned int)__cw_vote_ballot((int)mask, predicate);
}
CW_DEVICE unsigned int __activemask(void) { return (unsigned int)__cw_activemask(); }

/* ---- Match ---- */

#define CW_MATCH(type, bits, suffix)                                                                                   \
    CW_DEVICE unsigned int __match_any_sync(unsigned int mask, type value) {                                           \
        bits in;                                                                                                       \
        __builtin_memcpy(&in, &value, sizeof in);                                                                      \
        return (unsigned int)__cw_match_any##suffix((int)mask, in);                                                    \
    }                                                                                                                  \
    CW_DEVICE unsigned int __match_all_sync(unsigned int mask, type value, int *predicate) {                           \
        bits in;                                                                                                       \
        __builtin_memcpy(&in, &value, sizeof in);                                                                      \
        unsigned int lanes = (unsigned int)__cw_match_all##suffix((int)mask, in);                                      \
        *predicate = lanes != 0;                                                                                       \
        return lanes;                                                                                                  \
    }

CW_MATCH(int, int, )
CW_MATCH(unsigned int, int, )
CW_MATCH(float, int, )
CW_MATCH(long long, long long, _b64)
CW_MATCH(unsigned long long, long long, _b64)
CW_MATCH(double, long long, _b64)
#if defined(__LP64__)
CW_MATCH(long, long long, _b64)
CW_MATCH(unsigned long, long long, _b64)
#else
CW_MATCH(long, int, )
CW_MATCH(unsigned long, int, )
#endif

#undef CW_MATCH

/* ---- Reduce ---- */

CW_DEVICE unsigned int __reduce_add_sync(unsigned int mask, unsigned int value) {
    return (unsigned int)__cw_redux_add((int)mask, (int)value);
}
CW_DEVICE int __reduce_add_sync(unsigned int mask, int value) { return __cw_redux_add((int)mask, value); }
CW_DEVICE unsigned int __reduce_min_sync(unsigned int mask, unsigned int value) {
    return (unsigned int)__cw_redux_umin((int)mask, (int)value);
}
CW_DEVICE int __reduce_min_sync(unsigned int mask, int value) { return __cw_redux_min((int)mask, value); }
CW_DEVICE unsigned int __reduce_max_sync(unsigned int mask, unsigned int value) {
    return (unsigned int)__cw_redux_umax((int)mask, (int)value);
}
CW_DEVICE int __reduce_max_sync(unsigned int mask, int value) { return __cw_redux_max((int)mask, value); }
CW_DEVICE unsigned int __reduce_and_sync(unsigned int mask, unsigned int value) {
    return (unsigned int)__cw_redux_and((int)mask, (int)value);
}
CW_DEVICE unsigned int __reduce_or_sync(unsigned int mask, unsigned int value) {
    return (unsigned int)__cw_redux_or((int)mask, (int)value);
}
CW_DEVICE unsigned int __reduce_xor_sync(unsigned int mask, unsigned int value) {
    return (unsigned int)__cw_redux_xor((int)mask, (int)value);
}

#endif
