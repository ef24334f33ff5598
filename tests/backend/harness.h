/* SPDX-License-Identifier: Apache-2.0 */
/*
 * harness.h: kernels written in C for tests of the CPU backend. They follow artifact.h as generated code does: one
 * generic kernel, whose parameters say which function is its body, and services reached through slots.
 */
#ifndef CW_TESTS_BACKEND_HARNESS_H
#define CW_TESTS_BACKEND_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "backend/cpu/artifact.h"
#include "cudawasm/cw_backend.h"

/* X(member, import name, result type, parameter types) */
#define SERVICES(X)                                                                                                    \
    X(thread_exit, "cw.thread_exit", void, (void))                                                                     \
    X(barrier, "cw.barrier", void, (uint32_t, uint32_t))                                                               \
    X(barrier_popc, "cw.barrier.popc", uint32_t, (uint32_t))                                                           \
    X(barrier_and, "cw.barrier.and", uint32_t, (uint32_t))                                                             \
    X(barrier_or, "cw.barrier.or", uint32_t, (uint32_t))                                                               \
    X(warp_sync, "cw.warp.sync", void, (uint32_t))                                                                     \
    X(activemask, "cw.activemask", uint32_t, (void))                                                                   \
    X(shfl_idx, "cw.shfl.idx", uint32_t, (uint32_t, uint32_t, uint32_t, uint32_t))                                     \
    X(shfl_up, "cw.shfl.up", uint32_t, (uint32_t, uint32_t, uint32_t, uint32_t))                                       \
    X(shfl_down, "cw.shfl.down", uint32_t, (uint32_t, uint32_t, uint32_t, uint32_t))                                   \
    X(shfl_xor, "cw.shfl.xor", uint32_t, (uint32_t, uint32_t, uint32_t, uint32_t))                                     \
    X(shfl_idx_b64, "cw.shfl.idx.b64", uint64_t, (uint32_t, uint64_t, uint32_t, uint32_t))                             \
    X(shfl_up_b64, "cw.shfl.up.b64", uint64_t, (uint32_t, uint64_t, uint32_t, uint32_t))                               \
    X(shfl_down_b64, "cw.shfl.down.b64", uint64_t, (uint32_t, uint64_t, uint32_t, uint32_t))                           \
    X(shfl_xor_b64, "cw.shfl.xor.b64", uint64_t, (uint32_t, uint64_t, uint32_t, uint32_t))                             \
    X(vote_all, "cw.vote.all", uint32_t, (uint32_t, uint32_t))                                                         \
    X(vote_any, "cw.vote.any", uint32_t, (uint32_t, uint32_t))                                                         \
    X(vote_uni, "cw.vote.uni", uint32_t, (uint32_t, uint32_t))                                                         \
    X(vote_ballot, "cw.vote.ballot", uint32_t, (uint32_t, uint32_t))                                                   \
    X(match_any, "cw.match.any", uint32_t, (uint32_t, uint32_t))                                                       \
    X(match_all, "cw.match.all", uint32_t, (uint32_t, uint32_t))                                                       \
    X(match_any_b64, "cw.match.any.b64", uint32_t, (uint32_t, uint64_t))                                               \
    X(match_all_b64, "cw.match.all.b64", uint32_t, (uint32_t, uint64_t))                                               \
    X(redux_add, "cw.redux.add", uint32_t, (uint32_t, uint32_t))                                                       \
    X(redux_min, "cw.redux.min", uint32_t, (uint32_t, uint32_t))                                                       \
    X(redux_max, "cw.redux.max", uint32_t, (uint32_t, uint32_t))                                                       \
    X(redux_umin, "cw.redux.umin", uint32_t, (uint32_t, uint32_t))                                                     \
    X(redux_umax, "cw.redux.umax", uint32_t, (uint32_t, uint32_t))                                                     \
    X(redux_and, "cw.redux.and", uint32_t, (uint32_t, uint32_t))                                                       \
    X(redux_or, "cw.redux.or", uint32_t, (uint32_t, uint32_t))                                                         \
    X(redux_xor, "cw.redux.xor", uint32_t, (uint32_t, uint32_t))                                                       \
    X(yield, "cw.yield", void, (void))                                                                                 \
    X(poll, "cw.poll", void, (void))                                                                                   \
    X(is_shared, "cw.is_shared", uint32_t, (const void *))                                                             \
    X(is_global, "cw.is_global", uint32_t, (const void *))                                                             \
    X(is_local, "cw.is_local", uint32_t, (const void *))                                                               \
    X(clock64, "cw.clock64", uint64_t, (void))                                                                         \
    X(globaltimer, "cw.globaltimer", uint64_t, (void))                                                                 \
    X(nanosleep, "cw.nanosleep", void, (uint32_t))                                                                     \
    X(trap, "cw.trap", void, (void))                                                                                   \
    X(breakpoint, "cw.breakpoint", void, (void))                                                                       \
    X(assert_fail, "__assertfail", void, (const char *, const char *, uint32_t, const char *, size_t))                 \
    X(pure_virtual, "__cxa_pure_virtual", void, (void))                                                                \
    X(deleted_virtual, "__cxa_deleted_virtual", void, (void))                                                          \
    X(print, "vprintf", uint32_t, (const char *, const void *))                                                        \
    X(alloc, "malloc", void *, (size_t))                                                                               \
    X(release, "free", void, (void *))

struct services {
#define X(member, name, result, parameters) result(*member) parameters;
    SERVICES(X)
#undef X
};
extern struct services cw;

/* One CUDA thread. `index` is its linear index. */
typedef void body(void *data, const struct cw_cpu_block *block, uint32_t index);

struct launch_shape {
    uint32_t grid, block;
    uint32_t shared;      /* dynamic, bytes */
    uint32_t cooperative;
    bool all; /* by run_all: the body must not suspend */
};

/* A device with the generic kernel on it; `threads` workers (0: as many as the machine has). */
struct bench {
    struct cw_backend_device *device;
    struct cw_backend_module *module;
    struct cw_fault fault;
};
void bench_open(struct bench *bench, uint32_t threads);
void bench_close(struct bench *bench);
cw_status bench_launch(struct bench *bench, struct launch_shape shape, body *function, void *data);
/* With three-dimensional shapes. */
cw_status bench_launch_dim(struct bench *bench, struct cw_dim3 grid, struct cw_dim3 block, bool all, body *function,
                           void *data);

/* Pseudo-random numbers that are the same in every run. */
uint32_t random_next(uint64_t *state);

#endif
