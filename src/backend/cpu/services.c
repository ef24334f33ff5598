/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services.c: the table from intrinsic to service. Names come from intrinsics.def; a module that imports an intrinsic
 * without a service is refused by name.
 */
#include "backend/cpu/services.h"

#include <string.h>

enum intrinsic {
#define CW_INTRINSIC(name, text, signature, effects, feature, doc) INTRINSIC_##name,
#include "module/intrinsics.def"
    INTRINSIC_COUNT
};

static const char *const intrinsic_texts[INTRINSIC_COUNT] = {
#define CW_INTRINSIC(name, text, signature, effects, feature, doc) [INTRINSIC_##name] = text,
#include "module/intrinsics.def"
};

/* One row an intrinsic, in the order of intrinsics.def: its service, or NULL when generated code resolves it itself
 * (target/cpu/intrinsics.c). */
#define SERVICE_LIST(X)                                                                                                \
    X(TID_X, NULL)                                                                                                     \
    X(TID_Y, NULL)                                                                                                     \
    X(TID_Z, NULL)                                                                                                     \
    X(NTID_X, NULL)                                                                                                    \
    X(NTID_Y, NULL)                                                                                                    \
    X(NTID_Z, NULL)                                                                                                    \
    X(CTAID_X, NULL)                                                                                                   \
    X(CTAID_Y, NULL)                                                                                                   \
    X(CTAID_Z, NULL)                                                                                                   \
    X(NCTAID_X, NULL)                                                                                                  \
    X(NCTAID_Y, NULL)                                                                                                  \
    X(NCTAID_Z, NULL)                                                                                                  \
    X(LANEID, NULL)                                                                                                    \
    X(WARPID, NULL)                                                                                                    \
    X(SMID, NULL)                                                                                                      \
    X(DYNAMIC_SHARED_SIZE, NULL)                                                                                       \
    X(BARRIER, cw_cpu_barrier)                                                                                         \
    X(BARRIER_POPC, cw_cpu_barrier_popc)                                                                               \
    X(BARRIER_AND, cw_cpu_barrier_and)                                                                                 \
    X(BARRIER_OR, cw_cpu_barrier_or)                                                                                   \
    X(GRID_VALID, cw_cpu_grid_valid)                                                                                   \
    X(GRID_ARRIVE, cw_cpu_grid_arrive)                                                                                 \
    X(GRID_WAIT, cw_cpu_grid_wait)                                                                                     \
    X(WARP_SYNC, cw_cpu_warp_sync)                                                                                     \
    X(ACTIVEMASK, cw_cpu_activemask)                                                                                   \
    X(SHFL_IDX, cw_cpu_shfl_idx)                                                                                       \
    X(SHFL_UP, cw_cpu_shfl_up)                                                                                         \
    X(SHFL_DOWN, cw_cpu_shfl_down)                                                                                     \
    X(SHFL_XOR, cw_cpu_shfl_xor)                                                                                       \
    X(SHFL_IDX_B64, cw_cpu_shfl_idx_b64)                                                                               \
    X(SHFL_UP_B64, cw_cpu_shfl_up_b64)                                                                                 \
    X(SHFL_DOWN_B64, cw_cpu_shfl_down_b64)                                                                             \
    X(SHFL_XOR_B64, cw_cpu_shfl_xor_b64)                                                                               \
    X(VOTE_ALL, cw_cpu_vote_all)                                                                                       \
    X(VOTE_ANY, cw_cpu_vote_any)                                                                                       \
    X(VOTE_UNI, cw_cpu_vote_uni)                                                                                       \
    X(VOTE_BALLOT, cw_cpu_vote_ballot)                                                                                 \
    X(MATCH_ANY, cw_cpu_match_any)                                                                                     \
    X(MATCH_ALL, cw_cpu_match_all)                                                                                     \
    X(MATCH_ANY_B64, cw_cpu_match_any_b64)                                                                             \
    X(MATCH_ALL_B64, cw_cpu_match_all_b64)                                                                             \
    X(REDUX_ADD, cw_cpu_redux_add)                                                                                     \
    X(REDUX_MIN, cw_cpu_redux_min)                                                                                     \
    X(REDUX_MAX, cw_cpu_redux_max)                                                                                     \
    X(REDUX_UMIN, cw_cpu_redux_umin)                                                                                   \
    X(REDUX_UMAX, cw_cpu_redux_umax)                                                                                   \
    X(REDUX_AND, cw_cpu_redux_and)                                                                                     \
    X(REDUX_OR, cw_cpu_redux_or)                                                                                       \
    X(REDUX_XOR, cw_cpu_redux_xor)                                                                                     \
    X(YIELD, cw_cpu_yield)                                                                                             \
    X(POLL, cw_cpu_poll)                                                                                               \
    X(SHARED_WINDOW, NULL)                                                                                             \
    X(IS_SHARED, cw_cpu_is_shared)                                                                                     \
    X(IS_GLOBAL, cw_cpu_is_global)                                                                                     \
    X(IS_LOCAL, cw_cpu_is_local)                                                                                       \
    X(IS_CONSTANT, NULL)                                                                                               \
    X(CLOCK, NULL)                                                                                                     \
    X(CLOCK64, cw_cpu_clock64)                                                                                         \
    X(GLOBALTIMER, cw_cpu_globaltimer)                                                                                 \
    X(NANOSLEEP, cw_cpu_nanosleep)                                                                                     \
    X(TRAP, cw_cpu_trap)                                                                                               \
    X(BREAKPOINT, cw_cpu_breakpoint)                                                                                   \
    X(ASSERT_FAIL, cw_cpu_assert_fail)                                                                                 \
    X(PURE_VIRTUAL, cw_cpu_pure_virtual)                                                                               \
    X(DELETED_VIRTUAL, cw_cpu_deleted_virtual)                                                                         \
    X(VPRINTF, cw_cpu_vprintf)                                                                                         \
    X(MALLOC, cw_cpu_malloc)                                                                                           \
    X(FREE, cw_cpu_free)                                                                                               \
    X(TEXTURE_FETCH, cw_cpu_texture_fetch)                                                                             \
    X(TEXTURE_SAMPLE, cw_cpu_texture_sample)                                                                           \
    X(TEXTURE_SAMPLE_LOD, cw_cpu_texture_sample_lod)                                                                   \
    X(TEXTURE_SAMPLE_GRAD, cw_cpu_texture_sample_grad)                                                                 \
    X(TEXTURE_GATHER, cw_cpu_texture_gather)                                                                           \
    X(SURFACE_LOAD, cw_cpu_surface_load)                                                                               \
    X(SURFACE_STORE, cw_cpu_surface_store)                                                                             \
    X(CHILD_BUFFER, cw_cpu_child_buffer)                                                                               \
    X(CHILD_LAUNCH, cw_cpu_child_launch)                                                                               \
    X(CHILD_SYNCHRONIZE, cw_cpu_child_synchronize)                                                                     \
    X(CHILD_COPY, cw_cpu_child_copy)                                                                                   \
    X(CHILD_FILL, cw_cpu_child_fill)                                                                                   \
    X(CHILD_STREAM, cw_cpu_child_stream)                                                                               \
    X(CHILD_STREAM_END, cw_cpu_child_stream_end)                                                                       \
    X(CHILD_STREAM_WAIT, cw_cpu_child_stream_wait)                                                                     \
    X(CHILD_EVENT, cw_cpu_child_event)                                                                                 \
    X(CHILD_EVENT_END, cw_cpu_child_event_end)                                                                         \
    X(CHILD_EVENT_RECORD, cw_cpu_child_event_record)                                                                   \
    X(ERROR_NOTE, cw_cpu_error_note)                                                                                   \
    X(ERROR_LAST, cw_cpu_error_last)                                                                                   \
    X(ASK, cw_cpu_ask)                                                                                                 \
    X(ASK_KERNEL, cw_cpu_ask_kernel)

static void (*const services[INTRINSIC_COUNT])(void) = {
#define X(name, function) [INTRINSIC_##name] = (void (*)(void))(function),
    SERVICE_LIST(X)
#undef X
};

#define X(name, function) +1
_Static_assert(SERVICE_LIST(X) == INTRINSIC_COUNT, "every intrinsic has a row in SERVICE_LIST");
#undef X

void *cw_cpu_service_find(const char *name) {
    void (*service)(void) = NULL;
    if (strcmp(name, "cw.thread_exit") == 0) {
        service = cw_cpu_thread_exit;
    } else if (strcmp(name, "cw.barrier_vote") == 0) {
        service = (void (*)(void))cw_cpu_barrier_vote;
    }
    for (size_t i = 0; i < INTRINSIC_COUNT && !service; i++) {
        if (strcmp(name, intrinsic_texts[i]) == 0) {
            service = services[i];
            break;
        }
    }
    void *address;
    _Static_assert(sizeof address == sizeof service, "POSIX lets object pointers hold functions");
    memcpy(&address, &service, sizeof address);
    return address;
}
