// SPDX-License-Identifier: Apache-2.0
// Kernels of a graph launch graphs: fire and forget, tails and tails of tails, siblings, a loop that launches itself again,
// copies and fills in such graphs; what can't be launched so; updates.
// RUN:
// RUN: --default-stream per-thread
// ENV: CUDA_WASM_LOG=error
// EXPECT: fire and forget: child 2; copied 77, filled 0x0505
// EXPECT: tails: a b d c
// EXPECT: loop: 1000 rounds, 250 siblings
// EXPECT: current: its own in a graph, none outside of one
// EXPECT: not uploaded 1, not for kernels 1, outside of a graph 1, no such stream 1, twice at once 0 1, later 0
// EXPECT: too many: 120 of 121
// EXPECT: refused: host node 801 3, event 801 3, pageable memory 801 3, memory node 801 3, with automatic freeing 1
// EXPECT: updated: not before the upload (1), then 9
// EXPECT: faults: an illegal memory access was encountered
// NVCC: skip hardware orders forgotten graphs otherwise
#include <cstdio>
#include <vector>

#define CHECK(call)                                                                                \
    do {                                                                                           \
        cudaError_t e_ = (call);                                                                   \
        if (e_ != cudaSuccess)                                                                     \
            printf("line %d: %s\n", __LINE__, cudaGetErrorString(e_));                             \
    } while (0)

__device__ char log_text[64];
__device__ int log_length;

enum { tail = 1, forget };

__global__ void note(char c) { log_text[log_length++] = c; }
__global__ void launch(cudaGraphExec_t graph, int how, int *error) {
    if (threadIdx.x == 0)
        *error = cudaGraphLaunch(graph, how == tail     ? cudaStreamGraphTailLaunch
                                        : how == forget ? cudaStreamGraphFireAndForget
                                                        : cudaStream_t(nullptr));
}
__global__ void launch_two(cudaGraphExec_t first, cudaGraphExec_t second, int *errors) {
    errors[0] = cudaGraphLaunch(first, cudaStreamGraphTailLaunch);
    errors[1] = cudaGraphLaunch(second, cudaStreamGraphTailLaunch);
}
__global__ void add(int *to, int value) { *to += value; }
__global__ void store(int *to, int value) { *to = value; }
__global__ void keep_launch(cudaGraphExec_t graph, int *errors) {
    errors[0] = cudaGraphLaunch(graph, cudaStreamGraphFireAndForget);
    errors[1] = cudaGraphLaunch(graph, cudaStreamGraphFireAndForget);
    if (cudaGetLastError() != errors[1] || cudaGetLastError() != cudaSuccess)
        errors[1] = -1;
}
__global__ void launch_many(cudaGraphExec_t *graphs, int count, int *done) {
    int launched = 0;
    for (int i = 0; i < count; i++)
        launched += cudaGraphLaunch(graphs[i], cudaStreamGraphFireAndForget) == cudaSuccess;
    *done = launched;
}
__global__ void again(int *rounds, int *wrong, cudaGraphExec_t sibling) {
    if (threadIdx.x == 0) {
        int round = ++*rounds;
        if (round % 4 == 0 && cudaGraphLaunch(sibling, cudaStreamGraphFireAndForgetAsSibling) != cudaSuccess)
            ++*wrong;
        if (round < 1000 && cudaGraphLaunch(cudaGetCurrentGraphExec(), cudaStreamGraphTailLaunch) != cudaSuccess)
            ++*wrong;
    }
}
__global__ void current(cudaGraphExec_t *out) { *out = cudaGetCurrentGraphExec(); }
__global__ void fault(int *p) { *p = 1; }

/* An executable graph of what `record` does in a stream. */
template <class Record> static cudaGraphExec_t make(Record record, unsigned long long flags, bool uploaded = true) {
    cudaStream_t stream;
    cudaGraph_t graph;
    cudaGraphExec_t exec;
    CHECK(cudaStreamCreate(&stream));
    CHECK(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal));
    record(stream);
    CHECK(cudaStreamEndCapture(stream, &graph));
    CHECK(cudaGraphInstantiate(&exec, graph, flags));
    if (uploaded)
        CHECK(cudaGraphUpload(exec, stream));
    CHECK(cudaGraphDestroy(graph));
    CHECK(cudaStreamDestroy(stream));
    return exec;
}
template <class Record> static cudaGraphExec_t make_launchable(Record record, bool uploaded = true) {
    return make(record, cudaGraphInstantiateFlagDeviceLaunch, uploaded);
}
static void run(cudaGraphExec_t exec) {
    CHECK(cudaGraphLaunch(exec, 0));
    CHECK(cudaStreamSynchronize(0));
}

static void forgotten(int *n) {
    int *from = n + 8, *copied = n + 9, *filled = n + 10, *order = n + 1;
    *from = 77;
    cudaGraphExec_t child = make_launchable([=](cudaStream_t s) {
        add<<<1, 1, 0, s>>>(n, 1);
        cudaMemcpyAsync(copied, from, sizeof(int), cudaMemcpyDeviceToDevice, s);
        cudaMemsetAsync(filled, 5, 2, s);
    });
    cudaGraphExec_t parent = make([=](cudaStream_t s) {
        launch<<<1, 32, 0, s>>>(child, forget, n + 2);
        add<<<1, 1, 0, s>>>(order, 1);
        launch<<<1, 32, 0, s>>>(child, forget, n + 3);
    }, 0);
    run(parent);
    printf("fire and forget: child %d; ", n[0]);
    if (n[2] || n[3])
        printf("errors %d %d ", n[2], n[3]);
    printf("copied %d, filled 0x%04x\n", *copied, *filled);
}

static void tails(int *n) {
    auto letter = [=](char c) {
        return make_launchable([=](cudaStream_t s) { note<<<1, 1, 0, s>>>(c); });
    };
    cudaGraphExec_t c = letter('c'), d = letter('d');
    cudaGraphExec_t b = make_launchable([=](cudaStream_t s) {
        note<<<1, 1, 0, s>>>('b');
        launch<<<1, 1, 0, s>>>(d, tail, n);
    });
    cudaGraphExec_t a = make([=](cudaStream_t s) {
        launch_two<<<1, 1, 0, s>>>(b, c, n);
        note<<<1, 1, 0, s>>>('a');
    }, 0);
    char text[64] = "";
    run(a);
    CHECK(cudaMemcpyFromSymbol(text, log_text, sizeof text));
    printf("tails:");
    for (const char *t = text; *t; t++)
        printf(" %c", *t);
    printf("\n");
}

static void loop(int *n) {
    n[0] = n[1] = n[2] = 0;
    cudaGraphExec_t sibling = make_launchable([=](cudaStream_t s) { add<<<1, 1, 0, s>>>(n + 1, 1); });
    cudaGraphExec_t self = make_launchable([=](cudaStream_t s) { again<<<1, 32, 0, s>>>(n, n + 2, sibling); });
    run(self);
    printf("loop: %d rounds, %d siblings\n", n[0], n[1]);
    if (n[2])
        printf("%d errors\n", n[2]);
    CHECK(cudaGraphExecDestroy(self));
    CHECK(cudaGraphExecDestroy(sibling));
}

static void errors(int *n) {
    for (int i = 0; i < 16; i++)
        n[i] = 0;
    auto one = [=](cudaStream_t s) { add<<<1, 1, 0, s>>>(n + 15, 1); };
    cudaGraphExec_t good = make_launchable(one), cold = make_launchable(one, false), host = make(one, 0);
    cudaGraphExec_t *seen;
    CHECK(cudaMallocManaged(&seen, 2 * sizeof *seen));
    cudaGraphExec_t asks = make([=](cudaStream_t s) { current<<<1, 1, 0, s>>>(seen); }, 0);
    run(asks);
    current<<<1, 1>>>(seen + 1);
    CHECK(cudaDeviceSynchronize());
    printf("current: %s in a graph, %s outside of one\n", seen[0] == asks ? "its own" : "wrong", seen[1] ? "wrong" : "none");
    run(make([=](cudaStream_t s) {
        launch<<<1, 1, 0, s>>>(cold, forget, n);
        launch<<<1, 1, 0, s>>>(host, forget, n + 1);
        launch<<<1, 1, 0, s>>>(good, 0, n + 3);
        keep_launch<<<1, 1, 0, s>>>(good, n + 4);
        launch<<<1, 1, 0, s>>>(good, forget, n + 6);
    }, 0));
    launch<<<1, 1>>>(good, forget, n + 2);
    CHECK(cudaDeviceSynchronize());
    printf("not uploaded %d, not for kernels %d, outside of a graph %d, no such stream %d, twice at once %d %d, later %d\n", n[0],
           n[1], n[2], n[3], n[4], n[5], n[6]);
    const int many = 121;
    cudaGraphExec_t *graphs;
    CHECK(cudaMallocManaged(&graphs, many * sizeof *graphs));
    for (int i = 0; i < many; i++)
        graphs[i] = make_launchable(one);
    n[15] = 0;
    run(make([=](cudaStream_t s) { launch_many<<<1, 1, 0, s>>>(graphs, many, n); }, 0));
    printf("too many: %d of %d\n", n[0] == n[15] ? n[0] : -1, many);
}

/* The error of instantiating a graph with one node, and why. */
static void refused(const char *name, cudaGraph_t graph) {
    cudaGraphExec_t exec;
    cudaGraphInstantiateParams params = {};
    params.flags = cudaGraphInstantiateFlagDeviceLaunch;
    cudaError_t error = cudaGraphInstantiateWithParams(&exec, graph, &params);
    printf("%s %d %d, ", name, (int)error, (int)params.result_out);
    cudaGetLastError();
}

static void refusals(int *n) {
    cudaGraph_t graph[4];
    cudaGraphNode_t node;
    cudaGraphExec_t exec;
    cudaEvent_t event;
    static int pageable;
    for (cudaGraph_t &g : graph)
        CHECK(cudaGraphCreate(&g, 0));
    cudaHostNodeParams host = {[](void *) {}, nullptr};
    cudaMemAllocNodeParams alloc = {};
    alloc.poolProps.allocType = cudaMemAllocationTypePinned;
    alloc.poolProps.location.type = cudaMemLocationTypeDevice;
    alloc.bytesize = 64;
    CHECK(cudaEventCreate(&event));
    CHECK(cudaGraphAddHostNode(&node, graph[0], nullptr, 0, &host));
    CHECK(cudaGraphAddEventRecordNode(&node, graph[1], nullptr, 0, event));
    CHECK(cudaGraphAddMemcpyNode1D(&node, graph[2], nullptr, 0, n, &pageable, 4, cudaMemcpyDefault));
    CHECK(cudaGraphAddMemAllocNode(&node, graph[3], nullptr, 0, &alloc));
    printf("refused: ");
    refused("host node", graph[0]);
    refused("event", graph[1]);
    refused("pageable memory", graph[2]);
    refused("memory node", graph[3]);
    printf("with automatic freeing %d\n",
           (int)cudaGraphInstantiate(&exec, graph[0],
                                     cudaGraphInstantiateFlagDeviceLaunch | cudaGraphInstantiateFlagAutoFreeOnLaunch));
    cudaGetLastError();
}

static void updated(int *n) {
    cudaGraph_t graph;
    cudaGraphNode_t node;
    cudaGraphExec_t exec;
    int *to = n + 5, value = 4;
    *to = 0;
    void *args[] = {&to, &value};
    cudaKernelNodeParams params = {};
    params.func = (void *)store;
    params.gridDim = params.blockDim = dim3(1);
    params.kernelParams = args;
    CHECK(cudaGraphCreate(&graph, 0));
    CHECK(cudaGraphAddKernelNode(&node, graph, nullptr, 0, &params));
    CHECK(cudaGraphInstantiate(&exec, graph, cudaGraphInstantiateFlagDeviceLaunch));
    CHECK(cudaGraphUpload(exec, 0));
    cudaGraphExec_t parent = make([=](cudaStream_t s) { launch<<<1, 1, 0, s>>>(exec, forget, n); }, 0);
    value = 9;
    CHECK(cudaGraphExecKernelNodeSetParams(exec, node, &params));
    run(parent);
    printf("updated: not before the upload (%d), ", n[0]);
    CHECK(cudaGraphUpload(exec, 0));
    run(parent);
    printf("then %d\n", n[0] == 0 ? *to : -1);
}

int main() {
    int *n;
    CHECK(cudaMallocManaged(&n, 64 * sizeof *n));
    forgotten(n);
    tails(n);
    loop(n);
    errors(n);
    refusals(n);
    updated(n);
    cudaGraphExec_t bad = make_launchable([=](cudaStream_t s) { fault<<<1, 1, 0, s>>>((int *)64); });
    cudaGraphExec_t parent = make([=](cudaStream_t s) {
        launch<<<1, 1, 0, s>>>(bad, forget, n);
        launch<<<1, 1, 0, s>>>(bad, tail, n);
    }, 0);
    cudaGraphLaunch(parent, 0);
    printf("faults: %s\n", cudaGetErrorString(cudaDeviceSynchronize()));
    return 0;
}
