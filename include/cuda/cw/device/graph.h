/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device/graph.h: what kernels of a graph may call: CUDA C++ Programming Guide, "Conditional Graph Nodes" and "Device Graph
 * Launch". A conditional handle is the address of the value that the runtime reads when it comes to the conditional node.
 */
#ifndef CW_CUDA_DEVICE_GRAPH_H
#define CW_CUDA_DEVICE_GRAPH_H

#include "../../driver_types.h"
#include "define.h"

/* Not CUDA's numbers, which don't fit into the pointers of 32-bit targets. */
#define cudaStreamGraphTailLaunch ((cudaStream_t)0x5)
#define cudaStreamGraphFireAndForget ((cudaStream_t)0x6)
#define cudaStreamGraphFireAndForgetAsSibling ((cudaStream_t)0x7)

/* struct cw_graph_question of cudawasm/cw_backend.h, and the questions' numbers in enum cw_device_question. */
struct __cw_graph_question {
    unsigned long long graph, stream, place;
};

CW_DEVICE cudaError_t cudaGraphLaunch(cudaGraphExec_t graph, cudaStream_t stream) {
    __cw_graph_question question = {(unsigned long long)graph, (unsigned long long)stream, 0};
    return (cudaError_t)__cw_error_note((int)__cw_ask(6, (long long)&question));
}
CW_DEVICE cudaGraphExec_t cudaGetCurrentGraphExec(void) {
    __cw_graph_question question = {0, 0, 0};
    return (cudaGraphExec_t)__cw_ask(7, (long long)&question);
}

CW_DEVICE void cudaGraphSetConditional(unsigned long long handle, unsigned int value) {
    __atomic_store_n((unsigned int *)handle, value, __ATOMIC_RELAXED);
}

#endif
