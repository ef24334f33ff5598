/* SPDX-License-Identifier: Apache-2.0 */
/* warp.h: the kinds of warp collectives, and what the exit of a lane means to those that wait. */
#ifndef CW_BACKEND_CPU_WARP_H
#define CW_BACKEND_CPU_WARP_H

#include <stdint.h>

struct cw_cpu_state;

/* X(kind, CUDA's name). Lanes meet when they come with the same mask to the same kind. */
#define CW_CPU_COLLECTIVES(X)                                                                                          \
    X(WARP_SYNC, "__syncwarp")                                                                                         \
    X(SHFL_IDX, "__shfl_sync")                                                                                         \
    X(SHFL_UP, "__shfl_up_sync")                                                                                       \
    X(SHFL_DOWN, "__shfl_down_sync")                                                                                   \
    X(SHFL_XOR, "__shfl_xor_sync")                                                                                     \
    X(SHFL_IDX_B64, "__shfl_sync of 64 bits")                                                                          \
    X(SHFL_UP_B64, "__shfl_up_sync of 64 bits")                                                                        \
    X(SHFL_DOWN_B64, "__shfl_down_sync of 64 bits")                                                                    \
    X(SHFL_XOR_B64, "__shfl_xor_sync of 64 bits")                                                                      \
    X(VOTE_ALL, "__all_sync")                                                                                          \
    X(VOTE_ANY, "__any_sync")                                                                                          \
    X(VOTE_UNI, "__uni_sync")                                                                                          \
    X(VOTE_BALLOT, "__ballot_sync")                                                                                    \
    X(MATCH_ANY, "__match_any_sync")                                                                                   \
    X(MATCH_ALL, "__match_all_sync")                                                                                   \
    X(MATCH_ANY_B64, "__match_any_sync of 64 bits")                                                                    \
    X(MATCH_ALL_B64, "__match_all_sync of 64 bits")                                                                    \
    X(REDUX_ADD, "__reduce_add_sync")                                                                                  \
    X(REDUX_MIN, "__reduce_min_sync of int")                                                                           \
    X(REDUX_MAX, "__reduce_max_sync of int")                                                                           \
    X(REDUX_UMIN, "__reduce_min_sync of unsigned")                                                                     \
    X(REDUX_UMAX, "__reduce_max_sync of unsigned")                                                                     \
    X(REDUX_AND, "__reduce_and_sync")                                                                                  \
    X(REDUX_OR, "__reduce_or_sync")                                                                                    \
    X(REDUX_XOR, "__reduce_xor_sync")

enum cw_cpu_collective {
#define X(kind, name) CW_CPU_##kind,
    CW_CPU_COLLECTIVES(X)
#undef X
    CW_CPU_COLLECTIVE_COUNT
};

/* CUDA's name of a kind. */
const char *cw_cpu_collective_name(enum cw_cpu_collective kind);

/* Completes the collectives of `warp` that are complete now that a lane has exited. */
void cw_cpu_warp_settle(struct cw_cpu_state *state, uint32_t warp);

#endif
