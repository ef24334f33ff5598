/* SPDX-License-Identifier: Apache-2.0 */
/*
 * thread.h: what the two forms of the runtime, with one thread and with threads, know of each other. The same sources make both;
 * those of the form with threads are compiled with WebAssembly's atomic instructions, and threads.c is only in that one.
 */
#ifndef CW_WASI_THREAD_H
#define CW_WASI_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __wasm_atomics__
/* threads.c: how many workers serve; 0 where the surroundings give none. Doesn't change once the program runs. */
extern uint32_t cw_wasi_workers;
/* Waits while `*word` is `seen`, at most `ns` (less than 0: for ever). Comes back early when the program must end. */
void cw_wasi_wait(uint32_t *word, uint32_t seen, int64_t ns);
void cw_wasi_wake(uint32_t *word, uint32_t count);
static inline bool cw_wasi_alone(void) {
    return cw_wasi_workers == 0;
}
#else
static inline bool cw_wasi_alone(void) {
    return true;
}
static inline void cw_wasi_wait(uint32_t *word, uint32_t seen, int64_t ns) {
    (void)word, (void)seen, (void)ns;
}
static inline void cw_wasi_wake(uint32_t *word, uint32_t count) {
    (void)word, (void)count;
}
#endif

/* pthread.c: of the calling thread; 1 is the program's first. */
extern _Thread_local uint32_t cw_wasi_thread_number;
/* Runs the destructors of the calling thread's values. */
void cw_wasi_thread_ended(void);

/* wait.c, for one thread: does what streams have to do; a wait with nothing left to do is a deadlock, which ends the program. */
void cw_wasi_wait_alone(void);

#endif
