// SPDX-License-Identifier: Apache-2.0
// Changing executable graphs: single nodes, nodes switched off, the whole graph after another one with each reason why
// that can fail; launches that are pending keep what they were launched with.
// EXPECT: set: 5 5 7
// EXPECT: pending launch keeps its parameters: 1 10
// EXPECT: disabled: 0 7
// EXPECT: updated: 42
// EXPECT: child: 30
// EXPECT: reasons ok
// EXPECT: flags ok
// NVCC: before 13 edges of graphs have other parameters
#include <atomic>
#include <thread>

#include "check.h"

__global__ void add(int *to, int value) { *to += value; }
__global__ void other(int *to, int value) { *to += 2 * value; }

static std::atomic<bool> go;
static void wait_for_go(void *) {
    while (!go)
        std::this_thread::yield();
}

static cudaKernelNodeParams params_of(void *function, void **arguments) {
    cudaKernelNodeParams params = {};
    params.func = function;
    params.gridDim = params.blockDim = dim3(1);
    params.kernelParams = arguments;
    return params;
}

static cudaGraphNode_t kernel(cudaGraph_t graph, cudaGraphNode_t after, int *to, int value) {
    void *arguments[] = {&to, &value};
    cudaKernelNodeParams params = params_of(reinterpret_cast<void *>(add), arguments);
    cudaGraphNode_t node;
    CHECK(cudaGraphAddKernelNode(&node, graph, after ? &after : nullptr, after ? 1 : 0, &params));
    return node;
}

static int *data;
static int result() {
    int host;
    CHECK(cudaMemcpy(&host, data, sizeof host, cudaMemcpyDeviceToHost));
    CHECK(cudaMemset(data, 0, sizeof host));
    return host;
}
static int run(cudaGraphExec_t exec) {
    CHECK(cudaGraphLaunch(exec, 0));
    CHECK(cudaDeviceSynchronize());
    return result();
}

/* Why `exec` can't be made like `graph`. */
static cudaGraphExecUpdateResult reason(cudaGraphExec_t exec, cudaGraph_t graph) {
    cudaGraphExecUpdateResultInfo info;
    cudaError_t error = cudaGraphExecUpdate(exec, graph, &info);
    if ((error == cudaSuccess) != (info.result == cudaGraphExecUpdateSuccess) ||
        (error != cudaSuccess && error != cudaErrorGraphExecUpdateFailure))
        return cudaGraphExecUpdateError;
    return info.result;
}

int main() {
    CHECK(cudaMalloc(&data, 64));
    CHECK(cudaMemset(data, 0, 64));
    cudaGraph_t graph, second, child;
    cudaGraphExec_t exec;
    CHECK(cudaGraphCreate(&graph, 0));
    cudaGraphNode_t node = kernel(graph, nullptr, data, 5);
    CHECK(cudaGraphInstantiate(&exec, graph, 0));
    int five = run(exec);
    int value = 7;
    void *arguments[] = {&data, &value};
    cudaKernelNodeParams params = params_of(reinterpret_cast<void *>(add), arguments);
    CHECK(cudaGraphKernelNodeSetParams(node, &params)); // the graph's node, not the executable's
    int still = run(exec);
    CHECK(cudaGraphExecKernelNodeSetParams(exec, node, &params));
    std::printf("set: %d %d %d\n", five, still, run(exec));

    cudaStream_t stream;
    CHECK(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
    value = 1;
    CHECK(cudaGraphExecKernelNodeSetParams(exec, node, &params));
    CHECK(cudaLaunchHostFunc(stream, wait_for_go, nullptr));
    CHECK(cudaGraphLaunch(exec, stream));
    value = 10;
    CHECK(cudaGraphExecKernelNodeSetParams(exec, node, &params));
    go = true;
    CHECK(cudaStreamSynchronize(stream));
    int pending = result();
    std::printf("pending launch keeps its parameters: %d %d\n", pending, run(exec));

    unsigned on = 7;
    value = 7;
    CHECK(cudaGraphExecKernelNodeSetParams(exec, node, &params));
    CHECK(cudaGraphNodeSetEnabled(exec, node, 0));
    CHECK(cudaGraphNodeGetEnabled(exec, node, &on));
    int off = run(exec) + static_cast<int>(on);
    CHECK(cudaGraphNodeSetEnabled(exec, node, 1));
    std::printf("disabled: %d %d\n", off, run(exec));

    CHECK(cudaGraphCreate(&second, 0));
    kernel(second, nullptr, data, 42);
    bool ok = reason(exec, second) == cudaGraphExecUpdateSuccess;
    std::printf("updated: %d\n", run(exec));

    /* Another function on the same device is fine; the nodes' handles stay those of the first graph. */
    params.func = reinterpret_cast<void *>(other);
    CHECK(cudaGraphExecKernelNodeSetParams(exec, node, &params));
    ok = ok && run(exec) == 14;

    cudaGraph_t outer;
    cudaGraphExec_t outer_exec;
    cudaGraphNode_t inner;
    CHECK(cudaGraphCreate(&outer, 0));
    CHECK(cudaGraphCreate(&child, 0));
    kernel(child, nullptr, data, 3);
    CHECK(cudaGraphAddChildGraphNode(&inner, outer, nullptr, 0, child));
    CHECK(cudaGraphInstantiate(&outer_exec, outer, 0));
    CHECK(cudaGraphDestroy(child));
    CHECK(cudaGraphCreate(&child, 0));
    kernel(child, nullptr, data, 30);
    CHECK(cudaGraphExecChildGraphNodeSetParams(outer_exec, inner, child));
    std::printf("child: %d\n", run(outer_exec));

    cudaGraphNode_t last = kernel(second, kernel(second, nullptr, data, 1), data, 1);
    ok = ok && reason(exec, second) == cudaGraphExecUpdateErrorTopologyChanged; // more nodes
    ok = ok && cudaGraphExecKernelNodeSetParams(exec, last, &params) == cudaErrorInvalidValue;
    CHECK(cudaGraphDestroy(second));
    CHECK(cudaGraphCreate(&second, 0));
    cudaMemsetParams fill = {data, 0, 1, 4, 1, 1};
    cudaGraphNode_t fill_node, copy_node;
    CHECK(cudaGraphAddMemsetNode(&fill_node, second, nullptr, 0, &fill));
    ok = ok && reason(exec, second) == cudaGraphExecUpdateErrorNodeTypeChanged;
    int host[4];
    CHECK(cudaGraphAddMemcpyNode1D(&copy_node, second, &fill_node, 1, host, data, 4, cudaMemcpyDeviceToHost));
    cudaGraphExec_t copies;
    CHECK(cudaGraphInstantiate(&copies, second, 0));
    CHECK(cudaGraphExecMemcpyNodeSetParams1D(copies, copy_node, host + 1, data, 8, cudaMemcpyDeviceToHost));
    fill.width = 2;
    CHECK(cudaGraphExecMemsetNodeSetParams(copies, fill_node, &fill));
    run(copies);
    ok = ok && host[1] == 1 && host[2] == 1;
    ok = ok && cudaGraphExecMemcpyNodeSetParams1D(copies, copy_node, data, host, 8, cudaMemcpyHostToDevice) ==
                   cudaErrorInvalidValue; // the memory kinds changed
    CHECK(cudaGraphMemcpyNodeSetParams1D(copy_node, data + 4, data, 4, cudaMemcpyDeviceToDevice));
    ok = ok && reason(copies, second) == cudaGraphExecUpdateErrorParametersChanged;
    CHECK(cudaGraphRemoveDependencies(second, &fill_node, &copy_node, 1));
    ok = ok && reason(copies, second) == cudaGraphExecUpdateErrorTopologyChanged;
    ok = ok && cudaGraphNodeSetEnabled(copies, node, 0) == cudaErrorInvalidValue; // a node of another graph
    ok = ok && cudaGraphNodeSetEnabled(outer_exec, inner, 0) == cudaErrorInvalidValue; // not a kernel, copy or fill
    std::printf("reasons %s\n", ok ? "ok" : "differ");

    cudaGraphInstantiateParams with = {};
    with.flags = cudaGraphInstantiateFlagAutoFreeOnLaunch | cudaGraphInstantiateFlagUpload;
    with.uploadStream = stream;
    unsigned long long flags = 0;
    CHECK(cudaGraphInstantiateWithParams(&exec, graph, &with));
    CHECK(cudaGraphExecGetFlags(exec, &flags));
    ok = with.result_out == cudaGraphInstantiateSuccess && flags == cudaGraphInstantiateFlagAutoFreeOnLaunch;
    CHECK(cudaGraphUpload(exec, stream));
    ok = ok && cudaGraphInstantiate(&exec, graph, 64) == cudaErrorInvalidValue;
    std::printf("flags %s\n", ok ? "ok" : "differ");
    return 0;
}
