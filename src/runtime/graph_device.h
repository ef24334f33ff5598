/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graph_device.h: graphs that kernels launch: CUDA C++ Programming Guide, "Device Graph Launch".
 *
 * A run of an executable graph is an *environment*. What its kernels launch to be forgotten runs before the next step does,
 * since nothing orders the two and a kernel has all processors; a sibling is the same of the environment above. What
 * they launch into the tail runs when the environment is complete, in that order, the tails of a tail first. A kernel is
 * known by the address of its arguments, which is its step's own.
 */
#ifndef CW_RUNTIME_GRAPH_DEVICE_H
#define CW_RUNTIME_GRAPH_DEVICE_H

#include <stdbool.h>
#include <stddef.h>

#include "cuda/driver_types.h"

struct CUgraph_st;
struct CUgraphExec_st;
struct cw_graph_question;
struct cw_rt_plan;

/* Whether kernels could launch the graph, with the lock of graphs held: kernels, copies and fills of one device, which reaches
 * their operands. Says why not. */
cudaError_t cw_rt_graph_check_device_launch(const struct CUgraph_st *graph, cudaGraphInstantiateResult *result);
/* An executable graph that kernels may launch comes (1) or goes (-1). */
void cw_rt_graph_device_count(int change);

/* Runs steps [from, to) of a launch by the host, and what comes of it. Without the lock. */
cudaError_t cw_rt_graph_run(struct CUgraphExec_st *exec, struct cw_rt_plan *plan, size_t from, size_t to);
/* Around a step of the calling thread that runs a kernel with arguments at `place`. */
void cw_rt_graph_step_begins(const void *place);
cudaError_t cw_rt_graph_step_ended(void);

/* For kernels: cudaGraphLaunch, a cudaError_t, and cudaGetCurrentGraphExec. */
cudaError_t cw_rt_graph_device_launch(const struct cw_graph_question *question);
struct CUgraphExec_st *cw_rt_graph_device_current(const struct cw_graph_question *question);

#endif
