/* SPDX-License-Identifier: Apache-2.0 */
/* child.h: what kernels launch, as services, and what a block keeps for it. */
#ifndef CW_BACKEND_CPU_CHILD_H
#define CW_BACKEND_CPU_CHILD_H

struct cw_cpu_state;

/* A block begins, or has ended or failed. */
void cw_cpu_child_begin(struct cw_cpu_state *state);
void cw_cpu_child_end(struct cw_cpu_state *state);

#endif
