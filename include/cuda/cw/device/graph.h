/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device/graph.h: what kernels of a graph may call: CUDA C++ Programming Guide, "Conditional Graph Nodes". A handle is the
 * address of the value that the runtime reads when it comes to the conditional node.
 */
#ifndef CW_CUDA_DEVICE_GRAPH_H
#define CW_CUDA_DEVICE_GRAPH_H

#include "define.h"

CW_DEVICE void cudaGraphSetConditional(unsigned long long handle, unsigned int value) {
    __atomic_store_n((unsigned int *)handle, value, __ATOMIC_RELAXED);
}

#endif
