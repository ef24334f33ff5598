// SPDX-License-Identifier: Apache-2.0
// Memory that graphs allocate and free: by nodes and by capture, freed by the graph, by another one, by a stream and by
// cudaFree; addresses that are used again; accounts; and what can't be done with such graphs.
// EXPECT: captured: ok
// EXPECT: same address for what follows a free: yes
// EXPECT: freed outside: ok
// EXPECT: relaunch ok
// EXPECT: accounts ok
// EXPECT: refusals ok
// NVCC: before 13 edges of graphs have other parameters
#include "check.h"

__global__ void square(const float *from, float *to, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count)
        to[i] = from[i] * from[i];
}

static cudaMemAllocNodeParams request(size_t bytes) {
    cudaMemAllocNodeParams params = {};
    params.poolProps.allocType = cudaMemAllocationTypePinned;
    params.poolProps.location.type = cudaMemLocationTypeDevice;
    params.bytesize = bytes;
    return params;
}

static size_t attribute(cudaGraphMemAttributeType which) {
    size_t value = 0;
    CHECK(cudaDeviceGetGraphMemAttribute(0, which, &value));
    return value;
}

int main() {
    const int count = 5000, bytes = count * sizeof(float);
    std::vector<float> input(count), output(count), want(count);
    for (int i = 0; i < count; i++) {
        input[i] = static_cast<float>(i % 100);
        want[i] = input[i] * input[i] * input[i] * input[i];
    }
    cudaStream_t stream;
    CHECK(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));

    /* Captured allocations and frees. */
    float *a, *b;
    cudaGraph_t graph, second;
    cudaGraphExec_t exec, other;
    CHECK(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal));
    CHECK(cudaMallocAsync(&a, bytes, stream));
    CHECK(cudaMallocAsync(&b, bytes, stream));
    CHECK(cudaMemcpyAsync(a, input.data(), bytes, cudaMemcpyHostToDevice, stream));
    square<<<(count + 127) / 128, 128, 0, stream>>>(a, b, count);
    square<<<(count + 127) / 128, 128, 0, stream>>>(b, a, count);
    CHECK(cudaMemcpyAsync(output.data(), a, bytes, cudaMemcpyDeviceToHost, stream));
    CHECK(cudaFreeAsync(a, stream));
    CHECK(cudaFreeAsync(b, stream));
    CHECK(cudaStreamEndCapture(stream, &graph));
    CHECK(cudaGraphInstantiate(&exec, graph, 0));
    for (int i = 0; i < 3; i++)
        CHECK(cudaGraphLaunch(exec, stream));
    CHECK(cudaStreamSynchronize(stream));
    same("captured", output, want);
    CHECK(cudaGraphExecDestroy(exec));
    CHECK(cudaGraphDestroy(graph));

    /* Nodes; the second allocation follows the end of the first. */
    CHECK(cudaGraphCreate(&graph, 0));
    cudaMemAllocNodeParams first = request(bytes), next = request(bytes / 2), beside = request(bytes / 2);
    cudaGraphNode_t alloc, end, again, apart;
    CHECK(cudaGraphAddMemAllocNode(&alloc, graph, nullptr, 0, &first));
    CHECK(cudaGraphAddMemFreeNode(&end, graph, &alloc, 1, first.dptr));
    CHECK(cudaGraphAddMemAllocNode(&apart, graph, &alloc, 1, &beside));
    CHECK(cudaGraphAddMemAllocNode(&again, graph, &end, 1, &next));
    std::printf("same address for what follows a free: %s\n",
                next.dptr == first.dptr && beside.dptr != first.dptr ? "yes" : "no");
    cudaMemAllocNodeParams back;
    void *freed = nullptr;
    CHECK(cudaGraphMemAllocNodeGetParams(again, &back));
    CHECK(cudaGraphMemFreeNodeGetParams(end, &freed));
    bool ok = back.dptr == next.dptr && back.bytesize == next.bytesize && freed == first.dptr;
    CHECK(cudaGraphInstantiate(&exec, graph, 0));
    CHECK(cudaGraphLaunch(exec, stream));
    /* What the graph left is the program's now. */
    CHECK(cudaMemsetAsync(next.dptr, 0x41, bytes / 2, stream));
    char text[4];
    CHECK(cudaMemcpyAsync(text, next.dptr, 4, cudaMemcpyDeviceToHost, stream));
    CHECK(cudaStreamSynchronize(stream));
    ok = ok && text[0] == 'A' && text[3] == 'A';
    CHECK(cudaFreeAsync(next.dptr, stream));
    CHECK(cudaFree(beside.dptr));
    ok = ok && cudaFree(beside.dptr) == cudaErrorInvalidValue;
    std::printf("freed outside: %s\n", ok ? "ok" : "wrong");

    CHECK(cudaGraphLaunch(exec, stream));
    ok = cudaGraphLaunch(exec, stream) == cudaErrorInvalidValue; // the last launch's memory is still allocated
    cudaGraphNode_t free_first, free_second;
    CHECK(cudaGraphCreate(&second, 0));
    CHECK(cudaGraphAddMemFreeNode(&free_first, second, nullptr, 0, next.dptr));
    CHECK(cudaGraphAddMemFreeNode(&free_second, second, nullptr, 0, beside.dptr));
    CHECK(cudaGraphInstantiate(&other, second, 0));
    CHECK(cudaGraphLaunch(other, stream));
    ok = ok && cudaGraphLaunch(other, stream) == cudaErrorInvalidValue; // freed already
    CHECK(cudaGraphLaunch(exec, stream));
    CHECK(cudaGraphLaunch(other, stream));
    CHECK(cudaGraphExecDestroy(exec));
    CHECK(cudaGraphInstantiate(&exec, graph, cudaGraphInstantiateFlagAutoFreeOnLaunch));
    for (int i = 0; i < 3; i++)
        CHECK(cudaGraphLaunch(exec, stream));
    CHECK(cudaGraphLaunch(other, stream));
    CHECK(cudaStreamSynchronize(stream));
    std::printf("relaunch %s\n", ok ? "ok" : "wrong");

    ok = attribute(cudaGraphMemAttrUsedMemCurrent) == 0 && attribute(cudaGraphMemAttrUsedMemHigh) > 0;
    ok = ok && attribute(cudaGraphMemAttrReservedMemCurrent) > 0;
    CHECK(cudaDeviceGraphMemTrim(0));
    ok = ok && attribute(cudaGraphMemAttrReservedMemCurrent) == 0;
    size_t zero = 0, one = 1;
    CHECK(cudaDeviceSetGraphMemAttribute(0, cudaGraphMemAttrUsedMemHigh, &zero));
    ok = ok && attribute(cudaGraphMemAttrUsedMemHigh) == 0 && attribute(cudaGraphMemAttrReservedMemHigh) > 0;
    ok = ok && cudaDeviceSetGraphMemAttribute(0, cudaGraphMemAttrUsedMemHigh, &one) == cudaErrorInvalidValue;
    ok = ok && cudaDeviceSetGraphMemAttribute(0, cudaGraphMemAttrUsedMemCurrent, &zero) == cudaErrorInvalidValue;
    ok = ok && cudaDeviceGraphMemTrim(7) == cudaErrorInvalidDevice;
    std::printf("accounts %s\n", ok ? "ok" : "wrong");

    cudaGraph_t clone;
    cudaGraphExec_t twice;
    cudaGraphNode_t node;
    ok = cudaGraphClone(&clone, graph) == cudaErrorNotSupported;
    ok = ok && cudaGraphDestroyNode(again) == cudaErrorNotSupported;
    ok = ok && cudaGraphRemoveDependencies(graph, &alloc, &end, 1) == cudaErrorNotSupported;
    ok = ok && cudaGraphInstantiate(&twice, graph, 0) == cudaErrorNotSupported;
    ok = ok && cudaGraphAddMemFreeNode(&node, graph, nullptr, 0, first.dptr) == cudaErrorInvalidValue;
    ok = ok && cudaGraphAddMemFreeNode(&node, graph, nullptr, 0, text) == cudaErrorInvalidValue;
    cudaGraph_t outer;
    CHECK(cudaGraphCreate(&outer, 0));
    ok = ok && cudaGraphAddChildGraphNode(&node, outer, nullptr, 0, graph) == cudaErrorInvalidValue;
    std::printf("refusals %s\n", ok ? "ok" : "differ");
    return 0;
}
