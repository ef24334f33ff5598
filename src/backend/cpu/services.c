/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services.c: the table from intrinsic to service. Names come from intrinsics.def; an intrinsic without a service here
 * is one that generated code must resolve itself, and a module that imports it is refused by name.
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

#define SERVICE(name, function) [INTRINSIC_##name] = (void (*)(void))(function)

static void (*const services[INTRINSIC_COUNT])(void) = {
    SERVICE(BARRIER, cw_cpu_barrier),
    SERVICE(BARRIER_POPC, cw_cpu_barrier_popc),
    SERVICE(BARRIER_AND, cw_cpu_barrier_and),
    SERVICE(BARRIER_OR, cw_cpu_barrier_or),
    SERVICE(WARP_SYNC, cw_cpu_warp_sync),
    SERVICE(ACTIVEMASK, cw_cpu_activemask),
    SERVICE(SHFL_IDX, cw_cpu_shfl_idx),
    SERVICE(SHFL_UP, cw_cpu_shfl_up),
    SERVICE(SHFL_DOWN, cw_cpu_shfl_down),
    SERVICE(SHFL_XOR, cw_cpu_shfl_xor),
    SERVICE(SHFL_IDX_B64, cw_cpu_shfl_idx_b64),
    SERVICE(SHFL_UP_B64, cw_cpu_shfl_up_b64),
    SERVICE(SHFL_DOWN_B64, cw_cpu_shfl_down_b64),
    SERVICE(SHFL_XOR_B64, cw_cpu_shfl_xor_b64),
    SERVICE(VOTE_ALL, cw_cpu_vote_all),
    SERVICE(VOTE_ANY, cw_cpu_vote_any),
    SERVICE(VOTE_UNI, cw_cpu_vote_uni),
    SERVICE(VOTE_BALLOT, cw_cpu_vote_ballot),
    SERVICE(MATCH_ANY, cw_cpu_match_any),
    SERVICE(MATCH_ALL, cw_cpu_match_all),
    SERVICE(MATCH_ANY_B64, cw_cpu_match_any_b64),
    SERVICE(MATCH_ALL_B64, cw_cpu_match_all_b64),
    SERVICE(REDUX_ADD, cw_cpu_redux_add),
    SERVICE(REDUX_MIN, cw_cpu_redux_min),
    SERVICE(REDUX_MAX, cw_cpu_redux_max),
    SERVICE(REDUX_UMIN, cw_cpu_redux_umin),
    SERVICE(REDUX_UMAX, cw_cpu_redux_umax),
    SERVICE(REDUX_AND, cw_cpu_redux_and),
    SERVICE(REDUX_OR, cw_cpu_redux_or),
    SERVICE(REDUX_XOR, cw_cpu_redux_xor),
    SERVICE(YIELD, cw_cpu_yield),
    SERVICE(POLL, cw_cpu_poll),
    SERVICE(IS_SHARED, cw_cpu_is_shared),
    SERVICE(IS_GLOBAL, cw_cpu_is_global),
    SERVICE(IS_LOCAL, cw_cpu_is_local),
    SERVICE(CLOCK64, cw_cpu_clock64),
    SERVICE(GLOBALTIMER, cw_cpu_globaltimer),
    SERVICE(NANOSLEEP, cw_cpu_nanosleep),
    SERVICE(TRAP, cw_cpu_trap),
    SERVICE(BREAKPOINT, cw_cpu_breakpoint),
    SERVICE(ASSERT_FAIL, cw_cpu_assert_fail),
    SERVICE(PURE_VIRTUAL, cw_cpu_pure_virtual),
    SERVICE(DELETED_VIRTUAL, cw_cpu_deleted_virtual),
    SERVICE(VPRINTF, cw_cpu_vprintf),
    SERVICE(MALLOC, cw_cpu_malloc),
    SERVICE(FREE, cw_cpu_free),
};

void *cw_cpu_service_find(const char *name) {
    void (*service)(void) = NULL;
    if (strcmp(name, "cw.thread_exit") == 0) {
        service = cw_cpu_thread_exit;
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
