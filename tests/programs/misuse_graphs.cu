// SPDX-License-Identifier: Apache-2.0
// Misuse of graphs: the documented error of each call, one row each.
// EXPECT: 0 rows differ
// NVCC: before 13 edges of graphs have other parameters
#include <cstring>

#include "check.h"

__global__ void kernel(int *, int) {}
__global__ void __launch_bounds__(64) bounded() {}

static int differ;
#define ROW(want, call)                                                                                                \
    do {                                                                                                               \
        cudaError_t have = (call);                                                                                     \
        cudaGetLastError();                                                                                            \
        if (have != (want)) {                                                                                          \
            std::printf("line %d: %s, should be %s\n", __LINE__, cudaGetErrorName(have), cudaGetErrorName(want));      \
            differ++;                                                                                                  \
        }                                                                                                              \
    } while (0)

#define VALUE cudaErrorInvalidValue

static int *data;
static cudaGraph_t graph, other, dead;
static cudaGraphNode_t node, in_other, made, dead_node;
static cudaGraphExec_t exec, dead_exec;
static cudaKernelNodeParams good;

static cudaKernelNodeParams with(void (*change)(cudaKernelNodeParams *)) {
    cudaKernelNodeParams params = good;
    change(&params);
    return params;
}
static cudaError_t add_kernel(void (*change)(cudaKernelNodeParams *)) {
    cudaKernelNodeParams params = with(change);
    return cudaGraphAddKernelNode(&made, graph, nullptr, 0, &params);
}
static cudaError_t add_fill(cudaMemsetParams params) {
    return cudaGraphAddMemsetNode(&made, graph, nullptr, 0, &params);
}
static cudaError_t add_copy(void *dst, const void *src, size_t count, cudaMemcpyKind kind) {
    return cudaGraphAddMemcpyNode1D(&made, graph, nullptr, 0, dst, src, count, kind);
}

int main() {
    int value = 1, host[4];
    size_t count = 0;
    unsigned on = 0;
    unsigned long long flags;
    cudaGraph_t clone;
    cudaGraphNodeType type;
    cudaGraphExec_t made_exec;
    cudaEvent_t event, dead_event;
    cudaStream_t dead_stream;
    cudaUserObject_t object;
    cudaLaunchAttributeValue attribute = {};
    cudaGraphExecUpdateResultInfo info;
    void *arguments[] = {&data, &value};
    CHECK(cudaMalloc(&data, 256));
    CHECK(cudaEventCreate(&event));
    CHECK(cudaEventCreate(&dead_event));
    CHECK(cudaEventDestroy(dead_event));
    CHECK(cudaStreamCreate(&dead_stream));
    CHECK(cudaStreamDestroy(dead_stream));
    good.func = reinterpret_cast<void *>(kernel);
    good.gridDim = good.blockDim = dim3(1);
    good.kernelParams = arguments;
    for (cudaGraph_t *one : {&graph, &other, &dead})
        CHECK(cudaGraphCreate(one, 0));
    CHECK(cudaGraphAddKernelNode(&node, graph, nullptr, 0, &good));
    CHECK(cudaGraphAddEmptyNode(&in_other, other, nullptr, 0));
    CHECK(cudaGraphAddEmptyNode(&dead_node, dead, nullptr, 0));
    CHECK(cudaGraphInstantiate(&exec, graph, 0));
    CHECK(cudaGraphInstantiate(&dead_exec, dead, 0));
    CHECK(cudaGraphDestroy(dead));
    CHECK(cudaGraphExecDestroy(dead_exec));

    /* Graphs. */
    ROW(VALUE, cudaGraphCreate(nullptr, 0));
    ROW(VALUE, cudaGraphCreate(&clone, 1));
    ROW(VALUE, cudaGraphDestroy(nullptr));
    ROW(VALUE, cudaGraphDestroy(dead));
    ROW(VALUE, cudaGraphDestroy(reinterpret_cast<cudaGraph_t>(host)));
    ROW(VALUE, cudaGraphClone(nullptr, graph));
    ROW(VALUE, cudaGraphClone(&clone, dead));
    ROW(VALUE, cudaGraphNodeFindInClone(&made, node, other));
    ROW(VALUE, cudaGraphGetNodes(dead, nullptr, &count));
    ROW(VALUE, cudaGraphGetNodes(graph, nullptr, nullptr));
    ROW(VALUE, cudaGraphGetEdges(graph, &made, nullptr, &count));
    ROW(VALUE, cudaGraphNodeGetType(dead_node, &type));
    ROW(VALUE, cudaGraphNodeGetType(node, nullptr));
    ROW(VALUE, cudaGraphDestroyNode(dead_node));
    ROW(VALUE, cudaGraphDebugDotPrint(graph, nullptr, 0));
    ROW(VALUE, cudaGraphDebugDotPrint(graph, "/dev/null", 1u << 20));
    ROW(cudaErrorOperatingSystem, cudaGraphDebugDotPrint(graph, "/nonexistent/graph.dot", 0));
    /* Nodes. */
    ROW(VALUE, cudaGraphAddEmptyNode(nullptr, graph, nullptr, 0));
    ROW(VALUE, cudaGraphAddEmptyNode(&made, dead, nullptr, 0));
    ROW(VALUE, cudaGraphAddEmptyNode(&made, graph, nullptr, 1));
    ROW(VALUE, cudaGraphAddEmptyNode(&made, graph, &in_other, 1));
    ROW(VALUE, cudaGraphAddEmptyNode(&made, graph, &dead_node, 1));
    cudaGraphNode_t twice[] = {node, node};
    ROW(VALUE, cudaGraphAddEmptyNode(&made, graph, twice, 2));
    ROW(VALUE, cudaGraphAddKernelNode(&made, graph, nullptr, 0, nullptr));
    ROW(cudaErrorInvalidDeviceFunction, add_kernel([](cudaKernelNodeParams *p) { p->func = &differ; }));
    ROW(cudaErrorInvalidConfiguration, add_kernel([](cudaKernelNodeParams *p) { p->gridDim.x = 0; }));
    ROW(cudaErrorInvalidConfiguration, add_kernel([](cudaKernelNodeParams *p) { p->blockDim.x = 2048; }));
    ROW(VALUE, add_kernel([](cudaKernelNodeParams *p) { p->sharedMemBytes = 1 << 20; }));
    ROW(VALUE, add_kernel([](cudaKernelNodeParams *p) { p->kernelParams = nullptr; }));
    ROW(cudaErrorLaunchOutOfResources, add_kernel([](cudaKernelNodeParams *p) {
            p->func = reinterpret_cast<void *>(bounded);
            p->blockDim.x = 65;
        }));
    ROW(VALUE, add_fill({nullptr, 0, 0, 1, 16, 1}));
    ROW(VALUE, add_fill({host, 0, 0, 1, 16, 1}));
    ROW(VALUE, add_fill({data, 0, 0, 3, 16, 1}));
    ROW(VALUE, add_fill({data, 0, 256, 1, 16, 1}));
    ROW(VALUE, add_fill({data, 0, 0, 4, 65, 1}));
    ROW(VALUE, add_fill({data, 0, 0, 4, 0, 1}));
    ROW(VALUE, add_fill({data, 8, 0, 4, 4, 2}));
    ROW(VALUE, add_fill({reinterpret_cast<char *>(data) + 1, 0, 0, 4, 4, 1}));
    ROW(VALUE, add_copy(data, host, 0, cudaMemcpyHostToDevice));
    ROW(VALUE, add_copy(data, host, 257, cudaMemcpyHostToDevice));
    ROW(VALUE, add_copy(nullptr, host, 16, cudaMemcpyHostToDevice));
    ROW(VALUE, add_copy(host, data, 16, cudaMemcpyHostToDevice));
    ROW(cudaErrorInvalidMemcpyDirection, add_copy(data, host, 16, static_cast<cudaMemcpyKind>(9)));
    ROW(cudaErrorInvalidSymbol, cudaGraphAddMemcpyNodeToSymbol(&made, graph, nullptr, 0, (const void *)host, host, 4, 0,
                                                               cudaMemcpyHostToDevice));
    cudaHostNodeParams call = {};
    ROW(VALUE, cudaGraphAddHostNode(&made, graph, nullptr, 0, &call));
    ROW(VALUE, cudaGraphAddChildGraphNode(&made, graph, nullptr, 0, dead));
    ROW(cudaErrorInvalidResourceHandle, cudaGraphAddEventRecordNode(&made, graph, nullptr, 0, dead_event));
    ROW(cudaErrorInvalidResourceHandle, cudaGraphAddEventWaitNode(&made, graph, nullptr, 0, dead_event));
    cudaMemAllocNodeParams alloc = {};
    ROW(VALUE, cudaGraphAddMemAllocNode(&made, graph, nullptr, 0, &alloc));
    alloc.poolProps.allocType = cudaMemAllocationTypePinned;
    alloc.poolProps.location = {cudaMemLocationTypeDevice, 9};
    alloc.bytesize = 16;
    ROW(cudaErrorInvalidDevice, cudaGraphAddMemAllocNode(&made, graph, nullptr, 0, &alloc));
    alloc.poolProps.location.id = 0;
    alloc.bytesize = static_cast<size_t>(1) << 50;
    ROW(cudaErrorMemoryAllocation, cudaGraphAddMemAllocNode(&made, graph, nullptr, 0, &alloc));
    ROW(VALUE, cudaGraphAddMemFreeNode(&made, graph, nullptr, 0, data));
    cudaExternalSemaphoreSignalNodeParams signal = {};
    ROW(cudaErrorInvalidResourceHandle, cudaGraphAddExternalSemaphoresSignalNode(&made, graph, nullptr, 0, &signal));
    cudaGraphNodeParams any = {};
    any.type = static_cast<cudaGraphNodeType>(99);
    ROW(VALUE, cudaGraphAddNode(&made, graph, nullptr, 0, &any));
    any.type = cudaGraphNodeTypeEmpty;
    any.reserved0[1] = 1;
    ROW(VALUE, cudaGraphAddNode(&made, graph, nullptr, 0, &any));
    ROW(VALUE, cudaGraphAddNode(&made, graph, nullptr, 0, nullptr));
    /* Parameters. */
    cudaMemsetParams fill;
    ROW(VALUE, cudaGraphMemsetNodeGetParams(node, &fill));
    ROW(VALUE, cudaGraphKernelNodeGetParams(node, nullptr));
    ROW(VALUE, cudaGraphKernelNodeSetParams(in_other, &good));
    ROW(VALUE, cudaGraphKernelNodeSetParams(node, nullptr));
    ROW(VALUE, cudaGraphKernelNodeSetAttribute(in_other, cudaLaunchAttributePriority, &attribute));
    ROW(VALUE, cudaGraphKernelNodeGetAttribute(node, cudaLaunchAttributePriority, nullptr));
    ROW(VALUE, cudaGraphKernelNodeSetAttribute(node, static_cast<cudaLaunchAttributeID>(99), &attribute));
    ROW(VALUE, cudaGraphKernelNodeSetAttribute(node, cudaLaunchAttributeClusterDimension, &attribute));
    ROW(VALUE, cudaGraphEventRecordNodeSetEvent(node, event));
    /* Executable graphs. */
    ROW(VALUE, cudaGraphInstantiate(nullptr, graph, 0));
    ROW(VALUE, cudaGraphInstantiate(&made_exec, dead, 0));
    ROW(VALUE, cudaGraphInstantiate(&made_exec, graph, 1ull << 20));
    ROW(VALUE, cudaGraphInstantiateWithParams(&made_exec, graph, nullptr));
    ROW(VALUE, cudaGraphLaunch(nullptr, 0));
    ROW(VALUE, cudaGraphLaunch(dead_exec, 0));
    ROW(cudaErrorInvalidResourceHandle, cudaGraphLaunch(exec, dead_stream));
    ROW(VALUE, cudaGraphUpload(dead_exec, 0));
    ROW(VALUE, cudaGraphExecDestroy(dead_exec));
    ROW(VALUE, cudaGraphExecGetFlags(exec, nullptr));
    ROW(VALUE, cudaGraphExecGetFlags(dead_exec, &flags));
    ROW(VALUE, cudaGraphExecKernelNodeSetParams(exec, in_other, &good));
    ROW(VALUE, cudaGraphExecKernelNodeSetParams(dead_exec, node, &good));
    ROW(VALUE, cudaGraphExecMemsetNodeSetParams(exec, node, &fill));
    ROW(VALUE, cudaGraphNodeSetEnabled(exec, in_other, 1));
    ROW(VALUE, cudaGraphNodeGetEnabled(exec, node, nullptr));
    ROW(VALUE, cudaGraphNodeGetEnabled(dead_exec, node, &on));
    ROW(VALUE, cudaGraphExecUpdate(dead_exec, graph, &info));
    ROW(VALUE, cudaGraphExecUpdate(exec, dead, &info));
    ROW(cudaErrorGraphExecUpdateFailure, cudaGraphExecUpdate(exec, other, &info));
    /* User objects. */
    static auto forget = [](void *) {};
    ROW(VALUE, cudaUserObjectCreate(&object, nullptr, nullptr, 1, cudaUserObjectNoDestructorSync));
    ROW(VALUE, cudaUserObjectCreate(&object, nullptr, forget, 0, cudaUserObjectNoDestructorSync));
    ROW(VALUE, cudaUserObjectCreate(&object, nullptr, forget, 1, 0));
    CHECK(cudaUserObjectCreate(&object, nullptr, forget, 2, cudaUserObjectNoDestructorSync));
    ROW(VALUE, cudaUserObjectRelease(object, 3));
    ROW(VALUE, cudaUserObjectRetain(object, 0));
    ROW(VALUE, cudaGraphReleaseUserObject(graph, object, 1));
    ROW(VALUE, cudaGraphRetainUserObject(dead, object, 1, 0));
    ROW(VALUE, cudaGraphRetainUserObject(graph, object, 1, 4));
    ROW(cudaSuccess, cudaUserObjectRelease(object, 2));
    ROW(VALUE, cudaUserObjectRetain(object, 1));
    /* What cannot be shared. */
    cudaExternalMemory_t memory;
    cudaExternalMemoryHandleDesc desc = {};
    ROW(VALUE, cudaImportExternalMemory(&memory, &desc));
    desc.type = cudaExternalMemoryHandleTypeD3D12Heap;
    ROW(cudaErrorNotSupported, cudaImportExternalMemory(&memory, &desc));
    ROW(VALUE, cudaImportExternalMemory(nullptr, &desc));
    ROW(cudaErrorInvalidResourceHandle, cudaDestroyExternalMemory(nullptr));
    std::printf("%d rows differ\n", differ);
    return 0;
}
