/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wait.h: sleeping on a 32-bit word, and time. The only place of the runtime that knows the operating system's way.
 *
 * The word carries no data: whoever changes what a sleeper waits for changes the word too (under the engine's lock),
 * then wakes. A sleeper that read the word before that change comes back at once, so no wake is lost.
 */
#ifndef CW_RUNTIME_WAIT_H
#define CW_RUNTIME_WAIT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Sleeps while `*word` is `seen`; may come back early. */
void cw_rt_word_wait(_Atomic uint32_t *word, uint32_t seen);
/* Wakes one sleeper, or all of them. */
void cw_rt_word_wake(_Atomic uint32_t *word, bool all);

/* No thread could be started for what streams have ready: sees to it that it is done all the same. */
void cw_rt_without_thread(void);

/* Nanoseconds of a clock that never goes back. */
uint64_t cw_rt_now_ns(void);
/* A hint to the processor that this is a spin loop. */
void cw_rt_pause(void);
/* Lets another thread that waits for this processor run: spinning must not keep the one that is waited for away. */
void cw_rt_yield(void);
/* Nanoseconds for which a waiter spins before it sleeps: 0 where there is one processor only. */
uint64_t cw_rt_spin_ns(void);

#endif
