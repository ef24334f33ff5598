// SPDX-License-Identifier: Apache-2.0
// Stream capture: what two streams do, joined by events, becomes a graph with the same edges; questions about a capture
// are answered; a launch in a capture is a child graph; capture goes on in a graph that is there already.
// EXPECT: not run yet: ok
// EXPECT: captured nodes 6, edges 6
// EXPECT: launched: ok
// EXPECT: child: ok
// EXPECT: into a graph: 3 nodes
// EXPECT: dependencies ok
// EXPECT: host functions 3
// NVCC: before 13 edges of graphs have other parameters
#include "check.h"

__global__ void add(int *data, int value) { data[threadIdx.x] += value; }
__global__ void multiply(int *data, int value) { data[threadIdx.x] *= value; }
__global__ void sum(int *to, const int *a, const int *b) { to[threadIdx.x] = a[threadIdx.x] + b[threadIdx.x]; }

static int host_calls;
static void on_host(void *) { host_calls++; }

int main() {
    const int count = 64;
    Array<int> a(count), b(count), c(count);
    std::vector<int> zero(count), want(count, 11 * 3);
    cudaStream_t one, two;
    cudaEvent_t fork, join;
    CHECK(cudaStreamCreate(&one));
    CHECK(cudaStreamCreateWithFlags(&two, cudaStreamNonBlocking));
    CHECK(cudaEventCreateWithFlags(&fork, cudaEventDisableTiming));
    CHECK(cudaEventCreateWithFlags(&join, cudaEventDisableTiming));

    cudaStreamCaptureStatus status;
    CHECK(cudaStreamIsCapturing(one, &status));
    bool ok = status == cudaStreamCaptureStatusNone;
    CHECK(cudaStreamBeginCapture(one, cudaStreamCaptureModeGlobal));
    CHECK(cudaMemsetAsync(a, 0, count * sizeof(int), one));
    CHECK(cudaEventRecord(fork, one));
    CHECK(cudaStreamWaitEvent(two, fork, 0));
    add<<<1, count, 0, one>>>(a, 1);
    CHECK(cudaMemcpyAsync(b, c, count * sizeof(int), cudaMemcpyDeviceToDevice, two));
    add<<<1, count, 0, two>>>(b, 10);
    CHECK(cudaEventRecord(join, two));
    CHECK(cudaStreamWaitEvent(one, join, 0));
    CHECK(cudaLaunchHostFunc(one, on_host, nullptr));
    sum<<<1, count, 0, one>>>(c, a, b);
    CHECK(cudaGetLastError());
    CHECK(cudaStreamIsCapturing(two, &status));
    ok = ok && status == cudaStreamCaptureStatusActive;
    unsigned long long id = 0, id_two = 0;
    cudaGraph_t graph_now, graph, into;
    const cudaGraphNode_t *nodes;
    size_t node_count = 0, edge_count = 0;
    CHECK(cudaStreamGetCaptureInfo(one, &status, &id, &graph_now, &nodes, &node_count));
    CHECK(cudaStreamGetCaptureInfo(two, &status, &id_two));
    ok = ok && id == id_two && node_count == 1;
    CHECK(cudaStreamEndCapture(one, &graph));
    ok = ok && graph == graph_now;
    CHECK(cudaStreamIsCapturing(two, &status));
    ok = ok && status == cudaStreamCaptureStatusNone && host_calls == 0;
    ok = ok && c.host() == zero;
    std::printf("not run yet: %s\n", ok ? "ok" : "wrong");

    CHECK(cudaGraphGetNodes(graph, nullptr, &node_count));
    CHECK(cudaGraphGetEdges(graph, nullptr, nullptr, &edge_count));
    std::printf("captured nodes %d, edges %d\n", static_cast<int>(node_count), static_cast<int>(edge_count));

    cudaGraphExec_t exec, outer;
    CHECK(cudaGraphInstantiate(&exec, graph, 0));
    CHECK(cudaGraphLaunch(exec, two)); // c is 11
    CHECK(cudaGraphLaunch(exec, one)); // after that: b is 21, c is 22
    CHECK(cudaStreamSynchronize(one));
    want.assign(count, 22);
    same("launched", c.host(), want);

    CHECK(cudaStreamBeginCapture(two, cudaStreamCaptureModeThreadLocal));
    CHECK(cudaGraphLaunch(exec, two));
    multiply<<<1, count, 0, two>>>(c, 3);
    cudaGraph_t with_child;
    CHECK(cudaStreamEndCapture(two, &with_child));
    CHECK(cudaGraphExecDestroy(exec));
    CHECK(cudaGraphInstantiate(&outer, with_child, 0));
    CHECK(cudaMemset(c, 0, count * sizeof(int)));
    CHECK(cudaGraphLaunch(outer, two));
    CHECK(cudaStreamSynchronize(two));
    want.assign(count, 33);
    same("child", c.host(), want);

    CHECK(cudaGraphCreate(&into, 0));
    cudaGraphNode_t before, empty;
    CHECK(cudaGraphAddEmptyNode(&before, into, nullptr, 0));
    CHECK(cudaStreamBeginCaptureToGraph(two, into, &before, nullptr, 1, cudaStreamCaptureModeRelaxed));
    add<<<1, count, 0, two>>>(c, 1);
    CHECK(cudaStreamGetCaptureInfo(two, &status, &id, &graph_now, &nodes, &node_count));
    cudaGraphNode_t captured = nodes[0];
    CHECK(cudaGraphAddEmptyNode(&empty, graph_now, &captured, 1));
    CHECK(cudaStreamUpdateCaptureDependencies(two, &empty, 1, cudaStreamSetCaptureDependencies));
    const cudaGraphEdgeData *data;
    CHECK(cudaStreamGetCaptureInfo(two, &status, &id, &graph_now, &nodes, &data, &node_count));
    ok = node_count == 1 && nodes[0] == empty && data[0].type == cudaGraphDependencyTypeDefault;
    CHECK(cudaStreamEndCapture(two, &graph_now));
    ok = ok && graph_now == into;
    CHECK(cudaGraphGetNodes(into, nullptr, &node_count));
    std::printf("into a graph: %d nodes\n", static_cast<int>(node_count));
    cudaGraphNode_t dependency;
    size_t room = 1;
    CHECK(cudaGraphNodeGetDependencies(captured, &dependency, &room));
    ok = ok && room == 1 && dependency == before;
    std::printf("dependencies %s\n", ok ? "ok" : "differ");
    std::printf("host functions %d\n", host_calls);
    return 0;
}
