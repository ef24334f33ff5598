// SPDX-License-Identifier: Apache-2.0
// NVCC: -lcuda
// Graphs by the driver API: nodes of many types, capture, updates, launches.
// EXPECT: nodes: ok
// EXPECT: launched: ok
// EXPECT: updated: ok
// EXPECT: captured: ok
// EXPECT: generic nodes: ok
// EXPECT: refused: ok
// NVCC: before 13 cuCtxCreate and the nodes of graphs have other parameters
#include "check.h"
#include "check_driver.h"

__global__ void add(int *data, int value) { data[threadIdx.x] += value; }

static void say(const char *what, bool fine) { std::printf("%s: %s\n", what, fine ? "ok" : "wrong"); }
static void note(void *data) { *static_cast<int *>(data) += 1; }

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

    CUgraphNodeParams batch = {};
    batch.type = CU_GRAPH_NODE_TYPE_BATCH_MEM_OP;
    say("refused", cuGraphAddNode(&node, generic, nullptr, 0, &batch) == CUDA_ERROR_NOT_SUPPORTED &&
                       cuGraphAddKernelNode(&node, generic, nullptr, 0, nullptr) == CUDA_ERROR_INVALID_VALUE &&
                       cuGraphCreate(nullptr, 0) == CUDA_ERROR_INVALID_VALUE &&
                       cuGraphLaunch(nullptr, stream) == CUDA_ERROR_INVALID_VALUE);
    DRIVER(cuGraphExecDestroy(exec));
    DRIVER(cuGraphDestroy(graph));
    DRIVER(cuCtxDestroy(context));
    return 0;
}
