// SPDX-License-Identifier: Apache-2.0
// NVCC: -lcuda
// Graphs by the driver API: nodes of many types, capture, updates, launches.
// EXPECT: nodes: ok
// EXPECT: launched: ok
// EXPECT: updated: ok
// EXPECT: captured: ok
// EXPECT: generic nodes: ok
// EXPECT: copies: ok
// EXPECT: memory operations: ok
// EXPECT: captured memory operations: ok
// EXPECT: refused: ok
// NVCC: before 13 cuCtxCreate and the nodes of graphs have other parameters
#include "check.h"
#include "check_driver.h"

__global__ void add(int *data, int value) { data[threadIdx.x] += value; }

static void say(const char *what, bool fine) { std::printf("%s: %s\n", what, fine ? "ok" : "wrong"); }
static void note(void *data) { *static_cast<int *>(data) += 1; }

/* One node of a graph waits for a word that another stream writes, and then writes the next one; both are changed later. */
static void memory_operations(CUstream stream, CUcontext context, CUdeviceptr words) {
    CUstream other;
    CUgraph graph, captured;
    CUgraphNode node, nodes[2];
    CUgraphExec exec, replay;
    unsigned seen[2] = {};
    size_t count = 2;
    CUgraphNodeType type;
    DRIVER(cuStreamCreate(&other, CU_STREAM_NON_BLOCKING));
    DRIVER(cuMemsetD32(words, 0, 2));
    DRIVER(cuCtxSynchronize()); // the fill need not be done when it returns, and no stream here waits for it
    CUstreamBatchMemOpParams operations[2] = {};
    operations[0].waitValue.operation = CU_STREAM_MEM_OP_WAIT_VALUE_32;
    operations[0].waitValue.address = words;
    operations[0].waitValue.value = 5;
    operations[0].waitValue.flags = CU_STREAM_WAIT_VALUE_EQ;
    operations[1].writeValue.operation = CU_STREAM_MEM_OP_WRITE_VALUE_32;
    operations[1].writeValue.address = words + 4;
    operations[1].writeValue.value = 6;
    CUDA_BATCH_MEM_OP_NODE_PARAMS params = {context, 2, operations, 0}, back = {};
    DRIVER(cuGraphCreate(&graph, 0));
    DRIVER(cuGraphAddBatchMemOpNode(&node, graph, nullptr, 0, &params));
    DRIVER(cuGraphBatchMemOpNodeGetParams(node, &back));
    DRIVER(cuGraphNodeGetType(node, &type));
    bool fine = back.count == 2 && back.paramArray[0].waitValue.value == 5 && back.paramArray[1].writeValue.value == 6 &&
                type == CU_GRAPH_NODE_TYPE_BATCH_MEM_OP;
    DRIVER(cuGraphInstantiate(&exec, graph, 0));
    DRIVER(cuGraphLaunch(exec, stream));
    fine &= cuStreamQuery(stream) == CUDA_ERROR_NOT_READY;
    DRIVER(cuStreamWriteValue32(other, words, 5, 0));
    DRIVER(cuStreamSynchronize(stream));
    DRIVER(cuMemcpyDtoH(seen, words, sizeof seen));
    fine &= seen[1] == 6;
    operations[1].writeValue.value = 60;
    DRIVER(cuGraphExecBatchMemOpNodeSetParams(exec, node, &params));
    DRIVER(cuGraphLaunch(exec, stream));
    DRIVER(cuStreamSynchronize(stream));
    DRIVER(cuMemcpyDtoH(seen, words, sizeof seen));
    fine &= seen[1] == 60;
    operations[1].writeValue.value = 61;
    CUgraphExecUpdateResultInfo info;
    DRIVER(cuGraphBatchMemOpNodeSetParams(node, &params));
    DRIVER(cuGraphExecUpdate(exec, graph, &info));
    DRIVER(cuGraphLaunch(exec, stream));
    DRIVER(cuStreamSynchronize(stream));
    DRIVER(cuMemcpyDtoH(seen, words, sizeof seen));
    say("memory operations", fine && seen[1] == 61);

    DRIVER(cuStreamBeginCapture(stream, CU_STREAM_CAPTURE_MODE_GLOBAL));
    DRIVER(cuStreamWriteValue32(stream, words, 70, 0));
    DRIVER(cuStreamWaitValue32(stream, words, 70, CU_STREAM_WAIT_VALUE_GEQ));
    DRIVER(cuStreamEndCapture(stream, &captured));
    DRIVER(cuGraphGetNodes(captured, nodes, &count));
    DRIVER(cuGraphNodeGetType(nodes[1], &type));
    DRIVER(cuGraphInstantiate(&replay, captured, 0));
    DRIVER(cuMemcpyDtoH(seen, words, sizeof seen));
    fine = seen[0] == 5 && count == 2 && type == CU_GRAPH_NODE_TYPE_BATCH_MEM_OP;
    DRIVER(cuGraphLaunch(replay, stream));
    DRIVER(cuStreamSynchronize(stream));
    DRIVER(cuMemcpyDtoH(seen, words, sizeof seen));
    say("captured memory operations", fine && seen[0] == 70);
    DRIVER(cuGraphExecDestroy(exec));
    DRIVER(cuGraphExecDestroy(replay));
    DRIVER(cuGraphDestroy(graph));
    DRIVER(cuGraphDestroy(captured));
    DRIVER(cuStreamDestroy(other));
}

int main() {
    CUdevice device;
    CUcontext context;
    CUstream stream;
    DRIVER(cuInit(0));
    DRIVER(cuDeviceGet(&device, 0));
    DRIVER(cuCtxCreate(&context, 0, device));
    DRIVER(cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING));
    cudaFunction_t function;
    CHECK(cudaGetFuncBySymbol(&function, reinterpret_cast<const void *>(add)));
    CUdeviceptr data;
    int host[16] = {}, calls = 0, value = 3;
    DRIVER(cuMemAlloc(&data, sizeof host));

    CUgraph graph;
    CUgraphNode fill, kernel, copy, call, empty;
    DRIVER(cuGraphCreate(&graph, 0));
    CUDA_MEMSET_NODE_PARAMS fill_params = {data, 0, 7, 4, 16, 1};
    DRIVER(cuGraphAddMemsetNode(&fill, graph, nullptr, 0, &fill_params, context));
    void *arguments[] = {&data, &value};
    CUDA_KERNEL_NODE_PARAMS kernel_params = {};
    kernel_params.func = function;
    kernel_params.gridDimX = kernel_params.gridDimY = kernel_params.gridDimZ = 1;
    kernel_params.blockDimX = 16;
    kernel_params.blockDimY = kernel_params.blockDimZ = 1;
    kernel_params.kernelParams = arguments;
    DRIVER(cuGraphAddKernelNode(&kernel, graph, &fill, 1, &kernel_params));
    CUDA_MEMCPY3D copy_params = {};
    copy_params.srcMemoryType = CU_MEMORYTYPE_DEVICE;
    copy_params.srcDevice = data;
    copy_params.dstMemoryType = CU_MEMORYTYPE_HOST;
    copy_params.dstHost = host;
    copy_params.WidthInBytes = sizeof host;
    copy_params.Height = copy_params.Depth = 1;
    DRIVER(cuGraphAddMemcpyNode(&copy, graph, &kernel, 1, &copy_params, context));
    CUDA_HOST_NODE_PARAMS call_params = {note, &calls};
    DRIVER(cuGraphAddHostNode(&call, graph, &copy, 1, &call_params));
    DRIVER(cuGraphAddEmptyNode(&empty, graph, &call, 1));
    size_t count = 0;
    CUgraphNodeType type;
    CUDA_KERNEL_NODE_PARAMS back;
    DRIVER(cuGraphGetNodes(graph, nullptr, &count));
    DRIVER(cuGraphNodeGetType(copy, &type));
    DRIVER(cuGraphKernelNodeGetParams(kernel, &back));
    say("nodes", count == 5 && type == CU_GRAPH_NODE_TYPE_MEMCPY && back.func == function && back.blockDimX == 16);

    CUgraphExec exec;
    DRIVER(cuGraphInstantiate(&exec, graph, 0));
    DRIVER(cuGraphLaunch(exec, stream));
    DRIVER(cuGraphLaunch(exec, stream));
    DRIVER(cuStreamSynchronize(stream));
    say("launched", host[0] == 10 && host[15] == 10 && calls == 2);
    value = 30;
    DRIVER(cuGraphExecKernelNodeSetParams(exec, kernel, &kernel_params));
    DRIVER(cuGraphLaunch(exec, stream));
    DRIVER(cuStreamSynchronize(stream));
    bool fine = host[0] == 37;
    value = 50;
    CUgraphExecUpdateResultInfo info;
    DRIVER(cuGraphKernelNodeSetParams(kernel, &kernel_params));
    DRIVER(cuGraphExecUpdate(exec, graph, &info));
    DRIVER(cuGraphLaunch(exec, stream));
    DRIVER(cuStreamSynchronize(stream));
    say("updated", fine && host[0] == 57 && info.result == CU_GRAPH_EXEC_UPDATE_SUCCESS);

    CUgraph captured;
    CUgraphExec replay;
    CUstreamCaptureStatus status;
    value = 1;
    DRIVER(cuStreamBeginCapture(stream, CU_STREAM_CAPTURE_MODE_GLOBAL));
    DRIVER(cuMemsetD32Async(data, 100, 16, stream));
    DRIVER(cuLaunchKernel(function, 1, 1, 1, 16, 1, 1, 0, stream, arguments, nullptr));
    DRIVER(cuMemcpyDtoHAsync(host, data, sizeof host, stream));
    DRIVER(cuStreamIsCapturing(stream, &status));
    DRIVER(cuStreamEndCapture(stream, &captured));
    DRIVER(cuGraphGetNodes(captured, nullptr, &count));
    DRIVER(cuGraphInstantiateWithFlags(&replay, captured, 0));
    fine = host[0] == 57 && status == CU_STREAM_CAPTURE_STATUS_ACTIVE && count == 3;
    DRIVER(cuGraphLaunch(replay, stream));
    DRIVER(cuStreamSynchronize(stream));
    say("captured", fine && host[0] == 101);

    CUgraph generic;
    CUgraphNode node, second;
    CUgraphNodeParams params = {};
    DRIVER(cuGraphCreate(&generic, 0));
    params.type = CU_GRAPH_NODE_TYPE_KERNEL;
    params.kernel = kernel_params;
    DRIVER(cuGraphAddNode(&node, generic, nullptr, 0, &params));
    params = {};
    params.type = CU_GRAPH_NODE_TYPE_MEMCPY;
    params.memcpy.copyParams = copy_params;
    params.memcpy.copyCtx = context;
    DRIVER(cuGraphAddNode(&second, generic, &node, 1, &params));
    CUgraphExec third;
    DRIVER(cuGraphInstantiate(&third, generic, 0));
    DRIVER(cuGraphLaunch(third, stream));
    DRIVER(cuStreamSynchronize(stream));
    say("generic nodes", host[0] == 102);

    CUDA_MEMCPY3D given = {};
    DRIVER(cuGraphMemcpyNodeGetParams(second, &given));
    say("copies", given.srcDevice == data && reinterpret_cast<int *>(given.dstDevice) == host &&
                      given.WidthInBytes == sizeof host && given.Height == 1 && given.Depth == 1);
    memory_operations(stream, context, data);

    CUgraphNodeParams batch = {};
    batch.type = CU_GRAPH_NODE_TYPE_BATCH_MEM_OP;
    say("refused", cuGraphAddNode(&node, generic, nullptr, 0, &batch) == CUDA_ERROR_INVALID_VALUE &&
                       cuGraphAddBatchMemOpNode(&node, generic, nullptr, 0, nullptr) == CUDA_ERROR_INVALID_VALUE &&
                       cuGraphBatchMemOpNodeGetParams(second, &batch.memOp) == CUDA_ERROR_INVALID_VALUE &&
                       cuGraphMemcpyNodeGetParams(second, nullptr) == CUDA_ERROR_INVALID_VALUE &&
                       cuGraphAddKernelNode(&node, generic, nullptr, 0, nullptr) == CUDA_ERROR_INVALID_VALUE &&
                       cuGraphCreate(nullptr, 0) == CUDA_ERROR_INVALID_VALUE &&
                       cuGraphLaunch(nullptr, stream) == CUDA_ERROR_INVALID_VALUE);
    DRIVER(cuGraphExecDestroy(exec));
    DRIVER(cuGraphDestroy(graph));
    DRIVER(cuCtxDestroy(context));
    return 0;
}
