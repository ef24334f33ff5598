/* SPDX-License-Identifier: Apache-2.0 */
/* barrier.h: what the exit of a thread means to the block's barriers. */
#ifndef CW_BACKEND_CPU_BARRIER_H
#define CW_BACKEND_CPU_BARRIER_H

#include <stdint.h>

struct cw_cpu_state;

/* Thread `index` has exited: releases the barriers that are complete now. */
void cw_cpu_barriers_settle(struct cw_cpu_state *state, uint32_t index);

#endif
