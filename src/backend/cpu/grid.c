/* SPDX-License-Identifier: Apache-2.0 */
/*
 * grid.c: see grid.h. Waiting is the block's affair first: its other threads may still have something to do. When they
 * all wait, the block goes back to its worker, which runs other blocks; a worker without any sleeps.
 */
#include "backend/cpu/grid.h"

#include <time.h>

#include "backend/cpu/block.h"
#include "backend/cpu/fault.h"
#include "backend/cpu/services.h"
#include "backend/cpu/switch.h"

#define SPINS 500 /* some 5 to 15 microseconds: the other workers' blocks may be about to arrive */

void cw_cpu_grid_barrier_init(struct cw_cpu_grid_barrier *barrier, uint64_t blocks) {
    *barrier = (struct cw_cpu_grid_barrier){.blocks = blocks};
    pthread_condattr_t attributes;
    pthread_mutex_init(&barrier->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&barrier->changed, &attributes);
    pthread_condattr_destroy(&attributes);
}

void cw_cpu_grid_barrier_fini(struct cw_cpu_grid_barrier *barrier) {
    pthread_cond_destroy(&barrier->changed);
    pthread_mutex_destroy(&barrier->lock);
}

/* Under the lock. */
static void wake(struct cw_cpu_grid_barrier *barrier) {
    if (barrier->sleepers) {
        pthread_cond_broadcast(&barrier->changed);
    }
}

/* Under the lock. */
static void look_for_deadlock(struct cw_cpu_grid_barrier *barrier) {
    if (barrier->arrived != 0 && barrier->arrived + barrier->ended + barrier->stuck == barrier->blocks) {
        __atomic_store_n(&barrier->broken, 1, __ATOMIC_RELAXED);
        wake(barrier);
    }
}

void cw_cpu_grid_barrier_leave(struct cw_cpu_grid_barrier *barrier) {
    pthread_mutex_lock(&barrier->lock);
    barrier->ended++;
    look_for_deadlock(barrier);
    pthread_mutex_unlock(&barrier->lock);
}

void cw_cpu_grid_barrier_stick(struct cw_cpu_grid_barrier *barrier, int64_t blocks) {
    pthread_mutex_lock(&barrier->lock);
    barrier->stuck += (uint64_t)blocks;
    look_for_deadlock(barrier);
    pthread_mutex_unlock(&barrier->lock);
}

void cw_cpu_grid_barrier_wake(struct cw_cpu_grid_barrier *barrier) {
    pthread_mutex_lock(&barrier->lock);
    barrier->sleepers = 0;
    pthread_cond_broadcast(&barrier->changed);
    pthread_mutex_unlock(&barrier->lock);
}

void cw_cpu_grid_barrier_sleep(struct cw_cpu_grid_barrier *barrier, uint64_t token, uint64_t ns) {
    for (int i = 0; i < SPINS; i++) {
        if (cw_cpu_grid_barrier_passed(barrier, token) || cw_cpu_grid_barrier_broken(barrier)) {
            return;
        }
        cw_cpu_relax();
    }
    struct timespec end;
    if (ns) {
        clock_gettime(CLOCK_MONOTONIC, &end);
        ns += (uint64_t)end.tv_nsec;
        end.tv_sec += (time_t)(ns / 1000000000u);
        end.tv_nsec = (long)(ns % 1000000000u);
    }
    pthread_mutex_lock(&barrier->lock);
    if (!cw_cpu_grid_barrier_passed(barrier, token) && !barrier->broken) {
        barrier->sleepers++;
        if (ns) {
            (void)pthread_cond_timedwait(&barrier->changed, &barrier->lock, &end);
        } else {
            pthread_cond_wait(&barrier->changed, &barrier->lock);
        }
        barrier->sleepers -= barrier->sleepers != 0;
    }
    pthread_mutex_unlock(&barrier->lock);
}

/* ---- Services ---------------------------------------------------------------------------------------------------- */

uint32_t cw_cpu_grid_valid(void) {
    return cw_cpu_state_of(cw_cpu_self())->grid->barrier != NULL;
}

void *cw_cpu_grid_workspace(void) {
    struct cw_cpu_grid_barrier *barrier = cw_cpu_state_of(cw_cpu_self())->grid->barrier;
    return barrier ? barrier->workspace : NULL;
}

uint64_t cw_cpu_grid_arrive(void) {
    struct cw_cpu_state *state = cw_cpu_state_of(cw_cpu_self());
    struct cw_cpu_grid_barrier *barrier = state->grid->barrier;
    if (!barrier) {
        cw_cpu_fault_raise(state, CW_FAULT_TRAP, CW_CPU_CALLER,
                           "synchronised its grid, and was not launched by cudaLaunchCooperativeKernel,");
    }
    pthread_mutex_lock(&barrier->lock);
    uint64_t token = barrier->phase;
    if (++barrier->arrived == barrier->blocks) {
        barrier->arrived = 0;
        __atomic_store_n(&barrier->phase, token + 1, __ATOMIC_RELEASE);
        wake(barrier);
    } else {
        look_for_deadlock(barrier);
    }
    pthread_mutex_unlock(&barrier->lock);
    return token;
}

void cw_cpu_grid_wait(uint64_t token) {
    struct cw_cpu_thread *thread = cw_cpu_self();
    struct cw_cpu_state *state = cw_cpu_state_of(thread);
    struct cw_cpu_grid_barrier *barrier = state->grid->barrier;
    while (barrier && !cw_cpu_grid_barrier_passed(barrier, token)) {
        if (state->grid_waiter != CW_CPU_UNSTARTED) {
            cw_cpu_fault_raise(state, CW_FAULT_TRAP, CW_CPU_CALLER,
                               "waited for its grid in several threads of a block, where one speaks for all,");
        }
        state->grid_waiter = thread->index;
        state->grid_token = token;
        cw_cpu_wait(state, thread->index);
        state->grid_waiter = CW_CPU_UNSTARTED;
    }
}
