/* SPDX-License-Identifier: Apache-2.0 */
/* graph.h: the functions of graphs whose parameters are not the runtime API's as they are (graph_nodes.c). */
#ifndef CW_RUNTIME_DRIVER_GRAPH_H
#define CW_RUNTIME_DRIVER_GRAPH_H

#include <stdbool.h>

#include "cuda/cuda.h"
#include "cuda/driver_types.h"

/* True for NULL and for a context that lives. */
bool cw_driver_graph_in_context(CUcontext context);
cudaError_t cw_driver_graph_wrong_context(void);

cudaError_t cw_driver_graph_add_kernel(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count,
                                       const CUDA_KERNEL_NODE_PARAMS *params);
cudaError_t cw_driver_graph_get_kernel(CUgraphNode node, CUDA_KERNEL_NODE_PARAMS *params);
cudaError_t cw_driver_graph_set_kernel(CUgraphNode node, const CUDA_KERNEL_NODE_PARAMS *params);
cudaError_t cw_driver_graph_exec_set_kernel(CUgraphExec exec, CUgraphNode node, const CUDA_KERNEL_NODE_PARAMS *params);

cudaError_t cw_driver_graph_add_copy(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count,
                                     const CUDA_MEMCPY3D *params, CUcontext context);
cudaError_t cw_driver_graph_get_copy(CUgraphNode node, CUDA_MEMCPY3D *params);
cudaError_t cw_driver_graph_set_copy(CUgraphNode node, const CUDA_MEMCPY3D *params);
cudaError_t cw_driver_graph_exec_set_copy(CUgraphExec exec, CUgraphNode node, const CUDA_MEMCPY3D *params,
                                          CUcontext context);

cudaError_t cw_driver_graph_add_node(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies,
                                     const CUgraphEdgeData *edges, size_t count, CUgraphNodeParams *params);
cudaError_t cw_driver_graph_set_node(CUgraphNode node, const CUgraphNodeParams *params);
cudaError_t cw_driver_graph_exec_set_node(CUgraphExec exec, CUgraphNode node, const CUgraphNodeParams *params);

#endif
