/* SPDX-License-Identifier: Apache-2.0 */
/* deadlock.h: the report of a block whose live threads can never meet. */
#ifndef CW_BACKEND_CPU_DEADLOCK_H
#define CW_BACKEND_CPU_DEADLOCK_H

struct cw_cpu_state;

/* Records a CW_FAULT_DEADLOCK on the state's worker that says how many threads wait where. */
void cw_cpu_deadlock_record(struct cw_cpu_state *state);

#endif
