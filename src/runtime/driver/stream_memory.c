/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream_memory.c: streams that write words of memory and wait for them (Driver API reference, "Stream Memory Operations"),
 * and graphs' nodes that do (runtime/words.h).
 */
#include <string.h>

#include "runtime/driver/driver.h"
#include "runtime/driver/graph.h"
#include "runtime/graph.h"
#include "runtime/stream.h"
#include "runtime/words.h"

/* ---- Streams ----------------------------------------------------------------------------------------------------- */

static cudaError_t queue(CUstream handle, unsigned count, const CUstreamBatchMemOpParams *operations, unsigned flags) {
    struct cw_rt_device *device;
    struct CUstream_st *stream;
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_stream_resolve(device, handle, &stream);
    }
    if (error == cudaSuccess) {
        error = cw_rt_words_check(operations, count, flags);
    }
    return error == cudaSuccess ? cw_rt_words_submit(stream, operations, count) : error;
}

static cudaError_t queue_one(CUstream stream, CUstreamBatchMemOpType type, CUdeviceptr address, cuuint64_t value,
                             unsigned flags) {
    CUstreamBatchMemOpParams operation = {.waitValue = {.operation = type, .address = address, .flags = flags}};
    if (type == CU_STREAM_MEM_OP_WAIT_VALUE_64 || type == CU_STREAM_MEM_OP_WRITE_VALUE_64) {
        operation.waitValue.value64 = value;
    } else {
        operation.waitValue.value = (cuuint32_t)value;
    }
    return queue(stream, 1, &operation, 0);
}

CUresult cuStreamWaitValue32(CUstream stream, CUdeviceptr address, cuuint32_t value, unsigned flags) {
    return CW_DRIVER(queue_one(stream, CU_STREAM_MEM_OP_WAIT_VALUE_32, address, value, flags));
}

CUresult cuStreamWaitValue64(CUstream stream, CUdeviceptr address, cuuint64_t value, unsigned flags) {
    return CW_DRIVER(queue_one(stream, CU_STREAM_MEM_OP_WAIT_VALUE_64, address, value, flags));
}

CUresult cuStreamWriteValue32(CUstream stream, CUdeviceptr address, cuuint32_t value, unsigned flags) {
    return CW_DRIVER(queue_one(stream, CU_STREAM_MEM_OP_WRITE_VALUE_32, address, value, flags));
}

CUresult cuStreamWriteValue64(CUstream stream, CUdeviceptr address, cuuint64_t value, unsigned flags) {
    return CW_DRIVER(queue_one(stream, CU_STREAM_MEM_OP_WRITE_VALUE_64, address, value, flags));
}

CUresult cuStreamBatchMemOp(CUstream stream, unsigned count, CUstreamBatchMemOpParams *params, unsigned flags) {
    return CW_DRIVER(queue(stream, count, params, flags));
}

/* ---- Graphs ------------------------------------------------------------------------------------------------------ */

static cudaError_t general(const CUDA_BATCH_MEM_OP_NODE_PARAMS *from, CUgraphNodeParams *to) {
    if (!from) {
        return cw_rt_fail(cudaErrorInvalidValue, "the parameters are NULL");
    }
    memset(to, 0, sizeof *to);
    to->type = CU_GRAPH_NODE_TYPE_BATCH_MEM_OP;
    to->memOp = *from;
    return cw_driver_graph_in_context(from->ctx) ? cudaSuccess : cw_driver_graph_wrong_context();
}

static cudaError_t add(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count,
                       const CUDA_BATCH_MEM_OP_NODE_PARAMS *params) {
    CUgraphNodeParams all;
    cudaError_t error = general(params, &all);
    return error == cudaSuccess ? cw_driver_graph_add_node(node, graph, dependencies, NULL, count, &all) : error;
}

static cudaError_t set(CUgraphNode node, const CUDA_BATCH_MEM_OP_NODE_PARAMS *params) {
    CUgraphNodeParams all;
    cudaError_t error = general(params, &all);
    return error == cudaSuccess ? cw_driver_graph_set_node(node, &all) : error;
}

static cudaError_t exec_set(CUgraphExec exec, CUgraphNode node, const CUDA_BATCH_MEM_OP_NODE_PARAMS *params) {
    CUgraphNodeParams all;
    cudaError_t error = general(params, &all);
    return error == cudaSuccess ? cw_driver_graph_exec_set_node(exec, node, &all) : error;
}

static cudaError_t get(CUgraphNode node, CUDA_BATCH_MEM_OP_NODE_PARAMS *params) {
    struct cudaGraphNodeParams all;
    cudaError_t error = cw_driver_place(params, "parameters");
    if (error == cudaSuccess) {
        error = cw_rt_node_get(node, CW_RT_NODE_WORDS, params, &all);
    }
    if (error == cudaSuccess) {
        *params = cw_rt_words_params(&all);
        params->ctx = cw_rt_thread()->context;
    }
    return error;
}

CUresult cuGraphAddBatchMemOpNode(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count,
                                  const CUDA_BATCH_MEM_OP_NODE_PARAMS *params) {
    return CW_DRIVER(add(node, graph, dependencies, count, params));
}

CUresult cuGraphBatchMemOpNodeGetParams(CUgraphNode node, CUDA_BATCH_MEM_OP_NODE_PARAMS *params) {
    return CW_DRIVER(get(node, params));
}

CUresult cuGraphBatchMemOpNodeSetParams(CUgraphNode node, const CUDA_BATCH_MEM_OP_NODE_PARAMS *params) {
    return CW_DRIVER(set(node, params));
}

CUresult cuGraphExecBatchMemOpNodeSetParams(CUgraphExec exec, CUgraphNode node,
                                            const CUDA_BATCH_MEM_OP_NODE_PARAMS *params) {
    return CW_DRIVER(exec_set(exec, node, params));
}
