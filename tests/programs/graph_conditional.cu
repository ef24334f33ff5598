// SPDX-License-Identifier: Apache-2.0
// Conditional nodes: IF with and without an else, WHILE, SWITCH, one inside another, handles with a default value, bodies
// built by hand and captured; and what may not be in a body.
// EXPECT: if: 1 0 1
// EXPECT: if else: 10 20
// EXPECT: while: 10 10
// EXPECT: switch: 100 200 300 0
// EXPECT: nested: 6
// EXPECT: refusals ok
// NVCC: before 13 edges of graphs have other parameters
#include "check.h"

__global__ void set(cudaGraphConditionalHandle handle, const int *value) {
    cudaGraphSetConditional(handle, static_cast<unsigned>(*value));
}
__global__ void add(int *to, int value) { *to += value; }
__global__ void count_down(int *left, int *done, cudaGraphConditionalHandle handle) {
    *done += 1;
    *left -= 1;
    cudaGraphSetConditional(handle, *left > 0);
}

template <typename... Arguments>
static cudaGraphNode_t kernel(cudaGraph_t graph, cudaGraphNode_t after, void *function, Arguments... arguments) {
    void *addresses[] = {&arguments...};
    cudaGraphNodeParams params = {};
    params.type = cudaGraphNodeTypeKernel;
    params.kernel.func = function;
    params.kernel.gridDim = dim3(1);
    params.kernel.blockDim = dim3(1);
    params.kernel.kernelParams = addresses;
    cudaGraphNode_t node;
    CHECK(cudaGraphAddNode(&node, graph, after ? &after : nullptr, after ? 1 : 0, &params));
    return node;
}

static cudaGraphNode_t conditional(cudaGraph_t graph, cudaGraphNode_t after, cudaGraphConditionalHandle handle,
                                   cudaGraphConditionalNodeType type, unsigned size, cudaGraph_t **bodies) {
    cudaGraphNodeParams params = {};
    params.type = cudaGraphNodeTypeConditional;
    params.conditional.handle = handle;
    params.conditional.type = type;
    params.conditional.size = size;
    cudaGraphNode_t node;
    CHECK(cudaGraphAddNode(&node, graph, after ? &after : nullptr, nullptr, after ? 1 : 0, &params));
    *bodies = params.conditional.phGraph_out;
    return node;
}

static int read(const int *value) {
    int host;
    CHECK(cudaMemcpy(&host, value, sizeof host, cudaMemcpyDeviceToHost));
    return host;
}
static void write(int *value, int host) { CHECK(cudaMemcpy(value, &host, sizeof host, cudaMemcpyHostToDevice)); }

static void run(cudaGraphExec_t exec) {
    CHECK(cudaGraphLaunch(exec, 0));
    CHECK(cudaDeviceSynchronize());
}

static cudaGraphExec_t finish(cudaGraph_t graph) {
    cudaGraphExec_t exec;
    CHECK(cudaGraphInstantiate(&exec, graph, 0));
    CHECK(cudaGraphDestroy(graph));
    return exec;
}

int main() {
    int *value, *result, *left;
    CHECK(cudaMalloc(&value, sizeof(int)));
    CHECK(cudaMalloc(&result, sizeof(int)));
    CHECK(cudaMalloc(&left, sizeof(int)));
    void *const set_kernel = reinterpret_cast<void *>(set), *const add_kernel = reinterpret_cast<void *>(add);
    void *const down_kernel = reinterpret_cast<void *>(count_down);
    cudaGraph_t graph, *bodies;
    cudaGraphConditionalHandle handle, inner;

    CHECK(cudaGraphCreate(&graph, 0));
    CHECK(cudaGraphConditionalHandleCreate(&handle, graph));
    conditional(graph, kernel(graph, nullptr, set_kernel, handle, value), handle, cudaGraphCondTypeIf, 1, &bodies);
    kernel(bodies[0], nullptr, add_kernel, result, 1);
    cudaGraphExec_t exec = finish(graph);
    std::printf("if:");
    for (int wish : {7, 0, 1}) {
        write(result, 0);
        write(value, wish);
        run(exec);
        std::printf(" %d", read(result));
    }
    std::printf("\n");

    CHECK(cudaGraphCreate(&graph, 0));
    CHECK(cudaGraphConditionalHandleCreate(&handle, graph));
    conditional(graph, kernel(graph, nullptr, set_kernel, handle, value), handle, cudaGraphCondTypeIf, 2, &bodies);
    kernel(bodies[0], nullptr, add_kernel, result, 10);
    kernel(bodies[1], nullptr, add_kernel, result, 20);
    exec = finish(graph);
    std::printf("if else:");
    for (int wish : {1, 0}) {
        write(result, 0);
        write(value, wish);
        run(exec);
        std::printf(" %d", read(result));
    }
    std::printf("\n");

    /* The default value starts the loop in every launch. The body is captured. */
    CHECK(cudaGraphCreate(&graph, 0));
    CHECK(cudaGraphConditionalHandleCreate(&handle, graph, 1, cudaGraphCondAssignDefault));
    conditional(graph, nullptr, handle, cudaGraphCondTypeWhile, 1, &bodies);
    cudaStream_t stream;
    cudaGraph_t captured;
    CHECK(cudaStreamCreate(&stream));
    CHECK(cudaStreamBeginCaptureToGraph(stream, bodies[0], nullptr, nullptr, 0, cudaStreamCaptureModeGlobal));
    count_down<<<1, 1, 0, stream>>>(left, result, handle);
    CHECK(cudaStreamEndCapture(stream, &captured));
    exec = finish(graph);
    std::printf("while:");
    for (int i = 0; i < 2; i++) {
        write(result, 0);
        write(left, 10);
        run(exec);
        std::printf(" %d", read(result));
    }
    std::printf("\n");

    CHECK(cudaGraphCreate(&graph, 0));
    CHECK(cudaGraphConditionalHandleCreate(&handle, graph));
    conditional(graph, kernel(graph, nullptr, set_kernel, handle, value), handle, cudaGraphCondTypeSwitch, 3, &bodies);
    for (int i = 0; i < 3; i++)
        kernel(bodies[i], nullptr, add_kernel, result, 100 * (i + 1));
    exec = finish(graph);
    std::printf("switch:");
    for (int wish : {0, 1, 2, 3}) {
        write(result, 0);
        write(value, wish);
        run(exec);
        std::printf(" %d", read(result));
    }
    std::printf("\n");

    /* A loop of three turns, each with a condition that holds: two are added. */
    CHECK(cudaGraphCreate(&graph, 0));
    CHECK(cudaGraphConditionalHandleCreate(&handle, graph, 1, cudaGraphCondAssignDefault));
    CHECK(cudaGraphConditionalHandleCreate(&inner, graph, 1, cudaGraphCondAssignDefault));
    conditional(graph, nullptr, handle, cudaGraphCondTypeWhile, 1, &bodies);
    cudaGraph_t *inside;
    cudaGraphNode_t turn = kernel(bodies[0], nullptr, down_kernel, left, result, handle);
    conditional(bodies[0], turn, inner, cudaGraphCondTypeIf, 1, &inside);
    kernel(inside[0], nullptr, add_kernel, result, 1);
    exec = finish(graph);
    write(result, 0);
    write(left, 3);
    run(exec);
    std::printf("nested: %d\n", read(result));

    CHECK(cudaGraphCreate(&graph, 0));
    CHECK(cudaGraphConditionalHandleCreate(&handle, graph));
    bool ok = cudaGraphInstantiate(&exec, graph, 0) == cudaErrorInvalidValue; // the handle has no node
    cudaGraphNodeParams params = {};
    cudaGraphNode_t node;
    params.type = cudaGraphNodeTypeConditional;
    params.conditional.handle = handle + 4;
    params.conditional.type = cudaGraphCondTypeIf;
    params.conditional.size = 1;
    ok = ok && cudaGraphAddNode(&node, graph, nullptr, 0, &params) == cudaErrorInvalidValue;
    params.conditional.handle = handle;
    params.conditional.size = 3;
    ok = ok && cudaGraphAddNode(&node, graph, nullptr, 0, &params) == cudaErrorInvalidValue;
    params.conditional.size = 1;
    CHECK(cudaGraphAddNode(&node, graph, nullptr, 0, &params));
    ok = ok && cudaGraphAddNode(&node, graph, nullptr, 0, &params) == cudaErrorInvalidValue; // used already
    cudaGraph_t body = params.conditional.phGraph_out[0], clone;
    cudaHostNodeParams host = {[](void *) {}, nullptr};
    ok = ok && cudaGraphAddHostNode(&node, body, nullptr, 0, &host) == cudaErrorInvalidValue;
    ok = ok && cudaGraphDestroy(body) == cudaErrorInvalidValue;
    ok = ok && cudaGraphInstantiate(&exec, body, 0) == cudaErrorInvalidValue;
    ok = ok && cudaGraphClone(&clone, graph) == cudaErrorNotSupported;
    ok = ok && cudaGraphConditionalHandleCreate(&handle, graph, 0, 2) == cudaErrorInvalidValue;
    std::printf("refusals %s\n", ok ? "ok" : "differ");
    return 0;
}
