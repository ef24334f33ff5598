/* SPDX-License-Identifier: Apache-2.0 */
/* barrier.h: what the exit of a thread means to the block's barriers. */
#ifndef CW_BACKEND_CPU_BARRIER_H
#define CW_BACKEND_CPU_BARRIER_H

struct cw_cpu_state;

/* Releases the barriers that are complete now that a thread has exited. */
void cw_cpu_barriers_settle(struct cw_cpu_state *state);

#endif
