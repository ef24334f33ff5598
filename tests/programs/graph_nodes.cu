// SPDX-License-Identifier: Apache-2.0
// Graphs built node by node: kernels, copies in all forms, fills, host functions, child graphs, events, empty nodes;
// what the nodes, edges and parameters are afterwards; and what clones and launches of them do.
// EXPECT: types ok
// EXPECT: edges ok
// EXPECT: parameters ok
// EXPECT: launch: ok
// EXPECT: clone: ok
// EXPECT: removed: ok
// EXPECT: events ok
// NVCC: before 13 edges of graphs have other parameters
#include "check.h"

__device__ int table[16];

__global__ void add(int *data, int value, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count)
        data[i] += value + table[i % 16];
}

static int host_calls;
static void on_host(void *data) { host_calls += *static_cast<int *>(data); }

static cudaGraphNode_t kernel_node(cudaGraph_t graph, cudaGraphNode_t after, int *data, int value, int count) {
    void *arguments[] = {&data, &value, &count};
    cudaKernelNodeParams params = {};
    params.func = reinterpret_cast<void *>(add);
    params.gridDim = dim3((count + 63) / 64);
    params.blockDim = dim3(64);
    params.kernelParams = arguments;
    cudaGraphNode_t node;
    CHECK(cudaGraphAddKernelNode(&node, graph, after ? &after : nullptr, after ? 1 : 0, &params));
    return node;
}

int main() {
    const int count = 1000;
    int one = 1, host_table[16], *data;
    for (int i = 0; i < 16; i++)
        host_table[i] = 100 * i;
    std::vector<int> result(count), want(count);
    CHECK(cudaMalloc(&data, count * sizeof(int)));

    cudaGraph_t graph, child;
    CHECK(cudaGraphCreate(&graph, 0));
    CHECK(cudaGraphCreate(&child, 0));
    kernel_node(child, nullptr, data, 7, count);

    cudaGraphNode_t fill, symbol, first, inner, host, join, out, second;
    cudaMemsetParams set = {data, 0, 3, 4, static_cast<size_t>(count), 1};
    CHECK(cudaGraphAddMemsetNode(&fill, graph, nullptr, 0, &set));
    CHECK(cudaGraphAddMemcpyNodeToSymbol(&symbol, graph, nullptr, 0, table, host_table, sizeof host_table));
    cudaGraphNode_t both[] = {fill, symbol};
    CHECK(cudaGraphAddEmptyNode(&join, graph, both, 2));
    first = kernel_node(graph, join, data, 10, count);
    CHECK(cudaGraphAddChildGraphNode(&inner, graph, &first, 1, child));
    cudaHostNodeParams call = {on_host, &one};
    CHECK(cudaGraphAddHostNode(&host, graph, &first, 1, &call));
    second = kernel_node(graph, inner, data, 1000, count);
    CHECK(cudaGraphAddMemcpyNode1D(&out, graph, &second, 1, result.data(), data, count * sizeof(int),
                                   cudaMemcpyDeviceToHost));
    CHECK(cudaGraphAddDependencies(graph, &host, &out, 1));
    CHECK(cudaGraphDestroy(child)); // the node has a copy

    cudaGraphNodeType want_types[] = {cudaGraphNodeTypeMemset, cudaGraphNodeTypeMemcpy, cudaGraphNodeTypeEmpty,
                                      cudaGraphNodeTypeKernel, cudaGraphNodeTypeGraph,  cudaGraphNodeTypeHost,
                                      cudaGraphNodeTypeKernel, cudaGraphNodeTypeMemcpy};
    cudaGraphNode_t nodes[10];
    size_t node_count = 0;
    CHECK(cudaGraphGetNodes(graph, nullptr, &node_count));
    bool ok = node_count == 8;
    node_count = 10;
    CHECK(cudaGraphGetNodes(graph, nodes, &node_count));
    ok = ok && node_count == 8 && !nodes[8] && !nodes[9];
    for (int i = 0; i < 8; i++) {
        cudaGraphNodeType type;
        CHECK(cudaGraphNodeGetType(nodes[i], &type));
        ok = ok && type == want_types[i];
    }
    std::printf("types %s\n", ok ? "ok" : "differ");

    size_t edges = 0, roots = 0, before = 0, after = 0;
    CHECK(cudaGraphGetEdges(graph, nullptr, nullptr, &edges));
    CHECK(cudaGraphGetRootNodes(graph, nullptr, &roots));
    CHECK(cudaGraphNodeGetDependencies(out, nullptr, &before));
    CHECK(cudaGraphNodeGetDependentNodes(first, nullptr, &after));
    cudaGraphNode_t from[8], to[8];
    ok = edges == 8 && roots == 2 && before == 2 && after == 2;
    CHECK(cudaGraphGetEdges(graph, from, to, &edges));
    ok = ok && from[0] == fill && to[0] == join && from[edges - 1] == host && to[edges - 1] == out;
    ok = ok && cudaGraphAddDependencies(graph, &host, &out, 1) == cudaErrorInvalidValue;   // there already
    ok = ok && cudaGraphAddDependencies(graph, &out, &fill, 1) == cudaErrorInvalidValue;   // a cycle
    ok = ok && cudaGraphRemoveDependencies(graph, &fill, &out, 1) == cudaErrorInvalidValue; // not there
    std::printf("edges %s\n", ok ? "ok" : "differ");

    cudaKernelNodeParams kernel;
    cudaMemsetParams fill_back;
    cudaMemcpy3DParms copy_back;
    cudaHostNodeParams host_back;
    cudaGraph_t child_back;
    CHECK(cudaGraphKernelNodeGetParams(second, &kernel));
    CHECK(cudaGraphMemsetNodeGetParams(fill, &fill_back));
    CHECK(cudaGraphMemcpyNodeGetParams(out, &copy_back));
    CHECK(cudaGraphHostNodeGetParams(host, &host_back));
    CHECK(cudaGraphChildGraphNodeGetGraph(inner, &child_back));
    ok = *static_cast<int *>(kernel.kernelParams[1]) == 1000 && kernel.gridDim.x == 16 && fill_back.value == 3 &&
         copy_back.extent.width == count * sizeof(int) && copy_back.dstPtr.ptr == result.data() &&
         host_back.fn == on_host && child_back;
    int less = 2000;
    kernel.kernelParams[1] = &less;
    CHECK(cudaGraphKernelNodeSetParams(second, &kernel));
    ok = ok && cudaGraphMemsetNodeGetParams(out, &fill_back) == cudaErrorInvalidValue;
    std::printf("parameters %s\n", ok ? "ok" : "differ");

    cudaGraphExec_t exec;
    CHECK(cudaGraphInstantiate(&exec, graph, 0));
    for (int i = 0; i < count; i++)
        want[i] = 0x03030303 * 0 + 3 + 10 + 7 + 2000 + 3 * 100 * (i % 16);
    for (int i = 0; i < 3; i++)
        CHECK(cudaGraphLaunch(exec, 0));
    CHECK(cudaDeviceSynchronize());
    same("launch", result, want);
    CHECK(cudaGraphExecDestroy(exec));

    cudaGraph_t clone;
    cudaGraphNode_t in_clone;
    CHECK(cudaGraphClone(&clone, graph));
    CHECK(cudaGraphNodeFindInClone(&in_clone, second, clone));
    CHECK(cudaGraphKernelNodeGetParams(in_clone, &kernel));
    CHECK(cudaGraphDestroy(graph));
    result.assign(count, 0);
    CHECK(cudaGraphInstantiate(&exec, clone, 0));
    CHECK(cudaGraphLaunch(exec, 0));
    CHECK(cudaDeviceSynchronize());
    same("clone", result, want);
    CHECK(cudaGraphExecDestroy(exec));
    CHECK(cudaGraphDestroyNode(in_clone));
    CHECK(cudaGraphInstantiate(&exec, clone, 0));
    CHECK(cudaGraphLaunch(exec, 0));
    CHECK(cudaDeviceSynchronize());
    for (int i = 0; i < count; i++)
        want[i] = 3 + 10 + 7 + 2 * 100 * (i % 16);
    CHECK(cudaMemcpy(result.data(), data, count * sizeof(int), cudaMemcpyDeviceToHost));
    same("removed", result, want);
    CHECK(cudaGraphExecDestroy(exec));
    CHECK(cudaGraphDestroy(clone));

    /* Events in a graph order two streams. */
    cudaEvent_t early, late;
    cudaStream_t streams[2];
    CHECK(cudaEventCreate(&early));
    CHECK(cudaEventCreate(&late));
    for (cudaStream_t &stream : streams)
        CHECK(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
    CHECK(cudaGraphCreate(&graph, 0));
    cudaGraphNode_t wait, record;
    CHECK(cudaGraphAddEventWaitNode(&wait, graph, nullptr, 0, early));
    first = kernel_node(graph, wait, data, 1, count);
    CHECK(cudaGraphAddEventRecordNode(&record, graph, &first, 1, late));
    cudaEvent_t event_back;
    CHECK(cudaGraphEventRecordNodeGetEvent(record, &event_back));
    CHECK(cudaGraphInstantiate(&exec, graph, 0));
    CHECK(cudaMemsetAsync(data, 0, count * sizeof(int), streams[0]));
    CHECK(cudaEventRecord(early, streams[0]));
    CHECK(cudaGraphLaunch(exec, streams[1]));
    CHECK(cudaStreamWaitEvent(streams[0], late, 0));
    CHECK(cudaMemcpyAsync(result.data(), data, count * sizeof(int), cudaMemcpyDeviceToHost, streams[0]));
    CHECK(cudaStreamSynchronize(streams[0]));
    float ms = -1;
    CHECK(cudaEventElapsedTime(&ms, early, late));
    ok = event_back == late && result[1] == 101 && result[999] == 701 && ms >= 0 && host_calls == 5;
    std::printf("events %s\n", ok ? "ok" : "differ");
    CHECK(cudaGraphExecDestroy(exec));
    CHECK(cudaGraphDestroy(graph));
    return 0;
}
