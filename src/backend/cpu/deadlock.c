/* SPDX-License-Identifier: Apache-2.0 */
/* deadlock.c: see deadlock.h. Every live thread waits at a barrier or in a warp collective when this is called. */
#include "backend/cpu/deadlock.h"

#include <stdarg.h>
#include <stdio.h>

#include "backend/cpu/block.h"
#include "backend/cpu/fault.h"
#include "backend/cpu/warp.h"
#include "backend/cpu/worker.h"

struct sentence {
    char *text;
    size_t size;
    size_t used;
    uint32_t parts;
};

/* Adds one place where threads wait; what does not fit any more is left out. */
static void __attribute__((format(printf, 3, 4))) add(struct sentence *out, uint32_t threads, const char *format, ...) {
    char place[128];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(place, sizeof place, format, arguments);
    va_end(arguments);
    char part[192];
    int length = snprintf(part, sizeof part, "%s%u thread%s %s", out->parts ? ", " : "", threads,
                          threads == 1 ? " waits" : "s wait", place);
    const size_t reserve = 64; /* for the end of the sentence */
    if (length > 0 && out->used + (size_t)length + reserve < out->size) {
        out->used += (size_t)snprintf(out->text + out->used, out->size - out->used, "%s", part);
        out->parts++;
    }
}

static void add_barriers(struct sentence *out, const struct cw_cpu_state *state) {
    for (uint32_t id = 0; id < CW_CPU_BARRIERS; id++) {
        const struct cw_cpu_barrier *barrier = &state->barriers[id];
        if (!(state->open_barriers[id / 64] >> id % 64 & 1)) {
            continue;
        }
        uint32_t expected = barrier->expected ? barrier->expected : state->live, waiting = 0;
        for (uint32_t warp = 0; warp < state->warp_count; warp++) {
            waiting += (uint32_t)__builtin_popcount(barrier->lanes[warp]);
        }
        if (waiting == 0) {
            continue; /* all that arrived went on */
        }
        add(out, waiting, "at %s %u for %u", id == 0 ? "__syncthreads, barrier" : "barrier", id, expected);
    }
}

static void add_collectives(struct sentence *out, const struct cw_cpu_state *state) {
    for (uint32_t warp = 0; warp < state->warp_count; warp++) {
        for (uint32_t left = state->warps[warp].collecting; left;) {
            const struct cw_cpu_lane *lanes = &state->lanes[warp * CW_CPU_WARP];
            const struct cw_cpu_lane *model = &lanes[__builtin_ctz(left)];
            uint32_t group = 0;
            for (uint32_t rest = left; rest; rest &= rest - 1) {
                uint32_t lane = (uint32_t)__builtin_ctz(rest);
                group |= (uint32_t)(lanes[lane].mask == model->mask && lanes[lane].category == model->category) << lane;
            }
            add(out, (uint32_t)__builtin_popcount(group), "in %s with mask 0x%08x (warp %u, lanes 0x%08x)",
                cw_cpu_collective_name((enum cw_cpu_collective)model->category), model->mask, warp, group);
            left &= ~group;
        }
    }
}

void cw_cpu_deadlock_record(struct cw_cpu_state *state) {
    struct cw_cpu_fault_record *fault = &state->worker->fault;
    *fault = (struct cw_cpu_fault_record){.kind = CW_FAULT_DEADLOCK};
    snprintf(fault->text, sizeof fault->text, "deadlocked");
    struct sentence out = {.text = fault->detail, .size = sizeof fault->detail};
    add_barriers(&out, state);
    add_collectives(&out, state);
    if (state->cluster_waiters) {
        add(&out, state->cluster_waiters, "at the barrier of the cluster of %u", state->grid->cluster_size);
    }
    snprintf(out.text + out.used, out.size - out.used, ", and these threads can never meet");
}
