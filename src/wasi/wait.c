/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wait.c: runtime/wait.h. With one thread, who waits runs what streams have to do in the meantime; when there is nothing, nobody
 * can ever wake it, which is reported instead of hanging.
 */
#include "runtime/wait.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "runtime/engine.h"
#include "wasi/thread.h"

/* A wake takes some microseconds: spinning that long is never dearer than twice the best choice. */
#define SPIN_NS 20000u

static _Noreturn void deadlock(void) {
    fflush(stdout);
    fputs("cuda-wasm: deadlock: the program waits for work that nothing left can complete (this WebAssembly module has one "
          "thread; the threaded form is -o PROGRAM.mjs)\n",
          stderr);
    abort();
}

void cw_wasi_wait_alone(void) {
    if (!cw_rt_engine_help()) {
        deadlock();
    }
}

void cw_rt_word_wait(_Atomic uint32_t *word, uint32_t seen) {
    if (!cw_wasi_alone()) {
        cw_wasi_wait((uint32_t *)word, seen, -1);
    } else if (!cw_rt_engine_help() && *word == seen) {
        deadlock();
    }
}

void cw_rt_word_wake(_Atomic uint32_t *word, bool all) {
    cw_wasi_wake((uint32_t *)word, all ? UINT32_MAX : 1);
}

uint64_t cw_rt_now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

void cw_rt_pause(void) {
}

/* Polling programs (cudaStreamQuery in a loop) end as well. */
void cw_rt_yield(void) {
    if (cw_wasi_alone()) {
        (void)cw_rt_engine_help();
    }
}

uint64_t cw_rt_spin_ns(void) {
    return cw_wasi_alone() ? 0 : SPIN_NS;
}
